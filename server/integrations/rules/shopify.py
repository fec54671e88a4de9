"""Why: an order as Shopify sends it (`orders/create`) becomes an order of ours, or says field by field why it does not.

Only what is documented and needed is read; whatever else is in it is left alone. Money comes as text and is counted in
minor units, exactly: a discount that does not divide by the quantity makes two lines of one. What needs no shipping is
not ours to do. Pure.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Collection, Iterator, Sequence
from typing import Final, NamedTuple

import msgspec

from server.core.refusal import Fault
from server.orders.currencies import CURRENCIES, minor
from server.orders.schemas import Address, Customer, NewLine, NewOrder, NewPayment, NewTotals

TOPICS: Final = frozenset({"orders/create", "orders/paid"})
"""Both bring the whole order. The second comes when it is paid, for an order that was not when it was made."""
LONGEST_NOTE: Final = 500


def is_signed(secret: str, body: bytes, signature: str) -> bool:
    """Whether a body is the shop's own: HMAC-SHA256 in base64; it takes the same time whatever is wrong."""
    mine = b64encode(hmac.digest(secret.encode(), body, hashlib.sha256))
    return hmac.compare_digest(mine, signature.encode("latin-1", "replace"))


# --- what is read of it ----------------------------------------------------------------------------------------


class Money(msgspec.Struct, frozen=True):
    """An amount in one of its two currencies."""

    amount: str = "0"


class MoneySet(msgspec.Struct, frozen=True):
    """An amount in the shop's currency and in the customer's; the first counts."""

    shop_money: Money = Money()


class Allocation(msgspec.Struct, frozen=True):
    """A part of a discount that falls on one line."""

    amount: str = "0"


class TaxLine(msgspec.Struct, frozen=True):
    """A tax on one line."""

    price: str = "0"


class Line(msgspec.Struct, frozen=True):
    """An article of the order; `price` is that of one unit before discounts."""

    quantity: int
    price: str
    sku: str | None = None
    title: str | None = None
    requires_shipping: bool | None = None
    discount_allocations: list[Allocation] | None = None
    tax_lines: list[TaxLine] | None = None


class ShippingLine(msgspec.Struct, frozen=True):
    """A way of shipping that was chosen."""

    price: str = "0"
    discounted_price: str | None = None
    discount_allocations: list[Allocation] | None = None
    code: str | None = None


class ShopAddress(msgspec.Struct, frozen=True):
    """An address as the shop keeps it."""

    first_name: str | None = None
    last_name: str | None = None
    name: str | None = None
    company: str | None = None
    address1: str | None = None
    address2: str | None = None
    city: str | None = None
    zip: str | None = None
    province: str | None = None
    province_code: str | None = None
    country_code: str | None = None
    phone: str | None = None


class ShopCustomer(msgspec.Struct, frozen=True):
    """Who bought."""

    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    phone: str | None = None


class ShopOrder(msgspec.Struct, frozen=True):
    """What is read of an order."""

    id: int
    currency: str
    total_price: str
    line_items: list[Line]
    name: str | None = None
    email: str | None = None
    contact_email: str | None = None
    phone: str | None = None
    note: str | None = None
    test: bool | None = None
    cancelled_at: str | None = None
    taxes_included: bool | None = None
    total_tax: str | None = None
    total_tip_received: str | None = None
    original_total_duties_set: MoneySet | None = None
    original_total_additional_fees_set: MoneySet | None = None
    financial_status: str | None = None
    customer_locale: str | None = None
    shipping_lines: list[ShippingLine] | None = None
    shipping_address: ShopAddress | None = None
    customer: ShopCustomer | None = None


# --- what becomes of it ----------------------------------------------------------------------------------------


class Way(NamedTuple):
    """How orders of a channel are taken in: its name, the service they go by, where they are sourced from."""

    channel: str
    service: str
    warehouse: int | None


class Ours(msgspec.Struct, frozen=True):
    """An order of ours, what the customer wrote, and how far it is paid where it is not (then it waits)."""

    order: NewOrder
    note: str
    unpaid: str


