"""An order that leaves in two shipments: each has its own cartons, and what has left does not leave again."""

from __future__ import annotations

from server.inventory import service as inventory
from server.inventory.service import Goods, Place
from server.shipping import service as shipping
from tests.support.bench import Bench
from tests.support.world import handheld, release


async def test_what_is_found_after_the_rest_has_left_leaves_in_a_shipment_of_its_own(bench: Bench) -> None:
    order = await bench.order("R-1", MILK=2, OATS=1)
    await release(bench.world)
    picker = handheld(bench.world)
    tour = await picker.begin()
    milk, oats = sorted(tour.stops, key=lambda stop: stop.item != bench.world.items["MILK"])
    missing = picker.command("short", {"task": str(oats.task), "missing": 1, "reason": "not_found"})
    assert [each.outcome for each in (await picker.send(missing)).answers] == ["shorted_backordered"]
    await picker.pick(milk)
    await picker.did("tour.finish", tour=tour.id)
    part = await bench.labelled(order)
    await bench.weighed(part)
    assert (await bench.close(part)).outcome == "carton_closed"

    assert (await picker.did("undo", command=missing["id"])).outcome == "undone"
    again = await picker.tour()
    await picker.did("tour.tote", tour=again.id, slot=oats.slot, tote="T-0002")
    await picker.pick(oats, tote="T-0002")
    assert (await picker.did("tour.finish", tour=again.id)).outcome == "tour_finished"
    await bench.all_in(order, "T-0002")
    await bench.label_worker().step()
    await bench.weighed(part)
    assert (await bench.close(part)).outcome == "carton_closed"

    shipments = await bench.db.snapshot(lambda conn: shipping.of_order(conn, order))
    assert [(each.state, [carton.number for carton in each.cartons]) for each in shipments] == [
        ("closed", [1]),
        ("closed", [2]),
    ]
    assert (await bench.line("MILK")).shipped == 2
    assert (await bench.line("OATS")).shipped == 1
    assert (await bench.world.on_hand("MILK"))["CUSTOMER"] == 2
    assert await bench.whole() == []


async def test_goods_that_lie_with_customers_and_never_shipped_are_told(bench: Bench) -> None:
    world = bench.world
    goods = Goods(world.items["MILK"])
    away = Place(world.bins["A02-03-A"]), Place(world.bins["CUSTOMER"])
    await world.do(lambda work: inventory.move(work, 1, goods, 2, *away, "put_back"))
    assert await bench.whole() == [f"item {goods.item}: 2 units more lie with customers than have shipped to them"]
