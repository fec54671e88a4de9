"""Why: what a warehouse was given of an order, and the facts of its lines; every scan changes one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from server.db.binds import WAREHOUSE, id_, padded
from server.db.prepared import Prepared
from server.db.types import Id
from server.orders.models import fulfilment, fulfilment_line, order_line
from server.orders.rules import FACTS, Facts


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


_facts: Final = tuple(fulfilment_line.c[name] for name in FACTS)
_PART: Final[tuple[sa.Column[Any], ...]] = (
    fulfilment.c.id, fulfilment.c.warehouse_id, fulfilment.c.order_id, fulfilment.c.wave_id, fulfilment.c.service,
    fulfilment.c.cutoff_at, fulfilment.c.held, fulfilment.c.visible, fulfilment.c.status,
)  # fmt: skip
_PART_LINE: Final[tuple[sa.Column[Any], ...]] = (
    fulfilment_line.c.id, fulfilment_line.c.fulfilment_id, fulfilment_line.c.order_line_id,
    fulfilment_line.c.position, fulfilment_line.c.item_id, fulfilment_line.c.backorder_reason,
    fulfilment_line.c.backorder_expected, *_facts,
)  # fmt: skip
_WAREHOUSES: Final = sa.bindparam("warehouses", type_=sa.SmallInteger(), expanding=True)
_MINE: Final = fulfilment_line.alias("mine")
_P: Final = len(_PART)
_parts: Final = sa.select(*_PART).where(fulfilment.c.order_id == id_("order")).order_by(fulfilment.c.id)
_PART_LINES: Final = (
    sa.select(*_PART_LINE)
    .join(fulfilment, fulfilment.c.id == fulfilment_line.c.fulfilment_id)
    .where(fulfilment_line.c.warehouse_id == fulfilment.c.warehouse_id)
    .order_by(fulfilment_line.c.position, fulfilment_line.c.id)
)
_part_lines: Final = _PART_LINES.where(fulfilment.c.order_id == id_("order"))
_part_lines_of_many: Final = _PART_LINES.where(
    fulfilment.c.order_id.in_(sa.bindparam("orders", type_=Id(), expanding=True))
)
_part_by_id: Final = sa.select(*_PART).where(fulfilment.c.id == id_("part"), fulfilment.c.warehouse_id.in_(_WAREHOUSES))
_lines_of_part: Final = (
    sa.select(*_PART_LINE)
    .where(fulfilment_line.c.fulfilment_id == id_("part"), fulfilment_line.c.warehouse_id.in_(_WAREHOUSES))
    .order_by(fulfilment_line.c.position)
)
_around: Final = Prepared(
    sa.select(*_PART, *_PART_LINE)
    .select_from(_MINE)
    .join(fulfilment, fulfilment.c.id == _MINE.c.fulfilment_id)
    .join(fulfilment_line, fulfilment_line.c.fulfilment_id == fulfilment.c.id)
    .where(
        _MINE.c.id == id_("line"),
        _MINE.c.warehouse_id == WAREHOUSE,
        fulfilment.c.warehouse_id == _MINE.c.warehouse_id,
        fulfilment_line.c.warehouse_id == _MINE.c.warehouse_id,
    )
)
_of_wave: Final = (
    sa.select(*_PART, *_facts)
    .join(fulfilment_line, fulfilment_line.c.fulfilment_id == fulfilment.c.id)
    .where(
        fulfilment.c.warehouse_id == WAREHOUSE,
        fulfilment_line.c.warehouse_id == WAREHOUSE,
        fulfilment.c.wave_id == id_("wave"),
    )
)
_shipped: Final = (
    sa.select(
        sa.func.coalesce(sa.func.sum(fulfilment_line.c.shipped), 0),
        sa.func.coalesce(sa.func.sum(fulfilment_line.c.shipped * order_line.c.price_minor), 0),
    )
    .join(order_line, order_line.c.id == fulfilment_line.c.order_line_id)
    .where(order_line.c.order_id == id_("order"))
)
_add_part: Final = sa.insert(fulfilment)
_add_part_lines: Final = sa.insert(fulfilment_line)
_set_part: Final = Prepared(
    sa.update(fulfilment)
    .where(fulfilment.c.id == id_("of"), fulfilment.c.warehouse_id == WAREHOUSE)
    .values(
        status=sa.bindparam("new_status"),
        held=sa.bindparam("now_held", type_=sa.Boolean()),
        visible=sa.bindparam("now_visible", type_=sa.Boolean()),
        version=fulfilment.c.version + 1,
    )
)
_set_service: Final = (
    sa.update(fulfilment)
    .where(fulfilment.c.id == id_("of"), fulfilment.c.warehouse_id == WAREHOUSE)
    .values(
        service=sa.bindparam("new"), cutoff_at=sa.bindparam("at", type_=fulfilment.c.cutoff_at.type),
        version=fulfilment.c.version + 1,
    )
)  # fmt: skip
_show_parts: Final = (
    sa.update(fulfilment)
    .where(fulfilment.c.id.in_(sa.bindparam("ids", type_=Id(), expanding=True)), fulfilment.c.warehouse_id == WAREHOUSE)
    .values(status=sa.bindparam("new_status"), visible=True, version=fulfilment.c.version + 1)
)
_set_facts: Final = Prepared(
    sa.update(fulfilment_line)
    .where(fulfilment_line.c.id == id_("of"), fulfilment_line.c.warehouse_id == WAREHOUSE)
    .values(
        {
            **{fulfilment_line.c[name]: sa.bindparam(f"new_{name}", type_=sa.Integer()) for name in FACTS},
            fulfilment_line.c.backorder_reason: sa.bindparam("reason"),
            fulfilment_line.c.backorder_expected: sa.bindparam("expected", type_=sa.Date()),
            fulfilment_line.c.version: fulfilment_line.c.version + 1,
        }
    )
)


def of_order(conn: Connection, order_id: UUID) -> list[Part]:
    """The fulfilments of an order, the oldest first."""
    return [Part(*row) for row in conn.execute(_parts, {"order": order_id})]


def lines_of_order(conn: Connection, order_id: UUID) -> list[PartLine]:
    """The lines of all fulfilments of an order."""
    return [_part_line(row) for row in conn.execute(_part_lines, {"order": order_id})]


def lines_of_orders(conn: Connection, order_ids: Sequence[UUID]) -> list[PartLine]:
    """The lines of all fulfilments of several orders."""
    rows = conn.execute(_part_lines_of_many, {"orders": padded(order_ids)}) if order_ids else ()
    return [_part_line(row) for row in rows]


def by_id(conn: Connection, part_id: UUID, warehouses: Iterable[int]) -> Part | None:
    """A fulfilment of one of these warehouses."""
    row = conn.execute(_part_by_id, {"part": part_id, "warehouses": sorted(warehouses)}).one_or_none()
    return None if row is None else Part(*row)


def lines_of(conn: Connection, part_id: UUID, warehouses: Iterable[int]) -> list[PartLine]:
    """The lines of one fulfilment."""
    values = {"part": part_id, "warehouses": sorted(warehouses)}
    return [_part_line(row) for row in conn.execute(_lines_of_part, values)]


def around(conn: Connection, line_id: UUID, warehouses: Iterable[int]) -> tuple[Part, list[PartLine]] | None:
    """The fulfilment that a line belongs to, with all its lines: one statement, for the hot path."""
    for number in sorted(warehouses, reverse=True):
        if rows := _around.rows(conn, {"line": line_id, "warehouse": number}):
            return Part(*rows[0][:_P]), [_part_line(row[_P:]) for row in rows]
    return None


def _part_line(row: Sequence[Any]) -> PartLine:
    return PartLine(*(*row[:7], Facts(*row[7:])))


def of_wave(conn: Connection, number: int, wave: UUID) -> list[tuple[Part, list[Facts]]]:
    """The fulfilments of a wave, each with the facts of its lines."""
    found: dict[UUID, tuple[Part, list[Facts]]] = {}
    for row in conn.execute(_of_wave, {"warehouse": number, "wave": wave}):
        found.setdefault(row[0], (Part(*row[:_P]), []))[1].append(Facts(*row[_P:]))
    return list(found.values())


def shipped(conn: Connection, order_id: UUID) -> tuple[int, int]:
    """How many units of an order have shipped, and what they cost in minor units."""
    units, value = conn.execute(_shipped, {"order": order_id}).one()
    return int(units), int(value)


def add(conn: Connection, row: dict[str, Any], lines: Sequence[dict[str, Any]]) -> None:
    """Keeps a fulfilment with its lines."""
    conn.execute(_add_part, row)
    conn.execute(_add_part_lines, lines)


def write(conn: Connection, part: Part, status: str, *, held: bool, visible: bool) -> None:
    """Keeps a fulfilment's derived status, and whether it is held and on the floor."""
    values = {"of": part.id, "warehouse": part.warehouse, "new_status": status, "now_held": held,
              "now_visible": visible}  # fmt: skip
    _set_part.change(conn, values)


def show(conn: Connection, number: int, ids: Sequence[UUID], status: str) -> None:
    """Puts fulfilments on the floor, with the status that they have there."""
    for at in range(0, len(ids), 500):
        conn.execute(_show_parts, {"ids": ids[at : at + 500], "warehouse": number, "new_status": status})


def set_service(conn: Connection, part: Part, code: str, cutoff_at: datetime) -> None:
    """By which service a fulfilment goes, and by when it must be on its truck."""
    conn.execute(_set_service, {"of": part.id, "warehouse": part.warehouse, "new": code, "at": cutoff_at})


def set_facts(
    conn: Connection, line_id: UUID, number: int, facts: Facts, reason: str | None, expected: date | None
) -> None:
    """Keeps a line's facts."""
    values: dict[str, Any] = {f"new_{name}": getattr(facts, name) for name in FACTS}
    _set_facts.change(conn, {**values, "of": line_id, "warehouse": number, "reason": reason, "expected": expected})
