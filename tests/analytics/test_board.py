"""The board of a warehouse: how far its waves are, who is where, what waits for a person."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest

from server.analytics import views
from server.analytics.schemas import BoardView, Need
from server.auth import service as auth
from server.auth import store as auth_store
from server.auth.schemas import DeviceCondition
from server.core.clock import ManualClock
from server.db.base import CORE
from server.db.database import Database
from server.db.work import Work
from server.orders.service import holds
from server.spooler import service as spooling
from server.tasks import service as tasks
from server.waves import service as waves
from tests.support.bench import Bench
from tests.support.world import World, build, capture, handheld, release

REACTIONS = {"line.cancelled": (tasks.on_line_cancelled,), "tour.finished": (waves.on_tour_finished,)}


@pytest.fixture
async def world(open_database: Callable[..., Awaitable[Database]], clock: ManualClock) -> World:
    made = await build(await open_database(reactions=REACTIONS), clock)
    for sku, place in (("MILK", "A02-03-A"), ("OATS", "A01-02-A"), ("TEA", "A03-01-A")):
        await made.stock(sku, place, 20)
    return made


async def _board(world: World, warehouse: int = 1) -> BoardView:
    return await world.db.snapshot(partial(views.board, warehouse=warehouse, now=world.clock.now()))


def _needs(board: BoardView, kind: str) -> list[Need]:
    return [each for each in board.needs.values() if each.kind == kind]


async def test_an_empty_floor_is_an_empty_board(world: World) -> None:
    board = await _board(world)
    assert (board.waves, board.people, board.needs) == ({}, {}, {})
    assert (board.today.lines, board.today.right, board.today.saved_m) == (0, 0, 0)


async def test_a_wave_is_told_by_its_lines_at_each_stage_and_by_its_pace(world: World) -> None:
    await capture(world, "R-1", {"MILK": 3, "OATS": 2})
    await capture(world, "R-2", {"TEA": 1})
    wave = await release(world)
    picker = handheld(world)
    tour = await picker.begin()
    await picker.pick(tour.stops[0])
    world.clock.advance(seconds=61)
    await picker.pick(tour.stops[1])
    row = (await _board(world)).waves[str(wave)]
    assert (row.number, row.state, row.carriers) == (1, "released", ["Test"])
    assert (row.stages.lines, row.stages.picked, row.stages.packed, row.stages.loaded) == (3, 2, 0, 0)
    assert (row.stages.orders, row.stages.orders_open) == (2, 2)
    minute = int(world.clock.now().timestamp()) // 60
    assert row.pace == {str(minute - 1): 1, str(minute): 1}


async def test_half_a_line_is_no_line_and_a_backordered_one_is_not_wanted(world: World) -> None:
    await capture(world, "R-1", {"MILK": 3, "OATS": 2})
    wave = await release(world)
    picker = handheld(world)
    stops = {stop.bin.code: stop for stop in (await picker.begin()).stops}
    await picker.pick(stops["A02-03-A"], 1)
    await picker.did("short", task=stops["A01-02-A"].task, missing=2, reason="empty")
    stages = (await _board(world)).waves[str(wave)].stages
    assert (stages.lines, stages.picked) == (1, 0)


async def test_what_was_picked_too_long_ago_is_no_pace_and_yesterday_is_not_today(world: World) -> None:
    await capture(world, "R-1", {"MILK": 3})
    wave = await release(world)
    picker = handheld(world)
    tour = await picker.begin()
    await picker.pick(tour.stops[0])
    assert (await _board(world)).today.lines == 1
    world.clock.advance(seconds=21 * 60)
    board = await _board(world)
    assert board.waves[str(wave)].pace == {}
    assert board.today.lines == 1
    world.clock.advance(seconds=86_400)
    assert (await _board(world)).today.lines == 0


async def test_a_line_that_was_short_is_not_right_the_first_time(world: World) -> None:
    await capture(world, "R-1", {"MILK": 3, "OATS": 2})
    await release(world)
    picker = handheld(world)
    stops = {stop.bin.code: stop for stop in (await picker.begin()).stops}
    await picker.pick(stops["A02-03-A"])
    await picker.pick(stops["A01-02-A"], 1)
    await picker.did("short", task=stops["A01-02-A"].task, missing=1, reason="empty")
    today = (await _board(world)).today
    assert (today.lines, today.right) == (2, 1)


async def test_somebody_is_where_they_last_scanned_with_their_tour(world: World) -> None:
    await capture(world, "R-1", {"MILK": 3, "OATS": 2})
    await release(world)
    picker = handheld(world)
    tour = await picker.begin()
    (before,) = (await _board(world)).people.values()
    assert (before.tour, before.stops_done, before.stops) == (tour.id, 0, 2)
    stop = tour.stops[0]
    await picker.pick(stop)
    (row,) = (await _board(world)).people.values()
    assert (row.id, row.did, row.place, row.at) == (world.picker, "pick", stop.bin.code, (stop.bin.x_mm, stop.bin.y_mm))
    assert (row.tour_number, row.wave, row.stops_done, row.stops) == (tour.number, 1, 1, 2)
    assert row.heard_at == world.clock.now()


async def test_a_short_bin_waits_to_be_counted(world: World) -> None:
    await capture(world, "R-1", {"MILK": 3})
    await release(world)
    picker = handheld(world)
    tour = await picker.begin()
    await picker.did("short", task=tour.stops[0].task, missing=3, reason="damaged")
    (need,) = _needs(await _board(world), "count")
    assert (need.bin, need.why) == ("A02-03-A", "damaged")
    assert need.item is not None
    assert need.item["en"]


async def test_a_fact_that_was_set_aside_waits_for_a_person(world: World) -> None:
    picker = handheld(world)
    await picker.did("pick", task=UUID(int=7), qty=1, bin="A02-03-A", item="any", tote="T-0001", slot=1)
    (need,) = _needs(await _board(world), "aside")
    assert (need.why, need.person) == ("no_such_task", "Ada")
    assert need.said is not None
    assert need.said["kind"] == "pick"


async def test_a_held_order_waits_until_its_hold_is_released(world: World) -> None:
    order = await capture(world, "R-1", {"MILK": 3})
    hold = await world.both(lambda work: holds.hold(work, order, "manual", note="She calls back."))
    (need,) = _needs(await _board(world), "hold")
    assert (need.id, need.why) == (hold, "manual")
    await world.both(lambda work: holds.release(work, hold))
    assert _needs(await _board(world), "hold") == []


async def test_a_device_says_when_it_was_heard_how_full_it_is_and_who_works_with_it(world: World) -> None:
    assert [(row.name, row.heard_at, row.battery, row.person) for row in (await _board(world)).devices.values()] == [
        ("HH-1", None, None, None)
    ]
    said = DeviceCondition(battery_percent=17, charging=False)
    await world.do(lambda work: auth.note_condition(work, world.device, said), streams={CORE})
    await world.do(lambda work: _signs_in(work, world), streams={CORE})
    (row,) = (await _board(world)).devices.values()
    assert (row.heard_at, row.battery, row.charging, row.person) == (world.clock.now(), 17, False, "Ada")
    world.clock.advance(seconds=3601)
    (row,) = (await _board(world)).devices.values()
    assert row.person is None
    await world.do(lambda work: auth.revoke_device(work, world.device), streams={CORE})
    assert (await _board(world)).devices == {}


def _signs_in(work: Work, world: World, person: UUID | None = None) -> None:
    row = {
        "id": work.new_id(), "token_hash": b"x", "person_id": person or world.picker, "device_id": world.device,
        "warehouse_id": 1, "created_at": work.now, "seen_at": work.now, "expires_at": work.now + timedelta(hours=1),
    }  # fmt: skip
    auth_store.add_session(work, row)


async def test_who_packs_is_at_a_station_by_its_name_and_its_printer_has_one_too(bench: Bench) -> None:
    part = await bench.all_in(await bench.picked("R-1", MILK=1))
    await bench.world.do(lambda work: _signs_in(work, bench.world, bench.hands.person), streams={CORE})
    (row,) = (await _board(bench.world)).people.values()
    assert (row.did, row.place) == ("pack.item", "Pack 1")
    await bench.label_worker().step()
    await bench.world.do(lambda work: _breaks_off(work, bench))
    (need,) = _needs(await _board(bench.world), "print")
    assert (need.order, need.printer) == ((await bench.shown(part)).number, "Printer")


def _breaks_off(work: Work, bench: Bench) -> None:
    """The printer took a label, and nobody knows what became of it."""
    held = spooling.claim(work, 1, bench.printer_id, bench.db.life, ready=True)
    assert held is not None
    spooling.record(work, held, "lose", "connection_lost", None, again=False)


async def test_a_parked_order_says_where_it_waits_since_when_and_for_which_totes(bench: Bench) -> None:
    part = await bench.part(await bench.picked("R-1", MILK=20, OATS=20, TEA=20, HONEY=20))
    totes = await bench.totes_of(part)
    assert (await _board(bench.world)).parked == {}
    await bench.open(totes[0])
    since = bench.world.clock.now()
    bench.world.clock.advance(60)
    board = await _board(bench.world)
    (row,) = board.parked.values()
    assert (row.station, row.place, row.since, row.complete) == ("Pack 1", 1, since, False)
    assert [(each.code, each.state, each.station) for each in row.totes] == [
        (code, "staged", None) for code in totes[1:]
    ]
    assert (row.order, row.to_pick, row.backordered) == ((await bench.shown(part)).number, 0, 0)
    for tote in totes[1:]:
        await bench.open(tote)
    (row,) = (await _board(bench.world)).parked.values()
    assert (row.complete, row.totes) == (True, [])


async def test_quarters_count_the_lines_of_the_day(world: World) -> None:
    await capture(world, "R-1", {"MILK": 3, "OATS": 2})
    await release(world)
    picker = handheld(world)
    tour = await picker.begin()
    await picker.pick(tour.stops[0])
    world.clock.advance(seconds=900)
    await picker.pick(tour.stops[1])
    pace = await world.db.snapshot(partial(views.pace, warehouse=1, now=world.clock.now()))
    assert [each.lines for each in pace.quarters] == [1, 1]
    assert (pace.quarters[1].at - pace.quarters[0].at).total_seconds() == 900
