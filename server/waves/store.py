"""Why: what a wave reads to plan and what it writes, built once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec
import sqlalchemy as sa

from server.catalog.models import item
from server.db.binds import WAREHOUSE, id_
from server.inventory.models import quant
from server.locations.models import bin, zone
from server.orders.models import carrier_service, fulfilment, order, order_line, promise
from server.orders.rules import Payment
from server.tasks.models import cart, task, tour, tour_slot
from server.waves.models import wave
from server.waves.schemas import CandidateView, Plan, PlannedTour, WaveFilter, WaveView


class Ready(NamedTuple):
    """An order that might be released, with what decides whether it may."""

    id: UUID
    number: int
    status: str
    released: bool
    cutoff_at: datetime
    payment: Payment
    authorised_until: datetime | None
    split: str


class Line(NamedTuple):
    """A line of such an order."""

    order: UUID
    line: UUID
    item: UUID
    wanted: int
    volume_ml: int


_HERE: Final = sa.and_(
    promise.c.for_warehouse == WAREHOUSE, promise.c.receipt_id.is_(None), promise.c.promised_on.is_not(None)
)
_READY_UNITS: Final = (
    sa.select(sa.func.coalesce(sa.func.sum(promise.c.quantity), 0))
    .where(promise.c.line_id == order_line.c.id, _HERE)
    .correlate(order_line)
    .scalar_subquery()
)
"""Units of a line that lie in the warehouse for it and that no warehouse has been given."""
_LIES_HERE: Final = sa.exists().where(promise.c.order_id == order.c.id, _HERE).correlate(order)
"""Whether units of an order lie in the warehouse, which may be another than the one that sends the most of it."""
_LINES: Final = (
    sa.select(
        order_line.c.order_id,
        order_line.c.id,
        order_line.c.item_id,
        _READY_UNITS,
        (sa.cast(item.c.length_mm, sa.BigInteger) * item.c.width_mm * item.c.height_mm / 1000).label("volume"),
    )
    .select_from(order_line.join(item, order_line.c.item_id == item.c.id))
    .where(
        order_line.c.order_id.in_(sa.bindparam("orders", expanding=True)),
        _READY_UNITS > 0,
    )
    .order_by(order_line.c.order_id, order_line.c.position)
)
_SERVICES_OF: Final = sa.select(carrier_service.c.code).where(carrier_service.c.carrier == sa.bindparam("carrier"))
_ITEMS_IN_ZONE: Final = (
    sa.select(quant.c.item_id)
    .select_from(quant.join(bin, quant.c.bin_id == bin.c.id).join(zone, bin.c.zone_id == zone.c.id))
    .where(
        quant.c.warehouse_id == WAREHOUSE,
        zone.c.code == sa.bindparam("zone"),
        quant.c.lpn_id.is_(None),
        quant.c.status == "available",
        quant.c.on_hand > quant.c.reserved,
    )
    .distinct()
)
_SMALLEST_CART: Final = sa.select(sa.func.min(cart.c.slots), sa.func.min(cart.c.slot_volume_ml)).where(
    cart.c.warehouse_id == WAREHOUSE
)


def ready(conn: sa.Connection, warehouse: int, wanted: WaveFilter) -> list[Ready]:
    """The orders a filter names, the most urgent first; those named by number come whatever their status."""
    found = conn.execute(_ready_query(conn, warehouse, wanted).limit(wanted.limit), {"warehouse": warehouse})
    return [Ready(*row) for row in found]


def _ready_query(conn: sa.Connection, warehouse: int, wanted: WaveFilter) -> sa.Select[Any]:
    query = sa.select(
        order.c.id,
        order.c.number,
        order.c.status,
        order.c.released,
        order.c.cutoff_at,
        order.c.payment,
        order.c.authorised_until,
        order.c.split,
    ).order_by(order.c.cutoff_at, order.c.number)
    if wanted.orders is not None:
        query = query.where(order.c.number.in_(wanted.orders), sa.or_(order.c.warehouse_id == warehouse, _LIES_HERE))
    else:
        query = query.where(order.c.status == "ready", _LIES_HERE)
    if wanted.cutoff_before is not None:
        query = query.where(order.c.cutoff_at <= wanted.cutoff_before)
    if wanted.services is not None:
        query = query.where(order.c.service.in_(wanted.services))
    if wanted.carrier is not None:
        codes = list(conn.execute(_SERVICES_OF, {"carrier": wanted.carrier}).scalars())
        query = query.where(order.c.service.in_(codes))
    if wanted.zone is not None:
        in_zone = list(conn.execute(_ITEMS_IN_ZONE, {"warehouse": warehouse, "zone": wanted.zone}).scalars())
        elsewhere = sa.select(order_line.c.id).where(
            order_line.c.order_id == order.c.id,
            _READY_UNITS > 0,
            order_line.c.item_id.not_in(in_zone),
        )
        query = query.where(~sa.exists(elsewhere))
    return query


def lines(conn: sa.Connection, warehouse: int, orders: Sequence[UUID]) -> list[Line]:
    """The lines of these orders of which units lie in the warehouse."""
    found: list[Line] = []
    for at in range(0, len(orders), 500):
        rows = conn.execute(_LINES, {"orders": list(orders[at : at + 500]), "warehouse": warehouse})
        found.extend(Line(row[0], row[1], row[2], row[3], int(row[4])) for row in rows)
    return found


def smallest_cart(conn: sa.Connection, warehouse: int) -> tuple[int, int]:
    """Slots, and millilitres a slot, that every cart of the warehouse has; without carts 6 of 30 l."""
    slots, volume = conn.execute(_SMALLEST_CART, {"warehouse": warehouse}).one()
    return slots or 6, volume or 30_000


def candidates(conn: sa.Connection, warehouse: int, wanted: WaveFilter, after: int, limit: int) -> list[CandidateView]:
    """Ready orders with their sizes, the most urgent first; `after` is how many to pass over."""
    base = _ready_query(conn, warehouse, wanted).offset(after).limit(limit).subquery()
    query = (
        sa.select(
            order.c.number,
            order.c.channel,
            order.c.service,
            sa.func.coalesce(carrier_service.c.carrier, ""),
            order.c.cutoff_at,
            sa.func.count(order_line.c.id),
            sa.func.coalesce(sa.func.sum(_READY_UNITS), 0),
            order.c.address,
        )
        .select_from(
            base.join(order, order.c.id == base.c.id)
            .join(order_line, order_line.c.order_id == order.c.id)
            .outerjoin(carrier_service, carrier_service.c.code == order.c.service)
        )
        .group_by(
            order.c.id,
            order.c.number,
            order.c.channel,
            order.c.service,
            carrier_service.c.carrier,
            order.c.cutoff_at,
            order.c.address,
        )
        .order_by(order.c.cutoff_at, order.c.number)
    )
    return [
        CandidateView(row[0], row[1], row[2], row[3], row[4], row[5], int(row[6]), row[7].get("country", ""))
        for row in conn.execute(query, {"warehouse": warehouse})
    ]


# --- the wave's own rows


_NEW_WAVE: Final = sa.insert(wave)
_NEW_TOUR: Final = sa.insert(tour)
_NEW_SLOT: Final = sa.insert(tour_slot)
_RELEASING: Final = (
    sa.select(wave.c.warehouse_id, wave.c.id)
    .where(wave.c.state.in_(("releasing", "undoing")))
    .order_by(wave.c.created_at)
)
_WAVE: Final = sa.select(
    wave.c.id, wave.c.number, wave.c.state, wave.c.slices_done, wave.c.slices, wave.c.orders
).where(wave.c.id == id_("wave"), wave.c.warehouse_id == WAREHOUSE)
_PLAN: Final = sa.select(wave.c.plan).where(wave.c.id == id_("wave"), wave.c.warehouse_id == WAREHOUSE)
_WAVE_BY_NUMBER: Final = sa.select(wave.c.id).where(
    wave.c.number == sa.bindparam("number"), wave.c.warehouse_id == WAREHOUSE
)
_SLICE_DONE: Final = (
    sa.update(wave)
    .where(wave.c.id == id_("of_wave"), wave.c.warehouse_id == WAREHOUSE)
    .values(
        slices_done=wave.c.slices_done + 1,
        orders=wave.c.orders + sa.bindparam("more_orders"),
        lines=wave.c.lines + sa.bindparam("more_lines"),
        units=wave.c.units + sa.bindparam("more_units"),
        short_lines=wave.c.short_lines + sa.bindparam("more_short"),
    )
)
_SET_STATE: Final = (
    sa.update(wave)
    .where(wave.c.id == id_("of_wave"), wave.c.warehouse_id == WAREHOUSE)
    .values(
        state=sa.bindparam("to_state"),
        released_at=sa.bindparam("released", type_=wave.c.released_at.type),
        tours=sa.bindparam("with_tours"),
        length_mm=sa.bindparam("walk"),
        bin_order_mm=sa.bindparam("bin_walk"),
        plan=sa.null(),
    )
)
_OF_WAVE: Final = sa.select(tour.c.id).where(tour.c.wave_id == id_("of_wave")).scalar_subquery()
_OPEN_TASKS: Final = (
    sa.update(task)
    .where(task.c.tour_id.in_(_OF_WAVE), task.c.warehouse_id == WAREHOUSE, task.c.state == "waiting")
    .values(state="open")
)
_WITHOUT_WORK: Final = sa.select(tour.c.id).where(
    tour.c.wave_id == id_("of_wave"),
    tour.c.warehouse_id == WAREHOUSE,
    ~sa.exists(sa.select(task.c.id).where(task.c.tour_id == tour.c.id, task.c.state.in_(("waiting", "open")))),
)
_TOUR_STATE: Final = (
    sa.update(tour)
    .where(
        tour.c.id.in_(sa.bindparam("tours", expanding=True)),
        tour.c.warehouse_id == WAREHOUSE,
        tour.c.state == "waiting",
    )
    .values(state=sa.bindparam("to_state"))
)
_TOURS: Final = sa.select(tour.c.id, tour.c.state, tour.c.length_mm, tour.c.bin_order_mm).where(
    tour.c.wave_id == id_("of_wave"), tour.c.warehouse_id == WAREHOUSE
)


_STANDING: Final = (
    sa.select(fulfilment.c.id)
    .where(
        fulfilment.c.wave_id == id_("of_wave"),
        fulfilment.c.warehouse_id == WAREHOUSE,
        fulfilment.c.status != "withdrawn",
    )
    .order_by(fulfilment.c.id)
    .limit(sa.bindparam("most"))
)


class WaveRow(NamedTuple):
    """How far a wave is. Its plan is read by itself: it is large, and this is asked for at every slice."""

    id: UUID
    number: int
    state: str
    slices_done: int
    slices: int
    orders: int


def releasing(conn: sa.Connection) -> list[tuple[int, UUID]]:
    """The waves that are being written or taken back, by warehouse and id."""
    return [(row[0], row[1]) for row in conn.execute(_RELEASING)]


def wave_by_id(conn: sa.Connection, warehouse: int, wave_id: UUID) -> WaveRow | None:
    """A wave of this warehouse."""
    row = conn.execute(_WAVE, {"wave": wave_id, "warehouse": warehouse}).one_or_none()
    return None if row is None else WaveRow(*row)


def plan_of(conn: sa.Connection, warehouse: int, wave_id: UUID) -> Plan | None:
    """What is to be written of a wave that is being released; None once it is."""
    kept = conn.execute(_PLAN, {"wave": wave_id, "warehouse": warehouse}).scalar_one_or_none()
    return None if kept is None else msgspec.convert(kept, Plan, strict=False, str_keys=True)


def wave_id(conn: sa.Connection, warehouse: int, number: int) -> UUID | None:
    """The id of a wave by its number."""
    return conn.execute(_WAVE_BY_NUMBER, {"number": number, "warehouse": warehouse}).scalar_one_or_none()


def add_wave(conn: sa.Connection, row: dict[str, Any]) -> None:
    """A wave that nobody sees yet."""
    conn.execute(_NEW_WAVE, row)


def add_tours(
    conn: sa.Connection,
    warehouse: int,
    wave_id: UUID,
    cutoff_at: datetime,
    tours: Sequence[tuple[int, PlannedTour]],
) -> None:
    """The tours of a plan with their numbers, still waiting."""
    rows = [
        {
            "id": each.id,
            "warehouse_id": warehouse,
            "number": number,
            "wave_id": wave_id,
            "state": "waiting",
            "cutoff_at": cutoff_at,
            "length_mm": each.length_mm,
            "bin_order_mm": each.bin_order_mm,
            "proven": each.proven,
            "path": each.path,
        }
        for number, each in tours
    ]
    if rows:
        conn.execute(_NEW_TOUR, rows)


def add_slots(conn: sa.Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Slots of tours, each for one fulfilment."""
    if rows:
        conn.execute(_NEW_SLOT, list(rows))


