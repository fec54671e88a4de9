"""Why: nobody sets a status: it follows from facts, holds and payment, and whoever waits for it is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import Connection

from server.db.base import CORE
from server.db.work import Work
from server.orders import rules
from server.orders.lifecycle import HOLD
from server.orders.promising import Share, may_go
from server.orders.rules import Facts, Situation, Split
from server.orders.service.lookup import order_of
from server.orders.store import fulfilments, holds, orders, promises
from server.orders.store.fulfilments import Part, PartLine
from server.orders.store.orders import Line, Order

NONE: Final[Mapping[UUID, Sequence[Share]]] = {}
"""No shares are looked at."""


def refresh(work: Work, order_id: UUID) -> str:
    """Keeps the order's derived status, and says when it changed. Stream 0; reads the fulfilments' facts."""
    found = order_of(work.conn, order_id)
    status = derived_status(work.conn, found)
    if status != found.status:
        orders.set_status(work.conn, order_id, status)
        said = {"number": found.number, "warehouse": found.warehouse, "status": status}
        work.emit("order.status_changed", stream=CORE, order=order_id, **said)
    return status


def is_behind(conn: Connection, order_id: UUID) -> bool:
    """Whether an order's stored status is not what its facts say: then `refresh` is due."""
    found = order_of(conn, order_id)
    return derived_status(conn, found) != found.status


def derived_status(conn: Connection, found: Order) -> str:
    """What an order's facts, holds and payment say its status is."""
    lines = orders.lines_of(conn, found.id)
    parts = fulfilments.of_order(conn, found.id) if found.released else []
    shares = promises.of_order(conn, found.id)
    facts = order_facts(lines, fulfilments.lines_of_order(conn, found.id) if parts else [], shares, found.split)
    return rules.status(
        "order",
        Situation(
            facts=rules.total(facts.values()),
            held=is_held(conn, found.id),
            payment=found.payment,
            handed=not may_go(_all(shares), complete=found.split == "ship_complete"),
            visible=all(part.visible or part.status == "withdrawn" for part in parts),
        ),
    )


def is_held(conn: Connection, order_id: UUID) -> bool:
    """Whether a hold of an order is open."""
    return any(each.state == HOLD.initial for each in holds.of_order(conn, order_id))


def _all(shares: Mapping[UUID, Iterable[Share]]) -> list[Share]:
    return [share for each in shares.values() for share in each]


def order_facts(
    lines: Iterable[Line],
    parts: Iterable[PartLine],
    shares: Mapping[UUID, Sequence[Share]] = NONE,
    split: Split = "ship_available",
) -> dict[UUID, Facts]:
    """The facts of each order line over all warehouses.

    Units that no warehouse has are open when a wave may take them, and backordered as long as it may not; without
    their shares all are open.
    """
    waits = split == "ship_complete" and any(not share.ready for share in _all(shares))
    given: dict[UUID, list[Facts]] = {}
    for part in parts:
        given.setdefault(part.order_line, []).append(part.facts)
    facts = {}
    for line in lines:
        total = rules.total(given.get(line.id, ()) or (Facts(),))
        waiting = sum(share.quantity for share in shares.get(line.id, ()) if waits or not share.ready)
        facts[line.id] = msgspec.structs.replace(
            total, ordered=line.ordered, cancelled=line.cancelled + total.cancelled,
            backordered=total.backordered + waiting,
        )  # fmt: skip
    return facts


def settle_part(work: Work, part: Part, facts: Facts) -> None:
    """Keeps the fulfilment's derived status and says that it changed."""
    status = part_status(part, facts)
    fulfilments.write(work.conn, part, status, held=part.held, visible=part.visible)
    work.emit("fulfilment.changed", stream=part.warehouse, fulfilment=part.id, order=part.order)


def part_status(part: Part, facts: Facts) -> str:
    """What a fulfilment's facts say its status is."""
    return rules.status("fulfilment", Situation(facts=facts, held=part.held, visible=part.visible))
