"""Why: one process at a time works for a durable sink, and one that was thought dead can change nothing any more.

All in stream 0. A claim raises the fence; whatever the former holder still wants to write carries the old one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from server.db.log import Logged
from server.db.work import Work
from server.fanout import store
from server.fanout.store import Connection


class Lease(NamedTuple):
    """A sink's stream in one's own hands: handled up to `position`, under this fence."""

    sink: str
    stream: int
    position: int
    fence: int


class Holder(NamedTuple):
    """Who takes leases: by name, in this life, for so long; `dead` are the lives that are known to have ended."""

    name: str
    life: int
    lasts: timedelta
    dead: frozenset[int] = frozenset()


class FenceFallen(Exception):
    """Somebody else works for this sink by now."""


def claim(work: Work, wanted: Sequence[tuple[str, int]], holder: Holder) -> list[Lease]:
    """Takes what nobody holds of these sinks' streams."""
    known = store.cursors(work.conn)
    by = (holder.name, holder.life, work.now + holder.lasts)
    taken = []
    for sink, stream in wanted:
        cursor = known.get((sink, stream))
        if cursor is None:
            store.add_cursor(work.conn, sink, stream, *by)
            taken.append(Lease(sink, stream, 0, 1))
        elif cursor.holder == holder.name or is_free(cursor, work.now, holder.dead):
            taken.append(Lease(sink, stream, *store.claim(work.conn, sink, stream, *by)))
    return taken


def is_free(cursor: store.Cursor, now: datetime, dead: Collection[int]) -> bool:
    """Whether nobody holds a cursor, or its holder has ended or has not been heard of."""
    return cursor.holder is None or cursor.life in dead or cursor.lease_until is None or cursor.lease_until <= now


def keep(work: Work, leases: Sequence[Lease], lasts: timedelta) -> list[tuple[str, int]]:
    """Moves cursors and leases on; gives the sinks' streams that were lost to others."""
    until = work.now + lasts
    return [
        (each.sink, each.stream)
        for each in leases
        if not store.keep(work.conn, each.sink, each.stream, each.fence, each.position, until)
    ]


def let_go(work: Work, leases: Sequence[Lease], lasts: timedelta) -> None:
    """Moves the cursors a last time and gives the leases back."""
    keep(work, leases, lasts)
    for each in leases:
        store.let_go(work.conn, each.sink, each.stream, each.fence)


def park(work: Work, lease: Lease, event: Logged, error: str, lasts: timedelta) -> None:
    """Sets an event aside that its sink cannot handle, and goes on behind it; refused to a former holder."""
    if not store.keep(work.conn, lease.sink, lease.stream, lease.fence, event.position, work.now + lasts):
        raise FenceFallen(lease.sink)
    if store.is_parked(work.conn, lease.sink, lease.stream, event.position):
        return
    store.park(
        work.conn,
        {
            "id": work.new_id(),
            "sink": lease.sink,
            "of_stream": lease.stream,
            "position": event.position,
            "event": {"type": event.type, "version": event.version, "payload": event.payload},
            "error": error,
            "at": work.now,
        },
    )


def unpark(work: Work, parked_id: UUID) -> None:
    """What was set aside has been handled after all."""
    store.unpark(work.conn, parked_id)


def invariants(conn: Connection) -> list[str]:
    """A sentence for each event from which nothing has followed; until then what should have is not to be relied on."""
    return [
        f"From {each.event['type']} (stream {each.stream}, position {each.position}) nothing has followed for "
        f"{each.sink}: {each.error}. `pickwave parked again` tries it once more."
        for each in store.parked(conn)
    ]
