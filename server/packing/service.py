"""Why: scan-to-verify: nothing leaves that was not scanned, into the box it belongs to, with the weight it should have.

Procedure at a station: (1) scan a tote, its orders appear; (2) scan every item, it goes into its order's carton, which
opens by itself in the suggested size; (3) at the last one the carton is complete and its label is wanted (the later
room `shipping` asks for it); (4) weigh; (5) scan the label. Items are facts: what cannot be booked is set aside.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
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
from server.orders import service as orders
from server.packing import cartonise, judge, rules, store
from server.packing.lifecycle import CARTON
from server.packing.schemas import ChooseCarton, NewCartonType, NewStation, OpenTote, PackItem, UndoPacking, Weigh
from server.packing.store import Carton, Part, Station
from server.spooler import service as spooler
from server.tasks import service as tasks
from server.tasks import store as task_store
from server.tasks.facts import SetAside
from server.tasks.lifecycle import TOTE
from server.tasks.schemas import Answer, Effect

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
    tote = task_store.tote_by_code(work.conn, warehouse, code)
    if tote is None:
        raise Refusal("tote_unknown", tote=code[:40])
    if tote.state == "assigned":
        raise Refusal("tote_still_picking", tote=code)
    if tote.state != "staged" or not task_store.holds_goods(work.conn, warehouse, tote.lpn):
        raise Refusal("tote_empty", tote=code)
    task_store.set_tote(work.conn, warehouse, tote.lpn, tote.state, None, station.id)
    for part_id in store.parts_in_tote(work.conn, warehouse, tote.lpn):
        if not store.cartons_of(work.conn, warehouse, part_id):
            params = {"tote": code, "station": station.code}
            orders.tell_fulfilment(work, part_id, "packing_began", params)
    work.emit("station.changed", stream=warehouse, station=station.id)
    return Answer("pack_opened", "ok", {"tote": code})


def _station(work: Work, warehouse: int, station_id: UUID) -> Station:
    station = store.station_by_id(work.conn, warehouse, station_id)
    if station is None:
        raise Refusal("station_unknown")
    return station


# --- an item goes into its carton


def pack_item(work: Work, warehouse: int, body: PackItem) -> Answer:
    """Books goods out of the tote into the order's carton; with the last one the carton is complete. Never refuses."""
    station = store.station_by_id(work.conn, warehouse, body.station)
    part = store.part(work.conn, warehouse, body.fulfilment)
    if station is None or part is None:
        raise SetAside("there is no such station or order here")
    goods, source, lpn_id = _in_tote(work, warehouse, body)
    line = _line_for(work, warehouse, part, goods.item, body.qty)
    carton = _carton_for(work, warehouse, station, part)
    target = inventory.Place(station.bin, carton.lpn)
    inventory.take(work, warehouse, goods, body.qty, inventory.Place(source, lpn_id), target, "pack")
    _put_in(work, warehouse, carton, line, goods, body.qty)
    params = {"quantity": body.qty, "carton": carton.number}
    orders.change(work, line.line, "packed", params, packed=body.qty)
    _keep_effect(work, warehouse, carton, line.line, goods, body.qty, source, lpn_id)
    _free_if_empty(work, warehouse, lpn_id)
    return _after_item(work, warehouse, part, carton, line, body.qty)


def _in_tote(work: Work, warehouse: int, body: PackItem) -> tuple[inventory.Goods, UUID, UUID]:
    """The goods that were scanned, as they lie in the tote, with the tote's bin and licence plate."""
    scan = barcodes.parse(body.item)
    found = catalog.resolve(work.conn, scan.code or body.item)
    tote = stock.lpn_by_code(work.conn, warehouse, barcodes.parse(body.tote).code or body.tote)
    if found is None or tote is None:
        raise SetAside(f"there is no item {body.item[:40]} or no tote {body.tote[:40]}")
    lot = body.lot or scan.lot
    for row in stock.contents(work.conn, warehouse, tote[0]):
        if row.item == found.item_id and row.quantity >= body.qty and lot in ("", row.lot):
            return inventory.Goods(row.item, row.lot, row.expiry), row.bin, tote[0]
    raise SetAside(f"the tote does not hold {body.qty} of it")


def _line_for(work: Work, warehouse: int, part: Part, item: UUID, quantity: int) -> store.Sized:
    for line in store.sized_lines(work.conn, warehouse, part.id):
        if line.item == item and line.picked - line.packed >= quantity:
            return line
    raise SetAside(f"order {part.number} does not want {quantity} more of it")


