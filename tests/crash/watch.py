"""Why: what a device waits for when the server dies is seen on its line: what has left, what was answered."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx

COMMANDS = "/api/floor/commands"


class Watch:
    """The floor commands of all devices that have left and have no answer yet."""

    def __init__(self) -> None:
        self.flying: set[str] = set()
        self.answered: set[str] = set()
        self.hearing = asyncio.Event()
        """While it is not set, answers that come are held back from the devices, and then lost."""
        self.hearing.set()
        self._news = asyncio.Event()

    def left(self, ids: list[str]) -> None:
        """The last byte of these commands has left the device."""
        self.flying.update(ids)
        self._tell()

    def landed(self, ids: list[str], *, answered: bool) -> None:
        """Their request has ended: with an answer, or without."""
        self.flying.difference_update(ids)
        if answered:
            self.answered.update(ids)
        self._tell()

    async def until(self, holds: Callable[[], object]) -> None:
        """Waits until it holds; it is looked at whenever something left or landed."""
        while not holds():
            await self._news.wait()

    def _tell(self) -> None:
        self._news.set()
        self._news = asyncio.Event()


class Line(httpx.AsyncBaseTransport):
    """A device's network: it carries requests and tells the watch of floor commands."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._under = httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path != COMMANDS:
            return await self._under.handle_async_request(request)
        ids = [command["id"] for command in json.loads(request.content)["commands"]]

        async def trace(event: str, _: dict[str, Any]) -> None:
            if event == "http11.send_request_body.complete":
                self._watch.left(ids)

        request.extensions["trace"] = trace
        answered = False
        try:
            response = await self._under.handle_async_request(request)
            await response.aread()
            if not self._watch.hearing.is_set():
                await self._watch.hearing.wait()
                raise httpx.ReadError("the answer was lost on its way")
            answered = response.status_code == 200
            return response
        finally:
            self._watch.landed(ids, answered=answered)

    async def aclose(self) -> None:
        await self._under.aclose()
