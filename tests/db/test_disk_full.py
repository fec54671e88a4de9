"""Why: a disk that fills up may cost a command its answer, never an answered command its rows.

SQLite may end the transaction under a group when the disk is full; a savepoint group then acknowledged what was
gone. So the disk is filled at every position of a group, once by SQLite's own limit and once by the kernel's.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from server.core.clock import SystemClock
from server.db import base
from server.db.database import Database
from server.db.errors import WriteFailed, WriteLost
from server.db.sqlite import SqliteSession
from server.db.unit import Done
from server.db.work import Work
from server.db.writer import Command
from tests.db.house import EVENTS, SITE, Gathered, command, scratch

GROUP = 6
PAGE = 4096

box = sa.Table("box", sa.MetaData(), sa.Column("name", sa.String(40), primary_key=True),
               sa.Column("filling", sa.LargeBinary, nullable=False), info={"stream": "warehouse"})  # fmt: skip
_fill = sa.insert(box)


def fill(name: str) -> Command[Any]:
    """A command that needs a few pages of disk."""

    def run(work: Work) -> str:
        work.execute(_fill, {"name": name, "filling": bytes(2 * PAGE)})
        work.emit("added", stream=1, by=1)
        return name

    return command(run, key=name, streams=SITE)


async def fill_group(database: Database, round_: int) -> dict[str, bool]:
    """Sends one group; of each command whether it was acknowledged."""
    names = [f"{round_}-{place}" for place in range(GROUP)]
    told = await asyncio.gather(*(database.write(fill(name)) for name in names), return_exceptions=True)
    for each in told:
        assert isinstance(each, Done | WriteFailed | WriteLost | sa.exc.OperationalError), repr(each)
    return {name: isinstance(each, Done) for name, each in zip(names, told, strict=True)}


async def stored(database: Database) -> tuple[set[str], set[str], int]:
    """The names of the boxes, the ids of the answered commands, and the number of events, that a reader finds."""

    def look(conn: sa.Connection) -> tuple[set[str], set[str], int]:
        boxes = set(conn.execute(sa.select(box.c.name)).scalars())
        commands = set(conn.execute(sa.select(base.command.c.id)).scalars())
        return boxes, commands, conn.execute(sa.select(sa.func.count()).select_from(base.event)).scalar_one()

    return await database.read(look)


def raw_connection(database: Database) -> Any:
    writer = database._site.writer  # type: ignore[attr-defined]
    if writer._session is None:
        writer._session = SqliteSession(writer._engine)
    return writer._session.raw


async def test_sqlites_own_limit_at_every_page_of_a_group(sqlite_url: str) -> None:
    await scratch(sqlite_url, box)
    database = await Database.open(
        sqlite_url, clock=SystemClock(), events=EVENTS, reactions={}, lanes=lambda: Gathered(GROUP)
    )
    told: dict[str, bool] = {}
    counts = set()
    for pages in range(30):
        raw = raw_connection(database)
        (used,) = raw.execute("PRAGMA page_count").fetchone()
        raw.execute(f"PRAGMA max_page_count = {used + pages}").fetchone()
        database._site.writer._lanes._missing = GROUP  # type: ignore[attr-defined]
        answers = await fill_group(database, pages)
        counts.add(sum(answers.values()))
        told |= answers
    raw_connection(database).execute("PRAGMA max_page_count = 4294967294").fetchone()
    acknowledged = {name for name, yes in told.items() if yes}
    boxes, commands, events = await stored(database)
    assert counts >= {0, 1, GROUP}
    # whether SQLite undoes a statement or the whole group is its own affair, and not always the same
    assert boxes == commands == acknowledged
    assert events == len(acknowledged)
    await database.close()


async def _fill_under_the_kernels_limit(url: str) -> dict[str, bool]:
    """Runs in a process of its own: the log file may grow to each size once."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    wal = Path(url.removeprefix("sqlite:///") + "-wal")
    database = await Database.open(url, clock=SystemClock(), events=EVENTS, reactions={}, lanes=lambda: Gathered(GROUP))
    told: dict[str, bool] = {}
    for pages in range(28):
        raw_connection(database).execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        assert await asyncio.to_thread(os.path.getsize, wal) == 0
        database._site.writer._lanes._missing = GROUP  # type: ignore[attr-defined]
        resource.setrlimit(resource.RLIMIT_FSIZE, (pages * (PAGE + 24) + 700, resource.RLIM_INFINITY))
        try:
            told |= await fill_group(database, pages)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    await database.close()
    return told


async def test_the_kernels_limit_at_every_page_of_a_group(sqlite_url: str, tmp_path: Path) -> None:
    await scratch(sqlite_url, box)
    answers = tmp_path / "answers.json"
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.db.test_disk_full", sqlite_url, str(answers), stderr=subprocess.PIPE
    )
    _, said = await child.communicate()
    assert child.returncode == 0, said.decode()
    told: dict[str, bool] = json.loads(answers.read_text())
    acknowledged = {name for name, yes in told.items() if yes}
    assert 0 < len(acknowledged) < len(told)
    assert b"was undone" in said
    database = await Database.open(sqlite_url, clock=SystemClock(), events=EVENTS, reactions={})
    boxes, commands, events = await stored(database)
    assert boxes == commands == acknowledged
    assert events == len(acknowledged)
    unanswered = min(set(told) - acknowledged)
    assert not (await database.write(fill(unanswered))).replayed
    await database.close()


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    Path(sys.argv[2]).write_text(json.dumps(asyncio.run(_fill_under_the_kernels_limit(sys.argv[1]))))
