"""Why: whoever makes a mistake on the floor can mend it: the last command is compensated, never struck from history.

Undo takes back the last command of the same person on the same task, by bookings of its own, as long as nothing
else was built on it. What other people were given meanwhile stays theirs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from uuid import UUID

import msgspec

from server.core.refusal import Refusal
from server.db.work import Work
from server.inventory import service as inventory
from server.locations import service as locations
from server.orders.rules import Facts
from server.orders.service import lines as order_lines
from server.tasks import rules
from server.tasks.facts import line_of, start_tour
from server.tasks.lifecycle import TASK, TOTE
from server.tasks.schemas import Answer, Effect, Undo
from server.tasks.service import task_changed
from server.tasks.store import effects, stock, tasks, totes
from server.tasks.store.effects import StoredEffect
from server.tasks.store.tasks import Task

LIVE: Final = ("offered", "taken", "started")
"""The states of a tour that somebody still walks."""


def undo(work: Work, warehouse: int, body: Undo) -> Answer:
    """Takes back the same person's last command on a task; refuses `nothing_to_undo`, and `undo_too_late` with why."""
    stored = effects.of_command(work.conn, warehouse, body.command)
    if stored is None or stored.person != work.actor.person or stored.undone_by is not None or stored.task is None:
        raise Refusal("nothing_to_undo")
    task = tasks.by_id(work.conn, warehouse, stored.task)
    take_back = _UNDO.get(stored.kind)
    if task is None or take_back is None:
        raise Refusal("nothing_to_undo")
    if effects.later(work.conn, warehouse, task.id, stored.at):
        raise _too_late(task, "done_since")
    take_back(work, warehouse, task, stored)
    effects.mark_undone(work.conn, warehouse, body.command, work.command_id)
    if task.tour_state == "finished" and stored.kind != "put_back":
        start_tour(work, warehouse, task)
    else:
        task_changed(work, warehouse, task)
    return Answer("undone", "ok", {}, task.version + 1, task.id)


def _too_late(task: Task, reason: str) -> Refusal:
    return Refusal("undo_too_late", reason=reason, task=str(task.id))


def _goods(task: Task) -> inventory.Goods:
    return inventory.Goods(task.item, task.lot, task.expiry)


def _facts(work: Work, warehouse: int, task: Task) -> Facts:
    if task.fulfilment is None:
        raise Refusal("nothing_to_undo")
    return order_lines.facts_of(work.conn, task.fulfilment, warehouse)[line_of(task)]


def _reserve_again(work: Work, warehouse: int, task: Task, units: int) -> None:
    """The units are the task's own once more, in the bin from which it takes."""
    if task.quant is None or not units:
        return
    try:
        inventory.reserve(work, warehouse, task.quant, units)
    except Refusal as gone:
        raise _too_late(task, "stock_given_away") from gone


def _reopened(task: Task) -> str:
    return TASK.advance(task.state, "reopen") if task.state == "done" else task.state


# --- a pick


def _pick(work: Work, warehouse: int, task: Task, stored: StoredEffect) -> None:
    """Tote → bin again; the line's units are reserved again, the surplus' put-back is called off."""
    effect = _effect(stored)
    facts = _facts(work, warehouse, task)
    if facts.picked - facts.packed < effect.good or task.state == "cancelled" or effect.source_bin is None:
        raise _too_late(task, "packed_or_cancelled")
    back = None if effect.put_back is None else tasks.by_id(work.conn, warehouse, effect.put_back)
    if back is not None and (back.state != "open" or back.done):
        raise _too_late(task, "put_back_since")
    units = effect.good + effect.surplus
    tote = _tote_with(work, warehouse, task, effect, units)
    inventory.take(work, warehouse, _goods(task), units, tote, inventory.Place(effect.source_bin), "undo")
    if back is not None:
        tasks.write(work.conn, warehouse, back, state=TASK.advance(back.state, "cancel"), by=None, ended=work.now)
        order_lines.change(work, line_of(task), "undone", {"quantity": effect.surplus}, to_put_back=-effect.surplus)
        task_changed(work, warehouse, back)
    if effect.good:
        tasks.write(
            work.conn, warehouse, task, state=_reopened(task), by=work.actor.person, done=task.done - effect.good
        )
        _reserve_again(work, warehouse, task, effect.good)
        params = {"quantity": effect.good}
        order_lines.change(work, line_of(task), "undone", params, picked=-effect.good, reserved=effect.good)


def _effect(stored: StoredEffect) -> Effect:
    return msgspec.convert(stored.effect, Effect)


def _tote_with(work: Work, warehouse: int, task: Task, effect: Effect, units: int) -> inventory.Place:
    """The tote where it stands now: on the cart, or at a station to which it was handed over."""
    if effect.lpn is not None:
        for row in inventory.contents(work.conn, warehouse, effect.lpn):
            if (row.item, row.lot) == (task.item, task.lot) and row.quantity >= units:
                return inventory.Place(row.bin, effect.lpn, row.status)
    raise _too_late(task, "packed_or_cancelled")


def _skip(work: Work, warehouse: int, task: Task, stored: StoredEffect) -> None:
    position = _effect(stored).position
    tasks.write(work.conn, warehouse, task, state=task.state, by=work.actor.person, position=position)


