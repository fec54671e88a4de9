"""Why: what holds for every request holds here, outside the framework, so that no route and no error escapes it.

In order: a request id, the Host, characters no database can keep, forged requests; then the answer's security
headers, one log line and one count. Outermost ASGI layer of the application.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final
from uuid import UUID

import msgspec
import structlog
from litestar.enums import ScopeType
from litestar.types import (
    ASGIApp,
    HTTPReceiveMessage,
    HTTPScope,
    Message,
    Receive,
    Scope,
    Send,
    WebSocketReceiveMessage,
)

from server.core.clock import Clock
from server.core.ids import new_id
from server.core.refusal import Fault
from server.settings import Settings
from server.web import metrics, origin
from server.web.logs import bind
from server.web.problems import MEDIA_TYPE, problem

CONTENT_SECURITY: Final = "; ".join((
    "default-src 'self'",
    "script-src 'self' 'wasm-unsafe-eval'",  # the camera's barcode reader is WebAssembly
    "style-src 'self'",
    "img-src 'self' data: blob:",            # drawn labels and pictures
    "connect-src 'self'",
    "worker-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
))  # fmt: skip

HEADERS: Final[tuple[tuple[bytes, bytes], ...]] = (
    (b"content-security-policy", CONTENT_SECURITY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(self), microphone=(), geolocation=(), payment=(), usb=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
HSTS: Final = (b"strict-transport-security", b"max-age=31536000")
NO_STORE: Final = (b"cache-control", b"no-store")
"""An answer of the API is somebody's: it stays in no cache unless its handler says otherwise."""

DRAIN_BYTES: Final = 32 * 1024 * 1024
DRAIN_SECONDS: Final = 2.0

_GIVEN_ID = re.compile(r"^[A-Za-z0-9_-]{8,64}$")
QUIET: Final = frozenset({"/api/health/live", "/api/health/ready", "/metrics"})


