"""Why: an item goes out of the tote into the box of the line that wants it, unit by unit, lot by lot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

import msgspec

from server.catalog import service as catalog
from server.core import barcodes
from server.db.work import Work
from server.inventory import service as inventory
from server.inventory import store as stock
from server.orders.service import lines as order_lines
from server.packing.schemas import PackItem
from server.packing.service.cartons import carton_for, changed, complete
from server.packing.service.fulfilments import all_in, stopped
from server.packing.service.places import settle_at
from server.packing.service.stations import station_of
from server.packing.service.totes import free_if_empty
from server.packing.store import cartons, fulfilments, stations, totes
from server.packing.store.cartons import Carton
from server.packing.store.fulfilments import Part, Sized
from server.packing.store.stations import Station
from server.tasks.facts import SetAside
from server.tasks.schemas import Answer, Effect
from server.tasks.store import effects
from server.tasks.store import tasks as task_store
from server.tasks.store import totes as tote_store


class Piece(NamedTuple):
    """Units of one line, as they lie in the tote."""

    line: Sized
    goods: inventory.Goods
    place: inventory.Place
    quantity: int


def pack_item(work: Work, warehouse: int, body: PackItem) -> Answer:
    """Books goods out of the tote into the order's carton; with the last one the carton is complete. Never refuses.

    Of several totes of the order at the station it is the one that holds them. What was stopped meanwhile stays in its
    tote: nothing is booked and the answer says so. What the books do not know of this order or this tote is set aside.
    """
    station, part = at_bench(work, warehouse, body.station, body.fulfilment)
    if (why := stopped(part)) is not None:
        return Answer(why, "card", {"order": part.number})
    pieces = matching(work, warehouse, part, body.tote, body.item, body.lot or "", body.qty)
    carton = carton_for(work, warehouse, station, part)
    # It stands where it was opened, also when the rest of its order is brought to another station.
    bench = station if station.id == carton.station else station_of(work, warehouse, carton.station)
    target = inventory.Place(bench.bin, carton.lpn)
    for piece in pieces:
        inventory.take(work, warehouse, piece.goods, piece.quantity, piece.place, target, "pack")
        _put_in(work, warehouse, carton, piece)
        params = {"quantity": piece.quantity, "carton": carton.number}
        order_lines.change(work, piece.line.line, "packed", params, packed=piece.quantity)
    _keep_effect(work, warehouse, carton, pieces)
    free_if_empty(work, warehouse, pieces[0].place.lpn)
    return _after_item(work, warehouse, part, carton, pieces[-1].line, pieces)


def at_bench(work: Work, warehouse: int, station_id: UUID, fulfilment_id: UUID) -> tuple[Station, Part]:
    """The station and the order of a fact; set aside where there is no such thing here."""
    station = stations.by_id(work.conn, warehouse, station_id)
    part = fulfilments.by_id(work.conn, warehouse, fulfilment_id)
    if station is None or part is None:
        raise SetAside("no_such_station" if station is None else "no_such_order")
    return station, part


def matching(work: Work, warehouse: int, part: Part, tote: str, item: str, lot: str, quantity: int) -> list[Piece]:
    """What was scanned, line by line and lot by lot: into the lines that want it, out of what lies in the tote."""
    scan = barcodes.parse(item)
    found = catalog.resolve(work.conn, scan.code or item)
    plate = stock.lpn_by_code(work.conn, warehouse, barcodes.parse(tote).code or tote)
    if found is None or plate is None:
        raise SetAside("no_such_item" if found is None else "no_such_tote")
    lot = lot or scan.lot
    for lpn in (plate[0], *_beside(work, warehouse, part, plate[0])):
        rows = [row for row in _loose(work, warehouse, lpn, found.item_id) if lot in ("", row.lot)]
        if sum(row.quantity for row in rows) >= quantity:
            break
    else:
        raise SetAside("not_in_tote")
    lines = [line for line in fulfilments.sized_lines(work.conn, warehouse, part.id) if line.item == found.item_id]
    if sum(line.picked - line.packed for line in lines) < quantity:
        raise SetAside("not_wanted")
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
    if tote_store.filled_for(work.conn, warehouse, lpn_id) != part.id:
        return []
    filled = totes.of_fulfilment(work.conn, warehouse, part.id)
    return [each.lpn for each in filled if each.station is not None and each.lpn != lpn_id]


def _matched(lines: list[Sized], rows: list[stock.Content], lpn_id: UUID, quantity: int) -> list[Piece]:
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


def _put_in(work: Work, warehouse: int, carton: Carton, piece: Piece) -> None:
    goods = piece.goods
    for row in cartons.content(work.conn, warehouse, carton.id):
        if row.line == piece.line.line and row.lot == goods.lot:
            cartons.change_content(work.conn, warehouse, row.id, piece.quantity)
            return
    cartons.add_content(
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


def _after_item(work: Work, warehouse: int, part: Part, carton: Carton, line: Sized, pieces: Sequence[Piece]) -> Answer:
    weight = sum(piece.line.weight_g * piece.quantity for piece in pieces)
    cartons.write(work.conn, warehouse, carton, expected_g=carton.expected_g + weight)
    if all_in(work, warehouse, part.id):
        complete(work, warehouse, carton.id)
        return Answer("carton_complete", "ok")
    settle_at(work, warehouse, carton.station, part.id)
    changed(work, warehouse, carton)
    packed = line.packed + sum(piece.quantity for piece in pieces if piece.line.line == line.line)
    return Answer("packed", "ok", {"packed": packed, "quantity": line.picked})
