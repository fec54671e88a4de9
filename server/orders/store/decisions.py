"""Why: what rules said of an order is kept, and what they ask of earlier orders is answered by one short statement."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy import Connection

from server.db.binds import id_, padded
from server.db.prepared import Prepared
from server.db.types import Id, Utc
from server.orders.models import order, order_decision
from server.policies.rules import Verdict

MOST_EARLIER: Final = 200
"""Orders of a customer that are looked at, the latest."""


class Decision(NamedTuple):
    """What was decided at a moment; `seen` are facts that only that moment knew."""

    at: datetime
    moment: str
    verdicts: list[Verdict]
    seen: dict[str, Any]


class Earlier(NamedTuple):
    """What is known of a customer's earlier orders."""

    orders: int = 0
    orders_hour: int = 0
    orders_day: int = 0
    cancelled: int = 0
    declined: int = 0
    open_minor: int = 0
    oldest_open: datetime | None = None

    def one_more(self, now: datetime, owed_minor: int) -> Earlier:
        """The same with one order more, of now, by which so much is owed."""
        return self._replace(
            orders=min(self.orders + 1, MOST_EARLIER),
            orders_hour=min(self.orders_hour + 1, MOST_EARLIER),
            orders_day=min(self.orders_day + 1, MOST_EARLIER),
            open_minor=self.open_minor + owed_minor,
            oldest_open=self.oldest_open or (now if owed_minor else None),
        )


class Head(NamedTuple):
    """An order as it is kept, for whoever decides about it once more."""

    id: UUID
    number: int
    channel: str
    external_ref: str
    currency: str
    items_minor: int
    shipping_minor: int
    tax_minor: int
    total_minor: int
    customer: dict[str, Any]
    address: dict[str, Any]
    payment_method: str
    payment: str
    score: int | None
    split: str
    service: str
    warehouse: int
    captured_at: datetime
    status: str
    customer_id: UUID | None


_HEAD: Final[tuple[sa.Column[Any], ...]] = (
    order.c.id, order.c.number, order.c.channel, order.c.external_ref, order.c.currency, order.c.items_minor,
    order.c.shipping_minor, order.c.tax_minor, order.c.total_minor, order.c.customer, order.c.address,
    order.c.payment_method, order.c.payment, order.c.score, order.c.split, order.c.service, order.c.warehouse_id,
    order.c.captured_at, order.c.status, order.c.customer_id,
)  # fmt: skip
_heads: Final = sa.select(*_HEAD).where(order.c.id.in_(sa.bindparam("ids", type_=Id(), expanding=True)))
_newest: Final = sa.select(*_HEAD).order_by(order.c.number.desc()).limit(sa.bindparam("most"))
_add: Final = Prepared(sa.insert(order_decision))
_of_order: Final = (
    sa.select(order_decision.c.at, order_decision.c.moment, order_decision.c.verdicts, order_decision.c.seen)
    .where(order_decision.c.order_id == id_("order"))
    .order_by(order_decision.c.id)
)
_seen: Final = (
    sa.select(order_decision.c.order_id, order_decision.c.seen)
    .where(
        order_decision.c.order_id.in_(sa.bindparam("ids", type_=Id(), expanding=True)),
        order_decision.c.moment.in_(("capture", "edit")),
    )
    .order_by(order_decision.c.id)
)
_LOOKED_AT: Final = (
    order.c.captured_at, order.c.cancelled_at, order.c.payment, order.c.payment_method,
    (order.c.total_minor - order.c.settled_minor).label("open_minor"),
)  # fmt: skip


def _times(holds: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((holds, 1), else_=0)), 0)


