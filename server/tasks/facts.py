"""Why: what was done with hands has happened. It is booked, whatever lease, version, state or stock say.

Procedure of a pick, as the floor lives it: (1) the picker stands at the bin and scans it, (2) scans the item,
(3) drops the quantity into the tote of its slot. The device has judged each scan; here the goods are booked from
the bin into the tote. Up to the line's need they are picked; the rest opens a put-back; what the books lacked is
adjusted and the bin is counted.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from server.core import barcodes
from server.core.refusal import Refusal
from server.db.work import Work
from server.inventory import service as inventory
from server.locations import service as locations
from server.locations.schemas import Bin
from server.orders.service import lines as order_lines
from server.tasks import rules
from server.tasks.lifecycle import TASK, TOUR
from server.tasks.schemas import Answer, Count, Effect, Pick, PutBack, Short, Skip
from server.tasks.service import Replacement, open_count, open_put_back, replace_missing, stand_with, task_changed
from server.tasks.store import effects, stock, tasks, totes, tours
from server.tasks.store.tasks import Task


class SetAside(Exception):
    """The fact cannot be booked: it is kept for a supervisor, with the reason: a code of `core.words`, or words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def pick(work: Work, warehouse: int, body: Pick, *, sure: bool = False) -> Answer:
    """Books picked goods into the tote; never refuses. `sure`: a person says that so many are right."""
    task = _task(work, warehouse, body.task, "pick")
    if not sure and rules.absurd(body.qty, task.quantity):
        raise SetAside("absurd_quantity")
    lpn_id = _tote(work, warehouse, body.tote, task)
    source_bin = _source(work, warehouse, body.bin, task)
    part = rules.split(body.qty, task.quantity, task.done, task.short, task.state == "open")
    goods = inventory.Goods(task.item, task.lot, task.expiry)
    lacking = _book_pick(work, warehouse, task, goods, source_bin, lpn_id, part)
    if part.good:
        _advance_pick(work, warehouse, task, part.good)
    back = _book_surplus(work, warehouse, task, lpn_id, part.surplus) if part.surplus else None
    if lacking:
        open_count(work, warehouse, source_bin, goods, "more_than_booked")
    stand_with(work, warehouse, task, lpn_id)
    start_tour(work, warehouse, task)
    effect = Effect(part.good, part.surplus, lacking, source_bin, lpn_id, back, line=task.line)
    _keep_effect(work, warehouse, "pick", task, effect)
    return _pick_answer(work, warehouse, task, part, lacking, body)


def _task(work: Work, warehouse: int, task_id: UUID, kind: str) -> Task:
    task = tasks.by_id(work.conn, warehouse, task_id)
    if task is None or task.kind != kind or task.state == "waiting":
        raise SetAside("no_such_task")
    return task


def _tote(work: Work, warehouse: int, scanned: str, task: Task) -> UUID:
    code = barcodes.parse(scanned).code or scanned
    if code == task.slot_tote and task.slot_lpn is not None:
        return task.slot_lpn
    tote = totes.by_code(work.conn, warehouse, code)
    if tote is not None:
        return tote.lpn
    if task.slot_lpn is not None:
        return task.slot_lpn
    raise SetAside("no_such_tote")


def _source(work: Work, warehouse: int, scanned: str, task: Task) -> UUID:
    """The bin that was scanned; the task's own where nobody knows the scanned one."""
    found = None if _bin_code(scanned) == task.bin_code else _bin(work, warehouse, scanned)
    return task.bin if found is None else found.id


def _bin(work: Work, warehouse: int, scanned: str) -> Bin | None:
    """The bin that was scanned; None where there is no such bin, or only one that closes the books."""
    found = locations.bin_by_code(work.conn, warehouse, _bin_code(scanned))
    return found if found is not None and rules.is_place(found.type) else None


def _bin_code(scanned: str) -> str:
    scan = barcodes.parse(scanned)
    return scan.code if scan.kind == "bin" else scanned


