"""Why: a desk decides about hundreds of orders at once; each is still dealt with by itself, and told by itself.

What was done of an order and that it was done is one unit, so that a restart does nothing twice and forgets nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from server.core.refusal import Refusal, Stored
from server.db.base import CORE
from server.db.work import Actor, Work
from server.orders.lifecycle import HOLD, JOB, JOB_ROW
from server.orders.schemas.jobs import JobView, NewJob
from server.orders.service import cancels, edits, tags
from server.orders.service import holds as hold_service
from server.orders.store import holds, jobs, orders
from server.orders.store.jobs import Job

MOST: Final = 10_000
"""Orders of one job."""
TOLD_EVERY: Final = 10
"""So many orders are dealt with until whoever looks is told again."""

Asked = Mapping[str, str]
Need = Callable[[str], None]


class Action(NamedTuple):
    """What can be asked for many orders: the permission it needs, and how it is done to one."""

    permission: str
    do: Callable[[Work, UUID, Asked, Need], object]


def _release(work: Work, order_id: UUID, asked: Asked, need: Need) -> None:
    """Every open hold of an order, or none of them."""
    found = [each for each in holds.of_order(work.conn, order_id) if HOLD.can(each.state, "release")]
    if not found:
        raise Refusal("not_held")
    for each in found:
        hold_service.release(work, each.id, asked["note"], order_id=order_id, need=need)


ACTIONS: Final[Mapping[str, Action]] = {
    "hold": Action("orders.hold", lambda work, of, asked, _: hold_service.hold(work, of, note=asked["note"])),
    "release": Action("orders.release_hold", _release),
    "cancel": Action("orders.cancel", lambda work, of, asked, _: cancels.cancel(work, of, asked["note"])),
    "service": Action("orders.edit", lambda work, of, asked, _: edits.change_service(work, of, asked["service"])),
    "tag": Action("orders.edit", lambda work, of, asked, _: tags.tag(work, of, asked["tag"])),
    "untag": Action("orders.edit", lambda work, of, asked, _: tags.untag(work, of, asked["tag"])),
}


def begin(work: Work, new: NewJob, numbers: Sequence[int], may: Sequence[str]) -> Job:
    """Keeps what is asked for these orders, to be done one after another. Stream 0.

    Numbers that are no orders are left out. `may` are the permissions of whoever asks. Refuses `order_unknown` where
    none is left.
    """
    known = orders.ids_of(work.conn, numbers)
    wanted = [(known[number], number) for number in dict.fromkeys(numbers) if number in known]
    if not wanted:
        raise Refusal("order_unknown", order=numbers[0] if numbers else "")
    job_id = work.new_id()
    jobs.add(work.conn, {
        "id": job_id, "action": new.action, "asked": {"note": new.note, "service": new.service, "tag": new.tag},
        "state": JOB.initial, "person_id": work.actor.person, "asked_by": work.actor.name, "may": list(may),
        "total": len(wanted), "asked_at": work.now,
    }, wanted)  # fmt: skip
    work.emit("job.changed", stream=CORE, job=job_id)
    return job_of(work.conn, job_id)


def job_of(conn: Connection, job_id: UUID) -> Job:
    """A job; refuses `job_unknown`."""
    found = jobs.by_id(conn, job_id)
    if found is None:
        raise Refusal("job_unknown")
    return found


def view(found: Job) -> JobView:
    """What is shown of a job."""
    return JobView(
        id=found.id, action=found.action, asked=found.asked, state=found.state, total=found.total, done=found.done,
        refused=found.refused, asked_by=found.asked_by, asked_at=found.asked_at, ended_at=found.ended_at,
    )  # fmt: skip


def actor_of(found: Job) -> Actor:
    """In whose name a job is done."""
    return Actor(person=found.person, name=found.asked_by)


def cancel(work: Work, job_id: UUID) -> None:
    """Breaks a job off; what is done stays. Stream 0. Refuses `job_unknown`, `move_not_allowed` once it has ended."""
    found = job_of(work.conn, job_id)
    _end(work, found, "cancel")


def do_one(work: Work, job_id: UUID, position: int) -> None:
    """Does to one order what was asked for; nothing where it was done, or the job has ended. Stream 0, and what the
    action needs. Refuses as the action does.
    """
    found = job_of(work.conn, job_id)
    row = jobs.row_of(work.conn, job_id, position)
    if row is None or found.state != JOB.initial or row.state != JOB_ROW.initial:
        return
    ACTIONS[found.action].do(work, row.order, found.asked, _need(found))
    jobs.set_row(work.conn, job_id, position, JOB_ROW.advance(row.state, "do"))
    _went_on(work, job_id)


def _need(found: Job) -> Need:
    def need(permission: str) -> None:
        if permission not in found.may:
            raise Refusal("not_allowed", permission=permission)

    return need


def refuse_one(work: Work, job_id: UUID, position: int, why: Stored) -> None:
    """Keeps why something could not be done to an order. Stream 0."""
    row = jobs.row_of(work.conn, job_id, position)
    if row is None or row.state != JOB_ROW.initial:
        return
    jobs.set_row(work.conn, job_id, position, JOB_ROW.advance(row.state, "refuse"), why)
    _went_on(work, job_id)


def _went_on(work: Work, job_id: UUID) -> None:
    found = job_of(work.conn, job_id)
    if not found.left and found.state == JOB.initial:
        _end(work, found, "complete")
    elif not found.left % TOLD_EVERY:
        work.emit("job.changed", stream=CORE, job=job_id)


def _end(work: Work, found: Job, trigger: str) -> None:
    jobs.end(work.conn, found.id, JOB.advance(found.state, trigger), work.now)
    work.emit("job.changed", stream=CORE, job=found.id)
