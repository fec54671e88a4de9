"""Why: an order as its customer gave it, and what stream 0 knows of it: status, payment, whether it is released."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy import Connection

from server.db.binds import among, id_, padded
from server.db.prepared import Prepared
from server.db.types import Utc
from server.orders.models import order, order_line
from server.orders.rules import Payment, Split
from server.orders.schemas.captures import Address, Customer, NewTotals


class Order(NamedTuple):
    """What a command must know of an order."""

    id: UUID
    number: int
    status: str
    warehouse: int
    service: str
    split: Split
    cutoff_at: datetime
    payment_method: str
    payment_token: str
    payment: Payment
    authorised_until: datetime | None
    currency: str
    items_minor: int
    shipping_minor: int
    tax_minor: int
    total_minor: int
    captured_minor: int
    settled_minor: int
    released: bool
    cancelled_at: datetime | None
    promised_on: date | None


class Line(NamedTuple):
    """A line as the customer ordered it; `cancelled` before a warehouse had it."""

    id: UUID
    position: int
    item: UUID
    ordered: int
    cancelled: int
    price_minor: int


_ORDER: Final[tuple[sa.Column[Any], ...]] = (
    order.c.id, order.c.number, order.c.status, order.c.warehouse_id, order.c.service, order.c.split,
    order.c.cutoff_at, order.c.payment_method, order.c.payment_token, order.c.payment, order.c.authorised_until,
    order.c.currency, order.c.items_minor, order.c.shipping_minor, order.c.tax_minor, order.c.total_minor,
    order.c.captured_minor, order.c.settled_minor, order.c.released, order.c.cancelled_at, order.c.promised_on,
)  # fmt: skip
_order: Final = sa.select(*_ORDER).where(order.c.id == id_("order"))
_orders: Final = sa.select(*_ORDER).where(among(order.c.id, "orders"))
_customers: Final = sa.select(order.c.id, order.c.customer_id).where(
    among(order.c.id, "orders"), order.c.customer_id.is_not(None)
)
_by_number: Final = sa.select(order.c.id).where(order.c.number == sa.bindparam("number", type_=sa.BigInteger()))
_by_numbers: Final = sa.select(order.c.number, order.c.id).where(among(order.c.number, "numbers"))
_by_references: Final = sa.select(
    order.c.external_ref, order.c.id, order.c.number, order.c.status, order.c.cutoff_at, order.c.promised_on
).where(order.c.channel == sa.bindparam("channel"), among(order.c.external_ref, "references"))
_all_orders: Final = sa.select(order.c.id).order_by(order.c.number)
_LINE: Final[tuple[sa.Column[Any], ...]] = (
    order_line.c.id, order_line.c.position, order_line.c.item_id, order_line.c.ordered, order_line.c.cancelled,
    order_line.c.price_minor,
)  # fmt: skip
_lines: Final = sa.select(*_LINE).where(order_line.c.order_id == id_("order")).order_by(order_line.c.position)
_lines_of_many: Final = (
    sa.select(order_line.c.order_id, *_LINE)
    .where(among(order_line.c.order_id, "orders"))
    .order_by(order_line.c.order_id, order_line.c.position)
)
_add_orders: Final = Prepared(sa.insert(order))
_add_lines: Final = Prepared(sa.insert(order_line))
_set_status: Final = (
    sa.update(order)
    .where(order.c.id == id_("of"))
    .values(status=sa.bindparam("new_status"), version=order.c.version + 1)
)
_set_released: Final = (
    sa.update(order).where(order.c.id == id_("of")).values(released=sa.bindparam("new", type_=sa.Boolean()))
)
_set_party: Final = (
    sa.update(order)
    .where(order.c.id == id_("of"))
    .values(
        customer=sa.bindparam("new_customer", type_=order.c.customer.type),
        address=sa.bindparam("new_address", type_=order.c.address.type),
        customer_id=id_("new_customer_id"),
        version=order.c.version + 1,
    )
)
_set_tags: Final = (
    sa.update(order)
    .where(order.c.id == id_("of"))
    .values(tags=sa.bindparam("new", type_=order.c.tags.type), version=order.c.version + 1)
)
_set_service: Final = (
    sa.update(order)
    .where(order.c.id == id_("of"))
    .values(service=sa.bindparam("new"), cutoff_at=sa.bindparam("at", type_=Utc()), version=order.c.version + 1)
)
_set_split: Final = (
    sa.update(order).where(order.c.id == id_("of")).values(split=sa.bindparam("new_split"), version=order.c.version + 1)
)
_set_cutoff: Final = sa.update(order).where(order.c.id == id_("of")).values(cutoff_at=sa.bindparam("at", type_=Utc()))
_set_cancelled: Final = (
    sa.update(order).where(order.c.id == id_("of")).values(cancelled_at=sa.bindparam("at", type_=Utc()))
)
_set_payment: Final = (
    sa.update(order)
    .where(order.c.id == id_("of"))
    .values(
        payment=sa.bindparam("new_payment"),
        payment_token=sa.bindparam("new_token"),
        authorised_until=sa.bindparam("until", type_=Utc()),
        captured_minor=sa.bindparam("captured", type_=sa.BigInteger()),
        settled_minor=sa.bindparam("settled", type_=sa.BigInteger()),
    )
)
_set_score: Final = (
    sa.update(order).where(order.c.id == id_("of")).values(score=sa.bindparam("new_score", type_=sa.SmallInteger()))
)
_cancel_line: Final = (
    sa.update(order_line)
    .where(order_line.c.id == id_("of"))
    .values(cancelled=sa.bindparam("new_cancelled", type_=sa.Integer()))
)
_raise_line: Final = (
    sa.update(order_line)
    .where(order_line.c.id == id_("of"))
    .values(ordered=sa.bindparam("new_ordered", type_=sa.Integer()))
)
_set_totals: Final = (
    sa.update(order)
    .where(order.c.id == id_("of"))
    .values({name: sa.bindparam(f"new_{name}", type_=sa.BigInteger()) for name in NewTotals.__struct_fields__})
)


def by_id(conn: Connection, order_id: UUID) -> Order | None:
    """An order's facts."""
    row = conn.execute(_order, {"order": order_id}).one_or_none()
    return None if row is None else Order(*row)


