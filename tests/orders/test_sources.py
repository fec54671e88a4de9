"""With two warehouses: which one an order is sent from, and why."""

from __future__ import annotations

from datetime import date
from functools import partial
from random import Random
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from server.core.refusal import Refusal
from server.db.base import CORE
from server.inventory import service as inventory
from server.inventory.service import Goods, Place
from server.locations import service as locations
from server.locations.schemas import NewBin, NewWarehouse, NewZone
from server.orders.models import expected_receipt, promise
from server.orders.promiser import Promiser, due
from server.orders.promising import together
from server.orders.schemas.captures import Captured
from server.orders.schemas.sourcing import ZoneRow
from server.orders.schemas.supply import Announced, Arrival, NewReceipt, NewStockRule
from server.orders.service import cancels, invariants, receipts, sources
from server.orders.store import promises
from tests.support.shop import PLAN, Shop, order

FRIDAY = date(2026, 11, 27)


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


# --- what waits without a day


async def announced(shop: Shop, warehouse: int, sku: str, quantity: int, name: str = "PO-1") -> Announced:
    new = NewReceipt(reference=name, sku=sku, quantity=quantity, expected_on=FRIDAY)
    return await shop.do(lambda work: receipts.announce(work, warehouse, new))


async def found(shop: Shop, warehouse: int, sku: str, units: int) -> None:
    """Units turn up on a shelf."""

    def turn_up(work) -> None:  # type: ignore[no-untyped-def]
        bins = locations.bins_by_code(work.conn, warehouse, ["SUPPLIER", SHELVES[warehouse]])
        source, target = (Place(bins[code][0]) for code in ("SUPPLIER", SHELVES[warehouse]))
        inventory.move(work, warehouse, Goods(shop.items[sku]), units, source, target, "found")

    await shop.do(turn_up, warehouse)


SHELVES = {1: "A02-05-A", 2: "A01-01-A"}


async def shares(shop: Shop, taken: Captured) -> list[tuple[int, int, date | None]]:
    """Warehouse, units and day of what an order waits for, or has lying ready."""
    rows = await shop.ask(
        sa.select(promise.c.for_warehouse, promise.c.quantity, promise.c.promised_on)
        .where(promise.c.order_id == taken.id)
        .order_by(promise.c.for_warehouse, promise.c.promised_on)
    )
    return [(row[0], row[1], row[2]) for row in rows]


async def test_what_waits_without_a_day_comes_from_wherever_it_is_announced(both: Shop) -> None:
    taken = await captured(both, "A", ("MILK", 12, 100))
    assert (taken.holds, (await both.page(taken.number)).warehouse) == (["not_available"], 2)
    there = await announced(both, 1, "MILK", 5)
    assert there.moved == 1
    page = await both.page(taken.number)
    assert (page.status, page.holds[0].state, page.promised_on) == ("ready", "released", FRIDAY)
    told = [entry.en for entry in page.timeline if entry.what == "sourced_in_part"]
    assert told == ["3 of it from Test, they are nowhere else in sight"]
    arrival = Arrival(quantity=5, bin="A02-05-A")
    await both.do(lambda work: receipts.arrive(work, there.id, arrival, 1), CORE, 1)
    parts = [await both.release(taken.id, warehouse=number) for number in (2, 1)]
    assert [[line.facts.reserved for line in part.lines] for part in parts] == [[9], [3]]
    assert await both.db.snapshot(invariants.broken) == []


async def test_who_has_waited_longest_comes_first_wherever_they_wait(both: Shop) -> None:
    await captured(both, "A", ("TEA", 5, 100))
    first = await captured(both, "B", ("TEA", 2, 100))
    named = await captured(both, "C", ("TEA", 1, 100), warehouse=2)
    last = await captured(both, "D", ("TEA", 2, 100))
    assert (await announced(both, 2, "TEA", 4)).moved == 3
    assert [await shares(both, each) for each in (first, named, last)] == [
        [(2, 2, FRIDAY)], [(2, 1, FRIDAY)], [(1, 1, None), (2, 1, FRIDAY)],
    ]  # fmt: skip
    assert (await both.page(last.number)).status == "on_hold"
    assert await both.db.snapshot(invariants.broken) == []


@pytest.mark.parametrize("more", [{"split": "ship_complete"}, {"warehouse": 1}])
async def test_what_goes_at_once_or_from_a_named_warehouse_waits_there(both: Shop, more: dict[str, Any]) -> None:
    taken = await captured(both, "A", ("TEA", 7, 100), **more)
    assert (await announced(both, 2, "TEA", 9)).moved == 0
    await found(both, 2, "TEA", 9)
    assert await Promiser(both.db, both.clock).step() == 0
    assert sum(units for warehouse, units, on in await shares(both, taken) if (warehouse, on) == (1, None)) == 2


async def test_what_its_own_warehouse_has_comes_from_there(both: Shop) -> None:
    taken = await captured(both, "A", ("TEA", 7, 100))
    await found(both, 1, "TEA", 1)
    assert (await announced(both, 2, "TEA", 9)).moved == 1
    assert [(warehouse, units) for warehouse, units, _ in await shares(both, taken)] == [(1, 6), (2, 1)]
    assert await Promiser(both.db, both.clock).step() == 0


