"""Why: every statement about shipments and labels, built once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from server.db.binds import WAREHOUSE, among, id_, padded
from server.db.prepared import Prepared
from server.inventory.models import quant
from server.locations.models import bin, warehouse
from server.orders.models import carrier_service, fulfilment, fulfilment_line, order, order_line
from server.packing.models import carton, carton_item, station
from server.shipping.models import PARCEL_TEXT, label, parcel_text, shipment
from server.spooler.models import print_job, printer

_PRINTER: Final = sa.case((station.c.on_second, station.c.second_printer_id), else_=station.c.printer_id)


_PARCELS: Final = (
    sa.select(shipment.c.service, label.c.tracking)
    .select_from(
        label.join(carton, label.c.carton_id == carton.c.id).join(shipment, label.c.shipment_id == shipment.c.id)
    )
    .where(
        label.c.shipment_id == id_("shipment"),
        label.c.warehouse_id == WAREHOUSE,
        label.c.state == "live",
        carton.c.state == "closed",
    )
    .order_by(carton.c.number)
)


def parcels_of(conn: sa.Connection, warehouse: int, shipment_id: UUID) -> list[tuple[str, str | None]]:
    """The parcels of a shipment by carton: code of the service, the carrier's number."""
    return [(row[0], row[1]) for row in conn.execute(_PARCELS, {"warehouse": warehouse, "shipment": shipment_id})]


class Carton(NamedTuple):
    """A carton with what its label and its closing need to know; its station prints on `printer`, beside it `other`."""

    id: UUID
    number: int
    fulfilment: UUID
    order: UUID
    order_number: int
    station: UUID
    station_bin: UUID
    lpn: UUID
    sscc: str
    state: str
    expected_g: int
    weight_g: int | None
    version: int
    service: str
    printer: UUID | None
    profile: str | None
    other: UUID | None
    held: bool


_CARTONS: Final = (
    sa.select(
        carton.c.id,
        carton.c.number,
        carton.c.fulfilment_id,
        fulfilment.c.order_id,
        fulfilment.c.number,
        carton.c.station_id,
        station.c.bin_id,
        carton.c.lpn_id,
        carton.c.sscc,
        carton.c.state,
        carton.c.expected_g,
        carton.c.weight_g,
        carton.c.version,
        fulfilment.c.service,
        _PRINTER,
        printer.c.profile,
        sa.case((station.c.on_second, station.c.printer_id), else_=station.c.second_printer_id),
        fulfilment.c.held,
    )
    .select_from(
        carton.join(fulfilment, carton.c.fulfilment_id == fulfilment.c.id)
        .join(station, carton.c.station_id == station.c.id)
        .outerjoin(printer, printer.c.id == _PRINTER)
    )
    .where(carton.c.warehouse_id == WAREHOUSE)
)
_CARTON: Final = _CARTONS.where(carton.c.id == id_("carton"))
_OF_FULFILMENT: Final = _CARTONS.where(
    carton.c.fulfilment_id == id_("fulfilment"), carton.c.state != "voided"
).order_by(carton.c.number)
_ITEMS: Final = (
    sa.select(
        carton_item.c.line_id, carton_item.c.item_id, carton_item.c.lot, carton_item.c.expiry, carton_item.c.quantity
    )
    .where(
        carton_item.c.carton_id == id_("carton"),
        carton_item.c.warehouse_id == WAREHOUSE,
        carton_item.c.quantity > 0,
    )
    .order_by(carton_item.c.line_id, carton_item.c.lot)
)
_SET_CARTON: Final = (
    sa.update(carton)
    .where(carton.c.id == id_("of_carton"), carton.c.warehouse_id == WAREHOUSE)
    .values(
        state=sa.bindparam("to_state"),
        closed_at=sa.bindparam("closed", type_=carton.c.closed_at.type),
        version=carton.c.version + 1,
    )
)


class Packed(NamedTuple):
    """Goods in a carton."""

    line: UUID
    item: UUID
    lot: str
    expiry: date | None
    quantity: int


class Slipped(NamedTuple):
    """A carton, and what its packing slip says of its order: whose it is, how it was bought."""

    id: UUID
    warehouse: int
    number: int
    order: UUID
    order_number: int
    reference: str
    currency: str
    address: dict[str, Any]
    customer: dict[str, Any]
    sender: dict[str, Any]
    sender_name: str


class SlipRow(NamedTuple):
    """Goods in a carton, with what they cost each."""

    carton: UUID
    item: UUID
    lot: str
    quantity: int
    price_minor: int


