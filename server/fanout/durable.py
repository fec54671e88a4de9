"""Why: what must follow from an event outside its transaction follows at least once, whatever dies in between.

A durable sink works from a cursor in each stream, for one holder at a time: a lease with a fence, free again as soon
as its holder's process has ended, or after a while when that lives and gives no sign. It handles an event, then the
cursor moves; a crash in between handles it again, so handlers are idempotent. An event that its sink cannot handle is
tried a few times and set aside with an alarm, and the others go on. Each sink's stream has a task of its own: a slow
one holds nobody up.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final, TypeVar

import sqlalchemy as sa
import structlog
from prometheus_client import Counter, Gauge

from server.core.refusal import Refusal
from server.db.base import CORE
from server.db.database import Database
from server.db.errors import WriteFailed, WriteLost, is_passing
from server.db.log import Logged
from server.db.unit import Command, Lane
from server.db.work import Actor, Work
from server.fanout import service, store
from server.fanout.relay import BATCH, Relay
from server.fanout.service import FenceFallen, Holder, Lease

T = TypeVar("T")

LEASE: Final = timedelta(seconds=30)
ROUND: Final = 1.0
"""Seconds between two rounds: cursors are written, free leases taken."""
TRIES: Final = (0.05, 0.5, 2.0)
"""Pauses in seconds before an event is tried again; after the last it is set aside."""
PATIENCE: Final = (0.1, 0.5, 2.0, 5.0)
"""Pauses while the database does not answer; the last one stays."""
ME: Final = Actor(name="relay")

LAG: Final = Gauge("pickwave_sink_lag_events", "Events that a durable sink has yet to look at", ("sink", "stream"))
AGE: Final = Gauge("pickwave_sink_lag_seconds", "Age of the oldest of them", ("sink", "stream"))
HANDLED: Final = Counter("pickwave_sink_events_total", "Events that a durable sink has handled", ("sink",))
PARKED: Final = Counter("pickwave_sink_parked_total", "Events that were set aside", ("sink",))

Handler = Callable[[Database, Sequence[Logged]], Awaitable[None]]


@dataclass(frozen=True)
class Sink:
    """One row: what it is called, which events it wants, and what it does with some of them, in order.

    `handle` gets events of one stream. It must be idempotent: after a crash it gets them once more. After each time
    it rests so many seconds, in which further events gather: what they say of the same thing is then done once.
    """

    name: str
    events: frozenset[str]
    handle: Handler
    rest: float = 0.0


def each(handle: Callable[[Database, Logged], Awaitable[None]]) -> Handler:
    """A handler of one event at a time, as a handler of several."""

    async def one_by_one(db: Database, events: Sequence[Logged]) -> None:
        for event in events:
            await handle(db, event)

    return one_by_one


class Follower:
    """One sink in one stream, in this process's hands."""

    def __init__(self, db: Database, relay: Relay, sink: Sink, lease: Lease, until: datetime) -> None:
        self.sink = sink
        self.stream = lease.stream
        self.position = lease.position
        self.saved = lease.position
        self.until = until
        self._fence = lease.fence
        self._db = db
        self._relay = relay

    @property
    def lease(self) -> Lease:
        """The lease as it is to be written."""
        return Lease(self.sink.name, self.stream, self.position, self._fence)

    async def run(self) -> None:
        """Handles event after event until it is cancelled or its lease has fallen to another."""
        while True:
            events = await self._relay.after(self.stream, self.position, BATCH)
            wanted = [event for event in events if event.type in self.sink.events]
            if wanted:
                await self._handle(wanted)
                HANDLED.labels(self.sink.name).inc(len(wanted))
            self.position = events[-1].position
            if wanted and self.sink.rest:
                await asyncio.sleep(self.sink.rest)

    async def _handle(self, events: Sequence[Logged]) -> None:
        """All of them at once, or where that fails each on its own."""
        if len(events) > 1:
            try:
                await self._try(events)
            except (FenceFallen, asyncio.CancelledError):
                raise
            except Exception as error:  # noqa: BLE001  (whose fault it was is found out below)
                _log().warning("sink_batch_failed", sink=self.sink.name, stream=self.stream, exc_info=error)
            else:
                return
        for event in events:
            await self._alone(event)
            self.position = event.position

    async def _try(self, events: Sequence[Logged]) -> None:
        """Once, but waiting for a database that does not answer."""
        pauses = iter(PATIENCE)
        pause = PATIENCE[-1]
        while True:
            if self._db.clock.now() >= self.until:
                raise FenceFallen(self.sink.name)
            try:
                return await self.sink.handle(self._db, events)
            except Exception as error:
                if not is_passing(error):
                    raise
                pause = next(pauses, pause)
                _log().warning("sink_waits", sink=self.sink.name, stream=self.stream, again_in=pause, exc_info=error)
            await asyncio.sleep(pause)

    async def _alone(self, event: Logged) -> None:
        for pause in (*TRIES, None):
            try:
                return await self._try([event])
            except (FenceFallen, asyncio.CancelledError):
                raise
            except Exception as error:  # noqa: BLE001  (tried again, then set aside with its text)
                if pause is None:
                    return await self._park(event, error)
            await asyncio.sleep(pause)
        return None

    async def _park(self, event: Logged, error: Exception) -> None:
        text = f"{type(error).__name__}: {error}"
        run = partial(service.park, lease=self.lease, event=event, error=text, lasts=LEASE)
        await _write(self._db, "relay.park", run)
        PARKED.labels(self.sink.name).inc()
        _log().error(
            "event_parked", sink=self.sink.name, stream=event.stream, position=event.position, type=event.type,
            exc_info=error,
        )  # fmt: skip


