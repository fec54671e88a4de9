"""Why: what a packer sees is read in one picture: totes, orders, the carton, its label and whether it prints.

Labels belong to the later room `shipping`: who composes the house hands their projection in.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import sqlalchemy as sa

from server.catalog import service as catalog
from server.core.refusal import Refusal
from server.orders import service as orders
from server.orders import store as order_store
from server.orders.lifecycle import HOLD
from server.orders.rules import Facts
from server.packing import cartonise, service, store
from server.packing.schemas import (
    CartonView,
    ClosedView,
    ItemView,
    LabelView,
    LineView,
    OrderView,
    PackView,
    PrinterView,
    PrintView,
    StationView,
    ToteView,
    TypeView,
)
from server.packing.store import Carton, Part, Station
from server.spooler import service as spooler

LabelOf = Callable[[sa.Connection, int, UUID], LabelView | None]
"""A carton's newest label, by warehouse and carton."""


def station_list(conn: sa.Connection, warehouse: int) -> list[StationView]:
    """The stations of a warehouse."""
    return [_station(warehouse, each) for each in store.stations(conn, warehouse)]


def station_of(conn: sa.Connection, warehouse: int, code: str) -> StationView:
    """The station with this code; refuses `station_unknown`."""
    found = store.station_by_code(conn, warehouse, code)
    if found is None:
        raise Refusal("station_unknown")
    return _station(warehouse, found)


def pack_station(conn: sa.Connection, warehouse: int, station_id: UUID, label_of: LabelOf) -> PackView:
    """Everything that a station shows; refuses `station_unknown`."""
    station = store.station_by_id(conn, warehouse, station_id)
    if station is None:
        raise Refusal("station_unknown")
    totes = store.totes_at(conn, warehouse, station_id)
    parts: dict[UUID, None] = {each.fulfilment: None for each in store.cartons_at(conn, warehouse, station_id)}
    in_tote = {code: store.part_in_tote(conn, warehouse, plate) for plate, code in totes}
    places = store.parking(conn, warehouse, station_id)
    parts.update(dict.fromkeys(part for part in in_tote.values() if part is not None))
    shown = {str(part): _order(conn, warehouse, part, label_of) for part in parts}
    return PackView(
        station=_station(warehouse, station),
        printer=_printer(conn, warehouse, station.printer),
        totes={code: _tote(conn, warehouse, code, in_tote[code], shown, places.get(plate)) for plate, code in totes},
        orders={key: each for key, each in shown.items() if each is not None},
        carton_types=list(_types(conn).values()),
    )


def _station(warehouse: int, found: Station) -> StationView:
    return StationView(found.id, warehouse, found.code, found.name, found.printer)


def _printer(conn: sa.Connection, warehouse: int, printer: UUID | None) -> PrinterView | None:
    if printer is None:
        return None
    found = spooler.printer_by_id(conn, warehouse, printer)
    return PrinterView(found.id, found.name, found.condition)


def _types(conn: sa.Connection) -> dict[str, TypeView]:
    return {
        row.code: TypeView(row.code, row.name, row.length_mm, row.width_mm, row.height_mm)
        for row in store.carton_types(conn)
    }


def _tote(
    conn: sa.Connection,
    warehouse: int,
    code: str,
    part: UUID | None,
    shown: dict[str, OrderView | None],
    place: int | None,
) -> ToteView:
    order = shown.get(str(part))
    if part is None or order is None:
        return ToteView(code, {}, [], place)
    others = [each.code for each in store.totes_of(conn, warehouse, part) if each.code != code]
    return ToteView(code, {str(order.number): others} if others else {}, [part], place)


def _order(conn: sa.Connection, warehouse: int, part_id: UUID, label_of: LabelOf) -> OrderView | None:
    part = store.part(conn, warehouse, part_id)
    if part is None:
        return None
    facts = orders.facts_of(conn, part_id, warehouse)
    cartons = store.cartons_of(conn, warehouse, part_id)
    open_one = _on_the_bench(cartons)
    closed = [each for each in cartons if each.state == "closed"]
    return OrderView(
        id=part.id,
        number=part.number,
        status=part.status,
        held=part.held,
        cancelled=part.status == "cancelled",
        hold_reason=_hold_reason(conn, part) if part.held else None,
        service=part.service,
        cutoff_at=part.cutoff_at,
        checklist=[],
        lines=_lines(conn, warehouse, part, facts),
        carton=None if open_one is None else _carton(conn, warehouse, open_one, label_of),
        closed=[ClosedView(each.number, each.sscc, _tracking(conn, warehouse, each, label_of)) for each in closed],
    )


def _on_the_bench(cartons: list[Carton]) -> Carton | None:
    """The carton that is being filled; where none is, the first one that wants to be weighed and closed."""
    filling = [each for each in cartons if each.state == "open"]
    return next(iter([*filling, *(each for each in cartons if each.state == "complete")]), None)


def _hold_reason(conn: sa.Connection, part: Part) -> str | None:
    """Why the order is stopped: the first of its open holds."""
    return next((each.reason for each in order_store.holds_of(conn, part.order) if each.state == HOLD.initial), None)


def _lines(conn: sa.Connection, warehouse: int, part: Part, facts: dict[UUID, Facts]) -> list[LineView]:
    lines = store.sized_lines(conn, warehouse, part.id)
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


def _carton(conn: sa.Connection, warehouse: int, carton: Carton, label_of: LabelOf) -> CartonView:
    box = next(each for each in service.boxes(conn) if each.code == carton.type)
    sizes = {line.line: line for line in store.sized_lines(conn, warehouse, carton.fulfilment)}
    pieces = [
        cartonise.Piece(size.length_mm, size.width_mm, size.height_mm, size.weight_g, row.quantity)
        for row in store.content(conn, warehouse, carton.id)
        if (size := sizes.get(row.line)) is not None
    ]
    job = spooler.last_jobs(conn, warehouse, [carton.id]).get(carton.id)
    return CartonView(
        id=carton.id,
        number=carton.number,
        sscc=carton.sscc,
        type=_types(conn)[carton.type],
        fill_percent=cartonise.fill_percent(pieces, box),
        expected_g=carton.expected_g,
        weight_g=carton.weight_g,
        state=carton.state,
        version=carton.version,
        label=label_of(conn, warehouse, carton.id),
        print=None if job is None else PrintView(job.id, job.state, job.reason),
    )


def _tracking(conn: sa.Connection, warehouse: int, carton: Carton, label_of: LabelOf) -> str | None:
    label = label_of(conn, warehouse, carton.id)
    return None if label is None else label.tracking
