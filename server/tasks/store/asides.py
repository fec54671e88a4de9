"""Why: what the floor said and what could not be booked is kept whole, until a person has decided about it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from server.auth.models import person
from server.db.binds import WAREHOUSE, id_
from server.tasks.lifecycle import ASIDE
from server.tasks.models import fact_aside


class Aside(NamedTuple):
    """A fact that was set aside, and whose it was."""

    state: str
    device: UUID
    person: UUID | None
    name: str | None
    kind: str
    body: Any


_KEEP: Final = sa.insert(fact_aside)
_WAITING: Final = (
    sa.select(sa.func.count())
    .select_from(fact_aside)
    .where(
        fact_aside.c.device_id == id_("device"),
        fact_aside.c.warehouse_id == WAREHOUSE,
        fact_aside.c.state == ASIDE.initial,
    )
)
_BY_ID: Final = (
    sa.select(
        fact_aside.c.state,
        fact_aside.c.device_id,
        fact_aside.c.person_id,
        person.c.name,
        fact_aside.c.kind,
        fact_aside.c.body,
    )
    .select_from(fact_aside.outerjoin(person, person.c.id == fact_aside.c.person_id))
    .where(fact_aside.c.id == id_("fact"), fact_aside.c.warehouse_id == WAREHOUSE)
)
_DECIDE: Final = (
    sa.update(fact_aside)
    .where(fact_aside.c.id == id_("of_fact"), fact_aside.c.warehouse_id == WAREHOUSE)
    .values(
        state=sa.bindparam("to_state"),
        decided_at=sa.bindparam("now", type_=fact_aside.c.decided_at.type),
        decided_by=sa.bindparam("by", type_=fact_aside.c.decided_by.type),
    )
)


def waiting_of(conn: sa.Connection, warehouse: int, device: UUID) -> int:
    """How many facts of a device wait for a decision."""
    return int(conn.execute(_WAITING, {"device": device, "warehouse": warehouse}).scalar_one())


def keep(conn: sa.Connection, row: dict[str, Any]) -> None:
    """Keeps a fact for a supervisor, unbooked."""
    conn.execute(_KEEP, row)


def by_id(conn: sa.Connection, warehouse: int, fact_id: UUID) -> Aside | None:
    """A fact of this warehouse, also one about which somebody has decided."""
    row = conn.execute(_BY_ID, {"fact": fact_id, "warehouse": warehouse}).one_or_none()
    return None if row is None else Aside(*row)


def decide(conn: sa.Connection, warehouse: int, fact_id: UUID, state: str, by: UUID | None, now: datetime) -> None:
    """What was decided about it, by whom."""
    conn.execute(_DECIDE, {"of_fact": fact_id, "warehouse": warehouse, "to_state": state, "by": by, "now": now})
