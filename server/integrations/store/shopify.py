"""Why: every statement about shops and what they send, built once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from server.core.refusal import Fault
from server.db.binds import id_
from server.db.types import Json, Utc
from server.integrations.models.shopify import shop_channel, shop_delivery
from server.integrations.schemas.shopify import Channel, Incoming

# --- shops -----------------------------------------------------------------------------------------------------

_NAMED: Final = shop_channel.c.channel == sa.bindparam("named")
_REFUSED: Final = (
    sa.select(sa.func.count())
    .select_from(shop_delivery)
    .where(shop_delivery.c.channel == shop_channel.c.channel, shop_delivery.c.state == "refused")
    .scalar_subquery()
)
_HEARD: Final = (
    sa.select(sa.func.max(shop_delivery.c.received_at))
    .where(shop_delivery.c.channel == shop_channel.c.channel)
    .scalar_subquery()
)
_CHANNELS: Final = sa.select(
    shop_channel.c.channel, shop_channel.c.service, shop_channel.c.warehouse_id, shop_channel.c.version,
    shop_channel.c.created_at, _HEARD, _REFUSED,
).order_by(shop_channel.c.channel)  # fmt: skip
_FACTS: Final = sa.select(
    shop_channel.c.secret, shop_channel.c.service, shop_channel.c.warehouse_id, shop_channel.c.version
).where(_NAMED)
_ADD_CHANNEL: Final = sa.insert(shop_channel)
_CHANGE_CHANNEL: Final = (
    sa.update(shop_channel)
    .where(_NAMED)
    .values(
        secret=sa.bindparam("new_secret"),
        service=sa.bindparam("new_service"),
        warehouse_id=sa.bindparam("new_warehouse", type_=sa.SmallInteger()),
        version=shop_channel.c.version + 1,
    )
)
_REMOVE_CHANNEL: Final = sa.delete(shop_channel).where(_NAMED)
PATH: Final = "/api/integrations/shopify/"


class Facts(NamedTuple):
    """What is needed to hear a shop."""

    secret: str
    service: str
    warehouse: int | None
    version: int


def channels(conn: sa.Connection) -> list[Channel]:
    """All shops by name."""
    return [_channel(*row) for row in conn.execute(_CHANNELS)]


def _channel(channel: str, *rest: Any) -> Channel:
    return Channel(channel, PATH + channel, *rest)


def channel(conn: sa.Connection, named: str) -> Facts | None:
    """What is needed to hear a shop."""
    row = conn.execute(_FACTS, {"named": named}).one_or_none()
    return None if row is None else Facts(*row)


def add_channel(conn: sa.Connection, row: Mapping[str, Any]) -> None:
    """A new shop."""
    conn.execute(_ADD_CHANNEL, row)


def change_channel(conn: sa.Connection, named: str, secret: str, service: str, warehouse: int | None) -> None:
    """How a shop is heard from now on."""
    values = {"named": named, "new_secret": secret, "new_service": service, "new_warehouse": warehouse}
    conn.execute(_CHANGE_CHANNEL, values)


def remove_channel(conn: sa.Connection, named: str) -> None:
    """A shop is heard no more."""
    conn.execute(_REMOVE_CHANNEL, {"named": named})


# --- what they send --------------------------------------------------------------------------------------------

_KNOWN: Final = sa.select(shop_delivery.c.id).where(
    shop_delivery.c.channel == sa.bindparam("of_channel"),
    sa.or_(
        shop_delivery.c.delivery == sa.bindparam("called"),
        shop_delivery.c.digest == sa.bindparam("hashed", type_=sa.LargeBinary()),
    ),
)
_ADD: Final = sa.insert(shop_delivery)
_DUE: Final = (
    sa.select(shop_delivery.c.id)
    .where(shop_delivery.c.state == "received")
    .order_by(shop_delivery.c.id)
    .limit(sa.bindparam("most"))
)
_WHOLE: Final = sa.select(shop_delivery.c.channel, shop_delivery.c.topic, shop_delivery.c.state, shop_delivery.c.body)
_ONE: Final = _WHOLE.where(shop_delivery.c.id == id_("incoming"))
_OTHERS: Final = sa.select(shop_delivery.c.subject).where(
    shop_delivery.c.channel == sa.bindparam("of_channel"),
    shop_delivery.c.order_number == sa.bindparam("number", type_=sa.BigInteger()),
    shop_delivery.c.state == "placed",
)
_SETTLE: Final = (
    sa.update(shop_delivery)
    .where(shop_delivery.c.id == id_("of"))
    .values(
        state=sa.bindparam("to_state"),
        subject=sa.bindparam("about", type_=sa.Text()),
        order_number=sa.bindparam("number", type_=sa.BigInteger()),
        reason=sa.bindparam("because", type_=sa.Text()),
        faults=sa.bindparam("found", type_=Json(tuple[Fault, ...])),
    )
)
_SHOWN: Final = sa.select(
    shop_delivery.c.id, shop_delivery.c.channel, shop_delivery.c.delivery, shop_delivery.c.topic, shop_delivery.c.shop,
    shop_delivery.c.triggered_at, shop_delivery.c.received_at, shop_delivery.c.state, shop_delivery.c.order_number,
    shop_delivery.c.reason, shop_delivery.c.faults,
)  # fmt: skip
_SHOWN_ONE: Final = _SHOWN.where(shop_delivery.c.id == id_("incoming"))
_PAGE: Final = (
    _SHOWN.where(
        sa.or_(id_("before").is_(None), shop_delivery.c.id < id_("before")),
        sa.or_(
            sa.bindparam("of_channel", type_=sa.Text()).is_(None),
            shop_delivery.c.channel == sa.bindparam("of_channel", type_=sa.Text()),
        ),
        sa.or_(
            sa.bindparam("in_state", type_=sa.Text()).is_(None),
            shop_delivery.c.state == sa.bindparam("in_state", type_=sa.Text()),
        ),
    )
    .order_by(shop_delivery.c.id.desc())
    .limit(sa.bindparam("most"))
)
_OLD: Final = (
    sa.select(shop_delivery.c.id)
    .where(
        shop_delivery.c.received_at < sa.bindparam("before", type_=Utc()),
        shop_delivery.c.state.in_(("placed", "ignored", "dismissed")),
    )
    .order_by(shop_delivery.c.received_at)
    .limit(sa.bindparam("most"))
)
_DROP: Final = sa.delete(shop_delivery).where(shop_delivery.c.id == id_("of"))


class Whole(NamedTuple):
    """What a shop sent, as it came."""

    channel: str
    topic: str
    state: str
    body: bytes


def known(conn: sa.Connection, channel: str, delivery: str, digest: bytes) -> UUID | None:
    """What came before under this id, or with this very body."""
    asked = {"of_channel": channel, "called": delivery, "hashed": digest}
    return conn.execute(_KNOWN, asked).scalars().first()


def add(conn: sa.Connection, row: Mapping[str, Any]) -> None:
    """Keeps what came."""
    conn.execute(_ADD, row)


def due(conn: sa.Connection, most: int) -> list[UUID]:
    """What came and was not dealt with yet, the first first."""
    return list(conn.execute(_DUE, {"most": most}).scalars())


def whole(conn: sa.Connection, incoming: UUID) -> Whole | None:
    """What a shop sent, as it came."""
    row = conn.execute(_ONE, {"incoming": incoming}).one_or_none()
    return None if row is None else Whole(row[0], row[1], row[2], bytes(row[3]))


def subjects(conn: sa.Connection, channel: str, number: int) -> set[str]:
    """The shop's own ids of the orders that became this one of ours."""
    return set(conn.execute(_OTHERS, {"of_channel": channel, "number": number}).scalars())