def _book_pick(
    work: Work,
    warehouse: int,
    task: Task,
    goods: inventory.Goods,
    source: UUID,
    lpn_id: UUID,
    part: rules.Split,
) -> int:
    """Bin → tote. The task's own reservation ends with it: on its quant, wherever the goods were really taken."""
    target = inventory.Place(locations.special_bin(work.conn, warehouse, "cart"), lpn_id)
    own = part.good if task.quant is not None and source == task.bin else 0
    if part.good and not own and task.quant is not None:
        inventory.unreserve(work, warehouse, task.quant, part.good)
    return inventory.take(
        work,
        warehouse,
        goods,
        part.good + part.surplus,
        inventory.Place(source),
        target,
        "pick",
        unreserve=own,
    )


def _advance_pick(work: Work, warehouse: int, task: Task, good: int) -> None:
    _do(work, warehouse, task, good)
    params = {"quantity": good, "bin": task.bin_code, "slot": task.slot or 0}
    order_lines.change(work, line_of(task), "picked", params, reserved=-good, picked=good)


def _do(work: Work, warehouse: int, task: Task, units: int) -> bool:
    """So many more units of a task are done; whether it is finished with them."""
    done = task.done + units
    finished = done + task.short >= task.quantity
    tasks.write(
        work.conn,
        warehouse,
        task,
        state=TASK.advance(task.state, "finish") if finished else task.state,
        by=work.actor.person,
        done=done,
        ended=work.now if finished else None,
    )
    return finished


def line_of(task: Task) -> UUID:
    """The line for which a task is done; set aside where it has none."""
    if task.line is None:
        raise SetAside("task_without_order")
    return task.line


def _book_surplus(work: Work, warehouse: int, task: Task, lpn_id: UUID, surplus: int) -> UUID:
    why = "order_cancelled" if task.state == "cancelled" else "more_than_wanted"
    params = {"quantity": surplus, "bin": task.bin_code, "slot": task.slot or 0}
    order_lines.change(work, line_of(task), "over_picked", params, why=why, to_put_back=surplus)
    row = open_put_back(work, warehouse, task, lpn_id, surplus, why)
    back: UUID = row["id"]
    return back


def start_tour(work: Work, warehouse: int, task: Task) -> None:
    """The first fact starts the tour; a fact for a finished one opens it again, so that nothing is hidden."""
    if task.tour is None:
        return
    begun = task.tour_state == "started"
    tour = None if begun else tours.by_id(work.conn, warehouse, task.tour)
    if tour is not None and tour.state in ("offered", "taken", "finished"):
        tours.write(
            work.conn,
            warehouse,
            tour.id,
            state=TOUR.advance(tour.state, "start"),
            by=tour.person or work.actor.person,
            device=work.actor.device,
            until=None,
            cart_id=tour.cart,
        )
        work.emit("tour.changed", stream=warehouse, tour=tour.id, person=tour.person or work.actor.person)
        return
    task_changed(work, warehouse, task)


def _keep_effect(work: Work, warehouse: int, kind: str, task: Task, effect: Effect) -> None:
    effects.add(
        work.conn,
        {
            "command_id": work.command_id,
            "warehouse_id": warehouse,
            "kind": kind,
            "task_id": task.id,
            "tour_id": task.tour,
            "person_id": work.actor.person,
            "at": work.now,
            "effect": msgspec.to_builtins(effect),
        },
    )


def _pick_answer(work: Work, warehouse: int, task: Task, part: rules.Split, lacking: int, body: Pick) -> Answer:
    left = task.left - part.good
    on_tour = 0
    if task.tour is not None and left == 0:
        on_tour = tasks.left_on_tour(work.conn, warehouse, task.tour)
    outcome = rules.pick_outcome(part, task.state, lacking, left, on_tour)
    quantity = part.surplus or part.good
    said: dict[str, str | int] = {"quantity": quantity, "slot": body.slot, "order": task.order_number or 0}
    if outcome == "stop_done":
        said["bin"] = _next_bin(work, warehouse, task)
    severity = "ok" if outcome in ("picked", "stop_done", "tour_done") else "card"
    return Answer(outcome, severity, said, task.version + bool(part.good), task.id)


