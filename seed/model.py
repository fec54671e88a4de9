"""The demo warehouse as typed values: what each table of `demo/` is made of.

It exists so that the loader, the sheets and the tests speak of the same thing. Lengths are mm, weights g, volumes
mm³, money cents; times and expiries are relative to the seed's date.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from seed.pictures import Colours, svg

Code = Annotated[str, Meta(pattern=r"^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$", max_length=24)]
Text = Annotated[str, Meta(min_length=1, max_length=120)]
Count = Annotated[int, Meta(ge=1, le=2**53 - 1)]
Money = Annotated[int, Meta(ge=0, le=2**53 - 1)]
Digits2 = Annotated[str, Meta(pattern=r"^[0-9]{2}$")]
Hex = Annotated[str, Meta(pattern=r"^#[0-9a-f]{6}$")]
Country = Annotated[str, Meta(pattern=r"^[A-Z]{2}$")]
Phone = Annotated[str, Meta(pattern=r"^\+[0-9]{7,15}$")]
Language = Literal["en", "de"]
Role = Literal["picker", "packer", "supervisor", "receiver", "desk", "integrator", "operator", "admin"]


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one table or one CSV line becomes."""


# --- the building -----------------------------------------------------------------------------------------------


class Warehouse(Row, frozen=True):
    """`number` is its stream, `gcp` the GS1 company prefix of its SSCCs."""

    code: Code
    name: Text
    time_zone: Text
    number: Count
    gcp: Annotated[str, Meta(pattern=r"^[0-9]{7,10}$")]
    street: Text
    postal_code: Text
    city: Text
    country: Country
    phone: Phone


class Depot(Row, frozen=True):
    """Where tours start and end: the corner of `aisle` and `cross`, which lies at (x, y)."""

    aisle: Code
    cross: Code
    x_mm: int
    y_mm: int


class Zone(Row, frozen=True):
    """Aisles of one kind of shelving, and the measures of their bays."""

    code: Code
    name_en: Text
    name_de: Text
    bays: Count
    bay_width_mm: Count
    aisle_width_mm: Count
    depth_mm: Count
    level_height_mm: Count
    levels: tuple[Code, ...]
    bin_weight_g: Count
    bin_volume_mm3: Count


class CrossAisle(Row, frozen=True):
    """A way across all aisles at `y_mm`."""

    code: Code
    y_mm: int


class Aisle(Row, frozen=True):
    """An aisle's centre line at `x_mm`."""

    code: Code
    zone: Code
    x_mm: int


class Bin(Row, frozen=True):
    """A pick face `A07-03-B`: aisle, bay, level. `z_mm` is its shelf's height, `sequence` its place in the S walk."""

    code: Annotated[str, Meta(pattern=r"^A[0-9]{2}-[0-9]{2}-[A-Z]$")]
    zone: Code
    aisle: Code
    bay: Count
    level: Code
    side: Literal["left", "right"]
    x_mm: int
    y_mm: int
    z_mm: int
    check_digits: Digits2
    sequence: Count
    max_weight_g: Count
    max_volume_mm3: Count


class Place(Row, frozen=True):
    """A bin that is no pick face, `kind` as in `server/locations`. One that is nowhere has no position to scan."""

    code: Code
    kind: Literal["receiving", "staging", "pack", "quarantine", "supplier", "customer", "adjustment", "scrap", "cart"]
    x_mm: int | None = None
    y_mm: int | None = None
    check_digits: Digits2 | None = None

    @property
    def nowhere(self) -> bool:
        """It closes the books or rolls through the house; nobody scans it."""
        return self.kind in ("supplier", "customer", "adjustment", "scrap", "cart")


# --- goods ------------------------------------------------------------------------------------------------------


class Item(Row, frozen=True):
    """An SKU. `hazmat` is the UN class or empty; `picture` a key of `seed.pictures.SHAPES` in three colours."""

    sku: Annotated[str, Meta(pattern=r"^40-[0-9]{4}$")]
    name_en: Text
    name_de: Text
    group: Code
    weight_g: Count
    length_mm: Count
    width_mm: Count
    height_mm: Count
    tracking: Literal["none", "lot_expiry"]
    velocity: Literal["A", "B", "C"]
    price: Money
    picture: Code
    body: Hex
    cap: Hex
    label: Hex
    hazmat: str = ""

    @property
    def volume_mm3(self) -> int:
        return self.length_mm * self.width_mm * self.height_mm

    @property
    def picture_svg(self) -> str:
        """The picture as an SVG document."""
        return svg(self.picture, Colours(self.body, self.cap, self.label))


class Barcode(Row, frozen=True):
    """A GTIN and how many eaches one scan of it means."""

    gtin: Annotated[str, Meta(pattern=r"^([0-9]{13}|[0-9]{14})$")]
    sku: Code
    uom: Literal["each", "case"]
    quantity: Count


class Lot(Row, frozen=True):
    """A lot of an item; it expires this many days after the seed's date."""

    sku: Code
    lot: Code
    expiry_days: int


class Stock(Row, frozen=True):
    """What lies in a bin at the start. `lot` is empty where the item has none."""

    bin: Code
    sku: Code
    quantity: Count
    lot: str = ""


# --- people and what they hold ----------------------------------------------------------------------------------


class Person(Row, frozen=True):
    """`badge` is the whole barcode, check character included.

    `everywhere`: works in every warehouse; `branch`: in the second one.
    """

    name: Text
    roles: Annotated[tuple[Role, ...], Meta(min_length=1)]
    language: Language
    badge: Code
    pin: Annotated[str, Meta(pattern=r"^[0-9]{6}$")]
    everywhere: bool = False
    branch: bool = False


