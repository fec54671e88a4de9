"""Why: what Shopify sends about an order becomes what we know of it, or says field by field why it does not.

Only what is documented and needed is read; whatever else is in it is left alone. Money comes as text and is counted in
minor units, exactly: a discount that does not divide by the quantity makes two lines of one. What needs no shipping is
not ours to do. Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, TypeVar

import msgspec

from server.core.refusal import Fault
from server.integrations.rules.channels import Way
from server.integrations.rules.sold import (
    LONGEST_NOTE,
    Edited,
    Left,
    NotOurs,
    Read,
    Refunded,
    Sold,
    Told,
    Wrong,
    language,
    moment,
    plain,
)
from server.orders.currencies import CURRENCIES, minor
from server.orders.schemas.captures import Address, Customer, NewLine, NewOrder, NewPayment, NewTotals

T = TypeVar("T")

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
    id: int | None = None
    current_quantity: int | None = None
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
    title: str | None = None


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
    country: str | None = None
    country_code: str | None = None
    phone: str | None = None


class ShopCustomer(msgspec.Struct, frozen=True):
    """Who bought."""

    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    phone: str | None = None


class Transaction(msgspec.Struct, frozen=True):
    """Money that moved."""

    amount: str = "0"
    currency: str | None = None
    kind: str | None = None
    status: str | None = None


class Refund(msgspec.Struct, frozen=True):
    """Money that was given back, as in `refunds/create` and in an order."""

    id: int
    order_id: int | None = None
    transactions: list[Transaction] | None = None


class EditedLine(msgspec.Struct, frozen=True):
    """So many units more or fewer of a line."""

    id: int
    delta: int = 0


class EditedLines(msgspec.Struct, frozen=True):
    """What was added and what was taken out."""

    additions: list[EditedLine] = []
    removals: list[EditedLine] = []


class Edit(msgspec.Struct, frozen=True):
    """That an order's lines were changed: by their ids alone."""

    order_id: int
    committed_at: str | None = None
    created_at: str | None = None
    line_items: EditedLines = EditedLines()


class OrderEdit(msgspec.Struct, frozen=True):
    """What `orders/edited` brings."""

    order_edit: Edit


class ShopCheckout(msgspec.Struct, frozen=True):
    """What `checkouts/create` and `checkouts/update` bring."""

    token: str
    currency: str = ""
    total_price: str = "0"
    updated_at: str | None = None
    completed_at: str | None = None
    line_items: list[Line] = []


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
    updated_at: str | None = None
    cancelled_at: str | None = None
    cancel_reason: str | None = None
    checkout_token: str | None = None
    taxes_included: bool | None = None
    total_tax: str | None = None
    current_total_price: str | None = None
    current_total_tax: str | None = None
    total_tip_received: str | None = None
    original_total_duties_set: MoneySet | None = None
    original_total_additional_fees_set: MoneySet | None = None
    financial_status: str | None = None
    fulfillment_status: str | None = None
    payment_gateway_names: list[str] | None = None
    customer_locale: str | None = None
    shipping_lines: list[ShippingLine] | None = None
    shipping_address: ShopAddress | None = None
    customer: ShopCustomer | None = None
    refunds: list[Refund] | None = None


# --- what becomes of it ----------------------------------------------------------------------------------------


def read_order(shop: ShopOrder, way: Way) -> Read:
    """An order as the shop says it is. A way of shipping that is called as one of our services is that one."""
    subject = str(shop.id)
    if shop.test:
        return NotOurs("shop_test", subject)
    if not any(_ships(line) for line in shop.line_items):
        return NotOurs("nothing_to_ship", subject)
    faults = tuple(_unreadable(shop))
    if any(fault.field != "shipping_address" for fault in faults):
        return Wrong(faults, subject)
    to = shop.shipping_address or ShopAddress()
    customer = _customer(shop, to, way)
    told = Told(
        at=moment(shop.updated_at),
        units=_units(shop, way),
        prices={each.sku: each.price_minor for line in shop.line_items for each in _lines(line, shop.currency, way)},
        service=_service(shop, way),
        address=None if shop.shipping_address is None else _address(to, customer.name, way),
        customer=None if shop.shipping_address is None else customer,
        unpaid="" if shop.financial_status in SETTLED else _status(shop),
        cancelled=(plain(shop.cancel_reason)[:60] or "cancelled") if shop.cancelled_at else "",
        refunds=dict(_refunds(shop.refunds or (), shop.currency)),
        lines={str(line.id): way.sku(plain(line.sku)) for line in shop.line_items if line.id is not None},
    )
    order = faults or tuple(_begun(shop)) or _order(shop, way, told)
    return Sold(
        subject,
        told,
        order if isinstance(order, NewOrder) else None,
        () if isinstance(order, NewOrder) else order,
        plain(shop.note)[:LONGEST_NOTE],
        plain(shop.checkout_token),
        gone=shop.fulfillment_status in GONE,
    )


