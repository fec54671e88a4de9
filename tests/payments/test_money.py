"""What the desk and the order do to money: refunds, money that comes by hand, credit, renewals, what is left."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from server.core.refusal import Refusal
from server.customers.models import customer
from server.orders.schemas.captures import EXAMPLE, Customer, NewLine
from server.orders.schemas.changes import MoreItems
from server.orders.service import additions, cancels, edits
from server.payments import rules
from server.payments.models import payment, payment_intent
from server.payments.port import News
from server.payments.schemas import Money, PutAccount
from server.payments.service import accounts, invariants, news, payments, receipts, refunds, views
from tests.payments.conftest import Till
from tests.support.shop import order

DAY = 24 * 3600


async def money(till: Till, order_id: UUID) -> Money:
    found = await till.shop.db.snapshot(lambda conn: views.of_order(conn, order_id, till.shop.clock.now()))
    assert found is not None
    assert await till.shop.db.snapshot(invariants.broken) == []
    return found


async def bought(till: Till, lines: Any = (("HONEY", 3, 500),), **changes: Any) -> UUID:
    """An order with the gateway's answer."""
    captured = await till.shop.capture(order(lines=lines, **changes))
    await till.worker.step()
    return captured.id


async def sent(till: Till, order_id: UUID, *quantities: int) -> None:
    """Ships so many units of the first line, in so many shipments, each with its money."""
    (line,) = (await till.shop.release(order_id)).lines
    for quantity in quantities:
        await left(till, order_id, line.id, quantity)


async def left(till: Till, order_id: UUID, line: UUID, quantity: int) -> None:
    deltas = {"reserved": -quantity, "picked": quantity, "packed": quantity, "shipped": quantity}
    await till.shop.change(line, "shipped", None, **deltas)
    await till.shop.do(partial(payments.take, order_id=order_id))
    await till.worker.step()
    await till.worker.step()


async def told(till: Till, order_id: UUID) -> list[str]:
    number = (await till.shop.ask(sa.text("SELECT number FROM orders ORDER BY number")))[-1][0]
    return [entry.what for entry in (await till.shop.page(number)).timeline]


# --- given back


async def test_a_part_and_then_the_rest_is_given_back_and_never_more_than_was_taken(till: Till) -> None:
    bought_id = await bought(till)
    with pytest.raises(Refusal) as caught:
        await till.shop.do(lambda work: refunds.refund(work, bought_id, None, "Too early."))
    assert caught.value.code == "nothing_to_refund"
    await sent(till, bought_id, 3)
    assert await till.shop.do(lambda work: refunds.refund(work, bought_id, 300, "One jar was broken.")) == 300
    with pytest.raises(Refusal) as caught:
        await till.shop.do(lambda work: refunds.refund(work, bought_id, 1691, "More."))
    fault = caught.value.faults[0].told("en")
    assert (fault.field, fault.wanted, fault.got) == ("amount_minor", "at most 16.90 EUR", "16.91 EUR")
    await till.settle(2)
    page = await money(till, bought_id)
    assert (page.state, page.refunded_minor, page.refundable_minor) == ("captured", 300, 1690)
    assert (page.journal[0].kind, page.journal[0].note, page.journal[0].by) == ("refund", "One jar was broken.", "Sara")
    assert await till.shop.do(lambda work: refunds.refund(work, bought_id, None, "All of it.")) == 1690
    await till.settle(2)
    page = await money(till, bought_id)
    assert (page.state, page.refunded_minor, page.refundable_minor) == ("refunded", 1990, 0)
    entries = await told(till, bought_id)
    assert entries.count("payment_refunded") == 2


async def test_a_refund_is_told_with_its_reason_in_both_languages(till: Till) -> None:
    bought_id = await bought(till)
    await sent(till, bought_id, 3)
    await till.shop.do(lambda work: refunds.refund(work, bought_id, 300, "One jar was broken."))
    await till.settle(2)
    number = (await till.shop.ask(sa.text("SELECT number FROM orders")))[0][0]
    entry = next(each for each in (await till.shop.page(number)).timeline if each.what == "payment_refunded")
    assert (entry.en, entry.de, entry.why) == ("Paid back, 3.00 EUR", "Zurückgezahlt, 3.00 EUR", "One jar was broken.")


