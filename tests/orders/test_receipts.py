"""Goods on their way: promised before they are here, moved when they move, given out to who was promised first."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from functools import partial
from uuid import UUID

import pytest
import sqlalchemy as sa

import server
from server.core.refusal import Refusal
from server.inventory import service as inventory
from server.inventory.service import Goods, Place
from server.orders import promiser
from server.orders.models import promise
from server.orders.promiser import Promiser
from server.orders.schemas.supply import Announced, Arrival, NewReceipt, NewStockRule
from server.orders.service import backorders, cancels, invariants, moves, receipts
from server.orders.service.moves import unsettled
from server.orders.store import promises
from tests.support.shop import Shop, order

FRIDAY, MONDAY = date(2026, 11, 27), date(2026, 11, 30)


async def announced(shop: Shop, sku: str = "MILK", quantity: int = 5, on: date = FRIDAY, name: str = "PO-1") -> UUID:
    new = NewReceipt(reference=name, sku=sku, quantity=quantity, expected_on=on)
    return (await shop.do(lambda work: receipts.announce(work, 1, new))).id


async def arrived(shop: Shop, receipt: UUID, quantity: int) -> Announced:
    new = Arrival(quantity=quantity, bin="A02-05-A")
    return await shop.do(lambda work: receipts.arrive(work, receipt, new, 1), 0, 1)


async def prepaid(shop: Shop, name: str, *lines: tuple[str, int, int], split: str = "ship_available") -> int:
    return (await shop.capture(order(name, lines, method="prepaid", token="", split=split))).number


async def whole(shop: Shop) -> None:
    assert await shop.db.snapshot(invariants.broken) == []


async def test_an_order_for_goods_on_their_way_has_a_day_and_no_hold(shop: Shop) -> None:
    await announced(shop)
    captured = await shop.capture(order("A", [("MILK", 3, 100)], method="prepaid", token=""))
    assert (captured.holds, captured.promised_on, captured.status) == ([], FRIDAY, "backordered")
    assert captured.cutoff_at == datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
    page = await shop.page(captured.number)
    assert (page.promised_on, page.lines[0].waiting, page.lines[0].promised_on) == (FRIDAY, 3, FRIDAY)
    assert page.lines[0].facts.backordered == 3


async def test_what_is_on_its_way_is_promised_once(shop: Shop) -> None:
    await announced(shop, quantity=5)
    found = await asyncio.gather(
        *(shop.capture(order(f"R-{n}", [("MILK", 1, 100)], method="prepaid", token="")) for n in range(9))
    )
    assert sum(each.promised_on == FRIDAY for each in found) == 5
    assert sum(each.holds == ["not_available"] for each in found) == 4


async def test_goods_that_come_make_the_order_ready(shop: Shop) -> None:
    receipt = await announced(shop, quantity=5)
    number = await prepaid(shop, "A", ("MILK", 3, 100))
    assert (await arrived(shop, receipt, 5)).moved == 1
    page = await shop.page(number)
    assert (page.status, page.lines[0].waiting) == ("ready", 0)
    await whole(shop)


async def test_what_came_goes_to_who_was_promised_first(shop: Shop) -> None:
    receipt = await announced(shop, quantity=5)
    first = await prepaid(shop, "A", ("MILK", 3, 100))
    second = await prepaid(shop, "B", ("MILK", 2, 100))
    late = await prepaid(shop, "C", ("MILK", 2, 100))
    assert (await shop.page(late)).status == "on_hold"
    await arrived(shop, receipt, 4)
    pages = [await shop.page(each) for each in (first, second, late)]
    assert [page.lines[0].waiting for page in pages] == [0, 1, 2]
    assert [page.status for page in pages] == ["ready", "ready", "on_hold"]
    await arrived(shop, receipt, 3)
    pages = [await shop.page(each) for each in (first, second, late)]
    assert [page.status for page in pages] == ["ready", "ready", "ready"]
    assert pages[2].holds[0].state == "released"
    assert "promise_given" in [entry.what for entry in pages[2].timeline]
    await whole(shop)


async def test_a_later_delivery_moves_the_day_and_the_truck_and_says_so(shop: Shop) -> None:
    await announced(shop)
    number = await prepaid(shop, "A", ("MILK", 3, 100))
    new = NewReceipt(reference="PO-1", sku="MILK", quantity=5, expected_on=MONDAY)
    assert await shop.do(lambda work: receipts.announce(work, 1, new)) == Announced(
        (await shop.ask(sa.select(promise.c.receipt_id)))[0][0], first=False, moved=1
    )
    page = await shop.page(number)
    assert page.promised_on == MONDAY
    assert page.cutoff_at == datetime(2026, 11, 30, 15, 0, tzinfo=UTC)
    assert "Now promised for 2026-11-30, before 2026-11-27" in [entry.en for entry in page.timeline]


async def test_an_earlier_delivery_keeps_what_was_promised(shop: Shop) -> None:
    receipt = await announced(shop, on=MONDAY)
    number = await prepaid(shop, "A", ("MILK", 3, 100))
    await arrived(shop, receipt, 5)
    page = await shop.page(number)
    assert (page.status, page.promised_on) == ("ready", MONDAY)
    assert page.cutoff_at == datetime(2026, 11, 30, 15, 0, tzinfo=UTC)


async def test_a_delivery_that_does_not_come_leaves_its_orders_without_a_day(shop: Shop) -> None:
    receipt = await announced(shop)
    number = await prepaid(shop, "A", ("MILK", 3, 100))
    await shop.do(lambda work: receipts.cancel(work, receipt, 1))
    page = await shop.page(number)
    assert (page.promised_on, page.lines[0].waiting) == (None, 3)
    assert page.timeline[0].what == "promise_lost"
    with pytest.raises(Refusal, match="move_not_allowed"):
        await arrived(shop, receipt, 1)


async def test_what_lies_ready_ships_and_the_rest_waits_for_a_fulfilment_of_its_own(shop: Shop) -> None:
    receipt = await announced(shop)
    captured = await shop.capture(order("A", [("HONEY", 2, 100), ("MILK", 3, 100)], method="prepaid", token=""))
    assert (captured.status, captured.promised_on) == ("ready", FRIDAY)
    first = await shop.release(captured.id)
    assert [line.facts.ordered for line in first.lines] == [2]
    assert (await shop.page(captured.number)).status == "released"
    await shop.change(first.lines[0].id, "picked", reserved=-2, picked=2)
    await shop.change(first.lines[0].id, "packed", packed=2)
    await shop.change(first.lines[0].id, "shipped", {"carton": "1", "shipment": "1"}, shipped=2)
    assert await shop.refresh(captured.id) == "backordered"
    await arrived(shop, receipt, 5)
    assert (await shop.page(captured.number)).status == "ready"
    second = await shop.release(captured.id)
    assert [line.facts.ordered for line in second.lines] == [3]
    await shop.change(second.lines[0].id, "picked", reserved=-3, picked=3)
    await shop.change(second.lines[0].id, "packed", packed=3)
    await shop.change(second.lines[0].id, "shipped", {"carton": "2", "shipment": "2"}, shipped=3)
    assert await shop.refresh(captured.id) == "shipped"
    await whole(shop)


async def test_an_order_that_ships_complete_waits_for_all_of_it(shop: Shop) -> None:
    receipt = await announced(shop)
    number = await prepaid(shop, "A", ("HONEY", 2, 100), ("MILK", 3, 100), split="ship_complete")
    page = await shop.page(number)
    assert (page.status, page.cutoff_at) == ("backordered", datetime(2026, 11, 27, 15, 0, tzinfo=UTC))
    await arrived(shop, receipt, 3)
    assert (await shop.page(number)).status == "ready"


async def test_what_a_warehouse_could_not_find_comes_back_to_the_order_and_is_promised_again(shop: Shop) -> None:
    await announced(shop, "HONEY", 4)
    captured = await shop.capture(order("A", [("HONEY", 4, 100), ("TEA", 1, 100)], method="prepaid", token=""))
    part = await shop.release(captured.id, HONEY=3, TEA=1)
    honey, tea = (line.id for line in part.lines)
    assert await shop.db.read(lambda conn: backorders.due(conn, captured.id)) == frozenset()
    for line, units in ((honey, 3), (tea, 1)):
        await shop.change(line, "picked", reserved=-units, picked=units)
        await shop.change(line, "packed", packed=units)
        await shop.change(line, "shipped", {"carton": "1", "shipment": "1"}, shipped=units)
    assert await shop.db.read(lambda conn: backorders.due(conn, captured.id)) == {1}
    assert await shop.do(lambda work: backorders.take_back(work, captured.id)) == 1
    assert await shop.do(lambda work: backorders.take_back(work, captured.id)) == 0
    page = await shop.page(captured.number)
    assert (page.status, page.fulfilments[0].status, page.lines[0].waiting) == ("ready", "shipped", 0)
    await whole(shop)
    await shop.do(lambda work: cancels.cancel(work, captured.id))
    page = await shop.page(captured.number)
    assert (page.status, page.lines[0].facts.cancelled) == ("shipped", 1)
    await whole(shop)


async def test_safety_stock_is_left_and_what_is_set_aside_goes_to_its_channel(shop: Shop) -> None:
    for rule in (NewStockRule(name="3 for nobody", sku="HONEY", safety=3),
                 NewStockRule(name="4 for b2b", sku="HONEY", warehouse=1, aside=4, whose="channel:b2b")):  # fmt: skip
        await shop.do(partial(receipts.keep_back, new=rule))
    web = await shop.capture(order("A", [("HONEY", 4, 100)], channel="web"))
    b2b = await shop.capture(order("B", [("HONEY", 5, 100)], channel="b2b"))
    waiting = [each.waiting for number in (web.number, b2b.number) for each in (await shop.page(number)).lines]
    assert waiting == [1, 1]
    assert web.holds == b2b.holds == ["not_available"]


@pytest.mark.parametrize(("rule", "field"), [
    (NewStockRule(name="x", sku="GOLD", safety=1), "sku"),
    (NewStockRule(name="x", aside=1), "whose"),
    (NewStockRule(name="x", percent=10), "whose"),
    (NewStockRule(name="x", sku="HONEY", whose="channel:b2b"), "safety"),
    (NewStockRule(name="x", safety=0, aside=0), "safety"),
])  # fmt: skip
async def test_a_rule_that_says_nothing_is_refused_at_its_field(shop: Shop, rule: NewStockRule, field: str) -> None:
    with pytest.raises(Refusal) as caught:
        await shop.do(lambda work: receipts.keep_back(work, rule))
    assert caught.value.faults[0].field == field


async def test_a_share_of_nothing_keeps_everything_from_its_channel(shop: Shop) -> None:
    await shop.do(partial(receipts.keep_back, new=NewStockRule(name="x", percent=0, whose="channel:b2b")))
    b2b = await shop.capture(order("A", [("HONEY", 1, 100)], channel="b2b"))
    assert [each.waiting for each in (await shop.page(b2b.number)).lines] == [1]


async def test_stock_that_turns_up_is_promised_to_who_waits(shop: Shop) -> None:
    number = await prepaid(shop, "A", ("MILK", 2, 100))
    watch = Promiser(shop.db, shop.clock)
    assert await watch.step() == 0
    await found(shop, 2)
    assert await watch.step() == 1
    assert (await shop.page(number)).status == "ready"
    assert await watch.step() == 0


async def found(shop: Shop, quantity: int) -> None:
    """Units turn up in the warehouse."""
    way = Place(shop.bins["SUPPLIER"]), Place(shop.bins["A02-05-A"])
    await shop.do(lambda work: inventory.move(work, 1, Goods(shop.items["MILK"]), quantity, *way, "found"), 1)


async def test_who_waits_comes_before_who_comes_just_when_stock_turns_up(shop: Shop) -> None:
    first = await prepaid(shop, "A", ("MILK", 2, 100))
    await found(shop, 3)
    second = await prepaid(shop, "B", ("MILK", 2, 100))
    assert await Promiser(shop.db, shop.clock).step() == 0
    pages = [await shop.page(number) for number in (first, second)]
    assert [page.lines[0].waiting for page in pages] == [0, 1]
    await whole(shop)


async def test_who_was_promised_a_later_day_comes_before_who_comes_now(shop: Shop) -> None:
    await announced(shop, quantity=5, on=MONDAY)
    first = await prepaid(shop, "A", ("MILK", 3, 100))
    await found(shop, 3)
    second = await prepaid(shop, "B", ("MILK", 2, 100))
    assert (await shop.page(second)).promised_on == MONDAY
    assert await Promiser(shop.db, shop.clock).step() == 0
    assert [(await shop.page(number)).status for number in (first, second)] == ["ready", "backordered"]
    await whole(shop)


async def test_who_comes_just_now_gets_no_day_that_brings_them_before_who_waited_in_part(shop: Shop) -> None:
    await announced(shop, quantity=5, on=MONDAY)
    numbers = [await prepaid(shop, "A", ("MILK", 4, 100)), await prepaid(shop, "B", ("MILK", 2, 100))]
    assert [each.waiting for each in (await shop.page(numbers[1])).lines] == [2]
    await found(shop, 6)
    numbers.append(await prepaid(shop, "C", ("MILK", 2, 100)))
    while await Promiser(shop.db, shop.clock).step():
        pass
    assert [(await shop.page(number)).status for number in numbers] == ["ready", "ready", "backordered"]
    await whole(shop)


async def test_what_a_rule_keeps_back_is_looked_at_by_its_sums_alone(shop: Shop) -> None:
    await shop.do(partial(receipts.keep_back, new=NewStockRule(name="x", percent=50, whose="channel:b2b")))
    await found(shop, 4)
    await shop.capture(order("A", [("MILK", 4, 100)], channel="b2b"))
    look = partial(unsettled, now=shop.clock.now(), warehouse=1, items=[shop.items["MILK"]])
    assert await shop.db.read(look) == set()
    await found(shop, 4)
    assert await shop.db.read(look) == {shop.items["MILK"]}


async def test_very_many_are_promised_anew_a_slice_at_a_time_and_nobody_comes_between(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (promiser, moves, receipts):
        monkeypatch.setattr(module, "SLICE", 2)
    numbers = [await prepaid(shop, f"W-{n}", ("MILK", 1, 100)) for n in range(5)]
    receipt = await announced(shop, quantity=6)
    assert [(await shop.page(number)).promised_on for number in numbers] == [FRIDAY, FRIDAY, None, None, None]
    late = await prepaid(shop, "L", ("MILK", 2, 100))
    assert [(await shop.page(number)).promised_on for number in numbers] == [FRIDAY] * 4 + [None]
    assert await Promiser(shop.db, shop.clock).step() == 1
    assert [(await shop.page(number)).promised_on for number in (*numbers, late)] == [FRIDAY] * 5 + [None]
    assert (await arrived(shop, receipt, 6)).moved == 2
    while await Promiser(shop.db, shop.clock).step():
        pass
    pages = [await shop.page(number) for number in numbers]
    assert [page.status for page in pages] == ["ready"] * 5
    await whole(shop)


async def test_a_day_that_passes_makes_no_promise_move(shop: Shop) -> None:
    await announced(shop)
    await prepaid(shop, "A", ("MILK", 3, 100), ("HONEY", 1, 100))
    shop.clock.advance(timedelta(days=9).total_seconds())
    assert await Promiser(shop.db, shop.clock).step() == 0


async def test_what_is_overdue_is_promised_for_today_at_the_earliest(shop: Shop) -> None:
    await announced(shop)
    shop.clock.advance(timedelta(days=9).total_seconds())
    captured = await shop.capture(order("A", [("MILK", 3, 100)], method="prepaid", token=""))
    assert captured.promised_on == date(2026, 12, 3)


async def test_an_order_can_be_cancelled_while_its_goods_are_on_their_way(shop: Shop) -> None:
    await announced(shop)
    captured = await shop.capture(order("A", [("MILK", 5, 100)], method="prepaid", token=""))
    other = await prepaid(shop, "B", ("MILK", 2, 100))
    await shop.do(lambda work: cancels.cancel(work, captured.id))
    assert await Promiser(shop.db, shop.clock).step() == 1
    assert (await shop.page(other)).promised_on == FRIDAY
    await whole(shop)


def test_what_waits_is_added_up_without_looking_at_all_that_is_promised(sqlite_url: str) -> None:
    plans = []

    def explain(conn, _cursor, statement, parameters, *_more) -> None:  # type: ignore[no-untyped-def]
        raw = conn.connection.driver_connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
        plans.append([row[3] for row in raw if "promise" in row[3]])

    engine = sa.create_engine(sqlite_url, module=server.sqlite3)
    item = UUID(int=1)
    with engine.connect() as conn:
        sa.event.listen(conn, "before_cursor_execute", explain)
        promises.waiting_items(conn)
        promises.waiting(conn, 1, [item])
        promises.waiting_whose(conn, 1, [item])
        promises.standing(conn, 1, [item])
        promises.waited_for(conn, [item])
    waits = "SEARCH promise USING COVERING INDEX ix_promise_waits (item_id=? AND for_warehouse=?)"
    stands = "ix_promise_item (for_warehouse=? AND item_id=? AND receipt_id=? AND promised_on>?)"
    assert plans == [
        ["SCAN promise USING COVERING INDEX ix_promise_waits"],
        [waits],
        [waits],
        [f"SEARCH promise USING COVERING INDEX {stands}"],
        ["SEARCH promise USING COVERING INDEX ix_promise_waits (item_id=?)"],
    ]
