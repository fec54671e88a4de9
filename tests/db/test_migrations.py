"""Why: what a migration builds must be what the models say, and a migration that fails must leave what was there."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from sqlalchemy.dialects import postgresql, sqlite

from server.core.clock import SystemClock
from server.db import base, migrations, postgres, urls
from server.db import sqlite as sqlite_side
from server.db.database import Database
from server.db.errors import StartError
from server.db.migrations.freeze import FOLDER, frozen
from server.db.tables import metadata
from tests.db.house import EVENTS, add, value

Run = Callable[[Callable[[sa.Connection], Any]], Any]


@pytest.fixture
def run(database_url: str) -> Run:
    """Runs something on a plain connection to the test's database."""
    return lambda work: on_connection(database_url, work)


async def on_connection(url: str, work: Callable[[sa.Connection], Any]) -> Any:
    parsed = urls.parse(url)
    if not urls.is_sqlite(parsed):
        async with postgres.connection(parsed) as conn:
            return await conn.run_sync(work)

    def apart() -> Any:
        engine = sqlite_side.write_engine(str(urls.file_of(parsed)))
        try:
            with engine.connect() as conn:
                return work(conn)
        finally:
            engine.dispose()

    return await asyncio.to_thread(apart)


@pytest.mark.parametrize("dialect", [sqlite.dialect, postgresql.dialect], ids=["sqlite", "postgresql"])
def test_the_frozen_first_revision_is_what_the_models_say(dialect: Any) -> None:
    text = (FOLDER / f"0001_first.{dialect.name}.sql").read_text()
    assert text == frozen(metadata, dialect()), "run: python -m server.db.migrations.freeze"


def test_where_postgresql_has_no_trigrams_to_offer_only_the_indexes_of_texts_are_left_out() -> None:
    first = importlib.import_module("server.db.migrations.versions.0001_first")
    text = (FOLDER / "0001_first.postgresql.sql").read_text()
    every, plain = first.statements(text, trigrams=True), first.statements(text, trigrams=False)
    left_out = [each.split()[1:3] for each in every if each not in plain]
    assert left_out == [["EXTENSION", "IF"], ["INDEX", "ix_order_text_text"], ["INDEX", "ix_parcel_text_text"]]


def shape(conn: sa.Connection) -> dict[str, Any]:
    """Tables, columns, keys, checks and indexes as the database tells them."""
    inspector = sa.inspect(conn)
    return {name: _table_shape(inspector, name) for name in inspector.get_table_names() if not _is_beside(name)}


def _is_beside(name: str) -> bool:
    """Whether a table is the revision's, or belongs to an index of texts, as SQLite keeps it."""
    return name == "alembic_version" or any(name.startswith(f"{text}_index") for text in ("order_text", "parcel_text"))


def _table_shape(inspector: sa.Inspector, name: str) -> dict[str, Any]:
    def named(things: Iterable[Any]) -> list[str]:
        return sorted(str(thing["name"]) for thing in things)

    return {
        "columns": sorted(
            (c["name"], str(c["type"]), c["nullable"], str(c["default"])) for c in inspector.get_columns(name)
        ),
        "primary": inspector.get_pk_constraint(name)["constrained_columns"],
        "foreign": named(inspector.get_foreign_keys(name)),
        "unique": named(inspector.get_unique_constraints(name)),
        "checks": sorted((str(c["name"]), c["sqltext"]) for c in inspector.get_check_constraints(name)),
        "indexes": named(inspector.get_indexes(name)),
    }


async def test_a_migrated_database_is_what_the_models_create(
    run: Run, database_url: str, tmp_path: Path, new_postgres_url: Callable[[], str]
) -> None:
    is_file = database_url.startswith("sqlite")
    other = f"sqlite:///{tmp_path / 'other.db'}" if is_file else new_postgres_url()
    await on_connection(other, metadata.create_all)
    migrated, created = await run(shape), await on_connection(other, shape)
    assert migrated.keys() == metadata.tables.keys()
    assert migrated == created


async def test_the_checks_of_a_migrated_database_are_those_of_the_models(run: Run) -> None:
    migrated = await run(shape)
    wanted = {
        (table.name, str(check.name)): literals(str(check.sqltext))
        for table in metadata.tables.values()
        for check in (*table.constraints, *(each for column in table.columns for each in column.constraints))
        if isinstance(check, sa.CheckConstraint)
    }
    found = {(name, check): literals(text) for name, each in migrated.items() for check, text in each["checks"]}
    assert found == wanted


def literals(check: str) -> list[str]:
    """The states a CHECK lists: each database writes the text around them in its own way."""
    return sorted(check.split("'")[1::2])


