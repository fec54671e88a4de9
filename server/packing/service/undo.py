"""Why: a packer's slip is mended at once: the last item goes back into its tote."""

from __future__ import annotations

from uuid import UUID

import msgspec

from server.core.refusal import Refusal
from server.db.work import Work
from server.inventory import service as inventory
from server.orders.service import lines as order_lines
from server.packing.schemas import UndoPacking
from server.packing.service.cartons import changed
from server.packing.service.places import settle_at
from server.packing.service.stations import station_of
from server.packing.store import cartons, fulfilments
from server.packing.store.cartons import Carton
from server.tasks.schemas import Answer, Effect
from server.tasks.store import effects
from server.tasks.store import totes as tote_store


def undo(work: Work, warehouse: int, body: UndoPacking) -> Answer:
    """The last item goes out of the open carton, back into its tote.

    Refuses `carton_unknown`, `nothing_to_undo`, and `undo_too_late` once the label is wanted or the tote has gone on.
    """
    carton = _open_carton(work, warehouse, body.fulfilment)
    if carton.state != "open":
        raise Refusal("undo_too_late", reason="label_on_its_way")
    last = cartons.last_packed(work.conn, warehouse, carton.id)
    if last is None:
        raise Refusal("nothing_to_undo")
    command, effect = last[0], msgspec.convert(last[1], Effect)
    _bring_tote_back(work, warehouse, carton, effect.lpn)
    _take_out(work, warehouse, carton, effect)
    effects.mark_undone(work.conn, warehouse, command, work.command_id)
    settle_at(work, warehouse, carton.station, carton.fulfilment)
    changed(work, warehouse, carton)
    return Answer("unpacked", "ok")


def _open_carton(work: Work, warehouse: int, fulfilment: UUID) -> Carton:
    for each in reversed(cartons.of_fulfilment(work.conn, warehouse, fulfilment)):
        if each.state in ("open", "complete"):
            return each
    raise Refusal("carton_unknown")


def _bring_tote_back(work: Work, warehouse: int, carton: Carton, lpn_id: UUID | None) -> None:
    """The tote stands at the station again, unless it has gone on to another order."""
    tote = None if lpn_id is None else tote_store.by_id(work.conn, warehouse, lpn_id)
    if tote is None:
        raise Refusal("nothing_to_undo")
    if tote.state == "assigned" or tote_store.filled_for(work.conn, warehouse, tote.lpn) != carton.fulfilment:
        raise Refusal("undo_too_late", reason="tote_in_use")
    tote_store.write(work.conn, warehouse, tote.lpn, "staged", None, carton.station)
    work.emit("station.changed", stream=warehouse, station=carton.station)


class Packed(msgspec.Struct, frozen=True):
    """Units that a command put into a carton, as its effect keeps them."""

    line: UUID
    lot: str
    bin: UUID
    quantity: int


def _take_out(work: Work, warehouse: int, carton: Carton, effect: Effect) -> None:
    station = station_of(work, warehouse, carton.station)
    inside = {(row.line, row.lot): row for row in cartons.content(work.conn, warehouse, carton.id)}
    weights = {line.line: line.weight_g for line in fulfilments.sized_lines(work.conn, warehouse, carton.fulfilment)}
    lighter = 0
    for part in msgspec.convert(effect.details.get("parts", []), list[Packed]):
        row = inside.get((part.line, part.lot))
        if row is None or row.quantity < part.quantity:
            raise Refusal("nothing_to_undo")
        goods = inventory.Goods(row.item, row.lot, row.expiry)
        source, target = inventory.Place(station.bin, carton.lpn), inventory.Place(part.bin, effect.lpn)
        inventory.take(work, warehouse, goods, part.quantity, source, target, "undo")
        cartons.change_content(work.conn, warehouse, row.id, -part.quantity)
        lighter += weights.get(row.line, 0) * part.quantity
        params = {"quantity": part.quantity, "carton": carton.number}
        order_lines.change(work, row.line, "unpacked", params, packed=-part.quantity)
    cartons.write(work.conn, warehouse, carton, expected_g=carton.expected_g - lighter)
