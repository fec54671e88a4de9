"""Why: what is on its way, as suppliers announced it, and the rules that keep stock back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from server.catalog.models import item
from server.db.binds import WAREHOUSE, id_
from server.db.types import Id
from server.orders.models import expected_receipt, promise, stock_rule


class Expected(NamedTuple):
    """An expected receipt's row, with its item's SKU."""

    id: UUID
    warehouse: int
    reference: str
    item: UUID
    sku: str
    quantity: int
    arrived: int
    expected_on: date
    state: str
    version: int


class Waiting(NamedTuple):
    """What orders wait for of an item: units without a day, units out of deliveries, and when the next one comes."""

    item: UUID
    orders: int
    waits: int
    on_the_way: int
    next_on: date | None


class Rule(NamedTuple):
    """A rule that keeps stock back, with its item's SKU (None: every item)."""

    id: UUID
    name: str
    warehouse: int | None
    sku: str | None
    safety: int
    aside: int
    percent: int | None
    whose: str


_R: Final = expected_receipt.c
_COLUMNS: Final[tuple[sa.ColumnElement[Any], ...]] = (
    _R.id, _R.for_warehouse, _R.reference, _R.item_id, item.c.sku, _R.quantity, _R.arrived, _R.expected_on, _R.state,
    _R.version,
)  # fmt: skip
_base: Final = sa.select(*_COLUMNS).join(item, item.c.id == _R.item_id)
_by_id: Final = _base.where(_R.id == id_("receipt"))
_named: Final = _base.where(
    _R.for_warehouse == WAREHOUSE, _R.reference == sa.bindparam("reference"), _R.item_id == id_("item")
)
_promised: Final = (
    sa.select(promise.c.receipt_id, sa.func.sum(promise.c.quantity))
    .where(promise.c.receipt_id.in_(sa.bindparam("receipts", type_=Id(), expanding=True)))
    .group_by(promise.c.receipt_id)
)
_STATES: Final[sa.BindParameter[Any]] = sa.bindparam("states", expanding=True)
_page: Final = (
    _base.where(_R.for_warehouse == WAREHOUSE, _R.id > id_("after"), _R.state.in_(_STATES))
    .order_by(_R.id)
    .limit(sa.bindparam("most"))
)  # fmt: skip
_P: Final = promise.c
_SHORT: Final = sa.or_(_P.promised_on.is_(None), _P.receipt_id.is_not(None))


def _units(holds: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((holds, _P.quantity), else_=0)), 0)


_shortages: Final = (
    sa.select(
        _P.item_id, sa.func.count(_P.order_id.distinct()), _units(_P.promised_on.is_(None)),
        _units(_P.receipt_id.is_not(None)), sa.func.min(_P.promised_on, type_=sa.Date()),
    )
    .join(item, item.c.id == _P.item_id)
    .where(_P.for_warehouse == WAREHOUSE, _SHORT, sa.not_(_P.asleep), item.c.sku > sa.bindparam("after_sku"))
    .group_by(_P.item_id, item.c.sku)
    .order_by(item.c.sku)
    .limit(sa.bindparam("most"))
)  # fmt: skip
_add: Final = sa.insert(expected_receipt)
_set: Final = (
    sa.update(expected_receipt)
    .where(_R.id == id_("of"))
    .values(
        quantity=sa.bindparam("new_quantity", type_=sa.Integer()),
        arrived=sa.bindparam("new_arrived", type_=sa.Integer()),
        expected_on=sa.bindparam("new_day", type_=sa.Date()),
        state=sa.bindparam("new_state"),
        version=_R.version + 1,
    )
)
_S: Final = stock_rule.c
_rules: Final = (
    sa.select(_S.id, _S.name, _S.for_warehouse, item.c.sku, _S.safety, _S.aside, _S.percent, _S.whose)
    .outerjoin(item, item.c.id == _S.item_id)
    .where(_S.id > id_("after"))
    .order_by(_S.id)
    .limit(sa.bindparam("most"))
)
_add_rule: Final = sa.insert(stock_rule)
_drop_rule: Final = sa.delete(stock_rule).where(_S.id == id_("of"))


def by_id(conn: Connection, receipt: UUID) -> Expected | None:
    """An expected receipt."""
    row = conn.execute(_by_id, {"receipt": receipt}).one_or_none()
    return None if row is None else Expected(*row)


def named(conn: Connection, warehouse: int, reference: str, item_id: UUID) -> Expected | None:
    """What a warehouse expects of an item under a reference."""
    row = conn.execute(_named, {"warehouse": warehouse, "reference": reference, "item": item_id}).one_or_none()
    return None if row is None else Expected(*row)


def page(conn: Connection, warehouse: int, states: tuple[str, ...], after: UUID, most: int) -> list[Expected]:
    """The next receipts of a warehouse in these states, the oldest announced first."""
    values = {"warehouse": warehouse, "states": list(states), "after": after, "most": most}
    return [Expected(*row) for row in conn.execute(_page, values)]


def shortages(conn: Connection, warehouse: int, after: str, most: int) -> list[Waiting]:
    """The items for which orders wait in a warehouse, by SKU."""
    values = {"warehouse": warehouse, "after_sku": after, "most": most}
    return [
        Waiting(of, orders, int(waits), int(way), on) for of, orders, waits, way, on in conn.execute(_shortages, values)
    ]


def promised(conn: Connection, receipts: Iterable[UUID]) -> dict[UUID, int]:
    """Units that are promised out of each of these receipts."""
    rows = conn.execute(_promised, {"receipts": list(receipts)})
    return {row[0]: int(row[1]) for row in rows}


def add(conn: Connection, row: dict[str, Any]) -> None:
    """Keeps what was announced."""
    conn.execute(_add, row)


def keep(conn: Connection, known: Expected) -> None:
    """Keeps what is known of a receipt now."""
    conn.execute(_set, {
        "of": known.id, "new_quantity": known.quantity, "new_arrived": known.arrived, "new_day": known.expected_on,
        "new_state": known.state,
    })  # fmt: skip


def rules(conn: Connection, after: UUID, most: int) -> list[Rule]:
    """The next rules that keep stock back."""
    return [Rule(*row) for row in conn.execute(_rules, {"after": after, "most": most})]


def add_rule(conn: Connection, row: dict[str, Any]) -> None:
    """Keeps a rule."""
    conn.execute(_add_rule, row)


def drop_rule(conn: Connection, rule_id: UUID) -> bool:
    """A rule holds no more; whether there was one."""
    return conn.execute(_drop_rule, {"of": rule_id}).rowcount > 0


ALL: Final = UUID(int=0)
"""Before the first of a page."""
