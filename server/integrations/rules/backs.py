"""Why: what is said back to a channel, and in which of its calls, follows from what it knows already. Pure.

Each is built so that it may be said again: what is there is looked at first, and only what is missing is added.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec

from server.orders.currencies import minor, plain

TYPES: Final[Mapping[str, tuple[str, ...]]] = {
    "shopify": ("shipment.closed", "order.cancelled"),
    "woocommerce": ("shipment.closed", "order.status_changed:shipped", "order.cancelled"),
    "json": ("shipment.closed", "order.status_changed", "order.cancelled"),
}
"""Which events go back, by kind of channel; of a status only that one."""
SHOPIFY: Final = "2025-10"
"""The version of the API that is spoken."""


class Parcel(msgspec.Struct, frozen=True):
    """A parcel and what is in it: units by SKU."""

    tracking: str
    units: dict[str, int]


class Plan(msgspec.Struct, frozen=True):
    """What a channel is to be told of one of its orders, and how it is reached.

    `subject` is the channel's own id of the order, `lines` its own ids of lines and our SKUs of them; `owed_minor` is
    what waits to be paid back to who paid there beforehand, `shipped` whether some of the order is on its way.
    """

    kind: str
    url: str
    user: str
    token: str
    notify: bool
    type: str
    subject: str
    lines: dict[str, str]
    status: str = ""
    carrier: str = ""
    parcels: tuple[Parcel, ...] = ()
    owed_minor: int = 0
    currency: str = ""
    shipped: bool = False


# --- Shopify: fulfilments of its fulfilment orders, one for each parcel


class _TrackedLine(msgspec.Struct, frozen=True):
    id: int
    quantity: int = 0


class Fulfillment(msgspec.Struct, frozen=True):
    """What the shop knows to be shipped already."""

    tracking_number: str | None = None
    status: str | None = None
    line_items: list[_TrackedLine] = []


class Fulfillments(msgspec.Struct, frozen=True):
    """What `GET orders/{id}/fulfillments.json` answers."""

    fulfillments: list[Fulfillment]


class OpenLine(msgspec.Struct, frozen=True):
    """Units of a line that wait there."""

    id: int
    line_item_id: int
    fulfillable_quantity: int


class FulfillmentOrder(msgspec.Struct, frozen=True):
    """What one location of the shop has still to ship."""

    id: int
    status: str
    line_items: list[OpenLine]
    assigned_location_id: int | None = None


class FulfillmentOrders(msgspec.Struct, frozen=True):
    """What `GET orders/{id}/fulfillment_orders.json` answers."""

    fulfillment_orders: list[FulfillmentOrder]


OPEN: Final = frozenset({"open", "in_progress"})


def fulfilments(plan: Plan, known: Sequence[Fulfillment], orders: Sequence[FulfillmentOrder]) -> list[dict[str, Any]]:
    """The bodies of what is still to be said, in order: one for each parcel and location."""
    left = {(order.id, line.id): line.fulfillable_quantity for order in orders for line in order.line_items}
    bodies = []
    for parcel in plan.parcels:
        units = _untold(parcel, plan.lines, known)
        places: dict[int | None, dict[int, list[dict[str, int]]]] = defaultdict(lambda: defaultdict(list))
        for order in orders:
            for line in order.line_items if order.status in OPEN else ():
                sku = plan.lines.get(str(line.line_item_id), "")
                take = min(units.get(sku, 0), left[order.id, line.id])
                if take > 0:
                    units[sku] -= take
                    left[order.id, line.id] -= take
                    places[order.assigned_location_id][order.id].append({"id": line.id, "quantity": take})
        bodies += [_fulfilment(plan, parcel, found) for found in places.values()]
    return bodies


def _untold(parcel: Parcel, lines: Mapping[str, str], known: Iterable[Fulfillment]) -> dict[str, int]:
    """What of a parcel the shop does not know yet: a parcel is known by its tracking number."""
    units = dict(parcel.units)
    for each in known:
        if each.tracking_number == parcel.tracking and each.status not in ("cancelled", "error", "failure"):
            for line in each.line_items:
                sku = lines.get(str(line.id), "")
                units[sku] = units.get(sku, 0) - line.quantity
    return units


def _fulfilment(plan: Plan, parcel: Parcel, of: Mapping[int, list[dict[str, int]]]) -> dict[str, Any]:
    return {
        "fulfillment": {
            "line_items_by_fulfillment_order": [
                {"fulfillment_order_id": order, "fulfillment_order_line_items": lines} for order, lines in of.items()
            ],
            "tracking_info": {"number": parcel.tracking, "company": plan.carrier},
            "notify_customer": plan.notify,
        }
    }


def is_told(plan: Plan, known: Sequence[Fulfillment]) -> bool:
    """Whether the shop knows every parcel already."""
    return all(not any(left > 0 for left in _untold(parcel, plan.lines, known).values()) for parcel in plan.parcels)


# --- Shopify: an order is cancelled once, and gives back what its gateways took


class ShopOrder(msgspec.Struct, frozen=True):
    """Whether the shop has cancelled it."""

    cancelled_at: str | None = None


class ShopOrderPage(msgspec.Struct, frozen=True):
    """What `GET orders/{id}.json` answers."""

    order: ShopOrder


class Transaction(msgspec.Struct, frozen=True):
    """Money that moved there; `manual_payment_gateway` where only a person can give it back."""

    kind: str
    status: str
    amount: str = "0"
    currency: str = ""
    manual_payment_gateway: bool | None = None


class Transactions(msgspec.Struct, frozen=True):
    """What `GET orders/{id}/transactions.json` answers."""

    transactions: list[Transaction]


UNPROCESSABLE: Final = 422
"""How the shop says that an order cannot be cancelled: fulfilled already, or money in the way."""
_TAKEN: Final = frozenset({"sale", "capture"})
_GOING: Final = frozenset({"success", "pending"})


def cancellation(plan: Plan, money: Sequence[Transaction]) -> dict[str, Any]:
    """The body of the call: the stock is ours, the customer hears of it as of shipments."""
    body = {"reason": "other", "restock": False, "email": plan.notify}
    amount = _theirs(plan, money)
    return {**body, "amount": plain(amount, plan.currency), "currency": plan.currency} if amount > 0 else body


def _theirs(plan: Plan, money: Sequence[Transaction]) -> int:
    """What the shop is asked to give back: what waits here for it, and its own gateways have taken and still hold.

    Of money that came by hand, in a currency that is not the order's, or of which nobody can read how much it is, a
    person decides.
    """
    taken = [each for each in money if each.kind in _TAKEN and each.status == "success"]
    back = [each for each in money if each.kind == "refund" and each.status in _GOING]
    if any(each.currency != plan.currency for each in (*taken, *back)):
        return 0
    if any(each.manual_payment_gateway is not False for each in taken):
        return 0
    came, went = ([minor(each.amount, plan.currency) for each in some] for some in (taken, back))
    if None in (*came, *went):
        return 0
    return min(plan.owed_minor, sum(filter(None, came)) - sum(filter(None, went)))


# --- WooCommerce: a note for each shipment, and the order's status

STATUSES: Final[Mapping[str, str]] = {"shipped": "completed", "cancelled": "cancelled"}
"""The shop's status of ours, where it follows one."""


class Note(msgspec.Struct, frozen=True):
    """A note on an order of the shop."""

    note: str = ""


def untold(plan: Plan, notes: Iterable[Note]) -> list[Parcel]:
    """The parcels of which no note speaks yet."""
    said = " ".join(each.note for each in notes)
    return [parcel for parcel in plan.parcels if parcel.tracking not in said]


def note(plan: Plan, parcels: Iterable[Parcel]) -> dict[str, Any]:
    """A note that names the parcels."""
    numbers = ", ".join(parcel.tracking for parcel in parcels)
    return {"note": f"{plan.carrier}: {numbers}", "customer_note": plan.notify}
