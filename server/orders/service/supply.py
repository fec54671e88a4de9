"""Why: what is on its way and what is kept back, as people read it."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from server.catalog import service as catalog
from server.locations import service as locations
from server.orders.lifecycle import RECEIPT
from server.orders.schemas.supply import ReceiptList, ReceiptView, Shortage, ShortageList, StockRuleList, StockRuleView
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


def shortages(conn: Connection, *, warehouse: int, after: str | None, limit: int) -> ShortageList:
    """A page of the items for which orders wait in a warehouse; refuses `not_found`."""
    locations.warehouse_of(conn, warehouse)
    found = store.shortages(conn, warehouse, after or "", limit + 1)
    items = catalog.items(conn, [each.item for each in found])
    rows = [
        Shortage(items[each.item].sku, items[each.item].names, each.orders, each.waits, each.on_the_way, each.next_on)
        for each in found[:limit]
    ]
    return ShortageList(rows, rows[-1].sku if len(found) > limit else None)
