"""Why: the guide counts over all rooms in one look; the sheets read what is printed in the order one sticks it up."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from server.auth.models import device, person
from server.catalog.models import item
from server.db.binds import WAREHOUSE, id_
from server.inventory.models import lpn, quant
from server.locations.models import VIRTUAL_TYPES, bin, warehouse
from server.orders.models import carrier_service, order
from server.packing.models import carton_type, station
from server.setup.rules import Counts
from server.setup.schemas import Card
from server.spooler.models import printer
from server.tasks.equipment import behind, by_number
from server.tasks.models import cart, tote

MOST: Final = 3000
"""Cards of one PDF: a hundred pages of bins."""


def _some(of: sa.Table, *conditions: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    return sa.select(sa.func.count()).select_from(of).where(*conditions).scalar_subquery()


def _any(of: sa.Select[tuple[UUID]]) -> sa.ScalarSelect[int]:
    """One where there is any: nobody counts a million."""
    return sa.select(sa.func.count()).select_from(of.limit(1).subquery()).scalar_subquery()


_COUNTS: Final = sa.select(
    _some(warehouse, warehouse.c.id == WAREHOUSE).label("warehouse"),
    _some(bin, bin.c.warehouse_id == WAREHOUSE, bin.c.type == "pick").label("bins"),
    _any(sa.select(item.c.id)).label("items"),
    _any(sa.select(quant.c.id).where(quant.c.warehouse_id == WAREHOUSE, quant.c.on_hand > 0)).label("stock"),
    _some(cart, cart.c.warehouse_id == WAREHOUSE).label("carts"),
    _some(tote, tote.c.warehouse_id == WAREHOUSE).label("totes"),
    _some(carrier_service, carrier_service.c.active).label("services"),
    _some(carton_type, carton_type.c.active).label("carton_types"),
    _some(printer, printer.c.warehouse_id == WAREHOUSE).label("printers"),
    _some(station, station.c.warehouse_id == WAREHOUSE).label("stations"),
    _some(device, device.c.warehouse_id == WAREHOUSE, device.c.kind == "handheld", device.c.state == "enrolled").label(
        "handhelds"
    ),
    _some(device, device.c.warehouse_id == WAREHOUSE, device.c.kind == "station", device.c.state == "enrolled").label(
        "benches"
    ),
    _any(sa.select(order.c.id)).label("orders"),
)
_PEOPLE: Final = (
    sa.select(person.c.id, person.c.name, person.c.roles, person.c.badge)
    .where(person.c.active, sa.or_(person.c.warehouse_id == WAREHOUSE, person.c.warehouse_id.is_(None)))
    .order_by(person.c.name, person.c.id)
)
_ONE_PERSON: Final = _PEOPLE.where(person.c.id == id_("person"))
_BINS: Final = (
    sa.select(bin.c.code, bin.c.aisle, bin.c.bay, bin.c.level, bin.c.check_digits)
    .where(
        bin.c.warehouse_id == WAREHOUSE,
        bin.c.type.in_(("pick", "reserve")),
        sa.or_(sa.bindparam("aisle", type_=sa.Text()) == "", bin.c.aisle == sa.bindparam("aisle", type_=sa.Text())),
    )
    .order_by(bin.c.aisle, bin.c.bay, bin.c.level, bin.c.code)
    .limit(MOST)
)
_PLACES: Final = (
    sa.select(bin.c.code, bin.c.type, bin.c.check_digits)
    .where(bin.c.warehouse_id == WAREHOUSE, bin.c.type.not_in((*VIRTUAL_TYPES, "cart", "pick", "reserve")))
    .order_by(bin.c.type, bin.c.code)
    .limit(MOST)
)
_STATIONS: Final = (
    sa.select(station.c.code, station.c.name).where(station.c.warehouse_id == WAREHOUSE).order_by(station.c.code)
)
_CARTS: Final = (
    sa.select(cart.c.code, cart.c.slots).where(cart.c.warehouse_id == WAREHOUSE).order_by(*by_number(cart.c.code))
)
_TOTES: Final = (
    sa.select(lpn.c.code)
    .join(tote, tote.c.lpn_id == lpn.c.id)
    .where(tote.c.warehouse_id == WAREHOUSE, behind(lpn.c.code))
    .order_by(*by_number(lpn.c.code))
    .limit(MOST)
)


def counts(conn: sa.Connection, of: int) -> Counts:
    """What there is in a warehouse, and in the house above it."""
    row = conn.execute(_COUNTS, {"warehouse": of}).one()
    roles = [each.roles for each in conn.execute(_PEOPLE, {"warehouse": of})]
    pickers, packers = (sum(role in each for each in roles) for role in ("picker", "packer"))
    return Counts(**row._mapping, pickers=pickers, packers=packers)


def badges(conn: sa.Connection, of: int, person_id: UUID | None) -> list[tuple[str, tuple[str, ...], str]]:
    """Name, roles and badge of the active people, or of one of them."""
    asked: dict[str, Any] = {"warehouse": of}
    one = {**asked, "person": person_id}
    rows = conn.execute(_PEOPLE, asked) if person_id is None else conn.execute(_ONE_PERSON, one)
    return [(row.name, row.roles, row.badge) for row in rows]


def bins(conn: sa.Connection, of: int, aisle: str) -> list[Card]:
    """The bins of an aisle, or of all, as one walks."""
    return [
        Card(f"{row.aisle}·{row.bay:02d}·{row.level}" if row.aisle else row.code, f"B-{row.code}", row.check_digits)
        for row in conn.execute(_BINS, {"warehouse": of, "aisle": aisle})
    ]


def places(conn: sa.Connection, of: int) -> list[Card]:
    """Pack stations, and the places of the floor that are no shelf."""
    benches = [Card(row.name, f"S-{row.code}", row.code) for row in conn.execute(_STATIONS, {"warehouse": of})]
    return benches + [
        Card(row.code, f"B-{row.code}", f"{row.type} · {row.check_digits}" if row.check_digits else row.type)
        for row in conn.execute(_PLACES, {"warehouse": of})
    ]


def carts(conn: sa.Connection, of: int) -> list[Card]:
    """The carts."""
    return [Card(row.code, row.code, slots=row.slots) for row in conn.execute(_CARTS, {"warehouse": of})]


def totes(conn: sa.Connection, of: int, after: str) -> list[Card]:
    """The totes behind `after`."""
    return [Card(row.code, row.code) for row in conn.execute(_TOTES, {"warehouse": of, "after": after})]
