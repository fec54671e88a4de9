"""A gateway that refuses to be called from inside a unit of work."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar, cast

from server.db.database import Database
from server.db.unit import Command, Done
from server.payments.adapters.sandbox import SandboxGateway
from server.payments.port import Answer, GatewayTimeout, Heard

T = TypeVar("T")

_inside: ContextVar[bool] = ContextVar("inside a unit of work", default=False)


class _Watching:
    """A database whose commands know that they run."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def __getattr__(self, name: str) -> Any:
        return getattr(self._db, name)

    async def write(self, command: Command[T]) -> Done[T]:
        def run(work: Any) -> T:
            token = _inside.set(True)
            try:
                return command.run(work)
            finally:
                _inside.reset(token)

        return await self._db.write(replace(command, run=run))


def watching(db: Database) -> Database:
    """The same database, watched."""
    return cast(Database, _Watching(db))


@dataclass
class Watched:
    """The sandbox with a door: each call is counted, and may be cut off before or after it is heard."""

    inner: SandboxGateway
    asked: list[str] = field(default_factory=list)
    cut_before: int = 0
    cut_after: int = 0
    name: str = "sandbox"

    def listen(self, heard: Heard) -> None:
        self.inner.listen(heard)

    async def authorise(self, key: str, token: str, amount_minor: int, currency: str) -> Answer:
        return await self._through("authorise", lambda: self.inner.authorise(key, token, amount_minor, currency))

    async def capture(self, key: str, reference: str, amount_minor: int) -> Answer:
        return await self._through("capture", lambda: self.inner.capture(key, reference, amount_minor))

    async def void(self, key: str, reference: str) -> Answer:
        return await self._through("void", lambda: self.inner.void(key, reference))

    async def status(self, key: str) -> Answer | None:
        return await self._through("status", lambda: self.inner.status(key))

    async def _through(self, kind: str, call: Callable[[], Awaitable[T]]) -> T:
        assert not _inside.get(), f"{kind} was called inside a unit of work"
        self.asked.append(kind)
        if self.cut_before:
            self.cut_before -= 1
            raise GatewayTimeout("cut before it was heard")
        answer = await call()
        if self.cut_after:
            self.cut_after -= 1
            raise GatewayTimeout("cut after it was heard")
        return answer
