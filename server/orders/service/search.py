"""Why: one field finds an order by whatever somebody holds in the hand: a number, a name, an item, a label.

What begins so or holds it is found; where nothing is, what is written nearly alike, and the answer says so. Rooms above
orders know totes, cartons and tracking; whoever composes hands in what they find.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from server.catalog import service as catalog
from server.core import barcodes
from server.db.fulltext import LAST
from server.orders import terms
from server.orders.schemas.pages import OrderRow
from server.orders.store import pages, search

Finder = Callable[[Connection, str], list[UUID]]
"""What a later room knows by this text, as ids of orders; the text is stripped and not empty."""
MOST: Final = 500
"""Who finds more than these must say more."""
MOST_ITEMS: Final = 50
"""Items of which a piece of an SKU may be."""
MOST_SIMILAR: Final = 20


class Page(NamedTuple):
    """Orders of a list; `similar`: nothing is exactly what was asked for, these are nearly."""

    rows: list[OrderRow]
    similar: bool = False


class Found(NamedTuple):
    """Orders that a text may mean."""

    orders: list[UUID]
    similar: bool = False


def page(conn: Connection, text: str, others: Sequence[Finder], filters: Mapping[str, Any], most: int) -> Page:
    """At most `most` orders that this text may mean (an empty one: all), narrowed by `filters` of `store/pages`."""
    if not barcodes.bare(text).strip():
        return Page(pages.page(conn, filters, most))
    narrowed = any(value is not None for name, value in filters.items() if name != "after")
    found = find(conn, text, others, max(most, MOST) if narrowed else most, filters.get("after"))
    rows = pages.page(conn, {**filters, "ids": found.orders}, most) if found.orders else []
    return Page(rows, found.similar)


def find(
    conn: Connection, text: str, others: Sequence[Finder] = (), most: int = MOST, before: int | None = None
) -> Found:
    """The orders that this text may mean, the newest; none for an empty text.

    Of those known by their own text at least the `most` newest with a number below `before`, of the others some
    hundreds of each kind.
    """
    asked = barcodes.bare(text).strip()
    if not asked:
        return Found([])
    ways: tuple[Finder, ...] = (_by_number, _by_item, partial(_by_text, most=most, before=before or LAST), *others)
    found = list(dict.fromkeys(order for way in ways for order in way(conn, asked)))
    if found or before is not None:
        return Found(found)
    alike = _alike(conn, asked)
    return Found(alike, similar=bool(alike))


def _by_number(conn: Connection, text: str) -> list[UUID]:
    digits = text.removeprefix("#")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 15):
        return []
    return search.by_numbers(conn, [int(digits)])


def _by_item(conn: Connection, text: str) -> list[UUID]:
    found = catalog.item_of(conn, text.upper())
    if found is not None:
        return search.by_items(conn, [found.id], MOST)
    scanned = catalog.resolve(conn, barcodes.parse(text).code or text)
    if scanned is not None:
        return search.by_items(conn, [scanned.item_id], MOST)
    held = catalog.with_sku_like(conn, text, MOST_ITEMS) if len(text) >= terms.PIECE else []
    return list(dict.fromkeys(search.by_items(conn, held, MOST)))


def _by_text(conn: Connection, text: str, most: int, before: int) -> list[UUID]:
    numbers = [number for pieces in terms.readings(text) for number in search.by_pieces(conn, pieces, most, before)]
    return search.by_numbers(conn, list(dict.fromkeys(numbers)))


# --- a slip of the finger ------------------------------------------------------------------------------------------


def _alike(conn: Connection, text: str) -> list[UUID]:
    """The newest orders with words that are nearly those of the text, the most alike first."""
    asked = terms.with_slips(text)
    if not asked:
        return []
    near = {number for piece in terms.unharmed(asked[0]) for number in search.by_pieces(conn, [piece], MOST)}
    ranked = sorted(
        ((terms.likeness(asked, of), number) for number, of in search.texts(conn, sorted(near))), reverse=True
    )
    best = [number for likeness, number in ranked if likeness >= terms.ALIKE][:MOST_SIMILAR]
    return search.by_numbers(conn, best)
