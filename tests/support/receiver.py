"""Somebody who receives webhooks on loopback, as well or as badly as they are told to."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

HUGE = 50 * 1024 * 1024
TLS = b"\x16"
"""How whoever wants TLS begins; nobody here speaks it."""


@dataclass(frozen=True)
class Received:
    """A request as it came: path, headers in small letters, body."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        """Which message it says it is."""
        return self.headers["webhook-id"]


@dataclass
class Receiver:
    """`manner` says how it answers: a status, `dead` (never), `huge` (without end), `cut` (hangs up) or `dribble`."""

    manner: str = "204"
    answer_headers: str = ""
    port: int = 0
    got: list[Received] = field(default_factory=list)
    written: int = 0
    came: asyncio.Condition = field(default_factory=asyncio.Condition)
    open: int = 0
    most_open: int = 0

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}/hooks?from=pickwave"

    async def until(self, count: int, of: bytes = b"") -> list[Received]:
        """Waits until so many requests came that have this in their body."""
        async with self.came, asyncio.timeout(20):
            await self.came.wait_for(lambda: len(self.having(of)) >= count)
        return self.having(of)

    def having(self, of: bytes) -> list[Received]:
        """What came and has this in its body."""
        return [each for each in self.got if of in each.body]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, one request."""
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                await self._serve(reader, writer)
        finally:
            self.open -= 1
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = await reader.readexactly(1)
        if first == TLS:
            writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            return
        head = (first + await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
        plain = dict(line.split(": ", 1) for line in head[1:] if line)
        headers |= {name.lower(): value for name, value in plain.items()}
        body = await reader.readexactly(int(headers["content-length"]))
        async with self.came:
            self.got.append(Received(head[0].split(" ")[1], headers, body))
            self.came.notify_all()
        await self._answer(reader, writer)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.manner == "dead":
            await reader.read()  # until the other one gives up
        elif self.manner == "huge":
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
            while self.written < HUGE:
                writer.write(b"x" * 65536)
                await writer.drain()
                self.written += 65536
        elif self.manner == "dribble":
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nslow")
            await writer.drain()
            await reader.read()
        elif self.manner != "cut":
            said = "" if self.manner == "204" else f"said {self.manner}"
            more = self.answer_headers + f"Content-Length: {len(said)}\r\nConnection: close\r\n"
            writer.write(f"HTTP/1.1 {self.manner} Whatever\r\n{more}\r\n{said}".encode())
            await writer.drain()


@asynccontextmanager
async def receiver(
    manner: str = "200", answer_headers: str = "", *, port: int = 0, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Receiver]:
    """One on a free port (or this one)."""
    made = Receiver(manner, answer_headers)
    server = await asyncio.start_server(made.serve, "127.0.0.1", port, ssl=tls)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
