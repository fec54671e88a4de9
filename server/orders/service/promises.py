"""Why: a customer is told a day and it is kept: units are promised at capture, out of what is left then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from server.core.refusal import Fault
from server.db.work import Work
from server.orders.promising import Share
from server.orders.service.shelves import Buyer, Shares, Shelves, Wanted
from server.orders.store import promises
from server.orders.store.orders import Line


def find(conn: Connection, now: datetime, buyer: Buyer, warehouse: int, lines: Sequence[Wanted]) -> Shares:
    """What each unit would be promised out of: the stock, a receipt, or nothing yet. Reads only."""
    return Shelves(conn, now, {line.item for line in lines}).offer(warehouse, buyer, lines).shares


def promise(work: Work, order_id: UUID, warehouse: int, lines: Sequence[Wanted], *, asleep: bool = False) -> Shares:
    """Promises units of an order that no warehouse has (any more); `asleep` as in `keep`. Stream 0."""
    buyer = Buyer(*promises.names_of(work.conn, order_id))
    found = nothing(lines) if asleep else find(work.conn, work.now, buyer, warehouse, lines)
    keep(work, [Given(order_id, buyer, warehouse, {line.line: line.item for line in lines}, found, asleep)])
    return found


class Given(NamedTuple):
    """What lines of an order are promised out of a warehouse: items and shares by line.

    Those that are `asleep` are given anew only once the payment is good (`wake`).
    """

    order: UUID
    buyer: Buyer
    warehouse: int
    items: Mapping[UUID, UUID]
    shares: Mapping[UUID, Iterable[Share]]
    asleep: bool = False


def keep(work: Work, given: Iterable[Given]) -> None:
    """Keeps what lines are promised, of one order or of many."""
    promises.add(work.conn, [
        {
            "id": work.new_id(), "order_id": of.order, "line_id": line, "for_warehouse": of.warehouse,
            "item_id": of.items[line], "quantity": share.quantity, "receipt_id": share.receipt,
            "promised_on": share.on, "channel": of.buyer.channel, "customer": of.buyer.customer, "asleep": of.asleep,
        }
        for of in given
        for line, shares in of.shares.items()
        for share in shares
    ])  # fmt: skip


def nothing(lines: Iterable[Wanted]) -> Shares:
    """Shares of lines to which nothing is promised yet."""
    return {line.line: [Share(line.quantity, None, None)] for line in lines}


def wake(work: Work, order_id: UUID, warehouse: int, lines: Iterable[Line]) -> None:
    """The payment is good: what waited for that is promised. Stream 0."""
    waiting = {
        line: sum(share.quantity for share in each) for line, each in promises.of_order(work.conn, order_id).items()
    }
    promises.drop(work.conn, order_id)
    wanted = [Wanted(line.id, line.position, line.item, waiting[line.id]) for line in lines if line.id in waiting]
    promise(work, order_id, warehouse, wanted)


def lacking(lines: Iterable[Wanted], shares: Mapping[UUID, Sequence[Share]]) -> tuple[Fault, ...]:
    """A fault for each line of which units are not in sight."""
    found = []
    for line in lines:
        waiting = sum(share.quantity for share in shares[line.line] if share.waits)
        if waiting:
            there = str(line.quantity - waiting)
            field = f"lines[{line.position - 1}].quantity"
            found.append(Fault(field, "There are not so many.", str(line.quantity), there))
    return tuple(found)


def row_of(row: Mapping[str, Any]) -> Wanted:
    """An order's line as it is captured, whole."""
    return Wanted(row["id"], row["position"], row["item_id"], row["ordered"])
