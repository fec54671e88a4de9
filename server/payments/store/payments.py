"""Why: every statement about payments and their intents, built once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from server.db.binds import id_
from server.db.prepared import Prepared
from server.db.types import Json, Utc
from server.orders.models import order
from server.payments.models import payment, payment_intent
from server.payments.rules import SET_ASIDE, Intent
from server.payments.schemas import OpenInvoice, Owed


class Payment(NamedTuple):
    """A payment's row."""

    id: UUID
    order: UUID
    method: str
    gateway: str
    token: str
    amount_minor: int
    captured_minor: int
    refunded_minor: int
    received_minor: int
    waived_minor: int
    currency: str
    state: str
    authorisation: UUID | None
    authorised_until: datetime | None
    renew_at: datetime | None
    account: UUID | None
    days: int | None
    invoice_due_at: datetime | None


_PAYMENT: Final[tuple[sa.Column[Any], ...]] = (
    payment.c.id, payment.c.order_id, payment.c.method, payment.c.gateway, payment.c.token, payment.c.amount_minor,
    payment.c.captured_minor, payment.c.refunded_minor, payment.c.received_minor, payment.c.waived_minor,
    payment.c.currency, payment.c.state, payment.c.authorisation, payment.c.authorised_until, payment.c.renew_at,
    payment.c.account_id, payment.c.days, payment.c.invoice_due_at,
)  # fmt: skip
_INTENT: Final[tuple[sa.Column[Any], ...]] = (
    payment_intent.c.id, payment_intent.c.payment_id, payment_intent.c.kind, payment_intent.c.amount_minor,
    payment_intent.c.about, payment_intent.c.state, payment_intent.c.attempts, payment_intent.c.due_at,
    payment_intent.c.created_at, payment_intent.c.answered_at, payment_intent.c.answer, payment_intent.c.reference,
    payment_intent.c.note, payment_intent.c.intended_by,
)  # fmt: skip


def _new(name: str, column: sa.Column[Any]) -> sa.BindParameter[Any]:
    return sa.bindparam(f"new_{name}", type_=column.type)


# --- payments

_KEPT: Final = (
    "gateway", "token", "amount_minor", "captured_minor", "refunded_minor", "received_minor", "waived_minor", "state",
    "authorisation", "authorised_until", "renew_at", "invoice_due_at",
)  # fmt: skip
"""What changes of a payment."""
_OF_ORDER: Final = sa.select(*_PAYMENT).where(payment.c.order_id == id_("order"))
_BY_ID: Final = sa.select(*_PAYMENT).where(payment.c.id == id_("payment"))
_ADD: Final = Prepared(sa.insert(payment))
_SET: Final = (
    sa.update(payment).where(payment.c.id == id_("of")).values({name: _new(name, payment.c[name]) for name in _KEPT})
)
_SET_TERMS: Final = (
    sa.update(payment)
    .where(payment.c.id == id_("of"))
    .values(account_id=_new("account_id", payment.c.account_id), days=_new("days", payment.c.days))
)
_ALL: Final = sa.select(*_PAYMENT).order_by(payment.c.id)
_TO_RENEW: Final = (
    sa.select(payment.c.id)
    .where(payment.c.renew_at <= sa.bindparam("now", type_=Utc()))
    .order_by(payment.c.renew_at)
    .limit(sa.bindparam("most"))
)
_NEXT_RENEWAL: Final = sa.select(sa.func.min(payment.c.renew_at))
_ON_ACCOUNT: Final = sa.select(
    payment.c.state, payment.c.amount_minor, payment.c.captured_minor, payment.c.refunded_minor,
    payment.c.received_minor,
).where(payment.c.account_id == id_("account"), payment.c.currency == sa.bindparam("currency"))  # fmt: skip


def of_order(conn: Connection, order_id: UUID) -> Payment | None:
    """The payment of an order."""
    row = conn.execute(_OF_ORDER, {"order": order_id}).one_or_none()
    return None if row is None else Payment(*row)


def by_id(conn: Connection, payment_id: UUID) -> Payment:
    """A payment."""
    return Payment(*conn.execute(_BY_ID, {"payment": payment_id}).one())


def all_payments(conn: Connection) -> list[Payment]:
    """Every payment, the oldest first."""
    return [Payment(*row) for row in conn.execute(_ALL)]


