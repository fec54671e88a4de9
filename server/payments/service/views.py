"""Why: whoever looks at an order sees where its money is and every step by which it came there."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from server.orders.service import lookup
from server.payments import rules
from server.payments.lifecycle import OPEN
from server.payments.rules import Intent
from server.payments.schemas import Money, Step
from server.payments.service import payments, receipts
from server.payments.service.journal import OWN
from server.payments.store import payments as store
from server.payments.store.payments import Payment


def of_order(conn: Connection, order_id: UUID, now: datetime | None = None) -> Money | None:
    """The money of an order: amounts, what may be done about it, and its journal; None before it has a payment.

    `now` decides whether an authorisation has run out; without it only what stands written does.
    """
    payment = store.of_order(conn, order_id)
    if payment is None:
        return None
    journal = store.journal(conn, payment.id)
    going = rules.total(journal, "refund", OPEN)
    return Money(
        method=payment.method, gateway="" if payment.gateway == OWN else payment.gateway, state=payment.state,
        currency=payment.currency, amount_minor=payment.amount_minor, captured_minor=payment.captured_minor,
        refunded_minor=payment.refunded_minor, received_minor=payment.received_minor,
        refundable_minor=max(payment.captured_minor - payment.refunded_minor - going, 0),
        awaited_minor=receipts.still_to_come(payment), authorised_until=payment.authorised_until, days=payment.days,
        due_at=payment.invoice_due_at, retry=_may_retry(conn, payment, now),
        journal=[_step(each, payment) for each in reversed(journal)],
    )  # fmt: skip


def _may_retry(conn: Connection, payment: Payment, now: datetime | None) -> bool:
    found = lookup.order_of(conn, payment.order)
    moment = now or found.cutoff_at
    return found.cancelled_at is None and payments.may_retry(found, payment, moment)


def _step(intent: Intent, payment: Payment) -> Step:
    answer = intent.answer or {}
    by_hand = payment.gateway == OWN and intent.kind == "refund" and intent.state == "intended"
    return Step(
        id=intent.id, kind=intent.kind, state=intent.state, amount_minor=intent.amount_minor, at=intent.created_at,
        by=intent.by, answered_at=intent.answered_at, reference=intent.reference or "", note=intent.note,
        reason=str(answer.get("reason", "")), attempts=intent.attempts, by_hand=by_hand,
    )  # fmt: skip
