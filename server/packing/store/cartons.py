"""Why: a carton, what lies in it, and the number on its label."""

from __future__ import annotations

from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from server.db.binds import WAREHOUSE, id_
from server.inventory.models import lpn
from server.locations.models import warehouse as warehouses
from server.packing.models import carton, carton_item
from server.tasks.models import floor_effect


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


class Content(NamedTuple):
    """Goods of a line in a carton."""

    id: UUID
    line: UUID
    item: UUID
    lot: str
    expiry: date | None
    quantity: int


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
).where(carton.c.warehouse_id == WAREHOUSE)
_CARTON: Final = _CARTONS.where(carton.c.id == id_("carton"))
_OF_PART: Final = _CARTONS.where(carton.c.fulfilment_id == id_("fulfilment")).order_by(carton.c.number)
_AT_STATION: Final = _CARTONS.where(
    carton.c.station_id == id_("station"), carton.c.state.in_(("open", "complete"))
).order_by(carton.c.opened_at)
_ADD_LPN: Final = sa.insert(lpn)
_ADD_CARTON: Final = sa.insert(carton)
_SET_CARTON: Final = (
    sa.update(carton)
    .where(carton.c.id == id_("of_carton"), carton.c.warehouse_id == WAREHOUSE)
    .values(
        state=sa.bindparam("to_state"),
        carton_type=sa.bindparam("to_type"),
        expected_g=sa.bindparam("to_expected"),
        weight_g=sa.bindparam("to_weight", type_=sa.Integer()),
        version=carton.c.version + 1,
    )
)
_GCP: Final = sa.select(warehouses.c.gcp).where(warehouses.c.id == WAREHOUSE)
_ANY_NUMBERED: Final = sa.select(sa.exists().where(carton.c.sscc.between(sa.bindparam("first"), sa.bindparam("last"))))
"""Of all warehouses: an SSCC is one in the world."""
_SET_SSCC: Final = (
    sa.update(carton)
    .where(carton.c.id == id_("of_carton"), carton.c.warehouse_id == WAREHOUSE)
    .values(sscc=sa.bindparam("to_sscc"), version=carton.c.version + 1)
)
_SET_PLATE: Final = (
    sa.update(lpn)
    .where(lpn.c.id == id_("of_lpn"), lpn.c.warehouse_id == WAREHOUSE)
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
        carton_item.c.carton_id == id_("carton"),
        carton_item.c.warehouse_id == WAREHOUSE,
        carton_item.c.quantity > 0,
    )
    .order_by(carton_item.c.id)
)
_ADD_CONTENT: Final = sa.insert(carton_item)
_CHANGE_CONTENT: Final = (
    sa.update(carton_item)
    .where(carton_item.c.id == id_("of_content"), carton_item.c.warehouse_id == WAREHOUSE)
    .values(quantity=carton_item.c.quantity + sa.bindparam("delta"))
)
_DROP_CONTENT: Final = sa.delete(carton_item).where(
    carton_item.c.id == id_("of_content"), carton_item.c.warehouse_id == WAREHOUSE, carton_item.c.quantity <= 0
)
_LAST_PACKED: Final = (
    sa.select(floor_effect.c.command_id, floor_effect.c.effect)
    .where(
        floor_effect.c.warehouse_id == WAREHOUSE,
        floor_effect.c.carton_id == id_("carton"),
        floor_effect.c.kind == "pack.item",
        floor_effect.c.undone_by.is_(None),
    )
    .order_by(floor_effect.c.at.desc(), floor_effect.c.command_id.desc())
    .limit(1)
)


def by_id(conn: sa.Connection, of: int, carton_id: UUID) -> Carton | None:
    """A carton of this warehouse."""
    row = conn.execute(_CARTON, {"warehouse": of, "carton": carton_id}).one_or_none()
    return None if row is None else Carton._make(row)


def of_fulfilment(conn: sa.Connection, of: int, fulfilment_id: UUID) -> list[Carton]:
    """All cartons of a fulfilment, voided ones too."""
    rows = conn.execute(_OF_PART, {"warehouse": of, "fulfilment": fulfilment_id})
    return [Carton._make(row) for row in rows]


def at_station(conn: sa.Connection, of: int, station_id: UUID) -> list[Carton]:
    """The cartons on a bench that are not closed."""
    return [Carton._make(row) for row in conn.execute(_AT_STATION, {"warehouse": of, "station": station_id})]


def add(conn: sa.Connection, plate: dict[str, Any], row: dict[str, Any]) -> None:
    """A carton with its licence plate."""
    conn.execute(_ADD_LPN, plate)
    conn.execute(_ADD_CARTON, row)


def write(
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


def company_prefix(conn: sa.Connection, of: int) -> str:
    """The GS1 company prefix of a warehouse's SSCCs."""
    return str(conn.execute(_GCP, {"warehouse": of}).scalar_one())


def any_numbered(conn: sa.Connection, first: str, last: str) -> bool:
    """Whether a carton of any warehouse has one of these SSCCs."""
    return bool(conn.execute(_ANY_NUMBERED, {"first": first, "last": last}).scalar_one())


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


def last_packed(conn: sa.Connection, of: int, carton_id: UUID) -> tuple[UUID, dict[str, Any]] | None:
    """The last item that went into a carton and was not taken out again: its command and what it did."""
    row = conn.execute(_LAST_PACKED, {"warehouse": of, "carton": carton_id}).one_or_none()
    return None if row is None else (row[0], row[1])
