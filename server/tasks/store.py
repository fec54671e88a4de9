"""Why: every statement of the floor's work, built once; a scan runs a handful of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from server.auth.models import person
from server.db.prepared import Prepared
from server.db.types import Id
from server.inventory.models import lpn, quant
from server.locations.models import bin
from server.orders.models import fulfilment
from server.tasks.models import (
    cart,
    device_stream,
    fact_aside,
    floor_effect,
    task,
    tote,
    tour,
    tour_slot,
)


def _id(name: str) -> sa.BindParameter[UUID]:
    return sa.bindparam(name, type_=Id())


_WAREHOUSE: Final = sa.bindparam("warehouse", type_=sa.SmallInteger())


# --- the device's sequence


_ADVANCE: Final = Prepared(
    sa.update(device_stream)
    .where(
        device_stream.c.device_id == _id("device"),
        device_stream.c.epoch == sa.bindparam("of_epoch"),
        device_stream.c.warehouse_id == _WAREHOUSE,
        device_stream.c.high_water == sa.bindparam("before"),
    )
    .values(high_water=sa.bindparam("seq"), seen_at=sa.bindparam("now"))
)
_HIGH_WATER: Final = sa.select(device_stream.c.high_water).where(
    device_stream.c.device_id == _id("device"),
    device_stream.c.epoch == sa.bindparam("of_epoch"),
    device_stream.c.warehouse_id == _WAREHOUSE,
)
_OTHER_EPOCHS: Final = (
    sa.select(sa.func.count())
    .select_from(device_stream)
    .where(device_stream.c.device_id == _id("device"), device_stream.c.warehouse_id == _WAREHOUSE)
)
_OPEN_EPOCH: Final = sa.insert(device_stream)


def advance_sequence(conn: sa.Connection, warehouse: int, device: UUID, epoch: str, seq: int, now: datetime) -> bool:
    """Moves the high-water mark from seq − 1 to seq; whether it was there."""
    values = {"device": device, "of_epoch": epoch, "warehouse": warehouse, "before": seq - 1, "seq": seq, "now": now}
    return _ADVANCE.change(conn, values) == 1


def high_water(conn: sa.Connection, warehouse: int, device: UUID, epoch: str) -> int | None:
    """The highest sequence number taken from this storage; None for an unknown epoch."""
    values = {"device": device, "of_epoch": epoch, "warehouse": warehouse}
    return conn.execute(_HIGH_WATER, values).scalar_one_or_none()


def has_other_epoch(conn: sa.Connection, warehouse: int, device: UUID) -> bool:
    """Whether the device has spoken before, from other storage."""
    return bool(conn.execute(_OTHER_EPOCHS, {"device": device, "warehouse": warehouse}).scalar_one())


def open_epoch(conn: sa.Connection, warehouse: int, device: UUID, epoch: str, seq: int, now: datetime) -> None:
    """The first command of new storage."""
    row = {"device_id": device, "epoch": epoch, "warehouse_id": warehouse, "high_water": seq}
    conn.execute(_OPEN_EPOCH, {**row, "opened_at": now, "seen_at": now})


_ASIDE: Final = sa.insert(fact_aside)


def set_aside(conn: sa.Connection, row: dict[str, Any]) -> None:
    """Keeps a fact for a supervisor, unbooked."""
    conn.execute(_ASIDE, row)


# --- tours


class Tour(NamedTuple):
    """A tour's row."""

    id: UUID
    number: int
    wave: UUID | None
    state: str
    cart: UUID | None
    person: UUID | None
    lease_until: datetime | None
    version: int


_TOUR: Final = sa.select(
    tour.c.id,
    tour.c.number,
    tour.c.wave_id,
    tour.c.state,
    tour.c.cart_id,
    tour.c.person_id,
    tour.c.lease_until,
    tour.c.version,
).where(tour.c.id == _id("tour"), tour.c.warehouse_id == _WAREHOUSE)
_SET_TOUR: Final = (
    sa.update(tour)
    .where(tour.c.id == _id("of_tour"), tour.c.warehouse_id == _WAREHOUSE)
    .values(
        state=sa.bindparam("to_state"),
        person_id=_id("by_person"),
        device_id=_id("by_device"),
        lease_until=sa.bindparam("until", type_=tour.c.lease_until.type),
        cart_id=_id("with_cart"),
        version=tour.c.version + 1,
        finished_at=sa.bindparam("ended", type_=tour.c.finished_at.type),
    )
)
_TOUCH: Final = Prepared(
    sa.update(tour)
    .where(tour.c.id == _id("of_tour"), tour.c.warehouse_id == _WAREHOUSE)
    .values(version=tour.c.version + 1)
)
_PERSON_NAME: Final = sa.select(person.c.name).where(person.c.id == _id("person"))


