"""Why: what others are told of an event is more than its ids: the statements that look it up, built once."""

from __future__ import annotations

from typing import Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from server.catalog.models import item
from server.db.binds import WAREHOUSE, id_
from server.integrations.schemas.webhooks import ParcelTold
from server.orders.models import carrier_service, order
from server.packing.models import carton, carton_item
from server.shipping.models import label, shipment


class Order(NamedTuple):
    """An order by all its names."""

    number: int
    channel: str
    external_ref: str


class Shipment(NamedTuple):
    """A shipment of its fulfilment, and who carries it."""

    number: int
    service: str
    carrier: str


_ORDER: Final = sa.select(order.c.number, order.c.channel, order.c.external_ref).where(order.c.id == id_("order"))
_SHIPMENT: Final = (
    sa.select(shipment.c.number, shipment.c.service, sa.func.coalesce(carrier_service.c.carrier, ""))
    .select_from(shipment.outerjoin(carrier_service, carrier_service.c.code == shipment.c.service))
    .where(shipment.c.id == id_("shipment"), shipment.c.warehouse_id == WAREHOUSE)
)
_PARCELS: Final = (
    sa.select(label.c.sscc, label.c.tracking)
    .select_from(label.join(carton, label.c.carton_id == carton.c.id))
    .where(
        label.c.shipment_id == id_("shipment"),
        label.c.warehouse_id == WAREHOUSE,
        label.c.state == "live",
        carton.c.state == "closed",
    )
    .order_by(carton.c.number)
)


_CONTENTS: Final = (
    sa.select(label.c.sscc, label.c.tracking, item.c.sku, sa.func.sum(carton_item.c.quantity))
    .select_from(
        label.join(carton, label.c.carton_id == carton.c.id)
        .join(carton_item, carton_item.c.carton_id == carton.c.id)
        .join(item, carton_item.c.item_id == item.c.id)
    )
    .where(label.c.shipment_id == id_("shipment"), label.c.warehouse_id == WAREHOUSE, label.c.state == "live")
    .group_by(carton.c.number, label.c.sscc, label.c.tracking, item.c.sku)
    .order_by(carton.c.number, item.c.sku)
)


def contents_of(conn: sa.Connection, warehouse: int, shipment_id: UUID) -> dict[str, dict[str, int]]:
    """What is in the parcels of a shipment: units by SKU, by tracking number (or SSCC), in the order of the cartons."""
    found: dict[str, dict[str, int]] = {}
    for sscc, tracking, sku, quantity in conn.execute(_CONTENTS, {"warehouse": warehouse, "shipment": shipment_id}):
        found.setdefault(tracking or sscc, {})[sku] = int(quantity)
    return found


def order_of(conn: sa.Connection, order_id: UUID) -> Order | None:
    """An order by all its names."""
    row = conn.execute(_ORDER, {"order": order_id}).one_or_none()
    return None if row is None else Order(*row)


def shipment_of(conn: sa.Connection, warehouse: int, shipment_id: UUID) -> Shipment | None:
    """A shipment of this warehouse."""
    row = conn.execute(_SHIPMENT, {"warehouse": warehouse, "shipment": shipment_id}).one_or_none()
    return None if row is None else Shipment(*row)


def parcels_of(conn: sa.Connection, warehouse: int, shipment_id: UUID) -> list[ParcelTold]:
    """The parcels of a shipment in the order of their cartons."""
    rows = conn.execute(_PARCELS, {"warehouse": warehouse, "shipment": shipment_id})
    return [ParcelTold(*row) for row in rows]
