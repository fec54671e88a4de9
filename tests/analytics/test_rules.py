"""How fast, when finished, in time or not: the cases that the browser's copy runs too, and what holds of all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.analytics import rules

CASES: dict[str, list[dict[str, Any]]] = json.loads((Path(__file__).parents[1] / "cases" / "pace.json").read_text())


def _said(what: str) -> Any:
    return pytest.mark.parametrize("case", CASES[what], ids=[case["note"] for case in CASES[what]])


@_said("pace")
def test_the_pace_is_what_was_done_in_the_window(case: dict[str, Any]) -> None:
    by_minute = {int(minute): count for minute, count in case["by_minute"].items()}
    assert rules.pace(by_minute, case["now"]) == case["pace"]


@_said("forecast")
def test_a_wave_is_told_against_its_cutoff(case: dict[str, Any]) -> None:
    told = rules.forecast(case["left"], case["unloaded"], case["pace"], case["to_cutoff"])
    assert (told.word, told.minutes) == (case["word"], case["minutes"])


@_said("standing")
def test_how_somebody_is_doing(case: dict[str, Any]) -> None:
    assert rules.standing(case["has_tour"], case["quiet_for"]) == case["standing"]


@given(st.integers(1, 10_000), st.integers(rules.FEWEST, 500), st.integers(-600, 600))
def test_a_faster_pace_never_makes_a_wave_later(left: int, done: int, to_cutoff: int) -> None:
    def spare(at: int) -> int:
        told = rules.forecast(left, left, at, to_cutoff)
        assert told.minutes is not None
        return -told.minutes if told.word == "late" else told.minutes

    assert spare(done + 1) >= spare(done)


@given(st.integers(1, 10_000), st.integers(rules.FEWEST, 500))
def test_what_is_left_is_done_in_the_minutes_that_are_told_and_not_a_minute_before(left: int, done: int) -> None:
    needs = rules.minutes_left(left, done)
    assert needs is not None
    assert needs * done >= left * rules.WINDOW > (needs - 1) * done