def tour_by_id(conn: sa.Connection, warehouse: int, tour_id: UUID) -> Tour | None:
    """A tour of this warehouse."""
    row = conn.execute(_TOUR, {"tour": tour_id, "warehouse": warehouse}).one_or_none()
    return None if row is None else Tour(*row)


def set_tour(
    conn: sa.Connection,
    warehouse: int,
    tour_id: UUID,
    *,
    state: str,
    by: UUID | None,
    device: UUID | None,
    until: datetime | None,
    cart_id: UUID | None,
    ended: datetime | None = None,
) -> None:
    """Writes a tour's claim, state and cart; its version moves on."""
    values = {"of_tour": tour_id, "warehouse": warehouse, "to_state": state, "by_person": by, "by_device": device}
    conn.execute(_SET_TOUR, {**values, "until": until, "with_cart": cart_id, "ended": ended})


def touch_tour(conn: sa.Connection, warehouse: int, tour_id: UUID) -> None:
    """Something of the tour changed: its version moves on."""
    _TOUCH.later(conn, {"of_tour": tour_id, "warehouse": warehouse})


def person_name(conn: sa.Connection, person_id: UUID | None) -> str:
    """What to call someone in an answer."""
    return conn.execute(_PERSON_NAME, {"person": person_id}).scalar_one_or_none() or "?"


class Worker(NamedTuple):
    """Whether somebody works here, where, and as what."""

    active: bool
    warehouse: int | None
    roles: tuple[str, ...]


_WORKER: Final = sa.select(person.c.active, person.c.warehouse_id, person.c.roles).where(person.c.id == _id("person"))


def worker(conn: sa.Connection, person_id: UUID) -> Worker | None:
    """A person by id."""
    row = conn.execute(_WORKER, {"person": person_id}).one_or_none()
    return None if row is None else Worker(row[0], row[1], tuple(row[2]))


# --- carts, slots and totes


_CART: Final = sa.select(cart.c.id, cart.c.slots, cart.c.tour_id).where(
    cart.c.warehouse_id == _WAREHOUSE, cart.c.code == sa.bindparam("code")
)
_SET_CART: Final = (
    sa.update(cart)
    .where(cart.c.id == _id("of_cart"), cart.c.warehouse_id == _WAREHOUSE)
    .values(tour_id=_id("for_tour"))
)
_FREE_CARTS: Final = (
    sa.update(cart).where(cart.c.tour_id == _id("of_tour"), cart.c.warehouse_id == _WAREHOUSE).values(tour_id=sa.null())
)
_SLOTS: Final = (
    sa.select(tour_slot.c.id, tour_slot.c.slot, tour_slot.c.fulfilment_id, tour_slot.c.lpn_id, lpn.c.code)
    .select_from(tour_slot.outerjoin(lpn, tour_slot.c.lpn_id == lpn.c.id))
    .where(tour_slot.c.tour_id == _id("tour"), tour_slot.c.warehouse_id == _WAREHOUSE)
    .order_by(tour_slot.c.slot)
)
_SET_SLOT: Final = (
    sa.update(tour_slot)
    .where(tour_slot.c.id == _id("of_slot"), tour_slot.c.warehouse_id == _WAREHOUSE)
    .values(lpn_id=_id("with_lpn"))
)
_TOTE: Final = (
    sa.select(tote.c.lpn_id, tote.c.state, tote.c.tour_id)
    .select_from(tote.join(lpn, tote.c.lpn_id == lpn.c.id))
    .where(lpn.c.warehouse_id == _WAREHOUSE, lpn.c.code == sa.bindparam("code"))
)
_SET_TOTE: Final = (
    sa.update(tote)
    .where(tote.c.lpn_id == _id("of_lpn"), tote.c.warehouse_id == _WAREHOUSE)
    .values(state=sa.bindparam("to_state"), tour_id=_id("for_tour"), station_id=_id("at_station"))
)
_BUSY_TOTES: Final = (
    sa.select(lpn.c.code)
    .select_from(tote.join(lpn, tote.c.lpn_id == lpn.c.id))
    .where(tote.c.warehouse_id == _WAREHOUSE, tote.c.state != "empty")
    .order_by(lpn.c.code)
)
_LPN_HOLDS: Final = (
    sa.select(sa.func.count())
    .select_from(quant)
    .where(quant.c.lpn_id == _id("lpn"), quant.c.warehouse_id == _WAREHOUSE, quant.c.on_hand > 0)
)


