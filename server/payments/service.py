"""Why: money is an intent, then a question to the gateway outside of everything, then a recorded answer.

Here are the first and the third: nothing in this file speaks to anyone. A capture intends, a cancel lets go, a
closed shipment takes; `ask` and `answer` are the two commands of the worker. Stream 0.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from server.core.events import Event
from server.core.refusal import Fault, Refusal
from server.db.base import CORE
from server.db.work import Work
from server.orders import rules as order_rules
from server.orders.currencies import shown
from server.orders.service import captures, lookup, money, timelines
from server.orders.store.orders import Order
from server.payments import rules, store
from server.payments.lifecycle import INTENT, PAYMENT
from server.payments.port import Answer, Declined, Succeeded
from server.payments.store import Connection, Intent, Payment

GATEWAY: Final = "sandbox"
"""The gateway that new card payments go to."""
OWN: Final = "none"
"""The gateway of a payment that asks nobody: prepaid, invoice."""


# --- capture of the order ------------------------------------------------------------------------------------------


def on_order_captured(work: Work, event: Event) -> None:
    """Same-transaction reaction to `order.captured`: the payment, and for a card the intent to authorise it."""
    found = lookup.order_of(work.conn, event.payload["order"])
    asks = found.payment_method in captures.ASKS_GATEWAY
    payment_id = work.new_id()
    store.add(
        work.conn,
        {
            "id": payment_id, "order_id": found.id, "method": found.payment_method,
            "gateway": GATEWAY if asks else OWN, "token": found.payment_token, "amount_minor": found.total_minor,
            "currency": found.currency, "state": "authorising" if asks else "authorised", "created_at": work.now,
        },
    )  # fmt: skip
    amount = shown(found.total_minor, found.currency)
    if not asks:
        timelines.tell(work, found.id, "payment_due", {"method": found.payment_method, "amount": amount})
        return
    _intend(work, store.by_id(work.conn, payment_id), "authorise", found.total_minor)
    timelines.tell(work, found.id, "payment_intended", {"amount": amount})


def _intend(work: Work, payment: Payment, kind: str, amount: int, *, now: bool = True) -> UUID:
    """Writes down what is to be asked; `now` or when something else is answered."""
    intent_id = work.new_id()
    store.add_intent(
        work.conn,
        {
            "id": intent_id, "payment_id": payment.id, "kind": kind, "amount_minor": amount, "state": INTENT.initial,
            "due_at": work.now if now else None, "created_at": work.now,
        },
    )  # fmt: skip
    work.emit("payment.intended", stream=CORE, order=payment.order, intent=intent_id, kind=kind)
    return intent_id


def retry(work: Work, order_id: UUID, token: str = "") -> str:
    """Asks again for a declined payment, or one that runs out too early, by another token where one is given.

    What was set aside before is let go first: nothing else names it from here on, and it would stand beside the new.
    Gives the order's status. Refuses `order_unknown`, and `move_not_allowed` for a payment that is good.
    """
    found = lookup.order_of(work.conn, order_id)
    payment = store.of_order(work.conn, order_id)
    if payment is None:
        raise Refusal("move_not_allowed", Fault("state", "There is no payment."), thing="payment", state="none",
                      trigger="retry")  # fmt: skip
    trigger = "renew" if _runs_out(found, work.now) else "retry"
    state = PAYMENT.advance(payment.state, trigger)
    if payment.reference is not None:
        _intend(work, payment, "void", 0)
    again = payment._replace(state=state, token=token or payment.token, reference=None)
    store.keep(work.conn, again)
    _intend(work, again, "authorise", found.total_minor - payment.captured_minor)
    return money.record(work, order_id, "authorising", "payment_retried", token=again.token)


def _runs_out(found: Order, now: datetime) -> bool:
    """Whether all that keeps the order from the floor is an authorisation that does not outlive its truck."""
    return not found.released and order_rules.why_not(
        status=found.status, payment=found.payment, authorised_until=found.authorised_until,
        cutoff_at=found.cutoff_at, now=now,
    ) == "authorisation_runs_out"  # fmt: skip


# --- shipped: take it ----------------------------------------------------------------------------------------------


def intend_capture(work: Work, order_id: UUID) -> UUID | None:
    """Writes down to take what is owed for what has shipped and not been taken; the intent's id, or None.

    A payment that is declined or still asked for is taken later, when it is authorised.
    """
    payment = store.of_order(work.conn, order_id)
    if payment is None or not PAYMENT.can(payment.state, "capture"):
        return None
    amount = _owed(work, payment)
    if amount <= 0:
        return None
    taking = payment._replace(state=PAYMENT.advance(payment.state, "capture"))
    if payment.gateway == OWN:
        _taken(work, taking, amount)
        return None
    store.keep(work.conn, taking)
    money.record(work, order_id, "capturing", "payment_intended", {"amount": shown(amount, payment.currency)})
    return _intend(work, taking, "capture", amount)


def _owed(work: Work, payment: Payment) -> int:
    found = lookup.order_of(work.conn, payment.order)
    units, value = money.shipped(work.conn, payment.order)
    whole = rules.owed(
        units=units, value=value, items=found.items_minor, shipping=found.shipping_minor, tax=found.tax_minor
    )
    asked = sum(each.amount_minor for each in _open(work, payment) if each.kind == "capture")
    return whole - payment.captured_minor - asked


def _open(work: Work, payment: Payment) -> list[Intent]:
    return [each for each in store.intents(work.conn, payment.id) if not INTENT.ended(each.state)]


# --- cancelled: let it go ------------------------------------------------------------------------------------------


def on_order_cancelled(work: Work, event: Event) -> None:
    """Same-transaction reaction to `order.cancelled`: what was set aside is let go, unless something has shipped."""
    order_id: UUID = event.payload["order"]
    payment = store.of_order(work.conn, order_id)
    units, _ = money.shipped(work.conn, order_id)
    if payment is None or units or not PAYMENT.can(payment.state, "void"):
        return
    voiding = payment._replace(state=PAYMENT.advance(payment.state, "void"))
    voids = _voids(work, payment)
    unanswered = [each for each in _open(work, payment) if each.kind != "void" and not _abandoned(work, each)]
    stands = payment.reference is not None or bool(unanswered)
    if voiding.state == "voided" or not (stands or voids):
        _voided(work, voiding)
        return
    store.keep(work.conn, voiding)
    if stands:
        _intend(work, voiding, "void", 0, now=not unanswered)
    money.record(work, order_id, "voiding", "payment_voiding")


def _voids(work: Work, payment: Payment) -> list[Intent]:
    """What is still to be let go: a former authorisation, and of a cancelled order the last one."""
    return [each for each in _open(work, payment) if each.kind == "void"]


def _abandoned(work: Work, intent: Intent) -> bool:
    """Drops an intent that nobody has asked yet; whether it could be dropped."""
    if not INTENT.can(intent.state, "abandon"):
        return False
    store.answered(work.conn, intent.id, INTENT.advance(intent.state, "abandon"), work.now, None)
    return True


def _voided(work: Work, payment: Payment) -> None:
    state = payment.state if payment.state == "voided" else PAYMENT.advance(payment.state, "succeed")
    store.keep(work.conn, payment._replace(state=state))
    money.record(work, payment.order, "voided", "payment_voided")


# --- the worker's two commands -------------------------------------------------------------------------------------


class Ask(msgspec.Struct, frozen=True):
    """A question to the gateway. `again`: it was asked before, so what became of it is asked first."""

    intent: UUID
    kind: str
    amount_minor: int
    currency: str
    token: str
    reference: str
    again: bool

    @property
    def key(self) -> str:
        """Our key of this call at the gateway, the same however often it is asked."""
        return str(self.intent)


def due(conn: Connection, now: datetime, most: int) -> list[UUID]:
    """Intents whose question is due, the oldest first."""
    return store.due(conn, now, most)


def next_due(conn: Connection) -> datetime | None:
    """When the next question is due; None: never."""
    return store.next_due(conn)


def ask(work: Work, intent_id: UUID) -> Ask | None:
    """Marks an intent as asked, so that a crash leaves a trace; None when it is not due (any more).

    Until the next question is due nobody else asks: this is the worker's lease.
    """
    intent = store.intent(work.conn, intent_id)
    if intent is None or intent.due_at is None or intent.due_at > work.now:
        return None
    payment = store.by_id(work.conn, intent.payment)
    again = intent.state == "asked"
    due_at = work.now + rules.again_in(intent.attempts + 1)
    store.asked(work.conn, intent_id, INTENT.advance(intent.state, "ask"), due_at)
    about = _lets_go(work, payment, intent) if intent.kind == "void" else payment.reference or ""
    return Ask(intent_id, intent.kind, intent.amount_minor, payment.currency, payment.token, about, again)


def _lets_go(work: Work, payment: Payment, intent: Intent) -> str:
    known = store.intents(work.conn, payment.id)
    voids = [each.id for each in known if each.kind == "void" and each.state != "abandoned"]
    last = payment.reference if payment.state == "voiding" else None
    return rules.lets_go(store.authorised(work.conn, payment.id), voids, intent.id, last)


def answer(work: Work, intent_id: UUID, said: Answer) -> str:
    """Records the gateway's answer and gives the intent's state; an answer that is there already changes nothing."""
    intent = store.intent(work.conn, intent_id)
    if intent is None:
        raise Refusal("not_found")
    trigger = "succeed" if isinstance(said, Succeeded) else "decline"
    if not INTENT.can(intent.state, trigger):
        return intent.state
    state = INTENT.advance(intent.state, trigger)
    store.answered(work.conn, intent_id, state, work.now, msgspec.to_builtins(said))
    payment = store.by_id(work.conn, intent.payment)
    work.emit("payment.answered", stream=CORE, order=payment.order, intent=intent_id, kind=intent.kind, state=state)
    if intent.kind == "void":
        _let_go(work, payment)
    elif isinstance(said, Declined):
        _declined(work, payment, intent, said)
    elif intent.kind == "authorise":
        _authorised(work, payment, said)
    else:
        _taken(work, payment, intent.amount_minor)
    return state


def _let_go(work: Work, payment: Payment) -> None:
    """An authorisation is gone, or the gateway does not know it: with the last one a cancelled order's money is."""
    if payment.state == "voiding" and not _voids(work, payment):
        _voided(work, payment)