class Edge:
    """ASGI: the first and the last to see a request."""

    def __init__(self, app: ASGIApp, settings: Settings, clock: Clock, lan: Callable[[], frozenset[str]]) -> None:
        self.app = app
        self._hosts = settings.hosts
        self._lan = lan
        """The names that this machine has on its local network now; they change with its addresses."""
        self._only_tls = not settings.lan
        self.clock = clock
        self.log: structlog.stdlib.BoundLogger = structlog.get_logger("pickwave.request")

    @property
    def hosts(self) -> frozenset[str]:
        """The names under which the server may be called now."""
        return self._hosts | self._lan()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or one WebSocket."""
        structlog.contextvars.clear_contextvars()
        request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        bind(request_id=request_id)
        if scope["type"] == ScopeType.WEBSOCKET:
            await self._socket(scope, receive, send)
        else:
            await self._request(scope, receive, send, request_id)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not origin.host_known(_header(scope, b"host") or "", self.hosts):
            await send({"type": "websocket.close", "code": 4403, "reason": "host_refused"})
            return
        with metrics.SOCKETS.track_inprogress():
            await self.app(scope, receive, send)

    async def _request(self, scope: HTTPScope, receive: Receive, send: Send, request_id: str) -> None:
        status = 500
        started = time.perf_counter()
        body = _Body(receive)

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                bound = self._only_tls and origin.may_bind_to_tls(scope["scheme"], _header(scope, b"host") or "")
                message["headers"] = _with_ours(list(message.get("headers", ())), request_id, bound=bound)
            elif message["type"] == "http.response.body" and not message.get("more_body") and body.left(scope):
                await send({"type": "http.response.body", "body": message.get("body", b""), "more_body": True})
                await body.drain()
                message["body"] = b""
            await send(message)

        with metrics.OPEN.track_inprogress():
            refusal = self._refusal(scope)
            if refusal is not None:
                await _refuse(refusal, scope, sent)
            else:
                await self.app(scope, body.receive, sent)
        seconds = time.perf_counter() - started
        self._note(scope, status, seconds)

    def _refusal(self, scope: HTTPScope) -> tuple[str, dict[str, str | int], Fault] | None:
        host = _header(scope, b"host") or ""
        if not origin.host_known(host, self.hosts):
            got = _printable(host)
            return "host_refused", {"got": got}, Fault("Host", "Another name is wanted.", "a name of this server", got)
        if "\0" in scope["path"] or b"%00" in scope["query_string"]:
            return "bad_request", {}, Fault("path", "An address cannot hold the character NUL.", "text", "NUL")
        own = origin.same_origin(_header(scope, b"origin"), scope["scheme"], host)
        if origin.forgery(
            method=scope["method"],
            has_session=origin.SESSION_COOKIE in (_header(scope, b"cookie") or ""),
            authorization=_header(scope, b"authorization"),
            csrf_header=_header(scope, origin.CSRF_HEADER.lower().encode()),
            own_origin=own,
        ):
            field, wanted = (origin.CSRF_HEADER, "1") if own else ("Origin", f"{scope['scheme']}://{host}")
            got = _printable(_header(scope, field.lower().encode()) or "nothing")
            return "origin_refused", {}, Fault(field, "Wanted {wanted}.", wanted, got)
        return None

    def _note(self, scope: HTTPScope, status: int, seconds: float) -> None:
        route = str(scope.get("path_template") or "(none)")
        metrics.count(scope["method"], route, status, seconds)
        write = self.log.debug if scope["path"] in QUIET or route == "(pwa)" else self.log.info
        ms = round(seconds * 1000, 1)
        write("request", method=scope["method"], path=scope["path"], route=route, status=status, ms=ms)


class _Body:
    """The request's body as it comes. What nobody reads is thrown away before the connection may close: a client
    that is still sending would otherwise be reset and never read why it was refused."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._ended = False

    async def receive(self) -> HTTPReceiveMessage | WebSocketReceiveMessage:
        """The next message, as the application asks for it."""
        message = await self._receive()
        self._ended = self._ended or message["type"] != "http.request" or not message.get("more_body")
        return message

    def left(self, scope: HTTPScope) -> bool:
        """Whether something of the body may still come."""
        announced = _header(scope, b"content-length") or "0"
        return not self._ended and (announced != "0" or _header(scope, b"transfer-encoding") is not None)

    async def drain(self) -> None:
        """Take what still comes, up to a bound."""
        taken = 0
        with suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_SECONDS):
                while not self._ended and taken < DRAIN_BYTES:
                    message = await self.receive()
                    taken += len(message["body"]) if message["type"] == "http.request" else 0


def _request_id(scope: Scope) -> str:
    """The caller's own id when it is a plain one, so that its log and ours meet; else a new one."""
    given = _header(scope, b"x-request-id")
    return given if given and _GIVEN_ID.match(given) else _short(new_id())


def _short(made: UUID) -> str:
    return made.hex


def _with_ours(headers: list[tuple[bytes, bytes]], request_id: str, *, bound: bool) -> list[tuple[bytes, bytes]]:
    given = {name.lower() for name, _ in headers}
    ours = [*HEADERS, NO_STORE, HSTS] if bound else [*HEADERS, NO_STORE]
    headers.extend((name, value) for name, value in ours if name not in given)
    headers.append((b"x-request-id", request_id.encode()))
    return headers


async def _refuse(refusal: tuple[str, dict[str, str | int], Fault], scope: Scope, send: Send) -> None:
    code, params, fault = refusal
    found = problem(code, params, (fault,), scope)
    body = msgspec.json.encode(found)
    headers = [(b"content-type", MEDIA_TYPE.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": found.status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


def _header(scope: Scope, wanted: bytes) -> str | None:
    return next((value.decode("latin-1") for name, value in scope["headers"] if name == wanted), None)


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else "�" for char in text[:60])
