"""The floor: distances are those of a graph of all passages, and nonsense is refused in words."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings

from server.locations.floor import Corner, Floor, Link, OffGrid, Stop
from tests.locations.floors import rounds, true_distances, walked


@settings(max_examples=200, deadline=None)
@given(rounds())
def test_the_distance_between_any_two_places_is_that_of_the_shortest_passages(
    round_: tuple[Floor, list[Stop[int]]],
) -> None:
    floor, stops = round_
    places = [None, *stops]
    assert [[floor.distance(a, b) for b in places] for a in places] == true_distances(floor, stops)


@settings(max_examples=200, deadline=None)
@given(rounds())
def test_a_leg_is_drawn_as_long_as_its_distance(round_: tuple[Floor, list[Stop[int]]]) -> None:
    floor, stops = round_
    for a, b in pairwise([None, *stops, None]):
        leg = floor.leg(a, b)
        assert (leg[0], leg[-1]) == (floor.point(a), floor.point(b))
        assert walked(floor, leg) == floor.distance(a, b)


@pytest.mark.parametrize(
    ("aisle_x", "cross_y", "depot", "message"),
    [
        ((), (0, 9), Corner(0, 0), "Expected aisle_x to have at least 1 values, got 0."),
        ((0,), (0,), Corner(0, 0), "Expected cross_y to have at least 2 values, got 1."),
        ((0, 0), (0, 9), Corner(0, 0), r"Expected aisle_x to rise strictly, got \(0, 0\)."),
        ((0, 3), (0, 9), Corner(2, 0), "Expected a corner of 2 aisles and 2 cross-aisles, got aisle 2"),
        ((0, 3), (0, 9), OffGrid(0, -1, ()), "Expected at least one link from the depot"),
        ((0, 3), (0, 9), OffGrid(0, -1, (Link(0, 0, -1),)), "Expected a link of length 0 or more, got -1."),
    ],
)
def test_numbers_that_are_no_floor_are_refused(
    aisle_x: tuple[int, ...], cross_y: tuple[int, ...], depot: Corner | OffGrid, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        Floor(aisle_x, cross_y, depot)
