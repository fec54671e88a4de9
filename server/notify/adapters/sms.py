"""Why: there are a hundred gateways for text messages; Apprise speaks to them, by one address that an operator gives.

An optional part (`pip install pickwave[sms]`), imported when it is first needed. It says yes or no and not why, so a
no is final: nobody is texted twice because an answer was lost.
"""

from __future__ import annotations

import asyncio
import importlib
from typing import Any, Final, Protocol, cast

from server.notify.port import Letter
from server.notify.rules import Answer

TO: Final = "{to}"
"""Stands in the gateway's address where the number goes."""


class Apprise(Protocol):
    """What is needed of `apprise.Apprise`."""

    def add(self, servers: str) -> bool:
        """Takes an address; False for one that it cannot read."""

    def notify(self, *, body: str) -> bool | None:
        """Sends to all addresses; whether all took it."""


class Library(Protocol):
    """What is needed of the module `apprise`."""

    def Apprise(self) -> Apprise:  # noqa: N802  (its name there)
        """An empty list of addresses."""


class NotInstalled(Exception):
    """The optional part is missing; the text is a sentence for the operator."""


def library() -> Library:
    """The module; raises NotInstalled."""
    try:
        found: Any = importlib.import_module("apprise")
    except ImportError as error:
        raise NotInstalled("PICKWAVE_SMS_URL needs the part for text messages: pip install 'pickwave[sms]'.") from error
    return cast(Library, found)


class SmsCarrier:
    """Sends text messages by the gateway at this address."""

    is_set_up = True

    def __init__(self, url: str, speaks: Library) -> None:
        self._url = url
        self._speaks = speaks

    def described(self) -> str:
        """Which gateway; its address holds secrets."""
        return self._url.partition("://")[0]

    async def send(self, letter: Letter) -> Answer:
        """Hands one text message over, in a thread: Apprise waits."""
        return await asyncio.to_thread(self._send, letter)

    def _send(self, letter: Letter) -> Answer:
        gateway = self._speaks.Apprise()
        if not gateway.add(self._url.replace(TO, letter.to.removeprefix("+"))):
            return Answer("never", "gateway_address_wrong")
        return Answer("sent") if gateway.notify(body=letter.text) else Answer("never", "gateway_refused")
