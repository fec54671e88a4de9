"""Why: a pack station shows labels too; packing knows none, so this room puts both together.

The same projection is the HTTP answer and the snapshot of the topic `pack`.
"""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from server.catalog import service as catalog
from server.core.refusal import Refusal
from server.orders import currencies
from server.packing import views
from server.packing.schemas import LabelView, PackView
from server.packing.store import stations
from server.shipping import labels, service, store
from server.shipping.slip import Row, Slip


def label_of(conn: sa.Connection, warehouse: int, carton: UUID) -> LabelView | None:
    """A carton's newest label, as the pack station shows it."""
    found = service.label_of(conn, warehouse, carton)
    return (
        None if found is None else LabelView(found.state, found.tracking, found.zpl_url, found.reason, found.voidable)
    )


LABELS: Final = views.Labels(label_of, store.voided)


def slip_of(conn: sa.Connection, warehouse: int, carton_id: UUID, *, prices: bool) -> Slip:
    """What is to stand on a carton's packing slip, in its customer's language; refuses `carton_unknown`."""
    carton = store.carton_by_id(conn, warehouse, carton_id)
    if carton is None or carton.state == "voided":
        raise Refusal("carton_unknown")
    of = store.slipped(conn, warehouse, carton.order)
    language = str(of.customer.get("language", ""))
    rows = store.slip_rows(conn, warehouse, carton_id)
    items = catalog.items(conn, {row.item for row in rows})
    return Slip(
        language=language,
        order=str(carton.order_number),
        reference=of.reference,
        carton=carton.number,
        sender=_lines(of.sender, of.sender_name),
        receiver=_lines(of.address, str(of.customer.get("name", ""))),
        rows=[
            Row(
                quantity=row.quantity,
                name=items[row.item].names.get(language) or items[row.item].names["en"],
                sku=items[row.item].sku,
                lot=row.lot,
                price=currencies.shown(row.price_minor, of.currency) if prices else "",
            )
            for row in rows
        ],
    )


def _lines(fields: dict[str, Any], name: str) -> list[str]:
    """An address, line by line."""
    written = labels.address(fields, name)
    return [each for each in (written.name, *written.street, written.city, written.country) if each]


def bench(conn: sa.Connection, warehouse: int, code: str) -> PackView:
    """The bench of the station with this code; refuses `station_unknown`."""
    return views.pack_station(conn, warehouse, views.station_of(conn, warehouse, code).id, LABELS)


def bench_by_id(conn: sa.Connection, station: UUID) -> PackView:
    """The bench of a station by its id; refuses `station_unknown`."""
    return views.pack_station(conn, warehouse_of(conn, station), station, LABELS)


def warehouse_of(conn: sa.Connection, station: UUID) -> int:
    """The warehouse of a station; refuses `station_unknown`."""
    found = stations.warehouse_of(conn, station)
    if found is None:
        raise Refusal("station_unknown")
    return found
