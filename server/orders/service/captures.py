"""Why: an order is taken in exactly once: checked, numbered, promised, and held where something is doubtful."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Connection

from server.catalog import service as catalog
from server.catalog.schemas import Item
from server.core.refusal import Fault, Refusal
from server.db.base import CORE
from server.db.work import Work
from server.inventory import service as inventory
from server.orders import intake, rules, terms
from server.orders.lifecycle import HOLD
from server.orders.rules import Facts, Situation
from server.orders.schemas import Captured, NewOrder
from server.orders.service.holds import Sold, add_hold
from server.orders.service.timelines import tell
from server.orders.store import carriers, holds, orders, promises, search

FIRST_NUMBER: Final = 10_000
"""Order numbers count on from here: five digits are read at a glance, and look alike on the floor."""
MOST_SKUS: Final = 500
"""Items that are asked for in one statement."""


def check(conn: Connection, new: NewOrder) -> None:
    """Refuses `order_invalid` with every fault of an order; an order that is there already has none."""
    if _same(conn, new) is None:
        _refuse_faults(intake.check(new, known(conn, new)))


class Looked(msgspec.Struct, frozen=True):
    """What capturing an order would come to: it is there already, it has faults, or it will be held by doubts."""

    there: bool
    faults: tuple[Fault, ...] = ()
    held: bool = False


def look_over(conn: Connection, news: Sequence[NewOrder]) -> list[Looked]:
    """What capturing these orders would come to, many with few questions; changes nothing."""
    there = orders.references(conn, [(new.channel, new.external_ref) for new in news])
    found = _known(conn, {line.sku for new in news for line in new.lines})
    looked = []
    for new in news:
        if (new.channel, new.external_ref) in there:
            looked.append(Looked(there=True))
        else:
            checked = intake.check(new, found)
            looked.append(Looked(there=False, faults=checked.faults, held=bool(checked.doubts)))
    return looked


def capture(work: Work, new: NewOrder) -> Captured:
    """Takes an order in: numbered, promised, held where something is doubtful. Stream 0.

    The same channel and external reference again gives the first order with `first=False`.
    """
    if (before := _same(work.conn, new)) is not None:
        return before
    found = known(work.conn, new)
    result = intake.check(new, found)
    _refuse_faults(result)
    order_id = work.new_id()
    warehouse = new.warehouse or min(found.warehouses)
    service, zone = found.services[new.service], found.warehouses[warehouse]
    lines = [
        {
            "id": work.new_id(), "order_id": order_id, "position": position, "item_id": found.items[line.sku].id,
            "ordered": line.quantity, "price_minor": line.price_minor,
        }
        for position, line in enumerate(new.lines, 1)
    ]  # fmt: skip
    promised, short = promise(work, warehouse, zone, lines)
    doubts = [*result.doubts, intake.Doubt("not_available", short)] if short else list(result.doubts)
    payment = rules.first_payment(new.payment.method, received=new.payment.received, total_minor=new.totals.total_minor)
    status = rules.status(
        "order",
        Situation(facts=_ordered(lines), held=bool(doubts), payment=payment, handed=False),
    )
    number = FIRST_NUMBER + work.number("order", stream=CORE)
    cutoff_at = rules.next_cutoff(work.now, service.cutoff, service.weekdays, zone)
    orders.add(
        work.conn,
        {
            "id": order_id, "number": number, "channel": new.channel, "external_ref": new.external_ref,
            "currency": new.currency, **msgspec.structs.asdict(new.totals), "customer": new.customer,
            "address": new.address, "payment_method": new.payment.method, "payment_token": new.payment.token,
            "payment": payment, "split": new.split, "service": new.service, "warehouse_id": warehouse,
            "cutoff_at": cutoff_at, "status": status, "captured_at": work.now,
        },
        lines,
    )  # fmt: skip
    promises.add(work.conn, promised)
    search.add(work.conn, order_id, terms.terms(new.external_ref, msgspec.structs.asdict(new.customer)))
    tell(work, order_id, "captured", {"channel": new.channel, "external_ref": new.external_ref})
    work.emit("order.captured", stream=CORE, order=order_id, number=number)
    for doubt in doubts:
        detail = {"faults": msgspec.to_builtins(doubt.faults)}
        add_hold(work, Sold(order_id, number, warehouse), doubt.reason, detail, note="")
    return Captured(order_id, number, status, cutoff_at, [doubt.reason for doubt in doubts])


def known(conn: Connection, new: NewOrder) -> intake.Known:
    """What this order is checked against, as the database knows it."""
    return _known(conn, {line.sku for line in new.lines[: intake.MOST_LINES]})


def _known(conn: Connection, skus: Collection[str]) -> intake.Known:
    wanted = [sku for sku in skus if len(sku) <= 60]
    items: dict[str, Item] = {}
    for at in range(0, len(wanted), MOST_SKUS):
        items |= catalog.items_by_sku(conn, wanted[at : at + MOST_SKUS])
    return intake.Known(
        items={sku: intake.KnownItem(each.id, each.active) for sku, each in items.items()},
        services={
            row[0]: intake.KnownService(row[1], tuple(row[2]), tuple(row[3]), row[4]) for row in carriers.services(conn)
        },
        warehouses=carriers.time_zones(conn),
    )


def _refuse_faults(found: intake.Checked) -> None:
    if found.faults:
        raise Refusal("order_invalid", *found.faults, count=len(found.faults))


def _same(conn: Connection, new: NewOrder) -> Captured | None:
    row = orders.by_reference(conn, new.channel, new.external_ref)
    if row is None:
        return None
    order_id, number, status, cutoff_at = row
    reasons = [each.reason for each in holds.of_order(conn, order_id) if each.state == HOLD.initial]
    return Captured(order_id, number, status, cutoff_at, reasons, first=False)


def _ordered(lines: Sequence[Mapping[str, Any]]) -> Facts:
    return Facts(ordered=sum(line["ordered"] for line in lines))


def promise(
    work: Work, warehouse: int, zone: str, lines: Sequence[Mapping[str, Any]]
) -> tuple[list[dict[str, Any]], tuple[Fault, ...]]:
    """The promises for what there is, and a fault for each line that is not there in full.

    Available to promise is what lies free in the warehouse without what is promised to others.
    """
    items = {line["item_id"] for line in lines}
    free = inventory.available(work.conn, warehouse, items, work.now.astimezone(ZoneInfo(zone)).date())
    taken = promises.promised(work.conn, warehouse, items)
    left = {item: free.get(item, 0) - taken.get(item, 0) for item in items}
    found, short = [], []
    for line in lines:
        item, wanted = line["item_id"], line["ordered"]
        there = min(max(left[item], 0), wanted)
        left[item] -= wanted
        if there:
            found.append({"line_id": line["id"], "for_warehouse": warehouse, "item_id": item, "quantity": there})
        if there < wanted:
            field = f"lines[{line['position'] - 1}].quantity"
            short.append(Fault(field, "There are not so many.", str(wanted), str(there)))
    return found, tuple(short)
