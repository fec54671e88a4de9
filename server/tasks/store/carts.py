"""Why: a cart is found by its barcode, and goes with one tour at a time."""

from __future__ import annotations

from typing import Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from server.db.binds import WAREHOUSE, id_
from server.tasks.models import cart


class Cart(NamedTuple):
    """A cart's row."""

    id: UUID
    slots: int
    tour: UUID | None


_CART: Final = sa.select(cart.c.id, cart.c.slots, cart.c.tour_id).where(
    cart.c.warehouse_id == WAREHOUSE, cart.c.code == sa.bindparam("code")
)
_SET_CART: Final = (
    sa.update(cart).where(cart.c.id == id_("of_cart"), cart.c.warehouse_id == WAREHOUSE).values(tour_id=id_("for_tour"))
)
_FREE_CARTS: Final = (
    sa.update(cart).where(cart.c.tour_id == id_("of_tour"), cart.c.warehouse_id == WAREHOUSE).values(tour_id=sa.null())
)


def by_code(conn: sa.Connection, warehouse: int, code: str) -> Cart | None:
    """A cart of this warehouse by its barcode."""
    row = conn.execute(_CART, {"warehouse": warehouse, "code": code}).one_or_none()
    return None if row is None else Cart(*row)


def free(conn: sa.Connection, warehouse: int, tour_id: UUID) -> None:
    """No cart goes with this tour any more."""
    conn.execute(_FREE_CARTS, {"of_tour": tour_id, "warehouse": warehouse})


def give(conn: sa.Connection, warehouse: int, cart_id: UUID, tour_id: UUID) -> None:
    """The cart goes with this tour."""
    conn.execute(_SET_CART, {"of_cart": cart_id, "warehouse": warehouse, "for_tour": tour_id})
