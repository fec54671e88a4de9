"""Why: a gateway is a stranger: slow, forgetful, sometimes silent. This is all we ask of one.

Each call carries our own key. The same key again is the same call: the gateway answers what it answered and does
nothing twice. Silence (GatewayTimeout) means that nobody knows: we ask by `status`, never by doing it again first.
What a gateway says without being asked (`News`) is never believed in what it says of money: it makes us ask.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Literal, Protocol

import msgspec

Kind = Literal["authorise", "reauthorise", "capture", "void", "refund"]


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is asked of a gateway.

    `token`: the means, for an authorisation. `reference`: the authorisation that a capture, a void or a refund is
    about, or the one that this call itself made, where that is known already. `last`: nothing more is taken of it.
    """

    key: str
    kind: Kind
    at: datetime  # when it was intended
    amount_minor: int = 0
    currency: str = ""
    token: str = ""
    reference: str = ""
    last: bool = True


class Succeeded(msgspec.Struct, frozen=True, tag="succeeded"):
    """The gateway said yes. `until`: when an authorisation runs out; `score`: its risk, 0 to 100: by its own word.

    `many`: whether it may be taken in parts. Where not, what the first capture leaves is let go by the gateway.
    """

    reference: str
    until: datetime | None = None
    many: bool = True
    score: int | None = None


class Declined(msgspec.Struct, frozen=True, tag="declined"):
    """The gateway said no, and why: its code, or its words."""

    reason: str


class Pending(msgspec.Struct, frozen=True, tag="pending"):
    """The gateway has taken it and will know later."""

    reference: str


class Gone(msgspec.Struct, frozen=True, tag="gone"):
    """What it had said yes to is no more: an authorisation ran out, a refund came back."""

    reason: str


Answer = Succeeded | Declined | Pending | Gone

Heard = Callable[[str, Answer], Awaitable[None]]
"""Told (key, answer) when a gateway answers more than once."""


class Booked(msgspec.Struct, frozen=True, kw_only=True):
    """An authorisation as somebody's books have it, with all that became of it. `open`: some of it is set aside."""

    reference: str
    currency: str
    state: Literal["open", "closed", "declined"]
    authorised_minor: int
    captured_minor: int = 0
    refunded_minor: int = 0
    key: str | None = None  # ours, where the gateway knows it
    at: datetime | None = None


class Books(msgspec.Struct, frozen=True):
    """A page of a gateway's list. `next`: the `after` of the page behind it."""

    items: tuple[Booked, ...]
    next: str | None = None


class News(msgspec.Struct, frozen=True):
    """What a gateway says by itself: its id of it, its kind, and of whose keys and authorisations it speaks.

    `known`: it is of a kind that concerns us; any other is kept and left alone.
    """

    id: str
    kind: str
    known: bool = False
    keys: tuple[str, ...] = ()
    references: tuple[str, ...] = ()


class GatewayTimeout(Exception):
    """No answer, or none that says anything: it may have been done or not."""


class GatewayRefuses(GatewayTimeout):
    """The gateway does not speak with us (a wrong key): nothing was done, and a person must see to it."""


class NotProved(Exception):
    """What came is not proved to be the gateway's: wrong or no signature, or too old."""


class Gateway(Protocol):
    """A party that moves money. Calls raise GatewayTimeout when no answer came."""

    @property
    def name(self) -> str:
        """What a payment's row calls it."""
        ...

    async def authorise(self, call: Call) -> Answer:
        """Sets the amount aside; `reference` names the authorisation."""
        ...

    async def reauthorise(self, call: Call) -> Answer:
        """Sets an amount aside anew, by the means of an order that was authorised before; the customer is not there."""
        ...

    async def capture(self, call: Call) -> Answer:
        """Takes a part of what was set aside, or all of it."""
        ...

    async def void(self, call: Call) -> Answer:
        """Lets go what was set aside and not taken."""
        ...

    async def refund(self, call: Call) -> Answer:
        """Gives back a part of what was taken, or all of it."""
        ...

    async def status(self, call: Call) -> Answer | None:
        """What became of this call; None when it never arrived."""
        ...

    async def books(self, since: datetime, until: datetime, after: str | None) -> Books:
        """A page of the authorisations that it has of this time, with what became of each."""
        ...

    async def booked(self, call: Call) -> Booked | None:
        """The same of the one authorisation that this call made; None when it does not know it."""
        ...

    def news(self, headers: Mapping[str, str], body: bytes, now: datetime) -> News:
        """What it says by itself, read only when it is proved to be its own; NotProved where it is not."""
        ...

    def listen(self, heard: Heard) -> None:
        """Says whom to tell of answers that come more than once."""
        ...

    async def close(self) -> None:
        """Ends every call."""
        ...
