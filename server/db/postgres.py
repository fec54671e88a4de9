"""Why: on PostgreSQL each process has one writer per set of streams; its connection and its transaction control.

The writer's statements go through the driver itself, so that the tag of COMMIT is seen: `ROLLBACK` there means that
nothing was stored although no error came. A connection that is lost decides nothing: the group is run again on a
fresh one, behind the same locks, and what was stored after all is found by its command rows.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Final

import asyncpg  # type: ignore[import-untyped]
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool
from sqlalchemy.util import await_only

from server.core.clock import Clock
from server.db import urls
from server.db.errors import (
    NO_SERVICE,
    CommitFailed,
    StartError,
    TransactionEnded,
    WriteFailed,
    WriteLost,
    sqlstate,
)
from server.db.unit import Job, Outcome, Watch, run_group, watch_errors
from server.db.work import House, Work
from server.db.writer import Lanes, Tell

log = logging.getLogger(__name__)

STREAM_LOCKS: Final = 0x50_57
"""The first number of every advisory lock on a stream; the second is the stream."""
HOUSE_LOCKS: Final = 0x50_58
"""The first number of the other advisory locks."""
LIFE_LOCKS: Final = 0x50_59
"""The first number of the lock that a process holds for as long as it lives; the second is its life's."""
NOTICED_DEAD: Final = {
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "25s",
}
"""A machine that lost its power says nothing: within 25 seconds its connection counts as gone."""
NOTICED_STILL: Final = {"idle_in_transaction_session_timeout": "10s"}
"""A process that stands still in a transaction holds its streams against all others: its connection is ended. A unit
waits for nothing outside of the database, so that none is ever idle for so long; one that was ended runs again."""
STATEMENT_SECONDS: Final = 30.0
"""A statement or a lock that takes longer counts as a lost connection."""
PATIENCE_SECONDS: Final = 15.0
"""So long a writer tries to get its database back before it tells its callers."""
LOOK_AGAIN_SECONDS: Final = 1.0
"""So often it looks for it from then on, whether somebody writes or not."""
ALONE: Final = 5
"""So often a command runs again after a deadlock or a failed serialisation."""

_RUN_ALONE: Final = frozenset({"40001", "40P01", "55P03"})
_LOST: Final = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, sa.exc.DBAPIError)
"""What a dead or dying connection raises."""


def engine(url: sa.URL, *, name: str, pool_size: int = 0, **settings: str) -> AsyncEngine:
    """An engine in autocommit: with a pool for reads, without one for a writer's own connection."""
    pool: dict[str, Any] = {"pool_size": pool_size, "max_overflow": 0} if pool_size else {"poolclass": NullPool}
    made = create_async_engine(
        url.set(drivername="postgresql+asyncpg"),
        isolation_level="AUTOCOMMIT",
        connect_args={
            "timeout": 10,
            "command_timeout": STATEMENT_SECONDS,
            "prepared_statement_cache_size": 500,
            "server_settings": {"application_name": f"pickwave {name}", "jit": "off", **settings},
        },
        **pool,
    )
    watch_errors(made.sync_engine)
    return made


@asynccontextmanager
async def connection(url: sa.URL) -> AsyncIterator[AsyncConnection]:
    """One connection of its own, in autocommit; StartError when the database cannot be reached."""
    made = engine(url, name="tool")
    try:
        try:
            conn = await made.connect()
        except _LOST as error:
            raise unreachable(url, error) from error
        try:
            yield conn
        finally:
            await conn.close()
    finally:
        await made.dispose()


def unreachable(url: sa.URL, error: BaseException) -> StartError:
    """The sentence for a database that does not answer at the start."""
    reason = str(getattr(error, "orig", None) or error) or type(error).__name__
    return StartError(f"The database {urls.plain(url)} cannot be reached: {reason}.", NO_SERVICE)


