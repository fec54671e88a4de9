"""Why: what is said about channels and what they send, as types. A channel's secret comes in and never goes out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from server.core.refusal import FaultShown
from server.integrations.rules.channels import Answers, Kind, Settings
from server.integrations.schemas.webhooks import Endpoint
from server.orders.schemas.captures import NewOrder

Secret = Annotated[
    str, Meta(min_length=8, max_length=200, description="It signs by it; of Shopify the app's client secret.")
]
Version = Annotated[int, Meta(ge=1, le=2**31 - 1, description="As it was read; empty for a new one.")]


class PutChannel(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A channel that sends orders. Without a secret the one that is known stays."""

    kind: Kind
    name: Annotated[str, Meta(max_length=80, description="For people.")] = ""
    settings: Settings = msgspec.field(default_factory=Settings)
    secret: Secret | None = None
    token: Annotated[
        Annotated[str, Meta(max_length=500, pattern=r"^[!-~]*(?!\n)$")] | None,
        Meta(description="Opens its API; empty text: none any more."),
    ] = None
    version: Version | None = None

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"


class Channel(msgspec.Struct, frozen=True):
    """A channel as shown: where it has to send, what is made of it, how much waits for a person."""

    code: str
    kind: str
    name: str
    path: str
    settings: Settings
    version: int
    created_at: datetime
    heard_at: datetime | None
    refused: int
    has_token: bool
    back: Endpoint | None = None
    """Its way back: whether it is on, what waits and what failed there."""


class ChannelList(msgspec.Struct, frozen=True):
    """A page of channels; the services by which their orders may go (code → name), the fields of a mapping (→ what)."""

    items: list[Channel]
    services: dict[str, str]
    fields: dict[str, str]
    next: str | None


class Edition(msgspec.Struct, frozen=True):
    """How a channel was set up: by whom, since when."""

    version: int
    kind: str
    settings: Settings
    by: str
    at: datetime


class EditionList(msgspec.Struct, frozen=True):
    """A page of a channel's editions, the newest first."""

    items: list[Edition]
    next: int | None


class Trial(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A body as the channel would send it; with settings, by these instead of those that are kept."""

    body: Annotated[str, Meta(min_length=1, max_length=500_000)]
    topic: Annotated[str, Meta(max_length=60, description="Empty: a new order.")] = ""
    settings: Settings | None = None


class Tried(msgspec.Struct, frozen=True):
    """What would come of it: an order, something else by its name, or the faults at their fields."""

    what: str
    order: NewOrder | None = None
    reason: str | None = None
    faults: tuple[FaultShown, ...] = ()


class Incoming(msgspec.Struct, frozen=True):
    """What a channel sent. `reason` is a code: why it was refused or ignored; `faults` say where and how."""

    id: UUID
    channel: str
    delivery: str
    topic: str
    shop: str
    triggered_at: str
    received_at: datetime
    state: str
    order: int | None
    reason: str | None
    faults: tuple[FaultShown, ...]


class IncomingList(msgspec.Struct, frozen=True):
    """A page of what came in, the newest first."""

    items: list[Incoming]
    next: UUID | None


class IncomingPage(msgspec.Struct, frozen=True):
    """What came in, with its body as it came."""

    incoming: Incoming
    body: str
    answers: Answers


class Meant(Answers, frozen=True, kw_only=True):
    """What the channel's words mean; with `remember` also in what comes later."""

    remember: bool = False


class Kept(msgspec.Struct, frozen=True):
    """The answer to a channel: under which id its delivery is kept, and whether it came for the first time."""

    id: UUID | None
    first: bool


class LeftCheckout(msgspec.Struct, frozen=True):
    """Somebody who was at the till: `state` is open, left after an hour without a move, or recovered by its order."""

    id: UUID
    channel: str
    checkout: str
    began_at: datetime
    moved_at: datetime
    currency: str
    value_minor: int
    units: int
    order: int | None
    recovered_at: datetime | None
    state: str


class CheckoutList(msgspec.Struct, frozen=True):
    """A page of checkouts, the newest first."""

    items: list[LeftCheckout]
    next: UUID | None


class CheckoutDay(msgspec.Struct, frozen=True):
    """What came of the checkouts that began on a day (UTC), of one channel in one currency."""

    day: date
    channel: str
    currency: str
    began: int
    left: int
    recovered: int
    left_minor: int
    recovered_minor: int


class CheckoutDays(msgspec.Struct, frozen=True):
    """Counts by day, the newest first."""

    items: list[CheckoutDay]
