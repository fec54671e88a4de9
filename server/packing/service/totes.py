"""Why: a tote comes to a bench, waits there with the rest of its order, and is free once it is empty."""

from __future__ import annotations

from uuid import UUID

from server.core import barcodes
from server.core.events import Event
from server.core.refusal import Refusal
from server.db.work import Work
from server.orders.service import timelines
from server.packing.schemas import OpenTote
from server.packing.service.places import settle, settle_all
from server.packing.service.stations import station_of
from server.packing.store import cartons, fulfilments, parking, totes
from server.packing.store.fulfilments import Part
from server.packing.store.stations import Station
from server.tasks.lifecycle import TOTE
from server.tasks.schemas import Answer
from server.tasks.store import tasks as task_store
from server.tasks.store import totes as tote_store
from server.tasks.store.totes import Tote


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
    part_id = tote_store.filled_for(work.conn, warehouse, tote.lpn)
    part = None if part_id is None else fulfilments.by_id(work.conn, warehouse, part_id)
    said: dict[str, str | int] = {"tote": code}
    if part is not None:
        if not cartons.of_fulfilment(work.conn, warehouse, part.id):
            params = {"tote": code, "station": station.name}
            timelines.tell_fulfilment(work, part.id, "packing_began", params)
        said |= _where_to(work, warehouse, station, part, tote)
        settle_all(work, warehouse, part.id)
    for changed in ({station.id, tote.station} | _benches_of(work, warehouse, part_id)) - {None}:
        work.emit("station.changed", stream=warehouse, station=changed)
    return Answer("pack_opened", "ok", said)


def _where_to(work: Work, warehouse: int, station: Station, part: Part, tote: Tote) -> dict[str, str | int]:
    """What is to be done with a tote that came: put on its `place`, beside the places where all `places` are taken.

    With the last one of its order it is told what is to be fetched `from` which place: totes, or nothing but cartons.
    """
    standing = settle(work, warehouse, station, part, fetched=False)
    if standing.place is None:
        return {"order": part.number, "places": station.parking} if standing.waits else {}
    parking.bring(work.conn, warehouse, station.id, part.id, None if standing.waits else tote.lpn)
    if standing.waits:
        return {"order": part.number, "place": standing.place}
    filled = totes.of_fulfilment(work.conn, warehouse, part.id)
    others = [each.code for each in filled if each.station == station.id and each.lpn != tote.lpn]
    return {"order": part.number, "from": standing.place, "fetch": ", ".join(others)}


def _benches_of(work: Work, warehouse: int, part_id: UUID | None) -> set[UUID | None]:
    """The stations at which totes of an order wait for its rest."""
    return set() if part_id is None else {each.station for each in totes.of_fulfilment(work.conn, warehouse, part_id)}


def on_tour_finished(work: Work, event: Event) -> None:
    """Same-transaction reaction to `tour.finished`: benches that wait for a tote of it see where it is now.

    One that was picked into again and came back empty stands on no place any more.
    """
    warehouse = event.stream
    parts = totes.fulfilments_on_tour(work.conn, warehouse, event.payload["tour"])
    for part in parts:
        settle_all(work, warehouse, part)
    for station in {each for part in parts for each in _benches_of(work, warehouse, part)} - {None}:
        work.emit("station.changed", stream=warehouse, station=station)


def free_if_empty(work: Work, warehouse: int, lpn_id: UUID | None) -> None:
    """A tote out of which the last unit went is free to be taken, and the place of its order too, if that was all."""
    tote = None if lpn_id is None else tote_store.by_id(work.conn, warehouse, lpn_id)
    if tote is None or tote.state != "staged" or tote_store.holds_goods(work.conn, warehouse, tote.lpn):
        return
    part_id = tote_store.filled_for(work.conn, warehouse, tote.lpn)
    tote_store.write(work.conn, warehouse, tote.lpn, TOTE.advance(tote.state, "free"), None)
    if part_id is not None:
        settle_all(work, warehouse, part_id)
    if tote.station is not None:
        work.emit("station.changed", stream=warehouse, station=tote.station)


def on_task_done(work: Work, event: Event) -> None:
    """Same-transaction reaction to `task.done`: a put-back that emptied a tote at a station frees it."""
    if event.payload["kind"] == "put_back":
        task = task_store.by_id(work.conn, event.stream, event.payload["task"])
        free_if_empty(work, event.stream, None if task is None else task.lpn)
