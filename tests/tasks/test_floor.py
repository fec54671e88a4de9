"""What the floor does arrives exactly once, is never refused when it is a fact, and leaves the books whole."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from server.auth.models import person
from server.core.clock import ManualClock
from server.core.ids import new_id
from server.core.refusal import Refusal
from server.db.database import Database
from server.orders.models import fulfilment_line
from server.orders.service import cancels
from server.tasks import batches, views
from server.tasks import service as tasks
from server.tasks.floor import Device
from server.tasks.models import fact_aside, task
from server.waves import service as waves
from tests.support.world import Handheld, World, build, capture, handheld, release

REACTIONS = {"line.cancelled": (tasks.on_line_cancelled,), "tour.finished": (waves.on_tour_finished,)}


@pytest.fixture
async def world(open_database: Callable[..., Awaitable[Database]], clock: ManualClock) -> World:
    return await build(await open_database(reactions=REACTIONS), clock)


async def _one_order(world: World, **lines: int) -> UUID:
    await world.stock("MILK", "A02-03-A", 10)
    await world.stock("MILK", "A04-05-A", 10)
    await world.stock("OATS", "A01-02-A", 10)
    order = await capture(world, "R-1", lines or {"MILK": 3, "OATS": 2})
    await release(world)
    return order


async def _line(world: World, sku: str) -> Any:
    query = sa.select(fulfilment_line).where(fulfilment_line.c.item_id == world.items[sku])
    return await world.db.read(lambda conn: conn.execute(query).one())


async def _tasks(world: World, kind: str) -> list[Any]:
    query = sa.select(task).where(task.c.kind == kind).order_by(task.c.id)
    return await world.db.read(lambda conn: list(conn.execute(query)))


async def _walk(picker: Handheld) -> list[str]:
    tour = await picker.begin()
    return [(await picker.pick(stop)).outcome for stop in tour.stops]


async def test_a_picker_takes_an_order_to_its_tote(world: World) -> None:
    await _one_order(world)
    picker = handheld(world)
    assert await _walk(picker) == ["stop_done", "tour_done"]
    tour = await picker.tour()
    assert tour.state == "started"
    finished = await picker.did("tour.finish", tour=tour.id)
    assert (finished.outcome, finished.version) == ("tour_finished", tour.version + 1)
    milk = await _line(world, "MILK")
    assert (milk.picked, milk.reserved) == (3, 0)
    assert await world.on_hand("MILK") == {"SUPPLIER": -20, "A02-03-A": 7, "A04-05-A": 10, "FLOOR": 3}
    assert await world.broken() == []


async def test_the_same_command_twice_is_answered_twice_and_done_once(world: World) -> None:
    await _one_order(world)
    picker = handheld(world)
    stop = (await picker.begin()).stops[0]
    sent = picker.command("pick", {"task": str(stop.task), "qty": 1, "bin": f"B-{stop.bin.code}", "item": "x",
                                   "tote": stop.tote, "slot": stop.slot})  # fmt: skip
    first = (await picker.send(sent)).answers[0]
    again = (await picker.send(sent)).answers[0]
    assert (first.outcome, first.again) == ("picked", False)
    assert (again.outcome, again.again) == ("picked", True)
    changed = {**sent, "body": {**sent["body"], "qty": 2}}
    assert (await picker.send(changed)).answers[0].outcome == "command_id_reused"
    assert await world.broken() == []


async def test_a_gap_applies_nothing_after_it(world: World) -> None:
    await _one_order(world)
    picker = handheld(world)
    stops = (await picker.begin()).stops
    picker.seq += 1
    before = await world.movements()
    bodies = [{"task": str(s.task), "qty": 1, "bin": f"B-{s.bin.code}", "item": "x", "tote": s.tote, "slot": s.slot}
              for s in stops]  # fmt: skip
    lost = await picker.send(*(picker.command("pick", body) for body in bodies))
    assert lost.answers == []
    assert lost.resend_from == lost.high_water + 1
    assert await world.movements() == before


async def test_a_malformed_command_keeps_its_answer_and_the_ones_after_it_go_on(world: World) -> None:
    await _one_order(world)
    picker = handheld(world)
    stop = (await picker.begin()).stops[0]
    bad = picker.command("pick", {"task": str(stop.task), "qty": "three"})
    strange = picker.command("dance", {})
    good = picker.command("pick", {"task": str(stop.task), "qty": 1, "bin": f"B-{stop.bin.code}", "item": "x",
                                   "tote": stop.tote, "slot": stop.slot})  # fmt: skip
    batch = await picker.send(bad, strange, good)
    assert [answer.outcome for answer in batch.answers] == ["command_malformed", "command_malformed", "picked"]
    assert "qty" in str(batch.answers[0].params["reason"])
    assert [answer.again for answer in (await picker.send(bad, strange, good)).answers] == [True, True, True]


@pytest.mark.parametrize("broken", ['{"a":' + "[" * 5000 + "]" * 5000 + "}", '{"a":"\\ud800"}', '{"a":"\\u0000"}'])
async def test_what_no_decoder_and_no_database_takes_is_malformed_and_the_ones_after_it_go_on(
    world: World, broken: str
) -> None:
    await _one_order(world)
    picker = handheld(world)
    stop = (await picker.begin()).stops[0]
    bad = json.dumps(picker.command("pick", {})).replace('"body": {}', f'"body": {broken}')
    good = json.dumps(picker.command("pick", {"task": str(stop.task), "qty": 1, "bin": stop.bin.code, "item": "x",
                                              "tote": stop.tote, "slot": stop.slot}))  # fmt: skip
    body = f'{{"device":"{picker.device}","epoch":"{picker.epoch}","commands":[{bad},{good}]}}'
    for again in (False, True):
        batch = await picker.desk.take(batches.read(body.encode()), Device(picker.device, 1))
        assert [answer.outcome for answer in batch.answers] == ["command_malformed", "picked"]
        assert [answer.again for answer in batch.answers] == [again, again]
        assert batch.high_water == picker.seq


async def test_a_refused_request_does_not_stop_the_batch_but_what_builds_on_it_is_refused(world: World) -> None:
    await _one_order(world)
    picker = handheld(world)
    tour = await picker.begin()
    stop = tour.stops[0]
    wrong = picker.command("tour.tote", {"tour": str(tour.id), "slot": 1, "tote": "T-9999"})
    after = picker.command("skip", {"task": str(stop.task)}, after=[wrong["id"]])
    good = picker.command("skip", {"task": str(stop.task)})
    batch = await picker.send(wrong, after, good)
    assert [answer.outcome for answer in batch.answers] == ["tote_unknown", "after_refused", "skipped"]
    assert batch.high_water == picker.seq


async def test_new_storage_starts_at_one_and_is_told(world: World) -> None:
    await _one_order(world)
    picker = handheld(world)
    await picker.begin()
    picker.epoch, picker.seq = "epoch-two", 0
    assert (await picker.did("skip", task=new_id())).outcome == "task_unknown"
    picker.epoch, picker.seq = "epoch-three", 4
    assert (await picker.send(picker.command("skip", {"task": str(new_id())}))).resend_from == 1


async def test_more_than_wanted_is_taken_and_comes_back_as_a_put_back(world: World) -> None:
    await _one_order(world)
    picker = handheld(world)
    stop = next(s for s in (await picker.begin()).stops if s.quantity == 3)
    answer = await picker.pick(stop, 5)
    assert (answer.outcome, answer.severity, answer.params["quantity"]) == ("over_picked", "card", 2)
    (back,) = await _tasks(world, "put_back")
    assert (back.quantity, back.tour_id is not None) == (2, True)
    done = await picker.did("put_back", task=back.id, qty=2, bin=f"B-{stop.bin.code}")
    assert done.outcome == "put_back"
    line = await _line(world, "MILK")
    assert (line.picked, line.to_put_back) == (3, 0)
    assert await world.broken() == []


async def test_a_bin_that_gave_more_than_the_books_had_is_adjusted_and_counted(world: World) -> None:
    await world.stock("TEA", "A03-01-A", 2)
    await capture(world, "R-2", {"TEA": 2})
    await release(world)
    picker = handheld(world)
    stop = (await picker.begin()).stops[0]
    answer = await picker.pick(stop, 4)
    assert answer.outcome == "over_picked"
    assert await world.on_hand("TEA") == {"SUPPLIER": -2, "ADJUST": -2, "FLOOR": 4}
    assert len(await _tasks(world, "count")) == 1
    assert await world.broken() == []


async def test_a_short_takes_the_rest_from_another_bin_on_the_same_tour(world: World) -> None:
    await _one_order(world)
    picker = handheld(world)
    stop = next(s for s in (await picker.begin()).stops if s.quantity == 3)
    await picker.pick(stop, 1)
    answer = await picker.did("short", task=stop.task, missing=2, reason="empty")
    assert (answer.outcome, answer.params["bin"]) == ("shorted_replaced", "A04-05-A")
    tour = await picker.tour()
    assert [(s.bin.code, s.quantity) for s in tour.stops if s.state == "open" and s.item == stop.item] == [
        ("A04-05-A", 2)
    ]
    assert (await world.on_hand("MILK"))["A02-03-A/hold"] == 9
    line = await _line(world, "MILK")
    assert (line.picked, line.reserved, line.backordered) == (1, 2, 0)
    assert await world.broken() == []


async def test_a_short_with_no_other_stock_is_backordered_with_its_reason(world: World) -> None:
    await world.stock("TEA", "A03-01-A", 2)
    await capture(world, "R-2", {"TEA": 2})
    await capture(world, "R-3", {"TEA": 0} | {"TEA": 2})
    await release(world)
    picker = handheld(world)
    stop = (await picker.begin()).stops[0]
    answer = await picker.did("short", task=stop.task, missing=2, reason="damaged")
    assert answer.outcome == "shorted_backordered"
    line = await _line(world, "TEA")
    assert (line.backordered, line.reserved, bool(line.backorder_reason)) == (2, 0, True)
    assert await world.on_hand("TEA") == {"SUPPLIER": -2, "A03-01-A/damaged": 2}
    assert await world.broken() == []


async def test_a_count_brings_held_stock_back_and_books_the_difference(world: World) -> None:
    await _one_order(world)
    picker = handheld(world)
    stop = next(s for s in (await picker.begin()).stops if s.quantity == 3)
    await picker.did("short", task=stop.task, missing=3, reason="not_found")
    (count,) = await _tasks(world, "count")
    assert (await picker.did("count", task=count.id, bin="B-A02-03-A", counted=4)).outcome == "counted"
    held = await world.on_hand("MILK")
    assert (held["A02-03-A"], held["ADJUST"]) == (4, 6)
    assert await world.broken() == []


async def test_a_skipped_stop_comes_back_at_the_end(world: World) -> None:
    await _one_order(world)
    picker = handheld(world)
    first, second = (await picker.begin()).stops
    assert (await picker.did("skip", task=first.task, reason="blocked")).outcome == "skipped"
    assert [stop.task for stop in (await picker.tour()).stops] == [second.task, first.task]


async def test_undo_takes_back_the_last_pick_and_its_put_back(world: World) -> None:
    await _one_order(world)
    picker = handheld(world)
    stop = next(s for s in (await picker.begin()).stops if s.quantity == 3)
    answer = await picker.pick(stop, 5)
    assert (await picker.did("undo", command=answer.id)).outcome == "undone"
    line = await _line(world, "MILK")
    assert (line.picked, line.reserved, line.to_put_back) == (0, 3, 0)
    assert (await world.on_hand("MILK"))["A02-03-A"] == 10
    assert (await picker.did("undo", command=answer.id)).outcome == "nothing_to_undo"
    assert (
        await picker.pick(next(s for s in (await picker.tour()).stops if s.task == stop.task))
    ).outcome != "set_aside"
    assert await world.broken() == []


async def test_an_order_cancelled_in_mid_pick_becomes_put_backs_and_the_tour_ends(world: World) -> None:
    order = await _one_order(world)
    picker = handheld(world)
    tour = await picker.begin()
    await picker.pick(tour.stops[0])
    await world.both(lambda work: cancels.cancel(work, order, "changed her mind"))
    late = await picker.pick(tour.stops[1])
    assert (late.outcome, late.severity) == ("picked_put_back", "card")
    backs = await _tasks(world, "put_back")
    assert sum(back.quantity for back in backs) == 5
    assert (await picker.did("tour.finish", tour=tour.id)).outcome == "tour_not_ready"
    names = {id_: code for code, id_ in world.bins.items()}
    for back in backs:
        assert (
            await picker.did("put_back", task=back.id, qty=back.quantity, bin=f"B-{names[back.bin_id]}")
        ).outcome == "put_back"
    assert (await picker.did("tour.finish", tour=tour.id)).outcome == "tour_finished"
    assert "FLOOR" not in await world.on_hand("MILK")
    assert await world.broken() == []


async def test_a_cancelled_order_goes_back_whole_out_of_the_totes_it_really_lies_in(world: World) -> None:
    order = await _one_order(world)
    picker = handheld(world)
    stop = next(s for s in (await picker.begin()).stops if s.quantity == 3)
    await picker.pick(stop, 1, tote="T-0015")
    await picker.pick(stop, 4)
    await world.both(lambda work: cancels.cancel(work, order, "changed her mind"))
    names = {id_: code for code, id_ in world.bins.items()}
    for back in await _tasks(world, "put_back"):
        await picker.did("put_back", task=back.id, qty=back.quantity, bin=f"B-{names[back.bin_id]}")
    assert await world.on_hand("MILK") == {"SUPPLIER": -20, "A02-03-A": 10, "A04-05-A": 10}
    assert (await _line(world, "MILK")).to_put_back == 0
    assert await world.broken() == []


async def test_what_cannot_be_booked_is_set_aside_and_never_lost(world: World) -> None:
    await _one_order(world)
    picker = handheld(world)
    stop = (await picker.begin()).stops[0]
    unknown = await picker.did("pick", task=new_id(), qty=1, bin="B-A01-01-A", item="x", tote="T-0001", slot=1)
    absurd = await picker.pick(stop, 1_000_000)
    body = {"task": str(stop.task), "qty": 1, "bin": "B-A01-02-A", "item": "x", "tote": stop.tote, "slot": 1}
    revoked = picker.command("pick", body, ticket=f"revoked:{world.picker}")
    answers = [unknown, absurd, (await picker.send(revoked)).answers[0]]
    assert [answer.outcome for answer in answers] == ["set_aside"] * 3
    kept = await world.db.read(lambda conn: list(conn.execute(sa.select(fact_aside))))
    assert len(kept) == 3
    assert await world.broken() == []


async def test_a_tour_belongs_to_one_picker_until_its_lease_is_over(world: World) -> None:
    await _one_order(world)
    ada, ben = handheld(world), handheld(world, world.other_picker, new_id())
    tour = await ada.begin()
    refused = await ben.did("tour.take", tour=tour.id)
    assert (refused.outcome, refused.params["person"]) == ("tour_claimed", "Ada")
    world.clock.advance(seconds=31 * 60)
    assert (await ben.did("tour.take", tour=tour.id)).outcome == "tour_taken"
    await ben.pick((await ben.tour()).stops[0])
    world.clock.advance(seconds=5 * 3600)
    assert (await ada.did("tour.take", tour=tour.id)).outcome == "tour_claimed"


async def test_a_tote_with_goods_or_of_another_tour_is_not_taken(world: World) -> None:
    await _one_order(world)
    await capture(world, "R-9", {"MILK": 1})
    await release(world)
    ada, ben = handheld(world), handheld(world, world.other_picker, new_id())
    mine = await ada.begin()
    other = next(iter((await world.db.snapshot(lambda c: views.queue(c, 1, world.other_picker))).offers))
    await ben.did("tour.take", tour=other)
    assert (await ben.did("tour.cart", tour=other, cart="C-01")).outcome == "cart_used"
    used = await ben.did("tour.tote", tour=other, slot=1, tote=mine.slots[0].tote)
    assert used.outcome == "tote_used"
    for stop in mine.stops:
        await ada.pick(stop)
    await ada.did("tour.finish", tour=mine.id)
    assert (await ben.did("tour.tote", tour=other, slot=1, tote=mine.slots[0].tote)).outcome == "tote_not_empty"


async def test_a_begun_tour_that_is_given_back_to_everyone_is_offered_and_can_be_taken(world: World) -> None:
    await _one_order(world)
    picker = handheld(world)
    tour = await picker.begin()
    await picker.pick(tour.stops[0], 1)
    await world.do(lambda work: tasks.reassign_tour(work, 1, tour.id, None))
    seen = await world.db.snapshot(lambda conn: views.queue(conn, 1, world.other_picker))
    assert [each.number for each in seen.offers.values()] == [tour.number]
    other = Handheld(world, picker.desk, world.other_picker, world.device, epoch="epoch-two")
    assert (await other.did("tour.take", tour=tour.id)).outcome == "tour_taken"
    assert (await other.tour()).id == tour.id


async def test_a_tour_is_given_to_nobody_who_may_not_pick_here(world: World) -> None:
    await _one_order(world)
    tour = await handheld(world).begin()
    with pytest.raises(Refusal) as refused:
        await world.do(lambda work: tasks.reassign_tour(work, 1, tour.id, new_id()))
    assert refused.value.code == "person_unknown"
    await world.do(lambda work: tasks.reassign_tour(work, 1, tour.id, world.other_picker))


async def test_the_tour_of_somebody_who_is_disabled_is_offered_and_can_be_taken(world: World) -> None:
    await _one_order(world)
    picker = handheld(world)
    tour = await picker.begin()
    await picker.pick(tour.stops[0], 1)
    gone = sa.update(person).where(person.c.id == world.picker).values(active=False)
    await world.do(lambda work: work.execute(gone), streams={0})
    seen = await world.db.snapshot(lambda conn: views.queue(conn, 1, world.other_picker))
    assert [each.number for each in seen.offers.values()] == [tour.number]
    other = Handheld(world, picker.desk, world.other_picker, world.device, epoch="epoch-two")
    assert (await other.did("tour.take", tour=tour.id)).outcome == "tour_taken"
