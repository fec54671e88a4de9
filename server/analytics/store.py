"""Why: what a board reads of all rooms, in a few statements that stay small on a busy day; built once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection as Connection

from server.auth.models import device, person, session
from server.catalog.models import item
from server.db.binds import WAREHOUSE
from server.db.types import Id, Utc
from server.inventory.models import lpn
from server.locations.models import bin
from server.orders.models import carrier_service, fulfilment, fulfilment_line, order, order_hold
from server.packing.models import carton, parked, station
from server.spooler.models import print_job, printer
from server.tasks.models import cart, fact_aside, floor_effect, task, tote, tour, tour_slot
from server.waves.models import wave

_SINCE: Final = sa.bindparam("since", type_=Utc())
_NOW: Final = sa.bindparam("now", type_=Utc())
_MOST: Final[sa.BindParameter[int]] = sa.bindparam("most")


# --- waves


class Wave(NamedTuple):
    """A wave's row, as far as a board shows it."""

    id: UUID
    number: int
    state: str
    cutoff_at: datetime


class Lines(NamedTuple):
    """A wave's lines by stage, and its orders."""

    lines: int
    picked: int
    packed: int
    loaded: int
    orders: int
    orders_open: int


_WAVES: Final = (
    sa.select(wave.c.id, wave.c.number, wave.c.state, wave.c.cutoff_at)
    .where(
        wave.c.warehouse_id == WAREHOUSE,
        wave.c.state != "undone",
        sa.or_(wave.c.state != "finished", wave.c.cutoff_at > _SINCE),
    )
    .order_by(wave.c.number.desc())
    .limit(_MOST)
)
_WANTED: Final = fulfilment_line.c.ordered - fulfilment_line.c.cancelled - fulfilment_line.c.backordered


def _through(column: sa.Column[int]) -> sa.ColumnElement[int]:
    return sa.func.sum(sa.case((column >= _WANTED, 1), else_=0))


_LINES: Final = (
    sa.select(
        fulfilment.c.wave_id,
        sa.func.count(),
        _through(fulfilment_line.c.picked),
        _through(fulfilment_line.c.packed),
        _through(fulfilment_line.c.shipped),
        sa.func.count(fulfilment.c.id.distinct()),
        sa.func.count(sa.case((fulfilment_line.c.shipped < _WANTED, fulfilment.c.id)).distinct()),
    )
    .select_from(fulfilment.join(fulfilment_line, fulfilment_line.c.fulfilment_id == fulfilment.c.id))
    .where(
        fulfilment.c.warehouse_id == WAREHOUSE,
        fulfilment.c.wave_id.in_(sa.bindparam("waves", type_=Id(), expanding=True)),
        fulfilment.c.visible,
        _WANTED > 0,
    )
    .group_by(fulfilment.c.wave_id)
)
_CARRIERS: Final = (
    sa.select(fulfilment.c.wave_id, carrier_service.c.carrier)
    .select_from(fulfilment.join(carrier_service, carrier_service.c.code == fulfilment.c.service))
    .where(
        fulfilment.c.warehouse_id == WAREHOUSE,
        fulfilment.c.wave_id.in_(sa.bindparam("waves", type_=Id(), expanding=True)),
    )
    .distinct()
    .order_by(carrier_service.c.carrier)
)
_PICKED_SINCE: Final = (
    sa.select(tour.c.wave_id, task.c.done_at)
    .select_from(task.join(tour, task.c.tour_id == tour.c.id))
    .where(
        task.c.warehouse_id == WAREHOUSE,
        task.c.done_at > _SINCE,
        task.c.kind == "pick",
        task.c.state == "done",
    )
)


def waves(conn: Connection, warehouse: int, since: datetime, most: int) -> list[Wave]:
    """The waves on the floor, and the finished ones whose truck left since then; the newest first."""
    return [Wave(*row) for row in conn.execute(_WAVES, {"warehouse": warehouse, "since": since, "most": most})]


