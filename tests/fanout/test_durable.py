"""What must follow follows at least once, for one holder at a time, whatever dies; what cannot is set aside."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest
import sqlalchemy as sa
import structlog

from server.core.clock import ManualClock
from server.db import log
from server.db.base import CORE
from server.db.database import Database
from server.db.errors import WriteFailed
from server.db.log import Logged
from server.db.unit import Command
from server.db.work import Actor
from server.fanout import durable as durables
from server.fanout import service, store
from server.fanout.durable import LEASE, Durable, Follower, Sink, each
from server.fanout.models import parked_event
from server.fanout.parked import again
from server.fanout.relay import Relay
from tests.db.refusing import refusing
from tests.fanout.test_relay import happens

WANTED = frozenset({"item.changed"})


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(durables, "TRIES", (0.0, 0.0))
    monkeypatch.setattr(durables, "PATIENCE", (0.0,))


class Hands:
    """A sink's handler that notes what it was given; `trouble` may raise."""

    def __init__(self, trouble: Callable[[int], None] = lambda _position: None) -> None:
        self.did: list[int] = []
        self._trouble = trouble
        self._done = asyncio.Event()

    async def __call__(self, _db: Database, event: Logged) -> None:
        self._trouble(event.position)
        self.did.append(event.position)
        self._done.set()

    async def until(self, position: int) -> None:
        while position not in self.did:
            self._done.clear()
            await self._done.wait()


async def workers(db: Database, *sinks: Sink, alone: bool = False) -> tuple[Relay, Durable]:
    relay = Relay(db, {})
    await relay.turn()
    return relay, Durable(db, relay, sinks, alone=alone)


def follower(durable: Durable, sink: str = "s", stream: int = CORE) -> Follower:
    return durable._followers[sink, stream][0]


async def dies(durable: Durable) -> None:
    """The process is gone: nothing is written any more."""
    for _, task in durable._followers.values():
        task.cancel()
    await asyncio.gather(*(task for _, task in durable._followers.values()), return_exceptions=True)
    durable._followers.clear()


async def cursor(db: Database, sink: str = "s", stream: int = CORE) -> store.Cursor:
    return (await db.read(store.cursors))[sink, stream]


async def parked(db: Database) -> list[Any]:
    return await db.read(lambda conn: list(conn.execute(sa.select(parked_event))))


async def test_a_sink_handles_what_it_wants_from_the_beginning_and_its_cursor_follows(database: Database) -> None:
    hands = Hands()
    await happens(database, 0, 1)
    await happens(database)
    _, durable = await workers(database, Sink("s", WANTED, each(hands)))
    await durable.round()
    await hands.until(2)
    await asyncio.sleep(0)
    await durable.round()
    assert hands.did == [1, 2]
    assert (await cursor(database)).position == 2
    await durable.stop()


async def test_a_crash_between_the_effect_and_the_cursor_does_it_again(database: Database, clock: ManualClock) -> None:
    await happens(database)
    hands = Hands()
    _, first = await workers(database, Sink("s", WANTED, each(hands)))
    await first.round()
    await hands.until(1)
    await dies(first)
    assert (await cursor(database)).position == 0
    clock.advance(seconds=LEASE.total_seconds())
    again = Hands()
    _, second = await workers(database, Sink("s", WANTED, each(again)))
    await second.round()
    await again.until(1)
    await second.stop()
    assert (await cursor(database)).position == 1


async def test_a_lease_is_handed_over_when_its_holder_dies_and_not_before(
    database: Database, clock: ManualClock
) -> None:
    sink = Sink("s", WANTED, each(Hands()))
    _, first = await workers(database, sink)
    _, second = await workers(database, sink)
    await first.round()
    await second.round()
    assert (("s", CORE) in first._followers, ("s", CORE) in second._followers) == (True, False)
    clock.advance(seconds=LEASE.total_seconds() - 1)
    await second.round()
    assert ("s", CORE) not in second._followers
    clock.advance(seconds=1)
    await second.round()
    assert (await cursor(database)).holder == second.holder
    assert (await cursor(database)).fence == 2
    await dies(first)
    await second.stop()


