"""Why: a customer is told a day and it is kept: units are promised at capture, and again whenever the supply moves."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from server.core.refusal import Fault
from server.db.work import Work
from server.inventory import service as inventory
from server.locations import service as locations
from server.orders.promising import Kept, Limits, Receipt, Share, Supply, assign, together
from server.orders.service.timelines import tell
from server.orders.store import carriers, promises
from server.orders.store.orders import Line
from server.orders.store.promises import Waits, whose


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


class Shelf(NamedTuple):
    """What is left to promise of one item in one warehouse, and what the rules leave to whom."""

    supply: Supply
    limits: Limits

    def copy(self) -> Shelf:
        """The same, for whoever only tries."""
        return Shelf(self.supply.copy(), self.limits.copy())

    def give(self, wanted: int, whose: frozenset[str]) -> list[Share]:
        """The shares of so many units; what was given is gone."""
        return self.supply.give(wanted, self.limits, whose)


class Offered(NamedTuple):
    """What an order would be promised out of a warehouse, and what would be left there."""

    warehouse: int
    shares: Shares
    left: dict[UUID, Shelf]


class Shelves:
    """What there is to promise of some items, to one order after another; each warehouse is read when it is asked."""

    def __init__(self, conn: Connection, now: datetime, items: Collection[UUID]) -> None:
        self._conn = conn
        self._now = now
        self._items = items
        self._there: dict[int, dict[UUID, Shelf]] = {}

    def offer(self, warehouse: int, buyer: Buyer, lines: Sequence[Wanted]) -> Offered:
        """What these lines would be promised; nothing is gone before it is taken."""
        there, names = self._of(warehouse), whose(*buyer)
        left = {item: there[item].copy() for item in {line.item for line in lines}}
        return Offered(warehouse, {line.line: left[line.item].give(line.quantity, names) for line in lines}, left)

    def take(self, offered: Offered) -> None:
        """What was offered is gone for whoever comes next; between the two nothing else may be taken."""
        self._of(offered.warehouse).update(offered.left)

    def _of(self, warehouse: int) -> dict[UUID, Shelf]:
        if warehouse not in self._there:
            self._there[warehouse] = self._read(warehouse)
        return self._there[warehouse]

    def _read(self, warehouse: int) -> dict[UUID, Shelf]:
        known = _known(self._conn, self._now, warehouse, self._items)
        return {item: known.today_on(item) for item in self._items}


class _Known(NamedTuple):
    """The whole supply of some items in a warehouse, what is promised of it, and the rules that keep some back."""

    today: date
    free: dict[UUID, int]
    receipts: dict[UUID, list[Receipt]]
    rules: dict[UUID, list[Kept]]
    standing: dict[UUID, int]
    standing_whose: dict[UUID, dict[str, int]]
    waiting: dict[UUID, list[Waits]]

    def today_on(self, item: UUID) -> Shelf:
        """What is left for whoever comes now: who waits for units, or for an earlier day, comes before.

        What is overdue comes today at the earliest.
        """
        left = [each._replace(on=max(each.on, self.today)) for each in self.receipts.get(item, [])]
        return self._anew(item, left)[0]

    def is_settled(self, item: UUID) -> bool:
        """Whether those who wait would get just what they are promised, if all were given anew.

        A delivery that is overdue keeps its day: nobody is told every morning that it is a day later.
        """
        before = together(each.share for each in self.waiting.get(item, []))
        after = together(self._anew(item, self.receipts.get(item, []))[1])
        return sorted(map(_source, before)) == sorted(map(_source, after))

    def _anew(self, item: UUID, receipts: Sequence[Receipt]) -> tuple[Shelf, list[Share]]:
        """What is left once those who wait have been given anew, and what they were given."""
        stands = self.standing.get(item, 0)
        shelf = Shelf(
            Supply(max(0, self.free.get(item, 0) - stands), receipts, self.today),
            self.limits(item, self.standing_whose.get(item, {})),
        )
        given = [share for each in self.waiting.get(item, []) for share in shelf.give(each.share.quantity, each.whose)]
        return shelf, given

    def whole(self, item: UUID, standing: int) -> Supply:
        """An item's whole supply, at least what stands promised out of the stock."""
        return Supply(max(self.free.get(item, 0), standing), self.receipts.get(item, []), self.today)

    def spare(self, item: UUID) -> int:
        """Units of an item that nobody was promised, beyond those that are for nobody."""
        safety = sum(rule.safety for rule in self.rules.get(item, []))
        stands = self.standing.get(item, 0)
        awaited = sum(each.share.quantity for each in self.waiting.get(item, []) if not each.share.waits)
        return self.whole(item, stands).left - stands - awaited - safety

    def limits(self, item: UUID, promised: dict[str, int]) -> Limits:
        """What the rules leave to whom, where so much is promised already."""
        whole = self.free.get(item, 0) + sum(each.quantity for each in self.receipts.get(item, []))
        return Limits(self.rules.get(item, []), dict(promised), whole)


def _known(conn: Connection, now: datetime, warehouse: int, items: Collection[UUID]) -> _Known:
    today = locations.today(conn, warehouse, now)
    rules = promises.kept(conn, warehouse, items)
    waiting = promises.waiting(conn, warehouse, items)
    ruled = waiting.keys() & rules.keys()
    return _Known(
        today,
        inventory.available(conn, warehouse, items, today),
        promises.receipts(conn, warehouse, items),
        rules,
        promises.standing(conn, warehouse, items),
        promises.standing_whose(conn, warehouse, rules) if rules else {},
        {**waiting, **(promises.waiting_whose(conn, warehouse, ruled) if ruled else {})},
    )


# --- when the supply has moved -------------------------------------------------------------------------------------


