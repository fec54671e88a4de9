"""Why: a tote comes to a bench, waits there with the rest of its order, and is free once it is empty."""

from __future__ import annotations

from uuid import UUID

from server.core import barcodes
from server.core.events import Event
from server.core.refusal import Refusal
from server.db.work import Work
from server.orders.service import timelines
from server.packing import rules
from server.packing.schemas import OpenTote
from server.packing.service.fulfilments import facts_of, split_of
from server.packing.service.stations import station_of
from server.packing.store import cartons, fulfilments, parking, totes
from server.packing.store.fulfilments import Part
from server.packing.store.stations import Station
from server.tasks.lifecycle import TOTE
from server.tasks.schemas import Answer
from server.tasks.store import tasks as task_store
from server.tasks.store import totes as tote_store


def open_tote(work: Work, warehouse: int, body: OpenTote) -> Answer:
    """The tote stands at this station; refuses one that is unknown, empty, or still being picked into.

    Whether it is empty is what lies in it, not what was said of it: goods that came by a way of their own are packed.
    """
    station = station_of(work, warehouse, body.station)
    code = barcodes.parse(body.tote).code or body.tote
    tote = tote_store.by_code(work.conn, warehouse, code)
    if tote is None:
        raise Refusal("tote_unknown", tote=code[:40])
    if tote.state == "assigned":
        raise Refusal("tote_still_picking", tote=code)
    if not tote_store.holds_goods(work.conn, warehouse, tote.lpn):
        raise Refusal("tote_empty", tote=code)
    staged = tote.state if tote.state == "staged" else TOTE.advance(tote.state, "stage")
    tote_store.write(work.conn, warehouse, tote.lpn, staged, None, station.id)
    place = None
    part_id = tote_store.filled_for(work.conn, warehouse, tote.lpn)
    part = None if part_id is None else fulfilments.by_id(work.conn, warehouse, part_id)
    if part is not None:
        if not cartons.of_fulfilment(work.conn, warehouse, part.id):
            params = {"tote": code, "station": station.code}
            timelines.tell_fulfilment(work, part.id, "packing_began", params)
        place = park(work, warehouse, station, part)
    for changed in ({station.id, tote.station} | _benches_of(work, warehouse, part_id)) - {None}:
        work.emit("station.changed", stream=warehouse, station=changed)
    return Answer("pack_opened", "ok", {"tote": code} if place is None else {"tote": code, "place": place})


def _benches_of(work: Work, warehouse: int, part_id: UUID | None) -> set[UUID | None]:
    """The stations at which totes of an order wait for its rest."""
    return set() if part_id is None else {each.station for each in totes.of_fulfilment(work.conn, warehouse, part_id)}


def on_tour_finished(work: Work, event: Event) -> None:
    """Same-transaction reaction to `tour.finished`: benches that wait for a tote of it see where it is now."""
    warehouse = event.stream
    parts = totes.fulfilments_on_tour(work.conn, warehouse, event.payload["tour"])
    for station in {each for part in parts for each in _benches_of(work, warehouse, part)} - {None}:
        work.emit("station.changed", stream=warehouse, station=station)


def park(work: Work, warehouse: int, station: Station, part: Part) -> int | None:
    """The place where all that is here of an order waits for the rest of it; with the last of it none does.

    None too where no numbered place is free.
    """
    filled = totes.of_fulfilment(work.conn, warehouse, part.id)
    boxes = cartons.of_fulfilment(work.conn, warehouse, part.id)
    here = [each.lpn for each in filled if each.station == station.id]
    here.extend(each.lpn for each in boxes if each.station == station.id and each.state in ("open", "complete"))
    for lpn in here:
        parking.unpark(work.conn, warehouse, lpn)
    facts = facts_of(work, warehouse, part)
    whole = all(each.station == station.id for each in filled) and not facts.reserved
    if not here or (whole and not rules.waits(facts, split_of(part))):
        return None
    taken = parking.places(work.conn, warehouse, station.id).values()
    place = next((place for place in range(1, station.parking + 1) if place not in taken), None)
    if place is not None:
        parking.park(work.conn, warehouse, station.id, place, here[0])
    return place


def free_if_empty(work: Work, warehouse: int, lpn_id: UUID | None) -> None:
    """A tote out of which the last unit went is free to be taken, and its parking place too."""
    tote = None if lpn_id is None else tote_store.by_id(work.conn, warehouse, lpn_id)
    if tote is None or tote.state != "staged" or tote_store.holds_goods(work.conn, warehouse, tote.lpn):
        return
    parking.unpark(work.conn, warehouse, tote.lpn)
    tote_store.write(work.conn, warehouse, tote.lpn, TOTE.advance(tote.state, "free"), None)
    if tote.station is not None:
        work.emit("station.changed", stream=warehouse, station=tote.station)


def on_task_done(work: Work, event: Event) -> None:
    """Same-transaction reaction to `task.done`: a put-back that emptied a tote at a station frees it."""
    if event.payload["kind"] == "put_back":
        task = task_store.by_id(work.conn, event.stream, event.payload["task"])
        free_if_empty(work, event.stream, None if task is None else task.lpn)
