"""Why: one socket must never cost another anything: what waits for it is bounded, and who does not read is let go.

A `Line` is the server's end of one socket, whatever the socket is made of (`Wire`). It reads messages one after the
other, no more than a hundred a minute, and writes what was put into its queue. The first reason to end it wins.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final, Protocol

import structlog
from prometheus_client import Counter

from server.auth.gate import Caller

MESSAGE_BYTES: Final = 64 * 1024
MESSAGES_A_MINUTE: Final = 100
MOST_WAITING: Final = 64
MOST_WAITING_CHARS: Final = 1024 * 1024
"""Above either, frames wait for a reader who does not come. One frame may be larger when nothing else waits."""
CLOSE_WITHIN: Final = 10.0
"""Seconds for the close frame to get behind what the network still holds."""

GOING_AWAY: Final = 1012
TOO_BIG: Final = 1009
TOO_MANY: Final = 1008
NOT_SIGNED_IN: Final = 4401
OVERFLOW: Final = 4408

FRAMES: Final = Counter("pickwave_live_frames_total", "Frames put into a socket's queue")
CLOSED: Final = Counter("pickwave_live_closed_total", "Sockets that the server closed", ("code",))


class Wire(Protocol):
    """What carries the messages. `send` may take as long as the other end likes; `Gone` once there is none."""

    async def send(self, text: str) -> None: ...
    async def receive(self) -> str | bytes: ...
    async def close(self, code: int, reason: str) -> None: ...


class Gone(Exception):
    """There is nobody at the other end any more."""


class Allowance:
    """So many messages a minute, and as many at once after a quiet while."""

    def __init__(self, a_minute: int, timer: Callable[[], float] = time.monotonic) -> None:
        self._most = a_minute
        self._left = float(a_minute)
        self._timer = timer
        self._at = timer()

    def spend(self) -> bool:
        """Whether one more is allowed."""
        now = self._timer()
        self._left = min(self._most, self._left + (now - self._at) * self._most / 60)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


class Line:
    """One socket and whoever is at its other end."""

    def __init__(self, wire: Wire, caller: Caller, allowance: Allowance | None = None) -> None:
        self.caller = caller
        self._wire = wire
        self._allowance = allowance or Allowance(MESSAGES_A_MINUTE)
        self._waiting: deque[str] = deque()
        self._chars = 0
        self._filled = asyncio.Event()
        self._ending: tuple[int, str] | None = None
        self._ended = asyncio.Event()

    def put(self, text: str) -> None:
        """Has a frame sent. A line whose reader has fallen behind ends with 4408 instead."""
        if self._ending is not None:
            return
        if self._waiting and (len(self._waiting) >= MOST_WAITING or self._chars + len(text) > MOST_WAITING_CHARS):
            self.end(OVERFLOW, "resync")
            return
        FRAMES.inc()
        self._waiting.append(text)
        self._chars += len(text)
        self._filled.set()

    def end(self, code: int, reason: str) -> None:
        """Closes the socket with this code; what still waits is not sent."""
        if self._ending is None:
            self._ending = (code, reason)
            self._waiting.clear()
            self._ended.set()

    async def run(self, heard: Callable[[str | bytes], Awaitable[None]]) -> None:
        """Serves the socket until either end has had enough."""
        tasks = [asyncio.create_task(each) for each in (self._read(heard), self._write(), self._until_ended())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            results = await asyncio.gather(*tasks, return_exceptions=True)
        await self._close()
        for result in results:
            if isinstance(result, Exception) and not isinstance(result, Gone):
                raise result

    async def _until_ended(self) -> None:
        await self._ended.wait()

    async def _read(self, heard: Callable[[str | bytes], Awaitable[None]]) -> None:
        while True:
            text = await self._wire.receive()
            if len(text) > MESSAGE_BYTES:
                return self.end(TOO_BIG, "message_too_big")
            if not self._allowance.spend():
                return self.end(TOO_MANY, "too_many_messages")
            await heard(text)
            await asyncio.sleep(0)  # many messages at once must not keep the writer from its turn

    async def _write(self) -> None:
        while True:
            await self._filled.wait()
            while self._waiting:
                text = self._waiting.popleft()
                self._chars -= len(text)
                await self._wire.send(text)
            self._filled.clear()

    async def _close(self) -> None:
        if self._ending is None:
            return
        code, reason = self._ending
        CLOSED.labels(str(code)).inc()
        try:
            async with asyncio.timeout(CLOSE_WITHIN):
                await self._wire.close(code, reason)
        except Gone:
            return
        except TimeoutError:
            _log().info("socket_left", code=code, reason="it reads nothing, not even its close")


def _log() -> structlog.stdlib.BoundLogger:
    logger: structlog.stdlib.BoundLogger = structlog.get_logger("pickwave.live")
    return logger
