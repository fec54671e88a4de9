"""Why: payments is a later room: what it knows of an order's money is reported down to here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import EllipsisType
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from server.db.work import Work
from server.orders import rules
from server.orders.lifecycle import HOLD
from server.orders.rules import Payment
from server.orders.service import decisions, moves, promises, statuses
from server.orders.service.follow import orders_follow
from server.orders.service.holds import end_hold, hold
from server.orders.service.lookup import order_of
from server.orders.service.shelves import Shelves
from server.orders.service.timelines import tell
from server.orders.store import fulfilments, holds, orders
from server.orders.store.orders import Order


def record(
    work: Work,
    order_id: UUID,
    payment: Payment,
    what: str,
    params: Mapping[str, Any] | None = None,
    *,
    until: datetime | EllipsisType | None = ...,
    captured_minor: int | None = None,
    settled_minor: int | None = None,
    token: str | None = None,
    why: str = "",
    score: int | None = None,
) -> str:
    """Keeps what payments knows of an order's money and gives the order's status.

    What is not said stays as it is. A declined payment holds the order; a good one lets go what was held for it alone,
    and the rules that look at payments are asked once more. `score`: the gateway's risk score, 0 to 100.
    """
    found = order_of(work.conn, order_id)
    orders.set_payment(
        work.conn, order_id, payment,
        found.payment_token if token is None else token,
        found.authorised_until if isinstance(until, EllipsisType) else until,
        found.captured_minor if captured_minor is None else captured_minor,
        found.settled_minor if settled_minor is None else settled_minor,
    )  # fmt: skip
    if score is not None:
        orders.set_score(work.conn, order_id, score)
    tell(work, order_id, what, params or {}, why=why)
    if payment == "declined":
        hold(work, order_id, "payment_declined", dict(params or {}))
    if payment in rules.PAID:
        for each in holds.of_order(work.conn, order_id):
            if rules.HOLD_REASONS[each.reason].cause_first and HOLD.can(each.state, "release"):
                end_hold(work, found, each, "release", "")
    if payment in rules.PAID and found.payment not in rules.PAID and found.cancelled_at is None:
        _good(work, found)
    return statuses.refresh(work, order_id)


def _good(work: Work, found: Order) -> None:
    """The payment is good: what waits for that is promised, and its rules are asked."""
    if not found.released and decisions.promised_when_paid(work.conn, found.id):
        lines = orders.lines_of(work.conn, found.id)
        moves.settle(work, Shelves(work.conn, work.now, {line.item for line in lines}))
        promises.wake(work, found.id, found.warehouse, lines)
        orders_follow(work, [found.id])
    decisions.again(work, found, "payment")


def shipped(conn: Connection, order_id: UUID) -> tuple[int, int]:
    """How many units of an order have shipped, and what they cost in minor units, without shipping and tax."""
    return fulfilments.shipped(conn, order_id)


def wanted(conn: Connection, order_id: UUID) -> tuple[int, int]:
    """How many units of an order are wanted as it is now, shipped ones too, and what they cost in minor units."""
    facts = statuses.order_facts(orders.lines_of(conn, order_id), fulfilments.lines_of_order(conn, order_id))
    lines = [(facts[line.id].wanted, line.price_minor) for line in orders.lines_of(conn, order_id)]
    return sum(units for units, _ in lines), sum(units * price for units, price in lines)


def customers(conn: Connection, order_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """The customers of these orders; without those of who gave neither mail nor phone."""
    return orders.customers(conn, order_ids)
