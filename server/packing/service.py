"""Why: scan-to-verify: nothing leaves that was not scanned, into the box it belongs to, with the weight it should have.

Procedure at a station: (1) scan a tote, its orders appear; (2) scan every item, it goes into its order's carton, which
opens by itself in the suggested size; (3) at the last one the carton is complete and its label is wanted (the later
room `shipping` asks for it); (4) weigh; (5) scan the label. Items are facts: what cannot be booked is set aside.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec
import sqlalchemy as sa

from printers.symbologies import sscc18
from server.catalog import service as catalog
from server.core import barcodes
from server.core.events import Event
from server.core.refusal import Fault, Refusal
from server.db.work import Work
from server.inventory import service as inventory
from server.inventory import store as stock
from server.locations import service as locations
from server.orders import rules as order_rules
from server.orders.service import lines as order_lines
from server.orders.service import timelines
from server.packing import cartonise, judge, rules, store
from server.packing.lifecycle import CARTON
from server.packing.schemas import (
    AcceptWeight,
    ChooseCarton,
    NewCartonType,
    NewStation,
    OpenTote,
    PackItem,
    PackShort,
    UndoPacking,
    Weigh,
)
from server.packing.store import Carton, Part, Station
from server.spooler import service as spooler
from server.tasks import service as tasks
from server.tasks.facts import SetAside
from server.tasks.lifecycle import TOTE
from server.tasks.schemas import Answer, Effect
from server.tasks.store import effects
from server.tasks.store import tasks as task_store
from server.tasks.store import totes as tote_store

EXTENSION: Final = 3
"""The SSCC's extension digit: ours to choose, the same for all."""


# --- set-up


def put_station(work: Work, warehouse: int, new: NewStation) -> UUID:
    """Makes a station, or changes the one with this code; refuses `bin_unknown`, `printer_unknown`."""
    place = locations.bin_by_code(work.conn, warehouse, new.bin)
    if place is None:
        raise Refusal("bin_unknown", Fault("bin", "no such bin here", got=new.bin[:60]), bin=new.bin[:60])
    printer = None if new.printer is None else spooler.printer_of(work.conn, warehouse, new.printer).id
    known = store.station_by_code(work.conn, warehouse, new.code)
    station_id = known.id if known is not None else work.new_id()
    row = {"id": station_id, "warehouse_id": warehouse, "code": new.code, "name": new.name, "bin_id": place.id}
    store.put_station(
        work.conn,
        warehouse,
        None if known is None else known.id,
        {**row, "printer_id": printer, "parking": new.parking},
    )
    work.emit("station.changed", stream=warehouse, station=station_id)
    return station_id


def put_carton_type(work: Work, new: NewCartonType) -> bool:
    """Adds a carton type; whether its code was new."""
    return store.add_carton_type(work.conn, msgspec.structs.asdict(new))


# --- a tote comes to the bench


def open_tote(work: Work, warehouse: int, body: OpenTote) -> Answer:
    """The tote stands at this station; refuses one that is unknown, empty, or still being picked into."""
    station = _station(work, warehouse, body.station)
    code = barcodes.parse(body.tote).code or body.tote
    tote = tote_store.by_code(work.conn, warehouse, code)
    if tote is None:
        raise Refusal("tote_unknown", tote=code[:40])
    if tote.state == "assigned":
        raise Refusal("tote_still_picking", tote=code)
    if tote.state != "staged" or not tote_store.holds_goods(work.conn, warehouse, tote.lpn):
        raise Refusal("tote_empty", tote=code)
    _, before = store.tote_at(work.conn, warehouse, tote.lpn) or ("", None)
    tote_store.write(work.conn, warehouse, tote.lpn, tote.state, None, station.id)
    place = None
    part_id = store.part_in_tote(work.conn, warehouse, tote.lpn)
    part = None if part_id is None else store.part(work.conn, warehouse, part_id)
    if part is not None:
        if not store.cartons_of(work.conn, warehouse, part.id):
            params = {"tote": code, "station": station.code}
            timelines.tell_fulfilment(work, part.id, "packing_began", params)
        place = _park(work, warehouse, station, part)
    for changed in ({station.id, before} | _benches_of(work, warehouse, part_id)) - {None}:
        work.emit("station.changed", stream=warehouse, station=changed)
    return Answer("pack_opened", "ok", {"tote": code} if place is None else {"tote": code, "place": place})