def lines(conn: Connection, warehouse: int, of: Sequence[UUID]) -> dict[UUID, Lines]:
    """The lines of these waves by stage."""
    rows = conn.execute(_LINES, {"warehouse": warehouse, "waves": list(of)})
    return {row[0]: Lines(*(int(each) for each in row[1:])) for row in rows}


def carriers(conn: Connection, warehouse: int, of: Sequence[UUID]) -> Iterator[tuple[UUID, str]]:
    """Each wave and carrier for whom it has orders."""
    return ((row[0], row[1]) for row in conn.execute(_CARRIERS, {"warehouse": warehouse, "waves": list(of)}))


def picked_since(conn: Connection, warehouse: int, since: datetime) -> Iterator[tuple[UUID | None, datetime]]:
    """Wave and moment of each line that was picked since then."""
    return ((row[0], row[1]) for row in conn.execute(_PICKED_SINCE, {"warehouse": warehouse, "since": since}))


# --- people


_OPEN_STOPS: Final = sa.func.sum(sa.case((task.c.state == "open", 1), else_=0))
_ON_THE_FLOOR: Final = (
    sa.select(person.c.id, person.c.name, device.c.name.label("device"))
    .select_from(
        session.join(person, person.c.id == session.c.person_id).join(device, device.c.id == session.c.device_id)
    )
    .where(
        device.c.warehouse_id == WAREHOUSE,
        session.c.expires_at > _NOW,
        session.c.ended_at.is_(None),
        person.c.active,
    )
    .order_by(session.c.created_at)
)
_TOURS: Final = (
    sa.select(
        tour.c.id,
        tour.c.number,
        tour.c.person_id,
        person.c.name,
        wave.c.number.label("wave"),
        sa.func.count(task.c.id).label("stops"),
        (sa.func.count(task.c.id) - _OPEN_STOPS).label("done"),
    )
    .select_from(
        tour.join(person, person.c.id == tour.c.person_id)
        .outerjoin(wave, wave.c.id == tour.c.wave_id)
        .outerjoin(task, sa.and_(task.c.tour_id == tour.c.id, task.c.state.in_(("open", "done"))))
    )
    .where(tour.c.warehouse_id == WAREHOUSE, tour.c.state.in_(("taken", "started")))
    .group_by(tour.c.id, tour.c.number, tour.c.person_id, person.c.name, wave.c.number)
)
_LAST_COMMAND: Final = (
    sa.select(floor_effect.c.command_id)
    .where(floor_effect.c.warehouse_id == WAREHOUSE, floor_effect.c.person_id == person.c.id)
    .order_by(floor_effect.c.at.desc())
    .limit(1)
    .correlate(person)
    .scalar_subquery()
)
"""One step into the index for each person, however much they have done."""
_PLACE: Final = sa.case((task.c.bin_id.is_(None), station.c.name), else_=bin.c.code)
_LAST: Final = (
    sa.select(person.c.id, floor_effect.c.at, floor_effect.c.kind, _PLACE.label("place"), bin.c.x_mm, bin.c.y_mm)
    .select_from(
        person.join(floor_effect, floor_effect.c.command_id == _LAST_COMMAND)
        .outerjoin(task, task.c.id == floor_effect.c.task_id)
        .outerjoin(carton, carton.c.id == floor_effect.c.carton_id)
        .outerjoin(station, station.c.id == carton.c.station_id)
        .outerjoin(bin, bin.c.id == sa.func.coalesce(task.c.bin_id, station.c.bin_id))
    )
    .where(
        person.c.id.in_(sa.bindparam("people", type_=Id(), expanding=True)), floor_effect.c.warehouse_id == WAREHOUSE
    )
)


def on_the_floor(conn: Connection, warehouse: int, now: datetime) -> list[Any]:
    """Who is signed in at a device of the warehouse: id, name, device; the last sign-in last."""
    return list(conn.execute(_ON_THE_FLOOR, {"warehouse": warehouse, "now": now}))