GONE: Final = frozenset({"fulfilled", "restocked"})
"""What of it was to be shipped has been, or has come back."""
PARTLY: Final = "partial"
SETTLED: Final = frozenset({"paid", "partially_refunded", "refunded"})
"""The financial statuses in which all of it was paid once."""


def read_refund(refund: Refund, way: Way) -> Read:
    """Money that was given back of an order."""
    if refund.order_id is None:
        return Wrong((Fault("order_id", "Of which order is it?", "an order's id", "nothing"),))
    currency = next((each.currency for each in refund.transactions or () if each.currency in CURRENCIES), "")
    given = dict(_refunds([refund], currency or "XXX"))
    return Refunded(str(refund.order_id), given, currency or "") if given else NotOurs("no_money", str(refund.order_id))


def read_edit(edit: OrderEdit, way: Way) -> Read:
    """That lines were changed; `orders/updated` says what it came to."""
    found = edit.order_edit
    changed = [each.delta for each in (*found.line_items.additions, *found.line_items.removals)]
    return Edited(str(found.order_id), moment(found.committed_at) or moment(found.created_at), sum(map(abs, changed)))


def read_checkout(checkout: ShopCheckout, way: Way) -> Read:
    """Somebody at the till."""
    currency = checkout.currency if checkout.currency in CURRENCIES else ""
    value = (minor(checkout.total_price, currency) if currency else None) or 0
    units = sum(line.quantity for line in checkout.line_items if line.quantity > 0)
    at, done = moment(checkout.updated_at), bool(checkout.completed_at)
    return Left(plain(checkout.token)[:200], at, currency, max(value, 0), min(units, _MOST), completed=done)


def _refunds(refunds: Sequence[Refund], currency: str) -> Iterator[tuple[str, int]]:
    for each in refunds:
        given = sum(
            minor(one.amount, one.currency or currency) or 0
            for one in each.transactions or ()
            if one.kind == "refund" and one.status in ("success", "pending", None)
        )
        if given > 0:
            yield str(each.id), given


def _begun(shop: ShopOrder) -> Iterator[Fault]:
    """An order of which a part has left already is none to be taken in whole."""
    if shop.fulfillment_status == PARTLY:
        yield Fault("fulfillment_status", "A part of it has been shipped elsewhere.", "nothing", PARTLY)


def _units(shop: ShopOrder, way: Way) -> dict[str, int]:
    """What is wanted now, by our SKU."""
    found: Counter[str] = Counter()
    for line in shop.line_items:
        now = line.quantity if line.current_quantity is None else line.current_quantity
        if _ships(line) and now > 0:
            found[way.sku(plain(line.sku))] += now
    return dict(found)


def _order(shop: ShopOrder, way: Way, told: Told) -> NewOrder | tuple[Fault, ...]:
    """The order as it was bought, or where its sums say otherwise as it is now."""
    first = _bought(shop, way, told)
    if isinstance(first, NewOrder) or shop.current_total_price is None:
        return first
    now = [
        msgspec.structs.replace(
            line, quantity=line.quantity if line.current_quantity is None else line.current_quantity
        )
        for line in shop.line_items
    ]
    again = msgspec.structs.replace(
        shop, line_items=now, total_price=shop.current_total_price, total_tax=shop.current_total_tax or shop.total_tax
    )
    second = _bought(again, way, told)
    return second if isinstance(second, NewOrder) else first


