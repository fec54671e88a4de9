"""Why: every statement about messages, their deliveries and tries, built once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from server.db.binds import id_
from server.db.types import Utc
from server.integrations.models.webhooks import webhook_delivery, webhook_endpoint, webhook_message, webhook_try
from server.integrations.schemas.webhooks import TEST, Delivery, Try

# --- messages --------------------------------------------------------------------------------------------------

_KNOWN: Final = sa.select(sa.literal(1)).where(
    webhook_message.c.of_stream == sa.bindparam("stream", type_=sa.SmallInteger()),
    webhook_message.c.position == sa.bindparam("at_position", type_=sa.BigInteger()),
)
_ADD_MESSAGE: Final = sa.insert(webhook_message)
_ADD_DELIVERY: Final = sa.insert(webhook_delivery)


def is_known(conn: sa.Connection, stream: int, position: int) -> bool:
    """Whether this event is a message already."""
    return conn.execute(_KNOWN, {"stream": stream, "at_position": position}).one_or_none() is not None


def add(conn: sa.Connection, message: Mapping[str, Any], deliveries: Sequence[Mapping[str, Any]]) -> None:
    """A message, and whom it goes to."""
    conn.execute(_ADD_MESSAGE, message)
    conn.execute(_ADD_DELIVERY, deliveries)


# --- what is due -----------------------------------------------------------------------------------------------

_DUE: Final = sa.select(
    webhook_endpoint.c.id,
    sa.select(sa.func.min(webhook_delivery.c.due_at))
    .where(webhook_delivery.c.endpoint_id == webhook_endpoint.c.id)
    .scalar_subquery(),
).where(webhook_endpoint.c.state == "on")
_SENDING: Final = sa.select(
    webhook_delivery.c.id, webhook_delivery.c.endpoint_id, webhook_delivery.c.sender, webhook_delivery.c.lease_until
).where(webhook_delivery.c.sender.is_not(None))
_WAITING: Final = (
    sa.select(webhook_delivery.c.id)
    .where(
        webhook_delivery.c.endpoint_id == id_("endpoint"),
        webhook_delivery.c.due_at <= sa.bindparam("now", type_=Utc()),
    )
    .order_by(webhook_delivery.c.due_at)
    .limit(sa.bindparam("most"))
)
_SEND: Final = (
    sa.update(webhook_delivery)
    .where(webhook_delivery.c.id == id_("of"))
    .values(
        state="sending",
        tries=webhook_delivery.c.tries + 1,
        due_at=None,
        sender=sa.bindparam("by", type_=sa.BigInteger()),
        lease_until=sa.bindparam("until", type_=Utc()),
    )
)
_FACTS: Final = (
    sa.select(
        webhook_delivery.c.id, webhook_delivery.c.endpoint_id, webhook_delivery.c.state, webhook_delivery.c.tries,
        webhook_delivery.c.sender, webhook_message.c.id, webhook_message.c.type, webhook_message.c.body,
    )
    .select_from(webhook_delivery.join(webhook_message, webhook_delivery.c.message_id == webhook_message.c.id))
    .where(webhook_delivery.c.id == id_("delivery"))
)  # fmt: skip
_SETTLE: Final = (
    sa.update(webhook_delivery)
    .where(webhook_delivery.c.id == id_("of"))
    .values(
        state=sa.bindparam("to_state"),
        due_at=sa.bindparam("due", type_=Utc()),
        sender=None,
        lease_until=None,
        status=sa.bindparam("new_status", type_=sa.Integer()),
        reason=sa.bindparam("because", type_=sa.Text()),
    )
)
_ADD_TRY: Final = sa.insert(webhook_try)


class Sending(NamedTuple):
    """A delivery on its way: by which process, and until when that is believed."""

    id: UUID
    endpoint: UUID
    sender: int
    lease_until: datetime


class Facts(NamedTuple):
    """A delivery with its message."""

    id: UUID
    endpoint: UUID
    state: str
    tries: int
    sender: int | None
    message: UUID
    type: str
    body: bytes

    @property
    def is_test(self) -> bool:
        """Whether somebody sent it to try the endpoint."""
        return self.type == TEST


def next_due(conn: sa.Connection) -> dict[UUID, datetime]:
    """When something is due next, by endpoint that is on."""
    return {row[0]: row[1] for row in conn.execute(_DUE) if row[1] is not None}


def sending(conn: sa.Connection) -> list[Sending]:
    """What is on its way."""
    return [Sending(*row) for row in conn.execute(_SENDING)]


def waiting(conn: sa.Connection, endpoint: UUID, now: datetime, most: int) -> list[UUID]:
    """What is due at an endpoint, the longest due first."""
    return list(conn.execute(_WAITING, {"endpoint": endpoint, "now": now, "most": most}).scalars())


def send(conn: sa.Connection, deliveries: Sequence[UUID], sender: int, until: datetime) -> None:
    """Writes that a process sends these, and until when that is believed."""
    conn.execute(_SEND, [{"of": each, "by": sender, "until": until} for each in deliveries])


def facts(conn: sa.Connection, delivery: UUID) -> Facts | None:
    """A delivery with its message."""
    row = conn.execute(_FACTS, {"delivery": delivery}).one_or_none()
    return None if row is None else Facts(*row)


def settle(
    conn: sa.Connection, delivery: UUID, state: str, due: datetime | None, status: int | None, reason: str | None
) -> None:
    """Writes where a delivery stands after a try, and when it is due again."""
    values = {"of": delivery, "to_state": state, "due": due, "new_status": status, "because": reason}
    conn.execute(_SETTLE, values)


def add_try(conn: sa.Connection, row: Mapping[str, Any]) -> None:
    """Keeps what came of a call."""
    conn.execute(_ADD_TRY, row)


# --- looking, and sending again --------------------------------------------------------------------------------

_SHOWN: Final = sa.select(
    webhook_delivery.c.id, webhook_delivery.c.endpoint_id, webhook_endpoint.c.url, webhook_delivery.c.message_id,
    webhook_message.c.type, webhook_message.c.at, webhook_delivery.c.state, webhook_delivery.c.tries,
    webhook_delivery.c.due_at, webhook_delivery.c.status, webhook_delivery.c.reason,
).select_from(
    webhook_delivery.join(webhook_message, webhook_delivery.c.message_id == webhook_message.c.id).join(
        webhook_endpoint, webhook_delivery.c.endpoint_id == webhook_endpoint.c.id
    )
)  # fmt: skip
_ONE: Final = _SHOWN.where(webhook_delivery.c.id == id_("delivery"))
_PAGE: Final = (
    _SHOWN.where(
        sa.or_(id_("before").is_(None), webhook_delivery.c.id < id_("before")),
        sa.or_(id_("of_endpoint").is_(None), webhook_delivery.c.endpoint_id == id_("of_endpoint")),
        sa.or_(
            sa.bindparam("in_state", type_=sa.Text()).is_(None),
            webhook_delivery.c.state == sa.bindparam("in_state", type_=sa.Text()),
        ),
    )
    .order_by(webhook_delivery.c.id.desc())
    .limit(sa.bindparam("most"))
)
_BODY: Final = (
    sa.select(webhook_message.c.body)
    .select_from(webhook_delivery.join(webhook_message, webhook_delivery.c.message_id == webhook_message.c.id))
    .where(webhook_delivery.c.id == id_("delivery"))
)
_TRIES: Final = (
    sa.select(webhook_try.c.at, webhook_try.c.status, webhook_try.c.reason, webhook_try.c.said, webhook_try.c.took_ms)
    .where(webhook_try.c.delivery_id == id_("delivery"))
    .order_by(webhook_try.c.id.desc())
    .limit(50)
)
_AGAIN: Final = (
    sa.update(webhook_delivery)
    .where(webhook_delivery.c.id == id_("of"))
    .values(state="waiting", tries=0, due_at=sa.bindparam("now", type_=Utc()))
)
_FAILED: Final = (
    sa.select(webhook_delivery.c.id)
    .select_from(webhook_delivery.join(webhook_message, webhook_delivery.c.message_id == webhook_message.c.id))
    .where(
        webhook_delivery.c.endpoint_id == id_("endpoint"),
        webhook_delivery.c.state == "failed",
        webhook_delivery.c.id > id_("after"),
        webhook_message.c.at >= sa.bindparam("since", type_=Utc()),
        webhook_message.c.type != TEST,
    )
    .order_by(webhook_delivery.c.id)
    .limit(sa.bindparam("most"))
)


def shown(conn: sa.Connection, delivery: UUID) -> Delivery | None:
    """A delivery as people see it."""
    row = conn.execute(_ONE, {"delivery": delivery}).one_or_none()
    return None if row is None else _delivery(row)


def page(
    conn: sa.Connection, *, before: UUID | None, endpoint: UUID | None, state: str | None, most: int
) -> list[Delivery]:
    """Deliveries, the newest first: of one endpoint, in one state, before one of them."""
    asked = {"before": before, "of_endpoint": endpoint, "in_state": state, "most": most}
    return [_delivery(row) for row in conn.execute(_PAGE, asked)]


def _delivery(row: Sequence[Any]) -> Delivery:
    delivery, endpoint, url, message, *rest = row
    return Delivery(delivery, endpoint, url, message_text(message), *rest)


def message_text(message: UUID) -> str:
    """What a message is called on the wire: the same at each try and at each endpoint."""
    return f"msg_{message.hex}"


def body_of(conn: sa.Connection, delivery: UUID) -> bytes:
    """What is sent."""
    return bytes(conn.execute(_BODY, {"delivery": delivery}).scalar_one())


def tries_of(conn: sa.Connection, delivery: UUID) -> list[Try]:
    """The latest tries, the newest first."""
    return [Try(*row) for row in conn.execute(_TRIES, {"delivery": delivery})]


def again(conn: sa.Connection, deliveries: Sequence[UUID], now: datetime) -> None:
    """Makes these due now, as if they had never been tried."""
    conn.execute(_AGAIN, [{"of": each, "now": now} for each in deliveries])


def failed_since(conn: sa.Connection, endpoint: UUID, since: datetime, after: UUID, most: int) -> list[UUID]:
    """What failed at an endpoint of the events since then, behind one of them, in order."""
    asked = {"endpoint": endpoint, "since": since, "after": after, "most": most}
    return list(conn.execute(_FAILED, asked).scalars())


# --- letting go ------------------------------------------------------------------------------------------------

_OLD: Final = (
    sa.select(webhook_message.c.id)
    .where(webhook_message.c.at < sa.bindparam("before", type_=Utc()))
    .order_by(webhook_message.c.at)
    .limit(sa.bindparam("most"))
)
_OF: Final = webhook_delivery.c.message_id == id_("message")
_DROP_TRIES: Final = sa.delete(webhook_try).where(
    webhook_try.c.delivery_id.in_(sa.select(webhook_delivery.c.id).where(_OF))
)
_DROP_DELIVERIES: Final = sa.delete(webhook_delivery).where(_OF)
_DROP_MESSAGE: Final = sa.delete(webhook_message).where(webhook_message.c.id == id_("message"))


def drop_old(conn: sa.Connection, before: datetime, most: int) -> int:
    """Lets go of messages about what happened before then, with their deliveries; how many there were."""
    old = list(conn.execute(_OLD, {"before": before, "most": most}).scalars())
    for message in old:
        for statement in (_DROP_TRIES, _DROP_DELIVERIES, _DROP_MESSAGE):
            conn.execute(statement, {"message": message})
    return len(old)
