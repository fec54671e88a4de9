"""Why: every request is asked who it is, hundreds of times a second, and whoever was locked out is out at once.

What a session, a key or a device secret stands for is kept in this process for a moment. Whatever changes it clears
what is kept before its own answer leaves, and other processes hear the event from the log; a short age limit is the
net below that. Nothing is refused for idleness by what is only remembered: the database is asked first.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar
from uuid import UUID

import msgspec
import structlog

from server.auth import rules, service, store, tokens
from server.auth.permissions import DEVICE_ALONE, LOCKED_OUT, PERMISSIONS, PUBLIC, permissions_of
from server.auth.schemas import ApiKey, Device
from server.core.clock import Clock
from server.core.refusal import Fault, Refusal
from server.db.base import CORE
from server.db.database import Database
from server.db.errors import WriteFailed, WriteLost
from server.db.unit import Command
from server.db.work import Actor

T = TypeVar("T")

AUTH_EVENTS: Final = frozenset({"session.ended", "person.changed", "device.changed", "key.changed"})
"""What other processes must hear: a live sink calls `Gate.heard` for these."""
MOST_KEPT: Final = 4096
ALONE_FOR: Final = 60.0
SHARED_FOR: Final = 5.0
"""Seconds for which something is kept: with one process, which does every change itself, and with several."""


class Credentials(msgspec.Struct, frozen=True):
    """What a request shows of itself."""

    session: str | None = None
    bearer: str | None = None
    device: str | None = None

    def __repr__(self) -> str:
        return "Credentials(…)"


class Caller(msgspec.Struct, frozen=True):
    """Who asks, and what he may do. `actor` is what the write path needs of it."""

    actor: Actor
    permissions: frozenset[str] = frozenset()
    roles: tuple[str, ...] = ()
    language: str | None = None
    """A person's own."""
    session: UUID | None = None
    expires_at: datetime | None = None

    def may(self, permission: str) -> bool:
        """Whether this permission is his."""
        return permission in self.permissions

    def need(self, permission: str) -> None:
        """Refuses with `not_allowed` unless this permission is his; with `all_warehouses_only` where he would have it
        if he worked in all of them.
        """
        if permission not in self.permissions:
            said = PERMISSIONS[permission].sentence
            why = "all_warehouses_only" if permission in permissions_of(self.roles) else "not_allowed"
            raise Refusal(why, Fault("permission", said, permission), permission=permission)

    @property
    def reach(self) -> service.Reach:
        """How far he may reach where he manages people, devices and keys."""
        return service.Reach(self.permissions, self.actor.warehouse)


ANYBODY: Final = Caller(Actor(name="anybody"), frozenset({PUBLIC}))
"""Who asks for something that needs no signing in."""


@dataclass
class _Kept:
    """A session as it was read: `seen_at` is when it was last written that somebody works in it."""

    caller: Caller
    seen_at: datetime
    expires_at: datetime


