"""Why: every statement of the pack stations, built once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from server.catalog.models import item
from server.db.types import Id
from server.inventory.models import lpn, quant
from server.locations.models import warehouse as warehouses
from server.orders.models import carrier_service, fulfilment, fulfilment_line, order
from server.packing.models import carton, carton_item, carton_type, parked, station
from server.tasks.models import cart, floor_effect, tote, tour, tour_slot


def _id(name: str) -> sa.BindParameter[UUID]:
    return sa.bindparam(name, type_=Id())


_WAREHOUSE: Final = sa.bindparam("warehouse", type_=sa.SmallInteger())

# --- stations and carton types


class Station(NamedTuple):
    """A station's row."""

    id: UUID
    code: str
    name: str
    bin: UUID
    printer: UUID | None
    parking: int


_STATIONS: Final = (
    sa.select(station.c.id, station.c.code, station.c.name, station.c.bin_id, station.c.printer_id, station.c.parking)
    .where(station.c.warehouse_id == _WAREHOUSE)
    .order_by(station.c.code)
)
_STATION: Final = _STATIONS.where(station.c.id == _id("station"))
_STATION_BY_CODE: Final = _STATIONS.where(station.c.code == sa.bindparam("code"))
_WAREHOUSE_OF: Final = sa.select(station.c.warehouse_id).where(station.c.id == _id("station"))
_ADD_STATION: Final = sa.insert(station)
_CHANGE_STATION: Final = (
    sa.update(station)
    .where(station.c.id == _id("of_station"), station.c.warehouse_id == _WAREHOUSE)
    .values(
        name=sa.bindparam("new_name"),
        bin_id=_id("new_bin"),
        printer_id=_id("new_printer"),
        parking=sa.bindparam("new_parking"),
    )
)
_TYPES: Final = sa.select(carton_type).order_by(carton_type.c.code)
_ADD_TYPE: Final = sa.insert(carton_type)
_TYPE_KNOWN: Final = sa.select(carton_type.c.code).where(carton_type.c.code == sa.bindparam("code"))
_GCP: Final = sa.select(warehouses.c.gcp).where(warehouses.c.id == _WAREHOUSE)


def stations(conn: sa.Connection, of: int) -> list[Station]:
    """The stations of a warehouse."""
    return [Station._make(row) for row in conn.execute(_STATIONS, {"warehouse": of})]


def station_by_id(conn: sa.Connection, of: int, station_id: UUID) -> Station | None:
    """A station of this warehouse."""
    row = conn.execute(_STATION, {"warehouse": of, "station": station_id}).one_or_none()
    return None if row is None else Station._make(row)


def station_by_code(conn: sa.Connection, of: int, code: str) -> Station | None:
    """A station of this warehouse by its code."""
    row = conn.execute(_STATION_BY_CODE, {"warehouse": of, "code": code}).one_or_none()
    return None if row is None else Station._make(row)


def warehouse_of_station(conn: sa.Connection, station_id: UUID) -> int | None:
    """The warehouse that a station stands in."""
    return conn.execute(_WAREHOUSE_OF, {"station": station_id}).scalar_one_or_none()


def put_station(conn: sa.Connection, of: int, known: UUID | None, row: dict[str, Any]) -> None:
    """A new station, or what changed of one."""
    if known is None:
        conn.execute(_ADD_STATION, row)
        return
    values = {"of_station": known, "warehouse": of, "new_name": row["name"], "new_bin": row["bin_id"]}
    conn.execute(_CHANGE_STATION, {**values, "new_printer": row["printer_id"], "new_parking": row["parking"]})


def carton_types(conn: sa.Connection) -> list[Any]:
    """All carton types; a carton may still be of one that is no longer `active`."""
    return list(conn.execute(_TYPES))


def add_carton_type(conn: sa.Connection, row: dict[str, Any]) -> bool:
    """A carton type; whether its code is new."""
    if conn.execute(_TYPE_KNOWN, {"code": row["code"]}).first() is not None:
        return False
    conn.execute(_ADD_TYPE, row)
    return True


def company_prefix(conn: sa.Connection, of: int) -> str:
    """The GS1 company prefix of a warehouse's SSCCs."""
    return str(conn.execute(_GCP, {"warehouse": of}).scalar_one())


