"""Why: ids, moments and JSON must come back as they went, from both databases."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import msgspec
import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.schema import CreateTable

from server.core.ids import new_id
from server.db import base
from server.db.database import Database
from server.db.types import Id, Json, Utc, state_column
from server.db.work import Work
from tests.db.house import EVENTS, command, scratch


class Shape(msgspec.Struct):
    a: int


class Door:
    states = ("open", "shut")


own = sa.MetaData(naming_convention=base.metadata.naming_convention)
thing = base.table(
    "thing",
    sa.Column("id", Id, primary_key=True),
    sa.Column("warehouse_id", sa.SmallInteger, nullable=False),
    sa.Column("parent", Id),
    sa.Column("at", Utc),
    sa.Column("any", Json),
    sa.Column("shaped", Json(Shape)),
    state_column(Door(), server_default="open"),
    stream="warehouse",
    into=own,
)


def put(**row: Any) -> Callable[[Work], None]:
    def run(work: Work) -> None:
        work.execute(sa.insert(thing), {"id": new_id(), "warehouse_id": 1, **row})

    return run


@pytest.fixture
async def database(database_url: str, open_database: Callable[..., Awaitable[Database]]) -> Database:
    await scratch(database_url, thing)
    return await open_database(events=EVENTS)


async def test_values_come_back_as_they_went(database: Database) -> None:
    id_, at = new_id(), datetime(2026, 11, 24, 9, 30, 1, 234567, tzinfo=timezone(timedelta(hours=2)))
    row = {"id": id_, "parent": id_, "at": at, "any": {"a": [1, "ü", None]}, "shaped": Shape(3)}
    await database.write(command(put(**row)))
    asked = sa.select(thing.c.id, thing.c.parent, thing.c.at, thing.c.any, thing.c.shaped, thing.c.state).where(
        thing.c.id == id_, thing.c.at <= at
    )
    (found,) = await database.read(lambda conn: conn.execute(asked).all())
    assert tuple(found) == (id_, id_, at, {"a": [1, "ü", None]}, Shape(3), "open")
    assert type(found[0]) is UUID
    assert found[2].tzinfo is UTC


async def test_nothing_comes_back_as_nothing(database: Database) -> None:
    await database.write(command(put()))
    asked = sa.select(thing.c.parent, thing.c.at, thing.c.any, thing.c.shaped)
    assert await database.read(lambda conn: tuple(conn.execute(asked).one())) == (None, None, None, None)


@pytest.mark.parametrize("row", [{"id": "text"}, {"at": datetime(2026, 1, 1)}, {"at": 5}])  # noqa: DTZ001
async def test_a_value_of_another_kind_is_refused_before_it_is_stored(database: Database, row: Any) -> None:
    with pytest.raises(StatementError, match="wants"):
        await database.write(command(put(**row)))


async def test_a_state_outside_the_lifecycle_is_refused_by_the_database(database: Database) -> None:
    with pytest.raises(IntegrityError, match="ck_thing_state_known"):
        await database.write(command(put(state="ajar")))


def test_the_columns_are_what_the_design_says() -> None:
    on_sqlite, on_postgres = (
        str(CreateTable(thing).compile(dialect=dialect())) for dialect in (sqlite.dialect, postgresql.dialect)
    )
    assert "id BLOB NOT NULL" in on_sqlite
    assert "at BIGINT" in on_sqlite
    assert "id UUID NOT NULL" in on_postgres
    assert "at TIMESTAMP WITH TIME ZONE" in on_postgres
    for text in (on_sqlite, on_postgres):
        assert "CONSTRAINT ck_thing_state_known CHECK (state IN ('open', 'shut'))" in text


async def test_a_moment_at_the_edge_of_the_calendar_is_asked_for_without_an_error(database: Database) -> None:
    for text in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"):
        edge = datetime.fromisoformat(text)
        query = sa.select(thing.c.id).where(thing.c.at == edge)
        assert await database.snapshot(lambda conn, query=query: list(conn.execute(query))) == []  # type: ignore[misc]
    assert await database.snapshot(lambda conn: conn.execute(sa.select(sa.literal(1))).scalar_one()) == 1
