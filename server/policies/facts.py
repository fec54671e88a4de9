"""Why: a rule speaks of facts, and every fact is said once: its type, its words in both languages, an example.

From these structs come the check of a rule when it is saved, the words of the procedure page, the help beside the
editor and `docs/generated/policies.md`. Every fact is always there: what the house does not know yet has the value
that its description names. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Annotated, Any, Final, NamedTuple, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta


def _fact(words: str, worte: str, what: str, was: str, example: object, *, personal: bool = False) -> Meta:
    """How a fact is called in a sentence, what it is, and a value that it may have.

    `personal`: its value is not kept with a decision.
    """
    return Meta(
        description=what,
        examples=[example],
        extra={"words": (words, worte), "was": was, "personal": personal},
    )


class OrderFacts(msgspec.Struct, frozen=True, kw_only=True):
    """The order itself."""

    channel: Annotated[str, _fact("the channel", "der Kanal", "Where it was sold.", "Wo er verkauft wurde.", "web")]
    reference: Annotated[
        str,
        _fact(
            "the channel's number",
            "die Nummer des Kanals",
            "The channel's own number.",
            "Die Nummer beim Kanal.",
            "WEB-1003",
        ),
    ]
    currency: Annotated[str, _fact("the currency", "die Währung", "ISO 4217.", "ISO 4217.", "EUR")]
    items_minor: Annotated[
        int,
        _fact(
            "the price of the goods",
            "der Warenwert",
            "Goods without shipping and tax, in minor units (cents).",
            "Waren ohne Versand und Steuer, in kleinster Einheit (Cent).",
            119800,
        ),
    ]
    shipping_minor: Annotated[
        int,
        _fact(
            "the price of shipping", "die Versandkosten", "In minor units (cents).", "In kleinster Einheit (Cent).", 490
        ),
    ]
    tax_minor: Annotated[
        int,
        _fact(
            "the tax on top",
            "die Steuer obendrauf",
            "In minor units; 0 when prices include it.",
            "In kleinster Einheit; 0, wenn die Preise sie enthalten.",
            0,
        ),
    ]
    total_minor: Annotated[
        int,
        _fact(
            "the order's total",
            "die Auftragssumme",
            "What the customer pays, in minor units (cents).",
            "Was die Kundschaft zahlt, in kleinster Einheit (Cent).",
            120290,
        ),
    ]
    dearest_minor: Annotated[
        int,
        _fact(
            "the dearest unit",
            "das teuerste Stück",
            "The highest price of one unit, in minor units.",
            "Der höchste Preis eines Stücks, in kleinster Einheit.",
            59900,
        ),
    ]
    lines: Annotated[int, _fact("the number of lines", "die Zahl der Positionen", "Lines.", "Positionen.", 2)]
    units: Annotated[
        int,
        _fact(
            "the number of units", "die Stückzahl", "Base units of all lines.", "Basiseinheiten aller Positionen.", 3
        ),
    ]
    most_units: Annotated[
        int,
        _fact(
            "the largest line",
            "die größte Position",
            "Base units of the largest line.",
            "Basiseinheiten der größten Position.",
            2,
        ),
    ]
    weight_g: Annotated[
        int, _fact("the weight in g", "das Gewicht in g", "All goods, in grams.", "Alle Waren, in Gramm.", 1400)
    ]
    hazmat: Annotated[
        bool,
        _fact(
            "the order holds hazardous goods",
            "der Auftrag enthält Gefahrgut",
            "Whether any item has a hazard class.",
            "Ob ein Artikel eine Gefahrklasse hat.",
            False,
        ),
    ]
    service: Annotated[
        str,
        _fact(
            "the service",
            "die Versandart",
            "Code of the carrier's service that was asked for.",
            "Kennung der gewünschten Versandart.",
            "nordpost-parcel",
        ),
    ]
    split: Annotated[
        str,
        _fact(
            "what happens to a short line",
            "was mit einer Fehlmenge geschieht",
            "ship_available or ship_complete, as the channel said.",
            "ship_available oder ship_complete, wie vom Kanal gesagt.",
            "ship_available",
        ),
    ]
    warehouse: Annotated[
        int,
        _fact(
            "the warehouse",
            "das Lager",
            "Its number; 0: nobody chose one yet.",
            "Seine Nummer; 0: noch keines gewählt.",
            1,
        ),
    ]
    hour: Annotated[
        int,
        _fact(
            "the hour of the day",
            "die Stunde",
            "On the warehouse's clock, 0 to 23.",
            "Auf der Uhr des Lagers, 0 bis 23.",
            14,
        ),
    ]
    weekday: Annotated[
        int,
        _fact(
            "the day of the week",
            "der Wochentag",
            "1 (Monday) to 7, on the warehouse's clock.",
            "1 (Montag) bis 7, auf der Uhr des Lagers.",
            2,
        ),
    ]


class CustomerFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Who ordered. History is of the same customer's orders (by mail address, else phone), at most the last 200."""

    name: Annotated[
        str,
        _fact(
            "the customer's name", "der Name der Kundschaft", "As given.", "Wie angegeben.", "Ana Souza", personal=True
        ),
    ]
    email: Annotated[
        str,
        _fact(
            "the mail address",
            "die Mailadresse",
            "As given; may be empty.",
            "Wie angegeben; kann leer sein.",
            "ana@example.com",
            personal=True,
        ),
    ]
    email_domain: Annotated[
        str,
        _fact(
            "the domain of the mail address",
            "die Domain der Mailadresse",
            "What follows the @, in small letters.",
            "Was auf das @ folgt, klein geschrieben.",
            "example.com",
        ),
    ]
    phone: Annotated[
        str,
        _fact(
            "the phone number",
            "die Telefonnummer",
            "As given; may be empty.",
            "Wie angegeben; kann leer sein.",
            "+4930231250",
            personal=True,
        ),
    ]
    phone_country: Annotated[
        str,
        _fact(
            "the country of the phone number",
            "das Land der Telefonnummer",
            "Two letters; empty: no number, or none of a country.",
            "Zwei Buchstaben; leer: keine Nummer, oder ohne Land.",
            "DE",
        ),
    ]
    phone_doubtful: Annotated[
        bool,
        _fact(
            "the phone number does not look right",
            "die Telefonnummer sieht nicht richtig aus",
            "Whether it has no form of a number there.",
            "Ob sie dort keine Nummer sein kann.",
            False,
        ),
    ]
    language: Annotated[str, _fact("the language", "die Sprache", "Two letters.", "Zwei Buchstaben.", "de")]
    orders: Annotated[
        int,
        _fact(
            "the number of earlier orders",
            "die Zahl früherer Aufträge",
            "Orders before this one; cancelled ones count.",
            "Aufträge vor diesem; stornierte zählen mit.",
            4,
        ),
    ]
    orders_hour: Annotated[
        int,
        _fact(
            "the number of orders of the last hour",
            "die Zahl der Aufträge der letzten Stunde",
            "Earlier orders within an hour.",
            "Frühere Aufträge innerhalb einer Stunde.",
            0,
        ),
    ]
    orders_day: Annotated[
        int,
        _fact(
            "the number of orders of the last 24 hours",
            "die Zahl der Aufträge der letzten 24 Stunden",
            "Earlier orders within 24 hours.",
            "Frühere Aufträge innerhalb von 24 Stunden.",
            1,
        ),
    ]
    cancelled: Annotated[
        int,
        _fact(
            "the number of cancelled orders",
            "die Zahl stornierter Aufträge",
            "Earlier orders that were cancelled whole.",
            "Frühere Aufträge, die ganz storniert wurden.",
            0,
        ),
    ]
    declined: Annotated[
        int,
        _fact(
            "the number of declined payments",
            "die Zahl abgelehnter Zahlungen",
            "Earlier orders whose payment is declined.",
            "Frühere Aufträge, deren Zahlung abgelehnt ist.",
            0,
        ),
    ]
    open_minor: Annotated[
        int,
        _fact(
            "what is open on invoice",
            "was auf Rechnung offen ist",
            "Of earlier invoice orders, not cancelled: total less what was paid or credited, in minor units.",
            "Von früheren Rechnungsaufträgen, nicht storniert: Summe ohne Bezahltes, in kleinster Einheit.",
            24900,
        ),
    ]
    oldest_open_days: Annotated[
        int,
        _fact(
            "the age of the oldest open invoice in days",
            "das Alter der ältesten offenen Rechnung in Tagen",
            "Whole days; 0: none is open.",
            "Ganze Tage; 0: keine ist offen.",
            12,
        ),
    ]