# --- fulfilments and their goods


class Part(NamedTuple):
    """A fulfilment as the bench needs it."""

    id: UUID
    order: UUID
    number: int
    status: str
    held: bool
    service: str
    cutoff_at: datetime
    split: str
    service_name: str


_PART: Final = (
    sa.select(
        fulfilment.c.id,
        fulfilment.c.order_id,
        fulfilment.c.number,
        fulfilment.c.status,
        fulfilment.c.held,
        fulfilment.c.service,
        fulfilment.c.cutoff_at,
        order.c.split,
        sa.func.coalesce(carrier_service.c.name, fulfilment.c.service),
    )
    .select_from(
        fulfilment.join(order, fulfilment.c.order_id == order.c.id).outerjoin(
            carrier_service, carrier_service.c.code == fulfilment.c.service
        )
    )
    .where(fulfilment.c.warehouse_id == _WAREHOUSE, fulfilment.c.id == _id("fulfilment"))
)
_SIZES: Final = (
    sa.select(
        fulfilment_line.c.id,
        fulfilment_line.c.item_id,
        fulfilment_line.c.picked,
        fulfilment_line.c.packed,
        item.c.length_mm,
        item.c.width_mm,
        item.c.height_mm,
        item.c.weight_g,
    )
    .select_from(fulfilment_line.join(item, fulfilment_line.c.item_id == item.c.id))
    .where(fulfilment_line.c.fulfilment_id == _id("fulfilment"), fulfilment_line.c.warehouse_id == _WAREHOUSE)
    .order_by(fulfilment_line.c.position)
)


class Sized(NamedTuple):
    """A line with the measures of its item."""

    line: UUID
    item: UUID
    picked: int
    packed: int
    length_mm: int
    width_mm: int
    height_mm: int
    weight_g: int


def part(conn: sa.Connection, of: int, fulfilment_id: UUID) -> Part | None:
    """A fulfilment of this warehouse."""
    row = conn.execute(_PART, {"warehouse": of, "fulfilment": fulfilment_id}).one_or_none()
    return None if row is None else Part._make(row)


def sized_lines(conn: sa.Connection, of: int, fulfilment_id: UUID) -> list[Sized]:
    """The lines of a fulfilment with their measures."""
    rows = conn.execute(_SIZES, {"warehouse": of, "fulfilment": fulfilment_id})
    return [Sized._make(row) for row in rows]


# --- cartons


class Carton(NamedTuple):
    """A carton's row."""

    id: UUID
    number: int
    fulfilment: UUID
    station: UUID
    lpn: UUID
    sscc: str
    type: str
    state: str
    expected_g: int
    weight_g: int | None
    version: int


_CARTONS: Final = sa.select(
    carton.c.id,
    carton.c.number,
    carton.c.fulfilment_id,
    carton.c.station_id,
    carton.c.lpn_id,
    carton.c.sscc,
    carton.c.carton_type,
    carton.c.state,
    carton.c.expected_g,
    carton.c.weight_g,
    carton.c.version,
).where(carton.c.warehouse_id == _WAREHOUSE)
_CARTON: Final = _CARTONS.where(carton.c.id == _id("carton"))
_OF_PART: Final = _CARTONS.where(carton.c.fulfilment_id == _id("fulfilment")).order_by(carton.c.number)
_AT_STATION: Final = _CARTONS.where(
    carton.c.station_id == _id("station"), carton.c.state.in_(("open", "complete"))
).order_by(carton.c.opened_at)
_ADD_CARTON: Final = sa.insert(carton)
_ADD_LPN: Final = sa.insert(lpn)
_SET_CARTON: Final = (
    sa.update(carton)
    .where(carton.c.id == _id("of_carton"), carton.c.warehouse_id == _WAREHOUSE)
    .values(
        state=sa.bindparam("to_state"),
        carton_type=sa.bindparam("to_type"),
        expected_g=sa.bindparam("to_expected"),
        weight_g=sa.bindparam("to_weight", type_=sa.Integer()),
        version=carton.c.version + 1,
    )
)
_SET_SSCC: Final = (
    sa.update(carton)
    .where(carton.c.id == _id("of_carton"), carton.c.warehouse_id == _WAREHOUSE)
    .values(sscc=sa.bindparam("to_sscc"), version=carton.c.version + 1)
)
_SET_PLATE: Final = (
    sa.update(lpn)
    .where(lpn.c.id == _id("of_lpn"), lpn.c.warehouse_id == _WAREHOUSE)
    .values(code=sa.bindparam("to_sscc"))
)
_CONTENT: Final = (
    sa.select(
        carton_item.c.id,
        carton_item.c.line_id,
        carton_item.c.item_id,
        carton_item.c.lot,
        carton_item.c.expiry,
        carton_item.c.quantity,
    )
    .where(
        carton_item.c.carton_id == _id("carton"),
        carton_item.c.warehouse_id == _WAREHOUSE,
        carton_item.c.quantity > 0,
    )
    .order_by(carton_item.c.id)
)
_ADD_CONTENT: Final = sa.insert(carton_item)
_CHANGE_CONTENT: Final = (
    sa.update(carton_item)
    .where(carton_item.c.id == _id("of_content"), carton_item.c.warehouse_id == _WAREHOUSE)
    .values(quantity=carton_item.c.quantity + sa.bindparam("delta"))
)
_DROP_CONTENT: Final = sa.delete(carton_item).where(
    carton_item.c.id == _id("of_content"), carton_item.c.warehouse_id == _WAREHOUSE, carton_item.c.quantity <= 0
)


