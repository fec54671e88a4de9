"""Put-backs and counts that are on no tour: everybody sees them, and what two people do at once is sorted out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import sqlalchemy as sa

from server.core.clock import ManualClock
from server.core.ids import new_id
from server.db.database import Database
from server.orders.models import fulfilment_line
from server.orders.service import cancels
from server.packing.service import totes
from server.tasks import rules, views
from server.tasks import service as tasks
from server.tasks.models import floor_effect, task
from server.tasks.views import QueueView, StopView
from server.waves import service as waves
from tests.support.world import Handheld, World, build, capture, handheld, release

REACTIONS = {
    "line.cancelled": (tasks.on_line_cancelled,),
    "tour.finished": (waves.on_tour_finished,),
    "task.done": (totes.on_task_done,),
}


@pytest.fixture
async def world(open_database: Callable[..., Awaitable[Database]], clock: ManualClock) -> World:
    return await build(await open_database(reactions=REACTIONS), clock)


async def _queue(hand: Handheld) -> QueueView:
    return await hand.world.db.snapshot(lambda conn: views.queue(conn, 1, hand.person))


async def _loose(hand: Handheld, kind: str) -> list[StopView]:
    return [each for each in (await _queue(hand)).loose.values() if each.kind == kind]


async def _two_cancelled_after_the_tour(world: World) -> Handheld:
    await world.stock("MILK", "A02-03-A", 10)
    await world.stock("OATS", "A01-02-A", 10)
    made = [await capture(world, "R-1", {"MILK": 3}), await capture(world, "R-2", {"OATS": 2})]
    await release(world)
    picker = handheld(world)
    tour = await picker.begin()
    for stop in tour.stops:
        await picker.pick(stop)
    assert (await picker.did("tour.finish", tour=tour.id)).outcome == "tour_finished"
    for each in made:
        await world.both(lambda work, one=each: cancels.cancel(work, one, "changed her mind"))  # type: ignore[misc]
    return picker


async def _a_count(world: World) -> tuple[Handheld, StopView]:
    await world.stock("MILK", "A02-03-A", 10)
    await capture(world, "R-1", {"MILK": 3})
    await release(world)
    picker = handheld(world)
    stop = (await picker.begin()).stops[0]
    await picker.did("short", task=stop.task, missing=3, reason="empty")
    (count,) = await _loose(picker, "count")
    return picker, count


async def _to_put_back(world: World) -> int:
    query = sa.select(sa.func.sum(fulfilment_line.c.to_put_back))
    return await world.db.read(lambda conn: int(conn.execute(query).scalar_one()))


async def test_what_is_cancelled_after_the_tour_is_there_for_everybody_and_can_be_done(world: World) -> None:
    picker = await _two_cancelled_after_the_tour(world)
    other = handheld(world, world.other_picker, new_id())
    backs = await _loose(other, "put_back")
    assert sorted(each.quantity for each in backs) == [2, 3]
    assert all(each.tote is not None and each.order is not None for each in backs)
    assert {str(each.item) for each in backs} == (await _queue(other)).items.keys()
    for back in backs:
        answer = await other.did("put_back", task=back.task, qty=back.quantity, bin=f"B-{back.bin.code}")
        assert (answer.outcome, answer.severity) == ("put_back", "ok")
    assert (await _queue(picker)).loose == {}
    assert await world.on_hand("MILK") == {"SUPPLIER": -10, "A02-03-A": 10}
    assert await world.broken() == []


async def test_a_put_back_that_two_people_did_is_booked_once_and_the_bin_is_counted(world: World) -> None:
    picker = await _two_cancelled_after_the_tour(world)
    other = handheld(world, world.other_picker, new_id())
    back = next(each for each in await _loose(picker, "put_back") if each.quantity == 3)
    body: dict[str, Any] = {"task": back.task, "bin": f"B-{back.bin.code}"}
    assert (await picker.did("put_back", qty=2, **body)).outcome == "put_back"
    second = await other.did("put_back", qty=3, **body)
    assert (second.outcome, second.severity, second.params) == (
        "put_back_over", "card", {"quantity": 1, "bin": "A02-03-A"},
    )  # fmt: skip
    third = await other.did("put_back", qty=3, **body)
    assert (third.outcome, third.params["quantity"]) == ("put_back_elsewhere", 0)
    assert [each.bin.code for each in await _loose(picker, "count")] == ["A02-03-A"]
    assert await world.on_hand("MILK") == {"SUPPLIER": -10, "A02-03-A": 10}
    assert await _to_put_back(world) == 2
    assert await world.broken() == []


async def test_a_count_that_two_people_did_is_done_when_they_agree_and_done_again_when_not(world: World) -> None:
    picker, count = await _a_count(world)
    other = handheld(world, world.other_picker, new_id())
    body: dict[str, Any] = {"task": count.task, "bin": f"B-{count.bin.code}"}
    assert (await picker.did("count", counted=7, **body)).outcome == "counted"
    assert (await other.did("count", counted=7, **body)).outcome == "counted"
    assert await _loose(picker, "count") == []
    differs = await other.did("count", counted=9, **body)
    assert (differs.outcome, differs.severity) == ("counts_differ", "card")
    (again,) = await _loose(picker, "count")
    assert (again.reason, again.task != count.task) == ("counts_differ", True)
    assert await world.on_hand("MILK") == {"SUPPLIER": -10, "A02-03-A": 7, "ADJUST": 3}
    assert await world.broken() == []


async def test_a_count_of_another_bin_or_of_too_many_is_kept_for_the_supervisor(world: World) -> None:
    picker, count = await _a_count(world)
    other_bin = await picker.did("count", task=count.task, bin="B-A04-05-A", counted=7)
    absurd = await picker.did("count", task=count.task, bin=f"B-{count.bin.code}", counted=2_000_000)
    assert [each.params["reason"] for each in (other_bin, absurd)] == ["other_bin", "absurd_quantity"]
    assert len(await _loose(picker, "count")) == 1
    assert await world.broken() == []


NOWHERE = ("CUSTOMER", "ADJUST", "SUPPLIER", "SCRAP", "FLOOR")


@pytest.mark.parametrize("place", NOWHERE)
async def test_goods_are_put_back_into_no_bin_that_only_closes_the_books(world: World, place: str) -> None:
    picker = await _two_cancelled_after_the_tour(world)
    before = await world.movements()
    for back in await _loose(picker, "put_back"):
        said = await picker.did("put_back", task=back.task, qty=back.quantity, bin=place)
        assert (said.outcome, said.params) == ("set_aside", {"reason": "no_such_bin"})
    assert await world.movements() == before
    assert len(await _loose(picker, "put_back")) == 2


async def test_a_count_of_a_bin_that_only_closes_the_books_is_kept_for_the_supervisor(world: World) -> None:
    picker, count = await _a_count(world)
    said = await picker.did("count", task=count.task, bin="ADJUST", counted=3)
    assert (said.outcome, said.params) == ("set_aside", {"reason": "no_such_bin"})


async def test_what_was_picked_out_of_no_real_bin_came_out_of_the_tasks_own(world: World) -> None:
    await world.stock("MILK", "A02-03-A", 10)
    await capture(world, "R-1", {"MILK": 3})
    await release(world)
    picker = handheld(world)
    stop = (await picker.begin()).stops[0]
    for place in ("ADJUST", "CUSTOMER", "FLOOR"):
        await picker.pick(stop, 1, bin=place)
    assert await world.on_hand("MILK") == {"SUPPLIER": -10, "A02-03-A": 7, "FLOOR": 3}
    assert await world.broken() == []


async def test_a_count_that_was_called_off_is_booked_all_the_same(world: World) -> None:
    picker, count = await _a_count(world)
    short = next(each for each in await _effects(world) if each.kind == "short")
    world.clock.advance(seconds=1)
    assert (await picker.did("undo", command=short.command_id)).outcome == "undone"
    assert await _loose(picker, "count") == []
    answer = await picker.did("count", task=count.task, bin=f"B-{count.bin.code}", counted=12)
    assert answer.outcome == "counted"
    assert await world.on_hand("MILK") == {"SUPPLIER": -10, "A02-03-A": 12, "ADJUST": -2}
    assert await world.broken() == []


async def _effects(world: World) -> list[Any]:
    return await world.db.read(lambda conn: list(conn.execute(sa.select(floor_effect))))


async def test_a_put_back_in_part_leaves_the_rest_to_do(world: World) -> None:
    picker = await _two_cancelled_after_the_tour(world)
    back = next(each for each in await _loose(picker, "put_back") if each.quantity == 3)
    await picker.did("put_back", task=back.task, qty=1, bin=f"B-{back.bin.code}")
    again = (await _queue(picker)).loose[str(back.task)]
    assert (again.done, again.version) == (1, back.version + 1)
    rows = await world.db.read(lambda conn: list(conn.execute(sa.select(task).where(task.c.id == back.task))))
    assert rows[0].state == "open"
    assert await world.broken() == []


@pytest.mark.parametrize(
    ("good", "surplus", "outcome"), [(2, 0, "put_back"), (1, 1, "put_back_over"), (0, 2, "put_back_elsewhere")]
)
def test_what_somebody_is_told_who_puts_goods_back(good: int, surplus: int, outcome: str) -> None:
    assert rules.put_back_outcome(rules.Split(good, surplus)) == outcome
