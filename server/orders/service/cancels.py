"""Why: an order that is no longer wanted gives back all that has not shipped, wherever it is."""

from __future__ import annotations

from uuid import UUID

import msgspec

from server.core.refusal import Refusal
from server.db.base import CORE
from server.db.work import Work
from server.orders import rules
from server.orders.lifecycle import HOLD
from server.orders.service import statuses
from server.orders.service.holds import end_hold
from server.orders.service.lookup import order_of, with_parts
from server.orders.service.statuses import settle_part
from server.orders.service.timelines import tell, tell_part
from server.orders.store import fulfilments, holds, orders, promises
from server.orders.store.fulfilments import Part


def cancel(work: Work, order_id: UUID, why: str = "") -> str:
    """Cancels everything that has not shipped and gives the order's status. Stream 0, on the floor also the warehouse.

    Of each line `line.cancelled` says what was reserved, in a tote, in a carton: the reactions free, put back and
    unpack it, or refuse (a live label). `order.cancelled` voids the payment. Refuses `order_unknown`, and
    `cancel_too_late` when nothing is left.
    """
    found = order_of(work.conn, order_id)
    parts = with_parts(work, found)
    quantity = _cancel_unhanded(work, order_id) if not parts else 0
    for part in parts:
        quantity += _cancel_part(work, part, why)
    if not quantity:
        raise Refusal(
            "cancel_too_late", order=found.number, reason=found.status if found.status in rules.ENDED else "shipped"
        )
    promises.drop(work.conn, order_id)
    orders.set_cancelled(work.conn, order_id, work.now)
    for each in holds.of_order(work.conn, order_id):
        if HOLD.can(each.state, "lapse"):
            end_hold(work, found, each, "lapse", why)
    tell(work, order_id, "cancelled", {"quantity": quantity}, why=why)
    work.emit("order.cancelled", stream=CORE, order=order_id, number=found.number)
    return statuses.refresh(work, order_id)


def _cancel_unhanded(work: Work, order_id: UUID) -> int:
    quantity = 0
    for line in orders.lines_of(work.conn, order_id):
        if line.ordered > line.cancelled:
            orders.cancel_line(work.conn, line.id, line.ordered)
            quantity += line.ordered - line.cancelled
    return quantity


def _cancel_part(work: Work, part: Part, why: str) -> int:
    quantity, facts = 0, []
    for line in fulfilments.lines_of(work.conn, part.id, [part.warehouse]):
        after, gone = rules.cancel(line.facts)
        facts.append(after)
        if not gone.quantity:
            continue
        quantity += gone.quantity
        fulfilments.set_facts(work.conn, line.id, part.warehouse, after, None, None)
        taken = msgspec.structs.asdict(gone)
        tell_part(work, part, "line_cancelled", taken, line=line.id, why=why)
        work.emit("line.cancelled", stream=part.warehouse, fulfilment=part.id, line=line.id, order=part.order, **taken)
    if quantity:
        settle_part(work, part, rules.total(facts))
    return quantity
