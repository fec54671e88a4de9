"""What an order is found by, and what was asked for, become the same small words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.orders import terms


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ana Souza", ["ana", "souza"]),
        ("  Łucja   Żółć-Kowalska ", ["łucja", "zołc-kowalska"]),
        ("José, Müller & Söhne", ["jose", "muller", "sohne"]),
        ("STRASSE straße", ["strasse", "strasse"]),
        ("ana@example.org", ["ana@example.org"]),
        ("...", []),
        ("", []),
    ],
)
def test_a_text_becomes_small_words(text: str, found: list[str]) -> None:
    assert terms.words(text) == found


def test_an_order_is_found_by_reference_mail_phone_and_the_words_of_the_name() -> None:
    customer = {"name": "Ana Souza", "email": "Ana@Example.org", "phone": "+49 30 231250", "language": "de"}
    assert terms.terms("WEB-1003", customer) == {"web-1003", "ana@example.org", "4930231250", "ana", "souza"}


def test_what_is_missing_is_no_term() -> None:
    assert terms.terms("R-1", {"name": "", "email": "", "phone": ""}) == {"r-1"}


def test_of_what_was_asked_the_longest_word_comes_first_each_once_and_not_too_many() -> None:
    assert terms.asked("a souza ana souza") == ["souza", "ana", "a"]
    assert len(terms.asked("a b c d e f g h i")) == terms.MOST_WORDS


@given(st.text(max_size=300))
def test_every_word_of_a_name_is_found_by_its_beginning(name: str) -> None:
    found = terms.terms("R", {"name": name})
    for word in terms.words(name):
        assert word in found
        assert word[:3] <= word < word[:3] + terms.LAST
