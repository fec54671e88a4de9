"""Why: what the live topics ask besides the rooms' own projections, built once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection as Connection

from server.db.log import head
from server.tasks.models import tour

_claimed: Final = sa.select(tour.c.person_id, tour.c.id, tour.c.version).where(
    tour.c.warehouse_id == sa.bindparam("warehouse", type_=sa.SmallInteger()),
    tour.c.state.in_(("taken", "started")),
    tour.c.person_id.is_not(None),
)


def claimed_tours(conn: Connection, warehouse: int) -> dict[UUID, dict[str, int]]:
    """Who has which tours, each with its version: what a person's queue was read from, in one look."""
    found: dict[UUID, dict[str, int]] = defaultdict(dict)
    for person, tour_id, version in conn.execute(_claimed, {"warehouse": warehouse}):
        found[person][str(tour_id)] = version
    return found


def positions(conn: Connection, streams: frozenset[int]) -> Mapping[int, int]:
    """Where these streams' logs end, as this connection sees them."""
    return {stream: head(conn, stream) for stream in sorted(streams)}
