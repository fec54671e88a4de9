"""Why: what is to be printed is a row first. It is claimed, sent by the edge (`worker`), and its end recorded.

    enqueue   committed, no byte has left
    claim     one job a printer is ours to send, for as long as we give signs of life
    record    what became of it, in the library's own three words: printed, failed, unknown
    decide    a person says what became of one that nobody knows of
    move      one of which surely nothing came out goes to the printer beside its own

Nothing here speaks to a printer, and nothing repeats a job that may have printed.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

from printers import PROFILES, OutOfRange, PrinterProfile, profile_named
from server.core.editions import unchanged
from server.core.refusal import Fault, Refusal
from server.db.work import Work
from server.spooler import rules, store
from server.spooler.addresses import Allowed
from server.spooler.lifecycle import PRINT_JOB
from server.spooler.rules import Decision
from server.spooler.schemas import Claim, Job, JobList, NewPrinter, Printer, PrinterList
from server.spooler.store import Connection, JobRow

MOST_COPIES: Final = 500
LAST: Final = UUID(int=2**128 - 1)
"""Comes after every id."""


# --- printers


def put_printer(work: Work, warehouse: int, new: NewPrinter, allowed: Allowed) -> UUID:
    """Makes a printer, or changes the one with this code, and gives its id.

    Refuses `printer_address_refused` for an address that is not the site's, `invalid` for an unknown profile,
    `changed_meanwhile`.
    """
    allowed.check(new.address)
    profile_of(new.profile)
    row = {"name": new.name, "profile": new.profile, "address": new.address.strip(), "page": new.page}
    known = store.printer_by_code(work.conn, warehouse, new.code)
    unchanged(new.edition, known)
    if known is not None:
        store.change_printer(work.conn, warehouse, known.id, row)
        printer_id, condition = known.id, known.condition
    else:
        printer_id, condition = work.new_id(), "unknown"
        store.add_printer(
            work.conn,
            {**row, "id": printer_id, "warehouse_id": warehouse, "code": new.code, "condition": condition},
        )
    work.emit("printer.changed", stream=warehouse, printer=printer_id, condition=condition)
    return printer_id


def profile_of(name: str) -> PrinterProfile:
    """The profile with this name; refuses `invalid`."""
    try:
        return profile_named(name)
    except OutOfRange:
        fault = Fault("profile", "There is no such printer profile.", ", ".join(PROFILES), name[:60])
        raise Refusal("invalid", fault, count=1) from None


def set_condition(work: Work, warehouse: int, printer_id: UUID, condition: str) -> bool:
    """Keeps what a printer says of itself; whether that is news."""
    known = store.printer_by_id(work.conn, warehouse, printer_id)
    if known is None or known.condition == condition:
        return False
    since = rules.unwell_since(condition, store.unwell_since(work.conn, warehouse, printer_id), work.now)
    store.set_condition(work.conn, warehouse, printer_id, condition, work.now, since)
    work.emit("printer.changed", stream=warehouse, printer=printer_id, condition=condition)
    return True


def printers(conn: Connection, warehouse: int) -> PrinterList:
    """The printers of a warehouse with their condition."""
    return PrinterList(store.printers(conn, warehouse), sorted(PROFILES))


def printer_of(conn: Connection, warehouse: int, code: str, field: str = "code") -> Printer:
    """The printer with this code, which stands in this field; refuses `printer_unknown`."""
    found = store.printer_by_code(conn, warehouse, code)
    if found is None:
        raise Refusal("printer_unknown", Fault(field, "There is no such printer here.", got=code[:60]))
    return found


def printer_by_id(conn: Connection, warehouse: int, printer_id: UUID) -> Printer:
    """The printer with this id; refuses `printer_unknown`."""
    found = store.printer_by_id(conn, warehouse, printer_id)
    if found is None:
        raise Refusal("printer_unknown")
    return found


# --- jobs


def enqueue(
    work: Work,
    warehouse: int,
    printer_id: UUID,
    kind: str,
    subject: UUID | None,
    payload: bytes,
    copies: int = 1,
    *,
    other: UUID | None = None,
) -> UUID:
    """Queues `payload`, which makes `copies` labels in all, and gives the job's id; it prints by itself.

    `other` is the printer that prints it where this one cannot.

    Refuses `printer_unknown`, `quantity_wrong` for less than one label or too many.
    """
    if not 1 <= copies <= MOST_COPIES:
        raise Refusal("quantity_wrong", wanted=f"1–{MOST_COPIES}", got=copies)
    printer_by_id(work.conn, warehouse, printer_id)
    job_id = work.new_id()
    store.add_job(
        work.conn,
        {
            "id": job_id, "warehouse_id": warehouse, "printer_id": printer_id, "other_id": other, "kind": kind,
            "subject_id": subject, "payload": payload, "content_hash": sha256(payload).digest(), "copies": copies,
            "state": PRINT_JOB.initial, "due_at": work.now, "queued_at": work.now, "person_id": work.actor.person,
        },
    )  # fmt: skip
    work.emit("print.queued", stream=warehouse, job=job_id, printer=printer_id)
    return job_id


def claim(work: Work, warehouse: int, printer_id: UUID, sender: int, *, ready: bool = False) -> Claim | None:
    """The printer's next job, this sender's for as long as the lease is renewed; None: nothing to send.

    `ready`: the printer has just said that it is, so what waits after a failure need not wait longer. A job whose
    sender gave no more signs of life may have printed: it becomes unknown, and is nobody's to repeat.
    """
    before = store.sending(work.conn, warehouse, printer_id)
    if before is not None and not _lose_if_abandoned(work, before):
        return None
    job = store.next_job(work.conn, warehouse, printer_id, None if ready else work.now)
    if job is None:
        return None
    state = PRINT_JOB.advance(job.state, "retry") if job.state == "failed" else job.state
    store.claim(work.conn, job, PRINT_JOB.advance(state, "send"), sender, work.now, work.now + rules.LEASE)
    _changed(work, job, "sending")
    where = printer_by_id(work.conn, warehouse, printer_id)
    payload = store.payload(work.conn, warehouse, job.id)
    return Claim(job.id, warehouse, printer_id, where.address, payload, job.copies, job.attempt + 1, job.fence + 1)


def renew(work: Work, held: Claim) -> bool:
    """A sign of life from whoever sends the job; whether it is still theirs."""
    return store.renew(work.conn, held.warehouse, held.job, held.fence, work.now + rules.LEASE)


def lose_abandoned(work: Work, warehouse: int, dead: Collection[int]) -> int:
    """Jobs become unknown whose sender is one of the `dead` or gave no more signs of life; how many."""
    jobs = [job for job in store.all_sending(work.conn) if job.warehouse == warehouse]
    return sum(_lose_if_abandoned(work, job, dead) for job in jobs)


def _lose_if_abandoned(work: Work, job: JobRow, dead: Collection[int] = ()) -> bool:
    if not is_abandoned(job, work.now, dead):
        return False
    said = "Whoever sent it ended before it was proven. Look whether it printed."
    _end(work, job, "lose", reason=rules.SENDER_LOST, said=said)
    return True


def is_abandoned(job: JobRow, now: datetime, dead: Collection[int]) -> bool:
    """Whether nobody sends this job any more, so that nobody knows what became of it."""
    return job.sender in dead or job.lease_until is None or job.lease_until <= now


def record(work: Work, held: Claim, trigger: str, reason: str | None, said: str | None, *, again: bool) -> str:
    """What became of a job: `print`, `fail` or `lose`; gives its state. `again`: safe to try again by itself.

    A sender that was taken for dead and was not is believed until a person has decided or another has sent it.
    """
    job = store.job_by_id(work.conn, held.warehouse, held.job)
    if job is None or job.fence != held.fence or not rules.is_believed(job.state, job.reason):
        return "unknown" if job is None else job.state
    due = work.now + rules.again_in(job.attempt) if again else None
    return _end(work, job, trigger, reason=reason, said=said, due=due)


def _end(
    work: Work, job: JobRow, trigger: str, *, reason: str | None, said: str | None, due: datetime | None = None
) -> str:
    state = PRINT_JOB.advance(job.state, trigger)
    store.set_job(work.conn, job, state, reason=reason, said=said, due=due, ended=work.now)
    _changed(work, job, state)
    return state


def _changed(work: Work, job: JobRow, state: str) -> None:
    work.emit("print.changed", stream=job.warehouse, job=job.id, printer=job.printer, state=state)


def decide(work: Work, warehouse: int, job_id: UUID, decision: Decision) -> str:
    """A person says what became of a job, or ends one that waits; gives its state.

    Refuses `print_job_unknown`, and `move_not_allowed` where there is nothing to decide.
    """
    job = store.job_by_id(work.conn, warehouse, job_id)
    if job is None:
        raise Refusal("print_job_unknown")
    state = PRINT_JOB.advance(job.state, rules.DECISIONS[decision])
    again = state == "queued"
    store.set_job(
        work.conn, job, state, due=work.now if again else None, ended=None if again else work.now,
        reason=None if again else "decided",
    )  # fmt: skip
    _changed(work, job, state)
    if again:
        work.emit("print.queued", stream=warehouse, job=job.id, printer=job.printer)
    return state


def fail_over(work: Work, warehouse: int, patience: timedelta) -> int:
    """Jobs go to the printer beside theirs, where theirs cannot print for so long and that one can; how many."""
    moved = 0
    for job, since, other in store.stranded(work.conn, work.now - patience):
        if job.warehouse == warehouse and rules.fails_over(job.state, since, other, work.now, patience):
            assert job.other is not None
            moved += _move(work, job, job.other)
    return moved


def move_waiting(work: Work, warehouse: int, subject: UUID, to: UUID) -> int:
    """What waits to be printed about this subject comes out of that printer; how many jobs.

    What is being sent stays where it is, and so does what may have printed.
    """
    return sum(_move(work, job, to) for job in store.waiting_about(work.conn, warehouse, subject) if job.printer != to)


def _move(work: Work, job: JobRow, to: UUID) -> bool:
    """Whether it is moved: what was drawn for one printer comes out of another only where both have the same dots."""
    here, there = (printer_by_id(work.conn, job.warehouse, each) for each in (job.printer, to))
    if profile_of(here.profile).dpi != profile_of(there.profile).dpi:
        return False
    store.move(work.conn, job, PRINT_JOB.advance(job.state, "move"), to, work.now)
    work.emit("print.moved", stream=job.warehouse, job=job.id, printer=to, before=job.printer)
    return True


def call_off(work: Work, warehouse: int, subject: UUID) -> int:
    """Cancels what waits to be printed about this subject; how many jobs. What is being sent is not stopped."""
    waiting = store.waiting_about(work.conn, warehouse, subject)
    for job in waiting:
        state = PRINT_JOB.advance(job.state, "cancel")
        store.set_job(work.conn, job, state, reason="called_off", ended=work.now)
        _changed(work, job, state)
    return len(waiting)


def jobs(conn: Connection, warehouse: int, before: UUID | None, limit: int, state: str | None) -> JobList:
    """A page of jobs, the newest first."""
    found = store.jobs(conn, warehouse, before or LAST, limit + 1, state)
    return JobList(found[:limit], str(found[limit - 1].id) if len(found) > limit else None)


def job_view(conn: Connection, warehouse: int, job_id: UUID) -> Job:
    """A job as it is shown; refuses `print_job_unknown`."""
    found = store.job_view(conn, warehouse, job_id)
    if found is None:
        raise Refusal("print_job_unknown")
    return found


def last_jobs(conn: Connection, warehouse: int, subjects: list[UUID]) -> dict[UUID, Job]:
    """The newest job about each of these subjects (cartons, totes, …)."""
    return store.last_of(conn, warehouse, subjects)
