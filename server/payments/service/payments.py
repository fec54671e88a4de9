"""Why: an order's payment follows the order: asked for when it is captured, taken when it ships, let go when not.

Nothing in here speaks to anyone: it writes down what is to be asked (`asking` is the worker's part). Stream 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from server.core.events import Event
from server.core.refusal import Fault, Refusal
from server.db.work import Work
from server.orders import rules as order_rules
from server.orders.currencies import shown
from server.orders.service import lookup, timelines
from server.orders.service.timelines import Entry
from server.orders.store import orders
from server.orders.store.orders import Order
from server.payments import rules
from server.payments.lifecycle import PAYMENT
from server.payments.service import accounts, journal, receipts, refunds
from server.payments.service.journal import OWN
from server.payments.store import payments as store
from server.payments.store.payments import Payment

OVER: Final = frozenset({"voiding", "voided"})
LATER: Final = timedelta(hours=1)
"""A renewal that comes while something is being taken waits so long."""


# --- captured: ask for it ------------------------------------------------------------------------------------------


def on_orders_captured(work: Work, events: Sequence[Event]) -> None:
    """Same-transaction reaction to `order.captured`: the payments, and what is to be done about them first."""
    ids = [event.payload["order"] for event in events]
    found = orders.by_ids(work.conn, ids)
    agreed = accounts.terms(work.conn, [each for each in found.values() if each.payment_method == "invoice"])
    new = [_New(found[each], work.new_id(), agreed.get(each)) for each in ids]
    _begin(work, [each for each in new if not each.bounded])
    for each in new:
        if each.terms is not None and each.bounded:  # what one comes to is looked at before the next is kept
            _begin(work, [each])
            accounts.check(work, each.order, each.terms)
        elif each.received:
            receipts.came(work, store.by_id(work.conn, each.payment), each.order.total_minor)


class _New(NamedTuple):
    """An order that was captured, the id of its payment, and what is agreed with who buys on account."""

    order: Order
    payment: UUID
    terms: accounts.Terms | None

    @property
    def asks(self) -> bool:
        return self.order.payment == "authorising"

    @property
    def received(self) -> bool:
        return self.order.payment == "captured"

    @property
    def bounded(self) -> bool:
        return self.terms is not None and self.terms.bounded


def _begin(work: Work, new: Sequence[_New]) -> None:
    """Keeps payments, tells them, and writes down what is to be asked."""
    store.add(work.conn, [_row(work, each) for each in new])
    asked = [journal.Asked(each.order.id, each.payment, each.order.total_minor) for each in new if each.asks]
    journal.intend_all(work, asked, "authorise")
    timelines.tell_all(work, [_told(each) for each in new if not each.received])


def _row(work: Work, each: _New) -> dict[str, Any]:
    found, terms = each.order, each.terms
    return {
        "id": each.payment, "order_id": found.id, "method": found.payment_method,
        "gateway": "" if found.payment_method in rules.CARDS else OWN, "token": found.payment_token,
        "amount_minor": found.total_minor, "currency": found.currency, "created_at": work.now,
        "state": "awaited" if each.received else found.payment,
        "account_id": None if terms is None else terms.account, "days": None if terms is None else terms.days,
    }  # fmt: skip


def _told(each: _New) -> Entry:
    found, amount = each.order, {"amount": shown(each.order.total_minor, each.order.currency)}
    if each.asks:
        return Entry(found.id, "payment_intended", amount)
    if found.payment == "awaited":
        return Entry(found.id, "payment_awaited", amount)
    if each.terms is not None:
        return Entry(found.id, "payment_on_account", {**amount, "days": each.terms.days})
    return Entry(found.id, "payment_due", {**amount, "method": found.payment_method})


def retry(work: Work, order_id: UUID, token: str = "") -> str:
    """Asks again for a declined payment, or one that runs out too early, by another token where one is given.

    What was set aside before is let go first: nothing else names it from here on, and it would stand beside the new.
    Gives the order's status. Refuses `order_unknown`, and `move_not_allowed` for a payment that is good.
    """
    found = lookup.order_of(work.conn, order_id)
    payment = store.of_order(work.conn, order_id)
    if payment is None or payment.method not in rules.CARDS:
        raise Refusal("move_not_allowed", Fault("state", "There is no card to ask again."), thing="payment",
                      state="none" if payment is None else payment.state, trigger="retry")  # fmt: skip
    before = journal.standing(work, payment)
    state = PAYMENT.advance(payment.state, "renew" if _runs_out(found, work.now) else "retry")
    _drop(work, payment)
    if before is not None and before.room:
        journal.intend(work, payment, "void", 0, about=before.intent)
    again = payment._replace(
        state=state, token=token or payment.token, authorisation=None, authorised_until=None, renew_at=None
    )
    journal.intend(work, again, "authorise", journal.wanted(work, again) - payment.captured_minor)
    return journal.keep(work, again, "payment_retried")


def may_retry(found: Order, payment: Payment, now: datetime) -> bool:
    """Whether it would be asked again."""
    trigger = "renew" if _runs_out(found, now) else "retry"
    return payment.method in rules.CARDS and PAYMENT.can(payment.state, trigger)


def _runs_out(found: Order, now: datetime) -> bool:
    """Whether all that keeps the order from the floor is an authorisation that does not outlive its truck."""
    return not found.released and order_rules.why_not(
        status=found.status, payment=found.payment, authorised_until=found.authorised_until,
        cutoff_at=found.cutoff_at, now=now,
    ) == "authorisation_runs_out"  # fmt: skip


def _drop(work: Work, payment: Payment) -> None:
    """Whatever was still to be set aside and nobody has asked for yet is not asked for."""
    for each in journal.still_open(work, payment, *rules.SET_ASIDE):
        journal.abandon(work, each)


# --- shipped: take it ----------------------------------------------------------------------------------------------


def take(work: Work, order_id: UUID) -> UUID | None:
    """Writes down to take what is owed for what has shipped and not been taken; the intent's id, or None.

    A payment that is declined or still asked for is taken later, when it is authorised. Where nothing that is set
    aside is left, it is set aside anew first.
    """
    payment = store.of_order(work.conn, order_id)
    if payment is None or payment.method in rules.BY_HAND or not PAYMENT.can(payment.state, "capture"):
        return None
    asked = sum(each.amount_minor for each in journal.still_open(work, payment, "capture"))
    amount = journal.earned(work, payment) - payment.captured_minor - asked
    if amount <= 0:
        return None
    if payment.gateway == OWN:
        _invoice(work, payment, amount)
        return None
    found = journal.standing(work, payment)
    if found is None or not found.room:
        set_aside(work, payment)
        return None
    part = min(amount, found.room)
    taking = payment._replace(state=PAYMENT.advance(payment.state, "capture"))
    journal.keep(work, taking, "payment_taking", journal.amount(payment, part))
    return journal.intend(work, taking, "capture", part, about=found.intent)


def _invoice(work: Work, payment: Payment, amount: int) -> None:
    """On account nothing is taken: what has shipped is invoiced, and due by the customer's terms."""
    journal.book(work, payment, "capture", amount)
    due_at = work.now + timedelta(days=payment.days or 0)
    state = PAYMENT.advance(PAYMENT.advance(payment.state, "capture"), "succeed")
    invoiced = payment._replace(
        state=state, captured_minor=payment.captured_minor + amount, invoice_due_at=payment.invoice_due_at or due_at
    )
    journal.keep(work, invoiced, "payment_invoiced", {**journal.amount(payment, amount), "due": due_at})


