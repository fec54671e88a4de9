"""Why: goods are always somewhere. Whatever moves them goes through here: one movement, two quants, nothing lost.

A request that asks for too much is refused; a fact from the floor never is: what the books lack is booked from
the virtual adjustment bin, and the caller opens a count.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final
from uuid import UUID

import msgspec
import sqlalchemy as sa

from server.core.refusal import Fault, Refusal
from server.db.work import Work
from server.inventory import rules, store
from server.locations import service as locations


class Place(msgspec.Struct, frozen=True):
    """Where goods lie: a bin, perhaps inside a tote or carton there, and their status."""

    bin: UUID
    lpn: UUID | None = None
    status: str = "available"


class Goods(msgspec.Struct, frozen=True):
    """What lies there: an item, its lot (empty: none) and that lot's expiry."""

    item: UUID
    lot: str = ""
    expiry: date | None = None


def move(work: Work, warehouse: int, goods: Goods, quantity: int, source: Place, target: Place, reason: str) -> None:
    """Moves base units; refuses `stock_missing` or `stock_reserved` where a physical bin would not have them free."""
    _positive(quantity)
    held = _held(work, warehouse, goods, source)
    if held.bin_type not in store.VIRTUAL:
        if held.on_hand < quantity:
            raise Refusal("stock_missing", available=held.on_hand)
        if held.on_hand - held.reserved < quantity:
            raise Refusal("stock_reserved", reserved=held.reserved)
    _book(work, warehouse, goods, quantity, source, held, target, reason, unreserve=0)


def take(
    work: Work,
    warehouse: int,
    goods: Goods,
    quantity: int,
    source: Place,
    target: Place,
    reason: str,
    *,
    unreserve: int = 0,
) -> int:
    """Books a fact: `quantity` left `source` for `target`. Never refuses.

    `unreserve` base units of the caller's own reservation on that quant end with it. Answers how many units the
    books did not have free of other people's reservations; those were booked from the adjustment bin first.
    """
    _positive(quantity)
    if source.lpn is None and store.leave(
        work.conn, warehouse, source.bin, goods.item, goods.lot, source.status, quantity, unreserve
    ):
        _arrive(work, warehouse, goods, quantity, source, target, reason)
        return 0
    held = _held(work, warehouse, goods, source)
    lacking = 0
    if held.bin_type not in store.VIRTUAL:
        lacking = rules.lacking(quantity, held.on_hand, held.reserved - unreserve)
    if lacking:
        _adjust_in(work, warehouse, goods, lacking, source)
        held = _held(work, warehouse, goods, source)
    _book(work, warehouse, goods, quantity, source, held, target, reason, unreserve=unreserve)
    return lacking


def open_stock(work: Work, warehouse: int, goods: Goods, quantity: int, bin_id: UUID) -> bool:
    """Books what lies in a bin on the first day, from the supplier; whether it did.

    It does so once: a bin that holds these goods, or was opened with them before, is left as it is.
    """
    if goods_key(bin_id, goods) in opened(work.conn, warehouse, [goods.item]):
        return False
    supplier = Place(locations.special_bin(work.conn, warehouse, "supplier"))
    move(work, warehouse, goods, quantity, supplier, Place(bin_id), OPENING)
    return True


OPENING: Final = "opening"
"""The reason of a movement that brings opening stock."""


def goods_key(bin_id: UUID, goods: Goods) -> tuple[UUID, UUID, str]:
    """By what opening stock is told apart: the bin, the item, the lot."""
    return bin_id, goods.item, goods.lot


def opened(conn: sa.Connection, warehouse: int, items: Iterable[UUID]) -> frozenset[tuple[UUID, UUID, str]]:
    """Of these items, what lies in a bin or was opened there: (bin, item, lot)."""
    return store.opened(conn, warehouse, items, OPENING)


def _positive(quantity: int) -> None:
    if quantity <= 0:
        raise Refusal("quantity_wrong", wanted="1 or more", got=quantity)


def _held(work: Work, warehouse: int, goods: Goods, place: Place) -> store.Held:
    held = store.held(work.conn, warehouse, place.bin, goods.item, goods.lot, place.status, place.lpn)
    if held is None:
        raise Refusal(
            "bin_unknown",
            Fault("bin", "There is no such bin in this warehouse.", got=str(place.bin)),
            bin=str(place.bin),
        )
    return held


def _adjust_in(work: Work, warehouse: int, goods: Goods, quantity: int, place: Place) -> None:
    adjustment = Place(locations.special_bin(work.conn, warehouse, "adjustment"))
    held = _held(work, warehouse, goods, adjustment)
    _book(work, warehouse, goods, quantity, adjustment, held, place, "found", unreserve=0)