async def test_a_refund_that_is_declined_is_owed_still(till: Till) -> None:
    bought_id = await bought(till, token="decline-refund")
    await sent(till, bought_id, 3)
    await till.shop.do(lambda work: refunds.refund(work, bought_id, None, "Broken."))
    await till.settle(2)
    page = await money(till, bought_id)
    assert (page.state, page.refunded_minor, page.refundable_minor) == ("captured", 0, 1990)
    assert page.journal[0].reason == "account closed"


async def test_a_refund_that_takes_its_time_is_asked_for_until_it_is_known(till: Till) -> None:
    bought_id = await bought(till, token="refund-late")
    await sent(till, bought_id, 3)
    await till.shop.do(lambda work: refunds.refund(work, bought_id, None, "Broken."))
    await till.worker.step()
    page = await money(till, bought_id)
    assert (page.journal[0].state, page.refunded_minor, page.refundable_minor) == ("pending", 0, 0)
    await till.settle()
    page = await money(till, bought_id)
    assert (page.state, page.journal[0].state) == ("refunded", "succeeded")
    assert till.calls().count("refund") == 1


async def test_a_refund_that_comes_back_is_owed_again(till: Till) -> None:
    bought_id = await bought(till, token="refund-returns")
    await sent(till, bought_id, 3)
    await till.shop.do(lambda work: refunds.refund(work, bought_id, None, "Broken."))
    await till.worker.step()
    assert (await money(till, bought_id)).state == "refunded"
    till.shop.clock.advance(DAY + 60)
    (intent,) = await till.shop.ask(sa.select(payment_intent.c.id).where(payment_intent.c.kind == "refund"))
    said = News("n-1", "call.answered", True, (str(intent[0]),))
    assert await till.shop.do(partial(news.heard, gateway="sandbox", news=said)) == "taken"
    await till.worker.step()
    page = await money(till, bought_id)
    assert (page.state, page.refunded_minor, page.refundable_minor) == ("captured", 0, 1990)
    assert "payment_refund_returned" in await told(till, bought_id)


async def test_what_was_taken_of_two_authorisations_goes_back_to_both(till: Till) -> None:
    bought_id = await bought(till, token="single")
    await sent(till, bought_id, 1, 2)
    assert (await money(till, bought_id)).captured_minor == 1990
    assert await till.shop.do(lambda work: refunds.refund(work, bought_id, 1500, "Broken.")) == 1500
    await till.settle(2)
    records = [each for each in till.sandbox.records() if each.kind == "refund"]
    assert sorted(each.amount_minor for each in records) == [500, 1000]
    assert len({each.reference for each in records}) == 2
    assert (await money(till, bought_id)).refunded_minor == 1500


# --- once, and anew


async def test_a_card_that_gives_once_is_asked_anew_for_what_is_still_to_ship(till: Till) -> None:
    bought_id = await bought(till, token="single")
    await sent(till, bought_id, 1)
    assert till.calls() == ["authorise", "capture", "reauthorise"]
    page = await money(till, bought_id)
    assert (page.state, page.captured_minor) == ("captured", 990)
    (line,) = (await till.shop.ask(sa.text("SELECT id FROM fulfilment_line")))[0]
    line_id = line if isinstance(line, UUID) else UUID(bytes=line)
    await left(till, bought_id, line_id, 2)
    page = await money(till, bought_id)
    assert (page.state, page.captured_minor, till.taken()) == ("captured", 1990, 1990)
    assert len(till.standing()) == 2
    await till.settle(2)
    assert till.calls().count("capture") == 2


