"""Why: what lines say is packed, what was scanned into cartons and what the ledger has there, side by side."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from server.inventory.models import quant
from server.orders.models import fulfilment_line
from server.packing.models import carton, carton_item
from server.tasks.models import task

_LINES_PACKED: Final = (
    sa.select(carton_item.c.line_id, sa.func.sum(carton_item.c.quantity))
    .select_from(carton_item.join(carton, carton_item.c.carton_id == carton.c.id))
    .where(carton.c.state != "voided")
    .group_by(carton_item.c.line_id)
)
_FACTS_PACKED: Final = sa.select(fulfilment_line.c.id, fulfilment_line.c.packed).where(fulfilment_line.c.packed > 0)
_SCANNED: Final = (
    sa.select(
        carton.c.sscc, carton.c.state, carton_item.c.item_id, carton_item.c.lot, sa.func.sum(carton_item.c.quantity)
    )
    .select_from(carton_item.join(carton, carton_item.c.carton_id == carton.c.id))
    .where(carton.c.state != "voided")
    .group_by(carton.c.sscc, carton.c.state, carton_item.c.item_id, carton_item.c.lot)
)
_LYING: Final = (
    sa.select(carton.c.sscc, carton.c.state, quant.c.item_id, quant.c.lot, sa.func.sum(quant.c.on_hand))
    .select_from(carton.join(quant, quant.c.lpn_id == carton.c.lpn_id))
    .where(carton.c.state != "voided", quant.c.on_hand != 0)
    .group_by(carton.c.sscc, carton.c.state, quant.c.item_id, quant.c.lot)
)
_GOING: Final = (
    sa.select(carton.c.sscc, carton.c.state, task.c.item_id, task.c.lot, sa.func.sum(task.c.quantity - task.c.done))
    .select_from(carton.join(task, task.c.lpn_id == carton.c.lpn_id))
    .where(carton.c.state != "voided", task.c.kind == "put_back", task.c.state.in_(("open", "waiting")))
    .group_by(carton.c.sscc, carton.c.state, task.c.item_id, task.c.lot)
)
Goods = tuple[str, str, UUID, str]
"""A carton's SSCC and state, an item and its lot."""


def packed_by_line(conn: sa.Connection) -> Iterable[tuple[UUID, int]]:
    """Units in cartons by line."""
    return [(row[0], int(row[1])) for row in conn.execute(_LINES_PACKED)]


def packed_facts(conn: sa.Connection) -> Iterable[tuple[UUID, int]]:
    """Units that lines say are packed."""
    return [(row[0], int(row[1])) for row in conn.execute(_FACTS_PACKED)]


def scanned_goods(conn: sa.Connection) -> dict[Goods, int]:
    """What was scanned into cartons."""
    return {(row[0], row[1], row[2], row[3]): int(row[4]) for row in conn.execute(_SCANNED) if row[4]}


def going_goods(conn: sa.Connection) -> dict[Goods, int]:
    """What is to be taken out of cartons again."""
    return {(row[0], row[1], row[2], row[3]): int(row[4]) for row in conn.execute(_GOING) if row[4]}


def lying_goods(conn: sa.Connection) -> dict[Goods, int]:
    """What lies in cartons by the ledger."""
    return {(row[0], row[1], row[2], row[3]): int(row[4]) for row in conn.execute(_LYING) if row[4]}
