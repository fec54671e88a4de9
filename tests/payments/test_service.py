"""Money by intent, question and recorded answer, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

import pytest
import sqlalchemy as sa

from server.core.ids import new_id
from server.core.refusal import Refusal
from server.db import log
from server.db.unit import Command
from server.orders.rules import PAID
from server.orders.service import cancels
from server.payments.models import payment, payment_intent
from server.payments.port import Call, Declined, Succeeded
from server.payments.service import asking, invariants, payments
from server.payments.sinks import on_shipment_closed
from tests.payments.conftest import Till
from tests.support.gateway import watching
from tests.support.shop import DESK, order

CALL = Call(key="x", kind="authorise", at=datetime(2026, 11, 24, tzinfo=UTC))


async def state(till: Till) -> str:
    (row,) = await till.shop.ask(sa.select(payment.c.state))
    return str(row[0])


async def intents(till: Till) -> list[tuple[str, str]]:
    rows = await till.shop.ask(sa.select(payment_intent.c.kind, payment_intent.c.state).order_by(payment_intent.c.id))
    return [(row[0], row[1]) for row in rows]


async def ship(till: Till, order_id: object, line: object, quantity: int) -> None:
    """Ships units of a line and tells the sink, twice: it may be told again after a crash."""
    await till.shop.change(line, "shipped", reserved=-quantity, picked=quantity, packed=quantity, shipped=quantity)  # type: ignore[arg-type]
    shipment, part = new_id(), new_id()
    run = partial(_close, shipment=shipment, part=part, order=order_id)
    await till.shop.do(run, 1)
    (event,) = [
        each for each in await till.shop.db.read(lambda conn: log.tail(conn, 1, 0, 10_000))
        if each.type == "shipment.closed" and each.payload["shipment"] == str(shipment)
    ]  # fmt: skip
    await on_shipment_closed(till.shop.db, event)
    await on_shipment_closed(till.shop.db, event)


def _close(work, shipment, part, order) -> None:  # type: ignore[no-untyped-def]
    work.emit("shipment.closed", stream=1, shipment=shipment, fulfilment=part, order=order)


# --- authorise


async def test_a_card_is_authorised_and_the_order_leaves_waiting(till: Till) -> None:
    captured = await till.shop.capture()
    assert (captured.status, await till.worker.step()) == ("authorising", 1)
    page = await till.shop.page(captured.number)
    assert page.status == "ready"
    assert page.payment.state == await state(till) == "authorised"
    assert page.payment.authorised_until == datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
    assert page.timeline[0].en == "Payment authorised, 14.90 EUR"
    assert page.timeline[0].who == "payments"
    assert await till.worker.step() == 0


async def test_a_declined_card_holds_the_order_and_another_one_lets_it_go(till: Till) -> None:
    captured = await till.shop.capture(order(token="decline"))
    await till.worker.step()
    page = await till.shop.page(captured.number)
    assert (page.status, [hold.reason for hold in page.holds]) == ("on_hold", ["payment_declined"])
    assert page.can == ["hold", "cancel", "retry_payment"]
    assert "not enough money on the card" in page.timeline[1].en + page.timeline[0].en
    assert await till.shop.do(lambda work: payments.retry(work, captured.id, "ok")) == "on_hold"
    await till.worker.step()
    page = await till.shop.page(captured.number)
    assert (page.status, page.holds[0].state) == ("ready", "released")
    with pytest.raises(Refusal) as caught:
        await till.shop.do(lambda work: payments.retry(work, captured.id))
    assert caught.value.code == "move_not_allowed"


async def test_an_answer_that_was_lost_is_asked_for_and_nothing_is_done_twice(till: Till) -> None:
    captured = await till.shop.capture(order(token="timeout-once"))
    await till.worker.step()
    assert (await till.shop.page(captured.number)).status == "authorising"
    assert await till.worker.step() == 0, "not before it is due again"
    till.shop.clock.advance(11)
    await till.worker.step()
    assert (await till.shop.page(captured.number)).status == "ready"
    assert till.gateway.asked == ["authorise", "status"]
    assert till.calls() == ["authorise"]


async def test_a_call_that_never_arrived_is_made_again_after_asking(till: Till) -> None:
    captured = await till.shop.capture(order(token="lost-once"))
    await till.settle()
    assert (await till.shop.page(captured.number)).status == "ready"
    assert till.gateway.asked == ["authorise", "status", "authorise"]
    assert till.calls() == ["authorise"]


async def test_an_answer_that_comes_twice_is_recorded_once(till: Till) -> None:
    captured = await till.shop.capture(order(token="twice"))
    await till.worker.step()
    told = [entry.what for entry in (await till.shop.page(captured.number)).timeline]
    assert told.count("payment_authorised") == 1
    assert await intents(till) == [("authorise", "succeeded")]


async def test_an_answer_after_the_answer_changes_nothing(till: Till) -> None:
    await till.shop.capture()
    await till.worker.step()
    (row,) = await till.shop.ask(sa.select(payment_intent.c.id))
    late = Succeeded("another")
    assert await till.shop.do(lambda work: asking.answer(work, row[0], late)) == "succeeded"
    assert await till.shop.ask(sa.select(payment_intent.c.reference)) != [("another",)]


async def test_the_watch_over_the_gateway_notices_a_call_inside_a_unit(till: Till) -> None:
    def run(_work: object) -> None:
        till.gateway.status(CALL).send(None)

    with pytest.raises(AssertionError, match="inside a unit of work"):
        await watching(till.shop.db).write(Command(run, frozenset({0}), DESK, "test"))
    assert await till.gateway.status(CALL) is None


# --- crashes


@pytest.mark.parametrize("cut", ["before", "after"])
async def test_a_crash_around_the_call_is_made_good_after_the_restart(
    till: Till, cut: str, again: Callable[[Till], Till]
) -> None:
    captured = await till.shop.capture()
    (row,) = await till.shop.ask(sa.select(payment_intent.c.id))
    asked = await till.shop.do(lambda work: asking.ask(work, row[0], "sandbox"))
    assert asked is not None
    if cut == "after":
        await till.sandbox.authorise(asked.call)
    restarted = again(till)
    assert await restarted.worker.step() == 0
    await restarted.settle()
    assert (await till.shop.page(captured.number)).status == "ready"
    assert restarted.calls() == ["authorise"]
    assert restarted.gateway.asked == (["status"] if cut == "after" else ["status", "authorise"])


async def test_two_workers_ask_once(till: Till, again: Callable[[Till], Till]) -> None:
    for n in range(6):
        await till.shop.capture(order(f"R-{n}", [("HONEY", 1, 100)]))
    other = again(till)
    done = await asyncio.gather(till.worker.step(), other.worker.step())
    assert sum(done) == 6
    assert len(till.gateway.asked) + len(other.gateway.asked) == 6


async def test_a_gateway_that_stays_silent_is_asked_ever_more_seldom_and_the_order_waits(till: Till) -> None:
    captured = await till.shop.capture()
    till.gateway.cut_before = 10**6
    for _ in range(40):
        await till.worker.step()
        till.shop.clock.advance(60)
    assert (await till.shop.page(captured.number)).status == "authorising"
    assert 6 <= len(till.gateway.asked) <= 12
    till.gateway.cut_before = 0
    till.shop.clock.advance(900)
    await till.worker.step()
    assert (await till.shop.page(captured.number)).payment.state in PAID


async def test_a_worker_that_fails_on_one_goes_on_with_the_others(till: Till) -> None:
    await till.shop.capture(order("A", [("TEA", 1, 1)]))
    await till.shop.capture(order("B", [("TEA", 1, 1)]))
    broken = till.gateway.authorise
    failed: list[str] = []

    async def once(call: Call) -> object:
        if not failed:
            failed.append(call.key)
            raise RuntimeError("a bug in the adapter")
        return await broken(call)

    till.gateway.authorise = once  # type: ignore[method-assign, assignment]
    assert await till.worker.step() == 1
    await till.settle()
    states = {row[0] for row in await till.shop.ask(sa.select(payment.c.state))}
    assert states == {"authorised"}


async def test_the_worker_runs_by_itself_and_is_woken_by_an_order(till: Till) -> None:
    task = asyncio.create_task(till.worker.run())
    try:
        captured = await till.shop.capture()
        async with asyncio.timeout(10):
            while (await till.shop.page(captured.number)).status != "ready":
                await till.shop.db.rang(1)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


# --- capture at shipment


async def test_money_is_taken_when_it_ships_and_only_for_what_has_shipped(till: Till) -> None:
    captured = await till.shop.capture(order(lines=[("HONEY", 3, 500)]))
    await till.worker.step()
    (line,) = (await till.shop.release(captured.id)).lines
    await ship(till, captured.id, line.id, 2)
    assert await state(till) == "capturing"
    await till.worker.step()
    assert (await state(till), till.taken()) == ("captured", 2 * 500 + 490)
    await ship(till, captured.id, line.id, 1)
    await till.worker.step()
    page = await till.shop.page(captured.number)
    assert till.taken() == page.payment.captured_minor == page.total_minor == 1990
    assert await till.shop.refresh(captured.id) == "shipped"


async def test_two_shipments_before_the_gateway_answers_are_both_paid(till: Till) -> None:
    captured = await till.shop.capture(order(lines=[("HONEY", 3, 500)]))
    await till.worker.step()
    (line,) = (await till.shop.release(captured.id)).lines
    await ship(till, captured.id, line.id, 2)
    await ship(till, captured.id, line.id, 1)
    await till.settle()
    assert (await state(till), till.taken()) == ("captured", 1990)
    assert await intents(till) == [("authorise", "succeeded"), ("capture", "succeeded"), ("capture", "succeeded")]


@pytest.mark.parametrize("cut", ["cut_before", "cut_after"])
async def test_money_is_never_taken_twice(till: Till, cut: str) -> None:
    captured = await till.shop.capture()
    await till.worker.step()
    (line,) = (await till.shop.release(captured.id)).lines
    await ship(till, captured.id, line.id, 2)
    setattr(till.gateway, cut, 1)
    await till.settle()
    assert (await state(till), till.taken()) == ("captured", 1490)
    assert till.calls() == ["authorise", "capture"]


async def test_an_authorisation_that_runs_out_before_the_truck_leaves_does_not_reach_the_floor(till: Till) -> None:
    captured = await till.shop.capture(order(token="expire", service="blitz-express"))
    till.shop.clock.advance(5 * 3600)
    await till.worker.step()
    assert (await till.shop.page(captured.number)).payment.authorised_until == till.shop.clock.now() + timedelta(
        minutes=1
    )
    with pytest.raises(Refusal) as caught:
        await till.shop.release(captured.id)
    assert caught.value.params["reason"] == "authorisation_runs_out"


async def test_an_authorisation_that_has_run_out_does_not_reach_the_floor_late_either(till: Till) -> None:
    captured = await till.shop.capture()
    await till.worker.step()
    till.shop.clock.advance(8 * 24 * 3600)
    with pytest.raises(Refusal) as caught:
        await till.shop.release(captured.id)
    assert caught.value.params["reason"] == "authorisation_runs_out"


async def test_a_capture_that_is_declined_holds_and_is_made_good_by_another_card(till: Till) -> None:
    captured = await till.shop.capture(order(token="decline-capture"))
    await till.worker.step()
    (line,) = (await till.shop.release(captured.id)).lines
    await ship(till, captured.id, line.id, 1)
    await till.settle(2)
    page = await till.shop.page(captured.number)
    assert (page.status, page.holds[0].reason, page.fulfilments[0].held) == ("on_hold", "payment_declined", True)
    await till.shop.do(lambda work: payments.retry(work, captured.id, "ok"))
    await till.settle(3)
    page = await till.shop.page(captured.number)
    assert page.payment.state == "captured"
    assert page.payment.captured_minor == till.taken() == 500 + 490
    assert not page.fulfilments[0].held


@pytest.mark.parametrize("method", ["prepaid", "invoice"])
async def test_what_is_paid_otherwise_asks_nobody(till: Till, method: str) -> None:
    captured = await till.shop.capture(order(method=method, token=""))
    (line,) = (await till.shop.release(captured.id)).lines
    await ship(till, captured.id, line.id, 2)
    assert await till.worker.step() == 0
    page = await till.shop.page(captured.number)
    assert (page.payment.state, page.payment.captured_minor) == ("captured", 1490)
    assert till.gateway.asked == []


# --- void at cancel


async def test_a_cancel_lets_the_money_go(till: Till) -> None:
    captured = await till.shop.capture()
    await till.worker.step()
    assert await till.shop.do(lambda work: cancels.cancel(work, captured.id)) == "cancelled"
    assert await state(till) == "voiding"
    await till.worker.step()
    assert (await state(till), till.calls()) == ("voided", ["authorise", "void"])
    assert (await till.shop.page(captured.number)).status == "cancelled"


async def test_a_cancel_before_the_gateway_was_asked_asks_nobody(till: Till) -> None:
    captured = await till.shop.capture()
    await till.shop.do(lambda work: cancels.cancel(work, captured.id))
    assert await till.worker.step() == 0
    assert await state(till) == "voided"
    assert await intents(till) == [("authorise", "abandoned")]


@pytest.mark.parametrize(("token", "calls"), [("timeout-once", ["authorise", "void"]), ("decline", ["authorise"])])
async def test_a_cancel_while_the_answer_is_under_way_waits_for_it(till: Till, token: str, calls: list[str]) -> None:
    captured = await till.shop.capture(order(token=token))
    till.gateway.cut_after = 1
    await till.worker.step()
    await till.shop.do(lambda work: cancels.cancel(work, captured.id))
    assert await state(till) == "voiding"
    await till.settle()
    assert (await state(till), till.calls()) == ("voided", calls)
    assert (await till.shop.page(captured.number)).holds == []


async def test_a_cancel_of_a_declined_order_is_over_at_once(till: Till) -> None:
    captured = await till.shop.capture(order(token="decline"))
    await till.worker.step()
    await till.shop.do(lambda work: cancels.cancel(work, captured.id))
    assert await state(till) == "voided"
    assert (await till.shop.page(captured.number)).holds[0].state == "lapsed"


async def test_what_has_shipped_is_paid_even_when_the_rest_is_cancelled(till: Till) -> None:
    captured = await till.shop.capture(order(lines=[("HONEY", 3, 500)]))
    await till.worker.step()
    (line,) = (await till.shop.release(captured.id)).lines
    await ship(till, captured.id, line.id, 1)
    assert await till.shop.do(lambda work: cancels.cancel(work, captured.id)) == "shipped"
    await till.settle()
    assert (await state(till), till.taken()) == ("captured", 500 + 490)


async def test_a_card_that_ran_out_before_the_release_is_asked_again_and_a_good_one_is_not(till: Till) -> None:
    captured = await till.shop.capture(order(token="expire"))
    await till.settle(1)
    assert (await till.shop.page(captured.number)).status == "ready"
    await till.shop.do(lambda work: payments.retry(work, captured.id, "ok"))
    await till.settle()
    assert (await till.shop.page(captured.number)).status == "ready"
    assert sorted(till.calls()) == ["authorise", "authorise", "void"]
    assert len(till.standing()) == 1
    with pytest.raises(Refusal):
        await till.shop.do(lambda work: payments.retry(work, captured.id))


async def _renewed(till: Till, token: str) -> UUID:
    """An order whose authorisation ran out is asked for another one by this token; its id."""
    captured = await till.shop.capture(order(token="expire"))
    await till.settle(1)
    await till.shop.do(lambda work: payments.retry(work, captured.id, token))
    return captured.id


@pytest.mark.parametrize("token", ["ok", "decline", "timeout-once", "lost-once"])
@pytest.mark.parametrize("steps", [0, 1, 5])
async def test_a_cancel_after_a_renewal_leaves_nothing_set_aside(till: Till, token: str, steps: int) -> None:
    renewed = await _renewed(till, token)
    await till.settle(steps)
    await till.shop.do(lambda work: cancels.cancel(work, renewed))
    await till.settle()
    assert (await state(till), till.standing()) == ("voided", [])
    assert await till.shop.db.snapshot(invariants.broken) == []


async def test_a_renewal_that_is_declined_lets_the_former_one_go_and_the_next_one_is_taken(till: Till) -> None:
    renewed = await _renewed(till, "decline")
    await till.settle()
    assert (await state(till), till.standing()) == ("declined", [])
    await till.shop.do(lambda work: payments.retry(work, renewed, "ok"))
    await till.settle()
    assert (await state(till), len(till.standing())) == ("authorised", 1)
    assert await till.shop.db.snapshot(invariants.broken) == []


async def test_a_former_authorisation_that_the_gateway_does_not_let_go_is_no_answer_to_the_new_one(till: Till) -> None:
    await _renewed(till, "ok")
    query = sa.select(payment_intent.c.id).where(payment_intent.c.kind == "void")
    ((void,),) = await till.shop.ask(query)
    assert await till.shop.do(lambda work: asking.ask(work, void, "sandbox")) is not None
    await till.shop.do(lambda work: asking.answer(work, void, Declined("unknown authorisation")))
    assert await state(till) == "authorising"
    await till.settle()
    assert await state(till) == "authorised"