def _benches_of(work: Work, warehouse: int, part_id: UUID | None) -> set[UUID | None]:
    """The stations at which totes of an order wait for its rest."""
    return set() if part_id is None else {each.station for each in store.totes_of(work.conn, warehouse, part_id)}


def on_tour_finished(work: Work, event: Event) -> None:
    """Same-transaction reaction to `tour.finished`: benches that wait for a tote of it see where it is now."""
    warehouse = event.stream
    parts = store.parts_on_tour(work.conn, warehouse, event.payload["tour"])
    for station in {each for part in parts for each in _benches_of(work, warehouse, part)} - {None}:
        work.emit("station.changed", stream=warehouse, station=station)


def _park(work: Work, warehouse: int, station: Station, part: Part) -> int | None:
    """The place where all that is here of an order waits for the rest of it; with the last of it none does.

    None too where no numbered place is free.
    """
    totes = store.totes_of(work.conn, warehouse, part.id)
    cartons = store.cartons_of(work.conn, warehouse, part.id)
    here = [each.lpn for each in totes if each.station == station.id]
    here.extend(each.lpn for each in cartons if each.station == station.id and each.state in ("open", "complete"))
    for lpn in here:
        store.unpark(work.conn, warehouse, lpn)
    facts = _facts(work, warehouse, part)
    whole = all(each.station == station.id for each in totes) and not facts.reserved
    if not here or (whole and not rules.waits(facts, _split(part))):
        return None
    taken = store.parking(work.conn, warehouse, station.id).values()
    place = next((place for place in range(1, station.parking + 1) if place not in taken), None)
    if place is not None:
        store.park(work.conn, warehouse, station.id, place, here[0])
    return place


def _station(work: Work, warehouse: int, station_id: UUID) -> Station:
    station = store.station_by_id(work.conn, warehouse, station_id)
    if station is None:
        raise Refusal("station_unknown")
    return station


# --- an item goes into its carton


class Piece(NamedTuple):
    """Units of one line, as they lie in the tote."""

    line: store.Sized
    goods: inventory.Goods
    place: inventory.Place
    quantity: int


def pack_item(work: Work, warehouse: int, body: PackItem) -> Answer:
    """Books goods out of the tote into the order's carton; with the last one the carton is complete. Never refuses.

    Of several totes of the order at the station it is the one that holds them. What was stopped meanwhile stays in its
    tote: nothing is booked and the answer says so. What the books do not know of this order or this tote is set aside.
    """
    station = store.station_by_id(work.conn, warehouse, body.station)
    part = store.part(work.conn, warehouse, body.fulfilment)
    if station is None or part is None:
        raise SetAside("there is no such station or order here")
    stopped = _stopped(part)
    if stopped is not None:
        return Answer(stopped, "card", {"order": part.number})
    pieces = _pieces(work, warehouse, part, body.tote, body.item, body.lot or "", body.qty)
    carton = _carton_for(work, warehouse, station, part)
    # It stands where it was opened, also when the rest of its order is brought to another station.
    bench = station if station.id == carton.station else _station(work, warehouse, carton.station)
    target = inventory.Place(bench.bin, carton.lpn)
    for piece in pieces:
        inventory.take(work, warehouse, piece.goods, piece.quantity, piece.place, target, "pack")
        _put_in(work, warehouse, carton, piece)
        params = {"quantity": piece.quantity, "carton": carton.number}
        order_lines.change(work, piece.line.line, "packed", params, packed=piece.quantity)
    _keep_effect(work, warehouse, carton, pieces)
    _free_if_empty(work, warehouse, pieces[0].place.lpn)
    return _after_item(work, warehouse, part, carton, pieces[-1].line, pieces)


