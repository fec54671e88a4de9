"""Why: every statement about printers and their jobs, built once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection as Connection

from server.db.binds import WAREHOUSE, id_
from server.db.types import Id, Utc
from server.spooler import rules
from server.spooler.models import print_job, printer
from server.spooler.schemas import Job, Printer

WAITING: Final = ("queued", "failed", "sending")
"""States of a job that somebody still waits for."""
_NOW: Final = sa.bindparam("now", type_=Utc())


# --- printers


def _counted(*states: str) -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.count())
        .where(print_job.c.printer_id == printer.c.id, print_job.c.state.in_(states))
        .scalar_subquery()
    )


_PRINTER: Final[tuple[sa.Column[Any], ...]] = (
    printer.c.id, printer.c.warehouse_id, printer.c.code, printer.c.name, printer.c.profile, printer.c.address,
    printer.c.page, printer.c.condition, printer.c.condition_at,
)  # fmt: skip
_PRINTERS: Final = (
    sa.select(*_PRINTER, _counted(*WAITING), _counted("unknown"))
    .where(printer.c.warehouse_id == WAREHOUSE)
    .order_by(printer.c.code)
)
_ALL: Final = sa.select(*_PRINTER).order_by(printer.c.warehouse_id, printer.c.code)
_BY_CODE: Final = sa.select(*_PRINTER).where(
    printer.c.warehouse_id == WAREHOUSE, printer.c.code == sa.bindparam("of_code")
)
_BY_ID: Final = sa.select(*_PRINTER).where(printer.c.warehouse_id == WAREHOUSE, printer.c.id == id_("printer"))
_ADD: Final = sa.insert(printer)
_CHANGE: Final = (
    sa.update(printer)
    .where(printer.c.id == id_("of"), printer.c.warehouse_id == WAREHOUSE)
    .values(
        name=sa.bindparam("new_name"),
        profile=sa.bindparam("new_profile"),
        address=sa.bindparam("new_address"),
        page=sa.bindparam("new_page", type_=sa.Text()),
    )
)
_CONDITION: Final = (
    sa.update(printer)
    .where(printer.c.id == id_("of"), printer.c.warehouse_id == WAREHOUSE)
    .values(
        condition=sa.bindparam("new_condition"),
        condition_at=_NOW,
        unwell_since=sa.bindparam("since", type_=Utc()),
    )
)
_UNWELL_SINCE: Final = sa.select(printer.c.unwell_since).where(
    printer.c.id == id_("printer"), printer.c.warehouse_id == WAREHOUSE
)


def printers(conn: Connection, warehouse: int) -> list[Printer]:
    """The printers of a warehouse by code, with how many jobs wait and how many nobody knows of."""
    return [Printer(*row) for row in conn.execute(_PRINTERS, {"warehouse": warehouse})]


def all_printers(conn: Connection) -> list[Printer]:
    """The printers of all warehouses."""
    return [Printer(*row) for row in conn.execute(_ALL)]


def printer_by_code(conn: Connection, warehouse: int, code: str) -> Printer | None:
    """The printer with this code."""
    row = conn.execute(_BY_CODE, {"warehouse": warehouse, "of_code": code}).one_or_none()
    return None if row is None else Printer(*row)


def printer_by_id(conn: Connection, warehouse: int, printer_id: UUID) -> Printer | None:
    """The printer with this id."""
    row = conn.execute(_BY_ID, {"warehouse": warehouse, "printer": printer_id}).one_or_none()
    return None if row is None else Printer(*row)


def add_printer(conn: Connection, row: dict[str, Any]) -> None:
    """A new printer."""
    conn.execute(_ADD, row)


def change_printer(conn: Connection, warehouse: int, printer_id: UUID, row: dict[str, Any]) -> None:
    """Replaces all of a printer but its code and condition."""
    conn.execute(_CHANGE, {"of": printer_id, "warehouse": warehouse, **{f"new_{name}": row[name] for name in row}})


def unwell_since(conn: Connection, warehouse: int, printer_id: UUID) -> datetime | None:
    """Since when a printer cannot print."""
    found: datetime | None = conn.execute(_UNWELL_SINCE, {"printer": printer_id, "warehouse": warehouse}).scalar_one()
    return found


def set_condition(
    conn: Connection, warehouse: int, printer_id: UUID, condition: str, now: datetime, since: datetime | None
) -> None:
    """What a printer says of itself since now, and since when it cannot print."""
    values = {"of": printer_id, "warehouse": warehouse, "new_condition": condition, "now": now, "since": since}
    conn.execute(_CONDITION, values)


# --- jobs


class JobRow(NamedTuple):
    """A job's row, without what it prints."""

    id: UUID
    warehouse: int
    printer: UUID
    other: UUID | None
    kind: str
    subject: UUID | None
    copies: int
    state: str
    attempt: int
    fence: int
    sender: int | None
    lease_until: datetime | None
    reason: str | None


