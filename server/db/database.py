"""Why: the door to the database: write a command, read a moment, wait for the bell, close without losing anything."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Final, Protocol, Self, TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from server import sqlite_trouble, sqlite_warning
from server.core.clock import Clock
from server.core.events import EventType
from server.core.refusal import Refusal
from server.db import migrations, postgres, sqlite, urls
from server.db.base import CORE
from server.db.doorbell import Doorbell
from server.db.errors import BAD_SETTING, NO_SERVICE, DatabaseAway, NotReady, StartError, away
from server.db.folder import Folder
from server.db.lives import Lives
from server.db.unit import Again, Command, Done, Job, Outcome
from server.db.work import House, Reaction
from server.db.writer import Lanes, SqliteWriter

T = TypeVar("T")

log = logging.getLogger(__name__)

FIRST_SIGN_SECONDS: Final = 10.0
"""So long a process tries to show that it lives before it gives its start up."""
IDLE_FOR: Final = timedelta(minutes=10)
"""A writer that nobody needed for so long closes its connection, which is one of the few a server has."""
LOOK_SECONDS: Final = 60.0
"""So often it is looked for such writers."""

Known = Callable[[sa.Connection, int], object]
"""(connection, number) → anything; refuses the number of a warehouse that there is not."""


class Database:
    """One open database. Made by `open`, ended by `close`."""

    def __init__(self, site: Site, clock: Clock, url: str, known: Known | None) -> None:
        self._site = site
        self._known = known
        self._there = {CORE}
        self.url = url
        self._reads = site.reads
        self._closing = False
        self._pending: set[Job] = set()
        self._idle = asyncio.Event()
        self._idle.set()
        self.clock = clock
        self.doorbell = site.doorbell
        self.life = site.life
        self._lives = Lives(site.looks_apart)

    @classmethod
    async def open(
        cls,
        url: str,
        *,
        clock: Clock,
        events: Mapping[str, EventType],
        reactions: Mapping[str, Sequence[Reaction]],
        command: str = "pickwave",
        known: Known | None = None,
        lanes: Callable[[], Lanes] = Lanes,
        patience: float = postgres.PATIENCE_SECONDS,
    ) -> Self:
        """Opens `sqlite:////path/to/file.db` or `postgresql://…`, whose schema is already the code's (`migrate`).

        `command` is what a second process is told about the owner of the data folder; `known` is asked once for each
        warehouse before anything is written there (None: any number is one); `lanes` makes each writer's queue;
        `patience` is how many seconds a writer looks for a lost PostgreSQL before it answers.
        StartError when it cannot be used, with a sentence that says why.
        """
        parsed = urls.parse(url)
        house = House(events, reactions)
        if urls.is_sqlite(parsed):
            site: Site = await _SqliteSite.open(parsed, house, clock, lanes, command)
        else:
            site = await _PostgresSite.open(parsed, house, clock, lanes, patience)
        database = cls(site, clock, url, known)
        site.start(database._settled)
        return database

    async def write(self, command: Command[T]) -> Done[T]:
        """Does a command and gives its answer once it is committed.

        Raises the command's Refusal (also one stored before), that of a warehouse which there is not, WriteFailed
        (nothing stored), WriteLost (not known), or what a bug in the command raised. Giving up waiting does not stop
        the command.
        """
        if not (command.founds or command.streams <= self._there):
            await self._look_for(command.streams - self._there)
        if self._closing:
            raise Refusal("busy", waiting=len(self._pending))
        answer: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        job = Job.of(command, _teller(answer))
        self._site.put(job)
        self._pending.add(job)
        self._idle.clear()
        outcome = await answer
        if isinstance(outcome, Done):
            return outcome
        assert isinstance(outcome, BaseException)
        raise outcome

    async def _look_for(self, warehouses: Collection[int]) -> None:
        """Refuses a warehouse that there is not, before a writer with a connection of its own is made for it."""
        if self._known is not None:
            await self.read(partial(_look_for, warehouses, self._known))
        self._there.update(warehouses)

    async def read(self, fn: Callable[[sa.Connection], T]) -> T:
        """Runs `fn` on a connection that cannot write; each of its statements sees what is committed by then.

        Raises DatabaseAway while nothing can be read, and what `fn` raises.
        """
        with away():
            async with self._reads.connect() as conn:
                return await conn.run_sync(fn)

    async def snapshot(self, fn: Callable[[sa.Connection], T]) -> T:
        """Runs `fn` on one unchanging picture of the whole database. Raises as `read` does."""
        with away():
            async with self._reads.connect() as conn:
                return await conn.run_sync(_in_snapshot, self._site.begin_snapshot, fn)

    async def living(self) -> frozenset[int]:
        """The `life` of each process that has this database open; ours is among them.

        Read it after what it is compared with: whoever began in between is then not taken for dead.
        """
        with away():
            return await self._site.living() | {self.life}

    async def ended(self, lives: Collection[int]) -> frozenset[int]:
        """Which of these lives have ended. Ask after reading where they stand, as with `living`.

        One that is missing is told only at a second look; the doorbell rings when that is due.
        """
        others = frozenset(lives) - {self.life}
        if not others:
            return others
        loop = asyncio.get_running_loop()
        looked = self._lives.look(others, await self.living(), loop.time())
        if looked.again_in is not None:
            loop.call_later(looked.again_in, self.doorbell.ring)
        return looked.ended

    async def rang(self, timeout: float, after: int | None = None) -> bool:  # noqa: ASYNC109
        """Waits for the doorbell for at most `timeout` seconds; whether it rang (more than `after` times)."""
        try:
            async with asyncio.timeout(timeout):
                await self.doorbell.wait(after)
        except TimeoutError:
            return False
        return True

    async def ready(self) -> None:
        """NotReady, with a sentence, when the database cannot serve now."""
        if self._closing:
            raise NotReady("The server is closing.")
        self._site.check()
        try:
            await self.read(migrations.check)
        except (sa.exc.DBAPIError, DatabaseAway, StartError) as error:
            raise NotReady(f"The database does not answer: {error}") from error

    async def close(self) -> None:
        """Takes no more commands, finishes those it has, then closes."""
        if self._closing:
            return
        self._closing = True
        await self._idle.wait()
        await self._site.close()
        await self._reads.dispose()

    def _settled(self, outcomes: Sequence[tuple[Job, Outcome]]) -> None:
        """Tells the callers of a group; on the loop."""
        for job, outcome in outcomes:
            if isinstance(outcome, Again):
                job.streams = outcome.streams
                outcome = self._once_more(job) or outcome
            if not isinstance(outcome, Again):
                self._pending.discard(job)
                job.tell(outcome)
        if not self._pending:
            self._idle.set()
        if any(isinstance(outcome, Done) and not outcome.replayed for _, outcome in outcomes):
            self._site.ring()

    def _once_more(self, job: Job) -> Refusal | None:
        try:
            self._site.put(job)
        except Refusal as busy:
            return busy
        return None


def _look_for(warehouses: Collection[int], known: Known, conn: sa.Connection) -> None:
    for number in sorted(warehouses):
        known(conn, number)


Settled = Callable[[Sequence[tuple[Job, Outcome]]], None]


class Site(Protocol):
    """What differs between a file with one writer and a server with many."""

    reads: AsyncEngine
    doorbell: Doorbell
    life: int

    @property
    def looks_apart(self) -> float: ...
    @property
    def begin_snapshot(self) -> str: ...

    def start(self, settled: Settled) -> None: ...
    def put(self, job: Job) -> None: ...
    def ring(self) -> None: ...
    def check(self) -> None: ...
    async def living(self) -> frozenset[int]: ...
    async def close(self) -> None: ...


class _SqliteSite:
    """One file, owned by this process, and one writer thread."""

    begin_snapshot: Final = "BEGIN"
    looks_apart: Final = 0.0
    """Whoever else had this folder before us has ended."""

    def __init__(self, url: sa.URL, house: House, clock: Clock, lanes: Callable[[], Lanes], folder: Folder) -> None:
        self._loop = asyncio.get_running_loop()
        self._folder = folder
        self._settled: Settled | None = None
        self.life = _new_life()
        self.doorbell = Doorbell(self._loop)
        self.reads = sqlite.read_engine(str(urls.file_of(url)))
        self.writer = SqliteWriter(str(urls.file_of(url)), house, clock, self._told, lanes())

    @classmethod
    async def open(cls, url: sa.URL, house: House, clock: Clock, lanes: Callable[[], Lanes], command: str) -> Self:
        if trouble := sqlite_trouble():
            raise StartError(trouble, BAD_SETTING)
        if warning := sqlite_warning():
            log.warning(warning)
        folder = Folder.claim(urls.file_of(url).parent, command)
        try:
            await _check_schema(url)
            return cls(url, house, clock, lanes, folder)
        except BaseException:
            folder.release()
            raise

    def start(self, settled: Settled) -> None:
        self._settled = settled
        self.writer.start()

    def put(self, job: Job) -> None:
        self.writer.put(job)

    def ring(self) -> None:
        self.doorbell.ring()

    def check(self) -> None:
        if not self.writer.alive:
            raise NotReady("The writer has stopped: restart the server.")

    async def living(self) -> frozenset[int]:
        """Nobody else: the folder has one owner."""
        return frozenset()

    async def close(self) -> None:
        await asyncio.to_thread(self.writer.close)
        self._folder.release()

    def _told(self, outcomes: Sequence[tuple[Job, Outcome]]) -> None:
        assert self._settled is not None
        self._loop.call_soon_threadsafe(self._settled, outcomes)


async def _check_schema(url: sa.URL) -> None:
    engine = sqlite.read_engine(str(urls.file_of(url)))
    try:
        async with engine.connect() as conn:
            await conn.run_sync(migrations.check)
    except sa.exc.DBAPIError as error:
        raise StartError(f"The database {urls.file_of(url)} cannot be read: {error.orig}.", NO_SERVICE) from error
    finally:
        await engine.dispose()


class _PostgresSite:
    """A server that many processes share, and one writer here for each set of streams that is written."""

    begin_snapshot: Final = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    looks_apart: Final = 1.0
    """A doorbell whose connection was cut is back sooner."""

    def __init__(self, url: sa.URL, house: House, clock: Clock, lanes: Callable[[], Lanes], patience: float) -> None:
        self._url = url
        self._house = house
        self._clock = clock
        self._lanes = lanes
        self._patience = patience
        self._settled: Settled | None = None
        self._writers: dict[frozenset[int], postgres.PostgresWriter] = {}
        self._leaving: set[asyncio.Task[None]] = set()
        self._looking = asyncio.get_running_loop().create_task(self._look(), name="pickwave-idle-writers")
        self.doorbell = Doorbell(asyncio.get_running_loop())
        self.reads = postgres.engine(url, name="read", pool_size=5, default_transaction_read_only="on")
        self.life = _new_life()
        self.bell = postgres.Bell(url, self.life, self.doorbell.ring)

    @classmethod
    async def open(cls, url: sa.URL, house: House, clock: Clock, lanes: Callable[[], Lanes], patience: float) -> Self:
        async with postgres.connection(url) as conn:
            await conn.run_sync(migrations.check)
        site = cls(url, house, clock, lanes, patience)
        try:
            async with asyncio.timeout(FIRST_SIGN_SECONDS):
                await site.bell.listening.wait()
        except TimeoutError as error:
            await site.close()
            raise postgres.unreachable(url, error) from error
        return site

    def start(self, settled: Settled) -> None:
        self._settled = settled

    def put(self, job: Job) -> None:
        self._writer(job.streams).put(job)

    def ring(self) -> None:
        self.doorbell.ring()
        self.bell.ring()

    def check(self) -> None:
        for streams, writer in self._writers.items():
            if not writer.up:
                raise NotReady(f"The writer of the streams {sorted(streams)} has lost its database.")

    async def living(self) -> frozenset[int]:
        async with self.reads.connect() as conn:
            return await conn.run_sync(postgres.lives)

    async def close(self) -> None:
        self._looking.cancel()
        await self.bell.close()
        await asyncio.gather(*(writer.close() for writer in self._writers.values()), *self._leaving)

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            self._let_go()

    def _let_go(self) -> None:
        """Ends the writers that nobody needed for long; who needs one of them again gets another."""
        now = self._clock.now()
        for streams, writer in list(self._writers.items()):
            if writer.idle_since is not None and now - writer.idle_since >= IDLE_FOR:
                ending = self._writers.pop(streams).close()
                leaving = asyncio.get_running_loop().create_task(ending, name="pickwave-leaving")
                self._leaving.add(leaving)
                leaving.add_done_callback(self._leaving.discard)

    def _writer(self, streams: frozenset[int]) -> postgres.PostgresWriter:
        writer = self._writers.get(streams)
        if writer is None:
            assert self._settled is not None
            self._let_go()
            writer = self._writers[streams] = postgres.PostgresWriter(
                self._url, streams, self._house, self._clock, self._settled, self._lanes(), self._patience
            )
        return writer


def _new_life() -> int:
    """By what others know this process, for as long as it lives."""
    return secrets.randbelow(2**31 - 1) + 1


async def look(url: str, fn: Callable[[sa.Connection], T]) -> T:
    """Runs `fn` on one unchanging picture, from a process that does not have the database open."""
    parsed = urls.parse(url)
    if urls.is_sqlite(parsed):
        reads, begin = sqlite.read_engine(str(urls.file_of(parsed))), _SqliteSite.begin_snapshot
    else:
        reads = postgres.engine(parsed, name="look", pool_size=1, default_transaction_read_only="on")
        begin = _PostgresSite.begin_snapshot
    try:
        async with reads.connect() as conn:
            return await conn.run_sync(_in_snapshot, begin, fn)
    finally:
        await reads.dispose()


def _teller(answer: asyncio.Future[Outcome]) -> Callable[[Outcome], None]:
    def tell(outcome: Outcome) -> None:
        if not answer.done():
            answer.set_result(outcome)

    return tell


def _in_snapshot(conn: sa.Connection, begin: str, fn: Callable[[sa.Connection], T]) -> T:
    try:
        conn.exec_driver_sql(begin)
        found = fn(conn)
        conn.exec_driver_sql("ROLLBACK")
    except Refusal:
        conn.exec_driver_sql("ROLLBACK")
        raise
    except BaseException:
        if not conn.invalidated:  # nobody can say what state it is in: the next reader gets another
            conn.invalidate()
        raise
    return found