def tours(conn: Connection, warehouse: int) -> list[Any]:
    """The tours that are somebody's, with how many of their stops are done."""
    return list(conn.execute(_TOURS, {"warehouse": warehouse}))


def last_of(conn: Connection, warehouse: int, people: Sequence[UUID]) -> dict[UUID, Any]:
    """What each of these did last: when, what, and where that was; who was never heard of is left out."""
    return {row.id: row for row in conn.execute(_LAST, {"warehouse": warehouse, "people": list(people)})}


# --- devices


_SIGNED_IN_AT: Final = (
    sa.select(person.c.name)
    .select_from(session.join(person, person.c.id == session.c.person_id))
    .where(
        session.c.device_id == device.c.id,
        session.c.expires_at > _NOW,
        session.c.ended_at.is_(None),
        person.c.active,
    )
    .order_by(session.c.created_at.desc())
    .limit(1)
    .correlate(device)
    .scalar_subquery()
)
_SPOKE_AT: Final = (
    sa.select(sa.func.max(session.c.seen_at))
    .where(session.c.device_id == device.c.id)
    .correlate(device)
    .scalar_subquery()
)
"""When somebody last asked for something at a device: it need not have said how it is."""
_HEARD_AT: Final = sa.case(
    (sa.or_(device.c.seen_at.is_(None), device.c.seen_at < _SPOKE_AT), _SPOKE_AT), else_=device.c.seen_at
)
_DEVICES: Final = (
    sa.select(
        device.c.id,
        device.c.name,
        _SIGNED_IN_AT.label("person"),
        sa.type_coerce(_HEARD_AT, device.c.seen_at.type).label("heard_at"),
        device.c.battery_percent,
        device.c.charging,
    )
    .where(device.c.warehouse_id == WAREHOUSE, device.c.state == "enrolled", device.c.kind.in_(("handheld", "station")))
    .order_by(device.c.name)
    .limit(_MOST)
)


def devices(conn: Connection, warehouse: int, now: datetime, most: int) -> list[Any]:
    """The enrolled devices of the floor, each with whoever is signed in at it."""
    return list(conn.execute(_DEVICES, {"warehouse": warehouse, "now": now, "most": most}))


# --- orders that wait on a place


def _of_part(amount: sa.ColumnElement[int]) -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.coalesce(sa.func.sum(amount), 0))
        .where(fulfilment_line.c.fulfilment_id == parked.c.fulfilment_id)
        .correlate(parked, order)
        .scalar_subquery()
    )


_PARKED: Final = (
    sa.select(
        parked.c.station_id,
        parked.c.place,
        parked.c.fulfilment_id,
        fulfilment.c.number,
        station.c.name.label("station"),
        parked.c.since,
        parked.c.last_id.is_not(None).label("complete"),
        _of_part(fulfilment_line.c.reserved).label("to_pick"),
        _of_part(sa.case((order.c.split == "ship_complete", fulfilment_line.c.backordered), else_=0)).label(
            "backordered"
        ),
    )
    .select_from(
        parked.join(station, station.c.id == parked.c.station_id)
        .join(fulfilment, fulfilment.c.id == parked.c.fulfilment_id)
        .join(order, order.c.id == fulfilment.c.order_id)
    )
    .where(parked.c.warehouse_id == WAREHOUSE)
    .order_by(parked.c.since, parked.c.place)
    .limit(_MOST)
)
_EARLIER: Final = tour_slot.alias()
_BEFORE: Final = tour.alias()
_FILLED_FOR: Final = (
    sa.select(_EARLIER.c.fulfilment_id)
    .select_from(_EARLIER.join(_BEFORE, _BEFORE.c.id == _EARLIER.c.tour_id))
    .where(_EARLIER.c.lpn_id == tote.c.lpn_id)
    .order_by(_BEFORE.c.state == "finished", _BEFORE.c.finished_at.desc(), _BEFORE.c.number.desc())
    .limit(1)
    .correlate(tote)
    .scalar_subquery()
)
"""What is in a tote comes from the tour that is not finished, or else the last one."""
_TOTES_OF: Final = (
    sa.select(
        tour_slot.c.fulfilment_id,
        lpn.c.code,
        tote.c.state,
        tote.c.station_id,
        station.c.name.label("station"),
        cart.c.code.label("cart"),
        person.c.name.label("person"),
    )
    .select_from(
        tour_slot.join(tote, tote.c.lpn_id == tour_slot.c.lpn_id)
        .join(lpn, lpn.c.id == tote.c.lpn_id)
        .outerjoin(station, station.c.id == tote.c.station_id)
        .outerjoin(tour, tour.c.id == tote.c.tour_id)
        .outerjoin(cart, cart.c.id == tour.c.cart_id)
        .outerjoin(person, person.c.id == tour.c.person_id)
    )
    .where(
        tour_slot.c.warehouse_id == WAREHOUSE,
        tour_slot.c.fulfilment_id.in_(sa.bindparam("parts", type_=Id(), expanding=True)),
        tote.c.state != "empty",
        tour_slot.c.fulfilment_id == _FILLED_FOR,
    )
    .distinct()
    .order_by(lpn.c.code)
)


