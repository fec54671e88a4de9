"""Why: an order or a fulfilment that is not there is refused in the same words by every command."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection

from server.core.refusal import Refusal
from server.db.base import CORE
from server.db.work import Work
from server.orders.store import fulfilments, orders, timelines
from server.orders.store.fulfilments import Part
from server.orders.store.orders import Order


def order_of(conn: Connection, order_id: UUID) -> Order:
    """An order's own facts; refuses `order_unknown`."""
    found = orders.by_id(conn, order_id)
    if found is None:
        raise Refusal("order_unknown", order=str(order_id))
    return found


def id_of(conn: Connection, number: int) -> UUID:
    """The id of an order by its number; refuses `order_unknown`."""
    found = orders.id_of(conn, number)
    if found is None:
        raise Refusal("order_unknown", order=number)
    return found


def with_its_goods(conn: Connection, order_id: UUID) -> Order:
    """The order itself, or the one that has taken it in; refuses `order_unknown`."""
    found = order_of(conn, order_id)
    while (number := timelines.taken_in_by(conn, found.id)) is not None:
        found = order_of(conn, id_of(conn, number))
    return found


def part_of(work: Work, fulfilment_id: UUID) -> Part:
    """A fulfilment of a warehouse whose stream is held; refuses `fulfilment_unknown`."""
    part = fulfilments.by_id(work.conn, fulfilment_id, work.streams)
    if part is None:
        raise Refusal("fulfilment_unknown")
    return part


def with_parts(work: Work, found: Order) -> list[Part]:
    """The order's fulfilments, whose warehouses are held from here on."""
    if not found.released:
        return []
    parts = fulfilments.of_order(work.conn, found.id)
    work.need(CORE, *(part.warehouse for part in parts))
    return parts
