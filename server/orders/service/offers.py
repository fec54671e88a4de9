"""Why: who takes an order on the phone says at once what it costs, how many there are, and when more come."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from server.catalog import service as catalog
from server.catalog.schemas import Item
from server.orders.intake import METHODS, MOST_UNITS
from server.orders.promising import Share
from server.orders.schemas.offers import Coming, Offer, OfferList, OrderForm
from server.orders.service import promises
from server.orders.service.shelves import Buyer, Wanted
from server.orders.store import carriers

CHANNEL: Final = "desk"
"""The channel of orders that are taken by phone and over the counter."""


def find(conn: Connection, now: datetime, text: str, warehouse: int | None, most: int) -> OfferList:
    """Items that are sold and found by a part of their SKU or name, or by barcode, with what could be promised now."""
    found = [each for each in catalog.search(conn, text, "", most).items if each.active]
    zones = carriers.time_zones(conn)
    at = warehouse if warehouse in zones else min(zones, default=None)
    if at is None or not found:
        return OfferList([])
    wanted = [Wanted(each.id, place, each.id, MOST_UNITS) for place, each in enumerate(found, 1)]
    shares = promises.find(conn, now, Buyer(CHANNEL, ""), at, wanted)
    return OfferList([_offer(each, shares[each.id]) for each in found])


def _offer(item: Item, shares: list[Share]) -> Offer:
    coming = [Coming(share.on, share.quantity) for share in shares if share.on is not None and not share.ready]
    return Offer(
        item.id, item.sku, item.names, item.uom, item.price_minor, item.currency, item.picture,
        ready=sum(share.quantity for share in shares if share.ready), coming=coming,
    )  # fmt: skip


def form(conn: Connection) -> OrderForm:
    """What may be chosen when an order is taken in by hand."""
    services = [each for each in carriers.every(conn) if each.active]
    return OrderForm(CHANNEL, services, list(METHODS), sorted(carriers.time_zones(conn)))