def parked_orders(conn: Connection, warehouse: int, most: int) -> list[Any]:
    """The orders that wait on a place, the longest first."""
    return list(conn.execute(_PARKED, {"warehouse": warehouse, "most": most}))


def totes_of(conn: Connection, warehouse: int, parts: Sequence[UUID]) -> list[Any]:
    """The totes in which something of these fulfilments lies or is being picked, with where each of them is."""
    return list(conn.execute(_TOTES_OF, {"warehouse": warehouse, "parts": list(parts)}))


# --- what waits for a person


_ASIDE: Final = (
    sa.select(fact_aside.c.id, fact_aside.c.at, fact_aside.c.kind, fact_aside.c.why, fact_aside.c.body, person.c.name)
    .select_from(fact_aside.outerjoin(person, person.c.id == fact_aside.c.person_id))
    .where(fact_aside.c.warehouse_id == WAREHOUSE, fact_aside.c.state == "waiting")
    .order_by(fact_aside.c.id)
    .limit(_MOST)
)
_PRINTS: Final = (
    sa.select(print_job.c.id, print_job.c.ended_at, print_job.c.reason, printer.c.name, fulfilment.c.number)
    .select_from(
        print_job.join(printer, printer.c.id == print_job.c.printer_id)
        .outerjoin(carton, carton.c.id == print_job.c.subject_id)
        .outerjoin(fulfilment, fulfilment.c.id == carton.c.fulfilment_id)
    )
    .where(print_job.c.warehouse_id == WAREHOUSE, print_job.c.state == "unknown")
    .order_by(print_job.c.id)
    .limit(_MOST)
)
_COUNTS: Final = (
    sa.select(task.c.id, task.c.opened_at, task.c.reason, bin.c.code, item.c.names)
    .select_from(task.join(bin, bin.c.id == task.c.bin_id).join(item, item.c.id == task.c.item_id))
    .where(task.c.warehouse_id == WAREHOUSE, task.c.kind == "count", task.c.state == "open")
    .order_by(task.c.position, task.c.opened_at)
    .limit(_MOST)
)
_HOLDS: Final = (
    sa.select(order_hold.c.id, order_hold.c.placed_at, order_hold.c.reason, order_hold.c.escalated_at, order.c.number)
    .select_from(order_hold.join(order, order.c.id == order_hold.c.order_id))
    .where(order.c.warehouse_id == WAREHOUSE, order.c.status == "on_hold", order_hold.c.state == "open")
    .order_by(order_hold.c.escalated_at.is_(None), order.c.cutoff_at, order_hold.c.placed_at)
    .limit(_MOST)
)


