"""Why: goods are packed at a place that has a code, a bin, parking places and mostly a printer, or two."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from server.core.editions import unchanged
from server.core.refusal import Fault, Refusal
from server.db.work import Work
from server.locations import service as locations
from server.locations.models import VIRTUAL_TYPES
from server.locations.schemas import NewBin
from server.packing.schemas import NewStation
from server.packing.store import cartons, stations
from server.packing.store.stations import Station
from server.spooler import service as spooler


def put_station(work: Work, warehouse: int, new: NewStation) -> UUID:
    """Makes a station, or changes the one with this code.

    What waits to be printed goes along where it prints on another printer from now on. Refuses `not_found`,
    `bin_unknown`, `printer_unknown`, and `invalid` for two printers that cannot print for each other.
    """
    locations.warehouse_of(work.conn, warehouse)
    place = _bench(work, warehouse, new)
    first, second = _printers(work, warehouse, new.printers)
    known = stations.by_code(work.conn, warehouse, new.code)
    chosen = known is not None and known.on_second and known.second == second is not None
    unchanged(new.edition, stations.shown_as(work.conn, warehouse, new.code))
    station_id = known.id if known is not None else work.new_id()
    row = {"id": station_id, "warehouse_id": warehouse, "code": new.code, "name": new.name, "bin_id": place}
    stations.put(
        work.conn,
        warehouse,
        None if known is None else known.id,
        {
            **row,
            "printer_id": first,
            "second_printer_id": second,
            "on_second": chosen,
            "parking": new.parking,
        },
    )
    if known is not None and (now := station_of(work, warehouse, station_id)).printer not in (None, known.printer):
        _move_waiting(work, warehouse, now)
    work.emit("station.changed", stream=warehouse, station=station_id)
    return station_id


def _bench(work: Work, warehouse: int, new: NewStation) -> UUID:
    """The bin it stands at; without one the bin of its own code, made where there is none."""
    code = new.bin or new.code
    place = locations.bin_by_code(work.conn, warehouse, code)
    if place is not None and place.type not in (*VIRTUAL_TYPES, "cart"):
        return place.id
    if new.bin is not None or place is not None:
        raise Refusal("bin_unknown", Fault("bin", "There is no such bin in this warehouse.", got=code), bin=code)
    return locations.create_bins(work, warehouse, [NewBin(code=code, type="pack")])[code]


def _printers(work: Work, warehouse: int, codes: Sequence[str]) -> tuple[UUID | None, UUID | None]:
    """The first and the second printer; a label that was drawn for the one comes out of the other as it is."""
    found = [spooler.printer_of(work.conn, warehouse, code, "printers") for code in codes]
    if len({each.id for each in found}) < len(found):
        raise Refusal("invalid", Fault("printers", "It stands here twice.", "two printers", codes[0]), count=1)
    dots = [spooler.profile_of(each.profile).dpi for each in found]
    if len(set(dots)) > 1:
        got = ", ".join(f"{each.code}: {dpi} dpi" for each, dpi in zip(found, dots, strict=True))
        raise Refusal("invalid", Fault("printers", "They print differently.", "the same resolution", got), count=1)
    first, second = (*(each.id for each in found), None, None)[:2]
    return first, second


def choose_printer(work: Work, warehouse: int, code: str, printer: UUID) -> None:
    """The station prints on this one of its printers from now on, and what waits there comes out of it.

    Refuses `station_unknown`, and `printer_unknown` for a printer that is not the station's.
    """
    station = stations.by_code(work.conn, warehouse, code)
    if station is None:
        raise Refusal("station_unknown")
    if printer not in station.printers:
        fault = Fault("printer", "It is no printer of this station.", "one of its printers", str(printer))
        raise Refusal("printer_unknown", fault)
    stations.print_on(work.conn, warehouse, station.id, printer == station.second)
    _move_waiting(work, warehouse, station_of(work, warehouse, station.id))
    work.emit("station.changed", stream=warehouse, station=station.id)


def _move_waiting(work: Work, warehouse: int, station: Station) -> None:
    """Labels of the station's cartons that wait, and surely did not print, come out where it prints now."""
    if station.printer is not None:
        for carton in cartons.at_station(work.conn, warehouse, station.id):
            spooler.move_waiting(work, warehouse, carton.id, station.printer)


def station_of(work: Work, warehouse: int, station_id: UUID) -> Station:
    """A station of this warehouse; refuses `station_unknown`."""
    station = stations.by_id(work.conn, warehouse, station_id)
    if station is None:
        raise Refusal("station_unknown")
    return station
