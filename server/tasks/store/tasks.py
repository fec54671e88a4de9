"""Why: what is to be done at one bin is one row; a fact reads it with all it needs in one statement."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from server.db.binds import WAREHOUSE, id_
from server.db.prepared import Prepared
from server.inventory.models import lpn
from server.locations.models import bin
from server.orders.models import fulfilment
from server.tasks.models import task, tour, tour_slot


class Task(NamedTuple):
    """A task with what a fact needs to know of its tour, slot, order and bin."""

    id: UUID
    kind: str
    state: str
    tour: UUID | None
    slot: int | None
    position: int
    fulfilment: UUID | None
    line: UUID | None
    quant: UUID | None
    bin: UUID
    lpn: UUID | None
    item: UUID
    lot: str
    expiry: date | None
    quantity: int
    done: int
    short: int
    version: int
    bin_code: str
    tour_state: str | None
    tour_person: UUID | None
    order_number: int | None
    slot_lpn: UUID | None
    slot_tote: str | None

    @property
    def left(self) -> int:
        """Base units still to do."""
        return max(0, self.quantity - self.done - self.short) if self.state == "open" else 0


_TASK_COLUMNS: Final = (
    task.c.id,
    task.c.kind,
    task.c.state,
    task.c.tour_id,
    task.c.slot,
    task.c.position,
    task.c.fulfilment_id,
    task.c.line_id,
    task.c.quant_id,
    task.c.bin_id,
    task.c.lpn_id,
    task.c.item_id,
    task.c.lot,
    task.c.expiry,
    task.c.quantity,
    task.c.done,
    task.c.short,
    task.c.version,
    bin.c.code,
    tour.c.state,
    tour.c.person_id,
    fulfilment.c.number,
    tour_slot.c.lpn_id,
    lpn.c.code,
)
_TASKS_JOINED: Final = (
    task.join(bin, task.c.bin_id == bin.c.id)
    .outerjoin(tour, task.c.tour_id == tour.c.id)
    .outerjoin(fulfilment, task.c.fulfilment_id == fulfilment.c.id)
    .outerjoin(tour_slot, sa.and_(tour_slot.c.tour_id == task.c.tour_id, tour_slot.c.slot == task.c.slot))
    .outerjoin(lpn, tour_slot.c.lpn_id == lpn.c.id)
)
_TASKS: Final = sa.select(*_TASK_COLUMNS).select_from(_TASKS_JOINED).where(task.c.warehouse_id == WAREHOUSE)
_TASK: Final = Prepared(_TASKS.where(task.c.id == id_("task")))
_ON_QUANT: Final = _TASKS.where(
    task.c.quant_id == id_("quant"), task.c.state.in_(("open", "waiting")), task.c.kind == "pick"
).order_by(task.c.id)
_OF_FULFILMENT: Final = _TASKS.where(task.c.fulfilment_id == id_("fulfilment")).order_by(task.c.id)
_OF_LINE: Final = _TASKS.where(task.c.line_id == id_("line")).order_by(task.c.id)
_OF_TOUR: Final = Prepared(_TASKS.where(task.c.tour_id == id_("tour")).order_by(task.c.position, task.c.id))
_COUNT_OPEN: Final = (
    sa.select(task.c.id)
    .where(
        task.c.warehouse_id == WAREHOUSE,
        task.c.kind == "count",
        task.c.state == "open",
        task.c.bin_id == id_("bin"),
        task.c.item_id == id_("item"),
    )
    .limit(1)
)
_OPEN_PUT_BACKS: Final = sa.select(sa.func.coalesce(sa.func.sum(task.c.quantity - task.c.done), 0)).where(
    task.c.warehouse_id == WAREHOUSE,
    task.c.kind == "put_back",
    task.c.state == "open",
    task.c.lpn_id == id_("lpn"),
    task.c.item_id == id_("item"),
    task.c.lot == sa.bindparam("lot"),
)
_TO_TAKE_OUT: Final = sa.select(sa.func.coalesce(sa.func.sum(task.c.quantity - task.c.done), 0)).where(
    task.c.warehouse_id == WAREHOUSE,
    task.c.kind == "put_back",
    task.c.state == "open",
    task.c.lpn_id == id_("lpn"),
)
_LEFT_ON_TOUR: Final = Prepared(
    sa.select(sa.func.count())
    .select_from(task)
    .where(task.c.tour_id == id_("tour"), task.c.warehouse_id == WAREHOUSE, task.c.state == "open")
)
_SPOTS: Final = (
    sa.select(task.c.position, bin.c.x_mm, bin.c.y_mm)
    .select_from(task.join(bin, task.c.bin_id == bin.c.id))
    .where(task.c.tour_id == id_("tour"), task.c.warehouse_id == WAREHOUSE, task.c.state == "open")
    .order_by(task.c.position, task.c.id)
)
_LAST_POSITION: Final = sa.select(sa.func.coalesce(sa.func.max(task.c.position), 0)).where(
    task.c.tour_id == id_("tour"), task.c.warehouse_id == WAREHOUSE
)
_LAST_LOOSE: Final = sa.select(sa.func.coalesce(sa.func.max(task.c.position), 0)).where(
    task.c.warehouse_id == WAREHOUSE, task.c.kind == "count", task.c.state == "open", task.c.tour_id.is_(None)
)
_NEW_TASK: Final = sa.insert(task)
_PROGRESS: Final = Prepared(
    sa.update(task)
    .where(task.c.id == id_("of_task"), task.c.warehouse_id == WAREHOUSE)
    .values(
        state=sa.bindparam("to_state"),
        quantity=sa.bindparam("to_quantity"),
        done=sa.bindparam("to_done"),
        short=sa.bindparam("to_short"),
        position=sa.bindparam("to_position"),
        reason=sa.func.coalesce(sa.bindparam("because", type_=sa.Text()), task.c.reason),
        done_at=sa.bindparam("ended", type_=task.c.done_at.type),
        person_id=id_("by_person"),
        version=task.c.version + 1,
    )
)
_LEAVE_TOUR: Final = (
    sa.update(task)
    .where(task.c.id == id_("of_task"), task.c.warehouse_id == WAREHOUSE)
    .values(tour_id=sa.null(), slot=sa.null())
)
_OPEN_PICKS: Final = (
    sa.select(task.c.quant_id, sa.func.sum(task.c.quantity - task.c.done - task.c.short))
    .where(task.c.kind == "pick", task.c.state.in_(("open", "waiting")))
    .group_by(task.c.quant_id)
)


def by_id(conn: sa.Connection, warehouse: int, task_id: UUID) -> Task | None:
    """A task of this warehouse."""
    row = _TASK.one(conn, {"task": task_id, "warehouse": warehouse})
    return None if row is None else Task._make(row)


def picks_on(conn: sa.Connection, warehouse: int, quant_id: UUID) -> list[Task]:
    """The open pick tasks that are reserved on a quant."""
    return [Task._make(row) for row in conn.execute(_ON_QUANT, {"quant": quant_id, "warehouse": warehouse})]


def of_line(conn: sa.Connection, warehouse: int, line_id: UUID) -> list[Task]:
    """All tasks of a fulfilment line, the oldest first."""
    return [Task._make(row) for row in conn.execute(_OF_LINE, {"line": line_id, "warehouse": warehouse})]


def of_fulfilment(conn: sa.Connection, warehouse: int, fulfilment_id: UUID) -> list[Task]:
    """All tasks of a fulfilment, the oldest first."""
    values = {"fulfilment": fulfilment_id, "warehouse": warehouse}
    return [Task._make(row) for row in conn.execute(_OF_FULFILMENT, values)]


def of_tour(conn: sa.Connection, warehouse: int, tour_id: UUID) -> list[Task]:
    """All tasks of a tour in walking order."""
    return [Task._make(row) for row in _OF_TOUR.rows(conn, {"tour": tour_id, "warehouse": warehouse})]


def open_count(conn: sa.Connection, warehouse: int, bin_id: UUID, item_id: UUID) -> UUID | None:
    """The count that is already open for these goods."""
    values = {"warehouse": warehouse, "bin": bin_id, "item": item_id}
    return conn.execute(_COUNT_OPEN, values).scalar_one_or_none()


def open_put_backs(conn: sa.Connection, warehouse: int, lpn_id: UUID, item_id: UUID, lot: str) -> int:
    """Units of these goods that are already to go back out of a tote."""
    values = {"warehouse": warehouse, "lpn": lpn_id, "item": item_id, "lot": lot}
    return int(conn.execute(_OPEN_PUT_BACKS, values).scalar_one())


def to_take_out(conn: sa.Connection, warehouse: int, lpn_id: UUID) -> int:
    """Units that are to go back out of a tote or carton."""
    return int(conn.execute(_TO_TAKE_OUT, {"warehouse": warehouse, "lpn": lpn_id}).scalar_one())


def left_on_tour(conn: sa.Connection, warehouse: int, tour_id: UUID) -> int:
    """How many tasks of a tour are open."""
    return int(_LEFT_ON_TOUR.one(conn, {"tour": tour_id, "warehouse": warehouse})[0])


def open_spots(conn: sa.Connection, warehouse: int, tour_id: UUID) -> list[tuple[int, int, int]]:
    """Position and place of a tour's open stops in walking order."""
    return [(row[0], row[1], row[2]) for row in conn.execute(_SPOTS, {"tour": tour_id, "warehouse": warehouse})]