def _next_bin(work: Work, warehouse: int, task: Task) -> str:
    if task.tour is None:
        return ""
    following = [each for each in tasks.of_tour(work.conn, warehouse, task.tour) if each.state == "open"]
    later = [each for each in following if each.position > task.position]
    return (later or following)[0].bin_code if following else ""


# --- short


def short(work: Work, warehouse: int, body: Short) -> Answer:
    """Goods are not where they should be.

    In one unit: the line is shortened, other picks of the same stock are released, the stock is held, a count opens,
    and the missing quantity is taken from another bin at once or put on backorder. Damaged units alone are marked so:
    the others that lie there are as good as they were, for others' picks and for this one's.
    """
    task = _task(work, warehouse, body.task, "pick")
    missing = min(body.missing, task.left)
    if missing == 0:
        return Answer("shorted", "ok", {"missing": 0}, task.version, task.id)
    finished = task.done + task.short + missing >= task.quantity
    tasks.write(
        work.conn,
        warehouse,
        task,
        state=TASK.advance(task.state, "finish") if finished else task.state,
        by=work.actor.person,
        short=task.short + missing,
        reason=body.reason,
        ended=work.now if finished else None,
    )
    goods = inventory.Goods(task.item, task.lot, task.expiry)
    others = _release_stock(work, warehouse, task, missing, body.reason)
    status, held = _correct_stock(work, warehouse, task, goods, missing, body.reason)
    count_id = open_count(work, warehouse, task.bin, goods, body.reason)
    lacking, found = _replan(work, warehouse, task, missing, body.reason)
    for other, units in others:
        _replan(work, warehouse, other, units, body.reason)
    start_tour(work, warehouse, task)
    effect = Effect(missing, lacking=lacking, line=task.line, count=count_id, held=held, status=status,
                    replaced_by=[each.task for each in found])  # fmt: skip
    _keep_effect(work, warehouse, "short", task, effect)
    work.emit(
        "pick.shorted",
        stream=warehouse,
        task=task.id,
        bin=task.bin,
        item=task.item,
        missing=missing,
        reason=body.reason,
    )
    return _short_answer(work, warehouse, task, missing, lacking, found)


def _release_stock(work: Work, warehouse: int, task: Task, missing: int, reason: str) -> list[tuple[Task, int]]:
    """Frees the missing units and, where the rest is doubted, what other open picks still expect of the same stock."""
    if task.quant is None:
        return []
    inventory.unreserve(work, warehouse, task.quant, missing)
    if not rules.doubts_rest(reason):
        return []
    others: list[tuple[Task, int]] = []
    for other in tasks.picks_on(work.conn, warehouse, task.quant):
        units = other.quantity - other.done - other.short
        if other.id == task.id or units <= 0:
            continue
        inventory.unreserve(work, warehouse, task.quant, units)
        trigger = "finish" if other.done and other.state == "open" else "cancel"
        tasks.write(
            work.conn,
            warehouse,
            other,
            state=TASK.advance(other.state, trigger),
            by=None,
            short=other.short + units,
            reason="found_short",
            ended=work.now,
        )
        others.append((other, units))
    return others


def _correct_stock(
    work: Work, warehouse: int, task: Task, goods: inventory.Goods, missing: int, reason: str
) -> tuple[str, int]:
    """Damaged units are marked so; otherwise nobody trusts the rest of the bin until it is counted.

    Gives the status that so many units have now.
    """
    found = stock.loose(work.conn, warehouse, task.bin, task.item, task.lot).get("available", (0, 0))
    rest = found[0] - found[1]
    status, units = ("hold", rest) if rules.doubts_rest(reason) else ("damaged", min(missing, rest))
    if units > 0:
        here = inventory.Place(task.bin)
        inventory.move(
            work, warehouse, goods, units, here, inventory.Place(task.bin, status=status), f"short: {reason}"
        )
    return status, units


