"""A batch costs a few writes a command however many of it are refused or set aside, and names nobody unproved."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, cast

import pytest
import sqlalchemy as sa

from server.auth.models import device
from server.core.clock import ManualClock
from server.core.ids import new_id
from server.core.refusal import Refusal
from server.db import base
from server.db.base import CORE
from server.db.database import Database
from server.db.unit import Command, Done
from server.tasks import rules
from server.tasks.floor import KINDS, FloorDesk
from server.tasks.models import fact_aside
from tests.support.world import Handheld, OpenTickets, World, build, handheld

SIZE = 100


@pytest.fixture
async def world(open_database: Callable[..., Awaitable[Database]], clock: ManualClock) -> World:
    return await build(await open_database(reactions={}), clock)


class Counting:
    """A database that counts what it is asked to write, and is too busy for one of them."""

    def __init__(self, db: Database, busy_at: int = 0) -> None:
        self.db = db
        self.writes = 0
        self.busy_at = busy_at

    def __getattr__(self, name: str) -> Any:
        return getattr(self.db, name)

    async def write(self, command: Command[Any]) -> Done[Any]:
        """One more."""
        self.writes += 1
        if self.writes == self.busy_at:
            raise Refusal("busy", waiting=1)
        return await self.db.write(command)


def _over(world: World, counting: Counting) -> Handheld:
    desk = FloorDesk(cast(Database, counting), KINDS, OpenTickets())
    return Handheld(world, desk, world.picker, world.device)


def _commands(hand: Handheld, what: str) -> list[dict[str, Any]]:
    task = {"task": str(new_id())}
    pick = {**task, "qty": 1, "bin": "B", "item": "i", "tote": "T", "slot": 1}
    made: dict[str, Callable[[], dict[str, Any]]] = {
        "refused": lambda: hand.command("skip", task),
        "set aside": lambda: hand.command("pick", pick),
        "forged": lambda: hand.command("pick", pick, ticket="forged"),
        "malformed": lambda: hand.command("pick", task),
        "mixed": lambda: hand.command("skip" if hand.seq % 3 else "short", {**task, "missing": 1, "reason": "empty"}),
    }
    return [made[what]() for _ in range(SIZE)]


@pytest.mark.parametrize("what", ["refused", "set aside", "forged", "malformed", "mixed"])
async def test_a_batch_of_which_nothing_can_be_done_costs_a_few_writes_a_command(world: World, what: str) -> None:
    counting = Counting(world.db)
    hand = _over(world, counting)
    commands = _commands(hand, what)
    batch = await hand.send(*commands)
    assert [answer.seq for answer in batch.answers] == list(range(1, SIZE + 1))
    assert (batch.resend_from, batch.high_water) == (None, SIZE)
    assert counting.writes <= 4 * SIZE
    again = await hand.send(*commands)
    assert [(each.outcome, each.params, each.again) for each in again.answers] == [
        (each.outcome, each.params, True) for each in batch.answers
    ]


async def test_a_command_for_which_there_was_no_room_is_not_answered_but_sent_again(world: World) -> None:
    hand = _over(world, Counting(world.db, busy_at=3))
    commands = _commands(hand, "malformed")[:5]
    with pytest.raises(Refusal, match="busy"):
        await hand.send(*commands)
    batch = await hand.send(*commands)
    assert [answer.outcome for answer in batch.answers] == ["command_malformed"] * 5
    assert batch.high_water == 5


async def test_what_builds_on_a_refused_one_of_the_same_batch_is_refused_however_far_it_goes_on(world: World) -> None:
    hand = handheld(world)
    commands = [hand.command("dance", {})]
    for _ in range(9):
        commands.append(hand.command("skip", {"task": str(new_id())}, after=[commands[-1]["id"]]))
    commands.append(hand.command("skip", {"task": str(new_id())}))
    outcomes = [answer.outcome for answer in (await hand.send(*commands)).answers]
    assert outcomes == ["command_malformed", *["after_refused"] * 9, "task_unknown"]


async def test_a_text_without_end_is_malformed(world: World) -> None:
    hand = handheld(world)
    body = {"task": str(new_id()), "qty": 1, "bin": "B", "item": "i", "tote": "T", "slot": 1, "lot": "L" * 201}
    assert (await hand.did("pick", **body)).outcome == "command_malformed"


@pytest.mark.parametrize("told", [0, 1])
async def test_lost_storage_is_told_of_a_device_that_is_not_locked_out(world: World, told: int) -> None:
    hand = handheld(world)
    await hand.did("skip", task=new_id())
    state = sa.update(device).where(device.c.id == world.device).values(state="enrolled" if told else "revoked")
    await world.do(lambda work: work.execute(state).rowcount, streams={CORE})
    hand.epoch, hand.seq = "epoch-two", 0
    await hand.did("skip", task=new_id())
    lost = sa.select(sa.func.count()).select_from(base.event).where(base.event.c.type == "device.storage_lost")
    assert await world.db.read(lambda conn: conn.execute(lost).scalar_one()) == told


@pytest.mark.parametrize(("out", "waiting", "more"), [(True, 999, True), (True, 1000, False), (False, 5000, True)])
def test_only_a_locked_out_device_finds_the_door_closed(out: bool, waiting: int, more: bool) -> None:
    assert rules.takes_more(out, waiting) is more


async def _people(world: World, *ids: str) -> set[Any]:
    query = sa.select(base.command.c.person).where(base.command.c.id.in_(ids))
    return set(await world.db.read(lambda conn: list(conn.execute(query).scalars())))


async def test_an_old_place_with_a_forged_ticket_names_nobody(world: World) -> None:
    hand = handheld(world)
    task = {"task": str(new_id())}
    await hand.did("skip", **task)
    forged = hand.command("skip", task, seq=1, ticket=f"forged:{world.other_picker}")
    unread = hand.command("dance", task, seq=2, ticket=f"forged:{world.other_picker}")
    honest = hand.command("skip", task, seq=1)
    batch = await hand.send(forged, unread, honest)
    outcomes = [answer.outcome for answer in batch.answers]
    assert outcomes == ["already_taken", "command_malformed", "already_taken"]
    assert await _people(world, forged["id"], unread["id"]) == {None}
    assert await _people(world, honest["id"]) == {world.picker}


async def test_each_fact_of_a_batch_that_is_set_aside_is_kept_once(world: World) -> None:
    hand = handheld(world)
    commands = _commands(hand, "set aside")
    for _ in range(2):
        await hand.send(*commands)
    count = sa.select(sa.func.count()).select_from(fact_aside)
    assert await world.db.read(lambda conn: conn.execute(count).scalar_one()) == SIZE
