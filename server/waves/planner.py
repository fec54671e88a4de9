"""Why: a wave is planned on plain values, away from the database and in a process of its own, so that no scan waits.

Pure: stock is shared out (first expired, then nearest; the most urgent order first), orders are put on carts, each
tour is routed exactly. What is not there is named, line by line.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from server.core.ids import new_id
from server.inventory.rules import Candidate, allocate
from server.locations.floor import Floor, Stop
from server.waves.batching import Batch, Cart, OrderToBatch, batch
from server.waves.schemas import Plan, PlannedOrder, PlannedPick, PlannedTour, PlanOrder, PlanStock

FILL: Final = 0.85
"""How full a tote may get: goods never lie without gaps."""

GAP: Final = 1024
"""Positions on a tour are dealt out with gaps, so that a stop can be put between two."""


@dataclass(frozen=True)
class PlanInput:
    """All that a plan depends on."""

    orders: Sequence[PlanOrder]
    stock: Sequence[PlanStock]
    floor: Floor
    cart_slots: int
    slot_volume_ml: int
    today: date
    budget: int
    seed: int = 1


@dataclass(frozen=True)
class _Share:
    """Units of a line from one quant, in one tote of its order."""

    line: UUID
    item: UUID
    stock: PlanStock
    quantity: int
    tote: int


@dataclass(frozen=True)
class _Load:
    """A part of an order that fits a cart: its key, shares and number of totes."""

    order: UUID
    part: int
    shares: tuple[_Share, ...]
    totes: int


def plan(given: PlanInput) -> Plan:
    """The wave: what is picked where, on which tour and slot, in which order; and what is short."""
    free = {each.quant: each.free for each in given.stock}
    by_item: dict[UUID, list[PlanStock]] = defaultdict(list)
    for each in given.stock:
        by_item[each.item].append(each)
    loads: list[_Load] = []
    short: dict[UUID, dict[str, int]] = {}
    for order in sorted(given.orders, key=lambda each: (each.cutoff_at, each.number)):
        shares, missing = _share_out(order, by_item, free, given.today)
        short[order.order] = missing
        if missing and order.complete:
            for _, _, stock, quantity, _ in shares:
                free[stock.quant] += quantity
            continue
        loads.extend(_loads(order, shares, given))
    batches = _batches(loads, given)
    tours = [_tour(each) for each in batches]
    picks = _picks(batches)
    return Plan([_order(each, picks.get(each.order, []), short[each.order]) for each in given.orders], tours)


def _order(order: PlanOrder, picks: list[PlannedPick], short: dict[str, int]) -> PlannedOrder:
    left_out = "" if picks else ("incomplete" if order.complete else "no_stock")
    return PlannedOrder(order.order, order.number, picks, short, left_out)


def _share_out(
    order: PlanOrder, by_item: dict[UUID, list[PlanStock]], free: dict[UUID, int], today: date
) -> tuple[list[tuple[UUID, UUID, PlanStock, int, int]], dict[str, int]]:
    """What each line takes from which quant (line, item, stock, units, volume of one); and what is missing."""
    shares: list[tuple[UUID, UUID, PlanStock, int, int]] = []
    short: dict[str, int] = {}
    for line in order.lines:
        here = {each.quant: each for each in by_item[line.item]}
        candidates = [
            Candidate(each.quant, each.bin, each.lot, each.expiry, free[each.quant], each.distance_mm)
            for each in here.values()
        ]
        taken, missing = allocate(line.wanted, candidates, today)
        for share in taken:
            free[share.candidate.quant] -= share.quantity
            stock = here[share.candidate.quant]
            shares.append((line.line, line.item, stock, share.quantity, line.volume_ml))
        if missing:
            short[str(line.line)] = missing
    return shares, short


def _loads(order: PlanOrder, shares: Iterable[tuple[UUID, UUID, PlanStock, int, int]], given: PlanInput) -> list[_Load]:
    """The order's goods put into totes one after the other, and totes onto as many carts as they need."""
    room = max(1, int(given.slot_volume_ml * FILL))
    placed: list[_Share] = []
    tote, used = 0, 0
    for line, item, stock, quantity, volume in shares:
        left = quantity
        while left:
            fits = min(left, max(0, room - used) // max(volume, 1))
            if fits == 0 and used:
                tote, used = tote + 1, 0
                continue
            units = fits or 1  # larger than a tote: it lies on top, alone
            placed.append(_Share(line, item, stock, units, tote))
            used += units * volume
            left -= units
    parts: dict[int, list[_Share]] = defaultdict(list)
    for share in placed:
        parts[share.tote // given.cart_slots].append(share)
    return [_Load(order.order, part, tuple(mine), len({share.tote for share in mine})) for part, mine in parts.items()]


def _batches(loads: Sequence[_Load], given: PlanInput) -> list[Batch[_Load, _Share]]:
    to_batch = [
        OrderToBatch(load, load.totes, tuple(Stop(each.stock.aisle, each.stock.y_mm, each) for each in load.shares))
        for load in loads
    ]
    if not to_batch:
        return []
    return batch(to_batch, Cart(given.cart_slots), given.floor, seed=given.seed, budget=given.budget)


def _tour(planned: Batch[_Load, _Share]) -> PlannedTour:
    slots = {
        number: each.key.order
        for each, numbers in zip(planned.orders, planned.slots, strict=True)
        for number in numbers
    }
    return PlannedTour(
        id=new_id(),
        slots=slots,
        length_mm=round(planned.tour.length),
        bin_order_mm=round(planned.bin_order_length),
        proven=planned.tour.proven,
        path=[[round(point.x), round(point.y)] for point in planned.tour.path],
    )


def _picks(batches: Sequence[Batch[_Load, _Share]]) -> dict[UUID, list[PlannedPick]]:
    picks: dict[UUID, list[PlannedPick]] = defaultdict(list)
    for tour, planned in enumerate(batches):
        places = {id(stop.key): (at + 1) * GAP for at, stop in enumerate(planned.tour.stops)}
        for each, numbers in zip(planned.orders, planned.slots, strict=True):
            slot_of = dict(zip(sorted({share.tote for share in each.key.shares}), numbers, strict=True))
            for share in each.key.shares:
                picks[each.key.order].append(_pick(share, tour, slot_of[share.tote], places[id(share)]))
    return picks


def _pick(share: _Share, tour: int, slot: int, position: int) -> PlannedPick:
    stock = share.stock
    return PlannedPick(
        line=share.line,
        item=share.item,
        quant=stock.quant,
        bin=stock.bin,
        lot=stock.lot,
        expiry=stock.expiry,
        quantity=share.quantity,
        tour=tour,
        slot=slot,
        position=position,
    )
