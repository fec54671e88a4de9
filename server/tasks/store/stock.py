"""Why: a short and a count look at what the books say lies loose in one bin, status by status."""

from __future__ import annotations

from typing import Final
from uuid import UUID

import sqlalchemy as sa

from server.db.binds import WAREHOUSE, id_
from server.inventory.models import quant

_STATUS_SUMS: Final = sa.select(quant.c.status, quant.c.on_hand, quant.c.reserved).where(
    quant.c.warehouse_id == WAREHOUSE,
    quant.c.bin_id == id_("bin"),
    quant.c.item_id == id_("item"),
    quant.c.lot == sa.bindparam("lot"),
    quant.c.lpn_id.is_(None),
)
_RESERVED: Final = sa.select(quant.c.id, quant.c.reserved).where(quant.c.reserved != 0)


def loose(conn: sa.Connection, warehouse: int, bin_id: UUID, item_id: UUID, lot: str) -> dict[str, tuple[int, int]]:
    """On hand and reserved by status of these goods in a bin."""
    values = {"warehouse": warehouse, "bin": bin_id, "item": item_id, "lot": lot}
    return {row[0]: (row[1], row[2]) for row in conn.execute(_STATUS_SUMS, values)}


def reserved(conn: sa.Connection) -> list[tuple[UUID, int]]:
    """Each quant of which something is reserved, with so much, for the invariants."""
    return [(row[0], int(row[1])) for row in conn.execute(_RESERVED)]
