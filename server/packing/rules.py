"""Why: when a carton is right by its weight and when an order is all in its cartons, from values alone. Pure."""

from __future__ import annotations

from collections.abc import Container
from typing import Final, NamedTuple

from server.orders.rules import Facts, Split

LEAST_SLACK_G: Final = 50
SLACK_PERCENT: Final = 5
"""What may be between the scale and the sum of the parts: paper, filling, and items that weigh a little different."""


class Range(NamedTuple):
    """The grams within which a carton is right."""

    low: int
    high: int

    def holds(self, grams: int) -> bool:
        """Whether this weight is right."""
        return self.low <= grams <= self.high


def right_weight(expected_g: int) -> Range:
    """What a carton that should weigh `expected_g` may weigh."""
    slack = max(LEAST_SLACK_G, (expected_g * SLACK_PERCENT + 50) // 100)
    return Range(max(1, expected_g - slack), expected_g + slack)


def left(facts: Facts) -> int:
    """Units that must still come into cartons: to be picked, or picked and not packed."""
    return facts.due - (facts.packed - facts.shipped)


def waits(facts: Facts, split: Split) -> bool:
    """Whether nothing of a fulfilment may leave yet: it ships only whole, and some of it waits for stock."""
    return split == "ship_complete" and facts.backordered > 0


def rest_comes(facts: Facts, split: Split, elsewhere: int) -> bool:
    """Whether what is here of an order waits for more of it: totes elsewhere, units in their bins, or stock."""
    return elsewhere > 0 or facts.reserved > 0 or (left(facts) == 0 and waits(facts, split))


def free_place(taken: Container[int], places: int) -> int | None:
    """The lowest of a station's numbered places that is free; None where all are taken."""
    return next((place for place in range(1, places + 1) if place not in taken), None)


def all_in(facts: Facts, split: Split) -> bool:
    """Whether all that is due of a fulfilment lies in cartons, so that the last one wants its label."""
    return facts.packed > facts.shipped and left(facts) == 0 and not waits(facts, split)
