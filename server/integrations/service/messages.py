"""Why: what an event says to others is put into words and written down with everybody it goes to, exactly once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec
import sqlalchemy as sa

from server.db.log import Logged
from server.db.work import Work
from server.integrations.lifecycle import DELIVERY
from server.integrations.schemas.webhooks import (
    KINDS,
    TEST,
    EditTold,
    HoldTold,
    Message,
    OrderTold,
    PromiseTold,
    ShipmentTold,
    StatusTold,
    TestTold,
    Told,
)
from server.integrations.service.endpoints import plain_of
from server.integrations.store import deliveries, endpoints, told


class Draft(NamedTuple):
    """A message that is to be written down: its event's place in the log, its words, whom it goes to."""

    stream: int | None
    position: int | None
    type: str
    at: datetime
    body: bytes
    endpoints: Sequence[UUID]


def drafts(conn: sa.Connection, events: Sequence[Logged]) -> list[Draft]:
    """What these events say to the endpoints that are on, want them, and were there when they happened."""
    hearing = endpoints.hearing(conn)
    found = []
    for event in events:
        named = _named(event)
        if not any(each.hears(named, event.at) for each in hearing):
            continue
        if deliveries.is_known(conn, event.stream, event.position):
            continue
        channel, said = _told(conn, event)
        if wanted := [each.id for each in hearing if each.hears(named, event.at) and each.channel in (None, channel)]:
            body = _body(event.type, event.at, said)
            found.append(Draft(event.stream, event.position, event.type, event.at, body, wanted))
    return found


def _named(event: Logged) -> frozenset[str]:
    """What an endpoint calls what it wants: an event's type, or its type with the status that it speaks of."""
    status = event.payload.get("status")
    return frozenset((event.type, f"{event.type}:{status}") if status else (event.type,))


def queue(work: Work, messages: Sequence[Draft]) -> None:
    """Writes messages down with their deliveries; one that is known already is left as it is. Stream 0."""
    for draft in messages:
        if draft.stream is None or draft.position is None or not deliveries.is_known(
            work.conn, draft.stream, draft.position
        ):  # fmt: skip
            _add(work, draft)


def begin_test(work: Work, endpoint: UUID) -> UUID:
    """A message that says nothing but that it came; its delivery, which is tried once. Stream 0."""
    plain_of(work.conn, endpoint)
    said = _body(TEST, work.now, TestTold(endpoint=endpoint))
    (delivery,) = _add(work, Draft(None, None, TEST, work.now, said, [endpoint]))
    return delivery


def _add(work: Work, draft: Draft) -> list[UUID]:
    message = work.new_id()
    row = {
        "id": message, "of_stream": draft.stream, "position": draft.position, "type": draft.type, "at": draft.at,
        "body": draft.body,
    }  # fmt: skip
    ids = [work.new_id() for _ in draft.endpoints]
    first = {"message_id": message, "state": DELIVERY.initial, "due_at": work.now}
    to = [{"id": each, "endpoint_id": endpoint, **first} for each, endpoint in zip(ids, draft.endpoints, strict=True)]
    deliveries.add(work.conn, row, to)
    return ids


def _body(kind: str, at: datetime, data: Told) -> bytes:
    return msgspec.json.encode(Message(kind, KINDS[kind].version, at, data))


# --- the words of each event -----------------------------------------------------------------------------------


def _told(conn: sa.Connection, event: Logged) -> tuple[str, Told]:
    """The channel of the event's order, and what is told of it."""
    said = event.payload
    order_id = UUID(said["order"])
    found = told.order_of(conn, order_id)
    if found is None:
        raise LookupError(f"there is no order {order_id}")
    return found.channel, _SAID[event.type](conn, event.stream, said, {"order": order_id, **found._asdict()})


_Say = Callable[[sa.Connection, int, Mapping[str, Any], dict[str, Any]], Told]


def _order(_conn: sa.Connection, _stream: int, _said: Mapping[str, Any], of: dict[str, Any]) -> OrderTold:
    return OrderTold(**of)


def _hold(_conn: sa.Connection, _stream: int, said: Mapping[str, Any], of: dict[str, Any]) -> HoldTold:
    return HoldTold(**of, hold=UUID(said["hold"]), reason=said["reason"])


def _status(_conn: sa.Connection, _stream: int, said: Mapping[str, Any], of: dict[str, Any]) -> StatusTold:
    return StatusTold(**of, status=said["status"], warehouse=said["warehouse"])


def _promise(_conn: sa.Connection, _stream: int, said: Mapping[str, Any], of: dict[str, Any]) -> PromiseTold:
    return PromiseTold(**of, day=said["day"], warehouse=said["warehouse"])


def _edit(_conn: sa.Connection, _stream: int, said: Mapping[str, Any], of: dict[str, Any]) -> EditTold:
    return EditTold(**of, what=said["what"], warehouse=said["warehouse"])


def _shipment(conn: sa.Connection, stream: int, said: Mapping[str, Any], of: dict[str, Any]) -> ShipmentTold:
    shipment = UUID(said["shipment"])
    found = told.shipment_of(conn, stream, shipment)
    if found is None:
        raise LookupError(f"there is no shipment {shipment}")
    return ShipmentTold(
        **of,
        shipment=shipment,
        shipment_number=found.number,
        warehouse=stream,
        carrier=found.carrier,
        service=found.service,
        parcels=told.parcels_of(conn, stream, shipment),
    )


_SAID: Final[Mapping[str, _Say]] = {
    "order.captured": _order,
    "order.held": _hold,
    "order.hold_released": _hold,
    "order.cancelled": _order,
    "order.status_changed": _status,
    "order.repromised": _promise,
    "order.edited": _edit,
    "shipment.closed": _shipment,
}
