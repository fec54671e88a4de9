"""Why: an order that is no longer wanted gives back all that has not shipped, wherever it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

import msgspec

from server.core.refusal import Fault, Refusal
from server.db.base import CORE
from server.db.work import Work
from server.orders import rules
from server.orders.lifecycle import HOLD
from server.orders.rules import Cancelled
from server.orders.service import statuses
from server.orders.service.follow import orders_follow
from server.orders.service.holds import end_hold
from server.orders.service.lookup import order_of, with_parts
from server.orders.service.statuses import settle_part
from server.orders.service.timelines import tell, tell_part
from server.orders.store import fulfilments, holds, orders, promises
from server.orders.store.fulfilments import Part, PartLine
from server.orders.store.orders import Line, Order

NOTHING: Final = Cancelled(0, 0, 0, 0)


def cancel(work: Work, order_id: UUID, why: str = "") -> str:
    """Cancels everything that has not shipped and gives the order's status. Stream 0, on the floor also the warehouse.

    Of each line `line.cancelled` says what was reserved, in a tote, in a carton: the reactions free, put back and
    unpack it, or refuse (a live label). `order.cancelled` voids the payment. Refuses `order_unknown`, and
    `cancel_too_late` when nothing is left.
    """
    found = order_of(work.conn, order_id)
    parts = with_parts(work, found)
    quantity = _cancel_unhanded(work, order_id)
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
    """What no warehouse has been given, or was given and has not any more."""
    quantity = 0
    shares = promises.of_order(work.conn, order_id)
    for line in orders.lines_of(work.conn, order_id):
        if waiting := sum(share.quantity for share in shares.get(line.id, ())):
            orders.cancel_line(work.conn, line.id, line.cancelled + waiting)
            quantity += waiting
    return quantity


def _cancel_part(work: Work, part: Part, why: str) -> int:
    lines = fulfilments.lines_of(work.conn, part.id, [part.warehouse])
    return _cancel_lines(work, part, lines, {line.id: None for line in lines}, why)


def _cancel_lines(work: Work, part: Part, lines: Sequence[PartLine], most: Mapping[UUID, int | None], why: str) -> int:
    """Of these lines of a fulfilment at most so many units each (None: all); how many it came to."""
    quantity, facts = 0, []
    for line in lines:
        after, gone = rules.cancel(line.facts, most[line.id]) if line.id in most else (line.facts, NOTHING)
        facts.append(after)
        if not gone.quantity:
            continue
        quantity += gone.quantity
        reason, expected = (line.backorder_reason, line.backorder_expected) if after.backordered else (None, None)
        fulfilments.set_facts(work.conn, line.id, part.warehouse, after, reason, expected)
        taken = msgspec.structs.asdict(gone)
        tell_part(work, part, "line_cancelled", taken, line=line.id, why=why)
        work.emit("line.cancelled", stream=part.warehouse, fulfilment=part.id, line=line.id, order=part.order, **taken)
    if quantity:
        settle_part(work, part, rules.total(facts))
    return quantity


# --- a part of it --------------------------------------------------------------------------------------------------


def cancel_units(work: Work, order_id: UUID, position: int, quantity: int | None = None, why: str = "") -> str:
    """Cancels units of one line (None: all that have not shipped) and gives the order's status. Streams as `cancel`.

    First goes what costs least: units that wait, then those at the warehouses, the latest given first. The last unit
    of an order cancels the order. Refuses `order_unknown`, `line_unknown`, and `cancel_too_late` where not so many are
    left: what has shipped comes back as a return.
    """
    found = order_of(work.conn, order_id)
    parts = with_parts(work, found)
    line = next((each for each in orders.lines_of(work.conn, order_id) if each.position == position), None)
    if line is None:
        raise Refusal("line_unknown", order=found.number, line=position)
    waiting = sum(share.quantity for share in promises.of_order(work.conn, order_id).get(line.id, ()))
    handed = [
        (part, lines, mine)
        for part in reversed(parts)
        for lines in [fulfilments.lines_of(work.conn, part.id, [part.warehouse])]
        for mine in lines
        if mine.order_line == line.id
    ]
    left = waiting + sum(mine.facts.wanted - mine.facts.shipped for _, _, mine in handed)
    wanted = left if quantity is None else quantity
    if not left or wanted > left:
        fault = Fault("quantity", "Not so many can be cancelled any more.", "at most {most}",
                      "all units" if quantity is None else str(quantity), {"most": left})  # fmt: skip
        raise Refusal("cancel_too_late", fault, order=found.number, reason="shipped")
    if wanted == left and _is_last(work, found, line.id):
        return cancel(work, order_id, why)
    rest = wanted - _cancel_waiting(work, line, min(wanted, waiting))
    for part, lines, mine in handed:
        most = min(rest, mine.facts.wanted - mine.facts.shipped)
        if most:
            rest -= _cancel_lines(work, part, lines, {mine.id: most}, why)
    tell(work, order_id, "units_cancelled", {"quantity": wanted, "line": position}, why=why)
    work.emit("order.edited", stream=CORE, order=order_id, number=found.number, warehouse=found.warehouse, what="units")
    orders_follow(work, [order_id])
    return order_of(work.conn, order_id).status


def _is_last(work: Work, found: Order, line_id: UUID) -> bool:
    """Whether nothing else of an order is wanted."""
    lines = orders.lines_of(work.conn, found.id)
    parts = fulfilments.lines_of_order(work.conn, found.id)
    facts = statuses.order_facts(lines, parts, promises.of_order(work.conn, found.id), found.split)
    return all(of.wanted == 0 for line, of in facts.items() if line != line_id) and not facts[line_id].shipped


def _cancel_waiting(work: Work, line: Line, quantity: int) -> int:
    """Units that no warehouse has: those that wait for nothing known first, those that lie ready last."""
    if quantity:
        promises.reduce(work.conn, line.id, quantity)
        orders.cancel_line(work.conn, line.id, line.cancelled + quantity)
    return quantity