_JOB: Final[tuple[sa.Column[Any], ...]] = (
    print_job.c.id, print_job.c.warehouse_id, print_job.c.printer_id, print_job.c.other_id, print_job.c.kind,
    print_job.c.subject_id, print_job.c.copies, print_job.c.state, print_job.c.attempt, print_job.c.fence,
    print_job.c.sender, print_job.c.lease_until, print_job.c.reason,
)  # fmt: skip
_NEW_JOB: Final = sa.insert(print_job)
_JOB_BY_ID: Final = sa.select(*_JOB).where(print_job.c.warehouse_id == WAREHOUSE, print_job.c.id == id_("job"))
_SENDING: Final = sa.select(*_JOB).where(
    print_job.c.warehouse_id == WAREHOUSE, print_job.c.printer_id == id_("printer"), print_job.c.state == "sending"
)
_ALL_SENDING: Final = sa.select(*_JOB).where(print_job.c.state == "sending")
_PAYLOAD: Final = sa.select(print_job.c.payload).where(
    print_job.c.warehouse_id == WAREHOUSE, print_job.c.id == id_("job")
)
_OPEN: Final = sa.and_(print_job.c.state.in_(("queued", "failed")), print_job.c.due_at.is_not(None))
_NEXT: Final = (
    sa.select(*_JOB)
    .where(print_job.c.warehouse_id == WAREHOUSE, print_job.c.printer_id == id_("printer"), _OPEN)
    .order_by(print_job.c.queued_at, print_job.c.id)
    .limit(1)
)
_NEXT_DUE: Final = _NEXT.where(print_job.c.due_at <= _NOW)
_DUE_PRINTERS: Final = (
    sa.select(print_job.c.warehouse_id, print_job.c.printer_id).where(_OPEN, print_job.c.due_at <= _NOW).distinct()
)
_NEXT_MOMENT: Final = sa.select(sa.func.min(print_job.c.due_at)).where(_OPEN, print_job.c.due_at > _NOW)
_OTHER: Final = printer.alias("other")
_STRANDING: Final = sa.and_(
    _OPEN,
    print_job.c.printer_id == printer.c.id,
    print_job.c.other_id == _OTHER.c.id,
    _OTHER.c.condition.in_(rules.WELL),
)
_STRANDED: Final = (
    sa.select(*_JOB, printer.c.unwell_since, _OTHER.c.condition)
    .where(_STRANDING, printer.c.unwell_since <= sa.bindparam("since", type_=Utc()))
    .order_by(print_job.c.queued_at, print_job.c.id)
)
_NEXT_STRANDED: Final = sa.select(sa.func.min(printer.c.unwell_since)).where(
    _STRANDING, printer.c.unwell_since > sa.bindparam("since", type_=Utc())
)
_WAITING_ABOUT: Final = sa.select(*_JOB).where(
    print_job.c.warehouse_id == WAREHOUSE,
    print_job.c.subject_id == id_("subject"),
    print_job.c.state.in_(("queued", "failed")),
)
_SET: Final = (
    sa.update(print_job)
    .where(print_job.c.id == id_("of"), print_job.c.warehouse_id == WAREHOUSE)
    .values(
        state=sa.bindparam("to_state"),
        reason=sa.bindparam("because", type_=sa.Text()),
        said=sa.bindparam("in_words", type_=sa.Text()),
        due_at=sa.bindparam("due", type_=Utc()),
        ended_at=sa.bindparam("ended", type_=Utc()),
        sender=sa.null(),
        lease_until=sa.null(),
    )
)
_MOVE: Final = (
    sa.update(print_job)
    .where(print_job.c.id == id_("of"), print_job.c.warehouse_id == WAREHOUSE)
    .values(
        printer_id=id_("to_printer"),
        other_id=id_("from_printer"),
        state=sa.bindparam("to_state"),
        reason=sa.null(),
        said=sa.null(),
        due_at=_NOW,
        ended_at=sa.null(),
    )
)
_CLAIM: Final = (
    sa.update(print_job)
    .where(print_job.c.id == id_("of"), print_job.c.warehouse_id == WAREHOUSE)
    .values(
        state=sa.bindparam("to_state"),
        reason=sa.null(),
        said=sa.null(),
        due_at=sa.null(),
        ended_at=sa.null(),
        sent_at=_NOW,
        attempt=print_job.c.attempt + 1,
        fence=print_job.c.fence + 1,
        sender=sa.bindparam("by", type_=sa.BigInteger()),
        lease_until=sa.bindparam("until", type_=Utc()),
    )
)
_RENEW: Final = (
    sa.update(print_job)
    .where(
        print_job.c.id == id_("of"),
        print_job.c.warehouse_id == WAREHOUSE,
        print_job.c.state == "sending",
        print_job.c.fence == sa.bindparam("held"),
    )
    .values(lease_until=sa.bindparam("until", type_=Utc()))
)


