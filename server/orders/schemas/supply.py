"""Why: what is expected, and what is kept back for whom, decides what can be promised."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta


class NewReceipt(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Goods on their way. Reference and item together name them."""

    reference: Annotated[str, Meta(min_length=1, max_length=100, examples=["PO-2214"])]
    sku: Annotated[str, Meta(min_length=1, max_length=60, examples=["40-0182"])]
    quantity: Annotated[int, Meta(ge=1, le=10_000_000, description="In base units.", examples=[48])]
    expected_on: Annotated[date, Meta(description="The day on which they will be here.", examples=["2026-12-04"])]


class Arrival(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Units that have come, and the bin in which they lie now."""

    quantity: Annotated[int, Meta(ge=1, le=10_000_000, description="In base units.", examples=[48])]
    bin: Annotated[str, Meta(min_length=1, max_length=40, examples=["A03-02-A"])]
    lot: Annotated[str, Meta(max_length=40, description="Where the item is kept by lot.", examples=[""])] = ""
    expiry: Annotated[date | None, Meta(description="Best before, where the item is kept by it.")] = None


class NewStockRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Keeps units back: of one item or every one, in one warehouse or every one."""

    name: Annotated[str, Meta(min_length=1, max_length=80, examples=["Three honeys for the shop"])]
    warehouse: Annotated[int | None, Meta(description="Empty: every warehouse.", examples=[1])] = None
    sku: Annotated[
        Annotated[str, Meta(max_length=60)] | None, Meta(description="Empty: every item.", examples=["40-0182"])
    ] = None
    safety: Annotated[int, Meta(ge=0, le=1_000_000, description="Units for nobody.", examples=[3])] = 0
    aside: Annotated[int, Meta(ge=0, le=1_000_000, description="Units for `whose` alone.", examples=[0])] = 0
    percent: Annotated[
        Annotated[int, Meta(ge=0, le=100)] | None,
        Meta(description="Of the whole at most for `whose`.", examples=[30]),
    ] = None
    whose: Annotated[
        str, Meta(max_length=260, pattern=r"^((channel|customer):\S+)?(?!\n)$", examples=["channel:web"])
    ] = ""


class Announced(msgspec.Struct, frozen=True):
    """The answer about goods on their way: `moved` orders are promised otherwise now, of very many the first."""

    id: UUID
    first: bool
    moved: int


class ReceiptView(msgspec.Struct, frozen=True):
    """Goods on their way."""

    id: UUID
    warehouse: int
    reference: str
    sku: str
    quantity: int
    arrived: int
    promised: int
    expected_on: date
    state: str


class ReceiptList(msgspec.Struct, frozen=True):
    """A page of what is on its way; `next` asks for the following page."""

    items: list[ReceiptView]
    next: UUID | None


class Shortage(msgspec.Struct, frozen=True):
    """An item for which orders wait: units without a day, units promised out of deliveries, and the next delivery."""

    sku: str
    names: dict[str, str]
    orders: int
    waits: int
    on_the_way: int
    next_on: date | None


class ShortageList(msgspec.Struct, frozen=True):
    """A page of what waits, by SKU; `next` asks for the following page."""

    items: list[Shortage]
    next: str | None


class StockRuleView(msgspec.Struct, frozen=True):
    """What is kept back, and for whom."""

    id: UUID
    name: str
    warehouse: int | None
    sku: str | None
    safety: int
    aside: int
    percent: int | None
    whose: str


class StockRuleList(msgspec.Struct, frozen=True):
    """A page of rules that keep stock back; `next` asks for the following page."""

    items: list[StockRuleView]
    next: UUID | None


class StockRuleMade(msgspec.Struct, frozen=True):
    """The answer to a rule."""

    id: UUID
