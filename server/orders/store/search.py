"""Why: an order is found by what it is known by, at a million orders as at ten: by an index of small words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from server.db.binds import id_
from server.orders.models import order, order_line, order_term
from server.orders.terms import LAST

_DROP: Final = sa.delete(order_term).where(order_term.c.order_id == id_("order"))
_ADD: Final = sa.insert(order_term)
_BY_NUMBER: Final = sa.select(order.c.id).where(order.c.number == sa.bindparam("number", type_=sa.BigInteger()))
_BY_ITEM: Final = (
    sa.select(order_line.c.order_id)
    .where(order_line.c.item_id == id_("item"))
    .order_by(order_line.c.order_id.desc())
    .limit(sa.bindparam("most"))
)


def add(conn: Connection, order_id: UUID, terms: Iterable[str]) -> None:
    """What an order is found by."""
    conn.execute(_ADD, [{"order_id": order_id, "term": each} for each in sorted(terms)])


def replace(conn: Connection, order_id: UUID, terms: Iterable[str]) -> None:
    """What an order is found by from now on."""
    conn.execute(_DROP, {"order": order_id})
    add(conn, order_id, terms)


def by_number(conn: Connection, number: int) -> list[UUID]:
    """The order with this number, if there is one."""
    return list(conn.execute(_BY_NUMBER, {"number": number}).scalars())


def by_item(conn: Connection, item_id: UUID, most: int) -> list[UUID]:
    """The newest orders with a line of this item."""
    return list(conn.execute(_BY_ITEM, {"item": item_id, "most": most}).scalars())


def by_words(conn: Connection, words: Sequence[str], most: int) -> list[UUID]:
    """The newest orders of which each of these words begins a term."""
    given: dict[str, Any] = {"most": most}
    for at, word in enumerate(words):
        given |= {f"from{at}": word, f"to{at}": word + LAST}
    return list(conn.execute(_by_words(len(words)), given).scalars())


@lru_cache(maxsize=16)
def _by_words(count: int) -> sa.Select[UUID]:
    tables = [order_term.alias(f"term{at}") for at in range(count)]
    joined: sa.FromClause = tables[0]
    for table in tables[1:]:
        joined = joined.join(table, table.c.order_id == tables[0].c.order_id)
    begins = [_begins(table, at) for at, table in enumerate(tables)]
    found = sa.select(tables[0].c.order_id).select_from(joined).where(*begins).distinct()
    return found.order_by(tables[0].c.order_id.desc()).limit(sa.bindparam("most"))


def _begins(table: sa.FromClause, at: int) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.term >= sa.bindparam(f"from{at}"), table.c.term < sa.bindparam(f"to{at}"))