def _replan(work: Work, warehouse: int, task: Task, units: int, reason: str) -> tuple[int, list[Replacement]]:
    line = line_of(task)
    said = {"missing": units, "bin": task.bin_code}
    order_lines.change(work, line, "shorted", {"quantity": units, **said}, why=reason, reserved=-units)
    doubted = task.bin if rules.doubts_rest(reason) else None
    lacking, replaced = replace_missing(work, warehouse, task, units, _today(work, warehouse), doubted)
    found = units - lacking
    if found:
        order_lines.change(work, line, "reallocated", {"quantity": found}, why=reason, reserved=found)
    if lacking:
        order_lines.change(work, line, "backordered", {"quantity": lacking}, why="no_stock_left", backordered=lacking)
    task_changed(work, warehouse, task)
    return lacking, replaced


def _today(work: Work, warehouse: int) -> date:
    return locations.today(work.conn, warehouse, work.now)


def _short_answer(
    work: Work, warehouse: int, task: Task, missing: int, lacking: int, replaced: list[Replacement]
) -> Answer:
    params: dict[str, str | int] = {"missing": missing}
    if lacking:
        return Answer("shorted_backordered", "ok", {"missing": lacking}, task.version + 1, task.id)
    if replaced:
        found = locations.bin_by_id(work.conn, warehouse, replaced[0].bin)
        params["bin"] = found.code if found else ""
        return Answer("shorted_replaced", "ok", params, task.version + 1, task.id)
    return Answer("shorted", "ok", params, task.version + 1, task.id)


# --- skip, put back, count


def skip(work: Work, warehouse: int, body: Skip) -> Answer:
    """The stop comes back at the end of its tour."""
    task = tasks.by_id(work.conn, warehouse, body.task)
    if task is None or task.tour is None or task.state != "open":
        raise Refusal("task_unknown")
    position = tasks.last_position(work.conn, warehouse, task.tour) + rules.GAP
    tasks.write(
        work.conn,
        warehouse,
        task,
        state=task.state,
        by=work.actor.person,
        position=position,
        reason=f"skipped: {body.reason}",
    )
    _keep_effect(work, warehouse, "skip", task, Effect(position=task.position))
    task_changed(work, warehouse, task)
    return Answer("skipped", "ok", {}, task.version + 1, task.id)


def put_back(work: Work, warehouse: int, body: PutBack, *, sure: bool = False) -> Answer:
    """Goods went out of a tote into a bin; never refuses.

    What the task still wants is booked. More than that, or what somebody else has put back already, is only found by
    counting the bin: a count opens.
    """
    task = _task(work, warehouse, body.task, "put_back")
    if not sure and rules.absurd(body.qty, task.quantity):
        raise SetAside("absurd_quantity")
    target = _bin(work, warehouse, body.bin)
    if target is None:
        raise SetAside("no_such_bin")
    part = rules.split(body.qty, task.quantity, task.done, task.short, task.state == "open")
    goods = inventory.Goods(task.item, task.lot, task.expiry)
    place = where_it_lies(work, warehouse, task)
    if part.good:
        _book_put_back(work, warehouse, task, goods, part.good, place, target)
    if part.surplus:
        open_count(work, warehouse, target.id, goods, "more_put_back")
    effect = Effect(part.good, part.surplus, source_bin=target.id, lpn=task.lpn, line=task.line, place=place.bin)
    _keep_effect(work, warehouse, "put_back", task, effect)
    task_changed(work, warehouse, task)
    outcome = rules.put_back_outcome(part)
    severity = "ok" if outcome == "put_back" else "card"
    params: dict[str, str | int] = {"quantity": part.good, "bin": target.code}
    return Answer(outcome, severity, params, task.version + bool(part.good), task.id)


