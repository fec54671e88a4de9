"""Facts, statuses and cut-offs: pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import product

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.auth.permissions import PERMISSIONS
from server.orders import rules
from server.orders.rules import Facts, FactsWrong, Level, Situation
from server.payments.lifecycle import PAYMENT

LEVELS: tuple[Level, ...] = ("line", "fulfilment", "order")
FACTS = st.builds(
    lambda ordered, parts, packed, shipped: _facts(ordered, parts, packed, shipped),
    st.integers(0, 50), st.lists(st.floats(0, 1), min_size=4, max_size=4), st.floats(0, 1), st.floats(0, 1),
)  # fmt: skip


def _facts(ordered: int, parts: list[float], packed: float, shipped: float) -> Facts:
    left, taken = ordered, []
    for part in parts:
        taken.append(round(left * part))
        left -= taken[-1]
    cancelled, backordered, reserved, picked = taken
    in_carton = round(picked * packed)
    gone = round(in_carton * shipped)
    return rules.hold(Facts(ordered, cancelled, backordered, reserved, picked, in_carton, gone))


def every_facts(most: int) -> list[Facts]:
    """All facts of a line of at most so many units that hold."""
    found = []
    for ordered in range(most + 1):
        for each in product(range(ordered + 1), repeat=6):
            facts = Facts(ordered, *each)
            if facts.open >= 0 and facts.shipped <= facts.packed <= facts.picked:
                found.append(facts)
    return found


EVERY = every_facts(3)


def test_every_situation_has_a_status_with_words_at_every_level() -> None:
    seen = set()
    for level, facts in product(LEVELS, EVERY):
        for held, handed, visible, payment in product((True, False), (True, False), (True, False), PAYMENT.states):
            situation = Situation(facts=facts, held=held, handed=handed, visible=visible, payment=payment)  # type: ignore[arg-type]
            seen.add(rules.status(level, situation))
    assert seen == rules.STATUS_TEXTS.keys()


def test_every_row_of_the_table_is_needed() -> None:
    used = {
        (level, rules.status(level, Situation(facts=facts, held=held, handed=handed, visible=visible, payment=payment)))
        for level, facts in product(LEVELS, EVERY)
        for held, handed, visible in product((True, False), repeat=3)
        for payment in ("authorising", "authorised", "declined")
    }
    wanted = {(level, row.status) for row in rules.STATUS for level in row.levels}
    assert wanted - used == {("order", "withdrawn")} - {("order", "withdrawn")}


@pytest.mark.parametrize(
    ("facts", "line", "order"),
    [
        (Facts(3), "open", "released"),
        (Facts(3, reserved=3), "reserved", "released"),
        (Facts(3, reserved=2, picked=1), "picking", "picking"),
        (Facts(3, picked=3), "picked", "picked"),
        (Facts(3, picked=3, packed=1), "packing", "packing"),
        (Facts(3, picked=3, packed=3), "packed", "packed"),
        (Facts(3, picked=3, packed=3, shipped=3), "shipped", "shipped"),
        (Facts(3, cancelled=3), "cancelled", "cancelled"),
        (Facts(3, cancelled=3, to_put_back=2), "cancelled", "cancelled"),
        (Facts(3, cancelled=1, picked=2, packed=2, shipped=2), "shipped", "shipped"),
        (Facts(3, backordered=3), "backordered", "backordered"),
        (Facts(3, backordered=1, picked=2), "picked", "picked"),
        (Facts(3, backordered=1, picked=2, packed=2, shipped=2), "backordered", "backordered"),
        (Facts(3, backordered=1, reserved=1, picked=1), "picking", "picking"),
    ],
)
def test_facts_mean_a_status(facts: Facts, line: str, order: str) -> None:
    assert rules.status("line", Situation(facts=rules.hold(facts))) == line
    assert rules.status("order", Situation(facts=facts)) == order


@pytest.mark.parametrize(
    ("situation", "status"),
    [
        (Situation(facts=Facts(2), handed=False, payment="authorising"), "authorising"),
        (Situation(facts=Facts(2), handed=False, payment="authorising", held=True), "on_hold"),
        (Situation(facts=Facts(2), handed=False, payment="declined"), "unpaid"),
        (Situation(facts=Facts(2), handed=False), "ready"),
        (Situation(facts=Facts(2, reserved=2), visible=False), "releasing"),
        (Situation(facts=Facts(2, picked=2), held=True), "on_hold"),
        (Situation(facts=Facts(2, cancelled=2), held=True), "cancelled"),
        (Situation(facts=Facts(2, picked=2, packed=2, shipped=2), held=True, payment="declined"), "shipped"),
    ],
)
def test_what_stands_in_an_orders_way_is_said_first(situation: Situation, status: str) -> None:
    assert rules.status("order", situation) == status


def test_a_fulfilment_that_was_taken_back_is_withdrawn() -> None:
    assert rules.status("fulfilment", Situation(facts=Facts(), visible=False)) == "withdrawn"


@given(FACTS)
def test_cancelling_leaves_only_what_has_shipped_and_loses_nothing(before: Facts) -> None:
    after, gone = rules.cancel(before)
    assert after.wanted == before.shipped == after.picked
    assert gone.quantity == after.cancelled - before.cancelled
    assert after.to_put_back == gone.picked + gone.packed
    assert gone.reserved == before.reserved
    assert rules.status("line", Situation(facts=after)) in ("cancelled", "shipped", "withdrawn")
    assert rules.cancel(after)[1].quantity == 0


@given(FACTS, FACTS)
def test_facts_of_several_lines_add_up(one: Facts, other: Facts) -> None:
    both = rules.hold(rules.total([one, other]))
    assert both.open == one.open + other.open
    assert both.due == one.due + other.due


@given(st.lists(FACTS, min_size=1, max_size=4))
def test_a_whole_is_finished_exactly_when_each_of_its_lines_is(lines: list[Facts]) -> None:
    whole = rules.status("fulfilment", Situation(facts=rules.total(lines)))
    each = {rules.status("line", Situation(facts=line)) for line in lines}
    assert (whole == "cancelled") == (each <= {"cancelled", "withdrawn"} and "cancelled" in each)
    assert (whole in ("shipped", "cancelled", "withdrawn")) == (each <= {"shipped", "cancelled", "withdrawn"})


@pytest.mark.parametrize(
    "deltas",
    [{"picked": 4}, {"reserved": -1}, {"packed": 1}, {"shipped": 1}, {"cancelled": 4}, {"returned": 1}, {"stolen": 1}],
)
def test_facts_that_cannot_be_are_a_bug(deltas: dict[str, int]) -> None:
    with pytest.raises(FactsWrong):
        rules.change(Facts(3), deltas)


@given(FACTS, st.dictionaries(st.sampled_from(rules.FACTS), st.integers(-5, 5)))
def test_a_change_holds_or_is_refused(before: Facts, deltas: dict[str, int]) -> None:
    try:
        after = rules.change(before, deltas)
    except FactsWrong:
        return
    rules.hold(after)
    assert {name: getattr(after, name) - getattr(before, name) for name in deltas} == deltas


# --- cut-offs


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "weekdays", "wanted"),
    [
        ("2026-11-24T08:00+00:00", [1, 2, 3, 4, 5], "2026-11-24T16:00+01:00"),
        ("2026-11-24T14:59:59+00:00", [1, 2, 3, 4, 5], "2026-11-24T16:00+01:00"),
        ("2026-11-24T15:00:00+00:00", [1, 2, 3, 4, 5], "2026-11-25T16:00+01:00"),
        ("2026-11-27T16:00+00:00", [1, 2, 3, 4, 5], "2026-11-30T16:00+01:00"),
        ("2026-11-24T23:30+00:00", [1, 2, 3, 4, 5], "2026-11-25T16:00+01:00"),
        ("2026-06-24T14:30+00:00", [1, 2, 3, 4, 5], "2026-06-25T16:00+02:00"),
        ("2026-11-24T16:00+00:00", [2], "2026-12-01T16:00+01:00"),
    ],
)
def test_the_cut_off_is_the_next_one_on_the_warehouses_wall(now: str, weekdays: list[int], wanted: str) -> None:
    assert rules.next_cutoff(moment(now), "16:00", weekdays, "Europe/Berlin") == moment(wanted)


@pytest.mark.parametrize("weekday", range(1, 8))
def test_what_comes_at_the_end_of_all_days_has_a_truck_and_a_day_behind_it(weekday: int) -> None:
    begins = rules.from_day(datetime(2026, 11, 24, tzinfo=UTC), date.max, "Europe/Berlin")
    truck = rules.next_cutoff(begins, "16:00", [weekday], "Europe/Berlin")
    assert truck.isoweekday() == weekday
    assert truck.date() + timedelta(days=99) < date.max


def test_a_cut_off_in_the_hour_that_the_clock_skips_or_repeats_is_still_one() -> None:
    spring = rules.next_cutoff(moment("2026-03-29T00:30+00:00"), "02:30", range(1, 8), "Europe/Berlin")
    autumn = rules.next_cutoff(moment("2026-10-25T00:00+00:00"), "02:30", range(1, 8), "Europe/Berlin")
    assert spring == moment("2026-03-29T03:30+02:00")
    assert autumn == moment("2026-10-25T02:30+02:00")


@given(st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)), st.integers(0, 23))  # noqa: DTZ001
def test_a_cut_off_is_never_passed_and_never_more_than_a_week_away(now: datetime, hour: int) -> None:
    found = rules.next_cutoff(now, f"{hour:02d}:00", [3], "Europe/Berlin")
    assert now < found <= now + timedelta(days=7, hours=1)


def test_a_service_that_never_collects_is_a_bug() -> None:
    with pytest.raises(ValueError, match="weekday"):
        rules.next_cutoff(moment("2026-11-24T08:00+00:00"), "16:00", [], "Europe/Berlin")


# --- holds and release


def test_every_hold_reason_has_words_and_the_names_of_a_permission() -> None:
    for reason in rules.HOLD_REASONS.values():
        assert reason.en
        assert reason.de
        assert reason.permission in PERMISSIONS


def test_a_declined_payment_must_be_good_before_its_hold_goes() -> None:
    assert rules.cause_stands("payment_declined", "declined")
    assert not rules.cause_stands("payment_declined", "authorised")
    assert not rules.cause_stands("address_doubtful", "declined")


def test_an_authorisation_that_ends_before_the_truck_leaves_is_as_good_as_none() -> None:
    cutoff = moment("2026-11-24T16:00+01:00")
    ready = {"status": "ready", "payment": "authorised", "cutoff_at": cutoff, "now": cutoff - timedelta(hours=1)}
    assert rules.why_not(**ready, authorised_until=None) is None  # type: ignore[arg-type]
    assert rules.why_not(**ready, authorised_until=cutoff + timedelta(seconds=1)) is None  # type: ignore[arg-type]
    assert rules.why_not(**ready, authorised_until=cutoff) == "authorisation_runs_out"  # type: ignore[arg-type]
    late = {**ready, "now": cutoff + timedelta(hours=1)}
    assert rules.why_not(**late, authorised_until=cutoff + timedelta(minutes=59)) == "authorisation_runs_out"  # type: ignore[arg-type]


def test_facts_are_the_nine_quantities_of_the_floor() -> None:
    assert msgspec.structs.asdict(Facts()).keys() == set(rules.FACTS)
    assert len(rules.FACTS) == 9
