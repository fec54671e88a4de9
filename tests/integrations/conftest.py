"""A shop whose orders are told to receivers on loopback, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

import pytest

from server.core.clock import ManualClock
from server.db import log
from server.db.base import CORE
from server.db.database import Database
from server.integrations.addresses import Places
from server.integrations.schemas.webhooks import Delivery, Endpoint, NewEndpoint
from server.integrations.sender import PATIENCE, Sender
from server.integrations.service import endpoints
from server.integrations.sinks import queue_webhooks
from server.integrations.store import deliveries as rows
from server.integrations.webhook_worker import Courier
from tests.support.shop import REACTIONS, Shop, build, order

HERE = Places(["127.0.0.0/8"], http=True)
LATE = 4.0
"""Seconds after which a receiver counts as dead where one is: elsewhere a machine that is busy is no dead one."""


@dataclass
class Told:
    """The shop, and what is told of it."""

    shop: Shop
    told: dict[int, int] = field(default_factory=dict)

    @property
    def db(self) -> Database:
        return self.shop.db

    @property
    def clock(self) -> ManualClock:
        return self.shop.clock

    async def endpoint(self, url: str, *types: str) -> UUID:
        """An endpoint; without types it wants what is captured."""
        new = NewEndpoint(url=url, types=list(types or ("order.captured",)))
        made, _ = await self.shop.do(partial(endpoints.add, new=new))
        return made

    async def shown(self, endpoint: UUID) -> Endpoint:
        return await self.db.read(partial(endpoints.shown, endpoint=endpoint))

    async def capture(self, *references: str) -> None:
        """Orders are taken in, and that is told."""
        for reference in references:
            await self.shop.capture(order(reference, (("HONEY", 1, 500),), method="invoice"))
        await self.tell()

    async def tell(self, stream: int = CORE) -> None:
        """The sink gets what happened since."""
        events = await self.db.read(lambda conn: log.tail(conn, stream, self.told.get(stream, 0), 1000))
        self.told[stream] = events[-1].position
        await queue_webhooks(self.db, events)

    async def deliveries(self, endpoint: UUID | None = None) -> list[Delivery]:
        """The newest first."""
        return await self.db.read(partial(rows.page, before=None, endpoint=endpoint, state=None, most=100))

    async def until(self, endpoint: UUID, state: str, count: int = 1, tries: int | None = None) -> list[Delivery]:
        """Waits until so many of an endpoint's deliveries are in this state (after so many tries)."""
        async with asyncio.timeout(30):
            while True:
                rang = self.db.doorbell.count
                found = [
                    each
                    for each in await self.deliveries(endpoint)
                    if each.state == state and tries in (None, each.tries)
                ]
                if len(found) >= count:
                    return found
                await self.db.rang(0.5, after=rang)

    def later(self, seconds: float) -> None:
        """Time passes, and the courier looks."""
        self.clock.advance(seconds)
        self.db.doorbell.ring()

    @asynccontextmanager
    async def courier(self, db: Database | None = None, patience: float = PATIENCE) -> AsyncIterator[Courier]:
        """A courier at work."""
        db = db or self.db
        sender = Sender(HERE, self.clock, patience=patience)
        made = Courier(db, self.clock, sender, chance=lambda: 0.0)
        task = asyncio.create_task(made.run())
        try:
            yield made
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            await sender.close()


@pytest.fixture
async def told(open_database: Callable[..., Awaitable[Database]], clock: ManualClock) -> Told:
    """10 honey, 5 tea, and nobody who is told yet."""
    return Told(await build(await open_database(reactions=REACTIONS), clock))