async def test_what_would_run_out_is_set_aside_anew_a_day_before(till: Till) -> None:
    bought_id = await bought(till)
    before = (await money(till, bought_id)).authorised_until
    assert before is not None
    till.shop.clock.advance(6 * DAY - 60)
    assert await till.worker.step() == 0
    till.shop.clock.advance(120)
    await till.settle(3)
    page = await money(till, bought_id)
    assert page.authorised_until is not None
    assert page.authorised_until > before + timedelta(days=5)
    assert (page.state, till.calls(), len(till.standing())) == ("authorised", ["authorise", "reauthorise", "void"], 1)
    assert "payment_renewed" in await told(till, bought_id)


async def test_an_order_that_has_ended_is_not_set_aside_anew(till: Till) -> None:
    bought_id = await bought(till)
    await sent(till, bought_id, 3)
    await till.shop.refresh(bought_id)
    till.shop.clock.advance(7 * DAY)
    await till.settle(2)
    assert till.calls() == ["authorise", "capture"]


async def test_a_renewal_that_is_declined_leaves_what_stands_until_it_runs_out(till: Till) -> None:
    bought_id = await bought(till, token="decline-renewal")
    till.shop.clock.advance(6 * DAY + 60)
    await till.settle(2)
    assert (await money(till, bought_id)).state == "authorised"
    till.shop.clock.advance(DAY)
    assert (await money(till, bought_id)).retry, "it has run out"
    assert "payment_renewal_declined" in await told(till, bought_id)
    assert len(till.standing()) == 1


async def test_the_rest_of_a_card_that_gives_once_and_is_declined_holds_the_order(till: Till) -> None:
    captured = await till.shop.capture(order(lines=[("HONEY", 3, 500)], token="single"))
    await till.worker.step()
    (line,) = (await till.shop.release(captured.id)).lines
    await till.shop.change(line.id, "shipped", None, reserved=-1, picked=1, packed=1, shipped=1)
    await till.shop.do(partial(payments.take, order_id=captured.id))
    await till.worker.step()
    till.gateway.no = "insufficient funds"
    await till.worker.step()
    page = await till.shop.page(captured.number)
    assert (page.payment.state, page.holds[0].reason) == ("declined", "payment_declined")
    await till.shop.do(lambda work: payments.retry(work, captured.id, "ok"))
    await till.settle(2)
    page = await till.shop.page(captured.number)
    assert (page.payment.state, page.holds[0].state) == ("authorised", "released")
    await left(till, captured.id, line.id, 2)
    assert (await money(till, captured.id)).captured_minor == 1990


async def test_money_of_an_authorisation_that_has_run_out_is_set_aside_anew_and_taken(till: Till) -> None:
    bought_id = await bought(till)
    (line,) = (await till.shop.release(bought_id)).lines
    till.shop.clock.advance(8 * DAY)  # nobody renewed: the server was off
    await till.shop.change(line.id, "shipped", None, reserved=-3, picked=3, packed=3, shipped=3)
    await till.shop.do(partial(payments.take, order_id=bought_id))
    await till.settle()
    page = await money(till, bought_id)
    assert (page.state, page.captured_minor, till.taken()) == ("captured", 1990, 1990)


async def test_what_is_set_aside_beyond_what_shipped_is_let_go_when_the_rest_is_cancelled(till: Till) -> None:
    bought_id = await bought(till)
    await sent(till, bought_id, 1)
    await till.shop.do(lambda work: cancels.cancel(work, bought_id))
    await till.settle(2)
    page = await money(till, bought_id)
    assert (page.state, page.captured_minor, page.amount_minor) == ("captured", 990, 990)
    assert (till.calls(), till.standing()) == (["authorise", "capture", "void"], [])


async def test_an_authorisation_that_the_gateway_let_go_is_asked_for_anew(till: Till) -> None:
    bought_id = await bought(till)
    await till.shop.do(lambda work: work.conn.execute(sa.update(payment).values(renew_at=None)) and None)
    till.shop.clock.advance(7 * DAY + 60)
    (intent,) = await till.shop.ask(sa.select(payment_intent.c.id))
    said = News("n-1", "call.answered", True, (str(intent[0]),))
    await till.shop.do(partial(news.heard, gateway="sandbox", news=said))
    await till.settle(2)
    assert (await money(till, bought_id)).state == "authorised"
    assert till.calls() == ["authorise", "reauthorise"]
    assert "payment_lapsed" in await told(till, bought_id)


