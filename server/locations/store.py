"""Why: every statement about places, built once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection as Connection

from server.db.prepared import Prepared
from server.db.types import Id, Json
from server.locations.models import VIRTUAL_TYPES, bin, warehouse, zone
from server.locations.schemas import Bin, BinRow, NewBin, Warehouse, WarehouseRow

_OF: Final = sa.bindparam("of", type_=sa.SmallInteger())

_add_warehouse: Final = sa.insert(warehouse)
_warehouses: Final = sa.select(
    warehouse.c.id, warehouse.c.code, warehouse.c.name, warehouse.c.time_zone, warehouse.c.country
).order_by(warehouse.c.id)
_warehouse: Final = sa.select(
    warehouse.c.id, warehouse.c.code, warehouse.c.name, warehouse.c.time_zone, warehouse.c.country,
    warehouse.c.address, warehouse.c.gcp,
).where(warehouse.c.id == _OF)  # fmt: skip
_counts: Final = sa.select(
    sa.select(sa.func.count()).select_from(zone).where(zone.c.warehouse_id == _OF).scalar_subquery(),
    sa.select(sa.func.count())
    .select_from(bin)
    .where(bin.c.warehouse_id == _OF, bin.c.type.not_in(VIRTUAL_TYPES), bin.c.type != "cart")
    .scalar_subquery(),
)
_change_warehouse: Final = (
    sa.update(warehouse)
    .where(warehouse.c.id == _OF)
    .values(
        {
            name: sa.bindparam(f"new_{name}", type_=warehouse.c[name].type)
            for name in ("code", "name", "time_zone", "country", "address", "gcp")
        }
    )
)
_floor: Final = sa.select(sa.type_coerce(warehouse.c.floor, sa.Text)).where(warehouse.c.id == _OF)

_add_zones: Final = sa.insert(zone)
_zones: Final = sa.select(zone.c.code, zone.c.id, zone.c.name).where(zone.c.warehouse_id == _OF).order_by(zone.c.code)
_zone_aisles: Final = (
    sa.select(zone.c.code, bin.c.aisle)
    .join(bin, bin.c.zone_id == zone.c.id)
    .where(zone.c.warehouse_id == _OF, bin.c.warehouse_id == _OF, bin.c.aisle != "")
    .distinct()
    .order_by(zone.c.code, bin.c.aisle)
)

_add_bins: Final = sa.insert(bin)
_lock: Final = (
    sa.update(bin)
    .where(bin.c.warehouse_id == _OF, bin.c.id == sa.bindparam("bin", type_=Id()))
    .values(locked=sa.bindparam("now_locked", type_=sa.Boolean()))
)
_set_floor: Final = (
    sa.update(warehouse).where(warehouse.c.id == _OF).values(floor=sa.bindparam("new_floor", type_=Json()))
)
_change_bin: Final = (
    sa.update(bin)
    .where(bin.c.warehouse_id == _OF, bin.c.id == sa.bindparam("bin", type_=Id()))
    .values(
        {
            column: sa.bindparam(f"new_{column.name}", type_=column.type)
            for column in bin.c
            if column.name not in ("id", "warehouse_id", "code")
        }
    )
)
_NEW: Final = tuple(zone.c.code if name == "zone" else bin.c[name] for name in NewBin.__struct_fields__)
_by_codes: Final = (
    sa.select(bin.c.id, *_NEW)
    .outerjoin(zone, zone.c.id == bin.c.zone_id)
    .where(bin.c.warehouse_id == _OF, bin.c.code.in_(sa.bindparam("codes", expanding=True)))
)
_FIELDS: Final = NewBin.__struct_fields__
_BIN: Final[tuple[sa.Column[Any], ...]] = (
    bin.c.id, bin.c.warehouse_id, bin.c.code, bin.c.type, bin.c.zone_id, bin.c.aisle, bin.c.x_mm, bin.c.y_mm,
    bin.c.z_mm, bin.c.check_digits, bin.c.sequence, bin.c.locked,
)  # fmt: skip
_by_code: Final = sa.select(*_BIN).where(bin.c.warehouse_id == _OF, bin.c.code == sa.bindparam("code"))
_by_id: Final = sa.select(*_BIN).where(bin.c.warehouse_id == _OF, bin.c.id == sa.bindparam("bin", type_=Id()))
_by_ids: Final = sa.select(*_BIN).where(
    bin.c.warehouse_id == _OF, bin.c.id.in_(sa.bindparam("bins", type_=Id(), expanding=True))
)
_special: Final = Prepared(
    sa.select(bin.c.id)
    .where(bin.c.warehouse_id == _OF, bin.c.type == sa.bindparam("type"))
    .order_by(bin.c.sequence, bin.c.code)
    .limit(1)
)
_known_codes: Final = sa.select(bin.c.code).where(
    bin.c.warehouse_id == _OF, bin.c.code.in_(sa.bindparam("codes", expanding=True))
)
_codes: Final = sa.select(bin.c.code).where(bin.c.warehouse_id == _OF)
_last: Final = sa.select(sa.func.coalesce(sa.func.max(bin.c.sequence), 0)).where(bin.c.warehouse_id == _OF)
_page: Final = (
    sa.select(
        bin.c.id, bin.c.code, sa.literal("B-") + bin.c.code, bin.c.type, zone.c.code, bin.c.aisle, bin.c.bay,
        bin.c.level, bin.c.side, bin.c.x_mm, bin.c.y_mm, bin.c.z_mm, bin.c.check_digits, bin.c.sequence,
        bin.c.locked,
    )
    .outerjoin(zone, zone.c.id == bin.c.zone_id)
    .where(
        bin.c.warehouse_id == _OF,
        sa.or_(
            bin.c.sequence > sa.bindparam("sequence"),
            sa.and_(bin.c.sequence == sa.bindparam("sequence"), bin.c.code > sa.bindparam("code")),
        ),
    )
    .order_by(bin.c.sequence, bin.c.code)
    .limit(sa.bindparam("most"))
)  # fmt: skip
_standing: Final = (
    sa.select(bin.c.code, bin.c.type, bin.c.x_mm, bin.c.y_mm, bin.c.z_mm)
    .where(bin.c.warehouse_id == _OF, bin.c.type.not_in((*VIRTUAL_TYPES, "cart")))
    .order_by(bin.c.sequence, bin.c.code)
)


class Zone(NamedTuple):
    """A zone's row."""

    code: str
    id: UUID
    name: str


