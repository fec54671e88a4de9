"""Why: a customer is told a day and it is kept: units are promised at capture, and again whenever the supply moves."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from server.core.refusal import Fault
from server.db.work import Work
from server.inventory import service as inventory
from server.locations import service as locations
from server.orders.promising import Kept, Limits, Receipt, Share, Supply, assign
from server.orders.store import promises
from server.orders.store.orders import Line
from server.orders.store.promises import Taken, whose


class Wanted(NamedTuple):
    """Units of an order's line that no warehouse has been given."""

    line: UUID
    position: int
    item: UUID
    quantity: int


class Buyer(NamedTuple):
    """For whom: the channel, and the customer's e-mail in small letters."""

    channel: str
    customer: str


Shares = dict[UUID, list[Share]]
"""The shares of each line."""


def find(conn: Connection, now: datetime, buyer: Buyer, warehouse: int, lines: Sequence[Wanted]) -> Shares:
    """What each unit would be promised out of: the stock, a receipt, or nothing yet. Reads only."""
    supplies = _Supplies(conn, now, warehouse, {line.item for line in lines}, whose(*buyer))
    return {line.line: supplies.give(line.item, line.quantity) for line in lines}


def promise(work: Work, order_id: UUID, warehouse: int, lines: Sequence[Wanted], *, asleep: bool = False) -> Shares:
    """Promises units of an order that no warehouse has (any more); `asleep` as in `keep`. Stream 0."""
    buyer = Buyer(*promises.names_of(work.conn, order_id))
    found = nothing(lines) if asleep else find(work.conn, work.now, buyer, warehouse, lines)
    keep(work, order_id, buyer, warehouse, {line.line: line.item for line in lines}, found, asleep=asleep)
    return found


def keep(
    work: Work,
    order_id: UUID,
    buyer: Buyer,
    warehouse: int,
    items: Mapping[UUID, UUID],
    shares: Mapping[UUID, Iterable[Share]],
    *,
    asleep: bool = False,
) -> None:
    """Keeps the shares of lines; those that are `asleep` are given anew only once the payment is good (`wake`)."""
    promises.add(work.conn, [
        {
            "id": work.new_id(), "order_id": order_id, "line_id": line, "for_warehouse": warehouse,
            "item_id": items[line], "quantity": share.quantity, "receipt_id": share.receipt, "promised_on": share.on,
            "channel": buyer.channel, "customer": buyer.customer, "asleep": asleep,
        }
        for line, each in shares.items()
        for share in each
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


class _Supplies:
    """What there is to promise in one warehouse, item by item; what is promised already is gone from it."""

    def __init__(
        self, conn: Connection, now: datetime, warehouse: int, items: set[UUID], buyer: frozenset[str]
    ) -> None:
        known = _known(conn, now, warehouse, items)
        taken = promises.taken(conn, warehouse, items)
        promised = promises.by_whose(conn, warehouse, known.rules) if known.rules else {}
        self._buyer = buyer
        self._limits = {item: known.limits(item, promised.get(item, {})) for item in items}
        self._supplies = {item: known.supply(item, taken.get(item, Taken(0, {}))) for item in items}

    def give(self, item: UUID, wanted: int) -> list[Share]:
        """The shares of so many units; what was given is gone."""
        return self._supplies[item].give(wanted, self._limits[item], self._buyer)


class _Known(NamedTuple):
    """The whole supply of some items in a warehouse, and the rules that keep some of it back."""

    today: date
    free: dict[UUID, int]
    receipts: dict[UUID, list[Receipt]]
    rules: dict[UUID, list[Kept]]

    def supply(self, item: UUID, taken: Taken) -> Supply:
        """What is left of an item's supply; what is overdue comes today at the earliest."""
        coming = self.receipts.get(item, [])
        left = [
            Receipt(each.id, max(each.on, self.today), each.quantity - taken.receipts.get(each.id, 0))
            for each in coming
        ]
        return Supply(self.free.get(item, 0) - taken.stock, left, self.today)

    def whole(self, item: UUID, standing: int) -> Supply:
        """An item's whole supply, at least what stands promised out of the stock.

        A delivery that is overdue keeps its day: nobody is told every morning that it is a day later.
        """
        return Supply(max(self.free.get(item, 0), standing), self.receipts.get(item, []), self.today)

    def limits(self, item: UUID, promised: dict[str, int]) -> Limits:
        """What the rules leave to whom, where so much is promised already."""
        whole = self.free.get(item, 0) + sum(each.quantity for each in self.receipts.get(item, []))
        return Limits(self.rules.get(item, []), dict(promised), whole)


def _known(conn: Connection, now: datetime, warehouse: int, items: Collection[UUID]) -> _Known:
    today = locations.today(conn, warehouse, now)
    return _Known(
        today,
        inventory.available(conn, warehouse, items, today),
        promises.receipts(conn, warehouse, items),
        promises.kept(conn, warehouse, items),
    )


# --- when the supply has moved -------------------------------------------------------------------------------------


class Moved(NamedTuple):
    """A line whose units are promised out of something else from now on."""

    promised: promises.Promised
    shares: list[Share]


def moved(conn: Connection, now: datetime, warehouse: int, items: Iterable[UUID]) -> list[Moved]:
    """Which promises of these items would change if all were given anew now. Reads only.

    Who was promised earliest comes first, among equals who was captured first. What was promised out of the stock
    stands: where it is no longer there, the wave finds out, for a bin may only be locked for an hour.
    """
    by_item: dict[UUID, list[promises.Promised]] = {}
    for each in promises.of_items(conn, warehouse, set(items)):
        by_item.setdefault(each.item, []).append(each)
    if not by_item:
        return []
    known = _known(conn, now, warehouse, by_item.keys())
    found = []
    for item, lines in by_item.items():
        standing = sum(each.wish.standing for each in lines)
        shares = assign((each.wish for each in lines), known.whole(item, standing), known.limits(item, {}))
        found += [
            Moved(each, shares[each.wish.line]) for each in lines if _moved(each.wish.before, shares[each.wish.line])
        ]
    return found


def promise_again(work: Work, warehouse: int, items: Iterable[UUID]) -> list[UUID]:
    """Gives the promises of these items anew; the orders whose promises changed. Stream 0.

    The caller has the days and statuses of those orders follow (`follow`).
    """
    changed: dict[UUID, None] = {}
    for each in moved(work.conn, work.now, warehouse, items):
        of = each.promised
        promises.drop_line(work.conn, of.wish.line)
        buyer = Buyer(of.channel, of.customer)
        keep(work, of.order, buyer, warehouse, {of.wish.line: of.item}, {of.wish.line: each.shares})
        changed[of.order] = None
    return list(changed)


def _moved(before: Iterable[Share], after: Iterable[Share]) -> bool:
    """Whether units have another source, or another day than the one on which they lay in the warehouse."""
    return sorted(map(_source, before)) != sorted(map(_source, after))


def _source(share: Share) -> tuple[str, date, int]:
    on = date.min if share.ready else share.on or date.max
    return ("" if share.receipt is None else share.receipt.hex, on, share.quantity)


def row_of(row: Mapping[str, Any]) -> Wanted:
    """An order's line as it is captured, whole."""
    return Wanted(row["id"], row["position"], row["item_id"], row["ordered"])