_SLIPPED: Final = (
    sa.select(
        carton.c.id,
        carton.c.warehouse_id,
        carton.c.number,
        order.c.id,
        order.c.number,
        order.c.external_ref,
        order.c.currency,
        order.c.address,
        order.c.customer,
        warehouse.c.address,
        warehouse.c.name,
    )
    .select_from(
        carton.join(
            fulfilment,
            sa.and_(carton.c.fulfilment_id == fulfilment.c.id, carton.c.warehouse_id == fulfilment.c.warehouse_id),
        )
        .join(order, fulfilment.c.order_id == order.c.id)
        .join(warehouse, warehouse.c.id == carton.c.warehouse_id)
    )
    .where(carton.c.state != "voided")
)
_SLIPPED_CARTON: Final = _SLIPPED.where(carton.c.id == id_("carton"), carton.c.warehouse_id == WAREHOUSE)
_SLIPPED_ORDERS: Final = _SLIPPED.where(
    among(fulfilment.c.order_id, "orders"),
    sa.exists()
    .where(
        carton_item.c.carton_id == carton.c.id,
        carton_item.c.warehouse_id == carton.c.warehouse_id,
        carton_item.c.quantity > 0,
    )
    .correlate(carton),
).order_by(fulfilment.c.id, carton.c.number)
_SLIPPED_ORDERS_HERE: Final = _SLIPPED_ORDERS.where(carton.c.warehouse_id == WAREHOUSE)
_SLIP_ROWS: Final = (
    sa.select(
        carton_item.c.carton_id,
        carton_item.c.item_id,
        carton_item.c.lot,
        sa.func.sum(carton_item.c.quantity),
        order_line.c.price_minor,
    )
    .select_from(
        carton_item.join(fulfilment_line, carton_item.c.line_id == fulfilment_line.c.id).join(
            order_line, fulfilment_line.c.order_line_id == order_line.c.id
        )
    )
    .where(
        among(carton_item.c.carton_id, "cartons"),
        carton_item.c.warehouse_id == WAREHOUSE,
        carton_item.c.quantity > 0,
    )
    .group_by(
        carton_item.c.carton_id,
        carton_item.c.item_id,
        carton_item.c.lot,
        order_line.c.position,
        order_line.c.price_minor,
    )
    .order_by(order_line.c.position, carton_item.c.lot)
)


def slipped(conn: sa.Connection, of: int, carton_id: UUID) -> Slipped | None:
    """What the slip of a carton says of its order; None without such a carton, and where it is voided."""
    row = conn.execute(_SLIPPED_CARTON, {"carton": carton_id, "warehouse": of}).one_or_none()
    return None if row is None else Slipped._make(row)


def slipped_orders(conn: sa.Connection, order_ids: Sequence[UUID], of: int | None) -> list[Slipped]:
    """The cartons of these orders in which something lies, the first one first; of one warehouse or of all."""
    given = {"orders": padded(order_ids)}
    if of is None:
        return [Slipped._make(row) for row in conn.execute(_SLIPPED_ORDERS, given)]
    return [Slipped._make(row) for row in conn.execute(_SLIPPED_ORDERS_HERE, {**given, "warehouse": of})]


def slip_rows(conn: sa.Connection, of: int, carton_ids: Sequence[UUID]) -> list[SlipRow]:
    """The goods in these cartons of a warehouse, in the order in which they were bought."""
    rows = conn.execute(_SLIP_ROWS, {"cartons": padded(carton_ids), "warehouse": of})
    return [SlipRow(*row[:3], int(row[3]), row[4]) for row in rows]


def carton_by_id(conn: sa.Connection, of: int, carton_id: UUID) -> Carton | None:
    """A carton of this warehouse."""
    row = conn.execute(_CARTON, {"warehouse": of, "carton": carton_id}).one_or_none()
    return None if row is None else Carton._make(row)


def cartons_of(conn: sa.Connection, of: int, fulfilment_id: UUID) -> list[Carton]:
    """The cartons of a fulfilment that are not voided."""
    rows = conn.execute(_OF_FULFILMENT, {"warehouse": of, "fulfilment": fulfilment_id})
    return [Carton._make(row) for row in rows]


def packed_in(conn: sa.Connection, of: int, carton_id: UUID) -> list[Packed]:
    """What lies in a carton."""
    return [Packed._make(row) for row in conn.execute(_ITEMS, {"warehouse": of, "carton": carton_id})]


