"""A prepared statement means what its Core statement means, and is watched like it, on both databases."""

from __future__ import annotations

import asyncio

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from server.core.clock import ManualClock
from server.core.refusal import Refusal
from server.db import base
from server.db.binds import among, padded
from server.db.database import Database
from server.db.prepared import FEW, Prepared
from server.db.unit import Command, Done
from server.db.work import Actor, StreamNotHeld, Work
from server.tasks.models import cart
from tests.db.house import BOTH, Gathered, command

ADD = Prepared(sa.insert(base.counter))
NEXT = Prepared(
    sa.update(base.counter)
    .where(base.counter.c.name == sa.bindparam("called"))
    .values(value=base.counter.c.value + sa.bindparam("step"))
)
FOUND = Prepared(sa.select(base.counter.c.value).where(base.counter.c.name == sa.bindparam("called")))
CART = Prepared(sa.insert(cart))
CARTS = Prepared(sa.select(cart.c.id, cart.c.tour_id, cart.c.code).where(cart.c.slots == sa.bindparam("slots")))


def _cart(work: Work, warehouse: int = 1) -> dict[str, object]:
    return {"id": work.new_id(), "warehouse_id": warehouse, "code": "C-01", "slots": 6, "slot_volume_ml": 1,
            "slot_weight_g": 1}  # fmt: skip


async def _do(database: Database, run: object) -> object:
    return (await database.write(Command(run, frozenset({1}), Actor(), "test"))).answer  # type: ignore[arg-type]


async def test_it_reads_writes_and_counts_as_its_statement_does(database: Database) -> None:
    def run(work: Work) -> None:
        assert FOUND.one(work.conn, {"called": "x"}) is None
        ADD.change(work.conn, {"stream": 1, "name": "x", "value": 3})
        assert NEXT.change(work.conn, {"called": "x", "step": 4}) == 1
        assert NEXT.change(work.conn, {"called": "y", "step": 4}) == 0
        assert FOUND.one(work.conn, {"called": "x"}) == (7,)
        row = _cart(work)
        CART.change(work.conn, row)
        assert CARTS.rows(work.conn, {"slots": 6}) == [(row["id"], None, "C-01")]

    await _do(database, run)
    assert await database.read(lambda conn: FOUND.one(conn, {"called": "x"})) == (7,)


@pytest.mark.parametrize("count", [1, FEW, FEW + 1, 300])
async def test_rows_that_come_together_are_kept_each_as_it_is(database: Database, count: int) -> None:
    def run(work: Work) -> list[tuple[object, ...]]:
        tours = [work.new_id() if number % 3 else None for number in range(count)]
        rows = [{**_cart(work), "code": f"C-{number:03d} ,'$1", "tour_id": of} for number, of in enumerate(tours)]
        CART.change_all(work.conn, rows)
        found = [tuple(row) for row in CARTS.rows(work.conn, {"slots": 6})]
        assert sorted(found) == sorted((row["id"], row["tour_id"], row["code"]) for row in rows)
        return found

    found = await _do(database, run)
    assert await database.read(lambda conn: CARTS.rows(conn, {"slots": 6})) == found


async def test_rows_that_come_together_are_watched_and_checked_each(database: Database) -> None:
    def strange(work: Work) -> None:
        CART.change_all(work.conn, [_cart(work)] * FEW + [_cart(work, warehouse=2)])

    def twice(work: Work) -> None:
        CART.change_all(work.conn, [_cart(work)] * (FEW + 1))

    with pytest.raises(StreamNotHeld):
        await _do(database, strange)
    with pytest.raises(sa.exc.IntegrityError):
        await _do(database, twice)
    assert await database.read(lambda conn: CARTS.rows(conn, {"slots": 6})) == []


@pytest.mark.parametrize("wanted", [[], ["b"], ["b", "B", "ä", "nobody"], [f"n{number}" for number in range(700)]])
async def test_a_list_of_any_length_finds_what_is_in_it(database: Database, wanted: list[str]) -> None:
    there = ["a", "b", "B", "ä", *(f"n{number}" for number in range(0, 900, 3))]
    rows = [{"stream": 1, "name": name, "value": 1} for name in there]
    await _do(database, lambda work: ADD.change_all(work.conn, rows))
    found = sa.select(base.counter.c.name).where(among(base.counter.c.name, "names"), base.counter.c.value == 1)

    def read(conn: sa.Connection) -> list[str]:
        return sorted(conn.execute(found, {"names": padded(wanted)}).scalars())

    assert await database.read(read) == sorted(set(wanted) & set(there))
    assert await _do(database, lambda work: read(work.conn)) == sorted(set(wanted) & set(there))


