"""Batching: every order on one cart, no cart over its slots, never a longer walk than in bin order."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.locations.router import Corner, Floor, Stop, length_in_bin_order, route
from server.waves.batching import Batch, Cart, OrderDoesNotFit, OrderToBatch, batch
from tests.locations.floors import floors, picks

Order = OrderToBatch[int, int]
Wave = tuple[Floor, list[Order], Cart]

FLOOR = Floor((0, 3000, 6000, 9000), (0, 10_000, 20_000), Corner(0, 0))


@st.composite
def waves(draw: st.DrawFn, most: int = 9) -> Wave:
    floor = draw(floors(most_crosses=3))
    slots = draw(st.integers(2, 6))
    return (
        floor,
        [
            OrderToBatch(key, draw(st.integers(1, slots)), tuple(draw(picks(floor, most=4))))
            for key in range(draw(st.integers(0, most)))
        ],
        Cart(slots),
    )


def wave_of(orders: int) -> list[Order]:
    """A wave with a fixed muddle of one to three picks an order."""
    return [
        OrderToBatch(i, 1, tuple(Stop(i * 7 % 4, (i * 1300 + j * 4100) % 20_000, j) for j in range(1 + i % 3)))
        for i in range(orders)
    ]


def walked(batches: list[Batch[int, int]]) -> float:
    return sum(one.tour.length for one in batches)


@settings(max_examples=150, deadline=None)
@given(waves(), st.sampled_from([0, 200]))
def test_every_order_is_on_one_cart_and_no_cart_is_over_its_slots(wave: Wave, budget: int) -> None:
    floor, orders, cart = wave
    batches = batch(orders, cart, floor, seed=1, budget=budget)
    assert Counter(order.key for one in batches for order in one.orders) == Counter(o.key for o in orders)
    for one in batches:
        taken = [slot for slots in one.slots for slot in slots]
        assert taken == list(range(1, len(taken) + 1))
        assert len(taken) <= cart.slots
        assert [len(slots) for slots in one.slots] == [order.totes for order in one.orders]


@settings(max_examples=100, deadline=None)
@given(waves(), st.sampled_from([0, 200]))
def test_no_tour_is_longer_than_its_stops_in_bin_order(wave: Wave, budget: int) -> None:
    floor, orders, cart = wave
    for one in batch(orders, cart, floor, seed=1, budget=budget):
        stops = [stop for order in one.orders for stop in order.stops]
        assert one.tour.length == route(floor, stops).length
        assert sorted(one.tour.stops) == sorted(stops)
        assert one.bin_order_length == length_in_bin_order(floor, sorted(stops))
        assert one.tour.length <= one.bin_order_length


@settings(max_examples=50, deadline=None)
@given(waves(), st.integers(0, 3))
def test_the_same_seed_and_budget_give_the_same_plan(wave: Wave, seed: int) -> None:
    floor, orders, cart = wave
    assert batch(orders, cart, floor, seed=seed, budget=150) == batch(orders, cart, floor, seed=seed, budget=150)


@settings(max_examples=50, deadline=None)
@given(waves())
def test_annealing_never_walks_more_than_the_first_plan(wave: Wave) -> None:
    floor, orders, cart = wave
    first = walked(batch(orders, cart, floor, seed=1, budget=0))
    assert walked(batch(orders, cart, floor, seed=1, budget=300)) <= first


def test_a_small_wave_reaches_the_best_of_all_pairings() -> None:
    orders = wave_of(8)

    def best(left: list[Order]) -> float:
        if not left:
            return 0
        first, *others = left
        return min(
            route(FLOOR, first.stops + other.stops).length + best([o for o in others if o is not other])
            for other in others
        )

    assert walked(batch(orders, Cart(2), FLOOR, seed=1, budget=4000)) == best(orders)


def test_orders_for_the_same_corner_of_the_floor_share_a_cart() -> None:
    near = [OrderToBatch(i, 1, (Stop(0, 500, i),)) for i in range(3)]
    far = [OrderToBatch(i, 1, (Stop(3, 19_000, i),)) for i in range(3, 6)]
    mixed = [order for pair in zip(near, far, strict=True) for order in pair]
    carts = {frozenset(o.key for o in one.orders) for one in batch(mixed, Cart(3), FLOOR, seed=1, budget=0)}
    assert carts == {frozenset({0, 1, 2}), frozenset({3, 4, 5})}


def test_a_deadline_ends_the_annealing_and_leaves_a_whole_plan() -> None:
    asked: list[bool] = []

    def late() -> bool:
        asked.append(True)
        return len(asked) > 2

    batches = batch(wave_of(40), Cart(6), FLOOR, seed=1, budget=10**9, stop=late)
    assert len(asked) == 3
    assert sum(len(one.orders) for one in batches) == 40


def test_slots_are_given_in_the_order_in_which_the_tour_meets_the_orders() -> None:
    (one,) = batch(wave_of(6), Cart(6), FLOOR, seed=1, budget=0)
    met = [
        min(i for i, stop in enumerate(one.tour.stops) if stop[:2] in {place[:2] for place in order.stops})
        for order in one.orders
    ]
    assert met == sorted(met)
    assert one.slots == ((1,), (2,), (3,), (4,), (5,), (6,))


def test_an_empty_wave_needs_no_cart() -> None:
    nothing: list[Order] = []
    assert batch(nothing, Cart(4), FLOOR, seed=1, budget=100) == []


def test_an_order_larger_than_the_cart_is_named() -> None:
    order = OrderToBatch("SO-1", 5, (Stop(0, 1, "A"),))
    with pytest.raises(OrderDoesNotFit, match=r"Expected order 'SO-1' to fill at most 4 totes, got 5."):
        batch([order], Cart(4), FLOOR, seed=1, budget=0)


def test_an_order_without_totes_is_refused() -> None:
    with pytest.raises(ValueError, match=r"Expected order 7 to fill at least 1 tote, got 0."):
        batch([OrderToBatch(7, 0, (Stop(0, 1, "A"),))], Cart(4), FLOOR, seed=1, budget=0)
