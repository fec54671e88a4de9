"""Why: every carrier is asked the same way, by our own key, so that asking again never makes a second parcel."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

import msgspec


class Parcel(msgspec.Struct, frozen=True):
    """A carton as a carrier needs it. `key` is ours: the same key is the same parcel."""

    key: UUID
    service: str
    weight_g: int
    receiver: dict[str, str]
    sender: dict[str, str]
    reference: str


class Withdrawn(msgspec.Struct, frozen=True):
    """A parcel that will not come, by the key it was booked under."""

    key: UUID


class Booked(msgspec.Struct, frozen=True):
    """The carrier takes it: its tracking number and what its sorters read."""

    tracking: str
    routing: str


class CarrierRefused(msgspec.Struct, frozen=True):
    """The carrier does not take it, in its own words."""

    reason: str


class CarrierAway(Exception):
    """No answer: whether the parcel was booked is not known. The same key, asked again, finds out."""


class Carrier(Protocol):
    """A carrier, or a hub of several."""

    async def book(self, parcel: Parcel) -> Booked | CarrierRefused:
        """Books a parcel, or answers what this key was answered before. Raises CarrierAway."""

    async def void(self, key: UUID) -> None:
        """The parcel will not come. Raises CarrierAway."""
