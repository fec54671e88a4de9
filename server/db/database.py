"""Why: the door to the database: write a command, read a moment, wait for the bell, close without losing anything."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from server.core.clock import Clock
from server.core.events import EventType
from server.core.refusal import Refusal
from server.db.doorbell import Doorbell
from server.db.unit import Again, Command, Done, Job, Outcome
from server.db.work import House, Reaction
from server.db.writer import SqliteWriter

T = TypeVar("T")


class Database:
    """One open database. Made by `open`, ended by `close`."""

    def __init__(self, url: sa.URL, clock: Clock, house: House) -> None:
        self._loop = asyncio.get_running_loop()
        self.doorbell = Doorbell(self._loop)
        self._reads = _sqlite_reads(url)
        self._writer = SqliteWriter(cast(str, url.database), house, clock, self._told)

    @classmethod
    async def open(
        cls,
        url: str,
        *,
        clock: Clock,
        events: Mapping[str, EventType],
        reactions: Mapping[str, Sequence[Reaction]],
    ) -> Self:
        """Opens `sqlite:////path/to/file.db` or `postgresql://…`, whose schema is already the code's."""
        database = cls(sa.make_url(url), clock, House(events, reactions))
        database._writer.start()
        return database

    async def write(self, command: Command[T]) -> Done[T]:
        """Does a command and gives its answer once it is committed.

        Raises the command's Refusal (also one stored before), WriteFailed (nothing stored), WriteLost (not known),
        or what a bug in the command raised. Giving up waiting does not stop the command.
        """
        answer: asyncio.Future[Outcome] = self._loop.create_future()
        self._writer.put(Job.of(command, _teller(answer)))
        outcome = await answer
        if isinstance(outcome, Done):
            return outcome
        if isinstance(outcome, BaseException):
            raise outcome
        raise AssertionError(f"no answer: {outcome}")

    async def read(self, fn: Callable[[sa.Connection], T]) -> T:
        """Runs `fn` on a connection that cannot write; each of its statements sees what is committed by then."""
        async with self._reads.connect() as conn:
            return await conn.run_sync(fn)

    async def snapshot(self, fn: Callable[[sa.Connection], T]) -> T:
        """Runs `fn` on one unchanging picture of the whole database."""
        async with self._reads.connect() as conn:
            return await conn.run_sync(_in_snapshot, fn)

    async def rang(self, timeout: float, after: int | None = None) -> bool:
        """Waits for the doorbell for at most `timeout` seconds; whether it rang (more than `after` times)."""
        try:
            async with asyncio.timeout(timeout):
                await self.doorbell.wait(after)
        except TimeoutError:
            return False
        return True

    async def close(self) -> None:
        """Finishes everything queued, then closes."""
        await asyncio.to_thread(self._writer.close)
        await self._reads.dispose()

    def _told(self, outcomes: Sequence[tuple[Job, Outcome]]) -> None:
        self._loop.call_soon_threadsafe(self._tell, outcomes)

    def _tell(self, outcomes: Sequence[tuple[Job, Outcome]]) -> None:
        for job, outcome in outcomes:
            job.tell(outcome)
        self.doorbell.ring()


def _teller(answer: asyncio.Future[Outcome]) -> Callable[[Outcome], None]:
    def tell(outcome: Outcome) -> None:
        if not answer.done():
            answer.set_result(outcome)

    return tell


def _in_snapshot(conn: sa.Connection, fn: Callable[[sa.Connection], T]) -> T:
    conn.exec_driver_sql("BEGIN")
    try:
        return fn(conn)
    finally:
        conn.exec_driver_sql("ROLLBACK")


def _sqlite_reads(url: sa.URL) -> AsyncEngine:
    engine = create_async_engine(
        sa.URL.create("sqlite+aiosqlite", database=url.database),
        isolation_level="AUTOCOMMIT",
        pool_size=4,
        max_overflow=0,
        connect_args={"timeout": 10},
    )

    @sa.event.listens_for(engine.sync_engine, "connect")
    def _(raw: Any, record: Any) -> None:
        cursor = raw.cursor()
        cursor.execute("PRAGMA query_only = ON")
        cursor.close()

    return engine


__all__ = ["Again", "Database", "Refusal"]
