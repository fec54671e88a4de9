"""Why: what may be packed of an order now, and whether all of it that is due lies in cartons."""

from __future__ import annotations

from uuid import UUID

from server.db.work import Work
from server.orders import rules as order_rules
from server.orders.service import lines as order_lines
from server.packing import rules
from server.packing.store import fulfilments
from server.packing.store.fulfilments import Part


def stopped(part: Part) -> str | None:
    """Why nothing of this order may be packed now, as an outcome; None when it may."""
    if part.status == "cancelled":
        return "fulfilment_cancelled"
    return "fulfilment_on_hold" if part.held else None


def all_in(work: Work, warehouse: int, fulfilment: UUID) -> bool:
    """Whether all that is due of a fulfilment lies in cartons and may leave."""
    part = fulfilments.by_id(work.conn, warehouse, fulfilment)
    return part is not None and rules.all_in(facts_of(work, warehouse, part), split_of(part))


def facts_of(work: Work, warehouse: int, part: Part) -> order_rules.Facts:
    """The facts of a fulfilment, all lines together."""
    return order_rules.total(order_lines.facts_of(work.conn, part.id, warehouse).values())


def split_of(part: Part) -> order_rules.Split:
    """How it ships."""
    return "ship_complete" if part.split == "ship_complete" else "ship_available"
