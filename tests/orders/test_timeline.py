"""The words of the timeline."""

from __future__ import annotations

import string

import pytest

from server.orders.timeline import TIMELINE, Told, checked


@pytest.mark.parametrize("told", TIMELINE.values(), ids=lambda told: told.key)
def test_both_languages_say_the_same_things(told: Told) -> None:
    german = {name for _, name, _, _ in string.Formatter().parse(told.de) if name}
    assert german == told.params
    assert told.en != told.de


def test_a_row_without_words_or_with_a_hole_is_a_bug() -> None:
    with pytest.raises(ValueError, match="add a row"):
        checked("danced", {})
    with pytest.raises(ValueError, match="quantity"):
        checked("picked", {"bin": "A01"})
    assert checked("picked", {"quantity": 2, "slot": 3}) == {"quantity": 2, "slot": 3}