class Content(NamedTuple):
    """Goods of a line in a carton."""

    id: UUID
    line: UUID
    item: UUID
    lot: str
    expiry: date | None
    quantity: int


def carton_by_id(conn: sa.Connection, of: int, carton_id: UUID) -> Carton | None:
    """A carton of this warehouse."""
    row = conn.execute(_CARTON, {"warehouse": of, "carton": carton_id}).one_or_none()
    return None if row is None else Carton._make(row)


def cartons_of(conn: sa.Connection, of: int, fulfilment_id: UUID) -> list[Carton]:
    """All cartons of a fulfilment, voided ones too."""
    rows = conn.execute(_OF_PART, {"warehouse": of, "fulfilment": fulfilment_id})
    return [Carton._make(row) for row in rows]


def cartons_at(conn: sa.Connection, of: int, station_id: UUID) -> list[Carton]:
    """The cartons on a bench that are not closed."""
    return [Carton._make(row) for row in conn.execute(_AT_STATION, {"warehouse": of, "station": station_id})]


def add_carton(conn: sa.Connection, plate: dict[str, Any], row: dict[str, Any]) -> None:
    """A carton with its licence plate."""
    conn.execute(_ADD_LPN, plate)
    conn.execute(_ADD_CARTON, row)


def set_carton(
    conn: sa.Connection,
    of: int,
    before: Carton,
    *,
    state: str | None = None,
    type_: str | None = None,
    expected_g: int | None = None,
    weight_g: int | None = None,
) -> None:
    """Writes what changed of a carton. Whatever changes what lies in it takes its weight away."""
    conn.execute(
        _SET_CARTON,
        {
            "of_carton": before.id,
            "warehouse": of,
            "to_state": state or before.state,
            "to_type": type_ or before.type,
            "to_expected": before.expected_g if expected_g is None else expected_g,
            "to_weight": weight_g,
        },
    )


def set_sscc(conn: sa.Connection, of: int, before: Carton, sscc: str) -> None:
    """The carton and its licence plate have another number."""
    conn.execute(_SET_SSCC, {"of_carton": before.id, "warehouse": of, "to_sscc": sscc})
    conn.execute(_SET_PLATE, {"of_lpn": before.lpn, "warehouse": of, "to_sscc": sscc})


def content(conn: sa.Connection, of: int, carton_id: UUID) -> list[Content]:
    """What lies in a carton."""
    return [Content._make(row) for row in conn.execute(_CONTENT, {"warehouse": of, "carton": carton_id})]


def add_content(conn: sa.Connection, row: dict[str, Any]) -> None:
    """Goods of a line that were not in the carton yet."""
    conn.execute(_ADD_CONTENT, row)


def change_content(conn: sa.Connection, of: int, content_id: UUID, delta: int) -> None:
    """More or fewer of the same goods; none left is no row."""
    conn.execute(_CHANGE_CONTENT, {"of_content": content_id, "warehouse": of, "delta": delta})
    conn.execute(_DROP_CONTENT, {"of_content": content_id, "warehouse": of})


