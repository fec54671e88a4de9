"""Why: whoever holds a tote, a carton or a parcel in the hand asks for its order by what is printed on it."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from server.analytics import store
from server.core import barcodes
from server.orders.service.search import Finder


def by_tote(conn: Connection, text: str) -> list[UUID]:
    """The order whose goods are in the tote with this code."""
    scan = barcodes.parse(text.upper())
    return store.in_tote(conn, scan.code) if scan.kind == "tote" and scan.code else []


def by_carton(conn: Connection, text: str) -> list[UUID]:
    """The order whose carton has this SSCC, scanned or typed."""
    scan = barcodes.parse(text)
    sscc = scan.code if scan.kind == "sscc" and scan.code else text
    return store.in_carton(conn, sscc) if len(sscc) == 18 and sscc.isdigit() else []


def by_tracking(conn: Connection, text: str) -> list[UUID]:
    """The orders of which a parcel has this tracking number."""
    return store.tracked_by(conn, text.upper())


FINDERS: Final[tuple[Finder, ...]] = (by_tote, by_carton, by_tracking)
"""What finds an order beside what it says of itself."""