class NotOurs(msgspec.Struct, frozen=True):
    """Nothing is to be shipped of it; `reason` is a code of the words."""

    reason: str


class Wrong(msgspec.Struct, frozen=True):
    """It cannot be read, field by field."""

    faults: tuple[Fault, ...]


Read = Ours | NotOurs | Wrong


def read(shop: ShopOrder, way: Way, services: Collection[str]) -> Read:
    """What becomes of an order of the shop. A way of shipping that is called as one of the `services` is that one."""
    if shop.test:
        return NotOurs("shop_test")
    if shop.cancelled_at:
        return NotOurs("order_cancelled")
    if not any(_ships(line) for line in shop.line_items):
        return NotOurs("nothing_to_ship")
    if faults := tuple(_unreadable(shop)):
        return Wrong(faults)
    lines = [each for line in shop.line_items if _ships(line) for each in _lines(line, shop.currency)]
    totals = _totals(shop, lines)
    if isinstance(totals, Fault):
        return Wrong((totals,))
    to = shop.shipping_address or ShopAddress()
    customer = _customer(shop, to)
    new = NewOrder(
        channel=way.channel,
        external_ref=_plain(shop.name) or str(shop.id),
        currency=shop.currency,
        lines=lines,
        totals=totals,
        customer=customer,
        address=_address(to, customer.name),
        payment=NewPayment(method="prepaid", received=True),
        service=_service(shop, way, services),
        warehouse=way.warehouse,
    )
    return Ours(new, _plain(shop.note)[:LONGEST_NOTE], "" if shop.financial_status == "paid" else _status(shop))


def _ships(line: Line) -> bool:
    return line.requires_shipping is not False


def _status(shop: ShopOrder) -> str:
    return _plain(shop.financial_status)[:30] or "unknown"


def _unreadable(shop: ShopOrder) -> Iterator[Fault]:
    """Amounts that are none, and an address that is not there: the rest is said where orders are taken in."""
    if shop.currency not in CURRENCIES:
        yield Fault("currency", "There is no such currency.", "an ISO 4217 code", _plain(shop.currency)[:30])
        return
    for field, amount in _amounts(shop):
        if (counted := minor(amount, shop.currency)) is None or counted < 0:
            yield Fault(field, "This is no amount.", f"an amount in {shop.currency}", _plain(amount)[:30])
    for index, line in enumerate(shop.line_items):
        if not 0 <= line.quantity <= _MOST:
            yield Fault(f"line_items[{index}].quantity", "This number is out of range.", f"0 to {_MOST}",
                        str(line.quantity)[:30])  # fmt: skip
    if shop.shipping_address is None:
        yield Fault("shipping_address", "Where shall it go?", "an address", "nothing")


_MOST: Final = 9_999


def _amounts(shop: ShopOrder) -> Iterator[tuple[str, str]]:
    yield "total_price", shop.total_price
    yield "total_tax", shop.total_tax or "0"
    yield from _extras(shop)
    for index, line in enumerate(shop.line_items):
        at = f"line_items[{index}]"
        yield f"{at}.price", line.price
        yield from ((f"{at}.discount_allocations", each.amount) for each in line.discount_allocations or ())
        yield from ((f"{at}.tax_lines", each.price) for each in line.tax_lines or ())
    for index, way in enumerate(shop.shipping_lines or ()):
        at = f"shipping_lines[{index}]"
        yield f"{at}.price", way.price
        yield f"{at}.discounted_price", way.discounted_price or "0"
        yield from ((f"{at}.discount_allocations", each.amount) for each in way.discount_allocations or ())


def _extras(shop: ShopOrder) -> Iterator[tuple[str, str]]:
    """What is paid on top of goods, shipping and tax."""
    yield "total_tip_received", shop.total_tip_received or "0"
    for field in ("original_total_duties_set", "original_total_additional_fees_set"):
        found: MoneySet | None = getattr(shop, field)
        if found is not None:
            yield f"{field}.shop_money.amount", found.shop_money.amount


