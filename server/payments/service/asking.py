"""Why: the worker's two commands: what is asked is marked before the call, and the answer is recorded after it.

An answer that is there already changes nothing, whoever brings it and however late.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import Connection

from server.core.refusal import Refusal
from server.db.base import CORE
from server.db.work import Work
from server.payments import rules
from server.payments.lifecycle import INTENT, PAYMENT
from server.payments.port import Answer, Call, Declined, Gone, Pending, Succeeded
from server.payments.rules import Intent
from server.payments.service import journal, payments, refunds
from server.payments.store import payments as store
from server.payments.store.payments import Payment


class Ask(msgspec.Struct, frozen=True):
    """A question to a gateway. `again`: it was asked before, so what became of it is asked first.

    `known`: it was answered with yes; only whether that still holds is asked.
    """

    gateway: str
    call: Call
    again: bool
    known: bool


def due(conn: Connection, now: datetime, most: int) -> list[UUID]:
    """Intents whose question is due, the oldest first."""
    return store.due(conn, now, most)


def to_renew(conn: Connection, now: datetime, most: int) -> list[UUID]:
    """Payments whose authorisation would run out before its money is taken."""
    return store.to_renew(conn, now, most)


def next_due(conn: Connection) -> datetime | None:
    """When the next question is due; None: nothing is being asked."""
    return store.next_due(conn)


def wakes_at(conn: Connection) -> datetime | None:
    """When there is the next thing to do: a question, or something to set aside anew; None: never."""
    both = (store.next_due(conn), store.next_renewal(conn))
    return min((each for each in both if each is not None), default=None)


def ask(work: Work, intent_id: UUID, cards: str) -> Ask | None:
    """Marks an intent as asked, so that a crash leaves a trace; None when it is not due (any more).

    Until the next question is due nobody else asks: this is the worker's lease. `cards`: the gateway that card
    payments go to which have asked none yet.
    """
    intent = store.intent(work.conn, intent_id)
    if intent is None or intent.due_at is None or intent.due_at > work.now:
        return None
    payment = store.by_id(work.conn, intent.payment)
    if not payment.gateway:
        payment = payment._replace(gateway=cards)
        store.keep(work.conn, payment)
    due_at = work.now + rules.again_in(intent.attempts + 1)
    store.asked(work.conn, intent_id, INTENT.advance(intent.state, "ask"), due_at)
    return Ask(
        payment.gateway, call_of(store.journal(work.conn, payment.id), intent, payment),
        again=intent.state != INTENT.initial, known=intent.state == "succeeded",
    )  # fmt: skip


def call_of(found: list[Intent], intent: Intent, payment: Payment) -> Call:
    """An intent as a gateway is asked it."""
    about = None if intent.kind in rules.SET_ASIDE else rules.authorisation(found, intent.about)
    reference = intent.reference if intent.kind in rules.SET_ASIDE else about and about.reference
    return Call(
        key=str(intent.id), kind=intent.kind, at=intent.created_at,  # type: ignore[arg-type]
        amount_minor=intent.amount_minor, currency=payment.currency, token=payment.token, reference=reference or "",
        last=about is None or not about.many or about.taken >= about.amount_minor,
    )  # fmt: skip


def leave(work: Work, intent_id: UUID) -> None:
    """A yes that was asked after still holds, or nobody knows of it: nothing is due."""
    store.set_due(work.conn, intent_id, None)


def answer(work: Work, intent_id: UUID, said: Answer) -> str:
    """Records a gateway's answer and gives the intent's state."""
    intent = store.intent(work.conn, intent_id)
    if intent is None:
        raise Refusal("not_found")
    trigger = _trigger(intent, said)
    if not INTENT.can(intent.state, trigger) or (trigger == "take_back" and _let_go_by_us(work, intent)):
        if not intent.open:
            leave(work, intent_id)
        return intent.state
    state = INTENT.advance(intent.state, trigger)
    reference = said.reference if isinstance(said, Succeeded | Pending) else None
    kept = intent.answer if state == "taken_back" else msgspec.to_builtins(said)
    store.answered(work.conn, intent_id, state, work.now, kept, reference)
    payment = store.by_id(work.conn, intent.payment)
    work.emit("payment.answered", stream=CORE, order=payment.order, intent=intent_id, kind=intent.kind, state=state)
    if isinstance(said, Pending):
        store.set_due(work.conn, intent_id, work.now + rules.again_in(intent.attempts))
    elif intent.kind in rules.SET_ASIDE:
        _set_aside(work, payment, intent, said, state)
    elif intent.kind == "capture":
        _captured(work, payment, intent, said)
    elif intent.kind == "void":
        _let_go(work, payment, intent, said)
    else:
        refunds.answered(work, payment, intent, said, state)
    return state


def _let_go_by_us(work: Work, intent: Intent) -> bool:
    """Whether an authorisation is gone because we said so."""
    found = rules.authorisation(store.journal(work.conn, intent.payment), intent.id)
    return found is not None and found.let_go


def _trigger(intent: Intent, said: Answer) -> str:
    match said:
        case Succeeded():
            return "succeed"
        case Pending():
            return "wait"
        case Gone():
            return "take_back" if intent.state == "succeeded" else "decline"
        case Declined():
            return "decline"


# --- what was to be set aside --------------------------------------------------------------------------------------


def _set_aside(work: Work, payment: Payment, intent: Intent, said: Answer, state: str) -> None:
    if isinstance(said, Succeeded):
        _authorised(work, payment, intent, said)
    elif state == "taken_back":
        _lapsed(work, payment, intent)
    else:
        _not_authorised(work, payment, intent, _reason(said))


def _authorised(work: Work, payment: Payment, intent: Intent, said: Succeeded) -> None:
    if payment.state in payments.OVER:
        _wake_voids(work, payment, intent)
        return
    if rules.superseded(store.journal(work.conn, payment.id), intent):
        journal.intend(work, payment, "void", 0, about=intent.id)
        return
    before = journal.standing(work, payment)
    stays = intent.kind == "reauthorise" and payment.state in ("authorised", "capturing", "captured", "refunded")
    stands = payment._replace(
        state=payment.state if stays else PAYMENT.advance(payment.state, "authorise"), authorisation=intent.id,
        authorised_until=said.until, renew_at=rules.renew_at(work.now, said.until),
    )  # fmt: skip
    if before is not None and before.room:
        journal.intend(work, payment, "void", 0, about=before.intent)
    what = "payment_renewed" if intent.kind == "reauthorise" else "payment_authorised"
    told = {**journal.amount(payment, intent.amount_minor), "until": said.until}
    journal.keep(work, stands, what, told, score=said.score)
    if payments.take(work, payment.order) is None:
        payments.settle_rest(work, store.by_id(work.conn, payment.id))


def _wake_voids(work: Work, payment: Payment, intent: Intent) -> None:
    """What waited for this answer may be let go now; what nobody thought of is let go too."""
    waiting = [each for each in journal.still_open(work, payment, "void") if each.about == intent.id]
    for each in waiting:
        store.set_due(work.conn, each.id, work.now)
    if not waiting:
        journal.intend(work, payment, "void", 0, about=intent.id)


def _not_authorised(work: Work, payment: Payment, intent: Intent, reason: str) -> None:
    if payment.state in payments.OVER:
        for each in journal.still_open(work, payment, "void"):
            if each.about == intent.id:  # there is nothing to let go
                journal.abandon(work, each)
        _voided(work, payment)
        return
    if journal.still_open(work, payment, *rules.SET_ASIDE):
        return  # another one is asked for already
    found = journal.standing(work, payment)
    if intent.kind == "reauthorise" and found is not None and found.room and not _ran_out(work, payment):
        journal.keep(work, payment, "payment_renewal_declined", {"why": reason})
        return
    _declined(work, payment, intent, reason)
    payments.follow(work, payment.order)  # nothing may be owed any more


def _ran_out(work: Work, payment: Payment) -> bool:
    return payment.authorised_until is not None and payment.authorised_until <= work.now


def _over(work: Work, payment: Payment) -> None:
    """What was set aside had run out before it was taken: it is set aside anew, and taken then."""
    made = next((each for each in store.journal(work.conn, payment.id) if each.id == payment.authorisation), None)
    if made is not None and INTENT.can(made.state, "take_back"):
        store.answered(work.conn, made.id, INTENT.advance(made.state, "take_back"), work.now, made.answer)
    lost = store.by_id(work.conn, payment.id)._replace(authorisation=None, authorised_until=None, renew_at=None)
    store.keep(work.conn, lost)
    payments.set_aside(work, lost)


def _lapsed(work: Work, payment: Payment, intent: Intent) -> None:
    """The gateway let go by itself what it had set aside: what is still to be taken is set aside anew."""
    if payment.authorisation != intent.id or payment.state in payments.OVER:
        return
    lost = payment._replace(authorisation=None, authorised_until=None, renew_at=None)
    journal.keep(work, lost, "payment_lapsed")
    payments.set_aside(work, lost)


# --- what was to be taken, and let go ------------------------------------------------------------------------------


def _captured(work: Work, payment: Payment, intent: Intent, said: Answer) -> None:
    if not isinstance(said, Succeeded):
        _declined(work, payment, intent, _reason(said))
        if _ran_out(work, payment):
            _over(work, payment)
        return
    more = bool(journal.still_open(work, payment, "capture"))
    state = payment.state
    if state == "capturing" and not more:
        state = PAYMENT.advance(state, "succeed")
    taken = payment._replace(state=state, captured_minor=payment.captured_minor + intent.amount_minor)
    journal.keep(work, taken, "payment_captured", journal.amount(payment, intent.amount_minor))
    if payments.take(work, payment.order) is None:
        payments.follow(work, payment.order)


def _declined(work: Work, payment: Payment, intent: Intent, reason: str) -> None:
    if not PAYMENT.can(payment.state, "decline"):
        return  # another capture of the same authorisation was declined before
    declined = payment._replace(state=PAYMENT.advance(payment.state, "decline"))
    journal.keep(work, declined, "payment_declined", {"why": reason, "kind": intent.kind})


def _let_go(work: Work, payment: Payment, intent: Intent, said: Answer) -> None:
    """An authorisation is gone, or the gateway does not know it: with the last one a cancelled order's money is."""
    if payment.state in payments.OVER:
        _voided(work, payment)
    elif isinstance(said, Succeeded) and intent.about == payment.authorisation:
        journal.keep(work, payment._replace(authorised_until=None, renew_at=None), "payment_rest_let_go")


def _voided(work: Work, payment: Payment) -> None:
    if payment.state == "voiding" and not journal.still_open(work, payment, "void"):
        journal.keep(work, payment._replace(state=PAYMENT.advance(payment.state, "succeed")), "payment_voided")


def _reason(said: Answer) -> str:
    return said.reason if isinstance(said, Declined | Gone) else ""