def slice_done(
    conn: sa.Connection, warehouse: int, wave_id: UUID, *, orders: int, lines: int, units: int, short: int
) -> None:
    """One more slice is written, with these counts."""
    values = {"of_wave": wave_id, "warehouse": warehouse, "more_orders": orders, "more_lines": lines}
    conn.execute(_SLICE_DONE, {**values, "more_units": units, "more_short": short})


def set_state(conn: sa.Connection, warehouse: int, wave_id: UUID, state: str, released: datetime | None) -> None:
    """Ends the writing of a wave; its tours' lengths are added up."""
    tours = list(conn.execute(_TOURS, {"of_wave": wave_id, "warehouse": warehouse}))
    live = [row for row in tours if row.state != "cancelled"]
    conn.execute(
        _SET_STATE,
        {
            "of_wave": wave_id,
            "warehouse": warehouse,
            "to_state": state,
            "released": released,
            "with_tours": len(live),
            "walk": sum(row.length_mm for row in live),
            "bin_walk": sum(row.bin_order_mm for row in live),
        },
    )


def cancel_tours(conn: sa.Connection, warehouse: int, wave_id: UUID) -> None:
    """The tours of a wave that nobody has seen are off."""
    tours = [row.id for row in conn.execute(_TOURS, {"of_wave": wave_id, "warehouse": warehouse})]
    if tours:
        conn.execute(_TOUR_STATE, {"tours": tours, "warehouse": warehouse, "to_state": "cancelled"})


