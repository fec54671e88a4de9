"""Why: a pack station shows labels too; packing knows none, so this room puts both together.

The same projection is the HTTP answer and the snapshot of the topic `pack`.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

import sqlalchemy as sa

from server.core.refusal import Refusal
from server.packing import views
from server.packing.schemas import LabelView, PackView
from server.packing.store import stations
from server.shipping import service, store


def label_of(conn: sa.Connection, warehouse: int, carton: UUID) -> LabelView | None:
    """A carton's newest label, as the pack station shows it."""
    found = service.label_of(conn, warehouse, carton)
    return (
        None if found is None else LabelView(found.state, found.tracking, found.zpl_url, found.reason, found.voidable)
    )


LABELS: Final = views.Labels(label_of, store.voided)


def bench(conn: sa.Connection, warehouse: int, code: str) -> PackView:
    """The bench of the station with this code; refuses `station_unknown`."""
    return views.pack_station(conn, warehouse, views.station_of(conn, warehouse, code).id, LABELS)


def bench_by_id(conn: sa.Connection, station: UUID) -> PackView:
    """The bench of a station by its id; refuses `station_unknown`."""
    return views.pack_station(conn, warehouse_of(conn, station), station, LABELS)


def warehouse_of(conn: sa.Connection, station: UUID) -> int:
    """The warehouse of a station; refuses `station_unknown`."""
    found = stations.warehouse_of(conn, station)
    if found is None:
        raise Refusal("station_unknown")
    return found
