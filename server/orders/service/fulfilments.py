"""Why: a wave gives an order to its warehouse, shows it to the floor once it is whole, or takes it back unseen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from server.core.refusal import Refusal
from server.db.base import CORE
from server.db.work import Work
from server.orders import rules
from server.orders.rules import Facts
from server.orders.service import statuses
from server.orders.service.lines import emit_backordered
from server.orders.service.lookup import order_of, part_of
from server.orders.service.promises import promise
from server.orders.service.shelves import Wanted
from server.orders.service.statuses import part_status, settle_part
from server.orders.service.timelines import part_entry, tell_part
from server.orders.store import fulfilments, orders, promises, timelines
from server.orders.store.fulfilments import Part, PartLine
from server.orders.store.promises import Ready


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


def create(
    work: Work,
    order_id: UUID,
    wave_id: UUID | None = None,
    allocated: Mapping[UUID, Allocated] | None = None,
    *,
    warehouse: int | None = None,
    visible: bool = False,
) -> Fulfilment:
    """Gives what lies ready of an order to a warehouse, its own or another one. Streams 0 and the warehouse.

    `allocated` says by order line what is reserved; what is not is backordered. Without it every line stays open.
    What is promised for later stays with the order, for a fulfilment of its own. Invisible until `reveal`. Refuses
    `already_released`, and `order_on_hold` with what stands in the way.
    """
    found = order_of(work.conn, order_id)
    at = found.warehouse if warehouse is None else warehouse
    work.need(CORE, at)
    if found.released and found.status != "ready":
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
        for line in promises.ready(work.conn, order_id, at)
    ]
    facts = rules.total(line.facts for line in lines)
    part = Part(part_id, at, order_id, wave_id, found.service, found.cutoff_at, held=False,
                visible=visible, status="")  # fmt: skip
    fulfilments.add(
        work.conn,
        {
            "id": part_id, "warehouse_id": at, "order_id": order_id, "number": found.number,
            "wave_id": wave_id, "service": found.service, "cutoff_at": found.cutoff_at, "visible": visible,
            "status": part_status(part, facts),
        },
        [_line_row(part, line, (allocated or {}).get(line.order_line)) for line in lines],
    )  # fmt: skip
    promises.hand(work.conn, order_id, at)
    orders.set_released(work.conn, order_id, True)
    wave = {} if wave_id is None else {"wave": wave_id}
    tell_part(work, part, "fulfilment_created", {"warehouse": at, "lines": len(lines), **wave})
    work.emit("fulfilment.created", stream=at, fulfilment=part_id, order=order_id)
    for line in lines:
        if line.facts.backordered:
            _tell_backorder(work, part, line.id, line.facts.backordered, (allocated or {})[line.order_line])
    statuses.refresh(work, order_id)
    return Fulfilment(part_id, at, found.number, lines)


def _facts_given(line: Ready, allocated: Mapping[UUID, Allocated] | None) -> Facts:
    if allocated is None:
        return Facts(ordered=line.wanted)
    reserved = allocated[line.id].reserved if line.id in allocated else 0
    return rules.hold(Facts(ordered=line.wanted, reserved=reserved, backordered=line.wanted - reserved))


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
    emit_backordered(work, part, line, quantity, found.reason)


def reveal(work: Work, warehouse: int, wave_id: UUID) -> list[UUID]:
    """A wave is whole: its fulfilments are on the floor. Gives their ids. The warehouse's stream.

    Few statements, however many they are. It emits nothing: the wave's own `wave.released` speaks for all of them.
    """
    by_status: dict[str, list[UUID]] = {}
    entries = []
    for part, facts in fulfilments.of_wave(work.conn, warehouse, wave_id):
        if part.visible or part.status == "withdrawn":
            continue
        by_status.setdefault(part_status(part._replace(visible=True), rules.total(facts)), []).append(part.id)
        entries.append(part_entry(work, part, "fulfilment_visible", {"wave": wave_id}, None, None))
    for status, ids in by_status.items():
        fulfilments.show(work.conn, warehouse, ids, status)
    timelines.add_of_parts(work.conn, entries)
    return [part for ids in by_status.values() for part in ids]


def withdraw(work: Work, fulfilment_id: UUID) -> None:
    """Takes back a fulfilment that nobody has seen: its wave was undone. Streams 0 and the warehouse.

    Its lines keep nothing, the order is promised again and can be released again. The caller has freed its quants.
    Refuses `move_not_allowed` for one that is on the floor.
    """
    part = part_of(work, fulfilment_id)
    work.need(CORE, part.warehouse)
    if part.visible:
        raise Refusal("move_not_allowed", thing="fulfilment", state=part.status, trigger="withdraw")
    found = order_of(work.conn, part.order)
    lines = fulfilments.lines_of(work.conn, part.id, [part.warehouse])
    own = {line.id: line.cancelled for line in orders.lines_of(work.conn, part.order)}
    for line in lines:
        if line.facts.cancelled:  # what was cancelled there stays cancelled
            orders.cancel_line(work.conn, line.order_line, own[line.order_line] + line.facts.cancelled)
        fulfilments.set_facts(work.conn, line.id, part.warehouse, Facts(), None, None)
    tell_part(work, part, "fulfilment_withdrawn", {} if part.wave is None else {"wave": part.wave})
    settle_part(work, part, Facts())
    others = [each for each in fulfilments.of_order(work.conn, found.id) if each.status != "withdrawn"]
    orders.set_released(work.conn, found.id, bool(others))
    if found.status != "cancelled":
        promise_lines(work, found.id, part.warehouse, lines)
    statuses.refresh(work, found.id)


def promise_lines(work: Work, order_id: UUID, warehouse: int, lines: Iterable[PartLine]) -> None:
    """What a warehouse had been given of these lines waits with the order again."""
    again = [
        Wanted(line.order_line, line.position, line.item, line.facts.wanted) for line in lines if line.facts.wanted
    ]
    promise(work, order_id, warehouse, again)
