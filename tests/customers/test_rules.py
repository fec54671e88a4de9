"""Who is the same, and by what somebody is found."""

from __future__ import annotations

import msgspec
import pytest

from server.core import searched
from server.customers import rules
from server.customers.schemas import PutCustomer

ANA = PutCustomer(name="Ana Souza", email="ana@example.com", phone="+4930231250", language="de", wish="email")


@pytest.mark.parametrize(("phone", "country", "kept"), [
    ("030 231250", "DE", "+4930231250"), ("+49 (30) 23 12 50", "FR", "+4930231250"),
    ("0041 44 668 18 00", "DE", "+41446681800"),
    ("030 231250", None, None), ("12", "DE", None), ("call me", "DE", None), ("", "DE", None), ("1" * 41, "DE", None),
])  # fmt: skip
def test_a_number_is_kept_as_the_whole_world_dials_it(phone: str, country: str | None, kept: str | None) -> None:
    assert rules.e164(phone, country) == kept


def test_a_mail_address_is_the_same_in_capitals() -> None:
    assert rules.mail(" Ana@Example.COM ") == "ana@example.com"


def test_a_mail_address_is_never_another_ones() -> None:
    assert rules.mail("Info@Straße.example") == "info@straße.example"


@pytest.mark.parametrize(("change", "field"), [
    ({"name": " "}, "name"), ({"name": "x" * 121}, "name"), ({"email": "ana"}, "email"), ({"phone": "030 1"}, "phone"),
    ({"email": "", "phone": "", "wish": "none"}, "email"), ({"language": "deu"}, "language"),
    ({"email": ""}, "wish"), ({"phone": "", "wish": "sms"}, "wish"),
])  # fmt: skip
def test_what_is_wrong_is_said_at_its_field(change: dict[str, str], field: str) -> None:
    assert [*rules.faults(ANA)] == []
    assert [each.field for each in rules.faults(msgspec.structs.replace(ANA, **change))] == [field]


def test_a_note_says_something_and_holds_no_card_number() -> None:
    assert [*rules.note_faults("Rings at the neighbour's.\nAlways.")] == []
    for wrong in (" ", "x" * 2001, "card 4111 1111 1111 1111", "bell\x07"):
        assert [each.field for each in rules.note_faults(wrong)] == ["text"]


@pytest.mark.parametrize("text", ["SOUZA", "sou", "Souza Ana", "ana@exa", "030 231250", "+49 30 23", "(030) 231"])
def test_every_beginning_of_what_somebody_says_finds_them(text: str) -> None:
    known = rules.terms("Ana de Souza", "ana@example.com", "+4930231250")
    assert all(any(term.startswith(word) for term in known) for word in rules.asked(text))


def test_accents_are_not_typed() -> None:
    assert searched.words("José Müller-Łódź") == ["jose", "muller-łodz"]