def add_job(conn: Connection, row: dict[str, Any]) -> None:
    """A new job."""
    conn.execute(_NEW_JOB, row)


def job_by_id(conn: Connection, warehouse: int, job_id: UUID) -> JobRow | None:
    """A job of this warehouse."""
    row = conn.execute(_JOB_BY_ID, {"warehouse": warehouse, "job": job_id}).one_or_none()
    return None if row is None else JobRow(*row)


def payload(conn: Connection, warehouse: int, job_id: UUID) -> bytes:
    """What a job prints."""
    return bytes(conn.execute(_PAYLOAD, {"warehouse": warehouse, "job": job_id}).scalar_one())


def sending(conn: Connection, warehouse: int, printer_id: UUID) -> JobRow | None:
    """The job that a printer is being sent."""
    row = conn.execute(_SENDING, {"warehouse": warehouse, "printer": printer_id}).one_or_none()
    return None if row is None else JobRow(*row)


def all_sending(conn: Connection) -> list[JobRow]:
    """The jobs that are being sent, of all printers."""
    return [JobRow(*row) for row in conn.execute(_ALL_SENDING)]


def next_job(conn: Connection, warehouse: int, printer_id: UUID, now: datetime | None) -> JobRow | None:
    """The oldest job of a printer that may be sent by now; without `now` whatever it waits for."""
    values = {"warehouse": warehouse, "printer": printer_id}
    row = conn.execute(_NEXT, values) if now is None else conn.execute(_NEXT_DUE, {**values, "now": now})
    found = row.one_or_none()
    return None if found is None else JobRow(*found)


def due_printers(conn: Connection, now: datetime) -> list[tuple[int, UUID]]:
    """Warehouse and id of each printer that has a job to send by now."""
    return [(row[0], row[1]) for row in conn.execute(_DUE_PRINTERS, {"now": now})]


def waiting_about(conn: Connection, warehouse: int, subject: UUID) -> list[JobRow]:
    """Jobs about this subject of which no byte has left."""
    return [JobRow(*row) for row in conn.execute(_WAITING_ABOUT, {"warehouse": warehouse, "subject": subject})]


def next_moment(conn: Connection, now: datetime) -> datetime | None:
    """When the next job is due that is not due yet."""
    found: datetime | None = conn.execute(_NEXT_MOMENT, {"now": now}).scalar_one()
    return found


class Stranded(NamedTuple):
    """A job that its printer cannot print, since when that is so, and the condition of the one beside it."""

    job: JobRow
    since: datetime
    other: str


def stranded(conn: Connection, since: datetime) -> list[Stranded]:
    """The jobs whose printer cannot print since then at the latest, and which another one can, the oldest first."""
    rows = conn.execute(_STRANDED, {"since": since})
    return [Stranded(JobRow(*row[:-2]), row[-2], row[-1]) for row in rows]


