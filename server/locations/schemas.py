"""Why: the shapes in which places come in (seed, set-up) and go out (lists, the floor map)."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar
from uuid import UUID

import msgspec
from msgspec import Meta

from server.core.editions import Edited, Edition


class Aisles(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The walkable grid, in whole millimetres: aisles by code along x, cross-aisles along y, the depot's point."""

    aisles: dict[str, int]
    cross: list[int]
    depot: tuple[int, int]


class NewWarehouse(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A warehouse; `number` is its stream, from 1 on. `gcp` is the GS1 company prefix of its SSCCs."""

    number: int
    code: str
    name: str
    time_zone: str
    country: str
    address: dict[str, str]
    gcp: str
    floor: Aisles


class NewZone(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A named part of a warehouse."""

    code: str
    name: str


class NewBin(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A place for goods. `code` without the `B-` of its barcode; `sequence` is its place in bin order."""

    code: str
    type: str = "pick"
    zone: str | None = None
    aisle: str = ""
    bay: int = 0
    level: str = ""
    side: str = ""
    x_mm: int = 0
    y_mm: int = 0
    z_mm: int = 0
    check_digits: str = ""
    sequence: int = 0
    max_weight_g: int | None = None
    max_volume_ml: int | None = None
    locked: bool = False


class Sender(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What stands on labels as the sender's address; its country is the warehouse's."""

    name: Annotated[str, Meta(min_length=1, max_length=60)]
    street: Annotated[str, Meta(min_length=1, max_length=60)]
    postal_code: Annotated[str, Meta(max_length=16)]
    city: Annotated[str, Meta(min_length=1, max_length=60)]
    phone: Annotated[str, Meta(max_length=24)] = ""


class PutWarehouse(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A warehouse to make or to change. `gcp` is the GS1 company prefix of its SSCCs."""

    code: Annotated[str, Meta(min_length=1, max_length=12, pattern=r"^[A-Z0-9]+(-[A-Z0-9]+)*(?!\n)$")]
    name: Annotated[str, Meta(min_length=1, max_length=80, pattern=r"^\S(.*\S)?(?!\n)$")]
    time_zone: Annotated[str, Meta(max_length=60)]
    country: Annotated[str, Meta(pattern=r"^[A-Z]{2}(?!\n)$")]
    gcp: Annotated[str, Meta(max_length=12)]
    address: Sender
    edition: Edition | None = None


class WarehouseView(Edited, frozen=True):
    """A warehouse as it is set up, with the counts of what stands in it.

    `sscc_left` are the SSCCs that its company prefix still has for all warehouses; `sscc_few`: get another prefix.
    """

    EDITED: ClassVar[tuple[str, ...]] = ("code", "name", "time_zone", "country", "gcp", "address")

    number: int
    code: str
    name: str
    time_zone: str
    country: str
    gcp: str
    address: dict[str, Any]
    aisles: int
    zones: int
    bins: int
    sscc_left: int
    sscc_few: bool


class Layout(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A block of equal aisles to set up, both sides of an aisle counted in `bays`; lengths in whole millimetres.

    `first` is the number of its first aisle. The zone is made where there is none of this code.
    """

    zone: Annotated[str, Meta(min_length=1, max_length=12, pattern=r"^[A-Z0-9]+(-[A-Z0-9]+)*(?!\n)$")]
    zone_name: Annotated[str, Meta(min_length=1, max_length=60)]
    first: Annotated[int, Meta(ge=1, le=99)]
    aisles: Annotated[int, Meta(ge=1, le=50)]
    bays: Annotated[int, Meta(ge=1, le=99)]
    levels: Annotated[int, Meta(ge=1, le=9)]
    aisle_distance_mm: Annotated[int, Meta(ge=800, le=10_000)] = 2400
    bay_width_mm: Annotated[int, Meta(ge=200, le=5_000)] = 2400
    level_height_mm: Annotated[int, Meta(ge=100, le=5_000)] = 600


class LaidOut(msgspec.Struct, frozen=True):
    """What a layout came to, or would come to: new bins, bins that were there, the lowest and the highest code."""

    made: int
    there: int
    first: str
    last: str


class WarehouseRow(msgspec.Struct, frozen=True):
    """A warehouse in a list."""

    number: int
    code: str
    name: str
    time_zone: str
    country: str


class WarehouseList(msgspec.Struct, frozen=True):
    """All warehouses."""

    items: list[WarehouseRow]


class BinRow(msgspec.Struct, frozen=True):
    """A bin in a list; `barcode` is what its label carries."""

    id: UUID
    code: str
    barcode: str
    type: str
    zone: str | None
    aisle: str
    bay: int
    level: str
    side: str
    x_mm: int
    y_mm: int
    z_mm: int
    check_digits: str
    sequence: int
    locked: bool


class BinList(msgspec.Struct, frozen=True):
    """A page of bins in bin order; `next` is the `after` of the page behind it."""

    items: list[BinRow]
    next: str | None


class FloorZone(msgspec.Struct, frozen=True):
    """A zone and the aisles in it."""

    code: str
    name: str
    aisles: list[str]


class FloorMap(msgspec.Struct, frozen=True):
    """The geometry of a warehouse for its map, in millimetres."""

    warehouse: int
    aisles: dict[str, int]
    cross: list[int]
    depot: tuple[int, int]
    zones: list[FloorZone]
    bins: list[tuple[str, str, int, int, int]]
    """Code, type, x, y, z of each bin that stands somewhere."""


class Bin(msgspec.Struct, frozen=True):
    """A bin as other rooms see it."""

    id: UUID
    warehouse: int
    code: str
    type: str
    zone: UUID | None
    aisle: str
    x_mm: int
    y_mm: int
    z_mm: int
    check_digits: str
    sequence: int
    locked: bool


class Warehouse(msgspec.Struct, frozen=True):
    """A warehouse as other rooms see it."""

    number: int
    code: str
    name: str
    time_zone: str
    country: str
    address: dict[str, Any]
    gcp: str