class ItemFacts(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the order, with what the catalogue knows of its item."""

    sku: Annotated[str, _fact("the SKU", "die Artikelnummer", "The item.", "Der Artikel.", "40-0182")]
    quantity: Annotated[int, _fact("the quantity", "die Menge", "Base units.", "Basiseinheiten.", 2)]
    price_minor: Annotated[
        int,
        _fact(
            "the price of a unit",
            "der Stückpreis",
            "In minor units, as sold.",
            "In kleinster Einheit, wie verkauft.",
            59900,
        ),
    ]
    list_minor: Annotated[
        int,
        _fact(
            "the list price",
            "der Listenpreis",
            "Of the catalogue, in minor units.",
            "Des Katalogs, in kleinster Einheit.",
            64900,
        ),
    ]
    weight_g: Annotated[int, _fact("the weight of a unit in g", "das Stückgewicht in g", "In grams.", "In Gramm.", 450)]
    longest_mm: Annotated[
        int, _fact("the longest side in mm", "die längste Seite in mm", "Of one unit.", "Eines Stücks.", 310)
    ]
    hazmat: Annotated[
        str,
        _fact(
            "the hazard class",
            "die Gefahrklasse",
            "Such as UN3481; empty: none.",
            "Etwa UN3481; leer: keine.",
            "UN3481",
        ),
    ]
    tracking: Annotated[
        str,
        _fact(
            "how it is traced",
            "wie er verfolgt wird",
            "none, lot, lot_expiry or serial.",
            "none, lot, lot_expiry oder serial.",
            "none",
        ),
    ]
    minimum_age: Annotated[
        int,
        _fact(
            "the age that the law asks for",
            "das gesetzliche Mindestalter",
            "In years; 0: none.",
            "In Jahren; 0: keines.",
            18,
        ),
    ]


class DestinationFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Where it goes."""

    country: Annotated[
        str, _fact("the country", "das Land", "ISO 3166-1, two letters.", "ISO 3166-1, zwei Buchstaben.", "DE")
    ]
    region: Annotated[
        str, _fact("the region", "die Region", "As given; may be empty.", "Wie angegeben; kann leer sein.", "")
    ]
    city: Annotated[str, _fact("the city", "der Ort", "As given.", "Wie angegeben.", "Köln", personal=True)]
    postal_code: Annotated[
        str,
        _fact(
            "the postal code",
            "die Postleitzahl",
            "As given; may be empty.",
            "Wie angegeben; kann leer sein.",
            "50667",
            personal=True,
        ),
    ]
    street: Annotated[
        str, _fact("the street", "die Straße", "As given.", "Wie angegeben.", "Lindenweg 4", personal=True)
    ]
    company: Annotated[
        bool,
        _fact(
            "the address names a company",
            "die Adresse nennt eine Firma",
            "Whether a company is given.",
            "Ob eine Firma angegeben ist.",
            False,
        ),
    ]
    doubtful: Annotated[
        bool,
        _fact(
            "the address does not look right",
            "die Adresse sieht nicht richtig aus",
            "Whether a part has no form that is right in that country.",
            "Ob ein Teil nicht die Form hat, die in dem Land richtig ist.",
            False,
        ),
    ]
    other_name: Annotated[
        bool,
        _fact(
            "the parcel goes to another name",
            "das Paket geht an einen anderen Namen",
            "Whether the name of the address is not the customer's.",
            "Ob der Name der Adresse nicht der der Kundschaft ist.",
            False,
        ),
    ]


class PaymentFacts(msgspec.Struct, frozen=True, kw_only=True):
    """How it is paid, and what the gateway has said so far."""

    method: Annotated[
        str,
        _fact(
            "the way of payment",
            "die Zahlungsart",
            "card, prepaid, invoice or cash.",
            "card, prepaid, invoice oder cash.",
            "card",
        ),
    ]
    authorised: Annotated[
        bool,
        _fact(
            "the payment is good",
            "die Zahlung ist in Ordnung",
            "Whether money is set aside, taken, or needs no gateway. A card at capture: not yet.",
            "Ob Geld reserviert oder eingezogen ist oder niemand gefragt wird. Karte bei der Erfassung: noch nicht.",
            True,
        ),
    ]
    score: Annotated[
        int,
        _fact(
            "the gateway's risk score",
            "die Risikozahl des Zahlungsanbieters",
            "0 (harmless) to 100; -1: the gateway has not answered yet or gives none.",
            "0 (harmlos) bis 100; -1: der Anbieter hat noch nicht geantwortet oder nennt keine.",
            12,
        ),
    ]


class StockFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What the warehouse has for this order, once units were promised to it."""

    short: Annotated[
        bool,
        _fact(
            "not everything is in stock",
            "nicht alles ist vorrätig",
            "Whether any unit is missing.",
            "Ob ein Stück fehlt.",
            False,
        ),
    ]
    short_lines: Annotated[
        int,
        _fact(
            "the number of short lines",
            "die Zahl der Fehlpositionen",
            "Lines with missing units.",
            "Positionen, bei denen Stücke fehlen.",
            0,
        ),
    ]
    missing: Annotated[
        int,
        _fact(
            "the number of missing units",
            "die Zahl fehlender Stücke",
            "Base units that are not there.",
            "Basiseinheiten, die nicht da sind.",
            0,
        ),
    ]
    nothing: Annotated[
        bool,
        _fact(
            "nothing of it is in stock",
            "nichts davon ist vorrätig",
            "Whether all units are missing.",
            "Ob alle Stücke fehlen.",
            False,
        ),
    ]


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a rule may speak of."""

    order: Annotated[OrderFacts, _fact("the order", "der Auftrag", "The order itself.", "Der Auftrag selbst.", "")]
    customer: Annotated[
        CustomerFacts,
        _fact(
            "the customer",
            "die Kundschaft",
            "Who ordered; history is of the same customer's last 200 orders, known by mail address, else by phone.",
            "Wer bestellt hat; die Geschichte sind die letzten 200 Aufträge, erkannt an Mail, sonst am Telefon.",
            "",
        ),
    ]
    items: Annotated[
        list[ItemFacts],
        _fact(
            "the items",
            "die Artikel",
            "The lines, each with what the catalogue knows of its item.",
            "Die Positionen, jede mit dem, was der Katalog vom Artikel weiß.",
            "",
        ),
    ]
    destination: Annotated[
        DestinationFacts, _fact("the destination", "das Ziel", "Where it goes.", "Wohin er geht.", "")
    ]
    payment: Annotated[
        PaymentFacts,
        _fact(
            "the payment",
            "die Zahlung",
            "How it is paid, and what the gateway has said so far.",
            "Wie bezahlt wird, und was der Zahlungsanbieter bisher gesagt hat.",
            "",
        ),
    ]
    stock: Annotated[
        StockFacts,
        _fact(
            "the stock",
            "der Bestand",
            "What the warehouse has for this order, once units were promised to it.",
            "Was das Lager für diesen Auftrag hat, nachdem ihm Stücke zugesagt sind.",
            "",
        ),
    ]


# --- as types ------------------------------------------------------------------------------------------------------


class ListOf(NamedTuple):
    """A list whose elements all have this type."""

    of: Type


class Field(NamedTuple):
    """A fact: its type and everything that is said of it."""

    type: Type
    words: tuple[str, str]
    what: tuple[str, str]
    example: Any
    personal: bool


class Record(NamedTuple):
    """A thing with named facts."""

    name: str
    fields: Mapping[str, Field]


Type = str | ListOf | Record
"""`bool`, `int`, `double`, `string`, a list or a record."""

_PLAIN: Final[Mapping[object, str]] = {bool: "bool", int: "int", float: "double", str: "string"}


@cache
def tree() -> Record:
    """All facts as a type."""
    return _record(Facts)


def _record(struct: type[msgspec.Struct]) -> Record:
    hints = get_type_hints(struct, include_extras=True)
    return Record(struct.__name__.removesuffix("Facts").lower(), {name: _field(hints[name]) for name in hints})


def _field(hint: Any) -> Field:
    kind, meta = get_args(hint)
    extra = meta.extra
    what = (meta.description, extra["was"])
    return Field(_type(kind), extra["words"], what, meta.examples[0], extra["personal"])


def _type(kind: Any) -> Type:
    if get_origin(kind) is list:
        return ListOf(_type(get_args(kind)[0]))
    return _PLAIN[kind] if kind in _PLAIN else _record(kind)


def paths() -> Iterator[tuple[str, Field]]:
    """Every single fact by its path, `order.total_minor` or `items[].sku`, in the order of the structs."""
    for root, field in tree().fields.items():
        record, between = (field.type.of, "[].") if isinstance(field.type, ListOf) else (field.type, ".")
        if isinstance(record, Record):
            yield from ((f"{root}{between}{name}", each) for name, each in record.fields.items())


def example() -> Facts:
    """An order as the examples say."""
    return msgspec.convert(_example(tree()), Facts)


def _example(kind: Type, given: object = None) -> Any:
    if isinstance(kind, ListOf):
        return [_example(kind.of)]
    if isinstance(kind, Record):
        return {name: _example(field.type, field.example) for name, field in kind.fields.items()}
    return given
