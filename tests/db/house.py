"""Why: the write path is tested with the smallest house there is: counters that commands add to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import sqlalchemy as sa

from server.core.events import EventType
from server.db import base, postgres, sqlite, urls
from server.db.database import Database
from server.db.work import Actor, Work, advance_counter
from server.db.writer import Command, Job, Key, Lane, Lanes

CORE: Final = frozenset({0})
SITE: Final = frozenset({1})
BOTH: Final = frozenset({0, 1})

EVENTS: Final = {
    kind.name: kind
    for kind in (
        EventType("added", "A counter was added to.", {"by": int}),
        EventType("echoed", "Somebody heard it.", {"of": str}),
        EventType("looped", "It comes back.", {}),
    )
}


def key_of(id_: str, payload: bytes = b"same") -> Key:
    return Key("device:7", id_, payload)


def add(
    name: str,
    by: int = 1,
    *,
    key: str | None = None,
    payload: bytes = b"same",
    streams: frozenset[int] = SITE,
    lane: Lane = Lane.FLOOR,
) -> Command[dict[str, int]]:
    """A command that adds `by` to the counter `name` of its highest stream and says so in the log."""

    def run(work: Work) -> dict[str, int]:
        stream = max(work.streams)
        total = advance_counter(work.conn, stream, name, by)
        work.emit("added", stream=stream, by=by)
        return {"value": total}

    return Command(run, streams, Actor(), "add", key_of(key, payload) if key else None, lane)


def command(
    run: Callable[[Work], Any], *, key: str | None = None, streams: frozenset[int] = SITE, lane: Lane = Lane.FLOOR
) -> Command[Any]:
    """A command that does what the test says."""
    return Command(run, streams, Actor(), "test", key_of(key) if key else None, lane)


async def value(database: Database, name: str, stream: int = 1) -> int:
    """What a counter says to a reader; 0 when it was never added to."""
    asked = sa.select(base.counter.c.value).where(base.counter.c.stream == stream, base.counter.c.name == name)
    return await database.read(lambda conn: conn.execute(asked).scalar_one_or_none()) or 0


async def count(database: Database, table: sa.Table) -> int:
    """How many rows a reader finds."""
    asked = sa.select(sa.func.count()).select_from(table)
    return await database.read(lambda conn: conn.execute(asked).scalar_one())


class Gathered(Lanes):
    """A queue that shows nothing until `first` commands have come, so that a test knows its groups."""

    def __init__(self, first: int, size: int = 2048) -> None:
        super().__init__(size)
        self._missing = first

    def put(self, job: Job) -> None:
        super().put(job)
        self._missing -= 1

    def __len__(self) -> int:
        return 0 if self._missing > 0 else super().__len__()


async def scratch(url: str, *tables: sa.Table) -> None:
    """Creates a test's own tables in its database."""
    parsed = urls.parse(url)
    if urls.is_sqlite(parsed):
        engine = sqlite.write_engine(str(urls.file_of(parsed)))
        with engine.connect() as conn:
            for table in tables:
                table.create(conn)
        engine.dispose()
    else:
        async with postgres.connection(parsed) as there:
            for table in tables:
                await there.run_sync(table.create)
