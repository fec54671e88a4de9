"""Why: what is said about money over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

import msgspec
from msgspec import Meta

MOST_MINOR: Final = 10**13
NOTE: Final = 500

Amount = Annotated[int, Meta(ge=1, le=MOST_MINOR, description="In minor units; empty: all of it.", examples=[1490])]
Note = Annotated[str, Meta(max_length=NOTE)]


# --- in ----------------------------------------------------------------------------------------------------------


class Retry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Asks for a declined payment again."""

    token: Annotated[str, Meta(description="Another card; empty: the same one.", examples=["ok"])] = ""


class Receive(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Money came, by bank or over the counter."""

    amount_minor: Amount | None = None
    note: Annotated[Note, Meta(description="How it came.", examples=["Bank statement 2026-11-24"])] = ""


class Refund(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Gives money back."""

    amount_minor: Amount | None = None
    note: Annotated[str, Meta(min_length=1, max_length=NOTE, description="Why.", examples=["One jar was broken."])]


class PutAccount(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is agreed with a customer who buys on account."""

    days: Annotated[int, Meta(ge=0, le=365, description="From the shipment until it is due.", examples=[30])]
    currency: Annotated[str, Meta(pattern=r"^[A-Z]{3}(?!\n)$", examples=["EUR"])]
    limit_minor: (
        Annotated[
            int, Meta(ge=0, le=MOST_MINOR, description="So much may be owed; empty: no limit.", examples=[500_000])
        ]
        | None
    ) = None
    version: Annotated[int, Meta(ge=1, le=2**31 - 1, description="As it was read; empty for a new one.")] | None = None


class EndAccount(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A customer buys on account no longer."""

    version: Annotated[int, Meta(ge=1, le=2**31 - 1, description="As it was read.")]


class Reconcile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Lays our journal beside a gateway's list, for what was set aside in this time."""

    since: datetime
    until: datetime
    gateway: Annotated[str, Meta(max_length=32, description="Empty: the one that cards go to.")] = ""


# --- out ---------------------------------------------------------------------------------------------------------


class Retried(msgspec.Struct, frozen=True):
    """The order's status after it."""

    number: int
    status: str


class Moved(msgspec.Struct, frozen=True):
    """Money that came or goes back, and the order's status after it."""

    number: int
    amount_minor: int
    status: str


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the journal: what was intended, and what came of it. `by_hand`: a person has to do it."""

    id: UUID
    kind: str
    state: str
    amount_minor: int
    at: datetime
    by: str
    answered_at: datetime | None
    reference: str
    note: str
    reason: str
    attempts: int
    by_hand: bool


class Money(msgspec.Struct, frozen=True, kw_only=True):
    """The money of an order. `retry`: the card may be asked again. The journal begins with the latest."""

    method: str
    gateway: str
    state: str
    currency: str
    amount_minor: int
    captured_minor: int
    refunded_minor: int
    received_minor: int
    refundable_minor: int
    awaited_minor: int
    authorised_until: datetime | None
    days: int | None
    due_at: datetime | None
    retry: bool
    journal: list[Step]


class AccountView(msgspec.Struct, frozen=True):
    """A customer who buys on account, and what they owe or will owe when all of it has shipped.

    `email`: what they are known by, the phone number where there is no mail address. `ended_at`: since when they buy on
    account no longer.
    """

    customer: UUID
    name: str
    email: str
    days: int
    limit_minor: int | None
    currency: str
    owing_minor: int
    version: int
    ended_at: datetime | None


class Owed(msgspec.Struct, frozen=True):
    """What is invoiced and not paid yet in one currency, in minor units."""

    currency: str
    open_minor: int


class OpenInvoice(msgspec.Struct, frozen=True):
    """An order on account of which something is still to be paid."""

    order: int
    currency: str
    invoiced_minor: int
    open_minor: int
    due_at: datetime | None


class Balance(msgspec.Struct, frozen=True):
    """What a customer owes, the invoices that are due first, and what was agreed with them.

    `usual_days`: when invoices are due where nothing was agreed.
    """

    open: list[Owed]
    invoices: list[OpenInvoice]
    account: AccountView | None
    usual_days: int


class AccountList(msgspec.Struct, frozen=True):
    """Credit accounts by mail address."""

    items: list[AccountView]
    next: str | None


class Told(msgspec.Struct, frozen=True):
    """What became of what a gateway said."""

    state: str


class RunView(msgspec.Struct, frozen=True, kw_only=True):
    """A reconciliation: how many payments came to which verdict, and how many of them differ."""

    id: UUID
    gateway: str
    since: datetime
    until: datetime
    state: str
    started_at: datetime
    started_by: str
    ended_at: datetime | None
    counts: dict[str, int]
    differences: int


class RunList(msgspec.Struct, frozen=True):
    """Reconciliations, the newest first, and the gateways that can be asked."""

    items: list[RunView]
    next: UUID | None
    gateways: list[str] = []


class Booking(msgspec.Struct, frozen=True):
    """An authorisation in one of the two books, in minor units."""

    state: str
    currency: str
    authorised_minor: int
    captured_minor: int
    refunded_minor: int


class Compared(msgspec.Struct, frozen=True):
    """A payment of both sides. `reference` is the gateway's name of it."""

    id: UUID
    reference: str
    intent: UUID | None
    order_number: int | None
    verdict: str
    ours: Booking | None
    theirs: Booking | None


class ComparedList(msgspec.Struct, frozen=True):
    """What was compared."""

    items: list[Compared]
    next: UUID | None
