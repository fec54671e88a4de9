"""Why: money that comes by bank or over the counter is there when a person, or the bank's program, says so."""

from __future__ import annotations

from uuid import UUID

from server.core.refusal import Fault, Refusal
from server.db.work import Work
from server.orders.currencies import shown
from server.payments import rules
from server.payments.lifecycle import PAYMENT
from server.payments.service import journal
from server.payments.store import payments as store
from server.payments.store.payments import Payment


def still_to_come(payment: Payment) -> int:
    """What the customer has still to pay by hand: beforehand and at the counter the rest, on account what is due."""
    if payment.method in rules.BY_HAND and payment.state == "awaited":
        kept = payment.captured_minor - payment.refunded_minor
        return max(payment.amount_minor - kept - payment.waived_minor, 0)
    if payment.method == "invoice" and payment.state not in ("voiding", "voided"):
        return max(payment.captured_minor - payment.refunded_minor - payment.received_minor, 0)
    return 0


def is_all_there(work: Work, order_id: UUID) -> bool:
    """Whether nothing is still to come by hand."""
    payment = store.of_order(work.conn, order_id)
    return payment is None or not still_to_come(payment)


def receive(work: Work, order_id: UUID, amount: int | None, note: str = "") -> int:
    """Money came: all that was still to come, or so much; the amount. The order goes on when it is all there.

    Refuses `nothing_to_receive`, and `invalid` for more than is still to come.
    """
    payment = store.of_order(work.conn, order_id)
    rest = 0 if payment is None else still_to_come(payment)
    if payment is None or not rest:
        raise Refusal("nothing_to_receive")
    came_in = rest if amount is None else amount
    if came_in > rest:
        raise Refusal(
            "invalid",
            Fault("amount_minor", "That is more than is still to come.", "at most {most}",
                  shown(came_in, payment.currency), {"most": shown(rest, payment.currency)}),
            count=1,
        )  # fmt: skip
    came(work, payment, came_in, note)
    return came_in


def came(work: Work, payment: Payment, amount: int, note: str = "") -> None:
    """Writes down that money came."""
    journal.book(work, payment, "receive", amount, note)
    there = payment._replace(received_minor=payment.received_minor + amount)
    if payment.method in rules.BY_HAND:
        there = there._replace(captured_minor=payment.captured_minor + amount)
        if there.state == "awaited" and not still_to_come(there):
            there = there._replace(state=PAYMENT.advance(there.state, "receive"))
    journal.keep(work, there, "payment_received", journal.amount(payment, amount), why=note)
