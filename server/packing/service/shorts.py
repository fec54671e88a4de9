"""Why: what is not in the tote is said, and whoever waits for it does not wait in vain."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa

from server.core.events import Event
from server.db.work import Work
from server.inventory import service as inventory
from server.locations import service as locations
from server.orders.service import lines as order_lines
from server.packing import rules
from server.packing.schemas import PackShort
from server.packing.service.cartons import complete, void
from server.packing.service.fulfilments import all_in, facts_of, stopped
from server.packing.service.items import at_bench, matching
from server.packing.service.places import settle
from server.packing.service.totes import free_if_empty
from server.packing.store import cartons
from server.packing.store.cartons import Carton
from server.packing.store.fulfilments import Part
from server.packing.store.stations import Station
from server.tasks.schemas import Answer


def short(work: Work, warehouse: int, body: PackShort) -> Answer:
    """Units that were picked are not in the tote, or are damaged: the books follow, the line waits for stock.

    With what is left the carton may be complete; what ships only whole waits, on `place` where one is free. Never
    refuses what the books can follow.
    """
    station, part = at_bench(work, warehouse, body.station, body.fulfilment)
    if (why := stopped(part)) is not None:
        return Answer(why, "card", {"order": part.number})
    pieces = matching(work, warehouse, part, body.tote, body.item, "", body.missing)
    gone = inventory.Place(locations.special_bin(work.conn, warehouse, "adjustment"))
    target = inventory.Place(station.bin, status="damaged") if body.reason == "damaged" else gone
    for piece in pieces:
        inventory.take(work, warehouse, piece.goods, piece.quantity, piece.place, target, f"pack short: {body.reason}")
        params = {"quantity": piece.quantity, "tote": body.tote, "reason": body.reason}
        gone_from = {"picked": -piece.quantity, "backordered": piece.quantity}
        order_lines.change(work, piece.line.line, "shorted", params, why=body.reason, **gone_from)
    free_if_empty(work, warehouse, pieces[0].place.lpn)
    work.emit("station.changed", stream=warehouse, station=station.id)
    place = None if rules.left(facts_of(work, warehouse, part)) else _nothing_more(work, warehouse, station, part)
    said: dict[str, str | int] = {"missing": body.missing}
    return Answer("shorted_backordered", "ok", said if place is None else {**said, "place": place})


def _nothing_more(work: Work, warehouse: int, station: Station, part: Part) -> int | None:
    """Nothing more goes in for now: the carton is complete, an empty one is not needed, or the order is parked."""
    filled, empty = _opened(work.conn, warehouse, part.id)
    for each in empty:
        void(work, warehouse, each, each.expected_g)
    if not all_in(work, warehouse, part.id):
        return settle(work, warehouse, station, part, fetched=True).place
    for each in filled:
        complete(work, warehouse, each.id)
    return None


def _opened(conn: sa.Connection, warehouse: int, part_id: UUID) -> tuple[list[Carton], list[Carton]]:
    """The open cartons of a fulfilment: those in which something lies, and the empty ones."""
    opened = [each for each in cartons.of_fulfilment(conn, warehouse, part_id) if each.state == "open"]
    filled = [each for each in opened if cartons.content(conn, warehouse, each.id)]
    return filled, [each for each in opened if each not in filled]


def on_line_backordered(work: Work, event: Event) -> None:
    """Same-transaction reaction to `line.backordered`: what was waited for does not come, so the carton is complete."""
    warehouse, part_id = event.stream, event.payload["fulfilment"]
    filled, _ = _opened(work.conn, warehouse, part_id)
    if filled and all_in(work, warehouse, part_id):
        for each in filled:
            complete(work, warehouse, each.id)


def has_empty_carton(conn: sa.Connection, warehouse: int, part_id: UUID) -> bool:
    """Whether a carton is open for this fulfilment in which nothing lies."""
    return bool(_opened(conn, warehouse, part_id)[1])


def drop_empty(work: Work, warehouse: int, part_id: UUID) -> None:
    """A picker has found that the rest does not come: the carton that was begun for it is not needed.

    After the commit of its cause: with the carton gone the order may leave, which in one transaction would go round.
    """
    if not all_in(work, warehouse, part_id):
        return
    for each in _opened(work.conn, warehouse, part_id)[1]:
        void(work, warehouse, each, each.expected_g)
