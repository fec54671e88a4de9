"""Why: whatever happens to an order is told where it happens: on stream 0, or on its warehouse's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from server.db.work import Work
from server.orders.service.lookup import part_of
from server.orders.store import timelines
from server.orders.store.fulfilments import Part
from server.orders.timeline import checked


class Entry(NamedTuple):
    """What is told of an order."""

    order: UUID
    what: str
    params: Mapping[str, Any]
    why: str | None = None


def tell(work: Work, order_id: UUID, what: str, params: Mapping[str, Any], *, why: str | None = None) -> None:
    """Adds a row to an order's timeline. Stream 0."""
    tell_all(work, [Entry(order_id, what, params, why)])


def tell_all(work: Work, entries: Iterable[Entry]) -> None:
    """Adds rows to the timelines of orders, in this order. Stream 0."""
    timelines.add(
        work.conn,
        [{"order_id": each.order, **_entry(work, each.what, each.params, each.why)} for each in entries],
    )


def tell_part(
    work: Work,
    part: Part,
    what: str,
    params: Mapping[str, Any],
    *,
    line: UUID | None = None,
    why: str | None = None,
) -> None:
    """Adds a row to a fulfilment's timeline. The warehouse's stream."""
    timelines.add_of_part(work.conn, part_entry(work, part, what, params, line, why))


def tell_fulfilment(
    work: Work, fulfilment_id: UUID, what: str, params: Mapping[str, Any], *, why: str | None = None
) -> None:
    """Adds a row about a fulfilment that changes no fact (a carton closed, a label live), and says so."""
    part = part_of(work, fulfilment_id)
    tell_part(work, part, what, params, why=why)
    work.emit("fulfilment.changed", stream=part.warehouse, fulfilment=part.id, order=part.order)


def part_entry(
    work: Work, part: Part, what: str, params: Mapping[str, Any], line: UUID | None, why: str | None
) -> dict[str, Any]:
    """A row of a fulfilment's timeline, for whoever keeps many at once."""
    row = {"warehouse_id": part.warehouse, "fulfilment_id": part.id, "line_id": line}
    return {**row, **_entry(work, what, params, why)}


def _entry(work: Work, what: str, params: Mapping[str, Any], why: str | None) -> dict[str, Any]:
    return {
        "at": work.now, "what": what, "params": checked(what, params), "who": work.actor.name,
        "device": None if work.actor.device is None else str(work.actor.device), "why": why or None,
        "command_id": work.command_id,
    }  # fmt: skip
