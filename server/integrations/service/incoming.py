"""Why: what a channel sends is kept first, and becomes an order in the next commit; what cannot is kept with why.

The same delivery comes more than once, and a thief may send it again under another id: it is known by its id and by its
body, and the order by what the channel calls it. What comes late is told from what is new by when it was said.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec
import sqlalchemy as sa

from server.catalog import service as catalog
from server.core.refusal import Fault, Refusal
from server.db.work import Work
from server.integrations.lifecycle import INCOMING
from server.integrations.rules.channels import Answers, Way
from server.integrations.rules.sold import Sold, Told
from server.integrations.schemas.channels import Incoming, IncomingPage, Kept, Meant
from server.integrations.service import channels, checkouts
from server.integrations.store import channels as store
from server.integrations.store.channels import Link
from server.orders.schemas.captures import NewOrder
from server.orders.service import captures
from server.orders.service.timelines import tell

KEPT: Final = timedelta(days=30)
"""So long what is dealt with can be looked at. What was refused stays until somebody decides."""
SLICE: Final = 20


class Came(NamedTuple):
    """A delivery as it came: what its headers say, and its body."""

    delivery: str
    topic: str
    shop: str
    triggered_at: str
    body: bytes


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


class Standing(NamedTuple):
    """A delivery that is to be dealt with, the kind of its channel, and how its words are understood."""

    whole: store.Whole
    kind: str
    way: Way | None


def standing(conn: sa.Connection, incoming: UUID) -> Standing | None:
    """What is needed to deal with a delivery; no way: its channel was removed; None: somebody has dealt with it."""
    whole = store.whole(conn, incoming)
    if whole is None or whole.state != INCOMING.initial:
        return None
    found = store.channel(conn, whole.channel)
    if found is None:
        return Standing(whole, "", None)
    return Standing(whole, found.kind, channels.way(conn, whole.channel, found.settings, whole.answers))


# --- an order that is not here yet -----------------------------------------------------------------------------


def place(work: Work, incoming: UUID, sold: Sold, order: NewOrder) -> None:
    """Makes the order; refuses as a capture does, and `reference_taken`. What has changed since is still to do.

    Stream 0.
    """
    found = _due(work, incoming)
    if found is None or store.link(work.conn, found.channel, sold.subject) is not None:
        return
    made = captures.capture(work, order)
    if not made.first and store.links_of(work.conn, made.id):
        raise Refusal("reference_taken", _taken(order, made.number))
    first = msgspec.structs.replace(sold.told, units=_units(order), cancelled="", refunds={})
    store.add_link(work.conn, Link(found.channel, sold.subject, made.id, made.number, first))
    if made.first and sold.note:
        tell(work, made.id, "customer_note", {}, why=sold.note)
    checkouts.recover(work, found.channel, sold.checkout, made.number)
    for each in store.stuck(work.conn, found.channel, sold.subject):
        store.answer(work.conn, each, found.answers)
        store.settle(work.conn, each, INCOMING.advance("refused", "again"), subject=sold.subject)


def _units(order: NewOrder) -> dict[str, int]:
    found: dict[str, int] = {}
    for line in order.lines:
        found[line.sku] = found.get(line.sku, 0) + line.quantity
    return found


def _taken(order: NewOrder, number: int) -> Fault:
    return Fault("name", "It is order {number} already, which is another one.", "another name", order.external_ref,
                 {"number": number})  # fmt: skip


def call_off(work: Work, incoming: UUID, subject: str, told: Told) -> None:
    """An order was called off before it was here: what comes of it later makes none. Stream 0."""
    found = _due(work, incoming)
    if found is None:
        return
    if store.link(work.conn, found.channel, subject) is None:
        store.add_link(work.conn, Link(found.channel, subject, None, None, told))
    settle(work, incoming, "ignore", "order_cancelled", subject=subject)


def is_late(link: Link, at: datetime | None) -> bool:
    """Whether a channel has said something newer of an order already."""
    return at is not None and link.told.at is not None and at < link.told.at


def done(work: Work, incoming: UUID, subject: str, told: Told | None = None, checkout: str = "") -> None:
    """Everything that a delivery says of an order is so, or told to a person. Stream 0."""
    found = _due(work, incoming)
    link = None if found is None else store.link(work.conn, found.channel, subject)
    if found is None or link is None:
        return
    if told is not None:
        lines = told.lines or link.told.lines
        store.tell(
            work.conn,
            link.channel,
            subject,
            msgspec.structs.replace(link.told, at=told.at or link.told.at, lines=lines),
        )
    if checkout and link.number is not None:
        checkouts.recover(work, found.channel, checkout, link.number)
    state = INCOMING.advance(found.state, "place")
    store.settle(work.conn, incoming, state, subject=subject, number=link.number)


def settle(
    work: Work, incoming: UUID, trigger: str, reason: str, faults: tuple[Fault, ...] = (), subject: str | None = None
) -> None:
    """Writes why a delivery is no order. Stream 0."""
    found = _due(work, incoming)
    if found is None:
        return
    state = INCOMING.advance(found.state, trigger)
    link = store.link(work.conn, found.channel, subject) if subject else None
    number = None if link is None else link.number
    store.settle(work.conn, incoming, state, subject=subject or None, number=number, reason=reason, faults=faults)


def _due(work: Work, incoming: UUID) -> store.Whole | None:
    """The delivery, where nobody has dealt with it in the meantime."""
    found = store.whole(work.conn, incoming)
    return found if found is not None and found.state == INCOMING.initial else None


# --- what a person decides -------------------------------------------------------------------------------------


def again(work: Work, incoming: UUID) -> None:
    """Tries once more what was refused, once it is mended. Stream 0."""
    _turn(work, incoming, "again")


def dismiss(work: Work, incoming: UUID) -> None:
    """Puts away what was refused. Stream 0."""
    _turn(work, incoming, "dismiss")


def _turn(work: Work, incoming: UUID, trigger: str) -> None:
    found = shown(work.conn, incoming)
    state, whole = INCOMING.advance(found.state, trigger), store.subject(work.conn, incoming)
    store.settle(
        work.conn, incoming, state, subject=whole, number=found.order, reason=found.reason, faults=found.faults
    )


def mean(work: Work, incoming: UUID, meant: Meant) -> None:
    """Keeps what a person says that the words of a refused delivery mean, and tries it once more. Stream 0.

    Refuses `invalid` for what is not here. With `remember` the channel's settings know it from now on.
    """
    found = shown(work.conn, incoming)
    if faults := tuple(_unknown(work.conn, meant)):
        raise Refusal("invalid", *faults, count=len(faults))
    before = page_of(work.conn, incoming).answers
    answers = Answers(
        items={**before.items, **meant.items}, services={**before.services, **meant.services},
        countries={**before.countries, **meant.countries}, service=meant.service or before.service,
    )  # fmt: skip
    store.answer(work.conn, incoming, answers)
    if meant.remember:
        channels.remember(work, found.channel, answers)
    again(work, incoming)


def _unknown(conn: sa.Connection, meant: Meant) -> Iterator[Fault]:
    there = catalog.items_by_sku(conn, list(meant.items.values()))
    for theirs, ours in meant.items.items():
        if ours not in there:
            yield Fault(f"items[{theirs}]", "There is no such item.", "an item of the catalogue", ours[:60])
    offered = channels.house(conn).services
    services: Mapping[str, str] = {**{f"services[{word}]": code for word, code in meant.services.items()}}
    for field, code in {**services, **({"service": meant.service} if meant.service else {})}.items():
        if code not in offered:
            yield Fault(field, "There is no such service.", ", ".join(sorted(offered)), code[:60])


def shown(conn: sa.Connection, incoming: UUID) -> Incoming:
    """What came, as people see it; refuses `incoming_unknown`."""
    found = store.shown(conn, incoming)
    if found is None:
        raise Refusal("incoming_unknown")
    return found


def page_of(conn: sa.Connection, incoming: UUID) -> IncomingPage:
    """What came, with its body as it came."""
    found, whole = shown(conn, incoming), store.whole(conn, incoming)
    body = "" if whole is None else whole.body.decode("utf-8", "replace")
    return IncomingPage(found, body, Answers() if whole is None else whole.answers)


def drop_old(work: Work) -> int:
    """Lets go of some of what is dealt with and old; how many there were. Stream 0."""
    return store.drop_old(work.conn, work.now - KEPT, SLICE)


def of_order(conn: sa.Connection, order_id: UUID) -> list[dict[str, Any]]:
    """What channels sent about an order, for its page: the newest first."""
    heard = (each for link in store.links_of(conn, order_id) for each in store.about(conn, link.channel, link.subject))
    return [msgspec.to_builtins(each._asdict()) for each in heard]
