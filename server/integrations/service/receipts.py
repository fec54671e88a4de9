"""Why: a supplier's list of what is on its way becomes what can be promised; the newest list counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

import sqlalchemy as sa

from server.catalog import service as catalog
from server.catalog.schemas import Item
from server.db.work import Work
from server.integrations.drafts import Draft, Options, RowFault
from server.integrations.kinds import Kind
from server.integrations.service.found import Found, Verdict, Ways
from server.orders.lifecycle import RECEIPT
from server.orders.schemas.supply import NewReceipt
from server.orders.service import receipts as service
from server.orders.store import receipts
from server.orders.store.receipts import Expected


def look(conn: sa.Connection, _kind: Kind, drafts: Sequence[Draft], options: Options) -> list[Found]:
    """Which deliveries are new, which change, which are here just so, and what is not known."""
    rows = [cast(NewReceipt, draft.record) for draft in drafts]
    items = catalog.items_by_sku(conn, {row.sku for row in rows})
    found = []
    for draft, row in zip(drafts, rows, strict=True):
        item = items.get(row.sku)
        known = None if item is None else receipts.named(conn, options.warehouse, row.reference, item.id)
        found.append(Found(_what(row, known), tuple(_faults(draft.first, row, item, known))))
    return found


def _what(row: NewReceipt, known: Expected | None) -> Verdict:
    if known is None:
        return "made"
    return "skipped" if (known.quantity, known.expected_on) == (row.quantity, row.expected_on) else "changed"


def _faults(at: int, row: NewReceipt, item: Item | None, known: Expected | None) -> Iterator[RowFault]:
    if item is None:
        yield RowFault(at, "sku", "unknown", got=row.sku)
    if known is not None and _what(row, known) == "changed":
        if RECEIPT.ended(known.state):
            yield RowFault(at, "reference", "receipt_ended", got=row.reference)
        elif row.quantity < known.arrived:
            yield RowFault(at, "quantity", "receipt_arrived", wanted=str(known.arrived), got=str(row.quantity))


def write(work: Work, draft: Draft, options: Options) -> str:
    """Announces it; promises follow."""
    service.announce(work, options.warehouse, cast(NewReceipt, draft.record))
    return ""


WAYS = Ways(look, write)
