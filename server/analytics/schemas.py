"""Why: what a wall of a warehouse shows, as it travels: facts and counts; words and colours are the screen's."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec


class Stages(msgspec.Struct, frozen=True):
    """Lines of a wave that are still wanted, and how many of them are through each stage."""

    lines: int
    picked: int
    packed: int
    loaded: int
    orders: int
    orders_open: int
    """Orders of which something is not on the truck yet."""


class WaveRow(msgspec.Struct, frozen=True):
    """A wave on the board. `pace`: lines picked by minute since the epoch, in the last minutes."""

    id: UUID
    number: int
    state: str
    cutoff_at: datetime
    carriers: list[str]
    stages: Stages
    pace: dict[str, int]


class PersonRow(msgspec.Struct, frozen=True):
    """Somebody on the floor: what they last did, when, and where that was; the tour they walk.

    `place` is the pack station by its name, any other bin by its code.
    """

    id: UUID
    name: str
    device: str | None
    heard_at: datetime | None
    did: str | None
    place: str | None
    at: tuple[int, int] | None
    tour: UUID | None
    tour_number: int | None
    wave: int | None
    stops_done: int
    stops: int


class Need(msgspec.Struct, frozen=True):
    """Something that waits for a person. `kind` says which of the others is filled, and what can be done."""

    kind: str
    id: UUID
    since: datetime
    order: int | None = None
    bin: str | None = None
    item: dict[str, str] | None = None
    printer: str | None = None
    person: str | None = None
    why: str | None = None
    said: dict[str, Any] | None = None
    late: bool = False
    """Nobody has decided in time: it was escalated."""


class PrinterRow(msgspec.Struct, frozen=True):
    """A printer: what it says of itself, how many jobs wait, of how many nobody knows."""

    code: str
    name: str
    condition: str
    waiting: int
    unknown: int


class DeviceRow(msgspec.Struct, frozen=True):
    """A device of the floor: who works with it, when it last said how it is, and what it said; null where unknown."""

    id: UUID
    name: str
    person: str | None
    heard_at: datetime | None
    battery: int | None
    charging: bool | None


class MissingTote(msgspec.Struct, frozen=True):
    """A tote that a parked order waits for: the station it stands at, or the cart and person that bring it."""

    code: str
    state: str
    station: str | None
    cart: str | None
    person: str | None


class ParkedRow(msgspec.Struct, frozen=True):
    """An order that waits on a numbered place of a pack station, and for what: totes, units in bins, units in stock.

    `complete`: nothing more is to come, somebody fetches it from its place.
    """

    order: int
    station: str
    place: int
    since: datetime
    complete: bool
    totes: list[MissingTote]
    to_pick: int
    backordered: int


class Today(msgspec.Struct, frozen=True):
    """The warehouse's day so far: lines picked, those that went right at once, walking that the tours saved."""

    since: datetime
    lines: int
    right: int
    saved_m: int


class BoardView(msgspec.Struct, frozen=True):
    """The board of a warehouse. What changes by itself with time (pace, silence) is the reader's to work out."""

    today: Today
    waves: dict[str, WaveRow]
    people: dict[str, PersonRow]
    needs: dict[str, Need]
    printers: dict[str, PrinterRow]
    devices: dict[str, DeviceRow]
    parked: dict[str, ParkedRow]


class Quarter(msgspec.Struct, frozen=True):
    """Lines that were picked in a quarter of an hour, which began then."""

    at: datetime
    lines: int


class PaceView(msgspec.Struct, frozen=True):
    """Lines by quarter of an hour since the warehouse's midnight; quarters without any are not listed."""

    since: datetime
    quarters: list[Quarter]