def by_ids(conn: Connection, order_ids: Sequence[UUID]) -> dict[UUID, Order]:
    """The facts of these orders."""
    rows = conn.execute(_orders, {"orders": padded(order_ids)}) if order_ids else ()
    return {row[0]: Order(*row) for row in rows}


def customers(conn: Connection, order_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """Who ordered each of these, where that is known."""
    rows = conn.execute(_customers, {"orders": padded(order_ids)}) if order_ids else ()
    return {row[0]: row[1] for row in rows}


def id_of(conn: Connection, number: int) -> UUID | None:
    """The id of the order with this number."""
    return conn.execute(_by_number, {"number": number}).scalar_one_or_none()


class Known(NamedTuple):
    """What a channel that sends an order again is told of it."""

    id: UUID
    number: int
    status: str
    cutoff_at: datetime
    promised_on: date | None


def by_references(conn: Connection, asked: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Known]:
    """By channel and external reference those of these that are orders already."""
    found: dict[tuple[str, str], Known] = {}
    by_channel: dict[str, list[str]] = {}
    for channel, reference in asked:
        by_channel.setdefault(channel, []).append(reference)
    for channel, named in by_channel.items():
        for at in range(0, len(named), 500):
            given = {"channel": channel, "references": padded(named[at : at + 500])}
            found |= {(channel, row[0]): Known(*row[1:]) for row in conn.execute(_by_references, given)}
    return found


def ids_of(conn: Connection, numbers: Iterable[int]) -> dict[int, UUID]:
    """The ids of the orders with these numbers; numbers that are no orders are left out."""
    wanted = list(numbers)
    found: dict[int, UUID] = {}
    for at in range(0, len(wanted), 500):
        found |= {row[0]: row[1] for row in conn.execute(_by_numbers, {"numbers": padded(wanted[at : at + 500])})}
    return found


def all_ids(conn: Connection) -> list[UUID]:
    """The ids of all orders by number."""
    return list(conn.execute(_all_orders).scalars())


def lines_of(conn: Connection, order_id: UUID) -> list[Line]:
    """The lines of an order by position."""
    return [Line(*row) for row in conn.execute(_lines, {"order": order_id})]


def lines_of_many(conn: Connection, order_ids: Sequence[UUID]) -> dict[UUID, list[Line]]:
    """The lines of several orders by position."""
    found: dict[UUID, list[Line]] = {each: [] for each in order_ids}
    for row in conn.execute(_lines_of_many, {"orders": padded(order_ids)}) if order_ids else ():
        found[row[0]].append(Line(*row[1:]))
    return found


_LINK: Final = sa.select(order.c.link).where(order.c.id == id_("order"))
_NEXT_LINK: Final = sa.update(order).where(order.c.id == id_("of")).values(link=order.c.link + 1)


def link_generation(conn: Connection, order_id: UUID) -> int | None:
    """The generation of the link by which its customer follows it; None where there is no such order."""
    return conn.execute(_LINK, {"order": order_id}).scalar_one_or_none()


def next_link(conn: Connection, order_id: UUID) -> None:
    """The link that was given is good no more."""
    conn.execute(_NEXT_LINK, {"of": order_id})


def add(conn: Connection, rows: Sequence[dict[str, Any]], lines: Sequence[dict[str, Any]]) -> None:
    """Keeps orders with their lines."""
    if rows:
        _add_orders.change_all(conn, rows)
        _add_lines.change_all(conn, lines)


def add_lines(conn: Connection, lines: Sequence[dict[str, Any]]) -> None:
    """Keeps lines that come to an order."""
    _add_lines.change_all(conn, lines)


def raise_line(conn: Connection, line_id: UUID, ordered: int) -> None:
    """More units of a line are ordered."""
    conn.execute(_raise_line, {"of": line_id, "new_ordered": ordered})


def set_totals(conn: Connection, order_id: UUID, totals: NewTotals) -> None:
    """What the order costs from now on."""
    said = msgspec.structs.asdict(totals)
    conn.execute(_set_totals, {"of": order_id, **{f"new_{name}": said[name] for name in said}})


def set_status(conn: Connection, order_id: UUID, status: str) -> None:
    """Keeps the derived status."""
    conn.execute(_set_status, {"of": order_id, "new_status": status})


def set_released(conn: Connection, order_id: UUID, released: bool) -> None:
    """Whether a warehouse has it."""
    conn.execute(_set_released, {"of": order_id, "new": released})


def set_party(conn: Connection, order_id: UUID, customer: Customer, address: Address, customer_id: UUID | None) -> None:
    """To whom and where it goes, and which customer that is."""
    conn.execute(_set_party, {
        "of": order_id, "new_customer": customer, "new_address": address, "new_customer_id": customer_id,
    })  # fmt: skip


def set_service(conn: Connection, order_id: UUID, code: str, cutoff_at: datetime) -> None:
    """By which service it goes, and by when it must be on its truck."""
    conn.execute(_set_service, {"of": order_id, "new": code, "at": cutoff_at})


def set_split(conn: Connection, order_id: UUID, split: Split) -> None:
    """Whether it goes in parts or all at once."""
    conn.execute(_set_split, {"of": order_id, "new_split": split})


def set_tags(conn: Connection, order_id: UUID, tags: Sequence[str]) -> None:
    """What it is marked with."""
    conn.execute(_set_tags, {"of": order_id, "new": list(tags)})


def set_cutoff(conn: Connection, order_id: UUID, at: datetime) -> None:
    """By when what no warehouse has yet must be on the truck."""
    conn.execute(_set_cutoff, {"of": order_id, "at": at})


def set_cancelled(conn: Connection, order_id: UUID, at: datetime) -> None:
    """When it was cancelled."""
    conn.execute(_set_cancelled, {"of": order_id, "at": at})


def set_payment(
    conn: Connection, order_id: UUID, payment: str, token: str, until: datetime | None, captured: int, settled: int
) -> None:
    """What payments reports down."""
    conn.execute(_set_payment, {
        "of": order_id, "new_payment": payment, "new_token": token, "until": until, "captured": captured,
        "settled": settled,
    })  # fmt: skip


def set_score(conn: Connection, order_id: UUID, score: int) -> None:
    """Keeps the gateway's risk score."""
    conn.execute(_set_score, {"of": order_id, "new_score": score})


def cancel_line(conn: Connection, line_id: UUID, cancelled: int) -> None:
    """How many units were cancelled before a warehouse had them."""
    conn.execute(_cancel_line, {"of": line_id, "new_cancelled": cancelled})
