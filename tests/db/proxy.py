"""Why: a network fails between a COMMIT and its answer; this stands between the server and its PostgreSQL and does it.

Faults are chosen by what passes, never by time.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

import sqlalchemy as sa

Fault = Literal["before", "after", "stranded"]
"""`before`: COMMIT never arrives. `after`: it arrives, its answer does not. `stranded`: it never arrives and the
server is not told that the connection is gone, so its transaction stays open."""


class Proxy:
    """Passes everything on until it is told to cut the next COMMIT."""

    def __init__(self, url: sa.URL) -> None:
        self._upstream = url
        self._fault: Fault | None = None
        self._down = False
        self._writers: list[asyncio.StreamWriter] = []
        self._hold: asyncio.Event | None = None
        self._go_on = asyncio.Event()
        self.cuts = 0

    def cut_next_commit(self, fault: Fault, *, then_down: bool = False) -> None:
        self._fault = fault
        self._then_down = then_down

    def hold_next_commit(self) -> asyncio.Event:
        """Keeps the answer to the next COMMIT until `let_go`; the event is set once that is stored."""
        self._go_on = asyncio.Event()
        self._hold = asyncio.Event()
        return self._hold

    def let_go(self) -> None:
        """Gives away the answer that was kept, or keeps none."""
        self._hold = None
        self._go_on.set()

    def up(self) -> None:
        self._down = False

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._down:
            writer.close()
            return
        there, back = await self._connect()
        self._writers += [writer, back]
        commit, hold = asyncio.Event(), asyncio.Event()
        await asyncio.gather(self._forward(reader, writer, back, commit, hold), self._back(there, writer, commit, hold))

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        host = self._upstream.query.get("host") or self._upstream.host or "localhost"
        port = self._upstream.port or 5432
        if isinstance(host, str) and host.startswith("/"):
            return await asyncio.open_unix_connection(f"{host}/.s.PGSQL.{port}")
        return await asyncio.open_connection(str(host), port)

    async def _forward(
        self,
        reader: asyncio.StreamReader,
        client: asyncio.StreamWriter,
        back: asyncio.StreamWriter,
        commit: asyncio.Event,
        hold: asyncio.Event,
    ) -> None:
        while data := await _read(reader):
            if self._hold is not None and data.startswith(b"Q") and b"COMMIT\0" in data:
                hold.set()
            if self._fault is not None and data.startswith(b"Q") and b"COMMIT\0" in data:
                fault, self._fault = self._fault, None
                self.cuts += 1
                self._down = self._then_down
                if fault == "after":
                    commit.set()
                    back.write(data)
                    return
                client.transport.abort()
                if fault == "before":
                    back.close()
                return
            back.write(data)
        back.close()

    async def _back(
        self,
        there: asyncio.StreamReader,
        client: asyncio.StreamWriter,
        commit: asyncio.Event,
        hold: asyncio.Event,
    ) -> None:
        while data := await _read(there):
            if hold.is_set() and b"COMMIT\0" in data:
                hold.clear()
                held, self._hold = self._hold, None
                if held is not None:
                    held.set()
                    await self._go_on.wait()
            if commit.is_set() and b"COMMIT\0" in data:
                client.transport.abort()
                return
            client.write(data)
        client.close()

    def close(self) -> None:
        for writer in self._writers:
            writer.transport.abort()


async def _read(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.read(65536)
    except ConnectionError:
        return b""


@asynccontextmanager
async def proxied(url: str) -> AsyncIterator[tuple[Proxy, str]]:
    """A proxy before `url`, and the address that goes through it."""
    parsed = sa.make_url(url)
    proxy = Proxy(parsed)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    through = sa.URL.create(
        "postgresql",
        username=parsed.username,
        password=parsed.password,
        host="127.0.0.1",
        port=port,
        database=parsed.database,
    )
    try:
        yield proxy, through.render_as_string(hide_password=False)
    finally:
        proxy.close()
        server.close()
