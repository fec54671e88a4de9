"""Why: rules speak of facts; here an order, one that comes in or one that is kept, is told as those facts.

What costs a question (earlier orders, the country of a phone number) is asked only where a live rule looks at it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import phonenumbers
from sqlalchemy import Connection

from server.catalog import service as catalog
from server.catalog.schemas import Item
from server.orders import more
from server.orders.intake import Doubt
from server.orders.rules import PAID, first_payment
from server.orders.schemas.captures import Address, Customer, NewOrder
from server.orders.store import carriers, decisions, fulfilments, orders
from server.orders.store.decisions import Earlier, Head
from server.orders.store.orders import Line
from server.policies.facts import (
    CustomerFacts,
    DestinationFacts,
    Facts,
    ItemFacts,
    OrderFacts,
    PaymentFacts,
    StockFacts,
)

HISTORY: Final = frozenset(
    f"customer.{name}"
    for name in ("orders", "orders_hour", "orders_day", "cancelled", "declined", "open_minor", "oldest_open_days")
)
_PHONE_COUNTRY: Final = "customer.phone_country"
UNKNOWN_SCORE: Final = -1
NOTHING: Final = Earlier()
"""Of somebody of whom nothing is known."""
THERE: Final = StockFacts(short=False, short_lines=0, missing=0, nothing=False)
"""Everything is in stock."""


class Sold(NamedTuple):
    """A line of an order with its item."""

    item: Item
    quantity: int
    price_minor: int


class History:
    """What is known of the customers of some orders that come in: of the kept orders, and of those before in the slice.

    Nothing is asked where no live rule looks at it.
    """

    def __init__(self, conn: Connection, customers: Collection[UUID], now: datetime, wanted: Collection[str]) -> None:
        self._now = now
        self._looks = not HISTORY.isdisjoint(wanted)
        asked = customers if self._looks else ()
        self._known = decisions.earlier_of_many(conn, asked, now - timedelta(hours=1), now - timedelta(days=1))

    def of(self, customer: UUID | None) -> Earlier:
        """What is known of this customer; of nobody known nothing is."""
        return NOTHING if customer is None else self._known.get(customer, NOTHING)

    def add(self, customer: UUID | None, owed_minor: int) -> None:
        """One order more of theirs, by which they owe so much on account."""
        if customer is not None and self._looks:
            self._known[customer] = self.of(customer).one_more(self._now, owed_minor)


def of_new(
    new: NewOrder,
    items: Mapping[str, Item],
    doubts: Iterable[Doubt],
    *,
    zone: str,
    now: datetime,
    wanted: Collection[str],
    earlier: Earlier = NOTHING,
) -> Facts:
    """An order that is coming in. `wanted` are the facts that live rules look at; of stock nothing is said yet."""
    doubtful = {doubt.reason for doubt in doubts}
    lines = [Sold(items[line.sku], line.quantity, line.price_minor) for line in new.lines]
    return Facts(
        order=_order(
            lines, now.astimezone(ZoneInfo(zone)), channel=new.channel, reference=new.external_ref,
            currency=new.currency, items_minor=new.totals.items_minor, shipping_minor=new.totals.shipping_minor,
            tax_minor=new.totals.tax_minor, total_minor=new.totals.total_minor, service=new.service, split=new.split,
            warehouse=new.warehouse or 0,
        ),
        customer=_customer(
            new.customer, new.address.country, phone_doubtful="phone_doubtful" in doubtful, earlier=earlier, now=now,
            wanted=wanted,
        ),
        items=[_item(line) for line in lines],
        destination=_destination(new.customer, new.address, doubtful="address_doubtful" in doubtful),
        payment=PaymentFacts(
            method=new.payment.method, score=UNKNOWN_SCORE,
            authorised=first_payment(
                new.payment.method, received=new.payment.received, total_minor=new.totals.total_minor
            ) in PAID,
        ),
        stock=THERE,
    )  # fmt: skip


class Kept(NamedTuple):
    """A kept order with everything that its facts are made of, read in one go for many."""

    head: Head
    lines: list[Sold]
    seen: dict[str, Any]
    zone: str


def kept(conn: Connection, heads: Sequence[Head]) -> list[Kept]:
    """These orders with all that was ever ordered, its items and what their capture has seen."""
    return _kept(conn, heads, orders.lines_of_many(conn, [head.id for head in heads]))


def standing(conn: Connection, heads: Sequence[Head]) -> list[Kept]:
    """These orders as they are now: without what was cancelled since, nor its price."""
    lines = orders.lines_of_many(conn, [head.id for head in heads])
    parts: dict[UUID, int] = {}
    for part in fulfilments.lines_of_orders(conn, list(lines)):
        parts[part.order_line] = parts.get(part.order_line, 0) + part.facts.cancelled
    wanted = {
        order: [
            line._replace(ordered=units)
            for line in each
            if (units := line.ordered - line.cancelled - parts.get(line.id, 0)) > 0
        ]
        for order, each in lines.items()
    }
    return _kept(conn, [_costing(head, wanted[head.id]) for head in heads if wanted[head.id]], wanted)


def _costing(head: Head, lines: Sequence[Line]) -> Head:
    items = sum(line.ordered * line.price_minor for line in lines)
    tax = more.tax_of(head, items)
    return head._replace(items_minor=items, tax_minor=tax, total_minor=items + head.shipping_minor + tax)


def _kept(conn: Connection, heads: Sequence[Head], lines: Mapping[UUID, Sequence[Line]]) -> list[Kept]:
    items = catalog.items(conn, {line.item for each in lines.values() for line in each})
    seen = decisions.seen(conn, [head.id for head in heads])
    zones = carriers.time_zones(conn)
    return [
        Kept(
            head,
            [Sold(items[line.item], line.ordered, line.price_minor) for line in lines[head.id]],
            seen.get(head.id, {}),
            zones[head.warehouse],
        )
        for head in heads
    ]


def of_kept(conn: Connection, order: Kept, wanted: Collection[str]) -> Facts:
    """An order as it is kept: of its capture what was seen then, of earlier orders those before it."""
    head, seen = order.head, order.seen
    customer, address = msgspec.convert(head.customer, Customer), msgspec.convert(head.address, Address)
    return Facts(
        order=_order(
            order.lines, head.captured_at.astimezone(ZoneInfo(order.zone)), channel=head.channel,
            reference=head.external_ref, currency=head.currency, items_minor=head.items_minor,
            shipping_minor=head.shipping_minor, tax_minor=head.tax_minor, total_minor=head.total_minor,
            service=head.service, split=head.split, warehouse=head.warehouse,
        ),
        customer=_customer(
            customer, address.country, phone_doubtful=bool(seen.get("phone_doubtful")),
            earlier=_earlier(conn, head, wanted), now=head.captured_at, wanted=wanted,
        ),
        items=[_item(line) for line in order.lines],
        destination=_destination(customer, address, doubtful=bool(seen.get("address_doubtful"))),
        payment=PaymentFacts(
            method=head.payment_method, authorised=head.payment in PAID,
            score=UNKNOWN_SCORE if head.score is None else head.score,
        ),
        stock=msgspec.convert(seen["stock"], StockFacts) if "stock" in seen else THERE,
    )  # fmt: skip


def stock(wanted: Mapping[UUID, int], there: Mapping[UUID, int]) -> StockFacts:
    """What is missing: units wanted and units that are there, by line."""
    missing = {line: units - there.get(line, 0) for line, units in wanted.items() if there.get(line, 0) < units}
    return StockFacts(
        short=bool(missing), short_lines=len(missing), missing=sum(missing.values()),
        nothing=sum(missing.values()) == sum(wanted.values()),
    )  # fmt: skip


def _order(lines: Sequence[Sold], at: datetime, **said: Any) -> OrderFacts:
    return OrderFacts(
        **said,
        dearest_minor=max(line.price_minor for line in lines),
        lines=len(lines),
        units=sum(line.quantity for line in lines),
        most_units=max(line.quantity for line in lines),
        weight_g=sum(line.quantity * line.item.weight_g for line in lines),
        hazmat=any(line.item.hazmat for line in lines),
        hour=at.hour,
        weekday=at.isoweekday(),
    )


def _item(line: Sold) -> ItemFacts:
    item = line.item
    return ItemFacts(
        sku=item.sku, quantity=line.quantity, price_minor=line.price_minor, list_minor=item.price_minor,
        weight_g=item.weight_g, longest_mm=max(item.length_mm, item.width_mm, item.height_mm),
        hazmat=item.hazmat or "", tracking=item.tracking, minimum_age=item.minimum_age,
    )  # fmt: skip


def _earlier(conn: Connection, head: Head, wanted: Collection[str]) -> Earlier:
    if head.customer_id is None or HISTORY.isdisjoint(wanted):
        return NOTHING
    at = head.captured_at
    return decisions.earlier(conn, head.customer_id, head.id, at - timedelta(hours=1), at - timedelta(days=1))


def _customer(
    customer: Customer,
    country: str,
    *,
    phone_doubtful: bool,
    earlier: Earlier,
    now: datetime,
    wanted: Collection[str],
) -> CustomerFacts:
    email, found = customer.email.lower(), earlier
    return CustomerFacts(
        name=customer.name, email=customer.email, email_domain=email.partition("@")[2], phone=customer.phone,
        phone_country=_phone_country(customer.phone, country) if _PHONE_COUNTRY in wanted else "",
        phone_doubtful=phone_doubtful, language=customer.language, orders=found.orders, orders_hour=found.orders_hour,
        orders_day=found.orders_day, cancelled=found.cancelled, declined=found.declined, open_minor=found.open_minor,
        oldest_open_days=0 if found.oldest_open is None else max((now - found.oldest_open).days, 0),
    )  # fmt: skip


def _phone_country(phone: str, country: str) -> str:
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(phone, country)) or ""
    except phonenumbers.NumberParseException:
        return ""


def _destination(customer: Customer, address: Address, *, doubtful: bool) -> DestinationFacts:
    return DestinationFacts(
        country=address.country, region=address.region, city=address.city, postal_code=address.postal_code,
        street=address.street, company=bool(address.company), doubtful=doubtful,
        other_name=bool(address.name) and address.name.casefold() != customer.name.casefold(),
    )  # fmt: skip