async def test_migrating_again_does_nothing(database_url: str) -> None:
    assert await migrations.migrate(database_url) == migrations.head()
    if database_url.startswith("sqlite"):
        folder = Path(database_url.removeprefix("sqlite:///")).parent
        assert not [path.name for path in folder.iterdir() if "before" in path.name]


async def test_a_newer_schema_is_refused_and_named(database_url: str, run: Run) -> None:
    await run(lambda conn: conn.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'"))
    try:
        with pytest.raises(StartError, match=r"9999.*newer than this Pickwave") as caught:
            await Database.open(database_url, clock=SystemClock(), events={}, reactions={})
        assert caught.value.exit_code == 65
        with pytest.raises(StartError, match="newer"):
            await migrations.migrate(database_url)
    finally:
        head = migrations.head()
        await run(lambda conn: conn.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{head}'"))


async def test_an_empty_database_is_not_opened(tmp_path: Path) -> None:
    with pytest.raises(StartError, match=r"is empty, this Pickwave wants .*: run `pickwave migrate`"):
        await Database.open(f"sqlite:///{tmp_path / 'x.db'}", clock=SystemClock(), events={}, reactions={})


STEP = """
from alembic import op
import sqlalchemy as sa
revision = "0002"
down_revision = "0001"
def upgrade():
    op.add_column("counter", sa.Column("note", sa.String(20)))
    op.get_bind().exec_driver_sql({statement!r})
"""


@pytest.fixture
def second_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Adds a second revision that runs a statement after it has changed a table."""

    def add_step(statement: str) -> None:
        folder = tmp_path / "scripts"
        (folder / "versions").mkdir(parents=True)
        for path in FOLDER.glob("0001_first*"):
            (folder / "versions" / path.name).write_text(path.read_text())
        (folder / "versions" / "0002_second.py").write_text(STEP.format(statement=statement))
        monkeypatch.setattr(migrations, "_scripts", ScriptDirectory(str(folder)))

    return add_step


async def test_a_step_that_fails_leaves_rows_schema_and_revision(
    database_url: str, run: Run, second_step: Callable[[str], None]
) -> None:
    database = await Database.open(database_url, clock=SystemClock(), events=EVENTS, reactions={})
    await database.write(add("a", 7))
    await database.close()
    before = await run(shape)
    second_step("INSERT INTO nowhere VALUES (1)")
    with pytest.raises(sa.exc.DBAPIError):
        await migrations.migrate(database_url)
    assert await run(shape) == before
    assert await run(migrations.revision) == "0001"
    asked = sa.select(base.counter.c.value).where(base.counter.c.name == "a")
    assert await run(lambda conn: conn.execute(asked).scalar_one()) == 7


async def test_a_step_on_sqlite_makes_a_copy_first(sqlite_url: str, second_step: Callable[[str], None]) -> None:
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    database = await Database.open(sqlite_url, clock=SystemClock(), events=EVENTS, reactions={})
    await database.write(add("a", 7))
    await database.close()
    second_step("CREATE TABLE child (id INTEGER PRIMARY KEY)")
    assert await migrations.migrate(sqlite_url) == "0002"
    (copy,) = [each for each in path.parent.iterdir() if each.name.startswith("pickwave.db.before-0001-")]
    kept = await on_connection(f"sqlite:///{copy}", shape)
    assert "note" not in [name for name, *_ in kept["counter"]["columns"]]
    asked = sa.select(base.counter.c.value).where(base.counter.c.name == "a")
    assert await on_connection(f"sqlite:///{copy}", lambda conn: conn.execute(asked).scalar_one()) == 7


async def test_a_step_on_sqlite_that_leaves_rows_pointing_nowhere_is_undone(
    sqlite_url: str, second_step: Callable[[str], None]
) -> None:
    second_step("INSERT INTO item_barcode SELECT * FROM item_barcode WHERE 0")
    before = await on_connection(sqlite_url, shape)

    def orphan(conn: sa.Connection) -> None:
        conn.exec_driver_sql("PRAGMA foreign_keys = OFF")
        conn.exec_driver_sql("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
        conn.exec_driver_sql("CREATE TABLE child (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parent(id))")
        conn.exec_driver_sql("INSERT INTO child VALUES (1, 99)")

    await on_connection(sqlite_url, orphan)
    with pytest.raises(RuntimeError, match="point nowhere"):
        await migrations.migrate(sqlite_url)
    after = await on_connection(sqlite_url, shape)
    assert after["counter"] == before["counter"]


async def test_two_processes_may_migrate_one_postgresql_at_once(new_postgres_url: Callable[[], str]) -> None:
    url = new_postgres_url()
    assert await asyncio.gather(*(migrations.migrate(url) for _ in range(3))) == [migrations.head()] * 3
    database = await Database.open(url, clock=SystemClock(), events=EVENTS, reactions={})
    await database.write(add("a"))
    assert await value(database, "a") == 1
    await database.close()