def set_aside(work: Work, payment: Payment, *, about: UUID | None = None) -> None:
    """Writes down to set aside anew all that is still to be taken, unless that is being asked already."""
    asked = sum(each.amount_minor for each in journal.still_open(work, payment, "capture"))
    rest = journal.wanted(work, payment) - payment.captured_minor - asked
    if rest <= 0 or payment.method not in rules.CARDS or journal.still_open(work, payment, *rules.SET_ASIDE):
        return
    journal.intend(work, payment, "reauthorise", rest, about=about)
    journal.keep(work, payment, "payment_renewing", journal.amount(payment, rest))


def renew(work: Work, payment_id: UUID) -> bool:
    """The sweep: sets aside anew what would run out before it is taken; whether there was anything to do."""
    payment = store.by_id(work.conn, payment_id)
    if payment.renew_at is None or payment.renew_at > work.now:
        return False
    if payment.state == "capturing":
        store.keep(work.conn, payment._replace(renew_at=work.now + LATER))
        return False
    quiet = payment._replace(renew_at=None)
    store.keep(work.conn, quiet)
    found = lookup.order_of(work.conn, payment.order)
    if found.status in order_rules.ENDED or payment.state not in ("authorised", "captured"):
        return False
    set_aside(work, quiet)
    return True


# --- changed: follow -----------------------------------------------------------------------------------------------


def on_order_cancelled(work: Work, event: Event) -> None:
    """Same-transaction reaction to `order.cancelled`: the money follows."""
    follow(work, event.payload["order"], "order_cancelled")


def on_order_edited(work: Work, event: Event) -> None:
    """Same-transaction reaction to `order.edited`: what it costs may be another, or who owes it."""
    if event.payload["what"] == "units":
        follow(work, event.payload["order"])
    elif event.payload["what"] == "address":
        _find_who_owes(work, event.payload["order"])


