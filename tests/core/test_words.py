"""Every code that a person may read has its words, in both languages."""

from __future__ import annotations

import ast
import inspect
import string
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import get_args

import pytest

from printers.protocol import Condition
from server.core import barcodes
from server.core.outcomes import OUTCOMES, Outcome
from server.core.words import SPOKEN, WORDS, said, worded
from server.docs import lifecycles
from server.docs.said import OF_REQUESTS
from server.orders import rules as order_rules
from server.packing.service import cartons, items, shorts
from server.payments.adapters import sandbox
from server.tasks import facts, judge, service, takeback
from server.tasks import rules as task_rules
from server.tasks.schemas import ShortReason
from server.web.problems import WIRE

ROOMS = (facts, service, takeback, task_rules, cartons, items, shorts)


@pytest.mark.parametrize("code", WORDS)
def test_a_code_has_words_of_its_own_in_both_languages(code: str) -> None:
    words = WORDS[code]
    assert words.en.strip()
    assert words.de.strip()
    assert "_" not in words.en + words.de
    assert words.en != words.de, "a word that is the same in both languages may be one that nobody translated"


@pytest.mark.parametrize("outcome", [*OUTCOMES.values(), *WIRE.values()], ids=lambda each: each.code)
def test_an_outcome_says_the_same_in_both_languages(outcome: Outcome) -> None:
    german = {name for _, name, _, _ in string.Formatter().parse(outcome.de) if name}
    assert german == outcome.params
    assert outcome.en != outcome.de


@pytest.mark.parametrize("hold", order_rules.HOLD_REASONS.values(), ids=lambda each: each.code)
def test_a_hold_says_why_in_both_languages(hold: order_rules.HoldReason) -> None:
    assert hold.en.strip()
    assert hold.de.strip()
    assert hold.en != hold.de


def test_why_an_order_is_held_has_words() -> None:
    assert order_rules.HOLD_REASONS.keys() <= WORDS.keys()


def test_what_a_printer_says_of_itself_has_words() -> None:
    assert {f"printer_{condition}" for condition in Condition} <= WORDS.keys()


def test_what_a_barcode_can_be_has_words() -> None:
    assert set(judge.KINDS_IN_WORDS) <= WORDS.keys()
    assert set(get_args(barcodes.Kind)) - {"unknown"} <= WORDS.keys()


def test_why_goods_were_short_has_words() -> None:
    assert {*get_args(ShortReason), "missing"} <= WORDS.keys()


def test_why_an_order_does_not_go_to_the_floor_has_words() -> None:
    waits = {status for status in order_rules.STATUS_TEXTS if status != "open"}
    assert waits | {"unpaid", "authorisation_runs_out"} <= WORDS.keys()


def test_what_has_a_life_and_where_it_stands_in_it_has_words() -> None:
    lives = lifecycles.every()
    assert {life.name for life in lives} <= WORDS.keys()
    assert {state for life in lives for state in life.states} <= WORDS.keys()


def test_why_the_sandbox_declines_has_words() -> None:
    said_no = {
        each
        for manner in sandbox.TOKENS.values()
        for each in (manner.declines, manner.declines_renewal, manner.declines_capture, manner.declines_refund)
        if each
    }
    assert said_no <= WORDS.keys()


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.__name__)
def test_every_reason_that_the_floor_gives_has_words(room: ModuleType) -> None:
    # of tasks: nobody is shown them
    unspoken = {"replaces_short", "found_short", "taken_back", "f'skipped: {body.reason}'"}
    assert set(_reasons(room)) - unspoken <= WORDS.keys()


def _reasons(room: ModuleType) -> Iterator[str]:
    """The reasons written into a module: of refusals, of what is set aside, of counts, of the timeline."""
    for node in ast.walk(ast.parse(inspect.getsource(room))):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else ""
            if name in ("SetAside", "_too_late", "open_count", "open_put_back"):
                yield from _texts(*node.args)
            yield from _texts(*(each.value for each in node.keywords if each.arg in ("why", "reason")))
        elif isinstance(node, ast.FunctionDef) and node.name == "why_short_stays":
            yield from (text for each in ast.walk(node) if isinstance(each, ast.Return) for text in _texts(each.value))


def _texts(*nodes: ast.expr | None) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.IfExp):
            yield from _texts(node.body, node.orelse)
        elif isinstance(node, ast.JoinedStr):
            yield ast.unparse(node)  # no code: it has no words


def test_a_code_is_said_and_everything_else_is_left_as_it_came() -> None:
    assert said("no_stock_left", "de") == "nichts mehr vorrätig"
    assert said("Ana called twice", "de") == "Ana called twice"
    assert said(3, "en") == 3
    assert worded({"reason": "damaged", "bin": "bin"}, "de") == {"reason": "beschädigt", "bin": "bin"}
    assert "bin" not in SPOKEN


def test_what_a_handheld_does_not_hold_is_never_said_by_a_room_of_the_floor() -> None:
    rooms = ("catalog", "locations", "inventory", "orders", "payments", "tasks", "waves", "packing", "shipping")
    server = Path(__file__).parents[2] / "server"
    said = {file: file.read_text() for room in rooms for file in (server / room).rglob("*.py")}
    named = [(code, file.name) for code in OF_REQUESTS for file, text in said.items() if f'"{code}"' in text]
    assert named == []
    assert {*OUTCOMES, *WIRE} >= OF_REQUESTS
