"""Why: facts that do not add up, and statuses that are not the derived ones, are bugs; here they are found."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Connection

from server.orders import rules
from server.orders.service.lookup import order_of
from server.orders.service.statuses import derived_status, part_status
from server.orders.store import fulfilments, orders, promises


def broken(conn: Connection) -> list[str]:
    """What is broken of invariants 3 and 6 (facts hold, statuses are the derived ones, none is lost), in sentences.

    Read it in one snapshot, when the durable sinks have caught up.
    """
    return [sentence for order_id in orders.all_ids(conn) for sentence in _broken(conn, order_id)]


def _broken(conn: Connection, order_id: UUID) -> Iterable[str]:
    found = order_of(conn, order_id)
    parts, part_lines = fulfilments.of_order(conn, order_id), fulfilments.lines_of_order(conn, order_id)
    for line in part_lines:
        where = f"order {found.number}, line {line.position}"
        try:
            rules.hold(line.facts)
        except rules.FactsWrong as wrong:
            yield f"{where}: {wrong}"
        if line.facts.backordered and not (line.backorder_reason or line.backorder_expected):
            yield f"{where}: {line.facts.backordered} wait without a reason or a date"
    for part in parts:
        facts = rules.total(line.facts for line in part_lines if line.part == part.id)
        if (derived := part_status(part, facts)) != part.status:
            yield f"order {found.number}, fulfilment {part.id}: its facts say {derived}, it says {part.status}"
    if (derived := derived_status(conn, found)) != found.status:
        yield f"order {found.number}: its facts say {derived}, it says {found.status}"
    given: dict[UUID, int] = {}
    for line in part_lines:
        given[line.order_line] = given.get(line.order_line, 0) + line.facts.ordered
    promised = promises.of_order(conn, order_id)
    for own in orders.lines_of(conn, order_id):
        where = f"order {found.number}, line {own.position}"
        handed, waiting = given.get(own.id, 0), sum(share.quantity for share in promised.get(own.id, ()))
        if handed + waiting != own.ordered - own.cancelled:
            yield (
                f"{where}: {own.ordered - own.cancelled} are wanted, the warehouses were given {handed}, "
                f"{waiting} wait with the order"
            )
