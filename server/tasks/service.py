"""Why: a tour is taken, loaded and handed over here; and when an order changes its mind, its work changes here too.

These are requests: they may be refused. What was done with hands is in `facts`.
"""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import sqlalchemy as sa

from server.auth.permissions import permissions_of
from server.core import barcodes
from server.core.events import Event
from server.core.refusal import Fault, Refusal
from server.db.work import Work
from server.inventory import rules as allocation
from server.inventory import service as inventory
from server.locations import service as locations
from server.tasks import judge, rules
from server.tasks.lifecycle import TASK, TOTE, TOUR
from server.tasks.schemas import Answer, BindCart, BindTote, Effect, FinishTour, TakeTour
from server.tasks.store import carts, effects, people, stock, tasks, totes, tours
from server.tasks.store.tasks import Task
from server.tasks.store.tours import Slot, Tour


def take_tour(work: Work, warehouse: int, body: TakeTour) -> Answer:
    """The tour becomes this person's, also on another device; somebody else's stays theirs."""
    tour = _tour(work, warehouse, body.tour)
    _may_take(work, tour)
    _claim(work, warehouse, tour, TOUR.advance(tour.state, "take"), work.actor.person)
    return _answer("tour_taken", tour=tour.number)


def reassign_tour(work: Work, warehouse: int, tour_id: UUID, person: UUID | None) -> Answer:
    """A supervisor gives a tour to somebody who may pick here, or back to everyone; a started one keeps its totes."""
    tour = _tour(work, warehouse, tour_id)
    if person is not None and not _may_pick(work, warehouse, person):
        raise Refusal("person_unknown", Fault("person", "This person may not pick in this warehouse.", got=str(person)))
    if tour.state in ("waiting", "finished", "cancelled"):
        raise Refusal("move_not_allowed", thing="tour", state=tour.state, trigger="reassign")
    state = tour.state
    if person is None and tour.state == "taken":
        state = TOUR.advance(tour.state, "let_go")
    elif person is not None:
        state = TOUR.advance(tour.state, "take")
    _claim(work, warehouse, tour, state, person)
    return _answer("done")


def count_later(work: Work, warehouse: int, task_id: UUID) -> None:
    """A supervisor puts a count behind everything else that is on no tour; it is offered last.

    Refuses `task_unknown` for what is no count, `move_not_allowed` for one that is done.
    """
    found = tasks.by_id(work.conn, warehouse, task_id)
    if found is None or found.kind != "count":
        raise Refusal("task_unknown", Fault("task", "There is no such count here.", got=str(task_id)))
    if found.state != "open":
        raise Refusal("move_not_allowed", thing="task", state=found.state, trigger="later")
    last = tasks.last_loose(work.conn, warehouse)
    tasks.write(work.conn, warehouse, found, state=found.state, by=None, position=last + 1)
    task_changed(work, warehouse, found)


def _may_pick(work: Work, warehouse: int, person: UUID) -> bool:
    found = people.worker(work.conn, person)
    return (
        found is not None
        and found.active
        and found.warehouse in (None, warehouse)
        and "floor.commands" in permissions_of(found.roles)
    )


def bind_cart(work: Work, warehouse: int, body: BindCart) -> Answer:
    """The scanned cart goes with the tour."""
    tour = _own_tour(work, warehouse, body.tour)
    scan = barcodes.parse(body.cart)
    cart = carts.by_code(work.conn, warehouse, scan.code)
    if cart is None:
        raise Refusal("cart_unknown", cart=scan.code or body.cart)
    if cart.tour not in (None, tour.id) and not _ended(work, warehouse, cart.tour):
        raise Refusal("cart_used", cart=scan.code)
    carts.free(work.conn, warehouse, tour.id)
    carts.give(work.conn, warehouse, cart.id, tour.id)
    _write_tour(work, warehouse, tour, state=tour.state, person=tour.person, cart=cart.id)
    return _answer("cart_bound", cart=scan.code)


