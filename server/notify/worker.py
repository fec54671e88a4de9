"""Why: messages go out between two commands and inside none; a mail server that is slow or away holds up nobody.

It writes down that it sends a message, in which words (a commit), hands it over, and records what came of it (another
commit). Between the two a process may die: then nobody knows, and it is not sent again by itself. Several processes
may run theirs.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Final, TypeVar

import sqlalchemy as sa
import structlog

from server.background import Site
from server.core.clock import Clock
from server.db.base import CORE
from server.db.database import Database
from server.db.errors import BAD_SETTING, StartError, is_passing
from server.db.patience import patiently
from server.db.rounds import rounds, until
from server.db.unit import Command, Lane
from server.db.work import Actor, Work
from server.notify.adapters.log import LogCarrier
from server.notify.adapters.sms import TO, NotInstalled, SmsCarrier, library
from server.notify.adapters.smtp import Server, SmtpCarrier
from server.notify.port import Carrier
from server.notify.rules import CHANNELS, Answer
from server.notify.schemas import Way
from server.notify.service import outbox, templates
from server.notify.service.outbox import Claimed
from server.notify.store import messages as store
from server.settings import Settings
from server.shipping import brand, tracking

T = TypeVar("T")

ME: Final = Actor(name="messages")
AT_ONCE: Final = 4
"""So many messages are handed over at a time."""
PARKED_AT_ONCE: Final = 50
LAST_WORDS: Final = 2.0
"""Seconds in which what is on its way may still be answered when the process ends."""

Carriers = Mapping[str, Carrier]
"""The way out of each channel."""


def carriers_of(settings: Settings) -> Carriers:
    """The ways out that the settings name; raises StartError for one that cannot be."""
    server = Server.of(settings)
    return {
        "email": LogCarrier() if server is None else SmtpCarrier(server),
        "sms": _sms(settings.sms_url) if settings.sms_url else LogCarrier(),
    }


def _sms(url: str) -> Carrier:
    if TO not in url:
        raise StartError(f"PICKWAVE_SMS_URL: wanted {TO} where the number goes, got an address without it", BAD_SETTING)
    try:
        return SmsCarrier(url, library())
    except NotInstalled as error:
        raise StartError(str(error), BAD_SETTING) from None


class Postman:
    """Sends what is due. One a process."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        carriers: Carriers,
        *,
        public_url: str = "",
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.carriers = carriers
        self.public_url = public_url
        self._db = db
        self._clock = clock
        self._chance = chance

    def ways(self) -> list[Way]:
        """The channels as people see them."""
        return [Way(channel, self.carriers[channel].is_set_up, self.carriers[channel].described(), 0)
                for channel in CHANNELS]  # fmt: skip

    async def run(self) -> None:
        """Sends until it is cancelled. May be run again after a failure."""
        set_up = [channel for channel in CHANNELS if self.carriers[channel].is_set_up]
        await patiently(partial(self._write, "messages.wake", partial(outbox.wake, channels=set_up)))
        await rounds(self._db, partial(patiently, self.step), partial(patiently, self._nap))

    async def step(self) -> int:
        """Sends some of what is due; how many that was."""
        await self._look_after_the_dead()
        due = await self._db.read(partial(store.due, now=self._clock.now(), most=PARKED_AT_ONCE))
        nobody = [each for each in due if not self.carriers[each.channel].is_set_up]
        if nobody:
            await self._write("messages.park", partial(outbox.park, found=nobody))
        ready = _in_order([each for each in due if self.carriers[each.channel].is_set_up])[:AT_ONCE]
        if ready and self.public_url:
            await self._write("messages.link_key", tracking.make_key)
        await asyncio.gather(*(self._send(each) for each in ready))
        return len(nobody) + len(ready)

    async def _look_after_the_dead(self) -> None:
        flying = await self._db.read(store.sending)
        dead = await self._db.ended({each.sender for each in flying})
        now = self._clock.now()
        if any(each.sender in dead or each.lease_until <= now for each in flying):
            await self._write("messages.lose", partial(outbox.lose, dead=dead))

    async def _send(self, found: store.Facts) -> None:
        try:
            written, name = await self._db.snapshot(partial(self._written, found=found))
        except Exception as error:
            if is_passing(error):
                raise
            _log().error("message_not_written", message=str(found.id), exc_info=error)
            await self._write("messages.spoil", partial(outbox.spoil, found=found, reason="went_wrong"))
            return
        run = partial(outbox.claim, found=found, written=written, sender=self._db.life, name=name)
        claimed: Claimed | None = await self._write("messages.claim", run)
        if claimed is None:
            return
        handing = asyncio.ensure_future(self._hand_over(claimed))
        try:
            await asyncio.shield(handing)
        except asyncio.CancelledError:
            await asyncio.wait({handing}, timeout=LAST_WORDS)
            raise

    async def _hand_over(self, claimed: Claimed) -> None:
        message = str(claimed.facts.id)
        try:
            answer = await self.carriers[claimed.facts.channel].send(claimed.letter)
        except Exception as error:  # noqa: BLE001  (a fault of ours: whether it went out before, nobody knows)
            _log().error("message_broke", message=message, exc_info=error)
            answer = Answer("unsure", "went_wrong")
        record = partial(outbox.record, claimed=claimed, sender=self._db.life, answer=answer, chance=self._chance())
        state = await patiently(partial(self._write, "messages.record", record))
        if state != "sent":
            _log().warning("message_not_sent", message=message, state=state, reason=answer.reason)

    def _written(self, conn: sa.Connection, found: store.Facts) -> tuple[templates.Written, str]:
        return templates.write(conn, found, self.public_url), brand.shown(conn).name

    async def _nap(self) -> float:
        return until(await self._db.read(store.next_due), self._clock.now())

    async def _write(self, name: str, run: Callable[[Work], T]) -> T:
        return (await self._db.write(Command(run, frozenset({CORE}), ME, name, lane=Lane.BULK))).answer


def _in_order(due: Sequence[store.Facts]) -> list[store.Facts]:
    """The first of each order: what happened first is told first."""
    return list({each.order: each for each in reversed(due)}.values())[::-1]


@asynccontextmanager
async def postman(site: Site) -> AsyncIterator[Postman]:
    """For `app.py`'s THINGS: the postman with the ways out of the settings."""
    yield Postman(site.db, site.clock, carriers_of(site.settings), public_url=site.settings.public_url)


async def run(site: Site) -> None:
    """For `app.py`'s BACKGROUND: sends."""
    found = site.things["postman"]
    assert isinstance(found, Postman)
    await found.run()


def _log() -> structlog.stdlib.BoundLogger:
    logger: structlog.stdlib.BoundLogger = structlog.get_logger("pickwave.messages")
    return logger
