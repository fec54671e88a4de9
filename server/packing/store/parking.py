"""Why: what is here of an order that comes in several totes waits on a numbered place until all of it is there."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from server.db.binds import WAREHOUSE, id_
from server.orders.models import fulfilment
from server.packing.models import parked, station


class Parked(NamedTuple):
    """A place that is taken: by which order, since when. `last`: the tote that made it complete, which is not there."""

    station: UUID
    station_code: str
    station_name: str
    warehouse: int
    place: int
    fulfilment: UUID
    number: int
    since: datetime
    last: UUID | None


_EVERY: Final = (
    sa.select(
        parked.c.station_id,
        station.c.code,
        station.c.name,
        parked.c.warehouse_id,
        parked.c.place,
        parked.c.fulfilment_id,
        fulfilment.c.number,
        parked.c.since,
        parked.c.last_id,
    )
    .select_from(
        parked.join(station, parked.c.station_id == station.c.id).join(
            fulfilment, parked.c.fulfilment_id == fulfilment.c.id
        )
    )
    .order_by(station.c.code, parked.c.place)
)
_AT_STATION: Final = _EVERY.where(parked.c.warehouse_id == WAREHOUSE, parked.c.station_id == id_("station"))
_OF_PART: Final = _EVERY.where(parked.c.warehouse_id == WAREHOUSE, parked.c.fulfilment_id == id_("fulfilment"))
_OF_ORDER: Final = _EVERY.where(fulfilment.c.order_id == id_("order"))
_PARK: Final = sa.insert(parked)
_MINE: Final = sa.and_(
    parked.c.station_id == id_("of_station"),
    parked.c.fulfilment_id == id_("of_part"),
    parked.c.warehouse_id == WAREHOUSE,
)
_BRING: Final = sa.update(parked).where(_MINE).values(last_id=id_("brought"))
_UNPARK: Final = sa.delete(parked).where(_MINE)


def every(conn: sa.Connection) -> list[Parked]:
    """All places that are taken, at all stations."""
    return [Parked._make(row) for row in conn.execute(_EVERY)]


def at_station(conn: sa.Connection, of: int, station_id: UUID) -> list[Parked]:
    """The places of a station that are taken, by their numbers."""
    return [Parked._make(row) for row in conn.execute(_AT_STATION, {"warehouse": of, "station": station_id})]


def of_fulfilment(conn: sa.Connection, of: int, fulfilment_id: UUID) -> list[Parked]:
    """The places that an order has; at each station at most one."""
    return [Parked._make(row) for row in conn.execute(_OF_PART, {"warehouse": of, "fulfilment": fulfilment_id})]


def of_order(conn: sa.Connection, order_id: UUID) -> list[Parked]:
    """The places that all parts of an order have, in all warehouses."""
    return [Parked._make(row) for row in conn.execute(_OF_ORDER, {"order": order_id})]


def park(conn: sa.Connection, of: int, station_id: UUID, place: int, fulfilment_id: UUID, now: datetime) -> None:
    """The order waits on that place from now on."""
    row = {"station_id": station_id, "place": place, "warehouse_id": of, "fulfilment_id": fulfilment_id, "since": now}
    conn.execute(_PARK, row)


def bring(conn: sa.Connection, of: int, station_id: UUID, fulfilment_id: UUID, tote: UUID | None) -> None:
    """With this tote the order is complete; with none it is not."""
    conn.execute(_BRING, {"of_station": station_id, "of_part": fulfilment_id, "warehouse": of, "brought": tote})


def unpark(conn: sa.Connection, of: int, station_id: UUID, fulfilment_id: UUID) -> bool:
    """The order waits on no place of this station any more; whether it did."""
    values = {"of_station": station_id, "of_part": fulfilment_id, "warehouse": of}
    return bool(conn.execute(_UNPARK, values).rowcount)