# --- by hand


@pytest.mark.parametrize("method", ["prepaid", "cash"])
async def test_an_order_waits_until_all_its_money_has_come(till: Till, method: str) -> None:
    captured = await till.shop.capture(order(method=method, token="", received=False))
    assert captured.status == "unpaid"
    assert (await till.shop.page(captured.number)).status == "unpaid"
    assert (await money(till, captured.id)).awaited_minor == 1490
    assert await till.shop.do(lambda work: receipts.receive(work, captured.id, 1000, "Bank")) == 1000
    assert (await till.shop.page(captured.number)).status == "unpaid"
    with pytest.raises(Refusal) as caught:
        await till.shop.do(lambda work: receipts.receive(work, captured.id, 491))
    assert caught.value.faults[0].told("de").wanted == "höchstens 4.90 EUR"
    assert await till.shop.do(lambda work: receipts.receive(work, captured.id, None)) == 490
    page = await till.shop.page(captured.number)
    assert (page.status, page.payment.state, page.payment.captured_minor) == ("ready", "captured", 1490)
    with pytest.raises(Refusal) as caught:
        await till.shop.do(lambda work: receipts.receive(work, captured.id, None))
    assert caught.value.code == "nothing_to_receive"
    assert till.gateway.asked == []


async def test_what_was_paid_beforehand_and_cancelled_is_to_be_paid_back_by_hand(till: Till) -> None:
    captured = await till.shop.capture(order(method="prepaid", token=""))
    await till.shop.do(lambda work: cancels.cancel(work, captured.id))
    page = await money(till, captured.id)
    step = page.journal[0]
    assert (step.kind, step.amount_minor, step.by_hand, step.note) == ("refund", 1490, True, "order_cancelled")
    assert page.refundable_minor == 0
    assert await till.shop.do(lambda work: refunds.paid_by_hand(work, captured.id, step.id)) == 1490
    page = await money(till, captured.id)
    assert (page.state, page.refunded_minor) == ("refunded", 1490)
    with pytest.raises(Refusal) as caught:
        await till.shop.do(lambda work: refunds.paid_by_hand(work, captured.id, step.id))
    assert caught.value.code == "refund_unknown"


async def test_a_part_of_the_money_that_came_goes_back_with_the_order(till: Till) -> None:
    captured = await till.shop.capture(order(method="prepaid", token="", received=False))
    await till.shop.do(lambda work: receipts.receive(work, captured.id, 1000))
    await till.shop.do(lambda work: cancels.cancel(work, captured.id))
    page = await money(till, captured.id)
    assert (page.journal[0].kind, page.journal[0].amount_minor, page.awaited_minor) == ("refund", 1000, 0)


async def test_an_order_that_waits_for_money_and_is_cancelled_owes_nobody_anything(till: Till) -> None:
    captured = await till.shop.capture(order(method="cash", token="", received=False))
    await till.shop.do(lambda work: cancels.cancel(work, captured.id))
    page = await money(till, captured.id)
    assert (page.state, page.awaited_minor, page.journal) == ("voided", 0, [])


async def test_what_the_desk_pays_back_in_cash_is_paid_back(till: Till) -> None:
    captured = await till.shop.capture(order(method="cash", token=""))
    assert await till.shop.do(lambda work: refunds.refund(work, captured.id, 490, "No shipping.")) == 490
    page = await money(till, captured.id)
    assert (page.state, page.refunded_minor, page.journal[0].state) == ("captured", 490, "succeeded")


async def more(till: Till, order_id: UUID, price: int, sku: str = "TEA") -> None:
    lines = [NewLine(sku=sku, quantity=1, price_minor=price)]
    await till.shop.do(lambda work: additions.add(work, order_id, MoreItems(lines=lines)))


