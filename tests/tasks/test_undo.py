"""The last command is taken back by bookings of its own, as long as nothing else was built on it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from server.core.clock import ManualClock
from server.core.ids import new_id
from server.db.database import Database
from server.orders.models import fulfilment_line
from server.orders.service import cancels
from server.packing.service import totes
from server.tasks import rules
from server.tasks import service as tasks
from server.tasks.models import task, tote
from server.tasks.schemas import Answered
from server.tasks.views import StopView
from server.waves import service as waves
from tests.support.world import Handheld, World, build, capture, handheld, release

REACTIONS = {
    "line.cancelled": (tasks.on_line_cancelled,),
    "tour.finished": (waves.on_tour_finished,),
    "task.done": (totes.on_task_done,),
}


@pytest.fixture
async def world(open_database: Callable[..., Awaitable[Database]], clock: ManualClock) -> World:
    return await build(await open_database(reactions=REACTIONS), clock)


async def _floor(world: World, milk: int = 3) -> UUID:
    """Ten of milk in each of two bins, some oats, and an order on the floor."""
    await world.stock("MILK", "A02-03-A", 10)
    await world.stock("MILK", "A04-05-A", 10)
    await world.stock("OATS", "A01-02-A", 10)
    order = await capture(world, "R-1", {"MILK": milk, "OATS": 2})
    await release(world)
    return order


async def _line(world: World, sku: str) -> Any:
    query = sa.select(fulfilment_line).where(fulfilment_line.c.item_id == world.items[sku])
    return await world.db.read(lambda conn: conn.execute(query).one())


async def _tasks(world: World, kind: str, state: str | None = None) -> list[Any]:
    query = sa.select(task).where(task.c.kind == kind).order_by(task.c.id)
    found = await world.db.read(lambda conn: list(conn.execute(query)))
    return [each for each in found if state is None or each.state == state]


async def _milk(picker: Handheld) -> StopView:
    """The open stop for three of milk."""
    tours = await picker.tours()
    stops = (tours[0] if tours else await picker.begin()).stops
    return next(stop for stop in stops if stop.state == "open" and stop.quantity == 3)


async def _undo(picker: Handheld, answer: Answered) -> tuple[str, Any]:
    picker.world.clock.advance(seconds=1)
    undone = await picker.did("undo", command=answer.id)
    return undone.outcome, undone.params.get("reason")


# --- a short


async def test_a_short_taken_back_leaves_everything_as_it_was(world: World) -> None:
    await _floor(world)
    picker = handheld(world)
    stop = await _milk(picker)
    before = await world.on_hand("MILK")
    answer = await picker.did("short", task=stop.task, missing=3, reason="empty")
    assert await _undo(picker, answer) == ("undone", None)
    assert await world.on_hand("MILK") == before
    line = await _line(world, "MILK")
    assert (line.reserved, line.backordered, line.picked) == (3, 0, 0)
    assert [each.state for each in await _tasks(world, "count")] == ["cancelled"]
    assert [(each.short, each.state) for each in await _tasks(world, "pick", "open") if each.id == stop.task] == [
        (0, "open")
    ]
    assert (await picker.pick(await _milk(picker))).severity == "ok"
    assert await world.broken() == []


async def test_a_short_that_found_nothing_elsewhere_takes_its_backorder_back(world: World) -> None:
    await world.stock("TEA", "A03-01-A", 3)
    await capture(world, "R-2", {"TEA": 3})
    await release(world)
    picker = handheld(world)
    stop = await _milk(picker)
    await picker.pick(stop, 1)
    world.clock.advance(seconds=1)
    answer = await picker.did("short", task=stop.task, missing=2, reason="damaged")
    assert answer.outcome == "shorted_backordered"
    assert await _undo(picker, answer) == ("undone", None)
    line = await _line(world, "TEA")
    assert (line.reserved, line.backordered, line.backorder_reason, line.picked) == (2, 0, None, 1)
    assert await world.on_hand("TEA") == {"SUPPLIER": -3, "A03-01-A": 2, "FLOOR": 1}
    assert await world.broken() == []


async def test_other_peoples_work_stays_as_it_was_planned_anew(world: World) -> None:
    await _floor(world)
    await capture(world, "R-2", {"MILK": 2})
    await release(world)
    ada, ben = handheld(world), handheld(world, world.other_picker, new_id())
    stop = await _milk(ada)
    await ben.begin_without_cart()
    answer = await ada.did("short", task=stop.task, missing=3, reason="not_found")
    moved = [each.bin.code for each in (await ben.tour()).stops if each.state == "open"]
    assert await _undo(ada, answer) == ("undone", None)
    assert [each.bin.code for each in (await ben.tour()).stops if each.state == "open"] == moved == ["A04-05-A"]
    assert await world.broken() == []


@pytest.mark.parametrize("built", ["replacement", "count", "order", "other short"])
async def test_a_short_on_which_something_was_built_stays_and_says_why(world: World, built: str) -> None:
    order = await _floor(world)
    picker = handheld(world)
    stop = await _milk(picker)
    answer = await picker.did("short", task=stop.task, missing=3, reason="empty")
    world.clock.advance(seconds=1)
    if built == "replacement":
        await picker.pick(await _milk(picker), 1)
    elif built == "count":
        (count,) = await _tasks(world, "count")
        await picker.did("count", task=count.id, bin="B-A02-03-A", counted=10)
    elif built == "order":
        await world.both(lambda work: cancels.cancel(work, order, "changed her mind"))
    else:
        other = await _milk(picker)
        await picker.did("short", task=other.task, missing=3, reason="empty")
    why = {"count": "count_done", "order": "order_cancelled"}.get(built, "replacement_begun")
    assert await _undo(picker, answer) == ("undo_too_late", why)
    assert await world.broken() == []


async def test_a_count_on_which_a_later_short_relies_stays_open(world: World) -> None:
    await world.stock("TEA", "A03-01-A", 10)
    await capture(world, "R-1", {"TEA": 3})
    await release(world)
    picker, other = handheld(world), handheld(world, world.other_picker, new_id())
    first = await picker.did("short", task=(await _milk(picker)).task, missing=3, reason="damaged")
    world.clock.advance(seconds=1)
    await capture(world, "R-2", {"TEA": 4})
    await release(world)
    await other.begin_without_cart()
    (late,) = (await other.tour()).stops
    await other.did("short", task=late.task, missing=1, reason="damaged")
    assert await _undo(picker, first) == ("undone", None)
    assert [each.state for each in await _tasks(world, "count")] == ["open"]
    assert await world.on_hand("TEA") == {"SUPPLIER": -10, "A03-01-A": 9, "A03-01-A/damaged": 1}
    assert await world.broken() == []


async def test_a_short_whose_pick_somebody_else_called_off_stays(world: World) -> None:
    await world.stock("TEA", "A03-01-A", 10)
    await capture(world, "R-1", {"TEA": 3})
    await release(world)
    picker, other = handheld(world), handheld(world, world.other_picker, new_id())
    first = await picker.did("short", task=(await _milk(picker)).task, missing=1, reason="damaged")
    await capture(world, "R-2", {"TEA": 5})
    await release(world)
    await other.begin_without_cart()
    (late,) = (await other.tour()).stops
    await other.did("short", task=late.task, missing=1, reason="empty")
    assert await _undo(picker, first) == ("undo_too_late", "done_since")
    assert await world.broken() == []


def test_why_a_short_stays_is_decided_by_what_stands_of_it() -> None:
    done = rules.ShortDone(lacking=1, held=4)
    stands = rules.ShortTraces(
        cancelled=False, called_off=False, replacements_untouched=True, count_open=True, on_status=4, backordered=1
    )
    assert rules.why_short_stays(done, stands) is None
    assert rules.why_short_stays(done, stands._replace(count_open=None)) is None
    assert rules.why_short_stays(done, stands._replace(backordered=0)) == "order_changed"
    assert rules.why_short_stays(done, stands._replace(cancelled=True)) == "order_cancelled"
    assert rules.why_short_stays(done, stands._replace(called_off=True)) == "done_since"
    assert rules.why_short_stays(done, stands._replace(replacements_untouched=False)) == "replacement_begun"
    assert rules.why_short_stays(done, stands._replace(count_open=False)) == "count_done"
    assert rules.why_short_stays(done, stands._replace(on_status=3)) == "count_done"


# --- a put-back


async def _cancelled(world: World, *, handed_over: bool) -> tuple[Handheld, list[Any]]:
    """Everything is picked, then the order is cancelled: before the totes are handed over, or after."""
    order = await _floor(world)
    picker = handheld(world)
    tour = await picker.begin()
    for stop in tour.stops:
        await picker.pick(stop)
    if handed_over:
        assert (await picker.did("tour.finish", tour=tour.id)).outcome == "tour_finished"
    await world.both(lambda work: cancels.cancel(work, order, "changed her mind"))
    return picker, await _tasks(world, "put_back", "open")


async def _back(picker: Handheld, back: Any) -> Answered:
    names = {id_: code for code, id_ in picker.world.bins.items()}
    picker.world.clock.advance(seconds=1)
    return await picker.did("put_back", task=back.id, qty=back.quantity - back.done, bin=f"B-{names[back.bin_id]}")


@pytest.mark.parametrize("handed_over", [False, True])
async def test_a_put_back_taken_back_is_to_do_again(world: World, handed_over: bool) -> None:
    picker, backs = await _cancelled(world, handed_over=handed_over)
    before = await world.on_hand("MILK")
    answers = [await _back(picker, back) for back in backs]
    milk = next(at for at, back in enumerate(backs) if back.item_id == world.items["MILK"])
    assert await _undo(picker, answers[milk]) == ("undone", None)
    assert await world.on_hand("MILK") == before
    assert (await _line(world, "MILK")).to_put_back == 3
    (again,) = await _tasks(world, "put_back", "open")
    assert (again.id, again.done, again.tour_id is None) == (backs[milk].id, 0, handed_over)
    state = await world.db.read(
        lambda conn: conn.execute(sa.select(tote.c.state).where(tote.c.lpn_id == again.lpn_id)).scalar_one()
    )
    assert state == ("staged" if handed_over else "assigned")
    assert (await _back(picker, again)).outcome == "put_back"
    assert (await _line(world, "MILK")).to_put_back == 0
    assert await world.broken() == []


async def test_a_put_back_whose_tour_was_finished_meanwhile_is_to_do_on_no_tour(world: World) -> None:
    picker, backs = await _cancelled(world, handed_over=False)
    answers = [await _back(picker, back) for back in backs]
    tour = await picker.tour()
    assert (await picker.did("tour.finish", tour=tour.id)).outcome == "tour_finished"
    assert await _undo(picker, answers[-1]) == ("undone", None)
    (again,) = await _tasks(world, "put_back", "open")
    assert again.tour_id is None
    assert (await _back(picker, again)).outcome == "put_back"
    assert await world.broken() == []


async def test_a_put_back_stays_when_its_tote_is_somebody_elses_or_the_stock_is_promised(world: World) -> None:
    picker, backs = await _cancelled(world, handed_over=True)
    answers = [await _back(picker, back) for back in backs]
    await capture(world, "R-9", {"MILK": 20})
    await release(world)
    milk = next(at for at, back in enumerate(backs) if back.item_id == world.items["MILK"])
    assert await _undo(picker, answers[milk]) == ("undo_too_late", "stock_given_away")
    await picker.begin()  # takes the first free tote: the one that the put-backs emptied
    assert await _undo(picker, answers[1 - milk]) == ("undo_too_late", "tote_in_use")
    assert await world.broken() == []


# --- a pick


async def test_a_pick_taken_back_after_the_totes_were_handed_over_opens_the_tour_again(world: World) -> None:
    await _floor(world)
    picker = handheld(world)
    tour = await picker.begin()
    answers = [await picker.pick(stop) for stop in tour.stops]
    await picker.did("tour.finish", tour=tour.id)
    assert await _undo(picker, answers[-1]) == ("undone", None)
    assert (await picker.tour()).state == "started"
    assert await world.broken() == []


async def test_only_ones_own_last_command_on_a_task_is_taken_back(world: World) -> None:
    await _floor(world)
    picker, other = handheld(world), handheld(world, world.other_picker, new_id())
    stop = await _milk(picker)
    first = await picker.pick(stop, 1)
    world.clock.advance(seconds=1)
    await picker.did("short", task=stop.task, missing=1, reason="empty")
    assert await _undo(picker, first) == ("undo_too_late", "done_since")
    refused = await picker.did("undo", command=first.id)
    assert (refused.severity, refused.task) == ("error", stop.task)
    assert await _undo(other, first) == ("nothing_to_undo", None)
