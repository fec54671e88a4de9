"""Why: what is promised to one order is no other's, until a warehouse is given it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from server.db.binds import WAREHOUSE, id_
from server.db.types import Id
from server.orders.models import order_line, promise

_promised: Final = (
    sa.select(promise.c.item_id, sa.func.sum(promise.c.quantity))
    .where(
        promise.c.for_warehouse == WAREHOUSE,
        promise.c.item_id.in_(sa.bindparam("items", type_=Id(), expanding=True)),
    )
    .group_by(promise.c.item_id)
)
_promises: Final = (
    sa.select(promise.c.line_id, promise.c.quantity)
    .join(order_line, order_line.c.id == promise.c.line_id)
    .where(order_line.c.order_id == id_("order"))
)
_add_promises: Final = sa.insert(promise)
_drop_promises: Final = sa.delete(promise).where(
    promise.c.line_id.in_(sa.select(order_line.c.id).where(order_line.c.order_id == id_("order")))
)


def promised(conn: Connection, number: int, items: Iterable[UUID]) -> dict[UUID, int]:
    """Units of these items that are promised out of a warehouse."""
    wanted = list(items)
    rows = conn.execute(_promised, {"warehouse": number, "items": wanted}) if wanted else ()
    return {row[0]: int(row[1]) for row in rows}


def of_order(conn: Connection, order_id: UUID) -> dict[UUID, int]:
    """Units promised to each line of an order."""
    return {row[0]: row[1] for row in conn.execute(_promises, {"order": order_id})}


def add(conn: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Keeps promises."""
    if rows:
        conn.execute(_add_promises, rows)


def drop(conn: Connection, order_id: UUID) -> None:
    """Frees what was promised to an order."""
    conn.execute(_drop_promises, {"order": order_id})
