"""Why: a station is a bench with one or two printers and numbered places to park on."""

from __future__ import annotations

from typing import Any, Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from server.db.binds import WAREHOUSE, id_
from server.locations.models import bin
from server.packing.models import station
from server.packing.schemas import StationView
from server.spooler.models import printer


class Station(NamedTuple):
    """A station's row. It prints on its first printer, or `on_second`."""

    id: UUID
    code: str
    name: str
    bin: UUID
    first: UUID | None
    second: UUID | None
    on_second: bool
    parking: int

    @property
    def printer(self) -> UUID | None:
        """The printer it prints on."""
        return self.second if self.on_second else self.first

    @property
    def other(self) -> UUID | None:
        """The one beside it."""
        return self.first if self.on_second else self.second

    @property
    def printers(self) -> list[UUID]:
        """Its printers, the first one first."""
        return [each for each in (self.first, self.second) if each is not None]


_STATIONS: Final = sa.select(
    station.c.id,
    station.c.code,
    station.c.name,
    station.c.bin_id,
    station.c.printer_id,
    station.c.second_printer_id,
    station.c.on_second,
    station.c.parking,
).where(station.c.warehouse_id == WAREHOUSE)
_STATION: Final = _STATIONS.where(station.c.id == id_("station"))
_STATION_BY_CODE: Final = _STATIONS.where(station.c.code == sa.bindparam("code"))
_FIRST: Final = printer.alias("first_printer")
_SECOND: Final = printer.alias("second_printer")
_SHOWN: Final = (
    _STATIONS.add_columns(
        bin.c.code.label("bin"),
        _FIRST.c.code.label("first"),
        _SECOND.c.code.label("second"),
        _FIRST.c.name.label("first_name"),
        _SECOND.c.name.label("second_name"),
    )
    .select_from(
        station.join(bin, station.c.bin_id == bin.c.id)
        .outerjoin(_FIRST, _FIRST.c.id == station.c.printer_id)
        .outerjoin(_SECOND, _SECOND.c.id == station.c.second_printer_id)
    )
    .order_by(station.c.code)
)
"""With its bin's code, its printers' codes and names, for who sets it up: a scan needs none of them."""
_SHOWN_BY_CODE: Final = _SHOWN.where(station.c.code == sa.bindparam("code"))
_WAREHOUSE_OF: Final = sa.select(station.c.warehouse_id).where(station.c.id == id_("station"))
_ADD_STATION: Final = sa.insert(station)
_CHANGE_STATION: Final = (
    sa.update(station)
    .where(station.c.id == id_("of_station"), station.c.warehouse_id == WAREHOUSE)
    .values(
        name=sa.bindparam("new_name"),
        bin_id=id_("new_bin"),
        printer_id=id_("new_first"),
        second_printer_id=id_("new_second"),
        on_second=sa.bindparam("new_on_second"),
        parking=sa.bindparam("new_parking"),
    )
)
_PRINT_ON: Final = (
    sa.update(station)
    .where(station.c.id == id_("of_station"), station.c.warehouse_id == WAREHOUSE)
    .values(on_second=sa.bindparam("new_on_second"))
)


def shown(conn: sa.Connection, of: int) -> list[StationView]:
    """The stations of a warehouse by code."""
    return [_view(of, row) for row in conn.execute(_SHOWN, {"warehouse": of})]


def shown_as(conn: sa.Connection, of: int, code: str) -> StationView | None:
    """The station with this code as it is set up."""
    row = conn.execute(_SHOWN_BY_CODE, {"warehouse": of, "code": code}).one_or_none()
    return None if row is None else _view(of, row)


def _there(*texts: str | None) -> list[str]:
    return [text for text in texts if text is not None]


def _view(of: int, row: Any) -> StationView:
    found = Station._make(row[: len(Station._fields)])
    return StationView(
        id=found.id,
        warehouse=of,
        code=found.code,
        name=found.name,
        bin=row.bin,
        printer=found.printer,
        printers=found.printers,
        printer_codes=_there(row.first, row.second),
        printer_names=_there(row.first_name, row.second_name),
        parking=found.parking,
    )


def by_id(conn: sa.Connection, of: int, station_id: UUID) -> Station | None:
    """A station of this warehouse."""
    row = conn.execute(_STATION, {"warehouse": of, "station": station_id}).one_or_none()
    return None if row is None else Station._make(row)


def by_code(conn: sa.Connection, of: int, code: str) -> Station | None:
    """A station of this warehouse by its code."""
    row = conn.execute(_STATION_BY_CODE, {"warehouse": of, "code": code}).one_or_none()
    return None if row is None else Station._make(row)


def warehouse_of(conn: sa.Connection, station_id: UUID) -> int | None:
    """The warehouse that a station stands in."""
    return conn.execute(_WAREHOUSE_OF, {"station": station_id}).scalar_one_or_none()


def put(conn: sa.Connection, of: int, known: UUID | None, row: dict[str, Any]) -> None:
    """A new station, or what changed of one."""
    if known is None:
        conn.execute(_ADD_STATION, row)
        return
    values = {"of_station": known, "warehouse": of, "new_name": row["name"], "new_bin": row["bin_id"]}
    values |= {"new_first": row["printer_id"], "new_second": row["second_printer_id"]}
    conn.execute(_CHANGE_STATION, {**values, "new_on_second": row["on_second"], "new_parking": row["parking"]})


def print_on(conn: sa.Connection, of: int, station_id: UUID, second: bool) -> None:
    """The station prints on its first or its second printer from now on."""
    conn.execute(_PRINT_ON, {"of_station": station_id, "warehouse": of, "new_on_second": second})
