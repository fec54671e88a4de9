"""Why: one field finds an order by whatever somebody holds in the hand: a number, a name, an item, a label.

Rooms above orders know totes, cartons and tracking; whoever composes hands in what they find.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from server.catalog import service as catalog
from server.core import barcodes
from server.orders import terms
from server.orders.schemas import OrderRow
from server.orders.store import pages, search

Finder = Callable[[Connection, str], list[UUID]]
"""What a later room knows by this text, as ids of orders; the text is stripped and not empty."""
MOST: Final = 500
"""Who finds more than these must say more."""


def page(
    conn: Connection, text: str, others: Sequence[Finder], filters: Mapping[str, Any], most: int
) -> list[OrderRow]:
    """At most `most` orders that this text may mean (an empty one: all), narrowed by `filters` of `store/pages`."""
    if not barcodes.bare(text).strip():
        return pages.page(conn, filters, most)
    found = find(conn, text, others)
    return pages.page(conn, {**filters, "ids": found}, most) if found else []


def find(conn: Connection, text: str, others: Sequence[Finder] = ()) -> list[UUID]:
    """The orders that this text may mean, at most some hundreds of each kind, the newest; none for an empty text."""
    asked = barcodes.bare(text).strip()
    if not asked:
        return []
    ways = (_by_number, _by_item, _by_words, *others)
    return list(dict.fromkeys(order for way in ways for order in way(conn, asked)))


def _by_number(conn: Connection, text: str) -> list[UUID]:
    digits = text.removeprefix("#")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 15):
        return []
    return search.by_number(conn, int(digits))


def _by_item(conn: Connection, text: str) -> list[UUID]:
    found = catalog.item_of(conn, text.upper())
    if found is not None:
        return search.by_item(conn, found.id, MOST)
    scanned = catalog.resolve(conn, barcodes.parse(text).code or text)
    return [] if scanned is None else search.by_item(conn, scanned.item_id, MOST)


def _by_words(conn: Connection, text: str) -> list[UUID]:
    whole = search.by_words(conn, [text.casefold()[: terms.LONGEST]], MOST)
    words = terms.asked(text)
    return [*whole, *(search.by_words(conn, words, MOST) if words else [])]
