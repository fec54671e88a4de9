"""What a scan means at a pack station, case by case; the device runs the same cases."""

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
from server.packing.judge import Bench, judge, judge_weight

CASES = json.loads((Path(__file__).parents[1] / "cases" / "pack.json").read_text())
BENCHES = [msgspec.convert(case["bench"], Bench) for case in CASES["scans"]]
TEXTS = [case["scan"] for case in CASES["scans"]]


@pytest.mark.parametrize("case", CASES["scans"], ids=lambda case: case["note"])
def test_every_shared_case_is_judged_as_on_the_device(case: dict[str, Any]) -> None:
    bench = msgspec.convert(case["bench"], Bench)
    assert msgspec.to_builtins(judge(bench, parse(case["scan"]))) == case["verdict"]


@pytest.mark.parametrize("case", CASES["weights"], ids=lambda case: case["note"])
def test_every_shared_weight_is_judged_as_on_the_device(case: dict[str, Any]) -> None:
    assert msgspec.to_builtins(judge_weight(case["expected_g"], case["grams"])) == case["verdict"]


@given(st.sampled_from(BENCHES), st.sampled_from(TEXTS) | st.text(max_size=30))
def test_nothing_is_booked_beyond_what_a_line_wants_nor_into_an_order_that_is_stopped(bench: Bench, text: str) -> None:
    verdict = judge(bench, parse(text))
    assert verdict.outcome in OUTCOMES
    if verdict.book is None:
        return
    order = next(each for each in bench.orders if each.number == verdict.order)
    line = next(each for each in order.lines if each.line == verdict.line)
    assert not order.held
    assert not order.cancelled
    assert 0 < verdict.book <= line.left