def add_warehouse(conn: Connection, row: dict[str, Any]) -> None:
    """Keeps a new warehouse."""
    conn.execute(_add_warehouse, row)


def change_warehouse(conn: Connection, number: int, row: dict[str, Any]) -> None:
    """Other words for a warehouse: code, name, time zone, country, address, company prefix."""
    conn.execute(_change_warehouse, {"of": number, **{f"new_{name}": value for name, value in row.items()}})


def counts(conn: Connection, number: int) -> tuple[int, int]:
    """How many zones a warehouse has, and how many bins that one can stand at."""
    zones_, bins_ = conn.execute(_counts, {"of": number}).one()
    return zones_, bins_


def warehouses(conn: Connection) -> list[WarehouseRow]:
    """All warehouses by number."""
    return [WarehouseRow(*row) for row in conn.execute(_warehouses)]


def warehouse_of(conn: Connection, number: int) -> Warehouse | None:
    """One warehouse."""
    row = conn.execute(_warehouse, {"of": number}).one_or_none()
    return None if row is None else Warehouse(*row)


def floor_text(conn: Connection, number: int) -> str | None:
    """The geometry of a warehouse's floor as JSON text."""
    return conn.execute(_floor, {"of": number}).scalar_one_or_none()


def add_zones(conn: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Keeps new zones."""
    conn.execute(_add_zones, rows)


def zones(conn: Connection, number: int) -> list[Zone]:
    """The zones of a warehouse by code."""
    return [Zone(*row) for row in conn.execute(_zones, {"of": number})]


def zone_aisles(conn: Connection, number: int) -> list[tuple[str, str]]:
    """Which aisle lies in which zone: (zone code, aisle), sorted."""
    return [(row[0], row[1]) for row in conn.execute(_zone_aisles, {"of": number})]


def known_codes(conn: Connection, number: int, codes: Iterable[str]) -> set[str]:
    """Those of the codes that a bin has already."""
    return set(conn.execute(_known_codes, {"of": number, "codes": list(codes)}).scalars())


def codes(conn: Connection, number: int) -> Iterable[str]:
    """The codes of all bins."""
    return conn.execute(_codes, {"of": number}).scalars()


def last_in_order(conn: Connection, number: int) -> int:
    """The highest number of bin order; 0 without bins."""
    found: int = conn.execute(_last, {"of": number}).scalar_one()
    return found


def add_bins(conn: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Keeps new bins."""
    conn.execute(_add_bins, rows)


def set_floor(conn: Connection, number: int, floor: Any) -> None:
    """Keeps another geometry."""
    conn.execute(_set_floor, {"of": number, "new_floor": floor})


def change_bin(conn: Connection, number: int, bin_id: UUID, row: dict[str, Any]) -> None:
    """Replaces all of a bin but its id and code."""
    conn.execute(_change_bin, {"of": number, "bin": bin_id, **{f"new_{name}": value for name, value in row.items()}})


def bins_by_code(conn: Connection, number: int, codes: Iterable[str]) -> dict[str, tuple[UUID, NewBin]]:
    """Bins by code: their ids, and all that was said of them."""
    wanted = list(codes)
    rows = conn.execute(_by_codes, {"of": number, "codes": wanted}) if wanted else ()
    return {new.code: (row[0], new) for row in rows for new in (NewBin(**dict(zip(_FIELDS, row[1:], strict=True))),)}


def lock(conn: Connection, number: int, bin_id: UUID, locked: bool) -> None:
    """Locks or unlocks a bin."""
    conn.execute(_lock, {"of": number, "bin": bin_id, "now_locked": locked})


def bin_by_code(conn: Connection, number: int, code: str) -> Bin | None:
    """The bin with this code."""
    row = conn.execute(_by_code, {"of": number, "code": code}).one_or_none()
    return None if row is None else Bin(*row)


def bin_by_id(conn: Connection, number: int, bin_id: UUID) -> Bin | None:
    """The bin with this id."""
    row = conn.execute(_by_id, {"of": number, "bin": bin_id}).one_or_none()
    return None if row is None else Bin(*row)


def bins_by_id(conn: Connection, number: int, bins: Iterable[UUID]) -> list[Bin]:
    """The bins with these ids, in no order."""
    wanted = list(bins)
    return [Bin(*row) for row in conn.execute(_by_ids, {"of": number, "bins": wanted})] if wanted else []


def special(conn: Connection, number: int, kind: str) -> UUID | None:
    """The first bin of a type, in bin order."""
    row = _special.recalled(conn, {"of": number, "type": kind})
    return None if row is None else row[0]


def page(conn: Connection, number: int, sequence: int, code: str, most: int) -> list[BinRow]:
    """At most `most` bins behind (sequence, code), in bin order."""
    values = {"of": number, "sequence": sequence, "code": code, "most": most}
    return [BinRow(*row) for row in conn.execute(_page, values)]


def standing(conn: Connection, number: int) -> list[tuple[str, str, int, int, int]]:
    """Code, type and point of every bin that stands somewhere."""
    return [(row[0], row[1], row[2], row[3], row[4]) for row in conn.execute(_standing, {"of": number})]
