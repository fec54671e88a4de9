"""Why: every statement about webhook endpoints, built once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from server.db.binds import id_
from server.db.types import Json, Utc
from server.integrations.models.webhooks import webhook_delivery, webhook_endpoint
from server.integrations.schemas.webhooks import Endpoint


def _number_of(state: str) -> sa.ScalarSelect[int]:
    """How many deliveries of an endpoint are in this state."""
    return (
        sa.select(sa.func.count())
        .select_from(webhook_delivery)
        .where(webhook_delivery.c.endpoint_id == webhook_endpoint.c.id, webhook_delivery.c.state == state)
        .scalar_subquery()
    )


_THERE: Final = webhook_endpoint.c.state != "removed"
_SHOWN: Final = sa.select(
    webhook_endpoint.c.id, webhook_endpoint.c.url, webhook_endpoint.c.description, webhook_endpoint.c.types,
    webhook_endpoint.c.state, webhook_endpoint.c.why, webhook_endpoint.c.version, webhook_endpoint.c.created_at,
    webhook_endpoint.c.failing_since, webhook_endpoint.c.former_until, _number_of("waiting"), _number_of("failed"),
)  # fmt: skip
_PLAIN: Final = webhook_endpoint.c.channel.is_(None)
_PAGE: Final = (
    _SHOWN.where(_THERE, _PLAIN, webhook_endpoint.c.id > id_("after"))
    .order_by(webhook_endpoint.c.id)
    .limit(sa.bindparam("most"))
)
_ONE: Final = _SHOWN.where(_THERE, webhook_endpoint.c.id == id_("endpoint"))
_BACK: Final = _SHOWN.where(_THERE, webhook_endpoint.c.channel == sa.bindparam("of_channel"))
_COUNT: Final = sa.select(sa.func.count()).select_from(webhook_endpoint).where(_THERE, _PLAIN)
_HEARING: Final = sa.select(
    webhook_endpoint.c.id, webhook_endpoint.c.types, webhook_endpoint.c.created_at, webhook_endpoint.c.channel
).where(webhook_endpoint.c.state == "on")  # fmt: skip
_FACTS: Final = sa.select(
    webhook_endpoint.c.url, webhook_endpoint.c.state, webhook_endpoint.c.secret, webhook_endpoint.c.former,
    webhook_endpoint.c.former_until, webhook_endpoint.c.failing_since, webhook_endpoint.c.version,
    webhook_endpoint.c.channel,
).where(webhook_endpoint.c.id == id_("endpoint"))  # fmt: skip
_ADD: Final = sa.insert(webhook_endpoint)
_MINE: Final = sa.update(webhook_endpoint).where(webhook_endpoint.c.id == id_("of"))
_NEXT: Final = webhook_endpoint.c.version + 1
_CHANGE: Final = _MINE.values(
    url=sa.bindparam("new_url"),
    description=sa.bindparam("new_description"),
    types=sa.bindparam("new_types", type_=Json(list[str])),
    version=_NEXT,
)
_TURN: Final = _MINE.values(
    state=sa.bindparam("to_state"), why=sa.bindparam("because", type_=sa.Text()), failing_since=None, version=_NEXT
)
_REMOVE: Final = _MINE.values(
    state="removed", why=None, channel=None, secret=b"", former=None, former_until=None, version=_NEXT
)
_ROTATE: Final = _MINE.values(
    former=webhook_endpoint.c.secret,
    former_until=sa.bindparam("until", type_=Utc()),
    secret=sa.bindparam("new_secret", type_=sa.LargeBinary()),
    version=_NEXT,
)
_FAILING: Final = _MINE.values(failing_since=sa.bindparam("since", type_=Utc()))


class Facts(NamedTuple):
    """What is needed to call an endpoint."""

    url: str
    state: str
    secret: bytes
    former: bytes | None
    former_until: datetime | None
    failing_since: datetime | None
    version: int
    channel: str | None

    def secrets(self, now: datetime) -> list[bytes]:
        """What signs now, the new one first."""
        signs_too = self.former is not None and self.former_until is not None and now < self.former_until
        return [self.secret, self.former] if signs_too and self.former is not None else [self.secret]


class Hearing(NamedTuple):
    """An endpoint that is on, what it wants, and since when it is there."""

    id: UUID
    types: Sequence[str]
    since: datetime
    channel: str | None

    def hears(self, names: Collection[str], at: datetime) -> bool:
        """Whether it wants what goes by one of these names, and was there when it happened."""
        return self.since <= at and any(name in self.types for name in names)


def page(conn: sa.Connection, after: UUID, most: int) -> list[Endpoint]:
    """The endpoints behind `after`, in the order in which they were added."""
    return [_endpoint(row) for row in conn.execute(_PAGE, {"after": after, "most": most})]


def shown(conn: sa.Connection, endpoint: UUID) -> Endpoint | None:
    """An endpoint as people see it."""
    row = conn.execute(_ONE, {"endpoint": endpoint}).one_or_none()
    return None if row is None else _endpoint(row)


def _endpoint(row: Sequence[Any]) -> Endpoint:
    return Endpoint(*row)


def count(conn: sa.Connection) -> int:
    """How many there are."""
    return int(conn.execute(_COUNT).scalar_one())


def hearing(conn: sa.Connection) -> list[Hearing]:
    """Those to which events go."""
    return [Hearing(*row) for row in conn.execute(_HEARING)]


def back_of(conn: sa.Connection, channel: str) -> Endpoint | None:
    """A channel's own way back."""
    row = conn.execute(_BACK, {"of_channel": channel}).one_or_none()
    return None if row is None else _endpoint(row)


def facts(conn: sa.Connection, endpoint: UUID) -> Facts | None:
    """What is needed to call an endpoint."""
    row = conn.execute(_FACTS, {"endpoint": endpoint}).one_or_none()
    return None if row is None else Facts(*row)


def add(conn: sa.Connection, row: dict[str, Any]) -> None:
    """A new endpoint."""
    conn.execute(_ADD, row)


def change(conn: sa.Connection, endpoint: UUID, url: str, description: str, types: Sequence[str]) -> None:
    """What an endpoint is from now on."""
    values = {"new_url": url, "new_description": description, "new_types": list(types)}
    conn.execute(_CHANGE, {"of": endpoint, **values})


def turn(conn: sa.Connection, endpoint: UUID, state: str, why: str | None) -> None:
    """Switches an endpoint on or off; what it failed at before is forgotten."""
    conn.execute(_TURN, {"of": endpoint, "to_state": state, "because": why})


def remove(conn: sa.Connection, endpoint: UUID) -> None:
    """Takes an endpoint off the list, and its secrets with it."""
    conn.execute(_REMOVE, {"of": endpoint})


def rotate(conn: sa.Connection, endpoint: UUID, secret: bytes, until: datetime) -> None:
    """Signs with this secret from now on, and until then with the one before too."""
    conn.execute(_ROTATE, {"of": endpoint, "new_secret": secret, "until": until})


def failing(conn: sa.Connection, endpoint: UUID, since: datetime | None) -> None:
    """Since when an endpoint takes nothing; None: it does."""
    conn.execute(_FAILING, {"of": endpoint, "since": since})
