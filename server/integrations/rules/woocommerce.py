"""Why: what WooCommerce sends about an order becomes what we know of it, or says field by field why it does not.

Its webhooks bring what its REST API gives (`wc/v3`): amounts as text, lines without tax and after discounts, the tax on
top. Fields and meta data that nobody reads here are left alone. Pure.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

import msgspec

from server.core.refusal import Fault
from server.integrations.rules.channels import Way
from server.integrations.rules.sold import (
    LONGEST_NOTE,
    Deleted,
    Left,
    NotOurs,
    Read,
    Sold,
    Told,
    Wrong,
    moment,
    plain,
)
from server.orders.currencies import CURRENCIES, minor
from server.orders.schemas.captures import Address, Customer, NewLine, NewOrder, NewPayment, NewTotals

_PING: Final = re.compile(rb"webhook_id=[0-9]{1,18}")


def is_ping(body: bytes) -> bool:
    """Whether it only tries the address, as a shop does when a webhook is made: that is not signed."""
    return _PING.fullmatch(body) is not None


# --- what is read of it


class Line(msgspec.Struct, frozen=True):
    """An article; `total` is without tax, after discounts."""

    quantity: int
    total: str
    id: int | None = None
    sku: str | None = None
    product_id: int | None = None
    variation_id: int | None = None


class Shipping(msgspec.Struct, frozen=True):
    """A way of shipping that was chosen."""

    method_title: str | None = None
    method_id: str | None = None
    total: str = "0"


class Fee(msgspec.Struct, frozen=True):
    """Something that is paid on top."""

    total: str = "0"


class Refund(msgspec.Struct, frozen=True):
    """What was given back, below nought."""

    id: int
    total: str = "0"


class ShopAddress(msgspec.Struct, frozen=True):
    """An address as the shop keeps it; that of the bill has mail and phone."""

    first_name: str = ""
    last_name: str = ""
    company: str = ""
    address_1: str = ""
    address_2: str = ""
    city: str = ""
    state: str = ""
    postcode: str = ""
    country: str = ""
    email: str | None = None
    phone: str | None = None


class ShopOrder(msgspec.Struct, frozen=True):
    """What is read of an order."""

    id: int
    status: str
    currency: str
    total: str
    line_items: list[Line]
    number: str | int | None = None
    date_modified_gmt: str | None = None
    total_tax: str = "0"
    shipping_total: str = "0"
    customer_note: str | None = None
    date_paid_gmt: str | None = None
    payment_method: str | None = None
    payment_method_title: str | None = None
    billing: ShopAddress = ShopAddress()
    shipping: ShopAddress = ShopAddress()
    shipping_lines: list[Shipping] = []
    fee_lines: list[Fee] = []
    refunds: list[Refund] = []


class Gone(msgspec.Struct, frozen=True):
    """What `order.deleted` brings."""

    id: int


# --- what becomes of it

AT_THE_TILL: Final = frozenset({"pending", "checkout-draft", "failed"})
"""No order until it is paid, or is said to be."""
UNPAID: Final = frozenset({"on-hold", "pending", "failed", "checkout-draft"})
PAID: Final = frozenset({"processing", "completed", "cancelled", "refunded", "trash"})
"""The statuses that speak of no money that is still to come; of one that is the shop's own, its day of payment does."""
OFF: Final = frozenset({"cancelled", "refunded", "trash"})
DONE: Final = "completed"
"""Gone out, by us or before we were asked."""
_MOST: Final = 9_999


def read_order(shop: ShopOrder, way: Way) -> Read:
    """An order as the shop says it is, by its status."""
    subject, status = str(shop.id), plain(shop.status).removeprefix("wc-")
    faults = tuple(_unreadable(shop))
    if status in AT_THE_TILL and faults:
        return Left(subject, moment(shop.date_modified_gmt, utc=True), "", 0, 0)
    if faults:
        return Wrong(faults, subject)
    told = Told(
        at=moment(shop.date_modified_gmt, utc=True),
        units=_units(shop, way),
        prices={each.sku: each.price_minor for line in shop.line_items for each in _lines(line, shop.currency, way)},
        service=way.service(*_words(shop)),
        address=(address := _address(shop, way)),
        customer=_customer(shop, way),
        unpaid="" if _is_paid(shop, status) else status or "unknown",
        cancelled=status if status in OFF else "",
        refunds={
            str(each.id): amount for each in shop.refunds if (amount := abs(minor(each.total, shop.currency) or 0))
        },
        lines={str(line.id): way.sku(_sku(line)) for line in shop.line_items if line.id is not None},
    )
    order = _order(shop, way, told, address)
    placeable = isinstance(order, NewOrder)
    sold = Sold(
        subject, told, order if isinstance(order, NewOrder) else None, () if placeable else order,  # type: ignore[arg-type]
        plain(shop.customer_note)[:LONGEST_NOTE], checkout=subject, gone=status == DONE,
    )  # fmt: skip
    if status in AT_THE_TILL:
        value = max(minor(shop.total, shop.currency) or 0, 0)
        return Left(subject, told.at, shop.currency, value, sum(told.units.values()), sold=sold)
    if not told.units and not told.cancelled:
        return NotOurs("nothing_to_ship", subject)
    return sold


def _is_paid(shop: ShopOrder, status: str) -> bool:
    return status in PAID or (status not in UNPAID and bool(plain(shop.date_paid_gmt)))


