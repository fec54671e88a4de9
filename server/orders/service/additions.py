"""Why: one more, another colour, two orders in one parcel: an order can grow until it has ended.

What a warehouse has of it goes on as it is: units that come later are promised, looked at by the rules and released
like a new order's, and are a parcel of their own where the first has gone to the floor already. The money follows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from server.catalog import service as catalog
from server.core.refusal import Fault, Refusal
from server.db.base import CORE
from server.db.work import Work
from server.orders import intake, more, rules
from server.orders.lifecycle import HOLD
from server.orders.more import Placed
from server.orders.schemas.captures import NewLine
from server.orders.schemas.changes import MoreItems, Replacement
from server.orders.service import cancels, decisions, facts, moves, promises, statuses
from server.orders.service.edits import open_order
from server.orders.service.follow import LACKING, orders_follow
from server.orders.service.shelves import Shelves, Wanted
from server.orders.service.timelines import tell
from server.orders.store import holds, orders, pages
from server.orders.store import promises as promised
from server.orders.store.orders import Order
from server.policies.facts import StockFacts

GOODS: Final = (
    "items", "stock", "order.items_minor", "order.tax_minor", "order.shipping_minor", "order.total_minor",
    "order.dearest_minor", "order.lines", "order.units", "order.most_units", "order.weight_g", "order.hazmat",
)  # fmt: skip
"""The facts that change with an order's goods."""


def add(work: Work, order_id: UUID, new: MoreItems) -> str:
    """Adds units to an order; its status. Stream 0 and its warehouses.

    Units of an item at a price that a line has already join that line. Refuses `order_unknown`, `order_ended`,
    `order_invalid` with every fault, `order_refused` in a rule's words.
    """
    found = open_order(work, order_id)
    _grow(work, found, new)
    return _judged(work, found)


def _grow(work: Work, found: Order, new: MoreItems) -> None:
    for each in _place(work, found, new):
        tell(work, found.id, "units_added", {"quantity": each.quantity, "sku": each.sku}, why=new.why)
    said = {"number": found.number, "warehouse": found.warehouse, "what": "units"}
    work.emit("order.edited", stream=CORE, order=found.id, **said)


def _judged(work: Work, found: Order) -> str:
    """The rules look at the goods as they are now, and the order follows; its status."""
    decisions.edited(work, found, GOODS, {"stock": _stock(work, found.id)})
    orders_follow(work, [found.id])
    return statuses.refresh(work, found.id)


def _place(work: Work, found: Order, new: MoreItems) -> list[Placed]:
    """Keeps the units and what the order costs with them, and promises them."""
    named = {line.sku for line in new.lines[: intake.MOST_LINES] if len(line.sku) <= intake.MOST_SKU}
    items = catalog.items_by_sku(work.conn, named)
    known = {sku: intake.KnownItem(each.id, each.active, each.weight_g) for sku, each in items.items()}
    before, totals = orders.lines_of(work.conn, found.id), more.totals(found, new)
    if faults := intake.check_more(new.lines, known, totals, len(before)):
        raise Refusal("order_invalid", *faults, count=len(faults))
    placed = more.placed(before, new.lines, {sku: each.id for sku, each in items.items()})
    _refuse_too_many(placed)
    lines = [_keep(work, found.id, each) for each in placed]
    orders.set_totals(work.conn, found.id, totals)
    asleep = found.payment not in rules.PAID and decisions.promised_when_paid(work.conn, found.id)
    moves.settle(work, Shelves(work.conn, work.now, {line.item for line in lines}))
    promises.promise(work, found.id, found.warehouse, lines, asleep=asleep)
    return placed


def _refuse_too_many(placed: Sequence[Placed]) -> None:
    for at, each in enumerate(placed):
        ordered = each.quantity + (each.line.ordered if each.line else 0)
        if ordered > intake.MOST_UNITS:
            fault = Fault(f"lines[{at}].quantity", "So many are no line.", "at most {most}", str(ordered),
                          {"most": intake.MOST_UNITS})  # fmt: skip
            raise Refusal("order_invalid", fault, count=1)


def _keep(work: Work, order_id: UUID, each: Placed) -> Wanted:
    if each.line is not None:
        orders.raise_line(work.conn, each.line.id, each.line.ordered + each.quantity)
        return Wanted(each.line.id, each.position, each.item, each.quantity)
    line_id = work.new_id()
    orders.add_lines(
        work.conn,
        [{
            "id": line_id, "order_id": order_id, "position": each.position, "item_id": each.item,
            "ordered": each.quantity, "price_minor": each.price_minor,
        }],
    )  # fmt: skip
    return Wanted(line_id, each.position, each.item, each.quantity)


