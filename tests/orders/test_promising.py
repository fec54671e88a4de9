"""What is promised out of what: pure."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from server.orders.promising import STOCK, Kept, Limits, Receipt, Share, Supply, Wish, assign, day, differ

TODAY = date(2026, 11, 26)
FRIDAY, MONDAY = date(2026, 11, 27), date(2026, 11, 30)
TRUCK, SHIP = UUID(int=1), UUID(int=2)
A, B, C = UUID(int=11), UUID(int=12), UUID(int=13)


def _supply(stock: int, *receipts: Receipt) -> Supply:
    return Supply(stock, receipts, TODAY)


def test_stock_is_promised_first_then_the_earliest_receipt_then_it_waits() -> None:
    supply = _supply(3, Receipt(SHIP, MONDAY, 4), Receipt(TRUCK, FRIDAY, 2))
    assert supply.give(12) == [
        Share(3, None, TODAY), Share(2, TRUCK, FRIDAY), Share(4, SHIP, MONDAY), Share(3, None, None),
    ]  # fmt: skip
    assert supply.left == 0


def test_nobody_is_promised_the_same_unit_twice() -> None:
    supply = _supply(10)
    sold = sum(share.quantity for _ in range(1000) for share in supply.give(1) if share.ready)
    assert sold == 10


def test_units_that_wait_are_neither_ready_nor_have_a_day() -> None:
    waiting, promised, there = Share(1, None, None), Share(1, TRUCK, FRIDAY), Share(1, None, TODAY)
    assert [each.waits for each in (waiting, promised, there)] == [True, False, False]
    assert [each.ready for each in (waiting, promised, there)] == [False, False, True]
    assert day([there, promised]) == FRIDAY
    assert day([there, waiting]) is None
    assert day([]) is None


def test_goods_go_to_whoever_was_promised_first_not_to_who_came_last() -> None:
    early = Wish(A, 2, (Share(2, TRUCK, FRIDAY),))
    late = Wish(B, 2, (Share(2, SHIP, MONDAY),))
    never = Wish(C, 2, (Share(2, None, None),))
    found = assign([never, late, early], _supply(3, Receipt(SHIP, MONDAY, 2)))
    assert found[A] == [Share(2, None, TODAY)]
    assert found[B] == [Share(1, None, TODAY), Share(1, SHIP, MONDAY)]
    assert found[C] == [Share(1, SHIP, MONDAY), Share(1, None, None)]


def test_a_delivery_that_comes_later_moves_its_promises_and_no_others() -> None:
    wishes = [Wish(A, 2, (Share(2, None, TODAY),)), Wish(B, 2, (Share(2, TRUCK, FRIDAY),))]
    found = assign(wishes, _supply(2, Receipt(TRUCK, MONDAY, 2)))
    assert found == {A: [Share(2, None, TODAY)], B: [Share(2, TRUCK, MONDAY)]}


WEB, B2B, MARKET = frozenset({"channel:web"}), frozenset({"channel:b2b"}), frozenset({"channel:market"})


def test_safety_stock_is_for_nobody_and_what_is_set_aside_for_the_others_is_left() -> None:
    rules = [Kept(safety=2), Kept(aside=5, whose="channel:b2b"), Kept(aside=3, whose="customer:ana@example.com")]
    assert Limits(rules).kept(WEB) == 10
    assert Limits(rules).kept(B2B) == 5
    assert Limits(rules, {"channel:b2b": 4}).kept(WEB) == 6
    assert Limits(rules, {"channel:b2b": 9}).kept(WEB | {"customer:ana@example.com"}) == 2
    supply = _supply(6, Receipt(TRUCK, FRIDAY, 5))
    assert supply.give(2, Limits(rules), WEB) == [Share(1, TRUCK, FRIDAY), Share(1, None, None)]


def test_what_the_stock_lacks_is_kept_of_what_comes_so_that_what_was_promised_of_it_comes_true() -> None:
    rules = [Kept(aside=3, whose="channel:b2b")]
    shares = _supply(0, Receipt(TRUCK, FRIDAY, 7)).give(7, Limits(rules), WEB)
    assert shares == [Share(4, TRUCK, FRIDAY), Share(3, None, None)]
    wish = Wish(UUID(int=1), 4, (shares[0],), WEB)
    assert assign([wish], _supply(7), Limits(rules)) == {wish.line: [Share(4, None, TODAY)]}


def test_a_channel_gets_no_more_than_its_share_of_the_whole() -> None:
    rules = [Kept(percent=30, whose="channel:market")]
    assert Limits(rules, {}, 10).most(WEB) is None
    assert Limits(rules, {"channel:market": 7}, 10).most(MARKET) == 0
    limits, supply = Limits(rules, {"channel:market": 1}, 10), _supply(10)
    assert supply.give(5, limits, MARKET) == [Share(2, None, TODAY), Share(3, None, None)]
    assert supply.give(1, limits, MARKET) == [Share(1, None, None)]
    assert supply.give(8, limits, WEB) == [Share(8, None, TODAY)]


def test_a_rule_made_later_takes_nothing_from_who_was_promised_stock() -> None:
    stands = Wish(A, 3, (Share(3, None, TODAY),), WEB)
    waits = Wish(B, 2, (Share(2, None, None),), WEB)
    found = assign([waits, stands], _supply(4), Limits([Kept(safety=4)]))
    assert found == {A: [Share(3, None, TODAY)], B: [Share(2, None, None)]}


def test_what_is_set_aside_goes_to_those_for_whom_it_is_when_the_supply_moves() -> None:
    others = Wish(A, 2, (Share(2, None, None),), WEB)
    theirs = Wish(B, 2, (Share(2, None, None),), B2B)
    found = assign([others, theirs], _supply(2), Limits([Kept(aside=2, whose="channel:b2b")]))
    assert found == {A: [Share(2, None, None)], B: [Share(2, None, TODAY)]}


RECEIPTS = st.lists(
    st.tuples(st.integers(-3, 10), st.integers(0, 20)).map(
        lambda each: Receipt(UUID(int=each[0] + 100), TODAY + timedelta(days=each[0]), each[1])
    ),
    max_size=4,
    unique_by=lambda receipt: receipt.id,
)
WISHES = st.lists(st.integers(1, 15), max_size=12)


@given(st.integers(0, 30), st.integers(0, 40), RECEIPTS, WISHES)
def test_every_unit_that_is_wanted_has_one_share_and_no_source_gives_more_than_it_has(
    stock: int, kept: int, receipts: list[Receipt], wanted: list[int]
) -> None:
    supply, limits = Supply(stock, receipts, TODAY), Limits([Kept(safety=kept)])
    shares = [share for quantity in wanted for share in supply.give(quantity, limits)]
    assert sum(share.quantity for share in shares) == sum(wanted)
    assert all(share.quantity > 0 for share in shares)
    given_of: dict[UUID | None, int] = {}
    for share in shares:
        if not share.waits:
            given_of[share.receipt] = given_of.get(share.receipt, 0) + share.quantity
    assert given_of.pop(None, 0) <= max(0, stock - kept)
    coming = {each.id: each.quantity for each in receipts}
    assert all(quantity <= coming[receipt] for receipt, quantity in given_of.items() if receipt is not None)
    waiting = sum(share.quantity for share in shares if share.waits)
    assert waiting == 0 or supply.left == min(kept, stock + sum(coming.values()))


@given(st.integers(0, 30), RECEIPTS, WISHES)
def test_assigning_again_what_was_assigned_changes_nothing(
    stock: int, receipts: list[Receipt], wanted: list[int]
) -> None:
    wishes = [Wish(UUID(int=at), quantity) for at, quantity in enumerate(wanted)]
    first = assign(wishes, Supply(stock, receipts, TODAY))
    again = [wish._replace(before=tuple(first[wish.line])) for wish in wishes]
    assert assign(again, Supply(stock, receipts, TODAY)) == first


@given(st.integers(0, 30), st.integers(0, 10), RECEIPTS, WISHES)
def test_more_stock_makes_no_promise_later(stock: int, more: int, receipts: list[Receipt], wanted: list[int]) -> None:
    wishes = [Wish(UUID(int=at), quantity) for at, quantity in enumerate(wanted)]
    first = assign(wishes, Supply(stock, receipts, TODAY))
    again = [wish._replace(before=tuple(first[wish.line])) for wish in wishes]
    better = assign(again, Supply(stock + more, receipts, TODAY))
    for wish in wishes:
        assert _from(better[wish.line]) <= _from(first[wish.line])


def _from(shares: list[Share]) -> date:
    """When they can go: what is overdue not before today."""
    return max(day(shares) or date.max, TODAY)


def test_only_another_source_or_day_is_a_move() -> None:
    receipt = UUID(int=7)
    lies = [Share(2, STOCK, TODAY), Share(3, receipt, TODAY + timedelta(days=3))]
    assert not differ(lies, [Share(1, STOCK, TODAY - timedelta(days=9)), lies[1], Share(1, STOCK, TODAY)])
    assert differ(lies, [lies[0], Share(3, receipt, TODAY + timedelta(days=4))])
    assert differ(lies, [lies[0], Share(3, None, None)])
    assert differ(lies, [lies[0]])
