"""Why: whoever comes now is offered what is left behind all who wait already, and no unit of it twice.

Adds up what is promised and what waits; tens of thousands of promises are never read one by one for it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from server.inventory import service as inventory
from server.locations import service as locations
from server.orders.promising import Kept, Limits, Receipt, Share, Supply, differ
from server.orders.store import promises
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
        self._known: dict[int, Known] = {}
        self._there: dict[int, dict[UUID, Shelf]] = {}

    @property
    def items(self) -> Collection[UUID]:
        """The items that lie on them."""
        return self._items

    def known(self, warehouse: int) -> Known:
        """What there is in a warehouse, and what of it is promised."""
        if warehouse not in self._known:
            self._known[warehouse] = known(self._conn, self._now, warehouse, self._items)
        return self._known[warehouse]

    def forget(self) -> None:
        """Promises have moved, in one warehouse or several: each is read again when it is asked."""
        self._known.clear()
        self._there.clear()

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
            there = self.known(warehouse)
            self._there[warehouse] = {item: there.today_on(item) for item in self._items}
        return self._there[warehouse]


class Known(NamedTuple):
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
        before = [each.share for each in self.waiting.get(item, [])]
        after = self._anew(item, self.receipts.get(item, []))[1]
        return not differ(before, after)

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


def known(conn: Connection, now: datetime, warehouse: int, items: Collection[UUID]) -> Known:
    """What there is to promise of some items in a warehouse. Reads only."""
    today = locations.today(conn, warehouse, now)
    rules = promises.kept(conn, warehouse, items)
    waiting = promises.waiting(conn, warehouse, items)
    ruled = waiting.keys() & rules.keys()
    return Known(
        today,
        inventory.available(conn, warehouse, items, today),
        promises.receipts(conn, warehouse, items),
        rules,
        promises.standing(conn, warehouse, items),
        promises.standing_whose(conn, warehouse, rules) if rules else {},
        {**waiting, **(promises.waiting_whose(conn, warehouse, ruled) if ruled else {})},
    )
