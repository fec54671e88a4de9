"""What was set aside is decided by a person: booked as whoever's it was, or dismissed, and once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from server.core.clock import ManualClock
from server.core.ids import new_id
from server.core.refusal import Refusal
from server.db.database import Database
from server.db.work import Actor
from server.inventory.service import Goods
from server.tasks import service as tasks
from server.tasks import views
from server.tasks.aside import Decision
from server.tasks.models import fact_aside, floor_effect
from server.waves import service as waves
from tests.support.world import Handheld, World, build, capture, handheld, release

REACTIONS = {"line.cancelled": (tasks.on_line_cancelled,), "tour.finished": (waves.on_tour_finished,)}
BOSS = Actor(person=new_id(), name="Sara", warehouse=1)


@pytest.fixture
async def world(open_database: Callable[..., Awaitable[Database]], clock: ManualClock) -> World:
    made = await build(await open_database(reactions=REACTIONS), clock)
    await made.stock("MILK", "A02-03-A", 20_000)
    await capture(made, "R-1", {"MILK": 3})
    await release(made)
    return made


async def _aside(world: World) -> Any:
    return await world.db.read(lambda conn: conn.execute(sa.select(fact_aside)).one())


async def _too_many(picker: Handheld) -> None:
    (stop,) = (await picker.begin()).stops
    assert (await picker.pick(stop, 12_000)).outcome == "set_aside"


async def test_a_pick_that_was_set_aside_for_its_size_is_booked_as_the_pickers(world: World) -> None:
    picker = handheld(world)
    await _too_many(picker)
    before = await _aside(world)
    assert await picker.desk.decide(1, before.id, "book", BOSS) == "booked"
    assert (await world.on_hand("MILK"))["A02-03-A"] == 8000
    effect = await world.db.read(lambda conn: conn.execute(sa.select(floor_effect)).one())
    assert effect.person_id == world.picker
    after = await _aside(world)
    assert (after.state, after.decided_by, after.decided_at) == ("booked", BOSS.person, world.clock.now())
    assert await world.broken() == []


async def test_what_was_dismissed_moves_nothing(world: World) -> None:
    picker = handheld(world)
    await _too_many(picker)
    assert await picker.desk.decide(1, (await _aside(world)).id, "dismiss", BOSS) == "dismissed"
    assert (await world.on_hand("MILK"))["A02-03-A"] == 20_000
    assert await world.db.read(lambda conn: views.facts_aside(conn, 1, UUID(int=0), 10)) == []


async def test_it_is_decided_once(world: World) -> None:
    picker = handheld(world)
    await _too_many(picker)
    fact = (await _aside(world)).id
    await picker.desk.decide(1, fact, "book", BOSS)
    decisions: tuple[Decision, ...] = ("book", "dismiss")
    for again in decisions:
        with pytest.raises(Refusal, match="move_not_allowed"):
            await picker.desk.decide(1, fact, again, BOSS)
    assert (await world.on_hand("MILK"))["A02-03-A"] == 8000


async def test_what_still_cannot_be_booked_says_why_and_waits_on(world: World) -> None:
    picker = handheld(world)
    await picker.did("pick", task=new_id(), qty=1, bin="A02-03-A", item="any", tote="T-0001", slot=1)
    with pytest.raises(Refusal, match="fact_not_bookable") as refused:
        await picker.desk.decide(1, (await _aside(world)).id, "book", BOSS)
    assert refused.value.params == {"reason": "no_such_task"}
    assert (await _aside(world)).state == "waiting"


async def test_nobody_decides_in_another_warehouse(world: World) -> None:
    picker = handheld(world)
    await _too_many(picker)
    with pytest.raises(Refusal, match="fact_unknown"):
        await picker.desk.decide(2, (await _aside(world)).id, "dismiss", BOSS)


async def test_a_count_that_was_put_off_is_offered_last(world: World) -> None:
    goods = Goods(world.items["MILK"])
    for code in ("A01-02-A", "A02-03-A"):
        bin_id = world.bins[code]
        await world.do(lambda work, at=bin_id: tasks.open_count(work, 1, at, goods, "more_than_booked"))  # type: ignore[misc]
        world.clock.advance(seconds=1)
    first, second = (await world.db.snapshot(lambda conn: views.queue(conn, 1, world.picker))).loose.values()
    await world.do(lambda work: tasks.count_later(work, 1, first.task))
    loose = (await world.db.snapshot(lambda conn: views.queue(conn, 1, world.picker))).loose
    assert list(loose) == [str(second.task), str(first.task)]
    with pytest.raises(Refusal, match="task_unknown"):
        await world.do(lambda work: tasks.count_later(work, 1, new_id()))
