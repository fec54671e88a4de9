"""Why: of several warehouses one sends an order: chosen at capture, in a way that can be read afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection

from server.core.refusal import Fault, Refusal
from server.db.work import Work
from server.locations import service as locations
from server.orders import intake, sourcing
from server.orders.promising import Share
from server.orders.schemas.captures import Address, NewOrder
from server.orders.schemas.sourcing import ZoneRow
from server.orders.service.decisions import Way
from server.orders.service.shelves import Buyer, Offered, Shares, Shelves, Wanted
from server.orders.sourcing import Offer
from server.orders.store import sources
from server.orders.store.sources import Zone

USUAL: Final = "nearest"
"""The policy where nobody has said another."""


class Sourced(NamedTuple):
    """What is promised out of the warehouse that sends an order, and why it is that one.

    None for the why where it was asked for, a rule named it, or there is no choice. `others`: what lies nowhere near
    there and is sent from other warehouses.
    """

    offered: Offered
    why: dict[str, Any] | None
    others: Sequence[Offered] = ()
    whole: Offered | None = None
    """All of it out of the first one, where others help."""

    @property
    def alone(self) -> Sourced:
        """The same without the help of others: for an order that goes all at once."""
        return self if self.whole is None else Sourced(self.whole, self.why)

    @property
    def shares(self) -> Shares:
        """The shares of each line, wherever they come from."""
        return {
            line: [share for offered in (self.offered, *self.others) for share in offered.shares.get(line, ())]
            for line in self.offered.shares
        }


class Sourcing:
    """Chooses warehouses for one order after another; what that needs is read once, and only where there is a choice.

    Reads only.
    """

    def __init__(self, conn: Connection, shelves: Shelves, known: intake.Known, addresses: Sequence[Address]) -> None:
        self._conn = conn
        self._shelves = shelves
        self._known = known
        self._addresses = addresses
        self._joined: Counter[int] = Counter()

    def source(self, new: NewOrder, buyer: Buyer, lines: Sequence[Wanted], way: Way) -> Sourced:
        """The warehouse that sends an order, and what each unit is promised out of there."""
        if way.settled or len(self._known.warehouses) == 1:
            return Sourced(self._shelves.offer(way.warehouse, buyer, lines), None)
        policy = self._policies.get(new.channel) or self._policies.get("") or USUAL
        found = {number: self._shelves.offer(number, buyer, lines) for number in sorted(self._known.warehouses)}
        zones = self._charts.zones(new.address.country, new.address.postal_code)
        queue = self._queue if "queue" in sourcing.POLICIES[policy] else {}
        service = self._known.services[way.service]
        offers = [
            _offer(number, new, self._known, service, _flat(offered.shares), zones.get(number),
                   queue.get(number, 0) + self._joined[number])
            for number, offered in found.items()
        ]  # fmt: skip
        choice = sourcing.choose(policy, offers)
        why = {"policy": policy, "decided_by": choice.decided_by, "table": choice.table}
        sourced = Sourced(found[choice.warehouse], why)
        if new.split == "ship_complete":
            return sourced
        for row in choice.table[1:]:
            sourced = self._helped(sourced, row["warehouse"], buyer, lines)
        return sourced

    def _helped(self, sourced: Sourced, warehouse: int, buyer: Buyer, lines: Sequence[Wanted]) -> Sourced:
        """What is in sight nowhere else and lies ready in this warehouse is sent from here."""
        waits = {line: sum(each.quantity for each in shares if each.waits) for line, shares in sourced.shares.items()}
        rest = [line._replace(quantity=waits[line.line]) for line in lines if waits[line.line]]
        ready = {
            line: sum(each.quantity for each in shares if each.ready)
            for line, shares in self._shelves.offer(warehouse, buyer, rest).shares.items()
        }
        help_ = [line._replace(quantity=ready[line.line]) for line in rest if ready[line.line]]
        if not help_:
            return sourced
        others = (*sourced.others, self._shelves.offer(warehouse, buyer, help_))
        gone = {line: sum(each.quantity for other in others for each in other.shares.get(line, ()))
                for line in sourced.offered.shares}  # fmt: skip
        own = [line._replace(quantity=line.quantity - gone[line.line]) for line in lines]
        offered = self._shelves.offer(sourced.offered.warehouse, buyer, own)
        return sourced._replace(offered=offered, others=others, whole=sourced.whole or sourced.offered)

    def joined(self, warehouse: int) -> None:
        """One order more waits there."""
        self._joined[warehouse] += 1

    @cached_property
    def _policies(self) -> dict[str, str]:
        return sources.policies(self._conn)

    @cached_property
    def _charts(self) -> sources.Charts:
        return sources.charts(self._conn, [(each.country, each.postal_code) for each in self._addresses])

    @cached_property
    def _queue(self) -> dict[int, int]:
        return sources.waiting(self._conn)


def _flat(shares: Shares) -> list[Share]:
    return [share for each in shares.values() for share in each]


def _offer(
    warehouse: int, new: NewOrder, known: intake.Known, service: intake.KnownService, shares: Sequence[Share],
    zone: tuple[int, int | None] | None, queue: int,
) -> Offer:  # fmt: skip
    grams = sum(known.items[line.sku].weight_g * line.quantity for line in new.lines)
    days = 1 if new.split == "ship_complete" else len({share.on for share in shares if not share.waits}) or 1
    parcels = max(days, -(-grams // service.max_weight_g))
    number, price = zone or (None, None)
    return Offer(
        warehouse=warehouse,
        wanted=sum(line.quantity for line in new.lines),
        ready=sum(share.quantity for share in shares if share.ready),
        promised=sum(share.quantity for share in shares if not share.ready and not share.waits),
        parcels=parcels,
        price_minor=parcels * (service.price_minor if price is None else price),
        zone=number,
        waiting=queue,
    )


def set_policy(work: Work, channel: str, policy: str | None) -> dict[str, str]:
    """The policy of a channel ("": of all others), None to have none; all of them. Stream 0. Refuses `invalid`."""
    if policy is not None and policy not in sourcing.POLICIES:
        wanted = ", ".join(sourcing.POLICIES)
        raise Refusal("invalid", Fault("policy", "There is no such policy.", wanted, policy), count=1)
    sources.set_policy(work.conn, channel, policy)
    return sources.policies(work.conn)


def set_chart(work: Work, warehouse: int, rows: Sequence[ZoneRow]) -> list[ZoneRow]:
    """The whole zone chart of a warehouse. Stream 0. Refuses `not_found`, and `invalid` for a row that stands twice."""
    locations.warehouse_of(work.conn, warehouse)
    seen: set[tuple[str, str]] = set()
    for at, row in enumerate(rows):
        if (row.country, row.prefix) in seen:
            fault = Fault(f"rows[{at}].prefix", "It stands twice.", "each once", f"{row.country} {row.prefix}")
            raise Refusal("invalid", fault, count=1)
        seen.add((row.country, row.prefix))
    sources.set_chart(work.conn, warehouse, [
        {"country": row.country, "prefix": row.prefix, "zone": row.zone, "price_minor": row.price_minor} for row in rows
    ])  # fmt: skip
    return chart(work.conn, warehouse)


def put_zone(work: Work, warehouse: int, row: ZoneRow) -> list[ZoneRow]:
    """One row of a warehouse's chart, in the place of the one for that prefix. Stream 0. Refuses `not_found`."""
    locations.warehouse_of(work.conn, warehouse)
    sources.put_zone(work.conn, warehouse, Zone(row.country, row.prefix, row.zone, row.price_minor))
    return chart(work.conn, warehouse)


def drop_zone(work: Work, warehouse: int, country: str, prefix: str) -> None:
    """That prefix is as its country is, or unknown. Stream 0. Refuses `not_found`."""
    if not sources.drop_zone(work.conn, warehouse, country, prefix):
        raise Refusal("not_found")


def chart(conn: Connection, warehouse: int) -> list[ZoneRow]:
    """The zones as seen from a warehouse; refuses `not_found`."""
    locations.warehouse_of(conn, warehouse)
    return [
        ZoneRow(country=row.country, prefix=row.prefix, zone=row.zone, price_minor=row.price_minor)
        for row in sources.chart(conn, warehouse)
    ]