def _stopped(part: Part) -> str | None:
    """Why nothing of this order may be packed now, as an outcome; None when it may."""
    if part.status == "cancelled":
        return "fulfilment_cancelled"
    return "fulfilment_on_hold" if part.held else None


def _pieces(work: Work, warehouse: int, part: Part, tote: str, item: str, lot: str, quantity: int) -> list[Piece]:
    """What was scanned, line by line and lot by lot: into the lines that want it, out of what lies in the tote."""
    scan = barcodes.parse(item)
    found = catalog.resolve(work.conn, scan.code or item)
    plate = stock.lpn_by_code(work.conn, warehouse, barcodes.parse(tote).code or tote)
    if found is None or plate is None:
        raise SetAside(f"there is no item {item[:40]} or no tote {tote[:40]}")
    lot = lot or scan.lot
    for lpn in (plate[0], *_beside(work, warehouse, part, plate[0])):
        rows = [row for row in _loose(work, warehouse, lpn, found.item_id) if lot in ("", row.lot)]
        if sum(row.quantity for row in rows) >= quantity:
            break
    else:
        raise SetAside(f"the tote does not hold {quantity} of it")
    lines = [line for line in store.sized_lines(work.conn, warehouse, part.id) if line.item == found.item_id]
    if sum(line.picked - line.packed for line in lines) < quantity:
        raise SetAside(f"order {part.number} does not want {quantity} more of it")
    return _matched(lines, rows, lpn, quantity)


def _loose(work: Work, warehouse: int, lpn_id: UUID, item: UUID) -> list[stock.Content]:
    """What lies in a tote of an item, without what is to go back out of it: that is in nobody's order any more."""
    loose = []
    for row in stock.contents(work.conn, warehouse, lpn_id):
        if row.item == item:
            going = task_store.open_put_backs(work.conn, warehouse, lpn_id, item, row.lot)
            loose.append(row._replace(quantity=row.quantity - going))
    return [row for row in loose if row.quantity > 0]


def _beside(work: Work, warehouse: int, part: Part, lpn_id: UUID) -> list[UUID]:
    """The other totes of an order that stand where this one of its totes does: nobody scans a tote for each item."""
    if store.part_in_tote(work.conn, warehouse, lpn_id) != part.id:
        return []
    totes = store.totes_of(work.conn, warehouse, part.id)
    return [each.lpn for each in totes if each.station is not None and each.lpn != lpn_id]


def _matched(lines: list[store.Sized], rows: list[stock.Content], lpn_id: UUID, quantity: int) -> list[Piece]:
    pieces: list[Piece] = []
    lying = [(row, row.quantity) for row in rows]
    for line in lines:
        room = min(quantity, line.picked - line.packed)
        while room:
            row, there = lying[0]
            units = min(room, there)
            goods = inventory.Goods(row.item, row.lot, row.expiry)
            pieces.append(Piece(line, goods, inventory.Place(row.bin, lpn_id, row.status), units))
            room, quantity = room - units, quantity - units
            lying = lying[1:] if units == there else [(row, there - units), *lying[1:]]
    return pieces


def _carton_for(work: Work, warehouse: int, station: Station, part: Part) -> Carton:
    cartons = store.cartons_of(work.conn, warehouse, part.id)
    for each in reversed(cartons):  # an earlier one is open again for a new label
        if each.state == "open":
            return each
    suggested = suggest(store.sized_lines(work.conn, warehouse, part.id), store.carton_types(work.conn))
    if suggested is None:
        raise SetAside("there is no carton type")
    return _new_carton(work, warehouse, station, part, suggested, len(cartons) + 1)


def _new_carton(work: Work, warehouse: int, station: Station, part: Part, box: cartonise.Box, number: int) -> Carton:
    carton_id = work.new_id()
    sscc = _next_sscc(work, warehouse)
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
    store.add_carton(work.conn, plate, row)
    made = store.carton_by_id(work.conn, warehouse, carton_id)
    assert made is not None
    return made