def standing(conn: sa.Connection, warehouse: int, wave_id: UUID, most: int) -> list[UUID]:
    """Fulfilments of a wave that were not taken back, at most so many."""
    values = {"of_wave": wave_id, "warehouse": warehouse, "most": most}
    return list(conn.execute(_STANDING, values).scalars())


def show(conn: sa.Connection, warehouse: int, wave_id: UUID) -> list[UUID]:
    """Opens the tasks of a wave and offers its tours at once; answers the tours that are offered."""
    values = {"of_wave": wave_id, "warehouse": warehouse}
    empty = list(conn.execute(_WITHOUT_WORK, values).scalars())
    conn.execute(_OPEN_TASKS, values)
    offered = [row.id for row in conn.execute(_TOURS, values) if row.id not in set(empty)]
    for state, ids in (("cancelled", empty), ("offered", offered)):
        if ids:
            conn.execute(_TOUR_STATE, {"tours": ids, "warehouse": warehouse, "to_state": state})
    return offered


def tour_states(conn: sa.Connection, warehouse: int, wave_id: UUID) -> list[str]:
    """The states of a wave's tours."""
    return [row.state for row in conn.execute(_TOURS, {"of_wave": wave_id, "warehouse": warehouse})]


_WAVE_OF_TOUR: Final = sa.select(tour.c.wave_id).where(tour.c.id == id_("tour"), tour.c.warehouse_id == WAREHOUSE)
_ONLY_STATE: Final = (
    sa.update(wave)
    .where(wave.c.id == id_("of_wave"), wave.c.warehouse_id == WAREHOUSE)
    .values(state=sa.bindparam("to_state"))
)


