"""Why: what a shop sends is kept first, in one commit, and becomes an order in the next; what cannot is kept with why.

The same delivery comes more than once, and a thief may send it again under another id: it is known by its id and by its
body, and the order by channel and reference.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from server.core.refusal import Fault, Refusal
from server.db.work import Work
from server.integrations.lifecycle import INCOMING
from server.integrations.rules import shopify as rules
from server.integrations.schemas.shopify import ChannelList, Incoming, IncomingPage, Kept, PutChannel
from server.integrations.store import shopify as store
from server.orders.lifecycle import HOLD
from server.orders.schemas import NewOrder
from server.orders.service import captures, holds
from server.orders.service.timelines import tell
from server.orders.store import carriers
from server.orders.store import holds as open_holds

KEPT: Final = timedelta(days=30)
"""So long what is dealt with can be looked at. What was refused stays until somebody decides."""
SLICE: Final = 20
BY_HAND: Final = "manual"
"""The reason of a hold that whoever placed it may end."""


class Came(NamedTuple):
    """A delivery as it came: what its headers say, and its body."""

    delivery: str
    topic: str
    shop: str
    triggered_at: str
    body: bytes


# --- shops -----------------------------------------------------------------------------------------------------


def channels(conn: sa.Connection) -> ChannelList:
    """All shops, and by what their orders may go."""
    offered = {row[0] for row in carriers.services(conn) if row[4]}
    names = {code: name for code, name in sorted(carriers.names(conn).items()) if code in offered}
    return ChannelList(store.channels(conn), names)


def put_channel(work: Work, channel: str, body: PutChannel) -> None:
    """A shop, or how it is heard from now on; refuses `changed_since` where somebody else was faster. Stream 0."""
    _check(work.conn, body)
    known = store.channel(work.conn, channel)
    if (None if known is None else known.version) != body.version:
        raise Refusal("changed_since")
    secret = body.secret or (known.secret if known else None)
    if secret is None:
        raise _invalid(Fault("secret", "A shop proves by it what it sends.", "the app's client secret", "nothing"))
    if known is not None:
        store.change_channel(work.conn, channel, secret, body.service, body.warehouse)
        return
    row = {"channel": channel, "secret": secret, "service": body.service, "warehouse_id": body.warehouse}
    store.add_channel(work.conn, {**row, "created_at": work.now})


def _check(conn: sa.Connection, body: PutChannel) -> None:
    offered = {row[0] for row in carriers.services(conn) if row[4]}
    if body.service not in offered:
        raise _invalid(Fault("service", "There is no such service.", ", ".join(sorted(offered)), body.service[:60]))
    if body.warehouse is not None and body.warehouse not in (zones := carriers.time_zones(conn)):
        listed = ", ".join(str(number) for number in sorted(zones))
        raise _invalid(Fault("warehouse", "There is no such warehouse.", listed, str(body.warehouse)))


def _invalid(fault: Fault) -> Refusal:
    return Refusal("invalid", fault, count=1)


def remove_channel(work: Work, channel: str) -> None:
    """A shop is heard no more; what it sent stays. Stream 0."""
    secret_of(work.conn, channel)
    store.remove_channel(work.conn, channel)


def secret_of(conn: sa.Connection, channel: str) -> str:
    """What proves that a shop sent something; refuses `channel_unknown`."""
    found = store.channel(conn, channel)
    if found is None:
        raise Refusal("channel_unknown", channel=channel[:60])
    return found.secret


# --- what they send --------------------------------------------------------------------------------------------


def keep(work: Work, channel: str, came: Came) -> Kept:
    """Keeps a delivery as it came; one that is known is the first. Stream 0."""
    digest = hashlib.sha256(came.body).digest()
    delivery = came.delivery or digest.hex()
    if (known := store.known(work.conn, channel, delivery, digest)) is not None:
        return Kept(known, first=False)
    incoming = work.new_id()
    row = {"id": incoming, "channel": channel, "digest": digest, "received_at": work.now, **came._asdict()}
    store.add(work.conn, {**row, "delivery": delivery, "state": INCOMING.initial})
    return Kept(incoming, first=True)


def ways(conn: sa.Connection, channel: str) -> tuple[rules.Way, frozenset[str]] | None:
    """How a shop's orders are taken in, and all services; None: the shop was removed."""
    found = store.channel(conn, channel)
    if found is None:
        return None
    services = frozenset(row[0] for row in carriers.services(conn) if row[4])
    return rules.Way(channel, found.service, found.warehouse), services


