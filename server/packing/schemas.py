"""Why: what a pack station sends and what it is shown, as types."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, ClassVar, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from server.catalog.schemas import Barcode
from server.core.editions import Edited, Edition
from server.tasks.schemas import Body, Code, Lot, Quantity

TypeCode = Annotated[str, Meta(min_length=1, max_length=24)]
Side = Annotated[int, Meta(ge=1, le=5_000)]


class OpenTote(Body, frozen=True):
    """`pack.open`: this tote stands at that station now."""

    station: UUID
    tote: Code


class PackItem(Body, frozen=True):
    """`pack.item`: so many base units went out of the tote into the order's carton."""

    station: UUID
    fulfilment: UUID
    tote: Code
    item: Code
    qty: Quantity
    lot: Lot | None = None


class ChooseCarton(Body, frozen=True):
    """`pack.carton`: the order's carton is of that type; `new`: the open one is full, another is begun."""

    fulfilment: UUID
    carton_type: TypeCode
    new: bool = False


class Weigh(Body, frozen=True):
    """`pack.weigh`: what the scale says."""

    carton: UUID
    grams: Annotated[int, Meta(ge=1, le=1_000_000)]


class PackShort(Body, frozen=True):
    """`pack.short`: so many base units that should lie in the tote do not, or are damaged."""

    station: UUID
    fulfilment: UUID
    tote: Code
    item: Code
    missing: Quantity
    reason: Literal["missing", "damaged"] = "missing"


