"""Why: an order comes in by one struct, whoever sends it. Strict: an unknown field is a fault, not a shrug.

The structs say types only; ranges and sense are said by `intake`, which lists every fault at once.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Final
from uuid import UUID

import msgspec
from msgspec import Meta

from server.core.refusal import FaultShown
from server.orders.rules import Split

Minor = Annotated[int, Meta(description="Money in minor units (cents).", examples=[1998])]


class NewLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One line of a new order; `price_minor` is the price of one unit."""

    sku: Annotated[str, Meta(examples=["40-0182"])]
    quantity: Annotated[int, Meta(description="In base units, 1 to 9999.", examples=[2])]
    price_minor: Minor


class NewTotals(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the channel says the order costs; it is added up again: items + shipping + tax = total."""

    items_minor: Minor
    total_minor: Annotated[int, Meta(examples=[2488])]
    shipping_minor: Annotated[int, Meta(examples=[490])] = 0
    tax_minor: Annotated[int, Meta(description="Tax on top of the prices; 0 when they include it.", examples=[0])] = 0


class Customer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who ordered."""

    name: Annotated[str, Meta(examples=["Ana Souza"])]
    email: Annotated[str, Meta(examples=["ana@example.com"])] = ""
    phone: Annotated[
        str, Meta(description="With country code, or as dialled in the address's country.", examples=["+4930231250"])
    ] = ""
    language: Annotated[str, Meta(description="Two letters.", examples=["de"])] = "en"  # fmt: skip


class Address(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where it goes. `name` is needed only when it is not the customer's."""

    street: Annotated[str, Meta(examples=["Lindenweg 4"])]
    city: Annotated[str, Meta(examples=["Köln"])]
    country: Annotated[str, Meta(description="ISO 3166-1, two letters.", examples=["DE"])]
    postal_code: Annotated[str, Meta(examples=["50667"])] = ""
    region: str = ""
    name: str = ""
    company: str = ""


class NewPayment(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How it is paid. A card is never given by its number, only by the gateway's token."""

    method: Annotated[str, Meta(description="card, prepaid, invoice or cash.", examples=["card"])]
    token: Annotated[str, Meta(description="The gateway's name for the card.", examples=["ok"])] = ""
    received: Annotated[
        bool, Meta(description="prepaid and cash: the money is there. Without it the order waits until it is.")
    ] = False


class NewOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An order as a channel sends it. Channel and external reference together name it for ever."""

    channel: Annotated[str, Meta(examples=["web"])]
    external_ref: Annotated[str, Meta(description="The channel's own number.", examples=["WEB-1003"])]
    currency: Annotated[str, Meta(description="ISO 4217.", examples=["EUR"])]
    lines: list[NewLine]
    totals: NewTotals
    customer: Customer
    address: Address
    payment: NewPayment
    service: Annotated[str, Meta(description="Code of a carrier's service.", examples=["nordpost-parcel"])]
    split: Annotated[Split, Meta(description="What happens to a short line.")] = "ship_available"
    warehouse: Annotated[int | None, Meta(description="Sourced from; empty: the first one.", examples=[1])] = None


class Captured(msgspec.Struct, frozen=True):
    """The answer to a capture: `first` is false when channel and external reference were known already."""

    id: UUID
    number: int
    status: str
    cutoff_at: datetime
    holds: list[str]
    first: bool = True
    promised_on: Annotated[date | None, Meta(description="The day from which all of it can go, where known.")] = None


class BatchRow(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one order of a batch: captured, or a code and every fault at its place in the batch."""

    captured: Captured | None = None
    code: str = ""
    faults: list[FaultShown] = []


class Batched(msgspec.Struct, frozen=True):
    """What became of each order of a batch, in their order, and how many were captured, known and refused."""

    items: list[BatchRow]
    captured: int
    known: int
    refused: int


EXAMPLE: Final = NewOrder(
    channel="web",
    external_ref="WEB-1003",
    currency="EUR",
    lines=[NewLine(sku="40-0182", quantity=2, price_minor=999)],
    totals=NewTotals(items_minor=1998, shipping_minor=490, total_minor=2488),
    customer=Customer(name="Ana Souza", email="ana@example.com", phone="+4930231250", language="de"),
    address=Address(street="Lindenweg 4", postal_code="50667", city="Köln", country="DE"),
    payment=NewPayment(method="card", token="ok"),
    service="nordpost-parcel",
)
"""An order that is right in itself; the OpenAPI page shows it."""