def suggest(lines: Sequence[store.Sized], types: Sequence[Any]) -> cartonise.Box | None:
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


def _next_sscc(work: Work, warehouse: int) -> str:
    """A serial that no other warehouse of the same company gives out: its first two digits are the warehouse's."""
    gcp = store.company_prefix(work.conn, warehouse)
    room = 16 - len(gcp) - 2
    serial = work.number("sscc", stream=warehouse) % 10**room
    return sscc18(EXTENSION, gcp, (warehouse % 100) * 10**room + serial)


def _put_in(work: Work, warehouse: int, carton: Carton, piece: Piece) -> None:
    goods = piece.goods
    for row in store.content(work.conn, warehouse, carton.id):
        if row.line == piece.line.line and row.lot == goods.lot:
            store.change_content(work.conn, warehouse, row.id, piece.quantity)
            return
    store.add_content(
        work.conn,
        {
            "id": work.new_id(),
            "warehouse_id": warehouse,
            "carton_id": carton.id,
            "line_id": piece.line.line,
            "item_id": goods.item,
            "lot": goods.lot,
            "expiry": goods.expiry,
            "quantity": piece.quantity,
        },
    )


def _keep_effect(work: Work, warehouse: int, carton: Carton, pieces: Sequence[Piece]) -> None:
    parts = [
        {"line": piece.line.line, "lot": piece.goods.lot, "bin": piece.place.bin, "quantity": piece.quantity}
        for piece in pieces
    ]
    units = sum(piece.quantity for piece in pieces)
    effect = Effect(good=units, lpn=pieces[0].place.lpn, line=pieces[0].line.line, details={"parts": parts})
    effects.add(
        work.conn,
        {
            "command_id": work.command_id,
            "warehouse_id": warehouse,
            "kind": "pack.item",
            "carton_id": carton.id,
            "person_id": work.actor.person,
            "at": work.now,
            "effect": msgspec.to_builtins(effect),
        },
    )


def _free_if_empty(work: Work, warehouse: int, lpn_id: UUID | None) -> None:
    """A tote out of which the last unit went is free to be taken, and its parking place too."""
    tote = None if lpn_id is None else store.tote_at(work.conn, warehouse, lpn_id)
    if lpn_id is None or tote is None or not TOTE.can(tote[0], "free") or tote[0] != "staged":
        return
    if tote_store.holds_goods(work.conn, warehouse, lpn_id):
        return
    store.unpark(work.conn, warehouse, lpn_id)
    tote_store.write(work.conn, warehouse, lpn_id, TOTE.advance(tote[0], "free"), None)
    if tote[1] is not None:
        work.emit("station.changed", stream=warehouse, station=tote[1])


def on_task_done(work: Work, event: Event) -> None:
    """Same-transaction reaction to `task.done`: a put-back that emptied a tote at a station frees it."""
    if event.payload["kind"] == "put_back":
        task = task_store.by_id(work.conn, event.stream, event.payload["task"])
        _free_if_empty(work, event.stream, None if task is None else task.lpn)


def _after_item(
    work: Work, warehouse: int, part: Part, carton: Carton, line: store.Sized, pieces: Sequence[Piece]
) -> Answer:
    weight = sum(piece.line.weight_g * piece.quantity for piece in pieces)
    store.set_carton(work.conn, warehouse, carton, expected_g=carton.expected_g + weight)
    if all_in(work, warehouse, part.id):
        complete(work, warehouse, carton.id)
        return Answer("carton_complete", "ok")
    if not rules.left(_facts(work, warehouse, part)):
        _park(work, warehouse, _station(work, warehouse, carton.station), part)
    _changed(work, warehouse, carton)
    packed = line.packed + sum(piece.quantity for piece in pieces if piece.line.line == line.line)
    return Answer("packed", "ok", {"packed": packed, "quantity": line.picked})


