"""Why: the only one who speaks to a gateway, between two commands and inside none.

It marks an intent as asked (a commit), calls, and records the answer (another commit). A call without an answer is
asked about before it is made again; after a crash the marked intents are due again by themselves.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Final, TypeVar
from uuid import UUID

import structlog

from server.background import Site
from server.core.clock import Clock
from server.db.base import CORE
from server.db.database import Database
from server.db.unit import Command, Lane
from server.db.work import Actor, Work
from server.payments import service
from server.payments.adapters.sandbox import FILE, SandboxGateway
from server.payments.port import Answer, Gateway, GatewayTimeout
from server.payments.service import Ask

T = TypeVar("T")

PATIENCE: Final = 5.0
"""Seconds a call may last; then it counts as unanswered. Shorter than the first of `rules.WAITS`."""
AT_ONCE: Final = 8
LONGEST_NAP: Final = 30.0
BREATH: Final = 0.2
"""Between two looks, however often the doorbell rings."""
ME: Final = Actor(name="payments")


class PaymentWorker:
    """Asks a gateway what is due. One a process; several processes may run theirs."""

    def __init__(self, db: Database, gateway: Gateway, clock: Clock) -> None:
        self._db = db
        self._gateway = gateway
        self._clock = clock
        gateway.listen(self._heard)

    async def run(self) -> None:
        """Works until it is cancelled."""
        while True:
            rang = self._db.doorbell.count
            if not await self.step():
                await self._db.rang(await self._nap(), after=rang)
            await asyncio.sleep(BREATH)

    async def step(self) -> int:
        """Asks everything that is due now, a few at a time; how many it was."""
        intents = await self._db.read(partial(service.due, now=self._clock.now(), most=AT_ONCE))
        results = await asyncio.gather(*map(self._settle, intents), return_exceptions=True)
        for intent, result in zip(intents, results, strict=True):
            if isinstance(result, BaseException):
                _log().error("payment_failed", intent=str(intent), exc_info=result)
        return sum(result is True for result in results)

    async def _nap(self) -> float:
        due = await self._db.read(service.next_due)
        if due is None:
            return LONGEST_NAP
        return min(max((due - self._clock.now()).total_seconds(), BREATH), LONGEST_NAP)

    async def _settle(self, intent: UUID) -> bool:
        """One intent: marked, asked, answered. Whether there was anything to ask."""
        asked = await self._write("payments.ask", partial(service.ask, intent_id=intent))
        if asked is None:
            return False
        try:
            async with asyncio.timeout(PATIENCE):
                said = await self._call(asked)
        except (GatewayTimeout, TimeoutError):
            _log().warning("payment_unanswered", intent=str(intent), kind=asked.kind)
            return True
        await self._heard(asked.key, said)
        return True

    async def _call(self, asked: Ask) -> Answer:
        if asked.again and (said := await self._gateway.status(asked.key)) is not None:
            return said
        if asked.kind == "authorise":
            return await self._gateway.authorise(asked.key, asked.token, asked.amount_minor, asked.currency)
        if asked.kind == "capture":
            return await self._gateway.capture(asked.key, asked.reference, asked.amount_minor)
        return await self._gateway.void(asked.key, asked.reference)

    async def _heard(self, key: str, said: Answer) -> None:
        """An answer, asked for or not; the second time it changes nothing."""
        await self._write("payments.answer", partial(service.answer, intent_id=UUID(key), said=said))

    async def _write(self, name: str, run: Callable[[Work], T]) -> T:
        return (await self._db.write(Command(run, frozenset({CORE}), ME, name, lane=Lane.BULK))).answer


async def run(site: Site) -> None:
    """For `app.py`'s BACKGROUND: asks the sandbox, whose books are a file in the data folder."""
    gateway = SandboxGateway(site.settings.data_dir / FILE, site.clock)
    await PaymentWorker(site.db, gateway, site.clock).run()


def _log() -> structlog.stdlib.BoundLogger:
    logger: structlog.stdlib.BoundLogger = structlog.get_logger("pickwave.payments")
    return logger
