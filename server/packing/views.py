"""Why: what a packer sees is read in one picture: totes, orders, the carton, its label and whether it prints.

Labels belong to the later room `shipping`: who composes the house hands their projection in.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from server.catalog import service as catalog
from server.core.refusal import Refusal
from server.orders import rules as order_rules
from server.orders.lifecycle import HOLD
from server.orders.rules import Facts
from server.orders.service import lines as order_lines
from server.orders.store import holds
from server.packing import cartonise
from server.packing.schemas import (
    CartonTypeView,
    CartonView,
    ClosedView,
    ElsewhereView,
    ItemView,
    LabelView,
    LineView,
    OrderView,
    PackView,
    PlaceView,
    PrinterView,
    PrintView,
    StationView,
    ToteView,
    TypeView,
)
from server.packing.service.cartons import box_of, suggest
from server.packing.store import carton_types, fulfilments, parking, stations
from server.packing.store import cartons as carton_store
from server.packing.store import totes as tote_store
from server.packing.store.cartons import Carton, Content
from server.packing.store.fulfilments import Part, Sized
from server.packing.store.parking import Parked
from server.packing.store.stations import Station
from server.packing.store.totes import ToteOf
from server.spooler import service as spooler
from server.tasks.store.totes import filled_for


class Labels(NamedTuple):
    """What is known of labels: a carton's newest one, and the SSCCs of a fulfilment's void ones."""

    of: Callable[[sa.Connection, int, UUID], LabelView | None]
    voided: Callable[[sa.Connection, int, UUID], list[str]]


class Reading(NamedTuple):
    """What all orders of a bench are read with: its station, carton types by code, places by who stands there."""

    conn: sa.Connection
    warehouse: int
    station: Station
    types: dict[str, Any]
    places: dict[UUID, Parked]
    labels: Labels


def every_carton_type(conn: sa.Connection) -> list[CartonTypeView]:
    """All carton types as they are set up."""
    return [carton_types.view(row) for row in carton_types.every(conn)]


def station_list(conn: sa.Connection, warehouse: int) -> list[StationView]:
    """The stations of a warehouse."""
    return stations.shown(conn, warehouse)


def station_of(conn: sa.Connection, warehouse: int, code: str) -> StationView:
    """The station with this code; refuses `station_unknown`."""
    found = stations.shown_as(conn, warehouse, code)
    if found is None:
        raise Refusal("station_unknown")
    return found


def pack_station(conn: sa.Connection, warehouse: int, station_id: UUID, labels: Labels) -> PackView:
    """Everything that a station shows; refuses `station_unknown`."""
    station = stations.by_id(conn, warehouse, station_id)
    if station is None:
        raise Refusal("station_unknown")
    totes = tote_store.at_station(conn, warehouse, station_id)
    parts: dict[UUID, None] = {each.fulfilment: None for each in carton_store.at_station(conn, warehouse, station_id)}
    in_tote = {code: filled_for(conn, warehouse, plate) for plate, code in totes}
    types = {row.code: row for row in carton_types.every(conn)}
    places = {each.fulfilment: each for each in parking.at_station(conn, warehouse, station_id)}
    read = Reading(conn, warehouse, station, types, places, labels)
    parts.update(dict.fromkeys(part for part in in_tote.values() if part is not None))
    found = {id_: part for id_ in parts if (part := fulfilments.by_id(conn, warehouse, id_)) is not None}
    return PackView(
        station=station_of(conn, warehouse, station.code),
        printer=_printer(conn, warehouse, station.printer),
        other=_printer(conn, warehouse, station.other),
        totes={
            code: ToteView(code, [id_ for id_ in found if id_ == in_tote[code]], _place_of(read, in_tote[code]))
            for _, code in totes
        },
        places=[_taken(each, totes, in_tote) for each in places.values()],
        orders={str(id_): _order(read, part) for id_, part in found.items()},
        carton_types=[_type(row) for row in types.values() if row.active],
    )


def _taken(each: Parked, totes: list[tuple[UUID, str]], in_tote: dict[str, UUID | None]) -> PlaceView:
    """A place and the totes on it; an order that waits there in a carton only has none."""
    there = [code for plate, code in totes if in_tote[code] == each.fulfilment and plate != each.last]
    return PlaceView(each.place, each.fulfilment, each.number, there, each.since)


def _printer(conn: sa.Connection, warehouse: int, printer: UUID | None) -> PrinterView | None:
    if printer is None:
        return None
    found = spooler.printer_by_id(conn, warehouse, printer)
    return PrinterView(found.id, found.name, found.condition, found.condition_at, found.page is not None)


def _type(row: Any) -> TypeView:
    return TypeView(row.code, row.name, row.length_mm, row.width_mm, row.height_mm)


def _order(read: Reading, part: Part) -> OrderView:
    conn, warehouse = read.conn, read.warehouse
    facts = order_lines.facts_of(conn, part.id, warehouse)
    total = order_rules.total(facts.values())
    lines = fulfilments.sized_lines(conn, warehouse, part.id)
    cartons = carton_store.of_fulfilment(conn, warehouse, part.id)
    totes = tote_store.of_fulfilment(conn, warehouse, part.id)
    due = [_carton(read, lines, each) for each in _on_the_bench(cartons)]
    closed = [each for each in cartons if each.state == "closed"]
    suggested = suggest(lines, [*read.types.values()])
    return OrderView(
        id=part.id,
        number=part.number,
        status=part.status,
        held=part.held,
        cancelled=part.status == "cancelled",
        hold_reason=_hold_reason(conn, part) if part.held else None,
        service=part.service_name,
        cutoff_at=part.cutoff_at,
        checklist=[],
        lines=_lines(conn, lines, facts),
        carton=next(iter(due), None),
        filling=next((each for each in due[1:] if each.state == "open"), None),
        closed=[_closed(read, each) for each in closed],
        voided=read.labels.voided(conn, warehouse, part.id),
        whole=part.split == "ship_complete",
        backordered=total.backordered,
        to_pick=total.reserved,
        elsewhere=[_elsewhere(conn, warehouse, each) for each in totes if each.station != read.station.id],
        place=_place_of(read, part.id),
        suggested=None if suggested is None else suggested.code,
    )


def _on_the_bench(cartons: list[Carton]) -> list[Carton]:
    """The cartons that want to be weighed and closed, the first one first; behind them the one that is being filled."""
    return [each for state in ("complete", "open") for each in cartons if each.state == state]


def _place_of(read: Reading, part_id: UUID | None) -> int | None:
    taken = None if part_id is None else read.places.get(part_id)
    return None if taken is None else taken.place


def _elsewhere(conn: sa.Connection, warehouse: int, tote: ToteOf) -> ElsewhereView:
    station = None if tote.station is None else stations.by_id(conn, warehouse, tote.station)
    return ElsewhereView(tote.code, tote.state, None if station is None else station.name, tote.cart)


def _hold_reason(conn: sa.Connection, part: Part) -> str | None:
    """Why the order is stopped: the first of its open holds."""
    return next((each.reason for each in holds.of_order(conn, part.order) if each.state == HOLD.initial), None)


def _lines(conn: sa.Connection, lines: list[Sized], facts: dict[UUID, Facts]) -> list[LineView]:
    ids = {line.item for line in lines}
    items, codes = catalog.items(conn, ids), catalog.barcodes(conn, ids)
    return [
        LineView(
            line=line.line,
            item=ItemView(
                line.item,
                items[line.item].sku,
                items[line.item].names,
                items[line.item].uom,
                items[line.item].picture,
                line.weight_g,
                codes.get(line.item, []),
            ),
            lot=None,
            wanted=facts[line.line].due + facts[line.line].shipped,
            packed=line.packed,
        )
        for line in lines
    ]


def _carton(read: Reading, lines: list[Sized], carton: Carton) -> CartonView:
    content = carton_store.content(read.conn, read.warehouse, carton.id)
    sizes = {line.line: line for line in lines}
    pieces = [
        cartonise.Piece(size.length_mm, size.width_mm, size.height_mm, size.weight_g, row.quantity)
        for row in content
        if (size := sizes.get(row.line)) is not None
    ]
    job = spooler.last_jobs(read.conn, read.warehouse, [carton.id]).get(carton.id)
    return CartonView(
        id=carton.id,
        number=carton.number,
        sscc=carton.sscc,
        type=_type(read.types[carton.type]),
        fill_percent=cartonise.fill_percent(pieces, box_of(read.types[carton.type])),
        expected_g=carton.expected_g,
        weight_g=carton.weight_g,
        state=carton.state,
        version=carton.version,
        label=read.labels.of(read.conn, read.warehouse, carton.id),
        print=None if job is None else PrintView(job.id, job.state, job.reason, job.printer),
        contents=_units(content),
    )


def _units(content: list[Content]) -> dict[str, int]:
    units: dict[str, int] = {}
    for row in content:
        units[str(row.line)] = units.get(str(row.line), 0) + row.quantity
    return units


def _closed(read: Reading, carton: Carton) -> ClosedView:
    label = read.labels.of(read.conn, read.warehouse, carton.id)
    tracking, voidable = (None, False) if label is None else (label.tracking, label.voidable)
    return ClosedView(carton.id, carton.number, carton.sscc, tracking, voidable)