class Cart(NamedTuple):
    """A cart's row."""

    id: UUID
    slots: int
    tour: UUID | None


class Slot(NamedTuple):
    """A slot of a tour's cart: whose goods go there and, once scanned, into which tote."""

    id: UUID
    slot: int
    fulfilment: UUID
    lpn: UUID | None
    tote: str | None


class Tote(NamedTuple):
    """A tote's row."""

    lpn: UUID
    state: str
    tour: UUID | None


def cart_by_code(conn: sa.Connection, warehouse: int, code: str) -> Cart | None:
    """A cart of this warehouse by its barcode."""
    row = conn.execute(_CART, {"warehouse": warehouse, "code": code}).one_or_none()
    return None if row is None else Cart(*row)


def give_cart(conn: sa.Connection, warehouse: int, cart_id: UUID, tour_id: UUID) -> None:
    """The cart goes with this tour."""
    conn.execute(_SET_CART, {"of_cart": cart_id, "warehouse": warehouse, "for_tour": tour_id})


def free_carts(conn: sa.Connection, warehouse: int, tour_id: UUID) -> None:
    """No cart goes with this tour any more."""
    conn.execute(_FREE_CARTS, {"of_tour": tour_id, "warehouse": warehouse})


def slots(conn: sa.Connection, warehouse: int, tour_id: UUID) -> list[Slot]:
    """The slots of a tour in order."""
    return [Slot(*row) for row in conn.execute(_SLOTS, {"tour": tour_id, "warehouse": warehouse})]


def set_slot(conn: sa.Connection, warehouse: int, slot_id: UUID, lpn_id: UUID) -> None:
    """This tote stands in that slot."""
    conn.execute(_SET_SLOT, {"of_slot": slot_id, "warehouse": warehouse, "with_lpn": lpn_id})


def tote_by_code(conn: sa.Connection, warehouse: int, code: str) -> Tote | None:
    """A tote of this warehouse by its barcode."""
    row = conn.execute(_TOTE, {"warehouse": warehouse, "code": code}).one_or_none()
    return None if row is None else Tote(*row)


def set_tote(
    conn: sa.Connection,
    warehouse: int,
    lpn_id: UUID,
    state: str,
    tour_id: UUID | None,
    station_id: UUID | None = None,
) -> None:
    """Writes a tote's state, tour and place."""
    values = {"of_lpn": lpn_id, "warehouse": warehouse, "to_state": state, "for_tour": tour_id}
    conn.execute(_SET_TOTE, {**values, "at_station": station_id})


def busy_totes(conn: sa.Connection, warehouse: int) -> list[str]:
    """The totes that are not free to take, for the device's own judgement."""
    return list(conn.execute(_BUSY_TOTES, {"warehouse": warehouse}).scalars())


def holds_goods(conn: sa.Connection, warehouse: int, lpn_id: UUID) -> bool:
    """Whether a tote holds anything."""
    return bool(conn.execute(_LPN_HOLDS, {"lpn": lpn_id, "warehouse": warehouse}).scalar_one())