class AcceptWeight(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A supervisor takes a weight as it is, and says why."""

    grams: Annotated[int, Meta(ge=1, le=1_000_000)]
    why: Annotated[str, Meta(min_length=3, max_length=500)]


class UndoPacking(Body, frozen=True):
    """`pack.undo`: the last item goes out of the carton, back into its tote."""

    fulfilment: UUID


# --- set-up


class NewStation(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A pack station: its bin's code, its printers' codes, and how many waiting totes have a numbered place.

    Without a bin it stands at the one of its own code, which is made where there is none.
    The first printer is the one it prints on; the second, of the same resolution, prints what the first one cannot.
    """

    code: Annotated[
        str, Meta(min_length=1, max_length=40, pattern=r"^[A-Z0-9]+(-[A-Z0-9]+)*(?!\n)$", examples=["PACK-1"])
    ]
    name: Annotated[str, Meta(min_length=1, max_length=80)]
    bin: Annotated[str, Meta(min_length=1, max_length=60, examples=["PACK-1"])] | None = None
    printers: Annotated[list[Annotated[str, Meta(max_length=40)]], Meta(max_length=2, examples=[["PRN-1"]])] = []
    parking: Annotated[int, Meta(ge=0, le=99)] = 0
    edition: Edition | None = None


class ChoosePrinter(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The one of a station's printers that it prints on from now on."""

    printer: UUID


class NewCartonType(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A carton type by its inner sides; planned no fuller than `fill_percent`."""

    code: TypeCode
    name: Annotated[str, Meta(min_length=1, max_length=80)]
    length_mm: Side
    width_mm: Side
    height_mm: Side
    tare_g: Annotated[int, Meta(ge=0, le=100_000)]
    max_weight_g: Annotated[int, Meta(ge=1, le=1_000_000)]
    fill_percent: Annotated[int, Meta(ge=10, le=100)] = 85
    active: bool = True
    edition: Edition | None = None


class CartonTypeView(Edited, frozen=True):
    """A carton type as it is set up; one that is not `active` is no longer suggested."""

    EDITED: ClassVar[tuple[str, ...]] = (
        "name", "length_mm", "width_mm", "height_mm", "tare_g", "max_weight_g", "fill_percent", "active",
    )  # fmt: skip
    code: str
    name: str
    length_mm: int
    width_mm: int
    height_mm: int
    tare_g: int
    max_weight_g: int
    fill_percent: int
    active: bool


class CartonTypeList(msgspec.Struct, frozen=True):
    """All carton types by code."""

    items: list[CartonTypeView]


# --- shown


class StationView(Edited, frozen=True):
    """A station in a list. `printers`: its first and its second one; `printer`: the one of them that it prints on."""

    EDITED: ClassVar[tuple[str, ...]] = ("name", "bin", "printers", "parking")

    id: UUID
    warehouse: int
    code: str
    name: str
    bin: str
    printer: UUID | None
    printers: list[UUID]
    printer_codes: list[str]
    printer_names: list[str]
    parking: int


class StationList(msgspec.Struct, frozen=True):
    """The stations of a warehouse."""

    items: list[StationView]


class PrinterView(msgspec.Struct, frozen=True):
    """A printer of the station, with its condition before work begins and since when it is so."""

    id: UUID
    name: str
    condition: str
    condition_at: datetime | None
    virtual: bool = False
    """It prints on a page of the demo and on no paper."""


class TypeView(msgspec.Struct, frozen=True):
    """A carton type by its inner sides."""

    code: str
    name: str
    length_mm: int
    width_mm: int
    height_mm: int


class ItemView(msgspec.Struct, frozen=True):
    """An item as a packer recognises it."""

    id: UUID
    sku: str
    names: dict[str, str]
    uom: str
    picture: str | None
    weight_g: int
    barcodes: list[Barcode]


class LineView(msgspec.Struct, frozen=True):
    """A line to pack here: `wanted` is what was picked for it."""

    line: UUID
    item: ItemView
    lot: str | None
    wanted: int
    packed: int


class LabelView(msgspec.Struct, frozen=True):
    """A carton's label as it stands. `voidable`: its carton has not left yet."""

    state: str
    tracking: str | None
    zpl_url: str | None
    reason: str | None
    voidable: bool


class PrintView(msgspec.Struct, frozen=True):
    """The newest print of a carton's label, and the printer that it is at."""

    job: UUID
    state: str
    reason: str | None
    printer: UUID


class CartonView(msgspec.Struct, frozen=True):
    """The carton of an order that is not closed."""

    id: UUID
    number: int
    sscc: str
    type: TypeView
    fill_percent: int
    expected_g: int
    weight_g: int | None
    state: str
    version: int
    label: LabelView | None
    print: PrintView | None
    contents: dict[str, int]
    """Units in it by the line they are of."""


class ClosedView(msgspec.Struct, frozen=True):
    """A carton that is closed. While it waits for others of its order its label is `voidable`: that opens it again."""

    id: UUID
    number: int
    sscc: str
    tracking: str | None
    voidable: bool


class ElsewhereView(msgspec.Struct, frozen=True):
    """A tote of an order that is not at this station: the station it stands at, or the cart it is picked on."""

    code: str
    state: str
    station: str | None
    cart: str | None


class OrderView(msgspec.Struct, frozen=True):
    """An order in the open totes.

    `carton` is the one that is due: to be weighed and closed, or else filled; `filling` is the one behind it.
    `to_pick` units are still in their bins, `backordered` ones wait for stock; a `whole` order ships only with them.
    What is here of it waits on `place`; `suggested` is the carton type for what is still to pack. `service` is the name
    of the carrier's service. `voided` are the SSCCs of its labels that are void: such paper closes nothing.
    """

    id: UUID
    number: int
    status: str
    held: bool
    cancelled: bool
    hold_reason: str | None
    service: str
    cutoff_at: datetime
    checklist: list[str]
    lines: list[LineView]
    carton: CartonView | None
    filling: CartonView | None
    closed: list[ClosedView]
    voided: list[str]
    whole: bool
    backordered: int
    to_pick: int
    elsewhere: list[ElsewhereView]
    place: int | None
    suggested: str | None


class ToteView(msgspec.Struct, frozen=True):
    """A tote at the station, and the parking place on which it waits for the rest of its order."""

    code: str
    orders: list[UUID]
    place: int | None = None


class PlaceView(msgspec.Struct, frozen=True):
    """A numbered place that is taken: by what of which order, since when."""

    place: int
    fulfilment: UUID
    order: int
    totes: list[str]
    since: datetime


class PackView(msgspec.Struct, frozen=True):
    """Everything that a pack station shows. `printer` is the one it prints on, `other` the one beside it."""

    station: StationView
    printer: PrinterView | None
    other: PrinterView | None
    totes: dict[str, ToteView]
    orders: dict[str, OrderView]
    places: list[PlaceView]
    carton_types: list[TypeView]
