"""A tote into which goods went is nobody's to take, however they came there, and goes where its tour goes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest

from server.core.clock import ManualClock
from server.db.database import Database
from server.tasks import rules, views
from server.tasks import service as tasks
from server.tasks.views import TourView
from server.waves import service as waves
from tests.support.world import Handheld, World, build, capture, handheld, release

REACTIONS = {"line.cancelled": (tasks.on_line_cancelled,), "tour.finished": (waves.on_tour_finished,)}
LATE = "T-0020"


@pytest.fixture
async def world(open_database: Callable[..., Awaitable[Database]], clock: ManualClock) -> World:
    world = await build(await open_database(reactions=REACTIONS), clock)
    await world.stock("MILK", "A02-03-A", 10)
    await world.stock("OATS", "A01-02-A", 10)
    await capture(world, "R-1", {"MILK": 3, "OATS": 2})
    await release(world)
    return world


async def _tote(world: World, code: str) -> tuple[str, UUID | None, int]:
    """A tote's state, its tour, and units in it."""
    found = await world.db.snapshot(lambda conn: views.tote(conn, 1, code))
    assert found is not None
    return found.state, found.tour, sum(line.quantity for line in found.lines)


async def _given_away(world: World) -> tuple[Handheld, TourView, Handheld]:
    """Somebody takes a tour and is out of reach when the desk gives it to somebody else."""
    first, second = handheld(world), handheld(world, world.other_picker, UUID(int=9))
    await first.begin_without_cart()
    tour = await first.tour()
    await world.do(lambda work: tasks.reassign_tour(work, 1, tour.id, world.other_picker))
    return first, tour, second


async def test_goods_whose_tote_was_bound_too_late_are_handed_over_by_whoever_has_the_tour_now(world: World) -> None:
    first, tour, second = await _given_away(world)
    assert (await first.did("tour.tote", tour=tour.id, slot=1, tote=LATE)).outcome == "tour_claimed"
    assert (await first.pick(tour.stops[0], tote=LATE)).outcome == "stop_done"
    assert (await _tote(world, LATE))[:2] == ("assigned", tour.id)
    assert [slot.tote for slot in (await second.tour()).slots] == [LATE]
    assert (await second.did("tour.tote", tour=tour.id, slot=1, tote=LATE)).outcome == "tote_bound"
    await second.pick((await second.tour()).stops[1])
    assert (await second.did("tour.finish", tour=tour.id)).outcome == "tour_finished"
    assert await _tote(world, LATE) == ("staged", None, 5)
    assert await world.broken() == []


async def test_a_second_tote_in_which_an_order_lies_is_one_more_that_is_handed_over(world: World) -> None:
    first, tour, second = await _given_away(world)
    await second.did("tour.tote", tour=tour.id, slot=1, tote="T-0001")
    await first.pick(tour.stops[0], tote=LATE)
    shown = await second.tour()
    assert [(slot.slot, slot.tote) for slot in shown.slots] == [(1, "T-0001"), (2, LATE)]
    await second.pick(shown.stops[1])
    await second.did("tour.finish", tour=tour.id)
    assert [(await _tote(world, code))[0] for code in ("T-0001", LATE)] == ["staged", "staged"]
    assert await world.broken() == []


async def test_goods_that_come_after_the_tour_are_handed_over_by_a_tour_that_is_open_again(world: World) -> None:
    first, tour, second = await _given_away(world)
    for stop in tour.stops:
        await second.did("short", task=stop.task, missing=stop.quantity, reason="not_found")
    await second.did("tour.finish", tour=tour.id)
    assert (await first.pick(tour.stops[0], tote=LATE)).outcome == "picked_elsewhere"
    assert (await _tote(world, LATE))[:2] == ("assigned", tour.id)
    assert await world.broken() == []


async def test_a_tote_that_has_gone_on_to_another_tour_stays_that_ones(world: World) -> None:
    first = handheld(world)
    tour = await first.begin()
    for stop in tour.stops:
        await first.did("short", task=stop.task, missing=stop.quantity, reason="not_found")
    await first.did("tour.finish", tour=tour.id)
    await world.stock("TEA", "A03-01-A", 10)
    await capture(world, "R-2", {"TEA": 1})
    await release(world)
    second = handheld(world, world.other_picker, UUID(int=9))
    other = await second.begin()
    assert other.slots[0].tote == tour.slots[0].tote == "T-0001"
    assert (await first.pick(tour.stops[0], 1, tote=LATE)).outcome == "picked_elsewhere"
    queue = await world.db.snapshot(lambda conn: views.queue(conn, 1, world.picker))
    (back,) = (each for each in queue.loose.values() if each.kind == "put_back")
    await first.did("put_back", task=back.task, qty=1, bin=f"B-{back.bin.code}")
    assert (await first.did("tour.finish", tour=tour.id)).outcome == "tour_finished"
    assert (await _tote(world, "T-0001"))[:2] == ("assigned", other.id)
    assert (await _tote(world, LATE))[0] == "empty"
    assert await world.broken() == []


@pytest.mark.parametrize(
    ("state", "mine", "filled", "becomes"),
    [
        ("assigned", True, True, "staged"),
        ("assigned", True, False, "empty"),
        ("assigned", False, True, "assigned"),
        ("assigned", False, False, "assigned"),
        ("staged", False, True, "staged"),
        ("staged", False, False, "empty"),
        ("empty", False, True, "staged"),
    ],
)
def test_what_becomes_of_a_tote_when_its_tour_is_finished(state: str, mine: bool, filled: bool, becomes: str) -> None:
    assert rules.tote_after_tour(state, mine, filled) == becomes