def bind_tote(work: Work, warehouse: int, body: BindTote) -> Answer:
    """The scanned tote stands in that slot; it must be empty and nobody else's."""
    tour = _own_tour(work, warehouse, body.tour)
    slots = tours.slots(work.conn, warehouse, tour.id)
    slot = next((each for each in slots if each.slot == body.slot), None)
    if slot is None:
        raise Refusal("slot_unknown", slot=body.slot)
    code = barcodes.parse(body.tote).code or body.tote
    tote = totes.by_code(work.conn, warehouse, code)
    if tote is None:
        raise Refusal("tote_unknown", tote=code)
    if slot.lpn == tote.lpn:
        return _answer("tote_bound", tote=code, slot=body.slot)
    against = judge.tote_for(judge.Loading(body.slot, {each.tote: each.slot for each in slots if each.tote}), code)
    if against is not None:
        raise Refusal(against.outcome, **against.params)
    _free_for(work, warehouse, tote, code)
    _leave_slot(work, warehouse, tour, slot)
    tours.set_slot(work.conn, warehouse, slot.id, tote.lpn)
    totes.write(work.conn, warehouse, tote.lpn, TOTE.advance(tote.state, "assign"), tour.id)
    _changed(work, warehouse, tour.id, tour.person)
    return _answer("tote_bound", tote=code, slot=body.slot)


def finish_tour(work: Work, warehouse: int, body: FinishTour) -> Answer:
    """Everything is done and the totes stand where packers find them; empty totes and the cart are free again."""
    tour = _own_tour(work, warehouse, body.tour)
    if tour.state == "finished":
        return Answer("tour_finished", "ok", version=tour.version)
    left = tasks.left_on_tour(work.conn, warehouse, tour.id)
    if left:
        raise Refusal("tour_not_ready", left=left)
    for tote, filled in totes.of_tour(work.conn, warehouse, tour.id):
        becomes = rules.tote_after_tour(tote.state, tote.tour == tour.id, filled)
        if becomes != tote.state:
            totes.write(work.conn, warehouse, tote.lpn, becomes, None)
    carts.free(work.conn, warehouse, tour.id)
    state = TOUR.advance(tour.state, "finish")
    _write_tour(work, warehouse, tour, state=state, person=tour.person, cart=None, ended=True)
    work.emit("tour.finished", stream=warehouse, tour=tour.id, person=tour.person)
    return Answer("tour_finished", "ok", version=tour.version + 1)


def _answer(outcome: str, **params: str | int) -> Answer:
    return Answer(outcome, "ok", params)


def _tour(work: Work, warehouse: int, tour_id: UUID) -> Tour:
    tour = tours.by_id(work.conn, warehouse, tour_id)
    if tour is None or tour.state == "waiting":
        raise Refusal("tour_unknown")
    return tour


def _may_take(work: Work, tour: Tour) -> None:
    claimed_by = None if tour.person is None else people.worker(work.conn, tour.person)
    owner = tour.person if claimed_by is not None and claimed_by.active else None  # somebody who is gone has no claim
    claim = rules.Claim(tour.state, owner, tour.lease_until)
    if not rules.may_take(claim, work.actor.person, work.now):
        if tour.person not in (None, work.actor.person):
            raise Refusal("tour_claimed", tour=tour.number, person=people.name_of(work.conn, tour.person))
        TOUR.advance(tour.state, "take")


def _own_tour(work: Work, warehouse: int, tour_id: UUID) -> Tour:
    tour = _tour(work, warehouse, tour_id)
    if tour.person is not None and tour.person != work.actor.person:
        raise Refusal("tour_claimed", tour=tour.number, person=people.name_of(work.conn, tour.person))
    return tour


def _claim(work: Work, warehouse: int, tour: Tour, state: str, person: UUID | None) -> None:
    _write_tour(work, warehouse, tour, state=state, person=person, cart=tour.cart)


def _write_tour(
    work: Work,
    warehouse: int,
    tour: Tour,
    *,
    state: str,
    person: UUID | None,
    cart: UUID | None,
    ended: bool = False,
) -> None:
    tours.write(
        work.conn,
        warehouse,
        tour.id,
        state=state,
        by=person,
        device=work.actor.device,
        until=work.now + rules.LEASE if state == "taken" else None,
        cart_id=cart,
        ended=work.now if ended else None,
    )
    work.emit("tour.changed", stream=warehouse, tour=tour.id, person=person)


