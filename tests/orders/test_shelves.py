"""Whether anything would move is told by sums alone, and told right: pure."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from server.orders.promising import Receipt, Share, Supply, Wish, assign, differ
from server.orders.service.shelves import Known
from server.orders.store.promises import Waits

TODAY = date(2026, 11, 26)
ITEM = UUID(int=1)

RECEIPTS = st.lists(st.tuples(st.integers(1, 4), st.integers(1, 5)), max_size=3)
"""Days until they come, and units."""
WISHES = st.lists(st.integers(1, 4), min_size=1, max_size=5)


def supplied(stock: int, receipts: list[tuple[int, int]]) -> tuple[int, list[Receipt]]:
    coming = [Receipt(UUID(int=100 + at), TODAY + timedelta(days), units) for at, (days, units) in enumerate(receipts)]
    return stock, sorted(coming, key=lambda each: (each.on, each.id))


def given_out(wishes: list[Wish], supply: tuple[int, list[Receipt]]) -> list[Wish]:
    """The wishes with what they are promised once all were given anew."""
    shares = assign(wishes, Supply(*supply, TODAY))
    return [wish._replace(before=tuple(shares[wish.line])) for wish in wishes]


def known(wishes: list[Wish], supply: tuple[int, list[Receipt]]) -> Known:
    shares = [share for wish in wishes for share in wish.before]
    standing = sum(share.quantity for share in shares if share.ready)
    waiting = [Waits(share) for share in shares if not share.ready]
    return Known(TODAY, {ITEM: supply[0]}, {ITEM: supply[1]}, {}, {ITEM: standing}, {}, {ITEM: waiting})


@given(WISHES, st.integers(0, 6), RECEIPTS, st.integers(0, 6), RECEIPTS)
def test_the_sums_say_that_something_moves_just_when_something_does(
    units: list[int], stock: int, receipts: list[tuple[int, int]], found: int, then: list[tuple[int, int]]
) -> None:
    wanted = [Wish(UUID(int=10 + at), each, (Share(each, None, None),)) for at, each in enumerate(units)]
    before = given_out(wanted, supplied(stock, receipts))
    assert known(before, supplied(stock, receipts)).is_settled(ITEM)
    now = supplied(stock + found, then)
    after = given_out(before, now)
    moves = any(differ(one.before, other.before) for one, other in zip(before, after, strict=True))
    assert known(before, now).is_settled(ITEM) is not moves


@given(WISHES, st.integers(0, 12), RECEIPTS, st.integers(1, 6))
def test_who_comes_now_gets_what_is_left_behind_all_who_wait(
    units: list[int], stock: int, receipts: list[tuple[int, int]], wanted: int
) -> None:
    waiting = [Wish(UUID(int=10 + at), each, (Share(each, None, None),)) for at, each in enumerate(units)]
    supply = supplied(stock, receipts)
    offered = known(waiting, supply).today_on(ITEM).give(wanted, frozenset())
    new = Wish(UUID(int=99), wanted, (Share(wanted, None, None),))
    assert not differ(offered, assign([*waiting, new], Supply(*supply, TODAY))[new.line])
