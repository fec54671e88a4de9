"""Why: a process that is killed at any moment may lose answers, never an answered command, and never half of one."""

from __future__ import annotations

import asyncio
import sys

import pytest
import sqlalchemy as sa

from server.core.clock import SystemClock
from server.db import base, log
from server.db.database import Database
from server.db.migrations import migrate
from tests.db.house import EVENTS, add

ROUNDS = 3


async def _add_until_killed(url: str, life: str) -> None:
    """The process that is killed: says each answered command's id, one a line."""
    database = await Database.open(url, clock=SystemClock(), events=EVENTS, reactions={})

    async def caller(name: int) -> None:
        for number in range(100_000):
            id_ = f"{life}-{name}-{number}"
            await database.write(add("a", key=id_))
            sys.stdout.write(id_ + "\n")
            sys.stdout.flush()

    await asyncio.gather(*(caller(name) for name in range(8)))


@pytest.mark.crash
async def test_what_was_answered_before_a_kill_is_there_exactly_once(database_url: str) -> None:
    answered: set[str] = set()
    for life in range(ROUNDS):
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.db.test_kill", database_url, str(life), stdout=asyncio.subprocess.PIPE
        )
        assert child.stdout is not None
        wanted = len(answered) + 20 + 37 * life
        while len(answered) < wanted:
            line = await child.stdout.readline()
            assert line, "the process ended by itself"
            answered.add(line.decode().strip())
        child.kill()
        rest, _ = await child.communicate()
        answered |= {line.decode().strip() for line in rest.splitlines(keepends=True) if line.endswith(b"\n")}

    await migrate(database_url)
    database = await Database.open(database_url, clock=SystemClock(), events=EVENTS, reactions={})
    stored = await database.read(lambda conn: set(conn.execute(sa.select(base.command.c.id)).scalars()))
    total, head = await database.read(
        lambda conn: (
            conn.execute(sa.select(base.counter.c.value).where(base.counter.c.name == "a")).scalar_one(),
            log.head(conn, 1),
        )
    )
    events = await database.read(lambda conn: log.tail(conn, 1, 0, 10**6))
    assert answered <= stored
    assert len(stored) == total == head == len(events)
    assert [event.position for event in events] == list(range(1, head + 1))
    for id_ in sorted(answered)[:5]:
        assert (await database.write(add("a", key=id_))).replayed
    await database.close()


if __name__ == "__main__":
    asyncio.run(_add_until_killed(sys.argv[1], sys.argv[2]))
