"""Why: every statement of the ledger, built once; the write path runs them thousands of times a second."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from server.db.binds import among, padded
from server.db.prepared import Prepared
from server.inventory.models import lpn, movement, quant
from server.locations.models import VIRTUAL_TYPES, bin


class Held(NamedTuple):
    """A bin's type and, where it holds these goods, the quant."""

    bin_type: str
    quant_id: UUID | None
    on_hand: int
    reserved: int


def _held(with_lpn: bool) -> sa.Select[Any]:
    same_lpn = (
        quant.c.lpn_id == sa.bindparam("lpn", type_=quant.c.lpn_id.type) if with_lpn else quant.c.lpn_id.is_(None)
    )
    same = sa.and_(
        quant.c.bin_id == bin.c.id,
        quant.c.item_id == sa.bindparam("item", type_=quant.c.item_id.type),
        quant.c.lot == sa.bindparam("lot"),
        quant.c.status == sa.bindparam("status"),
        same_lpn,
    )
    return (
        sa.select(bin.c.type, quant.c.id, quant.c.on_hand, quant.c.reserved)
        .select_from(bin.outerjoin(quant, same))
        .where(
            bin.c.id == sa.bindparam("bin", type_=bin.c.id.type),
            bin.c.warehouse_id == sa.bindparam("warehouse"),
        )
    )


_HELD_LOOSE: Final = Prepared(_held(with_lpn=False))
_HELD_LPN: Final = Prepared(_held(with_lpn=True))

_CHANGE: Final = Prepared(
    sa.update(quant)
    .where(quant.c.id == sa.bindparam("quant", type_=quant.c.id.type))
    .values(
        on_hand=quant.c.on_hand + sa.bindparam("delta", type_=sa.BigInteger),
        reserved=quant.c.reserved + sa.bindparam("reserve", type_=sa.BigInteger),
    )
)


def _of_goods(with_lpn: bool) -> sa.Update:
    """An update of what a bin holds of some goods, loose or on a licence plate."""
    same_lpn = (
        quant.c.lpn_id == sa.bindparam("lpn", type_=quant.c.lpn_id.type) if with_lpn else quant.c.lpn_id.is_(None)
    )
    return sa.update(quant).where(
        quant.c.bin_id == sa.bindparam("bin", type_=quant.c.bin_id.type),
        quant.c.warehouse_id == sa.bindparam("warehouse", type_=sa.SmallInteger),
        quant.c.item_id == sa.bindparam("item", type_=quant.c.item_id.type),
        # Not named like the columns: an update takes such a bind for a value to set.
        quant.c.lot == sa.bindparam("of_lot", type_=sa.Text),
        quant.c.status == sa.bindparam("of_status", type_=sa.Text),
        same_lpn,
    )


def _add(with_lpn: bool) -> sa.Update:
    return _of_goods(with_lpn).values(on_hand=quant.c.on_hand + sa.bindparam("delta", type_=sa.BigInteger))


_LEAVE: Final = Prepared(
    _of_goods(with_lpn=False)
    .where(
        quant.c.on_hand - sa.bindparam("quantity", type_=sa.BigInteger)
        >= quant.c.reserved - sa.bindparam("unreserve", type_=sa.BigInteger),
    )
    .values(
        on_hand=quant.c.on_hand - sa.bindparam("quantity", type_=sa.BigInteger),
        reserved=quant.c.reserved - sa.bindparam("unreserve", type_=sa.BigInteger),
    )
)
_ADD_LOOSE: Final = Prepared(_add(with_lpn=False))
_ADD_LPN: Final = Prepared(_add(with_lpn=True))
_NEW_QUANT: Final = Prepared(sa.insert(quant))
_NEW_MOVEMENT: Final = Prepared(sa.insert(movement))
_DROP_EMPTY: Final = sa.delete(quant).where(
    quant.c.id == sa.bindparam("quant", type_=quant.c.id.type), quant.c.on_hand == 0, quant.c.reserved == 0
)
_RESERVED: Final = sa.select(quant.c.on_hand, quant.c.reserved, quant.c.status).where(
    quant.c.id == sa.bindparam("quant", type_=quant.c.id.type),
    quant.c.warehouse_id == sa.bindparam("warehouse"),
)


