"""Whatever people do, in whatever order, over whatever network: the books are whole and nothing is lost.

At least 120 runs of 30 steps on SQLite and a tenth as many on PostgreSQL always; `make soak` does 2,000, at random.
"""

from __future__ import annotations

import os
import traceback
from collections import Counter
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from server.inventory import store as stock
from server.packing.store import cartons
from server.tasks import facts
from tests.stateful.bench import House
from tests.stateful.ground import Ground
from tests.stateful.machine import STEPS

RUNS = 120
SOAK = bool(os.environ.get("PICKWAVE_SOAK"))
DAILY = settings(
    max_examples=RUNS,
    stateful_step_count=STEPS,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)
LONG = settings(
    DAILY, max_examples=2000, stateful_step_count=60, derandomize=False, phases=(Phase.generate, Phase.shrink)
)
FEW = settings(DAILY, max_examples=40)
REACHED = {
    "picked", "stop_done", "over_picked", "picked_put_back", "picked_elsewhere", "picked_over_stock",
    "shorted_replaced", "shorted_backordered", "put_back", "put_back_over", "put_back_elsewhere", "counted",
    "counts_differ", "undone", "undo_too_late", "skipped", "set_aside",
    "tour_taken", "tour_claimed", "tour_not_ready", "tour_finished", "cart_bound", "tote_bound",
    "pack_opened", "packed", "carton_complete", "unpacked", "weight_right", "carton_closed",
}  # fmt: skip
"""Outcomes without which the runs would have said little."""
RARE = 3
"""So many of them may be missing, for what Hypothesis plays changes with every rule."""

pytestmark = pytest.mark.timeout(0 if SOAK else 900)
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""That the machine can fail is no matter of the database."""


def _play(ground: Ground, how: settings) -> Counter[str]:
    """Plays shifts; how often each outcome was answered."""
    outcomes: Counter[str] = Counter()
    today = type("Today", (House,), {"ground": ground, "outcomes": outcomes})
    # Without a least number of steps Hypothesis ends a third of the runs early; to shrink one it must be able to.
    least = 0 if Phase.shrink in how.phases else how.stateful_step_count
    run_state_machine_as_test(today, settings=how, _min_steps=least)
    return outcomes


def test_the_books_are_whole_whatever_happens(ground: Ground) -> None:
    on_sqlite = ground.reader is not None
    outcomes = _play(ground, DAILY if on_sqlite else settings(DAILY, max_examples=RUNS // 10))
    assert ground.whole_runs >= (RUNS if on_sqlite else RUNS // 10)
    if on_sqlite:  # so few runs reach less, and what they reach is no matter of the database
        assert len(REACHED - outcomes.keys()) <= RARE, REACHED - outcomes.keys()


@pytest.mark.soak
def test_the_books_are_whole_for_days(ground: Ground) -> None:
    _play(ground, LONG)


@ON_SQLITE
def test_a_movement_left_out_is_found(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proof that the machine can fail: the ledger forgets every seventh movement."""
    _forget(monkeypatch, ground, stock, "add_movement", every=7)
    assert "the ledger says" in _found(ground)


@ON_SQLITE
def test_an_item_that_a_carton_forgets_is_found(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    """And at the pack station: every second item is not kept in its carton."""
    _forget(monkeypatch, ground, cartons, "add_content", every=2)
    assert "lie in cartons" in _found(ground)


@ON_SQLITE
def test_a_tote_that_stays_free_with_goods_in_it_is_found(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    """And on the way between the two: a tote that its tour was not given stays as it was when goods go into it."""
    monkeypatch.setattr(facts, "stand_with", lambda *_: None)
    assert "its state says empty" in _found(ground)


def _forget(monkeypatch: pytest.MonkeyPatch, ground: Ground, room: ModuleType, name: str, *, every: int) -> None:
    """A statement of a room that is left out now and then, in each run at the same places: a replay finds the same."""
    kept, called = getattr(room, name), Counter[int]()

    def forgetful(conn: Any, row: dict[str, Any]) -> None:
        called[ground.runs] += 1
        if called[ground.runs] % every:
            kept(conn, row)

    monkeypatch.setattr(room, name, forgetful)


def _found(ground: Ground) -> str:
    """What a few runs find, in words; a group of errors where the replay finds another one."""
    with pytest.raises((AssertionError, ExceptionGroup)) as found:
        _play(ground, FEW)
    return "".join(traceback.format_exception(found.value))