def _bought(shop: ShopOrder, way: Way, told: Told) -> NewOrder | tuple[Fault, ...]:
    lines = [each for line in shop.line_items if _ships(line) for each in _lines(line, shop.currency, way)]
    totals = _totals(shop, lines)
    if isinstance(totals, Fault):
        return (totals,)
    if not told.service:
        titles = ", ".join(plain(each.title) or plain(each.code) for each in shop.shipping_lines or ())
        return (Fault("shipping_lines[0].title", "By which of our services does it go?", "a service", titles[:60]),)
    assert told.address is not None
    assert told.customer is not None
    method = way.method(*(plain(name) for name in shop.payment_gateway_names or ()))
    return NewOrder(
        channel=way.channel,
        external_ref=plain(shop.name) or str(shop.id),
        currency=shop.currency,
        lines=lines,
        totals=totals,
        customer=told.customer,
        address=told.address,
        payment=NewPayment(method=method, received=method != "invoice" and not told.unpaid),
        service=told.service,
        split=way.settings.split,
        warehouse=way.settings.warehouse,
    )


def _ships(line: Line) -> bool:
    return line.requires_shipping is not False


def _status(shop: ShopOrder) -> str:
    return plain(shop.financial_status)[:30] or "unknown"


def _unreadable(shop: ShopOrder) -> Iterator[Fault]:
    """Amounts that are none, and an address that is not there: the rest is said where orders are taken in."""
    if shop.currency not in CURRENCIES:
        yield Fault("currency", "There is no such currency.", "an ISO 4217 code", plain(shop.currency)[:30])
        return
    for field, amount in _amounts(shop):
        if (counted := minor(amount, shop.currency)) is None or counted < 0:
            yield Fault(field, "This is no amount.", "an amount in {currency}", plain(amount)[:30],
                        {"currency": shop.currency})  # fmt: skip
    for index, line in enumerate(shop.line_items):
        if not 0 <= line.quantity <= _MOST:
            yield Fault(f"line_items[{index}].quantity", "This number is out of range.", "0 to {most}",
                        str(line.quantity)[:30], {"most": _MOST})  # fmt: skip
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


def _lines(line: Line, currency: str, way: Way) -> Iterator[NewLine]:
    """The line, or two of them where its worth does not divide by its quantity."""
    if line.quantity == 0:
        return
    low, dearer = divmod(_worth(line, currency), line.quantity)
    sku = way.sku(plain(line.sku))
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


def _customer(shop: ShopOrder, to: ShopAddress, way: Way) -> Customer:
    who = shop.customer or ShopCustomer()
    name = _name(who.first_name, who.last_name) or plain(to.name) or _name(to.first_name, to.last_name)
    return Customer(
        name=name or plain(to.company),
        email=plain(shop.email) or plain(shop.contact_email) or plain(who.email),
        phone=plain(shop.phone) or plain(to.phone) or plain(who.phone),
        language=language(shop.customer_locale, way.settings.language),
    )


def _address(to: ShopAddress, customer: str, way: Way) -> Address:
    name = plain(to.name) or _name(to.first_name, to.last_name)
    return Address(
        street=", ".join(each for each in (plain(to.address1), plain(to.address2)) if each),
        city=plain(to.city),
        country=way.country(plain(to.country_code) or plain(to.country)),
        postal_code=plain(to.zip),
        region=plain(to.province) or plain(to.province_code),
        name="" if name == customer else name,
        company=plain(to.company),
    )


def _name(first: str | None, last: str | None) -> str:
    return " ".join(each for each in (plain(first), plain(last)) if each)


def _service(shop: ShopOrder, way: Way) -> str:
    chosen = shop.shipping_lines or ()
    return way.service(*(word for each in chosen for word in (plain(each.code), plain(each.title)) if word))


# --- by topic


def _as(kind: type[T], read: Callable[[T, Way], Read]) -> Callable[[bytes, Way], Read]:
    return lambda body, way: read(msgspec.json.decode(body, type=kind), way)


TOPICS: Final[Mapping[str, Callable[[bytes, Way], Read]]] = {
    **dict.fromkeys(("orders/create", "orders/paid", "orders/updated", "orders/cancelled"), _as(ShopOrder, read_order)),
    "orders/edited": _as(OrderEdit, read_edit),
    "refunds/create": _as(Refund, read_refund),
    **dict.fromkeys(("checkouts/create", "checkouts/update"), _as(ShopCheckout, read_checkout)),
}
"""What each topic brings."""