def held(
    conn: sa.Connection, warehouse: int, bin_id: UUID, item: UUID, lot: str, status: str, lpn_id: UUID | None
) -> Held | None:
    """What a bin holds of these goods; None where the warehouse has no such bin."""
    values = {"warehouse": warehouse, "bin": bin_id, "item": item, "lot": lot, "status": status}
    if lpn_id is None:
        row = _HELD_LOOSE.one(conn, values)
    else:
        row = _HELD_LPN.one(conn, {**values, "lpn": lpn_id})
    return None if row is None else Held(row[0], row[1], row[2] or 0, row[3] or 0)


def change_quant(conn: sa.Connection, quant_id: UUID, delta: int, reserve: int = 0) -> None:
    """Adds to a quant's on hand and reserved (negative: takes away)."""
    _CHANGE.change(conn, {"quant": quant_id, "delta": delta, "reserve": reserve})


def leave(
    conn: sa.Connection, warehouse: int, bin_id: UUID, item: UUID, lot: str, status: str, quantity: int, unreserve: int
) -> bool:
    """Takes loose goods out of a bin that has them free of other people's reservations; False where it has not."""
    values = {"warehouse": warehouse, "bin": bin_id, "item": item, "of_lot": lot, "of_status": status}
    return _LEAVE.change(conn, {**values, "quantity": quantity, "unreserve": unreserve}) == 1


def add_to(
    conn: sa.Connection,
    warehouse: int,
    bin_id: UUID,
    item: UUID,
    lot: str,
    status: str,
    lpn_id: UUID | None,
    delta: int,
) -> bool:
    """Adds to what a bin holds of these goods; False where it holds none yet."""
    values = {"warehouse": warehouse, "bin": bin_id, "item": item, "of_lot": lot, "of_status": status, "delta": delta}
    if lpn_id is None:
        return _ADD_LOOSE.change(conn, values) == 1
    return _ADD_LPN.change(conn, {**values, "lpn": lpn_id}) == 1


def add_quant(conn: sa.Connection, row: dict[str, Any]) -> None:
    """A new quant."""
    _NEW_QUANT.change(conn, row)


def add_movement(conn: sa.Connection, row: dict[str, Any]) -> None:
    """One line of the ledger."""
    _NEW_MOVEMENT.later(conn, row)


def drop_if_empty(conn: sa.Connection, quant_id: UUID) -> None:
    """A tote's or carton's quant that holds nothing is no row."""
    conn.execute(_DROP_EMPTY, {"quant": quant_id})


def reserved_on(conn: sa.Connection, warehouse: int, quant_id: UUID) -> tuple[int, int, str] | None:
    """On hand, reserved and status of a quant."""
    row = conn.execute(_RESERVED, {"quant": quant_id, "warehouse": warehouse}).one_or_none()
    return None if row is None else (row[0], row[1], row[2])


_FREE: Final = (
    sa.select(
        quant.c.id,
        quant.c.item_id,
        quant.c.bin_id,
        quant.c.lot,
        quant.c.expiry,
        (quant.c.on_hand - quant.c.reserved).label("free"),
        bin.c.x_mm,
        bin.c.y_mm,
    )
    .select_from(quant.join(bin, quant.c.bin_id == bin.c.id))
    .where(
        quant.c.warehouse_id == sa.bindparam("warehouse"),
        among(quant.c.item_id, "items"),
        quant.c.status == "available",
        quant.c.lpn_id.is_(None),
        quant.c.on_hand > quant.c.reserved,
        bin.c.type == "pick",
        sa.not_(bin.c.locked),
    )
)


class Free(NamedTuple):
    """Stock in a pick bin that nobody has reserved."""

    quant: UUID
    item: UUID
    bin: UUID
    lot: str
    expiry: date | None
    free: int
    x_mm: int
    y_mm: int


def free_stock(conn: sa.Connection, warehouse: int, items: Iterable[UUID]) -> list[Free]:
    """Unreserved stock of these items in unlocked pick bins (expired stock included: the rules know the day)."""
    found: list[Free] = []
    wanted = list(items)
    for at in range(0, len(wanted), 500):
        rows = conn.execute(_FREE, {"warehouse": warehouse, "items": padded(wanted[at : at + 500])})
        found.extend(Free(*row) for row in rows)
    return found


