"""Why: how much is taken when, and how long a silent gateway is left alone. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

WAITS: Final = (10, 15, 30, 60, 300, 900)
"""Seconds after the first, second, … question until the gateway is asked again; the last one for ever after.

The first is longer than a call may last (`worker.PATIENCE`): meanwhile nobody else asks.
"""


def again_in(attempts: int) -> timedelta:
    """How long to wait after this many questions."""
    return timedelta(seconds=WAITS[min(attempts, len(WAITS)) - 1])


def owed(*, units: int, value: int, items: int, shipping: int, tax: int) -> int:
    """What the customer owes for what has shipped so far, in minor units.

    `units` have shipped and cost `value` of all `items`. Shipping is owed with the first unit, tax in proportion
    (rounded down), so that the whole order owes exactly items + shipping + tax.
    """
    if not units:
        return 0
    return value + shipping + (tax * value // items if items else tax)