class Memory:
    """Things that were read a moment ago, by the hash of what stands for them.

    What was being read while something changed is not kept: it may be the old truth.
    """

    def __init__(self, seconds: float, timer: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._timer = timer
        self._kept: dict[tuple[str, bytes], tuple[float, object]] = {}
        self._changes = 0

    async def get(self, kind: str, key: bytes, load: Callable[[], Awaitable[T]]) -> T:
        """What is kept under this key, or else what `load` reads."""
        found = self._kept.get((kind, key))
        if found is not None and found[0] > self._timer():
            return found[1]  # type: ignore[return-value]  # under one kind there is one type
        before = self._changes
        loaded = await load()
        if before == self._changes and loaded is not None:
            self._keep((kind, key), loaded)
        return loaded

    def drop(self, kind: str, key: bytes) -> None:
        """Forgets one thing."""
        self._changes += 1
        self._kept.pop((kind, key), None)

    def drop_where(self, gone: Callable[[object], bool]) -> None:
        """Forgets whatever `gone` says yes to."""
        self._changes += 1
        for key in [key for key, (_, value) in self._kept.items() if gone(value)]:
            del self._kept[key]

    def clear(self) -> None:
        """Forgets everything."""
        self._changes += 1
        self._kept.clear()

    def _keep(self, key: tuple[str, bytes], value: object) -> None:
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        self._kept[key] = (self._timer() + self._seconds, value)


class Gate:
    """Tells who asks. One for a process."""

    def __init__(self, db: Database, clock: Clock, *, idle: timedelta, memory: Memory) -> None:
        self._db = db
        self._clock = clock
        self._idle = idle
        self._memory = memory

    async def admit(self, shown: Credentials, permission: str) -> Caller:
        """Who asks for something that needs this permission.

        Refuses with `not_signed_in`, `session_ended`, `device_unknown`, `device_revoked`, `not_allowed` or
        `all_warehouses_only`.
        """
        if permission == PUBLIC:
            return ANYBODY
        caller = await self._who(shown, permission)
        caller.need(permission)
        return caller

    async def _who(self, shown: Credentials, permission: str) -> Caller:
        if shown.bearer is not None:
            return await self._of_key(shown.bearer)
        if shown.device is None:
            return await self.of_session(shown.session)
        if permission in LOCKED_OUT and (out := await self._found(shown.device)).state == "revoked":
            return _alone(out, LOCKED_OUT)
        device = await self.device(shown.device)
        try:
            person = await self.of_session(shown.session)
            if person.actor.device == device.id:
                return person
            raise Refusal("not_signed_in")
        except Refusal:
            if permission in DEVICE_ALONE:
                return _alone(device, DEVICE_ALONE)
            raise

    # --- people

    async def of_session(self, token: str | None) -> Caller:
        """The person in the session of this token; refuses `not_signed_in` or `session_ended`."""
        if token is None:
            raise Refusal("not_signed_in")
        hashed = tokens.fingerprint(token)
        kept = await self._memory.get("session", hashed, lambda: self._read_session(hashed))
        if kept is not None and self._over(kept):
            self._memory.drop("session", hashed)
            kept = await self._memory.get("session", hashed, lambda: self._read_session(hashed))
        if kept is None or self._over(kept):
            raise Refusal("session_ended")
        await self._touch(kept)
        return kept.caller

    async def again(self, caller: Caller) -> Caller | None:
        """The same person as the database has him now, for a socket that stays open; None when his session is over."""
        if caller.session is None:
            return None
        session = caller.session
        kept = _kept(await self._db.read(lambda conn: store.session_by_id(conn, session)))
        return None if kept is None or self._over(kept) else kept.caller

    async def _read_session(self, hashed: bytes) -> _Kept | None:
        return _kept(await self._db.read(lambda conn: store.session_by_token(conn, hashed)))

    def _over(self, kept: _Kept) -> bool:
        now = self._clock.now()
        return rules.session_over(now=now, seen_at=kept.seen_at, expires_at=kept.expires_at, idle=self._idle)

    async def _touch(self, kept: _Kept) -> None:
        """Writes down, now and then, that somebody works here. That it could not be written refuses nobody."""
        now, session = self._clock.now(), kept.caller.session
        if session is None or not rules.touch_due(now=now, seen_at=kept.seen_at, idle=self._idle):
            return
        kept.seen_at = now
        try:
            await self._db.write(
                Command(lambda work: service.touch(work, session), frozenset({CORE}), kept.caller.actor, "auth.touch")
            )
        except (Refusal, WriteFailed, WriteLost) as error:
            _log().warning("session_not_touched", session=str(session), reason=type(error).__name__)

    # --- devices and keys

    async def device(self, secret: str) -> Device:
        """The enrolled device with this secret; refuses `device_unknown` or `device_revoked`."""
        found = await self._found(secret)
        if found.state != "enrolled":
            raise Refusal("device_revoked")
        return found

    async def _found(self, secret: str) -> Device:
        hashed = tokens.fingerprint(secret)
        found = await self._memory.get(
            "device", hashed, lambda: self._db.read(lambda conn: store.device_of_secret(conn, hashed))
        )
        if found is None:
            raise Refusal("device_unknown")
        return found

    async def _of_key(self, text: str) -> Caller:
        hashed = tokens.fingerprint(text)
        found = await self._memory.get(
            "key", hashed, lambda: self._db.read(lambda conn: store.key_of_hash(conn, hashed))
        )
        if found is None or found.revoked_at is not None:
            raise Refusal("not_signed_in")
        return _of_key(found)

    # --- what changed

    def forget_sessions(self, ended: Collection[UUID]) -> None:
        """These sessions have ended."""
        if ended:
            self._memory.drop_where(lambda value: isinstance(value, _Kept) and value.caller.session in ended)

    def forget_all(self) -> None:
        """Somebody's rights have changed."""
        self._memory.clear()

    def heard(self, name: str, payload: Mapping[str, Any]) -> None:
        """An event of the log, perhaps of another process. Its ids may be text, as they lie in the log."""
        if name == "session.ended":
            self.forget_sessions({UUID(str(payload["session"]))})
        elif name in AUTH_EVENTS:
            self.forget_all()


def _kept(found: store.Opened | None) -> _Kept | None:
    """A session as it is kept; None where it is over for another reason than time."""
    if found is None or found.ended_at is not None or not found.active:
        return None
    if found.device is not None and found.device_state != "enrolled":
        return None
    actor = Actor(person=found.person, device=found.device, name=found.name, warehouse=found.warehouse)
    caller = Caller(
        actor,
        permissions_of(found.roles, found.warehouse),
        found.roles,
        found.language,
        session=found.id,
        expires_at=found.expires_at,
    )
    return _Kept(caller, found.seen_at, found.expires_at)


def _alone(device: Device, may: frozenset[str]) -> Caller:
    return Caller(Actor(device=device.id, name=device.name, warehouse=device.warehouse), may)


def _of_key(key: ApiKey) -> Caller:
    actor = Actor(key=key.id, name=key.name, warehouse=key.warehouse)
    return Caller(actor, permissions_of(key.roles, key.warehouse), key.roles)


def _log() -> structlog.stdlib.BoundLogger:
    logger: structlog.stdlib.BoundLogger = structlog.get_logger("pickwave.auth")
    return logger
