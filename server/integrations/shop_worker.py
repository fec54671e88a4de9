"""Why: a shop is answered as soon as what it sent is kept; what is made of it follows beside the requests.

It reads what was kept, looks at its address where nobody waits for a lock, and captures the order (a commit). Whatever
goes wrong is written beside it, so that nothing is tried for ever and nothing is lost. Several processes may do so:
whoever comes second finds it dealt with.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Final, TypeVar
from uuid import UUID

import msgspec
import structlog

from server.background import Site
from server.core.refusal import Fault, Refusal
from server.db.base import CORE
from server.db.database import Database
from server.db.errors import is_passing
from server.db.patience import patiently
from server.db.unit import Command, Lane
from server.db.work import Actor, Work
from server.integrations.rules import shopify as rules
from server.integrations.rules.shopify import NotOurs, Ours, ShopOrder, Wrong
from server.integrations.service import shopify as service
from server.integrations.store import shopify as store
from server.orders import intake
from server.web.body import fault_of

T = TypeVar("T")

ME: Final = Actor(name="shopify")
AT_ONCE: Final = 20
LONGEST_NAP: Final = 30.0
BREATH: Final = 0.2
"""Seconds between two looks, however often the doorbell rings."""
KEEPING: Final = 3600.0
"""Seconds between two rounds of letting go of what is old."""


class ShopWorker:
    """Makes orders of what shops sent. One a process."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def run(self) -> None:
        """Works until it is cancelled; the doorbell wakes it."""
        helper = asyncio.create_task(self._let_go())
        try:
            while True:
                rang = self._db.doorbell.count
                if not await patiently(self.step):
                    await self._db.rang(LONGEST_NAP, after=rang)
                await asyncio.sleep(BREATH)
        finally:
            helper.cancel()
            with suppress(asyncio.CancelledError):
                await helper

    async def step(self) -> int:
        """Deals with what is there; how much it was."""
        due = await self._db.read(partial(store.due, most=AT_ONCE))
        for incoming in due:
            await self._deal_with(incoming)
        return len(due)

    async def _deal_with(self, incoming: UUID) -> None:
        try:
            await self._try(incoming)
        except Exception as error:
            if is_passing(error):
                raise
            _log().error("shop_delivery_failed", incoming=str(incoming), exc_info=error)
            await self._settle(incoming, "refuse", "went_wrong")

    async def _try(self, incoming: UUID) -> None:
        found = await self._db.read(partial(store.whole, incoming=incoming))
        if found is None:
            return
        ways = await self._db.read(partial(service.ways, channel=found.channel))
        if ways is None:
            await self._settle(incoming, "refuse", "shop_unknown")
        elif found.topic not in rules.TOPICS:
            await self._settle(incoming, "ignore", "topic_unwanted")
        else:
            await self._read(incoming, found.body, *ways)

    async def _read(self, incoming: UUID, body: bytes, way: rules.Way, services: frozenset[str]) -> None:
        shop = _read(body)
        if isinstance(shop, Fault):
            await self._settle(incoming, "refuse", "order_wrong", (shop,))
            return
        subject, read = str(shop.id), rules.read(shop, way, services)
        if isinstance(read, NotOurs):
            await self._settle(incoming, "ignore", read.reason, subject=subject)
        elif isinstance(read, Wrong):
            await self._settle(incoming, "refuse", "order_wrong", read.faults, subject)
        else:
            await self._place(incoming, subject, read)

    async def _place(self, incoming: UUID, subject: str, ours: Ours) -> None:
        await asyncio.to_thread(intake.look, ours.order)
        try:
            await self._write("shops.place", partial(service.place, incoming=incoming, subject=subject, ours=ours))
        except Refusal as refusal:
            if refusal.code == "busy":
                raise
            await self._settle(incoming, "refuse", "order_wrong", refusal.faults, subject)

    async def _settle(
        self, incoming: UUID, trigger: str, reason: str, faults: tuple[Fault, ...] = (), subject: str | None = None
    ) -> None:
        run = partial(service.settle, incoming=incoming, trigger=trigger, reason=reason, faults=faults, subject=subject)
        await self._write("shops.settle", run)

    async def _let_go(self) -> None:
        while True:
            dropped = await patiently(partial(self._write, "shops.drop_old", service.drop_old))
            await asyncio.sleep(BREATH if dropped else KEEPING)

    async def _write(self, name: str, run: Callable[[Work], T]) -> T:
        return (await self._db.write(Command(run, frozenset({CORE}), ME, name, lane=Lane.BULK))).answer


def _read(body: bytes) -> ShopOrder | Fault:
    """The order in a body, or what is wrong with that."""
    try:
        return msgspec.json.decode(body, type=ShopOrder)
    except msgspec.ValidationError as error:
        return fault_of(str(error), body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Fault("", "The body is no JSON that can be read.", "JSON", f"{len(body)} bytes")


async def run(site: Site) -> None:
    """For `app.py`'s BACKGROUND: makes orders of what shops sent."""
    await ShopWorker(site.db).run()


def _log() -> structlog.stdlib.BoundLogger:
    logger: structlog.stdlib.BoundLogger = structlog.get_logger("pickwave.shops")
    return logger
