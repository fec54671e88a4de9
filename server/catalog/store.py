"""Why: every statement about items and their barcodes, built once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection as Connection

from server.catalog.models import item, item_barcode
from server.catalog.schemas import Barcode, Item, ItemBarcode
from server.db.binds import among, padded
from server.db.types import Id

_ITEM: Final[tuple[sa.Column[Any], ...]] = (
    item.c.id, item.c.sku, item.c.names, item.c.uom, item.c.weight_g, item.c.length_mm, item.c.width_mm,
    item.c.height_mm, item.c.tracking, item.c.velocity, item.c.hazmat, item.c.price_minor, item.c.currency,
    item.c.active, item.c.minimum_age, item.c.picture_version,
)  # fmt: skip
_OF: Final = sa.bindparam("of", type_=Id())

_resolve: Final = sa.select(item_barcode.c.item_id, item_barcode.c.uom, item_barcode.c.quantity).where(
    item_barcode.c.code == sa.bindparam("code")
)
_by_sku: Final = sa.select(*_ITEM).where(item.c.sku == sa.bindparam("sku"))
_by_id: Final = sa.select(*_ITEM).where(item.c.id == _OF)
_by_ids: Final = sa.select(*_ITEM).where(among(item.c.id, "ids"))
_by_skus: Final = sa.select(*_ITEM).where(among(item.c.sku, "skus"))
_barcodes: Final = (
    sa.select(item_barcode.c.code, item_barcode.c.uom, item_barcode.c.quantity)
    .where(item_barcode.c.item_id == _OF)
    .order_by(item_barcode.c.quantity, item_barcode.c.code)
)
_barcodes_of: Final = (
    sa.select(item_barcode.c.item_id, item_barcode.c.code, item_barcode.c.uom, item_barcode.c.quantity)
    .where(among(item_barcode.c.item_id, "ids"))
    .order_by(item_barcode.c.quantity, item_barcode.c.code)
)
_owners: Final = sa.select(item_barcode.c.code, item_barcode.c.item_id).where(among(item_barcode.c.code, "codes"))
_picture: Final = sa.select(item.c.picture_svg, item.c.picture_version).where(item.c.id == _OF)
_all: Final = (
    sa.select(*_ITEM).where(item.c.sku > sa.bindparam("after")).order_by(item.c.sku).limit(sa.bindparam("most"))
)
_found: Final = (
    sa.select(*_ITEM)
    .where(
        item.c.sku > sa.bindparam("after"),
        sa.or_(
            sa.func.lower(item.c.sku).like(sa.bindparam("like"), escape="\\"),
            sa.func.lower(item.c.search).like(sa.bindparam("like"), escape="\\"),
            item.c.id.in_(sa.select(item_barcode.c.item_id).where(item_barcode.c.code == sa.bindparam("code"))),
        ),
    )
    .order_by(item.c.sku)
    .limit(sa.bindparam("most"))
)

_sku_like: Final = (
    sa.select(item.c.id)
    .where(sa.func.lower(item.c.sku).like(sa.bindparam("like"), escape="\\"))
    .order_by(item.c.sku)
    .limit(sa.bindparam("most"))
)

_add: Final = sa.insert(item)
_change: Final = (
    sa.update(item)
    .where(item.c.id == _OF)
    .values(
        {
            column: sa.bindparam(f"new_{column.name}", type_=column.type)
            for column in item.c
            if column.name not in ("id", "sku", "created_at")
        }
    )
)
_add_barcodes: Final = sa.insert(item_barcode)
_drop_barcodes: Final = sa.delete(item_barcode).where(item_barcode.c.item_id == _OF)


def _item(row: Sequence[Any]) -> Item:
    return Item(*(*row[:-1], picture_address(row[0], row[-1])))


def picture_address(item_id: UUID, picture_version: str | None) -> str | None:
    """Where an item's picture is, for its version; None where it has none."""
    return None if picture_version is None else f"/api/items/{item_id}/picture.svg?v={picture_version}"


def resolve(conn: Connection, code: str) -> ItemBarcode | None:
    """What a canonical barcode stands for."""
    row = conn.execute(_resolve, {"code": code}).one_or_none()
    return None if row is None else ItemBarcode(*row)


def by_sku(conn: Connection, sku: str) -> Item | None:
    """The item with this SKU."""
    row = conn.execute(_by_sku, {"sku": sku}).one_or_none()
    return None if row is None else _item(row)


def by_id(conn: Connection, item_id: UUID) -> Item | None:
    """The item with this id."""
    row = conn.execute(_by_id, {"of": item_id}).one_or_none()
    return None if row is None else _item(row)


def by_ids(conn: Connection, ids: Iterable[UUID]) -> list[Item]:
    """The items with these ids, in no order."""
    wanted = list(set(ids))
    return [_item(row) for row in conn.execute(_by_ids, {"ids": wanted})] if wanted else []


def by_skus(conn: Connection, skus: Iterable[str]) -> list[Item]:
    """The items with these SKUs, in no order."""
    wanted = list(set(skus))
    return [_item(row) for row in conn.execute(_by_skus, {"skus": padded(wanted)})] if wanted else []


def with_sku_like(conn: Connection, like: str, most: int) -> list[UUID]:
    """Items whose SKU is like this pattern in small letters."""
    return list(conn.execute(_sku_like, {"like": like, "most": most}).scalars())


def barcodes(conn: Connection, item_id: UUID) -> list[Barcode]:
    """The barcodes of an item, the smallest unit first."""
    return [Barcode(*row) for row in conn.execute(_barcodes, {"of": item_id})]


def barcodes_of(conn: Connection, ids: Iterable[UUID]) -> dict[UUID, list[Barcode]]:
    """The barcodes of several items, the smallest unit first."""
    found: dict[UUID, list[Barcode]] = {}
    wanted = list(set(ids))
    for row in conn.execute(_barcodes_of, {"ids": wanted}) if wanted else ():
        found.setdefault(row[0], []).append(Barcode(row[1], row[2], row[3]))
    return found


def owners(conn: Connection, codes: Iterable[str]) -> dict[str, UUID]:
    """Whose these barcodes are."""
    wanted = list(codes)
    return {row[0]: row[1] for row in conn.execute(_owners, {"codes": wanted})} if wanted else {}


def picture(conn: Connection, item_id: UUID) -> tuple[str, str] | None:
    """An item's drawing and its version."""
    row = conn.execute(_picture, {"of": item_id}).one_or_none()
    return None if row is None or row[0] is None else (row[0], row[1])


def page(conn: Connection, after: str, most: int) -> list[Item]:
    """At most `most` items behind the SKU `after`."""
    return [_item(row) for row in conn.execute(_all, {"after": after, "most": most})]


def search(conn: Connection, like: str, code: str, after: str, most: int) -> list[Item]:
    """At most `most` items behind `after` whose SKU or name is like `like`, or whose barcode is `code`."""
    values = {"like": like, "code": code, "after": after, "most": most}
    return [_item(row) for row in conn.execute(_found, values)]


def add(conn: Connection, row: dict[str, Any]) -> None:
    """Keeps a new item."""
    conn.execute(_add, row)


def change(conn: Connection, item_id: UUID, row: dict[str, Any]) -> None:
    """Replaces all of an item but its id, SKU and birth."""
    conn.execute(_change, {"of": item_id, **{f"new_{name}": value for name, value in row.items()}})


def set_barcodes(conn: Connection, item_id: UUID, rows: Sequence[dict[str, Any]]) -> None:
    """Replaces an item's barcodes."""
    conn.execute(_drop_barcodes, {"of": item_id})
    if rows:
        conn.execute(_add_barcodes, rows)