def _book(
    work: Work,
    warehouse: int,
    goods: Goods,
    quantity: int,
    source: Place,
    held: store.Held,
    target: Place,
    reason: str,
    *,
    unreserve: int,
) -> None:
    _put(work, warehouse, goods, source, held, -quantity, -unreserve)
    _arrive(work, warehouse, goods, quantity, source, target, reason)
    if source.lpn is not None and held.quant_id is not None:
        store.drop_if_empty(work.conn, held.quant_id)


def _arrive(work: Work, warehouse: int, goods: Goods, quantity: int, source: Place, target: Place, reason: str) -> None:
    """What has left its source is at its target, and the ledger says so."""
    if not store.add_to(work.conn, warehouse, target.bin, goods.item, goods.lot, target.status, target.lpn, quantity):
        _put(work, warehouse, goods, target, _held(work, warehouse, goods, target), quantity, 0)
    store.add_movement(
        work.conn,
        {
            "warehouse_id": warehouse,
            "at": work.now,
            "item_id": goods.item,
            "lot": goods.lot,
            "quantity": quantity,
            "from_bin_id": source.bin,
            "from_lpn_id": source.lpn,
            "from_status": source.status,
            "to_bin_id": target.bin,
            "to_lpn_id": target.lpn,
            "to_status": target.status,
            "reason": reason,
            "person_id": work.actor.person,
            "device_id": work.actor.device,
            "command_id": work.command_id,
        },
    )


def _put(work: Work, warehouse: int, goods: Goods, place: Place, held: store.Held, delta: int, reserve: int) -> None:
    if held.quant_id is not None:
        store.change_quant(work.conn, held.quant_id, delta, reserve)
        return
    store.add_quant(
        work.conn,
        {
            "id": work.new_id(),
            "warehouse_id": warehouse,
            "bin_id": place.bin,
            "item_id": goods.item,
            "lot": goods.lot,
            "expiry": goods.expiry,
            "status": place.status,
            "lpn_id": place.lpn,
            "on_hand": delta,
            "reserved": 0,
        },
    )


def reserve(work: Work, warehouse: int, quant_id: UUID, quantity: int) -> None:
    """Sets base units of a quant aside for one task; refuses `stock_missing` where they are not free."""
    _positive(quantity)
    found = store.reserved_on(work.conn, warehouse, quant_id)
    on_hand, reserved, status = found or (0, 0, "gone")
    free = on_hand - reserved if status == "available" else 0
    if free < quantity:
        raise Refusal("stock_missing", available=free)
    store.change_quant(work.conn, quant_id, 0, quantity)


def unreserve(work: Work, warehouse: int, quant_id: UUID, quantity: int) -> None:
    """Lets reserved base units of a quant go again."""
    if quantity:
        store.change_quant(work.conn, quant_id, 0, -quantity)


def free(conn: sa.Connection, warehouse: int, items: Iterable[UUID]) -> list[store.Free]:
    """Unreserved stock of these items in unlocked pick bins."""
    return store.free_stock(conn, warehouse, items)


def contents(conn: sa.Connection, warehouse: int, lpn_id: UUID) -> list[store.Content]:
    """What a tote or carton holds."""
    return store.contents(conn, warehouse, lpn_id)


def available(conn: sa.Connection, warehouse: int, items: Iterable[UUID], today: date) -> dict[UUID, int]:
    """Base units of each item that are free and not expired; items without any are left out."""
    sums: dict[UUID, int] = {}
    for row in store.free_stock(conn, warehouse, items):
        if not rules.expired(row.expiry, today):
            sums[row.item] = sums.get(row.item, 0) + row.free
    return sums


def invariants(conn: sa.Connection) -> list[str]:
    """What is broken of invariants 1 and 2 (stock = ledger, never negative, reserved ≤ on hand), in sentences."""
    ledger = {tuple(row[:5]): int(row[5]) for row in conn.execute(store.LEDGER_SUMS) if row[5]}
    broken = []
    for row in conn.execute(store.QUANTS):
        booked = ledger.pop(tuple(row[:5]), 0)
        where = f"bin {row.code}, item {row.item_id}, lot {row.lot!r}, {row.status}, LPN {row.lpn_id}"
        if booked != row.on_hand:
            broken.append(f"{where}: the ledger says {booked}, the stock says {row.on_hand}")
        if row.type not in store.VIRTUAL and row.on_hand < 0:
            broken.append(f"{where}: {row.on_hand} on hand in a physical bin")
        if row.reserved > max(row.on_hand, 0) and row.type not in store.VIRTUAL:
            broken.append(f"{where}: {row.reserved} reserved of {row.on_hand} on hand")
    broken.extend(f"{key}: the ledger says {value}, there is no stock row" for key, value in ledger.items())
    return broken