def add(conn: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Keeps payments."""
    if rows:
        _ADD.change_all(conn, rows)


def keep(conn: Connection, changed: Payment) -> None:
    """Keeps what has changed of a payment."""
    conn.execute(_SET, {"of": changed.id, **{f"new_{name}": getattr(changed, name) for name in _KEPT}})


def set_terms(conn: Connection, payment_id: UUID, account: UUID | None, days: int) -> None:
    """On whose account it is, and when its invoices are due from now on."""
    conn.execute(_SET_TERMS, {"of": payment_id, "new_account_id": account, "new_days": days})


def to_renew(conn: Connection, now: datetime, most: int) -> list[UUID]:
    """Payments whose authorisation is to be set aside anew, the most pressing first."""
    return [row[0] for row in conn.execute(_TO_RENEW, {"now": now, "most": most})]


class Account(NamedTuple):
    """What one payment on account comes to."""

    state: str
    amount_minor: int
    captured_minor: int
    refunded_minor: int
    received_minor: int


def on_account(conn: Connection, account: UUID, currency: str) -> list[Account]:
    """All payments of a credit account in a currency."""
    return [Account(*row) for row in conn.execute(_ON_ACCOUNT, {"account": account, "currency": currency})]


_OPEN: Final = payment.c.captured_minor - payment.c.refunded_minor - payment.c.received_minor
_INVOICED: Final = sa.and_(order.c.customer_id == id_("customer"), payment.c.method == "invoice", _OPEN > 0)
_OWED: Final = (
    sa.select(payment.c.currency, sa.func.sum(_OPEN))
    .join_from(order, payment, payment.c.order_id == order.c.id)
    .where(_INVOICED)
    .group_by(payment.c.currency)
    .order_by(payment.c.currency)
)
_INVOICES: Final = (
    sa.select(order.c.number, payment.c.currency, payment.c.captured_minor, _OPEN, payment.c.invoice_due_at)
    .join_from(order, payment, payment.c.order_id == order.c.id)
    .where(_INVOICED)
    .order_by(payment.c.invoice_due_at, order.c.number)
    .limit(sa.bindparam("most"))
)


def owed(conn: Connection, customer_id: UUID) -> list[Owed]:
    """What a customer has been invoiced and has not paid, by currency."""
    return [Owed(row[0], int(row[1])) for row in conn.execute(_OWED, {"customer": customer_id})]


def open_invoices(conn: Connection, customer_id: UUID, most: int) -> list[OpenInvoice]:
    """At most `most` of them, what is due first at the top."""
    return [OpenInvoice(*row) for row in conn.execute(_INVOICES, {"customer": customer_id, "most": most})]


# --- intents

_ONE: Final = sa.select(*_INTENT).where(payment_intent.c.id == id_("intent"))
_JOURNAL: Final = sa.select(*_INTENT).where(payment_intent.c.payment_id == id_("payment")).order_by(payment_intent.c.id)
_ADD_INTENT: Final = Prepared(sa.insert(payment_intent))
_ASKED: Final = (
    sa.update(payment_intent)
    .where(payment_intent.c.id == id_("of"))
    .values(
        state=_new("state", payment_intent.c.state),
        attempts=payment_intent.c.attempts + 1,
        due_at=_new("due_at", payment_intent.c.due_at),
    )
)
_SET_DUE: Final = (
    sa.update(payment_intent)
    .where(payment_intent.c.id == id_("of"))
    .values(due_at=_new("due_at", payment_intent.c.due_at))
)
_ANSWERED: Final = (
    sa.update(payment_intent)
    .where(payment_intent.c.id == id_("of"))
    .values(
        state=_new("state", payment_intent.c.state),
        due_at=sa.null(),
        answered_at=sa.bindparam("at", type_=Utc()),
        answer=sa.bindparam("said", type_=Json()),
        reference=sa.func.coalesce(_new("reference", payment_intent.c.reference), payment_intent.c.reference),
    )
)
_DUE: Final = (
    sa.select(payment_intent.c.id)
    .where(payment_intent.c.due_at <= sa.bindparam("now", type_=Utc()))
    .order_by(payment_intent.c.due_at)
    .limit(sa.bindparam("most"))
)
_NEXT_DUE: Final = sa.select(sa.func.min(payment_intent.c.due_at))
_BY_REFERENCE: Final = sa.select(payment_intent.c.id).where(
    payment_intent.c.reference == sa.bindparam("named"), payment_intent.c.kind.in_(sorted(SET_ASIDE))
)
_ABOUT: Final = sa.select(payment_intent.c.id).where(
    payment_intent.c.payment_id == id_("payment"), payment_intent.c.about == id_("intent")
)


def intent(conn: Connection, intent_id: UUID) -> Intent | None:
    """An intent."""
    row = conn.execute(_ONE, {"intent": intent_id}).one_or_none()
    return None if row is None else Intent(*row)


def journal(conn: Connection, payment_id: UUID) -> list[Intent]:
    """The intents of a payment, the oldest first."""
    return [Intent(*row) for row in conn.execute(_JOURNAL, {"payment": payment_id})]


def add_intents(conn: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Keeps intents."""
    if rows:
        _ADD_INTENT.change_all(conn, rows)


def asked(conn: Connection, intent_id: UUID, state: str, due_at: datetime) -> None:
    """The gateway is being asked; not again before `due_at`."""
    conn.execute(_ASKED, {"of": intent_id, "new_state": state, "new_due_at": due_at})


def set_due(conn: Connection, intent_id: UUID, due_at: datetime | None) -> None:
    """When to ask; None: not at all."""
    conn.execute(_SET_DUE, {"of": intent_id, "new_due_at": due_at})


def answered(
    conn: Connection, intent_id: UUID, state: str, at: datetime, answer: Any, reference: str | None = None
) -> None:
    """The answer; nothing is due any more."""
    values = {"of": intent_id, "new_state": state, "at": at, "said": answer, "new_reference": reference}
    conn.execute(_ANSWERED, values)


def due(conn: Connection, now: datetime, most: int) -> list[UUID]:
    """Intents whose question is due, the oldest first."""
    return [row[0] for row in conn.execute(_DUE, {"now": now, "most": most})]


def next_due(conn: Connection) -> datetime | None:
    """When the next question is due."""
    found: datetime | None = conn.execute(_NEXT_DUE).scalar_one()
    return found


def next_renewal(conn: Connection) -> datetime | None:
    """When the next authorisation is to be set aside anew."""
    found: datetime | None = conn.execute(_NEXT_RENEWAL).scalar_one()
    return found


def by_reference(conn: Connection, reference: str) -> list[UUID]:
    """The intents whose authorisation a gateway calls this."""
    return list(conn.execute(_BY_REFERENCE, {"named": reference}).scalars())


def about(conn: Connection, payment_id: UUID, intent_id: UUID) -> list[UUID]:
    """The intents that take, let go or give back of what this one set aside."""
    return list(conn.execute(_ABOUT, {"payment": payment_id, "intent": intent_id}).scalars())
