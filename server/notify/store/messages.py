"""Why: every statement about messages to customers, built once. One question tells who is to be told of many orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from server.customers.models import customer
from server.db.binds import id_
from server.db.prepared import Prepared
from server.db.types import Id, Utc
from server.notify.lifecycle import MESSAGE
from server.notify.models import customer_message, customer_message_try
from server.notify.rules import MILESTONES
from server.notify.schemas import Message, Said, Try
from server.orders.models import order, order_timeline, promise

TEST: Final = "test:"
"""How the occasion of a message begins that somebody sends to try a template."""


# --- whom it is about ----------------------------------------------------------------------------------------------


class Reader(NamedTuple):
    """An order as it stands, and how its customer wants to be told of it."""

    order: UUID
    status: str
    payment: str
    method: str
    split: str
    wish: str
    email: str | None
    phone: str | None
    language: str


_IDS: Final = sa.bindparam("ids", type_=Id(), expanding=True)
_READERS: Final = (
    sa.select(
        order.c.id, order.c.status, order.c.payment, order.c.payment_method, order.c.split, customer.c.wish,
        customer.c.email, customer.c.phone, customer.c.language,
    )
    .join_from(order, customer, customer.c.id == order.c.customer_id)
    .where(order.c.id.in_(_IDS))
)  # fmt: skip
_WAITING_FOR_GOODS: Final = (
    sa.select(promise.c.order_id)
    .where(
        promise.c.order_id.in_(_IDS),
        sa.or_(promise.c.promised_on.is_(None), promise.c.receipt_id.is_not(None)),
        sa.not_(promise.c.asleep),
    )
    .distinct()
)


_MERGED: Final = (
    sa.select(order_timeline.c.order_id)
    .where(order_timeline.c.order_id.in_(_IDS), order_timeline.c.what == "merged_into")
    .distinct()
)


def merged(conn: sa.Connection, orders: Sequence[UUID]) -> frozenset[UUID]:
    """Those of these orders whose goods are another order's now."""
    return frozenset(conn.execute(_MERGED, {"ids": list(orders)}).scalars()) if orders else frozenset()


def readers(conn: sa.Connection, orders: Sequence[UUID]) -> dict[UUID, Reader]:
    """Of these orders those whose customer is known."""
    return {row[0]: Reader(*row) for row in conn.execute(_READERS, {"ids": list(orders)})} if orders else {}


def waiting_for_goods(conn: sa.Connection, orders: Sequence[UUID]) -> frozenset[UUID]:
    """Those of these orders of which something is not there."""
    return frozenset(conn.execute(_WAITING_FOR_GOODS, {"ids": list(orders)}).scalars()) if orders else frozenset()


# --- queueing ------------------------------------------------------------------------------------------------------

_KNOWN: Final = Prepared(
    sa.select(customer_message.c.id).where(
        customer_message.c.order_id == id_("order"), customer_message.c.occasion == sa.bindparam("of")
    )
)
_ADD: Final = Prepared(sa.insert(customer_message))


def is_known(conn: sa.Connection, order_id: UUID, occasion: str) -> bool:
    """Whether the customer was, or will be, told of this already."""
    return _KNOWN.one(conn, {"order": order_id, "of": occasion}) is not None


def add(conn: sa.Connection, row: Mapping[str, Any]) -> None:
    """Keeps a message that is to go out."""
    _ADD.change(conn, row)


# --- sending -------------------------------------------------------------------------------------------------------


class Facts(NamedTuple):
    """A message as its sender must know it."""

    id: UUID
    order: UUID
    milestone: str
    occasion: str
    about: str
    channel: str
    address: str
    language: str
    state: str
    tries: int
    sender: int | None
    made_at: datetime

    @property
    def is_test(self) -> bool:
        """Whether somebody sent it to try a template."""
        return self.occasion.startswith(TEST)


class Sending(NamedTuple):
    """A message on its way: by which process, and until when that is believed."""

    id: UUID
    sender: int
    lease_until: datetime