def read_gone(gone: Gone, way: Way) -> Read:
    """The shop has thrown it away."""
    return Deleted(str(gone.id))


def _unreadable(shop: ShopOrder) -> Iterator[Fault]:
    if shop.currency not in CURRENCIES:
        yield Fault("currency", "There is no such currency.", "an ISO 4217 code", plain(shop.currency)[:30])
        return
    for field, amount in _amounts(shop):
        if minor(amount, shop.currency) is None:
            yield Fault(field, "This is no amount.", "an amount in {currency}", plain(amount)[:30],
                        {"currency": shop.currency})  # fmt: skip
    for index, line in enumerate(shop.line_items):
        if not 0 <= line.quantity <= _MOST:
            yield Fault(f"line_items[{index}].quantity", "This number is out of range.", "0 to {most}",
                        str(line.quantity)[:30], {"most": _MOST})  # fmt: skip


def _amounts(shop: ShopOrder) -> Iterator[tuple[str, str]]:
    yield from (("total", shop.total), ("total_tax", shop.total_tax), ("shipping_total", shop.shipping_total))
    parts: tuple[tuple[str, Sequence[Line | Fee]], ...] = (
        ("line_items", shop.line_items),
        ("fee_lines", shop.fee_lines),
    )
    for name, rows in parts:
        yield from ((f"{name}[{index}].total", each.total) for index, each in enumerate(rows))


def _sku(line: Line) -> str:
    """Its SKU; one without is called by its number in the shop, so that a person can say what it is."""
    return plain(line.sku) or str(line.variation_id or line.product_id or "")


def _units(shop: ShopOrder, way: Way) -> dict[str, int]:
    found: Counter[str] = Counter()
    for line in shop.line_items:
        if line.quantity:
            found[way.sku(_sku(line))] += line.quantity
    return dict(found)


def _words(shop: ShopOrder) -> list[str]:
    """What the shop calls the way of shipping."""
    named = (word for each in shop.shipping_lines for word in (plain(each.method_title), plain(each.method_id)))
    return [word for word in named if word]


def _order(shop: ShopOrder, way: Way, told: Told, address: Address) -> NewOrder | tuple[Fault, ...]:
    lines = [each for line in shop.line_items for each in _lines(line, shop.currency, way)]
    items = sum(line.quantity * line.price_minor for line in lines)
    shipping, total = _minor(shop.shipping_total, shop), _minor(shop.total, shop)
    extra = _minor(shop.total_tax, shop) + sum(_minor(each.total, shop) for each in shop.fee_lines)
    if total != items + shipping + extra or extra < 0:
        said = "Lines, shipping, fees and tax are another sum."
        return (Fault("total", said, str(items + shipping + extra), str(total)),)
    if not told.service:
        words = ", ".join(_words(shop))[:60]
        return (Fault("shipping_lines[0].method_title", "By which of our services does it go?", "a service", words),)
    method = way.method(plain(shop.payment_method), plain(shop.payment_method_title))
    return NewOrder(
        channel=way.channel,
        external_ref=plain(str(shop.number or "")) or str(shop.id),
        currency=shop.currency,
        lines=lines,
        totals=NewTotals(items_minor=items, shipping_minor=shipping, tax_minor=extra, total_minor=total),
        customer=told.customer or Customer(name=""),
        address=address,
        payment=NewPayment(method=method, received=method != "invoice" and not told.unpaid),
        service=told.service,
        split=way.settings.split,
        warehouse=way.settings.warehouse,
    )


def _minor(amount: str, shop: ShopOrder) -> int:
    return minor(amount, shop.currency) or 0


def _lines(line: Line, currency: str, way: Way) -> Iterator[NewLine]:
    """The line, or two of them where its total does not divide by its quantity."""
    if not line.quantity:
        return
    low, dearer = divmod(max(minor(line.total, currency) or 0, 0), line.quantity)
    for quantity, price in ((line.quantity - dearer, low), (dearer, low + 1)):
        if quantity:
            yield NewLine(sku=way.sku(_sku(line)), quantity=quantity, price_minor=price)


def _customer(shop: ShopOrder, way: Way) -> Customer:
    who, to = shop.billing, shop.shipping
    return Customer(
        name=_name(who) or _name(to) or plain(who.company) or plain(to.company),
        email=plain(who.email),
        phone=plain(who.phone) or plain(to.phone),
        language=way.settings.language,
    )


def _address(shop: ShopOrder, way: Way) -> Address:
    to = shop.shipping if plain(shop.shipping.address_1) or plain(shop.shipping.city) else shop.billing
    name = _name(to)
    return Address(
        street=", ".join(each for each in (plain(to.address_1), plain(to.address_2)) if each),
        city=plain(to.city),
        country=way.country(plain(to.country)),
        postal_code=plain(to.postcode),
        region=plain(to.state),
        name="" if name == (_name(shop.billing) or name) else name,
        company=plain(to.company),
    )


def _name(of: ShopAddress) -> str:
    return " ".join(each for each in (plain(of.first_name), plain(of.last_name)) if each)


def _of_order(body: bytes, way: Way) -> Read:
    return read_order(msgspec.json.decode(body, type=ShopOrder), way)


TOPICS: Final[Mapping[str, Callable[[bytes, Way], Read]]] = {
    **dict.fromkeys(("order.created", "order.updated", "order.restored"), _of_order),
    "order.deleted": lambda body, way: read_gone(msgspec.json.decode(body, type=Gone), way),
}
"""What each topic brings."""