def _authorised(work: Work, payment: Payment, said: Succeeded) -> None:
    state = PAYMENT.advance(payment.state, "authorise")
    store.keep(work.conn, payment._replace(state=state, reference=said.reference), until=said.until)
    if state == "voiding":
        for each in _voids(work, payment):
            if each.due_at is None:
                store.set_due(work.conn, each.id, work.now)
        return
    params = {"amount": shown(payment.amount_minor - payment.captured_minor, payment.currency), "until": said.until}
    money.record(work, payment.order, "authorised", "payment_authorised", params, until=said.until)
    intend_capture(work, payment.order)


def _taken(work: Work, payment: Payment, amount: int) -> None:
    more = any(each.kind == "capture" for each in _open(work, payment))
    state = payment.state if more else PAYMENT.advance(payment.state, "succeed")
    taken = payment.captured_minor + amount
    store.keep(work.conn, payment._replace(state=state, captured_minor=taken))
    money.record(
        work, payment.order, "capturing" if more else "captured", "payment_captured",
        {"amount": shown(amount, payment.currency)}, captured_minor=taken,
    )  # fmt: skip


def _declined(work: Work, payment: Payment, intent: Intent, said: Declined) -> None:
    if payment.state == "voiding":
        for each in _voids(work, payment):
            if each.due_at is None:  # it waited for this answer, and there is nothing to let go
                _abandoned(work, each)
        _let_go(work, payment)
        return
    if not PAYMENT.can(payment.state, "decline"):
        return  # another capture of the same authorisation was declined before
    store.keep(work.conn, payment._replace(state=PAYMENT.advance(payment.state, "decline")))
    params = {"why": said.reason, "kind": intent.kind}
    money.record(work, payment.order, "declined", "payment_declined", params)


