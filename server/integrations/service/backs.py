"""Why: a channel is told what becomes of its orders by the hand that sends webhooks; its way back is an endpoint."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from server.db.work import Work
from server.integrations.lifecycle import ENDPOINT
from server.integrations.rules import backs as rules
from server.integrations.rules.backs import Parcel, Plan
from server.integrations.rules.channels import Back
from server.integrations.store import channels as store
from server.integrations.store import endpoints, told
from server.orders.service import lookup
from server.orders.store import fulfilments
from server.payments.service import refunds


def follow(work: Work, channel: str, kind: str, back: Back) -> None:
    """The way back of a channel as it is set up now: made, led elsewhere, or taken off. Stream 0."""
    known = endpoints.back_of(work.conn, channel)
    types = list(rules.TYPES.get(kind, ()))
    if not back.url:
        if known is not None:
            endpoints.remove(work.conn, known.id)
    elif known is None:
        row = {"id": work.new_id(), "channel": channel, "url": back.url, "description": "", "types": types}
        endpoints.add(work.conn, {**row, "state": ENDPOINT.initial, "secret": b"", "created_at": work.now})
    elif (known.url, list(known.types)) != (back.url, types):
        endpoints.change(work.conn, known.id, back.url, "", types)


class Unspoken(Exception):
    """There is nothing to be said of it; why is a code of the words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def plan(conn: sa.Connection, channel: str, body: bytes) -> Plan:
    """What a channel is to be told by this message; Unspoken where it does not concern it."""
    facts = store.channel(conn, channel)
    message = msgspec.json.decode(body)
    said: dict[str, Any] = message["data"]
    link = next((each for each in store.links_of(conn, UUID(said["order"])) if each.channel == channel), None)
    if facts is None:
        raise Unspoken("shop_unknown")
    if link is None and facts.kind != "json":
        raise Unspoken("order_not_theirs")
    back = facts.settings.back
    token = facts.secret if facts.kind == "json" else facts.token
    known = Plan(
        facts.kind, back.url.rstrip("/"), back.user, token, back.notify, message["type"],
        "" if link is None else link.subject, {} if link is None else link.told.lines,
        "cancelled" if message["type"] == "order.cancelled" else said.get("status", ""),
    )  # fmt: skip
    if known.status == "cancelled" and link is not None and link.told.cancelled:
        raise Unspoken("channel_said_so")
    if message["type"] == "order.cancelled":
        order = UUID(said["order"])
        owed = refunds.owed_beforehand(conn, order)
        shipped = any(line.facts.shipped for line in fulfilments.lines_of_order(conn, order))
        # Whoever gets the goods with another order of theirs is not written that they do not get them.
        notify = known.notify and lookup.with_its_goods(conn, order).id == order
        return msgspec.structs.replace(
            known, owed_minor=owed.minor, currency=owed.currency, shipped=shipped, notify=notify
        )
    if message["type"] != "shipment.closed":
        return known
    contents = told.contents_of(conn, said["warehouse"], UUID(said["shipment"]))
    parcels = tuple(Parcel(tracking, units) for tracking, units in contents.items())
    return msgspec.structs.replace(known, carrier=said["carrier"], parcels=parcels)


def signature(conn: sa.Connection, channel: str) -> Any:
    """How a channel of its own JSON wants to be shown that we said it."""
    facts = store.channel(conn, channel)
    return None if facts is None else facts.settings.signature