def _summed(last: sa.FromClause) -> tuple[sa.ColumnElement[Any], ...]:
    """What is told of these orders, in the order of `Earlier`."""
    owes = sa.and_(last.c.payment_method == "invoice", last.c.cancelled_at.is_(None), last.c.open_minor > 0)
    return (
        sa.func.count(),
        _times(last.c.captured_at > sa.bindparam("hour_ago", type_=Utc())),
        _times(last.c.captured_at > sa.bindparam("day_ago", type_=Utc())),
        _times(last.c.cancelled_at.is_not(None)),
        _times(last.c.payment == "declined"),
        sa.func.coalesce(sa.func.sum(sa.case((owes, last.c.open_minor), else_=0)), 0),
        sa.func.min(sa.case((owes, last.c.captured_at), else_=None), type_=Utc()),
    )


_last: Final = (
    sa.select(*_LOOKED_AT)
    .where(order.c.customer_id == id_("whose"), order.c.id < id_("self"))
    .order_by(order.c.id.desc())
    .limit(MOST_EARLIER)
    .subquery()
)
_earlier: Final = Prepared(sa.select(*_summed(_last)))
_newer: Final = order.alias("newer")
_since: Final = (
    sa.select(order.c.customer_id, sa.select(_newer.c.id).where(_newer.c.customer_id == order.c.customer_id)
              .order_by(_newer.c.id.desc()).limit(1).offset(MOST_EARLIER - 1).scalar_subquery().label("since"))
    .where(order.c.customer_id.in_(sa.bindparam("customers", type_=Id(), expanding=True)))
    .group_by(order.c.customer_id)
    .subquery("since")
)  # fmt: skip
_last_of_many: Final = (
    sa.select(order.c.customer_id, *_LOOKED_AT)
    .join(_since, _since.c.customer_id == order.c.customer_id)
    .where(sa.or_(_since.c.since.is_(None), order.c.id >= _since.c.since))
    .subquery()
)
_earlier_of_many: Final = sa.select(_last_of_many.c.customer_id, *_summed(_last_of_many)).group_by(
    _last_of_many.c.customer_id
)


def earlier(conn: Connection, customer: UUID, self: UUID, hour_ago: datetime, day_ago: datetime) -> Earlier:
    """What is known of a customer's orders before the order `self`."""
    values = {"whose": customer, "self": self, "hour_ago": hour_ago, "day_ago": day_ago}
    return _told(_earlier.one(conn, values))


def earlier_of_many(
    conn: Connection, customers: Collection[UUID], hour_ago: datetime, day_ago: datetime
) -> dict[UUID, Earlier]:
    """What is known of all orders of these customers; of who has none nothing is said."""
    if not customers:
        return {}
    values = {"customers": padded(customers), "hour_ago": hour_ago, "day_ago": day_ago}
    return {row[0]: _told(row[1:]) for row in conn.execute(_earlier_of_many, values)}


def _told(found: Sequence[Any]) -> Earlier:
    orders, hour, day, cancelled, declined, open_minor, oldest = found
    return Earlier(int(orders), int(hour), int(day), int(cancelled), int(declined), int(open_minor), oldest)


def add(conn: Connection, row: Mapping[str, Any]) -> None:
    """Keeps what was decided, with the last statements of the unit."""
    _add.later(conn, row)


def of_order(conn: Connection, order_id: UUID) -> list[Decision]:
    """Everything that rules said of an order, the oldest first."""
    return [
        Decision(row[0], row[1], msgspec.convert(row[2], list[Verdict]), row[3])
        for row in conn.execute(_of_order, {"order": order_id})
    ]


def seen(conn: Connection, ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """What only the capture of these orders knew, or their latest change."""
    found: dict[UUID, dict[str, Any]] = {}
    for order_id, seen_then in conn.execute(_seen, {"ids": list(ids)}) if ids else ():
        found[order_id] = {**found.get(order_id, {}), **seen_then}
    return found


def heads(conn: Connection, ids: Sequence[UUID]) -> list[Head]:
    """These orders as they are kept."""
    return [Head(*row) for row in conn.execute(_heads, {"ids": list(ids)})] if ids else []


def newest(conn: Connection, most: int) -> list[Head]:
    """The last orders that came in, the newest first."""
    return [Head(*row) for row in conn.execute(_newest, {"most": most})]
