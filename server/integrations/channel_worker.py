"""Why: a channel is answered as soon as what it sent is kept; what is made of it follows beside the requests.

It reads what was kept, looks at its address where nobody waits for a lock, captures the order or changes it, a commit
for each step. Whatever goes wrong is written beside it, so that nothing is tried for ever and nothing is lost. Several
processes may do so: whoever comes second finds it dealt with.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Final, TypeVar
from uuid import UUID

import structlog
from msgspec.structs import replace

from server.background import Site
from server.core.refusal import Fault, Refusal
from server.db.base import CORE
from server.db.database import Database
from server.db.errors import is_passing
from server.db.patience import patiently
from server.db.rounds import BREATH, rounds
from server.db.unit import Command, Lane
from server.db.work import Actor, Work
from server.integrations import hearing
from server.integrations.rules.changes import steps
from server.integrations.rules.sold import Deleted, Edited, Left, NotOurs, Refunded, Sold, Told, Wrong
from server.integrations.service import changes, checkouts
from server.integrations.service import incoming as service
from server.integrations.store import channels as store
from server.integrations.store.channels import Link
from server.orders import intake

T = TypeVar("T")

AT_ONCE: Final = 20
LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)
KEEPING: Final = 3600.0
"""Seconds between two rounds of letting go of what is old."""


class ChannelWorker:
    """Makes orders, and changes of orders, of what channels sent. One a process."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def run(self) -> None:
        """Works until it is cancelled; the doorbell wakes it."""
        helper = asyncio.create_task(self._let_go())
        try:
            await rounds(self._db, partial(patiently, self.step))
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
            await _Hand(self._db, incoming, "", "").settle("refuse", "went_wrong")

    async def _try(self, incoming: UUID) -> None:
        found = await self._db.read(partial(service.standing, incoming=incoming))
        if found is None:
            return
        hand = _Hand(self._db, incoming, found.whole.channel, found.kind, found.whole.received_at)
        if found.way is None:
            await hand.settle("refuse", "shop_unknown")
            return
        said = await asyncio.to_thread(hearing.read, found.kind, found.whole.topic, found.whole.body, found.way)
        match said:
            case NotOurs():
                await hand.settle("ignore", said.reason, subject=said.subject)
            case Wrong():
                await hand.settle("refuse", "order_wrong", said.faults, said.subject)
            case Sold():
                await hand.sold(said)
            case Left():
                await hand.left(said)
            case Edited():
                await hand.edited(said)
            case Refunded() | Deleted():
                await hand.told(said)

    async def _let_go(self) -> None:
        while True:
            dropped = await patiently(self._drop_old)
            await asyncio.sleep(BREATH if dropped else KEEPING)

    async def _drop_old(self) -> int:
        return await _Hand(self._db, UUID(int=0), "", "").write("channels.drop_old", service.drop_old)


