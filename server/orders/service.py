"""Why: an order from its capture to its end. Every change of a fact goes through here, is told, and moves the status.

In the order in which it happens: `capture` (stream 0), `hold` and `release_hold`, `create_fulfilment` and `reveal`
(a wave is released), `change` (the floor: its warehouse only), `refresh_status` (stream 0 follows), `cancel`.
What other rooms know (money, labels) is reported down: `record_payment`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from server.catalog import service as catalog
from server.core.refusal import Fault, Refusal
from server.db.base import CORE
from server.db.work import Work
from server.inventory import service as inventory
from server.orders import intake, rules, store
from server.orders.lifecycle import HOLD
from server.orders.rules import Facts, Payment, Situation
from server.orders.schemas import Captured, NewOrder, NewService
from server.orders.store import Connection, Order, Part, PartLine
from server.orders.timeline import checked

FIRST_NUMBER: Final = 10_000
"""Order numbers count on from here: five digits are read at a glance, and look alike on the floor."""
ASKS_GATEWAY: Final = frozenset({"card"})
"""Payment methods that wait for a gateway's answer."""
ENDED: Final = frozenset({"cancelled", "shipped"})


# --- what an order is checked against ------------------------------------------------------------------------------


def put_service(work: Work, new: NewService) -> str:
    """Makes a carrier's service that customers may choose, or replaces it."""
    known = any(row[0] == new.code for row in store.services(work.conn))
    row = msgspec.structs.asdict(new)
    code = row.pop("code")
    store.put_service(work.conn, code, {**row, "active": True}, known)
    return new.code


def known(conn: Connection, new: NewOrder) -> intake.Known:
    """What this order is checked against, as the database knows it."""
    skus = {line.sku for line in new.lines[: intake.MOST_LINES] if len(line.sku) <= 60}
    items = catalog.items_by_sku(conn, skus)
    return intake.Known(
        items={sku: intake.KnownItem(each.id, each.active) for sku, each in items.items()},
        services={
            row[0]: intake.KnownService(row[1], tuple(row[2]), tuple(row[3]), row[4]) for row in store.services(conn)
        },
        warehouses=store.time_zones(conn),
    )


def check(conn: Connection, new: NewOrder) -> None:
    """Refuses `order_invalid` with every fault of an order; an order that is there already has none."""
    if _same(conn, new) is None:
        _refuse_faults(intake.check(new, known(conn, new)))


def _refuse_faults(found: intake.Checked) -> None:
    if found.faults:
        raise Refusal("order_invalid", *found.faults, count=len(found.faults))