def all_in(work: Work, warehouse: int, fulfilment: UUID) -> bool:
    """Whether all that is due of a fulfilment lies in cartons and may leave."""
    part = store.part(work.conn, warehouse, fulfilment)
    return part is not None and rules.all_in(_facts(work, warehouse, part), _split(part))


def _facts(work: Work, warehouse: int, part: Part) -> order_rules.Facts:
    return order_rules.total(order_lines.facts_of(work.conn, part.id, warehouse).values())


def _split(part: Part) -> order_rules.Split:
    return "ship_complete" if part.split == "ship_complete" else "ship_available"


def complete(work: Work, warehouse: int, carton_id: UUID) -> None:
    """Everything that goes into this carton is in it: its label is wanted. Refuses `carton_not_complete`."""
    carton = store.carton_by_id(work.conn, warehouse, carton_id)
    if carton is None or not store.content(work.conn, warehouse, carton_id):
        raise Refusal("carton_not_complete", left=1)
    store.set_carton(
        work.conn, warehouse, carton, state=CARTON.advance(carton.state, "complete"), weight_g=carton.weight_g
    )
    store.unpark(work.conn, warehouse, carton.lpn)
    work.emit("label.wanted", stream=warehouse, carton=carton.id, fulfilment=carton.fulfilment)
    _changed(work, warehouse, carton)


def renumber(work: Work, warehouse: int, carton_id: UUID) -> None:
    """A carton whose label is void gets another SSCC: the paper that is void closes nothing any more."""
    carton = store.carton_by_id(work.conn, warehouse, carton_id)
    if carton is None:
        raise Refusal("carton_unknown")
    store.set_sscc(work.conn, warehouse, carton, _next_sscc(work, warehouse))


def _changed(work: Work, warehouse: int, carton: Carton) -> None:
    work.emit(
        "carton.changed", stream=warehouse, carton=carton.id, fulfilment=carton.fulfilment, station=carton.station
    )


# --- the carton


def choose_carton(work: Work, warehouse: int, body: ChooseCarton) -> Answer:
    """The order's carton is of this type, chosen before its first item or changed after it.

    With `new` the open one is full: it wants its label, and another is begun for what is still to pack. Refuses
    `carton_type_unknown`, `fulfilment_unknown`, `fulfilment_on_hold`, `fulfilment_cancelled`, and `station_unknown`
    while no tote of the order is at a station.
    """
    types = {row.code: row for row in store.carton_types(work.conn)}
    chosen = types.get(body.carton_type)
    if chosen is None or not chosen.active:
        raise Refusal("carton_type_unknown", carton_type=body.carton_type)
    box = box_of(chosen)
    part = store.part(work.conn, warehouse, body.fulfilment)
    if part is None:
        raise Refusal("fulfilment_unknown")
    stopped = _stopped(part)
    if stopped is not None:
        raise Refusal(stopped, order=part.number)
    cartons = store.cartons_of(work.conn, warehouse, part.id)
    current = next((each for each in reversed(cartons) if each.state in ("open", "complete")), None)
    more = body.new and rules.left(_facts(work, warehouse, part)) > 0
    if current is not None and more and store.content(work.conn, warehouse, current.id):
        if current.state == "complete":
            raise Refusal("move_not_allowed", thing="carton", state=current.state, trigger="continue")
        complete(work, warehouse, current.id)
        current = None
    if current is None:
        station = _station_of(work, warehouse, part)
        _changed(work, warehouse, _new_carton(work, warehouse, station, part, box, len(cartons) + 1))
    else:
        expected = current.expected_g - types[current.type].tare_g + box.tare_g
        store.set_carton(work.conn, warehouse, current, type_=box.code, expected_g=expected)
        _changed(work, warehouse, current)
    return Answer("carton_chosen", "ok", {"carton_type": box.code})


def _station_of(work: Work, warehouse: int, part: Part) -> Station:
    """The station at which an order is packed: where its totes stand, or its last carton was."""
    here = [each.station for each in store.totes_of(work.conn, warehouse, part.id) if each.station is not None]
    here.extend(each.station for each in reversed(store.cartons_of(work.conn, warehouse, part.id)))
    if not here:
        raise Refusal("station_unknown")
    return _station(work, warehouse, here[0])


