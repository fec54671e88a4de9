"""What a certificate says, when it must be made anew, and what whoever looks after the house hears."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import msgspec
import pytest

from server.lan.rules import (
    AUTHORITY_VALID,
    RENEW_BEFORE,
    Leaf,
    Names,
    Span,
    authority_span,
    leaf_due,
    leaf_span,
    names_of,
    out_of_reach,
    reach_of,
    standing,
    within,
)

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
DAY = timedelta(days=1)
LONGEST_OF_APPLE = timedelta(days=397)
NAMES = names_of("Halle-3.lager.example", ("10.20.0.5", "fd00::5", "fe80::1"))
AUTHORITY = authority_span(NOW)
FRESH = Leaf(leaf_span(NOW, AUTHORITY), frozenset((*NAMES.hosts, *NAMES.addresses)), "a1")


def test_a_machine_is_called_by_its_names_its_addresses_and_as_its_neighbours_say_it() -> None:
    assert NAMES.hosts == ("halle-3.lager.example", "halle-3.local", "localhost")
    assert NAMES.addresses == ("10.20.0.5", "fd00::5", "127.0.0.1", "::1")
    assert {"[fd00::5]", "10.20.0.5", "halle-3.local"} < NAMES.in_urls


def test_what_the_operator_names_is_a_name_too_and_what_no_certificate_can_hold_is_left_out() -> None:
    names = names_of("my_machine", (), ("Pickwave.example", "192.168.1.9"))
    assert names.hosts == ("pickwave.example", "localhost")
    assert names.addresses[0] == "192.168.1.9"


def test_a_server_certificate_is_backdated_and_lasts_no_longer_than_apple_takes_it() -> None:
    span = leaf_span(NOW, AUTHORITY)
    assert span.since <= NOW - DAY  # a handheld whose clock is a day behind takes it
    assert span.until - span.since <= LONGEST_OF_APPLE


def test_a_server_certificate_never_outlasts_its_authority_on_either_side() -> None:
    late = AUTHORITY.until - 10 * DAY
    assert leaf_span(late, AUTHORITY).until == AUTHORITY.until
    assert leaf_span(NOW, Span(NOW, NOW + DAY)).since == NOW


@pytest.mark.parametrize(
    ("leaf", "authority", "now", "reason"),
    [
        (None, "a1", NOW, "missing"),
        (FRESH, "a1", NOW, None),
        (FRESH, "b2", NOW, "other_authority"),
        (msgspec.structs.replace(FRESH, names=frozenset({"10.20.0.4"})), "a1", NOW, "names"),
        (FRESH, "a1", FRESH.span.until - RENEW_BEFORE, "ending"),
        (FRESH, "a1", FRESH.span.until - RENEW_BEFORE - DAY, None),
        (FRESH, "a1", FRESH.span.until + 100 * DAY, "ending"),
    ],
)
def test_a_server_certificate_is_made_anew_when_it_must_be(
    leaf: Leaf | None, authority: str, now: datetime, reason: str | None
) -> None:
    assert leaf_due(now, leaf, authority, AUTHORITY, NAMES) == reason


def test_an_address_that_went_away_is_no_reason() -> None:
    fewer = msgspec.structs.replace(NAMES, addresses=NAMES.addresses[1:])
    assert leaf_due(NOW, FRESH, "a1", AUTHORITY, fewer) is None


def test_a_clock_that_was_set_back_is_a_reason_unless_it_is_before_the_authority() -> None:
    ahead = msgspec.structs.replace(FRESH, span=Span(NOW + 30 * DAY, NOW + 395 * DAY))
    assert leaf_due(NOW, ahead, "a1", AUTHORITY, NAMES) == "clock"
    assert leaf_due(NOW, ahead, "a1", Span(NOW + DAY, NOW + AUTHORITY_VALID), NAMES) is None


def test_nothing_is_made_anew_in_vain_before_the_authority_itself_ends() -> None:
    last = msgspec.structs.replace(FRESH, span=leaf_span(AUTHORITY.until - DAY, AUTHORITY))
    assert leaf_due(AUTHORITY.until - DAY, last, "a1", AUTHORITY, NAMES) is None


@pytest.mark.parametrize(
    ("now", "how"),
    [
        (NOW, "good"),
        (AUTHORITY.until - 364 * DAY, "ending"),
        (AUTHORITY.until, "ended"),
        (AUTHORITY.since - DAY, "clock"),
    ],
)
def test_how_the_authority_stands_is_told_in_time(now: datetime, how: str) -> None:
    assert standing(now, AUTHORITY) == how


def test_an_authority_vouches_for_the_house_and_for_nobody_on_the_internet() -> None:
    reach = reach_of(Names(("halle-3", "localhost"), ("10.20.0.5", "203.0.113.7")))
    inside = Names(("halle-3", "printer.halle-3", "other.local"), ("192.168.77.1", "203.0.113.7"))
    assert out_of_reach(inside, reach) == ()
    outside = Names(("example.com", "nothalle-3"), ("203.0.113.8", "2001:db8::1"))
    assert out_of_reach(outside, reach) == ("example.com", "nothalle-3", "203.0.113.8", "2001:db8::1")
    assert within(outside, reach) == Names((), ())
    assert not any(ip_address("8.8.8.8") in network for network in reach.networks if network.version == 4)
