"""Why: a customer's page says what their orders came to; customers is a lower room and knows no orders."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection

from server.core.events import Event
from server.db.work import Work
from server.orders.schemas.pages import Worth
from server.orders.store import customers as store


def of_customer(conn: Connection, customer_id: UUID) -> Worth:
    """How many orders a customer has placed, and what was ordered and shipped, by currency."""
    return store.worth(conn, customer_id)


def on_customer_merged(work: Work, event: Event) -> None:
    """Same-transaction reaction to `customer.merged`: the other one's orders are this customer's."""
    store.move(work.conn, event.payload["other"], event.payload["customer"])
