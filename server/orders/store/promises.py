"""Why: what is promised to one order is no other's, until a warehouse is given it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from server.db.binds import WAREHOUSE, among, id_, padded
from server.db.prepared import Prepared
from server.orders.models import expected_receipt, order, order_line, promise, stock_rule
from server.orders.promising import Kept, Receipt, Share, Wish

_OF_ITEMS: Final = sa.and_(promise.c.for_warehouse == WAREHOUSE, among(promise.c.item_id, "items"))
_STANDS: Final = sa.and_(_OF_ITEMS, promise.c.receipt_id.is_(None), promise.c.promised_on.is_not(None))
_MAY_MOVE: Final = sa.and_(
    sa.or_(promise.c.promised_on.is_(None), promise.c.receipt_id.is_not(None)), sa.not_(promise.c.asleep)
)
_WAITS: Final = sa.and_(_OF_ITEMS, _MAY_MOVE)
_standing: Final = (
    sa.select(promise.c.item_id, sa.func.sum(promise.c.quantity)).where(_STANDS).group_by(promise.c.item_id)
)
_standing_whose: Final = (
    sa.select(promise.c.item_id, promise.c.channel, promise.c.customer, sa.func.sum(promise.c.quantity))
    .where(_STANDS)
    .group_by(promise.c.item_id, promise.c.channel, promise.c.customer)
)
_waiting: Final = (
    sa.select(promise.c.item_id, promise.c.receipt_id, promise.c.promised_on, sa.func.sum(promise.c.quantity))
    .where(_WAITS)
    .group_by(promise.c.item_id, promise.c.receipt_id, promise.c.promised_on)
)
_waiting_whose: Final = (
    sa.select(
        promise.c.item_id, promise.c.receipt_id, promise.c.promised_on, sa.func.sum(promise.c.quantity),
        promise.c.channel, promise.c.customer,
    )
    .where(_WAITS)
    .group_by(promise.c.item_id, promise.c.receipt_id, promise.c.promised_on, promise.c.channel, promise.c.customer)
)  # fmt: skip
_receipts: Final = (
    sa.select(
        expected_receipt.c.item_id,
        expected_receipt.c.id,
        expected_receipt.c.expected_on,
        expected_receipt.c.quantity - expected_receipt.c.arrived,
    )
    .where(
        expected_receipt.c.for_warehouse == WAREHOUSE,
        among(expected_receipt.c.item_id, "items"),
        expected_receipt.c.state == "expected",
    )
    .order_by(expected_receipt.c.expected_on, expected_receipt.c.id)
)
_rules: Final = sa.select(
    stock_rule.c.item_id, stock_rule.c.safety, stock_rule.c.aside, stock_rule.c.percent, stock_rule.c.whose
).where(
    sa.or_(stock_rule.c.for_warehouse.is_(None), stock_rule.c.for_warehouse == WAREHOUSE),
    sa.or_(stock_rule.c.item_id.is_(None), among(stock_rule.c.item_id, "items")),
)
_of_order: Final = (
    sa.select(promise.c.line_id, promise.c.quantity, promise.c.receipt_id, promise.c.promised_on)
    .where(promise.c.order_id == id_("order"))
    .order_by(promise.c.line_id, promise.c.promised_on, promise.c.id)
)
_ready: Final = (
    sa.select(order_line.c.id, order_line.c.position, order_line.c.item_id, sa.func.sum(promise.c.quantity))
    .join(order_line, order_line.c.id == promise.c.line_id)
    .where(
        promise.c.order_id == id_("order"),
        promise.c.for_warehouse == WAREHOUSE,
        promise.c.receipt_id.is_(None),
        promise.c.promised_on.is_not(None),
    )
    .group_by(order_line.c.id, order_line.c.position, order_line.c.item_id)
    .order_by(order_line.c.position)
)
_of_items: Final = (
    sa.select(
        promise.c.item_id, promise.c.order_id, promise.c.line_id, promise.c.quantity, promise.c.receipt_id,
        promise.c.promised_on, promise.c.channel, promise.c.customer, order.c.captured_at, order.c.number,
    )
    .join(order, order.c.id == promise.c.order_id)
    .where(_OF_ITEMS, sa.not_(promise.c.asleep))
    .order_by(order.c.captured_at, order.c.number, promise.c.line_id, promise.c.promised_on, promise.c.id)
)  # fmt: skip
_STRANDED: Final = sa.and_(
    promise.c.promised_on.is_(None),
    sa.not_(promise.c.asleep),
    order.c.sourced.is_not(None),
    order.c.split != "ship_complete",
)
"""Units without a day, of an order that may go in parts and whose warehouse was neither asked for nor named."""
_stranded: Final = (
    sa.select(
        promise.c.id, promise.c.for_warehouse, promise.c.item_id, promise.c.order_id, promise.c.line_id,
        promise.c.quantity, promise.c.channel, promise.c.customer, order.c.captured_at, order.c.number,
    )
    .join(order, order.c.id == promise.c.order_id)
    .where(_STRANDED, among(promise.c.for_warehouse, "others"), among(promise.c.item_id, "items"))
    .order_by(order.c.captured_at, order.c.number, promise.c.id)
)  # fmt: skip
_waiting_items: Final = (
    sa.select(promise.c.for_warehouse, promise.c.item_id, sa.func.count() - sa.func.count(promise.c.promised_on))
    .where(_MAY_MOVE)
    .group_by(promise.c.item_id, promise.c.for_warehouse)
)
_waited_for: Final = (
    sa.select(promise.c.for_warehouse, promise.c.item_id)
    .where(among(promise.c.item_id, "items"), _MAY_MOVE)
    .group_by(promise.c.item_id, promise.c.for_warehouse)
)
_latest_first: Final = (
    sa.select(promise.c.id, promise.c.quantity)
    .where(promise.c.line_id == id_("line"))
    .order_by(
        promise.c.promised_on.is_not(None), promise.c.receipt_id.is_(None), promise.c.promised_on.desc(), promise.c.id
    )
)
_drop_one: Final = sa.delete(promise).where(promise.c.id == id_("of"))
_shrink: Final = (
    sa.update(promise)
    .where(promise.c.id == id_("of"))
    .values(quantity=sa.bindparam("new_quantity", type_=sa.Integer()))
)
_add: Final = Prepared(sa.insert(promise))
_drop: Final = sa.delete(promise).where(promise.c.order_id == id_("order"))
_drop_line: Final = sa.delete(promise).where(promise.c.line_id == id_("line"), promise.c.for_warehouse == WAREHOUSE)
_hand: Final = sa.delete(promise).where(
    promise.c.order_id == id_("order"),
    promise.c.for_warehouse == WAREHOUSE,
    promise.c.receipt_id.is_(None),
    promise.c.promised_on.is_not(None),
)


class Waits(NamedTuple):
    """Units of an item that are not promised out of the stock: out of a receipt, or of nothing yet; and for whom."""

    share: Share
    whose: frozenset[str] = frozenset()


class Promised(NamedTuple):
    """The shares of one line as they stand in a warehouse, and when and as which one its order was captured.

    `stranded_at`: units that wait without a day in that other warehouse; their wish goes by the promise's own id.
    """

    item: UUID
    order: UUID
    line: UUID
    channel: str
    customer: str
    captured: tuple[datetime, int]
    wish: Wish
    stranded_at: int | None = None


class Ready(NamedTuple):
    """A line with the units of it that a wave may take."""

    id: UUID
    position: int
    item: UUID
    wanted: int


def standing(conn: Connection, number: int, items: Iterable[UUID]) -> dict[UUID, int]:
    """Units of these items that are promised out of a warehouse's stock."""
    rows = conn.execute(_standing, {"warehouse": number, "items": padded(items)})
    return {item: int(quantity) for item, quantity in rows}


