"""Why: webhooks go out between two commands and inside none, and an endpoint that is dead or slow holds up only itself.

It takes what is due at an endpoint (a commit), calls, and records what came of it (another commit). Each endpoint has a
task of its own with a few calls at a time. No answer, or no process any more, means: again, under the same id. Several
processes may run theirs: what one has taken is its own for as long as it lives and gives signs of it.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from functools import partial
from typing import Final, TypeVar
from uuid import UUID

import sqlalchemy as sa
import structlog

from server.background import Site
from server.core.clock import Clock
from server.db.base import CORE
from server.db.database import Database
from server.db.errors import BAD_SETTING, StartError
from server.db.patience import patiently
from server.db.unit import Command, Lane
from server.db.work import Actor, Work
from server.integrations import signing
from server.integrations.addresses import Places
from server.integrations.back_caller import BackCaller
from server.integrations.rules.webhooks import Answer
from server.integrations.sender import Sender
from server.integrations.service import deliveries as service
from server.integrations.service.deliveries import AT_ONCE, Claimed
from server.integrations.store import deliveries as store

T = TypeVar("T")

ME: Final = Actor(name="webhooks")
BREATH: Final = 0.2
"""Seconds between two looks, however often the doorbell rings."""
LONGEST_NAP: Final = 30.0
OTHERS_NAP: Final = 5.0
"""The same while something is another process's: nobody rings when it dies."""
KEEPING: Final = 3600.0
"""Seconds between two rounds of letting go of what is old."""


class Courier:
    """Sends what is due. One a process."""

    def __init__(
        self, db: Database, clock: Clock, sender: Sender, *, chance: Callable[[], float] = random.random
    ) -> None:
        self.sender = sender
        self._back = BackCaller(db, sender)
        self._db = db
        self._clock = clock
        self._chance = chance
        self._look = asyncio.Event()
        self._serving: dict[UUID, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Sends until it is cancelled. May be run again after a failure."""
        helpers = [asyncio.create_task(self._listen()), asyncio.create_task(self._let_go())]
        try:
            while True:
                self._look.clear()
                nap = await patiently(self._look_once)
                with suppress(TimeoutError):
                    async with asyncio.timeout(nap):
                        await self._look.wait()
                await asyncio.sleep(BREATH)
        finally:
            await _ended([*helpers, *self._serving.values()])

    async def _listen(self) -> None:
        rang = self._db.doorbell.count
        while True:
            rang = await self._db.doorbell.wait(rang)
            self._look.set()

    async def _look_once(self) -> float:
        """Begins what there is to do; gives the seconds until the next look is due."""
        due, sending = await self._db.read(_standing)
        dead = await self._db.ended({each.sender for each in sending})
        now = self._clock.now()
        for endpoint in {each for each, at in due.items() if at <= now} | service.abandoned(sending, now, dead):
            self._begin(endpoint, dead)
        return self._nap(due, sending, now)

    def _begin(self, endpoint: UUID, dead: frozenset[int]) -> None:
        if endpoint not in self._serving:
            task = asyncio.create_task(self._serve(endpoint, dead), name=f"webhooks {endpoint}")
            self._serving[endpoint] = task
            task.add_done_callback(partial(self._served, endpoint))

    def _served(self, endpoint: UUID, task: asyncio.Task[None]) -> None:
        del self._serving[endpoint]
        if not task.cancelled() and (error := task.exception()) is not None:
            _log().error("webhooks_failed", endpoint=str(endpoint), exc_info=error)
        else:
            self._look.set()  # something may have come due after the last look

    def _nap(self, due: dict[UUID, datetime], sending: list[store.Sending], now: datetime) -> float:
        ours = all(each.sender == self._db.life for each in sending)
        longest = LONGEST_NAP if ours else OTHERS_NAP
        coming = [at for endpoint, at in due.items() if endpoint not in self._serving]
        coming += [each.lease_until for each in sending if each.endpoint not in self._serving]
        if not coming:
            return longest
        return min(max((min(coming) - now).total_seconds(), BREATH), longest)

    # --- one endpoint

    async def _serve(self, endpoint: UUID, dead: frozenset[int]) -> None:
        flying: set[asyncio.Task[None]] = set()
        try:
            while True:
                for claimed in await self._claim(endpoint, dead, AT_ONCE - len(flying)):
                    flying.add(asyncio.create_task(self._send(claimed)))
                if not flying:
                    return
                done, flying = await asyncio.wait(flying, return_when=asyncio.FIRST_COMPLETED)
                for each in done:
                    each.result()
        finally:
            await _ended([*flying])

    async def _claim(self, endpoint: UUID, dead: frozenset[int], most: int) -> list[Claimed]:
        run = partial(service.claim, endpoint=endpoint, sender=self._db.life, dead=dead, most=most)
        return await patiently(partial(self._write, "webhooks.claim", run))

    async def _send(self, claimed: Claimed) -> None:
        answer = await (self._post(claimed) if claimed.channel is None else self._back.tell(claimed))
        run = partial(service.record, claimed=claimed, sender=self._db.life, answer=answer, chance=self._chance())
        state = await patiently(partial(self._write, "webhooks.record", run))
        if state != "delivered":
            _log().warning(
                "not_delivered", delivery=str(claimed.delivery), state=state, status=answer.status, reason=answer.reason
            )

    async def _post(self, claimed: Claimed) -> Answer:
        headers = signing.headers(claimed.secrets, claimed.message, self._clock.now(), claimed.body)
        return await self.sender.post(claimed.url, headers, claimed.body)

    async def _let_go(self) -> None:
        while True:
            dropped = await patiently(partial(self._write, "webhooks.drop_old", service.drop_old))
            await asyncio.sleep(BREATH if dropped else KEEPING)

    async def _write(self, name: str, run: Callable[[Work], T]) -> T:
        return (await self._db.write(Command(run, frozenset({CORE}), ME, name, lane=Lane.BULK))).answer


def _standing(conn: sa.Connection) -> tuple[dict[UUID, datetime], list[store.Sending]]:
    return store.next_due(conn), store.sending(conn)


async def _ended(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def courier(site: Site) -> AsyncIterator[Courier]:
    """For `app.py`'s THINGS: the courier with the networks of the settings."""
    try:
        places = Places(site.settings.webhook_networks, http=site.settings.webhook_http)
    except ValueError as error:
        raise StartError(f"PICKWAVE_WEBHOOK_NETWORKS: {error}", BAD_SETTING) from None
    sender = Sender(places, site.clock)
    try:
        yield Courier(site.db, site.clock, sender)
    finally:
        await sender.close()


def of(site: Site) -> Courier:
    """The process's courier."""
    found = site.things["courier"]
    assert isinstance(found, Courier)
    return found


async def run(site: Site) -> None:
    """For `app.py`'s BACKGROUND: sends."""
    await of(site).run()


def _log() -> structlog.stdlib.BoundLogger:
    logger: structlog.stdlib.BoundLogger = structlog.get_logger("pickwave.webhooks")
    return logger
