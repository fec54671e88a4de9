"""Why: every statement about payments and their intents, built once."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection as Connection

from server.db.binds import id_
from server.db.types import Json, Utc
from server.payments.models import payment, payment_intent


class Payment(NamedTuple):
    """A payment's row."""

    id: UUID
    order: UUID
    method: str
    gateway: str
    token: str
    amount_minor: int
    captured_minor: int
    currency: str
    state: str
    reference: str | None


class Intent(NamedTuple):
    """An intent's row."""

    id: UUID
    payment: UUID
    kind: str
    amount_minor: int
    state: str
    attempts: int
    due_at: datetime | None


_PAYMENT: Final[tuple[sa.Column[Any], ...]] = (
    payment.c.id, payment.c.order_id, payment.c.method, payment.c.gateway, payment.c.token, payment.c.amount_minor,
    payment.c.captured_minor, payment.c.currency, payment.c.state, payment.c.reference,
)  # fmt: skip
_INTENT: Final[tuple[sa.Column[Any], ...]] = (
    payment_intent.c.id, payment_intent.c.payment_id, payment_intent.c.kind, payment_intent.c.amount_minor,
    payment_intent.c.state, payment_intent.c.attempts, payment_intent.c.due_at,
)  # fmt: skip

_of_order: Final = sa.select(*_PAYMENT).where(payment.c.order_id == id_("order"))
_by_id: Final = sa.select(*_PAYMENT).where(payment.c.id == id_("payment"))
_add: Final = sa.insert(payment)
_set: Final = (
    sa.update(payment)
    .where(payment.c.id == id_("of"))
    .values(
        state=sa.bindparam("new_state"),
        token=sa.bindparam("new_token"),
        captured_minor=sa.bindparam("captured", type_=sa.BigInteger()),
        authorised_until=sa.bindparam("until", type_=Utc()),
        reference=sa.bindparam("new_reference"),
    )
)
_until: Final = sa.select(payment.c.authorised_until).where(payment.c.id == id_("payment"))
_intent: Final = sa.select(*_INTENT).where(payment_intent.c.id == id_("intent"))
_intents: Final = sa.select(*_INTENT).where(payment_intent.c.payment_id == id_("payment")).order_by(payment_intent.c.id)
_authorised: Final = (
    sa.select(payment_intent.c.answer)
    .where(
        payment_intent.c.payment_id == id_("payment"),
        payment_intent.c.kind == "authorise",
        payment_intent.c.state == "succeeded",
    )
    .order_by(payment_intent.c.id)
)
_add_intent: Final = sa.insert(payment_intent)
_asked: Final = (
    sa.update(payment_intent)
    .where(payment_intent.c.id == id_("of"))
    .values(
        state=sa.bindparam("new_state"),
        attempts=payment_intent.c.attempts + 1,
        due_at=sa.bindparam("due", type_=Utc()),
    )
)
_set_due: Final = (
    sa.update(payment_intent).where(payment_intent.c.id == id_("of")).values(due_at=sa.bindparam("due", type_=Utc()))
)
_answered: Final = (
    sa.update(payment_intent)
    .where(payment_intent.c.id == id_("of"))
    .values(
        state=sa.bindparam("new_state"),
        due_at=sa.null(),
        answered_at=sa.bindparam("at", type_=Utc()),
        answer=sa.bindparam("said", type_=Json()),
    )
)
_due: Final = (
    sa.select(payment_intent.c.id)
    .where(payment_intent.c.due_at <= sa.bindparam("now", type_=Utc()))
    .order_by(payment_intent.c.due_at)
    .limit(sa.bindparam("most"))
)
_next_due: Final = sa.select(sa.func.min(payment_intent.c.due_at))


def of_order(conn: Connection, order_id: UUID) -> Payment | None:
    """The payment of an order."""
    row = conn.execute(_of_order, {"order": order_id}).one_or_none()
    return None if row is None else Payment(*row)


_all: Final = sa.select(*_PAYMENT).order_by(payment.c.id)


def all_payments(conn: Connection) -> list[Payment]:
    """Every payment, the oldest first."""
    return [Payment(*row) for row in conn.execute(_all)]


def by_id(conn: Connection, payment_id: UUID) -> Payment:
    """A payment."""
    return Payment(*conn.execute(_by_id, {"payment": payment_id}).one())


def add(conn: Connection, row: dict[str, Any]) -> None:
    """Keeps a payment."""
    conn.execute(_add, row)


def keep(conn: Connection, changed: Payment, *, until: datetime | None = None) -> None:
    """Keeps what has changed of a payment; without `until` an authorisation's end stays as it is."""
    if until is None:
        until = conn.execute(_until, {"payment": changed.id}).scalar_one()
    conn.execute(_set, {
        "of": changed.id, "new_state": changed.state, "new_token": changed.token, "captured": changed.captured_minor,
        "until": until, "new_reference": changed.reference,
    })  # fmt: skip


def intent(conn: Connection, intent_id: UUID) -> Intent | None:
    """An intent."""
    row = conn.execute(_intent, {"intent": intent_id}).one_or_none()
    return None if row is None else Intent(*row)


def intents(conn: Connection, payment_id: UUID) -> list[Intent]:
    """The intents of a payment, the oldest first."""
    return [Intent(*row) for row in conn.execute(_intents, {"payment": payment_id})]


def authorised(conn: Connection, payment_id: UUID) -> list[str]:
    """The gateway's names of all that was ever set aside for a payment, the oldest first."""
    return [answer["reference"] for answer in conn.execute(_authorised, {"payment": payment_id}).scalars()]


def add_intent(conn: Connection, row: dict[str, Any]) -> None:
    """Keeps an intent."""
    conn.execute(_add_intent, row)


def asked(conn: Connection, intent_id: UUID, state: str, due_at: datetime) -> None:
    """The gateway is being asked; not again before `due_at`."""
    conn.execute(_asked, {"of": intent_id, "new_state": state, "due": due_at})


def set_due(conn: Connection, intent_id: UUID, due_at: datetime) -> None:
    """When to ask."""
    conn.execute(_set_due, {"of": intent_id, "due": due_at})


def answered(conn: Connection, intent_id: UUID, state: str, at: datetime, answer: Any) -> None:
    """The answer; nothing is due any more."""
    conn.execute(_answered, {"of": intent_id, "new_state": state, "at": at, "said": answer})


def due(conn: Connection, now: datetime, most: int) -> list[UUID]:
    """Intents whose question is due, the oldest first."""
    return [row[0] for row in conn.execute(_due, {"now": now, "most": most})]


def next_due(conn: Connection) -> datetime | None:
    """When the next question is due."""
    found: datetime | None = conn.execute(_next_due).scalar_one()
    return found
