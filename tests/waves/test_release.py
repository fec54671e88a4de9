"""A wave is whole or invisible, goes by what is true now, and never walks further than the bins in their order."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from server.catalog import service as catalog
from server.catalog.schemas import NewItem
from server.core.clock import ManualClock, SystemClock
from server.core.refusal import Refusal
from server.db.base import CORE
from server.db.database import Database
from server.db.work import Actor
from server.inventory import service as inventory
from server.inventory.service import Goods, Place
from server.orders.models import fulfilment, fulfilment_line
from server.orders.service import cancels, lookup, money
from server.orders.service import holds as hold_service
from server.orders.store import holds
from server.policies import service as policies
from server.policies.rules import Both, Hold, Rule
from server.policies.schemas import GoLive, NewDraft
from server.tasks import service as tasks
from server.tasks.models import task, tour
from server.waves import planner, store
from server.waves import service as waves
from server.waves.releaser import releaser
from server.waves.schemas import Plan, Preview, WaveFilter
from tests.support.world import World, build, capture, handheld, release

REACTIONS = {"line.cancelled": (tasks.on_line_cancelled,), "tour.finished": (waves.on_tour_finished,)}


@pytest.fixture
async def world(open_database: Callable[..., Awaitable[Database]], clock: ManualClock) -> World:
    return await build(await open_database(reactions=REACTIONS), clock)


async def _rows(world: World, table: sa.Table) -> list[Any]:
    return await world.db.read(lambda conn: list(conn.execute(sa.select(table))))


async def _plan(world: World, **wanted: Any) -> tuple[Plan, Preview]:
    given, left_out = await world.db.snapshot(
        lambda conn: waves.plan_input(conn, 1, WaveFilter(**wanted), world.clock.now(), budget=50)
    )
    plan = planner.plan(given)
    return plan, waves.preview(plan, left_out)


async def test_the_first_to_expire_is_reserved_even_where_another_lies_nearer(world: World) -> None:
    await world.stock("MILK", "A01-01-A", 10, lot="L3", expiry=date(2027, 9, 1))
    await world.stock("MILK", "A04-10-A", 4, lot="L1", expiry=date(2027, 1, 1))
    await world.stock("MILK", "A03-05-A", 10, lot="L2", expiry=date(2027, 5, 1))
    await world.stock("MILK", "A02-05-A", 9, lot="L0", expiry=date(2026, 11, 1))
    await capture(world, "R-1", {"MILK": 6})
    await release(world)
    picks = sorted((row.lot, row.quantity) for row in await _rows(world, task))
    assert picks == [("L1", 4), ("L2", 2)]
    assert await world.broken() == []


async def test_an_item_of_more_than_two_cubic_metres_is_planned_like_any_other(world: World) -> None:
    wardrobe = NewItem(
        sku="WARDROBE", names={"en": "Wardrobe"}, weight_g=90_000, length_mm=2_000, width_mm=1_500, height_mm=800
    )
    world.items["WARDROBE"] = await world.both(partial(catalog.put_item, new=wardrobe))
    await world.stock("WARDROBE", "A01-01-A", 2)
    await capture(world, "R-1", {"WARDROBE": 2})
    _, preview = await _plan(world)
    assert (preview.orders, preview.units) == (1, 2)


async def test_candidates_are_ready_orders_by_cut_off_page_by_page(world: World) -> None:
    await world.stock("MILK", "A02-03-A", 40)
    await world.stock("OATS", "A01-02-A", 40)
    for number in range(3):
        await capture(world, f"R-{number}", {"MILK": 2 + number, "OATS": 1})
    gone = await capture(world, "R-9", {"MILK": 9})
    await world.both(lambda work: cancels.cancel(work, gone, "no"))

    first = await world.db.read(lambda conn: store.candidates(conn, 1, WaveFilter(), 0, 2))
    rest = await world.db.read(lambda conn: store.candidates(conn, 1, WaveFilter(), 2, 2))
    assert [(each.lines, each.units) for each in (*first, *rest)] == [(2, 3), (2, 4), (2, 5)]
    assert [each.number for each in (*first, *rest)] == sorted(each.number for each in (*first, *rest))


async def test_a_preview_says_what_a_release_comes_to_and_changes_nothing(world: World) -> None:
    await world.stock("MILK", "A02-03-A", 4)
    await world.stock("OATS", "A03-09-A", 10)
    await capture(world, "R-1", {"MILK": 3, "OATS": 2})
    await capture(world, "R-2", {"MILK": 1, "OATS": 1})
    await world.do(lambda work: tasks.open_count(work, 1, world.bins["A01-01-A"], _goods(world), "x"))
    before = len(await _rows(world, task))
    _, preview = await _plan(world)
    assert (preview.orders, preview.lines, preview.units, preview.short_lines, preview.totes, preview.tours) == (
        2,
        4,
        7,
        0,
        2,
        1,
    )
    assert 0 < preview.metres <= preview.bin_order_m
    assert len(await _rows(world, task)) == before
    assert await _rows(world, fulfilment) == []


def _goods(world: World) -> Goods:
    return Goods(world.items["MILK"])


async def test_nothing_is_seen_until_the_last_slice_is_written(world: World) -> None:
    await world.stock("MILK", "A02-03-A", 40)
    for number in range(6):
        await capture(world, f"R-{number}", {"MILK": 2})
    plan, _ = await _plan(world)
    cutoff = world.clock.now()
    wave = await world.both(lambda work: waves.start(work, 1, WaveFilter(), plan, cutoff))
    portions = waves.slices(plan)
    assert len(portions) > 1
    picker = handheld(world)
    for at, portion in enumerate(portions):
        await world.both(partial(waves.write_slice, warehouse=1, wave_id=wave, plan=plan, at=at, portion=portion))
        assert await world.both(lambda work: waves.complete(work, 1, wave)) == (
            "releasing" if at + 1 < len(portions) else "released"
        )
        states = {row.state for row in await _rows(world, tour)}
        assert states == ({"waiting"} if at + 1 < len(portions) else {"offered"})
    assert all(row.visible and row.status == "released" for row in await _rows(world, fulfilment))
    assert (await picker.begin()).state == "taken"
    assert await world.broken() == []


async def test_a_slice_written_twice_counts_once(world: World) -> None:
    await world.stock("MILK", "A02-03-A", 40)
    await capture(world, "R-1", {"MILK": 2})
    plan, _ = await _plan(world)
    wave = await world.both(lambda work: waves.start(work, 1, WaveFilter(), plan, world.clock.now()))
    portion = waves.slices(plan)[0]
    for _ in range(2):
        assert await world.both(lambda work: waves.write_slice(work, 1, wave, plan, 0, portion))
    assert len(await _rows(world, fulfilment)) == 1


async def test_an_order_cancelled_between_plan_and_slice_stays_out(world: World) -> None:
    await world.stock("MILK", "A02-03-A", 40)
    gone = await capture(world, "R-1", {"MILK": 2})
    await capture(world, "R-2", {"MILK": 3})
    plan, _ = await _plan(world)
    wave = await world.both(lambda work: waves.start(work, 1, WaveFilter(), plan, world.clock.now()))
    await world.both(lambda work: cancels.cancel(work, gone, "no"))
    for at, portion in enumerate(waves.slices(plan)):
        await world.both(partial(waves.write_slice, warehouse=1, wave_id=wave, plan=plan, at=at, portion=portion))
    assert await world.both(lambda work: waves.complete(work, 1, wave)) == "released"
    assert [row.ordered for row in await _rows(world, fulfilment_line)] == [3]
    assert await world.broken() == []


async def test_stock_that_went_meanwhile_is_taken_from_another_bin_or_backordered(world: World) -> None:
    await world.stock("MILK", "A01-01-A", 5)
    await world.stock("MILK", "A04-09-A", 2)
    await capture(world, "R-1", {"MILK": 4})
    plan, _ = await _plan(world)
    wave = await world.both(lambda work: waves.start(work, 1, WaveFilter(), plan, world.clock.now()))

    here, there = Place(world.bins["A01-01-A"]), Place(world.bins["SCRAP"])
    await world.do(lambda work: inventory.move(work, 1, _goods(world), 4, here, there, "scrap"))
    await world.both(lambda work: waves.write_slice(work, 1, wave, plan, 0, waves.slices(plan)[0]))
    assert await world.both(lambda work: waves.complete(work, 1, wave)) == "released"
    (line,) = await _rows(world, fulfilment_line)
    assert (line.reserved, line.backordered, line.backorder_reason) == (3, 1, "no_stock")
    assert await world.broken() == []


async def test_what_was_found_short_while_its_wave_was_being_written_shows_as_backordered(world: World) -> None:
    await world.stock("MILK", "A02-03-A", 10)
    await capture(world, "R-1", {"MILK": 2})
    await release(world)
    picker = handheld(world)
    stop = (await picker.begin()).stops[0]
    late = await capture(world, "R-2", {"MILK": 3})
    plan, _ = await _plan(world)
    wave = await world.both(lambda work: waves.start(work, 1, WaveFilter(), plan, world.clock.now()))
    await world.both(lambda work: waves.write_slice(work, 1, wave, plan, 0, waves.slices(plan)[0]))
    assert (await picker.did("short", task=stop.task, missing=2, reason="empty")).outcome == "shorted_backordered"

    assert await world.both(lambda work: waves.complete(work, 1, wave)) == "released"
    (shown,) = [row for row in await _rows(world, fulfilment) if row.order_id == late]
    assert (shown.visible, shown.status) == (True, "backordered")
    assert await world.broken() == []


async def test_a_wave_that_comes_to_nothing_is_undone(world: World) -> None:
    await world.stock("MILK", "A02-03-A", 40)
    only = await capture(world, "R-1", {"MILK": 2})
    plan, _ = await _plan(world)
    wave = await world.both(lambda work: waves.start(work, 1, WaveFilter(), plan, world.clock.now()))
    await world.both(lambda work: cancels.cancel(work, only, "no"))
    await world.both(lambda work: waves.write_slice(work, 1, wave, plan, 0, waves.slices(plan)[0]))
    assert await world.both(lambda work: waves.complete(work, 1, wave)) == "undone"
    assert {row.state for row in await _rows(world, tour)} == {"cancelled"}


async def test_an_order_is_released_once(world: World) -> None:
    await world.stock("MILK", "A02-03-A", 40)
    await capture(world, "R-1", {"MILK": 2})
    await release(world)
    number = (await _rows(world, fulfilment))[0].number
    async with releaser(world.db, SystemClock()) as desk:
        with pytest.raises(Refusal) as refused:
            await desk.release(1, WaveFilter(orders=[number]), world.actor)
        assert refused.value.code == "already_released"
        with pytest.raises(Refusal) as empty:
            await desk.release(1, WaveFilter(), world.actor)
        assert empty.value.code == "wave_empty"


async def test_a_release_broken_off_by_a_crash_is_written_to_its_end(world: World) -> None:
    await world.stock("MILK", "A02-03-A", 40)
    for number in range(6):
        await capture(world, f"R-{number}", {"MILK": 2})
    plan, _ = await _plan(world)
    wave = await world.both(lambda work: waves.start(work, 1, WaveFilter(), plan, world.clock.now()))
    await world.both(lambda work: waves.write_slice(work, 1, wave, plan, 0, waves.slices(plan)[0]))
    async with releaser(world.db, SystemClock()) as desk:
        assert await world.db.read(store.releasing) == [(1, wave)]
        await desk.write(1, wave)
    assert len(await _rows(world, fulfilment)) == 6
    assert await world.db.read(store.releasing) == []
    assert await world.broken() == []


async def test_a_release_that_is_broken_off_leaves_its_orders_ready_and_its_stock_free(world: World) -> None:
    await world.stock("MILK", "A02-03-A", 40)
    for number in range(6):
        await capture(world, f"R-{number}", {"MILK": 2})
    plan, _ = await _plan(world)
    wave = await world.both(lambda work: waves.start(work, 1, WaveFilter(), plan, world.clock.now()))
    first = waves.slices(plan)[0]
    await world.both(lambda work: waves.write_slice(work, 1, wave, plan, 0, first))
    async with releaser(world.db, SystemClock()) as desk:
        await desk.take_back(1, wave, world.actor)
        assert await world.both(lambda work: waves.complete(work, 1, wave)) == "gone"
        assert await world.db.read(store.releasing) == [(1, wave)]  # a crash here would find it
        await desk.write(1, wave)
        await desk.undo(1, wave)
    assert await world.db.read(store.releasing) == []
    assert {row.status for row in await _rows(world, fulfilment)} == {"withdrawn"}
    assert {row.state for row in await _rows(world, tour)} == {"cancelled"}
    assert await world.broken() == []
    view = await world.db.read(lambda conn: store.view(conn, 1, 1))
    assert view is not None
    assert view.state == "undone"
    again, _ = await _plan(world)
    assert len(again.orders) == 6
    await release(world)
    assert await world.broken() == []


async def test_a_wave_on_the_floor_is_not_taken_back(world: World) -> None:
    await world.stock("MILK", "A02-03-A", 40)
    await capture(world, "R-1", {"MILK": 2})
    wave = await release(world)
    async with releaser(world.db, SystemClock()) as desk:
        with pytest.raises(Refusal) as refused:
            await desk.take_back(1, wave, world.actor)
    assert refused.value.code == "move_not_allowed"


async def test_an_order_cancelled_while_its_wave_is_taken_back_stays_cancelled(world: World) -> None:
    await world.stock("MILK", "A02-03-A", 40)
    only = await capture(world, "R-1", {"MILK": 2})
    plan, _ = await _plan(world)
    wave = await world.both(lambda work: waves.start(work, 1, WaveFilter(), plan, world.clock.now()))
    await world.both(lambda work: waves.write_slice(work, 1, wave, plan, 0, waves.slices(plan)[0]))
    async with releaser(world.db, SystemClock()) as desk:
        await desk.take_back(1, wave, world.actor)
        await world.both(lambda work: cancels.cancel(work, only, "no"))
        await desk.undo(1, wave)
    found = await world.db.read(lambda conn: lookup.order_of(conn, only))
    assert found.status == "cancelled"
    assert await world.broken() == []


async def test_an_order_whose_card_has_run_out_stays_out_also_after_its_cut_off(world: World) -> None:
    await world.stock("MILK", "A02-03-A", 40)
    await capture(world, "R-1", {"MILK": 2})
    until = world.clock.now() + timedelta(days=7)
    (ready,) = await world.db.read(lambda conn: store.ready(conn, 1, WaveFilter()))
    await world.both(
        lambda work: money.record(work, ready.id, "authorised", "payment_authorised", {"amount": "5"}, until=until)
    )
    world.clock.advance(8 * 86_400.0)
    plan, seen = await _plan(world)
    assert (plan.orders, [each.reason for each in seen.left_out]) == ([], ["authorisation_runs_out"])


async def test_a_wave_that_cannot_be_written_holds_no_other_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await world.stock("MILK", "A02-03-A", 40)
    started = []
    for number in range(2):
        await capture(world, f"R-{number}", {"MILK": 2})
        plan, _ = await _plan(world)
        started.append(await world.both(lambda work, p=plan: waves.start(work, 1, WaveFilter(), p, world.clock.now())))  # type: ignore[misc]
    written = waves.write_slice

    def breaks(work: Any, warehouse: int, wave_id: Any, **more: Any) -> bool:
        if wave_id == started[0]:
            raise Refusal("order_on_hold")
        return written(work, warehouse, wave_id, **more)

    monkeypatch.setattr(waves, "write_slice", breaks)
    async with releaser(world.db, SystemClock()) as desk:
        await desk.round()
        assert await world.db.read(store.releasing) == [(1, started[0])]
        monkeypatch.undo()
        await desk.round()
        assert await world.db.read(store.releasing) == []
    assert await world.broken() == []


async def test_a_wave_is_finished_with_its_last_tour(world: World) -> None:
    await world.stock("MILK", "A02-03-A", 40)
    await capture(world, "R-1", {"MILK": 2})
    wave = await release(world)
    picker = handheld(world)
    begun = await picker.begin()
    for stop in begun.stops:
        await picker.pick(stop)
    await picker.did("tour.finish", tour=begun.id)
    row = await world.db.read(lambda conn: store.wave_by_id(conn, 1, wave))
    assert row is not None
    assert row.state == "finished"
    view = await world.db.read(lambda conn: store.view(conn, 1, row.number))
    assert view is not None
    assert (view.picks, view.picks_done, view.tours_done) == (1, 1, 1)


async def test_what_a_rule_stops_before_the_floor_stays_out_of_the_wave_and_is_held(world: World) -> None:
    await world.stock("MILK", "A01-01-A", 10)
    stopped, going = await capture(world, "R-1", {"MILK": 3}), await capture(world, "R-2", {"MILK": 1})
    look = Hold(reason="look_before_release", owner="supervisor", due_hours=2)
    rules = [Rule(Both("Three of one"), "order.units == 3", look)]
    await world.do(partial(policies.save, kind="release", new=NewDraft(rules=rules)), streams={CORE})
    await world.do(partial(policies.go_live, kind="release", new=GoLive(note="for a test")), streams={CORE})
    plan, preview = await _plan(world)
    assert [(each.order, each.reason) for each in preview.left_out] == [(10_001, "look_before_release")]
    assert [each.order for each in plan.orders] == [going]
    async with releaser(world.db, world.clock) as driver:
        wave = await driver.release(1, WaveFilter(), Actor(name="lead"))
        await driver.write(1, wave)
        found = await world.db.read(lambda conn: lookup.order_of(conn, stopped))
        assert (found.status, found.released) == ("on_hold", False)
        (hold,) = await world.db.read(lambda conn: holds.of_order(conn, stopped))
        await world.both(partial(hold_service.release, hold_id=hold.id))
        again = await driver.release(1, WaveFilter(orders=[10_001]), Actor(name="lead"))
        await driver.write(1, again)
    assert (await world.db.read(lambda conn: lookup.order_of(conn, stopped))).released