def where_it_lies(work: Work, warehouse: int, task: Task) -> inventory.Place:
    """Where the goods of a put-back lie: in their tote on the floor, or in a carton on a bench."""
    if task.lpn is not None:
        for row in inventory.contents(work.conn, warehouse, task.lpn):
            if (row.item, row.lot) == (task.item, task.lot):
                return inventory.Place(row.bin, task.lpn, row.status)
    return inventory.Place(locations.special_bin(work.conn, warehouse, "cart"), task.lpn)


def _book_put_back(
    work: Work,
    warehouse: int,
    task: Task,
    goods: inventory.Goods,
    units: int,
    place: inventory.Place,
    target: Bin,
) -> None:
    inventory.take(work, warehouse, goods, units, place, inventory.Place(target.id), "put_back")
    finished = _do(work, warehouse, task, units)
    params = {"quantity": units, "bin": target.code}
    order_lines.change(work, line_of(task), "put_back", params, to_put_back=-units)
    if finished:
        work.emit("task.done", stream=warehouse, task=task.id, kind="put_back")


def count(work: Work, warehouse: int, body: Count, *, sure: bool = False) -> Answer:
    """A bin was counted: what was on hold comes back, the difference is booked against the adjustment bin.

    A second count that finds the same is heard and changes nothing; one that finds otherwise opens a new count.
    """
    task = _task(work, warehouse, body.task, "count")
    place = _bin(work, warehouse, body.bin)
    if place is None or place.id != task.bin:
        raise SetAside("no_such_bin" if place is None else "other_bin")
    if not sure and rules.absurd(body.counted, task.quantity):
        raise SetAside("absurd_quantity")
    goods = inventory.Goods(task.item, task.lot, task.expiry)
    if task.state == "done":
        return _counted_again(work, warehouse, task, goods, body.counted)
    lying = stock.loose(work.conn, warehouse, task.bin, task.item, task.lot)
    available, reserved = lying.get("available", (0, 0))
    on_hold = lying.get("hold", (0, 0))[0]
    from_hold, difference = rules.after_count(body.counted, available, on_hold, reserved)
    _settle_count(work, warehouse, task, from_hold, difference, on_hold - from_hold)
    tasks.write(
        work.conn,
        warehouse,
        task,
        state=TASK.advance(task.state, "finish") if task.state == "open" else task.state,
        by=work.actor.person,
        done=body.counted,
        ended=work.now,
    )
    work.emit("task.done", stream=warehouse, task=task.id, kind="count")
    return Answer("counted", "ok", {"counted": body.counted}, task.version + 1, task.id)


def _counted_again(work: Work, warehouse: int, task: Task, goods: inventory.Goods, counted: int) -> Answer:
    if counted == task.done:
        return Answer("counted", "ok", {"counted": counted}, task.version, task.id)
    open_count(work, warehouse, task.bin, goods, "counts_differ")
    params: dict[str, str | int] = {"counted": counted, "bin": task.bin_code}
    return Answer("counts_differ", "card", params, task.version, task.id)


def _settle_count(work: Work, warehouse: int, task: Task, from_hold: int, difference: int, rest_on_hold: int) -> None:
    goods = inventory.Goods(task.item, task.lot, task.expiry)
    here, held = inventory.Place(task.bin), inventory.Place(task.bin, status="hold")
    adjustment = inventory.Place(locations.special_bin(work.conn, warehouse, "adjustment"))
    if from_hold:
        inventory.move(work, warehouse, goods, from_hold, held, here, "count")
    lost_on_hold = min(rest_on_hold, max(0, -difference))
    if lost_on_hold:
        inventory.move(work, warehouse, goods, lost_on_hold, held, adjustment, "count")
    lost = max(0, -difference) - lost_on_hold
    if lost:
        inventory.move(work, warehouse, goods, lost, here, adjustment, "count")
    if difference > 0:
        inventory.move(work, warehouse, goods, difference, adjustment, here, "count")