# --- capture -------------------------------------------------------------------------------------------------------


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
    promises, short = _promise(work, warehouse, zone, lines)
    doubts = [*result.doubts, intake.Doubt("not_available", short)] if short else list(result.doubts)
    payment: Payment = "authorising" if new.payment.method in ASKS_GATEWAY else "authorised"
    status = rules.status(
        "order",
        Situation(facts=_ordered(lines), held=bool(doubts), payment=payment, handed=False),
    )
    number = FIRST_NUMBER + work.number("order", stream=CORE)
    cutoff_at = rules.next_cutoff(work.now, service.cutoff, service.weekdays, zone)
    store.add_order(
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
    store.add_promises(work.conn, promises)
    tell(work, order_id, "captured", {"channel": new.channel, "external_ref": new.external_ref})
    work.emit("order.captured", stream=CORE, order=order_id, number=number)
    for doubt in doubts:
        detail = {"faults": msgspec.to_builtins(doubt.faults)}
        _add_hold(work, order_id, number, doubt.reason, detail, note="")
    return Captured(order_id, number, status, cutoff_at, [doubt.reason for doubt in doubts])


def _same(conn: Connection, new: NewOrder) -> Captured | None:
    row = store.by_reference(conn, new.channel, new.external_ref)
    if row is None:
        return None
    order_id, number, status, cutoff_at = row
    holds = [each.reason for each in store.holds_of(conn, order_id) if each.state == HOLD.initial]
    return Captured(order_id, number, status, cutoff_at, holds, first=False)


def _ordered(lines: Sequence[Mapping[str, Any]]) -> Facts:
    return Facts(ordered=sum(line["ordered"] for line in lines))


def _promise(
    work: Work, warehouse: int, zone: str, lines: Sequence[Mapping[str, Any]]
) -> tuple[list[dict[str, Any]], tuple[Fault, ...]]:
    """The promises for what there is, and a fault for each line that is not there in full.

    Available to promise is what lies free in the warehouse without what is promised to others.
    """
    items = {line["item_id"] for line in lines}
    free = inventory.available(work.conn, warehouse, items, work.now.astimezone(ZoneInfo(zone)).date())
    taken = store.promised(work.conn, warehouse, items)
    left = {item: free.get(item, 0) - taken.get(item, 0) for item in items}
    promises, short = [], []
    for line in lines:
        item, wanted = line["item_id"], line["ordered"]
        there = min(max(left[item], 0), wanted)
        left[item] -= wanted
        if there:
            promises.append({"line_id": line["id"], "for_warehouse": warehouse, "item_id": item, "quantity": there})
        if there < wanted:
            field = f"lines[{line['position'] - 1}].quantity"
            short.append(Fault(field, "There are not so many.", str(wanted), str(there)))
    return promises, tuple(short)


# --- holds ---------------------------------------------------------------------------------------------------------


def hold(work: Work, order_id: UUID, reason: str = "manual", detail: Any = None, note: str = "") -> UUID:
    """Stops an order, on the floor too: the picker may finish, the packer is stopped. Gives the hold's id.

    A reason that is no person's stands once; again it gives the same hold. Refuses `order_unknown`,
    `move_not_allowed` for a person's hold on an order that has ended.
    """
    found = order_of(work.conn, order_id)
    why = rules.HOLD_REASONS[reason]
    if why.by_hand and found.status in ENDED:
        raise Refusal("move_not_allowed", thing="order", state=found.status, trigger="hold")
    if not why.by_hand:
        for each in store.holds_of(work.conn, order_id):
            if each.reason == reason and each.state == HOLD.initial:
                return each.id
    parts = _with_parts(work, found)
    hold_id = _add_hold(work, order_id, found.number, reason, detail or {}, note)
    for part in parts:
        _hold_part(work, part, held=True, what="packing_stopped", params={"reason": reason}, why=note)
    refresh_status(work, order_id)
    return hold_id


def _add_hold(work: Work, order_id: UUID, number: int, reason: str, detail: Any, note: str) -> UUID:
    hold_id = work.new_id()
    store.add_holds(
        work.conn,
        [{
            "id": hold_id, "order_id": order_id, "reason": reason, "detail": {"note": note, **detail},
            "state": HOLD.initial, "placed_at": work.now, "placed_by": work.actor.name,
        }],
    )  # fmt: skip
    tell(work, order_id, "held", {"reason": reason, "hold": hold_id}, why=note)
    work.emit("order.held", stream=CORE, order=order_id, number=number, hold=hold_id, reason=reason)
    return hold_id


def release_hold(work: Work, hold_id: UUID, note: str = "", *, order_id: UUID | None = None) -> str:
    """Lets a held order go on and gives its status.

    Refuses `hold_unknown` (also for a hold of another order or one that has ended) and `hold_not_releasable` while
    its cause stands.
    """
    each = store.hold_of(work.conn, hold_id)
    if each is None or (order_id or each.order) != each.order or not HOLD.can(each.state, "release"):
        raise Refusal("hold_unknown")
    found = order_of(work.conn, each.order)
    if rules.cause_stands(each.reason, found.payment):
        raise Refusal("hold_not_releasable", reason=f"payment {found.payment}")
    _end_hold(work, found, each, "release", note)
    return refresh_status(work, found.id)


def _end_hold(work: Work, found: Order, each: store.Hold, trigger: str, note: str) -> None:
    parts = _with_parts(work, found)
    state = HOLD.advance(each.state, trigger)
    store.end_hold(work.conn, each.id, state, work.now, work.actor.name, note)
    what = "hold_released" if trigger == "release" else "hold_lapsed"
    tell(work, found.id, what, {"reason": each.reason, "hold": each.id}, why=note)
    work.emit("order.hold_released", stream=CORE, order=found.id, number=found.number, hold=each.id, reason=each.reason)
    if not _held(work.conn, found.id):
        for part in parts:
            _hold_part(work, part, held=False, what="packing_goes_on", params={}, why=note)


def _held(conn: Connection, order_id: UUID) -> bool:
    return any(each.state == HOLD.initial for each in store.holds_of(conn, order_id))


def _with_parts(work: Work, found: Order) -> list[Part]:
    """The order's fulfilments, whose warehouses are held from here on."""
    if not found.released:
        return []
    parts = store.parts_of(work.conn, found.id)
    work.need(CORE, *(part.warehouse for part in parts))
    return parts


def _hold_part(work: Work, part: Part, *, held: bool, what: str, params: dict[str, Any], why: str) -> None:
    if part.held == held or part.status in (*ENDED, "withdrawn"):
        return
    facts = rules.total(line.facts for line in store.lines_of_part(work.conn, part.id, [part.warehouse]))
    tell_part(work, part, what, params, why=why)
    _settle_part(work, part._replace(held=held), facts)


# --- release to the floor ------------------------------------------------------------------------------------------


class Allocated(NamedTuple):
    """What a wave found for a line: units reserved in bins; the rest waits, with its reason or date."""

    reserved: int
    reason: str = "not_available"
    expected: date | None = None


class Handed(NamedTuple):
    """A line as a warehouse was given it."""

    id: UUID
    order_line: UUID
    position: int
    item: UUID
    facts: Facts


class Fulfilment(NamedTuple):
    """A part of an order that a warehouse was given."""

    id: UUID
    warehouse: int
    number: int
    lines: list[Handed]


def create_fulfilment(
    work: Work,
    order_id: UUID,
    wave_id: UUID | None = None,
    allocated: Mapping[UUID, Allocated] | None = None,
    *,
    visible: bool = False,
) -> Fulfilment:
    """Gives an order to its warehouse: what was promised is handed over. Streams 0 and the warehouse.

    `allocated` says by order line what is reserved; what is not is backordered. Without it every line stays open.
    Invisible until `reveal`. Refuses `already_released`, and `order_on_hold` with what stands in the way.
    """
    found = order_of(work.conn, order_id)
    work.need(CORE, found.warehouse)
    if found.released:
        raise Refusal("already_released", order=found.number)
    reason = rules.why_not(
        status=found.status, payment=found.payment, authorised_until=found.authorised_until,
        cutoff_at=found.cutoff_at, now=work.now,
    )  # fmt: skip
    if reason is not None:
        raise Refusal("order_on_hold", order=found.number, reason=reason)
    part_id = work.new_id()
    lines = [
        Handed(work.new_id(), line.id, line.position, line.item, _facts_given(line, allocated))
        for line in store.lines_of(work.conn, order_id)
        if line.ordered > line.cancelled
    ]
    facts = rules.total(line.facts for line in lines)
    part = Part(part_id, found.warehouse, order_id, wave_id, found.service, found.cutoff_at, held=False,
                visible=visible, status="")  # fmt: skip
    store.add_part(
        work.conn,
        {
            "id": part_id, "warehouse_id": found.warehouse, "order_id": order_id, "number": found.number,
            "wave_id": wave_id, "service": found.service, "cutoff_at": found.cutoff_at, "visible": visible,
            "status": _part_status(part, facts),
        },
        [_line_row(part, line, (allocated or {}).get(line.order_line)) for line in lines],
    )  # fmt: skip
    store.drop_promises(work.conn, order_id)
    store.set_released(work.conn, order_id, True)
    wave = {} if wave_id is None else {"wave": wave_id}
    tell_part(work, part, "fulfilment_created", {"warehouse": found.warehouse, "lines": len(lines), **wave})
    work.emit("fulfilment.created", stream=found.warehouse, fulfilment=part_id, order=order_id)
    for line in lines:
        if line.facts.backordered:
            _tell_backorder(work, part, line.id, line.facts.backordered, (allocated or {})[line.order_line])
    refresh_status(work, order_id)
    return Fulfilment(part_id, found.warehouse, found.number, lines)


def _facts_given(line: store.Line, allocated: Mapping[UUID, Allocated] | None) -> Facts:
    wanted = line.ordered - line.cancelled
    if allocated is None:
        return Facts(ordered=wanted)
    reserved = allocated[line.id].reserved if line.id in allocated else 0
    return rules.hold(Facts(ordered=wanted, reserved=reserved, backordered=wanted - reserved))


def _line_row(part: Part, line: Handed, found: Allocated | None) -> dict[str, Any]:
    short = line.facts.backordered > 0
    return {
        "id": line.id, "warehouse_id": part.warehouse, "fulfilment_id": part.id, "order_line_id": line.order_line,
        "position": line.position, "item_id": line.item, "ordered": line.facts.ordered,
        "reserved": line.facts.reserved, "backordered": line.facts.backordered,
        "backorder_reason": (found.reason if found else "not_available") if short else None,
        "backorder_expected": found.expected if found and short else None,
    }  # fmt: skip


def _tell_backorder(work: Work, part: Part, line: UUID, quantity: int, found: Allocated) -> None:
    tell_part(work, part, "backordered", {"quantity": quantity, "reason": found.reason}, line=line)
    work.emit(
        "line.backordered", stream=part.warehouse, fulfilment=part.id, line=line, order=part.order, quantity=quantity,
        reason=found.reason,
    )  # fmt: skip


def reveal(work: Work, warehouse: int, wave_id: UUID) -> list[UUID]:
    """A wave is whole: its fulfilments are on the floor. Gives their ids. The warehouse's stream.

    Few statements, however many they are. It emits nothing: the wave's own `wave.released` speaks for all of them.
    """
    by_status: dict[str, list[UUID]] = {}
    entries = []
    for part, facts in store.parts_of_wave(work.conn, warehouse, wave_id):
        if part.visible or part.status == "withdrawn":
            continue
        by_status.setdefault(_part_status(part._replace(visible=True), rules.total(facts)), []).append(part.id)
        entries.append(_part_entry(work, part, "fulfilment_visible", {"wave": wave_id}, None, None))
    for status, ids in by_status.items():
        store.show_parts(work.conn, warehouse, ids, status)
    store.add_part_entries(work.conn, entries)
    return [part for ids in by_status.values() for part in ids]


def withdraw(work: Work, fulfilment_id: UUID) -> None:
    """Takes back a fulfilment that nobody has seen: its wave was undone. Streams 0 and the warehouse.

    Its lines keep nothing, the order is promised again and can be released again. The caller has freed its quants.
    Refuses `move_not_allowed` for one that is on the floor.
    """
    part = store.part_of(work.conn, fulfilment_id, work.streams)
    if part is None:
        raise Refusal("fulfilment_unknown")
    work.need(CORE, part.warehouse)
    if part.visible:
        raise Refusal("move_not_allowed", thing="fulfilment", state=part.status, trigger="withdraw")
    found = order_of(work.conn, part.order)
    lines = store.lines_of_part(work.conn, part.id, [part.warehouse])
    own = {line.id: line.cancelled for line in store.lines_of(work.conn, part.order)}
    for line in lines:
        if line.facts.cancelled:  # what was cancelled there stays cancelled
            store.cancel_line(work.conn, line.order_line, own[line.order_line] + line.facts.cancelled)
        store.set_facts(work.conn, line.id, part.warehouse, Facts(), None, None)
    tell_part(work, part, "fulfilment_withdrawn", {} if part.wave is None else {"wave": part.wave})
    _settle_part(work, part, Facts())
    store.set_released(work.conn, found.id, False)
    if found.status != "cancelled":
        again = [{"id": line.order_line, "item_id": line.item, "position": line.position,
                  "ordered": line.facts.wanted} for line in lines if line.facts.wanted]  # fmt: skip
        zone = store.time_zones(work.conn)[part.warehouse]
        store.add_promises(work.conn, _promise(work, part.warehouse, zone, again)[0])
    refresh_status(work, found.id)


# --- the floor -----------------------------------------------------------------------------------------------------


def change(
    work: Work,
    line_id: UUID,
    what: str,
    params: Mapping[str, Any] | None = None,
    *,
    why: str | None = None,
    **deltas: int,
) -> Facts:
    """Changes facts of a fulfilment line by differences and gives the facts after. The warehouse's stream.

    `what` is a key of the timeline's catalogue; `quantity` is put into `params` where they have none. A rising
    `backordered` needs a reason (`why` or params `reason`) or params `expected` (an ISO date). The fulfilment's
    status follows, and `fulfilment.changed` is emitted. Raises FactsWrong for what cannot be: callers bound first.
    """
    found = store.around(work.conn, line_id, work.streams)
    if found is None:
        raise Refusal("fulfilment_unknown")
    part, lines = found
    line = next(each for each in lines if each.id == line_id)
    after = rules.change(line.facts, deltas)
    told = {"quantity": max(map(abs, deltas.values()), default=0), **(params or {})}
    reason, expected = _backorder(line, after, told, why)
    store.set_facts(work.conn, line_id, part.warehouse, after, reason, expected)
    tell_part(work, part, what, told, line=line_id, why=why)
    if (more := after.backordered - line.facts.backordered) > 0:
        work.emit(
            "line.backordered", stream=part.warehouse, fulfilment=part.id, line=line_id, order=part.order,
            quantity=more, reason=reason or "",
        )  # fmt: skip
    _follow(work, part, rules.total(after if each.id == line_id else each.facts for each in lines))
    return after


def _backorder(
    line: PartLine, after: Facts, params: Mapping[str, Any], why: str | None
) -> tuple[str | None, date | None]:
    """Why a line's backordered units wait, or until when; both None once there are none."""
    if not after.backordered:
        return None, None
    if after.backordered <= line.facts.backordered:
        return line.backorder_reason, line.backorder_expected
    expected = params.get("expected")
    reason = params.get("reason") or why
    if reason is None and expected is None:
        raise rules.FactsWrong("a backorder has a reason or an expected date, got neither")
    return reason, date.fromisoformat(expected) if isinstance(expected, str) else expected


def _follow(work: Work, part: Part, facts: Facts) -> None:
    """The same for a fulfilment as it is stored: most scans leave its status, and so its row, alone."""
    if _part_status(part, facts) == part.status:
        work.emit("fulfilment.changed", stream=part.warehouse, fulfilment=part.id, order=part.order)
    else:
        _settle_part(work, part, facts)


def _settle_part(work: Work, part: Part, facts: Facts) -> None:
    """Keeps the fulfilment's derived status and says that it changed."""
    status = _part_status(part, facts)
    store.set_part(work.conn, part, status, held=part.held, visible=part.visible)
    work.emit("fulfilment.changed", stream=part.warehouse, fulfilment=part.id, order=part.order)


def _part_status(part: Part, facts: Facts) -> str:
    return rules.status("fulfilment", Situation(facts=facts, held=part.held, visible=part.visible))


def facts_of(conn: Connection, fulfilment_id: UUID, warehouse: int) -> dict[UUID, Facts]:
    """The facts of each line of a fulfilment."""
    return {line.id: line.facts for line in store.lines_of_part(conn, fulfilment_id, [warehouse])}


# --- the order follows ---------------------------------------------------------------------------------------------


def refresh_status(work: Work, order_id: UUID) -> str:
    """Keeps the order's derived status, and says when it changed. Stream 0; reads the fulfilments' facts."""
    found = order_of(work.conn, order_id)
    status = derived_status(work.conn, found)
    if status != found.status:
        store.set_status(work.conn, order_id, status)
        work.emit("order.status_changed", stream=CORE, order=order_id, number=found.number, status=status)
    return status


def is_behind(conn: Connection, order_id: UUID) -> bool:
    """Whether an order's stored status is not what its facts say: then `refresh_status` is due."""
    found = order_of(conn, order_id)
    return derived_status(conn, found) != found.status


def derived_status(conn: Connection, found: Order) -> str:
    """What an order's facts, holds and payment say its status is."""
    lines = store.lines_of(conn, found.id)
    parts = store.parts_of(conn, found.id) if found.released else []
    facts = order_facts(lines, store.part_lines_of(conn, found.id) if parts else [])
    return rules.status(
        "order",
        Situation(
            facts=rules.total(facts.values()),
            held=_held(conn, found.id),
            payment=found.payment,
            handed=found.released,
            visible=all(part.visible or part.status == "withdrawn" for part in parts),
        ),
    )


def order_facts(lines: Iterable[store.Line], parts: Iterable[PartLine]) -> dict[UUID, Facts]:
    """The facts of each order line over all warehouses. Units that no warehouse has are open."""
    given: dict[UUID, list[Facts]] = {}
    for part in parts:
        given.setdefault(part.order_line, []).append(part.facts)
    facts = {}
    for line in lines:
        total = rules.total(given.get(line.id, ()) or (Facts(),))
        facts[line.id] = msgspec.structs.replace(
            total, ordered=line.ordered, cancelled=line.cancelled + total.cancelled
        )
    return facts


# --- cancel --------------------------------------------------------------------------------------------------------


def cancel(work: Work, order_id: UUID, why: str = "") -> str:
    """Cancels everything that has not shipped and gives the order's status. Stream 0, on the floor also the warehouse.

    Of each line `line.cancelled` says what was reserved, in a tote, in a carton: the reactions free, put back and
    unpack it, or refuse (a live label). `order.cancelled` voids the payment. Refuses `order_unknown`, and
    `cancel_too_late` when nothing is left.
    """
    found = order_of(work.conn, order_id)
    parts = _with_parts(work, found)
    quantity = _cancel_unhanded(work, order_id) if not parts else 0
    for part in parts:
        quantity += _cancel_part(work, part, why)
    if not quantity:
        raise Refusal(
            "cancel_too_late", order=found.number, reason=found.status if found.status in ENDED else "shipped"
        )
    store.drop_promises(work.conn, order_id)
    store.set_cancelled(work.conn, order_id, work.now)
    for each in store.holds_of(work.conn, order_id):
        if HOLD.can(each.state, "lapse"):
            _end_hold(work, found, each, "lapse", why)
    tell(work, order_id, "cancelled", {"quantity": quantity}, why=why)
    work.emit("order.cancelled", stream=CORE, order=order_id, number=found.number)
    return refresh_status(work, order_id)


def _cancel_unhanded(work: Work, order_id: UUID) -> int:
    quantity = 0
    for line in store.lines_of(work.conn, order_id):
        if line.ordered > line.cancelled:
            store.cancel_line(work.conn, line.id, line.ordered)
            quantity += line.ordered - line.cancelled
    return quantity


def _cancel_part(work: Work, part: Part, why: str) -> int:
    quantity, facts = 0, []
    for line in store.lines_of_part(work.conn, part.id, [part.warehouse]):
        after, gone = rules.cancel(line.facts)
        facts.append(after)
        if not gone.quantity:
            continue
        quantity += gone.quantity
        store.set_facts(work.conn, line.id, part.warehouse, after, None, None)
        taken = msgspec.structs.asdict(gone)
        tell_part(work, part, "line_cancelled", taken, line=line.id, why=why)
        work.emit("line.cancelled", stream=part.warehouse, fulfilment=part.id, line=line.id, order=part.order, **taken)
    if quantity:
        _settle_part(work, part, rules.total(facts))
    return quantity


# --- what later rooms report down ----------------------------------------------------------------------------------


def record_payment(
    work: Work,
    order_id: UUID,
    payment: Payment,
    what: str,
    params: Mapping[str, Any] | None = None,
    *,
    until: datetime | None = None,
    captured_minor: int | None = None,
    token: str | None = None,
) -> str:
    """Keeps what payments knows of an order's money and gives the order's status.

    A declined payment holds the order; a good one lets go what was held for it alone.
    """
    found = order_of(work.conn, order_id)
    store.set_payment(
        work.conn, order_id, payment,
        found.payment_token if token is None else token,
        until if until is not None else found.authorised_until,
        found.captured_minor if captured_minor is None else captured_minor,
    )  # fmt: skip
    tell(work, order_id, what, params or {})
    if payment == "declined":
        hold(work, order_id, "payment_declined", dict(params or {}))
    if payment in rules.PAID:
        for each in store.holds_of(work.conn, order_id):
            if rules.HOLD_REASONS[each.reason].cause_first and HOLD.can(each.state, "release"):
                _end_hold(work, found, each, "release", "")
    return refresh_status(work, order_id)


def shipped(conn: Connection, order_id: UUID) -> tuple[int, int]:
    """How many units of an order have shipped, and what they cost in minor units, without shipping and tax."""
    return store.shipped(conn, order_id)


def order_of(conn: Connection, order_id: UUID) -> Order:
    """An order's own facts; refuses `order_unknown`."""
    found = store.order_of(conn, order_id)
    if found is None:
        raise Refusal("order_unknown", order=str(order_id))
    return found


def id_of(conn: Connection, number: int) -> UUID:
    """The id of an order by its number; refuses `order_unknown`."""
    found = store.id_of(conn, number)
    if found is None:
        raise Refusal("order_unknown", order=number)
    return found


# --- the timeline --------------------------------------------------------------------------------------------------


def tell(work: Work, order_id: UUID, what: str, params: Mapping[str, Any], *, why: str | None = None) -> None:
    """Adds a row to an order's timeline. Stream 0."""
    store.add_entries(work.conn, [{"order_id": order_id, **_entry(work, what, params, why)}])


def tell_part(
    work: Work,
    part: Part,
    what: str,
    params: Mapping[str, Any],
    *,
    line: UUID | None = None,
    why: str | None = None,
) -> None:
    """Adds a row to a fulfilment's timeline. The warehouse's stream."""
    store.add_part_entry(work.conn, _part_entry(work, part, what, params, line, why))


def tell_fulfilment(
    work: Work, fulfilment_id: UUID, what: str, params: Mapping[str, Any], *, why: str | None = None
) -> None:
    """Adds a row about a fulfilment that changes no fact (a carton closed, a label live), and says so."""
    part = store.part_of(work.conn, fulfilment_id, work.streams)
    if part is None:
        raise Refusal("fulfilment_unknown")
    tell_part(work, part, what, params, why=why)
    work.emit("fulfilment.changed", stream=part.warehouse, fulfilment=part.id, order=part.order)


def _part_entry(
    work: Work, part: Part, what: str, params: Mapping[str, Any], line: UUID | None, why: str | None
) -> dict[str, Any]:
    row = {"warehouse_id": part.warehouse, "fulfilment_id": part.id, "line_id": line}
    return {**row, **_entry(work, what, params, why)}


def _entry(work: Work, what: str, params: Mapping[str, Any], why: str | None) -> dict[str, Any]:
    return {
        "at": work.now, "what": what, "params": checked(what, params), "who": work.actor.name,
        "device": None if work.actor.device is None else str(work.actor.device), "why": why or None,
        "command_id": work.command_id,
    }  # fmt: skip


# --- the check -----------------------------------------------------------------------------------------------------


def invariants(conn: Connection) -> list[str]:
    """What is broken of invariants 3 and 6 (facts hold, statuses are the derived ones, none is lost), in sentences.

    Read it in one snapshot, when the durable sinks have caught up.
    """
    return [sentence for order_id in store.all_orders(conn) for sentence in _broken(conn, order_id)]


def _broken(conn: Connection, order_id: UUID) -> Iterable[str]:
    found = order_of(conn, order_id)
    parts, part_lines = store.parts_of(conn, order_id), store.part_lines_of(conn, order_id)
    for line in part_lines:
        where = f"order {found.number}, line {line.position}"
        try:
            rules.hold(line.facts)
        except rules.FactsWrong as wrong:
            yield f"{where}: {wrong}"
        if line.facts.backordered and not (line.backorder_reason or line.backorder_expected):
            yield f"{where}: {line.facts.backordered} wait without a reason or a date"
    for part in parts:
        facts = rules.total(line.facts for line in part_lines if line.part == part.id)
        if (derived := _part_status(part, facts)) != part.status:
            yield f"order {found.number}, fulfilment {part.id}: its facts say {derived}, it says {part.status}"
    if (derived := derived_status(conn, found)) != found.status:
        yield f"order {found.number}: its facts say {derived}, it says {found.status}"
    given: dict[UUID, int] = {}
    for line in part_lines:
        given[line.order_line] = given.get(line.order_line, 0) + line.facts.ordered
    promised = store.promises_of(conn, order_id)
    for own in store.lines_of(conn, order_id):
        where = f"order {found.number}, line {own.position}"
        if found.released and given.get(own.id, 0) != own.ordered - own.cancelled:
            yield f"{where}: {own.ordered - own.cancelled} are wanted, the warehouses were given {given.get(own.id, 0)}"
        if promised.get(own.id, 0) > (0 if found.released else own.ordered - own.cancelled):
            yield f"{where}: {promised[own.id]} are promised, more than it still waits for"
