"""Why: whoever holds a tote, a carton or a parcel in the hand asks for its order by what is printed on it."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from server.analytics import store
from server.core import barcodes
from server.orders import terms
from server.orders.service.search import MOST, Finder
from server.shipping import store as shipping

MOST_TOTES: Final = 20


def by_tote(conn: Connection, text: str) -> list[UUID]:
    """The orders whose goods are in the tote with this code, or in totes whose codes hold it."""
    scan = barcodes.parse(text.upper())
    if scan.kind == "tote" and scan.code:
        return store.in_tote(conn, scan.code)
    if len(text) < terms.PIECE:
        return []
    totes = store.full_totes(conn, text.upper(), MOST_TOTES)
    return [order for code in totes for order in store.in_tote(conn, code)]


def by_carton(conn: Connection, text: str) -> list[UUID]:
    """The order whose carton has this SSCC, scanned or typed."""
    scan = barcodes.parse(text)
    sscc = scan.code if scan.kind == "sscc" and scan.code else text
    return store.in_carton(conn, sscc) if len(sscc) == 18 and sscc.isdigit() else []


def by_label(conn: Connection, text: str) -> list[UUID]:
    """The orders with a parcel on whose label this is a piece of the tracking number or of the SSCC."""
    return shipping.orders_of_parcels(conn, "".join(text.casefold().split()), MOST)


FINDERS: Final[tuple[Finder, ...]] = (by_tote, by_carton, by_label)
"""What finds an order beside what it says of itself."""
