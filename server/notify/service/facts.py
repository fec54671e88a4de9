"""Why: the names of a template stand for what is true of an order at the moment at which it is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from server.catalog import service as catalog
from server.catalog.schemas import Item
from server.notify.fields import FIELDS
from server.notify.rendering import Values
from server.orders.currencies import shown
from server.orders.promising import day
from server.orders.rules import Facts
from server.orders.service import lookup, statuses
from server.orders.store import carriers, fulfilments, orders, pages, promises
from server.orders.store.orders import Line
from server.payments.store import payments
from server.shipping import brand, tracking
from server.shipping import store as shipping

_MONTHS: Final[Mapping[str, Sequence[str]]] = {
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
    "de": ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
           "Dezember"),
}  # fmt: skip
_EXPECTED: Final[Mapping[str, str]] = {"en": "{what}, expected {day}", "de": "{what}, erwartet {day}"}


def examples() -> Values:
    """What the names stand for where there is no order."""
    return {name: [field.example] if field.kind == "lines" else field.example for name, field in FIELDS.items()}


def of_order(conn: Connection, order_id: UUID, about: str, language: str, public_url: str) -> Values:
    """What the names stand for, of this order, in this language; `about` is the intent, or warehouse:shipment.

    What an order has nothing to say about, because it is another moment's, is told by its example.
    """
    found, head = lookup.order_of(conn, order_id), pages.head_of(conn, order_id)
    lines, shares = orders.lines_of(conn, order_id), promises.of_order(conn, order_id)
    facts = statuses.order_facts(lines, fulfilments.lines_of_order(conn, order_id), shares, found.split)
    items = catalog.items(conn, {line.item for line in lines})
    named = carriers.names(conn)
    zone = ZoneInfo(carriers.time_zones(conn)[found.warehouse])
    shop, payment = brand.shown(conn), payments.of_order(conn, order_id)
    link = tracking.link_of(conn, order_id) if public_url else None
    expected = {line.id: day(share for share in shares.get(line.id, ()) if not share.ready) for line in lines}
    return {
        "shop.name": shop.name,
        "shop.contact": shop.contact,
        "customer.name": str(head.customer.get("name", "")),
        "order.number": str(found.number),
        "order.reference": head.external_ref,
        "order.placed_on": in_words(head.captured_at.astimezone(zone).date(), language),
        "order.lines": _units(lines, items, facts, language, "wanted"),
        "order.waiting": [
            _EXPECTED.get(language, _EXPECTED["en"]).format(what=what, day=in_words(when, language)) if when else what
            for line in lines
            for what in _units([line], items, facts, language, "backordered")
            for when in [expected[line.id]]
        ],
        "order.cancelled": _units(lines, items, facts, language, "cancelled"),
        "order.total": amount(payment.amount_minor if payment else found.total_minor, found.currency, language),
        "order.service": named.get(found.service, found.service),
        "order.promised_on": "" if found.promised_on is None else in_words(found.promised_on, language),
        "order.link": "" if link is None else f"{public_url.rstrip('/')}/track/{link}",
        **_about(conn, about, found.currency, language, named),
    }


def _units(
    lines: Iterable[Line], items: Mapping[UUID, Item], facts: Mapping[UUID, Facts], language: str, what: str
) -> list[str]:
    """The units of these lines of which there is something: `2 × Honey`."""
    found = []
    for line in lines:
        units: int = getattr(facts[line.id], what)
        if units:
            names = items[line.item].names
            found.append(f"{units} × {names.get(language) or names['en']}")
    return found


def _about(
    conn: Connection, about: str, currency: str, language: str, named: Mapping[str, str]
) -> dict[str, str | list[str]]:
    known: dict[str, str | list[str]] = {
        "refund.amount": FIELDS["refund.amount"].example, "shipment.parcels": [FIELDS["shipment.parcels"].example],
    }  # fmt: skip
    warehouse, parted, shipment = about.partition(":")
    if parted:
        known["shipment.parcels"] = [
            f"{named.get(service, service)} {tracking_number or ''}".strip()
            for service, tracking_number in shipping.parcels_of(conn, int(warehouse), UUID(shipment))
        ]
    elif about and (intent := payments.intent(conn, UUID(about))) is not None:
        known["refund.amount"] = amount(intent.amount_minor, currency, language)
    return known


def in_words(when: date, language: str) -> str:
    """A day as people write it: 4 December 2026, 4. Dezember 2026."""
    months = _MONTHS.get(language)
    if months is None:
        return when.isoformat()
    return f"{when.day}{'.' if language == 'de' else ''} {months[when.month - 1]} {when.year}"


def amount(minor: int, currency: str, language: str) -> str:
    """An amount as people write it: 24.88 EUR, 24,88 EUR."""
    written = shown(minor, currency)
    return written.replace(".", ",") if language == "de" else written
