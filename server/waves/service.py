"""Why: a wave reaches the floor whole or not at all, however long its writing takes and whatever happens meanwhile.

Planning reads a snapshot and holds nothing. Writing is a row (the plan), then slices of a few orders, each checked
again against what is true now, then one unit that shows everything. A crash goes on from the last slice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from server.core.events import Event
from server.core.refusal import Refusal
from server.db.work import Work
from server.inventory import rules as allocation
from server.inventory import service as inventory
from server.inventory import store as stock
from server.locations import service as locations
from server.orders import rules as order_rules
from server.orders.service import decisions, fulfilments, lookup
from server.orders.store import orders, promises
from server.tasks import service as tasks
from server.tasks.store import tasks as task_store
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

UNDONE_AT_ONCE: Final = 2
"""Orders in a slice of what is taken back: about as many rows."""
SLICE_ROWS: Final = 20
"""About so many rows are written in one slice: some 2 ms (performance.md: 20 ms slices put a scan's p99 at 69 ms)."""


# --- reading


def plan_input(
    conn: sa.Connection, warehouse: int, wanted: WaveFilter, now: datetime, budget: int
) -> tuple[PlanInput, list[LeftOut]]:
    """What the planner needs, and the named orders that cannot go, with the reason. Reads only."""
    found = store.ready(conn, warehouse, wanted)
    left_out = [LeftOut(each.number, why) for each in found if (why := _why_not(each, now)) is not None]
    going = [each for each in found if _why_not(each, now) is None]
    stopped = decisions.stopped(conn, [each.id for each in going])
    left_out.extend(LeftOut(each.number, stopped[each.id]) for each in going if each.id in stopped)
    going = [each for each in going if each.id not in stopped]
    named = set(wanted.orders or ()) - {each.number for each in found}
    left_out.extend(LeftOut(number, "order_unknown") for number in sorted(named))
    by_order: dict[UUID, list[PlanLine]] = {each.id: [] for each in going}
    for line in store.lines(conn, warehouse, [each.id for each in going]):
        by_order[line.order].append(PlanLine(line.line, line.item, line.wanted, line.volume_ml))
    to_plan = [
        PlanOrder(each.id, each.number, each.cutoff_at, by_order[each.id], each.split == "ship_complete")
        for each in going
    ]
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


def _why_not(each: store.Ready, now: datetime) -> str | None:
    if each.released and each.status != "ready":
        return "already_released"
    return order_rules.why_not(
        status=each.status,
        payment=each.payment,
        authorised_until=each.authorised_until,
        cutoff_at=each.cutoff_at,
        now=now,
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
    nothing = [LeftOut(each.number, each.left_out) for each in plan.orders if not each.picks]
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
    """One order, as it is now: cancelled, held or released meanwhile, or no longer to be filled, it stays out."""
    found = lookup.order_of(work.conn, planned.order)
    if _reason(found, work.now) is not None or decisions.again(work, found, "release"):
        return
    lines = promises.ready(work.conn, found.id, warehouse)
    shares = _shares(work, warehouse, planned, lines)
    if not shares or (found.split == "ship_complete" and _short(lines, shares)):
        return
    reserved = {line.id: sum(each.units for each in shares if each.line == line.id) for line in lines}
    given = fulfilments.create(
        work, found.id, wave_id, {line: fulfilments.Allocated(units, "no_stock") for line, units in reserved.items()},
        warehouse=warehouse,
    )  # fmt: skip
    parts = {each.order_line: each.id for each in given.lines}
    _write_slots(work, warehouse, plan, {(each.tour, each.slot) for each in shares}, given.id)
    rows = [_pick_row(work, warehouse, plan, given.id, parts[each.line], each) for each in shares]
    task_store.add(work.conn, rows)
    count["orders"] += 1
    count["lines"] += len(lines)
    count["units"] += sum(reserved.values())
    count["short"] += len(_short(lines, shares))


def _reason(found: orders.Order, now: datetime) -> str | None:
    return order_rules.why_not(
        status=found.status,
        payment=found.payment,
        authorised_until=found.authorised_until,
        cutoff_at=found.cutoff_at,
        now=now,
    )


def hold_back(work: Work, numbers: Sequence[int]) -> None:
    """Holds the orders that a rule keeps from the floor, so that somebody looks at them. Stream 0."""
    for number in numbers:
        found = lookup.order_of(work.conn, lookup.id_of(work.conn, number))
        if not found.released and _reason(found, work.now) is None:
            decisions.again(work, found, "release")


class _Share(NamedTuple):
    """So many units of an order's line out of that quant, on a tour's slot, at a place in its walk."""

    line: UUID
    item: UUID
    quant: UUID
    bin: UUID
    lot: str
    expiry: date | None
    units: int
    tour: int
    slot: int
    position: int


def _shares(work: Work, warehouse: int, planned: PlannedOrder, lines: Sequence[promises.Ready]) -> list[_Share]:
    """What the plan said where it is still free, else from another bin. Reads only."""
    used: dict[UUID, int] = {}
    shares: list[_Share] = []
    for line in lines:
        left = line.wanted
        picks = [pick for pick in planned.picks if pick.line == line.id]
        for pick in picks:
            units = min(pick.quantity, left, _free(work, warehouse, pick.quant) - used.get(pick.quant, 0))
            if units > 0:
                shares.append(_share(line, pick, pick, units))
                used[pick.quant] = used.get(pick.quant, 0) + units
                left -= units
        if left and picks:
            for found in _elsewhere(work, warehouse, line.item, left, used):
                shares.append(_share(line, picks[-1], found.candidate, found.quantity))
                used[found.candidate.quant] = used.get(found.candidate.quant, 0) + found.quantity
    return shares


def _share(line: promises.Ready, place: PlannedPick, stock: PlannedPick | allocation.Candidate, units: int) -> _Share:
    return _Share(
        line.id,
        line.item,
        stock.quant,
        stock.bin,
        stock.lot,
        stock.expiry,
        units,
        place.tour,
        place.slot,
        place.position,
    )


def _short(lines: Sequence[promises.Ready], shares: Sequence[_Share]) -> list[UUID]:
    found: dict[UUID, int] = {}
    for share in shares:
        found[share.line] = found.get(share.line, 0) + share.units
    return [line.id for line in lines if found.get(line.id, 0) < line.wanted]


def _free(work: Work, warehouse: int, quant: UUID) -> int:
    on_hand, reserved, status = stock.reserved_on(work.conn, warehouse, quant) or (0, 0, "gone")
    return max(0, on_hand - reserved) if status == "available" else 0


def _elsewhere(work: Work, warehouse: int, item: UUID, wanted: int, used: dict[UUID, int]) -> list[allocation.Share]:
    today = locations.today(work.conn, warehouse, work.now)
    candidates = [
        allocation.Candidate(
            row.quant, row.bin, row.lot, row.expiry, row.free - used.get(row.quant, 0), row.x_mm + row.y_mm
        )
        for row in inventory.free(work.conn, warehouse, [item])
    ]
    return allocation.allocate(wanted, candidates, today)[0]


def _write_slots(work: Work, warehouse: int, plan: Plan, used: set[tuple[int, int]], fulfilment: UUID) -> None:
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


def _pick_row(work: Work, warehouse: int, plan: Plan, fulfilment: UUID, line: UUID, share: _Share) -> dict[str, Any]:
    inventory.reserve(work, warehouse, share.quant, share.units)
    goods = inventory.Goods(share.item, share.lot, share.expiry)
    row = tasks.task_row(work, warehouse, "pick", share.bin, goods, share.units, state="waiting")
    return row | {
        "tour_id": plan.tours[share.tour].id,
        "slot": share.slot,
        "position": share.position,
        "fulfilment_id": fulfilment,
        "line_id": line,
        "quant_id": share.quant,
    }


def complete(work: Work, warehouse: int, wave_id: UUID) -> str:
    """The wave's last unit: everything is shown at once. A wave that came to nothing is undone."""
    wave = store.wave_by_id(work.conn, warehouse, wave_id)
    if wave is None or wave.state != "releasing" or wave.slices_done < wave.slices:
        return "releasing" if wave is not None and wave.state == "releasing" else "gone"
    fulfilments.reveal(work, warehouse, wave_id)
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


# --- taking it back


def take_back(work: Work, warehouse: int, wave_id: UUID) -> None:
    """Breaks a release off: what is written of the wave is taken back, slice by slice.

    Refuses `move_not_allowed` once the wave is on the floor: then its orders are cancelled or held one by one.
    """
    wave = store.wave_by_id(work.conn, warehouse, wave_id)
    if wave is None:
        raise Refusal("wave_unknown")
    store.mark(work.conn, warehouse, wave_id, WAVE.advance(wave.state, "take_back"))
    work.emit("wave.changed", stream=warehouse, wave=wave_id)


def undo_slice(work: Work, warehouse: int, wave_id: UUID) -> bool:
    """Takes back some orders of a wave that is being undone; with the last it is undone. Whether there is more."""
    wave = store.wave_by_id(work.conn, warehouse, wave_id)
    if wave is None or wave.state != "undoing":
        return False
    parts = store.standing(work.conn, warehouse, wave_id, UNDONE_AT_ONCE)
    for part in parts:
        tasks.drop_waiting(work, warehouse, part)
        fulfilments.withdraw(work, part)
    if not parts:
        store.cancel_tours(work.conn, warehouse, wave_id)
        store.set_state(work.conn, warehouse, wave_id, WAVE.advance(wave.state, "undo"), None)
    work.emit("wave.changed", stream=warehouse, wave=wave_id)
    return bool(parts)


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
