"""A client of the live socket: it subscribes, applies deltas, notices gaps, and comes back where it was.

    async with Follower(url, cookie) as follower:
        await follower.follow("queue", "1")
        await follower.wait_until(lambda: follower.state("queue", "1")["offers"])

Why: people without a browser see what a browser sees. What it does with a frame is what the PWA does
(`pwa/src/core/live.ts`).
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

Name = tuple[str, str]


@dataclass
class Followed:
    """What is known of a topic, and up to where."""

    data: Any = None
    positions: dict[str, int] | None = None


@dataclass
class Follower:
    """One client; `connect` may be called again after the socket was lost."""

    url: str
    cookie: str = ""
    origin: str | None = None
    tls: ssl.SSLContext | None = None
    """What to trust, for an address that speaks TLS."""
    heard: int = 0
    """Frames that came so far."""
    followed: dict[Name, Followed] = field(default_factory=dict)
    resyncs: int = 0
    closed: int | None = None
    """The code with which the socket was closed; None while it is open."""
    refused: str = ""
    """Why a topic was refused, where one was."""
    _socket: ClientConnection | None = None
    _reader: asyncio.Task[None] | None = None
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def __aenter__(self) -> Self:
        await self.connect()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.disconnect()

    async def connect(self) -> None:
        """Opens the socket, and follows again what was followed, from where it was."""
        headers = {"Cookie": self.cookie} if self.cookie else {}
        self.closed = None
        origin = None if self.origin is None else Origin(self.origin)
        self._socket = await connect(
            self.url, additional_headers=headers, origin=origin, compression=None, max_size=None, ssl=self.tls
        )
        self._reader = asyncio.create_task(self._read(self._socket))
        for name, known in self.followed.items():
            await self._ask(name, known)

    @property
    def open(self) -> bool:
        """Whether there is a socket."""
        return self._socket is not None and self.closed is None

    async def disconnect(self, *, politely: bool = True) -> None:
        """Closes the socket, or cuts it."""
        assert self._socket is not None
        assert self._reader is not None
        if politely:
            await self._socket.close()
        else:
            self._socket.transport.abort()
        await self._reader

    # --- what one asks

    async def follow(self, topic: str, key: str) -> Any:
        """Follows a topic and gives its first data."""
        self.followed[topic, key] = Followed()
        await self._ask((topic, key), self.followed[topic, key])
        await self.wait_until(lambda: self.followed[topic, key].positions is not None)
        return self.state(topic, key)

    async def leave(self, topic: str, key: str) -> None:
        """Follows it no more."""
        del self.followed[topic, key]
        await self.send({"type": "unsubscribe", "topic": topic, "key": key})

    async def send(self, message: object) -> None:
        """Sends anything."""
        assert self._socket is not None
        text = message if isinstance(message, (str, bytes)) else msgspec.json.encode(message).decode()
        await self._socket.send(text)

    # --- what one knows

    def state(self, topic: str, key: str) -> Any:
        """What is known of a topic."""
        return self.followed[topic, key].data

    async def changed(self, since: int | None = None) -> None:
        """Waits until there are more than `since` frames (without it: for the next one), or the socket has ended."""
        seen = self.heard if since is None else since
        while self.heard <= seen and self.closed is None:
            self._changed.clear()
            await self._changed.wait()

    async def wait_until(self, true: Callable[[], object]) -> None:
        """Waits for frames until it is true; ConnectionError when the socket ends before."""
        while not true():
            if self.closed is not None:
                raise ConnectionError(f"closed with {self.closed}")
            await self.changed()

    async def until_closed(self) -> int:
        """Waits for the end and gives its code."""
        while self.closed is None:
            await self.changed()
        return self.closed

    # --- what comes

    async def _read(self, socket: ClientConnection) -> None:
        try:
            async for text in socket:
                await self.take(msgspec.json.decode(text))
                self.heard += 1
                self._changed.set()
        except ConnectionClosed:
            pass  # the code is read below, however it ended
        finally:
            self.closed = socket.close_code or 1006
            self._changed.set()

    async def take(self, frame: dict[str, Any]) -> None:
        """What a frame says holds from now on."""
        name = (frame.get("topic"), frame.get("key"))
        known = self.followed.get(name)  # type: ignore[arg-type]
        if known is None:
            return
        if frame["type"] == "snapshot":
            known.data, known.positions = frame["data"], dict(frame["positions"])
        elif frame["type"] == "delta":
            await self._delta(name, known, frame)  # type: ignore[arg-type]
        elif frame["type"] == "error":
            self.refused = frame["code"]
        elif frame["type"] == "resync":
            await self._again(name, known)  # type: ignore[arg-type]

    async def _delta(self, name: Name, known: Followed, frame: dict[str, Any]) -> None:
        if known.positions is None:
            return
        mine = known.positions.get(str(frame["stream"]), 0)
        if frame["to"] <= mine:
            return
        if frame["from"] > mine:
            await self._again(name, known)
            return
        known.positions[str(frame["stream"])] = frame["to"]
        known.data = applied(known.data, frame["data"])

    async def _again(self, name: Name, known: Followed) -> None:
        self.resyncs += 1
        known.positions = None
        await self._ask(name, known)

    async def _ask(self, name: Name, known: Followed) -> None:
        topic, key = name
        await self.send({"type": "subscribe", "topic": topic, "key": key, "after": known.positions})


def applied(data: Any, changes: dict[str, Any]) -> Any:
    """The data with the changed values set and the gone ones left out."""
    for path, value in changes["set"].items():
        data = _with(data, path.split("/"), value)
    for path in changes["gone"]:
        data = _without(data, path.split("/"))
    return data


def _with(data: Any, path: list[str], value: Any) -> Any:
    if not path:
        return value
    record = data if isinstance(data, dict) else {}
    return {**record, path[0]: _with(record.get(path[0]), path[1:], value)}


def _without(data: Any, path: list[str]) -> Any:
    if not isinstance(data, dict) or path[0] not in data:
        return data
    if len(path) > 1:
        return {**data, path[0]: _without(data[path[0]], path[1:])}
    return {name: value for name, value in data.items() if name != path[0]}
