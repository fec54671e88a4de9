"""Why: an item of a file is made, or changed in what the file says of it; what it does not say stays as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, cast
from uuid import UUID

import msgspec
import sqlalchemy as sa

from server.catalog import service as catalog
from server.catalog import store
from server.catalog.schemas import Barcode, Item, NewBarcode, NewItem
from server.db.work import Work
from server.integrations.drafts import Draft, ItemRow, Options, RowFault
from server.integrations.kinds import Kind
from server.integrations.service.found import Found, Ways

_AS_IT_IS: Final = (
    "weight_g", "length_mm", "width_mm", "height_mm", "uom", "tracking", "velocity", "hazmat", "currency", "active",
    "picture_svg", "minimum_age",
)  # fmt: skip
"""Fields of an item that are called as their column."""


class _Known(msgspec.Struct, frozen=True):
    id: UUID
    item: NewItem


def look(conn: sa.Connection, kind: Kind, drafts: Sequence[Draft], _options: Options) -> list[Found]:
    """Which are new, which change, and whose barcode belongs to another item."""
    rows = [cast(ItemRow, draft.record) for draft in drafts]
    known = _known(conn, [row.new.sku for row in rows])
    owners = store.owners(conn, {each.code for row in rows for each in row.new.barcodes})
    found = []
    for draft, row in zip(drafts, rows, strict=True):
        own = known.get(row.new.sku)
        taken = tuple(
            RowFault(*draft.place(kind, f"barcodes[{index}]"), "taken", got=each.code)
            for index, each in enumerate(row.new.barcodes)
            if each.code in owners and (own is None or owners[each.code] != own.id)
        )
        if own is None:
            found.append(Found(faults=taken))
        else:
            found.append(Found("skipped" if merged(own.item, row) == own.item else "changed", taken))
    return found


def write(work: Work, draft: Draft, _options: Options) -> str:
    """Makes it or changes it."""
    row = cast(ItemRow, draft.record)
    own = _known(work.conn, [row.new.sku]).get(row.new.sku)
    catalog.put_item(work, row.new if own is None else merged(own.item, row))
    return ""


def _known(conn: sa.Connection, skus: Sequence[str]) -> Mapping[str, _Known]:
    items = catalog.items_by_sku(conn, skus)
    barcodes = catalog.barcodes(conn, [each.id for each in items.values()])
    return {sku: _Known(each.id, _as_new(conn, each, barcodes.get(each.id, []))) for sku, each in items.items()}


def _as_new(conn: sa.Connection, item: Item, barcodes: Sequence[Barcode]) -> NewItem:
    drawn = store.picture(conn, item.id) if item.picture is not None else None
    return NewItem(
        sku=item.sku, names=item.names, uom=item.uom, weight_g=item.weight_g, length_mm=item.length_mm,
        width_mm=item.width_mm, height_mm=item.height_mm, tracking=item.tracking, velocity=item.velocity,
        hazmat=item.hazmat, price_minor=item.price_minor, currency=item.currency, active=item.active,
        minimum_age=item.minimum_age,
        picture_svg=None if drawn is None else drawn[0],
        barcodes=_in_order(NewBarcode(code=each.code, uom=each.uom, quantity=each.quantity) for each in barcodes),
    )  # fmt: skip


def merged(known: NewItem, row: ItemRow) -> NewItem:
    """A known item with what a file says of it."""
    new, given = row.new, row.given
    said: dict[str, Any] = {field: getattr(new, field) for field in _AS_IT_IS if field in given}
    if "price" in given:
        said |= {"price_minor": new.price_minor, "currency": new.currency}
    kept = [each for each in known.barcodes if _column(each.uom) not in given]
    return msgspec.structs.replace(
        known, **said, names={**known.names, **new.names}, barcodes=_in_order([*kept, *new.barcodes])
    )


def _column(uom: str) -> str:
    return "barcode" if uom == "each" else f"{uom}_barcode"


def _in_order(barcodes: Iterable[NewBarcode]) -> list[NewBarcode]:
    return sorted(barcodes, key=lambda each: (each.quantity, each.code))


WAYS = Ways(look, write)