def _stock(work: Work, order_id: UUID) -> StockFacts:
    """What is missing of the whole order as it is now."""
    lines, shares = orders.lines_of(work.conn, order_id), promised.of_order(work.conn, order_id)
    wanted = {line.id: line.ordered - line.cancelled for line in lines}
    waits = {line: sum(share.quantity for share in each if share.waits) for line, each in shares.items()}
    return facts.stock(wanted, {line: units - waits.get(line, 0) for line, units in wanted.items()})


# --- something else instead


def replace(work: Work, order_id: UUID, position: int, new: Replacement) -> str:
    """Another item instead of units of a line; the order's status. Streams as `cancels.cancel_units`.

    Refuses what `add` and `cancel_units` refuse; then nothing is changed.
    """
    found = open_order(work, order_id)
    lines = [NewLine(sku=new.sku, quantity=new.quantity, price_minor=new.price_minor)]
    _grow(work, found, MoreItems(lines=lines, why=new.why))
    cancels.cancel_units(work, order_id, position, new.instead_of, new.why)
    return _judged(work, found)


# --- two in one


def merge(work: Work, order_id: UUID, other_id: UUID, why: str = "") -> str:
    """Takes everything of another order into this one; its status. Stream 0.

    Both go to the same person and address by the same means of payment, none is on the floor, nothing of the other
    was paid yet, and it is held for nothing that this one is not held for too. The other is cancelled and names this
    one; its money is let go, this one's follows. Refuses `order_unknown`, `order_ended`, `cannot_merge` with what
    differs.
    """
    found, other = open_order(work, order_id), open_order(work, other_id)
    if faults := _differs(work, found, other):
        raise Refusal("cannot_merge", *faults, order=found.number, other=other.number)
    theirs = [line for line in orders.lines_of(work.conn, other_id) if line.ordered > line.cancelled]
    items = catalog.items(work.conn, {line.item for line in theirs})
    lines = [
        NewLine(sku=items[line.item].sku, quantity=line.ordered - line.cancelled, price_minor=line.price_minor)
        for line in theirs
    ]
    cancels.cancel(work, other_id, why)
    tell(work, other_id, "merged_into", {"order": found.number}, why=why)
    tell(work, order_id, "merged_from", {"order": other.number}, why=why)
    tax = found.tax_minor + more.tax_of(other, sum(line.quantity * line.price_minor for line in lines))
    return add(work, order_id, MoreItems(lines=lines, tax_minor=tax, why=why))


def _differs(work: Work, found: Order, other: Order) -> list[Fault]:
    """Why the two cannot be one."""
    one, two = pages.head_of(work.conn, found.id), pages.head_of(work.conn, other.id)
    names = [str(head.customer["name"]) for head in (one, two)]
    held, other_held = (_held_for(work, each.id) for each in (found, other))
    compared = (
        (found.id != other.id, Fault("order", "It is the same order.", "another one", str(other.number))),
        (_buyer(one) == _buyer(two), Fault("customer", "They are of two people.", names[0], names[1])),
        (one.address == two.address,
         Fault("address", "They go to two addresses.", one.address["street"], two.address["street"])),
        (found.currency == other.currency,
         Fault("currency", "They are in two currencies.", found.currency, other.currency)),
        (found.payment_method == other.payment_method,
         Fault("payment", "They are paid in two ways.", found.payment_method, other.payment_method)),
        (found.warehouse == other.warehouse,
         Fault("warehouse", "They come from two warehouses.", str(found.warehouse), str(other.warehouse))),
        (not (found.released or other.released),
         Fault("released", "It is on the floor already.", "nothing on the floor",
               str(found.number if found.released else other.number))),
        (other_held <= held,
         Fault("held", "It is held, and would go unseen.", ", ".join(sorted(held)) or "no hold",
               ", ".join(sorted(other_held)))),
        (not other.captured_minor,
         Fault("paid", "Money was taken for it already.", "nothing taken", str(other.number))),
    )  # fmt: skip
    return [fault for same, fault in compared if not same]


def _held_for(work: Work, order_id: UUID) -> frozenset[str]:
    """Why an order is held; without what follows its goods and its money, which are another order's then."""
    open_ = {each.reason for each in holds.of_order(work.conn, order_id) if HOLD.can(each.state, "release")}
    return frozenset(each for each in open_ if each != LACKING and not rules.HOLD_REASONS[each].cause_first)


def _buyer(head: pages.Head) -> object:
    """Who ordered: the customer, or where the order alone knows them, their name."""
    return head.customer_id or head.customer["name"]
