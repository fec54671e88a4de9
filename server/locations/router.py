"""The shortest tour over a set of stops, and the walk itself, for parallel aisles joined by cross-aisles.

It exists because walking is half of picking: a tour in bin order is 8 to 65 % longer than the shortest one.

The tour is built aisle by aisle, keeping the shortest way to each class of half-built tours (`frontier`):
exact, linear in the aisles. Ratliff & Rosenthal (1983) for two cross-aisles, Roodbergen & de Koster (2001)
for three, the same idea up to five; more cross-aisles get the heuristic of `metric`, not proven. The passages
of the best tour are then strung into one closed walk (Hierholzer 1873). Pure: values in, values out.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from operator import or_
from typing import Generic, NamedTuple, TypeAlias, TypeVar

from server.locations.floor import Corner, Depot, Floor, K, Link, OffGrid, Point, Stop, Tour
from server.locations.frontier import ANY, DOUBLE, HIGH, LOW, NONE, SINGLE, WAYS, Frontier, Table, frontier
from server.locations.metric import route_by_metric

__all__ = [
    "Corner",
    "Depot",
    "Floor",
    "Link",
    "OffGrid",
    "Point",
    "Pricer",
    "Stop",
    "Tour",
    "length_in_bin_order",
    "route",
]

MOST_CROSS_AISLES = 5
"""Up to here tours are exact; each further cross-aisle makes the classes five times as many."""

V = TypeVar("V")

Profile: TypeAlias = tuple[int, ...]
"""Which places a set of stops visits: a number for each aisle with one bit for each place, and one for the aisles."""


def route(floor: Floor, stops: Sequence[Stop[K]]) -> Tour[K]:
    """The shortest closed walk from the depot past all stops, in the floor's unit of length.

    Stops in the same place are picked one after the other in the order given. Raises ValueError for a stop
    that does not lie on the floor.
    """
    for stop in stops:
        floor.check(stop)
    if not stops:
        return Tour(0, (), (floor.point(None),), proven=True)
    if len(floor.cross_y) > MOST_CROSS_AISLES:
        return route_by_metric(stops, floor.distance, floor.leg)
    heights: dict[int, set[float]] = defaultdict(set)
    for stop in stops:
        heights[stop.aisle].add(stop.y)
    grid = _Grid(floor)
    pieces = grid.pieces({aisle: tuple(sorted(ys)) for aisle, ys in heights.items()})
    length, moves = _shortest(grid.tables, pieces)
    path = _closed_walk(floor.point(None), [*grid.access_passages(), *_passages(grid, pieces, moves)])
    return Tour(length + 2 * grid.access, _in_walking_order(floor, stops, path), path, proven=True)


def length_in_bin_order(floor: Floor, stops: Sequence[Stop[K]]) -> float:
    """The walk from the depot over the stops in the order given and back, each leg by its shortest way.

    Raises ValueError for a stop that does not lie on the floor.
    """
    for stop in stops:
        floor.check(stop)
    return sum(floor.distance(a, b) for a, b in pairwise((None, *stops, None)))


class Pricer:
    """The lengths of many shortest tours over the same places, as batching asks for them.

    Places visited become bits, so that two sets of stops are merged by one `or` an aisle, and what an aisle costs
    is worked out once for each set of its places.
    """

    def __init__(self, floor: Floor, stops: Iterable[Stop[K]]) -> None:
        heights: dict[int, set[float]] = defaultdict(set)
        for stop in stops:
            floor.check(stop)
            heights[stop.aisle].add(stop.y)
        self._floor = floor
        self._heights = [sorted(heights[aisle]) for aisle in range(len(floor.aisle_x))]
        # The low bits of each number name its aisle, so one dictionary serves all aisles.
        self._tag = len(floor.aisle_x).bit_length()
        self.nothing: Profile = tuple(range(len(floor.aisle_x) + 1))
        self._grid = _Grid(floor) if len(floor.cross_y) <= MOST_CROSS_AISLES else None
        self._steps = _Memo(self._steps_of)
        self._least = _Memo(self._least_of)
        self._ahead: dict[tuple[int, int], tuple[float, ...]] = {}

    def profile(self, stops: Iterable[Stop[K]]) -> Profile:
        """The places of the stops, all of which the pricer must have been given."""
        bits = list(self.nothing)
        for aisle, y, _ in stops:
            bits[aisle] |= 1 << self._tag + bisect_left(self._heights[aisle], y)
            bits[-1] |= 1 << self._tag + aisle
        return tuple(bits)

    def merge(self, profiles: Iterable[Profile]) -> Profile:
        """The places of several sets of stops together."""
        merged = self.nothing
        for profile in profiles:
            merged = tuple(map(or_, merged, profile))
        return merged

    def least(self, profile: Profile) -> float:
        """A length no tour over the places can be shorter than: each block at its cheapest, and there and back.

        Takes a microsecond where `price` takes tens.
        """
        return sum(map(self._least.__getitem__, profile))

    def price(self, profile: Profile) -> float:
        """The length of the shortest tour over the places; 0 where there are none."""
        if profile == self.nothing:
            return 0
        if self._grid is None:
            return route_by_metric(self._places(profile), self._floor.distance, self._floor.leg).length
        tables, before = self._grid.tables, -1
        costs = [inf] * len(tables.states)
        costs[0] = 0
        for aisle, steps in enumerate(map(self._steps.__getitem__, profile[:-1])):
            if not steps:
                continue
            if before >= 0:
                lengths = self._ahead.get((before, aisle))
                if lengths is None:
                    lengths = self._ahead[before, aisle] = self._grid.ahead(before, aisle)
                costs = _advance(costs, tables.ahead, lengths)
            for table, lengths in steps:
                costs = _advance(costs, table, lengths)
            before = aisle
        return min(costs[state] for state in tables.final) + 2 * self._grid.access

    def _split(self, number: int) -> tuple[int, int]:
        return number & (1 << self._tag) - 1, number >> self._tag

    def _steps_of(self, number: int) -> list[_Step]:
        assert self._grid is not None
        aisle, bits = self._split(number)
        if not bits and aisle not in self._grid.always:
            return []
        return [(piece.table, piece.lengths) for piece in self._grid.aisle(aisle, self._ys(aisle, bits))]

    def _least_of(self, number: int) -> float:
        if self._grid is None:
            return 0
        aisle, bits = self._split(number)
        if aisle == len(self._heights):
            return self._extent(bits)
        pieces = self._grid.aisle(aisle, self._ys(aisle, bits)) if bits else []
        return sum(min(piece.lengths[SINGLE], piece.lengths[ANY]) for piece in pieces if piece.kind == "picked")

    def _extent(self, visited: int) -> float:
        """There and back along the cross-aisles over all aisles that must be reached, or over the shortest link."""
        assert self._grid is not None
        if not visited:
            return 0
        if self._grid.links:
            return 2 * min(link.length for link in self._grid.links)
        aisles = [aisle for aisle in range(len(self._heights)) if visited >> aisle & 1]
        if self._grid.corner:
            aisles.append(self._grid.corner.aisle)
        return 2 * (self._floor.aisle_x[max(aisles)] - self._floor.aisle_x[min(aisles)] + self._grid.access)

    def _ys(self, aisle: int, bits: int) -> tuple[float, ...]:
        return tuple(y for i, y in enumerate(self._heights[aisle]) if bits >> i & 1)

    def _places(self, profile: Profile) -> list[Stop[None]]:
        numbers = map(self._split, profile[:-1])
        return [Stop(aisle, y, None) for aisle, bits in numbers for y in self._ys(aisle, bits)]


class _Memo(dict[int, V], Generic[V]):
    """A dictionary that works out what it lacks."""

    def __init__(self, work_out: Callable[[int], V]) -> None:
        self._work_out = work_out

    def __missing__(self, number: int) -> V:
        self[number] = value = self._work_out(number)
        return value


_Step: TypeAlias = tuple[Table, tuple[float, ...]]


class _Piece(NamedTuple):
    """A piece of floor: a block of an aisle, a corner, a link, or the cross-aisles up to the next aisle."""

    table: Table
    lengths: tuple[float, ...]
    kind: str
    aisle: int
    number: int
    ys: tuple[float, ...] = ()
    next_aisle: int = -1


@dataclass(frozen=True, slots=True)
class _Move:
    before: int
    which: int
    after: int


class _Grid:
    """The floor cut into pieces in the order in which the tour is built."""

    def __init__(self, floor: Floor) -> None:
        self.floor = floor
        links = floor.depot.links if isinstance(floor.depot, OffGrid) else ()
        # A depot with one link is a depot at that corner, and the link is walked out and back.
        only = links[0] if len(links) == 1 else None
        self.access: float = only.length if only else 0
        self.links = links if only is None else ()
        self.corner = Corner(only.aisle, only.cross) if only else None
        if isinstance(floor.depot, Corner):
            self.corner = floor.depot
        self.always = {link.aisle for link in self.links} | ({self.corner.aisle} if self.corner else set())
        self.tables: Frontier = frontier(len(floor.cross_y), bool(self.links))

    def pieces(self, heights: dict[int, tuple[float, ...]]) -> list[_Piece]:
        """All pieces for these stops.

        An aisle without stops, depot or link is left out: a tour that walks it can be slid sideways into a
        neighbour, in one of the two directions without becoming longer.
        """
        aisles = sorted(self.always | set(heights))
        pieces = self.aisle(aisles[0], heights.get(aisles[0], ()))
        for before, aisle in pairwise(aisles):
            pieces.append(_Piece(self.tables.ahead, self.ahead(before, aisle), "ahead", before, 0, next_aisle=aisle))
            pieces += self.aisle(aisle, heights.get(aisle, ()))
        return pieces

    def ahead(self, before: int, aisle: int) -> tuple[float, ...]:
        gap = self.floor.aisle_x[aisle] - self.floor.aisle_x[before]
        return tuple(gap * walked for walked in range(2 * len(self.floor.cross_y) + 1))

    def aisle(self, aisle: int, ys: tuple[float, ...]) -> list[_Piece]:
        """The pieces of one aisle with stops at the rising heights `ys`."""
        cross_y, tables = self.floor.cross_y, self.tables
        visited = set(ys)
        pieces = [
            _Piece(tables.touched[cross], (0,), "touched", aisle, cross)
            for cross, y in enumerate(cross_y)
            if y in visited or self.corner == (aisle, cross)
        ]
        pieces += [
            _Piece(tables.linked[link.cross], _join_lengths(link.length), "linked", aisle, link.cross)
            for link in self.links
            if link.aisle == aisle
        ]
        for block, (low, high) in enumerate(pairwise(cross_y)):
            inside = ys[bisect_right(ys, low) : bisect_left(ys, high)]
            if inside:
                lengths = _block_lengths(low, inside, high)
                pieces.append(_Piece(tables.picked[block], lengths, "picked", aisle, block, inside))
            else:
                pieces.append(_Piece(tables.empty[block], _join_lengths(high - low), "empty", aisle, block))
        return pieces

    def access_passages(self) -> list[tuple[Point, Point]]:
        if self.corner is None or isinstance(self.floor.depot, Corner):
            return []
        return [(self.floor.point(None), self.at(*self.corner))] * 2

    def at(self, aisle: int, cross: int) -> Point:
        return Point(self.floor.aisle_x[aisle], self.floor.cross_y[cross])


def _join_lengths(length: float) -> tuple[float, ...]:
    return 0, length, 2 * length


def _block_lengths(low: float, ys: tuple[float, ...], high: float) -> tuple[float, ...]:
    """What each way to serve a block costs, in the order of the constants of `frontier`."""
    whole = high - low
    from_low, from_high = 2 * (ys[-1] - low), 2 * (high - ys[0])
    gap = 2 * (whole - max(b - a for a, b in pairwise(ys))) if len(ys) > 1 else inf
    either = min(from_high, gap), min(from_low, gap), min(from_low, from_high, gap)
    return 0, whole, 2 * whole, from_low, from_high, gap, *either


def _advance(costs: list[float], table: Table, lengths: tuple[float, ...]) -> list[float]:
    """The shortest way to each class after one more piece."""
    after = [inf] * len(costs)
    for cost, moves in zip(costs, table, strict=True):
        if cost == inf:
            continue
        for state, which in moves:
            total = cost + lengths[which]
            if total < after[state]:
                after[state] = total
    return after


def _shortest(tables: Frontier, pieces: Sequence[_Piece]) -> tuple[float, list[_Move]]:
    """The length of the shortest tour and its move over each piece."""
    costs = [inf] * len(tables.states)
    costs[0] = 0
    layers = [costs]
    for piece in pieces:
        layers.append(_advance(layers[-1], piece.table, piece.lengths))
    state = min(tables.final, key=layers[-1].__getitem__)
    length, moves = layers[-1][state], []
    for piece, costs, after in zip(reversed(pieces), layers[-2::-1], layers[:0:-1], strict=True):
        move = _move_into(state, piece, costs, after[state])
        moves.append(move)
        state = move.before
    return length, moves[::-1]


def _move_into(state: int, piece: _Piece, costs: list[float], total: float) -> _Move:
    for before, (cost, row) in enumerate(zip(costs, piece.table, strict=True)):
        if cost <= total:
            for after, which in row:
                if after == state and cost + piece.lengths[which] == total:
                    return _Move(before, which, after)
    raise AssertionError("a class was reached by no move")


def _passages(grid: _Grid, pieces: Sequence[_Piece], moves: Sequence[_Move]) -> Iterator[tuple[Point, Point]]:
    """Every passage of the tour, as often as it is walked."""
    for piece, move in zip(pieces, moves, strict=True):
        if piece.kind == "ahead":
            for cross, times in enumerate(grid.tables.ahead_of(move.before, move.after)):
                yield from [(grid.at(piece.aisle, cross), grid.at(piece.next_aisle, cross))] * times
        elif piece.kind == "linked":
            yield from [(grid.floor.point(None), grid.at(piece.aisle, piece.number))] * move.which
        elif piece.kind in ("picked", "empty") and move.which != NONE:
            yield from _in_block(grid, piece, move.which)


def _in_block(grid: _Grid, piece: _Piece, which: int) -> Iterator[tuple[Point, Point]]:
    low, high = grid.floor.cross_y[piece.number : piece.number + 2]
    x = grid.floor.aisle_x[piece.aisle]
    rungs = list(pairwise((low, *piece.ys, high)))
    if which not in (SINGLE, DOUBLE):
        del rungs[_left_out(min(WAYS[which], key=piece.lengths.__getitem__), rungs)]
    for below, above in rungs:
        yield from [(Point(x, below), Point(x, above))] * (1 if which == SINGLE else 2)


def _left_out(way: int, rungs: Sequence[tuple[float, float]]) -> int:
    """The stretch of a block that nobody walks."""
    if way in (LOW, HIGH):
        return len(rungs) - 1 if way == LOW else 0
    return max(range(1, len(rungs) - 1), key=lambda i: rungs[i][1] - rungs[i][0])


def _closed_walk(start: Point, passages: Iterable[tuple[Point, Point]]) -> tuple[Point, ...]:
    """One walk over all passages from `start` back to it (Hierholzer): each point has an even number."""
    ways: dict[Point, list[tuple[int, Point]]] = defaultdict(list)
    count = 0
    for a, b in passages:
        ways[a].append((count, b))
        ways[b].append((count, a))
        count += 1
    used = [False] * count
    trail, walk = [start], []
    while trail:
        here = ways[trail[-1]]
        while here and used[here[-1][0]]:
            here.pop()
        if here:
            passage, there = here.pop()
            used[passage] = True
            trail.append(there)
        else:
            walk.append(trail.pop())
    assert len(walk) == count + 1, "the passages of a tour hang together"
    return tuple(walk)


def _in_walking_order(floor: Floor, stops: Sequence[Stop[K]], path: Sequence[Point]) -> tuple[Stop[K], ...]:
    waiting: dict[Point, list[Stop[K]]] = defaultdict(list)
    for stop in stops:
        waiting[floor.point(stop)].append(stop)
    return tuple(stop for point in path for stop in waiting.pop(point, ()))
