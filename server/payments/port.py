"""Why: a gateway is a stranger: slow, forgetful, sometimes silent. This is all we ask of one.

Each call carries our own key. The same key again is the same call: the gateway answers what it answered and does
nothing twice. Silence (GatewayTimeout) means that nobody knows: we ask by `status`, never by doing it again first.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol

import msgspec


class Succeeded(msgspec.Struct, frozen=True, tag="succeeded"):
    """The gateway said yes. `until`: when an authorisation runs out, by the gateway's own word."""

    reference: str
    until: datetime | None = None


class Declined(msgspec.Struct, frozen=True, tag="declined"):
    """The gateway said no, and why, in its words."""

    reason: str


Answer = Succeeded | Declined

Heard = Callable[[str, Answer], Awaitable[None]]
"""Told (key, answer) when a gateway speaks without being asked."""


class GatewayTimeout(Exception):
    """No answer: it may have been done or not."""


class Gateway(Protocol):
    """A party that moves money. All calls raise GatewayTimeout when no answer came."""

    @property
    def name(self) -> str:
        """What a payment's row calls it."""
        ...

    async def authorise(self, key: str, token: str, amount_minor: int, currency: str) -> Answer:
        """Sets the amount aside; `reference` names the authorisation."""
        ...

    async def capture(self, key: str, reference: str, amount_minor: int) -> Answer:
        """Takes a part of what was set aside, or all of it."""
        ...

    async def void(self, key: str, reference: str) -> Answer:
        """Lets go what was set aside and not taken."""
        ...

    async def status(self, key: str) -> Answer | None:
        """What became of the call with this key; None when it never arrived."""
        ...

    def listen(self, heard: Heard) -> None:
        """Says whom to tell of answers that come by themselves."""
        ...
