"""Why: what lies free is promised once: at capture, when the payment is good, or anew when a wave was taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from server.core.refusal import Fault
from server.db.work import Work
from server.inventory import service as inventory
from server.orders.store import promises


def promise(
    work: Work, warehouse: int, zone: str, lines: Sequence[Mapping[str, Any]]
) -> tuple[list[dict[str, Any]], tuple[Fault, ...]]:
    """The promises for what there is, and a fault for each line that is not there in full.

    Available to promise is what lies free in the warehouse without what is promised to others.
    """
    items = {line["item_id"] for line in lines}
    free = inventory.available(work.conn, warehouse, items, work.now.astimezone(ZoneInfo(zone)).date())
    taken = promises.promised(work.conn, warehouse, items)
    left = {item: free.get(item, 0) - taken.get(item, 0) for item in items}
    found, short = [], []
    for line in lines:
        item, wanted = line["item_id"], line["ordered"]
        there = min(max(left[item], 0), wanted)
        left[item] -= wanted
        if there:
            found.append({"line_id": line["id"], "for_warehouse": warehouse, "item_id": item, "quantity": there})
        if there < wanted:
            field = f"lines[{line['position'] - 1}].quantity"
            short.append(Fault(field, "There are not so many.", str(wanted), str(there)))
    return found, tuple(short)
