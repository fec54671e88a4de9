"""Why: money goes back only for a reason, never more than was taken, through the very means by which it came."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from server.core.refusal import Fault, Refusal
from server.db.work import Work
from server.orders.currencies import shown
from server.orders.service import lookup
from server.payments import rules
from server.payments.lifecycle import OPEN, PAYMENT
from server.payments.port import Answer, Declined, Gone
from server.payments.rules import Intent
from server.payments.service import journal
from server.payments.service.journal import OWN
from server.payments.store import payments as store
from server.payments.store.payments import Payment


def most(work: Work, payment: Payment) -> int:
    """What was taken and is neither given back nor being given back."""
    going = rules.total(store.journal(work.conn, payment.id), "refund", OPEN)
    return payment.captured_minor - payment.refunded_minor - going


def refund(work: Work, order_id: UUID, amount: int | None, note: str) -> int:
    """The desk gives money back, all of it or so much; the amount. What was paid by hand it has paid back by hand.

    Refuses `order_unknown`, `nothing_to_refund`, and `invalid` for more than there is to give back.
    """
    payment = _payment(work, order_id)
    there = most(work, payment)
    if there <= 0:
        raise Refusal("nothing_to_refund", order=lookup.order_of(work.conn, order_id).number)
    back = there if amount is None else amount
    if back > there:
        raise Refusal(
            "invalid",
            Fault("amount_minor", "No more goes back than was taken and has not gone back.",
                  "at most {most}", shown(back, payment.currency), {"most": shown(there, payment.currency)}),
            count=1,
        )  # fmt: skip
    for intent_id in give_back(work, payment, back, note):
        if payment.gateway == OWN:
            _paid(work, order_id, intent_id)
    return back


def give_back(work: Work, payment: Payment, amount: int, note: str) -> list[UUID]:
    """Writes down to give so much back, of the authorisations that it was taken of; by hand, where it came by hand.

    On account nothing goes back: what was invoiced is credited at once.
    """
    journal.keep(work, payment, "payment_refunding", journal.amount(payment, amount), why=note)
    if payment.gateway != OWN:
        parts = rules.shares(amount, store.journal(work.conn, payment.id))
        return [journal.intend(work, payment, "refund", part, about=about, note=note) for about, part in parts]
    intent_id = journal.intend(work, payment, "refund", amount, now=False, note=note)
    if payment.method in rules.BY_HAND:
        return [intent_id]
    _paid(work, payment.order, intent_id)
    return []


def paid_by_hand(work: Work, order_id: UUID, intent_id: UUID) -> int:
    """A person has paid back what was owed to the customer; the amount. Refuses `refund_unknown`."""
    payment = _payment(work, order_id)
    intent = store.intent(work.conn, intent_id)
    if (
        intent is None
        or (intent.payment, intent.kind, intent.state) != (payment.id, "refund", "intended")
        or payment.gateway != OWN
    ):
        raise Refusal("refund_unknown")
    _paid(work, order_id, intent_id)
    return intent.amount_minor


def paid_elsewhere(work: Work, order_id: UUID, amount: int, note: str = "") -> None:
    """Money went back to the customer where it was paid, at a channel, of its own accord.

    What waits for somebody to pay it back by hand is settled by it first. Refuses `nothing_to_refund` for money that a
    gateway of ours took, and for more than was taken.
    """
    payment = _payment(work, order_id)
    left, settled = amount, []
    for each in journal.still_open(work, payment, "refund") if payment.gateway == OWN else ():
        part = min(left, each.amount_minor)
        if part:
            settled.append(_part_of(work, payment, each, part))
            left -= part
    there = most(work, payment)
    if payment.gateway != OWN or left > there:
        fault = Fault("amount_minor", "No more goes back than was taken here.",
                      shown(amount - left + there, payment.currency), shown(amount, payment.currency))  # fmt: skip
        raise Refusal("nothing_to_refund", fault, order=lookup.order_of(work.conn, order_id).number)
    more = give_back(work, payment, left, note) if left else []
    for intent_id in (*settled, *more):
        _paid(work, order_id, intent_id)


def _part_of(work: Work, payment: Payment, owed: Intent, amount: int) -> UUID:
    """So much of what is to be paid back by hand, as a row of its own; the rest waits on."""
    if owed.amount_minor == amount:
        return owed.id
    journal.abandon(work, owed)
    part, _ = (
        journal.intend(work, payment, "refund", minor, now=False, note=owed.note)
        for minor in (amount, owed.amount_minor - amount)
    )
    return part


class Owed(NamedTuple):
    """An amount that waits to be paid back."""

    minor: int = 0
    currency: str = ""


def owed_beforehand(conn: Connection, order_id: UUID) -> Owed:
    """What of an order that was paid beforehand waits for whoever took the money to pay it back."""
    payment = store.of_order(conn, order_id)
    if payment is None or payment.method != "prepaid":
        return Owed()
    return Owed(rules.total(store.journal(conn, payment.id), "refund", OPEN), payment.currency)


def _paid(work: Work, order_id: UUID, intent_id: UUID) -> None:
    payment, intent = _payment(work, order_id), store.intent(work.conn, intent_id)
    if intent is None:
        raise Refusal("refund_unknown")
    journal.done(work, payment, intent_id, "refund")
    _gone_back(work, payment, intent)


def answered(work: Work, payment: Payment, intent: Intent, said: Answer, state: str) -> None:
    """A gateway's answer to a refund; one that came back is owed again."""
    if state == "succeeded":
        _gone_back(work, payment, intent)
        return
    why = said.reason if isinstance(said, Declined | Gone) else ""
    params = {**journal.amount(payment, intent.amount_minor), "why": why}
    if state == "taken_back":
        back = payment._replace(refunded_minor=payment.refunded_minor - intent.amount_minor)
        if back.state == "refunded":
            back = back._replace(state=PAYMENT.advance(back.state, "take_back"))
        journal.keep(work, back, "payment_refund_returned", params)
    else:
        journal.keep(work, payment, "payment_refund_declined", params)


def _gone_back(work: Work, payment: Payment, intent: Intent) -> None:
    back = payment._replace(refunded_minor=payment.refunded_minor + intent.amount_minor)
    whole = back.refunded_minor == back.captured_minor and journal.wanted(work, back) <= back.captured_minor
    free = not back.amount_minor and journal.is_wanted(work, back)  # what is left of the order costs nothing
    if whole and not free and back.state == "captured":
        back = back._replace(state=PAYMENT.advance(back.state, "refund"))
    what = "payment_credited" if back.method == "invoice" else "payment_refunded"
    journal.keep(work, back, what, journal.amount(back, intent.amount_minor), why=intent.note)


def _payment(work: Work, order_id: UUID) -> Payment:
    payment = store.of_order(work.conn, order_id)
    if payment is None:
        raise Refusal("nothing_to_refund", order=lookup.order_of(work.conn, order_id).number)
    return payment