def _open_carton(work: Work, warehouse: int, fulfilment: UUID) -> Carton:
    for each in reversed(store.cartons_of(work.conn, warehouse, fulfilment)):
        if each.state in ("open", "complete"):
            return each
    raise Refusal("carton_unknown")


def weigh(work: Work, warehouse: int, body: Weigh) -> Answer:
    """The scale's word against the sum of what was scanned: right is kept, wrong is counted again."""
    carton = store.carton_by_id(work.conn, warehouse, body.carton)
    if carton is None:
        raise Refusal("carton_unknown")
    if carton.state == "closed":
        raise Refusal("carton_already_closed", carton=carton.number)
    verdict = judge.judge_weight(carton.expected_g, body.grams)
    right = verdict.outcome == "weight_right"
    if right:
        store.set_carton(work.conn, warehouse, carton, weight_g=body.grams)
        _changed(work, warehouse, carton)
    return Answer(verdict.outcome, "ok" if right else "warn", verdict.params)


def accept_weight(work: Work, warehouse: int, carton_id: UUID, body: AcceptWeight) -> None:
    """A supervisor takes a weight outside the tolerance as it is, and says why."""
    carton = store.carton_by_id(work.conn, warehouse, carton_id)
    if carton is None:
        raise Refusal("carton_unknown")
    if carton.state == "closed":
        raise Refusal("carton_already_closed", carton=carton.number)
    store.set_carton(work.conn, warehouse, carton, weight_g=body.grams)
    params = {"carton": carton.number, "grams": body.grams, "expected": carton.expected_g}
    timelines.tell_fulfilment(work, carton.fulfilment, "weight_accepted", params, why=body.why)
    _changed(work, warehouse, carton)


def undo(work: Work, warehouse: int, body: UndoPacking) -> Answer:
    """The last item goes out of the open carton, back into its tote.

    Refuses `carton_unknown`, `nothing_to_undo`, and `undo_too_late` once the label is wanted or the tote has gone on.
    """
    carton = _open_carton(work, warehouse, body.fulfilment)
    if carton.state != "open":
        raise Refusal("undo_too_late", reason="label_on_its_way")
    last = store.last_packed(work.conn, warehouse, carton.id)
    if last is None:
        raise Refusal("nothing_to_undo")
    command, effect = last[0], msgspec.convert(last[1], Effect)
    _bring_tote_back(work, warehouse, carton, effect.lpn)
    _take_out(work, warehouse, carton, effect)
    effects.mark_undone(work.conn, warehouse, command, work.command_id)
    _changed(work, warehouse, carton)
    return Answer("unpacked", "ok")


def _bring_tote_back(work: Work, warehouse: int, carton: Carton, lpn_id: UUID | None) -> None:
    """The tote stands at the station again, unless it has gone on to another order."""
    tote = None if lpn_id is None else store.tote_at(work.conn, warehouse, lpn_id)
    if lpn_id is None or tote is None:
        raise Refusal("nothing_to_undo")
    if tote[0] == "assigned" or store.part_in_tote(work.conn, warehouse, lpn_id) != carton.fulfilment:
        raise Refusal("undo_too_late", reason="tote_in_use")
    tote_store.write(work.conn, warehouse, lpn_id, "staged", None, carton.station)
    work.emit("station.changed", stream=warehouse, station=carton.station)