# --- a put-back


def _put_back(work: Work, warehouse: int, task: Task, stored: StoredEffect) -> None:
    """Bin → tote again: the units are to go back once more, and nobody else has taken the tote."""
    effect = _effect(stored)
    if effect.source_bin is None or task.state == "cancelled":
        raise _too_late(task, "done_since")
    if not effect.good:
        return
    _stand_again(work, warehouse, task, effect.lpn)
    place = effect.place or locations.special_bin(work.conn, warehouse, "cart")
    source, target = inventory.Place(effect.source_bin), inventory.Place(place, effect.lpn)
    try:
        inventory.move(work, warehouse, _goods(task), effect.good, source, target, "undo")
    except Refusal as gone:
        raise _too_late(task, "stock_given_away") from gone
    tasks.write(work.conn, warehouse, task, state=_reopened(task), by=work.actor.person, done=task.done - effect.good)
    if task.tour is not None and task.tour_state not in LIVE:
        tasks.leave_tour(work.conn, warehouse, task.id)
    params = {"quantity": effect.good}
    order_lines.change(work, line_of(task), "undone", params, to_put_back=effect.good)
    work.emit("task.opened", stream=warehouse, task=task.id, kind=task.kind)


def _stand_again(work: Work, warehouse: int, task: Task, lpn_id: UUID | None) -> None:
    """A tote that was free again is not free any more; one that was taken since is somebody else's."""
    tote = None if lpn_id is None else totes.by_id(work.conn, warehouse, lpn_id)
    if lpn_id is None or tote is None:
        return
    if tote.state == "assigned" and tote.tour != task.tour:
        raise _too_late(task, "tote_in_use")
    if totes.filled_for(work.conn, warehouse, lpn_id) not in (None, task.fulfilment):
        raise _too_late(task, "tote_in_use")
    if tote.state == "empty":
        on_cart = task.tour is not None and task.tour_state in LIVE
        state = TOTE.advance(tote.state, "assign" if on_cart else "stage")
        totes.write(work.conn, warehouse, lpn_id, state, task.tour if on_cart else None)


# --- a short


def _short(work: Work, warehouse: int, task: Task, stored: StoredEffect) -> None:
    """What was missing is there after all: everything that the short changed for this task goes back."""
    effect = _effect(stored)
    others = [tasks.by_id(work.conn, warehouse, each) for each in effect.replaced_by]
    replacements = [each for each in others if each is not None]
    count = None if effect.count is None else tasks.by_id(work.conn, warehouse, effect.count)
    why = rules.why_short_stays(
        rules.ShortDone(effect.lacking, effect.held),
        _traces(work, warehouse, task, effect, replacements, count),
    )
    if why is not None:
        raise _too_late(task, why)
    for each in replacements:
        _call_off(work, warehouse, each)
    _trust_again(work, warehouse, task, effect)
    state, short = _reopened(task), task.short - effect.good
    tasks.write(work.conn, warehouse, task, state=state, by=work.actor.person, short=short, reason="taken_back")
    _reserve_again(work, warehouse, task, effect.good)
    params = {"quantity": effect.good}
    order_lines.change(work, line_of(task), "undone", params, reserved=effect.lacking, backordered=-effect.lacking)
    if count is not None and not effects.needed_since(work.conn, warehouse, task, stored):
        tasks.write(work.conn, warehouse, count, state=TASK.advance(count.state, "cancel"), by=None, ended=work.now)
        task_changed(work, warehouse, count)


def _traces(
    work: Work,
    warehouse: int,
    task: Task,
    effect: Effect,
    replacements: list[Task],
    count: Task | None,
) -> rules.ShortTraces:
    facts = _facts(work, warehouse, task)
    lying = stock.loose(work.conn, warehouse, task.bin, task.item, task.lot)
    on_hand, reserved = lying.get(effect.status, (0, 0))
    fresh = [each for each in replacements if each.state in ("open", "waiting") and not (each.done or each.short)]
    return rules.ShortTraces(
        cancelled=facts.wanted == 0,
        called_off=task.state == "cancelled",
        replacements_untouched=sum(each.quantity for each in fresh) == effect.good - effect.lacking,
        count_open=None if count is None else count.state == "open",
        on_status=on_hand - reserved,
        backordered=facts.backordered,
    )


def _call_off(work: Work, warehouse: int, replacement: Task) -> None:
    if replacement.quant is not None:
        inventory.unreserve(work, warehouse, replacement.quant, replacement.quantity)
    state = TASK.advance(replacement.state, "cancel")
    tasks.write(work.conn, warehouse, replacement, state=state, by=None, reason="taken_back", ended=work.now)


def _trust_again(work: Work, warehouse: int, task: Task, effect: Effect) -> None:
    """What was held, or marked damaged, is available again."""
    if effect.held:
        doubted, here = inventory.Place(task.bin, status=effect.status), inventory.Place(task.bin)
        inventory.move(work, warehouse, _goods(task), effect.held, doubted, here, "undo")


_UNDO: Final[dict[str, Callable[[Work, int, Task, StoredEffect], None]]] = {
    "pick": _pick,
    "skip": _skip,
    "put_back": _put_back,
    "short": _short,
}
