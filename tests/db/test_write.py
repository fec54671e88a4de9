"""Why: what a caller of `Database.write` may rely on, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.util import await_only

from server.core.clock import ManualClock
from server.core.events import Event
from server.core.refusal import Fault, Refusal
from server.db import base, log
from server.db.database import Database
from server.db.errors import NotReady
from server.db.work import Actor, EventLoop, MoreStreams, StreamNotHeld, Together, Work, advance_counter
from server.db.writer import Command, Job, Key, Lane, Lanes
from tests.db.house import BOTH, CORE, EVENTS, SITE, Gathered, add, command, count, key_of, value

Opening = Callable[..., Awaitable[Database]]


async def outcomes(*writes: Awaitable[Any]) -> list[Any]:
    return await asyncio.gather(*writes, return_exceptions=True)


async def test_a_command_is_stored_with_its_events_when_it_is_answered(open_database: Opening) -> None:
    database = await open_database(events=EVENTS)
    done = await database.write(add("a", 3))
    assert (done.answer, done.replayed, done.position) == ({"value": 3}, False, 1)
    assert await value(database, "a") == 3
    events = await database.read(lambda conn: log.tail(conn, 1, 0, 10))
    assert [(event.type, event.position, event.payload) for event in events] == [("added", 1, {"by": 3})]


async def test_a_unit_that_fails_after_a_committed_one_leaves_nothing(open_database: Opening) -> None:
    database = await open_database(events=EVENTS)
    await database.write(add("a", 1))

    def write_and_fall(work: Work) -> None:
        advance_counter(work.conn, 1, "a", 10)
        work.emit("added", stream=1, by=10)
        raise ZeroDivisionError("a bug")

    with pytest.raises(ZeroDivisionError, match="a bug"):
        await database.write(command(write_and_fall, key="1"))
    assert await value(database, "a") == 1
    assert await count(database, base.command) == 1
    assert await database.read(lambda conn: log.head(conn, 1)) == 1
    assert (await database.write(add("a", 1))).answer == {"value": 2}


async def test_a_refusal_after_a_write_leaves_only_its_stored_answer(open_database: Opening) -> None:
    database = await open_database(events=EVENTS)
    runs = []

    def write_and_refuse(work: Work) -> None:
        runs.append(1)
        advance_counter(work.conn, 1, "a", 10)
        work.emit("added", stream=1, by=10)
        raise Refusal("stock_missing", Fault("qty", "too many", wanted="2", got="10"), available=2)

    for _ in range(2):
        with pytest.raises(Refusal) as caught:
            await database.write(command(write_and_refuse, key="1"))
        assert caught.value.code == "stock_missing"
        assert caught.value.params == {"available": 2}
        assert caught.value.faults == (Fault("qty", "too many", wanted="2", got="10"),)
    assert runs == [1]
    assert await value(database, "a") == 0
    assert await count(database, base.event) == 0
    assert await count(database, base.command) == 1


async def test_the_same_id_is_answered_again_and_not_done_again(open_database: Opening) -> None:
    database = await open_database(events=EVENTS)
    first = await database.write(add("a", 3, key="1"))
    again = await database.write(add("a", 3, key="1"))
    assert (again.answer, again.replayed, again.body) == (first.answer, True, first.body)
    assert await value(database, "a") == 3


async def test_the_same_id_twice_in_one_group_is_done_once(open_database: Opening) -> None:
    database = await open_database(events=EVENTS, lanes=lambda: Gathered(2))
    both = await asyncio.gather(database.write(add("a", 3, key="1")), database.write(add("a", 3, key="1")))
    assert [done.replayed for done in both] == [False, True]
    assert await value(database, "a") == 3


async def test_the_same_id_with_another_payload_is_refused_and_changes_nothing(open_database: Opening) -> None:
    database = await open_database(events=EVENTS)
    await database.write(add("a", 3, key="1"))
    for _ in range(2):
        with pytest.raises(Refusal, match="command_id_reused"):
            await database.write(add("a", 4, key="1", payload=b"other"))
    assert (await database.write(add("a", 3, key="1"))).answer == {"value": 3}
    assert await value(database, "a") == 3


async def test_ids_are_told_apart_by_scope_and_home_stream(open_database: Opening) -> None:
    database = await open_database(events=EVENTS)
    await database.write(add("a", key="1"))
    assert not (await database.write(add("a", key="1", streams=CORE))).replayed
    other = Command(lambda work: 7, SITE, Actor(), "other", Key("device:8", "1", b"same"))
    assert (await database.write(other)).answer == 7


async def test_a_stored_answer_is_read_back_as_the_type_the_command_names(open_database: Opening) -> None:
    database = await open_database(events=EVENTS)
    asked = Command(lambda work: Fault("f", "m"), SITE, Actor(), "typed", key_of("1"), answer=Fault)
    first, again = await database.write(asked), await database.write(asked)
    assert first.answer == again.answer == Fault("f", "m")


async def test_a_client_that_goes_away_does_not_stop_its_command(open_database: Opening) -> None:
    database = await open_database(events=EVENTS, lanes=lambda: Gathered(2))
    gone = asyncio.create_task(database.write(add("a", 3, key="1")))
    await asyncio.sleep(0)
    gone.cancel()
    await database.write(add("b"))
    assert gone.cancelled()
    assert await value(database, "a") == 3
    assert (await database.write(add("a", 3, key="1"))).replayed


async def test_a_bug_in_one_command_of_a_group_is_its_callers_alone(open_database: Opening) -> None:
    database = await open_database(events=EVENTS, lanes=lambda: Gathered(5))

    def fall(work: Work) -> None:
        advance_counter(work.conn, 1, "a", 100)
        raise KeyError("bug")

    def break_a_constraint(work: Work) -> None:
        advance_counter(work.conn, 1, "a", 100)
        for _ in range(2):
            work.execute(sa.insert(base.counter), {"stream": 1, "name": "twice", "value": 1})

    told = await outcomes(
        database.write(add("a")),
        database.write(command(fall)),
        database.write(add("a")),
        database.write(command(break_a_constraint)),
        database.write(add("a")),
    )
    assert [type(each).__name__ for each in told] == ["Done", "KeyError", "Done", "IntegrityError", "Done"]
    assert [told[0].position, told[2].position, told[4].position] == [1, 2, 3]
    assert await value(database, "a") == 3
    assert await value(database, "twice") == 0


async def test_a_service_that_goes_on_after_a_database_error_is_undone_on_both(open_database: Opening) -> None:
    database = await open_database(events=EVENTS)

    def swallow(work: Work) -> str:
        work.execute(sa.insert(base.counter), {"stream": 1, "name": "once", "value": 1})
        with pytest.raises(IntegrityError):
            work.execute(sa.insert(base.counter), {"stream": 1, "name": "once", "value": 2})
        return "as if nothing had been"

    with pytest.raises(RuntimeError, match="went on after a database error"):
        await database.write(command(swallow, key="1"))
    assert await value(database, "once") == 0
    assert await count(database, base.command) == 0


async def test_a_group_runs_in_the_order_of_the_queue_and_positions_follow_it(open_database: Opening) -> None:
    database = await open_database(events=EVENTS, lanes=lambda: Gathered(20))
    done = await asyncio.gather(*(database.write(add("a", by)) for by in range(1, 21)))
    assert [each.position for each in done] == list(range(1, 21))
    events = await database.read(lambda conn: log.tail(conn, 1, 0, 100))
    assert [event.payload["by"] for event in events] == list(range(1, 21))


async def test_a_full_lane_is_refused_as_busy_and_the_queued_are_done(open_database: Opening) -> None:
    database = await open_database(events=EVENTS, lanes=lambda: Gathered(3, size=2))
    waiting = [asyncio.create_task(database.write(add("a"))) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(Refusal, match="busy"):
        await database.write(add("a"))
    await database.write(add("a", lane=Lane.BULK))
    await asyncio.gather(*waiting)
    assert await value(database, "a") == 3


def _job(asked: Command[Any]) -> Job:
    return Job.of(asked, lambda outcome: None)


def test_the_floor_goes_before_bulk_and_bulk_goes_one_slice_at_a_time() -> None:
    lanes = Lanes(group=2)
    bulk = [_job(add("b", lane=Lane.BULK)) for _ in range(2)]
    floor = [_job(add("f")) for _ in range(3)]
    for job in (*bulk, *floor):
        lanes.put(job)
    assert lanes.take() == floor[:2]
    assert lanes.take() == floor[2:]
    assert lanes.take() == bulk[:1]
    lanes.put(floor[0])
    assert lanes.floor_waits()
    assert lanes.take() == floor[:1]
    assert lanes.take() == bulk[1:]
    assert lanes.take() == []


async def test_bulk_that_came_first_runs_after_the_floor(open_database: Opening) -> None:
    order: list[str] = []

    def note(name: str, lane: Lane) -> Command[None]:
        return command(lambda work: order.append(name), lane=lane)

    database = await open_database(events=EVENTS, lanes=lambda: Gathered(4))
    await asyncio.gather(
        database.write(note("bulk 1", Lane.BULK)),
        database.write(note("bulk 2", Lane.BULK)),
        database.write(note("floor 1", Lane.FLOOR)),
        database.write(note("floor 2", Lane.FLOOR)),
    )
    assert order == ["floor 1", "floor 2", "bulk 1", "bulk 2"]


async def test_a_command_that_needs_more_streams_is_undone_and_runs_once_more(open_database: Opening) -> None:
    database = await open_database(events=EVENTS)
    held = []

    def widen(work: Work) -> int:
        held.append(work.streams)
        total = advance_counter(work.conn, 1, "a")
        work.need(0)
        advance_counter(work.conn, 0, "core")
        work.emit("added", stream=0, by=total)
        return total

    done = await database.write(command(widen, key="1"))
    assert held == [SITE, BOTH]
    assert (done.answer, await value(database, "a"), await value(database, "core", 0)) == (1, 1, 1)
    assert done.positions == {0: 1}
    assert (await database.write(command(widen, key="1"))).replayed


async def test_a_command_that_widens_twice_is_a_bug(open_database: Opening) -> None:
    database = await open_database(events=EVENTS)

    def greedy(work: Work) -> None:
        advance_counter(work.conn, 1, "a")
        work.need(0)
        work.need(2)

    with pytest.raises(MoreStreams):
        await database.write(command(greedy))
    assert await value(database, "a") == 0


async def test_two_warehouses_without_stream_nought_are_a_bug(open_database: Opening) -> None:
    with pytest.raises(ValueError, match="stream 0"):
        add("a", streams=frozenset({1, 2}))
    with pytest.raises(ValueError, match="at least one"):
        add("a", streams=frozenset())
    database = await open_database(events=EVENTS)
    with pytest.raises(ValueError, match="stream 0"):
        await database.write(command(lambda work: work.need(2)))


async def test_numbers_count_up_by_stream_and_a_refused_one_is_given_again(open_database: Opening) -> None:
    database = await open_database(events=EVENTS)

    def refuse(work: Work) -> None:
        work.number("order")
        raise Refusal("stock_missing")

    assert (await database.write(command(lambda work: work.number("order")))).answer == 1
    with pytest.raises(Refusal):
        await database.write(command(refuse))
    assert (await database.write(command(lambda work: work.number("order")))).answer == 2
    both = command(lambda work: (work.number("order"), work.number("order", stream=0)), streams=BOTH)
    assert (await database.write(both)).answer == (3, 1)
    with pytest.raises(StreamNotHeld):
        await database.write(command(lambda work: work.number("order", stream=0)))


async def test_an_event_must_be_of_the_catalogue_and_of_a_held_stream(open_database: Opening) -> None:
    database = await open_database(events=EVENTS)
    with pytest.raises(ValueError, match="catalogue"):
        await database.write(command(lambda work: work.emit("nothing", stream=1)))
    with pytest.raises(ValueError, match="wanted int"):
        await database.write(command(lambda work: work.emit("added", stream=1, by="three")))
    with pytest.raises(StreamNotHeld):
        await database.write(command(lambda work: work.emit("added", stream=0, by=3)))


async def test_reactions_run_breadth_first_in_the_order_of_the_table(open_database: Opening) -> None:
    heard: list[str] = []

    def first(work: Work, event: Event) -> None:
        heard.append(f"first {event.payload['by']}")
        work.emit("echoed", stream=1, of=str(event.payload["by"]))

    def second(work: Work, event: Event) -> None:
        heard.append(f"second {event.payload['by']}")

    def echo(work: Work, event: Event) -> None:
        heard.append(f"echo {event.payload['of']}")

    def run(work: Work) -> None:
        work.emit("added", stream=1, by=1)
        work.emit("added", stream=1, by=2)

    database = await open_database(events=EVENTS, reactions={"added": (first, second), "echoed": (echo,)})
    await database.write(command(run))
    assert heard == ["first 1", "second 1", "first 2", "second 2", "echo 1", "echo 2"]
    events = await database.read(lambda conn: log.tail(conn, 1, 0, 10))
    assert [event.type for event in events] == ["added", "added", "echoed", "echoed"]


async def test_a_run_of_events_is_reacted_to_together_where_the_table_says_so(open_database: Opening) -> None:
    heard: list[str] = []

    def together(work: Work, events: Sequence[Event]) -> None:
        heard.append("together " + " ".join(str(event.payload["by"]) for event in events))

    def singly(work: Work, event: Event) -> None:
        heard.append(f"singly {event.payload['by']}")

    def run(work: Work) -> None:
        for by in (1, 2):
            work.emit("added", stream=1, by=by)
        work.emit("looped", stream=1)
        work.emit("added", stream=1, by=3)

    database = await open_database(events=EVENTS, reactions={"added": (Together(together), singly)})
    await database.write(command(run))
    assert heard == ["together 1 2", "singly 1", "singly 2", "together 3", "singly 3"]


async def test_a_reaction_that_refuses_is_the_answer_and_nothing_else_stays(open_database: Opening) -> None:
    def refuse(work: Work, event: Event) -> None:
        raise Refusal("stock_reserved", reserved=2)

    database = await open_database(events=EVENTS, reactions={"added": (refuse,)})
    for _ in range(2):
        with pytest.raises(Refusal, match="stock_reserved"):
            await database.write(add("a", key="1"))
    assert await value(database, "a") == 0
    assert await count(database, base.event) == 0


async def test_an_event_that_reaches_itself_is_a_bug(open_database: Opening) -> None:
    reactions = {
        "looped": (lambda work, event: work.emit("echoed", stream=1, of="it"),),
        "echoed": (lambda work, event: work.emit("looped", stream=1),),
    }
    database = await open_database(events=EVENTS, reactions=reactions)
    with pytest.raises(EventLoop, match="looped > echoed > looped"):
        await database.write(command(lambda work: work.emit("looped", stream=1)))
    assert await count(database, base.event) == 0


async def test_time_stands_still_for_a_command_and_is_what_its_rows_say(
    open_database: Opening, clock: ManualClock
) -> None:
    database = await open_database(events=EVENTS)
    started = clock.now()

    def run(work: Work) -> bool:
        clock.advance(seconds=5)
        work.emit("added", stream=1, by=1)
        return work.now == started

    assert (await database.write(command(run, key="1"))).answer is True
    (event,) = await database.read(lambda conn: log.tail(conn, 1, 0, 10))
    assert event.at == started


async def test_every_command_has_a_row_that_says_who_did_what(open_database: Opening) -> None:
    database = await open_database(events=EVENTS)
    seen = []
    await database.write(command(lambda work: seen.append(work.command_id)))
    given = "01a20f28-bfad-73f6-9309-05697c891c6e"
    await database.write(command(lambda work: seen.append(work.command_id), key=given))
    rows = await database.read(
        lambda conn: conn.execute(
            sa.select(base.command.c.command_id, base.command.c.name, base.command.c.scope).order_by(
                base.command.c.scope
            )
        ).all()
    )
    assert [tuple(row) for row in rows] == [(seen[0], "test", ""), (seen[1], "test", "device:7")]
    assert str(seen[1]) == given


async def test_a_snapshot_does_not_move_while_others_write(open_database: Opening) -> None:
    database = await open_database(events=EVENTS)
    await database.write(add("a"))
    asked = sa.select(base.counter.c.value).where(base.counter.c.name == "a")
    loop = asyncio.get_running_loop()

    def look_twice(conn: sa.Connection) -> tuple[int, int]:
        before = conn.execute(asked).scalar_one()
        await_only(asyncio.wrap_future(asyncio.run_coroutine_threadsafe(database.write(add("a")), loop)))
        return before, conn.execute(asked).scalar_one()

    assert await database.snapshot(look_twice) == (1, 1)
    assert await database.read(look_twice) == (2, 3)


async def test_a_snapshot_that_is_cancelled_while_it_reads_ends_as_cancelled(open_database: Opening) -> None:
    database = await open_database(events=EVENTS)
    begun = asyncio.Event()

    def look(conn: sa.Connection) -> None:
        while True:
            conn.execute(sa.select(base.counter.c.value)).all()
            begun.set()

    looking = asyncio.create_task(database.snapshot(look))
    await begun.wait()
    looking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await looking
    await database.write(add("a"))
    assert await value(database, "a") == 1


async def test_a_reader_that_fails_leaves_the_next_a_clean_connection(open_database: Opening) -> None:
    database = await open_database(events=EVENTS)

    def fails(conn: sa.Connection) -> None:
        conn.execute(sa.select(base.counter.c.value))
        raise ZeroDivisionError

    for _ in range(8):
        with pytest.raises(ZeroDivisionError):
            await database.snapshot(fails)
    assert await database.snapshot(lambda conn: conn.execute(sa.select(sa.literal(1))).scalar_one()) == 1


async def test_a_reader_cannot_write(open_database: Opening) -> None:
    database = await open_database(events=EVENTS)
    for reading in (database.read, database.snapshot):
        with pytest.raises(sa.exc.DBAPIError):
            await reading(lambda conn: conn.execute(sa.delete(base.counter)))
    await database.write(add("a"))
    assert await value(database, "a") == 1


async def test_the_doorbell_rings_after_the_commit(open_database: Opening) -> None:
    database = await open_database(events=EVENTS)
    before = database.doorbell.count
    assert not await database.rang(0)
    await database.write(add("a"))
    assert await database.rang(10, after=before)


async def test_closing_finishes_what_is_queued_and_takes_no_more(open_database: Opening, database_url: str) -> None:
    database = await open_database(events=EVENTS)
    await database.ready()
    queued = [asyncio.create_task(database.write(add("a"))) for _ in range(100)]
    await asyncio.sleep(0)
    await database.close()
    assert sum(done.answer["value"] for done in await asyncio.gather(*queued)) == sum(range(1, 101))
    with pytest.raises(Refusal, match="busy"):
        await database.write(add("a"))
    with pytest.raises(NotReady):
        await database.ready()
    assert await value(await open_database(events=EVENTS), "a") == 100


async def test_the_log_is_read_by_stream_and_position_and_cut_at_its_old_end(
    open_database: Opening, clock: ManualClock
) -> None:
    database = await open_database(events=EVENTS)
    for by in range(1, 4):
        await database.write(add("a", by))
    await database.write(add("a", 9, streams=CORE))
    clock.advance(seconds=100)
    await database.write(add("a", 4))
    assert await database.read(log.heads) == {0: 1, 1: 4}
    assert [e.position for e in await database.read(lambda conn: log.tail(conn, 1, 1, 2))] == [2, 3]
    assert (await database.write(command(lambda work: log.cut(work, 1, through=2)))).answer == 2
    assert await database.read(lambda conn: log.first(conn, 1)) == 3
    assert (await database.write(command(lambda work: log.cut(work, 1, through=9, limit=1)))).answer == 1
    assert (await database.write(command(lambda work: log.cut(work, 1, through=9)))).answer == 1
    assert await database.read(lambda conn: (log.first(conn, 1), log.head(conn, 1))) == (5, 4)
    assert (await database.write(add("a"))).position == 5


async def test_old_answers_are_forgotten_oldest_first_and_only_of_their_stream(
    open_database: Opening, clock: ManualClock
) -> None:
    database = await open_database(events=EVENTS)
    for id_ in ("1", "2", "3"):
        await database.write(add("a", key=id_))
        clock.advance(seconds=10)
    await database.write(add("a", key="core", streams=CORE))
    before = clock.now() - timedelta(seconds=5)
    counts = [
        (await database.write(command(lambda work: log.forget(work, 1, before=before, limit=2)))).answer
        for _ in range(3)
    ]
    assert counts == [2, 1, 0]
    assert (await database.write(add("a", key="core", streams=CORE))).replayed
    assert not (await database.write(add("a", key="1"))).replayed