def _count(amounts: Sequence[str], currency: str) -> int:
    return sum(minor(each, currency) or 0 for each in amounts)


def _worth(line: Line, currency: str) -> int:
    """What a line costs in all, less its discounts."""
    discounts = _count([each.amount for each in line.discount_allocations or ()], currency)
    return max(line.quantity * _count([line.price], currency) - discounts, 0)


def _cost(way: ShippingLine, currency: str) -> int:
    """What a way of shipping costs: `discounted_price` leaves out what was taken off the whole order."""
    full = _count([way.price], currency)
    less = full - _count([each.amount for each in way.discount_allocations or ()], currency)
    told = full if way.discounted_price is None else _count([way.discounted_price], currency)
    return max(min(less, told), 0)


def _lines(line: Line, currency: str) -> Iterator[NewLine]:
    """The line, or two of them where its worth does not divide by its quantity."""
    if line.quantity == 0:
        return
    low, dearer = divmod(_worth(line, currency), line.quantity)
    sku = _plain(line.sku)
    for quantity, price in ((line.quantity - dearer, low), (dearer, low + 1)):
        if quantity:
            yield NewLine(sku=sku, quantity=quantity, price_minor=price)


def _totals(shop: ShopOrder, lines: Sequence[NewLine]) -> NewTotals | Fault:
    """What is ours of the sums, once the shop's own have been added up."""
    currency, on_top = shop.currency, not shop.taxes_included
    others = [line for line in shop.line_items if not _ships(line)]
    items = sum(line.quantity * line.price_minor for line in lines)
    shipping = sum(_cost(way, currency) for way in shop.shipping_lines or ())
    extra = _count([amount for _, amount in _extras(shop)], currency)
    extra += _count([shop.total_tax or "0"], currency) if on_top else 0
    elsewhere = sum(_worth(line, currency) for line in others)
    total = _count([shop.total_price], currency)
    if total != items + elsewhere + shipping + extra:
        said = "Lines less discounts, shipping, tax, duties, fees and tip are another sum."
        return Fault("total_price", said, str(items + elsewhere + shipping + extra), str(total))
    if on_top:
        extra -= _count([each.price for line in others for each in line.tax_lines or ()], currency)
    extra = max(extra, 0)
    return NewTotals(items_minor=items, shipping_minor=shipping, tax_minor=extra, total_minor=items + shipping + extra)


def _customer(shop: ShopOrder, to: ShopAddress) -> Customer:
    who = shop.customer or ShopCustomer()
    name = _name(who.first_name, who.last_name) or _plain(to.name) or _name(to.first_name, to.last_name)
    language = _plain(shop.customer_locale)[:2].lower()
    return Customer(
        name=name or _plain(to.company),
        email=_plain(shop.email) or _plain(shop.contact_email) or _plain(who.email),
        phone=_plain(shop.phone) or _plain(to.phone) or _plain(who.phone),
        language=language if len(language) == 2 and language.isascii() and language.isalpha() else "en",
    )


def _address(to: ShopAddress, customer: str) -> Address:
    name = _plain(to.name) or _name(to.first_name, to.last_name)
    return Address(
        street=", ".join(each for each in (_plain(to.address1), _plain(to.address2)) if each),
        city=_plain(to.city),
        country=_plain(to.country_code).upper(),
        postal_code=_plain(to.zip),
        region=_plain(to.province) or _plain(to.province_code),
        name="" if name == customer else name,
        company=_plain(to.company),
    )


def _name(first: str | None, last: str | None) -> str:
    return " ".join(each for each in (_plain(first), _plain(last)) if each)


def _service(shop: ShopOrder, way: Way, services: Collection[str]) -> str:
    chosen = (_plain(each.code) for each in shop.shipping_lines or ())
    return next((code for code in chosen if code in services), way.service)


def _plain(text: str | None) -> str:
    """A text without what is at its ends, on one line, without what cannot be printed."""
    return "".join(each if each.isprintable() else " " for each in text or "").strip()
