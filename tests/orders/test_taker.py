"""An edge takes many orders in together; what breaks at one is told of that one."""

from __future__ import annotations

import msgspec

from server.core.refusal import Refusal
from server.orders.schemas.captures import Captured
from server.orders.taker import take_in
from tests.support.shop import DESK, Shop, order


async def test_a_surprise_at_one_order_has_the_others_taken_in_singly(shop: Shop) -> None:
    odd = order("B", customer=msgspec.structs.replace(order().customer, language=None))
    taken = await take_in(shop.db, DESK, [order("A"), odd, order("C", currency="X"), order("D")])
    assert [each.number if isinstance(each, Captured) else each.code for each in taken] == [
        10_001, "broken", "order_invalid", 10_002,
    ]  # fmt: skip


async def test_a_slice_is_taken_in_at_once_and_known_again(shop: Shop) -> None:
    news = [order(name) for name in "ABC"]
    first = await take_in(shop.db, DESK, news)
    again = await take_in(shop.db, DESK, news)
    assert not any(isinstance(each, Refusal) for each in (*first, *again))
    assert [each.first for each in (*first, *again)] == [True] * 3 + [False] * 3  # type: ignore[union-attr]
