"""Why: how far each durable sink has come, who works for it, and what was set aside: the statements, built once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection as Connection

from server.db.types import Id, Utc
from server.fanout.models import parked_event, sink_cursor
from server.locations.models import warehouse
from server.orders.models import fulfilment


class Cursor(NamedTuple):
    """Up to where a sink has handled a stream, who holds it in which life until when; `fence` counts its holders."""

    sink: str
    stream: int
    position: int
    holder: str | None
    life: int | None
    lease_until: datetime | None
    fence: int


class Parked(NamedTuple):
    """An event that was set aside for a sink: what it was, why, and when."""

    id: UUID
    sink: str
    stream: int
    position: int
    event: dict[str, Any]
    error: str
    at: datetime


_SINK: Final = sa.bindparam("of_sink", type_=sa.Text())
_STREAM: Final = sa.bindparam("stream", type_=sa.SmallInteger())
_UNTIL: Final = sa.bindparam("until", type_=Utc())

_cursors: Final = sa.select(
    sink_cursor.c.sink,
    sink_cursor.c.of_stream,
    sink_cursor.c.position,
    sink_cursor.c.holder,
    sink_cursor.c.life,
    sink_cursor.c.lease_until,
    sink_cursor.c.fence,
)
_add_cursor: Final = sa.insert(sink_cursor)
_claim: Final = (
    sa.update(sink_cursor)
    .where(sink_cursor.c.sink == _SINK, sink_cursor.c.of_stream == _STREAM)
    .values(holder=sa.bindparam("by"), life=sa.bindparam("alive"), lease_until=_UNTIL, fence=sink_cursor.c.fence + 1)
    .returning(sink_cursor.c.position, sink_cursor.c.fence)
)
_held: Final = sa.and_(
    sink_cursor.c.sink == _SINK,
    sink_cursor.c.of_stream == _STREAM,
    sink_cursor.c.fence == sa.bindparam("with_fence", type_=sa.BigInteger()),
)
_keep: Final = (
    sa.update(sink_cursor)
    .where(_held)
    .values(position=sa.bindparam("to", type_=sa.BigInteger()), lease_until=_UNTIL)
    .returning(sink_cursor.c.fence)
)
_let_go: Final = sa.update(sink_cursor).where(_held).values(holder=None, life=None, lease_until=None)
_park: Final = sa.insert(parked_event)
_parked: Final = sa.select(sa.func.count()).where(
    parked_event.c.sink == _SINK,
    parked_event.c.of_stream == _STREAM,
    parked_event.c.position == sa.bindparam("at_position", type_=sa.BigInteger()),
)
_all_parked: Final = sa.select(
    parked_event.c.id,
    parked_event.c.sink,
    parked_event.c.of_stream,
    parked_event.c.position,
    parked_event.c.event,
    parked_event.c.error,
    parked_event.c.at,
).order_by(parked_event.c.sink, parked_event.c.of_stream, parked_event.c.position)
_unpark: Final = sa.delete(parked_event).where(parked_event.c.id == sa.bindparam("parked", type_=Id()))
_warehouses: Final = sa.select(warehouse.c.id)
_orders_of_wave: Final = (
    sa.select(fulfilment.c.order_id)
    .where(
        fulfilment.c.warehouse_id == sa.bindparam("warehouse", type_=sa.SmallInteger()),
        fulfilment.c.wave_id == sa.bindparam("wave", type_=Id()),
    )
    .order_by(fulfilment.c.id)
)


def cursors(conn: Connection) -> dict[tuple[str, int], Cursor]:
    """Every cursor, by sink and stream."""
    return {(row.sink, row.of_stream): Cursor(*row) for row in conn.execute(_cursors)}


def add_cursor(conn: Connection, sink: str, stream: int, holder: str, life: int, until: datetime) -> None:
    """A sink begins with a stream: at the beginning of its log."""
    held = {"holder": holder, "life": life, "lease_until": until, "fence": 1}
    conn.execute(_add_cursor, {"sink": sink, "of_stream": stream, "position": 0, **held})


def claim(conn: Connection, sink: str, stream: int, holder: str, life: int, until: datetime) -> tuple[int, int]:
    """Makes somebody the holder; gives the position and the new fence."""
    values = {"of_sink": sink, "stream": stream, "by": holder, "alive": life, "until": until}
    position, fence = conn.execute(_claim, values).one()
    return position, fence


def keep(conn: Connection, sink: str, stream: int, fence: int, position: int, until: datetime) -> bool:
    """Moves the cursor and the lease on; False when somebody else holds it by now."""
    values = {"of_sink": sink, "stream": stream, "with_fence": fence, "to": position, "until": until}
    return conn.execute(_keep, values).one_or_none() is not None


def let_go(conn: Connection, sink: str, stream: int, fence: int) -> None:
    """Gives a lease back."""
    conn.execute(_let_go, {"of_sink": sink, "stream": stream, "with_fence": fence})


def park(conn: Connection, row: Mapping[str, Any]) -> None:
    """Sets an event aside."""
    conn.execute(_park, row)


def is_parked(conn: Connection, sink: str, stream: int, position: int) -> bool:
    """Whether this event was set aside for this sink."""
    values = {"of_sink": sink, "stream": stream, "at_position": position}
    return bool(conn.execute(_parked, values).scalar_one())


def parked(conn: Connection) -> list[Parked]:
    """Everything that is set aside, of each sink in the order of its streams."""
    return [Parked(*row) for row in conn.execute(_all_parked)]


def unpark(conn: Connection, parked_id: UUID) -> None:
    """What was set aside is done."""
    conn.execute(_unpark, {"parked": parked_id})


def warehouses(conn: Connection) -> list[int]:
    """The numbers of all warehouses, which are their streams."""
    return list(conn.execute(_warehouses).scalars())


def orders_of_wave(conn: Connection, of_warehouse: int, wave: UUID) -> Sequence[UUID]:
    """The orders of which a wave has a part."""
    return list(conn.execute(_orders_of_wave, {"warehouse": of_warehouse, "wave": wave}).scalars())
