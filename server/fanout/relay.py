"""Why: what was committed is read once in each process, in order, and handed to whoever wants it.

Every stream is tailed by its own position, never across streams. The doorbell wakes; a slow poll is the net below
it. Live listeners begin at the head and are handed each event once; durable sinks (`durable.py`) ask for what lies
behind their own cursors, and get it from memory where it is fresh.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Final

import sqlalchemy as sa
import structlog
from prometheus_client import Counter

from server.db import log
from server.db.database import Database
from server.db.log import Logged

POLL: Final = 0.5
"""Seconds after which the log is looked at though nobody rang."""
BREATH: Final = 0.025
"""Seconds between two looks, however often the doorbell rings."""
BATCH: Final = 500
REMEMBERED: Final = 1000
"""So many events of a stream are kept in memory for sinks that are nearly there."""

Listener = Callable[[int, Sequence[Logged]], None]
"""(stream, its next events in order). It must not wait."""

READ: Final = Counter("pickwave_relay_events_total", "Events read from the log")


class Relay:
    """The log as it goes on, for this process."""

    def __init__(self, db: Database, listeners: Mapping[str, Listener]) -> None:
        self._db = db
        self._listeners = listeners
        self._recent: dict[int, deque[Logged]] = {}
        self._turned: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.positions: dict[int, int] = {}
        """Up to where each stream was handed to the listeners."""

    async def begin(self) -> None:
        """Takes its place at the head of every stream that there is. A stream that comes later is read whole."""
        self.positions = await self._db.read(log.heads)

    async def run(self) -> None:
        """Reads on until it is cancelled; may be run again after a failure and misses nothing."""
        while True:
            rang = self._db.doorbell.count
            if not await self.turn():
                await self._db.rang(POLL, after=rang)
            await asyncio.sleep(BREATH)

    async def turn(self) -> bool:
        """Reads what is there and hands it on; whether there is more than one batch of a stream."""
        batches = await self._db.read(partial(_behind, positions=dict(self.positions)))
        for stream, events in batches.items():
            self._hand_on(stream, events)
        if batches:
            turned, self._turned = self._turned, asyncio.get_running_loop().create_future()
            turned.set_result(None)
        return any(len(events) == BATCH for events in batches.values())

    def _hand_on(self, stream: int, events: Sequence[Logged]) -> None:
        READ.inc(len(events))
        for name, listener in self._listeners.items():
            try:
                listener(stream, events)
            except Exception as error:  # noqa: BLE001  (one listener's bug is not the others' silence)
                _log().error("listener_failed", listener=name, stream=stream, exc_info=error)
        self._recent.setdefault(stream, deque(maxlen=REMEMBERED)).extend(events)
        self.positions[stream] = events[-1].position

    # --- for durable sinks

    async def after(self, stream: int, position: int, most: int = BATCH) -> list[Logged]:
        """The next events of a stream behind `position`; waits until there are some."""
        while True:
            turned = self._turned
            if self.positions.get(stream, 0) > position:
                found = self._remembered(stream, position, most)
                if found is None:
                    found = await self._db.read(lambda conn: log.tail(conn, stream, position, most))
                if found:
                    return found
            await asyncio.shield(turned)

    def _remembered(self, stream: int, position: int, most: int) -> list[Logged] | None:
        recent = self._recent.get(stream)
        if not recent or recent[0].position > position + 1:
            return None
        begin = bisect_right(recent, position, key=_position)
        return list(islice(recent, begin, begin + most))

    def waiting_behind(self, stream: int, position: int) -> int:
        """How many positions of a stream lie behind this one."""
        return max(0, self.positions.get(stream, 0) - position)

    def next_behind(self, stream: int, position: int) -> Logged | None:
        """The oldest event behind this position that is still remembered."""
        recent = self._recent.get(stream, ())
        return next((event for event in recent if event.position > position), None)


def _position(event: Logged) -> int:
    return event.position


def _behind(conn: sa.Connection, positions: Mapping[int, int]) -> dict[int, list[Logged]]:
    return {
        stream: events
        for stream, head in log.heads(conn).items()
        if head > positions.get(stream, 0) and (events := log.tail(conn, stream, positions.get(stream, 0), BATCH))
    }


def _log() -> structlog.stdlib.BoundLogger:
    logger: structlog.stdlib.BoundLogger = structlog.get_logger("pickwave.relay")
    return logger
