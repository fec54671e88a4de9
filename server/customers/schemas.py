"""Why: what is said about customers over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from server.core.editions import Edited, Edition

Wish = Literal["email", "sms", "none"]


# --- in ------------------------------------------------------------------------------------------------------------


class PutCustomer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is known of a customer from now on; orders that came before keep what they were given."""

    name: Annotated[str, Meta(max_length=200, examples=["Ana Souza"])]
    email: Annotated[str, Meta(max_length=300, examples=["ana@example.com"])] = ""
    phone: Annotated[str, Meta(max_length=60, description="With country code.", examples=["+4930231250"])] = ""
    language: Annotated[str, Meta(max_length=8, description="Two letters.", examples=["de"])]
    wish: Annotated[Wish, Meta(description="How they want to be told of their orders.")]
    edition: Edition | None = None


class PutNote(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Something to know about a customer."""

    text: Annotated[str, Meta(max_length=5_000, examples=["Rings at the neighbour's."])]
    edition: Edition | None = None


class Merge(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Says that another customer is the same one."""

    other: Annotated[UUID, Meta(description="Who goes: orders and notes come over from there.")]
    edition: Edition | None = None


# --- out -----------------------------------------------------------------------------------------------------------


class Customer(Edited, frozen=True):
    """Who buys."""

    EDITED: ClassVar[tuple[str, ...]] = ("name", "email", "phone", "language", "wish")
    id: UUID
    name: str
    email: str
    phone: str
    language: str
    wish: Wish
    created_at: datetime


class CustomerList(msgspec.Struct, frozen=True):
    """A page of customers, the newest first; `next` is the `after` of the page behind it."""

    items: list[Customer]
    next: UUID | None


class Note(Edited, frozen=True):
    """Something to know about a customer, and who wrote it."""

    EDITED: ClassVar[tuple[str, ...]] = ("text",)
    id: UUID
    at: datetime
    by: str
    text: str
    changed_at: datetime | None
    changed_by: str | None


class NoteList(msgspec.Struct, frozen=True):
    """A page of notes, the newest first; `next` is the `after` of the page behind it."""

    items: list[Note]
    next: UUID | None


class CustomerPage(msgspec.Struct, frozen=True):
    """Everything about one customer. `more` holds what later rooms add (orders, money) by name."""

    customer: Customer
    notes: list[Note]
    notes_next: UUID | None
    more: dict[str, Any]