class Handheld(Row, frozen=True):
    """A scanner to be enrolled."""

    code: Code
    name: Text


class Printer(Row, frozen=True):
    """A virtual label printer; its address is given at the start."""

    code: Code
    name: Text
    dpi: Literal[203, 300]
    label_width_mm: Count
    label_height_mm: Count


class Station(Row, frozen=True):
    """A pack station at a `pack` place with its printers and `parking` numbered places for waiting orders."""

    code: Code
    name: Text
    place: Code
    printer: Code
    parking: Count
    second_printer: Code | None = None

    @property
    def printers(self) -> list[str]:
        return [each for each in (self.printer, self.second_printer) if each is not None]

    @property
    def barcode(self) -> str:
        return f"S-{self.code}"


class Cart(Row, frozen=True):
    """A cart with slots 1 … `slots`."""

    code: Code
    slots: Count


class Totes(Row, frozen=True):
    """All totes, of one kind, numbered from `first` to `last`."""

    first: Count
    last: Count
    length_mm: Count
    width_mm: Count
    height_mm: Count
    weight_g: Count
    max_weight_g: Count

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(f"T-{number:04d}" for number in range(self.first, self.last + 1))


class Carton(Row, frozen=True):
    """A carton type by its inner lengths; it is planned no fuller than `fill_percent`."""

    code: Code
    name_en: Text
    name_de: Text
    length_mm: Count
    width_mm: Count
    height_mm: Count
    weight_g: Count
    max_weight_g: Count
    fill_percent: Annotated[int, Meta(ge=1, le=100)]

    @property
    def volume_mm3(self) -> int:
        return self.length_mm * self.width_mm * self.height_mm


# --- trade ------------------------------------------------------------------------------------------------------


class Carrier(Row, frozen=True):
    """An invented carrier, answered by the sandbox."""

    code: Code
    name: Text


class Service(Row, frozen=True):
    """A carrier's service, by its own code in orders. `cut_off` is warehouse time; weekdays count from Monday = 1."""

    carrier: Code
    code: Code
    name: Text
    countries: tuple[Country, ...]
    cut_off: Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    weekdays: tuple[Annotated[int, Meta(ge=1, le=7)], ...]
    max_weight_g: Count
    price: Money
    transit_days: Annotated[int, Meta(ge=0, le=60)]
    tracking_prefix: Code


class Channel(Row, frozen=True):
    """Where orders come from; `split` says what a short line does to the rest of its order."""

    code: Code
    name: Text
    prefix: Text
    split: Literal["ship_available", "ship_complete"]


class Address(Row, frozen=True):
    """Where an order goes."""

    name: Text
    street: Text
    postal_code: Text
    city: Text
    country: Country


class OrderLine(Row, frozen=True):
    """`line_total` = `quantity` × `unit_price`."""

    reference: Code
    line: Count
    sku: Code
    quantity: Count
    unit_price: Money
    line_total: Money


class OrderHead(Row, frozen=True):
    """A line of orders.csv: an order before its lines are with it."""

    reference: Code
    channel: Code
    placed_minutes_ago: Count
    service: Code
    language: Language
    address: Address
    phone: Phone
    email: Text
    payment: Literal["card", "card_declined"]
    currency: Literal["EUR"]
    goods: Money
    shipping: Money
    total: Money
    story: str = ""


class Order(OrderHead, frozen=True):
    """`total` = `goods` + `shipping`, taxes included; `story` says what it is there to show, mostly nothing."""

    lines: tuple[OrderLine, ...] = ()


class FefoStock(Row, frozen=True):
    """One of the three lots of the FEFO story."""

    bin: Code
    lot: Code
    expiry_days: int
    quantity: Count


class Fefo(Row, frozen=True):
    """The item with three expiries in three bins, and the order that shows which rule allocated it."""

    sku: Code
    order: Code
    stock: tuple[FefoStock, ...]


class Pin(Row, frozen=True):
    """An item that stands in this bin, as a mock-up shows it."""

    sku: Code
    bin: Code


class Scarce(Row, frozen=True):
    """An item with less stock than the orders want."""

    sku: Code
    quantity: Count
    why: Text


class Stories(Row, frozen=True):
    """What the demo is there to show."""

    fefo: Fefo
    pins: tuple[Pin, ...]
    scarce: tuple[Scarce, ...]


class Demo(Row, frozen=True):
    """The whole demo warehouse; orders are in the order in which they came in."""

    warehouse: Warehouse
    depot: Depot
    zones: tuple[Zone, ...]
    cross_aisles: tuple[CrossAisle, ...]
    aisles: tuple[Aisle, ...]
    bins: tuple[Bin, ...]
    places: tuple[Place, ...]
    items: tuple[Item, ...]
    barcodes: tuple[Barcode, ...]
    lots: tuple[Lot, ...]
    stock: tuple[Stock, ...]
    people: tuple[Person, ...]
    handhelds: tuple[Handheld, ...]
    printers: tuple[Printer, ...]
    stations: tuple[Station, ...]
    carts: tuple[Cart, ...]
    totes: Totes
    cartons: tuple[Carton, ...]
    carriers: tuple[Carrier, ...]
    services: tuple[Service, ...]
    channels: tuple[Channel, ...]
    orders: tuple[Order, ...]
    stories: Stories

    def barcodes_of(self, sku: str) -> tuple[Barcode, ...]:
        return tuple(barcode for barcode in self.barcodes if barcode.sku == sku)

    def stock_of(self, sku: str) -> tuple[Stock, ...]:
        return tuple(stock for stock in self.stock if stock.sku == sku)
