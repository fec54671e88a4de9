"""Why: every statement about channels, what they send and what they have said of their orders, built once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from server.core.refusal import Fault, FaultShown
from server.db.binds import id_
from server.db.types import Json, Utc
from server.integrations.models.channels import channel_edition, channel_order, sales_channel, shop_delivery
from server.integrations.rules.channels import Answers, Settings
from server.integrations.rules.sold import Told
from server.integrations.schemas.channels import Channel, Edition, Incoming

# --- channels --------------------------------------------------------------------------------------------------

_NAMED: Final = sales_channel.c.code == sa.bindparam("named")
_REFUSED: Final = (
    sa.select(sa.func.count())
    .select_from(shop_delivery)
    .where(shop_delivery.c.channel == sales_channel.c.code, shop_delivery.c.state == "refused")
    .scalar_subquery()
)
_HEARD: Final = (
    sa.select(sa.func.max(shop_delivery.c.received_at))
    .where(shop_delivery.c.channel == sales_channel.c.code)
    .scalar_subquery()
)
_CHANNELS: Final = (
    sa.select(
        sales_channel.c.code, sales_channel.c.kind, sales_channel.c.name, sales_channel.c.settings,
        sales_channel.c.version, sales_channel.c.created_at, _HEARD, _REFUSED,
        sales_channel.c.token != "",
    )
    .where(sales_channel.c.code > sa.bindparam("behind"))
    .order_by(sales_channel.c.code)
    .limit(sa.bindparam("most"))
)  # fmt: skip
_FACTS: Final = sa.select(
    sales_channel.c.kind, sales_channel.c.name, sales_channel.c.secret, sales_channel.c.token,
    sales_channel.c.settings, sales_channel.c.version,
).where(_NAMED)  # fmt: skip
_ADD_CHANNEL: Final = sa.insert(sales_channel)
_CHANGE_CHANNEL: Final = (
    sa.update(sales_channel)
    .where(_NAMED)
    .values(
        kind=sa.bindparam("new_kind"),
        name=sa.bindparam("new_name"),
        secret=sa.bindparam("new_secret"),
        token=sa.bindparam("new_token"),
        settings=sa.bindparam("new_settings", type_=Json(Settings)),
        version=sa.bindparam("new_version"),
    )
)
_REMOVE_CHANNEL: Final = sa.delete(sales_channel).where(_NAMED)
_ADD_EDITION: Final = sa.insert(channel_edition)
_EDITIONS: Final = (
    sa.select(
        channel_edition.c.version, channel_edition.c.kind, channel_edition.c.settings, channel_edition.c.by,
        channel_edition.c.at,
    )
    .where(channel_edition.c.code == sa.bindparam("named"), channel_edition.c.version < sa.bindparam("before"))
    .order_by(channel_edition.c.version.desc())
    .limit(sa.bindparam("most"))
)  # fmt: skip
_LAST_EDITION: Final = sa.select(sa.func.max(channel_edition.c.version)).where(
    channel_edition.c.code == sa.bindparam("named")
)
PATH: Final = "/api/integrations/"


class Facts(NamedTuple):
    """What is needed to hear a channel."""

    kind: str
    name: str
    secret: str
    token: str
    settings: Settings
    version: int


def channels(conn: sa.Connection, behind: str, most: int) -> list[Channel]:
    """Channels by code, behind one of them."""
    return [_channel(*row) for row in conn.execute(_CHANNELS, {"behind": behind, "most": most})]


def _channel(code: str, kind: str, name: str, *rest: Any) -> Channel:
    return Channel(code, kind, name, "" if kind == "csv" else f"{PATH}{kind}/{code}", *rest)


def channel(conn: sa.Connection, named: str) -> Facts | None:
    """What is needed to hear a channel."""
    row = conn.execute(_FACTS, {"named": named}).one_or_none()
    return None if row is None else Facts(*row)


def add_channel(conn: sa.Connection, row: Mapping[str, Any]) -> None:
    """A new channel."""
    conn.execute(_ADD_CHANNEL, row)


def change_channel(conn: sa.Connection, named: str, facts: Facts) -> None:
    """How a channel is heard from now on."""
    values = {f"new_{name}": value for name, value in facts._asdict().items()}
    conn.execute(_CHANGE_CHANNEL, {"named": named, **values})


def remove_channel(conn: sa.Connection, named: str) -> None:
    """A channel is heard no more."""
    conn.execute(_REMOVE_CHANNEL, {"named": named})


def add_edition(conn: sa.Connection, row: Mapping[str, Any]) -> None:
    """Keeps how a channel is set up from now on."""
    conn.execute(_ADD_EDITION, row)


def last_edition(conn: sa.Connection, named: str) -> int:
    """The number of a channel's latest edition, also of one that was removed; 0: there was none."""
    return conn.execute(_LAST_EDITION, {"named": named}).scalar_one() or 0


def editions(conn: sa.Connection, named: str, before: int, most: int) -> list[Edition]:
    """How a channel was set up, the newest first."""
    return [Edition(*row) for row in conn.execute(_EDITIONS, {"named": named, "before": before, "most": most})]