class PostgresDriver:
    """A writer's connection for prepared statements; each is prepared once and kept with the connection."""

    def __init__(self, driver: Any, watch: Watch) -> None:
        self._driver = driver
        self._watch = watch
        self._statements: dict[str, Any] = {}

    def fetch(self, text: str, given: Sequence[Any]) -> Sequence[Any]:
        rows: Sequence[Any] = self._send(text, lambda statement: statement.fetch(*given))
        return rows

    def change(self, text: str, given: Sequence[Any]) -> int:
        self.fetch(text, given)
        return int(self._statements[text].get_statusmsg().rpartition(" ")[2])

    def change_all(self, text: str, many: Sequence[Sequence[Any]]) -> None:
        self._send(text, lambda statement: statement.executemany(many))

    def _send(self, text: str, how: Callable[[Any], Awaitable[Any]]) -> Any:
        try:
            statement = self._statements.get(text)
            if statement is None:
                statement = self._statements[text] = await_only(self._driver.prepare(text))
            return await_only(how(statement))
        except asyncpg.PostgresError as error:
            self._watch.failed(error)
            if isinstance(error, asyncpg.InvalidCachedStatementError):
                self._statements.clear()
            kind = _ERRORS.get(error.sqlstate[:2] if error.sqlstate else "", sa.exc.DBAPIError)
            raise kind(text, None, error) from error
        except (OSError, TimeoutError, asyncpg.InterfaceError) as error:
            self._watch.failed(error)
            raise


_ERRORS: Final[dict[str, type[sa.exc.DBAPIError]]] = {"22": sa.exc.DataError, "23": sa.exc.IntegrityError}
"""By the class of the SQLSTATE, as SQLAlchemy names them."""


class PostgresSession:
    """One write connection: READ COMMITTED, its streams locked in ascending order before anything is read."""

    holds_all = False

    def __init__(self, conn: sa.Connection) -> None:
        self.conn = conn
        self.driver: Any = conn.connection.driver_connection
        self._watch = Watch(self.in_transaction)
        self._watch.driver = PostgresDriver(self.driver, self._watch)
        self._watch.attach(conn)
        self._to_release = False

    @property
    def lost(self) -> bool:
        return bool(self.driver.is_closed())

    def watch(self, work: Work | None) -> None:
        self._watch.follow(work)

    def begin(self, streams: frozenset[int]) -> None:
        """BEGIN, then each lock as a statement of its own: what is read afterwards is what they protect."""
        self._begin([(STREAM_LOCKS, stream) for stream in sorted(streams)])

    def begin_with_lock(self, number: int) -> None:
        self._begin([(HOUSE_LOCKS, number)])

    def _begin(self, locks: Sequence[tuple[int, int]]) -> None:
        self._watch.anew()
        self._to_release = False
        taken = "".join(f"; SELECT pg_advisory_xact_lock({kind}, {number})" for kind, number in locks)
        self._send(f"BEGIN ISOLATION LEVEL READ COMMITTED{taken}")

    def savepoint(self) -> None:
        if not self.in_transaction():
            raise TransactionEnded("the connection has no transaction any more")
        self._send("RELEASE command; SAVEPOINT command" if self._to_release else "SAVEPOINT command")
        self._to_release = False

    def release(self) -> None:
        """Sent with the next savepoint; COMMIT releases the last."""
        self._to_release = True

    def undo(self) -> None:
        self._send("ROLLBACK TO command; RELEASE command")
        self._to_release = False
        self._watch.anew()

    def in_transaction(self) -> bool:
        return not self.lost and bool(self.driver.is_in_transaction())

    def commit(self) -> None:
        """COMMIT; CommitFailed when its tag is another, or when no answer came."""
        try:
            tag = self._send("COMMIT")
        except _LOST as error:
            known = isinstance(error, asyncpg.PostgresError) and not self.lost
            self.rollback()
            raise CommitFailed(str(error) or type(error).__name__, known=known) from error
        if tag != "COMMIT":
            raise CommitFailed(f"wanted the tag COMMIT, got {tag}", known=True)

    def rollback(self) -> None:
        if self.in_transaction():
            try:
                self._send("ROLLBACK")
            except _LOST:
                self.driver.terminate()

    def must_run_alone(self, error: BaseException) -> bool:
        """Whether the whole group must be undone and each command run by itself."""
        return isinstance(error, TimeoutError) or sqlstate(error) in _RUN_ALONE

    def backend(self) -> tuple[int, Any]:
        """The server's process behind this connection, so that another connection can end it."""
        query = "SELECT pid, backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()"
        pid, started = await_only(self.driver.fetchrow(query))
        return pid, started

    def end_backend(self, pid: int, started: Any) -> None:
        """Ends what is left of a lost connection: it may still hold the streams."""
        query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = $1 AND backend_start = $2"
        await_only(self.driver.fetch(query, pid, started))

    def _send(self, text: str) -> str:
        return str(await_only(self.driver.execute(text)))


