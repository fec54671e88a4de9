"""Why: a customer sees where an order is without asking: what was bought and where it stands, and nothing of anybody.

In words of a customer: the dozen statuses of the house are five steps. No name, no address, no price.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

import msgspec
import sqlalchemy as sa

from server.auth import store as auth_store
from server.catalog import service as catalog
from server.core.refusal import Refusal
from server.db.work import Work
from server.orders.service import lookup, statuses
from server.orders.service.timelines import tell
from server.orders.store import carriers, fulfilments, orders, pages
from server.shipping import links, service

SECRET: Final = "tracking"
Step = Literal["received", "waiting", "preparing", "packed", "on_its_way", "cancelled"]
STEPS: Final[dict[str, Step]] = {
    "authorising": "received", "unpaid": "received", "on_hold": "received", "open": "received", "ready": "received",
    "backordered": "waiting", "releasing": "preparing", "released": "preparing", "reserved": "preparing",
    "picking": "preparing", "picked": "preparing", "packing": "preparing", "packed": "packed",
    "shipped": "on_its_way", "cancelled": "cancelled", "withdrawn": "received",
}  # fmt: skip
"""What an order's status is to whoever waits for it."""


class TrackedLine(msgspec.Struct, frozen=True):
    """What was bought: the item's names, and how many of it are ordered, on their way and cancelled."""

    names: dict[str, str]
    ordered: int
    sent: int
    cancelled: int


class Parcel(msgspec.Struct, frozen=True):
    """A parcel on its way."""

    carrier: str
    tracking: str


class TrackPage(msgspec.Struct, frozen=True):
    """An order as its customer sees it. `leaves_by` is when it is to be on the truck; None once it has left."""

    reference: str
    language: str
    step: Step
    ordered_at: datetime
    leaves_by: datetime | None
    lines: list[TrackedLine]
    parcels: list[Parcel]


def give_link(work: Work, order_id: UUID) -> str:
    """The text of an order's link, the same until it is taken back. Stream 0."""
    key = auth_store.secret_named(work.conn, SECRET)
    if key is None:
        key = secrets.token_bytes(links.KEY_BYTES)
        auth_store.add_secret(work, SECRET, key)
    return links.text_of(key, order_id, orders.link_generation(work.conn, order_id) or 1)


def take_link_back(work: Work, order_id: UUID) -> None:
    """The link that was given leads nowhere from now on; another may be given. Stream 0."""
    orders.next_link(work.conn, order_id)
    tell(work, order_id, "link_taken_back", {})


def page(conn: sa.Connection, text: str) -> TrackPage:
    """What a link leads to; refuses `link_unknown` in the same words whatever is wrong with it."""
    order_id = links.claimed(text)
    key = auth_store.secret_named(conn, SECRET)
    generation = None if order_id is None else orders.link_generation(conn, order_id)
    if order_id is None or key is None or generation is None or not links.is_proved(key, text, generation):
        raise Refusal("link_unknown")
    found, head = lookup.order_of(conn, order_id), pages.head_of(conn, order_id)
    step = STEPS[found.status]
    return TrackPage(
        reference=head.external_ref,
        language=str(head.customer.get("language", "en")),
        step=step,
        ordered_at=head.captured_at,
        leaves_by=None if step in ("on_its_way", "cancelled") else found.cutoff_at,
        lines=list(_lines(conn, order_id)),
        parcels=list(_parcels(conn, order_id)),
    )


def _lines(conn: sa.Connection, order_id: UUID) -> Iterator[TrackedLine]:
    lines = orders.lines_of(conn, order_id)
    facts = statuses.order_facts(lines, fulfilments.lines_of_order(conn, order_id))
    items = catalog.items(conn, {line.item for line in lines})
    for line in lines:
        item, fact = items[line.item], facts[line.id]
        yield TrackedLine(item.names, line.ordered, fact.shipped, fact.cancelled)


def _parcels(conn: sa.Connection, order_id: UUID) -> Iterator[Parcel]:
    named = carriers.names(conn)
    for shipment in service.of_order(conn, order_id):
        if shipment.state == "closed":
            for carton in shipment.cartons:
                if carton.label is not None and carton.label.tracking:
                    yield Parcel(named.get(shipment.service, shipment.service), carton.label.tracking)