def _take_out(work: Work, warehouse: int, carton: Carton, effect: Effect) -> None:
    station = _station(work, warehouse, carton.station)
    inside = {(row.line, row.lot): row for row in store.content(work.conn, warehouse, carton.id)}
    weights = {line.line: line.weight_g for line in store.sized_lines(work.conn, warehouse, carton.fulfilment)}
    lighter = 0
    for part in msgspec.convert(effect.details.get("parts", []), list[Packed]):
        row = inside.get((part.line, part.lot))
        if row is None or row.quantity < part.quantity:
            raise Refusal("nothing_to_undo")
        goods = inventory.Goods(row.item, row.lot, row.expiry)
        source, target = inventory.Place(station.bin, carton.lpn), inventory.Place(part.bin, effect.lpn)
        inventory.take(work, warehouse, goods, part.quantity, source, target, "undo")
        store.change_content(work.conn, warehouse, row.id, -part.quantity)
        lighter += weights.get(row.line, 0) * part.quantity
        params = {"quantity": part.quantity, "carton": carton.number}
        order_lines.change(work, row.line, "unpacked", params, packed=-part.quantity)
    store.set_carton(work.conn, warehouse, carton, expected_g=carton.expected_g - lighter)


class Packed(msgspec.Struct, frozen=True):
    """Units that a command put into a carton, as its effect keeps them."""

    line: UUID
    lot: str
    bin: UUID
    quantity: int


# --- what is not in the tote


def short(work: Work, warehouse: int, body: PackShort) -> Answer:
    """Units that were picked are not in the tote, or are damaged: the books follow, the line waits for stock.

    With what is left the carton may be complete; what ships only whole waits, on `place` where one is free. Never
    refuses what the books can follow.
    """
    station = store.station_by_id(work.conn, warehouse, body.station)
    part = store.part(work.conn, warehouse, body.fulfilment)
    if station is None or part is None:
        raise SetAside("there is no such station or order here")
    if (stopped := _stopped(part)) is not None:
        return Answer(stopped, "card", {"order": part.number})
    pieces = _pieces(work, warehouse, part, body.tote, body.item, "", body.missing)
    gone = inventory.Place(locations.special_bin(work.conn, warehouse, "adjustment"))
    target = inventory.Place(station.bin, status="damaged") if body.reason == "damaged" else gone
    for piece in pieces:
        inventory.take(work, warehouse, piece.goods, piece.quantity, piece.place, target, f"pack short: {body.reason}")
        params = {"quantity": piece.quantity, "tote": body.tote, "reason": body.reason}
        gone_from = {"picked": -piece.quantity, "backordered": piece.quantity}
        order_lines.change(work, piece.line.line, "shorted", params, why=body.reason, **gone_from)
    _free_if_empty(work, warehouse, pieces[0].place.lpn)
    work.emit("station.changed", stream=warehouse, station=station.id)
    place = None if rules.left(_facts(work, warehouse, part)) else _nothing_more(work, warehouse, station, part)
    said: dict[str, str | int] = {"missing": body.missing}
    return Answer("shorted_backordered", "ok", said if place is None else {**said, "place": place})


def _nothing_more(work: Work, warehouse: int, station: Station, part: Part) -> int | None:
    """Nothing more goes in for now: the carton is complete, an empty one is not needed, or the order is parked."""
    filled, empty = _opened(work.conn, warehouse, part.id)
    for each in empty:
        _void(work, warehouse, each, each.expected_g)
    if not all_in(work, warehouse, part.id):
        return _park(work, warehouse, station, part)
    for each in filled:
        complete(work, warehouse, each.id)
    return None


def _opened(conn: sa.Connection, warehouse: int, part_id: UUID) -> tuple[list[Carton], list[Carton]]:
    """The open cartons of a fulfilment: those in which something lies, and the empty ones."""
    opened = [each for each in store.cartons_of(conn, warehouse, part_id) if each.state == "open"]
    filled = [each for each in opened if store.content(conn, warehouse, each.id)]
    return filled, [each for each in opened if each not in filled]


def on_line_backordered(work: Work, event: Event) -> None:
    """Same-transaction reaction to `line.backordered`: what was waited for does not come, so the carton is complete."""
    warehouse, part_id = event.stream, event.payload["fulfilment"]
    filled, _ = _opened(work.conn, warehouse, part_id)
    if filled and all_in(work, warehouse, part_id):
        for each in filled:
            complete(work, warehouse, each.id)


