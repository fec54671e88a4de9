"""Why: what can be sold is made here, and a scanned code finds here what it stands for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from uuid import UUID

import msgspec

from server.catalog import rules, store
from server.catalog.schemas import Barcode, Item, ItemBarcode, ItemList, ItemPage, NewItem, Picture
from server.catalog.store import Connection
from server.core.refusal import Fault, Refusal
from server.db.base import CORE
from server.db.work import Work

MOST: Final = 200
"""Items on a page, at most."""


# --- making items --------------------------------------------------------------------------------------------------


def put_item(work: Work, new: NewItem) -> UUID:
    """Makes an item, or changes the one with this SKU, and gives its id.

    Refuses `invalid` with every fault, and `name_taken` for a barcode of another item.
    """
    if faults := tuple(rules.faults(new)):
        raise Refusal("invalid", *faults, count=len(faults))
    known = store.by_sku(work.conn, new.sku)
    item_id = known.id if known else work.new_id()
    barcodes = _barcodes(work, item_id, new)
    row = msgspec.structs.asdict(new)
    del row["barcodes"], row["sku"]
    row["picture_version"] = None if new.picture_svg is None else rules.version(new.picture_svg)
    row["search"] = " ".join(dict.fromkeys(new.names.values())).lower()
    if known:
        store.change(work.conn, item_id, row)
    else:
        store.add(work.conn, {**row, "id": item_id, "sku": new.sku, "created_at": work.now})
    if known is None or store.barcodes(work.conn, item_id) != barcodes:
        store.set_barcodes(
            work.conn, item_id, [{"item_id": item_id, **msgspec.structs.asdict(each)} for each in barcodes]
        )
    work.emit("item.changed", stream=CORE, item=item_id)
    return item_id


def _barcodes(work: Work, item_id: UUID, new: NewItem) -> list[Barcode]:
    found: dict[str, Barcode] = {}
    for each in new.barcodes:
        code = rules.canonical(each.code) or ""
        if code in found:
            raise Refusal("name_taken", Fault("barcodes", "This barcode stands twice.", got=each.code), field="barcode",
                          got=each.code)  # fmt: skip
        found[code] = Barcode(code, each.uom, each.quantity)
    for code, owner in store.owners(work.conn, found).items():
        if owner != item_id:
            raise Refusal("name_taken", Fault("barcodes", "Another item has this barcode.", got=code), field="barcode",
                          got=code)  # fmt: skip
    return sorted(found.values(), key=lambda each: (each.quantity, each.code))


# --- finding items -------------------------------------------------------------------------------------------------


def resolve(conn: Connection, code: str) -> ItemBarcode | None:
    """What a barcode (the canonical text of `server.core.barcodes`: 14 digits or `I-…`) stands for, or None."""
    return store.resolve(conn, code)


def item_of(conn: Connection, sku: str) -> Item | None:
    """The item with this SKU, or None."""
    return store.by_sku(conn, sku)


def with_sku_like(conn: Connection, text: str, most: int) -> list[UUID]:
    """Items whose SKU holds this text, in either case, at most `most`, by SKU."""
    escaped = text.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return store.with_sku_like(conn, f"%{escaped}%", most)


def items(conn: Connection, ids: Iterable[UUID]) -> dict[UUID, Item]:
    """These items by id; unknown ids are left out."""
    return {each.id: each for each in store.by_ids(conn, ids)}


def items_by_sku(conn: Connection, skus: Iterable[str]) -> dict[str, Item]:
    """These items by SKU; unknown ones are left out."""
    return {each.sku: each for each in store.by_skus(conn, skus)}


def barcodes(conn: Connection, ids: Iterable[UUID]) -> dict[UUID, list[Barcode]]:
    """All barcodes of these items, the smallest unit first: what a device must know to judge a scan."""
    return store.barcodes_of(conn, ids)


# --- what the pages show -------------------------------------------------------------------------------------------


def page(conn: Connection, sku: str) -> ItemPage:
    """An item with its barcodes; refuses `item_unknown`."""
    found = store.by_sku(conn, sku)
    if found is None:
        raise Refusal("item_unknown", item=sku[:60])
    return ItemPage(found, store.barcodes(conn, found.id))


def search(conn: Connection, text: str, after: str, limit: int) -> ItemList:
    """A page of items by SKU: all, or those whose SKU or name holds `text`, or whose barcode it is."""
    wanted = text.strip()
    if not wanted:
        found = store.page(conn, after, limit + 1)
    else:
        escaped = wanted.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        found = store.search(conn, f"%{escaped}%", rules.canonical(wanted) or "", after, limit + 1)
    return ItemList(found[:limit], found[limit - 1].sku if len(found) > limit else None)


def picture(conn: Connection, item_id: UUID) -> Picture:
    """An item's drawing; refuses `not_found`."""
    found = store.picture(conn, item_id)
    if found is None:
        raise Refusal("not_found")
    return Picture(*found)
