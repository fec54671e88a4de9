"""Why: an order is found by what it is known by, at a million orders as at ten: by an index of its text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from server.db.binds import padded
from server.db.fulltext import LAST
from server.db.prepared import Prepared
from server.db.types import Id
from server.orders.models import ORDER_TEXT, order, order_line, order_text

_ADD: Final = Prepared(sa.insert(order_text))
_REPLACE: Final = (
    sa.update(order_text)
    .where(order_text.c.number == sa.bindparam("of", type_=sa.BigInteger()))
    .values(text=sa.bindparam("new"))
)
_NUMBERS: Final = sa.bindparam("numbers", type_=sa.BigInteger(), expanding=True)
_BY_NUMBER: Final = sa.select(order.c.id).where(order.c.number.in_(_NUMBERS)).order_by(order.c.number.desc())
_TEXTS: Final = (
    sa.select(order_text.c.number, order_text.c.text)
    .where(order_text.c.number.in_(_NUMBERS))
    .order_by(order_text.c.number.desc())
)
_BY_ITEMS: Final = (
    sa.select(order_line.c.order_id)
    .where(order_line.c.item_id.in_(sa.bindparam("items", type_=Id(), expanding=True)))
    .order_by(order_line.c.order_id.desc())
    .limit(sa.bindparam("most"))
)


def add(conn: Connection, texts: Iterable[tuple[int, str]]) -> None:
    """What orders are found by, each by its number."""
    _ADD.change_all(conn, [{"number": number, "text": text} for number, text in texts])


def replace(conn: Connection, number: int, text: str) -> None:
    """What an order is found by from now on."""
    conn.execute(_REPLACE, {"of": number, "new": text})


def by_numbers(conn: Connection, numbers: Sequence[int]) -> list[UUID]:
    """The orders with these numbers, the newest first."""
    return list(conn.execute(_BY_NUMBER, {"numbers": padded(numbers)}).scalars()) if numbers else []


def by_items(conn: Connection, items: Sequence[UUID], most: int) -> list[UUID]:
    """The newest orders with a line of one of these items."""
    return list(conn.execute(_BY_ITEMS, {"items": padded(items), "most": most}).scalars()) if items else []


def by_pieces(conn: Connection, pieces: Sequence[str], most: int, before: int = LAST) -> list[int]:
    """The numbers of the newest orders before that one whose text holds all of these pieces."""
    return ORDER_TEXT.holding(conn, pieces, most, before)


def texts(conn: Connection, numbers: Sequence[int]) -> list[tuple[int, str]]:
    """The numbers of these orders and what they are found by, the newest first."""
    return [(row[0], row[1]) for row in conn.execute(_TEXTS, {"numbers": padded(numbers)})] if numbers else []
