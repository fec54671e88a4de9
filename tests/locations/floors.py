"""Small random floors, and the slow truth about them: a graph of every passage, searched without wit."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, pairwise, product
from math import inf

from hypothesis import strategies as st

from server.locations.router import Corner, Depot, Floor, Link, OffGrid, Point, Stop

BESIDE = Point(-5, -7)


def rising(least: int, most: int, step: int) -> st.SearchStrategy[tuple[int, ...]]:
    steps = st.lists(st.integers(1, step), min_size=least - 1, max_size=most - 1)
    return steps.map(lambda gaps: tuple(sum(gaps[:i]) for i in range(len(gaps) + 1)))


@st.composite
def depots(draw: st.DrawFn, aisles: int, crosses: int) -> Depot:
    corners = st.builds(Corner, st.integers(0, aisles - 1), st.integers(0, crosses - 1))
    if draw(st.booleans()):
        return draw(corners)
    linked = draw(st.lists(corners, min_size=1, max_size=4, unique=True))
    links = tuple(Link(*corner, draw(st.integers(0, 20))) for corner in linked)
    return OffGrid(*BESIDE, links)


@st.composite
def floors(draw: st.DrawFn, most_crosses: int = 4) -> Floor:
    aisle_x, cross_y = draw(rising(1, 6, step=9)), draw(rising(2, most_crosses, step=40))
    return Floor(aisle_x, cross_y, draw(depots(len(aisle_x), len(cross_y))))


@st.composite
def picks(draw: st.DrawFn, floor: Floor, most: int = 7) -> list[Stop[int]]:
    places = st.tuples(st.integers(0, len(floor.aisle_x) - 1), st.integers(0, int(floor.cross_y[-1])))
    return [Stop(aisle, y, key) for key, (aisle, y) in enumerate(draw(st.lists(places, max_size=most)))]


@st.composite
def rounds(draw: st.DrawFn, most_crosses: int = 4, most: int = 7) -> tuple[Floor, list[Stop[int]]]:
    floor = draw(floors(most_crosses))
    return floor, draw(picks(floor, most))


def true_distances(floor: Floor, stops: Sequence[Stop[int]]) -> list[list[float]]:
    """Shortest walks among depot (0) and stops (1, 2, …) over a graph of all passages (Floyd & Warshall)."""
    heights = {aisle: set(floor.cross_y) for aisle in range(len(floor.aisle_x))}
    for stop in stops:
        heights[stop.aisle].add(stop.y)
    nodes: list[tuple[int, float]] = [(-1, 0), *((aisle, y) for aisle, ys in heights.items() for y in ys)]
    number = {node: i for i, node in enumerate(nodes)}
    far: list[list[float]] = [[0 if i == j else inf for j in range(len(nodes))] for i in range(len(nodes))]

    def passage(a: tuple[int, float], b: tuple[int, float], length: float) -> None:
        i, j = number[a], number[b]
        far[i][j] = far[j][i] = min(far[i][j], length)

    for aisle, ys in heights.items():
        for low, high in pairwise(sorted(ys)):
            passage((aisle, low), (aisle, high), high - low)
    for y, (left, right) in product(floor.cross_y, pairwise(range(len(floor.aisle_x)))):
        passage((left, y), (right, y), floor.aisle_x[right] - floor.aisle_x[left])
    if isinstance(floor.depot, Corner):
        passage((-1, 0), (floor.depot.aisle, floor.cross_y[floor.depot.cross]), 0)
    else:
        for link in floor.depot.links:
            passage((-1, 0), (link.aisle, floor.cross_y[link.cross]), link.length)
    for via, a, b in product(range(len(nodes)), repeat=3):
        far[a][b] = min(far[a][b], far[a][via] + far[via][b])
    asked = [0, *(number[stop.aisle, stop.y] for stop in stops)]
    return [[far[a][b] for b in asked] for a in asked]


def shortest_of_all_orders(far: Sequence[Sequence[float]]) -> float:
    """The shortest round over all places, over every order of them (Held & Karp 1962)."""
    others = range(1, len(far))
    if not others:
        return 0
    best: dict[tuple[frozenset[int], int], float] = {(frozenset([i]), i): far[0][i] for i in others}
    for size in range(2, len(far)):
        for chosen in map(frozenset, combinations(others, size)):
            for last in chosen:
                rest = chosen - {last}
                best[chosen, last] = min(best[rest, i] + far[i][last] for i in rest)
    return min(best[frozenset(others), i] + far[i][0] for i in others)


def walked(floor: Floor, path: Sequence[Point]) -> float:
    """The length of a drawn walk, measured on the drawing; a link counts with its own length."""
    links: dict[Point, float] = {}
    if isinstance(floor.depot, OffGrid):
        links = {Point(floor.aisle_x[link.aisle], floor.cross_y[link.cross]): link.length for link in floor.depot.links}
    total: float = 0
    for a, b in pairwise(path):
        if isinstance(floor.depot, OffGrid) and BESIDE in (a, b):
            total += links[b if a == BESIDE else a]
        else:
            assert a.x == b.x or (a.y == b.y and a.y in floor.cross_y), f"nobody can walk from {a} to {b}"
            total += abs(a.x - b.x) + abs(a.y - b.y)
    return total


def lies_on(point: Point, path: Sequence[Point]) -> bool:
    return (
        any(
            min(a.x, b.x) <= point.x <= max(a.x, b.x) and min(a.y, b.y) <= point.y <= max(a.y, b.y)
            for a, b in pairwise(path)
            if BESIDE not in (a, b)
        )
        or point in path
    )