async def fewer(till: Till, order_id: UUID, position: int) -> None:
    await till.shop.do(lambda work: cancels.cancel_units(work, order_id, position, 1), 0, 1)


async def test_units_that_were_paid_back_and_come_again_are_paid_again(till: Till) -> None:
    order_id = await bought(till, lines=[("HONEY", 2, 500)], method="prepaid")
    await fewer(till, order_id, 1)
    back = (await money(till, order_id)).journal[0].id
    await till.shop.do(lambda work: refunds.paid_by_hand(work, order_id, back))
    await more(till, order_id, 500, "HONEY")
    found = await money(till, order_id)
    assert (found.state, found.awaited_minor) == ("awaited", 500)
    await till.shop.do(lambda work: receipts.receive(work, order_id, None))
    found = await money(till, order_id)
    assert (found.state, found.captured_minor - found.refunded_minor, found.awaited_minor) == ("captured", 1490, 0)


async def test_a_part_that_a_shop_gave_back_is_no_longer_to_be_paid_back_by_hand(till: Till) -> None:
    order_id = await bought(till, lines=[("HONEY", 2, 500)], method="prepaid")
    await fewer(till, order_id, 1)
    await till.shop.do(lambda work: refunds.paid_elsewhere(work, order_id, 300))
    found = await money(till, order_id)
    assert [(each.amount_minor, each.state) for each in found.journal if each.kind == "refund"] == [
        (200, "intended"), (300, "succeeded"), (500, "abandoned"),
    ]  # fmt: skip
    await till.shop.do(lambda work: refunds.paid_elsewhere(work, order_id, 250))
    found = await money(till, order_id)
    assert (found.refunded_minor, found.refundable_minor) == (550, 940)


async def test_what_was_to_go_back_pays_for_what_comes_instead(till: Till) -> None:
    order_id = await bought(till, lines=[("HONEY", 2, 500)], method="prepaid")
    await fewer(till, order_id, 1)
    await more(till, order_id, 300)
    found = await money(till, order_id)
    assert (found.state, found.awaited_minor) == ("captured", 0)
    assert [(each.amount_minor, each.state) for each in found.journal if each.kind == "refund"] == [
        (200, "intended"), (500, "abandoned"),
    ]  # fmt: skip


async def test_what_was_given_back_for_a_broken_jar_is_not_asked_for_again(till: Till) -> None:
    order_id = await bought(till, lines=[("HONEY", 2, 500)], method="prepaid")
    await till.shop.do(lambda work: refunds.refund(work, order_id, 300, "A jar was broken."))
    assert (await money(till, order_id)).awaited_minor == 0
    await more(till, order_id, 500)
    found = await money(till, order_id)
    assert (found.state, found.awaited_minor) == ("awaited", 500)


async def test_money_that_went_back_before_all_of_it_had_come_is_still_to_come(till: Till) -> None:
    order_id = await bought(till, lines=[("HONEY", 2, 500)], method="prepaid", received=False)
    await till.shop.do(lambda work: receipts.receive(work, order_id, 500))
    await till.shop.do(lambda work: refunds.refund(work, order_id, 500, "It was meant for another order."))
    assert (await money(till, order_id)).awaited_minor == 1490
    await till.shop.do(lambda work: cancels.cancel(work, order_id))
    assert (await money(till, order_id)).state == "refunded"


@pytest.mark.parametrize(("method", "state"), [("card", "authorising"), ("prepaid", "awaited"), ("cash", "awaited")])
async def test_what_cost_nothing_and_costs_something_now_waits_for_its_money(
    till: Till, method: str, state: str
) -> None:
    order_id = await bought(till, lines=[("HONEY", 1, 0)], method=method, shipping=0)
    await more(till, order_id, 700)
    assert (await money(till, order_id)).state == state
    await till.settle(2)
    if method != "card":
        await till.shop.do(lambda work: receipts.receive(work, order_id, None))
    tea = (await till.shop.release(order_id)).lines[1]
    await left(till, order_id, tea.id, 1)
    found = await money(till, order_id)
    assert (found.state, found.captured_minor) == ("captured", 700)
    assert till.calls() == (["authorise", "capture"] if method == "card" else [])


