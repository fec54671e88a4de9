"""The words of the timeline."""

from __future__ import annotations

import string
from typing import Any

import pytest

from server.orders.projection import said
from server.orders.rules import HOLD_REASONS
from server.orders.timeline import TIMELINE, Told, checked


@pytest.mark.parametrize("told", TIMELINE.values(), ids=lambda told: told.key)
def test_both_languages_say_the_same_things(told: Told) -> None:
    german = {name for _, name, _, _ in string.Formatter().parse(told.de) if name}
    assert german == told.params
    assert told.en != told.de


@pytest.mark.parametrize("told", TIMELINE.values(), ids=lambda told: told.key)
def test_no_code_reaches_who_reads_the_page(told: Told) -> None:
    for reason in HOLD_REASONS:
        row: dict[str, Any] = dict.fromkeys(told.params, 1) | {
            "reason": reason,
            "why": "insufficient funds",
            "channel": "web",
        }
        row |= {"rule": {"en": "Dear", "de": "Teuer"}, "kind": "fraud", "version": 0, "policy": "when_paid"}
        english = said(told.en, row, None, "en")
        assert "_" not in english
        assert ("as delivered" in english) is ("version" in told.params)
        german = said(told.de, row, None, "de")
        assert not any(code in german for code in ("_", "insufficient", " web"))


def test_a_row_without_words_or_with_a_hole_is_a_bug() -> None:
    with pytest.raises(ValueError, match="add a row"):
        checked("danced", {})
    with pytest.raises(ValueError, match="quantity"):
        checked("picked", {"bin": "A01"})
    assert checked("picked", {"quantity": 2, "slot": 3}) == {"quantity": 2, "slot": 3}
