"""Why: every statement about orders and fulfilments, built once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection as Connection

from server.auth.models import device
from server.db.base import command
from server.db.prepared import Prepared
from server.db.types import Id, Utc
from server.locations.models import warehouse
from server.orders.models import (
    carrier_service,
    fulfilment,
    fulfilment_line,
    fulfilment_timeline,
    order,
    order_hold,
    order_line,
    order_timeline,
    promise,
)
from server.orders.rules import FACTS, Facts, Payment, Split
from server.orders.schemas import OrderRow


def _id(name: str) -> sa.BindParameter[UUID]:
    return sa.bindparam(name, type_=Id())


_WAREHOUSE: Final = sa.bindparam("warehouse", type_=sa.SmallInteger())
_WAREHOUSES: Final = sa.bindparam("warehouses", type_=sa.SmallInteger(), expanding=True)
_facts: Final = tuple(fulfilment_line.c[name] for name in FACTS)


# --- what an order is checked against ------------------------------------------------------------------------------

_services: Final = sa.select(
    carrier_service.c.code, carrier_service.c.cutoff, carrier_service.c.weekdays, carrier_service.c.countries,
    carrier_service.c.active,
)  # fmt: skip
_service_names: Final = sa.select(carrier_service.c.code, carrier_service.c.carrier, carrier_service.c.name)
_zones: Final = sa.select(warehouse.c.id, warehouse.c.time_zone)
_add_service: Final = sa.insert(carrier_service)
_change_service: Final = (
    sa.update(carrier_service)
    .where(carrier_service.c.code == sa.bindparam("of"))
    .values(
        {
            column: sa.bindparam(f"new_{column.name}", type_=column.type)
            for column in carrier_service.c
            if column.name != "code"
        }
    )
)


def service_names(conn: Connection) -> dict[str, str]:
    """What people call each service, by its code: carrier and name."""
    return {code: f"{carrier} · {name}" for code, carrier, name in conn.execute(_service_names)}


def services(conn: Connection) -> list[Sequence[Any]]:
    """Code, cut-off, weekdays, countries and whether it is offered, of every service."""
    return list(conn.execute(_services))


def time_zones(conn: Connection) -> dict[int, str]:
    """The time zone of each warehouse."""
    return {row[0]: row[1] for row in conn.execute(_zones)}


def put_service(conn: Connection, code: str, row: Mapping[str, Any], known: bool) -> None:
    """Keeps a service, or replaces what is known of it."""
    if known:
        conn.execute(_change_service, {"of": code, **{f"new_{name}": value for name, value in row.items()}})
    else:
        conn.execute(_add_service, {"code": code, **row})


_key: Final = sa.select(sa.literal(1)).where(
    command.c.stream == sa.bindparam("of", type_=sa.SmallInteger()),
    command.c.scope == sa.bindparam("scope"),
    command.c.id == sa.bindparam("key"),
)


def key_known(conn: Connection, stream: int, scope: str, key: str) -> bool:
    """Whether a command with this key was done before."""
    return conn.execute(_key, {"of": stream, "scope": scope, "key": key}).first() is not None


# --- the order -----------------------------------------------------------------------------------------------------


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
    released: bool
    cancelled_at: datetime | None


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
    order.c.captured_minor, order.c.released, order.c.cancelled_at,
)  # fmt: skip
_order: Final = sa.select(*_ORDER).where(order.c.id == _id("order"))
_by_number: Final = sa.select(order.c.id).where(order.c.number == sa.bindparam("number", type_=sa.BigInteger()))
_by_reference: Final = sa.select(order.c.id, order.c.number, order.c.status, order.c.cutoff_at).where(
    order.c.channel == sa.bindparam("channel"), order.c.external_ref == sa.bindparam("external_ref")
)
_LINE: Final[tuple[sa.Column[Any], ...]] = (
    order_line.c.id, order_line.c.position, order_line.c.item_id, order_line.c.ordered, order_line.c.cancelled,
    order_line.c.price_minor,
)  # fmt: skip
_lines: Final = sa.select(*_LINE).where(order_line.c.order_id == _id("order")).order_by(order_line.c.position)

_add_order: Final = sa.insert(order)
_add_lines: Final = sa.insert(order_line)
_set_status: Final = (
    sa.update(order)
    .where(order.c.id == _id("of"))
    .values(status=sa.bindparam("new_status"), version=order.c.version + 1)
)
_set_released: Final = (
    sa.update(order).where(order.c.id == _id("of")).values(released=sa.bindparam("new", type_=sa.Boolean()))
)
_set_cancelled: Final = (
    sa.update(order).where(order.c.id == _id("of")).values(cancelled_at=sa.bindparam("at", type_=Utc()))
)
_set_payment: Final = (
    sa.update(order)
    .where(order.c.id == _id("of"))
    .values(
        payment=sa.bindparam("new_payment"),
        payment_token=sa.bindparam("new_token"),
        authorised_until=sa.bindparam("until", type_=Utc()),
        captured_minor=sa.bindparam("captured", type_=sa.BigInteger()),
    )
)
_cancel_line: Final = (
    sa.update(order_line)
    .where(order_line.c.id == _id("of"))
    .values(cancelled=sa.bindparam("new_cancelled", type_=sa.Integer()))
)


_all_orders: Final = sa.select(order.c.id).order_by(order.c.number)


def all_orders(conn: Connection) -> list[UUID]:
    """The ids of all orders by number."""
    return list(conn.execute(_all_orders).scalars())


def order_of(conn: Connection, order_id: UUID) -> Order | None:
    """An order's facts."""
    row = conn.execute(_order, {"order": order_id}).one_or_none()
    return None if row is None else Order(*row)


