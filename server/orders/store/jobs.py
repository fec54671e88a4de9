"""Why: what somebody asked for many orders stands in rows, so that a restart goes on where it was."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy import Connection

from server.core.refusal import Stored
from server.db.binds import id_
from server.db.prepared import Prepared
from server.db.types import Json, Utc
from server.orders.lifecycle import JOB, JOB_ROW
from server.orders.models import order_job, order_job_row


class Job(NamedTuple):
    """A job's row."""

    id: UUID
    action: str
    asked: dict[str, str]
    state: str
    person: UUID | None
    asked_by: str
    may: list[str]
    total: int
    done: int
    refused: int
    asked_at: datetime
    ended_at: datetime | None

    @property
    def left(self) -> int:
        """Orders whose turn is still to come."""
        return self.total - self.done - self.refused


class Row(NamedTuple):
    """An order of a job."""

    position: int
    order: UUID
    number: int
    state: str
    refusal: Stored | None


_JOB: Final[tuple[sa.Column[Any], ...]] = (
    order_job.c.id, order_job.c.action, order_job.c.asked, order_job.c.state, order_job.c.person_id,
    order_job.c.asked_by, order_job.c.may, order_job.c.total, order_job.c.done, order_job.c.refused,
    order_job.c.asked_at, order_job.c.ended_at,
)  # fmt: skip
_ROW: Final[tuple[sa.Column[Any], ...]] = (
    order_job_row.c.position, order_job_row.c.order_id, order_job_row.c.number, order_job_row.c.state,
    order_job_row.c.refusal,
)  # fmt: skip
_AFTER: Final = order_job_row.c.position > sa.bindparam("after", type_=sa.Integer())
_one: Final = sa.select(*_JOB).where(order_job.c.id == id_("job"))
_running: Final = sa.select(order_job.c.id).where(order_job.c.state == JOB.initial).order_by(order_job.c.id)
_page: Final = (
    sa.select(*_JOB).where(order_job.c.id < id_("before")).order_by(order_job.c.id.desc()).limit(sa.bindparam("most"))
)
_add: Final = sa.insert(order_job)
_add_rows: Final = Prepared(sa.insert(order_job_row))
_counted: Final = (
    sa.update(order_job)
    .where(order_job.c.id == id_("of"))
    .values(
        done=order_job.c.done + sa.bindparam("more_done", type_=sa.Integer()),
        refused=order_job.c.refused + sa.bindparam("more_refused", type_=sa.Integer()),
    )
)
_end: Final = (
    sa.update(order_job)
    .where(order_job.c.id == id_("of"))
    .values(state=sa.bindparam("new_state"), ended_at=sa.bindparam("at", type_=Utc()))
)
_row: Final = sa.select(*_ROW).where(
    order_job_row.c.job_id == id_("job"), order_job_row.c.position == sa.bindparam("at", type_=sa.Integer())
)
_waiting: Final = (
    sa.select(order_job_row.c.position)
    .where(order_job_row.c.job_id == id_("job"), order_job_row.c.state == JOB_ROW.initial)
    .order_by(order_job_row.c.position)
    .limit(sa.bindparam("most"))
)
_rows: Final = (
    sa.select(*_ROW)
    .where(order_job_row.c.job_id == id_("job"), _AFTER)
    .order_by(order_job_row.c.position)
    .limit(sa.bindparam("most"))
)
_rows_in_state: Final = (
    sa.select(*_ROW)
    .where(order_job_row.c.job_id == id_("job"), order_job_row.c.state == sa.bindparam("in_state"), _AFTER)
    .order_by(order_job_row.c.position)
    .limit(sa.bindparam("most"))
)
_set_row: Final = (
    sa.update(order_job_row)
    .where(order_job_row.c.job_id == id_("of"), order_job_row.c.position == sa.bindparam("at", type_=sa.Integer()))
    .values(state=sa.bindparam("new_state"), refusal=sa.bindparam("why", type_=Json()))
)


def by_id(conn: Connection, job_id: UUID) -> Job | None:
    """A job."""
    row = conn.execute(_one, {"job": job_id}).one_or_none()
    return None if row is None else Job(*row)


def running(conn: Connection) -> list[UUID]:
    """The jobs that are not through, the oldest first."""
    return list(conn.execute(_running).scalars())


def page(conn: Connection, before: UUID, most: int) -> list[Job]:
    """Jobs that were asked for before this one, the newest first."""
    return [Job(*row) for row in conn.execute(_page, {"before": before, "most": most})]


def add(conn: Connection, row: dict[str, Any], orders: Sequence[tuple[UUID, int]]) -> None:
    """Keeps a job with its orders, each by its id and number."""
    conn.execute(_add, row)
    _add_rows.change_all(conn, [
        {"job_id": row["id"], "position": position, "order_id": order_id, "number": number, "state": JOB_ROW.initial}
        for position, (order_id, number) in enumerate(orders, 1)
    ])  # fmt: skip


def row_of(conn: Connection, job_id: UUID, position: int) -> Row | None:
    """An order of a job."""
    row = conn.execute(_row, {"job": job_id, "at": position}).one_or_none()
    return None if row is None else _told(row)


def waiting(conn: Connection, job_id: UUID, most: int) -> list[int]:
    """The places of the next orders whose turn it is."""
    return list(conn.execute(_waiting, {"job": job_id, "most": most}).scalars())


def rows(conn: Connection, job_id: UUID, state: str | None, after: int, most: int) -> list[Row]:
    """The orders of a job behind that place, in one state or in all."""
    given = {"job": job_id, "after": after, "most": most}
    found = conn.execute(_rows, given) if state is None else conn.execute(_rows_in_state, {**given, "in_state": state})
    return [_told(row) for row in found]


def _told(row: Sequence[Any]) -> Row:
    position, order_id, number, state, why = row
    return Row(position, order_id, number, state, None if why is None else msgspec.convert(why, Stored))


def set_row(conn: Connection, job_id: UUID, position: int, state: str, why: Stored | None = None) -> None:
    """What became of an order, counted at its job."""
    conn.execute(_set_row, {"of": job_id, "at": position, "new_state": state, "why": why})
    refused = why is not None
    conn.execute(_counted, {"of": job_id, "more_done": int(not refused), "more_refused": int(refused)})


def end(conn: Connection, job_id: UUID, state: str, at: datetime) -> None:
    """Keeps how a job ended."""
    conn.execute(_end, {"of": job_id, "new_state": state, "at": at})