class _Hand:
    """One delivery in hand: by which id, of which channel and kind."""

    def __init__(self, db: Database, incoming: UUID, channel: str, kind: str, received_at: datetime = LONG_AGO) -> None:
        self._db, self._incoming, self._channel, self._received_at = db, incoming, channel, received_at
        self._me = Actor(name=kind or "channels")

    async def sold(self, sold: Sold) -> None:
        """The whole order as it is now: taken in where it is not here, then brought to where it is over there."""
        link = await self._link(sold.subject)
        if link is None:
            if sold.told.cancelled:
                run = partial(service.call_off, incoming=self._incoming, subject=sold.subject, told=sold.told)
                await self.write("channels.call_off", run)
                return
            if sold.gone:
                await self.settle("ignore", "order_done", subject=sold.subject)
                return
            if not await self._place(sold):
                return
            link = await self._link(sold.subject)
        if link is None or link.order is None:
            await self.settle("ignore", "order_cancelled", subject=sold.subject)
        elif service.is_late(link, sold.told.at):
            await self.settle("ignore", "told_newer", subject=sold.subject)
        else:
            await self._bring(sold.subject, link, sold.told, sold.checkout)

    async def _place(self, sold: Sold) -> bool:
        """Takes it in; whether it is an order now."""
        if sold.order is None:
            await self.settle("refuse", "order_wrong", sold.faults, sold.subject)
            return False
        await asyncio.to_thread(intake.look, sold.order)
        try:
            await self.write(
                "channels.place", partial(service.place, incoming=self._incoming, sold=sold, order=sold.order)
            )
        except Refusal as refusal:
            if refusal.code == "busy":
                raise
            reason = refusal.code if refusal.code == "reference_taken" else "order_wrong"
            await self.settle("refuse", reason, refusal.faults, sold.subject)
            return False
        return True

    async def left(self, left: Left) -> None:
        """Somebody at the till; what it says of an order that is here is a change of that."""
        if left.sold is not None and await self._link(left.sold.subject) is not None:
            await self.sold(left.sold)
            return
        run = partial(checkouts.keep, channel=self._channel, left=left, received_at=self._received_at)
        await self.write("channels.checkout", run)
        await self.settle("ignore", "at_the_till", subject=left.checkout)

    async def edited(self, edited: Edited) -> None:
        """Lines were changed over there: the whole order says how, or will."""
        link = await self._link(edited.subject)
        if (
            link is None
            or link.order is None
            or (edited.at is not None and link.told.at is not None and edited.at <= link.told.at)
        ):
            await self.settle("ignore", "edit_told", subject=edited.subject)
        else:
            where = changes.Where(self._channel, edited.subject, self._incoming)
            await self.write("channels.edited", partial(changes.edited, where=where, units=edited.units))
            await self._done(edited.subject)

    async def told(self, said: Refunded | Deleted) -> None:
        """One thing about an order that is here."""
        link = await self._link(said.subject)
        if link is None or link.order is None:
            missing = isinstance(said, Refunded) and link is None
            await self.settle("refuse" if missing else "ignore", "order_missing" if missing else "order_cancelled",
                              subject=said.subject)  # fmt: skip
        elif isinstance(said, Deleted):
            await self._bring(said.subject, link, replace(link.told, cancelled="deleted"))
        else:
            await self._bring(said.subject, link, replace(link.told, refunds={**link.told.refunds, **said.refunds}))

    async def _bring(self, subject: str, link: Link, now: Told, checkout: str = "") -> None:
        """Every difference between what was said of an order and what is said now, one after the other."""
        where = changes.Where(self._channel, subject, self._incoming)
        seen: Link | None = link
        while seen is not None and (step := next(steps(seen.told, now), None)) is not None:
            if step.address is not None:
                await asyncio.to_thread(intake.look_at, step.address)
            try:
                await self.write("channels.change", partial(changes.change, where=where, now=now, step=step))
            except Refusal as refusal:
                if refusal.code == "busy":
                    raise
                await self.write(
                    "channels.cannot", partial(changes.cannot, where=where, now=now, step=step, refusal=refusal)
                )
            seen = await self._link(subject)
        if now.at is not None and now.at != link.told.at:
            await self.write("channels.settled", partial(changes.settled, where=where))
        await self._done(subject, now, checkout)

    async def _done(self, subject: str, told: Told | None = None, checkout: str = "") -> None:
        run = partial(service.done, incoming=self._incoming, subject=subject, told=told, checkout=checkout)
        await self.write("channels.done", run)

    async def _link(self, subject: str) -> Link | None:
        return await self._db.read(partial(store.link, channel=self._channel, subject=subject))

    async def settle(
        self, trigger: str, reason: str, faults: tuple[Fault, ...] = (), subject: str | None = None
    ) -> None:
        """Writes why nothing was made of it."""
        run = partial(
            service.settle, incoming=self._incoming, trigger=trigger, reason=reason, faults=faults, subject=subject
        )
        await self.write("channels.settle", run)

    async def write(self, name: str, run: Callable[[Work], T]) -> T:
        """A command that the floor goes before."""
        return (await self._db.write(Command(run, frozenset({CORE}), self._me, name, lane=Lane.BULK))).answer


async def run(site: Site) -> None:
    """For `app.py`'s BACKGROUND: makes orders of what channels sent."""
    await ChannelWorker(site.db).run()


def _log() -> structlog.stdlib.BoundLogger:
    logger: structlog.stdlib.BoundLogger = structlog.get_logger("pickwave.shops")
    return logger
