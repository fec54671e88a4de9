"""What an order is found by, and what was asked for, become the same small words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core import searched
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
    assert searched.words(text) == found


def test_an_order_is_found_by_reference_mail_phone_and_the_words_of_the_name() -> None:
    customer = {"name": "Ana Souza", "email": "Ana@Example.org", "phone": "+49 30 231250", "language": "de"}
    assert terms.terms("WEB-1003", customer) == {"web-1003", "ana@example.org", "4930231250", "ana", "souza"}


def test_what_is_missing_is_no_term() -> None:
    assert terms.terms("R-1", {"name": "", "email": "", "phone": ""}) == {"r-1"}


def test_of_what_was_asked_the_longest_word_comes_first_each_once_and_not_too_many() -> None:
    assert searched.asked("a souza ana souza") == ["souza", "ana", "a"]
    assert len(searched.asked("a b c d e f g h i")) == searched.MOST_WORDS


@given(st.text(max_size=300))
def test_every_word_of_a_name_is_found_by_its_beginning_and_its_pieces(name: str) -> None:
    found = terms.text(10_001, "R", {"name": name}, ["gift"])
    for word in searched.words(name):
        for beginning in (word[:1], word[:2], word[:3], word[1:5]):
            assert not beginning or terms.piece(beginning) in found or len(beginning) < terms.PIECE


def test_a_text_is_read_as_it_stands_as_words_and_as_a_number_that_is_dialled() -> None:
    assert terms.readings("Ana So") == [["ana so"], ["ana", "  so"]]
    assert terms.readings("web-1003") == [["web-1003"]]
    assert terms.readings("030 23 12 50") == [["030 23 12 50"], ["030", "  23", "  12", "  50"], ["30231250"]]
    assert terms.readings("...") == [["..."]]


@pytest.mark.parametrize("typed", ["schmitd", "schmdt", "schmiidt", "shmidt", "smith-schmidt"])
def test_a_word_with_a_slip_is_like_the_right_one(typed: str) -> None:
    assert terms.alike(typed, "schmidt") >= terms.ALIKE > terms.alike(typed, "muller")


@pytest.mark.parametrize("typed", ["suoza", "suza", "souzza", "zouza", "souzs"])
def test_one_slip_in_a_short_word_is_enough_alike(typed: str) -> None:
    assert terms.alike(typed, "souza") >= 1 - 1 / len(typed)
    assert terms.alike(typed, "sauce") < terms.ALIKE


@given(st.text("abcdefgh", min_size=4, max_size=12), st.data())
def test_of_a_word_with_two_letters_swapped_a_piece_is_unharmed(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 2))
    typed = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    right = terms.of_words([word])
    assert any(piece in right for piece in terms.unharmed(typed)) or len(word) < 6


def test_what_fits_worst_counts() -> None:
    assert terms.likeness(["ana", "sousa"], terms.of_words(["ana", "souza"])) == terms.alike("sousa", "souza")
    assert terms.likeness(["ana"], terms.GAP) == 0
