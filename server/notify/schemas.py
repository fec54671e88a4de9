"""Why: what is said about messages and their templates over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, ClassVar, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from server.core.editions import Edited, Edition
from server.notify.fields import Kind

ChannelName = Literal["email", "sms"]
MilestoneName = Literal[
    "confirmed", "payment_declined", "held", "short", "repromised", "shipped", "changed", "cancelled",
    "refunded",
]  # fmt: skip
Language = Annotated[str, Meta(pattern=r"^[a-z]{2}(?!\n)$", description="Two letters.", examples=["de"])]
Subject = Annotated[str, Meta(max_length=300, examples=["Your order {order.reference}"])]
Body = Annotated[str, Meta(max_length=10_000, examples=["Hello {customer.name}, …"])]
OrderNumber = Annotated[int, Meta(ge=1, le=2**53, description="An order's number; empty: the newest one.")]


class Said(msgspec.Struct, frozen=True):
    """Words in both languages."""

    en: str
    de: str


# --- in ------------------------------------------------------------------------------------------------------------


class PutTemplate(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How it is said from now on; a text message has no subject."""

    subject: Subject = ""
    body: Body
    edition: Edition | None = None


class PutSwitch(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Whether customers are told of it."""

    on: bool


class Draft(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Words to be looked at with a real order, before they are saved."""

    milestone: MilestoneName
    channel: ChannelName
    language: Language
    subject: Subject = ""
    body: Body
    order: OrderNumber | None = None


class SendTest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Sends what is saved, of a real order, to somebody of one's own."""

    milestone: MilestoneName
    channel: ChannelName
    language: Language
    to: Annotated[str, Meta(max_length=254, description="A mail address, or a number with country code.")]
    order: OrderNumber | None = None


# --- out -----------------------------------------------------------------------------------------------------------


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A message to a customer: of which moment, to whom, how far it is. `test`: to somebody of our own."""

    id: UUID
    order: int
    milestone: str
    words: Said
    channel: str
    address: str
    language: str
    state: str
    reason: str
    subject: str
    tries: int
    made_at: datetime
    sent_at: datetime | None
    due_at: datetime | None
    test: bool
    can: list[str]


class MessageList(msgspec.Struct, frozen=True):
    """A page of messages, the newest first; `next` is the `after` of the page behind it."""

    items: list[Message]
    next: UUID | None


class Try(msgspec.Struct, frozen=True):
    """What came of one call; `said` are the other side's words."""

    at: datetime
    address: str
    verdict: str
    reason: str
    said: str


class MessagePage(msgspec.Struct, frozen=True):
    """A message as it went out, and its latest tries. Without a text it was not written yet."""

    message: Message
    text: str
    template: int | None
    tries: list[Try]


class Way(msgspec.Struct, frozen=True):
    """A channel: whether it is set up, and where it sends."""

    channel: str
    is_set_up: bool
    where: str
    parked: int


class MilestoneRow(msgspec.Struct, frozen=True):
    """A moment of an order, whether customers are told of it, and which templates are written by people."""

    name: str
    words: Said
    when: Said
    on: bool
    languages: list[str]
    changed: list[str]


class Milestones(msgspec.Struct, frozen=True):
    """What customers may be told of, and by which ways."""

    items: list[MilestoneRow]
    channels: list[Way]


class FieldRow(msgspec.Struct, frozen=True):
    """A name that a template may use."""

    name: str
    kind: Kind
    words: Said
    example: str


class Template(Edited, frozen=True):
    """How something is said. Version 0 is delivered."""

    EDITED: ClassVar[tuple[str, ...]] = ("subject", "body", "version")
    milestone: str
    channel: str
    language: str
    version: int
    subject: str
    body: str
    by: str
    at: datetime | None


class TemplateView(msgspec.Struct, frozen=True):
    """A template for whoever writes it, with the names that it may use."""

    template: Template
    words: Said
    when: Said
    fields: list[FieldRow]


class TemplateList(msgspec.Struct, frozen=True):
    """A page of versions, the newest first; `next` is the `after` of the page behind it."""

    items: list[Template]
    next: int | None


class Preview(msgspec.Struct, frozen=True):
    """How it would look; `order` is None where there is no order yet and examples stand for it."""

    subject: str
    text: str
    html: str
    order: int | None


class Begun(msgspec.Struct, frozen=True):
    """A message that goes out now; what came of it is on the message."""

    message: UUID