# --- tasks


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
_TASKS: Final = sa.select(*_TASK_COLUMNS).select_from(_TASKS_JOINED).where(task.c.warehouse_id == _WAREHOUSE)
_TASK: Final = Prepared(_TASKS.where(task.c.id == _id("task")))
_ON_QUANT: Final = _TASKS.where(
    task.c.quant_id == _id("quant"), task.c.state.in_(("open", "waiting")), task.c.kind == "pick"
).order_by(task.c.id)
_OF_FULFILMENT: Final = _TASKS.where(task.c.fulfilment_id == _id("fulfilment")).order_by(task.c.id)
_OF_LINE: Final = _TASKS.where(task.c.line_id == _id("line")).order_by(task.c.id)
_OF_TOUR: Final = Prepared(_TASKS.where(task.c.tour_id == _id("tour")).order_by(task.c.position, task.c.id))
_COUNT_OPEN: Final = (
    sa.select(task.c.id)
    .where(
        task.c.warehouse_id == _WAREHOUSE,
        task.c.kind == "count",
        task.c.state == "open",
        task.c.bin_id == _id("bin"),
        task.c.item_id == _id("item"),
    )
    .limit(1)
)
_LEFT_ON_TOUR: Final = Prepared(
    sa.select(sa.func.count())
    .select_from(task)
    .where(task.c.tour_id == _id("tour"), task.c.warehouse_id == _WAREHOUSE, task.c.state == "open")
)
_PROGRESS: Final = Prepared(
    sa.update(task)
    .where(task.c.id == _id("of_task"), task.c.warehouse_id == _WAREHOUSE)
    .values(
        state=sa.bindparam("to_state"),
        quantity=sa.bindparam("to_quantity"),
        done=sa.bindparam("to_done"),
        short=sa.bindparam("to_short"),
        position=sa.bindparam("to_position"),
        reason=sa.func.coalesce(sa.bindparam("because", type_=sa.Text()), task.c.reason),
        done_at=sa.bindparam("ended", type_=task.c.done_at.type),
        person_id=_id("by_person"),
        version=task.c.version + 1,
    )
)
_NEW_TASK: Final = sa.insert(task)
_SPOTS: Final = (
    sa.select(task.c.position, bin.c.x_mm, bin.c.y_mm)
    .select_from(task.join(bin, task.c.bin_id == bin.c.id))
    .where(task.c.tour_id == _id("tour"), task.c.warehouse_id == _WAREHOUSE, task.c.state == "open")
    .order_by(task.c.position, task.c.id)
)
_LAST_POSITION: Final = sa.select(sa.func.coalesce(sa.func.max(task.c.position), 0)).where(
    task.c.tour_id == _id("tour"), task.c.warehouse_id == _WAREHOUSE
)


def task_by_id(conn: sa.Connection, warehouse: int, task_id: UUID) -> Task | None:
    """A task of this warehouse."""
    row = _TASK.one(conn, {"task": task_id, "warehouse": warehouse})
    return None if row is None else Task._make(row)


def picks_on_quant(conn: sa.Connection, warehouse: int, quant_id: UUID) -> list[Task]:
    """The open pick tasks that are reserved on a quant."""
    return [Task._make(row) for row in conn.execute(_ON_QUANT, {"quant": quant_id, "warehouse": warehouse})]


def tasks_of_line(conn: sa.Connection, warehouse: int, line_id: UUID) -> list[Task]:
    """All tasks of a fulfilment line, the oldest first."""
    return [Task._make(row) for row in conn.execute(_OF_LINE, {"line": line_id, "warehouse": warehouse})]


def tasks_of_fulfilment(conn: sa.Connection, warehouse: int, fulfilment_id: UUID) -> list[Task]:
    """All tasks of a fulfilment, the oldest first."""
    values = {"fulfilment": fulfilment_id, "warehouse": warehouse}
    return [Task._make(row) for row in conn.execute(_OF_FULFILMENT, values)]


def tasks_of_tour(conn: sa.Connection, warehouse: int, tour_id: UUID) -> list[Task]:
    """All tasks of a tour in walking order."""
    return [Task._make(row) for row in _OF_TOUR.rows(conn, {"tour": tour_id, "warehouse": warehouse})]


def open_count(conn: sa.Connection, warehouse: int, bin_id: UUID, item_id: UUID) -> UUID | None:
    """The count that is already open for these goods."""
    values = {"warehouse": warehouse, "bin": bin_id, "item": item_id}
    return conn.execute(_COUNT_OPEN, values).scalar_one_or_none()


def left_on_tour(conn: sa.Connection, warehouse: int, tour_id: UUID) -> int:
    """How many tasks of a tour are open."""
    return int(_LEFT_ON_TOUR.one(conn, {"tour": tour_id, "warehouse": warehouse})[0])