def test_a_list_is_looked_up_in_an_index() -> None:
    found = sa.select(cart.c.code).where(among(cart.c.id, "ids"), cart.c.slots > 1)
    _, asked = str(found.compile(dialect=sqlite.dialect())).split("WHERE ")
    assert asked == "cart.id IN (__[POSTCOMPILE_ids]) AND cart.slots > ?"


async def test_another_warehouses_row_is_refused(database: Database) -> None:
    with pytest.raises(StreamNotHeld):
        await _do(database, lambda work: CART.change(work.conn, _cart(work, warehouse=2)))


async def test_a_value_of_the_wrong_type_is_refused(database: Database) -> None:
    with pytest.raises((TypeError, sa.exc.StatementError)):
        await _do(database, lambda work: CART.change(work.conn, {**_cart(work), "id": "text"}))


async def test_after_an_error_of_the_database_the_command_is_broken(database: Database) -> None:
    def run(work: Work) -> None:
        row = _cart(work)
        CART.change(work.conn, row)
        with pytest.raises(sa.exc.IntegrityError):
            CART.change(work.conn, row)

    with pytest.raises(RuntimeError, match="went on after a database error"):
        await _do(database, run)
    assert await database.read(lambda conn: CARTS.rows(conn, {"slots": 6})) == []


async def test_what_is_left_for_the_end_is_written_with_its_command_and_undone_with_it(database: Database) -> None:
    def left(work: Work) -> None:
        ADD.later(work.conn, {"stream": 1, "name": "x", "value": 3})
        assert FOUND.one(work.conn, {"called": "x"}) is None

    def refused(work: Work) -> None:
        ADD.later(work.conn, {"stream": 1, "name": "y", "value": 3})
        raise Refusal("not_found")

    await _do(database, left)
    with pytest.raises(Refusal):
        await _do(database, refused)
    assert await database.read(lambda conn: FOUND.one(conn, {"called": "x"})) == (3,)
    assert await database.read(lambda conn: FOUND.one(conn, {"called": "y"})) is None


async def test_what_is_left_for_the_end_is_another_warehouses_business_at_once(database: Database) -> None:
    with pytest.raises(StreamNotHeld):
        await _do(database, lambda work: CART.later(work.conn, _cart(work, warehouse=2)))


async def test_what_stands_still_is_read_once_a_unit_unless_stream_nought_is_held(
    sqlite_url: str, clock: ManualClock
) -> None:
    """Only SQLite's one writer has both kinds in a unit; on PostgreSQL each set of streams has a writer."""
    database = await Database.open(sqlite_url, clock=clock, events={}, reactions={}, lanes=lambda: Gathered(5))

    def look(work: Work) -> int | None:
        found = FOUND.recalled(work.conn, {"called": "x"})
        return None if found is None else int(found[0])

    def begin(work: Work) -> int | None:
        ADD.change(work.conn, {"stream": 1, "name": "x", "value": 1})
        return look(work)

    def move_on(work: Work) -> int | None:
        NEXT.change(work.conn, {"called": "x", "step": 1})
        return look(work)

    commands = [command(look), command(begin), command(move_on), command(move_on, streams=BOTH), command(look)]
    done = await asyncio.gather(*(database.write(each) for each in commands))
    assert [each.answer for each in done] == [None, 1, 1, 3, 3]
    await database.close()


async def test_what_an_undone_command_read_is_read_anew(sqlite_url: str, clock: ManualClock) -> None:
    database = await Database.open(sqlite_url, clock=clock, events={}, reactions={}, lanes=lambda: Gathered(2))

    def refused(work: Work) -> None:
        ADD.change(work.conn, {"stream": 1, "name": "x", "value": 1})
        assert FOUND.recalled(work.conn, {"called": "x"}) == (1,)
        raise Refusal("not_found")

    commands = [command(refused), command(lambda work: FOUND.recalled(work.conn, {"called": "x"}))]
    _, looked = await asyncio.gather(*(database.write(each) for each in commands), return_exceptions=True)
    assert isinstance(looked, Done)
    assert looked.answer is None
    await database.close()
