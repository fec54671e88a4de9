"""Why: the door of the live sockets: accepted first, then asked who it is, then handed to the hub.

A refusal before the accept would reach a browser as 1006, which says nothing.
"""

from __future__ import annotations

from typing import Any, Final

from litestar import Router, WebSocket, websocket
from litestar.exceptions import WebSocketDisconnect

from server.auth.guards import NOT_ALLOWED, authenticate_socket
from server.realtime.hub import Hub
from server.realtime.line import Gone

REASONS: Final = {NOT_ALLOWED: "origin_refused"}
NOBODY: Final = "not_signed_in"


@websocket("/api/live", opt={"permission": "self"})
async def live(socket: WebSocket[Any, Any, Any]) -> None:
    """Follow topics live; docs/live-protocol.md tells what is said."""
    await socket.accept()
    caller = await authenticate_socket(socket)
    if isinstance(caller, int):
        await socket.close(caller, REASONS.get(caller, NOBODY))
        return
    hub: Hub = socket.app.state.live
    await hub.serve(_Wire(socket), caller)


class _Wire:
    """A WebSocket as the hub's lines know it."""

    def __init__(self, socket: WebSocket[Any, Any, Any]) -> None:
        self._socket = socket

    async def send(self, text: str) -> None:
        """Sends one message; waits while the other end does not read."""
        await self._told({"type": "websocket.send", "text": text, "bytes": None})

    async def receive(self) -> str | bytes:
        """The next message."""
        try:
            message = await self._socket.receive()
        except WebSocketDisconnect as gone:
            raise Gone from gone
        if message["type"] != "websocket.receive":
            raise Gone
        return message.get("text") or message.get("bytes") or ""

    async def close(self, code: int, reason: str) -> None:
        """Sends the close frame."""
        await self._told({"type": "websocket.close", "code": code, "reason": reason})

    async def _told(self, message: Any) -> None:
        try:
            await self._socket.send(message)
        except (WebSocketDisconnect, OSError, RuntimeError) as gone:
            raise Gone from gone


router: Final = Router("/", route_handlers=[live])
