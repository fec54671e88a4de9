"""The heuristic for floors that are no grid: close to the shortest, never worse than the order given."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings

from server.locations.floor import Corner, Floor, Point, Stop
from server.locations.metric import route_by_metric
from server.locations.router import length_in_bin_order, route
from tests.locations.floors import rounds, walked

Place = Stop[int] | None


@settings(max_examples=150, deadline=None)
@given(rounds(most=15))
def test_the_heuristic_lies_between_the_shortest_tour_and_the_order_given(
    round_: tuple[Floor, list[Stop[int]]],
) -> None:
    floor, stops = round_
    tour = route_by_metric(stops, floor.distance, floor.leg)
    assert not tour.proven
    assert route(floor, stops).length <= tour.length <= length_in_bin_order(floor, stops)
    assert sorted(tour.stops) == sorted(stops)
    assert walked(floor, tour.path) == tour.length


def test_a_one_way_ring_is_walked_in_its_direction() -> None:
    def distance(a: Place, b: Place) -> float:
        return ((b.key if b else 0) - (a.key if a else 0)) % 10

    def leg(a: Place, b: Place) -> list[Point]:
        return [Point(a.key if a else 0, 0), Point(b.key if b else 0, 0)]

    tour = route_by_metric([Stop(0, 0, key) for key in (7, 2, 9, 4)], distance, leg)
    assert [stop.key for stop in tour.stops] == [2, 4, 7, 9]
    assert tour.length == 10


def test_no_stops_are_no_walk() -> None:
    floor = Floor((0,), (0, 9), Corner(0, 0))
    empty: list[Stop[int]] = []
    tour = route_by_metric(empty, floor.distance, floor.leg)
    assert (tour.length, tour.stops) == (0, ())
    assert all(a != b for a, b in pairwise(tour.path))