def settle(
    conn: sa.Connection,
    incoming: UUID,
    state: str,
    *,
    subject: str | None = None,
    number: int | None = None,
    reason: str | None = None,
    faults: Sequence[Fault] = (),
) -> None:
    """Writes what became of it."""
    values = {"of": incoming, "to_state": state, "about": subject, "number": number, "because": reason}
    conn.execute(_SETTLE, {**values, "found": tuple(faults)})


def shown(conn: sa.Connection, incoming: UUID) -> Incoming | None:
    """What came, as people see it."""
    row = conn.execute(_SHOWN_ONE, {"incoming": incoming}).one_or_none()
    return None if row is None else _incoming(row)


def page(
    conn: sa.Connection, *, before: UUID | None, channel: str | None, state: str | None, most: int
) -> list[Incoming]:
    """What came, the newest first: of one shop, in one state, before one of them."""
    asked = {"before": before, "of_channel": channel, "in_state": state, "most": most}
    return [_incoming(row) for row in conn.execute(_PAGE, asked)]


def _incoming(row: Sequence[Any]) -> Incoming:
    known: tuple[Any, ...] = (*row[:-1], row[-1] or ())
    return Incoming(*known)


def drop_old(conn: sa.Connection, before: datetime, most: int) -> int:
    """Lets go of what came before then and is dealt with; how many there were."""
    old = list(conn.execute(_OLD, {"before": before, "most": most}).scalars())
    if old:
        conn.execute(_DROP, [{"of": each} for each in old])
    return len(old)
