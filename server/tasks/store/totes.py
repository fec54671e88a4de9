"""Why: a tote goes from tour to bench and back, and at each moment it is one order's or nobody's."""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from server.db.binds import WAREHOUSE, id_
from server.db.prepared import Prepared
from server.inventory.models import lpn, quant
from server.tasks.lifecycle import TOTE
from server.tasks.models import tote, tour, tour_slot


class Tote(NamedTuple):
    """A tote's row."""

    lpn: UUID
    state: str
    tour: UUID | None
    station: UUID | None


_TOTES: Final = sa.select(tote.c.lpn_id, tote.c.state, tote.c.tour_id, tote.c.station_id)
_BY_CODE: Final = _TOTES.select_from(tote.join(lpn, tote.c.lpn_id == lpn.c.id)).where(
    lpn.c.warehouse_id == WAREHOUSE, lpn.c.code == sa.bindparam("code")
)
_BY_ID: Final = _TOTES.where(tote.c.lpn_id == id_("lpn"), tote.c.warehouse_id == WAREHOUSE)
_SET_TOTE: Final = (
    sa.update(tote)
    .where(tote.c.lpn_id == id_("of_lpn"), tote.c.warehouse_id == WAREHOUSE)
    .values(state=sa.bindparam("to_state"), tour_id=id_("for_tour"), station_id=id_("at_station"))
)
_FILL: Final = Prepared(
    sa.update(tote)
    .where(tote.c.lpn_id == id_("of_lpn"), tote.c.warehouse_id == WAREHOUSE, tote.c.state == TOTE.initial)
    .values(state=sa.bindparam("to_state"), tour_id=id_("for_tour"))
)
_OF_TOUR: Final = (
    _TOTES.add_columns(
        sa.exists(sa.select(quant.c.id).where(quant.c.lpn_id == tote.c.lpn_id, quant.c.on_hand > 0)).label("filled")
    )
    .where(
        tote.c.warehouse_id == WAREHOUSE,
        sa.or_(
            tote.c.tour_id == id_("tour"),
            tote.c.lpn_id.in_(sa.select(tour_slot.c.lpn_id).where(tour_slot.c.tour_id == id_("tour"))),
        ),
    )
    .order_by(tote.c.lpn_id)
)
_FREE_WITH_GOODS: Final = (
    sa.select(lpn.c.code)
    .select_from(tote.join(lpn, tote.c.lpn_id == lpn.c.id).join(quant, quant.c.lpn_id == tote.c.lpn_id))
    .where(tote.c.state == TOTE.initial, quant.c.on_hand > 0)
    .distinct()
    .order_by(lpn.c.code)
)
_BUSY_TOTES: Final = (
    sa.select(lpn.c.code)
    .select_from(tote.join(lpn, tote.c.lpn_id == lpn.c.id))
    .where(tote.c.warehouse_id == WAREHOUSE, tote.c.state != "empty")
    .order_by(lpn.c.code)
)
_LPN_HOLDS: Final = (
    sa.select(sa.func.count())
    .select_from(quant)
    .where(quant.c.lpn_id == id_("lpn"), quant.c.warehouse_id == WAREHOUSE, quant.c.on_hand > 0)
)
_FILLED_FOR: Final = (
    sa.select(tour_slot.c.fulfilment_id)
    .select_from(tour_slot.join(tour, tour_slot.c.tour_id == tour.c.id))
    .where(tour_slot.c.lpn_id == id_("lpn"), tour_slot.c.warehouse_id == WAREHOUSE)
    .order_by(tour.c.state == "finished", tour.c.finished_at.desc(), tour.c.number.desc())
    .limit(1)
)
_TOTES_HOLDING: Final = (
    sa.select(quant.c.lpn_id, quant.c.lot, quant.c.expiry)
    .select_from(quant.join(tote, quant.c.lpn_id == tote.c.lpn_id))
    .where(quant.c.warehouse_id == WAREHOUSE, quant.c.item_id == id_("item"), quant.c.on_hand > 0)
    .order_by(quant.c.lpn_id, quant.c.lot)
)


def by_code(conn: sa.Connection, warehouse: int, code: str) -> Tote | None:
    """A tote of this warehouse by its barcode."""
    row = conn.execute(_BY_CODE, {"warehouse": warehouse, "code": code}).one_or_none()
    return None if row is None else Tote(*row)


def by_id(conn: sa.Connection, warehouse: int, lpn_id: UUID) -> Tote | None:
    """A tote by its id; None where the licence plate is a carton's."""
    row = conn.execute(_BY_ID, {"lpn": lpn_id, "warehouse": warehouse}).one_or_none()
    return None if row is None else Tote(*row)


def filled_for(conn: sa.Connection, warehouse: int, lpn_id: UUID) -> UUID | None:
    """The fulfilment that a tote is being filled for, or was last; None for one that stood in no slot.

    Totes go from tour to tour: what is in one now comes from the tour that is not finished, or else the last one.
    """
    return conn.execute(_FILLED_FOR, {"lpn": lpn_id, "warehouse": warehouse}).scalar_one_or_none()


def holds_goods(conn: sa.Connection, warehouse: int, lpn_id: UUID) -> bool:
    """Whether a tote holds anything."""
    return bool(conn.execute(_LPN_HOLDS, {"lpn": lpn_id, "warehouse": warehouse}).scalar_one())


def holding(conn: sa.Connection, warehouse: int, item_id: UUID) -> list[tuple[UUID, str, date | None]]:
    """The totes in which an item lies, with its lot and that lot's expiry."""
    rows = conn.execute(_TOTES_HOLDING, {"warehouse": warehouse, "item": item_id})
    return [(row[0], row[1], row[2]) for row in rows]


def write(
    conn: sa.Connection,
    warehouse: int,
    lpn_id: UUID,
    state: str,
    tour_id: UUID | None,
    station_id: UUID | None = None,
) -> None:
    """Writes a tote's state, tour and place."""
    values = {"of_lpn": lpn_id, "warehouse": warehouse, "to_state": state, "for_tour": tour_id}
    conn.execute(_SET_TOTE, {**values, "at_station": station_id})


def fill(conn: sa.Connection, warehouse: int, lpn_id: UUID, state: str, tour_id: UUID | None) -> bool:
    """Writes state and tour of a tote that was free until now; whether it was."""
    values = {"of_lpn": lpn_id, "warehouse": warehouse, "to_state": state, "for_tour": tour_id}
    return _FILL.change(conn, values) == 1


def of_tour(conn: sa.Connection, warehouse: int, tour_id: UUID) -> list[tuple[Tote, bool]]:
    """The totes that go with a tour or stood in one of its slots, and whether each holds goods."""
    rows = conn.execute(_OF_TOUR, {"warehouse": warehouse, "tour": tour_id})
    return [(Tote(*row[:4]), bool(row[4])) for row in rows]


def free_with_goods(conn: sa.Connection) -> list[str]:
    """The totes that may be taken by anybody though goods lie in them: none, where all is well."""
    return list(conn.execute(_FREE_WITH_GOODS).scalars())


def busy(conn: sa.Connection, warehouse: int) -> list[str]:
    """The totes that are not free to take, for the device's own judgement."""
    return list(conn.execute(_BUSY_TOTES, {"warehouse": warehouse}).scalars())
