"""Why: goods on their way can be sold before they are here; when they come later, or come, promises move with them."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from server.catalog import service as catalog
from server.core.refusal import Fault, Refusal
from server.db.base import CORE
from server.db.work import Work
from server.inventory import service as inventory
from server.inventory.service import Goods, Place
from server.locations import service as locations
from server.locations.models import VIRTUAL_TYPES
from server.orders.lifecycle import RECEIPT
from server.orders.schemas.supply import Announced, Arrival, NewReceipt, NewStockRule
from server.orders.service.follow import orders_follow
from server.orders.service.moves import SLICE, promise_again
from server.orders.store import receipts
from server.orders.store.receipts import Expected

VIRTUAL = "SUPPLIER"
"""The bin out of which goods come into the house."""


def announce(work: Work, warehouse: int, new: NewReceipt) -> Announced:
    """Keeps what is expected: the same reference and item again changes quantity and day. Stream 0.

    Refuses `invalid` with the fields that are wrong, and `move_not_allowed` for one that has ended.
    """
    item = _item(work, warehouse, new)
    known = receipts.named(work.conn, warehouse, new.reference, item)
    if known is None:
        receipt_id = work.new_id()
        receipts.add(
            work.conn,
            {
                "id": receipt_id, "for_warehouse": warehouse, "reference": new.reference, "item_id": item,
                "quantity": new.quantity, "expected_on": new.expected_on, "state": RECEIPT.initial,
            },
        )  # fmt: skip
    else:
        receipt_id = known.id
        if RECEIPT.ended(known.state):
            raise Refusal("move_not_allowed", thing="receipt", state=known.state, trigger="announce")
        if new.quantity < known.arrived:
            raise _wrong(Fault("quantity", "{count} have arrived already.", "at least {count}", str(new.quantity),
                               {"count": known.arrived}))  # fmt: skip
        _keep(work, known._replace(quantity=new.quantity, expected_on=new.expected_on))
    return Announced(receipt_id, first=known is None, moved=_moved(work, warehouse, item))


def _item(work: Work, warehouse: int, new: NewReceipt) -> UUID:
    locations.warehouse_of(work.conn, warehouse)
    found = catalog.items_by_sku(work.conn, [new.sku]).get(new.sku)
    if found is None:
        raise _wrong(Fault("sku", "There is no such item.", "an item of the catalogue", new.sku))
    return found.id


def arrive(work: Work, receipt_id: UUID, arrival: Arrival, warehouse: int) -> Announced:
    """Units have come and lie in a bin: more than were announced are taken too. Streams 0 and the warehouse.

    Refuses `not_found`, `invalid` for a bin that is not there, and `move_not_allowed` for a receipt that has ended.
    """
    known = _open(work, warehouse, receipt_id, "arrive")
    work.need(CORE, warehouse)
    bins = locations.bins_by_code(work.conn, known.warehouse, [arrival.bin, VIRTUAL])
    if arrival.bin not in bins or bins[arrival.bin][1].type in VIRTUAL_TYPES:
        raise _wrong(Fault("bin", "There is no such bin.", "a bin of warehouse {number}", arrival.bin,
                           {"number": known.warehouse}))  # fmt: skip
    goods = Goods(known.item, arrival.lot, arrival.expiry)
    _as_tracked(work, known, arrival)
    inventory.move(
        work, known.warehouse, goods, arrival.quantity, Place(bins[VIRTUAL][0]), Place(bins[arrival.bin][0]), "receipt"
    )
    arrived = known.arrived + arrival.quantity
    state = RECEIPT.advance(known.state, "arrive") if arrived >= known.quantity else known.state
    _keep(work, known._replace(arrived=arrived, quantity=max(arrived, known.quantity), state=state))
    return Announced(known.id, first=False, moved=_moved(work, known.warehouse, known.item))


_TRACKED: Final = {"lot": ("lot",), "lot_expiry": ("lot", "expiry")}
"""What must be said of goods, by how their item is kept."""


def _as_tracked(work: Work, known: Expected, arrival: Arrival) -> None:
    """Refuses goods of which lot or date is not said, or said of an item that is kept without."""
    wanted = _TRACKED.get(catalog.items(work.conn, {known.item})[known.item].tracking, ())
    said = {"lot": arrival.lot, "expiry": arrival.expiry}
    for field, value in said.items():
        if field in wanted and not value:
            raise _wrong(Fault(field, "This item is kept by it.", "a value", "nothing"))
        if value and field not in wanted:
            raise _wrong(Fault(field, "This item is kept without it.", "nothing", str(value)))


def cancel(work: Work, receipt_id: UUID, warehouse: int) -> Announced:
    """What has not come does not come any more. Stream 0. Refuses `not_found`, `move_not_allowed`."""
    known = _open(work, warehouse, receipt_id, "cancel")
    _keep(work, known._replace(state=RECEIPT.advance(known.state, "cancel")))
    return Announced(known.id, first=False, moved=_moved(work, known.warehouse, known.item))


def _open(work: Work, warehouse: int, receipt_id: UUID, trigger: str) -> Expected:
    known = receipts.by_id(work.conn, receipt_id)
    if known is None or known.warehouse != warehouse:
        raise Refusal("not_found")
    if not RECEIPT.can(known.state, trigger):
        raise Refusal("move_not_allowed", thing="receipt", state=known.state, trigger=trigger)
    return known


def _keep(work: Work, known: Expected) -> None:
    receipts.keep(work.conn, known)


def _moved(work: Work, warehouse: int, item: UUID) -> int:
    """Promises follow; of how many orders. Where they are many, the rest follows by the next look."""
    changed = promise_again(work, warehouse, [item], SLICE)
    orders_follow(work, changed)
    return len(changed)


def _wrong(fault: Fault) -> Refusal:
    return Refusal("invalid", fault, count=1)


# --- what is kept back ---------------------------------------------------------------------------------------------


def keep_back(work: Work, new: NewStockRule) -> UUID:
    """Keeps a rule: it binds what is promised from now on. Stream 0. Refuses `invalid` with the fields."""
    if not (new.safety or new.aside or new.percent is not None):
        raise _wrong(Fault("safety", "This keeps nothing back.", "units in `safety` or `aside`, or a `percent`",
                           str(new.safety)))  # fmt: skip
    item = None
    if new.sku is not None:
        found = catalog.items_by_sku(work.conn, [new.sku]).get(new.sku)
        if found is None:
            raise _wrong(Fault("sku", "There is no such item.", "an item of the catalogue", new.sku))
        item = found.id
    if new.warehouse is not None:
        locations.warehouse_of(work.conn, new.warehouse)
    if (new.aside or new.percent is not None) and not new.whose:
        raise _wrong(Fault("whose", "For whom?", "channel:NAME, customer:E-MAIL", "nothing"))
    rule_id = work.new_id()
    receipts.add_rule(
        work.conn,
        {
            "id": rule_id, "name": new.name, "for_warehouse": new.warehouse, "item_id": item, "safety": new.safety,
            "aside": new.aside, "percent": new.percent, "whose": new.whose.lower(),
        },
    )  # fmt: skip
    return rule_id


def drop_rule(work: Work, rule_id: UUID) -> None:
    """A rule holds no more; who waits is promised again by the next look. Stream 0. Refuses `not_found`."""
    if not receipts.drop_rule(work.conn, rule_id):
        raise Refusal("not_found")