def _find_who_owes(work: Work, order_id: UUID) -> None:
    """An order on account that is somebody else's now is on their account, by their terms."""
    payment, found = store.of_order(work.conn, order_id), lookup.order_of(work.conn, order_id)
    if payment is None or payment.method != "invoice":
        return
    agreed = accounts.terms(work.conn, [found])[order_id]
    if agreed.account != payment.account:
        store.set_terms(work.conn, payment.id, agreed.account, agreed.days)
        accounts.check(work, found, agreed)


def follow(work: Work, order_id: UUID, why: str = "order_changed") -> None:
    """Makes the money fit the order as it is now; whoever changes what an order costs calls it, or emits for it.

    Nothing is wanted any more: what is set aside is let go. Less: what was taken beyond it is given back. More: it is
    set aside anew. `why` is told with a refund.
    """
    before = payment = store.of_order(work.conn, order_id)
    if before is None or payment is None or payment.state in OVER:
        return
    wanted = journal.wanted(work, payment)
    taken = payment.captured_minor or journal.still_open(work, payment, "capture")
    if not taken and not journal.is_wanted(work, payment):
        _let_all_go(work, payment)
        return
    fits = _by_hand if payment.method in rules.BY_HAND else _by_gateway
    payment = fits(work, payment, wanted)._replace(amount_minor=wanted)
    if payment != before:
        journal.keep(work, payment, "payment_follows", journal.amount(payment, wanted))
    if wanted > before.amount_minor and payment.method == "invoice":
        found = lookup.order_of(work.conn, order_id)
        accounts.check(work, found, accounts.terms(work.conn, [found])[order_id])
    over = refunds.most(work, payment) - wanted
    if over > 0:
        refunds.give_back(work, payment, over, why)
    settle_rest(work, payment)
    if payment.method == "invoice":
        take(work, order_id)  # what has shipped may cost more now


def _by_hand(work: Work, payment: Payment, wanted: int) -> Payment:
    """Money that came by hand waits for what is lacking, or no more. What was to go back pays for what is dearer now.

    What was given back of what was owed, for something that broke, is not asked for again.
    """
    if wanted > payment.amount_minor:
        for each in journal.still_open(work, payment, "refund"):
            journal.abandon(work, each)
    kept = refunds.most(work, payment)
    if payment.state == "captured":
        payment = payment._replace(waived_minor=max(payment.amount_minor - kept, 0))
    lacks = wanted > kept + payment.waived_minor
    payment = _moved(payment, "owe" if lacks else "receive")
    over = payment.captured_minor == payment.refunded_minor and not journal.is_wanted(work, payment)
    return _moved(payment, "refund") if over and payment.state == "captured" else payment


def _moved(payment: Payment, trigger: str) -> Payment:
    """The payment after it, where it can be; else as it is."""
    can = PAYMENT.can(payment.state, trigger)
    return payment._replace(state=PAYMENT.advance(payment.state, trigger)) if can else payment


def _by_gateway(work: Work, payment: Payment, wanted: int) -> Payment:
    """A no to what is not owed any more does not count; what cost nothing until now is asked for like a new order's."""
    if payment.state == "declined" and wanted <= payment.captured_minor:
        return payment._replace(state=PAYMENT.advance(payment.state, "settle"))
    free = payment.method in rules.CARDS and not payment.amount_minor and not payment.captured_minor
    if free and wanted and PAYMENT.can(payment.state, "renew"):
        journal.intend(work, payment, "authorise", wanted)
        return payment._replace(state=PAYMENT.advance(payment.state, "renew"))
    return payment


def settle_rest(work: Work, payment: Payment) -> None:
    """What is set aside is made to fit what is still to be taken, once nothing is being taken."""
    if payment.method not in rules.CARDS or journal.still_open(work, payment, "capture"):
        return
    if payment.state not in ("authorised", "captured", "refunded"):
        return
    found = journal.standing(work, payment)
    room = 0 if found is None else found.room
    rest = journal.wanted(work, payment) - payment.captured_minor
    if rest > room:
        set_aside(work, payment)
    elif rest <= 0 and found is not None and room:
        journal.intend(work, payment, "void", 0, about=found.intent)


def _let_all_go(work: Work, payment: Payment) -> None:
    if not PAYMENT.can(payment.state, "void"):
        return
    found = journal.standing(work, payment)
    _drop(work, payment)
    for each in journal.still_open(work, payment, *rules.SET_ASIDE):
        journal.intend(work, payment, "void", 0, about=each.id, now=False)  # its answer is waited for
    if found is not None and found.room:
        journal.intend(work, payment, "void", 0, about=found.intent)
    over = payment._replace(state=PAYMENT.advance(payment.state, "void"), renew_at=None)
    if over.state == "voiding" and not journal.still_open(work, payment, "void"):
        over = over._replace(state=PAYMENT.advance(over.state, "succeed"))
    journal.keep(work, over, "payment_voiding" if over.state == "voiding" else "payment_voided")
