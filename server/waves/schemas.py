"""Why: what a supervisor asks for and is shown before a wave is released, and the plan that is kept while writing."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, ClassVar
from uuid import UUID

import msgspec
from msgspec import Meta

from server.core.editions import Edited, Edition


class WaveFilter(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which ready orders shall go: all that fit every part that is given."""

    cutoff_before: Annotated[datetime, Meta(tz=True)] | None = None
    services: Annotated[list[Annotated[str, Meta(max_length=64)]], Meta(max_length=50)] | None = None
    carrier: Annotated[str, Meta(max_length=64)] | None = None
    zone: Annotated[str, Meta(max_length=32)] | None = None
    orders: Annotated[list[int], Meta(max_length=10_000)] | None = None
    limit: Annotated[int, Meta(ge=1, le=10_000)] = 500


class NewTemplate(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A wave that is wanted again and again: a filter with a name.

    `cutoff` is HH:MM in the warehouse's zone: the orders whose cut-off is today at that time or before.
    """

    name: Annotated[str, Meta(min_length=1, max_length=60, pattern=r"^\S(.*\S)?(?!\n)$")]
    cutoff: Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d(?!\n)$")] | None = None
    services: Annotated[list[Annotated[str, Meta(max_length=64)]], Meta(max_length=50)] | None = None
    carrier: Annotated[str, Meta(max_length=64)] | None = None
    zone: Annotated[str, Meta(max_length=32)] | None = None
    most: Annotated[int, Meta(ge=1, le=10_000)] = 500
    edition: Edition | None = None


class Template(Edited, frozen=True):
    """A template as it is kept; `filter` is what it asks for today."""

    EDITED: ClassVar[tuple[str, ...]] = ("name", "cutoff", "services", "carrier", "zone", "most")
    id: UUID
    name: str
    cutoff: str | None
    services: list[str] | None
    carrier: str | None
    zone: str | None
    most: int
    filter: WaveFilter | None = None


class TemplateList(msgspec.Struct, frozen=True):
    """The templates of a warehouse by name."""

    items: list[Template]


class Preview(msgspec.Struct, frozen=True):
    """What a release would come to. Lengths in metres; `bin_order_m` is the same stops walked in bin order."""

    orders: int
    lines: int
    units: int
    short_lines: int
    short_units: int
    totes: int
    tours: int
    metres: int
    bin_order_m: int
    left_out: list[LeftOut]
    order_numbers: list[int]


class LeftOut(msgspec.Struct, frozen=True):
    """An order that was asked for and cannot go, with the reason."""

    order: int
    reason: str


class WaveView(msgspec.Struct, frozen=True):
    """A wave as lists and the topic `waves` show it."""

    id: UUID
    number: int
    state: str
    cutoff_at: datetime
    orders: int
    lines: int
    units: int
    short_lines: int
    tours: int
    metres: int
    bin_order_m: int
    slices_done: int
    slices: int
    tours_done: int
    picks_done: int
    picks: int
    created_at: datetime
    released_at: datetime | None


class WaveList(msgspec.Struct, frozen=True):
    """A page of waves, the newest first; `next` asks for the following page."""

    items: list[WaveView]
    next: str | None


class CandidateView(msgspec.Struct, frozen=True):
    """An order that could be released."""

    number: int
    channel: str
    service: str
    carrier: str
    cutoff_at: datetime
    lines: int
    units: int
    country: str


class CandidateList(msgspec.Struct, frozen=True):
    """A page of orders that could be released, the most urgent first."""

    items: list[CandidateView]
    next: str | None


# --- the plan


class PlanLine(msgspec.Struct, frozen=True):
    """A line to plan: `wanted` base units; `volume_ml` of one."""

    line: UUID
    item: UUID
    wanted: int
    volume_ml: int


class PlanOrder(msgspec.Struct, frozen=True):
    """An order to plan; `complete`: it goes whole or not at all."""

    order: UUID
    number: int
    cutoff_at: datetime
    lines: list[PlanLine]
    complete: bool = False


class PlanStock(msgspec.Struct, frozen=True):
    """Free stock of an item in a bin that lies at `y_mm` in an aisle of the floor."""

    quant: UUID
    item: UUID
    bin: UUID
    lot: str
    expiry: date | None
    free: int
    aisle: int
    y_mm: int
    distance_mm: int


class PlannedPick(msgspec.Struct, frozen=True):
    """So many units of a line out of that quant, on a tour's slot, at that place in the walk."""

    line: UUID
    item: UUID
    quant: UUID
    bin: UUID
    lot: str
    expiry: date | None
    quantity: int
    tour: int
    slot: int
    position: int


class PlannedOrder(msgspec.Struct, frozen=True):
    """An order of the plan: its picks, and what no bin had, by line. Without picks it stays: `left_out` says why."""

    order: UUID
    number: int
    picks: list[PlannedPick]
    short: dict[str, int]
    left_out: str = ""


class PlannedTour(msgspec.Struct, frozen=True):
    """A tour of the plan: its slots (number → order) and its walk."""

    id: UUID
    slots: dict[int, UUID]
    length_mm: int
    bin_order_mm: int
    proven: bool
    path: list[list[int]]


class Plan(msgspec.Struct, frozen=True):
    """A whole wave, ready to be written in slices."""

    orders: list[PlannedOrder]
    tours: list[PlannedTour]
