"""Why: a carton opens in the suggested size or the chosen one, and wants its label once nothing more goes in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import msgspec

from server.core.editions import unchanged
from server.core.refusal import Refusal
from server.db.base import CORE
from server.db.work import Work
from server.locations import serials
from server.packing import cartonise, rules
from server.packing.lifecycle import CARTON
from server.packing.schemas import ChooseCarton, NewCartonType
from server.packing.service.fulfilments import all_in, facts_of, stopped
from server.packing.service.places import settle_at
from server.packing.service.stations import station_of
from server.packing.store import carton_types, cartons, fulfilments, totes
from server.packing.store.cartons import Carton
from server.packing.store.fulfilments import Part, Sized
from server.packing.store.stations import Station
from server.tasks.facts import SetAside
from server.tasks.schemas import Answer

UNNUMBERED: Final = "NO-SSCC-"
"""How the code of a carton begins for which no SSCC was left; it gets one with its label."""


def put_carton_type(work: Work, new: NewCartonType) -> bool:
    """Adds a carton type or changes the one with this code; whether it was new."""
    known = {row.code: row for row in carton_types.every(work.conn)}.get(new.code)
    unchanged(new.edition, None if known is None else carton_types.view(known))
    row = msgspec.structs.asdict(new)
    del row["edition"]
    carton_types.put(work.conn, row, known is not None)
    return known is None


def choose_carton(work: Work, warehouse: int, body: ChooseCarton) -> Answer:
    """The order's carton is of this type, chosen before its first item or changed after it.

    With `new` the open one is full: it wants its label, and another is begun for what is still to pack. Refuses
    `carton_type_unknown`, `fulfilment_unknown`, `fulfilment_on_hold`, `fulfilment_cancelled`, and `station_unknown`
    while no tote of the order is at a station.
    """
    types = {row.code: row for row in carton_types.every(work.conn)}
    chosen = types.get(body.carton_type)
    if chosen is None or not chosen.active:
        raise Refusal("carton_type_unknown", carton_type=body.carton_type)
    box = box_of(chosen)
    part = fulfilments.by_id(work.conn, warehouse, body.fulfilment)
    if part is None:
        raise Refusal("fulfilment_unknown")
    if (why := stopped(part)) is not None:
        raise Refusal(why, order=part.number)
    boxes = cartons.of_fulfilment(work.conn, warehouse, part.id)
    current = next((each for each in reversed(boxes) if each.state in ("open", "complete")), None)
    more = body.new and rules.left(facts_of(work, warehouse, part)) > 0
    if current is not None and more and cartons.content(work.conn, warehouse, current.id):
        if current.state == "complete":
            raise Refusal("move_not_allowed", thing="carton", state=current.state, trigger="continue")
        complete(work, warehouse, current.id)
        current = None
    if current is None:
        station = _bench_of(work, warehouse, part)
        changed(work, warehouse, _new_carton(work, warehouse, station, part, box, len(boxes) + 1))
    else:
        expected = current.expected_g - types[current.type].tare_g + box.tare_g
        cartons.write(work.conn, warehouse, current, type_=box.code, expected_g=expected)
        changed(work, warehouse, current)
    return Answer("carton_chosen", "ok", {"carton_type": box.code})


def _bench_of(work: Work, warehouse: int, part: Part) -> Station:
    """The station at which an order is packed: where its totes stand, or its last carton was."""
    here = [each.station for each in totes.of_fulfilment(work.conn, warehouse, part.id) if each.station is not None]
    here.extend(each.station for each in reversed(cartons.of_fulfilment(work.conn, warehouse, part.id)))
    if not here:
        raise Refusal("station_unknown")
    return station_of(work, warehouse, here[0])


def carton_for(work: Work, warehouse: int, station: Station, part: Part) -> Carton:
    """The carton into which an order's next item goes: the open one, or a new one in the suggested size."""
    boxes = cartons.of_fulfilment(work.conn, warehouse, part.id)
    for each in reversed(boxes):  # an earlier one is open again for a new label
        if each.state == "open":
            return each
    suggested = suggest(fulfilments.sized_lines(work.conn, warehouse, part.id), carton_types.every(work.conn))
    if suggested is None:
        raise SetAside("no_carton_type")
    return _new_carton(work, warehouse, station, part, suggested, len(boxes) + 1)


def suggest(lines: Sequence[Sized], types: Sequence[Any]) -> cartonise.Box | None:
    """The carton for what is still to pack of these lines; the first one where several are needed."""
    pieces = [
        cartonise.Piece(line.length_mm, line.width_mm, line.height_mm, line.weight_g, line.picked - line.packed)
        for line in lines
        if line.picked > line.packed
    ]
    filled = cartonise.suggest(pieces, [box_of(row) for row in types if row.active])
    return filled[0].box if filled else None


def box_of(row: Any) -> cartonise.Box:
    """A carton type as the cartoniser wants it."""
    sides = (row.length_mm, row.width_mm, row.height_mm)
    return cartonise.Box(row.code, *sides, row.tare_g, row.max_weight_g, row.fill_percent)


