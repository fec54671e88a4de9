"""With two warehouses: which one an order is sent from, and why."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from server.core.refusal import Refusal
from server.db.base import CORE
from server.inventory import service as inventory
from server.inventory.service import Goods, Place
from server.locations import service as locations
from server.locations.schemas import NewBin, NewWarehouse, NewZone
from server.orders.schemas import Captured, ZoneRow
from server.orders.service import cancels, invariants, sources
from tests.support.shop import PLAN, Shop, order


@pytest.fixture
async def both(shop: Shop) -> Shop:
    """The small warehouse and a second one: 4 honey, 9 milk."""

    def second(work) -> None:  # type: ignore[no-untyped-def]
        address = {"name": "Süd", "street": "Hof 2", "postal_code": "80331", "city": "München", "country": "DE"}
        locations.create_warehouse(
            work,
            NewWarehouse(number=2, code="SUE", name="Süd", time_zone="Europe/Berlin", country="DE", address=address,
                         gcp="4012345", floor=PLAN),
        )  # fmt: skip
        locations.create_zones(work, 2, [NewZone(code="Z", name="Zone")])
        shelf = NewBin(code="A01-01-A", zone="Z", aisle="A01", bay=1, level="A", x_mm=1000, y_mm=1600, sequence=1)
        bins = locations.create_bins(work, 2, [shelf, NewBin(code="SUPPLIER", type="supplier")])
        for sku, units in (("HONEY", 4), ("MILK", 9)):
            source, target = Place(bins["SUPPLIER"]), Place(bins["A01-01-A"])
            inventory.move(work, 2, Goods(shop.items[sku]), units, source, target, "opening")

    await shop.do(second, CORE, 2)
    return shop


async def captured(shop: Shop, name: str, *lines: tuple[str, int, int], **more: Any) -> Captured:
    return await shop.capture(order(name, lines, method="prepaid", token="", **more))


async def test_an_order_is_sent_from_where_its_goods_lie_and_says_so(both: Shop) -> None:
    page = await both.page((await captured(both, "A", ("MILK", 2, 100))).number)
    assert page.warehouse == 2
    assert page.sourced == {
        "policy": "nearest",
        "decided_by": "out_of_sight",
        "table": [
            {"warehouse": 2, "out_of_sight": 0, "lacking": 0, "zone": 99, "price": 0},
            {"warehouse": 1, "out_of_sight": 2, "lacking": 2, "zone": 99, "price": 0},
        ],
    }
    told = next(entry for entry in page.timeline if entry.what == "sourced")
    assert told.en == "From Süd, chosen by: more of it is in sight there"
    assert told.de == "Aus Süd, gewählt nach: dort ist mehr davon in Sicht"


async def test_what_both_have_comes_from_the_nearer_one_by_the_longest_prefix(both: Shop) -> None:
    near, far = ZoneRow(country="DE", prefix="50", zone=1), ZoneRow(country="DE", zone=4, price_minor=900)
    await both.do(partial(sources.set_chart, warehouse=1, rows=[far]))
    await both.do(partial(sources.set_chart, warehouse=2, rows=[far, near]))
    page = await both.page((await captured(both, "A", ("HONEY", 2, 100))).number)
    assert (page.warehouse, page.sourced and page.sourced["decided_by"]) == (2, "zone")
    assert await both.db.read(partial(sources.chart, warehouse=2)) == [far, near]
    with pytest.raises(Refusal) as caught:
        await both.do(partial(sources.set_chart, warehouse=2, rows=[far, far]))
    assert caught.value.faults[0].field == "rows[1].prefix"


async def test_each_channel_may_have_a_policy_of_its_own(both: Shop) -> None:
    await both.do(partial(sources.set_policy, channel="", policy="balanced"))
    assert await both.do(partial(sources.set_policy, channel="market", policy="cheapest")) == {
        "": "balanced", "market": "cheapest",
    }  # fmt: skip
    await captured(both, "A", ("HONEY", 1, 100), warehouse=1)
    page = await both.page((await captured(both, "B", ("HONEY", 1, 100))).number)
    assert (page.warehouse, page.sourced and page.sourced["decided_by"]) == (2, "queue")
    page = await both.page((await captured(both, "C", ("HONEY", 1, 100), channel="market")).number)
    assert page.sourced
    assert (page.sourced["policy"], page.sourced["decided_by"]) == ("cheapest", "number")
    with pytest.raises(Refusal, match="invalid"):
        await both.do(partial(sources.set_policy, channel="", policy="random"))
    assert await both.do(partial(sources.set_policy, channel="market", policy=None)) == {"": "balanced"}


async def test_a_warehouse_that_was_named_is_not_chosen_again(both: Shop) -> None:
    page = await both.page((await captured(both, "A", ("HONEY", 2, 100), warehouse=2)).number)
    assert (page.warehouse, page.sourced) == (2, None)


async def test_with_one_warehouse_nothing_is_chosen(shop: Shop) -> None:
    assert (await shop.page((await captured(shop, "A", ("HONEY", 2, 100))).number)).sourced is None


async def test_what_is_in_sight_nowhere_else_is_sent_from_where_it_lies(both: Shop) -> None:
    taken = await captured(both, "A", ("TEA", 1, 100), ("MILK", 2, 100))
    page = await both.page(taken.number)
    assert (page.status, page.warehouse, page.holds) == ("ready", 2, [])
    told = next(entry for entry in page.timeline if entry.what == "sourced_in_part")
    assert told.en.startswith("1 of it from ")
    parts = [await both.release(taken.id, warehouse=number) for number in (2, 1)]
    assert [[line.item for line in part.lines] for part in parts] == [[both.items["MILK"]], [both.items["TEA"]]]
    page = await both.page(taken.number)
    assert (page.status, {part.warehouse for part in page.fulfilments}) == ("released", {1, 2})
    assert await both.db.snapshot(invariants.broken) == []


async def test_what_goes_all_at_once_waits_for_its_rest_in_one_warehouse(both: Shop) -> None:
    taken = await captured(both, "A", ("TEA", 1, 100), ("MILK", 2, 100), split="ship_complete")
    page = await both.page(taken.number)
    assert (page.warehouse, page.status, [line.waiting for line in page.lines]) == (2, "on_hold", [1, 0])


async def test_a_cancel_reaches_all_warehouses_that_have_some_of_it(both: Shop) -> None:
    taken = await captured(both, "A", ("TEA", 1, 100), ("MILK", 2, 100))
    await both.release(taken.id, warehouse=1)
    assert await both.do(lambda work: cancels.cancel(work, taken.id), CORE, 1, 2) == "cancelled"
    assert await both.db.snapshot(invariants.broken) == []