def next_stranded(conn: Connection, since: datetime) -> datetime | None:
    """Since when the next printer cannot print whose jobs another one can, of those that could then."""
    found: datetime | None = conn.execute(_NEXT_STRANDED, {"since": since}).scalar_one()
    return found


def move(conn: Connection, job: JobRow, state: str, to: UUID, now: datetime) -> None:
    """The job is another printer's from now on; the one it was at may have it back."""
    values = {"of": job.id, "warehouse": job.warehouse, "to_state": state, "to_printer": to, "now": now}
    conn.execute(_MOVE, {**values, "from_printer": job.printer})


def claim(conn: Connection, job: JobRow, state: str, sender: int, now: datetime, until: datetime) -> None:
    """The job is being sent from now on, by this process."""
    values = {"of": job.id, "warehouse": job.warehouse, "to_state": state, "by": sender, "now": now, "until": until}
    conn.execute(_CLAIM, values)


def renew(conn: Connection, warehouse: int, job_id: UUID, fence: int, until: datetime) -> bool:
    """A sign of life from whoever holds `fence`; whether it still does."""
    values = {"of": job_id, "warehouse": warehouse, "held": fence, "until": until}
    return bool(conn.execute(_RENEW, values).rowcount == 1)


def set_job(
    conn: Connection,
    job: JobRow,
    state: str,
    *,
    reason: str | None = None,
    said: str | None = None,
    due: datetime | None = None,
    ended: datetime | None = None,
) -> None:
    """Writes a job's state; it is nobody's to send."""
    values = {"of": job.id, "warehouse": job.warehouse, "to_state": state, "because": reason, "in_words": said}
    conn.execute(_SET, {**values, "due": due, "ended": ended})


# --- what is shown


_JOB_VIEW: Final[sa.Select[Any]] = (
    sa.select(
        print_job.c.id, print_job.c.printer_id, printer.c.code, printer.c.name, print_job.c.kind,
        print_job.c.subject_id, print_job.c.copies, print_job.c.state, print_job.c.attempt, print_job.c.reason,
        print_job.c.said, print_job.c.due_at, print_job.c.queued_at, print_job.c.sent_at, print_job.c.ended_at,
    )
    .select_from(print_job.join(printer, print_job.c.printer_id == printer.c.id))
)  # fmt: skip
_ONE: Final = _JOB_VIEW.where(print_job.c.warehouse_id == WAREHOUSE, print_job.c.id == id_("job"))
_PAGE: Final = (
    _JOB_VIEW.where(print_job.c.warehouse_id == WAREHOUSE, print_job.c.id < id_("before"))
    .order_by(print_job.c.id.desc())
    .limit(sa.bindparam("most"))
)
_PAGE_OF_STATE: Final = _PAGE.where(print_job.c.state == sa.bindparam("of_state"))
_LAST_OF: Final = (
    _JOB_VIEW.where(
        print_job.c.warehouse_id == WAREHOUSE,
        print_job.c.subject_id.in_(sa.bindparam("subjects", type_=Id(), expanding=True)),
    )
    .order_by(print_job.c.id)
)  # fmt: skip


def jobs(conn: Connection, warehouse: int, before: UUID, most: int, state: str | None) -> list[Job]:
    """At most `most` jobs made before the one with this id, the newest first; of one state where it is given."""
    values = {"warehouse": warehouse, "before": before, "most": most}
    if state is None:
        return [Job(*row) for row in conn.execute(_PAGE, values)]
    return [Job(*row) for row in conn.execute(_PAGE_OF_STATE, {**values, "of_state": state})]


def job_view(conn: Connection, warehouse: int, job_id: UUID) -> Job | None:
    """A job as it is shown."""
    row = conn.execute(_ONE, {"warehouse": warehouse, "job": job_id}).one_or_none()
    return None if row is None else Job(*row)


def last_of(conn: Connection, warehouse: int, subjects: Iterable[UUID]) -> dict[UUID, Job]:
    """The newest job about each of these subjects."""
    wanted = list(subjects)
    if not wanted:
        return {}
    rows = conn.execute(_LAST_OF, {"warehouse": warehouse, "subjects": wanted})
    return {row[5]: Job(*row) for row in rows}