async def test_a_card_that_was_declined_is_asked_anew_once_something_costs_money_again(till: Till) -> None:
    order_id = await bought(till, lines=[("HONEY", 1, 500), ("TEA", 1, 0)], token="decline", shipping=0)
    await fewer(till, order_id, 1)
    assert (await money(till, order_id)).state == "captured"
    assert (await till.shop.ask(sa.text("SELECT status FROM orders")))[0][0] == "ready"
    await more(till, order_id, 700)
    assert (await money(till, order_id)).state == "authorising"
    await till.worker.step()
    assert (await money(till, order_id)).state == "declined"


@pytest.mark.parametrize("method", ["card", "prepaid", "invoice"])
async def test_what_is_left_of_an_order_and_costs_nothing_is_sent_all_the_same(till: Till, method: str) -> None:
    order_id = await bought(till, lines=[("HONEY", 1, 500), ("TEA", 1, 0)], method=method, shipping=0)
    await fewer(till, order_id, 1)
    await till.settle(2)
    for each in (await money(till, order_id)).journal:
        if each.by_hand:
            await till.shop.do(partial(refunds.paid_by_hand, order_id=order_id, intent_id=each.id))
    assert (await till.shop.ask(sa.text("SELECT status FROM orders")))[0][0] == "ready"
    assert len(till.standing()) == 0


async def test_a_no_to_what_is_not_wanted_any_more_does_not_count(till: Till) -> None:
    order_id = await bought(till, token="decline-renewal")
    (line,) = (await till.shop.release(order_id, HONEY=1)).lines
    await left(till, order_id, line.id, 1)
    await more(till, order_id, 9_000)
    till.shop.clock.advance(8 * DAY)
    await till.settle(2)
    assert (await money(till, order_id)).state == "declined"
    await till.shop.do(lambda work: cancels.cancel(work, order_id), 0, 1)
    await till.settle(2)
    found = await money(till, order_id)
    assert (found.state, found.captured_minor, found.amount_minor, found.retry) == ("captured", 990, 990, False)


# --- on account


def agreed(till: Till, limit: int | None, days: int = 30, currency: str = "EUR") -> Any:
    new = PutAccount(days=days, currency=currency, limit_minor=limit)
    return till.shop.do(partial(accounts.put, email="Ana@Example.com", new=new))


async def test_an_invoice_is_due_by_the_customers_terms_and_paid_when_the_money_comes(till: Till) -> None:
    await agreed(till, None)
    captured = await till.shop.capture(order(method="invoice", token=""))
    assert captured.status == "ready"
    await sent(till, captured.id, 2)
    page = await money(till, captured.id)
    assert (page.state, page.captured_minor, page.awaited_minor, page.days) == ("captured", 1490, 1490, 30)
    assert page.due_at == till.shop.clock.now() + timedelta(days=30)
    await till.shop.do(lambda work: refunds.refund(work, captured.id, 490, "A goodwill."))
    assert (await money(till, captured.id)).awaited_minor == 1000
    assert await till.shop.ask(sa.text("SELECT captured_minor, settled_minor FROM orders")) == [(1490, 490)]
    assert await till.shop.do(lambda work: receipts.receive(work, captured.id, None)) == 1000
    page = await money(till, captured.id)
    assert (page.awaited_minor, page.received_minor) == (0, 1000)
    assert await till.shop.ask(sa.text("SELECT captured_minor, settled_minor FROM orders")) == [(1490, 1490)]
    assert {"payment_on_account", "payment_invoiced", "payment_credited", "payment_received"} <= {
        *await told(till, captured.id)
    }


