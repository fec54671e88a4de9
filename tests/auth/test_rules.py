"""What a good PIN is, how long a wrong one costs, and that no shift is ever locked out."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.auth import rules, tokens
from server.auth.rules import LIMITS, Tally
from server.core import barcodes
from server.core.ids import new_id
from server.core.refusal import Refusal

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
HANDHELD, OTHER = new_id(), new_id()


# --- PINs and badges


@pytest.mark.parametrize("pin", ["481726", "905318", "26794385", "730859461207"])
def test_a_pin_of_mixed_digits_is_good(pin: str) -> None:
    assert rules.pin_fault(pin) is None


@pytest.mark.parametrize(
    ("pin", "why"),
    [
        ("48172", "6 to 12"),
        ("4817264817264", "6 to 12"),
        ("48172a", "6 to 12"),
        ("٤٨١٧٢٦", "6 to 12"),
        ("", "6 to 12"),
        ("777777", "different digits"),
        ("112121", "different digits"),
        ("123456", "run"),
        ("987654", "run"),
        ("890123", "run"),
        ("210987", "run"),
        ("483483", "twice"),
        ("48174817", "twice"),
        ("472274", "from behind"),
        ("240891", "date"),
        ("082491", "date"),
        ("910824", "date"),
        ("24081991", "date"),
        ("19910824", "date"),
    ],
)
def test_a_trivial_pin_is_refused_with_its_reason(pin: str, why: str) -> None:
    said = rules.pin_fault(pin)
    assert said is not None
    assert why in said


def test_a_refused_pin_is_not_repeated_in_the_refusal() -> None:
    with pytest.raises(Refusal) as refused:
        rules.check_pin("240891", "new_pin")
    assert refused.value.code == "pin_weak"
    assert "240891" not in str(refused.value)
    assert refused.value.faults[0].field == "new_pin"


@given(st.integers())
def test_every_pin_that_the_system_makes_is_good(seed: int) -> None:
    assert rules.pin_fault(rules.new_pin(random.Random(seed).choice)) is None


@given(st.text(max_size=20))
def test_any_text_is_judged_and_a_good_pin_is_digits(text: str) -> None:
    if rules.pin_fault(text) is None:
        assert text.isascii()
        assert text.isdigit()
        assert 6 <= len(text) <= 12


@given(st.integers())
def test_a_made_badge_scans_as_a_badge(seed: int) -> None:
    badge = rules.new_badge(random.Random(seed).choice)
    assert barcodes.parse(badge).kind == "badge"
    assert rules.badge_code(f"]C1{badge.lower()}\r\n") == badge


@pytest.mark.parametrize("text", ["", "P-", "P-7K2M9QXTT", "T-0419", "B-A07-03-B", "x" * 300, "\x00"])
def test_what_is_no_badge_is_none(text: str) -> None:
    assert rules.badge_code(text) is None


def test_a_typed_enrolment_code_reads_like_the_printed_one() -> None:
    code = "10AB-01XY-7K2M-9QXT"
    assert tokens.typed_code(" ioab olxy7k2m-9qxt ") == code


# --- the throttle


def failed_times(scope: str, times: int, every: float = 1.0) -> Tally:
    tally, now = None, NOW
    for _ in range(times):
        tally = rules.failed(scope, tally, now)
        now += timedelta(seconds=every)
    assert tally is not None
    return tally


def pair(device: UUID | None = HANDHELD, address: str = "10.0.0.9") -> str:
    return rules.scopes("wearer", device, address)[0]


def test_the_first_wrong_pins_cost_nothing_then_the_wait_grows() -> None:
    waits = [rules.penalty(LIMITS["pair"], failures) for failures in range(1, 13)]
    assert waits[:3] == [0, 0, 2]
    assert waits == sorted(waits)
    assert waits[-1] == 900


def test_five_scans_of_a_colleagues_badge_cost_him_seconds_on_that_device_only() -> None:
    tally = failed_times(pair(), 5)
    assert 0 < rules.wait(tally, tally.last_at) <= 8
    assert pair(OTHER) != pair()


def test_an_enrolled_device_never_counts_against_an_address_or_a_person_elsewhere() -> None:
    assert rules.scopes("wearer", HANDHELD, "10.0.0.9") == (
        f"pair:wearer:{HANDHELD.hex}",
        f"device:{HANDHELD.hex}",
    )


def test_without_a_device_the_address_and_the_person_count() -> None:
    assert rules.scopes("wearer", None, "10.0.0.9") == ("pair:wearer:10.0.0.9", "person:wearer", "address:10.0.0.9")
    assert rules.scopes(None, None, "10.0.0.9") == ("address:10.0.0.9",)


def test_a_right_pin_clears_only_what_is_the_persons_alone() -> None:
    assert rules.pair_of(rules.scopes("wearer", HANDHELD, "")) == (f"pair:wearer:{HANDHELD.hex}",)
    assert rules.pair_of(rules.scopes("wearer", None, "a")) == ("pair:wearer:a", "person:wearer")


def test_quiet_time_is_forgiven() -> None:
    limit = LIMITS["device"]
    tally = failed_times(f"device:{HANDHELD.hex}", 15)
    later = tally.last_at + timedelta(seconds=limit.forgive * 15)
    assert rules.failed(f"device:{HANDHELD.hex}", tally, later).failures == 1


def test_everything_is_forgiven_before_it_is_forgotten() -> None:
    for limit in LIMITS.values():
        reached = next(failures for failures in range(1, 100) if rules.penalty(limit, failures) == limit.longest)
        assert timedelta(seconds=(reached - limit.free + 1) * limit.forgive) <= rules.FORGOTTEN_AFTER


@given(st.sampled_from(sorted(LIMITS)), st.lists(st.floats(0, 100_000), min_size=1, max_size=40))
def test_nobody_ever_waits_longer_than_the_limit(kind: str, pauses: list[float]) -> None:
    scope, tally, now = f"{kind}:x", None, NOW
    for pause in pauses:
        now += timedelta(seconds=pause)
        tally = rules.failed(scope, tally, now)
        assert 0 <= rules.wait(tally, now) <= LIMITS[kind].longest
        assert 1 <= tally.failures <= len(pauses)


@given(st.sampled_from(sorted(LIMITS)), st.integers(1, 60), st.floats(0, 10_000))
def test_waiting_never_makes_it_longer(kind: str, times: int, pause: float) -> None:
    tally = failed_times(f"{kind}:x", times)
    later = tally.last_at + timedelta(seconds=pause)
    assert rules.wait(tally, later) <= rules.wait(tally, tally.last_at)


def test_a_clock_that_steps_back_forgives_nothing_and_breaks_nothing() -> None:
    tally = failed_times(pair(), 4)
    assert rules.failed(pair(), tally, NOW - timedelta(days=1)).failures == 5


@pytest.mark.parametrize(
    ("address", "group"),
    [
        ("10.20.0.7", "10.20.0.7"),
        ("::ffff:10.20.0.7", "10.20.0.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "unknown"),
        ("", "unknown"),
    ],
)
def test_an_address_counts_as_its_household(address: str, group: str) -> None:
    assert rules.address_group(address) == group


# --- sessions and warehouses

IDLE = timedelta(minutes=15)


def test_a_session_is_over_when_idle_too_long_or_at_its_end() -> None:
    ends = NOW + timedelta(hours=12)

    def over(now: datetime, seen: datetime) -> bool:
        return rules.session_over(now=now, seen_at=seen, expires_at=ends, idle=IDLE)

    assert not over(NOW, NOW)
    assert not over(NOW + timedelta(minutes=14, seconds=59), NOW)
    assert over(NOW + timedelta(minutes=15), NOW)
    assert over(ends, ends)


def test_a_sign_of_life_is_written_once_a_minute_and_always_within_the_idle_limit() -> None:
    def due(seconds: int, idle: timedelta) -> bool:
        return rules.touch_due(now=NOW + timedelta(seconds=seconds), seen_at=NOW, idle=idle)

    assert not due(59, IDLE)
    assert due(60, IDLE)
    assert due(15, timedelta(minutes=1))


@pytest.mark.parametrize(("own", "wanted"), [(None, 1), (None, None), (2, 2)])
def test_ones_own_warehouse_is_in_reach(own: int | None, wanted: int | None) -> None:
    rules.in_warehouse(own, wanted)


@pytest.mark.parametrize(("own", "wanted"), [(1, 2), (1, None)])
def test_another_warehouse_is_out_of_reach(own: int, wanted: int | None) -> None:
    with pytest.raises(Refusal, match="other_warehouse"):
        rules.in_warehouse(own, wanted)


def test_one_works_where_the_device_is() -> None:
    assert rules.work_place(None, 2) == 2
    assert rules.work_place(1, None) == 1
    assert rules.work_place(None, None) is None
    with pytest.raises(Refusal, match="other_warehouse"):
        rules.work_place(1, 2)