# --- what was said of an order ---------------------------------------------------------------------------------

_OF_SUBJECT: Final = sa.select(
    channel_order.c.channel, channel_order.c.subject, channel_order.c.order_id, channel_order.c.number,
    channel_order.c.told,
).where(
    channel_order.c.channel == sa.bindparam("of_channel"), channel_order.c.subject == sa.bindparam("about")
)  # fmt: skip
_OF_ORDER: Final = sa.select(
    channel_order.c.channel, channel_order.c.subject, channel_order.c.order_id, channel_order.c.number,
    channel_order.c.told,
).where(channel_order.c.order_id == id_("of_order"))  # fmt: skip
_ADD_LINK: Final = sa.insert(channel_order)
_TELL: Final = (
    sa.update(channel_order)
    .where(channel_order.c.channel == sa.bindparam("of_channel"), channel_order.c.subject == sa.bindparam("about"))
    .values(told=sa.bindparam("said", type_=Json(Told)))
)


class Link(NamedTuple):
    """An order of a channel, and which of ours it is; what the channel has said of it."""

    channel: str
    subject: str
    order: UUID | None
    number: int | None
    told: Told


def link(conn: sa.Connection, channel: str, subject: str) -> Link | None:
    """The order that a channel calls so."""
    row = conn.execute(_OF_SUBJECT, {"of_channel": channel, "about": subject}).one_or_none()
    return None if row is None else Link(*row)


def links_of(conn: sa.Connection, order: UUID) -> list[Link]:
    """What channels call an order of ours."""
    return [Link(*row) for row in conn.execute(_OF_ORDER, {"of_order": order})]


def add_link(conn: sa.Connection, link: Link) -> None:
    """From now on it is known which order that is."""
    values = {"channel": link.channel, "subject": link.subject, "order_id": link.order, "number": link.number}
    conn.execute(_ADD_LINK, {**values, "told": link.told})


def tell(conn: sa.Connection, channel: str, subject: str, told: Told) -> None:
    """What a channel has said of an order, as far as it is dealt with."""
    conn.execute(_TELL, {"of_channel": channel, "about": subject, "said": told})


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
_WHOLE: Final = sa.select(
    shop_delivery.c.channel, shop_delivery.c.topic, shop_delivery.c.state, shop_delivery.c.body,
    shop_delivery.c.answers, shop_delivery.c.received_at,
)  # fmt: skip
_ONE: Final = _WHOLE.where(shop_delivery.c.id == id_("incoming"))
_STUCK: Final = sa.select(shop_delivery.c.id).where(
    shop_delivery.c.channel == sa.bindparam("of_channel"),
    shop_delivery.c.subject == sa.bindparam("about"),
    shop_delivery.c.state == "refused",
)
_SUBJECT: Final = sa.select(shop_delivery.c.subject).where(shop_delivery.c.id == id_("incoming"))
_OF_NUMBER: Final = (
    sa.select(
        shop_delivery.c.id, shop_delivery.c.topic, shop_delivery.c.state, shop_delivery.c.received_at,
        shop_delivery.c.reason,
    )
    .where(shop_delivery.c.channel == sa.bindparam("of_channel"), shop_delivery.c.subject == sa.bindparam("about"))
    .order_by(shop_delivery.c.id.desc())
    .limit(20)
)  # fmt: skip
_ANSWER: Final = (
    sa.update(shop_delivery)
    .where(shop_delivery.c.id == id_("of"))
    .values(answers=sa.bindparam("said", type_=Json(Answers)))
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
    answers: Answers
    received_at: datetime


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
    return None if row is None else Whole(row[0], row[1], row[2], bytes(row[3]), row[4] or Answers(), row[5])


def stuck(conn: sa.Connection, channel: str, subject: str) -> list[UUID]:
    """What was refused of what a channel sent about this order."""
    return list(conn.execute(_STUCK, {"of_channel": channel, "about": subject}).scalars())


def subject(conn: sa.Connection, incoming: UUID) -> str | None:
    """What the channel calls the order of a delivery, where it is known."""
    return conn.execute(_SUBJECT, {"incoming": incoming}).scalar_one_or_none()


class Heard(NamedTuple):
    """A delivery about an order, as the order's page lists it."""

    id: UUID
    topic: str
    state: str
    received_at: datetime
    reason: str | None


def about(conn: sa.Connection, channel: str, subject: str) -> list[Heard]:
    """The latest that a channel sent about an order, the newest first."""
    return [Heard(*row) for row in conn.execute(_OF_NUMBER, {"of_channel": channel, "about": subject})]


def answer(conn: sa.Connection, incoming: UUID, answers: Answers) -> None:
    """Keeps what a person said that the words of a delivery mean."""
    conn.execute(_ANSWER, {"of": incoming, "said": answers})


def settle(
    conn: sa.Connection,
    incoming: UUID,
    state: str,
    *,
    subject: str | None = None,
    number: int | None = None,
    reason: str | None = None,
    faults: Sequence[FaultShown] = (),
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