def set_carton(conn: sa.Connection, of: int, carton_id: UUID, state: str, closed: datetime | None) -> None:
    """Writes a carton's state."""
    conn.execute(_SET_CARTON, {"of_carton": carton_id, "warehouse": of, "to_state": state, "closed": closed})


# --- labels


class Label(NamedTuple):
    """A label's row, without its ZPL."""

    id: UUID
    carton: UUID
    shipment: UUID
    state: str
    sscc: str
    tracking: str | None
    reason: str | None
    attempts: int
    due_at: datetime | None
    asker: int | None


_LABEL: Final = (
    label.c.id,
    label.c.carton_id,
    label.c.shipment_id,
    label.c.state,
    label.c.sscc,
    label.c.tracking,
    label.c.reason,
    label.c.attempts,
    label.c.due_at,
    label.c.asker,
)
_BY_ID: Final = sa.select(*_LABEL).where(label.c.id == id_("label"), label.c.warehouse_id == WAREHOUSE)
_LAST_OF_CARTON: Final = (
    sa.select(*_LABEL)
    .where(label.c.carton_id == id_("carton"), label.c.warehouse_id == WAREHOUSE)
    .order_by(label.c.wanted_at.desc(), label.c.id.desc())
    .limit(1)
)
_VOIDED: Final = (
    sa.select(label.c.sscc)
    .select_from(label.join(carton, carton.c.id == label.c.carton_id))
    .where(
        carton.c.fulfilment_id == id_("fulfilment"),
        label.c.warehouse_id == WAREHOUSE,
        label.c.state == "void",
        sa.or_(label.c.sscc != carton.c.sscc, carton.c.state == "voided"),
    )
    .order_by(label.c.sscc)
)
_DUE: Final = (
    sa.select(label.c.warehouse_id, label.c.id)
    .where(label.c.due_at <= sa.bindparam("now", type_=label.c.due_at.type))
    .order_by(label.c.due_at)
    .limit(20)
)
_ASKED: Final = sa.select(label.c.warehouse_id, label.c.id, label.c.asker).where(label.c.asker.is_not(None))
_NEXT: Final = sa.select(sa.func.min(label.c.due_at))
_ZPL: Final = sa.select(label.c.zpl).where(label.c.id == id_("label"), label.c.warehouse_id == WAREHOUSE)
_PRINTS: Final = (
    sa.select(print_job.c.state)
    .select_from(print_job.join(label, print_job.c.subject_id == label.c.carton_id))
    .where(label.c.id == id_("label"), label.c.warehouse_id == WAREHOUSE, print_job.c.payload == label.c.zpl)
)
_ADD_LABEL: Final = sa.insert(label)
_SET_LABEL: Final = (
    sa.update(label)
    .where(label.c.id == id_("of_label"), label.c.warehouse_id == WAREHOUSE)
    .values(
        state=sa.bindparam("to_state"),
        due_at=sa.bindparam("due", type_=label.c.due_at.type),
        asker=sa.bindparam("asked_by", type_=sa.BigInteger()),
        attempts=label.c.attempts + sa.bindparam("tried"),
        tracking=sa.func.coalesce(sa.bindparam("new_tracking", type_=sa.Text()), label.c.tracking),
        reason=sa.bindparam("because", type_=sa.Text()),
        zpl=sa.func.coalesce(sa.bindparam("drawn", type_=sa.LargeBinary()), label.c.zpl),
        issued_at=sa.func.coalesce(sa.bindparam("issued", type_=label.c.issued_at.type), label.c.issued_at),
    )
)


def label_by_id(conn: sa.Connection, of: int, label_id: UUID) -> Label | None:
    """A label of this warehouse."""
    row = conn.execute(_BY_ID, {"label": label_id, "warehouse": of}).one_or_none()
    return None if row is None else Label._make(row)


def last_label(conn: sa.Connection, of: int, carton_id: UUID) -> Label | None:
    """The newest label of a carton."""
    row = conn.execute(_LAST_OF_CARTON, {"carton": carton_id, "warehouse": of}).one_or_none()
    return None if row is None else Label._make(row)


def voided(conn: sa.Connection, of: int, fulfilment: UUID) -> list[str]:
    """The SSCCs of a fulfilment's void labels that no carton of it has any more."""
    return list(conn.execute(_VOIDED, {"fulfilment": fulfilment, "warehouse": of}).scalars())


