"""Why: whatever happens to money is a row of its journal, and the order is told in the same breath."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from server.db.base import CORE
from server.db.work import Work
from server.orders.currencies import shown
from server.orders.rules import Payment as State
from server.orders.service import lookup, money
from server.payments import rules
from server.payments.lifecycle import INTENT
from server.payments.rules import Authorisation, Intent
from server.payments.store import payments as store
from server.payments.store.payments import Payment

OWN: Final = "none"
"""The gateway of a payment that asks nobody: beforehand, at the counter, on account."""


def intend(
    work: Work, payment: Payment, kind: str, amount: int, *, about: UUID | None = None, now: bool = True, note: str = ""
) -> UUID:
    """Writes down what is to be asked; `now`, or when something else is answered or a person has done it."""
    asked = Asked(payment.order, payment.id, amount)
    return intend_all(work, [asked], kind, about=about, now=now, note=note)[0]


class Asked(NamedTuple):
    """An amount of the payment of an order."""

    order: UUID
    payment: UUID
    amount_minor: int


def intend_all(
    work: Work, wanted: Sequence[Asked], kind: str, *, about: UUID | None = None, now: bool = True, note: str = ""
) -> list[UUID]:
    """The same of several payments."""
    ids = [work.new_id() for _ in wanted]
    store.add_intents(work.conn, [
        {
            "id": intent_id, "payment_id": each.payment, "kind": kind, "amount_minor": each.amount_minor,
            "about": about, "state": INTENT.initial, "due_at": work.now if now else None, "created_at": work.now,
            "note": note, "intended_by": work.actor.name,
        }
        for intent_id, each in zip(ids, wanted, strict=True)
    ])  # fmt: skip
    for intent_id, each in zip(ids, wanted, strict=True):
        work.emit("payment.intended", stream=CORE, order=each.order, intent=intent_id, kind=kind)
    return ids


def book(work: Work, payment: Payment, kind: str, amount: int, note: str = "") -> UUID:
    """Writes down what has happened already, with nobody to ask."""
    intent_id = intend(work, payment, kind, amount, now=False, note=note)
    done(work, payment, intent_id, kind)
    return intent_id


def done(work: Work, payment: Payment, intent_id: UUID, kind: str) -> None:
    """An intent that a person has carried out."""
    state = INTENT.advance(INTENT.initial, "succeed")
    store.answered(work.conn, intent_id, state, work.now, None)
    work.emit("payment.answered", stream=CORE, order=payment.order, intent=intent_id, kind=kind, state=state)


def abandon(work: Work, intent: Intent) -> bool:
    """Drops an intent that nobody has asked yet; whether it could be dropped."""
    if not INTENT.can(intent.state, "abandon"):
        return False
    store.answered(work.conn, intent.id, INTENT.advance(intent.state, "abandon"), work.now, None)
    return True


def still_open(work: Work, payment: Payment, *kinds: str) -> list[Intent]:
    """The intents of these kinds whose answer is still to come."""
    return [each for each in store.journal(work.conn, payment.id) if each.open and each.kind in kinds]


def standing(work: Work, payment: Payment) -> Authorisation | None:
    """The authorisation that a payment takes its money of."""
    return rules.authorisation(store.journal(work.conn, payment.id), payment.authorisation)


def keep(
    work: Work,
    payment: Payment,
    what: str,
    params: Mapping[str, Any] | None = None,
    why: str = "",
    score: int | None = None,
) -> str:
    """Keeps a payment, reports it down, tells it on the order's timeline; gives the order's status.

    `score`: the risk that the gateway sees, where it has said one.
    """
    store.keep(work.conn, payment)
    state: State = payment.state  # type: ignore[assignment]
    return money.record(
        work, payment.order, state, what, params, until=payment.authorised_until,
        captured_minor=payment.captured_minor, settled_minor=settled(payment), token=payment.token, why=why,
        score=score,
    )  # fmt: skip


def settled(payment: Payment) -> int:
    """What the customer has paid or was credited: what is taken, on account what came of what was invoiced."""
    on_account = payment.method == "invoice"
    return payment.received_minor + payment.refunded_minor if on_account else payment.captured_minor


def amount(payment: Payment, minor: int) -> dict[str, Any]:
    """An amount as a row of the timeline carries it."""
    return {"amount": shown(minor, payment.currency)}


def wanted(work: Work, payment: Payment) -> int:
    """What the order costs as it is now, if all that is still wanted of it ships."""
    return _owed(work, payment.order, *money.wanted(work.conn, payment.order))


def is_wanted(work: Work, payment: Payment) -> bool:
    """Whether anything of the order is still wanted, or has shipped; it may cost nothing."""
    units, _ = money.wanted(work.conn, payment.order)
    return units > 0


def earned(work: Work, payment: Payment) -> int:
    """What is owed for what has shipped."""
    return _owed(work, payment.order, *money.shipped(work.conn, payment.order))


def _owed(work: Work, order_id: UUID, units: int, value: int) -> int:
    found = lookup.order_of(work.conn, order_id)
    return rules.owed(
        units=units, value=value, items=found.items_minor, shipping=found.shipping_minor, tax=found.tax_minor
    )
