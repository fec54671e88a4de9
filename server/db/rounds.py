"""Why: what works beside the requests looks when something was written and when it is time, and sleeps in between."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

from server.db.database import Database

BREATH: Final = 0.2
"""Seconds between two looks, however often the doorbell rings."""
LONGEST_NAP: Final = 30.0
"""Seconds after which it looks though nobody rang."""


async def longest() -> float:
    """The nap of a worker for whom nothing is ever due by the clock."""
    return LONGEST_NAP


def until(due: datetime | None, now: datetime) -> float:
    """Seconds to sleep until something is due; None: nothing is."""
    return LONGEST_NAP if due is None else min(max((due - now).total_seconds(), BREATH), LONGEST_NAP)


async def rounds(
    db: Database, step: Callable[[], Awaitable[object]], nap: Callable[[], Awaitable[float]] = longest
) -> None:
    """Steps until it is cancelled; after a step that found nothing it sleeps, at most as long as `nap` says.

    The doorbell is read before the step: what is written while it looks wakes it at once.
    """
    while True:
        rang = db.doorbell.count
        if not await step():
            await db.rang(await nap(), after=rang)
        await asyncio.sleep(BREATH)