def _carton_for(work: Work, warehouse: int, station: Station, part: Part) -> Carton:
    cartons = store.cartons_of(work.conn, warehouse, part.id)
    for each in cartons:
        if each.state == "open":
            return each
    suggested = _suggest(work, warehouse, part)
    if suggested is None:
        raise SetAside("there is no carton type")
    number, carton_id = len(cartons) + 1, work.new_id()
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
        "carton_type": suggested.code,
        "state": CARTON.initial,
        "expected_g": suggested.tare_g,
        "person_id": work.actor.person,
        "opened_at": work.now,
    }
    store.add_carton(work.conn, plate, row)
    made = store.carton_by_id(work.conn, warehouse, carton_id)
    assert made is not None
    return made


def _suggest(work: Work, warehouse: int, part: Part) -> cartonise.Box | None:
    """The carton for what is still to pack; the first one where several are needed."""
    pieces = [
        cartonise.Piece(line.length_mm, line.width_mm, line.height_mm, line.weight_g, line.picked - line.packed)
        for line in store.sized_lines(work.conn, warehouse, part.id)
        if line.picked > line.packed
    ]
    filled = cartonise.suggest(pieces, boxes(work.conn))
    return filled[0].box if filled else None


def boxes(conn: sa.Connection) -> list[cartonise.Box]:
    """The carton types as the cartoniser wants them."""
    return [
        cartonise.Box(
            row.code, row.length_mm, row.width_mm, row.height_mm, row.tare_g, row.max_weight_g, row.fill_percent
        )
        for row in store.carton_types(conn)
    ]


def _next_sscc(work: Work, warehouse: int) -> str:
    """A serial that no other warehouse of the same company gives out: its first two digits are the warehouse's."""
    gcp = store.company_prefix(work.conn, warehouse)
    room = 16 - len(gcp) - 2
    serial = work.number("sscc", stream=warehouse) % 10**room
    return sscc18(EXTENSION, gcp, (warehouse % 100) * 10**room + serial)


def _put_in(
    work: Work, warehouse: int, carton: Carton, line: store.Sized, goods: inventory.Goods, quantity: int
) -> None:
    for row in store.content(work.conn, warehouse, carton.id):
        if row.line == line.line and row.lot == goods.lot:
            store.change_content(work.conn, warehouse, row.id, quantity)
            break
    else:
        store.add_content(
            work.conn,
            {
                "id": work.new_id(),
                "warehouse_id": warehouse,
                "carton_id": carton.id,
                "line_id": line.line,
                "item_id": goods.item,
                "lot": goods.lot,
                "expiry": goods.expiry,
                "quantity": quantity,
            },
        )
    expected = carton.expected_g + line.weight_g * quantity
    store.set_carton(work.conn, warehouse, carton, expected_g=expected)


