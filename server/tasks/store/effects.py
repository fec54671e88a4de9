"""Why: what a command did is kept, so that it can be taken back as long as nothing else was built on it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from server.db.binds import WAREHOUSE, id_
from server.db.prepared import Prepared
from server.tasks.models import floor_effect, task
from server.tasks.store.tasks import Task


class StoredEffect(NamedTuple):
    """What a command did, and whether it was taken back."""

    command: UUID
    kind: str
    task: UUID | None
    carton: UUID | None
    person: UUID | None
    at: datetime
    effect: dict[str, Any]
    undone_by: UUID | None


_NEW_EFFECT: Final = Prepared(sa.insert(floor_effect))
_EFFECT: Final = sa.select(
    floor_effect.c.command_id,
    floor_effect.c.kind,
    floor_effect.c.task_id,
    floor_effect.c.carton_id,
    floor_effect.c.person_id,
    floor_effect.c.at,
    floor_effect.c.effect,
    floor_effect.c.undone_by,
).where(floor_effect.c.command_id == id_("command"), floor_effect.c.warehouse_id == WAREHOUSE)
_LATER_EFFECTS: Final = (
    sa.select(sa.func.count())
    .select_from(floor_effect)
    .where(
        floor_effect.c.task_id == id_("task"),
        floor_effect.c.warehouse_id == WAREHOUSE,
        floor_effect.c.undone_by.is_(None),
        floor_effect.c.at > sa.bindparam("since", type_=floor_effect.c.at.type),
    )
)
_PICKED_INTO: Final = (
    sa.select(floor_effect.c.task_id, floor_effect.c.effect)
    .select_from(floor_effect.join(task, floor_effect.c.task_id == task.c.id))
    .where(
        task.c.line_id == id_("line"),
        task.c.warehouse_id == WAREHOUSE,
        floor_effect.c.kind == "pick",
        floor_effect.c.undone_by.is_(None),
    )
    .order_by(floor_effect.c.at, floor_effect.c.command_id)
)
_NEEDED_SINCE: Final = (
    sa.select(sa.func.count())
    .select_from(floor_effect.join(task, floor_effect.c.task_id == task.c.id))
    .where(
        task.c.warehouse_id == WAREHOUSE,
        task.c.bin_id == id_("bin"),
        task.c.item_id == id_("item"),
        floor_effect.c.kind.in_(("pick", "short")),
        floor_effect.c.undone_by.is_(None),
        floor_effect.c.command_id != id_("command"),
        floor_effect.c.at >= sa.bindparam("since", type_=floor_effect.c.at.type),
    )
)
_MARK_UNDONE: Final = (
    sa.update(floor_effect)
    .where(floor_effect.c.command_id == id_("of_command"), floor_effect.c.warehouse_id == WAREHOUSE)
    .values(undone_by=id_("by_command"))
)


def add(conn: sa.Connection, row: dict[str, Any]) -> None:
    """Keeps what a command did."""
    _NEW_EFFECT.change(conn, row)


def of_command(conn: sa.Connection, warehouse: int, command_id: UUID) -> StoredEffect | None:
    """What a command did."""
    row = conn.execute(_EFFECT, {"command": command_id, "warehouse": warehouse}).one_or_none()
    return None if row is None else StoredEffect(*row)


def later(conn: sa.Connection, warehouse: int, task_id: UUID, since: datetime) -> bool:
    """Whether something else happened on the task after that moment and still stands."""
    values = {"task": task_id, "warehouse": warehouse, "since": since}
    return bool(conn.execute(_LATER_EFFECTS, values).scalar_one())


def picked_into(conn: sa.Connection, warehouse: int, line_id: UUID) -> list[tuple[UUID, dict[str, Any]]]:
    """The task and the effect of each pick for a line that still stands, the oldest first."""
    return [(row[0], row[1]) for row in conn.execute(_PICKED_INTO, {"line": line_id, "warehouse": warehouse})]


def needed_since(conn: sa.Connection, warehouse: int, short: Task, effect: StoredEffect) -> bool:
    """Whether somebody else may rely on the count that a short opened: a later pick or short at the same stock."""
    values = {"warehouse": warehouse, "bin": short.bin, "item": short.item}
    found = conn.execute(_NEEDED_SINCE, {**values, "command": effect.command, "since": effect.at})
    return bool(found.scalar_one())


def mark_undone(conn: sa.Connection, warehouse: int, command_id: UUID, by: UUID) -> None:
    """The command's effect no longer stands."""
    conn.execute(_MARK_UNDONE, {"of_command": command_id, "warehouse": warehouse, "by_command": by})
