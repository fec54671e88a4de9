"""The watching client, a process of its own: `python -m bench.watchers` opens sockets, notes when which learnt what.

It speaks the WebSocket protocol over plain sockets and looks for one number in each frame, because a thousand
comfortable clients would be the bottleneck. One line of JSON on stdin says what to open; "ready" on stdout once all
have their snapshot; a second line on stdin ends it, and what was seen is written. Some of them stall: they ask for
much and read nothing.
"""

from __future__ import annotations

import asyncio
import base64
import os
import re
import resource
import socket
import sys
import time
from typing import Final, cast

import msgspec
import uvloop

ASKED_BY_STALLED: Final = 60
"""Snapshots that a stalled reader asks for: enough to fill what lies between, below the messages allowed a minute."""
TEXT: Final = 1
PING: Final = 9
PONG: Final = 10
TINY: Final = 4096
"""Bytes that the kernel keeps for a stalled reader."""
_TO: Final = re.compile(rb'"to":(\d+)')


class Watch(msgspec.Struct):
    """What to open: so many sockets on a topic of the first warehouse, signed in by these cookies in turn."""

    port: int
    topic: str
    cookies: list[str]
    count: int
    stalled: int = 0


class Seen(msgspec.Struct):
    """What came. `frames`: for each socket when it learnt up to which position; `lost`: sockets that were closed."""

    frames: list[list[tuple[float, int]]]
    lost: int
    client: float


class Watcher(asyncio.Protocol):
    """One socket."""

    def __init__(self, watch: Watch, cookie: str, *, stalls: bool) -> None:
        self.seen: list[tuple[float, int]] = []
        self.ready = asyncio.get_running_loop().create_future()
        self.lost = False
        self._watch, self._cookie, self._stalls = watch, cookie, stalls
        self._held = b""
        self._shaken = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's says so only by what it does
        key = base64.b64encode(os.urandom(16)).decode()
        self._transport.write(
            f"GET /api/live HTTP/1.1\r\nHost: 127.0.0.1:{self._watch.port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
            f"Cookie: pickwave_session={self._cookie}\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        at = time.perf_counter()
        self._held += data
        if not self._shaken and not self._shake():
            return
        while (frame := self._next()) is not None:
            kind, content = frame
            if kind == PING:
                self._say(content, PONG)
            elif kind == TEXT:
                self._take(at, content)

    def _shake(self) -> bool:
        head, end, rest = self._held.partition(b"\r\n\r\n")
        if not end:
            return False
        if not head.startswith(b"HTTP/1.1 101"):
            raise RuntimeError(head.decode())
        self._shaken, self._held = True, rest
        for _ in range(ASKED_BY_STALLED if self._stalls else 1):
            self._say(f'{{"type":"subscribe","topic":"{self._watch.topic}","key":"1","after":null}}'.encode())
        if self._stalls:
            self._transport.pause_reading()
            self.ready.set_result(None)
        return True

    def _say(self, text: bytes, kind: int = TEXT) -> None:
        """A masked frame; a mask of noughts is one too."""
        size = bytes([0x80 | len(text)]) if len(text) < 126 else b"\xfe" + len(text).to_bytes(2, "big")
        self._transport.write(bytes([0x80 | kind]) + size + bytes(4) + text)

    def _next(self) -> tuple[int, bytes] | None:
        """The next whole frame's kind and content; servers do not mask."""
        held = self._held
        if len(held) < 2:
            return None
        size, begins = held[1] & 0x7F, 2
        if size >= 126:
            begins = 4 if size == 126 else 10
            size = int.from_bytes(held[2:begins], "big")
        if len(held) < begins + size:
            return None
        self._held = held[begins + size :]
        return held[0] & 0x0F, held[begins : begins + size]

    def _take(self, at: float, frame: bytes) -> None:
        if not self.ready.done():
            if b'"snapshot"' not in frame[:40]:
                raise RuntimeError(f"not followed: {frame[:200]!r}")
            self.ready.set_result(None)
        elif found := _TO.search(frame):
            self.seen.append((at, int(found[1])))

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost = True


async def _open(watch: Watch, at: int) -> Watcher:
    stalls = at >= watch.count
    plain = socket.socket()
    if stalls:
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, TINY)
    plain.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(plain, ("127.0.0.1", watch.port))
    cookie = watch.cookies[at % len(watch.cookies)]
    _, watcher = await loop.create_connection(lambda: Watcher(watch, cookie, stalls=stalls), sock=plain)
    await asyncio.wait_for(watcher.ready, 60)
    return watcher


async def _watch(watch: Watch) -> Seen:
    watchers: list[Watcher] = []
    for begin in range(0, watch.count + watch.stalled, 50):
        these = range(begin, min(begin + 50, watch.count + watch.stalled))
        watchers += await asyncio.gather(*(_open(watch, at) for at in these))
    busy, since = time.process_time(), time.perf_counter()
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.buffer.readline)
    share = (time.process_time() - busy) / (time.perf_counter() - since)
    reading = watchers[: watch.count]
    return Seen([each.seen for each in reading], sum(each.lost for each in reading), share)


def main() -> None:
    """Opens, watches, tells."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, hard), hard))
    watch = msgspec.json.decode(sys.stdin.buffer.readline(), type=Watch)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        sys.stdout.buffer.write(msgspec.json.encode(runner.run(_watch(watch))))


if __name__ == "__main__":
    main()
