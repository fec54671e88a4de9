"""Why: an order whose promises moved says its new day, its truck and its status, and lets go what was held for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

from server.db.base import CORE
from server.db.work import Work
from server.orders import promising, rules
from server.orders.lifecycle import HOLD
from server.orders.promising import Share
from server.orders.service import statuses
from server.orders.service.holds import end_hold
from server.orders.service.lookup import order_of
from server.orders.service.timelines import tell
from server.orders.store import carriers, holds, orders, promises
from server.orders.store.orders import Order

LACKING: Final = "not_available"
"""The hold that stands for units which are not in sight."""


def orders_follow(work: Work, order_ids: Iterable[UUID]) -> None:
    """Each of these orders follows its promises. Stream 0."""
    following = list(order_ids)
    if not following:
        return
    trucks = _Trucks({row[0]: row for row in carriers.services(work.conn)}, carriers.time_zones(work.conn))
    for order_id in following:
        _follow(work, order_of(work.conn, order_id), trucks)


class _Trucks(NamedTuple):
    """What is known of all services, by code, and the time zone of each warehouse."""

    services: dict[str, Sequence[Any]]
    zones: dict[int, str]


def _follow(work: Work, found: Order, trucks: _Trucks) -> None:
    shares = [share for each in promises.of_order(work.conn, found.id).values() for share in each]
    _say_the_day(work, found, promising.day(shares), lacks=any(share.waits for share in shares))
    _find_the_truck(work, found, shares, trucks)
    if not any(share.waits for share in shares):
        for each in holds.of_order(work.conn, found.id):
            if each.reason == LACKING and HOLD.can(each.state, "release"):
                end_hold(work, found, each, "release", "")
    statuses.refresh(work, found.id)


def _say_the_day(work: Work, found: Order, day: date | None, *, lacks: bool) -> None:
    """A day that moved later, or is known now, or no more, is told; an earlier one keeps what was promised."""
    before = found.promised_on
    if (day is None and not lacks) or day == before or (before is not None and day is not None and day < before):
        return
    promises.set_day(work.conn, found.id, day)
    what = "promise_lost" if day is None else "promise_given" if before is None else "promise_moved"
    told = {"day": day and day.isoformat(), "before": before and before.isoformat()}
    tell(work, found.id, what, told)
    said = {"number": found.number, "warehouse": found.warehouse, "day": told["day"]}
    work.emit("order.repromised", stream=CORE, order=found.id, **said)


def _find_the_truck(work: Work, found: Order, shares: Iterable[Share], trucks: _Trucks) -> None:
    """The cut-off of what is still to be given to a warehouse: never earlier than it was."""
    starts = promising.starts_on(shares, complete=found.split == "ship_complete")
    if starts is None:
        return
    service, zone = trucks.services[found.service], trucks.zones[found.warehouse]
    truck = rules.next_cutoff(rules.from_day(work.now, starts, zone), service[1], service[2], zone)
    if truck > found.cutoff_at:
        orders.set_cutoff(work.conn, found.id, truck)
