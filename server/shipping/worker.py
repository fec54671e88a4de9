"""Why: the only one who speaks to a carrier, between two commands and inside none.

It marks a label as asked for (a commit), asks, and records the answer (another commit). No answer means: asked again by
the same key, at once where whoever asked has ended. A carrier that is slow parks its cartons; packing goes on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Final, TypeVar
from uuid import UUID

import sqlalchemy as sa
import structlog

from server.background import Site
from server.core.clock import Clock
from server.db.database import Database
from server.db.unit import Command
from server.db.work import Actor, Work
from server.shipping import service, store
from server.shipping.adapters.sandbox import SandboxCarrier
from server.shipping.port import Booked, Carrier, CarrierAway, CarrierRefused, Parcel, Withdrawn

T = TypeVar("T")

PATIENCE: Final = 10.0
"""Seconds a carrier may take; then it counts as away. Shorter than `service.PATIENCE`."""
LONGEST_NAP: Final = 30.0
BREATH: Final = 0.05
"""Between two looks, however often the doorbell rings."""
ME: Final = Actor(name="shipping")


class LabelWorker:
    """Asks a carrier for the labels that are due. One a process; several processes may run theirs."""

    def __init__(self, db: Database, carrier: Carrier, clock: Clock) -> None:
        self._db = db
        self._carrier = carrier
        self._clock = clock

    async def run(self) -> None:
        """Works until it is cancelled; the doorbell wakes it, so that a label does not wait for a clock."""
        while True:
            rang = self._db.doorbell.count
            if not await self.step():
                await self._db.rang(await self._nap(), after=rang)
            await asyncio.sleep(BREATH)

    async def step(self) -> int:
        """Asks for everything that is due now; how many labels it was."""
        asked, due = await self._db.read(partial(_asked_and_due, now=self._clock.now()))
        dead = await self._db.ended({asker for *_, asker in asked})
        due += [(warehouse, label) for warehouse, label, asker in asked if asker in dead]
        results = await asyncio.gather(*(self._settle(*label, dead) for label in due), return_exceptions=True)
        for (_, label), result in zip(due, results, strict=True):
            if isinstance(result, BaseException):
                _log().error("label_failed", label=str(label), exc_info=result)
        return sum(result is None for result in results)

    async def _nap(self) -> float:
        following = await self._db.read(store.next_due)
        if following is None:
            return LONGEST_NAP
        return max(0.05, min(LONGEST_NAP, (following - self._clock.now()).total_seconds()))

    async def _settle(self, warehouse: int, label: UUID, dead: frozenset[int]) -> None:
        ask = partial(service.ask, warehouse=warehouse, label_id=label, asker=self._db.life, dead=dead)
        asked = await self._write(warehouse, "label.ask", ask)
        if asked is None:
            return
        try:
            async with asyncio.timeout(PATIENCE):
                said = await self._tell(asked)
        except (CarrierAway, TimeoutError) as error:
            _log().warning("carrier_away", label=str(label), reason=type(error).__name__)
            await self._write(warehouse, "label.away", partial(service.away, warehouse=warehouse, label_id=label))
            return
        if said is None:
            gone = partial(service.withdrawn, warehouse=warehouse, label_id=label)
            await self._write(warehouse, "label.withdrawn", gone)
            return
        record = partial(service.answered, warehouse=warehouse, label_id=label, said=said)
        await self._write(warehouse, "label.answered", record)

    async def _tell(self, asked: Parcel | Withdrawn) -> Booked | CarrierRefused | None:
        if isinstance(asked, Withdrawn):
            await self._carrier.void(asked.key)
            return None
        return await self._carrier.book(asked)

    async def _write(self, warehouse: int, name: str, run: Callable[[Work], T]) -> T:
        return (await self._db.write(Command(run, frozenset({warehouse}), ME, name))).answer


def _asked_and_due(conn: sa.Connection, now: datetime) -> tuple[list[tuple[int, UUID, int]], list[tuple[int, UUID]]]:
    return store.asked_labels(conn), store.due_labels(conn, now)


async def run(site: Site) -> None:
    """For `app.py`'s BACKGROUND: asks the sandbox carrier."""
    await LabelWorker(site.db, SandboxCarrier(), site.clock).run()


def _log() -> structlog.stdlib.BoundLogger:
    logger: structlog.stdlib.BoundLogger = structlog.get_logger("pickwave.shipping")
    return logger
