"""The client of the live socket as a test wants it: it keeps every frame, and can ask up to where it is right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from seed.shift.live import Follower, applied

__all__ = ["LiveClient", "applied"]


@dataclass
class LiveClient(Follower):
    """One client that remembers."""

    frames: list[dict[str, Any]] = field(default_factory=list)

    async def ping(self) -> dict[str, int]:
        """Asks up to where what one has is true."""
        asked = len(self.frames)
        await self.send({"type": "ping"})
        pong = await self.answer("pong", since=asked)
        return dict(pong["positions"])

    async def answer(self, type_: str, *, since: int = 0) -> dict[str, Any]:
        """The first frame of this type."""

        def found() -> dict[str, Any] | None:
            return next((frame for frame in self.frames[since:] if frame["type"] == type_), None)

        await self.wait_until(lambda: found() is not None)
        frame = found()
        assert frame is not None
        return frame

    async def caught_up(self, heads: Mapping[int, int]) -> None:
        """Waits until the server says that what one has is true up to these positions of the streams one follows."""
        while True:
            seen = len(self.frames)
            until = await self.ping()
            if all(until.get(str(stream), head) >= head for stream, head in heads.items()):
                return
            await self.changed(seen + 1)

    async def take(self, frame: dict[str, Any]) -> None:
        """Keeps it, and does what it says."""
        self.frames.append(frame)
        await super().take(frame)
