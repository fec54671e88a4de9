"""Why: the shapes in which items come in (seed, set-up) and go out (lists, pages)."""

from __future__ import annotations

from uuid import UUID

import msgspec


class NewBarcode(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A barcode and what one scan of it is: `quantity` base units, as each, inner, case or pallet."""

    code: str
    uom: str = "each"
    quantity: int = 1


class NewItem(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Something that can be sold. `barcodes` are all of them; `names` has at least `en`."""

    sku: str
    names: dict[str, str]
    weight_g: int
    length_mm: int
    width_mm: int
    height_mm: int
    uom: str = "each"
    tracking: str = "none"
    velocity: str = "C"
    hazmat: str | None = None
    price_minor: int = 0
    currency: str = "EUR"
    picture_svg: str | None = None
    active: bool = True
    minimum_age: int = 0
    barcodes: list[NewBarcode] = []


class ItemBarcode(msgspec.Struct, frozen=True):
    """What a scanned code stands for: so many base units of an item."""

    item_id: UUID
    uom: str
    quantity: int


class Barcode(msgspec.Struct, frozen=True):
    """A barcode of an item, as shown."""

    code: str
    uom: str
    quantity: int


class Item(msgspec.Struct, frozen=True):
    """An item as other rooms and pages see it. `picture` is the address of its picture, or None."""

    id: UUID
    sku: str
    names: dict[str, str]
    uom: str
    weight_g: int
    length_mm: int
    width_mm: int
    height_mm: int
    tracking: str
    velocity: str
    hazmat: str | None
    price_minor: int
    currency: str
    active: bool
    minimum_age: int
    picture: str | None


class ItemPage(msgspec.Struct, frozen=True):
    """An item with its barcodes."""

    item: Item
    barcodes: list[Barcode]


class ItemList(msgspec.Struct, frozen=True):
    """A page of items by SKU; `next` is the `after` of the page behind it."""

    items: list[Item]
    next: str | None


class Picture(msgspec.Struct, frozen=True):
    """A drawn picture and its version."""

    svg: str
    version: str