def id_of(conn: Connection, number: int) -> UUID | None:
    """The id of the order with this number."""
    return conn.execute(_by_number, {"number": number}).scalar_one_or_none()


def by_reference(conn: Connection, channel: str, external_ref: str) -> tuple[UUID, int, str, datetime] | None:
    """Id, number, status and cut-off of the order that a channel calls this."""
    row = conn.execute(_by_reference, {"channel": channel, "external_ref": external_ref}).one_or_none()
    return None if row is None else (row[0], row[1], row[2], row[3])


def lines_of(conn: Connection, order_id: UUID) -> list[Line]:
    """The lines of an order by position."""
    return [Line(*row) for row in conn.execute(_lines, {"order": order_id})]


def add_order(conn: Connection, row: dict[str, Any], lines: Sequence[dict[str, Any]]) -> None:
    """Keeps an order with its lines."""
    conn.execute(_add_order, row)
    conn.execute(_add_lines, lines)


def set_status(conn: Connection, order_id: UUID, status: str) -> None:
    """Keeps the derived status."""
    conn.execute(_set_status, {"of": order_id, "new_status": status})


def set_released(conn: Connection, order_id: UUID, released: bool) -> None:
    """Whether a warehouse has it."""
    conn.execute(_set_released, {"of": order_id, "new": released})


def set_cancelled(conn: Connection, order_id: UUID, at: datetime) -> None:
    """When it was cancelled."""
    conn.execute(_set_cancelled, {"of": order_id, "at": at})


def set_payment(
    conn: Connection, order_id: UUID, payment: str, token: str, until: datetime | None, captured: int
) -> None:
    """What payments reports down."""
    values = {"of": order_id, "new_payment": payment, "new_token": token, "until": until, "captured": captured}
    conn.execute(_set_payment, values)


def cancel_line(conn: Connection, line_id: UUID, cancelled: int) -> None:
    """How many units were cancelled before a warehouse had them."""
    conn.execute(_cancel_line, {"of": line_id, "new_cancelled": cancelled})


# --- promises ------------------------------------------------------------------------------------------------------

_promised: Final = (
    sa.select(promise.c.item_id, sa.func.sum(promise.c.quantity))
    .where(
        promise.c.for_warehouse == _WAREHOUSE,
        promise.c.item_id.in_(sa.bindparam("items", type_=Id(), expanding=True)),
    )
    .group_by(promise.c.item_id)
)
_promises: Final = (
    sa.select(promise.c.line_id, promise.c.quantity)
    .join(order_line, order_line.c.id == promise.c.line_id)
    .where(order_line.c.order_id == _id("order"))
)
_add_promises: Final = sa.insert(promise)
_drop_promises: Final = sa.delete(promise).where(
    promise.c.line_id.in_(sa.select(order_line.c.id).where(order_line.c.order_id == _id("order")))
)


