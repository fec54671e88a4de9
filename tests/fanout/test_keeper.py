"""What is old is exported and let go, never before everyone who follows the log has had it."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa

from server.core.clock import ManualClock
from server.db import base, log
from server.db.base import CORE
from server.db.database import Database
from server.db.log import Logged
from server.fanout import keeper as keepers
from server.fanout import store
from server.fanout.durable import Durable, Sink
from server.fanout.keeper import Keeper, export
from server.fanout.relay import Relay
from tests.fanout.test_relay import happens, running

DAY = 86_400.0


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keepers, "BREATH", 0)


def keeper(db: Database, clock: ManualClock, folder: Path, sinks: Collection[str] = ("s",)) -> Keeper:
    return Keeper(db, clock, sinks=sinks, folder=folder / "events", days=90)


async def handled(db: Database, *names: str) -> None:
    """Sinks of these names have come to the end of the log."""
    heads, done = await db.read(log.heads), asyncio.Event()
    known = {key: cursor.position for key, cursor in (await db.read(store.cursors)).items()}
    left = {(name, stream) for name in names for stream, head in heads.items() if known.get((name, stream), 0) < head}

    def sink(name: str) -> Sink:
        async def handle(_db: Database, events: Sequence[Logged]) -> None:
            if events[-1].position == heads[events[-1].stream]:
                left.discard((name, events[-1].stream))
            if not left:
                done.set()

        return Sink(name, frozenset({"item.changed", "bin.changed"}), handle)

    relay = Relay(db, {})
    await relay.turn()
    async with running(relay):
        durable = Durable(db, relay, [sink(name) for name in names], alone=True)
        await durable.round()
        await done.wait()
        await durable.stop()


async def first(db: Database, stream: int = CORE) -> int:
    return await db.read(lambda conn: log.first(conn, stream))


def exported(folder: Path) -> list[tuple[int, int, str]]:
    lines = [line for file in sorted((folder / "events").glob("*.jsonl")) for line in file.read_bytes().splitlines()]
    return [(row["stream"], row["position"], row["type"]) for row in map(msgspec.json.decode, lines)]


async def test_old_events_are_exported_then_cut_and_young_ones_stay(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    for _ in range(3):
        await happens(database)
    await happens(database, 1)
    await handled(database, "s")
    clock.advance(89 * DAY)
    await happens(database)
    await handled(database, "s")
    await keeper(database, clock, tmp_path).round()
    assert exported(tmp_path) == []
    clock.advance(2 * DAY)
    await keeper(database, clock, tmp_path).round()
    assert exported(tmp_path) == [(CORE, at, "item.changed") for at in (1, 2, 3)] + [(1, 1, "bin.changed")]
    assert (await first(database), await first(database, 1)) == (4, 2)


async def test_nothing_is_cut_that_a_sink_has_not_had(database: Database, clock: ManualClock, tmp_path: Path) -> None:
    await happens(database)
    await handled(database, "fast")
    clock.advance(400 * DAY)
    await keeper(database, clock, tmp_path, ("fast", "slow")).round()
    assert (exported(tmp_path), await first(database)) == ([], 1)
    await handled(database, "slow")
    await keeper(database, clock, tmp_path, ("fast", "slow")).round()
    assert await first(database) == 2


async def test_what_was_exported_and_not_cut_before_a_crash_lies_there_once(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    await happens(database)
    export(tmp_path / "events", await database.read(lambda conn: log.tail(conn, CORE, 0, 10)))
    await happens(database)
    await handled(database, "s")
    clock.advance(91 * DAY)
    await keeper(database, clock, tmp_path).round()
    assert exported(tmp_path) == [(CORE, 1, "item.changed"), (CORE, 2, "item.changed")]


async def test_a_clock_that_was_ahead_for_a_while_holds_the_log_up_no_longer_than_it_was(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    await happens(database)
    clock.advance(365 * DAY)
    await happens(database)
    clock.advance(-365 * DAY)
    await happens(database)
    await handled(database, "s")
    clock.advance(100 * DAY)
    await keeper(database, clock, tmp_path).round()
    assert (exported(tmp_path), await first(database)) == ([(CORE, 1, "item.changed")], 2)
    clock.advance(365 * DAY)
    await keeper(database, clock, tmp_path).round()
    assert ([position for _, position, _ in exported(tmp_path)], await first(database)) == ([1, 2, 3], 4)


async def test_nothing_is_cut_that_became_due_while_the_file_was_written(
    database: Database, clock: ManualClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await happens(database)
    clock.advance(0.05)
    await happens(database)
    await handled(database, "s")
    clock.advance(90 * DAY - 0.02)

    def slow(folder: Path, events: Sequence[Logged]) -> Path:
        clock.advance(1.0)
        return export(folder, events)

    monkeypatch.setattr(keepers, "export", slow)
    await keeper(database, clock, tmp_path).round()
    assert [position for _, position, _ in exported(tmp_path)] == list(range(1, await first(database)))


async def test_answers_are_forgotten_after_thirty_days(database: Database, clock: ManualClock, tmp_path: Path) -> None:
    await happens(database)
    clock.advance(31 * DAY)
    await happens(database)
    await keeper(database, clock, tmp_path).round()
    query = sa.select(base.command.c.at).where(base.command.c.name == "test")
    assert await database.read(lambda conn: conn.execute(query).scalars().all()) == [clock.now()]
