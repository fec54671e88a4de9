"""Why: whoever sends JSON of their own is understood by a mapping: our field, and where in theirs it stands.

`FIELDS` is the table of what can be said of an order; what of it must be said, and what stands in each line. Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NamedTuple

import msgspec

from server.core.refusal import Fault
from server.integrations.rules import paths
from server.integrations.rules.channels import METHODS, House, Settings, Way
from server.integrations.rules.sold import (
    LONGEST_NOTE,
    Left,
    NotOurs,
    Read,
    Sold,
    Told,
    Wrong,
    language,
    moment,
    plain,
)
from server.orders.currencies import CURRENCIES, exact
from server.orders.intake import MOST_MINOR, MOST_UNITS
from server.orders.schemas.captures import Address, Customer, NewLine, NewOrder, NewPayment, NewTotals


class Field(NamedTuple):
    """A field of ours: whether it must be said, and what it is."""

    what: str
    needed: bool = False


FIELDS: Final[Mapping[str, Field]] = {
    "id": Field("The channel's own id of the order; without it the reference."),
    "reference": Field("The order's number for people.", needed=True),
    "updated_at": Field("When it was last changed, with its zone: an older one changes nothing."),
    "status": Field(
        "`cancelled` cancels it, `draft` is somebody at the till, `unpaid` waits, `shipped` has left without us; "
        "anything else is an order."
    ),
    "currency": Field("ISO 4217.", needed=True),
    "lines.sku": Field("What was bought.", needed=True),
    "lines.quantity": Field("How many units.", needed=True),
    "lines.price": Field("The price of one unit.", needed=True),
    "shipping": Field("What shipping costs."),
    "tax": Field("Tax on top of the prices."),
    "total": Field("The sum, checked where it is said."),
    "refunded": Field("What was given back so far, in all."),
    "name": Field("Who ordered.", needed=True),
    "email": Field("Their mail."),
    "phone": Field("Their phone number."),
    "language": Field("Their language, two letters first."),
    "recipient": Field("Whom it goes to, where it is another."),
    "company": Field("The company at the address."),
    "street": Field("Street and number.", needed=True),
    "city": Field("The town."),
    "postal_code": Field("The postal code."),
    "region": Field("State or province."),
    "country": Field("Two letters, or a word of the table of countries.", needed=True),
    "service": Field("What the channel calls the way of shipping."),
    "payment": Field("What the channel calls the way of paying."),
    "note": Field("What the customer wrote."),
}
LINES: Final = ("lines.sku", "lines.quantity", "lines.price")
CANCELLED: Final = "cancelled"
DRAFT: Final = "draft"
UNPAID: Final = "unpaid"
SHIPPED: Final = "shipped"


def faults(settings: Settings, house: House) -> Iterator[Fault]:
    """What of a mapping cannot work, before anything comes."""
    lists = set()
    for name, take in settings.fields.items():
        at = f"fields.{name}"
        if name not in FIELDS:
            yield Fault(at, "There is no such field.", ", ".join(FIELDS), name[:60])
            continue
        if not take.path:
            continue
        try:
            parts = paths.parse(take.path)
        except paths.BadPath as error:
            yield Fault(f"{at}.path", "This is no path.", 'such as order.lines[].sku or "text"', str(error))
            continue
        over = {part.list for part in parts if isinstance(part, paths.Path)}
        lists |= over - {None} if name in LINES else set()
        if name not in LINES and over - {None}:
            yield Fault(
                f"{at}.path", "Only fields of lines speak of each of a list.", "a path without []", take.path[:60]
            )
        if name == "service":
            yield from (
                Fault(f"{at}.table[{word}]", "There is no such service.", ", ".join(sorted(house.services)), code)
                for word, code in take.table.items()
                if code not in house.services
            )
        if name == "payment":
            yield from (
                Fault(f"{at}.table[{word}]", "It is not paid so.", ", ".join(METHODS), code)
                for word, code in take.table.items()
                if code not in METHODS
            )
    for name, field in FIELDS.items():
        if field.needed and not _is_said(settings, name):
            yield Fault(f"fields.{name}", "This must be said.", "a path, or what it is otherwise", "nothing")
    if len(lists) > 1:
        yield Fault("fields.lines.sku", "The lines stand in one list.", "one list", "{count} lists",
                    {"count": len(lists)})  # fmt: skip


def _is_said(settings: Settings, name: str) -> bool:
    take = settings.fields.get(name)
    return take is not None and bool(take.path or take.otherwise)


class Mapped:
    """A settings' mapping, made ready once."""

    def __init__(self, settings: Settings) -> None:
        self._fields = {
            name: (paths.parse(take.path) if take.path else (), take)
            for name, take in settings.fields.items()
            if name in FIELDS
        }
        self._decimal = settings.money == "decimal"
        found = (part for name in LINES for part in self._fields.get(name, ((), None))[0])
        self._lines = next(
            (part.list for part in found if isinstance(part, paths.Path) and part.list is not None), None
        )

    def read(self, body: bytes, way: Way) -> Read:
        """What a body says of an order."""
        whole = msgspec.json.decode(body)
        if not isinstance(whole, dict):
            return Wrong((Fault("", "Wanted an order.", "an object", type(whole).__name__),))
        reference = self._text(whole, "reference")
        subject = self._text(whole, "id") or reference
        currency = self._text(whole, "currency").upper()
        if currency not in CURRENCIES:
            wrong = Fault(self._place("currency"), "There is no such currency.", "an ISO 4217 code", currency[:30])
            return Wrong((wrong,), subject)
        found = list[Fault]()
        lines = list(self._bought(whole, currency, way, found))
        sums = {name: self._amount(whole, name, currency, found) for name in ("shipping", "tax", "total", "refunded")}
        if found and self._status(whole) != CANCELLED:
            return Wrong(tuple(found), subject)
        return self._sold(whole, way, subject, reference, currency, lines, sums)

    def _status(self, whole: Any) -> str:
        return self._text(whole, "status").lower()

    def _sold(
        self, whole: Any, way: Way, subject: str, reference: str, currency: str, lines: list[NewLine],
        sums: dict[str, int | None],
    ) -> Read:  # fmt: skip
        status = self._status(whole)
        units = Counter[str]()
        for line in lines:
            units[line.sku] += line.quantity
        told = Told(
            at=moment(self._text(whole, "updated_at")),
            units=dict(units),
            prices={line.sku: line.price_minor for line in lines},
            service=way.service(*filter(None, [self._text(whole, "service")])),
            address=self._address(whole, way),
            customer=self._customer(whole, way),
            unpaid=status if status == UNPAID else "",
            cancelled=status if status == CANCELLED else "",
            refunds={"total": sums["refunded"]} if sums["refunded"] else {},
        )
        items = sum(line.quantity * line.price_minor for line in lines)
        shipping, tax = sums["shipping"] or 0, sums["tax"] or 0
        total = items + shipping + tax if sums["total"] is None else sums["total"]
        if status == DRAFT:
            return Left(subject, told.at, currency, total, sum(units.values()))
        if not lines and status != CANCELLED:  # of what is called off nobody has to say what it was
            return NotOurs("nothing_to_ship", subject)
        wrong = tuple(self._lacking(whole, told))
        order = NewOrder(
            channel=way.channel,
            external_ref=reference,
            currency=currency,
            lines=lines,
            totals=NewTotals(items_minor=items, shipping_minor=shipping, tax_minor=tax, total_minor=total),
            customer=told.customer or Customer(name=""),
            address=told.address or Address(street="", city="", country=""),
            payment=self._payment(whole, way, told),
            service=told.service,
            split=way.settings.split,
            warehouse=way.settings.warehouse,
        )
        note = self._text(whole, "note")[:LONGEST_NOTE]
        gone = status == SHIPPED
        return Sold(subject, told, None if wrong else order, wrong, note, checkout=subject, gone=gone)

    def _lacking(self, whole: Any, told: Told) -> Iterator[Fault]:
        if not told.service:
            theirs = self._text(whole, "service")[:60]
            yield Fault(self._place("service"), "By which of our services does it go?", "a service", theirs)

    def _payment(self, whole: Any, way: Way, told: Told) -> NewPayment:
        theirs = self._text(whole, "payment")
        method = theirs if theirs in METHODS else way.method(theirs)
        return NewPayment(method=method, received=method != "invoice" and not told.unpaid)

    def _bought(self, whole: Any, currency: str, way: Way, faults: list[Fault]) -> Iterator[NewLine]:
        for index in range(min(paths.length(self._lines, whole), 1_000) if self._lines is not None else 1):
            quantity = self._value(whole, "lines.quantity", index)
            units = _whole(str(quantity), MOST_UNITS)
            if units is None:
                wrong = paths.shown(quantity)[:30] or "nothing"
                faults.append(Fault(self._place("lines.quantity", index), "This is no number.", "0 to 9999", wrong))
                continue
            price = self._amount(whole, "lines.price", currency, faults, index)
            if units and price is not None:
                sku = way.sku(self._text(whole, "lines.sku", index))
                yield NewLine(sku=sku, quantity=units, price_minor=price)

    # --- one field

    def _place(self, name: str, index: int = 0) -> str:
        """Where a field stands in their body."""
        _, take = self._fields.get(name, ((), None))
        return (take.path if take is not None and take.path else name).replace("[]", f"[{index}]")

    def _value(self, whole: Any, name: str, index: int = 0) -> Any:
        expression, take = self._fields.get(name, ((), None))
        if take is None:
            return None
        found = paths.value(expression, whole, index) if expression else None
        if take.table:
            found = take.table.get(paths.shown(found), found)
        return take.otherwise if found in (None, "") and take.otherwise else found

    def _text(self, whole: Any, name: str, index: int = 0) -> str:
        return plain(paths.shown(self._value(whole, name, index)))

    def _amount(self, whole: Any, name: str, currency: str, faults: list[Fault], index: int = 0) -> int | None:
        """An amount in minor units; None where none is said."""
        found = self._value(whole, name, index)
        if found in (None, "") or isinstance(found, bool):
            if name == "lines.price":
                faults.append(
                    Fault(
                        self._place(name, index),
                        "This is no amount.",
                        "an amount in {currency}",
                        "nothing",
                        {"currency": currency},
                    )
                )
            return None
        text = plain(paths.shown(found))
        amount = _exactly(text, currency) if self._decimal else _whole(text, MOST_MINOR)
        if amount is None:
            faults.append(Fault(self._place(name, index), "This is no amount.", "an amount in {currency}", text[:30],
                                {"currency": currency}))  # fmt: skip
            return None
        return amount

    def _customer(self, whole: Any, way: Way) -> Customer:
        said = {name: self._text(whole, name) for name in ("name", "email", "phone")}
        return Customer(**said, language=language(self._text(whole, "language"), way.settings.language))

    def _address(self, whole: Any, way: Way) -> Address:
        said = {name: self._text(whole, name) for name in ("street", "city", "postal_code", "region", "company")}
        name = self._text(whole, "recipient")
        name = "" if name == self._text(whole, "name") else name
        return Address(**said, name=name, country=way.country(self._text(whole, "country")))


def _whole(text: str, most: int) -> int | None:
    """A whole number up to `most`, or None."""
    found = _number(text)
    return int(found) if found is not None and found <= most and found == found.to_integral_value() else None


def _exactly(text: str, currency: str) -> int | None:
    """An amount in minor units, or None."""
    found = _number(text)
    amount = None if found is None else exact(found, currency)
    return amount if amount is None or amount <= MOST_MINOR else None


def _number(text: str) -> Decimal | None:
    """A number that may be reckoned with: one like `1e999999999` is soon said, and no sum is that large."""
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() and 0 <= found <= MOST_MINOR else None