def promised(conn: Connection, number: int, items: Iterable[UUID]) -> dict[UUID, int]:
    """Units of these items that are promised out of a warehouse."""
    wanted = list(items)
    rows = conn.execute(_promised, {"warehouse": number, "items": wanted}) if wanted else ()
    return {row[0]: int(row[1]) for row in rows}


def promises_of(conn: Connection, order_id: UUID) -> dict[UUID, int]:
    """Units promised to each line of an order."""
    return {row[0]: row[1] for row in conn.execute(_promises, {"order": order_id})}


def add_promises(conn: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Keeps promises."""
    if rows:
        conn.execute(_add_promises, rows)


def drop_promises(conn: Connection, order_id: UUID) -> None:
    """Frees what was promised to an order."""
    conn.execute(_drop_promises, {"order": order_id})


# --- holds ---------------------------------------------------------------------------------------------------------


class Hold(NamedTuple):
    """A hold's row."""

    id: UUID
    order: UUID
    reason: str
    detail: Any
    state: str
    placed_at: datetime
    placed_by: str
    released_at: datetime | None
    released_by: str | None
    release_note: str | None


_HOLD: Final[tuple[sa.Column[Any], ...]] = (
    order_hold.c.id, order_hold.c.order_id, order_hold.c.reason, order_hold.c.detail, order_hold.c.state,
    order_hold.c.placed_at, order_hold.c.placed_by, order_hold.c.released_at, order_hold.c.released_by,
    order_hold.c.release_note,
)  # fmt: skip
_hold: Final = sa.select(*_HOLD).where(order_hold.c.id == _id("hold"))
_holds: Final = sa.select(*_HOLD).where(order_hold.c.order_id == _id("order")).order_by(order_hold.c.placed_at)
_add_holds: Final = sa.insert(order_hold)
_end_hold: Final = (
    sa.update(order_hold)
    .where(order_hold.c.id == _id("of"))
    .values(
        state=sa.bindparam("new_state"),
        released_at=sa.bindparam("at", type_=Utc()),
        released_by=sa.bindparam("by"),
        release_note=sa.bindparam("note"),
    )
)


def hold_of(conn: Connection, hold_id: UUID) -> Hold | None:
    """A hold."""
    row = conn.execute(_hold, {"hold": hold_id}).one_or_none()
    return None if row is None else Hold(*row)


def holds_of(conn: Connection, order_id: UUID) -> list[Hold]:
    """All holds of an order, the oldest first."""
    return [Hold(*row) for row in conn.execute(_holds, {"order": order_id})]


def add_holds(conn: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Keeps holds."""
    if rows:
        conn.execute(_add_holds, rows)


def end_hold(conn: Connection, hold_id: UUID, state: str, at: datetime, by: str, note: str) -> None:
    """Keeps how a hold ended."""
    conn.execute(_end_hold, {"of": hold_id, "new_state": state, "at": at, "by": by, "note": note})


# --- fulfilments ---------------------------------------------------------------------------------------------------


class Part(NamedTuple):
    """A fulfilment's row."""

    id: UUID
    warehouse: int
    order: UUID
    wave: UUID | None
    service: str
    cutoff_at: datetime
    held: bool
    visible: bool
    status: str


class PartLine(NamedTuple):
    """A fulfilment line's row."""

    id: UUID
    part: UUID
    order_line: UUID
    position: int
    item: UUID
    backorder_reason: str | None
    backorder_expected: date | None
    facts: Facts


_PART: Final[tuple[sa.Column[Any], ...]] = (
    fulfilment.c.id, fulfilment.c.warehouse_id, fulfilment.c.order_id, fulfilment.c.wave_id, fulfilment.c.service,
    fulfilment.c.cutoff_at, fulfilment.c.held, fulfilment.c.visible, fulfilment.c.status,
)  # fmt: skip
_PART_LINE: Final[tuple[sa.Column[Any], ...]] = (
    fulfilment_line.c.id, fulfilment_line.c.fulfilment_id, fulfilment_line.c.order_line_id,
    fulfilment_line.c.position, fulfilment_line.c.item_id, fulfilment_line.c.backorder_reason,
    fulfilment_line.c.backorder_expected, *_facts,
)  # fmt: skip
_MINE: Final = fulfilment_line.alias("mine")

_parts: Final = sa.select(*_PART).where(fulfilment.c.order_id == _id("order")).order_by(fulfilment.c.id)
_part_lines: Final = (
    sa.select(*_PART_LINE)
    .join(fulfilment, fulfilment.c.id == fulfilment_line.c.fulfilment_id)
    .where(
        fulfilment.c.order_id == _id("order"),
        fulfilment_line.c.warehouse_id == fulfilment.c.warehouse_id,
    )
    .order_by(fulfilment_line.c.position, fulfilment_line.c.id)
)
_part_by_id: Final = sa.select(*_PART).where(fulfilment.c.id == _id("part"), fulfilment.c.warehouse_id.in_(_WAREHOUSES))
_lines_of_part: Final = (
    sa.select(*_PART_LINE)
    .where(fulfilment_line.c.fulfilment_id == _id("part"), fulfilment_line.c.warehouse_id.in_(_WAREHOUSES))
    .order_by(fulfilment_line.c.position)
)
_around: Final = Prepared(
    sa.select(*_PART, *_PART_LINE)
    .select_from(_MINE)
    .join(fulfilment, fulfilment.c.id == _MINE.c.fulfilment_id)
    .join(fulfilment_line, fulfilment_line.c.fulfilment_id == fulfilment.c.id)
    .where(
        _MINE.c.id == _id("line"),
        _MINE.c.warehouse_id == _WAREHOUSE,
        fulfilment.c.warehouse_id == _MINE.c.warehouse_id,
        fulfilment_line.c.warehouse_id == _MINE.c.warehouse_id,
    )
)
_of_wave: Final = (
    sa.select(*_PART, *_facts)
    .join(fulfilment_line, fulfilment_line.c.fulfilment_id == fulfilment.c.id)
    .where(
        fulfilment.c.warehouse_id == _WAREHOUSE,
        fulfilment_line.c.warehouse_id == _WAREHOUSE,
        fulfilment.c.wave_id == _id("wave"),
    )
)
_add_part: Final = sa.insert(fulfilment)
_add_part_lines: Final = sa.insert(fulfilment_line)
_set_part: Final = Prepared(
    sa.update(fulfilment)
    .where(fulfilment.c.id == _id("of"), fulfilment.c.warehouse_id == _WAREHOUSE)
    .values(
        status=sa.bindparam("new_status"),
        held=sa.bindparam("now_held", type_=sa.Boolean()),
        visible=sa.bindparam("now_visible", type_=sa.Boolean()),
        version=fulfilment.c.version + 1,
    )
)
_show_parts: Final = (
    sa.update(fulfilment)
    .where(
        fulfilment.c.id.in_(sa.bindparam("ids", type_=Id(), expanding=True)), fulfilment.c.warehouse_id == _WAREHOUSE
    )
    .values(status=sa.bindparam("new_status"), visible=True, version=fulfilment.c.version + 1)
)
_set_facts: Final = Prepared(
    sa.update(fulfilment_line)
    .where(fulfilment_line.c.id == _id("of"), fulfilment_line.c.warehouse_id == _WAREHOUSE)
    .values(
        {
            **{fulfilment_line.c[name]: sa.bindparam(f"new_{name}", type_=sa.Integer()) for name in FACTS},
            fulfilment_line.c.backorder_reason: sa.bindparam("reason"),
            fulfilment_line.c.backorder_expected: sa.bindparam("expected", type_=sa.Date()),
            fulfilment_line.c.version: fulfilment_line.c.version + 1,
        }
    )
)
_shipped: Final = (
    sa.select(
        sa.func.coalesce(sa.func.sum(fulfilment_line.c.shipped), 0),
        sa.func.coalesce(sa.func.sum(fulfilment_line.c.shipped * order_line.c.price_minor), 0),
    )
    .join(order_line, order_line.c.id == fulfilment_line.c.order_line_id)
    .where(order_line.c.order_id == _id("order"))
)
_P: Final = len(_PART)


def _part_line(row: Sequence[Any]) -> PartLine:
    return PartLine(*(*row[:7], Facts(*row[7:])))


def parts_of(conn: Connection, order_id: UUID) -> list[Part]:
    """The fulfilments of an order, the oldest first."""
    return [Part(*row) for row in conn.execute(_parts, {"order": order_id})]


def part_lines_of(conn: Connection, order_id: UUID) -> list[PartLine]:
    """The lines of all fulfilments of an order."""
    return [_part_line(row) for row in conn.execute(_part_lines, {"order": order_id})]


def part_of(conn: Connection, part_id: UUID, warehouses: Iterable[int]) -> Part | None:
    """A fulfilment of one of these warehouses."""
    row = conn.execute(_part_by_id, {"part": part_id, "warehouses": sorted(warehouses)}).one_or_none()
    return None if row is None else Part(*row)


def lines_of_part(conn: Connection, part_id: UUID, warehouses: Iterable[int]) -> list[PartLine]:
    """The lines of one fulfilment."""
    values = {"part": part_id, "warehouses": sorted(warehouses)}
    return [_part_line(row) for row in conn.execute(_lines_of_part, values)]


def around(conn: Connection, line_id: UUID, warehouses: Iterable[int]) -> tuple[Part, list[PartLine]] | None:
    """The fulfilment that a line belongs to, with all its lines: one statement, for the hot path."""
    for number in sorted(warehouses, reverse=True):
        if rows := _around.rows(conn, {"line": line_id, "warehouse": number}):
            return Part(*rows[0][:_P]), [_part_line(row[_P:]) for row in rows]
    return None


def parts_of_wave(conn: Connection, number: int, wave: UUID) -> list[tuple[Part, list[Facts]]]:
    """The fulfilments of a wave, each with the facts of its lines."""
    found: dict[UUID, tuple[Part, list[Facts]]] = {}
    for row in conn.execute(_of_wave, {"warehouse": number, "wave": wave}):
        found.setdefault(row[0], (Part(*row[:_P]), []))[1].append(Facts(*row[_P:]))
    return list(found.values())


def add_part(conn: Connection, row: dict[str, Any], lines: Sequence[dict[str, Any]]) -> None:
    """Keeps a fulfilment with its lines."""
    conn.execute(_add_part, row)
    conn.execute(_add_part_lines, lines)


def set_part(conn: Connection, part: Part, status: str, *, held: bool, visible: bool) -> None:
    """Keeps a fulfilment's derived status, and whether it is held and on the floor."""
    values = {"of": part.id, "warehouse": part.warehouse, "new_status": status, "now_held": held,
              "now_visible": visible}  # fmt: skip
    _set_part.change(conn, values)


def show_parts(conn: Connection, number: int, ids: Sequence[UUID], status: str) -> None:
    """Puts fulfilments on the floor, with the status that they have there."""
    for at in range(0, len(ids), 500):
        conn.execute(_show_parts, {"ids": ids[at : at + 500], "warehouse": number, "new_status": status})


def set_facts(
    conn: Connection, line_id: UUID, number: int, facts: Facts, reason: str | None, expected: date | None
) -> None:
    """Keeps a line's facts."""
    values: dict[str, Any] = {f"new_{name}": getattr(facts, name) for name in FACTS}
    _set_facts.change(conn, {**values, "of": line_id, "warehouse": number, "reason": reason, "expected": expected})


def shipped(conn: Connection, order_id: UUID) -> tuple[int, int]:
    """How many units of an order have shipped, and what they cost in minor units."""
    units, value = conn.execute(_shipped, {"order": order_id}).one()
    return int(units), int(value)


# --- timelines -----------------------------------------------------------------------------------------------------


class Entry(NamedTuple):
    """A row of either timeline; `part` and `line` are None for the order's own."""

    id: int
    part: UUID | None
    line: UUID | None
    at: datetime
    what: str
    params: dict[str, Any]
    who: str
    device: str | None
    why: str | None
    command: UUID


_add_entries: Final = sa.insert(order_timeline)
_add_part_entries: Final = sa.insert(fulfilment_timeline)
_add_part_entry: Final = Prepared(_add_part_entries)
_entries: Final[sa.Select[*tuple[Any, ...]]] = (
    sa.select(
        order_timeline.c.id, sa.null(), sa.null(), order_timeline.c.at, order_timeline.c.what, order_timeline.c.params,
        order_timeline.c.who, order_timeline.c.device, order_timeline.c.why, order_timeline.c.command_id,
    )
    .where(order_timeline.c.order_id == _id("order"))
    .order_by(order_timeline.c.id)
)  # fmt: skip
_part_entries: Final[sa.Select[*tuple[Any, ...]]] = (
    sa.select(
        fulfilment_timeline.c.id, fulfilment_timeline.c.fulfilment_id, fulfilment_timeline.c.line_id,
        fulfilment_timeline.c.at, fulfilment_timeline.c.what, fulfilment_timeline.c.params,
        fulfilment_timeline.c.who, fulfilment_timeline.c.device, fulfilment_timeline.c.why,
        fulfilment_timeline.c.command_id,
    )
    .join(fulfilment, fulfilment.c.id == fulfilment_timeline.c.fulfilment_id)
    .where(
        fulfilment.c.order_id == _id("order"),
        fulfilment_timeline.c.warehouse_id == fulfilment.c.warehouse_id,
    )
    .order_by(fulfilment_timeline.c.id)
)  # fmt: skip
_devices: Final = sa.select(device.c.id, device.c.name).where(
    device.c.id.in_(sa.bindparam("ids", type_=Id(), expanding=True))
)


def add_entries(conn: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Tells something about an order."""
    if rows:
        conn.execute(_add_entries, rows)


def add_part_entry(conn: Connection, row: dict[str, Any]) -> None:
    """Tells something about a fulfilment."""
    _add_part_entry.later(conn, row)


def add_part_entries(conn: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Tells something about many fulfilments."""
    if rows:
        conn.execute(_add_part_entries, rows)


def entries_of(conn: Connection, order_id: UUID) -> list[Entry]:
    """Everything told about an order and its fulfilments, each of the two in its own order."""
    own = [Entry(*row) for row in conn.execute(_entries, {"order": order_id})]
    parts = [Entry(*row) for row in conn.execute(_part_entries, {"order": order_id})]
    return own + parts


def device_names(conn: Connection, ids: Iterable[UUID]) -> dict[UUID, str]:
    """What these devices are called."""
    wanted = list(set(ids))
    return {row[0]: row[1] for row in conn.execute(_devices, {"ids": wanted})} if wanted else {}


# --- lists and the page --------------------------------------------------------------------------------------------


class Head(NamedTuple):
    """What only the order's page shows."""

    channel: str
    external_ref: str
    version: int
    captured_at: datetime
    customer: dict[str, Any]
    address: dict[str, Any]


_head: Final = sa.select(
    order.c.channel, order.c.external_ref, order.c.version, order.c.captured_at, order.c.customer, order.c.address
).where(order.c.id == _id("order"))
_ROW: Final[tuple[sa.Column[Any], ...]] = (
    order.c.id, order.c.number, order.c.channel, order.c.external_ref, order.c.status, order.c.service,
    order.c.cutoff_at, order.c.captured_at, order.c.total_minor, order.c.currency,
    order.c.customer, order.c.address, order.c.warehouse_id,
)  # fmt: skip

FILTERS: Final[dict[str, sa.ColumnElement[bool]]] = {
    "after": order.c.number < sa.bindparam("after", type_=sa.BigInteger()),
    "status": order.c.status == sa.bindparam("status"),
    "channel": order.c.channel == sa.bindparam("channel"),
    "service": order.c.service == sa.bindparam("service"),
    "warehouse": order.c.warehouse_id == _WAREHOUSE,
    "cutoff_from": order.c.cutoff_at >= sa.bindparam("cutoff_from", type_=Utc()),
    "cutoff_until": order.c.cutoff_at <= sa.bindparam("cutoff_until", type_=Utc()),
}
"""What a list may be narrowed by."""


@lru_cache(maxsize=256)
def _list(filters: frozenset[str]) -> sa.Select[*tuple[Any, ...]]:
    narrowed = (FILTERS[name] for name in sorted(filters))
    return sa.select(*_ROW).where(*narrowed).order_by(order.c.number.desc()).limit(sa.bindparam("most"))


def head_of(conn: Connection, order_id: UUID) -> Head:
    """What only the page shows."""
    return Head(*conn.execute(_head, {"order": order_id}).one())


def page(conn: Connection, filters: Mapping[str, Any], most: int) -> list[OrderRow]:
    """At most `most` orders, the newest first; `filters` by the names of FILTERS, None: not asked for."""
    given = {name: value for name, value in filters.items() if value is not None}
    rows = conn.execute(_list(frozenset(given)), {**given, "most": most})
    named = service_names(conn)
    return [
        OrderRow(*(*row[:10], row[10]["name"], row[11]["country"], row[12], named.get(row[5], row[5]))) for row in rows
    ]
