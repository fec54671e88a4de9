"""Why: a hold that nobody decides about costs a customer; when it is due, the house says so by itself, once.

What is due stands in the rows, so a restart forgets nothing. Several processes may look: a hold is escalated once.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Final

from server.background import Site
from server.core.clock import Clock
from server.db.base import CORE
from server.db.database import Database
from server.db.rounds import rounds, until
from server.db.unit import Command, Lane
from server.db.work import Actor
from server.orders.service import holds
from server.policies import service as policies

AT_ONCE: Final = 50
QUIET_AFTER: Final = 3.0
"""Seconds after the start, which is not to wait for rules."""
ME: Final = Actor(name="holds")


class HoldWatch:
    """Escalates what is due."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def run(self) -> None:
        """Works until it is cancelled."""
        await rounds(self._db, self.step, self._nap)

    async def step(self) -> int:
        """Escalates everything that is due now, some at a time; how many it was."""
        escalated = 0
        for hold in await self._db.read(partial(holds.late, now=self._clock.now(), most=AT_ONCE)):
            run = partial(holds.escalate, hold_id=hold)
            command = Command(run, frozenset({CORE}), ME, "holds.escalate", lane=Lane.BULK)
            escalated += (await self._db.write(command)).answer
        return escalated

    async def _nap(self) -> float:
        return until(await self._db.read(holds.next_due), self._clock.now())


async def run(site: Site) -> None:
    """For `app.py`'s BACKGROUND."""
    await HoldWatch(site.db, site.clock).run()


async def warm(site: Site) -> None:
    """For `app.py`'s BACKGROUND, once: compiles the rules in a quiet moment, so that no order waits for that."""
    await asyncio.sleep(QUIET_AFTER)
    await asyncio.to_thread(policies.prepare, await site.db.read(policies.unready))
