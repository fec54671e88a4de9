"""What must be true after every command, looked at whole: the stock, the work, the lines, and all of them together.

The rooms' own checks (`inventory.invariants`, `tasks.invariants`) are asked; what lies between the rooms is added up
here, so that goods which one room forgot and another still counts are found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from server.inventory import service as inventory
from server.inventory.models import lpn, movement, quant
from server.locations.models import bin
from server.orders import rules
from server.orders.models import fulfilment, fulfilment_line
from server.orders.rules import FACTS, Facts, Situation
from server.packing.models import carton, carton_item
from server.packing.service import invariants as packing_invariants
from server.shipping import service as shipping
from server.shipping.models import label, shipment
from server.tasks import service as tasks
from server.tasks.models import task, tote, tour, tour_slot

_TASKS = (
    sa.select(
        task.c.id, task.c.kind, task.c.state, task.c.tour_id, task.c.slot, task.c.line_id, task.c.item_id,
        task.c.bin_id, task.c.quantity, task.c.done, task.c.short, bin.c.code, lpn.c.code.label("tote"),
        fulfilment.c.number, task.c.lot, task.c.position, task.c.fulfilment_id,
    )
    .select_from(
        task.join(bin, task.c.bin_id == bin.c.id)
        .outerjoin(tour_slot, sa.and_(tour_slot.c.tour_id == task.c.tour_id, tour_slot.c.slot == task.c.slot))
        .outerjoin(lpn, tour_slot.c.lpn_id == lpn.c.id)
        .outerjoin(fulfilment, task.c.fulfilment_id == fulfilment.c.id)
    )
    .order_by(task.c.tour_id, task.c.position, task.c.id)
)  # fmt: skip
_TOURS = sa.select(tour.c.id, tour.c.number, tour.c.state, tour.c.person_id).order_by(tour.c.number)
_SLOTS = sa.select(tour_slot.c.slot).where(tour_slot.c.tour_id == sa.bindparam("tour", type_=tour_slot.c.tour_id.type))
_LINES = (
    sa.select(
        fulfilment_line, fulfilment.c.number, fulfilment.c.held, fulfilment.c.visible, fulfilment.c.status,
    )
    .select_from(fulfilment_line.join(fulfilment))
    .order_by(fulfilment_line.c.id)
)  # fmt: skip
_STOCK = sa.select(
    quant.c.item_id, quant.c.lot, quant.c.status, quant.c.on_hand, quant.c.lpn_id, bin.c.code, bin.c.type,
    lpn.c.kind, lpn.c.code.label("lpn"),
).select_from(quant.join(bin, quant.c.bin_id == bin.c.id).outerjoin(lpn, quant.c.lpn_id == lpn.c.id))  # fmt: skip
_CARTONS = (
    sa.select(
        carton.c.id, carton.c.number, carton.c.fulfilment_id, carton.c.state, carton.c.sscc, carton.c.expected_g,
        carton.c.weight_g, label.c.state.label("label"), shipment.c.id.label("shipment"),
        shipment.c.state.label("shipment_state"),
    )
    .select_from(
        carton.outerjoin(label, sa.and_(label.c.carton_id == carton.c.id, label.c.state.in_(("wanted", "live"))))
        .outerjoin(shipment, label.c.shipment_id == shipment.c.id)
    )
    .order_by(carton.c.id)
)  # fmt: skip
_SHIPPED = (
    sa.select(carton_item.c.line_id, sa.func.sum(carton_item.c.quantity))
    .select_from(
        carton_item.join(label, sa.and_(label.c.carton_id == carton_item.c.carton_id, label.c.state == "live"))
        .join(shipment, label.c.shipment_id == shipment.c.id)
    )
    .where(shipment.c.state == "closed")
    .group_by(carton_item.c.line_id)
)  # fmt: skip
_FREE_TOTES = (
    sa.select(lpn.c.code).select_from(tote.join(lpn)).where(tote.c.state == "empty").order_by(lpn.c.code).limit(8)
)
_BOOKED = sa.select(sa.func.count()).select_from(movement)


ALWAYS = (inventory.invariants, tasks.invariants)
IN_CARTONS = (packing_invariants.broken, shipping.invariants)
"""What the rooms check themselves; the latter only where there is a carton, for nothing is packed without one."""


@dataclass(frozen=True)
class Seen:
    """The floor at one moment, and what is broken of it, in sentences."""

    tasks: list[Any]
    tours: list[Any]
    lines: list[Any]
    stock: list[Any]
    cartons: list[Any]
    shipped: dict[UUID, int]
    """Units by line that lie in cartons of closed shipments."""
    broken: list[str]


def look(conn: sa.Connection) -> Seen:
    """Reads the floor in one snapshot and checks it."""
    seen = Seen(
        tasks=list(conn.execute(_TASKS)),
        tours=list(conn.execute(_TOURS)),
        lines=list(conn.execute(_LINES)),
        stock=list(conn.execute(_STOCK)),
        cartons=(cartons := list(conn.execute(_CARTONS))),
        shipped={row[0]: int(row[1]) for row in conn.execute(_SHIPPED)} if cartons else {},
        broken=[
            sentence for invariants in (*ALWAYS, *(IN_CARTONS if cartons else ())) for sentence in invariants(conn)
        ],
    )
    for look_at in (_lines, _parts, _work, _goods, _shipments):
        seen.broken.extend(look_at(seen))
    return seen


class Packable(NamedTuple):
    """Units in a tote that may go into the carton of an order."""

    part: UUID
    tote: str
    item: UUID
    lot: str
    units: int


def room(conn: sa.Connection, tour_id: UUID) -> tuple[list[int], list[str]]:
    """The slots of a tour, and some totes that are free."""
    slots = conn.execute(_SLOTS, {"tour": tour_id}).scalars()
    return sorted(slots), list(conn.execute(_FREE_TOTES).scalars())


def movements(conn: sa.Connection) -> int:
    """How many lines the ledger has."""
    return int(conn.execute(_BOOKED).scalar_one())


def facts(line: Any) -> Facts:
    """The nine quantities of a line's row."""
    return Facts(**{name: getattr(line, name) for name in FACTS})


