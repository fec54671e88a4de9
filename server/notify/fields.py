"""Why: a template speaks of an order by names that are written down here, each with its words and an example.

From this table come the check of a template when it is saved, the help beside the editor and the page for operators.
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

Kind = Literal["text", "lines", "link"]
EVERYWHERE: Final = frozenset[str]()


class Field(msgspec.Struct, frozen=True):
    """A name in braces. `lines`: several, one below the other. `only`: the milestones that know it; none: all do."""

    name: str
    kind: Kind
    en: str
    de: str
    example: str
    only: frozenset[str] = EVERYWHERE


_ROWS: Final = (
    Field("shop.name", "text", "Your shop's name", "Der Name deines Shops", "Hafen & Honig"),
    Field("shop.contact", "text", "How you are reached", "Wie man dich erreicht", "help@example.com"),
    Field("customer.name", "text", "The customer's name", "Der Name der Kundschaft", "Ana Souza"),
    Field("order.number", "text", "Our number of the order", "Unsere Auftragsnummer", "10001"),
    Field("order.reference", "text", "The order's number where it was placed",
          "Die Nummer dort, wo bestellt wurde", "WEB-1003"),
    Field("order.placed_on", "text", "The day of the order", "Der Tag der Bestellung", "24 November 2026"),
    Field("order.lines", "lines", "What was bought and is still wanted",
          "Was bestellt wurde und noch gewünscht ist", "2 × Honey"),
    Field("order.waiting", "lines", "What waits for goods, with the day where it is known",
          "Was auf Ware wartet, mit dem Tag, wo er bekannt ist", "1 × Tea, expected 4 December 2026"),
    Field("order.cancelled", "lines", "What was cancelled", "Was storniert wurde", "1 × Tea"),
    Field("order.total", "text", "What the order costs as it is now", "Was die Bestellung jetzt kostet", "24.88 EUR"),
    Field("order.service", "text", "How it is sent", "Wie sie verschickt wird", "Nordpost parcel"),
    Field("order.promised_on", "text", "The day on which all of it can leave",
          "Der Tag, an dem alles hinausgehen kann", "4 December 2026"),
    Field("order.link", "link", "The page on which the order is followed; empty without PICKWAVE_PUBLIC_URL",
          "Die Seite, auf der man die Bestellung verfolgt; leer ohne PICKWAVE_PUBLIC_URL",
          "https://shop.example.com/track/…"),
    Field("shipment.parcels", "lines", "The parcels that left, with their tracking numbers",
          "Die Pakete, die unterwegs sind, mit Sendungsnummern", "Nordpost parcel NP0000000017",
          frozenset({"shipped"})),
    Field("refund.amount", "text", "What is paid back", "Was zurückgezahlt wird", "4.90 EUR",
          frozenset({"refunded"})),
)  # fmt: skip

FIELDS: Final[dict[str, Field]] = {row.name: row for row in _ROWS}


def known_to(milestone: str) -> dict[str, Field]:
    """The names that a milestone's template may use."""
    return {name: field for name, field in FIELDS.items() if not field.only or milestone in field.only}
