"""Why: the only one who speaks to a gateway, between two commands and inside none.

It marks an intent as asked (a commit), calls, and records the answer (another commit). A call without an answer is
asked about before it is made again; after a crash the marked intents are due again by themselves.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeVar
from uuid import UUID

import structlog

from server.background import Site
from server.core.clock import Clock
from server.db.base import CORE
from server.db.database import Database
from server.db.rounds import rounds, until
from server.db.unit import Command, Lane
from server.db.work import Actor, Work
from server.payments.adapters.sandbox import FILE, SandboxGateway
from server.payments.adapters.stripe import StripeGateway
from server.payments.port import Answer, Call, Gateway, GatewayRefuses, GatewayTimeout
from server.payments.reconciler import Reconciler
from server.payments.service import asking, news, payments
from server.payments.service.asking import Ask
from server.settings import Settings

T = TypeVar("T")

PATIENCE: Final = 5.0
"""Seconds a call may last; then it counts as unanswered. Shorter than the first of `rules.WAITS`."""
AT_ONCE: Final = 8
KEEPING: Final = 3600.0
"""Seconds between two rounds of letting go of what is old."""
ME: Final = Actor(name="payments")


@dataclass(frozen=True)
class Gateways:
    """Whom we can ask, by name, and who gets the cards of new payments."""

    by_name: Mapping[str, Gateway]
    cards: str

    async def close(self) -> None:
        """Ends every call."""
        for each in self.by_name.values():
            await each.close()


class PaymentWorker:
    """Asks gateways what is due, and sets aside anew what runs out. One a process; several processes may run theirs."""

    def __init__(self, db: Database, gateways: Gateways, clock: Clock) -> None:
        self._db = db
        self._gateways = gateways
        self._clock = clock
        self._cleaned: float | None = None
        for each in gateways.by_name.values():
            each.listen(self._heard)

    async def run(self) -> None:
        """Works until it is cancelled."""
        await rounds(self._db, self.step, self._nap)

    async def step(self) -> int:
        """Asks everything that is due now, a few at a time; how many it was."""
        await self._renew()
        intents = await self._db.read(partial(asking.due, now=self._clock.now(), most=AT_ONCE))
        results = await asyncio.gather(*map(self._settle, intents), return_exceptions=True)
        for intent, result in zip(intents, results, strict=True):
            if isinstance(result, BaseException):
                _log().error("payment_failed", intent=str(intent), exc_info=result)
        return sum(result is True for result in results)

    async def _renew(self) -> None:
        for payment in await self._db.read(partial(asking.to_renew, now=self._clock.now(), most=AT_ONCE)):
            await self._write("payments.renew", partial(payments.renew, payment_id=payment))

    async def _nap(self) -> float:
        await self._let_go()
        return until(await self._db.read(asking.wakes_at), self._clock.now())

    async def _let_go(self) -> None:
        now = self._clock.now().timestamp()
        if self._cleaned is None or now - self._cleaned >= KEEPING:
            self._cleaned = now
            await self._write("payments.drop_old", news.drop_old)

    async def _settle(self, intent: UUID) -> bool:
        """One intent: marked, asked, answered. Whether there was anything to ask."""
        run = partial(asking.ask, intent_id=intent, cards=self._gateways.cards)
        asked = await self._write("payments.ask", run)
        if asked is None:
            return False
        try:
            async with asyncio.timeout(PATIENCE):
                said = await self._call(asked)
        except GatewayRefuses as error:
            _log().error("payment_gateway_refuses", gateway=asked.gateway, intent=str(intent), why=str(error))
        except (GatewayTimeout, TimeoutError):
            _log().warning("payment_unanswered", intent=str(intent), kind=asked.call.kind)
        else:
            if said is None:
                _log().warning("payment_unknown_there", gateway=asked.gateway, intent=str(intent))
                await self._write("payments.leave", partial(asking.leave, intent_id=intent))
            else:
                await self._heard(asked.call.key, said)
        return True

    async def _call(self, asked: Ask) -> Answer | None:
        gateway = self._gateways.by_name.get(asked.gateway)
        if gateway is None:
            raise GatewayRefuses(f"the gateway {asked.gateway} is not set up any more")
        if asked.again:
            said = await gateway.status(asked.call)
            if said is not None or asked.known:
                return said
        return await _ways(gateway)[asked.call.kind](asked.call)

    async def _heard(self, key: str, said: Answer) -> None:
        """An answer, asked for or not; the second time it changes nothing."""
        await self._write("payments.answer", partial(asking.answer, intent_id=UUID(key), said=said))

    async def _write(self, name: str, run: Callable[[Work], T]) -> T:
        return (await self._db.write(Command(run, frozenset({CORE}), ME, name, lane=Lane.BULK))).answer


def _ways(gateway: Gateway) -> Mapping[str, Callable[[Call], Awaitable[Answer]]]:
    return {
        "authorise": gateway.authorise, "reauthorise": gateway.reauthorise, "capture": gateway.capture,
        "void": gateway.void, "refund": gateway.refund,
    }  # fmt: skip


def gateways_of(settings: Settings, clock: Clock) -> Gateways:
    """The gateways of these settings: the sandbox always, Stripe where it has a key; then cards go there."""
    found: dict[str, Gateway] = {
        "sandbox": SandboxGateway(settings.data_dir / FILE, clock, settings.sandbox_webhook_secret)
    }
    if settings.stripe_key:
        found["stripe"] = StripeGateway(settings.stripe_url, settings.stripe_key, settings.stripe_webhook_secret)
    return Gateways(found, "stripe" if settings.stripe_key else "sandbox")


@asynccontextmanager
async def gateways(site: Site) -> AsyncIterator[Gateways]:
    """For `app.py`'s THINGS: whom this process can ask."""
    found = gateways_of(site.settings, site.clock)
    try:
        yield found
    finally:
        await found.close()


def of(site: Site) -> Gateways:
    """The process's gateways."""
    found = site.things["gateways"]
    assert isinstance(found, Gateways)
    return found


async def run(site: Site) -> None:
    """For `app.py`'s BACKGROUND: asks the gateways."""
    await PaymentWorker(site.db, of(site), site.clock).run()


async def run_reconciler(site: Site) -> None:
    """For `app.py`'s BACKGROUND: compares what is to be compared."""
    await Reconciler(site.db, of(site).by_name, site.clock).run()


def _log() -> structlog.stdlib.BoundLogger:
    logger: structlog.stdlib.BoundLogger = structlog.get_logger("pickwave.payments")
    return logger
