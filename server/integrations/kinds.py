"""Why: what a file may bring is a table: its kinds, their columns, what a column may hold, and by which names it goes.

The screen, the template, the docs and the check are made from it. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from server.catalog import rules as catalog
from server.integrations import cells
from server.integrations.cells import Read
from server.integrations.told import Told
from server.locations.models import BIN_TYPES, VIRTUAL_TYPES
from server.orders import intake
from server.orders.currencies import CURRENCIES


class Column(NamedTuple):
    """A column: what it is, what may stand in it, an example, and the names under which files have it."""

    name: str
    what: Told
    wanted: Told
    example: str
    read: Read
    aliases: tuple[str, ...] = ()
    required: bool = False
    """The column must be there and none of its cells empty."""


class Kind(NamedTuple):
    """Something that a file may bring. `at_once`: records in one slice, about 20 rows of the database."""

    name: str
    words: Told
    rule: Told
    permission: str
    in_warehouse: bool
    at_once: int
    columns: tuple[Column, ...]
    fields: Mapping[str, str]
    """Of a fault of the services: its field → the column."""

    def column(self, name: str) -> Column | None:
        """The column of this name."""
        return next((each for each in self.columns if each.name == name), None)


def _aliases(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _number(least: int, most: int) -> Told:
    return Told(f"a whole number from {least} to {most}", f"eine ganze Zahl von {least} bis {most}")


def _short(most: int) -> Told:
    return Told(f"text of at most {most} characters", f"Text von höchstens {most} Zeichen")


def _one_of(words: Iterable[str]) -> Told:
    *most, last = words
    said = ", ".join(most)
    return Told(f"{said} or {last}", f"{said} oder {last}")


def _choice(words: Iterable[str]) -> Read:
    return cells.choice({word.casefold(): word for word in words})


_MONEY: Final = Told("an amount such as 12.90 or 12,90", "ein Betrag wie 12,90 oder 12.90")
_CURRENCY: Final = Told("a currency of ISO 4217, such as EUR", "eine Währung nach ISO 4217, etwa EUR")
_SKU: Final = Told("letters, digits and . _ / -, at most 40", "Buchstaben, Ziffern und . _ / -, höchstens 40")
_BARCODE: Final = Told(
    "a GTIN of 8, 12, 13 or 14 digits with its check digit, or I-…",
    "eine GTIN mit 8, 12, 13 oder 14 Stellen samt Prüfziffer, oder I-…",
)
_BIN: Final = Told("capitals, digits and dashes such as A07-03-B", "Großbuchstaben, Ziffern, Striche, etwa A07-03-B")
_YES: Final = Told("yes or no", "ja oder nein")
_DAY: Final = Told("a day such as 2027-03-31", "ein Tag wie 2027-03-31")

_SKU_FORM: Final = catalog.SKU.pattern
_BIN_FORM: Final = r"[A-Z0-9]+(?:-[A-Z0-9]+)*"

# --- orders --------------------------------------------------------------------------------------------------------

PAID: Final = "paid"
"""Paid beforehand, and the money is there; `prepaid` waits for it."""
PAYMENTS: Final[Mapping[str, str]] = {
    **{word: word for word in intake.METHODS},
    "karte": "card", "kreditkarte": "card", "vorkasse": "prepaid", "bezahlt": PAID, "paid": PAID,
    "rechnung": "invoice", "bar": "cash",
}  # fmt: skip
SPLITS: Final[Mapping[str, str]] = {
    "ship_available": "ship_available", "ship_complete": "ship_complete",
    "available": "ship_available", "complete": "ship_complete",
}  # fmt: skip

_ORDER_COLUMNS: Final = (
    Column("reference", Told("The channel's own number. Rows with the same one, next to each other, are one order.",
                             "Die Nummer beim Kanal. Zeilen mit derselben, direkt untereinander, sind ein Auftrag."),
           _short(100), "WEB-20417", cells.text(100),
           _aliases("external_ref order order_number order_id bestellnummer auftragsnummer bestellung referenz"),
           required=True),
    Column("channel", Told("Where it was sold; together with the reference it names the order for ever. Empty: import.",
                           "Wo verkauft wurde; mit der Referenz zusammen benennt das den Auftrag. Leer: import."),
           Told("small letters, digits, - or _, at most 32", "Kleinbuchstaben, Ziffern, - oder _, höchstens 32"),
           "web", cells.text(32, r"[a-z0-9][a-z0-9_-]*"), _aliases("kanal shop marketplace marktplatz")),
    Column("sku", Told("The item of this line.", "Der Artikel dieser Position."),
           Told("an item of the catalogue", "ein Artikel des Katalogs"), "40-0182", cells.text(60),
           _aliases("item item_number article artikel artikelnummer artikel_nr art_nr"), required=True),
    Column("quantity", Told("Base units of it.", "Stück davon (Basiseinheit)."), _number(1, intake.MOST_UNITS), "2",
           cells.whole(1, intake.MOST_UNITS), _aliases("qty amount units menge anzahl stueck stück"), required=True),
    Column("price", Told("Price of one unit.", "Preis eines Stücks."), _MONEY, "9.99", cells.amount,
           _aliases("unit_price item_price preis einzelpreis stückpreis stueckpreis"), required=True),
    Column("currency", Told("Of all amounts of the order.", "Für alle Beträge des Auftrags."), _CURRENCY, "EUR",
           _choice(CURRENCIES), _aliases("waehrung währung"), required=True),
    Column("shipping", Told("Shipping, once an order.", "Versandkosten, einmal je Auftrag."), _MONEY, "4.90",
           cells.amount, _aliases("shipping_price shipping_cost versand versandkosten porto")),
    Column("tax", Told("Tax on top of the prices; empty where they include it.",
                       "Steuer zusätzlich zu den Preisen; leer, wenn sie enthalten ist."),
           _MONEY, "0.00", cells.amount, _aliases("tax_total steuer mwst ust")),
    Column("total", Told("What the order costs; added up and compared where it is there.",
                         "Was der Auftrag kostet; wird nachgerechnet, wenn es dasteht."),
           _MONEY, "24.88", cells.amount, _aliases("order_total grand_total gesamt summe gesamtbetrag gesamtsumme")),
    Column("name", Told("Who ordered.", "Wer bestellt hat."), _short(120), "Ana Souza", cells.text(120),
           _aliases("customer customer_name kunde kundenname besteller"), required=True),
    Column("email", Told("Mail address.", "E-Mail-Adresse."), Told("a mail address", "eine E-Mail-Adresse"),
           "ana@example.com", cells.text(254), _aliases("e_mail mail email_address")),
    Column("phone", Told("Phone number.", "Telefonnummer."), _short(40), "030 2312500", cells.text(40),
           _aliases("telephone tel telefon telefonnummer handy")),
    Column("language", Told("The customer's language; empty: en.", "Sprache des Kunden; leer: en."),
           Told("two small letters", "zwei Kleinbuchstaben"), "de", cells.text(2, "[a-z]{2}"),
                _aliases("lang sprache")),
    Column("recipient", Told("Whom it goes to, where that is somebody else.",
                             "An wen es geht, wenn an jemand anderen."),
           _short(120), "", cells.text(120), _aliases("ship_to shipping_name empfaenger empfänger liefername")),
    Column("company", Told("Company.", "Firma."), _short(120), "", cells.text(120), _aliases("firma")),
    Column("street", Told("Street and number.", "Straße und Hausnummer."), _short(200), "Lindenweg 4", cells.text(200),
           _aliases("address address1 address_1 straße anschrift adresse"), required=True),
    Column("postal_code", Told("Postal code.", "Postleitzahl."), _short(20), "50667", cells.text(20),
           _aliases("zip zip_code postcode plz postleitzahl")),
    Column("city", Told("City.", "Ort."), _short(100), "Köln", cells.text(100), _aliases("town ort stadt"),
           required=True),
    Column("region", Told("State or province, where the country has them in addresses.",
                          "Bundesstaat oder Provinz, wo das Land sie in Adressen führt."),
           _short(100), "", cells.text(100), _aliases("state province county bundesland")),
    Column("country", Told("Country.", "Land."), Told("two capital letters of ISO 3166, such as DE",
                                                      "zwei Großbuchstaben nach ISO 3166, etwa DE"),
           "DE", cells.text(2, "[A-Z]{2}"), _aliases("country_code land länderkürzel laendercode ländercode"),
           required=True),
    Column("service", Told("Code of the carrier's service.", "Kürzel der Versandart."),
           Told("a service of this house", "eine Versandart dieses Hauses"), "nordpost-parcel", cells.text(100),
           _aliases("shipping_service shipping_method carrier_service versandart versanddienst"), required=True),
    Column("payment", Told("How it is paid; prepaid and cash wait for the money, paid has it.",
                            "Wie bezahlt wird; prepaid und cash warten auf das Geld, paid hat es."),
           _one_of((*intake.METHODS, PAID)), PAID,
           cells.choice(PAYMENTS), _aliases("payment_method zahlung zahlungsart zahlweise"), required=True),
    Column("payment_token", Told("The gateway's name for the card. Never a card number.",
                                 "Der Name der Karte beim Zahlungsdienst. Nie eine Kartennummer."),
           _short(200), "", cells.text(200), _aliases("token")),
    Column("split", Told("What happens to a short line; empty: ship_available.",
                         "Was bei einer Fehlmenge geschieht; leer: ship_available."),
           _one_of(("ship_available", "ship_complete")), "ship_available", cells.choice(SPLITS),
           _aliases("teillieferung")),
    Column("warehouse", Told("Number of the warehouse it is sourced from; empty: the one chosen for the file.",
                             "Nummer des Lagers, aus dem es kommt; leer: das für die Datei gewählte."),
           _number(1, 32767), "", cells.whole(1, 32767), _aliases("lager warehouse_number lagernummer")),
)  # fmt: skip

_ORDER_FIELDS: Final = {
    "external_ref": "reference", "sku": "sku", "quantity": "quantity", "price_minor": "price",
    "totals.items_minor": "total", "totals.shipping_minor": "shipping", "totals.tax_minor": "tax",
    "totals.total_minor": "total", "customer.name": "name", "customer.email": "email", "customer.phone": "phone",
    "customer.language": "language", "address.name": "recipient", "address.company": "company",
    "address.street": "street", "address.city": "city", "address.postal_code": "postal_code",
    "address.region": "region", "address.country": "country", "payment.method": "payment",
    "payment.token": "payment_token", "lines": "sku",
}  # fmt: skip

# --- items ---------------------------------------------------------------------------------------------------------

_WEIGHT, _LENGTH = catalog.RANGES["weight_g"], catalog.RANGES["length_mm"]
_PACKS: Final = {"inner": "Zwischenverpackung", "case": "Karton", "pallet": "Palette"}


def _pack_columns() -> Iterable[Column]:
    for uom, german in _PACKS.items():
        yield Column(f"{uom}_barcode", Told(f"Barcode of a whole {uom}.", f"Barcode einer ganzen Einheit: {german}."),
                     _BARCODE, "", cells.barcodes,
                     _aliases(f"{uom}_gtin {uom}_ean gtin_{german.lower()} ean_{german.lower()}"))  # fmt: skip
        yield Column(f"{uom}_quantity", Told(f"Base units in one {uom}.", f"Stück je Einheit: {german}."),
                     _number(1, catalog.MOST_UNITS), "", cells.whole(1, catalog.MOST_UNITS),
                     _aliases(f"units_per_{uom} {uom}_units menge_je_{german.lower()}"))  # fmt: skip


_ITEM_COLUMNS: Final = (
    Column("sku", Told("What it is called everywhere; a known one is changed.",
                       "So heißt er überall; ein bekannter wird geändert."),
           _SKU, "40-0182", cells.text(40, _SKU_FORM),
           _aliases("item item_number article artikel artikelnummer artikel_nr art_nr"),
           required=True),
    Column("name_en", Told("Name in English.", "Name auf Englisch."), _short(200), "Acacia honey, 500 g",
           cells.text(200),
           _aliases("name title description bezeichnung artikelname titel"), required=True),
    Column("name_de", Told("Name in German.", "Name auf Deutsch."), _short(200), "Akazienhonig, 500 g", cells.text(200),
           _aliases("name_deutsch bezeichnung_de deutscher_name")),
    Column("weight_g", Told("Weight of one unit, in grams.", "Gewicht eines Stücks in Gramm."),
           _number(*_WEIGHT), "720",
           cells.whole(*_WEIGHT), _aliases("weight weight_in_g gewicht gewicht_g"), required=True),
    Column("length_mm", Told("Length in millimetres.", "Länge in Millimetern."), _number(*_LENGTH), "80",
           cells.whole(*_LENGTH), _aliases("length laenge länge länge_mm laenge_mm"), required=True),
    Column("width_mm", Told("Width in millimetres.", "Breite in Millimetern."), _number(*_LENGTH), "80",
           cells.whole(*_LENGTH), _aliases("width breite breite_mm"), required=True),
    Column("height_mm", Told("Height in millimetres.", "Höhe in Millimetern."), _number(*_LENGTH), "110",
           cells.whole(*_LENGTH), _aliases("height hoehe höhe höhe_mm hoehe_mm"), required=True),
    Column("barcode", Told("Barcodes of one unit; several with a blank between them.",
                           "Barcodes eines Stücks; mehrere mit Leerzeichen dazwischen."),
           _BARCODE, "4006381333931", cells.barcodes, _aliases("barcodes gtin ean ean13 upc ean_code strichcode")),
    *_pack_columns(),
    Column("uom", Told("The unit that is counted; empty: each.", "Die Einheit, die gezählt wird; leer: each."),
           _one_of(catalog.UOMS), "each", _choice(catalog.UOMS),
           _aliases("unit unit_of_measure einheit mengeneinheit")),
    Column("tracking", Told("Whether lots, best-before dates or serials are kept; empty: none.",
                            "Ob Chargen, Haltbarkeit oder Seriennummern geführt werden; leer: none."),
           _one_of(catalog.TRACKING), "lot_expiry", _choice(catalog.TRACKING),
           _aliases("lot_tracking chargenpflicht verfolgung")),
    Column("velocity", Told("How fast it sells: A often, C seldom; empty: C.",
                            "Wie gut er geht: A oft, C selten; leer: C."),
           _one_of(catalog.VELOCITIES), "A", _choice(catalog.VELOCITIES), _aliases("abc abc_class abc_klasse klasse")),
    Column("hazmat", Told("Dangerous goods number.", "Gefahrgutnummer."), _short(40), "", cells.text(40),
           _aliases("un_number dangerous_goods gefahrgut un_nummer")),
    Column("minimum_age", Told("Age that the law asks for of who buys it; empty: none.",
                               "Gesetzliches Mindestalter der Käufer; leer: keines."),
           _number(0, 99), "18", cells.whole(0, 99), _aliases("age mindestalter alter altersfreigabe")),
    Column("price", Told("Price of one unit.", "Preis eines Stücks."), _MONEY, "6.49", cells.amount,
           _aliases("unit_price preis einzelpreis")),
    Column("currency", Told("Of the price; empty: EUR.", "Für den Preis; leer: EUR."), _CURRENCY, "EUR",
           _choice(CURRENCIES), _aliases("waehrung währung")),
    Column("picture_svg", Told("A drawing, as SVG text.", "Eine Zeichnung als SVG-Text."),
           Told("a plain SVG drawing", "eine einfache SVG-Zeichnung"), "", cells.picture, _aliases("picture svg bild")),
    Column("active", Told("Whether it is sold; empty: yes.", "Ob er verkauft wird; leer: ja."), _YES, "yes", cells.flag,
           _aliases("sold aktiv")),
)  # fmt: skip

_ITEM_FIELDS: Final = {"names.en": "name_en", "names.de": "name_de", "price_minor": "price", "barcodes": "barcode"}

# --- places --------------------------------------------------------------------------------------------------------

REAL_TYPES: Final = tuple(each for each in BIN_TYPES if each not in VIRTUAL_TYPES)
_FAR: Final = 10_000_000
_PLACE: Final = Told("millimetres on the floor plan", "Millimeter im Lagerplan")

_BIN_COLUMNS: Final = (
    Column("code", Told("The bin's code, without the B- of its barcode; a known one is changed.",
                        "Der Code des Platzes, ohne das B- seines Barcodes; ein bekannter wird geändert."),
           _BIN, "A07-03-B", cells.text(40, _BIN_FORM),
           _aliases("bin bin_code location place platz lagerplatz platzcode"),
           required=True),
    Column("type", Told("What it is for; empty: pick.", "Wofür er da ist; leer: pick."), _one_of(REAL_TYPES), "pick",
           _choice(REAL_TYPES), _aliases("kind bin_type art platzart typ")),
    Column("zone", Told("Code of its zone; an unknown one is made.", "Kürzel der Zone; eine unbekannte wird angelegt."),
           _short(20), "MEZ", cells.text(20), _aliases("area bereich lagerzone")),
    Column("zone_name", Told("Name of a new zone.", "Name einer neuen Zone."), _short(100), "Mezzanine",
           cells.text(100),
           _aliases("zonenname")),
    Column("aisle", Told("Its aisle; empty: the code's first part. A new aisle is drawn beside the last.",
                         "Sein Gang; leer: der erste Teil des Codes. Ein neuer Gang kommt neben den letzten."),
           _short(20), "A07", cells.text(20), _aliases("gang")),
    Column("bay", Told("Its bay; empty: the code's second part.", "Sein Feld; leer: der zweite Teil des Codes."),
           _number(0, 9999), "3", cells.whole(0, 9999), _aliases("rack feld regal position fach")),
    Column("level", Told("Its level; empty: the code's third part.", "Seine Ebene; leer: der dritte Teil des Codes."),
           _short(10), "B", cells.text(10), _aliases("ebene shelf")),
    Column("side", Told("Its side of the aisle; empty: odd bays right, even ones left.",
                        "Seine Seite im Gang; leer: ungerade Felder rechts, gerade links."),
           _one_of(("left", "right")), "right",
           cells.choice({"left": "left", "right": "right", "links": "left", "rechts": "right", "l": "left",
    "r": "right"}),
           _aliases("seite")),
    Column("sequence", Told("Its place in bin order; empty: the order of the file.",
                            "Seine Stelle in der Platzfolge; leer: die Reihenfolge der Datei."),
           _number(0, 10**9), "1050", cells.whole(0, 10**9),
           _aliases("pick_sequence order platzfolge reihenfolge sequenz")),
    Column("x_mm", Told("Along the front.", "Entlang der Front."), _PLACE, "16400", cells.whole(-_FAR, _FAR),
           _aliases("x")),
    Column("y_mm", Told("From the front to the back.", "Von vorn nach hinten."), _PLACE, "2700",
           cells.whole(-_FAR, _FAR),
           _aliases("y")),
    Column("z_mm", Told("Above the floor.", "Über dem Boden."), _PLACE, "600", cells.whole(-_FAR, _FAR), _aliases("z")),
    Column("check_digits", Told("What is typed to confirm it; empty: two digits are made.",
                                "Was man zur Bestätigung tippt; leer: zwei Ziffern werden erzeugt."),
           Told("one to four digits", "eine bis vier Ziffern"), "42", cells.text(4, r"[0-9]{1,4}"),
           _aliases("check pruefziffern prüfziffern")),
    Column("max_weight_g", Told("What it carries, in grams.", "Was er trägt, in Gramm."), _number(0, 10**9), "200000",
           cells.whole(0, 10**9), _aliases("max_weight traglast traglast_g")),
    Column("max_volume_ml", Told("What goes in, in millilitres.", "Was hineingeht, in Millilitern."), _number(0, 10**9),
           "700000", cells.whole(0, 10**9), _aliases("max_volume volumen volumen_ml")),
    Column("locked", Told("Whether nothing is taken from it; empty: no.",
                          "Ob nichts daraus entnommen wird; leer: nein."),
           _YES, "no", cells.flag, _aliases("blocked gesperrt")),
)  # fmt: skip

# --- opening stock -------------------------------------------------------------------------------------------------

MOST_STOCK: Final = 10_000_000
_STOCK_COLUMNS: Final = (
    Column("bin", Told("Where it lies.", "Wo es liegt."), Told("a bin of this warehouse", "ein Platz dieses Lagers"),
           "A07-03-B", cells.text(42), _aliases("code bin_code location place platz lagerplatz"), required=True),
    Column("sku", Told("What lies there.", "Was dort liegt."), Told("an item of the catalogue",
                                                                    "ein Artikel des Katalogs"),
           "40-0182", cells.text(60), _aliases("item item_number article artikel artikelnummer artikel_nr art_nr"),
           required=True),
    Column("quantity", Told("Base units of it.", "Stück davon (Basiseinheit)."), _number(1, MOST_STOCK), "48",
           cells.whole(1, MOST_STOCK), _aliases("qty units on_hand menge anzahl bestand stück stueck"), required=True),
    Column("lot", Told("Its lot, where the item is kept by lot.",
                       "Die Charge, wenn der Artikel nach Chargen geführt wird."),
           _short(40), "L2639", cells.text(40), _aliases("batch charge los chargennummer")),
    Column("expiry", Told("Best before, where the item is kept by it.",
                          "Mindesthaltbarkeit, wenn der Artikel danach geführt wird."),
           _DAY, "2027-03-31", cells.day, _aliases("best_before expires expiry_date mhd haltbar_bis ablaufdatum")),
)  # fmt: skip

# --- what is on its way --------------------------------------------------------------------------------------------

_RECEIPT_COLUMNS: Final = (
    Column("reference", Told("The supplier's or the purchase order's number; with the SKU it names the row.",
                             "Die Nummer des Lieferanten oder der Bestellung; mit der SKU benennt sie die Zeile."),
           _short(100), "PO-2214", cells.text(100),
           _aliases("purchase_order po po_number order bestellung bestellnummer referenz lieferschein"), required=True),
    Column("sku", Told("What comes.", "Was kommt."), Told("an item of the catalogue", "ein Artikel des Katalogs"),
           "40-0182", cells.text(60), _aliases("item item_number article artikel artikelnummer artikel_nr art_nr"),
           required=True),
    Column("quantity", Told("Base units of it.", "Stück davon (Basiseinheit)."), _number(1, MOST_STOCK), "48",
           cells.whole(1, MOST_STOCK), _aliases("qty units menge anzahl stück stueck"), required=True),
    Column("expected_on", Told("The day on which it will be here.", "Der Tag, an dem es da ist."), _DAY, "2027-03-31",
           cells.day, _aliases("date day eta expected due datum tag liefertermin termin erwartet"), required=True),
)  # fmt: skip

# --- the table -----------------------------------------------------------------------------------------------------

KINDS: Final[Mapping[str, Kind]] = {
    kind.name: kind
    for kind in (
        Kind("items", Told("Items", "Artikel"),
             Told("One row an item. A known SKU is changed; what the file does not say stays as it is.",
                  "Eine Zeile je Artikel. Eine bekannte SKU wird geändert; was die Datei nicht sagt, bleibt."),
             "imports.items", False, 4, _ITEM_COLUMNS, _ITEM_FIELDS),
        Kind("bins", Told("Bins", "Plätze"),
             Told("One row a bin. A known code is changed; what the file does not say stays as it is.",
                  "Eine Zeile je Platz. Ein bekannter Code wird geändert; was die Datei nicht sagt, bleibt."),
             "imports.bins", True, 5, _BIN_COLUMNS, {}),
        Kind("stock", Told("Opening stock", "Anfangsbestand"),
             Told("One row for each bin, item and lot. Booked once: a bin that holds the item already is skipped.",
                  "Eine Zeile je Platz, Artikel und Charge. Einmal gebucht: Ein Platz, der den Artikel "
                  "schon hat, wird übersprungen."),
             "imports.stock", True, 4, _STOCK_COLUMNS, {}),
        Kind("orders", Told("Orders", "Aufträge"),
             Told("One row a line; rows of one order stand next to each other. An order that is there is skipped.",
                  "Eine Zeile je Position; Zeilen eines Auftrags stehen untereinander. Ein Auftrag, "
                  "der schon da ist, wird übersprungen."),
             "orders.capture", True, 10, _ORDER_COLUMNS, _ORDER_FIELDS),
        Kind("receipts", Told("Expected deliveries", "Erwartete Lieferungen"),
             Told("One row for each delivery and item. A known one gets the quantity and the day of the file, and what "
                  "is promised out of it follows.",
                  "Eine Zeile je Lieferung und Artikel. Eine bekannte bekommt Menge und Tag aus der Datei, und was "
                  "daraus zugesagt ist, folgt."),
             "stock.plan", True, 2, _RECEIPT_COLUMNS, {}),
    )
}  # fmt: skip
"""In the order in which an empty house needs them."""


# --- headers -------------------------------------------------------------------------------------------------------


class Header(NamedTuple):
    """What a header comes to. `columns`: the column at each place of a row, None where it is ignored."""

    columns: tuple[str | None, ...]
    ignored: tuple[str, ...]
    missing: tuple[str, ...]
    twice: tuple[str, ...]


def plain(name: str) -> str:
    """A name as it is compared: small letters, all else between words one underscore."""
    return re.sub(r"[\W_]+", "_", name.casefold()).strip("_")


def header_of(
    kind: Kind, names: Sequence[str], chosen: Mapping[str, str] | None = None, said: Collection[str] = ()
) -> Header:
    """Which columns a header means. `chosen`: what somebody says that names mean; `said`: columns that need none."""
    mine = {plain(name): column for name, column in (chosen or {}).items()}
    known = {
        plain(alias): column.name
        for column in kind.columns
        if column.name not in mine.values()
        for alias in (*column.aliases, column.name)
    }
    found = tuple((known | mine).get(plain(name)) for name in names)
    there = [name for name in found if name is not None]
    return Header(
        columns=found,
        ignored=tuple(
            name.strip()[:60] for name, column in zip(names, found, strict=True) if column is None and name.strip()
        ),
        missing=tuple(column.name for column in kind.columns if column.required and column.name not in (*there, *said)),
        twice=tuple(dict.fromkeys(name for name in there if there.count(name) > 1)),
    )


def template(kind: Kind) -> list[list[str]]:
    """A file to begin with: the header and one row."""
    return [[column.name for column in kind.columns], [column.example for column in kind.columns]]
