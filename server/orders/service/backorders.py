"""Why: units that a warehouse could not find wait with their order, which hands them out again once they are there.

A fulfilment of an order that may ship in parts gives them back when all else of it has left: then nobody's tour, undo
or carton stands on them any more. What ships complete waits where it is.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection

from server.db.base import CORE
from server.db.work import Work
from server.orders import rules
from server.orders.rules import Facts
from server.orders.service.follow import orders_follow
from server.orders.service.lookup import order_of
from server.orders.service.promises import promise
from server.orders.service.shelves import Wanted
from server.orders.service.statuses import settle_part
from server.orders.service.timelines import tell_part
from server.orders.store import fulfilments
from server.orders.store.fulfilments import Part, PartLine


def due(conn: Connection, order_id: UUID) -> frozenset[int]:
    """The warehouses that have units of an order to give back."""
    return frozenset(part.warehouse for part in _short_parts(conn, order_id))


def _short_parts(conn: Connection, order_id: UUID) -> list[Part]:
    parts = [part for part in fulfilments.of_order(conn, order_id) if part.status == "backordered" and part.visible]
    if not parts or order_of(conn, order_id).split == "ship_available":
        return parts
    lines = fulfilments.lines_of_order(conn, order_id)
    picked = {line.part for line in lines if line.facts.picked > line.facts.shipped}
    return [part for part in parts if part.id not in picked]


def take_back(work: Work, order_id: UUID) -> int:
    """What is backordered in warehouses is the order's again, promised anew; its units. Streams 0 and theirs."""
    parts = _short_parts(work.conn, order_id)
    work.need(CORE, *(part.warehouse for part in parts))
    units = 0
    for part in parts:
        lines = fulfilments.lines_of(work.conn, part.id, [part.warehouse])
        after = [_without_backorder(work, part, line) for line in lines]
        back = [Wanted(line.order_line, line.position, line.item, line.facts.backordered)
                for line in lines if line.facts.backordered]  # fmt: skip
        promise(work, order_id, part.warehouse, back)
        settle_part(work, part, rules.total(after))
        units += sum(each.quantity for each in back)
    if units:
        orders_follow(work, [order_id])
    return units


def _without_backorder(work: Work, part: Part, line: PartLine) -> Facts:
    if not line.facts.backordered:
        return line.facts
    units = line.facts.backordered
    after = rules.change(line.facts, {"ordered": -units, "backordered": -units})
    fulfilments.set_facts(work.conn, line.id, part.warehouse, after, None, None)
    tell_part(work, part, "given_back", {"quantity": units}, line=line.id)
    return after
