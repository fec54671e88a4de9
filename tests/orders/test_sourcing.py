"""Which warehouse sends: pure."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.orders.sourcing import POLICIES, Offer, choose

HERE = Offer(1, 3, 3, 0, parcels=2, price_minor=980, zone=4, waiting=5)
THERE = Offer(2, 3, 3, 0, parcels=1, price_minor=1200, zone=2, waiting=40)


@pytest.mark.parametrize(("policy", "chosen", "why"), [
    ("nearest", 2, "zone"), ("fewest_parcels", 2, "parcels"), ("cheapest", 1, "price"), ("balanced", 1, "queue"),
])  # fmt: skip
def test_each_policy_has_its_own_best_and_says_by_what(policy: str, chosen: int, why: str) -> None:
    found = choose(policy, [HERE, THERE])
    assert (found.warehouse, found.decided_by) == (chosen, why)
    assert [row["warehouse"] for row in found.table] == [chosen, 3 - chosen]


@pytest.mark.parametrize("policy", POLICIES)
def test_who_has_the_goods_comes_before_all_else(policy: str) -> None:
    lacks = HERE._replace(ready=1, parcels=1, price_minor=1, zone=1, waiting=0)
    found = choose(policy, [lacks, THERE])
    assert (found.warehouse, found.decided_by) == (2, "out_of_sight")
    assert choose(policy, [lacks._replace(promised=2), THERE]).decided_by == "lacking"


def test_one_warehouse_needs_no_reason_and_two_alike_are_told_apart_by_number() -> None:
    assert choose("nearest", [THERE]).decided_by == "only"
    assert choose("nearest", [HERE._replace(warehouse=4), HERE])[:2] == (1, "number")


def test_an_unknown_zone_is_the_farthest() -> None:
    assert choose("nearest", [HERE._replace(zone=None), THERE._replace(zone=9)]).warehouse == 2


OFFERS = st.lists(
    st.builds(
        lambda number, ready, promised, parcels, price, zone, waiting: Offer(
            number, 10, ready, min(promised, 10 - ready), parcels, price, zone, waiting
        ),
        st.integers(1, 50), st.integers(0, 10), st.integers(0, 10), st.integers(1, 4), st.integers(0, 900),
        st.one_of(st.none(), st.integers(1, 9)), st.integers(0, 500),
    ),
    min_size=1, max_size=4, unique_by=lambda offer: offer.warehouse,
)  # fmt: skip


@given(st.sampled_from(sorted(POLICIES)), OFFERS)
def test_the_choice_does_not_depend_on_who_was_asked_first(policy: str, offers: list[Offer]) -> None:
    assert len({choose(policy, each).warehouse for each in permutations(offers)}) == 1
