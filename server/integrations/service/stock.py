"""Why: what lies in the bins on the first day is a receipt in the ledger, booked once whatever happens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, cast

import sqlalchemy as sa

from server.catalog import service as catalog
from server.catalog.schemas import Item
from server.db.work import Work
from server.integrations.drafts import Draft, Options, RowFault, StockRow
from server.integrations.kinds import Kind
from server.integrations.service.found import Found, Ways
from server.inventory import service as inventory
from server.inventory.service import Goods
from server.locations import service as locations
from server.locations.models import VIRTUAL_TYPES
from server.locations.schemas import NewBin

_NOT_FOR_GOODS: Final = frozenset({*VIRTUAL_TYPES, "cart"})
_NEEDED: Final = {"none": (), "lot": ("lot",), "lot_expiry": ("lot", "expiry"), "serial": ()}
"""What must be said of an item, by how it is tracked."""


def look(conn: sa.Connection, _kind: Kind, drafts: Sequence[Draft], options: Options) -> list[Found]:
    """Which bins get their stock, which have it already, and what is not known."""
    rows = [cast(StockRow, draft.record) for draft in drafts]
    bins = locations.bins_by_code(conn, options.warehouse, {row.bin for row in rows})
    items = catalog.items_by_sku(conn, {row.sku for row in rows})
    opened = inventory.opened(conn, options.warehouse, [each.id for each in items.values()])
    found = []
    for draft, row in zip(drafts, rows, strict=True):
        bin_, item = bins.get(row.bin), items.get(row.sku)
        faults = tuple(_faults(draft.first, row, None if bin_ is None else bin_[1], item))
        there = bin_ is not None and item is not None and (bin_[0], item.id, row.lot) in opened
        found.append(Found("skipped" if there else "made", faults))
    return found


def _faults(at: int, row: StockRow, bin_: NewBin | None, item: Item | None) -> Iterator[RowFault]:
    if bin_ is None or bin_.type in _NOT_FOR_GOODS:
        yield RowFault(at, "bin", "unknown", got=row.bin)
    if item is None:
        yield RowFault(at, "sku", "unknown", got=row.sku)
        return
    needed = _NEEDED[item.tracking]
    said = {"lot": row.lot, "expiry": "" if row.expiry is None else row.expiry.isoformat()}
    for column, value in said.items():
        if column in needed and not value:
            yield RowFault(at, column, "empty")
        elif value and column not in needed:
            yield RowFault(at, column, "not_tracked", wanted="–", got=value)


def write(work: Work, draft: Draft, options: Options) -> str:
    """Books it from the supplier."""
    row = cast(StockRow, draft.record)
    bin_id, _ = locations.bins_by_code(work.conn, options.warehouse, [row.bin])[row.bin]
    item = catalog.items_by_sku(work.conn, [row.sku])[row.sku]
    inventory.open_stock(work, options.warehouse, Goods(item.id, row.lot, row.expiry), row.quantity, bin_id)
    return ""


def prepare(work: Work, options: Options) -> None:
    """Stock comes from somewhere."""
    locations.ensure_virtual_bins(work, options.warehouse)


WAYS = Ways(look, write, prepare)
