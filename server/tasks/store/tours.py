"""Why: a tour is a claim on a walk, a cart and its slots; whoever writes it moves its version on."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from server.db.binds import WAREHOUSE, id_
from server.db.prepared import Prepared
from server.inventory.models import lpn
from server.tasks.models import tour, tour_slot


class Tour(NamedTuple):
    """A tour's row."""

    id: UUID
    number: int
    wave: UUID | None
    state: str
    cart: UUID | None
    person: UUID | None
    lease_until: datetime | None
    version: int


class Slot(NamedTuple):
    """A slot of a tour's cart: whose goods go there and, once scanned, into which tote."""

    id: UUID
    slot: int
    fulfilment: UUID
    lpn: UUID | None
    tote: str | None


_TOUR: Final = sa.select(
    tour.c.id,
    tour.c.number,
    tour.c.wave_id,
    tour.c.state,
    tour.c.cart_id,
    tour.c.person_id,
    tour.c.lease_until,
    tour.c.version,
).where(tour.c.id == id_("tour"), tour.c.warehouse_id == WAREHOUSE)
_SET_TOUR: Final = (
    sa.update(tour)
    .where(tour.c.id == id_("of_tour"), tour.c.warehouse_id == WAREHOUSE)
    .values(
        state=sa.bindparam("to_state"),
        person_id=id_("by_person"),
        device_id=id_("by_device"),
        lease_until=sa.bindparam("until", type_=tour.c.lease_until.type),
        cart_id=id_("with_cart"),
        version=tour.c.version + 1,
        finished_at=sa.bindparam("ended", type_=tour.c.finished_at.type),
    )
)
_TOUCH: Final = Prepared(
    sa.update(tour)
    .where(tour.c.id == id_("of_tour"), tour.c.warehouse_id == WAREHOUSE)
    .values(version=tour.c.version + 1)
)
_SLOTS: Final = (
    sa.select(tour_slot.c.id, tour_slot.c.slot, tour_slot.c.fulfilment_id, tour_slot.c.lpn_id, lpn.c.code)
    .select_from(tour_slot.outerjoin(lpn, tour_slot.c.lpn_id == lpn.c.id))
    .where(tour_slot.c.tour_id == id_("tour"), tour_slot.c.warehouse_id == WAREHOUSE)
    .order_by(tour_slot.c.slot)
)
_SET_SLOT: Final = (
    sa.update(tour_slot)
    .where(tour_slot.c.id == id_("of_slot"), tour_slot.c.warehouse_id == WAREHOUSE)
    .values(lpn_id=id_("with_lpn"))
)
_ADD_SLOT: Final = sa.insert(tour_slot)


def by_id(conn: sa.Connection, warehouse: int, tour_id: UUID) -> Tour | None:
    """A tour of this warehouse."""
    row = conn.execute(_TOUR, {"tour": tour_id, "warehouse": warehouse}).one_or_none()
    return None if row is None else Tour(*row)


def write(
    conn: sa.Connection,
    warehouse: int,
    tour_id: UUID,
    *,
    state: str,
    by: UUID | None,
    device: UUID | None,
    until: datetime | None,
    cart_id: UUID | None,
    ended: datetime | None = None,
) -> None:
    """Writes a tour's claim, state and cart; its version moves on."""
    values = {"of_tour": tour_id, "warehouse": warehouse, "to_state": state, "by_person": by, "by_device": device}
    conn.execute(_SET_TOUR, {**values, "until": until, "with_cart": cart_id, "ended": ended})


def touch(conn: sa.Connection, warehouse: int, tour_id: UUID) -> None:
    """Something of the tour changed: its version moves on."""
    _TOUCH.later(conn, {"of_tour": tour_id, "warehouse": warehouse})


def slots(conn: sa.Connection, warehouse: int, tour_id: UUID) -> list[Slot]:
    """The slots of a tour in order."""
    return [Slot(*row) for row in conn.execute(_SLOTS, {"tour": tour_id, "warehouse": warehouse})]


def set_slot(conn: sa.Connection, warehouse: int, slot_id: UUID, lpn_id: UUID) -> None:
    """This tote stands in that slot."""
    conn.execute(_SET_SLOT, {"of_slot": slot_id, "warehouse": warehouse, "with_lpn": lpn_id})


def add_slot(conn: sa.Connection, warehouse: int, tour_id: UUID, slot: Slot) -> None:
    """One more tote goes with the tour."""
    row = {"id": slot.id, "warehouse_id": warehouse, "tour_id": tour_id, "slot": slot.slot}
    conn.execute(_ADD_SLOT, {**row, "fulfilment_id": slot.fulfilment, "lpn_id": slot.lpn})