async def test_a_holder_that_lives_renews_its_lease(database: Database, clock: ManualClock) -> None:
    sink = Sink("s", WANTED, each(Hands()))
    _, first = await workers(database, sink)
    _, second = await workers(database, sink)
    await first.round()
    for _ in range(5):
        clock.advance(seconds=LEASE.total_seconds() / 2)
        await first.round()
        await second.round()
    assert second._followers == {}
    assert (await cursor(database)).fence == 1
    await first.stop()


async def test_one_who_was_thought_dead_moves_no_cursor_and_parks_nothing(
    database: Database, clock: ManualClock
) -> None:
    sink = Sink("s", WANTED, each(Hands()))
    relay, first = await workers(database, sink)
    _, second = await workers(database, sink)
    await first.round()
    old = follower(first)
    clock.advance(seconds=LEASE.total_seconds())
    await second.round()
    await happens(database)
    await relay.turn()
    (event,) = await relay.after(CORE, 0)
    with pytest.raises(service.FenceFallen):
        await old._park(event, RuntimeError("late"))
    old.position = 99
    await first.round()
    assert ("s", CORE) not in first._followers
    assert (await cursor(database)).position == 0
    assert await parked(database) == []
    await dies(first)
    await second.stop()


async def test_one_who_stops_gives_back_and_another_goes_on_at_once(database: Database) -> None:
    hands = Hands()
    sink = Sink("s", WANTED, each(hands))
    relay, first = await workers(database, sink)
    await first.round()
    await happens(database)
    await relay.turn()
    await hands.until(1)
    await first.stop()
    assert (await cursor(database))[2:4] == (1, None)
    _, second = await workers(database, sink)
    await second.round()
    assert (await cursor(database)).holder == second.holder
    assert follower(second).position == 1
    await second.stop()


@pytest.mark.parametrize("alone", [True, False])
async def test_a_holder_whose_process_has_ended_is_followed_at_once(
    open_database: Callable[..., Awaitable[Database]], alone: bool
) -> None:
    sink = Sink("s", WANTED, each(Hands()))
    before = await open_database()
    _, first = await workers(before, sink, alone=alone)
    await first.round()
    await dies(first)
    await before.close()
    database = await open_database()
    _, second = await workers(database, sink, alone=alone)
    rang = database.doorbell.count
    await second.round()
    if (await cursor(database)).holder != second.holder:
        assert await database.rang(20, after=rang), "a life that is missing once may be back: the second look is due"
        await second.round()
    assert (await cursor(database)).holder == second.holder
    await second.stop()


async def test_a_poison_event_is_set_aside_with_an_alarm_and_the_others_go_on(database: Database) -> None:
    tries: list[int] = []

    def poison(position: int) -> None:
        if position == 2:
            tries.append(position)
            raise ValueError("bad")

    hands = Hands(poison)
    for _ in range(3):
        await happens(database)
    _, durable = await workers(database, Sink("s", WANTED, each(hands)))
    with structlog.testing.capture_logs() as lines:
        await durable.round()
        await hands.until(3)
        await durable.stop()
    (row,) = await parked(database)
    assert (row.sink, row.of_stream, row.position, row.error) == ("s", CORE, 2, "ValueError: bad")
    assert row.event["type"] == "item.changed"
    assert len(tries) == 1 + len(durables.TRIES) + 1
    assert (await cursor(database)).position == 3
    assert [(line["position"], line["log_level"]) for line in lines if line["event"] == "event_parked"] == [
        (2, "error")
    ]


async def test_a_database_that_does_not_answer_is_waited_for_and_nothing_is_set_aside(database: Database) -> None:
    failures = [WriteFailed("down")] * 5

    def down(_position: int) -> None:
        if failures:
            raise failures.pop()

    hands = Hands(down)
    await happens(database)
    _, durable = await workers(database, Sink("s", WANTED, each(hands)))
    await durable.round()
    await hands.until(1)
    await durable.stop()
    assert (await parked(database), failures) == ([], [])