def _ended(work: Work, warehouse: int, tour_id: UUID | None) -> bool:
    other = None if tour_id is None else tours.by_id(work.conn, warehouse, tour_id)
    return other is None or other.state in ("finished", "cancelled")


def _free_for(work: Work, warehouse: int, tote: totes.Tote, code: str) -> None:
    if tote.state == "assigned":
        raise Refusal("tote_used", tote=code)
    if tote.state == "staged" or totes.holds_goods(work.conn, warehouse, tote.lpn):
        raise Refusal("tote_not_empty", tote=code)


def _leave_slot(work: Work, warehouse: int, tour: Tour, slot: Slot) -> None:
    if slot.lpn is None:
        return
    if totes.holds_goods(work.conn, warehouse, slot.lpn):
        raise Refusal("slot_taken", slot=slot.slot, tote=slot.tote or "")
    tote = totes.by_id(work.conn, warehouse, slot.lpn)
    if tote is not None and tote.tour == tour.id:
        totes.write(work.conn, warehouse, slot.lpn, TOTE.advance(tote.state, "free"), None)


def _changed(work: Work, warehouse: int, tour_id: UUID, person: UUID | None) -> None:
    tours.touch(work.conn, warehouse, tour_id)
    work.emit("tour.changed", stream=warehouse, tour=tour_id, person=person)


# --- used by facts and by reactions


def task_changed(work: Work, warehouse: int, task: Task) -> None:
    """Says that a task changed: to its tour, or to everybody where it has none."""
    if task.tour is not None:
        _changed(work, warehouse, task.tour, task.tour_person)
    else:
        work.emit("task.changed", stream=warehouse, task=task.id, kind=task.kind)


def stand_with(work: Work, warehouse: int, task: Task, lpn_id: UUID) -> None:
    """A tote into which goods of a task went is free no more, whoever put it there.

    It goes with the task's tour: in the task's slot where that has no tote, else in one more, for it is one tote more
    that is to be handed over. Where that tour is walked by nobody any more, the tote waits for a pack station.
    """
    walked = task.tour is not None and task.tour_state != "cancelled"
    state = TOTE.advance(TOTE.initial, "assign" if walked else "stage")
    tour_id = task.tour if walked else None
    if totes.fill(work.conn, warehouse, lpn_id, state, tour_id) and tour_id is not None:
        _stand_in_slot(work, warehouse, tour_id, task, lpn_id)


def _stand_in_slot(work: Work, warehouse: int, tour_id: UUID, task: Task, lpn_id: UUID) -> None:
    slots = tours.slots(work.conn, warehouse, tour_id)
    own = next((each for each in slots if each.slot == task.slot), None)
    if own is None or any(each.lpn == lpn_id for each in slots):
        return
    if own.lpn is None:
        tours.set_slot(work.conn, warehouse, own.id, lpn_id)
    else:
        more = Slot(work.new_id(), slots[-1].slot + 1, own.fulfilment, lpn_id, None)
        tours.add_slot(work.conn, warehouse, tour_id, more)


def open_count(work: Work, warehouse: int, bin_id: UUID, goods: inventory.Goods, reason: str) -> UUID | None:
    """Opens a count of these goods in that bin and gives its id; None where one is open already."""
    if tasks.open_count(work.conn, warehouse, bin_id, goods.item) is not None:
        return None
    row = task_row(work, warehouse, "count", bin_id, goods, 0, reason=reason)
    tasks.add(work.conn, [row])
    work.emit("task.opened", stream=warehouse, task=row["id"], kind="count")
    opened: UUID = row["id"]
    return opened


def open_put_back(work: Work, warehouse: int, pick: Task, lpn_id: UUID, quantity: int, reason: str) -> dict[str, Any]:
    """Opens a put-back of `quantity` units out of that tote into the bin they came from, on the same tour."""
    goods = inventory.Goods(pick.item, pick.lot, pick.expiry)
    live_tour = pick.tour if pick.tour_state in ("offered", "taken", "started") else None
    row = task_row(work, warehouse, "put_back", pick.bin, goods, quantity, reason=reason)
    row |= {
        "lpn_id": lpn_id,
        "fulfilment_id": pick.fulfilment,
        "line_id": pick.line,
        "tour_id": live_tour,
        "slot": pick.slot if live_tour else None,
    }
    if live_tour is not None:
        row["position"] = position_for(work, warehouse, live_tour, pick.bin)
    tasks.add(work.conn, [row])
    work.emit("task.opened", stream=warehouse, task=row["id"], kind="put_back")
    return row


