"""Why: the page needs a web server of one screen, and nothing else in this library needs one. HTTP/1.1, one
request each.

Loopback only. A request must name this very address as Host (against DNS rebinding); one that changes
something must come from this page or from no page at all, and carry JSON.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

_MAX_HEAD: Final = 16 * 1024
_MAX_BODY: Final = 4 * 1024
_PATIENCE: Final = 10.0

_SAFETY: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True)
class Request:
    """A request: header names in small letters."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True)
class Reply:
    """An answer."""

    status: HTTPStatus
    kind: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def text(cls, status: HTTPStatus, text: str) -> Reply:
        """A plain sentence."""
        return cls(status, "text/plain; charset=utf-8", (text + "\n").encode("utf-8"))

    @classmethod
    def json(cls, value: object) -> Reply:
        """A value as JSON."""
        return cls(HTTPStatus.OK, "application/json", json.dumps(value).encode("utf-8"))


Handler = Callable[[Request, re.Match[str]], Awaitable[Reply]]


@dataclass(frozen=True)
class Route:
    """Method and path (a pattern for the whole of it), and what answers."""

    method: str
    path: re.Pattern[str]
    handler: Handler


class SmallServer:
    """Answers routes on 127.0.0.1. `port` 0 takes any free one; see `port` after `start`."""

    def __init__(self, routes: tuple[Route, ...], port: int = 0) -> None:
        self._routes, self.port = routes, port
        self._server: asyncio.Server | None = None

    @property
    def address(self) -> str:
        """The page's address."""
        return f"http://127.0.0.1:{self.port}/"

    async def start(self) -> None:
        """Listen. Raises OSError where the port is taken."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, limit=_MAX_HEAD)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Stop listening; requests under way still get their answer."""
        if self._server is not None:
            self._server.close()
            self._server = None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_PATIENCE):
                writer.write(_head_and_body(await self._reply(reader)))
                await writer.drain()
        except (TimeoutError, ConnectionError):
            writer.transport.abort()
        finally:
            writer.close()

    async def _reply(self, reader: asyncio.StreamReader) -> Reply:
        try:
            request = await _read(reader)
        except (ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            return Reply.text(HTTPStatus.BAD_REQUEST, "Expected an HTTP/1.1 request of modest size.")
        return self._refusal(request) or await self._routed(request)

    def _refusal(self, request: Request) -> Reply | None:
        own = {f"127.0.0.1:{self.port}", f"localhost:{self.port}"}
        host = request.headers.get("host", "")
        if host not in own:
            return Reply.text(HTTPStatus.FORBIDDEN, f"Expected the host {' or '.join(sorted(own))}.")
        if request.method == "GET":
            return None
        if request.headers.get("origin", f"http://{host}") != f"http://{host}":
            return Reply.text(HTTPStatus.FORBIDDEN, "Expected a request from this page.")
        if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return Reply.text(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Expected JSON (content-type application/json).")
        return None

    async def _routed(self, request: Request) -> Reply:
        methods = set()
        for route in self._routes:
            if found := route.path.fullmatch(request.path):
                if route.method == request.method:
                    return await route.handler(request, found)
                methods.add(route.method)
        if methods:
            return Reply.text(HTTPStatus.METHOD_NOT_ALLOWED, f"Expected {' or '.join(sorted(methods))} here.")
        return Reply.text(HTTPStatus.NOT_FOUND, "Nothing here.")


async def _read(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head[:-4].split("\r\n")
    method, target, version = first.split(" ")
    if not version.startswith("HTTP/1."):
        raise ValueError(f"Expected HTTP/1.1, got {version!r}.")
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    length = int(headers.get("content-length", "0"))
    if not 0 <= length <= _MAX_BODY:
        raise ValueError(f"Expected a body of at most {_MAX_BODY} bytes, got {length}.")
    return Request(method, target.partition("?")[0], headers, await reader.readexactly(length))


def _head_and_body(reply: Reply) -> bytes:
    headers = {
        "Content-Type": reply.kind,
        "Content-Length": str(len(reply.body)),
        "Connection": "close",
        **_SAFETY,
        **reply.headers,
    }
    lines = [
        f"HTTP/1.1 {reply.status.value} {reply.status.phrase}",
        *(f"{name}: {headers[name]}" for name in headers),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + reply.body
