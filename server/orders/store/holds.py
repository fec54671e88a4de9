"""Why: why an order waits, who said so, and how it ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from server.db.binds import id_
from server.db.types import Utc
from server.orders.models import order_hold


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
_hold: Final = sa.select(*_HOLD).where(order_hold.c.id == id_("hold"))
_holds: Final = sa.select(*_HOLD).where(order_hold.c.order_id == id_("order")).order_by(order_hold.c.placed_at)
_add_holds: Final = sa.insert(order_hold)
_end_hold: Final = (
    sa.update(order_hold)
    .where(order_hold.c.id == id_("of"))
    .values(
        state=sa.bindparam("new_state"),
        released_at=sa.bindparam("at", type_=Utc()),
        released_by=sa.bindparam("by"),
        release_note=sa.bindparam("note"),
    )
)


def by_id(conn: Connection, hold_id: UUID) -> Hold | None:
    """A hold."""
    row = conn.execute(_hold, {"hold": hold_id}).one_or_none()
    return None if row is None else Hold(*row)


def of_order(conn: Connection, order_id: UUID) -> list[Hold]:
    """All holds of an order, the oldest first."""
    return [Hold(*row) for row in conn.execute(_holds, {"order": order_id})]


def add(conn: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Keeps holds."""
    if rows:
        conn.execute(_add_holds, rows)


def end(conn: Connection, hold_id: UUID, state: str, at: datetime, by: str, note: str) -> None:
    """Keeps how a hold ended."""
    conn.execute(_end_hold, {"of": hold_id, "new_state": state, "at": at, "by": by, "note": note})