# --- totes at a station


_TOTES: Final = (
    sa.select(tote.c.lpn_id, lpn.c.code)
    .select_from(tote.join(lpn, tote.c.lpn_id == lpn.c.id))
    .where(tote.c.warehouse_id == _WAREHOUSE, tote.c.station_id == _id("station"), tote.c.state == "staged")
    .order_by(lpn.c.code)
)
_FILLED_FOR: Final = (
    sa.select(tour_slot.c.fulfilment_id)
    .select_from(tour_slot.join(tour, tour_slot.c.tour_id == tour.c.id))
    .where(tour_slot.c.warehouse_id == _WAREHOUSE, tour_slot.c.lpn_id == _id("lpn"))
    .order_by(tour.c.finished_at.is_not(None), tour.c.finished_at.desc(), tour_slot.c.id.desc())
    .limit(1)
)
_TOTES_OF_PART: Final = (
    sa.select(lpn.c.id, lpn.c.code, tote.c.state, tote.c.station_id, cart.c.code.label("cart"))
    .select_from(
        tour_slot.join(lpn, tour_slot.c.lpn_id == lpn.c.id)
        .join(tote, tote.c.lpn_id == lpn.c.id)
        .outerjoin(tour, tour.c.id == tote.c.tour_id)
        .outerjoin(cart, cart.c.id == tour.c.cart_id)
    )
    .where(
        tour_slot.c.warehouse_id == _WAREHOUSE,
        tour_slot.c.fulfilment_id == _id("fulfilment"),
        tote.c.state != "empty",
    )
    .distinct()
    .order_by(lpn.c.code)
)
_ON_TOUR: Final = (
    sa.select(tour_slot.c.fulfilment_id)
    .where(tour_slot.c.warehouse_id == _WAREHOUSE, tour_slot.c.tour_id == _id("tour"))
    .distinct()
)
_AT: Final = sa.select(tote.c.state, tote.c.station_id).where(
    tote.c.warehouse_id == _WAREHOUSE, tote.c.lpn_id == _id("lpn")
)


class ToteOf(NamedTuple):
    """A tote in which something of a fulfilment lies or is being picked: the station it stands at, or its cart."""

    lpn: UUID
    code: str
    state: str
    station: UUID | None
    cart: str | None


def totes_at(conn: sa.Connection, of: int, station_id: UUID) -> list[tuple[UUID, str]]:
    """The totes that stand at a station, by licence plate and code."""
    return [(row[0], row[1]) for row in conn.execute(_TOTES, {"warehouse": of, "station": station_id})]


def tote_at(conn: sa.Connection, of: int, lpn_id: UUID) -> tuple[str, UUID | None] | None:
    """A tote's state and station; None for what is no tote."""
    row = conn.execute(_AT, {"warehouse": of, "lpn": lpn_id}).one_or_none()
    return None if row is None else (row[0], row[1])


def part_in_tote(conn: sa.Connection, of: int, lpn_id: UUID) -> UUID | None:
    """The fulfilment that a tote is being filled for, or was last.

    Totes go from tour to tour: what is in one now comes from the tour that is not finished, or else the last one.
    """
    return conn.execute(_FILLED_FOR, {"warehouse": of, "lpn": lpn_id}).scalar_one_or_none()


def totes_of(conn: sa.Connection, of: int, fulfilment_id: UUID) -> list[ToteOf]:
    """The totes in which something of a fulfilment lies, or is being picked, by code."""
    rows = conn.execute(_TOTES_OF_PART, {"warehouse": of, "fulfilment": fulfilment_id}).all()
    return [ToteOf._make(row) for row in rows if fulfilment_id == part_in_tote(conn, of, row[0])]


def parts_on_tour(conn: sa.Connection, of: int, tour_id: UUID) -> list[UUID]:
    """The fulfilments that a tour was walked for."""
    return list(conn.execute(_ON_TOUR, {"warehouse": of, "tour": tour_id}).scalars())


# --- parking: an order in several totes waits on a numbered place until all of it is there


