"""Why: people do what their screen shows, so a screen is one live topic, followed for as long as somebody looks."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from websockets.exceptions import WebSocketException

from seed.shift.caller import Caller
from seed.shift.live import Followed, Follower
from seed.shift.report import Broken

T = TypeVar("T")

COOKIES: Final = ("__Host-pickwave_session", "pickwave_session")
"""Under TLS and without."""
SIGNED_OUT: Final = 4401


@dataclass
class Screen:
    """One topic, as somebody sees it who is signed in. `run` keeps it alive; `lose` and `find` are its network."""

    caller: Caller
    url: str
    topic: str
    key: str
    tls: ssl.SSLContext | None = None
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _online: asyncio.Event = field(default_factory=asyncio.Event)
    _follower: Follower = field(init=False)

    def __post_init__(self) -> None:
        self._follower = Follower(self.url, tls=self.tls, followed={(self.topic, self.key): Followed()})
        self._online.set()

    @property
    def shown(self) -> Any:
        """What it shows now; None before the first picture."""
        return self._follower.state(self.topic, self.key)

    async def until(self, true: Callable[[Any], T | None]) -> T:
        """Looks until there is something that it makes of what is shown."""
        while True:
            self._news.clear()
            if self.shown is not None and (found := true(self.shown)) is not None:
                return found
            await self._news.wait()

    async def settle(self, true: Callable[[Any], bool], patience: float = 5.0) -> None:
        """Waits until what one has just done is seen here; not for ever, somebody else may have done more."""
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self.until(lambda shown: True if true(shown) else None)

    async def run(self) -> None:
        """Follows until it is cancelled, coming back where it was."""
        try:
            while True:
                await self._online.wait()
                with suppress(OSError, WebSocketException, ConnectionError):
                    await self._follow()
                await self._come_back()
        finally:
            await self._cut()

    async def _follow(self) -> None:
        follower = self._follower
        cookies = self.caller.http.cookies
        follower.cookie = "; ".join(f"{name}={cookies[name]}" for name in COOKIES if name in cookies)
        await follower.connect()
        while follower.closed is None and not follower.refused:
            self._news.set()
            await follower.changed()

    async def _come_back(self) -> None:
        if self._follower.refused:
            raise Broken(f"The topic {self.topic} was refused: {self._follower.refused}.")
        if self._follower.closed == SIGNED_OUT:
            await self.caller.again()
        if self._online.is_set():
            await self.caller.back()

    async def lose(self) -> None:
        """The network is gone: what is shown stays as it is."""
        self._online.clear()
        await self._cut()

    def find(self) -> None:
        """The network is there again."""
        self._online.set()

    async def _cut(self) -> None:
        if self._follower.open:
            await self._follower.disconnect(politely=False)
