"""Why: an order that comes in several totes waits on a numbered place, and the place is free when nothing stands there.

Whatever moves totes or cartons at a bench ends with `settle`: in the same unit the place is taken, kept or freed. It is
kept while the rest is to come, and after that until somebody has fetched what stands there.
"""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

import msgspec
import sqlalchemy as sa

from server.db.work import Work
from server.orders.service import timelines
from server.packing import rules
from server.packing.service.fulfilments import facts_of, split_of
from server.packing.store import cartons, fulfilments, parking, stations, totes
from server.packing.store.fulfilments import Part
from server.packing.store.stations import Station


class Standing(NamedTuple):
    """How an order stands at a station: whether its rest is to come, and the place it has there."""

    waits: bool
    place: int | None


def settle(work: Work, warehouse: int, station: Station, part: Part, *, fetched: bool) -> Standing:
    """Takes, keeps or frees the place of an order at a station. `fetched`: what stood there is on the bench now.

    None where nothing of it is to stand anywhere, and where no place is free.
    """
    filled = totes.of_fulfilment(work.conn, warehouse, part.id)
    boxes = cartons.of_fulfilment(work.conn, warehouse, part.id)
    here = [each for each in filled if each.station == station.id]
    opened = [each for each in boxes if each.station == station.id and each.state == "open"]
    elsewhere = len(filled) - len(here)
    comes = rules.rest_comes(facts_of(work, warehouse, part), split_of(part), elsewhere)
    waits = bool(here or opened) and comes and part.status != "cancelled"
    known = _place_at(work.conn, warehouse, station.id, part.id)
    if known is None:
        # What is packed already goes on as long as there is something of it here.
        aside = waits and not (here and opened)
        return Standing(waits, _take(work, warehouse, station, part) if aside else None)
    if (here or opened) and (waits or not fetched):
        return Standing(waits, known)
    parking.unpark(work.conn, warehouse, station.id, part.id)
    work.emit("station.changed", stream=warehouse, station=station.id)
    return Standing(waits, None)


def settle_all(work: Work, warehouse: int, part_id: UUID) -> None:
    """The same wherever an order has a place: something of it may have gone from there."""
    part = fulfilments.by_id(work.conn, warehouse, part_id)
    for each in parking.of_fulfilment(work.conn, warehouse, part_id):
        station = stations.by_id(work.conn, warehouse, each.station)
        if station is not None and part is not None:
            settle(work, warehouse, station, part, fetched=False)


def settle_at(work: Work, warehouse: int, station_id: UUID, part_id: UUID) -> None:
    """The same after something was done to an order on the bench of this station."""
    part = fulfilments.by_id(work.conn, warehouse, part_id)
    station = stations.by_id(work.conn, warehouse, station_id)
    if station is not None and part is not None:
        settle(work, warehouse, station, part, fetched=True)


def _place_at(conn: sa.Connection, warehouse: int, station_id: UUID, part_id: UUID) -> int | None:
    has = parking.of_fulfilment(conn, warehouse, part_id)
    return next((each.place for each in has if each.station == station_id), None)


def _take(work: Work, warehouse: int, station: Station, part: Part) -> int | None:
    taken = {each.place for each in parking.at_station(work.conn, warehouse, station.id)}
    place = rules.free_place(taken, station.parking)
    if place is not None:
        parking.park(work.conn, warehouse, station.id, place, part.id, work.now)
        timelines.tell_fulfilment(work, part.id, "parked", {"place": place, "station": station.name})
        work.emit("station.changed", stream=warehouse, station=station.id)
    return place


class Waiting(msgspec.Struct, frozen=True):
    """Where something of an order waits for its rest, for the order's page; `missing` are the totes elsewhere."""

    warehouse: int
    station: str
    place: int
    since: str
    missing: list[str]


def of_order(conn: sa.Connection, order_id: UUID) -> list[Waiting]:
    """The places on which an order waits."""
    return [
        Waiting(
            each.warehouse,
            each.station_name,
            each.place,
            each.since.isoformat(),
            [
                tote.code
                for tote in totes.of_fulfilment(conn, each.warehouse, each.fulfilment)
                if tote.station != each.station
            ],
        )
        for each in parking.of_order(conn, order_id)
    ]


def stray(conn: sa.Connection) -> list[str]:
    """What is broken of the places: one is taken on which nothing stands."""
    broken = []
    for each in parking.every(conn):
        here = [tote.station == each.station for tote in totes.of_fulfilment(conn, each.warehouse, each.fulfilment)]
        boxes = cartons.of_fulfilment(conn, each.warehouse, each.fulfilment)
        if not any(here) and not any(box.station == each.station and box.state == "open" for box in boxes):
            broken.append(f"place {each.place} of {each.station_code}: nothing of order {each.number} stands there")
    return broken