_PARKED: Final = sa.select(parked.c.lpn_id, parked.c.place).where(
    parked.c.warehouse_id == _WAREHOUSE, parked.c.station_id == _id("station")
)
_PARK: Final = sa.insert(parked)
_UNPARK: Final = sa.delete(parked).where(parked.c.lpn_id == _id("of_lpn"), parked.c.warehouse_id == _WAREHOUSE)


def parking(conn: sa.Connection, of: int, station_id: UUID) -> dict[UUID, int]:
    """The places of a station's parked totes."""
    return {row[0]: row[1] for row in conn.execute(_PARKED, {"warehouse": of, "station": station_id})}


def park(conn: sa.Connection, of: int, station_id: UUID, place: int, lpn_id: UUID) -> None:
    """The tote waits on that place."""
    conn.execute(_PARK, {"station_id": station_id, "place": place, "warehouse_id": of, "lpn_id": lpn_id})


def unpark(conn: sa.Connection, of: int, lpn_id: UUID) -> None:
    """The tote waits on no place any more."""
    conn.execute(_UNPARK, {"of_lpn": lpn_id, "warehouse": of})


# --- undo


_LAST_PACKED: Final = (
    sa.select(floor_effect.c.command_id, floor_effect.c.effect)
    .where(
        floor_effect.c.warehouse_id == _WAREHOUSE,
        floor_effect.c.carton_id == _id("carton"),
        floor_effect.c.kind == "pack.item",
        floor_effect.c.undone_by.is_(None),
    )
    .order_by(floor_effect.c.at.desc(), floor_effect.c.command_id.desc())
    .limit(1)
)


def last_packed(conn: sa.Connection, of: int, carton_id: UUID) -> tuple[UUID, dict[str, Any]] | None:
    """The last item that went into a carton and was not taken out again: its command and what it did."""
    row = conn.execute(_LAST_PACKED, {"warehouse": of, "carton": carton_id}).one_or_none()
    return None if row is None else (row[0], row[1])


# --- what the invariants look at

_LINES_PACKED: Final = (
    sa.select(carton_item.c.line_id, sa.func.sum(carton_item.c.quantity))
    .select_from(carton_item.join(carton, carton_item.c.carton_id == carton.c.id))
    .where(carton.c.state != "voided")
    .group_by(carton_item.c.line_id)
)
_FACTS_PACKED: Final = sa.select(fulfilment_line.c.id, fulfilment_line.c.packed).where(fulfilment_line.c.packed > 0)


_SCANNED: Final = (
    sa.select(
        carton.c.sscc, carton.c.state, carton_item.c.item_id, carton_item.c.lot, sa.func.sum(carton_item.c.quantity)
    )
    .select_from(carton_item.join(carton, carton_item.c.carton_id == carton.c.id))
    .where(carton.c.state != "voided")
    .group_by(carton.c.sscc, carton.c.state, carton_item.c.item_id, carton_item.c.lot)
)
_LYING: Final = (
    sa.select(carton.c.sscc, carton.c.state, quant.c.item_id, quant.c.lot, sa.func.sum(quant.c.on_hand))
    .select_from(carton.join(quant, quant.c.lpn_id == carton.c.lpn_id))
    .where(carton.c.state != "voided", quant.c.on_hand != 0)
    .group_by(carton.c.sscc, carton.c.state, quant.c.item_id, quant.c.lot)
)
Goods = tuple[str, str, UUID, str]
"""A carton's SSCC and state, an item and its lot."""


def scanned_goods(conn: sa.Connection) -> dict[Goods, int]:
    """What was scanned into cartons."""
    return {(row[0], row[1], row[2], row[3]): int(row[4]) for row in conn.execute(_SCANNED) if row[4]}


def lying_goods(conn: sa.Connection) -> dict[Goods, int]:
    """What lies in cartons by the ledger."""
    return {(row[0], row[1], row[2], row[3]): int(row[4]) for row in conn.execute(_LYING) if row[4]}


def packed_by_line(conn: sa.Connection) -> Iterable[tuple[UUID, int]]:
    """Units in cartons by line."""
    return [(row[0], int(row[1])) for row in conn.execute(_LINES_PACKED)]


def packed_facts(conn: sa.Connection) -> Iterable[tuple[UUID, int]]:
    """Units that lines say are packed."""
    return [(row[0], int(row[1])) for row in conn.execute(_FACTS_PACKED)]