def _keep_effect(
    work: Work,
    warehouse: int,
    carton: Carton,
    line: UUID,
    goods: inventory.Goods,
    quantity: int,
    source: UUID,
    lpn_id: UUID,
) -> None:
    effect = Effect(good=quantity, source_bin=source, lpn=lpn_id, line=line, details={"lot": goods.lot})
    task_store.add_effect(
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


def _free_if_empty(work: Work, warehouse: int, lpn_id: UUID) -> None:
    if not task_store.holds_goods(work.conn, warehouse, lpn_id):
        task_store.set_tote(work.conn, warehouse, lpn_id, TOTE.advance("staged", "free"), None)


def _after_item(work: Work, warehouse: int, part: Part, carton: Carton, line: store.Sized, quantity: int) -> Answer:
    facts = order_rules.total(orders.facts_of(work.conn, part.id, warehouse).values())
    full = rules.all_in(facts, "ship_complete" if part.split == "ship_complete" else "ship_available")
    if full:
        now = store.carton_by_id(work.conn, warehouse, carton.id)
        assert now is not None
        store.set_carton(work.conn, warehouse, now, state=CARTON.advance(now.state, "complete"))
        work.emit("label.wanted", stream=warehouse, carton=carton.id, fulfilment=part.id)
    _changed(work, warehouse, carton)
    if full:
        return Answer("carton_complete", "ok")
    return Answer("packed", "ok", {"packed": line.packed + quantity, "quantity": line.picked})


def _changed(work: Work, warehouse: int, carton: Carton) -> None:
    work.emit(
        "carton.changed", stream=warehouse, carton=carton.id, fulfilment=carton.fulfilment, station=carton.station
    )


# --- the carton


def choose_carton(work: Work, warehouse: int, body: ChooseCarton) -> Answer:
    """Another type for the open carton; refuses `carton_type_unknown`, `carton_unknown`."""
    box = next((each for each in boxes(work.conn) if each.code == body.carton_type), None)
    if box is None:
        raise Refusal("carton_type_unknown", carton_type=body.carton_type)
    carton = _open_carton(work, warehouse, body.fulfilment)
    tares = {each.code: each.tare_g for each in boxes(work.conn)}
    expected = carton.expected_g - tares.get(carton.type, 0) + box.tare_g
    store.set_carton(work.conn, warehouse, carton, type_=box.code, expected_g=expected)
    _changed(work, warehouse, carton)
    return Answer("carton_chosen", "ok", {"carton_type": box.code})


def _open_carton(work: Work, warehouse: int, fulfilment: UUID) -> Carton:
    for each in store.cartons_of(work.conn, warehouse, fulfilment):
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


def undo(work: Work, warehouse: int, body: UndoPacking) -> Answer:
    """The last item goes out of the open carton, back into its tote."""
    carton = _open_carton(work, warehouse, body.fulfilment)
    if carton.state != "open":
        raise Refusal("undo_too_late", reason="its label is on the way; void it first")
    last = store.last_packed(work.conn, warehouse, carton.id)
    if last is None:
        raise Refusal("nothing_to_undo")
    command, effect = last[0], msgspec.convert(last[1], Effect)
    _take_out(work, warehouse, carton, effect)
    task_store.mark_undone(work.conn, warehouse, command, work.command_id)
    _changed(work, warehouse, carton)
    return Answer("unpacked", "ok")


def _take_out(work: Work, warehouse: int, carton: Carton, effect: Effect) -> None:
    station = _station(work, warehouse, carton.station)
    lot = str(effect.details.get("lot", ""))
    row = next(
        (
            each
            for each in store.content(work.conn, warehouse, carton.id)
            if (each.line, each.lot) == (effect.line, lot)
        ),
        None,
    )
    if row is None or effect.source_bin is None or effect.lpn is None:
        raise Refusal("nothing_to_undo")
    goods = inventory.Goods(row.item, row.lot, row.expiry)
    source, target = inventory.Place(station.bin, carton.lpn), inventory.Place(effect.source_bin, effect.lpn)
    inventory.take(work, warehouse, goods, effect.good, source, target, "undo")
    store.change_content(work.conn, warehouse, row.id, -effect.good)
    weights = {line.line: line.weight_g for line in store.sized_lines(work.conn, warehouse, carton.fulfilment)}
    expected = carton.expected_g - weights.get(row.line, 0) * effect.good
    store.set_carton(work.conn, warehouse, carton, expected_g=expected)
    task_store.set_tote(work.conn, warehouse, effect.lpn, "staged", None, carton.station)
    params = {"quantity": effect.good, "carton": carton.number}
    orders.change(work, row.line, "unpacked", params, packed=-effect.good)


# --- cancel


def on_line_cancelled(work: Work, event: Event) -> None:
    """Packed units of a line were cancelled: they come out of the carton and go back; an empty carton is voided."""
    if not event.payload.get("packed"):
        return
    warehouse, line = event.stream, event.payload["line"]
    bins = [each.bin for each in task_store.tasks_of_line(work.conn, warehouse, line) if each.kind == "pick"]
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
        task = tasks.task_row(work, warehouse, "put_back", home, goods, row.quantity, reason="order cancelled")
        back.append(task | {"lpn_id": carton.lpn, "fulfilment_id": part, "line_id": row.line})
        store.change_content(work.conn, warehouse, row.id, -row.quantity)
        expected -= weights.get(row.line, 0) * row.quantity
    task_store.add_tasks(work.conn, back)
    for task in back:
        work.emit("task.opened", stream=warehouse, task=task["id"], kind="put_back")
    empty = not store.content(work.conn, warehouse, carton.id)
    state = CARTON.advance(carton.state, "void") if empty else carton.state
    store.set_carton(work.conn, warehouse, carton, state=state, expected_g=expected)
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
    return broken
