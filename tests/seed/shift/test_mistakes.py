"""What can go wrong on the demo's floor, how often, and that a seed says it all."""

from __future__ import annotations

from typing import get_args

import pytest

from seed.shift.desk import CANCELLED_WHILE, SPOILT, WISHES
from seed.shift.mistakes import MISTAKES, MOMENTS, Dealer, Mistake, Moment, plan
from seed.shift.packer import ITEM_MISTAKES
from seed.shift.picker import DEEDS
from seed.shift.printer import FAULTS
from seed.shift.report import Tally
from seed.shift.slips import SLIPS
from server.core.outcomes import OUTCOMES
from server.orders.rules import HOLD_REASONS, STATUS_TEXTS

MOMENTS_LONG_ENOUGH = 600


@pytest.mark.parametrize("moment", MOMENTS)
def test_the_same_seed_plans_the_same_mistakes(moment: Moment) -> None:
    assert plan(7, "Aylin", moment, 500) == plan(7, "Aylin", moment, 500)
    assert plan(7, "Aylin", moment, 500) != plan(8, "Aylin", moment, 500)
    assert plan(7, "Aylin", moment, 500) != plan(7, "Jonas", moment, 500)


@pytest.mark.parametrize("row", MISTAKES.values(), ids=lambda row: row.name)
def test_a_mistake_happens_once_in_so_many_occasions(row: Mistake) -> None:
    blocks = MOMENTS_LONG_ENOUGH // row.one_in
    made = plan(3, "Linh", row.moment, blocks * row.one_in + MOMENTS_LONG_ENOUGH)
    assert blocks <= made.count(row.name) <= blocks + MOMENTS_LONG_ENOUGH // row.one_in + 1


def test_what_does_not_fit_comes_at_the_next_occasion() -> None:
    dealer = Dealer(1, "Mina")
    first = next(name for name in iter(lambda: dealer.next("carton"), "never") if name is not None)
    dealer.later(first)
    assert first in [dealer.next("carton"), dealer.next("carton")]


def test_every_mistake_has_somebody_who_makes_it() -> None:
    by_moment: dict[str, set[str]] = {moment: set() for moment in get_args(Moment)}
    for row in MISTAKES.values():
        by_moment[row.moment].add(row.name)
    assert by_moment["stop"] == set(SLIPS) | set(DEEDS)
    assert by_moment["item"] == set(ITEM_MISTAKES)
    assert by_moment["label"] == set(FAULTS)
    assert by_moment["order"] == {*(name for name in SPOILT if name), *CANCELLED_WHILE, "hold", "sent_twice"}
    assert set(CANCELLED_WHILE) | {"hold"} <= set(WISHES)


def test_what_catches_a_mistake_is_a_word_of_the_house() -> None:
    words = {*OUTCOMES, *STATUS_TEXTS, *HOLD_REASONS, "replayed", "paper_out", "unknown"}
    for row in MISTAKES.values():
        assert row.caught_by
        assert row.caught_by <= words, row


def test_a_mistake_is_caught_by_its_own_outcomes_only() -> None:
    tally = Tally()
    tally.mistake("wrong_bin", "wrong_bin")
    tally.mistake("wrong_bin", "bin_right")
    assert (tally.made["wrong_bin"], tally.caught["wrong_bin"]) == (2, 1)
