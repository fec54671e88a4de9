"""Why: the kinds of a file and how each is looked at and written stand beside each other in one table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from server.integrations.service import bins, items, orders, receipts, stock
from server.integrations.service.found import Ways

WAYS: Final[Mapping[str, Ways]] = {
    "items": items.WAYS,
    "bins": bins.WAYS,
    "stock": stock.WAYS,
    "receipts": receipts.WAYS,
    "orders": orders.WAYS,
}
