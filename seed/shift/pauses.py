"""Why: people take time. Every pause of the demo is a row here, in seconds of a real floor, divided by the pace.

Pure but for `Pauses`' own sleep: the same seed gives the same pauses in the same order.
"""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

Point = tuple[float, float]
Sleep = Callable[[float], Awaitable[object]]

METRES_A_SECOND: Final = 1.3
"""How fast somebody walks who pushes a cart."""


class Span(NamedTuple):
    """From the fastest to the slowest, in seconds."""

    least: float
    most: float


SECONDS: Final[dict[str, Span]] = {
    "look": Span(1.0, 2.5),  # at the screen, before anything
    "scan": Span(0.8, 1.8),
    "grasp": Span(1.5, 3.5),  # one unit, out of a bin or a tote
    "type": Span(1.5, 3.0),
    "wonder": Span(2.0, 5.0),  # what one does when the device says no
    "cart": Span(2.0, 5.0),
    "tote": Span(1.0, 2.5),
    "hand_over": Span(8.0, 20.0),
    "count": Span(8.0, 25.0),
    "fetch": Span(4.0, 9.0),  # a tote, from the shelf to the bench
    "weigh": Span(2.0, 5.0),
    "stick": Span(3.0, 6.0),  # the label, on the carton
    "paper": Span(45.0, 120.0),  # to find a roll and load it
    "printer": Span(15.0, 40.0),  # to look at what came out of it
    "break": Span(120.0, 300.0),
    "call": Span(10.0, 30.0),  # what a customer needs to say it
    "order": Span(8.0, 24.0),  # between two orders, for each pair of pickers
    "glance": Span(5.0, 10.0),  # the lead's, between two looks at the floor
    "hold": Span(60.0, 180.0),
}
"""What takes how long."""


@dataclass
class Pauses:
    """One person's sense of time. `pace` 20 is twenty times as fast as life."""

    pace: float
    dice: random.Random
    sleep: Sleep = asyncio.sleep

    def seconds(self, what: str, times: int = 1) -> float:
        """How long this takes, done so often: mostly about the middle of its span."""
        span = SECONDS[what]
        return sum(self.dice.triangular(*span) for _ in range(times)) / self.pace

    async def take(self, what: str, times: int = 1, share: float = 1.0) -> None:
        """Lets it take its time, or a share of it."""
        await self.sleep(share * self.seconds(what, times))

    async def walk(self, metres: float) -> None:
        """Walks so far."""
        await self.sleep(metres / METRES_A_SECOND / self.pace)


class Walk:
    """Where somebody is on a tour: the way goes along the tour's path, and from it to a bin's face and back."""

    def __init__(self, path: Sequence[Sequence[float]]) -> None:
        self._path: list[Point] = [(float(x), float(y)) for x, y in path]
        self._along = 0.0
        self._here: Point | None = self._path[0] if self._path else None
        self._off = 0.0

    def metres_to(self, x_mm: float, y_mm: float) -> float:
        """The metres from here to there; from now on one is there. What lies behind is gone back to directly."""
        there = (float(x_mm), float(y_mm))
        here, self._here = self._here or there, there
        direct = _between(here, there)
        if not self._path:
            return direct / 1000
        off, along = min(_ways(self._path, self._along, there), default=(0.0, self._along))
        way = self._off + along - self._along + off
        self._along, self._off = along, off
        return max(direct, min(way, MOST_ROUND * direct)) / 1000


MOST_ROUND: Final = 5
"""Nobody follows a path that leads farther round than so many times the direct way."""


def _ways(path: Sequence[Point], since: float, there: Point) -> Iterator[tuple[float, float]]:
    """How near each leg of the path that lies ahead comes to a place, and after how much of the path."""
    passed = 0.0
    for one, other in itertools.pairwise(path):
        length = _between(one, other)
        if passed + length >= since:
            nearest = (_clamped(there[0], one[0], other[0]), _clamped(there[1], one[1], other[1]))
            yield _between(nearest, there), max(since, passed + _between(one, nearest))
        passed += length


def _clamped(value: float, one: float, other: float) -> float:
    return min(max(value, min(one, other)), max(one, other))


def _between(one: Point, other: Point) -> float:
    """Aisles and cross-aisles stand at right angles."""
    return abs(one[0] - other[0]) + abs(one[1] - other[1])