def aside(conn: Connection, warehouse: int, most: int) -> list[Any]:
    """Facts that were set aside and wait, the oldest first."""
    return list(conn.execute(_ASIDE, {"warehouse": warehouse, "most": most}))


def unknown_prints(conn: Connection, warehouse: int, most: int) -> list[Any]:
    """Print jobs of which nobody knows whether they came out, with printer and order."""
    return list(conn.execute(_PRINTS, {"warehouse": warehouse, "most": most}))


def counts(conn: Connection, warehouse: int, most: int) -> list[Any]:
    """Bins that are to be counted, in the order in which that is offered."""
    return list(conn.execute(_COUNTS, {"warehouse": warehouse, "most": most}))


def holds(conn: Connection, warehouse: int, most: int) -> list[Any]:
    """Open holds of orders that would leave from here, the most urgent first."""
    return list(conn.execute(_HOLDS, {"warehouse": warehouse, "most": most}))


# --- the day


_TODAY: Final = sa.select(
    sa.func.count(), sa.func.coalesce(sa.func.sum(sa.case((task.c.short > 0, 0), else_=1)), 0)
).where(task.c.warehouse_id == WAREHOUSE, task.c.done_at > _SINCE, task.c.kind == "pick", task.c.state == "done")
_SAVED: Final = sa.select(sa.func.coalesce(sa.func.sum(tour.c.bin_order_mm - tour.c.length_mm), 0)).where(
    tour.c.warehouse_id == WAREHOUSE, tour.c.state == "finished", tour.c.finished_at > _SINCE
)


def today(conn: Connection, warehouse: int, since: datetime) -> tuple[int, int, int]:
    """Lines picked since then, those without a short, and the millimetres that finished tours saved."""
    lines_, right = conn.execute(_TODAY, {"warehouse": warehouse, "since": since}).one()
    saved = conn.execute(_SAVED, {"warehouse": warehouse, "since": since}).scalar_one()
    return int(lines_), int(right), int(saved)


# --- by what an order is found -------------------------------------------------------------------------------------


_CODE: Final = sa.bindparam("code", type_=sa.Text())
_BY_TOTE: Final = (
    sa.select(fulfilment.c.order_id)
    .select_from(
        lpn.join(tote, tote.c.lpn_id == lpn.c.id)
        .join(tour_slot, tour_slot.c.lpn_id == lpn.c.id)
        .join(tour, tour.c.id == tour_slot.c.tour_id)
        .join(fulfilment, fulfilment.c.id == tour_slot.c.fulfilment_id)
    )
    .where(lpn.c.code == _CODE, tote.c.state != "empty")
    .order_by(tour.c.state == "finished", tour.c.number.desc())
    .limit(1)
)
_FULL_TOTES: Final = (
    sa.select(lpn.c.code)
    .select_from(lpn.join(tote, tote.c.lpn_id == lpn.c.id))
    .where(tote.c.state != "empty", lpn.c.code.like(sa.bindparam("like"), escape="\\"))
    .order_by(lpn.c.code)
    .limit(sa.bindparam("most"))
)
_BY_CARTON: Final = (
    sa.select(fulfilment.c.order_id)
    .select_from(carton.join(fulfilment, fulfilment.c.id == carton.c.fulfilment_id))
    .where(carton.c.sscc == _CODE)
)


def in_tote(conn: Connection, code: str) -> list[UUID]:
    """The order whose goods are in this tote."""
    return list(conn.execute(_BY_TOTE, {"code": code}).scalars())


def in_carton(conn: Connection, sscc: str) -> list[UUID]:
    """The order whose carton has this SSCC."""
    return list(conn.execute(_BY_CARTON, {"code": sscc}).scalars())


def full_totes(conn: Connection, piece: str, most: int) -> list[str]:
    """The totes with something in them whose code holds this piece."""
    escaped = piece.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return list(conn.execute(_FULL_TOTES, {"like": f"%{escaped}%", "most": most}).scalars())
