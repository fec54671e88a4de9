"""Why: two sets of books are laid side by side outside of every unit: a page is asked for, then what came is kept.

It may be broken off anywhere and goes on from what is kept: what was compared is not compared again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Final, TypeVar
from uuid import UUID

import structlog

from server.core.clock import Clock
from server.db.base import CORE
from server.db.database import Database
from server.db.rounds import rounds
from server.db.unit import Command, Lane
from server.db.work import Actor, Work
from server.payments.port import Gateway, GatewayTimeout
from server.payments.service import reconciling as service

T = TypeVar("T")

PATIENCE: Final = 30.0
"""Seconds that a page of the gateway's list may take."""
TRIES: Final = 3
PAGE: Final = 50
"""So many of ours are asked for one by one before what came is kept."""
ME: Final = Actor(name="payments")


class Reconciler:
    """Compares what is to be compared. `pause`: seconds between two tries at a gateway that does not answer."""

    def __init__(self, db: Database, gateways: Mapping[str, Gateway], clock: Clock, *, pause: float = 2.0) -> None:
        self._db = db
        self._gateways = gateways
        self._clock = clock
        self._pause = pause

    async def run(self) -> None:
        """Works until it is cancelled; the doorbell wakes it."""
        await rounds(self._db, self.step)

    async def step(self) -> int:
        """Compares what waits; how many runs it was."""
        waiting = await self._db.read(service.running)
        for run_id in waiting:
            await self.compare(run_id)
        return len(waiting)

    async def compare(self, run_id: UUID) -> bool:
        """One run to its end; whether everything was looked at."""
        try:
            await self._compare(run_id)
        except (GatewayTimeout, TimeoutError) as error:
            _log().warning("reconciliation_broken_off", run=str(run_id), why=str(error))
            await self._write("payments.reconcile_fail", partial(service.end, run_id=run_id, trigger="fail"))
            return False
        await self._write("payments.reconcile_end", partial(service.end, run_id=run_id, trigger="finish"))
        return True

    async def _compare(self, run_id: UUID) -> None:
        found = await self._db.read(partial(service.run_of, run_id=run_id))
        gateway = self._gateways.get(found.gateway)
        if gateway is None:
            raise GatewayTimeout(f"the gateway {found.gateway} is not set up")
        after: str | None = None
        while True:
            page = await self._asked(partial(gateway.books, found.since, found.until, after))
            await self._write("payments.reconcile", partial(service.lay, run_id=run_id, theirs=page.items))
            after = page.next
            if after is None:
                break
        while unseen := await self._db.read(partial(service.unseen, run_id=run_id, most=PAGE)):
            asked = [(intent, await self._asked(partial(gateway.booked, call))) for intent, call in unseen]
            await self._write("payments.reconcile", partial(service.lay_ours, run_id=run_id, asked=asked))

    async def _asked(self, question: Callable[[], Awaitable[T]]) -> T:
        for left in reversed(range(TRIES)):
            try:
                async with asyncio.timeout(PATIENCE):
                    return await question()
            except (GatewayTimeout, TimeoutError):
                if not left:
                    raise
                await asyncio.sleep(self._pause)
        raise AssertionError("there is a last try")

    async def _write(self, name: str, run: Callable[[Work], T]) -> T:
        return (await self._db.write(Command(run, frozenset({CORE}), ME, name, lane=Lane.BULK))).answer


def _log() -> structlog.stdlib.BoundLogger:
    logger: structlog.stdlib.BoundLogger = structlog.get_logger("pickwave.payments")
    return logger