def position_for(work: Work, warehouse: int, tour_id: UUID, bin_id: UUID) -> int:
    """Where a new stop at that bin fits into what is left of a tour."""
    spots = [rules.Spot(*row) for row in tasks.open_spots(work.conn, warehouse, tour_id)]
    if not spots:
        return tasks.last_position(work.conn, warehouse, tour_id) + rules.GAP
    place = locations.bin_by_id(work.conn, warehouse, bin_id)
    return rules.insert_position(spots, place.x_mm, place.y_mm) if place else spots[-1].position + rules.GAP


def drop_waiting(work: Work, warehouse: int, fulfilment: UUID) -> None:
    """Cancels a fulfilment's picks that nobody has seen and frees what was reserved for them."""
    for pick in tasks.of_fulfilment(work.conn, warehouse, fulfilment):
        if pick.state != "waiting":
            continue
        if pick.quant is not None:
            inventory.unreserve(work, warehouse, pick.quant, pick.quantity - pick.done - pick.short)
        tasks.write(work.conn, warehouse, pick, state=TASK.advance(pick.state, "cancel"), by=None, ended=work.now)


def task_row(
    work: Work,
    warehouse: int,
    kind: str,
    bin_id: UUID,
    goods: inventory.Goods,
    quantity: int,
    *,
    reason: str | None = None,
    state: str = "open",
) -> dict[str, Any]:
    """The row of a new task; every column is named, so that many rows go in one statement."""
    return {
        "id": work.new_id(),
        "warehouse_id": warehouse,
        "kind": kind,
        "state": state,
        "tour_id": None,
        "slot": None,
        "position": 0,
        "fulfilment_id": None,
        "line_id": None,
        "quant_id": None,
        "bin_id": bin_id,
        "lpn_id": None,
        "item_id": goods.item,
        "lot": goods.lot,
        "expiry": goods.expiry,
        "quantity": quantity,
        "reason": reason,
        "opened_at": work.now,
    }


class Replacement(NamedTuple):
    """A pick that takes elsewhere what was missing."""

    task: UUID
    bin: UUID


def replace_missing(
    work: Work, warehouse: int, pick: Task, missing: int, today: date, doubted: UUID | None
) -> tuple[int, list[Replacement]]:
    """Finds `missing` units of a pick's goods in any bin but the `doubted`, reserves them, adds the picks to its tour.

    The line's units must be open (not reserved) when this is called. Answers how many were found nowhere, and the
    picks for the others.
    """
    here = locations.bin_by_id(work.conn, warehouse, pick.bin)
    x_mm, y_mm = (here.x_mm, here.y_mm) if here else (0, 0)
    candidates = [
        allocation.Candidate(
            row.quant, row.bin, row.lot, row.expiry, row.free, abs(row.x_mm - x_mm) + abs(row.y_mm - y_mm)
        )
        for row in inventory.free(work.conn, warehouse, [pick.item])
        if row.bin != doubted
    ]
    shares, lacking = allocation.allocate(missing, candidates, today)
    return lacking, [_add_pick(work, warehouse, pick, share) for share in shares]


def _add_pick(work: Work, warehouse: int, pick: Task, share: allocation.Share) -> Replacement:
    found = share.candidate
    inventory.reserve(work, warehouse, found.quant, share.quantity)
    goods = inventory.Goods(pick.item, found.lot, found.expiry)
    row = task_row(work, warehouse, "pick", found.bin, goods, share.quantity, reason="replaces_short")
    row |= {
        "quant_id": found.quant,
        "fulfilment_id": pick.fulfilment,
        "line_id": pick.line,
        "tour_id": pick.tour,
        "slot": pick.slot,
        "state": pick.state if pick.state == "waiting" else "open",
    }
    if pick.tour is not None:
        row["position"] = position_for(work, warehouse, pick.tour, found.bin)
    tasks.add(work.conn, [row])
    return Replacement(row["id"], found.bin)


