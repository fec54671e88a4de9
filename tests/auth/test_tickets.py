"""An upload ticket says whose scans these are, and nobody else can say it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.auth import tickets
from server.auth.tickets import Ticket, TicketRefused
from server.core.ids import new_id

KEY, FOREIGN = b"k" * 32, b"f" * 32
NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
TICKET = Ticket(new_id(), new_id(), 3, NOW)
TEXT = tickets.sign(KEY, TICKET)
moments = st.integers(0, 2**47).map(lambda after: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=after))


@given(st.uuids(), st.uuids(), st.integers(1, 32767), moments)
def test_what_was_signed_is_read_back(person, device, warehouse, issued_at) -> None:  # type: ignore[no-untyped-def]
    ticket = Ticket(person, device, warehouse, issued_at)
    text = tickets.sign(KEY, ticket)
    assert len(text) == tickets.LENGTH
    assert tickets.verify(KEY, text, issued_at) == ticket
    assert tickets.claimed(text) == ticket


@given(st.integers(0, tickets.LENGTH - 1), st.characters(min_codepoint=33, max_codepoint=126))
def test_any_changed_character_makes_it_forged(place: int, char: str) -> None:
    changed = TEXT[:place] + char + TEXT[place + 1 :]
    if changed != TEXT:
        assert tickets.verify(KEY, changed, NOW) == TicketRefused("forged")


@given(st.text(max_size=200))
def test_any_text_is_forged_and_none_breaks(text: str) -> None:
    assert tickets.verify(KEY, text, NOW) == TicketRefused("forged")
    assert tickets.claimed(text) is None or len(text) == tickets.LENGTH


def test_another_houses_ticket_is_forged() -> None:
    assert tickets.verify(KEY, tickets.sign(FOREIGN, TICKET), NOW) == TicketRefused("forged")


@pytest.mark.parametrize("days", [0, 1, 29, 30])
def test_it_is_good_for_thirty_days(days: int) -> None:
    assert tickets.verify(KEY, TEXT, NOW + timedelta(days=days)) == TICKET


def test_an_old_one_has_expired_and_still_says_whose_it_is() -> None:
    assert tickets.verify(KEY, TEXT, NOW + timedelta(days=30, seconds=1)) == TicketRefused("expired", TICKET)