# --- the check -----------------------------------------------------------------------------------------------------


def invariants(conn: Connection) -> list[str]:
    """What is broken between orders and their money, in sentences. Read it in one snapshot."""
    broken = []
    for payment in store.all_payments(conn):
        found = lookup.order_of(conn, payment.order)
        if (payment.state, payment.captured_minor) != (found.payment, found.captured_minor):
            broken.append(
                f"order {found.number}: the payment is {payment.state} with {payment.captured_minor} taken, "
                f"the order says {found.payment} with {found.captured_minor}"
            )
        taken = sum(
            each.amount_minor
            for each in store.intents(conn, payment.id)
            if each.kind == "capture" and each.state == "succeeded"
        )
        if payment.gateway != OWN and taken != payment.captured_minor:
            broken.append(f"order {found.number}: the answers say {taken} taken, the payment {payment.captured_minor}")
        if payment.state == "voided" and len(store.authorised(conn, payment.id)) > _let_go_of(conn, payment):
            broken.append(f"order {found.number}: the payment is voided, an authorisation of it stands")
        if payment.captured_minor > payment.amount_minor:
            broken.append(f"order {found.number}: {payment.captured_minor} taken of {payment.amount_minor}")
    return broken


def _let_go_of(conn: Connection, payment: Payment) -> int:
    """How many authorisations were let go or will be."""
    return sum(each.kind == "void" and each.state != "abandoned" for each in store.intents(conn, payment.id))
