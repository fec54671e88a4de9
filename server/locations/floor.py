"""The floor a picker walks on, as plain values: aisles, cross-aisles, depot, stops, tours.

It exists so that everything that measures walking (router, heuristic, batching, the floor map) means the same
by "how far is it from here to there". All lengths are in one unit, by custom whole millimetres; any number
works, and whole numbers stay whole. `x` runs along the cross-aisles, `y` along the aisles.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, NamedTuple, TypeAlias, TypeVar

K = TypeVar("K")


class Point(NamedTuple):
    """A point of the floor map."""

    x: float
    y: float


class Corner(NamedTuple):
    """Where an aisle meets a cross-aisle, both counted from 0."""

    aisle: int
    cross: int


class Link(NamedTuple):
    """The walk of `length` between a depot beside the grid and one corner of it."""

    aisle: int
    cross: int
    length: float


@dataclass(frozen=True, slots=True)
class OffGrid:
    """A depot beside the grid: a packing hall, a lift, a door, drawn at (x, y), reached by its links alone.

    A link's length is walked, not drawn: it need not be the distance between the two points on the map.
    """

    x: float
    y: float
    links: tuple[Link, ...]


Depot: TypeAlias = Corner | OffGrid


class Stop(NamedTuple, Generic[K]):
    """A place to pick at: both sides of aisle `aisle` are reached from its centre line at `y`.

    `key` is the caller's own name for the stop (a bin, a line); it comes back untouched.
    """

    aisle: int
    y: float
    key: K


@dataclass(frozen=True, slots=True)
class Tour(Generic[K]):
    """A closed walk from the depot past every stop and back.

    `length`: in the floor's unit. `stops`: in walking order. `path`: the corners and stops of the walk as it
    is drawn, the depot first and last. `proven`: no shorter walk exists.
    """

    length: float
    stops: tuple[Stop[K], ...]
    path: tuple[Point, ...]
    proven: bool


@dataclass(frozen=True, slots=True)
class Floor:
    """Parallel aisles at `aisle_x`, joined by two or more cross-aisles at `cross_y`, with one depot.

    Zones (a mezzanine, the floor racking) are ranges of aisles of one floor.
    Raises ValueError where the numbers do not describe such a floor.
    """

    aisle_x: tuple[float, ...]
    cross_y: tuple[float, ...]
    depot: Depot

    def __post_init__(self) -> None:
        _ascending("aisle_x", self.aisle_x, at_least=1)
        _ascending("cross_y", self.cross_y, at_least=2)
        if isinstance(self.depot, Corner):
            self._check_corner(*self.depot)
            return
        if not self.depot.links:
            raise ValueError("Expected at least one link from the depot to the grid, got none.")
        for link in self.depot.links:
            self._check_corner(link.aisle, link.cross)
            if link.length < 0:
                raise ValueError(f"Expected a link of length 0 or more, got {link.length}.")

    def _check_corner(self, aisle: int, cross: int) -> None:
        if not (0 <= aisle < len(self.aisle_x) and 0 <= cross < len(self.cross_y)):
            raise ValueError(
                f"Expected a corner of {len(self.aisle_x)} aisles and {len(self.cross_y)} cross-aisles, "
                f"got aisle {aisle}, cross-aisle {cross}."
            )

    def check(self, stop: Stop[K]) -> None:
        """Raise ValueError unless the stop lies in an aisle, between the first and the last cross-aisle."""
        if not 0 <= stop.aisle < len(self.aisle_x):
            raise ValueError(
                f"Expected stop {stop.key!r} in an aisle from 0 to {len(self.aisle_x) - 1}, got {stop.aisle}."
            )
        if not self.cross_y[0] <= stop.y <= self.cross_y[-1]:
            raise ValueError(f"Expected stop {stop.key!r} at y {self.cross_y[0]} to {self.cross_y[-1]}, got {stop.y}.")

    def point(self, place: Stop[K] | None) -> Point:
        """Where a stop is drawn; None is the depot."""
        if place is not None:
            return Point(self.aisle_x[place.aisle], place.y)
        if isinstance(self.depot, OffGrid):
            return Point(self.depot.x, self.depot.y)
        return Point(self.aisle_x[self.depot.aisle], self.cross_y[self.depot.cross])

    def distance(self, a: Stop[K] | None, b: Stop[K] | None) -> float:
        """The shortest walk between two stops; None is the depot."""
        return self._shortest(a, b)[0]

    def leg(self, a: Stop[K] | None, b: Stop[K] | None) -> tuple[Point, ...]:
        """The points of a shortest walk between two stops, both included; None is the depot."""
        return self._shortest(a, b)[1]

    def _shortest(self, a: Stop[K] | None, b: Stop[K] | None) -> tuple[float, tuple[Point, ...]]:
        if a is None and b is None:
            return 0, (self.point(None),)
        if isinstance(self.depot, Corner):
            return self._on_grid(self._entry(a), self._entry(b))
        if a is None or b is None:
            return self._to_depot(b) if a is None else _reversed(self._to_depot(a))
        direct = self._on_grid((a.aisle, a.y), (b.aisle, b.y))
        there, back = _reversed(self._to_depot(a)), self._to_depot(b)
        through = there[0] + back[0]
        return direct if direct[0] <= through else (through, there[1] + back[1][1:])

    def _entry(self, place: Stop[K] | None) -> tuple[int, float]:
        if place is not None:
            return place.aisle, place.y
        assert isinstance(self.depot, Corner)
        return self.depot.aisle, self.cross_y[self.depot.cross]

    def _to_depot(self, place: Stop[K] | None) -> tuple[float, tuple[Point, ...]]:
        """From the depot beside the grid to a stop, over the best link."""
        assert isinstance(self.depot, OffGrid)
        assert place is not None
        best: tuple[float, tuple[Point, ...]] | None = None
        for link in self.depot.links:
            length, path = self._on_grid((link.aisle, self.cross_y[link.cross]), (place.aisle, place.y))
            if best is None or link.length + length < best[0]:
                best = link.length + length, (self.point(None), *path)
        assert best is not None
        return best

    def _on_grid(self, a: tuple[int, float], b: tuple[int, float]) -> tuple[float, tuple[Point, ...]]:
        (aisle_a, ya), (aisle_b, yb) = a, b
        xa, xb = self.aisle_x[aisle_a], self.aisle_x[aisle_b]
        if aisle_a == aisle_b:
            return abs(ya - yb), (Point(xa, ya), Point(xb, yb))
        over = self._crossing(min(ya, yb), max(ya, yb))
        length = abs(xa - xb) + abs(ya - over) + abs(yb - over)
        return length, (Point(xa, ya), Point(xa, over), Point(xb, over), Point(xb, yb))

    def _crossing(self, low: float, high: float) -> float:
        """The cross-aisle with the least detour for a walk from height `low` to height `high`."""
        after = bisect_right(self.cross_y, low)
        below = self.cross_y[after - 1]
        if below == low or after == len(self.cross_y):
            return below
        above = self.cross_y[after]
        return above if above <= high or above - high <= low - below else below


def _ascending(name: str, values: Sequence[float], *, at_least: int) -> None:
    if len(values) < at_least:
        raise ValueError(f"Expected {name} to have at least {at_least} values, got {len(values)}.")
    if any(b <= a for a, b in pairwise(values)):
        raise ValueError(f"Expected {name} to rise strictly, got {values}.")


def _reversed(walk: tuple[float, tuple[Point, ...]]) -> tuple[float, tuple[Point, ...]]:
    return walk[0], walk[1][::-1]
