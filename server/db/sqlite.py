"""Why: on SQLite one thread writes for everyone; its connection and its transaction control are here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from server import sqlite3
from server.db.errors import CommitFailed, TransactionEnded
from server.db.unit import Watch, watch_errors
from server.db.work import Work

PRAGMAS: Final = (
    "PRAGMA busy_timeout = 10000",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA journal_size_limit = 67108864",
    "PRAGMA cache_size = -65536",
)


def write_engine(path: str) -> sa.Engine:
    """An engine without a pool whose connections are in autocommit: transactions are sent as statements."""
    engine = sa.create_engine(
        sa.URL.create("sqlite+pysqlite", database=path),
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        connect_args={"check_same_thread": False, "cached_statements": 1024, "timeout": 10},
    )
    watch_errors(engine)

    @sa.event.listens_for(engine, "connect")
    def _(raw: Any, record: Any) -> None:
        for pragma in PRAGMAS:
            raw.execute(pragma).close()

    return engine


def read_engine(path: str) -> AsyncEngine:
    """A small pool of connections that cannot write, in autocommit: a snapshot is a BEGIN of its own."""
    engine = create_async_engine(
        sa.URL.create("sqlite+aiosqlite", database=path),
        isolation_level="AUTOCOMMIT",
        pool_size=4,
        max_overflow=0,
        connect_args={"timeout": 10, "cached_statements": 512},
    )

    @sa.event.listens_for(engine.sync_engine, "connect")
    def _(raw: Any, record: Any) -> None:
        cursor = raw.cursor()
        for pragma in ("PRAGMA query_only = ON", "PRAGMA trusted_schema = OFF", "PRAGMA cache_size = -16384"):
            cursor.execute(pragma)
        cursor.close()

    return engine


class SqliteDriver:
    """The writer's connection for prepared statements."""

    def __init__(self, raw: Any, watch: Watch, dialect: sa.Dialect) -> None:
        self._raw = raw
        self._watch = watch
        self._dialect = dialect

    def fetch(self, text: str, given: Sequence[Any]) -> Sequence[Any]:
        try:
            rows: Sequence[Any] = self._raw.execute(text, given).fetchall()
        except sqlite3.Error as error:
            raise self._failed(text, given, error) from error
        return rows

    def change(self, text: str, given: Sequence[Any]) -> int:
        try:
            return int(self._raw.execute(text, given).rowcount)
        except sqlite3.Error as error:
            raise self._failed(text, given, error) from error

    def change_all(self, text: str, many: Sequence[Sequence[Any]]) -> None:
        try:
            self._raw.executemany(text, many)
        except sqlite3.Error as error:
            raise self._failed(text, many[:1], error) from error

    def _failed(self, text: str, given: Any, error: Exception) -> BaseException:
        self._watch.failed(error)
        return sa.exc.DBAPIError.instance(text, given, error, sqlite3.Error, dialect=self._dialect)


class SqliteSession:
    """The write connection. Every transaction is BEGIN IMMEDIATE; the streams are held by being the only one."""

    holds_all = True

    def __init__(self, engine: sa.Engine) -> None:
        self.conn = engine.connect()
        self.raw: Any = self.conn.connection.driver_connection
        self._watch = Watch(self.in_transaction)
        self._watch.driver = SqliteDriver(self.raw, self._watch, self.conn.dialect)
        self._watch.attach(self.conn)

    def watch(self, work: Work | None) -> None:
        self._watch.follow(work)

    def begin(self, streams: frozenset[int]) -> None:
        self._watch.anew()
        self.raw.execute("BEGIN IMMEDIATE")

    def savepoint(self) -> None:
        if not self.raw.in_transaction:
            raise TransactionEnded("the database has ended the transaction")
        self.raw.execute("SAVEPOINT command")

    def release(self) -> None:
        self.raw.execute("RELEASE command")

    def undo(self) -> None:
        self.raw.execute("ROLLBACK TO command")
        self.raw.execute("RELEASE command")
        self._watch.anew()

    def in_transaction(self) -> bool:
        return bool(self.raw.in_transaction)

    def commit(self) -> None:
        """COMMIT; CommitFailed when it is refused. After an I/O error it is not known what the disk kept."""
        if not self.raw.in_transaction:
            raise TransactionEnded("the database has ended the transaction")
        try:
            self.raw.execute("COMMIT")
        except sqlite3.Error as error:
            self.rollback()
            name = getattr(error, "sqlite_errorname", "") or ""
            raise CommitFailed(f"{error} ({name})", known=not name.startswith("SQLITE_IOERR")) from error

    def rollback(self) -> None:
        if self.raw.in_transaction:
            self.raw.execute("ROLLBACK")

    def must_run_alone(self, error: BaseException) -> bool:
        return False

    def close(self) -> None:
        """Closes; a connection that cannot even do that is only logged."""
        self.conn.invalidate()
        self.conn.close()