def place(work: Work, incoming: UUID, subject: str, ours: rules.Ours) -> None:
    """Makes the order; refuses as a capture does. One that is not paid yet is held until it is. Stream 0."""
    found = _due(work, incoming)
    if found is None:
        return
    made = captures.capture(work, ours.order)
    others = store.subjects(work.conn, found.channel, made.number)
    if not made.first and others and subject not in others:
        settle(work, incoming, "refuse", "reference_taken", (_taken(ours.order, made.number),), subject)
        return
    if made.first:
        _note(work, made.id, ours)
    elif not ours.unpaid:
        _let_go(work, made.id)
    store.settle(work.conn, incoming, INCOMING.advance(found.state, "place"), subject=subject, number=made.number)


def _note(work: Work, order: UUID, ours: rules.Ours) -> None:
    if ours.note:
        tell(work, order, "customer_note", {}, why=ours.note)
    if ours.unpaid:
        holds.hold(work, order, BY_HAND, note=f"Shopify: {ours.unpaid}")


def _let_go(work: Work, order: UUID) -> None:
    """It is paid: what was held for that goes on. What a person holds stays."""
    for each in open_holds.of_order(work.conn, order):
        if each.state == HOLD.initial and each.placed_by == work.actor.name and each.reason == BY_HAND:
            holds.release(work, each.id, "Shopify: paid", order_id=order)


def _taken(order: NewOrder, number: int) -> Fault:
    return Fault("name", f"It is order {number} already, which is another one.", "another name", order.external_ref)


def settle(
    work: Work, incoming: UUID, trigger: str, reason: str, faults: tuple[Fault, ...] = (), subject: str | None = None
) -> None:
    """Writes why a delivery is no order. Stream 0."""
    found = _due(work, incoming)
    if found is not None:
        state = INCOMING.advance(found.state, trigger)
        store.settle(work.conn, incoming, state, subject=subject, reason=reason, faults=faults)


def _due(work: Work, incoming: UUID) -> store.Whole | None:
    """The delivery, where nobody has dealt with it in the meantime."""
    found = store.whole(work.conn, incoming)
    return found if found is not None and found.state == INCOMING.initial else None


def again(work: Work, incoming: UUID) -> None:
    """Tries once more what was refused, once it is mended. Stream 0."""
    _turn(work, incoming, "again")


def dismiss(work: Work, incoming: UUID) -> None:
    """Puts away what was refused. Stream 0."""
    _turn(work, incoming, "dismiss")


def _turn(work: Work, incoming: UUID, trigger: str) -> None:
    found = shown(work.conn, incoming)
    state = INCOMING.advance(found.state, trigger)
    store.settle(work.conn, incoming, state, reason=found.reason, faults=found.faults)


def shown(conn: sa.Connection, incoming: UUID) -> Incoming:
    """What came, as people see it; refuses `incoming_unknown`."""
    found = store.shown(conn, incoming)
    if found is None:
        raise Refusal("incoming_unknown")
    return found


def page_of(conn: sa.Connection, incoming: UUID) -> IncomingPage:
    """What came, with its body as it came."""
    found, whole = shown(conn, incoming), store.whole(conn, incoming)
    return IncomingPage(found, "" if whole is None else whole.body.decode("utf-8", "replace"))


def drop_old(work: Work) -> int:
    """Lets go of some of what is dealt with and old; how many there were. Stream 0."""
    return store.drop_old(work.conn, work.now - KEPT, SLICE)
