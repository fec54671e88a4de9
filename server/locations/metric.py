"""A good tour where the floor is not a grid: one-way aisles, blocked passages, odd zones.

It exists as the router's fallback, with the same answer, marked as not proven. It knows nothing of the floor
but the walking distance between two stops, which need not be the same in both directions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TypeAlias

from server.locations.floor import K, Point, Stop, Tour

Distance: TypeAlias = Callable[[Stop[K] | None, Stop[K] | None], float]
"""The shortest walk from one stop to another; None is the depot."""

Leg: TypeAlias = Callable[[Stop[K] | None, Stop[K] | None], Sequence[Point]]
"""The points of that walk, both ends included."""


def route_by_metric(stops: Sequence[Stop[K]], distance: Distance[K], leg: Leg[K]) -> Tour[K]:
    """A short closed walk over the stops by any distance; never longer than the stops in the order given.

    Nearest neighbour, then 2-opt (Croes 1958), from the given order as well. Takes time with the square of
    the stops.
    """
    places: list[Stop[K] | None] = [None, *stops]
    legs = [[distance(a, b) for b in places] for a in places]
    starts = [list(range(len(places))), _nearest_neighbour(legs)]
    order = min((_two_opt(start, legs) for start in starts), key=lambda order: _length(order, legs))
    walked = [places[i] for i in order]
    path: list[Point] = []
    for a, b in pairwise([*walked, None]):
        path.extend(point for point in leg(a, b) if not path or point != path[-1])
    length = _length(order, legs)
    return Tour(length, tuple(stop for stop in walked if stop is not None), tuple(path), proven=False)


def _length(order: Sequence[int], legs: Sequence[Sequence[float]]) -> float:
    return sum(legs[a][b] for a, b in pairwise([*order, order[0]]))


def _nearest_neighbour(legs: Sequence[Sequence[float]]) -> list[int]:
    order, left = [0], set(range(1, len(legs)))
    while left:
        here = legs[order[-1]]
        order.append(min(left, key=lambda i: (here[i], i)))
        left.remove(order[-1])
    return order


def _two_opt(order: list[int], legs: Sequence[Sequence[float]]) -> list[int]:
    """Reverse stretches of the walk for as long as that shortens it; the depot stays first."""
    improved = True
    while improved:
        improved = False
        for first in range(1, len(order) - 1):
            forth = back = 0.0
            for last in range(first + 1, len(order)):
                forth += legs[order[last - 1]][order[last]]
                back += legs[order[last]][order[last - 1]]
                before, after = order[first - 1], order[(last + 1) % len(order)]
                old = legs[before][order[first]] + forth + legs[order[last]][after]
                new = legs[before][order[last]] + back + legs[order[first]][after]
                if new < old - 1e-9 * abs(old):
                    order[first : last + 1] = order[first : last + 1][::-1]
                    forth, back = back, forth
                    improved = True
    return order
