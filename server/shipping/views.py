"""Why: a pack station shows labels too; packing knows none, so this room puts both together.

The same projection is the HTTP answer and the snapshot of the topic `pack`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import sqlalchemy as sa

from server.catalog import service as catalog
from server.core.refusal import Refusal
from server.locations import service as locations
from server.orders import currencies
from server.orders.projection import order_page
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
        pairs=[
            ("order", str(carton.order_number)),
            ("carton", str(carton.number)),
            *((("reference", of.reference),) if of.reference else ()),
        ],
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


_NOTATION: Final[Mapping[str, tuple[str, str]]] = {"en": ("%Y-%m-%d", "."), "de": ("%d.%m.%Y", ",")}
"""How a language that papers are printed in writes a day, and what stands before cents."""


def confirmation_of(conn: sa.Connection, number: int) -> Slip:
    """What was ordered, as its customer is told; refuses `order_unknown`."""
    page = order_page(conn, number)
    sender = locations.warehouse_of(conn, page.warehouse)
    language, zone = page.customer.language, ZoneInfo(sender.time_zone)

    written, mark = _NOTATION.get(language, _NOTATION["en"])

    def shown(minor: int) -> str:
        return currencies.shown(minor, page.currency).replace(".", mark)

    amounts = (("items", page.items_minor), ("shipping", page.shipping_minor), ("tax", page.tax_minor))
    day = "" if page.promised_on is None else page.promised_on.strftime(written)
    pairs = (
        ("reference", page.external_ref), ("taken", page.captured_at.astimezone(zone).strftime(f"{written} %H:%M")),
        ("by", page.service_name), ("day", day), ("pay", page.payment.method),
    )  # fmt: skip
    return Slip(
        language=language, order=str(number), title="confirmation", pairs=[each for each in pairs if each[1]],
        sender=_lines(sender.address, sender.name),
        receiver=_lines(msgspec.structs.asdict(page.address), page.customer.name),
        rows=[
            Row(line.facts.wanted, line.item.names.get(language) or line.item.names["en"], line.item.sku,
                price=shown(line.price_minor))
            for line in page.lines
            if line.facts.wanted
        ],
        sums=[*((word, shown(minor)) for word, minor in amounts if minor), ("total", shown(page.total_minor))],
    )  # fmt: skip


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