class Durable:
    """All durable sinks, as far as this process holds them.

    `alone`: no other process can be at this database (SQLite), so leases need no renewal.
    """

    def __init__(self, db: Database, relay: Relay, sinks: Collection[Sink], *, alone: bool) -> None:
        self._db = db
        self._relay = relay
        self._sinks = {sink.name: sink for sink in sinks}
        self._alone = alone
        self._followers: dict[tuple[str, int], tuple[Follower, asyncio.Task[None]]] = {}
        self.holder = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"

    async def run(self) -> None:
        """Takes what is free and works, until it is cancelled; then gives back what it holds."""
        try:
            while True:
                await self.round()
                await asyncio.sleep(ROUND)
        finally:
            await self.stop()

    async def round(self) -> None:
        """Writes where the cursors are, and takes what nobody holds."""
        await self._keep()
        await self._claim()
        self._measure()

    async def _keep(self) -> None:
        now = self._db.clock.now()
        due = [
            follower
            for follower, _ in self._followers.values()
            if follower.position != follower.saved or (not self._alone and follower.until - now < LEASE * 2 / 3)
        ]
        if not due:
            return
        leases = [follower.lease for follower in due]
        lost = await _write(self._db, "relay.keep", partial(service.keep, leases=leases, lasts=self._lasts))
        for follower, lease in zip(due, leases, strict=True):
            follower.saved, follower.until = lease.position, now + self._lasts
        for name in lost:
            await self._drop(name, "lease_lost")

    @property
    def _lasts(self) -> timedelta:
        """A lease that nobody can contest needs no renewal."""
        return timedelta(days=3650) if self._alone else LEASE

    async def _claim(self) -> None:
        for name, (_, task) in list(self._followers.items()):
            if task.done():
                await self._drop(name, "sink_stopped")
        cursors, streams = await self._db.read(self._known)
        dead = await self._db.ended({each.life for each in cursors.values() if each.life is not None})
        wanted = self._free(cursors, streams, dead)
        if not wanted:
            return
        now = self._db.clock.now()
        holder = Holder(self.holder, self._db.life, self._lasts, dead)
        for lease in await _write(self._db, "relay.claim", partial(service.claim, wanted=wanted, holder=holder)):
            follower = Follower(self._db, self._relay, self._sinks[lease.sink], lease, now + self._lasts)
            task = asyncio.create_task(follower.run(), name=f"sink {lease.sink} {lease.stream}")
            self._followers[lease.sink, lease.stream] = (follower, task)

    def _known(self, conn: sa.Connection) -> tuple[dict[tuple[str, int], store.Cursor], list[int]]:
        return store.cursors(conn), sorted({CORE, *self._relay.positions, *store.warehouses(conn)})

    def _free(
        self, known: dict[tuple[str, int], store.Cursor], streams: list[int], dead: frozenset[int]
    ) -> list[tuple[str, int]]:
        now = self._db.clock.now()
        return [
            (sink, stream)
            for sink in self._sinks
            for stream in streams
            if (sink, stream) not in self._followers and self._is_free(known.get((sink, stream)), now, dead)
        ]

    def _is_free(self, cursor: store.Cursor | None, now: datetime, dead: frozenset[int]) -> bool:
        return cursor is None or cursor.holder == self.holder or service.is_free(cursor, now, dead)

    async def _drop(self, name: tuple[str, int], why: str) -> None:
        follower, task = self._followers.pop(name)
        task.cancel()
        (failure,) = await asyncio.gather(task, return_exceptions=True)
        trouble = failure if isinstance(failure, Exception) else None
        _log().warning(why, sink=name[0], stream=name[1], position=follower.position, exc_info=trouble)

    def _measure(self) -> None:
        for (sink, stream), (behind, age) in self.lag().items():
            LAG.labels(sink, str(stream)).set(behind)
            AGE.labels(sink, str(stream)).set(age)

    def lag(self) -> dict[tuple[str, int], tuple[int, float]]:
        """How many events, and how many seconds, each sink that is held here is behind."""
        now = self._db.clock.now()
        found = {}
        for name, (follower, _) in self._followers.items():
            oldest = self._relay.next_behind(follower.stream, follower.position)
            behind = self._relay.waiting_behind(follower.stream, follower.position)
            found[name] = (behind, max(0.0, (now - oldest.at).total_seconds()) if oldest else 0.0)
        return found

    async def stop(self) -> None:
        """Stops working, writes how far it came and gives the leases back, so that another can go on at once."""
        followers = [follower for follower, _ in self._followers.values()]
        tasks = [task for _, task in self._followers.values()]
        self._followers.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if followers:
            leases = [follower.lease for follower in followers]
            with suppress(WriteFailed, WriteLost, Refusal):  # the leases run out by themselves
                await _write(self._db, "relay.let_go", partial(service.let_go, leases=leases, lasts=self._lasts))


async def _write(db: Database, name: str, run: Callable[[Work], T]) -> T:
    return (await db.write(Command(run, frozenset({CORE}), ME, name, lane=Lane.BULK))).answer


def _log() -> structlog.stdlib.BoundLogger:
    logger: structlog.stdlib.BoundLogger = structlog.get_logger("pickwave.relay")
    return logger
