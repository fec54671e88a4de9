"""Why: a wave reaches the floor whole or not at all, however long its writing takes and whatever happens meanwhile.

Planning reads a snapshot and holds nothing. Writing is a row (the plan), then slices of a few orders, each checked
again against what is true now, then one unit that shows everything. A crash goes on from the last slice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from server.core.events import Event
from server.core.refusal import Refusal
from server.db.work import Work
from server.inventory import rules as allocation
from server.inventory import service as inventory
from server.locations import service as locations
from server.orders import rules as order_rules
from server.orders import service as orders
from server.tasks import service as tasks
from server.tasks import store as task_store
from server.waves import store
from server.waves.lifecycle import WAVE
from server.waves.planner import PlanInput
from server.waves.schemas import (
    LeftOut,
    Plan,
    PlanLine,
    PlannedOrder,
    PlannedPick,
    PlanOrder,
    PlanStock,
    Preview,
    WaveFilter,
)

SLICE_ROWS: Final = 20
"""About so many rows are written in one slice: some 2 ms (performance.md: 20 ms slices put a scan's p99 at 69 ms)."""


# --- reading


def plan_input(
    conn: sa.Connection, warehouse: int, wanted: WaveFilter, now: datetime, budget: int
) -> tuple[PlanInput, list[LeftOut]]:
    """What the planner needs, and the named orders that cannot go, with the reason. Reads only."""
    found = store.ready(conn, warehouse, wanted)
    left_out = [LeftOut(each.number, why) for each in found if (why := _why_not(each)) is not None]
    going = [each for each in found if _why_not(each) is None]
    named = set(wanted.orders or ()) - {each.number for each in found}
    left_out.extend(LeftOut(number, "order_unknown") for number in sorted(named))
    by_order: dict[UUID, list[PlanLine]] = {each.id: [] for each in going}
    for line in store.lines(conn, [each.id for each in going]):
        by_order[line.order].append(PlanLine(line.line, line.item, line.wanted, line.volume_ml))
    to_plan = [PlanOrder(each.id, each.number, each.cutoff_at, by_order[each.id]) for each in going]
    slots, volume = store.smallest_cart(conn, warehouse)
    given = PlanInput(
        orders=[each for each in to_plan if each.lines],
        stock=_stock(conn, warehouse, {line.item for each in to_plan for line in each.lines}),
        floor=locations.floor(conn, warehouse),
        cart_slots=slots,
        slot_volume_ml=volume,
        today=locations.today(conn, warehouse, now),
        budget=budget,
    )
    return given, left_out


def _why_not(each: store.Ready) -> str | None:
    if each.released:
        return "already_released"
    return order_rules.why_not(
        status=each.status,
        payment=each.payment,  # type: ignore[arg-type]  # a text column holds the lifecycle's states
        authorised_until=each.authorised_until,
        cutoff_at=each.cutoff_at,
    )


def _stock(conn: sa.Connection, warehouse: int, items: set[UUID]) -> list[PlanStock]:
    free = inventory.free(conn, warehouse, items)
    stops = locations.stops(conn, warehouse, {row.bin for row in free})
    home = locations.floor(conn, warehouse).point(None)
    return [
        PlanStock(
            row.quant,
            row.item,
            row.bin,
            row.lot,
            row.expiry,
            row.free,
            stops[row.bin].aisle,
            int(stops[row.bin].y),
            round(abs(row.x_mm - home.x) + abs(row.y_mm - home.y)),
        )
        for row in free
        if row.bin in stops
    ]


def preview(plan: Plan, left_out: list[LeftOut]) -> Preview:
    """What a plan would come to."""
    going = [each for each in plan.orders if each.picks]
    nothing = [LeftOut(each.number, "no_stock") for each in plan.orders if not each.picks]
    return Preview(
        orders=len(going),
        lines=sum(len({pick.line for pick in each.picks} | _as_ids(each.short)) for each in going),
        units=sum(pick.quantity for each in going for pick in each.picks),
        short_lines=sum(len(each.short) for each in going),
        short_units=sum(sum(each.short.values()) for each in going),
        totes=sum(len(each.slots) for each in plan.tours),
        tours=len(plan.tours),
        metres=round(sum(each.length_mm for each in plan.tours) / 1000),
        bin_order_m=round(sum(each.bin_order_mm for each in plan.tours) / 1000),
        left_out=[*left_out, *nothing],
        order_numbers=[each.number for each in going],
    )


def _as_ids(short: dict[str, int]) -> set[UUID]:
    return {UUID(line) for line in short}


# --- writing


def slices(plan: Plan) -> list[list[PlannedOrder]]:
    """The orders of a plan in portions of about `SLICE_ROWS` rows."""
    portions: list[list[PlannedOrder]] = []
    rows = SLICE_ROWS
    for each in plan.orders:
        if not each.picks:
            continue
        cost = 2 + 4 * len(each.picks)
        if not portions or rows + cost > SLICE_ROWS:
            portions.append([])
            rows = 0
        portions[-1].append(each)
        rows += cost
    return portions


def start(work: Work, warehouse: int, wanted: WaveFilter, plan: Plan, cutoff_at: datetime) -> UUID:
    """The wave's first unit: its row with the plan, and its tours, all invisible."""
    portions = slices(plan)
    if not portions:
        raise Refusal("wave_empty")
    wave_id = work.new_id()
    number = work.number("wave", stream=warehouse)
    store.add_wave(
        work.conn,
        {
            "id": wave_id,
            "warehouse_id": warehouse,
            "number": number,
            "state": WAVE.initial,
            "cutoff_at": cutoff_at,
            "filter": wanted,
            "orders": 0,
            "lines": 0,
            "units": 0,
            "short_lines": 0,
            "tours": len(plan.tours),
            "length_mm": sum(each.length_mm for each in plan.tours),
            "bin_order_mm": sum(each.bin_order_mm for each in plan.tours),
            "slices": len(portions),
            "plan": plan,
            "created_at": work.now,
            "created_by": work.actor.person,
        },
    )
    numbered = [(work.number("tour", stream=warehouse), each) for each in plan.tours]
    store.add_tours(work.conn, warehouse, wave_id, cutoff_at, numbered)
    work.emit("wave.changed", stream=warehouse, wave=wave_id)
    return wave_id


def write_slice(
    work: Work, warehouse: int, wave_id: UUID, plan: Plan, at: int, portion: Sequence[PlannedOrder]
) -> bool:
    """Writes one slice, if it is the next one; whether the wave is still being released."""
    wave = store.wave_by_id(work.conn, warehouse, wave_id)
    if wave is None or wave.state != "releasing":
        return False
    if wave.slices_done != at:
        return True
    count = {"orders": 0, "lines": 0, "units": 0, "short": 0}
    for planned in portion:
        _write_order(work, warehouse, wave_id, plan, planned, count)
    store.slice_done(work.conn, warehouse, wave_id, **count)
    work.emit("wave.changed", stream=warehouse, wave=wave_id)
    return True


def _write_order(
    work: Work, warehouse: int, wave_id: UUID, plan: Plan, planned: PlannedOrder, count: dict[str, int]
) -> None:
    """One order, as it is now: cancelled, held or released meanwhile it stays out."""
    released = orders.release_to_floor(work, planned.order, warehouse, wave_id)
    if released is None:
        return
    _write_slots(work, warehouse, plan, planned, released.fulfilment)
    rows: list[dict[str, Any]] = []
    for line in released.lines:
        picks = [pick for pick in planned.picks if pick.line == line.order_line]
        rows.extend(_reserve_line(work, warehouse, plan, released.fulfilment, line, picks, count))
    task_store.add_tasks(work.conn, rows)
    count["orders"] += 1


def _write_slots(work: Work, warehouse: int, plan: Plan, planned: PlannedOrder, fulfilment: UUID) -> None:
    used = {(pick.tour, pick.slot) for pick in planned.picks}
    store.add_slots(
        work.conn,
        [
            {
                "id": work.new_id(),
                "warehouse_id": warehouse,
                "tour_id": plan.tours[tour].id,
                "slot": slot,
                "fulfilment_id": fulfilment,
                "lpn_id": None,
            }
            for tour, slot in sorted(used)
        ],
    )


def _reserve_line(
    work: Work,
    warehouse: int,
    plan: Plan,
    fulfilment: UUID,
    line: orders.ReleasedLine,
    picks: Sequence[PlannedPick],
    count: dict[str, int],
) -> list[dict[str, Any]]:
    """Reserves what the plan said where it is still free, else from another bin; the rest goes on backorder."""
    rows: list[dict[str, Any]] = []
    left = line.wanted
    for pick in picks:
        units = min(pick.quantity, left, _free(work, warehouse, pick.quant))
        if units:
            rows.append(_pick_row(work, warehouse, plan, fulfilment, line, pick, pick, units))
            left -= units
    if left and picks:
        for share in _elsewhere(work, warehouse, line.item, left):
            rows.append(_pick_row(work, warehouse, plan, fulfilment, line, picks[-1], share.candidate, share.quantity))
            left -= share.quantity
    if line.wanted - left:
        params = {"quantity": line.wanted - left}
        orders.change(work, line.line, "reserved", params, reserved=line.wanted - left)
    if left:
        orders.change(work, line.line, "backordered", {"quantity": left}, why="no stock", backordered=left)
        count["short"] += 1
    count["lines"] += 1
    count["units"] += line.wanted - left
    return rows


def _free(work: Work, warehouse: int, quant: UUID) -> int:
    on_hand, reserved, status = inventory.store.reserved_on(work.conn, warehouse, quant) or (0, 0, "gone")
    return max(0, on_hand - reserved) if status == "available" else 0


def _elsewhere(work: Work, warehouse: int, item: UUID, wanted: int) -> list[allocation.Share]:
    today = locations.today(work.conn, warehouse, work.now)
    candidates = [
        allocation.Candidate(row.quant, row.bin, row.lot, row.expiry, row.free, row.x_mm + row.y_mm)
        for row in inventory.free(work.conn, warehouse, [item])
    ]
    return allocation.allocate(wanted, candidates, today)[0]


def _pick_row(
    work: Work,
    warehouse: int,
    plan: Plan,
    fulfilment: UUID,
    line: orders.ReleasedLine,
    place: PlannedPick,
    stock: PlannedPick | allocation.Candidate,
    units: int,
) -> dict[str, Any]:
    inventory.reserve(work, warehouse, stock.quant, units)
    goods = inventory.Goods(line.item, stock.lot, stock.expiry)
    row = tasks.task_row(work, warehouse, "pick", stock.bin, goods, units, state="waiting")
    return row | {
        "tour_id": plan.tours[place.tour].id,
        "slot": place.slot,
        "position": place.position,
        "fulfilment_id": fulfilment,
        "line_id": line.line,
        "quant_id": stock.quant,
    }


def complete(work: Work, warehouse: int, wave_id: UUID) -> str:
    """The wave's last unit: everything is shown at once. A wave that came to nothing is undone."""
    wave = store.wave_by_id(work.conn, warehouse, wave_id)
    if wave is None or wave.state != "releasing" or wave.slices_done < wave.slices:
        return "releasing" if wave is not None and wave.state == "releasing" else "gone"
    offered = store.show(work.conn, warehouse, wave_id)
    state = WAVE.advance(wave.state, "complete" if wave.orders else "undo")
    store.set_state(work.conn, warehouse, wave_id, state, work.now if wave.orders else None)
    for tour in offered:
        work.emit("tour.offered", stream=warehouse, tour=tour, person=None)
    if wave.orders:
        work.emit("wave.released", stream=warehouse, wave=wave_id, number=wave.number)
    else:
        work.emit("wave.changed", stream=warehouse, wave=wave_id)
    return state


# --- reactions


def on_tour_finished(work: Work, event: Event) -> None:
    """A wave is finished when its last tour has ended."""
    warehouse = event.stream
    wave_id = store.wave_of_tour(work.conn, warehouse, event.payload["tour"])
    wave = None if wave_id is None else store.wave_by_id(work.conn, warehouse, wave_id)
    if wave is None or wave.state != "released":
        return
    states = store.tour_states(work.conn, warehouse, wave.id)
    if all(state in ("finished", "cancelled") for state in states):
        store.mark(work.conn, warehouse, wave.id, WAVE.advance(wave.state, "finish"))
    work.emit("wave.changed", stream=warehouse, wave=wave.id)