async def test_beyond_the_credit_limit_an_order_waits_for_who_may_give_credit(till: Till) -> None:
    await agreed(till, 3000)
    first = await till.shop.capture(order("A", method="invoice", token=""))
    second = await till.shop.capture(order("B", method="invoice", token=""))
    third = await till.shop.capture(order("C", method="invoice", token=""))
    assert [hold.reason for hold in (await till.shop.page(second.number)).holds] == []
    (hold,) = (await till.shop.page(third.number)).holds
    assert (hold.reason, hold.permission) == ("credit_exceeded", "payments.credit")
    assert hold.detail["faults"][0]["got"] == "44.70 EUR"
    await till.shop.do(lambda work: cancels.cancel(work, first.id))
    assert (await till.shop.do(lambda work: accounts.page(work.conn, None, 9))).items[0].owing_minor == 2 * 1490
    other = await till.shop.capture(order("D", method="invoice", token="", lines=[("TEA", 1, 10)], shipping=0))
    assert (await till.shop.page(other.number)).holds == [], "10 more are within it"


async def test_a_limit_in_another_currency_is_no_limit_that_can_be_reckoned_with(till: Till) -> None:
    await agreed(till, 10**9, currency="USD")
    captured = await till.shop.capture(order(method="invoice", token=""))
    (hold,) = (await till.shop.page(captured.number)).holds
    assert (hold.reason, hold.detail["faults"][0]["field"]) == ("credit_exceeded", "currency")


async def test_terms_are_changed_only_by_whoever_has_read_them(till: Till) -> None:
    made = await agreed(till, 100)
    assert (made.email, made.version) == ("ana@example.com", 1)
    with pytest.raises(Refusal) as caught:
        await agreed(till, 200)
    assert caught.value.code == "changed_meanwhile"
    new = PutAccount(days=10, currency="EUR", limit_minor=200, version=1)
    assert (await till.shop.do(partial(accounts.put, email="ana@example.com", new=new))).version == 2


async def test_ended_terms_take_no_new_orders_and_what_is_owed_stays_owed(till: Till) -> None:
    made = await agreed(till, None)
    before = await till.shop.capture(order("A", method="invoice", token=""))
    end = partial(accounts.end, customer_id=made.customer, version=1)
    ended = await till.shop.do(end)
    assert (ended.ended_at, ended.owing_minor, ended.version) == (till.shop.clock.now(), 1490, 2)
    after = await till.shop.capture(order("B", method="invoice", token=""))
    (hold,) = (await till.shop.page(after.number)).holds
    assert (hold.reason, hold.permission) == ("terms_ended", "payments.credit")
    assert (await money(till, after.id)).days == rules.DAYS, "who lets it go has agreed nothing else"
    card = await till.shop.capture(order("C"))
    assert [(await till.shop.page(each.number)).holds for each in (before, card)] == [[], []]
    await sent(till, before.id, 2)
    assert (await money(till, before.id)).days == 30
    till.shop.clock.advance(DAY)
    assert (await till.shop.do(end)).ended_at == ended.ended_at, "ended again it stays ended"


async def test_an_order_that_grows_after_the_terms_ended_waits_too(till: Till) -> None:
    made = await agreed(till, 10**6)
    captured = await till.shop.capture(order(method="invoice", token=""))
    await till.shop.do(partial(accounts.end, customer_id=made.customer, version=1))
    more = MoreItems(lines=[NewLine(sku="TEA", quantity=1, price_minor=100)])
    await till.shop.do(lambda work: additions.add(work, captured.id, more))
    assert [hold.reason for hold in (await till.shop.page(captured.number)).holds] == ["terms_ended"]


async def test_terms_that_ended_are_agreed_again(till: Till) -> None:
    made = await agreed(till, None)
    await till.shop.do(partial(accounts.end, customer_id=made.customer, version=1))
    new = PutAccount(days=10, currency="EUR", version=2)
    again = await till.shop.do(partial(accounts.put_of, customer_id=made.customer, new=new))
    assert (again.ended_at, again.version) == (None, 3)
    captured = await till.shop.capture(order(method="invoice", token=""))
    assert (captured.status, (await money(till, captured.id)).days) == ("ready", 10)


