"""Why: whoever carries a message says one of four things about it, and "I do not know" is one of them."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec

from server.notify.rules import Answer


class Letter(msgspec.Struct, frozen=True):
    """A message as it goes out. `id` names it at each try; `html` is empty where the channel has only text."""

    id: UUID
    at: datetime
    to: str
    subject: str
    text: str
    html: str
    language: str
    sender: str
    """Who writes, as people read it: the shop's name."""


class Carrier(Protocol):
    """One channel's way out."""

    @property
    def is_set_up(self) -> bool:
        """Whether it can send at all."""

    def described(self) -> str:
        """Where it sends, for people; without what is secret."""

    async def send(self, letter: Letter) -> Answer:
        """Hands a message over once; it never raises for what the other side does."""
