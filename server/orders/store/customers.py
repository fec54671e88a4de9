"""Why: what a customer has ordered, added up by the database."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from server.db.binds import id_
from server.orders.models import fulfilment_line, order, order_line
from server.orders.schemas.pages import Sum, Worth

_OF: Final = order.c.customer_id == id_("customer")
_ORDERED: Final = (
    sa.select(
        order.c.currency,
        sa.func.count(),
        sa.func.sum(sa.case((order.c.cancelled_at.is_(None), 1), else_=0)),
        sa.func.sum(sa.case((order.c.cancelled_at.is_(None), order.c.total_minor), else_=0)),
        sa.func.min(order.c.captured_at, type_=order.c.captured_at.type),
        sa.func.max(order.c.captured_at, type_=order.c.captured_at.type),
    )
    .where(_OF)
    .group_by(order.c.currency)
    .order_by(order.c.currency)
)
_SHIPPED: Final = (
    sa.select(order.c.currency, sa.func.sum(fulfilment_line.c.shipped * order_line.c.price_minor))
    .select_from(
        order.join(order_line, order_line.c.order_id == order.c.id).join(
            fulfilment_line, fulfilment_line.c.order_line_id == order_line.c.id
        )
    )
    .where(_OF)
    .group_by(order.c.currency)
)
_MOVE: Final = sa.update(order).where(order.c.customer_id == id_("of")).values(customer_id=id_("to"))


def worth(conn: Connection, customer_id: UUID) -> Worth:
    """What a customer has ordered, and what of it has shipped, by currency."""
    shipped: dict[str, Any] = {row[0]: row[1] for row in conn.execute(_SHIPPED, {"customer": customer_id})}
    rows = conn.execute(_ORDERED, {"customer": customer_id}).all()
    return Worth(
        orders=sum(row[1] for row in rows),
        cancelled=sum(row[1] - int(row[2]) for row in rows),
        first_at=min((row[4] for row in rows), default=None),
        last_at=max((row[5] for row in rows), default=None),
        sums=[Sum(row[0], int(row[2]), int(row[3]), int(shipped.get(row[0]) or 0)) for row in rows],
    )


def move(conn: Connection, of: UUID, to: UUID) -> None:
    """The orders of one customer are another one's."""
    conn.execute(_MOVE, {"of": of, "to": to})
