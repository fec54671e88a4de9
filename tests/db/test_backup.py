"""Why: a backup that cannot be read back is none; and one database's backup must open in the other."""

from __future__ import annotations

import asyncio
import zipfile
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from server.core.clock import SystemClock
from server.core.ids import new_id
from server.core.refusal import Refusal
from server.db import log, postgres, urls
from server.db.backup import KINDS, Manifest, _set_sequences, backup, kind_of, restore
from server.db.database import Database
from server.db.errors import StartError
from server.db.tables import metadata
from server.db.types import Json
from server.db.work import Work
from tests.db.house import EVENTS, add, command, value

Opening = Callable[..., Awaitable[Database]]
NewUrl = Callable[[], str]


@pytest.fixture(params=["sqlite", "postgres"])
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> NewUrl:
    """Makes the address of an empty database, on each of the two."""
    if request.param == "postgres":
        make: NewUrl = request.getfixturevalue("new_postgres_url")
        return make
    return lambda: f"sqlite:///{tmp_path / new_id().hex / 'pickwave.db'}"


async def everything(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""

    def look(conn: sa.Connection) -> dict[str, list[tuple[Any, ...]]]:
        return {
            table.name: [tuple(row) for row in conn.execute(sa.select(table).order_by(*table.primary_key))]
            for table in metadata.sorted_tables
        }

    return await database.snapshot(look)


def sample(column: sa.Column[Any], number: int) -> Any:
    """A value for a column that has no CHECK and points nowhere."""
    if isinstance(column.type, Json):
        shape = column.type.shape
        if isinstance(shape, type) and issubclass(shape, msgspec.Struct):
            return shape()
        return {"n": [number, "ü"]} if shape is Any else []
    made: dict[str, Callable[[], Any]] = {
        "id": new_id,
        "moment": lambda: datetime(2026, 1, 2, 3, 4, 5, number, UTC),
        "bytes": lambda: bytes([0, 255, number % 256]),
        "date": lambda: date(2026, 1, 1 + number % 28),
        "truth": lambda: bool(number % 2),
        "number": lambda: number,
        "real": lambda: number / 2,
        "decimal": lambda: number,
        "text": lambda: f"ü '\"\\ {number}",
    }
    return made[kind_of(column.type)]()


async def fill(database: Database) -> None:
    """Commands, refusals, events, and rows in every table that can be filled without knowing its room."""

    def refuse(work: Work) -> None:
        raise Refusal("stock_missing", available=1)

    for number in range(5):
        await database.write(add("a", number, key=str(number)))
    with pytest.raises(Refusal):
        await database.write(command(refuse, key="no"))

    def write(work: Work) -> int:
        filled = 0
        for table in metadata.sorted_tables:
            checked = any(isinstance(c, sa.CheckConstraint) for column in table.columns for c in column.constraints)
            checked = checked or any(isinstance(c, sa.CheckConstraint) for c in table.constraints)
            if table.info["stream"] == "core" and not table.foreign_keys and not checked:
                work.execute(sa.insert(table), [{c.name: sample(c, n) for c in table.columns} for n in range(1, 4)])
                filled += 1
        return filled

    assert (await database.write(command(write, streams=frozenset({0})))).answer >= 3


async def test_a_backup_is_read_back_row_for_row_into_either_database(
    open_database: Opening, database_url: str, new_url: NewUrl, tmp_path: Path
) -> None:
    database = await open_database(events=EVENTS)
    await fill(database)
    before = await everything(database)
    file = tmp_path / "pickwave.zip"
    manifest = await backup(database_url, file)
    assert {rows.table: rows.count for rows in manifest.tables} == {name: len(rows) for name, rows in before.items()}
    assert not file.with_name("pickwave.zip.part").exists()
    url = new_url()
    await restore(file, url)
    restored = await Database.open(url, clock=SystemClock(), events=EVENTS, reactions={})
    assert await everything(restored) == before
    assert (await restored.write(add("a", 4, key="4"))).replayed
    assert (await restored.write(add("a", 1, key="new"))).position == 6
    await restored.close()


async def test_a_backup_taken_while_others_write_is_one_moment(
    open_database: Opening, database_url: str, new_url: NewUrl, tmp_path: Path
) -> None:
    database = await open_database(events=EVENTS)
    await database.write(add("a"))
    saved = asyncio.Event()

    async def keep_writing() -> None:
        while not saved.is_set():
            await database.write(add("a"))

    writing = asyncio.create_task(keep_writing())
    await backup(database_url, tmp_path / "pickwave.zip")
    saved.set()
    await writing
    url = new_url()
    await restore(tmp_path / "pickwave.zip", url)
    restored = await Database.open(url, clock=SystemClock(), events=EVENTS, reactions={})
    total = await value(restored, "a")
    assert 1 <= total <= await value(database, "a")
    assert await restored.read(lambda conn: log.head(conn, 1)) == total
    events = await restored.read(lambda conn: log.tail(conn, 1, 0, 10**6))
    assert [event.position for event in events] == list(range(1, total + 1))
    assert (await restored.write(add("a"))).position == total + 1
    await restored.close()


async def test_identities_go_on_behind_what_came_back(new_postgres_url: NewUrl) -> None:
    own = sa.MetaData()
    fresh, numbered = (
        sa.Table(name, own, sa.Column("id", sa.BigInteger, primary_key=True), sa.Column("n", sa.Text))
        for name in ("fresh", "numbered")
    )

    def go_on(conn: sa.Connection) -> list[int]:
        own.create_all(conn)
        conn.execute(sa.insert(numbered), [{"id": 7, "n": "kept"}, {"id": 9, "n": "kept"}])
        _set_sequences(conn)
        return [conn.execute(sa.insert(t).returning(t.c.id), {"n": "new"}).scalar_one() for t in (fresh, numbered)]

    async with postgres.connection(urls.parse(new_postgres_url())) as conn:
        assert await conn.run_sync(go_on) == [1, 10]


async def test_only_an_empty_database_takes_a_backup(database_url: str, tmp_path: Path) -> None:
    file = tmp_path / "pickwave.zip"
    await backup(database_url, file)
    with pytest.raises(StartError, match="not empty"):
        await restore(file, database_url)


async def test_a_file_that_is_no_backup_or_a_newer_one_is_one_sentence(database_url: str, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("hello")
    with pytest.raises(StartError, match="is not a backup"):
        await restore(tmp_path / "text", database_url)
    newer = Manifest(1, "9999", datetime.now(UTC), ())
    with zipfile.ZipFile(tmp_path / "newer.zip", "w") as archive:
        archive.writestr("manifest.json", msgspec.json.encode(newer))
    with pytest.raises(StartError, match="newer Pickwave"):
        await restore(tmp_path / "newer.zip", database_url)


async def test_a_backup_that_breaks_off_leaves_the_database_empty(
    new_url: NewUrl, database_url: str, open_database: Opening, tmp_path: Path
) -> None:
    await (await open_database(events=EVENTS)).write(add("a"))
    file = tmp_path / "pickwave.zip"
    await backup(database_url, file)
    with zipfile.ZipFile(file) as whole, zipfile.ZipFile(tmp_path / "short.zip", "w") as short:
        for name in whole.namelist():
            short.writestr(name, b"" if name == "rows/event.jsonl" else whole.read(name))
    url = new_url()
    with pytest.raises(RuntimeError, match="event: the backup says 1 rows, 0 came back"):
        await restore(tmp_path / "short.zip", url)
    await restore(file, url)


def test_every_column_of_the_house_can_be_written() -> None:
    for table in metadata.sorted_tables:
        for column in table.columns:
            assert kind_of(column.type) in KINDS