_OPENED: Final = sa.union(
    sa.select(movement.c.to_bin_id, movement.c.item_id, movement.c.lot).where(
        movement.c.warehouse_id == sa.bindparam("warehouse"),
        among(movement.c.item_id, "items"),
        movement.c.reason == sa.bindparam("reason"),
    ),
    sa.select(quant.c.bin_id, quant.c.item_id, quant.c.lot).where(
        quant.c.warehouse_id == sa.bindparam("warehouse"),
        among(quant.c.item_id, "items"),
        quant.c.lpn_id.is_(None),
        quant.c.on_hand > 0,
    ),
)


def opened(
    conn: sa.Connection, warehouse: int, items: Iterable[UUID], reason: str
) -> frozenset[tuple[UUID, UUID, str]]:
    """Bin, item and lot of what lies somewhere or came there for this reason."""
    found: set[tuple[UUID, UUID, str]] = set()
    wanted = list(items)
    for at in range(0, len(wanted), 500):
        values = {"warehouse": warehouse, "items": wanted[at : at + 500], "reason": reason}
        found.update((row[0], row[1], row[2]) for row in conn.execute(_OPENED, values))
    return frozenset(found)


_LPN_BY_CODE: Final = sa.select(lpn.c.id, lpn.c.kind).where(
    lpn.c.warehouse_id == sa.bindparam("warehouse"), lpn.c.code == sa.bindparam("code")
)
_IN_LPN: Final = (
    sa.select(quant.c.item_id, quant.c.lot, quant.c.expiry, quant.c.on_hand, quant.c.bin_id, quant.c.status)
    .where(
        quant.c.warehouse_id == sa.bindparam("warehouse"),
        quant.c.lpn_id == sa.bindparam("lpn", type_=quant.c.lpn_id.type),
        quant.c.on_hand > 0,
    )
    .order_by(quant.c.item_id, quant.c.lot)
)


class Content(NamedTuple):
    """Goods in a tote or carton, and the bin it stands in."""

    item: UUID
    lot: str
    expiry: date | None
    quantity: int
    bin: UUID
    status: str


def lpn_by_code(conn: sa.Connection, warehouse: int, code: str) -> tuple[UUID, str] | None:
    """The id and kind of a licence plate."""
    row = conn.execute(_LPN_BY_CODE, {"warehouse": warehouse, "code": code}).one_or_none()
    return None if row is None else (row[0], row[1])


def contents(conn: sa.Connection, warehouse: int, lpn_id: UUID) -> list[Content]:
    """What a tote or carton holds."""
    return [Content(*row) for row in conn.execute(_IN_LPN, {"warehouse": warehouse, "lpn": lpn_id})]


_SUMS: Final = sa.union_all(
    sa.select(
        movement.c.warehouse_id,
        movement.c.to_bin_id.label("bin"),
        movement.c.item_id,
        movement.c.lot,
        movement.c.to_status.label("status"),
        movement.c.to_lpn_id.label("lpn"),
        movement.c.quantity.label("delta"),
    ),
    sa.select(
        movement.c.warehouse_id,
        movement.c.from_bin_id,
        movement.c.item_id,
        movement.c.lot,
        movement.c.from_status,
        movement.c.from_lpn_id,
        -movement.c.quantity,
    ),
).subquery()
LEDGER_SUMS: Final = sa.select(
    _SUMS.c.bin, _SUMS.c.item_id, _SUMS.c.lot, _SUMS.c.status, _SUMS.c.lpn, sa.func.sum(_SUMS.c.delta)
).group_by(_SUMS.c.bin, _SUMS.c.item_id, _SUMS.c.lot, _SUMS.c.status, _SUMS.c.lpn)
QUANTS: Final = sa.select(
    quant.c.bin_id,
    quant.c.item_id,
    quant.c.lot,
    quant.c.status,
    quant.c.lpn_id,
    quant.c.on_hand,
    quant.c.reserved,
    bin.c.code,
    bin.c.type,
).select_from(quant.join(bin, quant.c.bin_id == bin.c.id))
VIRTUAL: Final = frozenset(VIRTUAL_TYPES)
