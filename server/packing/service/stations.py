"""Why: goods are packed at a place that has a code, a bin, parking places and mostly a printer."""

from __future__ import annotations

from uuid import UUID

from server.core.refusal import Fault, Refusal
from server.db.work import Work
from server.locations import service as locations
from server.packing.schemas import NewStation
from server.packing.store import stations
from server.packing.store.stations import Station
from server.spooler import service as spooler


def put_station(work: Work, warehouse: int, new: NewStation) -> UUID:
    """Makes a station, or changes the one with this code; refuses `bin_unknown`, `printer_unknown`."""
    place = locations.bin_by_code(work.conn, warehouse, new.bin)
    if place is None:
        raise Refusal("bin_unknown", Fault("bin", "no such bin here", got=new.bin[:60]), bin=new.bin[:60])
    printer = None if new.printer is None else spooler.printer_of(work.conn, warehouse, new.printer).id
    known = stations.by_code(work.conn, warehouse, new.code)
    station_id = known.id if known is not None else work.new_id()
    row = {"id": station_id, "warehouse_id": warehouse, "code": new.code, "name": new.name, "bin_id": place.id}
    stations.put(
        work.conn,
        warehouse,
        None if known is None else known.id,
        {**row, "printer_id": printer, "parking": new.parking},
    )
    work.emit("station.changed", stream=warehouse, station=station_id)
    return station_id


def station_of(work: Work, warehouse: int, station_id: UUID) -> Station:
    """A station of this warehouse; refuses `station_unknown`."""
    station = stations.by_id(work.conn, warehouse, station_id)
    if station is None:
        raise Refusal("station_unknown")
    return station
