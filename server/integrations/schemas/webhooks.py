"""Why: what others are told of an event, and what is said about endpoints and deliveries, as types.

The data of an event carries ids, numbers, statuses and tracking numbers: never a name, an address or a price. A field
is added without a word; what else changes is a new version of the type.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Final, NamedTuple
from uuid import UUID

import msgspec
from msgspec import Meta

# --- what is told ----------------------------------------------------------------------------------------------


class OrderTold(msgspec.Struct, frozen=True, kw_only=True):
    """An order by all its names."""

    order: UUID
    number: int
    channel: str
    external_ref: str


class HoldTold(OrderTold, frozen=True, kw_only=True):
    """A hold of an order; `reason` is a code."""

    hold: UUID
    reason: str


class StatusTold(OrderTold, frozen=True, kw_only=True):
    """An order's new status."""

    status: str
    warehouse: int


class ParcelTold(msgspec.Struct, frozen=True):
    """A parcel: the number on its label, and the carrier's."""

    sscc: str
    tracking: str | None


class ShipmentTold(OrderTold, frozen=True, kw_only=True):
    """A shipment that is whole; `service` is the code, `carrier` the carrier's."""

    shipment: UUID
    shipment_number: int
    warehouse: int
    carrier: str
    service: str
    parcels: list[ParcelTold]


class PromiseTold(OrderTold, frozen=True, kw_only=True):
    """The day from which all of it can go; null where none is known."""

    day: str | None
    warehouse: int


class EditTold(OrderTold, frozen=True, kw_only=True):
    """What changed of it: units, address, service or tags."""

    what: str
    warehouse: int


class TestTold(msgspec.Struct, frozen=True, kw_only=True):
    """What a test says."""

    endpoint: UUID


Told = OrderTold | HoldTold | StatusTold | PromiseTold | EditTold | ShipmentTold | TestTold


class Message(msgspec.Struct, frozen=True):
    """The body of a webhook."""

    type: str
    version: int
    timestamp: datetime
    data: Told


class Kind(NamedTuple):
    """A type of message: what it says, in which version, and an example of its data."""

    type: str
    version: int
    what: str
    example: Told


TEST: Final = "webhook.test"


def _of_order(kind: Callable[..., Told], **more: object) -> Told:
    """An example of what is told of an order."""
    order = UUID("019ab4c2-7a10-7c3e-9d52-3f0a6b1c2d3e")
    return kind(order=order, number=10042, channel="web", external_ref="WEB-1003", **more)


_HOLD: Final = {"hold": UUID("019ab4c2-8b21-7d4f-8e63-4f1b7c2d3e4f"), "reason": "address_doubtful"}
_SHIPMENT: Final = {
    "shipment": UUID("019ab4c2-9c32-7e50-9f74-5f2c8d3e4f50"), "shipment_number": 1, "warehouse": 1,
    "carrier": "Nordpost", "service": "nordpost-parcel", "parcels": [ParcelTold("340123450000000018", "NP0000000017")],
}  # fmt: skip
_KINDS: Final = (
    Kind("order.captured", 1, "An order was taken in.", _of_order(OrderTold)),
    Kind("order.held", 1, "A hold was put on an order.", _of_order(HoldTold, **_HOLD)),
    Kind("order.hold_released", 1, "A hold was released.", _of_order(HoldTold, **_HOLD)),
    Kind("order.cancelled", 1, "An order, or what was left of it, was cancelled.", _of_order(OrderTold)),
    Kind("order.status_changed", 1, "An order's status changed.", _of_order(StatusTold, status="picking", warehouse=1)),
    Kind("order.repromised", 1, "The day on which it can go moved.",
         _of_order(PromiseTold, day="2026-12-04", warehouse=1)),
    Kind("order.edited", 1, "Units, address, service or tags of it changed.",
         _of_order(EditTold, what="address", warehouse=1)),
    Kind("shipment.closed", 1, "Everything of a shipment is in closed cartons.", _of_order(ShipmentTold, **_SHIPMENT)),
    Kind(TEST, 1, "Somebody tries an endpoint from the screen; it comes whether it is asked for or not.",
         TestTold(endpoint=UUID("019ab4c2-ad43-7f61-8085-6f3d9e4f5061"))),
)  # fmt: skip
KINDS: Final = {kind.type: kind for kind in _KINDS}
WANTABLE: Final = tuple(kind for kind in KINDS if kind != TEST)
"""What an endpoint may ask for."""

# --- in --------------------------------------------------------------------------------------------------------

Url = Annotated[
    str, Meta(min_length=1, max_length=500, description="https://…", examples=["https://erp.example.com/hooks"])
]
Words = Annotated[str, Meta(max_length=200, description="For people: what it is for.", examples=["ERP, orders"])]
Types = Annotated[list[str], Meta(min_length=1, max_length=30, description="Types of events that are wanted.")]
Version = Annotated[int, Meta(ge=1, le=2**31 - 1, description="As it was read: somebody else may have been faster.")]


class NewEndpoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where events shall go."""

    url: Url
    types: Types
    description: Words = ""


class ChangeEndpoint(NewEndpoint, frozen=True, kw_only=True):
    """What an endpoint shall be from now on."""

    version: Version


class ReplaySince(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Sends everything again that failed and happened since then."""

    since: datetime


# --- out -------------------------------------------------------------------------------------------------------


class Endpoint(msgspec.Struct, frozen=True):
    """An endpoint as shown. `why` says by a code why it is off; its secret is shown nowhere.

    `failing_since`: it has taken nothing since then. `former_until`: so long the former secret signs too.
    """

    id: UUID
    url: str
    description: str
    types: list[str]
    state: str
    why: str | None
    version: int
    created_at: datetime
    failing_since: datetime | None
    former_until: datetime | None
    waiting: int
    failed: int


class EndpointList(msgspec.Struct, frozen=True):
    """A page of endpoints; `types` is what an endpoint may ask for."""

    items: list[Endpoint]
    types: list[str]
    next: UUID | None


class EndpointMade(msgspec.Struct, frozen=True):
    """An endpoint with its secret, which is shown this once."""

    endpoint: Endpoint
    secret: str

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.endpoint.id})"


class Delivery(msgspec.Struct, frozen=True):
    """A message to one endpoint: where it stands, how often it was tried, what the last answer was."""

    id: UUID
    endpoint: UUID
    url: str
    message: str
    type: str
    at: datetime
    state: str
    tries: int
    due_at: datetime | None
    status: int | None
    reason: str | None


class DeliveryList(msgspec.Struct, frozen=True):
    """A page of deliveries, the newest first."""

    items: list[Delivery]
    next: UUID | None


class Try(msgspec.Struct, frozen=True):
    """One call and what came of it; `said` is the beginning of the answer."""

    at: datetime
    status: int | None
    reason: str
    said: str
    took_ms: int


class DeliveryPage(msgspec.Struct, frozen=True):
    """A delivery with its body, exactly as it is sent, and its latest tries, the newest first."""

    delivery: Delivery
    body: str
    tries: list[Try]


class Begun(msgspec.Struct, frozen=True):
    """The delivery that was begun."""

    delivery: UUID


class Replayed(msgspec.Struct, frozen=True):
    """How many deliveries go out again."""

    count: int
