"""What was committed is read once, in order, stream by stream, and handed to whoever listens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final
from uuid import UUID

import pytest

from server.core.clock import ManualClock
from server.core.events import EVENTS
from server.db.base import CORE
from server.db.database import Database
from server.db.log import Logged
from server.db.unit import Command
from server.db.work import Actor, Work
from server.fanout import relay as relays
from server.fanout.relay import Relay

THING: Final = UUID(int=7)


async def happens(db: Database, *streams: int) -> None:
    """One event in each of these streams."""

    def run(work: Work) -> None:
        for stream in streams or (CORE,):
            if stream == CORE:
                work.emit("item.changed", stream=CORE, item=THING)
            else:
                work.emit("bin.changed", stream=stream, bin=THING)

    await db.write(Command(run, frozenset(streams or {CORE}), Actor(), "test"))


class Ear:
    """Remembers what it heard."""

    def __init__(self) -> None:
        self.heard: list[tuple[int, int]] = []
        self._came = asyncio.Event()

    def __call__(self, stream: int, events: Sequence[Logged]) -> None:
        self.heard.extend((stream, event.position) for event in events)
        self._came.set()

    async def until(self, count: int) -> None:
        while len(self.heard) < count:
            self._came.clear()
            await self._came.wait()


@asynccontextmanager
async def running(relay: Relay) -> AsyncIterator[None]:
    task = asyncio.create_task(relay.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_a_listener_begins_at_the_head_and_hears_everything_after_it_once(database: Database) -> None:
    await happens(database)
    ear = Ear()
    relay = Relay(database, {"ear": ear})
    await relay.begin()
    async with running(relay):
        for _ in range(5):
            await happens(database)
        await ear.until(5)
    assert ear.heard == [(CORE, position) for position in range(2, 7)]


async def test_a_stream_that_comes_later_is_read_whole(database: Database) -> None:
    ear = Ear()
    relay = Relay(database, {"ear": ear})
    await relay.begin()
    await happens(database, 0, 3)
    await happens(database, 3)
    assert await relay.turn() is False
    assert sorted(ear.heard) == [(0, 1), (3, 1), (3, 2)]


async def test_many_events_come_in_batches_and_none_is_left_out(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relays, "BATCH", 3)
    ear = Ear()
    relay = Relay(database, {"ear": ear})
    for _ in range(7):
        await happens(database)
    assert [await relay.turn() for _ in range(3)] == [True, True, False]
    assert [position for _, position in ear.heard] == [1, 2, 3, 4, 5, 6, 7]


async def test_a_listener_that_fails_silences_no_other(database: Database) -> None:
    def broken(_stream: int, _events: Sequence[Logged]) -> None:
        raise RuntimeError("deaf")

    ear = Ear()
    relay = Relay(database, {"broken": broken, "ear": ear})
    await happens(database)
    await relay.turn()
    assert ear.heard == [(CORE, 1)]


async def test_what_lies_behind_a_position_comes_from_memory_or_from_the_log(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relays, "REMEMBERED", 2)
    relay = Relay(database, {})
    for _ in range(5):
        await happens(database)
    await relay.turn()
    assert [event.position for event in await relay.after(CORE, 0)] == [1, 2, 3, 4, 5]
    assert [event.position for event in await relay.after(CORE, 3)] == [4, 5]
    waiting = asyncio.create_task(relay.after(CORE, 5))
    await happens(database)
    await relay.turn()
    assert [event.position for event in await waiting] == [6]


async def test_a_relay_hears_what_another_process_writes(postgres_database_url: str, clock: ManualClock) -> None:
    here, there = [
        await Database.open(postgres_database_url, clock=clock, events=EVENTS, reactions={}) for _ in range(2)
    ]
    ear = Ear()
    relay = Relay(here, {"ear": ear})
    await relay.begin()
    async with running(relay):
        await happens(there, 1)
        await ear.until(1)
        await happens(there)
        await ear.until(2)
    assert sorted(ear.heard) == [(0, 1), (1, 1)]
    await here.close()
    await there.close()
