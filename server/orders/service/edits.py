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
from server.db.base import CORE
from server.db.work import Work
from server.orders import intake, promising, rules, terms
from server.orders.lifecycle import HOLD
from server.orders.schemas import Address, Customer
from server.orders.service import statuses
from server.orders.service.holds import Sold, add_hold, by_reason, end_hold
from server.orders.service.lookup import order_of, with_parts
from server.orders.service.timelines import tell
from server.orders.store import carriers, fulfilments, holds, orders, pages, promises, search
from server.orders.store.orders import Order


def redirect(work: Work, order_id: UUID, address: Address, customer: Customer | None = None) -> str:
    """Sends an order elsewhere, or to somebody who can be reached; its status. Stream 0 and its warehouses.

    A new address that looks wrong holds the order; one that looks right lets go what was held for the old one.
    Refuses `order_unknown`, `move_not_allowed` for an order that has ended, `order_invalid` with every fault, and what
    a warehouse refuses (`label_stands`).
    """
    found = _open(work, order_id, "edit")
    head = pages.head_of(work.conn, order_id)
    person = customer or msgspec.convert(head.customer, Customer)
    checked = intake.check_party(person, address)
    countries = next(tuple(row[3]) for row in carriers.services(work.conn) if row[0] == found.service)
    if countries and address.country not in countries:
        fault = Fault("address.country", "The order's service does not go there: change it first.",
                      ", ".join(countries), address.country)  # fmt: skip
        checked = msgspec.structs.replace(checked, faults=(*checked.faults, fault))
    if checked.faults:
        raise Refusal("order_invalid", *checked.faults, count=len(checked.faults))
    before = msgspec.convert(head.address, Address)
    orders.set_party(work.conn, order_id, person, address)
    search.replace(work.conn, order_id, terms.terms(head.external_ref, msgspec.structs.asdict(person)))
    if address != before:
        tell(work, order_id, "address_changed", {"city": address.city, "before": before.city})
    if customer is not None:
        tell(work, order_id, "customer_changed", {})
    _doubt(work, found, checked)
    if address != before:
        _tell_warehouses(work, found, "address")
    return _edited(work, found, "address")


def _open(work: Work, order_id: UUID, trigger: str) -> Order:
    found = order_of(work.conn, order_id)
    if found.status in rules.ENDED:
        raise Refusal("move_not_allowed", thing="order", state=found.status, trigger=trigger)
    return found


DOUBTS: Final = ("address_doubtful", "phone_doubtful")


def _doubt(work: Work, found: Order, checked: intake.Checked) -> None:
    """Holds for what looks wrong now; lets go what looked wrong before."""
    standing = {each.reason: each for each in holds.of_order(work.conn, found.id) if each.state == HOLD.initial}
    doubts = {doubt.reason: doubt for doubt in checked.doubts}
    for reason in DOUBTS:
        if reason in standing:
            end_hold(work, found, standing[reason], "release", "")
        if reason in doubts:
            detail: dict[str, Any] = {"faults": msgspec.to_builtins(doubts[reason].faults)}
            add_hold(work, Sold(found.id, found.number, found.warehouse), by_reason(reason, detail), note="")


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

    Refuses `order_unknown`, `move_not_allowed`, `invalid` for a service that is not offered or does not go there, and
    what a warehouse refuses (`label_stands`).
    """
    found = _open(work, order_id, "edit")
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
    return _edited(work, found, "service")
