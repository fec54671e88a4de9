"""Why: on PostgreSQL several processes write, and the network may go at the worst moment. What then still holds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import asyncpg  # type: ignore[import-untyped]
import pytest
import sqlalchemy as sa
from sqlalchemy.util import await_only

from server.core.clock import ManualClock
from server.core.refusal import Refusal
from server.db import base, log, postgres
from server.db.database import Database
from server.db.errors import DatabaseAway, NotReady, StartError, WriteFailed, WriteLost
from server.db.work import Work, advance_counter
from server.db.writer import Command
from tests.db.house import BOTH, CORE, EVENTS, Gathered, add, command, count, value
from tests.db.proxy import Fault, Proxy, proxied
from tests.db.refusing import refusing

Opening = Callable[..., Awaitable[Database]]


@pytest.fixture
def database_url(postgres_database_url: str) -> str:
    return postgres_database_url


@pytest.fixture
async def proxy(postgres_database_url: str) -> AsyncIterator[tuple[Proxy, str]]:
    async with proxied(postgres_database_url) as made:
        yield made


@pytest.mark.parametrize("keyed", [True, False])
@pytest.mark.parametrize("fault", ["before", "after", "stranded"])
async def test_a_cut_around_the_commit_is_decided_and_every_command_is_there_once(
    open_database: Opening, proxy: tuple[Proxy, str], fault: Fault, keyed: bool
) -> None:
    between, url = proxy
    database = await open_database(events=EVENTS, url=url, lanes=lambda: Gathered(4))
    between.cut_next_commit(fault)
    done = await asyncio.gather(*(database.write(add("a", key=str(n) if keyed else None)) for n in range(4)))
    assert between.cuts == 1
    assert sorted(each.answer["value"] for each in done) == [1, 2, 3, 4]
    assert [each.position for each in done] == [1, 2, 3, 4]
    assert not any(each.replayed for each in done)
    assert await value(database, "a") == 4
    assert await database.read(lambda conn: log.head(conn, 1)) == 4
    assert await count(database, base.command) == 4


async def test_when_the_database_stays_away_after_a_commit_it_is_said_that_nothing_is_known(
    open_database: Opening, proxy: tuple[Proxy, str]
) -> None:
    between, url = proxy
    database = await open_database(events=EVENTS, url=url, patience=0)
    between.cut_next_commit("after", then_down=True)
    with pytest.raises(WriteLost):
        await database.write(add("a", key="1"))
    with pytest.raises(NotReady):
        await database.ready()
    with pytest.raises(WriteFailed):
        await database.write(add("a", key="2"))
    between.up()
    assert (await database.write(add("a", key="1"))).replayed
    assert not (await database.write(add("a", key="2"))).replayed
    assert await value(database, "a") == 2
    await database.ready()


async def test_a_server_whose_database_is_back_is_ready_though_nobody_has_written(
    open_database: Opening, proxy: tuple[Proxy, str]
) -> None:
    between, url = proxy
    database = await open_database(events=EVENTS, url=url, patience=0)
    between.cut_next_commit("before", then_down=True)
    with pytest.raises(WriteLost):
        await database.write(add("a"))
    between.up()
    async with asyncio.timeout(30):
        while await _is_away(database):
            await database.read(log.heads)


async def _is_away(database: Database) -> bool:
    try:
        await database.ready()
    except NotReady:
        return True
    return False


async def test_when_it_went_before_the_commit_it_is_said_that_nothing_is_stored(
    open_database: Opening, proxy: tuple[Proxy, str]
) -> None:
    between, url = proxy
    database = await open_database(events=EVENTS, url=url, patience=0)
    between.cut_next_commit("before", then_down=True)
    with pytest.raises(WriteLost):
        await database.write(add("a", key="1"))
    between.up()
    assert not (await database.write(add("a", key="1"))).replayed
    assert await value(database, "a") == 1


async def test_a_backend_that_is_ended_between_commands_costs_nothing(
    open_database: Opening, postgres_database_url: str
) -> None:
    database = await open_database(events=EVENTS)
    await database.write(add("a"))
    conn = await asyncpg.connect(postgres_database_url)
    ended = await conn.fetch(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name LIKE 'pickwave write%'"
    )
    await conn.close()
    assert len(ended) == 1
    assert (await database.write(add("a"))).answer == {"value": 2}


def read_then_write(name: str) -> Command[Any]:
    """A command that would lose an update if another unit of its stream ran beside it."""
    asked = sa.select(base.counter.c.value).where(base.counter.c.stream == 1, base.counter.c.name == name)

    def run(work: Work) -> int:
        seen: int | None = work.execute(asked).scalar_one_or_none()
        if seen is None:
            work.execute(sa.insert(base.counter), {"stream": 1, "name": name, "value": 1})
            return 1
        work.execute(
            sa.update(base.counter).where(base.counter.c.stream == 1, base.counter.c.name == name),
            {"value": seen + 1},
        )
        work.emit("added", stream=1, by=1)
        return seen + 1

    return command(run)


async def test_units_of_one_stream_run_one_after_the_other_across_processes(open_database: Opening) -> None:
    here, there = await open_database(events=EVENTS), await open_database(events=EVENTS)

    async def work(database: Database) -> list[int]:
        return [(await database.write(read_then_write("a"))).answer for _ in range(20)]

    answers = await asyncio.gather(work(here), work(there), work(here))
    assert sorted(answer for each in answers for answer in each) == list(range(1, 61))
    assert await value(there, "a") == 60


async def test_a_unit_of_two_streams_waits_for_each_and_positions_follow_commits(open_database: Opening) -> None:
    here, there = await open_database(events=EVENTS), await open_database(events=EVENTS)

    async def work(database: Database, streams: frozenset[int]) -> None:
        for _ in range(10):
            await database.write(add("a", streams=streams))

    await asyncio.gather(work(here, BOTH), work(there, BOTH), work(here, frozenset({1})), work(there, CORE))
    assert (await value(here, "a"), await value(here, "a", 0)) == (30, 10)
    events = await here.read(lambda conn: log.tail(conn, 1, 0, 100))
    assert [event.position for event in events] == list(range(1, 31))


async def test_a_reader_never_sees_a_position_before_a_lower_one(open_database: Opening) -> None:
    here, there = await open_database(events=EVENTS), await open_database(events=EVENTS)
    seen: list[int] = []

    async def follow() -> None:
        while len(seen) < 40:
            bell = here.doorbell.count
            events = await here.read(lambda conn: log.tail(conn, 1, seen[-1] if seen else 0, 100))
            seen.extend(event.position for event in events)
            if not events:
                await here.rang(0.5, after=bell)

    async def work(database: Database) -> None:
        for _ in range(20):
            await database.write(add("a"))

    await asyncio.gather(follow(), work(here), work(there))
    assert seen == list(range(1, 41))


async def test_the_doorbell_rings_in_the_other_process(open_database: Opening) -> None:
    here, there = await open_database(events=EVENTS), await open_database(events=EVENTS)
    await there._site.bell.listening.wait()  # type: ignore[attr-defined]
    before = there.doorbell.count
    await here.write(add("a"))
    assert await there.rang(20, after=before)


async def test_processes_see_who_of_them_lives(open_database: Opening) -> None:
    here, there = await open_database(events=EVENTS), await open_database(events=EVENTS)
    assert await here.living() == await there.living() == {here.life, there.life}
    await there.close()
    assert await here.living() == {here.life}


async def test_whoever_lost_its_connection_and_lives_shows_it_again(
    open_database: Opening, postgres_database_url: str
) -> None:
    here, there = await open_database(events=EVENTS), await open_database(events=EVENTS)
    conn = await asyncpg.connect(postgres_database_url)
    await conn.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pickwave bell'"
    )
    await conn.close()
    async with asyncio.timeout(20):
        for database in (here, there):
            rang = database.doorbell.count
            while await here.living() != {here.life, there.life}:
                rang = await database.doorbell.wait(rang)
    assert await there.living() == {here.life, there.life}


async def test_a_process_has_ended_when_it_is_missing_twice(open_database: Opening) -> None:
    here, there = await open_database(events=EVENTS), await open_database(events=EVENTS)
    lives = {here.life, there.life}
    assert await here.ended(lives) == frozenset()
    await there.close()
    async with asyncio.timeout(20):
        while there.life in await here.living():  # the server takes its time to end what a process had open
            continue
    rang = here.doorbell.count
    assert await here.ended(lives) == frozenset(), "its doorbell may only have been cut"
    assert await here.rang(20, after=rang), "the second look is due"
    assert await here.ended(lives) == {there.life}


async def test_a_doorbell_that_was_cut_often_comes_again_as_soon_as_the_first_time(
    open_database: Opening, postgres_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures: list[int] = []

    def noted(count: int) -> float:
        failures.append(count)
        return 0.0

    monkeypatch.setattr(postgres, "pause_after", noted)
    database = await open_database(events=EVENTS)
    conn = await asyncpg.connect(postgres_database_url)
    for _ in range(3):
        rang = database.doorbell.count
        await conn.fetch(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'pickwave bell'"
        )
        async with asyncio.timeout(20):
            await database.doorbell.wait(rang)
    await conn.close()
    assert failures == [1, 1, 1]


async def test_a_process_that_stands_still_in_a_transaction_holds_nobody_up_and_runs_again(
    open_database: Opening,
) -> None:
    here = await open_database(events=EVENTS, lanes=lambda: Gathered(2))
    there = await open_database(events=EVENTS)
    tries: list[str] = []

    def stands_still(work: Work) -> int:
        tries.append("try")
        if len(tries) == 1:
            driver: Any = work.conn.connection.driver_connection
            await_only(driver.execute("SET idle_in_transaction_session_timeout = '50ms'"))
            await_only(there.write(add("a")))  # waits for the lock on the stream, which only the database can free
        return advance_counter(work.conn, 1, "a")

    told = await asyncio.gather(here.write(add("a", key="1")), here.write(command(stands_still)))
    assert (told[0].answer, told[1].answer, len(tries)) == ({"value": 2}, 3, 2)
    assert await value(here, "a") == 3
    assert await count(here, base.command) == 3


async def test_a_writers_connection_is_ended_when_its_machine_is_gone_or_stands_still(open_database: Opening) -> None:
    database = await open_database(events=EVENTS)
    wanted = sorted({**postgres.NOTICED_DEAD, **postgres.NOTICED_STILL})
    asked = "SELECT name FROM pg_settings WHERE name = ANY($1) AND source = 'client' ORDER BY name"

    def run(work: Work) -> list[str]:
        driver: Any = work.conn.connection.driver_connection
        return [row["name"] for row in await_only(driver.fetch(asked, wanted))]

    assert (await database.write(command(run))).answer == wanted


async def test_a_database_that_takes_no_connections_is_away_and_comes_again(
    open_database: Opening, postgres_url: str, postgres_database_url: str
) -> None:
    database = await open_database(events=EVENTS)
    async with refusing(postgres_url, postgres_database_url):
        for _ in range(3):
            with pytest.raises(DatabaseAway):
                await database.read(log.heads)
            with pytest.raises(DatabaseAway):
                await database.snapshot(log.heads)
            with pytest.raises(NotReady):
                await database.ready()
    await database.write(add("a"))
    assert await database.read(log.heads) == {1: 1}


async def test_a_deadlock_or_serialisation_failure_runs_again_alone(
    open_database: Opening, postgres_database_url: str
) -> None:
    conn = await asyncpg.connect(postgres_database_url)
    await conn.execute("DROP SEQUENCE IF EXISTS tries; CREATE SEQUENCE tries")
    await conn.execute("""
        CREATE OR REPLACE FUNCTION fail_twice() RETURNS int LANGUAGE plpgsql AS $$ BEGIN
          IF nextval('tries') < 3 THEN RAISE EXCEPTION 'as if' USING ERRCODE = '40P01'; END IF; RETURN 1; END $$""")
    await conn.close()
    database = await open_database(events=EVENTS, lanes=lambda: Gathered(3))

    def run(work: Work) -> int:
        advance_counter(work.conn, 1, "a")
        work.execute(sa.select(sa.func.fail_twice())).scalar_one()
        return advance_counter(work.conn, 1, "a")

    told = await asyncio.gather(database.write(add("a")), database.write(command(run)), database.write(add("a")))
    assert [each.answer for each in told] == [{"value": 1}, 3, {"value": 4}]


async def test_an_aborted_transaction_is_never_taken_for_committed(open_database: Opening) -> None:
    database = await open_database(events=EVENTS, lanes=lambda: Gathered(2))

    def abort_behind_our_back(work: Work) -> None:
        driver: Any = work.conn.connection.driver_connection
        with pytest.raises(asyncpg.PostgresError):
            await_only(driver.execute("SELECT 1/0"))

    told = await asyncio.gather(
        database.write(add("a", key="1")), database.write(command(abort_behind_our_back)), return_exceptions=True
    )
    assert told[0].answer == {"value": 1}  # type: ignore[union-attr]
    assert isinstance(told[1], WriteFailed)
    assert await value(database, "a") == 1
    assert await count(database, base.command) == 1


async def test_an_unreachable_database_is_one_sentence(clock: ManualClock) -> None:
    with pytest.raises(StartError, match=r"postgresql://u:\*\*\*@127.0.0.1:1/x cannot be reached") as caught:
        await Database.open("postgresql://u:secret@127.0.0.1:1/x", clock=clock, events=EVENTS, reactions={})
    assert caught.value.exit_code == 69


async def connections(url: str) -> int:
    conn = await asyncpg.connect(url)
    try:
        return int(
            await conn.fetchval(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND application_name LIKE 'pickwave write%'"
            )
        )
    finally:
        await conn.close()


async def test_a_warehouse_that_there_is_not_is_refused_before_a_connection_is_opened_for_it(
    open_database: Opening, postgres_database_url: str
) -> None:
    there: set[int] = set()

    def known(_conn: sa.Connection, number: int) -> None:
        if number not in there:
            raise Refusal("not_found")

    database = await open_database(events=EVENTS, known=known)
    for stream in (7, 8, 9):
        with pytest.raises(Refusal, match="not_found"):
            await database.write(add("a", streams=frozenset({stream})))
    assert await connections(postgres_database_url) == 0
    there.add(7)
    assert (await database.write(add("a", streams=frozenset({7})))).answer == {"value": 1}
    assert await connections(postgres_database_url) == 1


async def test_a_writer_that_nobody_needs_lets_go_of_its_connection_and_comes_back(
    open_database: Opening, postgres_database_url: str, clock: ManualClock
) -> None:
    database = await open_database(events=EVENTS)
    for stream in (1, 2, 3):
        await database.write(add("a", streams=frozenset({stream})))
    clock.advance(599)
    await database.write(add("a", streams=frozenset({3})))
    clock.advance(1)
    await database.write(add("a", streams=frozenset({4})))
    while await connections(postgres_database_url) != 2:  # the server takes its time to end a session
        continue
    assert (await database.write(add("a", streams=frozenset({1})))).answer == {"value": 2}
    assert await connections(postgres_database_url) == 3
