"""Why: whoever tails the log wants to be woken, not to poll. The doorbell carries nothing: the log is the truth."""

from __future__ import annotations

import asyncio


class Doorbell:
    """Rung after every commit; wakes everyone who waits on the loop it was made for."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._count = 0
        self._next: asyncio.Future[None] = loop.create_future()

    @property
    def count(self) -> int:
        """How often it rang: take it before reading the log, wait after it, and no ring is missed."""
        return self._count

    def ring(self) -> None:
        """Rings; on the loop's own thread."""
        self._count += 1
        waited, self._next = self._next, self._loop.create_future()
        waited.set_result(None)

    async def wait(self, after: int | None = None) -> int:
        """Waits until it has rung more than `after` times (without it: until the next ring); gives the count."""
        seen = self._count if after is None else after
        while self._count <= seen:
            await asyncio.shield(self._next)
        return self._count
