"""Why: an order is taken in exactly once: checked, numbered, promised, and held where something is doubtful."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import Connection

from server.catalog import service as catalog
from server.catalog.schemas import Item
from server.core.refusal import Fault, Refusal
from server.db.base import CORE
from server.db.work import Work
from server.orders import intake, promising, rules, terms
from server.orders.lifecycle import HOLD
from server.orders.rules import Facts, Situation
from server.orders.schemas import Captured, NewOrder
from server.orders.service import decisions, facts, promises, sources, statuses
from server.orders.service.holds import Sold, add_hold
from server.orders.service.timelines import tell
from server.orders.store import carriers, holds, orders, search
from server.orders.store.orders import Line
from server.policies import service as policies
from server.policies.rules import Told

FIRST_NUMBER: Final = 10_000
"""Order numbers count on from here: five digits are read at a glance, and look alike on the floor."""
MOST_SKUS: Final = 500
"""Items that are asked for in one statement."""


def check(conn: Connection, new: NewOrder) -> list[policies.Unready]:
    """Refuses `order_invalid` with every fault of an order; an order that is there already has none.

    Gives the rules that are to be prepared before it is captured.
    """
    if _same(conn, new) is None:
        _refuse_faults(intake.check(new, known(conn, new)))
    return policies.unready(conn)


NOBODY: Final = UUID(int=0)
ANY_TIME: Final = datetime(2000, 1, 1, tzinfo=UTC)


class Looked(msgspec.Struct, frozen=True):
    """What capturing an order would come to: it is there already, it has faults, or it will be held by doubts."""

    there: bool
    faults: tuple[Fault, ...] = ()
    held: bool = False


def look_over(conn: Connection, news: Sequence[NewOrder]) -> list[Looked]:
    """What capturing these orders would come to, many with few questions; changes nothing."""
    there = orders.references(conn, [(new.channel, new.external_ref) for new in news])
    items = _items(conn, {line.sku for new in news for line in new.lines})
    found, live = _known(conn, items), decisions.of_the_order_alone(policies.live(conn))
    looked = []
    for new in news:
        if (new.channel, new.external_ref) in there:
            looked.append(Looked(there=True))
        else:
            checked = intake.check(new, found)
            held = not checked.faults and _would_hold(conn, new, items, checked, live)
            looked.append(Looked(there=False, faults=checked.faults, held=held))
    return looked


def _would_hold(
    conn: Connection, new: NewOrder, items: Mapping[str, Item], checked: intake.Checked, live: decisions.Live
) -> bool:
    """Whether rules that look at nothing but the order itself would hold it: neither the hour, nor stock."""
    told = facts.of_new(
        conn, new, items, checked.doubts, order_id=NOBODY, now=ANY_TIME, zone="UTC", wanted=decisions.wanted(live)
    )
    return decisions.would_hold(live, Told(told))


def capture(work: Work, new: NewOrder) -> Captured:
    """Takes an order in: numbered, promised, held where something is doubtful. Stream 0.

    The same channel and external reference again gives the first order with `first=False`.
    """
    if (before := _same(work.conn, new)) is not None:
        return before
    items = _items(work.conn, {line.sku for line in new.lines[: intake.MOST_LINES]})
    found = _known(work.conn, items)
    result = intake.check(new, found)
    _refuse_faults(result)
    order_id = work.new_id()
    live = policies.live(work.conn)
    told = Told(
        facts.of_new(
            work.conn, new, items, result.doubts, order_id=order_id, now=work.now, wanted=decisions.wanted(live),
            zone=found.warehouses[new.warehouse or min(found.warehouses)],
        )
    )  # fmt: skip
    way = decisions.way(
        live, told, asked=new.warehouse, service=new.service, country=new.address.country,
        warehouses=found.warehouses, services=found.services,
    )  # fmt: skip
    lines: list[dict[str, Any]] = [
        {
            "id": work.new_id(), "order_id": order_id, "position": position, "item_id": items[line.sku].id,
            "ordered": line.quantity, "price_minor": line.price_minor,
        }
        for position, line in enumerate(new.lines, 1)
    ]  # fmt: skip
    buyer = promises.Buyer(new.channel, new.customer.email.lower())
    wanted = [promises.row_of(line) for line in lines]
    warehouse, shares, why = sources.source(work.conn, work.now, new, found, buyer, wanted, way)
    service, zone = found.services[way.service], found.warehouses[warehouse]
    stock = facts.stock({line["id"]: line["ordered"] for line in lines},
                        {line: sum(share.quantity for share in each if not share.waits)
                         for line, each in shares.items()})  # fmt: skip
    judged = decisions.judge(live, told, way, new.split, stock)
    payment = rules.first_payment(new.payment.method, received=new.payment.received, total_minor=new.totals.total_minor)
    asleep = way.when_paid and payment not in rules.PAID
    short = promises.lacking(wanted, shares)
    if asleep:
        shares = promises.nothing(wanted)
    flat = [share for each in shares.values() for share in each]
    complete = judged.split == "ship_complete"
    status = rules.status(
        "order",
        Situation(facts=_facts(lines, shares, judged.split), held=bool(judged.holds), payment=payment,
                  handed=not promising.may_go(flat, complete=complete)),
    )  # fmt: skip
    number = FIRST_NUMBER + work.number("order", stream=CORE)
    starts = promising.starts_on(flat, complete=complete)
    cutoff_at = rules.next_cutoff(rules.from_day(work.now, starts, zone), service.cutoff, service.weekdays, zone)
    orders.add(
        work.conn,
        {
            "id": order_id, "number": number, "channel": new.channel, "external_ref": new.external_ref,
            "currency": new.currency, **msgspec.structs.asdict(new.totals), "customer": new.customer,
            "address": new.address, "payment_method": new.payment.method, "payment_token": new.payment.token,
            "payment": payment, "split": judged.split, "service": way.service, "warehouse_id": warehouse,
            "sourced": why, "promised_on": promising.day(flat), "cutoff_at": cutoff_at, "status": status,
            "captured_at": work.now, "tags": judged.tags,
        },
        lines,
    )  # fmt: skip
    promises.keep(work, order_id, buyer, warehouse, {line.line: line.item for line in wanted}, shares, asleep=asleep)
    found_by = terms.terms(new.external_ref, msgspec.structs.asdict(new.customer))
    search.add(work.conn, order_id, found_by | frozenset(judged.tags))
    tell(work, order_id, "captured", {"channel": new.channel, "external_ref": new.external_ref})
    if why is not None:
        tell(work, order_id, "sourced", {"warehouse": warehouse, "policy": why["policy"], "why": why["decided_by"]})
    work.emit("order.captured", stream=CORE, order=order_id, number=number)
    decisions.tell_way(work, order_id, way, judged)
    wrong = {doubt.reason: msgspec.to_builtins(doubt.faults) for doubt in result.doubts}
    wrong["not_available"] = msgspec.to_builtins(short)
    for each in judged.holds:
        each.detail["faults"] = wrong.get(each.reason, [])
        add_hold(work, Sold(order_id, number, warehouse), each, note="")
    seen = {
        "address_doubtful": "address_doubtful" in wrong, "phone_doubtful": "phone_doubtful" in wrong, "stock": stock,
        "when_paid": way.when_paid,
    }  # fmt: skip
    decisions.keep(work, order_id, "capture", judged.verdicts, seen)
    return Captured(order_id, number, status, cutoff_at, [each.reason for each in judged.holds],
                    promised_on=promising.day(flat))  # fmt: skip


def known(conn: Connection, new: NewOrder) -> intake.Known:
    """What this order is checked against, as the database knows it."""
    return _known(conn, _items(conn, {line.sku for line in new.lines[: intake.MOST_LINES]}))


def _items(conn: Connection, skus: Collection[str]) -> dict[str, Item]:
    wanted = [sku for sku in skus if len(sku) <= intake.MOST_SKU]
    items: dict[str, Item] = {}
    for at in range(0, len(wanted), MOST_SKUS):
        items |= catalog.items_by_sku(conn, wanted[at : at + MOST_SKUS])
    return items


def _known(conn: Connection, items: Mapping[str, Item]) -> intake.Known:
    return intake.Known(
        items={sku: intake.KnownItem(each.id, each.active, each.weight_g) for sku, each in items.items()},
        services={
            row[0]: intake.KnownService(row[1], tuple(row[2]), tuple(row[3]), *row[4:])
            for row in carriers.services(conn)
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
    reasons = [each.reason for each in holds.of_order(conn, row.id) if each.state == HOLD.initial]
    return Captured(row.id, row.number, row.status, row.cutoff_at, reasons, first=False, promised_on=row.promised_on)


def _facts(lines: Sequence[Mapping[str, Any]], shares: promises.Shares, split: rules.Split) -> Facts:
    captured = [
        Line(row["id"], row["position"], row["item_id"], row["ordered"], 0, row["price_minor"]) for row in lines
    ]
    return rules.total(statuses.order_facts(captured, (), shares, split).values())
