"""Totes at the bench: free again, used again, one of several, and waiting for the rest."""

from __future__ import annotations

from functools import partial
from uuid import UUID

import sqlalchemy as sa

from server.orders.models import fulfilment_line
from server.orders.service import cancels
from server.orders.service import lines as order_lines
from server.tasks import models
from server.tasks.service import reassign_tour
from tests.support.bench import Bench
from tests.support.world import handheld, release


async def test_a_tote_is_free_again_when_its_last_unit_is_packed(bench: Bench) -> None:
    await bench.all_in(await bench.picked())
    assert await bench.tote("T-0001") == ("empty", 0)
    assert (await bench.view()).totes == {}


async def test_a_surplus_in_the_tote_keeps_it_until_it_is_put_back(bench: Bench) -> None:
    order = await bench.order("R-1", MILK=3)
    await release(bench.world)
    picker = handheld(bench.world)
    tour = await picker.begin()
    await picker.pick(tour.stops[0], 5)
    (back,) = await bench.put_backs()
    assert (await picker.did("tour.finish", tour=tour.id)).outcome == "tour_not_ready"
    await picker.did("put_back", task=back.id, qty=2, bin=bench.bin_of(back))
    assert (await picker.did("tour.finish", tour=tour.id)).outcome == "tour_finished"
    assert await bench.tote("T-0001") == ("staged", 3)
    await bench.all_in(order)
    assert await bench.tote("T-0001") == ("empty", 0)


async def test_goods_in_a_tote_that_was_called_empty_can_be_packed(bench: Bench) -> None:
    order = await bench.picked()
    query = sa.update(models.tote).values(state="empty", station_id=None).where(models.tote.c.warehouse_id == 1)
    await bench.world.do(lambda work: work.execute(query))
    assert await bench.world.broken() == ["tote T-0001: goods lie in it, its state says empty"]
    await bench.all_in(order)
    assert await bench.tote("T-0001") == ("empty", 0)
    assert (await bench.open()).outcome == "tote_empty"
    assert await bench.whole() == []


async def test_an_order_in_a_tote_that_was_bound_too_late_is_shown_and_packed(bench: Bench) -> None:
    order = await bench.order("R-1", MILK=3)
    await release(bench.world)
    first = handheld(bench.world)
    second = handheld(bench.world, bench.world.other_picker, UUID(int=9))
    await first.begin_without_cart()
    tour = await first.tour()
    await bench.world.do(lambda work: reassign_tour(work, 1, tour.id, bench.world.other_picker))
    await second.did("tour.tote", tour=tour.id, slot=1, tote="T-0001")
    assert (await first.pick(tour.stops[0], tote="T-0020")).outcome == "tour_done"
    assert (await bench.open("T-0020")).outcome == "tote_still_picking"
    assert (await second.did("tour.finish", tour=tour.id)).outcome == "tour_finished"
    part = await bench.all_in(order, "T-0020")
    assert (await bench.carton(part)).state == "complete"
    assert await bench.tote("T-0001") == await bench.tote("T-0020") == ("empty", 0)
    assert await bench.whole() == []


async def test_a_tote_that_was_used_before_shows_only_its_last_order(bench: Bench) -> None:
    first = await bench.picked("R-1", MILK=1)
    await bench.open()
    await bench.world.both(lambda work: cancels.cancel(work, first, "no"))
    await bench.put_back_all()
    second = await bench.picked("R-2", TEA=1)
    assert (await bench.open()).outcome == "pack_opened"
    assert list((await bench.view()).orders) == [str(await bench.part(second))]


async def test_an_order_in_several_totes_waits_on_a_numbered_place_until_all_of_it_is_there(bench: Bench) -> None:
    order = await bench.picked("R-1", MILK=20, OATS=20, TEA=20, HONEY=20)
    part = await bench.part(order)
    first = await bench.open("T-0001")
    assert (first.outcome, first.params.get("place")) == ("pack_opened", 1)
    shown = await bench.shown(part)
    missing = shown.elsewhere
    assert missing
    assert {(each.state, each.station) for each in missing} == {("staged", None)}
    assert ((await bench.view()).totes["T-0001"].place, shown.place) == (1, 1)
    for tote in missing:
        last = await bench.open(tote.code)
    number = (await bench.shown(part)).number
    others = ["T-0001", *(tote.code for tote in missing[:-1])]
    assert last.params == {"tote": missing[-1].code, "order": number, "from": 1, "fetch": ", ".join(others)}
    assert ((await bench.shown(part)).elsewhere, (await bench.shown(part)).place) == ([], 1)
    await bench.item(part, "MILK")
    view = await bench.view()
    assert ({each.place for each in view.totes.values()}, view.places) == ({None}, [])
    assert await bench.whole() == []


async def test_out_of_several_totes_an_item_is_taken_from_the_one_that_holds_it(bench: Bench) -> None:
    part = await bench.part(await bench.picked("R-1", MILK=20, OATS=20, TEA=20, HONEY=20))
    await bench.open("T-0001")
    totes = ["T-0001", *(each.code for each in (await bench.shown(part)).elsewhere)]
    for tote in totes[1:]:
        await bench.open(tote)
    for sku in ("MILK", "OATS", "TEA", "HONEY"):
        for _ in range(20):
            last = await bench.item(part, sku)
    assert last.outcome == "carton_complete"
    assert {await bench.tote(tote) for tote in totes} == {("empty", 0)}
    assert await bench.whole() == []


async def test_what_is_still_to_be_picked_keeps_the_order_on_its_place(bench: Bench) -> None:
    part = await bench.part(await bench.picked())
    await _more_on_another_tour(bench, "MILK")
    assert (await bench.open()).params.get("place") == 1
    shown = await bench.shown(part)
    assert (shown.to_pick, shown.elsewhere, shown.place) == (1, [], 1)


async def test_when_the_rest_does_not_come_the_carton_is_complete_with_what_is_in_it(bench: Bench) -> None:
    part = await bench.part(await bench.picked())
    line = (await bench.line("OATS")).id
    await _more_on_another_tour(bench, "OATS")
    await bench.open()
    await bench.item(part, "MILK", 3)
    assert (await bench.item(part, "OATS")).outcome == "packed"
    gone = partial(
        order_lines.change, line_id=line, what="backordered", why="no_stock_left", reserved=-1, backordered=1
    )
    await bench.world.do(gone)
    assert (await bench.carton(part)).state == "complete"
    await bench.label_worker().step()
    await bench.weighed(part)
    assert (await bench.close(part)).outcome == "carton_closed"
    assert (await bench.line("OATS")).shipped == 1


async def _more_on_another_tour(bench: Bench, sku: str) -> None:
    """One more unit of the order's is still to be picked."""
    more = (
        sa.update(fulfilment_line)
        .where(fulfilment_line.c.item_id == bench.world.items[sku])
        .values(ordered=fulfilment_line.c.ordered + 1, reserved=1)
    )
    await bench.world.do(lambda work: work.execute(more).rowcount)
