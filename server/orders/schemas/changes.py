"""Why: until it has ended an order may be changed, called off or grow; what is asked says why."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from server.orders.rules import Split
from server.orders.schemas.captures import Address, Customer, Minor, NewLine


class Cancel(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Cancels what has not shipped."""

    why: Annotated[str, Meta(examples=["The customer changed her mind."])] = ""


class CancelUnits(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Cancels units of one line."""

    quantity: Annotated[
        Annotated[int, Meta(ge=1, le=9_999)] | None, Meta(description="Empty: all that have not shipped.", examples=[1])
    ] = None
    why: Annotated[str, Meta(examples=["One is enough."])] = ""


class MoreItems(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Units that come to an order. Without another word shipping stays what it was and tax grows with the goods."""

    lines: list[NewLine]
    shipping_minor: Annotated[int | None, Meta(description="Of the whole order from now on.", examples=[490])] = None
    tax_minor: Annotated[int | None, Meta(description="Of the whole order from now on.", examples=[0])] = None
    why: Annotated[str, Meta(examples=["One more, please."])] = ""


class Replacement(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Another item instead of units of a line."""

    sku: Annotated[str, Meta(examples=["40-0182"])]
    quantity: Annotated[int, Meta(description="Of the other item, 1 to 9999.", examples=[1])]
    price_minor: Minor
    instead_of: Annotated[
        Annotated[int, Meta(ge=1, le=9_999)] | None, Meta(description="Units of the line; empty: all.", examples=[1])
    ] = None
    why: Annotated[str, Meta(examples=["In blue instead."])] = ""


class Merge(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Takes everything of another order into this one."""

    order: Annotated[int, Meta(ge=1, le=2**53, description="The other's number.", examples=[10_482])]
    why: Annotated[str, Meta(examples=["One parcel is enough."])] = ""


class NewParty(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where an order goes from now on; without a customer who ordered stays as it was."""

    address: Address
    customer: Customer | None = None


class OtherService(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """By which service an order goes from now on."""

    service: Annotated[str, Meta(min_length=1, max_length=64, examples=["blitz-express"])]


class OtherSplit(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Whether an order goes in parts or all at once from now on."""

    split: Annotated[Split, Meta(examples=["ship_available"])]


class Held(msgspec.Struct, frozen=True):
    """The answer to a hold, its release or a cancel: the order's status after it."""

    number: int
    status: str
    hold: UUID | None = None