# --- reactions: what happens here in the same transaction


def on_line_cancelled(work: Work, event: Event) -> None:
    """Units of a line were cancelled: their picks close, their stock is free again, what lies in totes goes back."""
    warehouse = event.stream
    line = event.payload["line"]
    own = tasks.of_line(work.conn, warehouse, line)
    _close_picks(work, warehouse, own, event.payload["reserved"] or 0)
    _send_back(work, warehouse, line, own, event.payload["picked"] or 0)
    touched = {task.tour: task for task in own if task.tour is not None}
    for task in touched.values():
        task_changed(work, warehouse, task)


def _close_picks(work: Work, warehouse: int, own: list[Task], units: int) -> None:
    for pick in own:
        open_units = max(0, pick.quantity - pick.done - pick.short) if pick.state in ("open", "waiting") else 0
        closing = min(units, open_units) if pick.kind == "pick" else 0
        if not closing:
            continue
        units -= closing
        if pick.quant is not None:
            inventory.unreserve(work, warehouse, pick.quant, closing)
        _shrink(work, warehouse, pick, closing)


def _shrink(work: Work, warehouse: int, pick: Task, closing: int) -> None:
    """Cancelled whole the task is cancelled; in part it is smaller, and done when nothing is left of it."""
    quantity = pick.quantity - closing
    left = quantity - pick.done - pick.short
    state, ended = pick.state, None
    if left == 0:
        trigger = "finish" if pick.done and pick.state == "open" else "cancel"
        state, ended = TASK.advance(pick.state, trigger), work.now
    kept = pick.quantity if state == "cancelled" else quantity
    tasks.write(work.conn, warehouse, pick, state=state, by=None, quantity=kept, reason="order_cancelled", ended=ended)


def _send_back(work: Work, warehouse: int, line: UUID, own: list[Task], units: int) -> None:
    """Opens put-backs for so many picked units, out of the totes into which they really went."""
    if units <= 0:
        return
    picks = {pick.id: pick for pick in own if pick.kind == "pick"}
    for task_id, stored in effects.picked_into(work.conn, warehouse, line):
        pick, effect = picks[task_id], msgspec.convert(stored, Effect)
        if units and effect.lpn is not None:
            returning = min(units, effect.good, _lies_in(work, warehouse, effect.lpn, pick))
            if returning > 0:
                units -= returning
                open_put_back(work, warehouse, pick, effect.lpn, returning, "order_cancelled")
    if units:
        _send_back_from_elsewhere(work, warehouse, next(iter(picks.values())), units)


def _send_back_from_elsewhere(work: Work, warehouse: int, pick: Task, units: int) -> None:
    """What was packed for another order out of this one's totes lies in that order's: those have as much too many."""
    for lpn_id, lot, expiry in totes.holding(work.conn, warehouse, pick.item):
        there = pick._replace(lot=lot, expiry=expiry)
        returning = min(units, _lies_in(work, warehouse, lpn_id, there))
        if returning > 0:
            units -= returning
            open_put_back(work, warehouse, there, lpn_id, returning, "order_cancelled")


def _lies_in(work: Work, warehouse: int, lpn_id: UUID, pick: Task) -> int:
    """Units of a pick's goods in a tote that nothing takes out yet."""
    held = inventory.contents(work.conn, warehouse, lpn_id)
    lying = sum(each.quantity for each in held if (each.item, each.lot) == (pick.item, pick.lot))
    return lying - tasks.open_put_backs(work.conn, warehouse, lpn_id, pick.item, pick.lot)


def invariants(conn: sa.Connection) -> list[str]:
    """What is broken: open pick quantities equal what is reserved, quant by quant; no tote with goods is free."""
    wanted = {quant: units for quant, units in tasks.open_picks(conn) if units}
    broken = []
    for quant, reserved in stock.reserved(conn):
        units = wanted.pop(quant, 0)
        if units != reserved:
            broken.append(f"quant {quant}: {reserved} reserved, open picks want {units}")
    broken.extend(f"quant {quant}: nothing reserved, open picks want {units}" for quant, units in wanted.items())
    broken.extend(f"tote {code}: goods lie in it, its state says empty" for code in totes.free_with_goods(conn))
    return broken
