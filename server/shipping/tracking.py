"""Why: a customer sees where an order is without asking: what was bought and where it stands, and nothing of anybody.

In words of a customer: the dozen statuses of the house are five steps. No name, no address, no price.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Final, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import sqlalchemy as sa

from server.auth import store as auth_store
from server.catalog import service as catalog
from server.core.refusal import Refusal
from server.db.work import Work
from server.orders import rules
from server.orders.service import cancels, lookup, statuses
from server.orders.service.timelines import tell
from server.orders.store import carriers, fulfilments, orders, pages, promises
from server.orders.store.orders import Order
from server.shipping import brand, links, service
from server.shipping.schemas import ShipmentView

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
    """An order as its customer sees it. `leaves_by` is when it is to be on the truck; None once it has left, and
    while goods are waited for.

    `arrives_on` is when it is expected; None where nobody knows. `may_cancel`: all of it, as long as no label stands.
    """

    reference: str
    language: str
    step: Step
    ordered_at: datetime
    leaves_by: datetime | None
    lines: list[TrackedLine]
    parcels: list[Parcel]
    arrives_on: date | None
    may_cancel: bool
    shop: brand.Shown


def give_link(work: Work, order_id: UUID) -> str:
    """The text of an order's link, the same until it is taken back. Stream 0."""
    return links.text_of(make_key(work), order_id, orders.link_generation(work.conn, order_id) or 1)


def make_key(work: Work) -> bytes:
    """What links are signed with, made the first time. Stream 0."""
    key = auth_store.secret_named(work.conn, SECRET)
    if key is None:
        key = secrets.token_bytes(links.KEY_BYTES)
        auth_store.add_secret(work, SECRET, key)
    return key


def link_of(conn: sa.Connection, order_id: UUID) -> str | None:
    """The same text for whoever only reads; None before the first link was given in this house."""
    key = auth_store.secret_named(conn, SECRET)
    return None if key is None else links.text_of(key, order_id, orders.link_generation(conn, order_id) or 1)


def take_link_back(work: Work, order_id: UUID) -> None:
    """The link that was given leads nowhere from now on; another may be given. Stream 0."""
    orders.next_link(work.conn, order_id)
    tell(work, order_id, "link_taken_back", {})


def _proved(conn: sa.Connection, text: str) -> UUID:
    """The order that a link leads to, or the one that has taken it in: to the same person, at the same address.

    Refuses `link_unknown` in the same words whatever is wrong with it.
    """
    order_id = links.claimed(text)
    key = auth_store.secret_named(conn, SECRET)
    generation = None if order_id is None else orders.link_generation(conn, order_id)
    if order_id is None or key is None or generation is None or not links.is_proved(key, text, generation):
        raise Refusal("link_unknown")
    return lookup.with_its_goods(conn, order_id).id


def page(conn: sa.Connection, text: str, now: datetime) -> TrackPage:
    """What a link leads to; refuses `link_unknown`."""
    order_id = _proved(conn, text)
    found, head = lookup.order_of(conn, order_id), pages.head_of(conn, order_id)
    step = STEPS[found.status]
    shipments = service.of_order(conn, order_id)
    return TrackPage(
        reference=head.external_ref,
        language=str(head.customer.get("language", "en")),
        step=step,
        ordered_at=head.captured_at,
        leaves_by=None if step in ("on_its_way", "cancelled") or _waits(conn, found) else found.cutoff_at,
        lines=list(_lines(conn, order_id)),
        parcels=list(_parcels(conn, shipments)),
        arrives_on=None if step == "cancelled" else _arrives_on(conn, found, now),
        may_cancel=_why_not(found, shipments) is None,
        shop=brand.shown(conn),
    )


# --- cancelled by whom it is for -----------------------------------------------------------------------------------

BY_CUSTOMER: Final = "cancelled_by_customer"


def cancel(work: Work, text: str) -> str:
    """The customer cancels all of an order, by the rules that the desk has; its status. Streams as `cancels.cancel`.

    Refuses `link_unknown`, and `cancel_too_late` once anything of it has left or a label stands.
    """
    order_id = _proved(work.conn, text)
    found = lookup.order_of(work.conn, order_id)
    lookup.with_parts(work, found)
    if (why := _why_not(found, service.of_order(work.conn, order_id))) is not None:
        raise Refusal("cancel_too_late", order=found.number, reason=why)
    return cancels.cancel(work, order_id, BY_CUSTOMER)


def _why_not(found: Order, shipments: Sequence[ShipmentView]) -> str | None:
    """Why an order can no longer be cancelled by its customer; None: it can."""
    if found.status in rules.ENDED:
        return found.status
    if any(shipment.state == "closed" for shipment in shipments):
        return "shipped"
    labels = [carton.label for shipment in shipments for carton in shipment.cartons]
    return "carton_labelled" if any(label is not None and label.state == "live" for label in labels) else None


# --- when it is expected -------------------------------------------------------------------------------------------


def _arrives_on(conn: sa.Connection, found: Order, now: datetime) -> date | None:
    """The day on which the last of it is expected; None where no day is known, or nobody said how long it takes."""
    offered = next((each for each in carriers.every(conn) if each.code == found.service), None)
    if offered is None or offered.transit_days is None:
        return None
    if _waits(conn, found):
        return None
    zone = carriers.time_zones(conn)[found.warehouse]
    leaves = service.left_at(conn, found.id) if found.status == "shipped" else found.cutoff_at
    if leaves is None or (leaves < now and found.status != "shipped"):
        leaves = rules.next_cutoff(now, offered.cutoff, offered.weekdays, zone)
    return arrives_on(leaves.astimezone(ZoneInfo(zone)).date(), offered.transit_days, offered.weekdays)


def _waits(conn: sa.Connection, found: Order) -> bool:
    """Whether something of it waits, for goods or at a warehouse, without a day that anybody knows."""
    shares = [share for each in promises.of_order(conn, found.id).values() for share in each]
    return (found.status == "backordered" and not shares) or any(share.waits for share in shares)


def arrives_on(leaves: date, days: int, weekdays: Collection[int]) -> date:
    """So many of the days on which the service works behind the one on which it leaves."""
    day = leaves
    while days > 0:
        day += timedelta(days=1)
        days -= day.isoweekday() in weekdays
    return day


def _lines(conn: sa.Connection, order_id: UUID) -> Iterator[TrackedLine]:
    lines = orders.lines_of(conn, order_id)
    facts = statuses.order_facts(lines, fulfilments.lines_of_order(conn, order_id))
    items = catalog.items(conn, {line.item for line in lines})
    for line in lines:
        item, fact = items[line.item], facts[line.id]
        yield TrackedLine(item.names, line.ordered, fact.shipped, fact.cancelled)


def _parcels(conn: sa.Connection, shipments: Sequence[ShipmentView]) -> Iterator[Parcel]:
    named = carriers.names(conn)
    for shipment in shipments:
        if shipment.state == "closed":
            for carton in shipment.cartons:
                if carton.label is not None and carton.label.tracking:
                    yield Parcel(named.get(shipment.service, shipment.service), carton.label.tracking)