def has_empty_carton(conn: sa.Connection, warehouse: int, part_id: UUID) -> bool:
    """Whether a carton is open for this fulfilment in which nothing lies."""
    return bool(_opened(conn, warehouse, part_id)[1])


def drop_empty(work: Work, warehouse: int, part_id: UUID) -> None:
    """A picker has found that the rest does not come: the carton that was begun for it is not needed.

    After the commit of its cause: with the carton gone the order may leave, which in one transaction would go round.
    """
    if not all_in(work, warehouse, part_id):
        return
    for each in _opened(work.conn, warehouse, part_id)[1]:
        _void(work, warehouse, each, each.expected_g)


# --- cancel


def on_line_cancelled(work: Work, event: Event) -> None:
    """Packed units of a line were cancelled: they come out of the carton and go back; an empty carton is voided."""
    if not event.payload.get("packed"):
        return
    warehouse, line = event.stream, event.payload["line"]
    bins = [each.bin for each in task_store.of_line(work.conn, warehouse, line) if each.kind == "pick"]
    for carton in store.cartons_of(work.conn, warehouse, event.payload["fulfilment"]):
        if carton.state not in ("open", "complete"):
            continue
        rows = [row for row in store.content(work.conn, warehouse, carton.id) if row.line == line]
        if rows:
            _unpack(work, warehouse, carton, rows, bins, event.payload["fulfilment"])


def _unpack(
    work: Work, warehouse: int, carton: Carton, rows: Sequence[store.Content], bins: Sequence[UUID], part: UUID
) -> None:
    weights = {line.line: line.weight_g for line in store.sized_lines(work.conn, warehouse, part)}
    expected = carton.expected_g
    back = []
    for row in rows:
        goods = inventory.Goods(row.item, row.lot, row.expiry)
        home = bins[0] if bins else _station(work, warehouse, carton.station).bin
        task = tasks.task_row(work, warehouse, "put_back", home, goods, row.quantity, reason="order_cancelled")
        back.append(task | {"lpn_id": carton.lpn, "fulfilment_id": part, "line_id": row.line})
        store.change_content(work.conn, warehouse, row.id, -row.quantity)
        expected -= weights.get(row.line, 0) * row.quantity
    task_store.add(work.conn, back)
    for task in back:
        work.emit("task.opened", stream=warehouse, task=task["id"], kind="put_back")
    if store.content(work.conn, warehouse, carton.id):
        store.set_carton(work.conn, warehouse, carton, expected_g=expected)
        _changed(work, warehouse, carton)
    else:
        _void(work, warehouse, carton, expected)


def _void(work: Work, warehouse: int, carton: Carton, expected_g: int) -> None:
    """Nothing lies in this carton any more: it does not leave."""
    state = CARTON.advance(carton.state, "void")
    store.set_carton(work.conn, warehouse, carton, state=state, expected_g=expected_g)
    store.unpark(work.conn, warehouse, carton.lpn)
    work.emit("carton.voided", stream=warehouse, carton=carton.id, fulfilment=carton.fulfilment)
    _changed(work, warehouse, carton)


def invariants(conn: sa.Connection) -> list[str]:
    """What is broken of invariant 5: what lines say is packed lies in cartons, unit by unit."""
    inside = dict(store.packed_by_line(conn))
    broken = []
    for line, packed in store.packed_facts(conn):
        found = inside.pop(line, 0)
        if found != packed:
            broken.append(f"line {line}: {packed} packed, {found} lie in cartons")
    broken.extend(f"line {line}: nothing packed, {found} lie in cartons" for line, found in inside.items())
    scanned, lying = store.scanned_goods(conn), store.lying_goods(conn)
    for goods in sorted(scanned.keys() | lying.keys(), key=str):
        sscc, state, item, lot = goods
        there = lying.get(goods, 0)
        if there != scanned.get(goods, 0) and (there or state != "closed"):  # what was closed may have left
            said = f"{scanned.get(goods, 0)} scanned, {there} in the ledger"
            broken.append(f"carton {sscc}, {state}: item {item}, lot {lot!r}: {said}")
    return broken
