"""Why: whoever looks at orders, a list of them or one as a whole, sees words and reasons, not only codes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from server.orders.rules import Facts
from server.orders.schemas.captures import Address, Customer
from server.orders.schemas.trials import Seen
from server.policies.rules import Both, Said


class OrderRow(msgspec.Struct, frozen=True):
    """An order in a list."""

    id: UUID
    number: int
    channel: str
    external_ref: str
    status: str
    service: str
    cutoff_at: datetime
    captured_at: datetime
    total_minor: int
    currency: str
    customer: str
    country: str
    warehouse: int
    service_name: str


class OrderList(msgspec.Struct, frozen=True):
    """A page of orders, newest first; `next` is the `after` of the page behind it.

    `similar`: no order is exactly what was searched for, these are written nearly so.
    """

    items: list[OrderRow]
    next: str | None
    similar: bool = False


class PageItem(msgspec.Struct, frozen=True):
    """The item of a line, as a page shows it."""

    id: UUID
    sku: str
    names: dict[str, str]
    picture: str | None


class PageLine(msgspec.Struct, frozen=True):
    """A line of the order with its facts over all warehouses."""

    id: UUID
    position: int
    item: PageItem
    price_minor: int
    status: str
    facts: Facts
    open: int
    backorder_reason: str | None = None
    backorder_expected: date | None = None
    waiting: int = 0  # units that no warehouse has been given and that do not lie ready
    promised_on: date | None = None  # when all that no warehouse has been given can go


class PagePart(msgspec.Struct, frozen=True):
    """What one warehouse does of the order."""

    id: UUID
    warehouse: int
    wave: UUID | None
    service: str
    cutoff_at: datetime
    status: str
    held: bool
    facts: Facts
    lines: dict[UUID, Facts]
    service_name: str


class PageHold(msgspec.Struct, frozen=True):
    """Why the order waits or waited, since when, and who let it go."""

    id: UUID
    reason: str
    en: str
    de: str
    permission: str
    releasable: bool
    state: str
    detail: Any
    placed_at: datetime
    placed_by: str
    released_at: datetime | None
    released_by: str | None
    release_note: str | None
    owner: str
    due_at: datetime
    escalated_at: datetime | None
    rule: dict[str, Any] | None


class PageVerdict(msgspec.Struct, frozen=True):
    """A rule that spoke about the order: which, of which version, what it does, and the values that it looked at."""

    at: datetime
    moment: str
    kind: str
    kind_words: Said
    version: int
    rule: Both
    then: Said
    because: list[Seen]
    broken: str


class PagePayment(msgspec.Struct, frozen=True):
    """What the order knows of its money."""

    method: str
    state: str
    total_minor: int
    captured_minor: int
    currency: str
    authorised_until: datetime | None


class PageEntry(msgspec.Struct, frozen=True):
    """Something that happened: when, what (key, words, parameters), who, on which device, why."""

    id: str
    at: datetime
    what: str
    en: str
    de: str
    tone: str
    params: dict[str, Any]
    who: str
    device: str | None
    why: str | None
    line: UUID | None
    fulfilment: UUID | None
    command: UUID


class OrderPage(msgspec.Struct, frozen=True):
    """Everything about one order. `more` holds what later rooms add (shipments, cartons, …) by name."""

    id: UUID
    number: int
    channel: str
    external_ref: str
    status: str
    version: int
    warehouse: int
    service: str
    split: str
    cutoff_at: datetime
    promised_on: date | None
    sourced: dict[str, Any] | None
    captured_at: datetime
    cancelled_at: datetime | None
    currency: str
    items_minor: int
    shipping_minor: int
    tax_minor: int
    total_minor: int
    customer: Customer
    customer_id: UUID | None
    address: Address
    facts: Facts
    lines: list[PageLine]
    fulfilments: list[PagePart]
    holds: list[PageHold]
    payment: PagePayment
    timeline: list[PageEntry]
    more: dict[str, Any]
    can: list[str]
    service_name: str
    tags: list[str] = []
    decisions: list[PageVerdict] = []


class Sum(msgspec.Struct, frozen=True):
    """What a customer's orders in one currency come to, in minor units; `shipped_minor` is goods alone."""

    currency: str
    orders: int
    ordered_minor: int
    shipped_minor: int


class Worth(msgspec.Struct, frozen=True):
    """A customer's orders, added up; sums are of those that were not cancelled."""

    orders: int
    cancelled: int
    first_at: datetime | None
    last_at: datetime | None
    sums: list[Sum]


class Reason(msgspec.Struct, frozen=True):
    """One answer to "why is it so?": a sentence, and the entries of the timeline and other facts that prove it."""

    kind: str
    en: str
    de: str
    evidence: dict[str, Any]


class Why(msgspec.Struct, frozen=True):
    """Everything about an order that is not as one would expect, the most pressing first."""

    number: int
    status: str
    reasons: list[Reason]