class PostgresWriter:
    """The writer of one set of streams: a task with a connection of its own. Made when it is first needed."""

    def __init__(
        self,
        url: sa.URL,
        streams: frozenset[int],
        house: House,
        clock: Clock,
        told: Tell,
        lanes: Lanes,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        named = ",".join(map(str, sorted(streams)))
        self._engine = engine(
            url, name=f"write {named}", pool_size=0, synchronous_commit="on", **NOTICED_DEAD, **NOTICED_STILL
        )
        self._house = house
        self._clock = clock
        self._told = told
        self._lanes = lanes
        self._patience = patience
        self._wake = asyncio.Event()
        self._closing = False
        self._conn: AsyncConnection | None = None
        self._session: PostgresSession | None = None
        self._backend: tuple[int, Any] | None = None
        self.up = True
        self.idle_since: datetime | None = None
        self._task = asyncio.get_running_loop().create_task(self._run(), name=f"pickwave-writer {named}")

    def put(self, job: Job) -> None:
        """Queues a job; refuses with `busy` when too many wait."""
        self._lanes.put(job)
        self.idle_since = None
        self._wake.set()

    async def close(self) -> None:
        """Lets everything queued finish, then closes the connection."""
        self._closing = True
        self._wake.set()
        await self._task
        if self._conn is not None:
            await self._conn.close()
        await self._engine.dispose()

    async def _run(self) -> None:
        while jobs := await self._next():
            outcomes = await self._settle(jobs)
            self._told(list(zip(jobs, outcomes, strict=True)))
            if not self._lanes:
                self.idle_since = self._clock.now()

    async def _next(self) -> list[Job]:
        while not self._lanes and not self._closing:
            self._wake.clear()
            try:
                async with asyncio.timeout(None if self.up else LOOK_AGAIN_SECONDS):
                    await self._wake.wait()
            except TimeoutError:
                await self._look_again()
        return self._lanes.take()

    async def _look_again(self) -> None:
        """Sees whether a lost database is back: while we say that it is not, nobody may send us a job."""
        try:
            await self._greeted()
            self.up = True
        except Exception as error:  # noqa: BLE001  (it is away still, however that shows)
            log.info("the write connection is not back yet (%s)", error)
            await self._drop()

    async def _settle(self, jobs: Sequence[Job]) -> list[Outcome]:
        """Runs a group until it is decided: stored, undone for good, or given up after the writer's patience."""
        until = asyncio.get_running_loop().time() + (self._patience if self.up else 0)
        unknown = False
        for tries in itertools.count(1):
            try:
                outcomes = await self._attempt(jobs)
            except Exception as error:  # noqa: BLE001  (every kind of failure is decided below, none is swallowed)
                unknown = _remember(error, jobs) or unknown
                if not self._lost(error):
                    if len(jobs) > 1:
                        log.warning("a group of %d commands was undone (%s); each runs alone", len(jobs), error)
                        return [outcome for job in jobs for outcome in await self._settle([job])]
                    if tries >= ALONE or sqlstate(error) not in _RUN_ALONE:
                        return [_failure(WriteFailed, error)]
                    continue
                await self._drop()
                if asyncio.get_running_loop().time() >= until:
                    self.up = False
                    return [_failure(WriteLost if unknown else WriteFailed, error)] * len(jobs)
                log.warning("the write connection was lost (%s); the group runs again", error)
                await asyncio.sleep(min(1.0, 0.01 * 2**tries) * random.random())
            else:
                self.up = True
                return outcomes
        raise AssertionError("counting never ends")

    async def _attempt(self, jobs: Sequence[Job]) -> list[Outcome]:
        conn, session = await self._greeted()
        return await conn.run_sync(
            lambda _: run_group(session, jobs, self._house, self._clock, self._lanes.floor_waits)
        )

    async def _greeted(self) -> tuple[AsyncConnection, PostgresSession]:
        """The connection, opened where there is none."""
        if self._session is None or self._conn is None:
            self._conn = await self._engine.connect()
            self._session = await self._conn.run_sync(self._greet)
        return self._conn, self._session

    def _greet(self, conn: sa.Connection) -> PostgresSession:
        session = PostgresSession(conn)
        if self._backend is not None:
            session.end_backend(*self._backend)
        self._backend = session.backend()
        return session

    def _lost(self, error: Exception) -> bool:
        return self._session is None or self._session.lost or isinstance(error, TimeoutError)

    async def _drop(self) -> None:
        """Lets go of the connection without asking it anything."""
        conn, session = self._conn, self._session
        self._conn = self._session = None
        if session is not None:
            session.driver.terminate()
        if conn is not None:
            await conn.invalidate()
            await conn.close()


def _remember(error: Exception, jobs: Sequence[Job]) -> bool:
    """Keeps what the callers of a COMMIT without an answer would have been told; whether it was one."""
    if not isinstance(error, CommitFailed) or error.known:
        return False
    for job, outcome in zip(jobs, error.outcomes, strict=True):
        job.before = outcome
    return True


def _failure(kind: type[WriteFailed] | type[WriteLost], error: Exception) -> Exception:
    failure = kind(str(error) or type(error).__name__)
    failure.__cause__ = error
    return failure


_LIVES: Final = sa.text(
    "SELECT objid::bigint FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database"
    " WHERE datname = current_database() AND locktype = 'advisory' AND granted AND classid = :kind AND objsubid = 2"
)


def lives(conn: sa.Connection) -> frozenset[int]:
    """The lives of all processes at this database."""
    return frozenset(conn.execute(_LIVES, {"kind": LIFE_LOCKS}).scalars())


def pause_after(failures: int) -> float:
    """Seconds until the doorbell's connection is opened again, after so many failures one upon the other."""
    longest: float = min(5.0, 0.1 * 2 ** min(failures, 6))
    return longest * random.random()


class Bell:
    """One connection that rings other processes after a commit and hears them ring; it also shows that we live.

    At most twenty rings a second, the last one kept. It carries nothing; who misses one is caught by his poll.
    """

    CHANNEL: Final = "pickwave"
    PAUSE_SECONDS: Final = 0.05

    def __init__(self, url: sa.URL, life: int, heard: Callable[[], None]) -> None:
        self._life = life
        self._dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._heard = heard
        self._due = asyncio.Event()
        self._conn: Any = None
        self.listening = asyncio.Event()
        self._task = asyncio.get_running_loop().create_task(self._run(), name="pickwave-bell")

    def ring(self) -> None:
        self._due.set()

    async def close(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        if self._conn is not None:
            self._conn.terminate()

    async def _run(self) -> None:
        tries = 0
        while True:
            try:
                await self._connect()
                tries = 0
                while True:
                    await self._due.wait()
                    self._due.clear()
                    await self._conn.execute(f"NOTIFY {self.CHANNEL}")
                    await asyncio.sleep(self.PAUSE_SECONDS)
            except _LOST as error:
                self.listening.clear()
                self._due.set()
                log.warning("the doorbell's connection was lost (%s); polling goes on", error)
                tries += 1
                await asyncio.sleep(pause_after(tries))

    async def _connect(self) -> None:
        self._conn = await asyncpg.connect(
            self._dsn,
            timeout=10,
            command_timeout=STATEMENT_SECONDS,
            server_settings={"application_name": "pickwave bell", **NOTICED_DEAD},
        )
        # Shared: what is left of a lost connection of ours may still hold it.
        await self._conn.execute(f"SELECT pg_advisory_lock_shared({LIFE_LOCKS}, {self._life})")
        self._conn.add_termination_listener(lambda _: self._due.set())
        await self._conn.add_listener(self.CHANNEL, self._on_ring)
        self.listening.set()
        self._heard()

    def _on_ring(self, conn: Any, pid: int, channel: str, payload: str) -> None:
        if pid != conn.get_server_pid():
            self._heard()