def standing_whose(conn: Connection, number: int, items: Iterable[UUID]) -> dict[UUID, dict[str, int]]:
    """The same for each channel and each customer."""
    found: dict[UUID, dict[str, int]] = {}
    rows = conn.execute(_standing_whose, {"warehouse": number, "items": padded(items)})
    for item, channel, customer, quantity in rows:
        sums = found.setdefault(item, {})
        for name in whose(channel, customer):
            sums[name] = sums.get(name, 0) + int(quantity)
    return found


def waiting(conn: Connection, number: int, items: Iterable[UUID]) -> dict[UUID, list[Waits]]:
    """What of these items waits, added up, the earliest day first."""
    return _added_up(conn.execute(_waiting, {"warehouse": number, "items": padded(items)}))


def waiting_whose(conn: Connection, number: int, items: Iterable[UUID]) -> dict[UUID, list[Waits]]:
    """The same for each channel and customer by itself."""
    return _added_up(conn.execute(_waiting_whose, {"warehouse": number, "items": padded(items)}))


def _added_up(rows: Iterable[Sequence[Any]]) -> dict[UUID, list[Waits]]:
    found: dict[UUID, list[Waits]] = {}
    for item, receipt, on, quantity, *of in rows:
        each = Waits(Share(int(quantity), receipt, on), whose(*of) if of else frozenset())
        found.setdefault(item, []).append(each)
    for waits in found.values():
        waits.sort(key=lambda each: each.share.on or date.max)
    return found


def receipts(conn: Connection, number: int, items: Iterable[UUID]) -> dict[UUID, list[Receipt]]:
    """What is still to come of these items, by item, the earliest first."""
    found: dict[UUID, list[Receipt]] = {}
    for item, receipt, on, quantity in conn.execute(_receipts, {"warehouse": number, "items": padded(items)}):
        found.setdefault(item, []).append(Receipt(receipt, on, quantity))
    return found


def kept(conn: Connection, number: int, items: Iterable[UUID]) -> dict[UUID, list[Kept]]:
    """The rules that keep units of these items back; items without any are left out."""
    wanted = list(items)
    found: dict[UUID, list[Kept]] = {}
    for of, *rule in conn.execute(_rules, {"warehouse": number, "items": padded(wanted)}):
        for item in wanted if of is None else (of,):
            found.setdefault(item, []).append(Kept(*rule))
    return found


