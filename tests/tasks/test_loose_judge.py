"""What a scan means for a task on no tour, case by case; the device runs the same cases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.barcodes import parse
from server.core.outcomes import OUTCOMES
from server.tasks.loose import Loose, Phase, State, Verdict, begin, judge, typed

CASES = json.loads((Path(__file__).parents[1] / "cases" / "loose.json").read_text())
TASKS = [msgspec.convert(case["task"], Loose) for case in CASES]
SCANS = [case["scan"] for case in CASES if "scan" in case]


def _verdict(case: dict[str, Any]) -> Verdict:
    task, state = msgspec.convert(case["task"], Loose), msgspec.convert(case["state"], State)
    return judge(task, state, parse(case["scan"])) if "scan" in case else typed(task, state, case["typed"])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["note"])
def test_every_shared_case_is_judged_as_on_the_device(case: dict[str, Any]) -> None:
    found = _verdict(case)
    plain = {"outcome": found.outcome, "state": {"phase": found.state.phase, "counted": found.state.counted}}
    assert (
        plain | ({"params": found.params} if found.params else {}) | ({"book": True} if found.book else {})
        == (case["verdict"])
    )


@given(st.sampled_from(TASKS), st.sampled_from(get_args(Phase)), st.data())
def test_a_wrong_scan_changes_nothing_and_what_is_booked_was_in_hand(task: Loose, phase: Phase, data: Any) -> None:
    state = State(phase, data.draw(st.integers(0, max(task.left, 9))))
    verdict = judge(task, state, parse(data.draw(st.sampled_from(SCANS) | st.text(max_size=30))))
    if OUTCOMES[verdict.outcome].severity == "error":
        assert (verdict.state, verdict.book) == (state, False)
    if verdict.book:
        assert state.counted in verdict.params.values()
        assert verdict.state == begin(task)


@given(st.sampled_from(TASKS), st.sampled_from(get_args(Phase)), st.integers(-5, 20))
def test_a_typed_number_is_never_booked_unasked(task: Loose, phase: Phase, quantity: int) -> None:
    verdict = typed(task, State(phase), quantity)
    assert not verdict.book
    if OUTCOMES[verdict.outcome].severity == "error":
        assert verdict.state == State(phase)