def set_task(
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


def add_tasks(conn: sa.Connection, rows: list[dict[str, Any]]) -> None:
    """New tasks."""
    if rows:
        conn.execute(_NEW_TASK, rows)


def open_spots(conn: sa.Connection, warehouse: int, tour_id: UUID) -> list[tuple[int, int, int]]:
    """Position and place of a tour's open stops in walking order."""
    return [(row[0], row[1], row[2]) for row in conn.execute(_SPOTS, {"tour": tour_id, "warehouse": warehouse})]


def last_position(conn: sa.Connection, warehouse: int, tour_id: UUID) -> int:
    """The highest position on a tour."""
    return int(conn.execute(_LAST_POSITION, {"tour": tour_id, "warehouse": warehouse}).scalar_one())


# --- effects, for undo


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
).where(floor_effect.c.command_id == _id("command"), floor_effect.c.warehouse_id == _WAREHOUSE)
_LATER_EFFECTS: Final = (
    sa.select(sa.func.count())
    .select_from(floor_effect)
    .where(
        floor_effect.c.task_id == _id("task"),
        floor_effect.c.warehouse_id == _WAREHOUSE,
        floor_effect.c.undone_by.is_(None),
        floor_effect.c.at > sa.bindparam("since", type_=floor_effect.c.at.type),
    )
)
_PICKED_INTO: Final = (
    sa.select(floor_effect.c.task_id, floor_effect.c.effect)
    .select_from(floor_effect.join(task, floor_effect.c.task_id == task.c.id))
    .where(
        task.c.line_id == _id("line"),
        task.c.warehouse_id == _WAREHOUSE,
        floor_effect.c.kind == "pick",
        floor_effect.c.undone_by.is_(None),
    )
    .order_by(floor_effect.c.at, floor_effect.c.command_id)
)
_OPEN_PUT_BACKS: Final = sa.select(sa.func.coalesce(sa.func.sum(task.c.quantity - task.c.done), 0)).where(
    task.c.warehouse_id == _WAREHOUSE,
    task.c.kind == "put_back",
    task.c.state == "open",
    task.c.lpn_id == _id("lpn"),
    task.c.item_id == _id("item"),
    task.c.lot == sa.bindparam("lot"),
)
_TOTES_HOLDING: Final = (
    sa.select(quant.c.lpn_id, quant.c.lot, quant.c.expiry)
    .select_from(quant.join(tote, quant.c.lpn_id == tote.c.lpn_id))
    .where(quant.c.warehouse_id == _WAREHOUSE, quant.c.item_id == _id("item"), quant.c.on_hand > 0)
    .order_by(quant.c.lpn_id, quant.c.lot)
)
_MARK_UNDONE: Final = (
    sa.update(floor_effect)
    .where(floor_effect.c.command_id == _id("of_command"), floor_effect.c.warehouse_id == _WAREHOUSE)
    .values(undone_by=_id("by_command"))
)


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


def add_effect(conn: sa.Connection, row: dict[str, Any]) -> None:
    """Keeps what a command did."""
    _NEW_EFFECT.change(conn, row)


def effect_of(conn: sa.Connection, warehouse: int, command_id: UUID) -> StoredEffect | None:
    """What a command did."""
    row = conn.execute(_EFFECT, {"command": command_id, "warehouse": warehouse}).one_or_none()
    return None if row is None else StoredEffect(*row)


def later_effects(conn: sa.Connection, warehouse: int, task_id: UUID, since: datetime) -> bool:
    """Whether something else happened on the task after that moment and still stands."""
    values = {"task": task_id, "warehouse": warehouse, "since": since}
    return bool(conn.execute(_LATER_EFFECTS, values).scalar_one())


def picked_into(conn: sa.Connection, warehouse: int, line_id: UUID) -> list[tuple[UUID, dict[str, Any]]]:
    """The task and the effect of each pick for a line that still stands, the oldest first."""
    return [(row[0], row[1]) for row in conn.execute(_PICKED_INTO, {"line": line_id, "warehouse": warehouse})]


def open_put_backs(conn: sa.Connection, warehouse: int, lpn_id: UUID, item_id: UUID, lot: str) -> int:
    """Units of these goods that are already to go back out of a tote."""
    values = {"warehouse": warehouse, "lpn": lpn_id, "item": item_id, "lot": lot}
    return int(conn.execute(_OPEN_PUT_BACKS, values).scalar_one())


def totes_holding(conn: sa.Connection, warehouse: int, item_id: UUID) -> list[tuple[UUID, str, date | None]]:
    """The totes in which an item lies, with its lot and that lot's expiry."""
    rows = conn.execute(_TOTES_HOLDING, {"warehouse": warehouse, "item": item_id})
    return [(row[0], row[1], row[2]) for row in rows]


def mark_undone(conn: sa.Connection, warehouse: int, command_id: UUID, by: UUID) -> None:
    """The command's effect no longer stands."""
    conn.execute(_MARK_UNDONE, {"of_command": command_id, "warehouse": warehouse, "by_command": by})