def due_labels(conn: sa.Connection, now: datetime) -> list[tuple[int, UUID]]:
    """Labels for which a carrier is to be asked now, by warehouse and id."""
    return [(row[0], row[1]) for row in conn.execute(_DUE, {"now": now})]


def asked_labels(conn: sa.Connection) -> list[tuple[int, UUID, int]]:
    """Labels for which a carrier is being asked, by warehouse and id, and the process that asks."""
    return [(row[0], row[1], row[2]) for row in conn.execute(_ASKED)]


def next_due(conn: sa.Connection) -> datetime | None:
    """When the next carrier is to be asked."""
    return conn.execute(_NEXT).scalar_one_or_none()


def zpl_of(conn: sa.Connection, of: int, label_id: UUID) -> bytes | None:
    """What a label prints as."""
    return conn.execute(_ZPL, {"label": label_id, "warehouse": of}).scalar_one_or_none()


def prints_of(conn: sa.Connection, of: int, found: Label) -> list[str]:
    """The states of all prints of this label; those of an earlier one of its carton are not among them."""
    return list(conn.execute(_PRINTS, {"label": found.id, "warehouse": of}).scalars())


def add_label(conn: sa.Connection, row: dict[str, Any]) -> None:
    """A label that is wanted."""
    conn.execute(_ADD_LABEL, row)


def set_label(
    conn: sa.Connection,
    of: int,
    label_id: UUID,
    state: str,
    *,
    due: datetime | None = None,
    asker: int | None = None,
    tracking: str | None = None,
    reason: str | None = None,
    zpl: bytes | None = None,
    issued: datetime | None = None,
) -> None:
    """Writes what became of a label: that its carrier is being asked once more by `asker`, or that nobody asks."""
    tried = 0 if asker is None else 1
    values = {"of_label": label_id, "warehouse": of, "to_state": state, "due": due, "asked_by": asker, "tried": tried}
    conn.execute(_SET_LABEL, {**values, "new_tracking": tracking, "because": reason, "drawn": zpl, "issued": issued})


# --- shipments


class Shipment(NamedTuple):
    """A shipment's row."""

    id: UUID
    number: int
    state: str


_SHIPMENTS: Final = (
    sa.select(shipment.c.id, shipment.c.number, shipment.c.state)
    .where(shipment.c.fulfilment_id == id_("fulfilment"), shipment.c.warehouse_id == WAREHOUSE)
    .order_by(shipment.c.number)
)
_STATE: Final = sa.select(shipment.c.state).where(
    shipment.c.id == id_("shipment"), shipment.c.warehouse_id == WAREHOUSE
)
_ADD_SHIPMENT: Final = sa.insert(shipment)
_SET_SHIPMENT: Final = (
    sa.update(shipment)
    .where(shipment.c.id == id_("of_shipment"), shipment.c.warehouse_id == WAREHOUSE)
    .values(state=sa.bindparam("to_state"), closed_at=sa.bindparam("closed", type_=shipment.c.closed_at.type))
)


_SET_SERVICE: Final = (
    sa.update(shipment)
    .where(shipment.c.id == id_("of_shipment"), shipment.c.warehouse_id == WAREHOUSE)
    .values(service=sa.bindparam("new"))
)


def shipments_of(conn: sa.Connection, of: int, fulfilment_id: UUID) -> list[Shipment]:
    """The shipments of a fulfilment, the first one first."""
    return [Shipment._make(row) for row in conn.execute(_SHIPMENTS, {"fulfilment": fulfilment_id, "warehouse": of})]


def shipment_state(conn: sa.Connection, of: int, shipment_id: UUID) -> str:
    """The state of a shipment."""
    return str(conn.execute(_STATE, {"shipment": shipment_id, "warehouse": of}).scalar_one())


def add_shipment(conn: sa.Connection, row: dict[str, Any]) -> None:
    """A shipment that is being packed."""
    conn.execute(_ADD_SHIPMENT, row)


def set_service(conn: sa.Connection, of: int, shipment_id: UUID, service: str) -> None:
    """An open shipment goes by another service."""
    conn.execute(_SET_SERVICE, {"of_shipment": shipment_id, "warehouse": of, "new": service})


def close_shipment(conn: sa.Connection, of: int, shipment_id: UUID, state: str, at: datetime) -> None:
    """Writes that a shipment is closed."""
    conn.execute(_SET_SHIPMENT, {"of_shipment": shipment_id, "warehouse": of, "to_state": state, "closed": at})


