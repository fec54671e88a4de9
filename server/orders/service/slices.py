"""Why: orders come in by the hundred: what they are held against is read once, and all is decided before it is kept.

What one order is promised is gone for those behind it, and what a rule asks of earlier orders counts those before it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from server.catalog import service as catalog
from server.catalog.schemas import Item
from server.core.refusal import Refusal, in_both
from server.customers import service as customers
from server.db.work import Work
from server.orders import intake, promising, rules
from server.orders.promising import Share
from server.orders.rules import Facts, Situation
from server.orders.schemas.captures import Address, Customer, NewOrder
from server.orders.service import decisions, facts, promises, statuses
from server.orders.service.decisions import Judged, Way
from server.orders.service.shelves import Buyer, Offered, Shares, Shelves, Wanted
from server.orders.service.sources import Sourcing
from server.orders.store import carriers
from server.orders.store.orders import Line
from server.policies import service as policies
from server.policies.facts import StockFacts
from server.policies.rules import Told

MOST_SKUS: Final = 500
"""Items that are asked for in one statement."""


class Decided(NamedTuple):
    """An order that is taken in, as it will be kept; it has no number yet."""

    id: UUID
    new: NewOrder
    lines: list[dict[str, Any]]
    buyer: Buyer
    customer: UUID | None
    joins: customers.Joins | None
    """Who is a customer from this order on."""
    wanted: list[Wanted]
    way: Way
    warehouse: int
    sourced: dict[str, Any] | None
    shares: Shares
    """What is promised out of that warehouse."""
    others: Sequence[Offered]
    """What is promised out of others."""
    asleep: bool
    judged: Judged
    payment: rules.Payment
    stock: StockFacts
    status: str
    cutoff_at: datetime
    promised_on: date | None
    wrong: dict[str, Any]
    """What looked wrong, by the reason of the hold that follows from it."""


class Slice:
    """Some orders that come in together, decided one after another. Writes nothing."""

    def __init__(self, work: Work, news: Sequence[NewOrder]) -> None:
        conn = work.conn
        self._work = work
        self._items = items_of(conn, news)
        self._known = known_of(conn, self._items)
        self._live = policies.live(conn)
        self._looked_at = decisions.wanted(self._live)
        self._customers = customers.known_of(conn, map(_key, news))
        self._history = facts.History(conn, set(self._customers.values()), work.now, self._looked_at)
        self.shelves = Shelves(conn, work.now, {item.id for item in self._items.values()})
        self._sourcing = Sourcing(conn, self.shelves, self._known, [new.address for new in news])

    def decide(self, new: NewOrder) -> Decided:
        """What becomes of the next order; refuses what is wrong with it, and what a rule refuses."""
        checked = intake.check(new, self._known)
        refuse_faults(checked)
        told = self._told(new, checked)
        way = decisions.way(
            self._live, told, asked=new.warehouse, service=new.service, country=new.address.country,
            warehouses=self._known.warehouses, services=self._known.services,
        )  # fmt: skip
        order_id = self._work.new_id()
        lines = self._lines(order_id, new)
        wanted = [promises.row_of(line) for line in lines]
        buyer = Buyer(new.channel, new.customer.email.lower())
        sourced = self._sourcing.source(new, buyer, wanted, way)
        stock = facts.stock({line.line: line.quantity for line in wanted}, _there(sourced.shares))
        judged = decisions.judge(self._live, told, way, new.split, stock)
        pay = new.payment
        payment = rules.first_payment(pay.method, received=pay.received, total_minor=new.totals.total_minor)
        asleep = way.when_paid and payment not in rules.PAID
        complete = judged.split == "ship_complete"
        if complete:
            sourced = sourced.alone
        offered = sourced.offered
        shares = promises.nothing(wanted) if asleep else sourced.shares
        if not asleep:
            for each in (offered, *sourced.others):
                self.shelves.take(each)
        flat = [share for each in shares.values() for share in each]
        status = _status(lines, shares, judged, payment, may_go=promising.may_go(flat, complete=complete))
        starts = promising.starts_on(flat, complete=complete)
        customer, joins = self._customer(new)
        self._goes_on(new, customer, offered.warehouse, status)
        return Decided(
            id=order_id, new=new, lines=lines, buyer=buyer, customer=customer, joins=joins, wanted=wanted,
            way=way, warehouse=offered.warehouse,
            sourced=sourced.why, shares=shares if asleep else offered.shares, asleep=asleep,
            others=() if asleep else sourced.others, judged=judged, payment=payment, stock=stock,
            status=status, cutoff_at=self._cutoff(way.service, offered.warehouse, starts),
            promised_on=promising.day(flat),
            wrong={doubt.reason: in_both(doubt.faults) for doubt in checked.doubts}
            | {"not_available": in_both(promises.lacking(wanted, sourced.shares))},
        )  # fmt: skip

    def _told(self, new: NewOrder, checked: intake.Checked) -> Told:
        warehouses = self._known.warehouses
        return Told(
            facts.of_new(
                new, self._items, checked.doubts, zone=warehouses[new.warehouse or min(warehouses)],
                now=self._work.now, wanted=self._looked_at, earlier=self._history.of(self._known_as(new)),
            ),
            self._looked_at,
        )  # fmt: skip

    def _known_as(self, new: NewOrder) -> UUID | None:
        key = _key(new)
        return None if key is None else self._customers.get(key)

    def _customer(self, new: NewOrder) -> tuple[UUID | None, customers.Joins | None]:
        """Whose order it is, and whether they are a customer only from now on."""
        key, known = _key(new), self._known_as(new)
        if key is None or known is not None:
            return known, None
        joins = customers.Joins(self._work.new_id(), buyer_of(new.customer, new.address))
        self._customers[key] = joins.id
        return joins.id, joins

    def _lines(self, order_id: UUID, new: NewOrder) -> list[dict[str, Any]]:
        return [
            {
                "id": self._work.new_id(), "order_id": order_id, "position": position,
                "item_id": self._items[line.sku].id, "ordered": line.quantity, "price_minor": line.price_minor,
            }
            for position, line in enumerate(new.lines, 1)
        ]  # fmt: skip

    def _cutoff(self, code: str, warehouse: int, starts: date | None) -> datetime:
        service, zone = self._known.services[code], self._known.warehouses[warehouse]
        return rules.next_cutoff(rules.from_day(self._work.now, starts, zone), service.cutoff, service.weekdays, zone)

    def _goes_on(self, new: NewOrder, customer: UUID | None, warehouse: int, status: str) -> None:
        """What those behind it must know of an order."""
        if status == "ready":
            self._sourcing.joined(warehouse)
        self._history.add(customer, new.totals.total_minor if new.payment.method == "invoice" else 0)


def buyer_of(customer: Customer, address: Address) -> customers.Buyer:
    """Who ordered, as customers are known."""
    return customers.Buyer(customer.name, customer.email, customer.phone, address.country, customer.language)


def _key(new: NewOrder) -> customers.Key | None:
    return customers.key_of(buyer_of(new.customer, new.address))


def _there(shares: Shares) -> dict[UUID, int]:
    """How many units of each line are in sight."""
    return {line: sum(share.quantity for share in each if not share.waits) for line, each in shares.items()}


def _status(
    lines: Sequence[Mapping[str, Any]],
    shares: Mapping[UUID, Sequence[Share]],
    judged: Judged,
    payment: rules.Payment,
    *,
    may_go: int,
) -> str:
    return rules.status(
        "order",
        Situation(facts=_facts(lines, shares, judged.split), held=bool(judged.holds), payment=payment,
                  handed=not may_go),
    )  # fmt: skip


def _facts(lines: Sequence[Mapping[str, Any]], shares: Mapping[UUID, Sequence[Share]], split: rules.Split) -> Facts:
    captured = [
        Line(row["id"], row["position"], row["item_id"], row["ordered"], 0, row["price_minor"]) for row in lines
    ]
    return rules.total(statuses.order_facts(captured, (), shares, split).values())


# --- what orders are checked against -------------------------------------------------------------------------------


def items_of(conn: Connection, news: Sequence[NewOrder]) -> dict[str, Item]:
    """The items that these orders name, by SKU."""
    return _items(conn, {line.sku for new in news for line in new.lines[: intake.MOST_LINES]})


def _items(conn: Connection, skus: Collection[str]) -> dict[str, Item]:
    wanted = [sku for sku in skus if len(sku) <= intake.MOST_SKU]
    items: dict[str, Item] = {}
    for at in range(0, len(wanted), MOST_SKUS):
        items |= catalog.items_by_sku(conn, wanted[at : at + MOST_SKUS])
    return items


def known_of(conn: Connection, items: Mapping[str, Item]) -> intake.Known:
    """What orders of these items are checked against, as the database knows it."""
    return intake.Known(
        items={sku: intake.KnownItem(each.id, each.active, each.weight_g) for sku, each in items.items()},
        services={
            row[0]: intake.KnownService(row[1], tuple(row[2]), tuple(row[3]), *row[4:])
            for row in carriers.services(conn)
        },
        warehouses=carriers.time_zones(conn),
    )


def refuse_faults(found: intake.Checked) -> None:
    """Refuses `order_invalid` with every fault."""
    if found.faults:
        raise Refusal("order_invalid", *found.faults, count=len(found.faults))
