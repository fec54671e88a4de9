"""What a scan means at a stop, case by case; the device runs the same cases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.barcodes import parse
from server.core.outcomes import OUTCOMES
from server.tasks.judge import Loading, State, Stop, count_typed, judge, tote_for

CASES = json.loads((Path(__file__).parents[1] / "cases" / "judge.json").read_text())
TOTES = json.loads((Path(__file__).parents[1] / "cases" / "totes.json").read_text())
STOPS = [msgspec.convert(case["stop"], Stop) for case in CASES]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["note"])
def test_every_shared_case_is_judged_as_on_the_device(case: dict[str, Any]) -> None:
    stop, state = msgspec.convert(case["stop"], Stop), msgspec.convert(case["state"], State)
    assert msgspec.to_builtins(judge(stop, state, parse(case["scan"]))) == case["verdict"]


@pytest.mark.parametrize("case", TOTES, ids=lambda case: case["note"])
def test_every_tote_for_a_cart_is_judged_as_on_the_device(case: dict[str, Any]) -> None:
    against = tote_for(msgspec.convert(case["loading"], Loading), case["tote"])
    assert (against and against._asdict()) == case["against"]
    assert against is None or against.outcome in OUTCOMES


@given(st.sampled_from(STOPS), st.sampled_from(["bin", "item", "tote"]), st.data())
def test_a_wrong_scan_changes_nothing_and_a_right_one_never_counts_too_far(stop: Stop, phase: Any, data: Any) -> None:
    state = State(phase, data.draw(st.integers(0, stop.left)))
    text = data.draw(st.sampled_from([case["scan"] for case in CASES]) | st.text(max_size=30))
    verdict = judge(stop, state, parse(text))
    assert verdict.outcome in OUTCOMES
    if OUTCOMES[verdict.outcome].severity == "error":
        assert verdict.state == state
        assert verdict.book == 0
    assert 0 <= verdict.state.counted <= stop.left
    assert verdict.book <= stop.left


@given(st.sampled_from(STOPS), st.integers(-5, 20))
def test_a_typed_quantity_counts_only_between_one_and_what_is_wanted(stop: Stop, quantity: int) -> None:
    verdict = count_typed(stop, State("item", 0), quantity)
    right = 1 <= quantity <= stop.left
    assert (OUTCOMES[verdict.outcome].severity == "ok") == right
