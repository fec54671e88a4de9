"""Why: the log is what the rest of the house follows. A reader tails one stream by position, never across streams."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

import msgspec
import sqlalchemy as sa

from server.db.base import command, counter, event
from server.db.unit import LOG_COUNTER
from server.db.work import Work


class Logged(msgspec.Struct, frozen=True):
    """One event as it lies in the log. `text` is its payload as JSON text, `payload` the same read."""

    stream: int
    position: int
    type: str
    version: int
    at: datetime
    command_id: UUID
    text: str

    @property
    def payload(self) -> dict[str, Any]:
        return cast("dict[str, Any]", msgspec.json.decode(self.text))


_tail: Final = (
    sa.select(
        event.c.stream, event.c.position, event.c.type, event.c.version, event.c.at, event.c.command_id, event.c.payload
    )
    .where(event.c.stream == sa.bindparam("of"), event.c.position > sa.bindparam("after"))
    .order_by(event.c.position)
    .limit(sa.bindparam("most"))
)
_head: Final = sa.select(counter.c.value).where(counter.c.stream == sa.bindparam("of"), counter.c.name == LOG_COUNTER)
_first: Final = sa.select(sa.func.min(event.c.position)).where(event.c.stream == sa.bindparam("of"))
_streams: Final = (
    sa.select(counter.c.stream, counter.c.value).where(counter.c.name == LOG_COUNTER).order_by(counter.c.stream)
)
_oldest: Final = (
    sa.select(event.c.position)
    .where(event.c.stream == sa.bindparam("of"))
    .order_by(event.c.position)
    .limit(sa.bindparam("most"))
)
_cut: Final = sa.delete(event).where(event.c.stream == sa.bindparam("of"), event.c.position <= sa.bindparam("through"))
_oldest_answers: Final = (
    sa.select(command.c.at)
    .where(command.c.stream == sa.bindparam("of"), command.c.at < sa.bindparam("before"))
    .order_by(command.c.at)
    .limit(sa.bindparam("most"))
)
_forget: Final = sa.delete(command).where(
    command.c.stream == sa.bindparam("of"), command.c.at <= sa.bindparam("through")
)


def tail(conn: sa.Connection, stream: int, after: int, limit: int) -> list[Logged]:
    """The events of `stream` behind position `after`, oldest first, at most `limit`."""
    return [Logged(*row) for row in conn.execute(_tail, {"of": stream, "after": after, "most": limit})]


def head(conn: sa.Connection, stream: int) -> int:
    """The position of the last event of `stream`; 0 when there was never one."""
    return cast(int, conn.execute(_head, {"of": stream}).scalar_one_or_none() or 0)


def heads(conn: sa.Connection) -> dict[int, int]:
    """The last position of every stream that has ever had an event."""
    return {row.stream: row.value for row in conn.execute(_streams)}


def first(conn: sa.Connection, stream: int) -> int:
    """The oldest position that can still be read; head + 1 when all are cut. Who is further behind takes a snapshot."""
    oldest = conn.execute(_first, {"of": stream}).scalar_one_or_none()
    return head(conn, stream) + 1 if oldest is None else cast(int, oldest)


def cut(work: Work, stream: int, *, through: int, limit: int = 500) -> int:
    """Deletes the oldest events of `stream` up to position `through`.

    At most `limit` at a time, so that a slice stays short; gives how many went.
    """
    oldest = work.execute(_oldest, {"of": stream, "most": limit}).scalars().all()
    gone = [position for position in oldest if position <= through]
    if gone:
        work.execute(_cut, {"of": stream, "through": gone[-1]})
    return len(gone)


def forget(work: Work, stream: int, *, before: datetime, limit: int = 500) -> int:
    """Deletes the oldest answers of `stream` given before `before`, about `limit` at a time; gives how many went.

    A forgotten command that is sent again is done again, so `before` lies further back than any device stays away.
    """
    moments = work.execute(_oldest_answers, {"of": stream, "before": before, "most": limit}).scalars().all()
    if not moments:
        return 0
    return work.execute(_forget, {"of": stream, "through": moments[-1]}).rowcount