_FACT: Final[tuple[sa.Column[Any], ...]] = (
    customer_message.c.id, customer_message.c.order_id, customer_message.c.milestone, customer_message.c.occasion,
    customer_message.c.about, customer_message.c.channel, customer_message.c.address, customer_message.c.language,
    customer_message.c.state, customer_message.c.tries, customer_message.c.sender, customer_message.c.made_at,
)  # fmt: skip
_NOW: Final = sa.bindparam("now", type_=Utc())
_DUE: Final = (
    sa.select(*_FACT)
    .where(customer_message.c.due_at <= _NOW)
    .order_by(customer_message.c.due_at, customer_message.c.id)
    .limit(sa.bindparam("most"))
)
_NEXT_DUE: Final = sa.select(sa.func.min(customer_message.c.due_at, type_=Utc()))
_FACTS: Final = sa.select(*_FACT).where(customer_message.c.id == id_("of"))
_SENDING: Final = sa.select(customer_message.c.id, customer_message.c.sender, customer_message.c.lease_until).where(
    customer_message.c.sender.is_not(None)
)
_SEND: Final = (
    sa.update(customer_message)
    .where(customer_message.c.id == id_("of"))
    .values(
        state="sending",
        tries=customer_message.c.tries + 1,
        due_at=None,
        sender=sa.bindparam("by", type_=sa.BigInteger()),
        lease_until=sa.bindparam("until", type_=Utc()),
        subject=sa.bindparam("new_subject"),
        text=sa.bindparam("new_text"),
        template=sa.bindparam("by_version", type_=sa.Integer()),
    )
)
_SETTLE: Final = (
    sa.update(customer_message)
    .where(customer_message.c.id == id_("of"))
    .values(
        state=sa.bindparam("to_state"),
        due_at=sa.bindparam("due", type_=Utc()),
        sender=None,
        lease_until=None,
        reason=sa.bindparam("because"),
        sent_at=sa.bindparam("sent", type_=Utc()),
    )
)
_PARK: Final = (
    sa.update(customer_message)
    .where(customer_message.c.id == id_("of"))
    .values(state="parked", due_at=None, reason="no_channel")
)
_WAKE: Final = (
    sa.update(customer_message)
    .where(
        customer_message.c.state == "parked",
        customer_message.c.channel.in_(sa.bindparam("channels", expanding=True)),
        customer_message.c.made_at > sa.bindparam("since", type_=Utc()),
    )
    .values(state="waiting", due_at=_NOW, reason="", tries=0)
)
_ADD_TRY: Final = sa.insert(customer_message_try)


def due(conn: sa.Connection, now: datetime, most: int) -> list[Facts]:
    """What is due, the longest due first."""
    return [Facts(*row) for row in conn.execute(_DUE, {"now": now, "most": most})]


def next_due(conn: sa.Connection) -> datetime | None:
    """When something is due next."""
    return conn.execute(_NEXT_DUE).scalar_one_or_none()


def facts(conn: sa.Connection, message: UUID) -> Facts | None:
    """One message."""
    row = conn.execute(_FACTS, {"of": message}).one_or_none()
    return None if row is None else Facts(*row)


def sending(conn: sa.Connection) -> list[Sending]:
    """What is on its way."""
    return [Sending(*row) for row in conn.execute(_SENDING)]


def send(
    conn: sa.Connection, message: UUID, sender: int, until: datetime, subject: str, text: str, version: int
) -> None:
    """Writes that a process sends it now, in these words, and until when that is believed."""
    conn.execute(_SEND, {
        "of": message, "by": sender, "until": until, "new_subject": subject, "new_text": text, "by_version": version,
    })  # fmt: skip


def settle(
    conn: sa.Connection, message: UUID, state: str, reason: str, due: datetime | None, sent: datetime | None
) -> None:
    """Writes where a message stands after a try, and when it is due again."""
    conn.execute(_SETTLE, {"of": message, "to_state": state, "because": reason, "due": due, "sent": sent})


def park(conn: sa.Connection, messages: Sequence[UUID]) -> None:
    """Nobody is there who could send these."""
    conn.execute(_PARK, [{"of": each} for each in messages])


def wake(conn: sa.Connection, channels: Sequence[str], since: datetime, now: datetime) -> int:
    """What waits for one of these channels since then goes out; how many those are."""
    return int(conn.execute(_WAKE, {"channels": list(channels), "since": since, "now": now}).rowcount)


def add_try(conn: sa.Connection, row: Mapping[str, Any]) -> None:
    """Keeps what came of a call."""
    conn.execute(_ADD_TRY, row)


# --- looking, and sending again ------------------------------------------------------------------------------------

