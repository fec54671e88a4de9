"""Why: what only lists and an order's page show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from server.db.binds import WAREHOUSE, id_, padded
from server.db.types import Utc
from server.orders.models import order
from server.orders.schemas.pages import OrderRow
from server.orders.store import carriers


class Head(NamedTuple):
    """What only the order's page shows."""

    channel: str
    external_ref: str
    version: int
    captured_at: datetime
    customer: dict[str, Any]
    address: dict[str, Any]
    tags: list[str]
    sourced: dict[str, Any] | None
    customer_id: UUID | None


_HEAD: Final[tuple[sa.Column[Any], ...]] = (
    order.c.channel, order.c.external_ref, order.c.version, order.c.captured_at, order.c.customer, order.c.address,
    order.c.tags, order.c.sourced, order.c.customer_id,
)  # fmt: skip
_head: Final = sa.select(*_HEAD).where(order.c.id == id_("order"))
_heads: Final = sa.select(order.c.id, *_HEAD).where(
    order.c.id.in_(sa.bindparam("orders", type_=order.c.id.type, expanding=True))
)
_ROW: Final[tuple[sa.Column[Any], ...]] = (
    order.c.id, order.c.number, order.c.channel, order.c.external_ref, order.c.status, order.c.service,
    order.c.cutoff_at, order.c.captured_at, order.c.total_minor, order.c.currency,
    order.c.customer, order.c.address, order.c.warehouse_id,
)  # fmt: skip
FILTERS: Final[dict[str, sa.ColumnElement[bool]]] = {
    "after": order.c.number < sa.bindparam("after", type_=sa.BigInteger()),
    "ids": order.c.id.in_(sa.bindparam("ids", type_=order.c.id.type, expanding=True)),
    "status": order.c.status == sa.bindparam("status"),
    "channel": order.c.channel == sa.bindparam("channel"),
    "service": order.c.service == sa.bindparam("service"),
    "warehouse": order.c.warehouse_id == WAREHOUSE,
    "customer": order.c.customer_id == id_("customer"),
    "cutoff_from": order.c.cutoff_at >= sa.bindparam("cutoff_from", type_=Utc()),
    "cutoff_until": order.c.cutoff_at <= sa.bindparam("cutoff_until", type_=Utc()),
}
"""What a list may be narrowed by."""


@lru_cache(maxsize=256)
def _list(filters: frozenset[str]) -> sa.Select[*tuple[Any, ...]]:
    narrowed = (FILTERS[name] for name in sorted(filters))
    return sa.select(*_ROW).where(*narrowed).order_by(order.c.number.desc()).limit(sa.bindparam("most"))


def head_of(conn: Connection, order_id: UUID) -> Head:
    """What only the page shows."""
    return Head(*conn.execute(_head, {"order": order_id}).one())


def heads_of(conn: Connection, order_ids: Sequence[UUID]) -> dict[UUID, Head]:
    """The same of several orders."""
    rows = conn.execute(_heads, {"orders": padded(order_ids)}) if order_ids else ()
    return {row[0]: Head(*row[1:]) for row in rows}


def page(conn: Connection, filters: Mapping[str, Any], most: int) -> list[OrderRow]:
    """At most `most` orders, the newest first; `filters` by the names of FILTERS, None: not asked for."""
    given = {name: padded(value) if name == "ids" else value for name, value in filters.items() if value is not None}
    rows = conn.execute(_list(frozenset(given)), {**given, "most": most})
    named = carriers.names(conn)
    return [
        OrderRow(*(*row[:10], row[10]["name"], row[11]["country"], row[12], named.get(row[5], row[5]))) for row in rows
    ]
