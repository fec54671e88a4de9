"""How much is owed, and when the gateway is asked again: pure."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from server.payments import rules
from server.payments.lifecycle import INTENT, PAYMENT
from server.payments.worker import PATIENCE


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=6), st.integers(0, 10**5), st.integers(0, 10**5))
def test_what_is_owed_grows_with_each_shipment_to_exactly_the_total(
    shipments: list[int], shipping: int, tax: int
) -> None:
    items = sum(shipments)
    owed = [
        rules.owed(units=count, value=sum(shipments[:count]), items=items, shipping=shipping, tax=tax)
        for count in range(len(shipments) + 1)
    ]
    assert owed == sorted(owed)
    assert owed[0] == 0
    assert owed[-1] == items + shipping + tax


def test_goods_that_cost_nothing_still_owe_their_shipping_and_tax() -> None:
    assert rules.owed(units=1, value=0, items=0, shipping=490, tax=93) == 583


def test_nobody_else_asks_while_a_call_may_still_be_under_way() -> None:
    assert rules.again_in(1).total_seconds() > PATIENCE
    assert [rules.again_in(n).total_seconds() for n in (1, 6, 60)] == [10, 900, 900]


def test_an_intent_ends_and_an_answered_one_never_moves_again() -> None:
    assert [state for state in INTENT.states if INTENT.ended(state)] == ["declined", "abandoned", "taken_back"]
    assert INTENT.allowed("succeeded") == ("ask", "take_back")
    assert not PAYMENT.can("voided", "authorise")
