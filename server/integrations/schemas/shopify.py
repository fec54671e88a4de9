"""Why: what is said about shops and what they send, as types. A shop's secret comes in and never goes out."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from server.core.refusal import Fault

Secret = Annotated[str, Meta(min_length=8, max_length=200, description="The app's client secret, as Shopify shows it.")]
Service = Annotated[str, Meta(min_length=1, max_length=100, description="Code of a carrier's service.")]
Warehouse = Annotated[int, Meta(ge=1, le=32767, description="Sourced from; empty: the first one.")]
Version = Annotated[int, Meta(ge=1, le=2**31 - 1, description="As it was read; empty for a new one.")]


class PutChannel(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A shop that sends orders. Without a secret the one that is known stays."""

    service: Service
    secret: Secret | None = None
    warehouse: Warehouse | None = None
    version: Version | None = None

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"


class Channel(msgspec.Struct, frozen=True):
    """A shop as shown: where it has to send, what is made of it, how much waits for a person."""

    channel: str
    path: str
    service: str
    warehouse: int | None
    version: int
    created_at: datetime
    heard_at: datetime | None
    refused: int


class ChannelList(msgspec.Struct, frozen=True):
    """All shops, and the services by which their orders may go (code → name)."""

    items: list[Channel]
    services: dict[str, str]


class Incoming(msgspec.Struct, frozen=True):
    """What a shop sent. `reason` is a code: why it was refused or ignored; `faults` say where and how."""

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
    faults: tuple[Fault, ...]


class IncomingList(msgspec.Struct, frozen=True):
    """A page of what came in, the newest first."""

    items: list[Incoming]
    next: UUID | None


class IncomingPage(msgspec.Struct, frozen=True):
    """What came in, with its body as it came."""

    incoming: Incoming
    body: str


class Kept(msgspec.Struct, frozen=True):
    """The answer to a shop: under which id its delivery is kept, and whether it came for the first time."""

    id: UUID
    first: bool
