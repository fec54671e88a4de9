"""Why: what is on its way and what is kept back, as people read it."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from server.locations import service as locations
from server.orders.lifecycle import RECEIPT
from server.orders.schemas import ReceiptList, ReceiptView, StockRuleList, StockRuleView
from server.orders.store import receipts as store

_OPEN: Final = (RECEIPT.initial,)


def receipts(conn: Connection, warehouse: int, *, ended: bool, after: UUID | None, limit: int) -> ReceiptList:
    """A page of what a warehouse expects; refuses `warehouse_unknown`."""
    locations.warehouse_of(conn, warehouse)
    found = store.page(conn, warehouse, tuple(RECEIPT.states) if ended else _OPEN, after or store.ALL, limit + 1)
    promised = store.promised(conn, [each.id for each in found])
    rows = [
        ReceiptView(each.id, each.warehouse, each.reference, each.sku, each.quantity, each.arrived,
                    promised.get(each.id, 0), each.expected_on, each.state)
        for each in found[:limit]
    ]  # fmt: skip
    return ReceiptList(rows, rows[-1].id if len(found) > limit else None)


def rules(conn: Connection, *, after: UUID | None, limit: int) -> StockRuleList:
    """A page of the rules that keep stock back."""
    found = store.rules(conn, after or store.ALL, limit + 1)
    rows = [StockRuleView(*each) for each in found[:limit]]
    return StockRuleList(rows, rows[-1].id if len(found) > limit else None)
