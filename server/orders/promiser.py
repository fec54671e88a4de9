"""Why: stock comes back in many ways (put away, found, cancelled elsewhere); whoever waits for it learns it soon.

It looks at what waits, and only where a promise would change it writes. Goods go to who was promised first; what waits
without a day may come from any warehouse that has it.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from server.background import Site
from server.core.clock import Clock
from server.db.base import CORE
from server.db.database import Database
from server.db.unit import Command, Lane
from server.db.work import Actor, Work
from server.orders.service.follow import orders_follow
from server.orders.service.moves import SLICE, missed_elsewhere, moved, promise_again, unsettled
from server.orders.store import carriers, promises

ROUND: Final = 2.0
"""Seconds between two looks at the soonest."""
NAP: Final = 30.0
"""Seconds after which it looks though nothing was written."""
ME: Final = Actor(name="promises")


class Promiser:
    """Promises anew what waits. One a process; several may run theirs."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def run(self) -> None:
        """Works until it is cancelled."""
        while True:
            rang = self._db.doorbell.count
            await self.step()
            await asyncio.sleep(ROUND)
            await self._db.rang(NAP, after=rang)

    async def step(self) -> int:
        """Promises anew wherever a promise would change, a slice of an item at a time, so that scans come between; of
        how many orders.
        """
        found = await self._db.read(partial(due, now=self._clock.now()))
        changed: set[UUID] = set()
        for (warehouse, item), lines in sorted(found.items()):
            command = Command(
                partial(_again, warehouse=warehouse, item=item), frozenset({CORE}), ME, "orders.promise_again",
                lane=Lane.BULK,
            )  # fmt: skip
            for _ in range(0, lines, SLICE):
                changed.update((await self._db.write(command)).answer)
        return len(changed)


def due(conn: Connection, now: datetime) -> dict[tuple[int, UUID], int]:
    """Where promises would change: of how many lines, by warehouse and item."""
    waiting, dayless = promises.waiting_items(conn)
    found: Counter[tuple[int, UUID]] = Counter()
    for warehouse in carriers.time_zones(conn):
        wanted = unsettled(conn, now, warehouse, waiting.get(warehouse, set()))
        wanted |= missed_elsewhere(conn, now, warehouse, dayless - wanted)
        if wanted:
            found.update((warehouse, each.promised.item) for each in moved(conn, now, warehouse, wanted))
    return found


def _again(work: Work, warehouse: int, item: UUID) -> list[UUID]:
    changed = promise_again(work, warehouse, [item], SLICE)
    orders_follow(work, changed)
    return changed


async def run(site: Site) -> None:
    """For `app.py`'s BACKGROUND."""
    await Promiser(site.db, site.clock).run()
