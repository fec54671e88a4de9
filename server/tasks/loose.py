"""Why: a put-back or a count that is on no tour is judged on the device at once, by the same rules as here.

The twin of `pwa/src/core/loose.ts`; both run `tests/cases/loose.json`. The order of a put-back: the tote, the items
out of it (each scan counts), the bin. Of a count: the bin, the item, the number of units, which is asked once more.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

import msgspec

from server.core.barcodes import Scan
from server.tasks.judge import Against, is_check_digits, not_that, with_item

Phase = Literal["tote", "item", "bin", "quantity", "confirm"]


class Loose(msgspec.Struct, frozen=True):
    """What is expected of a task. `left` is what still goes back; nobody is told how many a count should find."""

    kind: Literal["put_back", "count"]
    bin: str
    check_digits: str
    item: str
    barcodes: dict[str, int]
    lot: str
    left: int
    tote: str
    known: dict[str, str] = {}


class State(msgspec.Struct, frozen=True):
    """What is due, and how many base units are in hand or were counted."""

    phase: Phase
    counted: int = 0


class Verdict(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a scan or a typed number came to. `book`: the command is due now, with the units of `params`."""

    outcome: str
    state: State
    params: dict[str, str | int] = {}
    book: bool = False


def begin(task: Loose) -> State:
    """What is due first; goods that lie in no tote are simply taken."""
    if task.kind == "count":
        return State("bin")
    return State("tote" if task.tote else "item")


def judge(task: Loose, state: State, scan: Scan) -> Verdict:
    """What this scan means for this task; the state stays as it was unless the scan is right."""
    return _PHASES[task.kind].get(state.phase, _stays)(task, state, scan)


def typed(task: Loose, state: State, quantity: int) -> Verdict:
    """A number was typed: units taken out of the tote, or units found in the bin (nought where nothing lies there)."""
    if task.kind == "put_back":
        return _taken_by_hand(task, state, quantity)
    if state.phase == "bin":
        return Verdict("wrong_kind", state, {"got": "quantity", "wanted": "bin"})
    if quantity < 0:
        return Verdict("quantity_wrong", state, {"wanted": "0", "got": quantity})
    if state.phase == "item" and quantity > 0:
        return Verdict("wrong_kind", state, {"got": "quantity", "wanted": "item"})
    return Verdict("count_to_confirm", State("confirm", quantity), {"counted": quantity})


def confirmed(state: State) -> Verdict:
    """The number that was typed is right."""
    return Verdict("counted", State("bin"), {"counted": state.counted}, book=True)


def _taken_by_hand(task: Loose, state: State, quantity: int) -> Verdict:
    if state.phase != "item":
        return Verdict("wrong_kind", state, {"got": "quantity", "wanted": state.phase})
    if quantity < 1:
        return Verdict("quantity_wrong", state, {"wanted": f"1–{task.left}", "got": quantity})
    if quantity > task.left:
        return Verdict("over_pick", state, {"wanted": task.left})
    return _in_hand(task, quantity)


# --- a put-back


def _at_tote(task: Loose, state: State, scan: Scan) -> Verdict:
    if scan.kind not in ("tote", "sscc"):
        return _not_that(scan, state, "tote")
    if scan.code != task.tote:
        return Verdict("wrong_tote", state, {"got": scan.code, "wanted": task.tote})
    return Verdict("tote_right", State("item", state.counted) if state.phase == "tote" else state)


def _out_of_tote(task: Loose, state: State, scan: Scan) -> Verdict:
    if scan.kind == "item":
        return _item(task, state, scan)
    if scan.kind in ("tote", "sscc"):
        return _at_tote(task, state, scan)
    if state.counted and scan.kind == "bin":
        return _into_bin(task, state, scan)
    return _not_that(scan, state, "item")


def _item(task: Loose, state: State, scan: Scan) -> Verdict:
    counted = with_item(task, state.counted, scan)
    if isinstance(counted, Against):
        return Verdict(counted.outcome, state, counted.params)
    return _in_hand(task, counted)


def _in_hand(task: Loose, counted: int) -> Verdict:
    left = task.left - counted
    return Verdict("item_right", State("bin" if left == 0 else "item", counted), {"left": left})


def _into_bin(task: Loose, state: State, scan: Scan) -> Verdict:
    if scan.kind == "item":
        return _item(task, state, scan)
    against = _not_this_bin(task, scan)
    if against is not None:
        return Verdict(against.outcome, state, against.params)
    return Verdict("put_back", begin(task), {"quantity": state.counted, "bin": task.bin}, book=True)


# --- a count


def _to_count_at(task: Loose, state: State, scan: Scan) -> Verdict:
    against = _not_this_bin(task, scan)
    return Verdict(against.outcome, state, against.params) if against else Verdict("bin_right", State("item"))


def _to_count(task: Loose, state: State, scan: Scan) -> Verdict:
    if scan.kind == "bin" and scan.code == task.bin:
        return Verdict("bin_right", state)
    if scan.kind != "item":
        return _not_that(scan, state, "item")
    found = with_item(msgspec.structs.replace(task, left=task.barcodes.get(scan.code, 0)), 0, scan)
    if isinstance(found, Against):
        return Verdict(found.outcome, state, found.params)
    return Verdict("item_to_count", State("quantity"))


def _counting(task: Loose, state: State, scan: Scan) -> Verdict:
    if scan.kind == "item" and scan.code in task.barcodes:
        return Verdict("item_to_count", State("quantity"))
    return _not_that(scan, state, "quantity")


def _confirming(task: Loose, state: State, scan: Scan) -> Verdict:
    if scan.kind == "command" and scan.code == "YES":
        return confirmed(state)
    if scan.kind == "command" and scan.code == "NO":
        return Verdict("item_to_count", State("quantity"))
    return _counting(task, state, scan)


# --- both


def _not_this_bin(task: Loose, scan: Scan) -> Against | None:
    if scan.kind == "bin":
        return None if scan.code == task.bin else Against("wrong_bin", {"got": scan.code, "wanted": task.bin})
    if is_check_digits(scan.raw):
        return None if scan.raw == task.check_digits else Against("check_digits_wrong", {})
    return not_that(scan, "bin")


def _not_that(scan: Scan, state: State, wanted: str) -> Verdict:
    against = not_that(scan, wanted)
    return Verdict(against.outcome, state, against.params)


def _stays(_task: Loose, state: State, scan: Scan) -> Verdict:
    return _not_that(scan, state, "item")


_PHASES: Final[dict[str, dict[Phase, Callable[[Loose, State, Scan], Verdict]]]] = {
    "put_back": {"tote": _at_tote, "item": _out_of_tote, "bin": _into_bin},
    "count": {"bin": _to_count_at, "item": _to_count, "quantity": _counting, "confirm": _confirming},
}