async def test_a_database_that_takes_no_connections_for_a_while_sets_nothing_aside(
    open_database: Callable[..., Awaitable[Database]], postgres_url: str, postgres_database_url: str
) -> None:
    database = await open_database(url=postgres_database_url)
    begun, closed, often, done = (asyncio.Event() for _ in range(4))
    tries: list[int] = []

    async def reads(db: Database, event: Logged) -> None:
        begun.set()
        await closed.wait()
        tries.append(event.position)
        if len(tries) > 3 * len(durables.TRIES):
            often.set()
        await db.read(store.cursors)
        done.set()

    await happens(database)
    _, durable = await workers(database, Sink("s", WANTED, each(reads)))
    await durable.round()
    async with asyncio.timeout(30):
        await begun.wait()
        with structlog.testing.capture_logs():
            async with refusing(postgres_url, postgres_database_url):
                closed.set()
                await often.wait()
            await done.wait()
    await durable.stop()
    assert await parked(database) == []


async def test_what_was_set_aside_is_named_and_handed_to_its_sink_again(database: Database) -> None:
    def poison(_position: int) -> None:
        raise ValueError("bad")

    await happens(database)
    _, durable = await workers(database, Sink("s", WANTED, each(Hands(poison))))
    await durable.round()
    while not await parked(database):
        await database.rang(1)
    await durable.stop()
    (sentence,) = await database.read(service.invariants)
    assert "item.changed" in sentence
    assert "pickwave parked again" in sentence
    ((_, trouble),) = await again(database, [Sink("s", WANTED, each(Hands(poison)))])
    assert trouble == "ValueError: bad"
    ((_, trouble),) = await again(database, [])
    assert "no sink s" in trouble
    (event,) = await database.read(lambda conn: log.tail(conn, CORE, 0, 1))
    given: list[Logged] = []

    async def keeps(_db: Database, events: Sequence[Logged]) -> None:
        given.extend(events)

    ((_, trouble),) = await again(database, [Sink("s", WANTED, keeps)])
    assert trouble == ""
    assert [(e.stream, e.position, e.type, e.version, e.payload) for e in given] == [
        (event.stream, event.position, event.type, event.version, event.payload)
    ]
    assert await parked(database) == await database.read(service.invariants) == []


async def test_a_slow_sink_holds_no_other_up(database: Database) -> None:
    never, quick = asyncio.Event(), Hands()

    async def slow(_db: Database, _events: Sequence[Logged]) -> None:
        await never.wait()

    await happens(database)
    _, durable = await workers(database, Sink("slow", WANTED, slow), Sink("quick", WANTED, each(quick)))
    await durable.round()
    await quick.until(1)
    await asyncio.sleep(0)
    assert durable.lag()["slow", CORE][0] == 1
    await durable.stop()
    assert (await cursor(database, "slow")).position == 0


async def test_how_far_behind_a_sink_is_can_be_seen(database: Database, clock: ManualClock) -> None:
    never = asyncio.Event()

    async def slow(_db: Database, _events: Sequence[Logged]) -> None:
        await never.wait()

    await happens(database)
    await happens(database)
    _, durable = await workers(database, Sink("s", WANTED, slow))
    await durable.round()
    clock.advance(seconds=20)
    assert durable.lag() == {("s", CORE): (2, 20.0)}
    await durable.stop()


async def test_a_claim_is_for_one_of_many_who_want_it_at_the_same_time(database: Database) -> None:
    def want(holder: str) -> Awaitable[Any]:
        def run(work: Any) -> list[service.Lease]:
            return service.claim(work, [("s", CORE)], service.Holder(holder, database.life, LEASE))

        return database.write(Command(run, frozenset({CORE}), Actor(), "claim"))

    taken = [done.answer for done in await asyncio.gather(*(want(f"p{n}") for n in range(5)))]
    assert sum(len(leases) for leases in taken) == 1
