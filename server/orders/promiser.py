"""Why: stock comes back in many ways (put away, found, cancelled elsewhere); whoever waits for it learns it soon.

It looks at what waits, and only where a promise would change it writes. Goods go to who was promised first; what waits
without a day may come from any warehouse that has it.
"""

from __future__ import annotations

import asyncio
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
from server.orders.service.promises import missed_elsewhere, moved, promise_again, unsettled
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
        """Promises anew wherever a promise would change, an item at a time, so that scans come between; of how many
        orders.
        """
        found = await self._db.read(partial(due, now=self._clock.now()))
        changed: set[UUID] = set()
        for warehouse, item in ((warehouse, item) for warehouse, items in found.items() for item in sorted(items)):
            command = Command(
                partial(_again, warehouse=warehouse, item=item), frozenset({CORE}), ME, "orders.promise_again",
                lane=Lane.BULK,
            )  # fmt: skip
            changed.update((await self._db.write(command)).answer)
        return len(changed)


def due(conn: Connection, now: datetime) -> dict[int, set[UUID]]:
    """The items of each warehouse whose promises would change."""
    waiting, dayless = promises.waiting_items(conn)
    found = {}
    for warehouse in carriers.time_zones(conn):
        here = waiting.get(warehouse, set())
        wanted = unsettled(conn, now, warehouse, here) | missed_elsewhere(conn, now, warehouse, dayless - here)
        found[warehouse] = {each.promised.item for each in moved(conn, now, warehouse, wanted)} if wanted else set()
    return {warehouse: items for warehouse, items in found.items() if items}


def _again(work: Work, warehouse: int, item: UUID) -> list[UUID]:
    changed = promise_again(work, warehouse, [item])
    orders_follow(work, changed)
    return changed


async def run(site: Site) -> None:
    """For `app.py`'s BACKGROUND."""
    await Promiser(site.db, site.clock).run()