def wave_of_tour(conn: sa.Connection, warehouse: int, tour_id: UUID) -> UUID | None:
    """The wave a tour belongs to."""
    return conn.execute(_WAVE_OF_TOUR, {"tour": tour_id, "warehouse": warehouse}).scalar_one_or_none()


def mark(conn: sa.Connection, warehouse: int, wave_id: UUID, state: str) -> None:
    """Writes a wave's state alone."""
    conn.execute(_ONLY_STATE, {"of_wave": wave_id, "warehouse": warehouse, "to_state": state})


# --- what the screens show


def _progress() -> sa.Select[Any]:
    tours_done = sa.select(sa.func.count()).where(
        tour.c.wave_id == wave.c.id, tour.c.state.in_(("finished", "cancelled"))
    )
    picks = (
        sa.select(sa.func.count())
        .select_from(task.join(tour, task.c.tour_id == tour.c.id))
        .where(tour.c.wave_id == wave.c.id, task.c.kind == "pick", task.c.state != "cancelled")
    )
    return sa.select(
        *(column for column in wave.c if column is not wave.c.plan),  # a plan is as large as its wave
        tours_done.scalar_subquery().label("tours_done"),
        picks.where(task.c.state == "done").scalar_subquery().label("picks_done"),
        picks.scalar_subquery().label("picks"),
    )


_VIEWS: Final = (
    _progress()
    .where(wave.c.warehouse_id == WAREHOUSE, wave.c.number < sa.bindparam("before"))
    .order_by(wave.c.number.desc())
    .limit(sa.bindparam("limit"))
)
_VIEW: Final = _progress().where(wave.c.warehouse_id == WAREHOUSE, wave.c.number == sa.bindparam("number"))


def views(conn: sa.Connection, warehouse: int, before: int, limit: int) -> list[WaveView]:
    """Waves with their progress, the newest first."""
    rows = conn.execute(_VIEWS, {"warehouse": warehouse, "before": before, "limit": limit})
    return [_view(row) for row in rows]


def view(conn: sa.Connection, warehouse: int, number: int) -> WaveView | None:
    """A wave with its progress."""
    row = conn.execute(_VIEW, {"warehouse": warehouse, "number": number}).one_or_none()
    return None if row is None else _view(row)


def _view(row: Any) -> WaveView:
    return WaveView(
        id=row.id,
        number=row.number,
        state=row.state,
        cutoff_at=row.cutoff_at,
        orders=row.orders,
        lines=row.lines,
        units=row.units,
        short_lines=row.short_lines,
        tours=row.tours,
        metres=round(row.length_mm / 1000),
        bin_order_m=round(row.bin_order_mm / 1000),
        slices_done=row.slices_done,
        slices=row.slices,
        tours_done=row.tours_done,
        picks_done=row.picks_done,
        picks=row.picks,
        created_at=row.created_at,
        released_at=row.released_at,
    )