# --- who it is from and for


class Ways(NamedTuple):
    """The address it goes to, the address it comes from, and by which service."""

    receiver: dict[str, Any]
    customer: dict[str, Any]
    sender: dict[str, Any]
    sender_name: str
    service_name: str
    carrier: str


_WAYS: Final = (
    sa.select(
        order.c.address,
        order.c.customer,
        warehouse.c.address,
        warehouse.c.name,
        carrier_service.c.name,
        carrier_service.c.carrier,
    )
    .select_from(
        order.join(carrier_service, carrier_service.c.code == order.c.service).join(
            warehouse, warehouse.c.id == WAREHOUSE
        )
    )
    .where(order.c.id == id_("order"))
)


def ways(conn: sa.Connection, of: int, order_id: UUID) -> Ways:
    """From whom, to whom, by which service."""
    return Ways._make(conn.execute(_WAYS, {"order": order_id, "warehouse": of}).one())


_LEFT_AT: Final = (
    sa.select(sa.func.max(shipment.c.closed_at, type_=shipment.c.closed_at.type))
    .select_from(shipment.join(fulfilment, shipment.c.fulfilment_id == fulfilment.c.id))
    .where(fulfilment.c.order_id == id_("order"))
)


def left_at(conn: sa.Connection, order_id: UUID) -> datetime | None:
    """When the last shipment of an order was closed."""
    return conn.execute(_LEFT_AT, {"order": order_id}).scalar_one_or_none()


# --- what the invariants look at

LABELLED_TOO_EARLY: Final = (
    sa.select(carton.c.sscc, carton.c.state, label.c.state)
    .select_from(carton.join(label, label.c.carton_id == carton.c.id))
    .where(carton.c.state.in_(("open", "voided")), label.c.state.in_(("wanted", "live")))
)
SHIPPED_OPEN: Final = (
    sa.select(shipment.c.id, carton.c.sscc, carton.c.state)
    .select_from(
        shipment.join(label, label.c.shipment_id == shipment.c.id).join(carton, label.c.carton_id == carton.c.id)
    )
    .where(shipment.c.state == "closed", label.c.state == "live", carton.c.state != "closed")
)
CLOSED_WITHOUT_ONE_LABEL: Final = (
    sa.select(carton.c.sscc, sa.func.count(label.c.id))
    .select_from(carton.outerjoin(label, sa.and_(label.c.carton_id == carton.c.id, label.c.state == "live")))
    .where(carton.c.state == "closed")
    .group_by(carton.c.sscc)
    .having(sa.func.count(label.c.id) != 1)
)
_WITH_CUSTOMERS: Final = sa.union_all(
    sa.select(quant.c.item_id.label("item"), quant.c.on_hand.label("units"))
    .select_from(quant.join(bin, quant.c.bin_id == bin.c.id))
    .where(bin.c.type == "customer", quant.c.on_hand != 0),
    sa.select(fulfilment_line.c.item_id, fulfilment_line.c.returned - fulfilment_line.c.shipped).where(
        fulfilment_line.c.shipped > 0
    ),
).subquery()
LEFT_UNSHIPPED: Final = (
    sa.select(_WITH_CUSTOMERS.c.item, sa.func.sum(_WITH_CUSTOMERS.c.units))
    .group_by(_WITH_CUSTOMERS.c.item)
    .having(sa.func.sum(_WITH_CUSTOMERS.c.units) != 0)
)
"""Items of which more (or less) lies with customers than has shipped, and how many units."""


# --- by what a parcel is found

_FIND_BY: Final = Prepared(sa.insert(parcel_text))
_FOUND: Final = (
    sa.select(parcel_text.c.order_id)
    .where(parcel_text.c.id.in_(sa.bindparam("ids", type_=sa.BigInteger(), expanding=True)))
    .order_by(parcel_text.c.id.desc())
)


def find_by(conn: sa.Connection, of: int, order_id: UUID, text: str) -> None:
    """What is printed on a label of an order, with the last statements of the unit."""
    _FIND_BY.later(conn, {"warehouse_id": of, "order_id": order_id, "text": text})


def orders_of_parcels(conn: sa.Connection, piece: str, most: int) -> list[UUID]:
    """The orders of the newest parcels on whose label this piece is printed."""
    ids = PARCEL_TEXT.holding(conn, [piece], most)
    return list(dict.fromkeys(conn.execute(_FOUND, {"ids": padded(ids)}).scalars())) if ids else []
