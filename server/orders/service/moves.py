"""Why: supply moves, and promises move with it: those who were promised first come first, in every warehouse."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from server.db.work import Work
from server.orders.promising import Share, assign, differ
from server.orders.service.follow import orders_follow
from server.orders.service.promises import Given, keep
from server.orders.service.shelves import Buyer, Known, Shelves, known
from server.orders.service.timelines import tell
from server.orders.store import carriers, promises

SLICE: Final = 100
"""So many lines are promised anew in one command, so that scans come between."""


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
    return _moved(conn, warehouse, wanted, known(conn, now, warehouse, wanted))


def _moved(conn: Connection, warehouse: int, items: Collection[UUID], supply: Known) -> list[Moved]:
    there = [*promises.of_items(conn, warehouse, items), *_stranded(conn, warehouse, items, supply)]
    return _anew(sorted(there, key=lambda each: each.captured), supply)


def _stranded(conn: Connection, warehouse: int, items: Collection[UUID], supply: Known) -> list[promises.Promised]:
    others = carriers.time_zones(conn).keys() - {warehouse}
    return promises.stranded(conn, others, {item for item in items if supply.spare(item) > 0})


def missed_elsewhere(conn: Connection, now: datetime, warehouse: int, items: Collection[UUID]) -> set[UUID]:
    """The items for which somebody waits without a day in another warehouse, and who would get some of them here."""
    if not items:
        return set()
    supply = known(conn, now, warehouse, items)
    stranded = _stranded(conn, warehouse, items, supply)
    shelves = {item: supply.today_on(item) for item in {each.item for each in stranded}}
    return {
        each.item
        for each in stranded
        if any(not share.waits for share in shelves[each.item].give(each.wish.quantity, each.wish.whose))
    }


def unsettled(conn: Connection, now: datetime, warehouse: int, items: Collection[UUID]) -> set[UUID]:
    """The items of which promises would change if they were given anew.

    Adds up only: tens of thousands may wait for what is nowhere, and are not read at each look.
    """
    if not items:
        return set()
    supply = known(conn, now, warehouse, items)
    return {item for item in items if not supply.is_settled(item)}


def _anew(there: Iterable[promises.Promised], supply: Known) -> list[Moved]:
    by_item: dict[UUID, list[promises.Promised]] = {}
    for each in there:
        by_item.setdefault(each.item, []).append(each)
    found = []
    for item, captured in by_item.items():
        lines = sorted(captured, key=lambda each: max(each.wish.promised_on, supply.today))
        standing = sum(each.wish.standing for each in lines)
        shares = assign((each.wish for each in lines), supply.whole(item, standing), supply.limits(item, {}))
        found += [
            Moved(each, shares[each.wish.line]) for each in lines if differ(each.wish.before, shares[each.wish.line])
        ]
    return found


def promise_again(work: Work, warehouse: int, items: Iterable[UUID], most: int | None = None) -> list[UUID]:
    """Gives the promises of these items anew; the orders whose promises changed. Stream 0.

    Of so many lines at `most` in each warehouse, those that come first: whoever captures meanwhile comes behind the
    others all the same. What waits without a day elsewhere gets what there is at home before anything from here. The
    caller has the days and statuses of those orders follow (`follow`).
    """
    wanted = set(items)
    supply = known(work.conn, work.now, warehouse, wanted)
    changed: dict[UUID, None] = {}
    homes = {each.stranded_at for each in _stranded(work.conn, warehouse, wanted, supply)}
    for home in sorted(home for home in homes if home is not None):
        there = promises.of_items(work.conn, home, wanted)
        moves = _anew(there, known(work.conn, work.now, home, wanted))[:most]
        changed |= _give(work, home, moves)
        if len(moves) == most:
            return list(changed)
    changed |= _give(work, warehouse, _moved(work.conn, warehouse, wanted, supply)[:most])
    return list(changed)


def settle(work: Work, shelves: Shelves) -> None:
    """Promises what lies on these shelves by now to those who wait for it, before anybody new is promised any of it.
    Stream 0.

    A slice in each warehouse: of more the sums are right (`shelves`), and the days follow at the next look.
    """
    for warehouse, waiting in sorted(promises.waited_for(work.conn, shelves.items).items()):
        supply = shelves.known(warehouse)
        if wanted := {item for item in waiting if not supply.is_settled(item)}:
            orders_follow(work, promise_again(work, warehouse, wanted, SLICE))
            shelves.forget()


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
