"""Why: signing in is slow on purpose, so what may be slow, for whom, and in what order stands here, outside any unit.

Tries go through one after the other: look at the tallies, compare the PIN off the loop, write down what came of it.
A hundred guesses sent at once are therefore a hundred guesses in a row, and from the fourth on they wait. Whoever
has to wait is told so at once, without costing a comparison.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Final
from uuid import UUID

import msgspec

from server.auth import rules, service, store, tokens
from server.auth.gate import ANYBODY, Caller, Gate
from server.auth.pins import Pins
from server.auth.schemas import PinChange, SignIn
from server.core.clock import Clock
from server.core.refusal import Fault, Refusal
from server.db.base import CORE
from server.db.database import Database
from server.db.unit import Command
from server.db.work import Actor, Work

MOST_WAITING: Final = 1000
"""More than so many people at the door: the next one is told to come again in a moment."""


class From(msgspec.Struct, frozen=True):
    """Where a try comes from: the address, the device's secret if it has one, the browser's session until now."""

    address: str
    device_secret: str | None = None
    token: str | None = None

    def __repr__(self) -> str:
        return f"From({self.address!r}, …)"


class In(msgspec.Struct, frozen=True):
    """Somebody who is in: the session's token, for the cookie and nowhere else, and what was begun."""

    token: str
    begun: service.Begun

    def __repr__(self) -> str:
        return "In(…)"


class Door:
    """Lets people in. One for a process."""

    def __init__(self, db: Database, clock: Clock, gate: Gate, pins: Pins, *, hours: int) -> None:
        self._db = db
        self._clock = clock
        self._gate = gate
        self._pins = pins
        self._hours = hours
        self._turn = asyncio.Lock()
        self._waiting = 0

    async def sign_in(self, asked: SignIn, origin: From) -> In:
        """Opens a session.

        Refuses `device_unknown`, `device_revoked`, `sign_in_throttled`, `sign_in_refused` (in the same words and time
        for an unknown badge, a disabled person and a wrong PIN), `pin_must_change`, `pin_weak`, `other_warehouse`.
        """
        device = await self._device(asked.device or origin.device_secret)
        badge = rules.badge_code(asked.badge)
        scopes = rules.scopes(tokens.mark(badge) if badge else None, device, origin.address)
        known = await self._proved(badge, asked.pin, scopes, device)
        new_pin = await self._new_pin(known, asked.pin, asked.new_pin)
        token = tokens.session_token()
        opening = service.Opening(
            badge=badge or "",
            pin_hash=known.pin_hash or "",
            token_hash=tokens.fingerprint(token),
            scopes=scopes,
            device=device,
            hours=self._hours,
            replaces=tokens.fingerprint(origin.token) if origin.token else None,
            new_pin_hash=new_pin,
        )
        actor = Actor(person=known.id, device=device, name=known.name, warehouse=known.warehouse)
        done = await self._db.write(
            Command(lambda work: service.open_session(work, opening), frozenset({CORE}), actor, "auth.sign_in")
        )
        self._gate.forget_sessions(done.answer.ended)
        return In(token, done.answer)

    async def change_pin(self, caller: Caller, asked: PinChange, address: str) -> None:
        """Changes the caller's own PIN; his other sessions end. Refuses like `sign_in`."""
        person = caller.actor.person
        if person is None:
            raise Refusal("not_signed_in")
        badge, _ = await self._db.read(lambda conn: store.pin_of(conn, person))
        scopes = rules.scopes(tokens.mark(badge), caller.actor.device, address)
        known = await self._proved(badge, asked.pin, scopes, caller.actor.device)
        new_hash = await self._new_pin(known, asked.pin, asked.new_pin)
        assert new_hash is not None

        def change(work: Work) -> tuple[UUID, ...]:
            return service.change_pin(work, person, caller.session, known.pin_hash or "", new_hash)

        done = await self._db.write(Command(change, frozenset({CORE}), caller.actor, "auth.change_pin"))
        self._gate.forget_sessions(done.answer)

    async def enrol(self, code: str, address: str) -> service.Enrolment:
        """Enrols a device with its code. Refuses `sign_in_throttled`, and `enrolment_refused`, which is counted."""
        scopes = rules.scopes(None, None, address)
        run = partial(service.enrol_device, code=code)
        async with self._in_turn(scopes):
            try:
                done = await self._db.write(Command(run, frozenset({CORE}), ANYBODY.actor, "auth.enrol_device"))
            except Refusal as refusal:
                if refusal.code == "enrolment_refused":
                    await self._failed(scopes, None)
                raise
        self._gate.forget_all()
        return done.answer

    async def _device(self, secret: str | None) -> UUID | None:
        if secret is None:
            return None
        return (await self._gate.device(secret)).id

    async def _proved(self, badge: str | None, pin: str, scopes: tuple[str, ...], device: UUID | None) -> store.Known:
        """The active person whose badge and PIN these are; a wrong one is counted before it is refused."""
        async with self._in_turn(scopes):
            known = await self._known(badge)
            usable = known is not None and known.active
            right = await self._pins.matches(known.pin_hash if known and usable else None, pin)
            if known is None or not right:
                await self._failed(scopes, device)
                raise Refusal("sign_in_refused")
            return known

    @asynccontextmanager
    async def _in_turn(self, scopes: tuple[str, ...]) -> AsyncIterator[None]:
        """One try after the other; whoever has to wait is told so before and after standing in line."""
        await self._patient(scopes)
        if self._waiting >= MOST_WAITING:
            raise Refusal("busy", waiting=self._waiting)
        self._waiting += 1
        try:
            async with self._turn:
                await self._patient(scopes)
                yield
        finally:
            self._waiting -= 1

    async def _patient(self, scopes: tuple[str, ...]) -> None:
        now = self._clock.now()
        found = await self._db.read(lambda conn: store.tallies(conn, scopes))
        seconds = max((rules.wait(tally, now) for tally in found.values()), default=0)
        if seconds:
            raise Refusal("sign_in_throttled", seconds=seconds)

    async def _known(self, badge: str | None) -> store.Known | None:
        if badge is None:
            return None
        return await self._db.read(lambda conn: store.person_of_badge(conn, badge))

    async def _failed(self, scopes: tuple[str, ...], device: UUID | None) -> None:
        actor = Actor(device=device, name="somebody at the door")
        await self._db.write(
            Command(lambda work: service.note_failure(work, scopes), frozenset({CORE}), actor, "auth.sign_in_failed")
        )

    async def _new_pin(self, known: store.Known, pin: str, new_pin: str | None) -> str | None:
        if new_pin is None:
            if known.pin_once:
                raise Refusal("pin_must_change")
            return None
        rules.check_pin(new_pin, "new_pin")
        if new_pin == pin:
            raise Refusal("pin_weak", Fault("new_pin", "This is the PIN you have.", "another PIN"))
        return await self._pins.hash(new_pin)
