"""Why: whoever takes an order down sees what can be sold and what may be chosen."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from server.orders.schemas.services import ServiceView


class Coming(msgspec.Struct, frozen=True):
    """Units that could be promised for a day to come."""

    on: date
    quantity: int


class Offer(msgspec.Struct, frozen=True):
    """An item as it can be sold now: its list price, units that lie ready for this order, and what comes when."""

    id: UUID
    sku: str
    names: dict[str, str]
    uom: str
    price_minor: int
    currency: str
    picture: str | None
    ready: int
    coming: list[Coming]


class OfferList(msgspec.Struct, frozen=True):
    """The items that were found, by SKU."""

    items: list[Offer]


class OrderForm(msgspec.Struct, frozen=True):
    """What may be chosen when an order is taken in by hand: under which channel, services, means of payment."""

    channel: str
    services: list[ServiceView]
    methods: list[str]
    warehouses: list[int]
