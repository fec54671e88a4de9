"""Why: a floor looks at the same things by the thousand: how late the last one learns it, and the cost."""

from __future__ import annotations

import asyncio
import sys
import time
from bisect import bisect_left
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from bench import servers
from bench.load import Result
from bench.watchers import Seen, Watch
from server import sqlite3

Scan = Callable[[float], Awaitable[Result]]


@dataclass(frozen=True)
class Phase:
    """So many seconds of scans with somebody looking: what was seen, the server's share of a core, its memory in MB."""

    seen: Seen
    dues: dict[UUID, float]
    core: float
    memory: float


async def phase(served: servers.Served, watch: Watch, scan: Scan, seconds: float) -> Phase:
    """Scans go on while the sockets look."""
    async with watching(watch) as end:
        memory = served.memory()
        busy, since = served.busy(), time.perf_counter()
        result = await scan(seconds)
        core = (served.busy() - busy) / (time.perf_counter() - since)
        assert not result.lost, result.outcomes
        await asyncio.sleep(1)  # what a topic's pace holds back
        return Phase(await end(), {UUID(id_): due for id_, due in result.dues.items()}, core, memory)


@asynccontextmanager
async def watching(watch: Watch) -> AsyncIterator[Callable[[], Awaitable[Seen]]]:
    """Sockets that look, in a process of their own; what is given ends them and tells what they saw."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.watchers", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    stdin, stdout = process.stdin, process.stdout

    async def end() -> Seen:
        stdin.write(b"end\n")
        return msgspec.json.decode(await stdout.read(), type=Seen)

    try:
        stdin.write(msgspec.json.encode(watch) + b"\n")
        if await stdout.readline() != b"ready\n":
            raise RuntimeError("the watching client did not get all of its sockets")
        yield end
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def lags(found: Phase, where: dict[UUID, int]) -> list[float]:
    """For each scan the ms from the moment it was due until the last socket knew of it."""
    known = [_known(each) for each in found.seen.frames]
    return [1000 * (max(_when(each, where[id_]) for each in known) - due) for id_, due in found.dues.items()]


def delays(seen: Seen, happened: list[tuple[int, float]]) -> list[float]:
    """For each event (position, second of the monotonic clock) the ms until the first socket knew of it."""
    known = _known(seen.frames[0])
    return [1000 * (_when(known, position) - at) for position, at in happened]


def _known(frames: list[tuple[float, int]]) -> tuple[list[int], list[float]]:
    """Up to where it knew, and since when."""
    return list(accumulate((to for _, to in frames), max)), [at for at, _ in frames]


def _when(known: tuple[list[int], list[float]], position: int) -> float:
    tos, ats = known
    at = bisect_left(tos, position)
    return ats[at] if at < len(ats) else float("inf")


def positions(database: Path) -> dict[UUID, int]:
    """The last event of each command, as the log has it."""
    rows = _rows(database, "SELECT command_id, max(position) FROM event WHERE stream = 1 GROUP BY command_id")
    return {UUID(bytes=id_) if isinstance(id_, bytes) else UUID(id_): position for id_, position in rows}


def happened(database: Path, kind: str) -> list[tuple[int, float]]:
    """Events of a kind in the first warehouse: positions, and seconds of this machine's monotonic clock."""
    ahead = time.time() - time.perf_counter()
    rows = _rows(database, "SELECT position, at FROM event WHERE stream = 1 AND type = ?", kind)
    return [(position, at / 1_000_000 - ahead) for position, at in rows]


def _rows(database: Path, query: str, *given: str) -> list[Any]:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as conn:
        return conn.execute(query, given).fetchall()
