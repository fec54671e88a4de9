"""Why: every statement about those who were at the till, built once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from server.db.binds import id_
from server.db.types import Utc
from server.integrations.models.channels import left_checkout

_ONE: Final = sa.and_(
    left_checkout.c.channel == sa.bindparam("of_channel"), left_checkout.c.checkout == sa.bindparam("called")
)
_KNOWN: Final = sa.select(left_checkout.c.id, left_checkout.c.moved_at, left_checkout.c.recovered_at).where(_ONE)
_ADD: Final = sa.insert(left_checkout)
_MOVE: Final = (
    sa.update(left_checkout)
    .where(_ONE)
    .values(
        moved_at=sa.bindparam("at", type_=Utc()),
        currency=sa.bindparam("in_currency"),
        value_minor=sa.bindparam("worth", type_=sa.BigInteger()),
        units=sa.bindparam("so_many"),
    )
)
_RECOVER: Final = (
    sa.update(left_checkout)
    .where(_ONE, left_checkout.c.recovered_at.is_(None))
    .values(number=sa.bindparam("by_number", type_=sa.BigInteger()), recovered_at=sa.bindparam("at", type_=Utc()))
)
_ROWS: Final = (
    left_checkout.c.id, left_checkout.c.channel, left_checkout.c.checkout, left_checkout.c.began_at,
    left_checkout.c.moved_at, left_checkout.c.currency, left_checkout.c.value_minor, left_checkout.c.units,
    left_checkout.c.number, left_checkout.c.recovered_at,
)  # fmt: skip
_PAGE: Final = (
    sa.select(*_ROWS)
    .where(
        sa.or_(id_("before").is_(None), left_checkout.c.id < id_("before")),
        sa.or_(
            sa.bindparam("of_channel", type_=sa.Text()).is_(None),
            left_checkout.c.channel == sa.bindparam("of_channel", type_=sa.Text()),
        ),
    )
    .order_by(left_checkout.c.id.desc())
    .limit(sa.bindparam("most"))
)
_BEGAN: Final = (
    left_checkout.c.began_at >= sa.bindparam("since", type_=Utc()),
    left_checkout.c.began_at < sa.bindparam("until", type_=Utc()),
)
_LEFT: Final = sa.and_(
    left_checkout.c.recovered_at.is_(None), left_checkout.c.moved_at <= sa.bindparam("quiet", type_=Utc())
)
_BACK: Final = left_checkout.c.recovered_at.is_not(None)
_OF_DAY: Final = (
    sa.select(
        left_checkout.c.channel, left_checkout.c.currency, sa.func.count(),
        sa.func.sum(sa.case((_LEFT, 1), else_=0)), sa.func.sum(sa.case((_BACK, 1), else_=0)),
        sa.func.sum(sa.case((_LEFT, left_checkout.c.value_minor), else_=0)),
        sa.func.sum(sa.case((_BACK, left_checkout.c.value_minor), else_=0)),
    )
    .where(*_BEGAN)
    .group_by(left_checkout.c.channel, left_checkout.c.currency)
    .order_by(left_checkout.c.channel, left_checkout.c.currency)
)  # fmt: skip


def known(conn: sa.Connection, channel: str, checkout: str) -> tuple[UUID, datetime, datetime | None] | None:
    """Somebody at the till: since when nothing moved, and when it became an order."""
    row = conn.execute(_KNOWN, {"of_channel": channel, "called": checkout}).one_or_none()
    return None if row is None else (row[0], row[1], row[2])


def add(conn: sa.Connection, row: Mapping[str, Any]) -> None:
    """Somebody new at the till."""
    conn.execute(_ADD, row)


def move(
    conn: sa.Connection, channel: str, checkout: str, *, at: datetime, currency: str, value: int, units: int
) -> None:
    """What is in the basket now."""
    said = {"at": at, "in_currency": currency, "worth": value, "so_many": units}
    conn.execute(_MOVE, {"of_channel": channel, "called": checkout, **said})


def recover(conn: sa.Connection, channel: str, checkout: str, number: int, at: datetime) -> None:
    """It became an order after all."""
    conn.execute(_RECOVER, {"of_channel": channel, "called": checkout, "by_number": number, "at": at})


def page(conn: sa.Connection, channel: str | None, before: UUID | None, most: int) -> list[tuple[Any, ...]]:
    """Those who were at the till, the newest first."""
    return [tuple(row) for row in conn.execute(_PAGE, {"of_channel": channel, "before": before, "most": most})]


def of_day(conn: sa.Connection, since: datetime, until: datetime, quiet: datetime) -> list[tuple[Any, ...]]:
    """What came of those who began in this time, by channel and currency."""
    rows = conn.execute(_OF_DAY, {"since": since, "until": until, "quiet": quiet})
    return [(*row[:2], *(int(each) for each in row[2:])) for row in rows]