async def test_terms_are_ended_only_by_whoever_has_read_them(till: Till) -> None:
    await till.shop.capture(order(method="invoice", token=""))
    ((whose,),) = await till.shop.ask(sa.select(customer.c.id))
    for version in (1, 2):
        with pytest.raises(Refusal) as caught:
            await till.shop.do(partial(accounts.end, customer_id=whose, version=version))
        assert caught.value.code == "changed_meanwhile"
        if version == 1:
            await agreed(till, None)


async def test_what_has_shipped_and_costs_more_since_is_invoiced_though_nothing_follows_it(till: Till) -> None:
    order_id = await bought(till, method="invoice")
    await sent(till, order_id, 1)
    dearer = MoreItems(lines=[NewLine(sku="TEA", quantity=1, price_minor=0)], shipping_minor=990)
    await till.shop.do(lambda work: additions.add(work, order_id, dearer))
    await till.shop.do(lambda work: cancels.cancel(work, order_id), 0, 1)
    found = await money(till, order_id)
    assert (found.amount_minor, found.captured_minor, found.awaited_minor) == (1490, 1490, 1490)


async def test_what_was_invoiced_and_credited_for_a_change_is_not_counted_twice(till: Till) -> None:
    agreed = PutAccount(days=30, currency="EUR", limit_minor=10_000)
    await till.shop.do(lambda work: accounts.put(work, "ana@example.com", agreed))
    order_id = await bought(till, method="invoice", shipping=4000)
    await sent(till, order_id, 1)
    cheaper = MoreItems(lines=[NewLine(sku="TEA", quantity=1, price_minor=0)], shipping_minor=0)
    await till.shop.do(lambda work: additions.add(work, order_id, cheaper))
    found = await money(till, order_id)
    page = await till.shop.db.read(lambda conn: accounts.page(conn, None, 9))
    assert (found.amount_minor, found.awaited_minor, page.items[0].owing_minor) == (1500, 1500, 1500)


async def test_an_order_that_is_somebody_elses_now_is_on_their_account(till: Till) -> None:
    for email, limit in (("ana@example.com", None), ("ben@example.com", 1000)):
        agreed = PutAccount(days=10, currency="EUR", limit_minor=limit)
        await till.shop.do(partial(accounts.put, email=email, new=agreed))
    order_id = await bought(till, method="invoice")
    ben = Customer(name="Ben", email="ben@example.com")
    await till.shop.do(lambda work: edits.redirect(work, order_id, EXAMPLE.address, ben))
    page = await till.shop.db.read(lambda conn: accounts.page(conn, None, 9))
    assert [(each.email, each.owing_minor) for each in page.items] == [
        ("ana@example.com", 0),
        ("ben@example.com", 1990),
    ]
    assert [each[0] for each in await till.shop.ask(sa.text("SELECT reason FROM order_hold"))] == ["credit_exceeded"]


# --- what a gateway says by itself


async def test_what_was_said_before_or_of_nobody_changes_nothing(till: Till) -> None:
    bought_id = await bought(till)
    (intent,) = await till.shop.ask(sa.select(payment_intent.c.id))
    said = News("n-1", "call.answered", True, (str(intent[0]), "no-uuid"), ("sandbox-unknown",))
    for _ in range(2):
        assert await till.shop.do(partial(news.heard, gateway="sandbox", news=said)) == "taken"
    strange = News("n-2", "customer.created")
    assert await till.shop.do(partial(news.heard, gateway="sandbox", news=strange)) == "ignored"
    other = News("n-1", "call.answered", True, (str(intent[0]),))
    assert await till.shop.do(partial(news.heard, gateway="stripe", news=other)) == "ignored", "it is not theirs"
    await till.settle(2)
    assert (await money(till, bought_id)).state == "authorised"
    assert till.gateway.asked == ["authorise", "status"]
    till.shop.clock.advance(31 * DAY)
    assert await till.shop.do(news.drop_old) == 3
