"""Why: what a fact from the floor comes to is decided here, from values alone, so that it can be read and tested.

A fact is never refused. Up to the line's need it is picked; the rest goes straight to `to_put_back`.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple
from uuid import UUID

LEASE: Final = timedelta(minutes=30)
"""How long a claimed tour without a first fact stays with its picker."""

ABSURD: Final = 10_000
"""Base units in one fact beyond which a supervisor looks first (floor.md, "absurd-quantity limit")."""


class Split(NamedTuple):
    """Of the units that came: `good` are wanted, `surplus` go back."""

    good: int
    surplus: int


def split(quantity: int, wanted: int, done: int, short: int, is_open: bool) -> Split:
    """How many of `quantity` the task still needs."""
    need = max(0, wanted - done - short) if is_open else 0
    good = min(quantity, need)
    return Split(good, quantity - good)


def absurd(quantity: int, wanted: int) -> bool:
    """Whether a fact is so large that it is set aside instead of booked."""
    return quantity > max(ABSURD, wanted * 10)


PickOutcome = Literal[
    "picked", "stop_done", "tour_done", "over_picked", "picked_put_back", "picked_elsewhere", "picked_over_stock"
]


def pick_outcome(part: Split, task_state: str, lacking: int, left_on_task: int, left_on_tour: int) -> PickOutcome:
    """What a picker is told; what needs hands comes first."""
    if part.surplus and task_state == "cancelled":
        return "picked_put_back"
    if part.surplus and part.good == 0:
        return "picked_elsewhere"
    if part.surplus:
        return "over_picked"
    if lacking:
        return "picked_over_stock"
    if left_on_task:
        return "picked"
    return "stop_done" if left_on_tour else "tour_done"


def tote_after_tour(state: str, mine: bool, filled: bool) -> str:
    """What becomes of a tote that went with a tour that is finished; on another tour's cart it stays that one's."""
    if state == "assigned" and not mine:
        return state
    return "staged" if filled else "empty"


NO_PLACES: Final = frozenset({"supplier", "customer", "adjustment", "scrap", "cart"})
"""Types of bins where nobody can stand with goods in hand: they close the books, or are the carts on the way."""


def is_place(bin_type: str) -> bool:
    """Whether goods can be taken out of such a bin or put into it by hand."""
    return bin_type not in NO_PLACES


PutBackOutcome = Literal["put_back", "put_back_over", "put_back_elsewhere"]


def put_back_outcome(part: Split) -> PutBackOutcome:
    """What somebody is told who put goods back: that was it, fewer were due, or somebody else had done it."""
    if not part.surplus:
        return "put_back"
    return "put_back_over" if part.good else "put_back_elsewhere"


TRUSTED: Final = frozenset({"damaged"})
"""Reasons of a short after which the books of a bin are right but for the units that were reported."""


def doubts_rest(reason: str) -> bool:
    """Whether nobody trusts the rest of a bin after a short: what was not found says that the books are wrong."""
    return reason not in TRUSTED


class ShortDone(NamedTuple):
    """What a short did: units on backorder, and units held or marked damaged."""

    lacking: int
    held: int


class ShortTraces(NamedTuple):
    """What stands of a short now, to see whether it can be taken back.

    `cancelled`: its line is no longer wanted; `called_off`: only its task is not, somebody else found the bin short.
    `count_open` is None where the short opened no count; `on_status` are
    the units that have the status it gave.
    """

    cancelled: bool
    called_off: bool
    replacements_untouched: bool
    count_open: bool | None
    on_status: int
    backordered: int


def why_short_stays(was: ShortDone, now: ShortTraces) -> str | None:
    """Why a short can no longer be taken back, as a word; None when nothing was built on it."""
    if now.cancelled:
        return "order_cancelled"
    if now.called_off:
        return "done_since"
    if not now.replacements_untouched:
        return "replacement_begun"
    if now.count_open is False or now.on_status < was.held:
        return "count_done"
    return "order_changed" if now.backordered < was.lacking else None


class Claim(NamedTuple):
    """Who has a tour and until when."""

    state: str
    person: UUID | None
    lease_until: datetime | None


def may_take(claim: Claim, person: UUID | None, now: datetime) -> bool:
    """Whether this person may take the tour: free, theirs already, or left lying past its lease before any fact."""
    if claim.person is None or claim.person == person:
        return claim.state in ("offered", "taken", "started")
    if claim.state == "offered":
        return True
    return claim.state == "taken" and claim.lease_until is not None and claim.lease_until < now


class Spot(NamedTuple):
    """Where a stop is, for finding the place of a new one among those still open."""

    position: int
    x_mm: int
    y_mm: int


GAP: Final = 1024
"""Positions are dealt out with gaps, so that a stop can be put between two others."""


def insert_position(open_stops: Sequence[Spot], x_mm: int, y_mm: int) -> int:
    """The position at which a new stop costs the fewest extra metres (cheapest insertion, aisle-wise distance)."""
    if not open_stops:
        return GAP
    best_cost, best = _append(open_stops[-1], x_mm, y_mm)
    for before, following in itertools.pairwise(open_stops):
        if following.position - before.position < 2:
            continue
        cost = (
            _distance(before.x_mm, before.y_mm, x_mm, y_mm)
            + _distance(x_mm, y_mm, following.x_mm, following.y_mm)
            - _distance(before.x_mm, before.y_mm, following.x_mm, following.y_mm)
        )
        if cost < best_cost:
            best_cost, best = cost, (before.position + following.position) // 2
    return best


def _append(last: Spot, x_mm: int, y_mm: int) -> tuple[int, int]:
    return _distance(last.x_mm, last.y_mm, x_mm, y_mm), last.position + GAP


def _distance(x1: int, y1: int, x2: int, y2: int) -> int:
    return abs(x1 - x2) + abs(y1 - y2)


MOST_ASIDE: Final = 1000
"""Facts of a locked-out device that may wait for a supervisor: more than a shift scans without a network."""


def takes_more(locked_out: bool, waiting: int) -> bool:
    """Whether a device may bring in more. What may not is not lost: it stays on the device until there is room.

    An honest device never finds the door closed, whatever of its facts waits.
    """
    return not locked_out or waiting < MOST_ASIDE


class SeqState(NamedTuple):
    """What is known of a device's storage: its high-water mark, and whether this epoch was seen before."""

    known: bool
    high_water: int


SeqVerdict = Literal["next", "first", "already_taken", "gap"]


def judge_sequence(state: SeqState, seq: int) -> SeqVerdict:
    """Where a command stands in its device's sequence; an unknown epoch starts at 1."""
    if not state.known:
        return "first" if seq == 1 else "gap"
    if seq == state.high_water + 1:
        return "next"
    return "already_taken" if seq <= state.high_water else "gap"


def after_count(counted: int, available: int, on_hold: int, reserved: int) -> tuple[int, int]:
    """What a count changes: units to bring from hold back to available, and units to adjust (negative: away).

    Reserved units stay: somebody is on the way to them and will say so when they are not there.
    """
    target = max(counted, reserved)
    from_hold = min(on_hold, max(0, target - available))
    return from_hold, target - (available + on_hold)
