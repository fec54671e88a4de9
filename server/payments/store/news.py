"""Why: every statement about what gateways say by themselves, built once."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection

from server.db.types import Utc
from server.payments.models import payment_news

_KNOWN: Final = sa.select(payment_news.c.state).where(
    payment_news.c.gateway == sa.bindparam("of_gateway"), payment_news.c.event == sa.bindparam("called")
)
_ADD: Final = sa.insert(payment_news)
_DROP: Final = sa.delete(payment_news).where(payment_news.c.at < sa.bindparam("before", type_=Utc()))


def known(conn: Connection, gateway: str, event: str) -> str | None:
    """The state of what a gateway said under this id; None: it is new."""
    found: str | None = conn.execute(_KNOWN, {"of_gateway": gateway, "called": event}).scalar_one_or_none()
    return found


def add(conn: Connection, row: dict[str, Any]) -> None:
    """Keeps that it was said."""
    conn.execute(_ADD, row)


def drop(conn: Connection, before: datetime) -> int:
    """Forgets what was said before; how much it was."""
    return conn.execute(_DROP, {"before": before}).rowcount
