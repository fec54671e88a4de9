"""Why: why an order waits, who said so, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from server.db.binds import WAREHOUSE, among, id_, padded
from server.db.prepared import Prepared
from server.db.types import Utc
from server.orders.lifecycle import HOLD
from server.orders.models import order, order_hold


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
    owner: str
    due_at: datetime
    escalated_at: datetime | None
    rule: dict[str, Any] | None


_HOLD: Final[tuple[sa.Column[Any], ...]] = (
    order_hold.c.id, order_hold.c.order_id, order_hold.c.reason, order_hold.c.detail, order_hold.c.state,
    order_hold.c.placed_at, order_hold.c.placed_by, order_hold.c.released_at, order_hold.c.released_by,
    order_hold.c.release_note, order_hold.c.owner, order_hold.c.due_at, order_hold.c.escalated_at, order_hold.c.rule,
)  # fmt: skip
_hold: Final = sa.select(*_HOLD).where(order_hold.c.id == id_("hold"))
_holds: Final = sa.select(*_HOLD).where(order_hold.c.order_id == id_("order")).order_by(order_hold.c.placed_at)
_open: Final = (
    sa.select(order_hold.c.order_id, order_hold.c.reason)
    .where(
        among(order_hold.c.order_id, "orders"),
        order_hold.c.state == HOLD.initial,
    )
    .order_by(order_hold.c.placed_at, order_hold.c.id)
)
_by_rules: Final = sa.select(order_hold.c.order_id, order_hold.c.rule).where(
    among(order_hold.c.order_id, "orders"), order_hold.c.rule.is_not(None)
)
_add_holds: Final = Prepared(sa.insert(order_hold))
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


_late: Final = (
    sa.select(order_hold.c.id)
    .where(
        order_hold.c.state == HOLD.initial,
        order_hold.c.due_at <= sa.bindparam("now", type_=Utc()),
        order_hold.c.escalated_at.is_(None),
    )
    .order_by(order_hold.c.due_at)
    .limit(sa.bindparam("most"))
)
_next_due: Final = sa.select(sa.func.min(order_hold.c.due_at)).where(
    order_hold.c.state == HOLD.initial, order_hold.c.escalated_at.is_(None)
)
_escalate: Final = (
    sa.update(order_hold).where(order_hold.c.id == id_("of")).values(escalated_at=sa.bindparam("at", type_=Utc()))
)


# --- the queue -----------------------------------------------------------------------------------------------------


class Waiting(NamedTuple):
    """An open hold with what a queue shows of its order."""

    id: UUID
    reason: str
    rule: dict[str, Any] | None
    owner: str
    placed_at: datetime
    due_at: datetime
    escalated_at: datetime | None
    placed_by: str
    detail: Any
    number: int
    status: str
    warehouse: int
    customer: dict[str, Any]
    total_minor: int
    currency: str
    payment: str


_QUEUED: Final[tuple[sa.Column[Any], ...]] = (
    order_hold.c.id, order_hold.c.reason, order_hold.c.rule, order_hold.c.owner, order_hold.c.placed_at,
    order_hold.c.due_at, order_hold.c.escalated_at, order_hold.c.placed_by, order_hold.c.detail, order.c.number,
    order.c.status, order.c.warehouse_id, order.c.customer, order.c.total_minor, order.c.currency, order.c.payment,
)  # fmt: skip
_before: Final = order_hold.alias("before")
_AFTER: Final = sa.select(_before.c.due_at).where(_before.c.id == id_("after")).scalar_subquery()
FILTERS: Final[dict[str, sa.ColumnElement[bool]]] = {
    "after": sa.or_(
        order_hold.c.due_at > _AFTER, sa.and_(order_hold.c.due_at == _AFTER, order_hold.c.id > id_("after"))
    ),
    "reason": order_hold.c.reason == sa.bindparam("of_reason"),
    "owner": order_hold.c.owner == sa.bindparam("of_owner"),
    "due_before": order_hold.c.due_at <= sa.bindparam("due_before", type_=Utc()),
    "placed_before": order_hold.c.placed_at <= sa.bindparam("placed_before", type_=Utc()),
    "escalated": order_hold.c.escalated_at.is_not(None),
    "warehouse": order.c.warehouse_id == WAREHOUSE,
}
"""What the queue may be narrowed by."""


@lru_cache(maxsize=256)
def _queue(filters: frozenset[str]) -> sa.Select[*tuple[Any, ...]]:
    narrowed = (FILTERS[name] for name in sorted(filters))
    return (
        sa.select(*_QUEUED)
        .join(order, order.c.id == order_hold.c.order_id)
        .where(order_hold.c.state == HOLD.initial, *narrowed)
        .order_by(order_hold.c.due_at, order_hold.c.id)
        .limit(sa.bindparam("most"))
    )


_counts: Final = (
    sa.select(
        sa.func.count(),
        sa.func.coalesce(
            sa.func.sum(sa.case((order_hold.c.due_at <= sa.bindparam("now", type_=Utc()), 1), else_=0)), 0
        ),
    ).where(order_hold.c.state == HOLD.initial)
)  # fmt: skip
_NAMES: Final = {"reason": "of_reason", "owner": "of_owner"}


def queue(conn: Connection, filters: Mapping[str, Any], most: int) -> list[Waiting]:
    """Open holds, the one that is due first at the top; `filters` by the names of FILTERS, None: not asked for."""
    given = {name: value for name, value in filters.items() if value is not None}
    values = {_NAMES.get(name, name): value for name, value in given.items()}
    return [Waiting(*row) for row in conn.execute(_queue(frozenset(given)), {**values, "most": most})]


def counts(conn: Connection, now: datetime) -> tuple[int, int]:
    """How many holds are open, and how many of them are due."""
    row = conn.execute(_counts, {"now": now}).one()
    return int(row[0]), int(row[1])


def late(conn: Connection, now: datetime, most: int) -> list[UUID]:
    """Open holds that are due and were not escalated."""
    return list(conn.execute(_late, {"now": now, "most": most}).scalars())


def next_due(conn: Connection) -> datetime | None:
    """When the next open hold is due that was not escalated."""
    due: datetime | None = conn.execute(_next_due).scalar_one()
    return due


def escalate(conn: Connection, hold_id: UUID, at: datetime) -> None:
    """Keeps when a hold was escalated."""
    conn.execute(_escalate, {"of": hold_id, "at": at})


# --- one hold ------------------------------------------------------------------------------------------------------


def by_id(conn: Connection, hold_id: UUID) -> Hold | None:
    """A hold."""
    row = conn.execute(_hold, {"hold": hold_id}).one_or_none()
    return None if row is None else Hold(*row)


def of_order(conn: Connection, order_id: UUID) -> list[Hold]:
    """All holds of an order, the oldest first."""
    return [Hold(*row) for row in conn.execute(_holds, {"order": order_id})]


def by_rules(conn: Connection, order_ids: Sequence[UUID]) -> dict[UUID, set[tuple[str, str]]]:
    """The rules, by kind and English name, that have ever held these orders."""
    found: dict[UUID, set[tuple[str, str]]] = {}
    for order_id, rule in conn.execute(_by_rules, {"orders": list(order_ids)}) if order_ids else ():
        found.setdefault(order_id, set()).add((rule["kind"], rule["name"]["en"]))
    return found


def standing(conn: Connection, order_ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """The reasons for which these orders are held now; orders without any are left out."""
    found: dict[UUID, list[str]] = {}
    for order_id, reason in conn.execute(_open, {"orders": padded(order_ids)}) if order_ids else ():
        found.setdefault(order_id, []).append(reason)
    return found


def add(conn: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Keeps holds."""
    if rows:
        _add_holds.change_all(conn, rows)


def end(conn: Connection, hold_id: UUID, state: str, at: datetime, by: str, note: str) -> None:
    """Keeps how a hold ended."""
    conn.execute(_end_hold, {"of": hold_id, "new_state": state, "at": at, "by": by, "note": note})
