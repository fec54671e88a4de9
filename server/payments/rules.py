"""Why: how much is taken when, and how long a silent gateway is left alone. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

WAITS: Final = (10, 15, 30, 60, 300, 900)
"""Seconds after the first, second, … question until the gateway is asked again; the last one for ever after.

The first is longer than a call may last (`worker.PATIENCE`): meanwhile nobody else asks.
"""


def again_in(attempts: int) -> timedelta:
    """How long to wait after this many questions."""
    return timedelta(seconds=WAITS[min(attempts, len(WAITS)) - 1])


def lets_go(authorised: Sequence[str], voids: Sequence[UUID], void: UUID, last: str | None) -> str:
    """Which authorisation an intent to let go is about: the first of a payment is about its first one, and so on.

    An authorisation is let go when another takes its place, or when the order is cancelled: each once, in their order.
    `last`: of a cancelled order the one that stood then, which is what its last intent is about.
    """
    if last is not None and void == voids[-1]:
        return last
    at = voids.index(void)
    return authorised[at] if at < len(authorised) else ""


def owed(*, units: int, value: int, items: int, shipping: int, tax: int) -> int:
    """What the customer owes for what has shipped so far, in minor units.

    `units` have shipped and cost `value` of all `items`. Shipping is owed with the first unit, tax in proportion
    (rounded down), so that the whole order owes exactly items + shipping + tax.
    """
    if not units:
        return 0
    return value + shipping + (tax * value // items if items else tax)