_LEAVE_TOUR: Final = (
    sa.update(task)
    .where(task.c.id == _id("of_task"), task.c.warehouse_id == _WAREHOUSE)
    .values(tour_id=sa.null(), slot=sa.null())
)
_TOTE_OF: Final = sa.select(tote.c.lpn_id, tote.c.state, tote.c.tour_id).where(
    tote.c.lpn_id == _id("lpn"), tote.c.warehouse_id == _WAREHOUSE
)
_FILLED_FOR: Final = (
    sa.select(tour_slot.c.fulfilment_id)
    .select_from(tour_slot.join(tour, tour_slot.c.tour_id == tour.c.id))
    .where(tour_slot.c.lpn_id == _id("lpn"), tour_slot.c.warehouse_id == _WAREHOUSE)
    .order_by(tour.c.state == "finished", tour.c.finished_at.desc(), tour.c.number.desc())
    .limit(1)
)
_NEEDED_SINCE: Final = (
    sa.select(sa.func.count())
    .select_from(floor_effect.join(task, floor_effect.c.task_id == task.c.id))
    .where(
        task.c.warehouse_id == _WAREHOUSE,
        task.c.bin_id == _id("bin"),
        task.c.item_id == _id("item"),
        floor_effect.c.kind.in_(("pick", "short")),
        floor_effect.c.undone_by.is_(None),
        floor_effect.c.command_id != _id("command"),
        floor_effect.c.at >= sa.bindparam("since", type_=floor_effect.c.at.type),
    )
)


def leave_tour(conn: sa.Connection, warehouse: int, task_id: UUID) -> None:
    """The task belongs to no tour any more: whoever is free may do it."""
    conn.execute(_LEAVE_TOUR, {"of_task": task_id, "warehouse": warehouse})


def tote_of(conn: sa.Connection, warehouse: int, lpn_id: UUID) -> Tote | None:
    """A tote by its id; None where the licence plate is a carton's."""
    row = conn.execute(_TOTE_OF, {"lpn": lpn_id, "warehouse": warehouse}).one_or_none()
    return None if row is None else Tote(*row)


def filled_for(conn: sa.Connection, warehouse: int, lpn_id: UUID) -> UUID | None:
    """The fulfilment that a tote is being filled for, or was last; None for one that stood in no slot."""
    return conn.execute(_FILLED_FOR, {"lpn": lpn_id, "warehouse": warehouse}).scalar_one_or_none()


def needed_since(conn: sa.Connection, warehouse: int, short: Task, effect: StoredEffect) -> bool:
    """Whether somebody else may rely on the count that a short opened: a later pick or short at the same stock."""
    values = {"warehouse": warehouse, "bin": short.bin, "item": short.item}
    found = conn.execute(_NEEDED_SINCE, {**values, "command": effect.command, "since": effect.at})
    return bool(found.scalar_one())


_BIN_BY_CODE: Final = sa.select(bin.c.id, bin.c.code, bin.c.type).where(
    bin.c.warehouse_id == _WAREHOUSE, bin.c.code == sa.bindparam("code")
)
_STATUS_SUMS: Final = sa.select(quant.c.status, quant.c.on_hand, quant.c.reserved).where(
    quant.c.warehouse_id == _WAREHOUSE,
    quant.c.bin_id == _id("bin"),
    quant.c.item_id == _id("item"),
    quant.c.lot == sa.bindparam("lot"),
    quant.c.lpn_id.is_(None),
)


class Bin(NamedTuple):
    """A bin's id, code and type."""

    id: UUID
    code: str
    type: str


def bin_by_code(conn: sa.Connection, warehouse: int, code: str) -> Bin | None:
    """A bin of this warehouse by its code."""
    row = conn.execute(_BIN_BY_CODE, {"warehouse": warehouse, "code": code}).one_or_none()
    return None if row is None else Bin(*row)


def loose_stock(
    conn: sa.Connection, warehouse: int, bin_id: UUID, item_id: UUID, lot: str
) -> dict[str, tuple[int, int]]:
    """On hand and reserved by status of these goods in a bin."""
    values = {"warehouse": warehouse, "bin": bin_id, "item": item_id, "lot": lot}
    return {row[0]: (row[1], row[2]) for row in conn.execute(_STATUS_SUMS, values)}


# --- what the invariants look at


OPEN_PICKS_BY_QUANT: Final = (
    sa.select(task.c.quant_id, sa.func.sum(task.c.quantity - task.c.done - task.c.short))
    .where(task.c.kind == "pick", task.c.state.in_(("open", "waiting")))
    .group_by(task.c.quant_id)
)
RESERVED_QUANTS: Final = sa.select(quant.c.id, quant.c.reserved).where(quant.c.reserved != 0)


def open_picks(conn: sa.Connection) -> Iterable[tuple[UUID | None, int]]:
    """Open pick quantity by quant."""
    return [(row[0], int(row[1])) for row in conn.execute(OPEN_PICKS_BY_QUANT)]
