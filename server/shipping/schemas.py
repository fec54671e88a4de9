"""Why: the floor commands of this room, and what it tells others, as types."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from server.shipping.slip import Size
from server.tasks.schemas import Body, Code


class CloseCarton(Body, frozen=True):
    """`pack.close`: this label was scanned on that carton."""

    carton: UUID
    sscc: Code


class Reprint(Body, frozen=True):
    """`pack.reprint`: the carton's label shall come out once more."""

    carton: UUID


class LabelView(msgspec.Struct, frozen=True):
    """A carton's newest label as screens show it. `voidable`: its carton has not left yet."""

    id: UUID
    state: str
    sscc: str
    tracking: str | None
    reason: str | None
    zpl_url: str | None
    voidable: bool


class ShipmentView(msgspec.Struct, frozen=True):
    """A shipment with its cartons, for the order page."""

    number: int
    state: str
    service: str
    cartons: list[CartonView]


class CartonView(msgspec.Struct, frozen=True):
    """A carton on the order page; by its id its label is voided while that is `voidable`.

    `reprint_url`: where its live label is asked for once more; null without one.
    """

    id: UUID
    number: int
    state: str
    sscc: str
    weight_g: int | None
    label: LabelView | None
    slip_url: str
    reprint_url: str | None


class _OfMany(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    orders: Annotated[
        list[Annotated[int, Meta(ge=1, le=2**53)]],
        Meta(min_length=1, max_length=200, description="Numbers of orders.", examples=[[10482, 10481]]),
    ]


class Confirmations(_OfMany, frozen=True):
    """Orders whose confirmations are to be one PDF, in this order."""

    size: Annotated[Size, Meta(description="The paper.")] = "A4"


class Slips(_OfMany, frozen=True):
    """Orders whose packing slips are to be one PDF, in this order."""

    size: Annotated[Size, Meta(description="The paper.")] = "A6"
