"""Why: an order in several totes waits on a numbered place until all of it is there."""

from __future__ import annotations

from typing import Final
from uuid import UUID

import sqlalchemy as sa

from server.db.binds import WAREHOUSE, id_
from server.packing.models import parked

_PARKED: Final = sa.select(parked.c.lpn_id, parked.c.place).where(
    parked.c.warehouse_id == WAREHOUSE, parked.c.station_id == id_("station")
)
_PARK: Final = sa.insert(parked)
_UNPARK: Final = sa.delete(parked).where(parked.c.lpn_id == id_("of_lpn"), parked.c.warehouse_id == WAREHOUSE)


def places(conn: sa.Connection, of: int, station_id: UUID) -> dict[UUID, int]:
    """The places of a station's parked totes."""
    return {row[0]: row[1] for row in conn.execute(_PARKED, {"warehouse": of, "station": station_id})}


def park(conn: sa.Connection, of: int, station_id: UUID, place: int, lpn_id: UUID) -> None:
    """The tote waits on that place."""
    conn.execute(_PARK, {"station_id": station_id, "place": place, "warehouse_id": of, "lpn_id": lpn_id})


def unpark(conn: sa.Connection, of: int, lpn_id: UUID) -> None:
    """The tote waits on no place any more."""
    conn.execute(_UNPARK, {"of_lpn": lpn_id, "warehouse": of})
