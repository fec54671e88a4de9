"""The router: as short as anybody has proven, and a walk a picker can walk."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from server.locations.router import (
    Corner,
    Floor,
    Link,
    OffGrid,
    Point,
    Pricer,
    Stop,
    Tour,
    length_in_bin_order,
    route,
)
from tests.locations.floors import lies_on, rounds, shortest_of_all_orders, true_distances, walked
from tests.locations.routing_data import DATA, grid, has, rows, single_bin_stops

needs_data = pytest.mark.skipif(not has("sprp_f1_dev"), reason=f"the public routing instances are not at {DATA}")

ONE_BLOCK = Floor((0, 3000, 6000), (0, 10_000), Corner(0, 0))
Round = tuple[Floor, list[Stop[int]]]


@needs_data
@pytest.mark.parametrize(("blocks", "best"), [(1, "best"), (2, "best_two_block")])
def test_every_public_instance_is_met_to_the_proven_optimum(blocks: int, best: str) -> None:
    proven = [row for row in rows("sprp_f1_dev") if row["proven"]]
    assert len(proven) == 1200
    for row in proven:
        tour = route(grid(row, blocks), single_bin_stops(row, blocks))
        assert tour.length == pytest.approx(row[best], abs=1e-6), row["name"]


@needs_data
def test_the_walk_of_every_public_instance_is_as_long_as_it_says_and_passes_every_stop() -> None:
    for row in rows("sprp_f1_dev"):
        floor, stops = grid(row, 2), single_bin_stops(row, 2)
        assert_walk_is_honest(floor, stops, route(floor, stops))


@settings(max_examples=400, deadline=None)
@given(rounds(most_crosses=4))
def test_no_order_of_the_stops_is_shorter(round_: Round) -> None:
    floor, stops = round_
    tour = route(floor, stops)
    assert tour.proven
    assert tour.length == shortest_of_all_orders(true_distances(floor, stops))


@settings(max_examples=60, deadline=None)
@given(rounds(most_crosses=5, most=6))
def test_no_order_of_the_stops_is_shorter_with_up_to_five_cross_aisles(round_: Round) -> None:
    floor, stops = round_
    assert route(floor, stops).length == shortest_of_all_orders(true_distances(floor, stops))


@settings(max_examples=300, deadline=None)
@given(rounds(most=25))
def test_the_walk_starts_and_ends_at_the_depot_passes_every_stop_and_is_as_long_as_it_says(
    round_: Round,
) -> None:
    floor, stops = round_
    assert_walk_is_honest(floor, stops, route(floor, stops))


@settings(max_examples=200, deadline=None)
@given(rounds(most=12))
def test_walking_the_stops_in_the_order_of_the_tour_is_as_short_as_the_tour(round_: Round) -> None:
    floor, stops = round_
    tour = route(floor, stops)
    assert length_in_bin_order(floor, tour.stops) == tour.length


@settings(max_examples=200, deadline=None)
@given(rounds(most=25))
def test_no_tour_is_longer_than_its_stops_in_bin_order(round_: Round) -> None:
    floor, stops = round_
    assert route(floor, stops).length <= length_in_bin_order(floor, sorted(stops))


@settings(max_examples=200, deadline=None)
@given(rounds(most=12))
def test_the_pricer_prices_every_part_of_the_stops_as_the_router_does(round_: Round) -> None:
    floor, stops = round_
    pricer = Pricer(floor, stops)
    for part in (stops, stops[::2], stops[:1], []):
        assert pricer.price(pricer.profile(part)) == route(floor, part).length
        assert pricer.least(pricer.profile(part)) <= route(floor, part).length
    halves = pricer.merge([pricer.profile(stops[::2]), pricer.profile(stops[1::2])])
    assert halves == pricer.profile(stops)


def test_a_tour_without_stops_stays_at_the_depot() -> None:
    assert route(ONE_BLOCK, []) == Tour(0, (), (Point(0, 0),), proven=True)


def test_one_stop_is_walked_to_and_back() -> None:
    tour = route(ONE_BLOCK, [Stop(1, 2500, "A")])
    assert tour.length == 2 * (3000 + 2500)
    assert tour.stops == (Stop(1, 2500, "A"),)


def test_a_stop_at_the_depot_costs_no_step() -> None:
    assert route(ONE_BLOCK, [Stop(0, 0, "A")]).length == 0


def test_stops_in_one_place_are_picked_together_in_the_order_given() -> None:
    tour = route(ONE_BLOCK, [Stop(1, 2500, "left"), Stop(2, 100, "far"), Stop(1, 2500, "right")])
    keys = [stop.key for stop in tour.stops]
    assert keys.index("right") == keys.index("left") + 1


def test_a_stop_on_a_cross_aisle_is_reached_without_entering_the_aisle() -> None:
    tour = route(ONE_BLOCK, [Stop(2, 0, "corner")])
    assert tour.length == 2 * 6000
    assert {point.y for point in tour.path} == {0}


def test_an_aisle_between_two_that_are_walked_through_is_entered_from_both_ends_around_its_widest_gap() -> None:
    floor = Floor((0, 10, 20), (0, 1000), Corner(0, 0))
    through = [Stop(aisle, y, y) for aisle in (0, 2) for y in (100, 300, 500, 700, 900)]
    tour = route(floor, [*through, Stop(1, 50, 50), Stop(1, 80, 80), Stop(1, 930, 930)])
    assert tour.length == 2 * 1000 + 4 * 10 + 2 * 80 + 2 * 70


def test_whole_millimetres_stay_whole() -> None:
    assert isinstance(route(ONE_BLOCK, [Stop(1, 2500, 1), Stop(2, 9000, 2)]).length, int)


def test_a_single_aisle_is_walked_to_its_farthest_stop() -> None:
    floor = Floor((0,), (0, 5000, 10_000), Corner(0, 1))
    assert route(floor, [Stop(0, 4000, 1), Stop(0, 9000, 2)]).length == 2 * (1000 + 4000)


def test_a_door_beside_the_grid_adds_its_way_twice() -> None:
    door = Floor((0, 3000), (0, 10_000), OffGrid(0, -2000, (Link(0, 0, 2000),)))
    tour = route(door, [Stop(1, 1000, "A")])
    assert tour.length == 2 * (2000 + 3000 + 1000)
    assert tour.path[0] == tour.path[-1] == Point(0, -2000)


def test_a_depot_with_many_doors_leaves_by_one_and_returns_by_another() -> None:
    hall = OffGrid(5000, -100, tuple(Link(aisle, 0, 100) for aisle in range(3)))
    floor = Floor((0, 5000, 10_000), (0, 4000), hall)
    assert route(floor, [Stop(0, 2000, 1), Stop(2, 2000, 2)]).length == 4 * (100 + 2000)


def test_six_cross_aisles_get_a_tour_that_is_not_called_proven() -> None:
    floor = Floor((0, 3000, 6000), tuple(range(0, 60_000, 10_000)), Corner(1, 0))
    stops = [Stop(aisle, y, (aisle, y)) for aisle in range(3) for y in range(500, 50_000, 7000)]
    tour = route(floor, stops)
    assert not tour.proven
    assert_walk_is_honest(floor, stops, tour)
    assert tour.length <= length_in_bin_order(floor, stops)
    pricer = Pricer(floor, stops)
    assert pricer.price(pricer.profile(stops)) <= length_in_bin_order(floor, stops)


@pytest.mark.parametrize(
    ("stop", "message"),
    [
        (Stop(3, 0, "A-1"), "Expected stop 'A-1' in an aisle from 0 to 2, got 3."),
        (Stop(-1, 0, "A-1"), "Expected stop 'A-1' in an aisle from 0 to 2, got -1."),
        (Stop(0, 10_001, "A-1"), "Expected stop 'A-1' at y 0 to 10000, got 10001."),
    ],
)
def test_a_stop_beside_the_floor_is_named(stop: Stop[str], message: str) -> None:
    for walk in (route, length_in_bin_order, Pricer):
        with pytest.raises(ValueError, match=message):
            walk(ONE_BLOCK, [stop])


def assert_walk_is_honest(floor: Floor, stops: list[Stop[Any]], tour: Tour[Any]) -> None:
    assert tour.path[0] == tour.path[-1] == floor.point(None)
    assert walked(floor, tour.path) == pytest.approx(tour.length, abs=1e-6)
    assert sorted(tour.stops) == sorted(stops)
    assert all(lies_on(floor.point(stop), tour.path) for stop in stops)
