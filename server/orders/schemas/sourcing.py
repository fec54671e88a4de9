"""Why: which warehouse sends an order is weighed by what the house prefers and how far it is."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta


class ZoneRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How far a postal area is from a warehouse, and what a parcel there costs."""

    country: Annotated[str, Meta(pattern=r"^[A-Z]{2}(?!\n)$", examples=["DE"])]
    prefix: Annotated[
        str, Meta(max_length=12, pattern=r"^[0-9A-Z]*(?!\n)$", description="Of the postal code; empty: the country.")
    ] = ""
    zone: Annotated[int, Meta(ge=1, le=99, description="1 is the nearest.", examples=[2])]
    price_minor: Annotated[
        Annotated[int, Meta(ge=0, le=10_000_000)] | None, Meta(description="Of a parcel; empty: the service's own.")
    ] = None


class ZoneChart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The carriers' zones as seen from a warehouse."""

    rows: Annotated[list[ZoneRow], Meta(max_length=5_000)]


class NewPolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """By which figures the warehouse is chosen; empty: as for the other channels."""

    policy: Annotated[str | None, Meta(examples=["nearest"])]


class SourcingPolicies(msgspec.Struct, frozen=True):
    """The policy of each channel ("" is for all others), and what each policy looks at, the first first."""

    channels: dict[str, str]
    policies: dict[str, list[str]]
