"""Why: what customers may choose of carriers is set up by the house."""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from server.core.editions import Edited, Edition


class NewService(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A carrier's service. `cutoff` is HH:MM in the warehouse's zone, `weekdays` 1 (Monday) to 7."""

    code: Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*(?!\n)$")]
    carrier: Annotated[str, Meta(min_length=1, max_length=64)]
    name: Annotated[str, Meta(min_length=1, max_length=80)]
    cutoff: Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d(?!\n)$")]
    countries: Annotated[list[Annotated[str, Meta(pattern=r"^[A-Z]{2}(?!\n)$")]], Meta(max_length=250)] = []
    weekdays: Annotated[list[Annotated[int, Meta(ge=1, le=7)]], Meta(min_length=1, max_length=7)] = msgspec.field(
        default_factory=lambda: [1, 2, 3, 4, 5, 6, 7]
    )
    max_weight_g: Annotated[int, Meta(ge=1, le=10_000_000)] = 31_500
    price_minor: Annotated[int, Meta(ge=0, le=10_000_000)] = 0
    transit_days: Annotated[
        Annotated[int, Meta(ge=0, le=60)] | None,
        Meta(description="Of its weekdays, from the truck to the door; empty: nobody knows.", examples=[2]),
    ] = None
    active: bool = True
    edition: Edition | None = None


class ServiceView(Edited, frozen=True):
    """A carrier's service as it is set up; one that is not `active` is no longer chosen."""

    EDITED: ClassVar[tuple[str, ...]] = (
        "carrier", "name", "cutoff", "countries", "weekdays", "max_weight_g", "price_minor", "transit_days", "active",
    )  # fmt: skip
    code: str
    carrier: str
    name: str
    cutoff: str
    countries: list[str]
    weekdays: list[int]
    max_weight_g: int
    price_minor: int
    transit_days: int | None
    active: bool


class ServiceList(msgspec.Struct, frozen=True):
    """All services that carriers offer, by code."""

    items: list[ServiceView]