def _lines(seen: Seen) -> Iterator[str]:
    """Invariants 3 and 6 of every line."""
    for line in seen.lines:
        try:
            rules.hold(facts(line))
        except rules.FactsWrong as wrong:
            yield f"line {line.id}: {wrong}"
        if line.backordered and not (line.backorder_reason or line.backorder_expected):
            yield f"line {line.id}: {line.backordered} wait without a reason or a date"


def _parts(seen: Seen) -> Iterator[str]:
    """Invariant 3 of every fulfilment: the stored status is the derived one."""
    parts: dict[UUID, list[Any]] = {}
    for line in seen.lines:
        parts.setdefault(line.fulfilment_id, []).append(line)
    for lines in parts.values():
        part, total = lines[0], rules.total(map(facts, lines))
        derived = rules.status("fulfilment", Situation(facts=total, held=part.held, visible=part.visible))
        if derived != part.status:
            yield f"order {part.number}: its fulfilment's facts say {derived}, it says {part.status}"


def _work(seen: Seen) -> Iterator[str]:
    """What a line's facts say is under way is somebody's open task."""
    open_units: Counter[tuple[str, UUID]] = Counter()
    for each in seen.tasks:
        if each.state in ("open", "waiting") and each.line_id is not None:
            open_units[each.kind, each.line_id] += each.quantity - each.done - each.short
    for line in seen.lines:
        if open_units["pick", line.id] != line.reserved:
            yield f"line {line.id}: {line.reserved} reserved, open picks want {open_units['pick', line.id]}"
        if open_units["put_back", line.id] != line.to_put_back:
            yield f"line {line.id}: {line.to_put_back} to put back, tasks for {open_units['put_back', line.id]}"


def _goods(seen: Seen) -> Iterator[str]:
    """What the lines say is in totes and cartons lies there, and what they say has shipped lies with customers."""
    said: Counter[UUID] = Counter()
    gone: Counter[UUID] = Counter()
    for line in seen.lines:
        said[line.item_id] += line.picked - line.shipped + line.to_put_back
        gone[line.item_id] += line.shipped
    yield from _differing("the lines have {} in totes and cartons, there lie {}", said, in_hands(seen))
    yield from _differing("{} have shipped, {} lie with customers", gone, with_customers(seen))


def _shipments(seen: Seen) -> Iterator[str]:
    """The cartons of a shipment are of one order; what a closed one holds has shipped, and nothing else has."""
    for line in seen.lines:
        if line.shipped != seen.shipped.get(line.id, 0):
            yield f"line {line.id}: {line.shipped} shipped, closed shipments hold {seen.shipped.get(line.id, 0)}"
    if len({each.sscc for each in seen.cartons}) != len(seen.cartons):
        yield "two cartons have the same SSCC"
    parts: dict[UUID, set[UUID]] = {}
    for each in seen.cartons:
        if each.shipment is not None:
            parts.setdefault(each.shipment, set()).add(each.fulfilment_id)
    yield from (f"shipment {shipment} has cartons of {of}" for shipment, of in parts.items() if len(of) != 1)


def _differing(sentence: str, said: Counter[UUID], lying: Counter[UUID]) -> Iterator[str]:
    for item in said.keys() | lying.keys():
        if said[item] != lying[item]:
            yield f"item {item}: {sentence.format(said[item], lying[item])}"


def in_hands(seen: Seen) -> Counter[UUID]:
    """Units in totes and cartons by item."""
    return _lying(seen, lambda row: row.kind in ("tote", "carton"))


def with_customers(seen: Seen) -> Counter[UUID]:
    """Units that have left, by item."""
    return _lying(seen, lambda row: row.type == "customer")


def _lying(seen: Seen, where: Callable[[Any], bool]) -> Counter[UUID]:
    lying: Counter[UUID] = Counter()
    for row in seen.stock:
        if where(row):
            lying[row.item_id] += row.on_hand
    return lying


def packable(seen: Seen) -> list[Packable]:
    """What may be packed next: goods in totes that a line has picked and not packed; its own totes first."""
    totes: dict[UUID, set[str]] = {}
    for each in seen.tasks:
        if each.tote is not None and each.fulfilment_id is not None:
            totes.setdefault(each.fulfilment_id, set()).add(each.tote)
    found = [
        Packable(line.fulfilment_id, row.lpn, line.item_id, row.lot, min(line.picked - line.packed, row.on_hand))
        for line in seen.lines
        for row in seen.stock
        if row.kind == "tote" and row.item_id == line.item_id and row.on_hand > 0 and line.picked > line.packed
    ]
    return sorted(found, key=lambda each: each.tote not in totes.get(each.part, ()))


def somewhere(seen: Seen, received: Mapping[UUID, int]) -> Iterator[str]:
    """Invariant 7: bins + totes + cartons + shipped + adjusted = received."""
    lying: Counter[UUID] = Counter()
    for row in seen.stock:
        if row.type != "supplier":
            lying[row.item_id] += row.on_hand
    for item, units in received.items():
        if lying[item] != units:
            yield f"item {item}: {units} were received, {lying[item]} are somewhere"
