"""Why: what was asked for many orders is done beside everything else, behind the floor's commands, order by order.

What is left to do stands in rows: whichever process looks goes on with it, also after a crash.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Final
from uuid import UUID

import structlog

from server.background import Site
from server.core.refusal import Refusal, Stored
from server.db.base import CORE
from server.db.database import Database
from server.db.errors import is_passing
from server.db.rounds import rounds
from server.db.unit import Command, Lane
from server.db.work import Actor
from server.orders.service import jobs as service
from server.orders.store import jobs

AT_ONCE: Final = 50
"""Places that are read in one go."""
BREATH: Final = 0.01
"""Between two orders, so that others pass."""
TRIES: Final = 20
"""So often in a row an order fails until it holds the others up no longer; the pauses grow to half a minute."""
BROKEN: Final = Stored("broken")
"""The refusal of an order at which something broke here; the log says what."""


class JobWorker:
    """Does jobs on orders, the oldest first."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._at: tuple[UUID, int] | None = None
        self._tries = 0

    async def run(self) -> None:
        """Works until it is cancelled."""
        await rounds(self._db, self.step)

    async def step(self) -> int:
        """Some orders of every job that runs; how many they were."""
        dealt_with = 0
        for job_id in await self._db.read(jobs.running):
            found = await self._db.read(partial(service.job_of, job_id=job_id))
            for position in await self._db.read(partial(jobs.waiting, job_id=job_id, most=AT_ONCE)):
                await self._one(job_id, position, service.actor_of(found))
                dealt_with += 1
                await asyncio.sleep(BREATH)
        return dealt_with

    async def _one(self, job_id: UUID, position: int, actor: Actor) -> None:
        try:
            await self._write(partial(service.do_one, job_id=job_id, position=position), actor)
        except Exception as error:
            if is_passing(error) and self._again(job_id, position):
                raise
            why = _told(error, job_id, position)
            refuse = partial(service.refuse_one, job_id=job_id, position=position, why=why)
            await self._write(refuse, actor)

    def _again(self, job_id: UUID, position: int) -> bool:
        """Whether an order that failed for no fault of its own is tried once more."""
        self._tries = self._tries + 1 if self._at == (job_id, position) else 1
        self._at = (job_id, position)
        return self._tries < TRIES

    async def _write(self, run: partial[None], actor: Actor) -> None:
        await self._db.write(Command(run, frozenset({CORE}), actor, "orders.job", lane=Lane.BULK))


def _told(error: Exception, job_id: UUID, position: int) -> Stored:
    if isinstance(error, Refusal):
        return error.stored()
    logger: structlog.stdlib.BoundLogger = structlog.get_logger("pickwave.jobs")
    logger.error("job_row_broken", job=str(job_id), position=position, exc_info=error)
    return BROKEN


async def run(site: Site) -> None:
    """For `app.py`'s BACKGROUND."""
    await JobWorker(site.db).run()
