"""What is missing in the tote, for orders that ship what there is and for those that ship only whole."""

from __future__ import annotations

from uuid import UUID

from server.db import log
from server.fanout import sinks
from server.orders.service import captures, money
from server.orders.service import lines as order_lines
from tests.support.bench import Bench
from tests.support.world import capture, new_order, release


async def test_what_is_missing_in_the_tote_is_backordered_and_the_rest_ships(bench: Bench) -> None:
    part = await bench.part(await bench.picked())
    await bench.open()
    await bench.item(part, "MILK", 2)
    await bench.item(part, "OATS")
    short = await bench.missing(part, "MILK")
    assert (short.outcome, short.params) == ("shorted_backordered", {"missing": 1})
    assert (await bench.carton(part)).state == "complete"
    assert await bench.tote("T-0001") == ("empty", 0)
    line = await bench.line("MILK")
    assert (line.picked, line.packed, line.backordered, line.backorder_reason) == (2, 2, 1, "missing")
    await bench.label_worker().step()
    await bench.weighed(part)
    assert (await bench.close(part)).outcome == "carton_closed"
    assert (await bench.line("MILK")).shipped == 2
    assert await bench.whole() == []


async def test_what_is_damaged_stays_at_the_station_as_damaged(bench: Bench) -> None:
    part = await bench.part(await bench.picked())
    await bench.open()
    assert (await bench.missing(part, "MILK", reason="damaged")).outcome == "shorted_backordered"
    assert (await bench.world.on_hand("MILK"))["PACK-1/damaged"] == 1
    assert await bench.whole() == []


async def test_a_short_after_a_closed_carton_ships_what_is_closed_and_leaves_no_empty_carton(bench: Bench) -> None:
    part = await bench.one_closed(await bench.picked())
    assert (await bench.line("MILK")).shipped == 0
    assert (await bench.missing(part, "OATS")).outcome == "shorted_backordered"
    assert (await bench.line("MILK")).shipped == 3
    assert (await bench.view()).orders == {}
    assert await bench.whole() == []


async def test_a_carton_begun_for_what_a_picker_then_finds_missing_goes_and_the_rest_leaves(bench: Bench) -> None:
    await bench.one_closed(await bench.picked())
    line = (await bench.line("OATS")).id
    await bench.world.do(
        lambda work: order_lines.change(work, line, "shorted", {"reason": "missing"}, picked=-1, backordered=1)
    )
    assert (await bench.line("MILK")).shipped == 0
    events = await bench.db.read(lambda conn: log.tail(conn, 1, 0, 999))
    (event,) = [each for each in events if each.type == "line.backordered"]
    for _ in range(2):
        await sinks.drop_empty_cartons(bench.db, event)
    assert (await bench.line("MILK")).shipped == 3


async def _whole_order(bench: Bench, milk: int) -> tuple[UUID, str]:
    """An order of milk that ships only whole, its tote opened: its fulfilment, its tote."""
    await capture(bench.world, "R-0", {"TEA": 1})
    captured = await bench.world.both(
        lambda work: captures.capture(work, new_order("R-1", {"MILK": milk}, split="ship_complete"))
    )
    await bench.world.both(
        lambda work: money.record(work, captured.id, "authorised", "payment_authorised", {"amount": "5.00"})
    )
    await release(bench.world)
    await bench.pick_all()
    part = await bench.part(captured.id)
    for tote in ("T-0001", "T-0002"):
        await bench.open(tote)
    opened = (await bench.view()).totes.values()
    return part, next(each.code for each in opened if part in each.orders)


async def test_an_order_that_ships_only_whole_waits_with_its_last_item_in_the_carton(bench: Bench) -> None:
    part, tote = await _whole_order(bench, 3)
    await bench.item(part, "MILK", tote=tote)
    assert (await bench.missing(part, "MILK", tote)).params == {"missing": 1}
    assert (await bench.item(part, "MILK", tote=tote)).outcome == "packed"
    shown = await bench.shown(part)
    assert shown.carton is not None
    assert (shown.whole, shown.backordered, shown.carton.state, shown.place) == (True, 1, "open", 1)


async def test_its_last_missing_item_says_the_place_where_it_waits(bench: Bench) -> None:
    part, tote = await _whole_order(bench, 2)
    await bench.item(part, "MILK", tote=tote)
    assert (await bench.missing(part, "MILK", tote)).params == {"missing": 1, "place": 1}
    assert ((await bench.shown(part)).place, (await bench.carton(part)).state) == (1, "open")
    assert await bench.whole() == []


async def test_a_closed_carton_of_an_order_that_ships_only_whole_waits_for_the_rest(bench: Bench) -> None:
    part, tote = await _whole_order(bench, 3)
    await bench.item(part, "MILK", 2, tote)
    await bench.another(part)
    await bench.label_worker().step()
    assert (await bench.missing(part, "MILK", tote)).outcome == "shorted_backordered"
    await bench.weighed(part)
    assert (await bench.close(part)).outcome == "carton_closed"
    assert (await bench.line("MILK")).shipped == 0
    assert await bench.whole() == []


async def test_an_order_that_ships_only_whole_is_not_labelled_in_part(bench: Bench) -> None:
    part, tote = await _whole_order(bench, 2)
    await bench.item(part, "MILK", tote=tote)
    await bench.missing(part, "MILK", tote)
    assert ((await bench.carton(part)).state, (await bench.carton(part)).label) == ("open", None)
