"""Why: a floor writes for years. What grows with every scan is kept as long as somebody may ask for it, then let go.

Events are exported, a file of JSON lines at a time in the data folder's `events`, and cut once the file is on the
disk; never past the slowest durable sink. Answers of commands are forgotten after 30 days: what a device sends later
is known by its place in the sequence. Both go in short slices behind the floor's commands.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from functools import partial
from itertools import takewhile
from pathlib import Path
from typing import Final

import msgspec
import sqlalchemy as sa
import structlog

from server.core.clock import Clock
from server.core.ids import new_id
from server.db import log
from server.db.base import CORE
from server.db.database import Database
from server.db.log import Logged
from server.db.unit import Command, Lane
from server.db.work import Actor, Work
from server.fanout import store

ROUND: Final = 3600.0
"""Seconds between two rounds."""
BREATH: Final = 0.02
"""Seconds between two slices, so that scans pass."""
SLICE: Final = 100
FILE: Final = 1000
"""Events in a file at most."""
ANSWERS: Final = timedelta(days=30)
ME: Final = Actor(name="keeper")


class Keeper:
    """Lets go of what is old. `sinks` are the durable sinks, none of which may be overtaken."""

    def __init__(self, db: Database, clock: Clock, *, sinks: Collection[str], folder: Path, days: int) -> None:
        self._db = db
        self._clock = clock
        self._sinks = sinks
        self._folder = folder
        self._kept = timedelta(days=days)

    async def run(self) -> None:
        """Works until it is cancelled."""
        while True:
            try:
                await self.round()
            except OSError as error:  # the archive cannot be written: nothing is cut, and the floor goes on
                _log().error("events_not_exported", folder=str(self._folder), exc_info=error)
            await asyncio.sleep(ROUND)

    async def round(self) -> None:
        """Everything that is due now, stream by stream."""
        for stream in sorted({CORE, *await self._db.read(log.heads)}):
            while old := await self._db.read(partial(self._old, stream)):
                await asyncio.to_thread(export, self._folder, old)
                await self._in_slices("log.cut", stream, partial(self._cut, stream, old[-1].position))
            await self._in_slices("answers.forget", stream, partial(self._forget, stream))

    def _old(self, stream: int, conn: sa.Connection) -> list[Logged]:
        """The oldest events that are due: old enough, and behind every sink."""
        cursors = store.cursors(conn)
        known = [cursors.get((sink, stream)) for sink in self._sinks]
        through = min((cursor.position if cursor is not None else 0 for cursor in known), default=0)
        before, behind = self._clock.now() - self._kept, log.first(conn, stream) - 1

        def due(most: int) -> list[Logged]:
            """Up to the first that is not due: a clock may have been ahead for a while."""
            found = log.tail(conn, stream, behind, most)
            return list(takewhile(lambda event: event.at < before and event.position <= through, found))

        return due(FILE) if due(1) else []

    def _cut(self, stream: int, through: int, work: Work) -> int:
        return log.cut(work, stream, through=through, limit=SLICE)

    def _forget(self, stream: int, work: Work) -> int:
        return log.forget(work, stream, before=work.now - ANSWERS, limit=SLICE)

    async def _in_slices(self, name: str, stream: int, run: Callable[[Work], int]) -> None:
        command = Command(run, frozenset({stream}), ME, name, lane=Lane.BULK)
        gone = 1
        while gone:
            gone = (await self._db.write(command)).answer
            await asyncio.sleep(BREATH)


def export(folder: Path, events: Sequence[Logged]) -> Path:
    """Writes events of one stream as JSON lines, whole or not at all; the same ones again replace their own file."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"stream-{events[0].stream}-from-{events[0].position:012d}.jsonl"
    draft = target.with_suffix(f".{os.getpid()}-{new_id().hex}.draft")  # another process may be at it too
    with draft.open("wb") as file:
        file.write(msgspec.json.Encoder().encode_lines([_line(event) for event in events]))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(target)
    there = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(there)
    finally:
        os.close(there)
    return target


def _line(event: Logged) -> dict[str, object]:
    return {
        "stream": event.stream,
        "position": event.position,
        "type": event.type,
        "version": event.version,
        "at": event.at,
        "command_id": event.command_id,
        "payload": msgspec.Raw(event.text.encode()),
    }


def _log() -> structlog.stdlib.BoundLogger:
    logger: structlog.stdlib.BoundLogger = structlog.get_logger("pickwave.keeper")
    return logger
