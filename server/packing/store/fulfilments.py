"""Why: what the bench needs of an order: whether it may be packed, and how large its goods are."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from server.catalog.models import item
from server.db.binds import WAREHOUSE, id_
from server.orders.models import carrier_service, fulfilment, fulfilment_line, order


class Part(NamedTuple):
    """A fulfilment as the bench needs it."""

    id: UUID
    order: UUID
    number: int
    status: str
    held: bool
    service: str
    cutoff_at: datetime
    split: str
    service_name: str


_PART: Final = (
    sa.select(
        fulfilment.c.id,
        fulfilment.c.order_id,
        fulfilment.c.number,
        fulfilment.c.status,
        fulfilment.c.held,
        fulfilment.c.service,
        fulfilment.c.cutoff_at,
        order.c.split,
        sa.func.coalesce(carrier_service.c.name, fulfilment.c.service),
    )
    .select_from(
        fulfilment.join(order, fulfilment.c.order_id == order.c.id).outerjoin(
            carrier_service, carrier_service.c.code == fulfilment.c.service
        )
    )
    .where(fulfilment.c.warehouse_id == WAREHOUSE, fulfilment.c.id == id_("fulfilment"))
)


class Sized(NamedTuple):
    """A line with the measures of its item."""

    line: UUID
    item: UUID
    picked: int
    packed: int
    length_mm: int
    width_mm: int
    height_mm: int
    weight_g: int


_SIZES: Final = (
    sa.select(
        fulfilment_line.c.id,
        fulfilment_line.c.item_id,
        fulfilment_line.c.picked,
        fulfilment_line.c.packed,
        item.c.length_mm,
        item.c.width_mm,
        item.c.height_mm,
        item.c.weight_g,
    )
    .select_from(fulfilment_line.join(item, fulfilment_line.c.item_id == item.c.id))
    .where(fulfilment_line.c.fulfilment_id == id_("fulfilment"), fulfilment_line.c.warehouse_id == WAREHOUSE)
    .order_by(fulfilment_line.c.position)
)


def by_id(conn: sa.Connection, of: int, fulfilment_id: UUID) -> Part | None:
    """A fulfilment of this warehouse."""
    row = conn.execute(_PART, {"warehouse": of, "fulfilment": fulfilment_id}).one_or_none()
    return None if row is None else Part._make(row)


def sized_lines(conn: sa.Connection, of: int, fulfilment_id: UUID) -> list[Sized]:
    """The lines of a fulfilment with their measures."""
    rows = conn.execute(_SIZES, {"warehouse": of, "fulfilment": fulfilment_id})
    return [Sized._make(row) for row in rows]