async def test_what_waits_is_read_only_where_something_is_left_for_it(both: Shop) -> None:
    await captured(both, "A", ("TEA", 7, 100))
    await captured(both, "B", ("TEA", 2, 100), warehouse=2)
    promiser = Promiser(both.db, both.clock)

    def reads(conn: sa.Connection) -> int:
        texts: list[str] = []
        sa.event.listen(conn, "before_cursor_execute", lambda *said: texts.append(said[2]))
        due(conn, both.clock.now())
        return sum("JOIN orders" in text for text in texts)

    assert await both.db.read(reads) == 0
    await both.do(partial(receipts.keep_back, new=NewStockRule(name="x", warehouse=2, safety=3)))
    await found(both, 2, "TEA", 3)
    assert await both.db.read(reads) == 0
    await found(both, 2, "TEA", 1)
    assert await both.db.read(reads) == 2  # those of the warehouse, and those that wait elsewhere
    assert await promiser.step() == 1
    assert await both.db.read(reads) == 0


@pytest.mark.parametrize("less", [{"quantity": 2}, {"expected_on": date(2026, 12, 4)}])
async def test_what_is_to_come_otherwise_than_it_was_promised_is_promised_anew(
    both: Shop, less: dict[str, Any]
) -> None:
    taken = await captured(both, "A", ("TEA", 8, 100))
    there = await announced(both, 1, "TEA", 3)
    assert await both.db.read(partial(due, now=both.clock.now())) == {}
    changed = sa.update(expected_receipt).where(expected_receipt.c.id == there.id).values(**less)
    await both.do(lambda work: work.execute(changed))
    assert await Promiser(both.db, both.clock).step() == 1
    assert (await shares(both, taken))[-1] != (1, 3, FRIDAY)
    assert await both.db.read(partial(due, now=both.clock.now())) == {}


async def test_what_turns_up_in_another_warehouse_is_found_by_the_next_look(both: Shop) -> None:
    taken = await captured(both, "A", ("TEA", 7, 100))
    promiser = Promiser(both.db, both.clock)
    assert await promiser.step() == 0
    await found(both, 2, "TEA", 2)
    assert await promiser.step() == 1
    page = await both.page(taken.number)
    assert (page.status, [line.waiting for line in page.lines]) == ("ready", [0])
    assert await promiser.step() == 0


async def test_what_does_not_come_there_after_all_may_come_home(both: Shop) -> None:
    taken = await captured(both, "A", ("TEA", 7, 100))
    there = await announced(both, 2, "TEA", 2)
    await both.do(lambda work: receipts.cancel(work, there.id, 2))
    assert [(warehouse, units, on is None) for warehouse, units, on in await shares(both, taken)] == [
        (1, 5, False), (2, 2, True),
    ]  # fmt: skip
    await announced(both, 1, "TEA", 2)
    assert sum(units for warehouse, units, _ in await shares(both, taken) if warehouse == 1) == 7
    assert await both.db.snapshot(invariants.broken) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("seed", range(4))
async def test_whatever_comes_and_goes_nobody_waits_for_what_lies_or_is_due_somewhere(both: Shop, seed: int) -> None:
    chance, promiser, due = Random(seed), Promiser(both.db, both.clock), list[tuple[int, UUID]]()
    for n in range(40):
        warehouse, sku, units = chance.choice([1, 2]), chance.choice(["HONEY", "TEA", "MILK"]), chance.randint(1, 6)
        match chance.choice(["order", "order", "order", "announce", "announce", "arrive", "cancel", "found", "look"]):
            case "order":
                more: dict[str, Any] = chance.choice([{}, {}, {}, {"split": "ship_complete"}, {"warehouse": warehouse}])
                await captured(both, f"R-{n}", (sku, units, 100), **more)
            case "announce":
                due.append((warehouse, (await announced(both, warehouse, sku, units, f"PO-{n}")).id))
            case "arrive" if due:
                warehouse, receipt = due.pop()
                arrival = Arrival(quantity=units, bin=SHELVES[warehouse])
                run = partial(receipts.arrive, receipt_id=receipt, arrival=arrival, warehouse=warehouse)
                await both.do(run, CORE, warehouse)
            case "cancel" if due:
                warehouse, receipt = due.pop(0)
                await both.do(partial(receipts.cancel, receipt_id=receipt, warehouse=warehouse))
            case "found":
                await found(both, warehouse, sku, units)
            case "look":
                await promiser.step()
    while await promiser.step():
        pass
    assert await both.db.snapshot(invariants.broken) == []
    assert await both.db.snapshot(partial(_astray, shop=both)) == []


def _astray(conn: sa.Connection, shop: Shop) -> list[str]:
    """What was promised twice, and what lies or is due although somebody waits for it who could have it."""
    wrong = []
    for sku, item in shop.items.items():
        lost = promises.stranded(conn, [1, 2], [item])
        for warehouse in (1, 2):
            stands = promises.standing(conn, warehouse, [item]).get(item, 0)
            waits = [each.share for each in promises.waiting(conn, warehouse, [item]).get(item, [])]
            awaited = [each for each in together(waits) if not each.waits]
            coming = {each.id: each.quantity for each in promises.receipts(conn, warehouse, [item]).get(item, [])}
            there = inventory.available(conn, warehouse, [item], FRIDAY).get(item, 0)
            if stands > there or any(each.quantity > coming[each.receipt or item] for each in awaited):
                wrong.append(f"{sku} of {warehouse} is promised twice")
            if lost and there + sum(coming.values()) > stands + sum(each.quantity for each in awaited):
                wrong.append(f"{sku} of {warehouse} is left although somebody waits for it")
    return wrong
