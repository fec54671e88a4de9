"""A gateway that refuses to be called from inside a unit of work."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar, cast

from server.db.database import Database
from server.db.unit import Command, Done
from server.payments.port import Answer, Booked, Books, Call, Declined, Gateway, GatewayTimeout, Heard, News

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
    """A gateway with a door: each call is counted, and may be cut off before or after it is heard."""

    inner: Gateway
    asked: list[str] = field(default_factory=list)
    cut_before: int = 0
    cut_after: int = 0
    no: str = ""
    """The next call is declined for this, and not heard."""
    after: Callable[[Call], Awaitable[None]] | None = None
    """Done once, when a call was heard and before its answer goes back."""

    @property
    def name(self) -> str:
        return self.inner.name

    def listen(self, heard: Heard) -> None:
        self.inner.listen(heard)

    async def close(self) -> None:
        await self.inner.close()

    async def authorise(self, call: Call) -> Answer:
        return await self._through("authorise", call, self._or_no(self.inner.authorise))

    async def reauthorise(self, call: Call) -> Answer:
        return await self._through("reauthorise", call, self._or_no(self.inner.reauthorise))

    async def capture(self, call: Call) -> Answer:
        return await self._through("capture", call, self._or_no(self.inner.capture))

    async def void(self, call: Call) -> Answer:
        return await self._through("void", call, self._or_no(self.inner.void))

    async def refund(self, call: Call) -> Answer:
        return await self._through("refund", call, self._or_no(self.inner.refund))

    async def status(self, call: Call) -> Answer | None:
        return await self._through("status", call, self.inner.status)

    async def books(self, since: datetime, until: datetime, after: str | None) -> Books:
        assert not _inside.get(), "books were read inside a unit of work"
        return await self.inner.books(since, until, after)

    async def booked(self, call: Call) -> Booked | None:
        return await self._through("booked", call, self.inner.booked)

    def news(self, headers: Mapping[str, str], body: bytes, now: datetime) -> News:
        return self.inner.news(headers, body, now)

    def _or_no(self, ask: Callable[[Call], Awaitable[Answer]]) -> Callable[[Call], Awaitable[Answer]]:
        async def asked(call: Call) -> Answer:
            if self.no:
                reason, self.no = self.no, ""
                return Declined(reason)
            return await ask(call)

        return asked

    async def _through(self, kind: str, call: Call, ask: Callable[[Call], Awaitable[T]]) -> T:
        assert not _inside.get(), f"{kind} was called inside a unit of work"
        self.asked.append(kind)
        if self.cut_before:
            self.cut_before -= 1
            raise GatewayTimeout("cut before it was heard")
        answer = await ask(call)
        if self.after is not None and kind != "status":
            then, self.after = self.after, None
            await then(call)
        if self.cut_after:
            self.cut_after -= 1
            raise GatewayTimeout("cut after it was heard")
        return answer