def last_position(conn: sa.Connection, warehouse: int, tour_id: UUID) -> int:
    """The highest position on a tour."""
    return int(conn.execute(_LAST_POSITION, {"tour": tour_id, "warehouse": warehouse}).scalar_one())


def last_loose(conn: sa.Connection, warehouse: int) -> int:
    """The highest position of the open counts that are on no tour."""
    return int(conn.execute(_LAST_LOOSE, {"warehouse": warehouse}).scalar_one())


def add(conn: sa.Connection, rows: list[dict[str, Any]]) -> None:
    """New tasks."""
    if rows:
        conn.execute(_NEW_TASK, rows)


def write(
    conn: sa.Connection,
    warehouse: int,
    before: Task,
    *,
    state: str,
    by: UUID | None,
    quantity: int | None = None,
    done: int | None = None,
    short: int | None = None,
    position: int | None = None,
    reason: str | None = None,
    ended: datetime | None = None,
) -> None:
    """Writes what changed of a task; the rest stays as `before` has it and its version moves on."""
    _PROGRESS.change(
        conn,
        {
            "of_task": before.id,
            "warehouse": warehouse,
            "to_state": state,
            "to_quantity": before.quantity if quantity is None else quantity,
            "to_done": before.done if done is None else done,
            "to_short": before.short if short is None else short,
            "to_position": before.position if position is None else position,
            "because": reason,
            "ended": ended,
            "by_person": by,
        },
    )


def leave_tour(conn: sa.Connection, warehouse: int, task_id: UUID) -> None:
    """The task belongs to no tour any more: whoever is free may do it."""
    conn.execute(_LEAVE_TOUR, {"of_task": task_id, "warehouse": warehouse})


def open_picks(conn: sa.Connection) -> Iterable[tuple[UUID | None, int]]:
    """Open pick quantity by quant."""
    return [(row[0], int(row[1])) for row in conn.execute(_OPEN_PICKS)]
