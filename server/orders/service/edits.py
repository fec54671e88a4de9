"""Why: people move, mistype and hurry: where an order goes and by which service can change until its label stands.

What a warehouse has of it follows in the same unit: a label that was only asked for is asked for anew, a live one must
be voided first, by hand, because it may be on a carton already.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import msgspec

from server.core.refusal import Fault, Refusal
from server.customers import service as customers
from server.db.base import CORE
from server.db.work import Work
from server.orders import intake, promising, rules, terms
from server.orders.rules import Split
from server.orders.schemas.captures import Address, Customer
from server.orders.service import decisions, statuses
from server.orders.service.follow import orders_follow
from server.orders.service.lookup import order_of, with_parts
from server.orders.service.slices import buyer_of
from server.orders.service.statuses import settle_part
from server.orders.service.timelines import tell
from server.orders.store import carriers, fulfilments, orders, pages, promises, search
from server.orders.store.orders import Order


def redirect(work: Work, order_id: UUID, address: Address, customer: Customer | None = None) -> str:
    """Sends an order elsewhere, or to somebody who can be reached; its status. Stream 0 and its warehouses.

    The rules look at it like at a new order's: what they hold now is held, what they held for the old one goes.
    Refuses `order_unknown`, `order_ended`, `order_invalid` with every fault, and what
    a warehouse refuses (`label_stands`).
    """
    found = open_order(work, order_id)
    head = pages.head_of(work.conn, order_id)
    known = msgspec.convert(head.customer, Customer)
    person = customer or known
    checked = intake.check_party(person, address)
    countries = next(tuple(row[3]) for row in carriers.services(work.conn) if row[0] == found.service)
    if countries and address.country not in countries:
        fault = Fault("address.country", "The order's service does not go there: change it first.",
                      ", ".join(countries), address.country)  # fmt: skip
        checked = msgspec.structs.replace(checked, faults=(*checked.faults, fault))
    if checked.faults:
        raise Refusal("order_invalid", *checked.faults, count=len(checked.faults))
    before = msgspec.convert(head.address, Address)
    whose = head.customer_id
    if customer is not None:
        found_or_made = customers.found_or_made(work, buyer_of(person, address))
        whose = None if found_or_made is None else found_or_made.id
    orders.set_party(work.conn, order_id, person, address, whose)
    search.replace(
        work.conn, found.number, terms.text(found.number, head.external_ref, msgspec.structs.asdict(person), head.tags)
    )
    if address != before:
        now, then = what_differs(address, before)
        tell(work, order_id, "address_changed", {"now": now, "before": then})
        _tell_warehouses(work, found, "address")
    if person != known:
        tell(work, order_id, "customer_changed", {})
    doubts = {doubt.reason for doubt in checked.doubts}
    seen = {reason: reason in doubts for reason in DOUBTS}
    decisions.edited(work, found, ("customer", "destination"), seen)
    return _edited(work, found, "address")


def what_differs(now: Address, before: Address) -> tuple[str, str]:
    """The part of two addresses by which people tell them apart, of each."""
    parts = ("city", "street", "name", "company", "postal_code", "region", "country")
    part = next((part for part in parts if getattr(now, part) != getattr(before, part)), "city")
    return getattr(now, part) or "–", getattr(before, part) or "–"


def open_order(work: Work, order_id: UUID) -> Order:
    """An order that can still change; refuses `order_ended`."""
    found = order_of(work.conn, order_id)
    if found.status in rules.ENDED:
        raise Refusal("order_ended", order=found.number, state=found.status)
    return found


DOUBTS: Final = ("address_doubtful", "phone_doubtful")
"""What intake says of whom an order goes to, and rules ask for."""


def _tell_warehouses(work: Work, found: Order, what: str) -> None:
    for part in with_parts(work, found):
        if part.status not in (*rules.ENDED, "withdrawn"):
            said = {"fulfilment": part.id, "order": found.id, "what": what}
            work.emit("fulfilment.redirected", stream=part.warehouse, **said)


def _edited(work: Work, found: Order, what: str) -> str:
    said = {"number": found.number, "warehouse": found.warehouse, "what": what}
    work.emit("order.edited", stream=CORE, order=found.id, **said)
    return statuses.refresh(work, found.id)


def _goes_to(service: Sequence[Any], country: str) -> bool:
    return not service[3] or country in service[3]


def change_service(work: Work, order_id: UUID, code: str) -> str:
    """Sends an order by another service, for whose next truck it is due then; its status. Streams as `redirect`.

    Refuses `order_unknown`, `order_ended`, `invalid` for a service that is not offered or does not go there, and
    what a warehouse refuses (`label_stands`).
    """
    found = open_order(work, order_id)
    service = next((row for row in carriers.services(work.conn) if row[0] == code and row[4]), None)
    address = pages.head_of(work.conn, order_id).address
    if service is None or not _goes_to(service, address["country"]):
        wanted = [row[0] for row in carriers.services(work.conn) if row[4] and _goes_to(row, address["country"])]
        raise Refusal("invalid", Fault("service", "This service does not go there.", ", ".join(wanted), code), count=1)
    if code == found.service:
        return found.status
    zone = carriers.time_zones(work.conn)[found.warehouse]
    shares = [share for each in promises.of_order(work.conn, order_id).values() for share in each]
    starts = promising.starts_on(shares, complete=found.split == "ship_complete")
    cutoff_at = rules.next_cutoff(rules.from_day(work.now, starts, zone), service[1], service[2], zone)
    names = carriers.names(work.conn)
    orders.set_service(work.conn, order_id, code, cutoff_at)
    tell(work, order_id, "service_changed", {"service": names[code], "before": names[found.service]})
    for part in with_parts(work, found):
        if part.status not in (*rules.ENDED, "withdrawn"):
            truck = rules.next_cutoff(work.now, service[1], service[2], carriers.time_zones(work.conn)[part.warehouse])
            fulfilments.set_service(work.conn, part, code, truck)
    _tell_warehouses(work, found, "service")
    decisions.edited(work, found, ("order.service",), {})
    return _edited(work, found, "service")


# --- in parts or at once


def change_split(work: Work, order_id: UUID, split: Split) -> str:
    """Whether an order goes in parts or all at once from now on; its status. Streams as `redirect`.

    Goods that stand packed or picked and wait for others go on when it may go in parts. Refuses `order_unknown`,
    `order_ended`.
    """
    found = open_order(work, order_id)
    if split == found.split:
        return found.status
    orders.set_split(work.conn, order_id, split)
    tell(work, order_id, "ships_in_parts" if split == "ship_available" else "ships_at_once", {})
    for part in with_parts(work, found):
        if part.status not in (*rules.ENDED, "withdrawn"):
            lines = fulfilments.lines_of(work.conn, part.id, [part.warehouse])
            settle_part(work, part, rules.total(line.facts for line in lines))
    orders_follow(work, [order_id])
    return _edited(work, found, "split")
