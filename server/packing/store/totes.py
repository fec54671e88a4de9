"""Why: goods come to the bench in totes, and an order may lie in several of them, here or elsewhere."""

from __future__ import annotations

from typing import Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from server.db.binds import WAREHOUSE, id_
from server.inventory.models import lpn
from server.tasks.models import cart, tote, tour, tour_slot
from server.tasks.store import totes as tote_store


class ToteOf(NamedTuple):
    """A tote in which something of a fulfilment lies or is being picked: the station it stands at, or its cart."""

    lpn: UUID
    code: str
    state: str
    station: UUID | None
    cart: str | None


_TOTES: Final = (
    sa.select(tote.c.lpn_id, lpn.c.code)
    .select_from(tote.join(lpn, tote.c.lpn_id == lpn.c.id))
    .where(tote.c.warehouse_id == WAREHOUSE, tote.c.station_id == id_("station"), tote.c.state == "staged")
    .order_by(lpn.c.code)
)
_TOTES_OF_PART: Final = (
    sa.select(lpn.c.id, lpn.c.code, tote.c.state, tote.c.station_id, cart.c.code.label("cart"))
    .select_from(
        tour_slot.join(lpn, tour_slot.c.lpn_id == lpn.c.id)
        .join(tote, tote.c.lpn_id == lpn.c.id)
        .outerjoin(tour, tour.c.id == tote.c.tour_id)
        .outerjoin(cart, cart.c.id == tour.c.cart_id)
    )
    .where(
        tour_slot.c.warehouse_id == WAREHOUSE,
        tour_slot.c.fulfilment_id == id_("fulfilment"),
        tote.c.state != "empty",
    )
    .distinct()
    .order_by(lpn.c.code)
)
_ON_TOUR: Final = (
    sa.select(tour_slot.c.fulfilment_id)
    .where(tour_slot.c.warehouse_id == WAREHOUSE, tour_slot.c.tour_id == id_("tour"))
    .distinct()
)


def at_station(conn: sa.Connection, of: int, station_id: UUID) -> list[tuple[UUID, str]]:
    """The totes that stand at a station, by licence plate and code."""
    return [(row[0], row[1]) for row in conn.execute(_TOTES, {"warehouse": of, "station": station_id})]


def of_fulfilment(conn: sa.Connection, of: int, fulfilment_id: UUID) -> list[ToteOf]:
    """The totes in which something of a fulfilment lies, or is being picked, by code."""
    rows = conn.execute(_TOTES_OF_PART, {"warehouse": of, "fulfilment": fulfilment_id}).all()
    return [ToteOf._make(row) for row in rows if fulfilment_id == tote_store.filled_for(conn, of, row[0])]


def fulfilments_on_tour(conn: sa.Connection, of: int, tour_id: UUID) -> list[UUID]:
    """The fulfilments that a tour was walked for."""
    return list(conn.execute(_ON_TOUR, {"warehouse": of, "tour": tour_id}).scalars())
