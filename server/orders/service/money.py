"""Why: payments is a later room: what it knows of an order's money is reported down to here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from server.db.work import Work
from server.orders import rules
from server.orders.lifecycle import HOLD
from server.orders.rules import Payment
from server.orders.service import statuses
from server.orders.service.holds import end_hold, hold
from server.orders.service.lookup import order_of
from server.orders.service.timelines import tell
from server.orders.store import fulfilments, holds, orders


def record(
    work: Work,
    order_id: UUID,
    payment: Payment,
    what: str,
    params: Mapping[str, Any] | None = None,
    *,
    until: datetime | None = None,
    captured_minor: int | None = None,
    token: str | None = None,
) -> str:
    """Keeps what payments knows of an order's money and gives the order's status.

    A declined payment holds the order; a good one lets go what was held for it alone.
    """
    found = order_of(work.conn, order_id)
    orders.set_payment(
        work.conn, order_id, payment,
        found.payment_token if token is None else token,
        until if until is not None else found.authorised_until,
        found.captured_minor if captured_minor is None else captured_minor,
    )  # fmt: skip
    tell(work, order_id, what, params or {})
    if payment == "declined":
        hold(work, order_id, "payment_declined", dict(params or {}))
    if payment in rules.PAID:
        for each in holds.of_order(work.conn, order_id):
            if rules.HOLD_REASONS[each.reason].cause_first and HOLD.can(each.state, "release"):
                end_hold(work, found, each, "release", "")
    return statuses.refresh(work, order_id)


def shipped(conn: Connection, order_id: UUID) -> tuple[int, int]:
    """How many units of an order have shipped, and what they cost in minor units, without shipping and tax."""
    return fulfilments.shipped(conn, order_id)