def _new_carton(work: Work, warehouse: int, station: Station, part: Part, box: cartonise.Box, number: int) -> Carton:
    carton_id = work.new_id()
    sscc = _next_sscc(work, warehouse) or _unnumbered(carton_id)
    plate = {"id": work.new_id(), "warehouse_id": warehouse, "kind": "carton", "code": sscc}
    row = {
        "id": carton_id,
        "warehouse_id": warehouse,
        "number": number,
        "fulfilment_id": part.id,
        "station_id": station.id,
        "lpn_id": plate["id"],
        "sscc": sscc,
        "carton_type": box.code,
        "state": CARTON.initial,
        "expected_g": box.tare_g,
        "person_id": work.actor.person,
        "opened_at": work.now,
    }
    cartons.add(work.conn, plate, row)
    made = cartons.by_id(work.conn, warehouse, carton_id)
    assert made is not None
    return made


def _next_sscc(work: Work, warehouse: int) -> str | None:
    """The next of the warehouse's block, or the first of another one; None when the company has no more.

    Needs the core stream for another block, once in `serials.BLOCK` cartons.
    """
    gcp = cartons.company_prefix(work.conn, warehouse)
    counter = serials.counter(gcp)
    place = work.number(counter, stream=warehouse)
    if serials.begins_block(place):
        work.need(CORE)
        block = _next_block(work, gcp)
        if block is None:
            work.number(counter, stream=warehouse, step=-1)
            return None
        place = work.number(counter, stream=warehouse, step=serials.first_of(block) - place)
    return serials.sscc(gcp, place)


def _next_block(work: Work, gcp: str) -> int | None:
    """The next block of which no number is given under another prefix; None behind the last one."""
    counter = serials.counter(gcp)
    while (block := work.number(counter, stream=CORE) - 1) < serials.blocks(gcp):
        if not cartons.any_numbered(work.conn, *serials.ends(gcp, block)):
            return block
    work.number(counter, stream=CORE, step=-1)
    return None


def _unnumbered(carton_id: UUID) -> str:
    return f"{UNNUMBERED}{carton_id.hex}"


def numbered(work: Work, warehouse: int, carton_id: UUID, code: str) -> bool:
    """Whether a carton has its SSCC; one that had to be opened without gets it now if there is one again."""
    if not code.startswith(UNNUMBERED):
        return True
    sscc = _next_sscc(work, warehouse)
    carton = cartons.by_id(work.conn, warehouse, carton_id)
    if sscc is None or carton is None:
        return False
    cartons.set_sscc(work.conn, warehouse, carton, sscc)
    return True


def complete(work: Work, warehouse: int, carton_id: UUID) -> None:
    """Everything that goes into this carton is in it: its label is wanted. Refuses `carton_not_complete`."""
    carton = cartons.by_id(work.conn, warehouse, carton_id)
    if carton is None or not cartons.content(work.conn, warehouse, carton_id):
        raise Refusal("carton_not_complete", left=1)
    cartons.write(
        work.conn, warehouse, carton, state=CARTON.advance(carton.state, "complete"), weight_g=carton.weight_g
    )
    settle_at(work, warehouse, carton.station, carton.fulfilment)
    work.emit("label.wanted", stream=warehouse, carton=carton.id, fulfilment=carton.fulfilment)
    changed(work, warehouse, carton)


def whole(work: Work, warehouse: int, carton_id: UUID) -> bool:
    """Whether nothing more goes into a carton: all of its order is packed, or another one was begun after it."""
    carton = cartons.by_id(work.conn, warehouse, carton_id)
    if carton is None:
        return False
    boxes = cartons.of_fulfilment(work.conn, warehouse, carton.fulfilment)
    followed = any(each.number > carton.number and each.state != "voided" for each in boxes)
    return followed or all_in(work, warehouse, carton.fulfilment)


def renumber(work: Work, warehouse: int, carton_id: UUID) -> None:
    """A carton whose label is void gets another SSCC: the paper that is void closes nothing any more."""
    carton = cartons.by_id(work.conn, warehouse, carton_id)
    if carton is None:
        raise Refusal("carton_unknown")
    cartons.set_sscc(work.conn, warehouse, carton, _next_sscc(work, warehouse) or _unnumbered(work.new_id()))


def void(work: Work, warehouse: int, carton: Carton, expected_g: int) -> None:
    """Nothing lies in this carton any more: it does not leave."""
    state = CARTON.advance(carton.state, "void")
    cartons.write(work.conn, warehouse, carton, state=state, expected_g=expected_g)
    settle_at(work, warehouse, carton.station, carton.fulfilment)
    work.emit("carton.voided", stream=warehouse, carton=carton.id, fulfilment=carton.fulfilment)
    changed(work, warehouse, carton)


def changed(work: Work, warehouse: int, carton: Carton) -> None:
    """Says that a carton changed, to its bench."""
    work.emit(
        "carton.changed", stream=warehouse, carton=carton.id, fulfilment=carton.fulfilment, station=carton.station
    )