class Moved(NamedTuple):
    """A line whose units are promised out of something else from now on."""

    promised: promises.Promised
    shares: list[Share]


def moved(conn: Connection, now: datetime, warehouse: int, items: Iterable[UUID]) -> list[Moved]:
    """Which promises of these items would change if all were given anew now. Reads only.

    Who was promised earliest comes first, among equals who was captured first: so does, last of all, who waits without
    a day in another warehouse and may come from here. What was promised out of the stock stands: where it is no longer
    there, the wave finds out, for a bin may only be locked for an hour. The moves come in that order.
    """
    wanted = set(items)
    there = [*promises.of_items(conn, warehouse, wanted), *_stranded(conn, now, warehouse, wanted)]
    return _anew(conn, now, warehouse, sorted(there, key=lambda each: each.captured))


def _stranded(conn: Connection, now: datetime, warehouse: int, items: Collection[UUID]) -> list[promises.Promised]:
    others = carriers.time_zones(conn).keys() - {warehouse}
    if not others or not items:
        return []
    known = _known(conn, now, warehouse, items)
    return promises.stranded(conn, others, {item for item in items if known.spare(item) > 0})


def missed_elsewhere(conn: Connection, now: datetime, warehouse: int, items: Collection[UUID]) -> set[UUID]:
    """The items for which somebody waits without a day in another warehouse, and who would get some of them here."""
    known = _known(conn, now, warehouse, items)
    shelves: dict[UUID, Shelf] = {}
    found = set()
    for each in _stranded(conn, now, warehouse, items):
        shelf = shelves.setdefault(each.item, known.today_on(each.item))
        if not all(share.waits for share in shelf.give(each.wish.quantity, each.wish.whose)):
            found.add(each.item)
    return found


def unsettled(conn: Connection, now: datetime, warehouse: int, items: Collection[UUID]) -> set[UUID]:
    """The items of which promises would change if they were given anew.

    Adds up only: tens of thousands may wait for what is nowhere, and are not read at each look.
    """
    if not items:
        return set()
    known = _known(conn, now, warehouse, items)
    return {item for item in items if not known.is_settled(item)}


def _anew(conn: Connection, now: datetime, warehouse: int, there: Iterable[promises.Promised]) -> list[Moved]:
    by_item: dict[UUID, list[promises.Promised]] = {}
    for each in there:
        by_item.setdefault(each.item, []).append(each)
    if not by_item:
        return []
    known = _known(conn, now, warehouse, by_item.keys())
    found = []
    for item, ranked in by_item.items():
        lines = sorted(ranked, key=lambda each: max(each.wish.promised_on, known.today))
        standing = sum(each.wish.standing for each in lines)
        shares = assign((each.wish for each in lines), known.whole(item, standing), known.limits(item, {}))
        found += [
            Moved(each, shares[each.wish.line]) for each in lines if _moved(each.wish.before, shares[each.wish.line])
        ]
    return found


SLICE: Final = 100
"""So many lines are promised anew in one command, so that scans come between."""


def promise_again(work: Work, warehouse: int, items: Iterable[UUID], most: int | None = None) -> list[UUID]:
    """Gives the promises of these items anew; the orders whose promises changed. Stream 0.

    Of so many lines at `most` in each warehouse, those that come first: whoever captures meanwhile comes behind the
    others all the same. What waits without a day elsewhere gets what there is at home before anything from here. The
    caller has the days and statuses of those orders follow (`follow`).
    """
    wanted = set(items)
    changed: dict[UUID, None] = {}
    homes = {each.stranded_at for each in _stranded(work.conn, work.now, warehouse, wanted)}
    for home in sorted(home for home in homes if home is not None):
        there = promises.of_items(work.conn, home, wanted)
        changed |= _give(work, home, _anew(work.conn, work.now, home, there)[:most])
    changed |= _give(work, warehouse, moved(work.conn, work.now, warehouse, wanted)[:most])
    return list(changed)


def _give(work: Work, warehouse: int, moves: Iterable[Moved]) -> dict[UUID, None]:
    """Keeps what was given anew; the orders that it is of."""
    changed: dict[UUID, None] = {}
    sent: dict[UUID, int] = {}
    for of, shares in moves:
        changed[of.order] = None
        if of.stranded_at is None:
            promises.drop_line(work.conn, of.line, warehouse)
            _keep(work, of, warehouse, shares)
            continue
        here = [share for share in shares if not share.waits]
        promises.drop_one(work.conn, of.wish.line)
        _keep(work, of, warehouse, here)
        _keep(work, of, of.stranded_at, [share for share in shares if share.waits])
        sent[of.order] = sent.get(of.order, 0) + sum(share.quantity for share in here)
    for order_id, units in sent.items():
        tell(work, order_id, "sourced_in_part", {"warehouse": warehouse, "quantity": units})
    return changed


def _keep(work: Work, of: promises.Promised, warehouse: int, shares: Iterable[Share]) -> None:
    buyer = Buyer(of.channel, of.customer)
    keep(work, [Given(of.order, buyer, warehouse, {of.line: of.item}, {of.line: shares})])


def _moved(before: Iterable[Share], after: Iterable[Share]) -> bool:
    """Whether units have another source, or another day than the one on which they lay in the warehouse."""
    return sorted(map(_source, before)) != sorted(map(_source, after))


def _source(share: Share) -> tuple[str, date, int]:
    on = date.min if share.ready else share.on or date.max
    return ("" if share.receipt is None else share.receipt.hex, on, share.quantity)


def row_of(row: Mapping[str, Any]) -> Wanted:
    """An order's line as it is captured, whole."""
    return Wanted(row["id"], row["position"], row["item_id"], row["ordered"])