_SHOWN: Final = sa.select(
    customer_message.c.id, order.c.number, customer_message.c.milestone, customer_message.c.channel,
    customer_message.c.address, customer_message.c.language, customer_message.c.state, customer_message.c.reason,
    customer_message.c.subject, customer_message.c.tries, customer_message.c.made_at, customer_message.c.sent_at,
    customer_message.c.due_at, customer_message.c.occasion,
).join_from(customer_message, order, order.c.id == customer_message.c.order_id)  # fmt: skip
_ONE: Final = _SHOWN.where(customer_message.c.id == id_("of"))
_OF_ORDER: Final = _SHOWN.where(customer_message.c.order_id == id_("order")).order_by(customer_message.c.id.desc())
_PAGE: Final = (
    _SHOWN.where(
        sa.or_(id_("before").is_(None), customer_message.c.id < id_("before")),
        sa.or_(
            sa.bindparam("in_state", type_=sa.Text()).is_(None),
            customer_message.c.state == sa.bindparam("in_state", type_=sa.Text()),
        ),
    )
    .order_by(customer_message.c.id.desc())
    .limit(sa.bindparam("most"))
)
_WRITTEN: Final = sa.select(customer_message.c.text, customer_message.c.template).where(
    customer_message.c.id == id_("of")
)
_TRIES: Final = (
    sa.select(
        customer_message_try.c.at, customer_message_try.c.address, customer_message_try.c.verdict,
        customer_message_try.c.reason, customer_message_try.c.said,
    )
    .where(customer_message_try.c.message_id == id_("of"))
    .order_by(customer_message_try.c.id.desc())
    .limit(50)
)  # fmt: skip
_PARKED: Final = (
    sa.select(customer_message.c.channel, sa.func.count())
    .where(customer_message.c.state == "parked")
    .group_by(customer_message.c.channel)
)
_AGAIN: Final = (
    sa.update(customer_message)
    .where(customer_message.c.id == id_("of"))
    .values(
        state=sa.bindparam("to_state"), tries=0, due_at=_NOW, reason="", address=sa.bindparam("new_address"),
        channel=sa.bindparam("new_channel"),
    )
)  # fmt: skip
_DISMISS: Final = (
    sa.update(customer_message)
    .where(customer_message.c.id == id_("of"))
    .values(state=sa.bindparam("to_state"), due_at=None)
)


def shown(conn: sa.Connection, message: UUID) -> Message | None:
    """A message as people see it."""
    row = conn.execute(_ONE, {"of": message}).one_or_none()
    return None if row is None else _message(row)


def page(conn: sa.Connection, before: UUID | None, state: str | None, most: int) -> list[Message]:
    """Messages, the newest first: in one state, before one of them."""
    rows = conn.execute(_PAGE, {"before": before, "in_state": state, "most": most})
    return [_message(row) for row in rows]


def of_order(conn: sa.Connection, order_id: UUID) -> list[Message]:
    """What an order's customer was and will be told, the newest first."""
    return [_message(row) for row in conn.execute(_OF_ORDER, {"order": order_id})]


def _message(row: Sequence[Any]) -> Message:
    *_, occasion = row
    words = MILESTONES[row[2]]
    return Message(
        id=row[0], order=row[1], milestone=row[2], words=Said(words.en, words.de), channel=row[3], address=row[4],
        language=row[5], state=row[6], reason=row[7], subject=row[8], tries=row[9], made_at=row[10], sent_at=row[11],
        due_at=row[12], test=occasion.startswith(TEST), can=list(MESSAGE.allowed(row[6])),
    )  # fmt: skip


def written(conn: sa.Connection, message: UUID) -> tuple[str, int | None]:
    """The text that went out, and the version that it was written by."""
    row = conn.execute(_WRITTEN, {"of": message}).one()
    return row[0], row[1]


def tries_of(conn: sa.Connection, message: UUID) -> list[Try]:
    """The latest tries, the newest first."""
    return [Try(*row) for row in conn.execute(_TRIES, {"of": message})]


def parked(conn: sa.Connection) -> dict[str, int]:
    """How many wait for each channel."""
    return {row[0]: row[1] for row in conn.execute(_PARKED)}


def again(conn: sa.Connection, message: UUID, state: str, now: datetime, channel: str, address: str) -> None:
    """Makes it due now, to this address, as if it had never been tried."""
    conn.execute(_AGAIN, {
        "of": message, "to_state": state, "now": now, "new_channel": channel, "new_address": address,
    })  # fmt: skip


def dismiss(conn: sa.Connection, message: UUID, state: str) -> None:
    """Puts it away."""
    conn.execute(_DISMISS, {"of": message, "to_state": state})