def whose(channel: str, customer: str) -> frozenset[str]:
    """By what names the rules know an order."""
    return frozenset({f"channel:{channel}", *((f"customer:{customer}",) if customer else ())})


def of_order(conn: Connection, order_id: UUID) -> dict[UUID, list[Share]]:
    """The shares of each line of an order that no warehouse was given."""
    found: dict[UUID, list[Share]] = {}
    for line, quantity, receipt, on in conn.execute(_of_order, {"order": order_id}):
        found.setdefault(line, []).append(Share(quantity, receipt, on))
    return found


def ready(conn: Connection, order_id: UUID, number: int) -> list[Ready]:
    """The lines of an order of which units lie in a warehouse, by position."""
    rows = conn.execute(_ready, {"order": order_id, "warehouse": number})
    return [Ready(row[0], row[1], row[2], int(row[3])) for row in rows]


def of_items(conn: Connection, number: int, items: Iterable[UUID]) -> list[Promised]:
    """Every line that was promised units of these items or waits for them, in the order of their capture."""
    lines: dict[UUID, Promised] = {}
    rows = conn.execute(_of_items, {"warehouse": number, "items": padded(items)})
    for item, order_id, line, quantity, receipt, on, channel, customer, *captured in rows:
        share = Share(quantity, receipt, on)
        if (known := lines.get(line)) is None:
            wish = Wish(line, quantity, (share,), whose(channel, customer))
            lines[line] = Promised(item, order_id, line, channel, customer, (captured[0], captured[1]), wish)
        else:
            more = (known.wish.quantity + quantity, (*known.wish.before, share))
            lines[line] = known._replace(wish=known.wish._replace(quantity=more[0], before=more[1]))
    return list(lines.values())


def stranded(conn: Connection, others: Collection[int], items: Collection[UUID]) -> list[Promised]:
    """Units of these items that wait without a day in these warehouses and may come from another one."""
    if not others or not items:
        return []
    rows = conn.execute(_stranded, {"others": padded(others), "items": padded(items)})
    return [
        Promised(
            item, order_id, line, channel, customer, (at, number),
            Wish(id_of, quantity, (Share(quantity, None, None),), whose(channel, customer)), home,
        )
        for id_of, home, item, order_id, line, quantity, channel, customer, at, number in rows
    ]  # fmt: skip


class Waiting(NamedTuple):
    """By warehouse the items for which somebody waits; those of which somewhere units have no day."""

    items: dict[int, set[UUID]]
    dayless: set[UUID]


def waiting_items(conn: Connection) -> Waiting:
    """What is waited for, and where."""
    found = Waiting({}, set())
    for number, item, dayless in conn.execute(_waiting_items):
        found.items.setdefault(number, set()).add(item)
        if dayless:
            found.dayless.add(item)
    return found


def waited_for(conn: Connection, items: Collection[UUID]) -> dict[int, set[UUID]]:
    """Those of these items for which somebody waits, by warehouse."""
    found: dict[int, set[UUID]] = {}
    for number, item in conn.execute(_waited_for, {"items": padded(items)}) if items else ():
        found.setdefault(number, set()).add(item)
    return found


def reduce(conn: Connection, line_id: UUID, quantity: int) -> None:
    """Frees units of a line: what waits for nothing known first, then the latest, what lies ready last."""
    left = quantity
    for id_of, there in conn.execute(_latest_first, {"line": line_id}).all():
        gone = min(left, there)
        if gone == there:
            conn.execute(_drop_one, {"of": id_of})
        elif gone:
            conn.execute(_shrink, {"of": id_of, "new_quantity": there - gone})
        left -= gone


def add(conn: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Keeps promises."""
    if rows:
        _add.change_all(conn, rows)


def hand(conn: Connection, order_id: UUID, number: int) -> None:
    """A warehouse was given what was ready there."""
    conn.execute(_hand, {"order": order_id, "warehouse": number})


def drop(conn: Connection, order_id: UUID) -> None:
    """Frees what was promised to an order."""
    conn.execute(_drop, {"order": order_id})


def drop_line(conn: Connection, line_id: UUID, number: int) -> None:
    """Frees what was promised to a line out of a warehouse."""
    conn.execute(_drop_line, {"line": line_id, "warehouse": number})


def drop_one(conn: Connection, promise_id: UUID) -> None:
    """Frees one share of a line."""
    conn.execute(_drop_one, {"of": promise_id})


_FACTS_OF: Final = sa.select(order.c.channel, order.c.customer).where(order.c.id == id_("order"))


def names_of(conn: Connection, order_id: UUID) -> tuple[str, str]:
    """The channel of an order and its customer's e-mail in small letters: for whom its promises are."""
    channel, customer = conn.execute(_FACTS_OF, {"order": order_id}).one()
    return channel, str(customer.get("email", "")).lower()


_DAY: Final = sa.update(order).where(order.c.id == id_("of")).values(promised_on=sa.bindparam("day", type_=sa.Date()))


def set_day(conn: Connection, order_id: UUID, day: date | None) -> None:
    """Until when all of an order is promised."""
    conn.execute(_DAY, {"of": order_id, "day": day})
