"""Why: whoever asks the server asks until there is an answer: it may restart, be busy, or have ended the session."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx

LOST: Final = (httpx.TransportError, httpx.RemoteProtocolError)
BUSY: Final = 503
NOT_SIGNED_IN: Final = 401
SIGN_IN: Final = "/api/auth/sign-in"


class SignInFailed(Exception):
    """The server did not let the person in."""


@dataclass
class Caller:
    """Somebody at a screen: their line to the server, and the badge and PIN with which they sign in again."""

    http: httpx.AsyncClient
    back: Callable[[], Awaitable[None]]
    """Waits until the server may be there again."""
    badge: tuple[str, str] = ("", "")
    secret: str = ""
    """Of the enrolled device, where there is one."""
    person: str = ""
    lost: int = 0

    async def sign_in(self, badge: str, pin: str, **more: str) -> dict[str, Any]:
        """Somebody works here from now on; what the server says of them."""
        self.badge = (badge, more.get("new_pin", pin))
        answer = await self.ask("POST", SIGN_IN, {"badge": badge, "pin": pin, **more}, as_device=bool(self.secret))
        if answer.status_code != httpx.codes.OK:
            raise SignInFailed(answer.text)
        signed: dict[str, Any] = answer.json()
        self.person = signed["person"]["id"]
        return signed

    async def again(self) -> None:
        """The same person once more: their session had ended."""
        await self.sign_in(*self.badge)

    async def get(self, path: str, **query: Any) -> Any:
        """Reads something, however long the server is away."""
        answer = await self.ask("GET", path, query=query)
        answer.raise_for_status()
        return answer.json()

    async def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        as_device: bool = False,
    ) -> httpx.Response:
        """Asks until there is an answer, whatever it is."""
        ours = {"Authorization": f"Device {self.secret}"} if as_device and self.secret else {}
        while True:
            try:
                answer = await self.http.request(
                    method, path, json=body, params=query, headers={**ours, **(headers or {})}
                )
            except LOST:
                self.lost += 1
                await self.back()
                continue
            if answer.status_code == BUSY:
                await self.back()
            elif answer.status_code == NOT_SIGNED_IN and path != SIGN_IN and self.badge[0]:
                await self.again()
            else:
                return answer
