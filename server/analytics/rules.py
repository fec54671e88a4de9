"""Why: how fast, when finished, in time or not: whoever looks at a board acts on these words, so they are said once.

Everything counts in whole minutes. The same rules run in the browser (`pwa/src/core/pace.ts`), because a board must
go on counting when nothing happens on the floor; both are held together by `tests/cases/pace.json`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

WINDOW: Final = 20
"""The pace is measured over so many minutes."""
FEWEST: Final = 10
"""Fewer lines than these in the window say nothing."""
TIGHT: Final = 15
"""With less than so many minutes to spare a wave is at risk."""
QUIET: Final = 5
"""A person with a tour of whom nothing was heard for so many minutes is quiet."""
STUCK: Final = 15
"""The same: somebody should go and look."""

Word = Literal["loaded", "picked", "late", "at_risk", "on_time", "unknown"]
Standing = Literal["working", "quiet", "stuck", "idle"]


class Forecast(NamedTuple):
    """What becomes of a wave: a word, and how many minutes late, or to spare; None where that is not known."""

    word: Word
    minutes: int | None = None


def pace(by_minute: Mapping[int, int], now: int) -> int | None:
    """Lines done in the window that ends with this minute; None where they are too few to say anything.

    `by_minute` counts lines by minute since the epoch; `now` is the minute that runs, and counts.
    """
    done = sum(count for minute, count in by_minute.items() if now - WINDOW < minute <= now)
    return done if done >= FEWEST else None


def minutes_left(left: int, done: int | None) -> int | None:
    """Minutes until so many lines are done at this pace (lines a window), rounded up; None where it is unknown."""
    if left <= 0:
        return 0
    return None if done is None else -(-left * WINDOW // done)


def forecast(left: int, unloaded: int, done: int | None, to_cutoff: int) -> Forecast:
    """A wave against its cut-off: lines to pick, lines not on the truck, lines a window, minutes until the cut-off.

    The minutes are negative after it: then whatever is not on the truck is late.
    """
    if unloaded <= 0:
        return Forecast("loaded")
    if left <= 0:
        return Forecast("picked") if to_cutoff >= 0 else Forecast("late", -to_cutoff)
    needs = minutes_left(left, done)
    if needs is None:
        return Forecast("late", -to_cutoff) if to_cutoff < 0 else Forecast("unknown")
    spare = to_cutoff - needs
    if spare < 0:
        return Forecast("late", -spare)
    return Forecast("at_risk" if spare < TIGHT else "on_time", spare)


def standing(has_tour: bool, quiet_for: int | None) -> Standing:
    """How somebody is doing: whether a tour is theirs, and minutes since something was heard; None: never."""
    if not has_tour:
        return "idle"
    if quiet_for is None or quiet_for < QUIET:
        return "working"
    return "stuck" if quiet_for >= STUCK else "quiet"
