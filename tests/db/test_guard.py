"""Why: a write outside the held streams would race with the unit that holds them: it is seen at once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from server.db.base import table
from server.db.database import Database
from server.db.tables import metadata
from server.db.work import StreamNotHeld, Work, guard
from tests.db.house import BOTH, CORE, EVENTS, SITE, command, count, scratch

other = sa.MetaData(naming_convention=metadata.naming_convention)
crate = table("crate", sa.Column("id", sa.Integer, primary_key=True),
              sa.Column("warehouse_id", sa.SmallInteger, nullable=False), sa.Column("note", sa.String(20)),
              stream="warehouse", into=other)  # fmt: skip
rate = table("rate", sa.Column("id", sa.Integer, primary_key=True), stream="core", into=other)
unmarked = sa.Table("unmarked", other, sa.Column("id", sa.Integer, primary_key=True))

_put = sa.insert(crate)
_note = sa.update(crate).where(crate.c.warehouse_id == sa.bindparam("w")).values(note=sa.bindparam("said"))


@pytest.mark.parametrize(
    ("statement", "rows"),
    [
        (sa.insert(rate), [{"id": 1}]),
        (_put, [{"id": 1, "warehouse_id": 1}, {"id": 2, "warehouse_id": 2}]),
        (sa.insert(crate).values(id=1, warehouse_id=2), []),
        (_note, [{"w": 2, "said": "x"}]),
        (sa.update(crate).where(crate.c.warehouse_id == 2), []),
        (sa.delete(crate).where(crate.c.id == 1, crate.c.warehouse_id == 2), []),
        (sqlite.insert(rate).on_conflict_do_nothing(), [{"id": 1}]),
        (postgresql.insert(crate).on_conflict_do_nothing(), [{"id": 1, "warehouse_id": 2}]),
        (sa.select(sa.insert(rate).returning(rate.c.id).cte("hidden")), []),
        (sa.insert(unmarked), [{"id": 1}]),
    ],
    ids=range(10),
)
def test_a_write_outside_the_held_streams_is_seen(statement: Any, rows: list[dict[str, Any]]) -> None:
    with pytest.raises(StreamNotHeld):
        guard(statement, rows, SITE)


@pytest.mark.parametrize(
    ("statement", "rows", "streams"),
    [
        (sa.select(rate), [], SITE),
        (sa.select(crate).where(crate.c.warehouse_id == 2), [], SITE),
        (_put, [{"id": 1, "warehouse_id": 1}], SITE),
        (_put, [{"id": 1, "warehouse_id": 1}, {"id": 2, "warehouse_id": 2}], frozenset({0, 1, 2})),
        (_note, [{"w": 1, "said": "x"}], SITE),
        (sa.insert(rate), [{"id": 1}], BOTH),
        (sa.insert(rate).values(id=sa.select(sa.func.max(crate.c.warehouse_id)).scalar_subquery()), [], CORE),
    ],
    ids=range(7),
)
def test_a_write_inside_them_passes(statement: Any, rows: list[dict[str, Any]], streams: frozenset[int]) -> None:
    guard(statement, rows, streams)


def test_a_warehouses_table_without_a_warehouse_is_refused() -> None:
    with pytest.raises(ValueError, match="warehouse_id SMALLINT NOT NULL"):
        table("lost", sa.Column("id", sa.Integer, primary_key=True), stream="warehouse", into=sa.MetaData())


async def test_the_guard_watches_the_connection_itself_on_both(
    database_url: str, open_database: Callable[..., Awaitable[Database]]
) -> None:
    await scratch(database_url, crate, rate)
    database = await open_database(events=EVENTS)

    def bypass(statement: Any, **row: Any) -> Callable[[Work], None]:
        def run(work: Work) -> None:
            work.conn.execute(statement, row or None)

        return run

    for statement, row in (
        (sa.insert(rate), {"id": 1}),
        (_put, {"id": 1, "warehouse_id": 2}),
        (sa.update(crate).where(crate.c.warehouse_id == 2).values(note="x"), {}),
    ):
        with pytest.raises(StreamNotHeld):
            await database.write(command(bypass(statement, **row)))
    for text in (
        lambda work: work.execute(sa.text("DELETE FROM rate")),
        lambda work: work.conn.exec_driver_sql("DELETE FROM rate"),
        lambda work: work.execute(sa.schema.DropTable(rate)),
    ):
        with pytest.raises(TypeError, match="statement text"):
            await database.write(command(text))
    await database.write(command(lambda work: work.execute(_put, [{"id": 1, "warehouse_id": 1}]) and None))
    assert await count(database, crate) == 1


def test_every_table_of_the_house_says_its_stream() -> None:
    assert {name for name, each in metadata.tables.items() if each.info.get("stream") == "any"} == {
        "command",
        "event",
        "counter",
    }
    for each in metadata.tables.values():
        assert each.info.get("stream") in ("any", "core", "warehouse"), each.name


def test_every_constraint_and_index_of_the_house_has_a_name() -> None:
    for each in metadata.tables.values():
        for thing in (*each.constraints, *each.indexes):
            assert getattr(thing, "name", None), (each.name, thing)
