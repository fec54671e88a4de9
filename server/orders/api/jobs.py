"""Why: what a desk asks for many orders at once is taken at once, done beside, and told order by order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from typing import Annotated, Final
from uuid import UUID

import msgspec
from litestar import Router, get, post
from litestar.datastructures import State
from litestar.params import FromPath, JSONBody, QueryParameter

from server.auth.guards import ByCaller, Db
from server.auth.once import OnceKey, key_of, written
from server.core.refusal import Fault, Refusal
from server.db.base import CORE
from server.db.database import Database
from server.db.unit import Command, Key
from server.db.work import Work
from server.orders import rules
from server.orders.api.parts import MOST, check_note, words_of
from server.orders.lifecycle import JOB_ROW
from server.orders.schemas.jobs import TAG, FoundOrders, JobList, JobRow, JobRows, JobView, NewJob
from server.orders.service import jobs as service
from server.orders.service import search
from server.orders.service.jobs import view
from server.orders.service.search import Finder
from server.orders.store import carriers, jobs, keys
from server.orders.store.jobs import Row

LAST: Final = UUID(int=2**128 - 1)
"""Behind every id."""
STATES: Final = tuple(JOB_ROW.states)


@post("/", opt={"permission": "orders.read"}, summary="Do something to many orders", status_code=202)
async def begin(state: State, db: Db, caller: ByCaller, data: JSONBody[NewJob], idempotency_key: OnceKey) -> JobView:
    """Keeps what is asked; it is done order by order, beside everything else, and goes on after a restart.

    Wants the permission that the action needs. What cannot be done to an order is told at its row.
    """
    caller.need(service.ACTIONS[data.action].permission)
    key = key_of(caller.actor, "orders.job", idempotency_key, msgspec.json.encode(data))
    numbers = await _wanted_unless_begun(db, key, data, state.get("order_finders", ()))

    def run(work: Work) -> JobView:
        return view(service.begin(work, data, numbers, sorted(caller.permissions)))

    command = Command(run, frozenset({CORE}), caller.actor, "orders.job", key=key, answer=JobView)
    return (await written(db, command)).answer


async def _wanted_unless_begun(db: Database, key: Key, data: NewJob, finders: Sequence[Finder]) -> list[int]:
    """The numbers of the orders that are meant. None where the job was begun before: what it has done since, it may
    have done to all that was found.
    """
    try:
        await _check(db, data)
        return data.orders or await _numbers(db, data.found or FoundOrders(), finders)
    except Refusal:
        if not await db.read(partial(keys.known, stream=CORE, scope=key.scope, key=key.id)):
            raise
        return []


async def _check(db: Database, data: NewJob) -> None:
    """Refuses what the action cannot be done with, before anything is kept."""
    check_note("note", data.note)
    if (data.orders is None) == (data.found is None):
        got = "neither of them" if data.orders is None else "both of them"
        raise _invalid(Fault("orders", "Name orders, or what finds them.", "one of `orders` and `found`", got))
    if data.found is not None and data.found.status not in (None, *rules.STATUS_TEXTS):
        listed = ", ".join(rules.STATUS_TEXTS)
        raise _invalid(Fault("found.status", "There is no such status.", listed, data.found.status or ""))
    if data.action in ("tag", "untag") and not re.match(TAG, data.tag):
        raise _invalid(Fault("tag", "This is no tag.", "small letters, digits and -", data.tag))
    if data.action == "service":
        offered = {row[0] for row in await db.read(carriers.services) if row[4]}
        if data.service not in offered:
            listed = ", ".join(sorted(offered))
            raise _invalid(Fault("service", "There is no such service.", listed, data.service))


def _invalid(fault: Fault) -> Refusal:
    return Refusal("invalid", fault, count=1)


async def _numbers(db: Database, found: FoundOrders, finders: Sequence[Finder]) -> list[int]:
    filters = {name: value for name, value in msgspec.structs.asdict(found).items() if name != "q"}
    run = partial(search.page, text=found.q, others=finders, filters=filters, most=service.MOST)
    page = await db.read(run)
    if not page.rows or page.similar:
        raise _invalid(Fault("found", "Nothing is found so.", "at least one order", "no order"))
    return [row.number for row in page.rows]


@get("/", opt={"permission": "orders.read"}, summary="Jobs on orders")
async def listed(
    db: Db,
    limit: Annotated[int, QueryParameter(ge=1, le=MOST, description="How many at most.")] = 20,
    before: Annotated[UUID | None, QueryParameter(description="The `next` of the page before.")] = None,
) -> JobList:
    """What was asked for many orders, the newest first."""
    found = await db.read(partial(jobs.page, before=before or LAST, most=limit + 1))
    return JobList(list(map(view, found[:limit])), str(found[limit - 1].id) if len(found) > limit else None)


@get("/{job_id:uuid}", opt={"permission": "orders.read"}, summary="A job on orders")
async def one(db: Db, job_id: FromPath[UUID]) -> JobView:
    """How far it is."""
    return view(await db.read(partial(service.job_of, job_id=job_id)))


@get("/{job_id:uuid}/orders", opt={"permission": "orders.read"}, summary="The orders of a job")
async def orders(
    db: Db,
    job_id: FromPath[UUID],
    limit: Annotated[int, QueryParameter(ge=1, le=MOST, description="How many at most.")] = 50,
    after: Annotated[int, QueryParameter(ge=0, le=2**31 - 1, description="The `next` of the page before.")] = 0,
    only: Annotated[str | None, QueryParameter(name="state", max_length=20, description="Only these.")] = None,
) -> JobRows:
    """What became of each, in words where it could not be done."""
    if only is not None and only not in STATES:
        raise _invalid(Fault("state", "There is no such state.", ", ".join(STATES), only))
    await db.read(partial(service.job_of, job_id=job_id))
    found = await db.read(partial(jobs.rows, job_id=job_id, state=only, after=after, most=limit + 1))
    return JobRows(list(map(_row, found[:limit])), str(found[limit - 1].position) if len(found) > limit else None)


@post("/{job_id:uuid}/cancel", opt={"permission": "orders.read"}, summary="Break a job off", status_code=200)
async def cancel(db: Db, caller: ByCaller, job_id: FromPath[UUID]) -> JobView:
    """What is done stays done, the rest is left as it is. Wants the permission that the job's action needs."""
    found = await db.read(partial(service.job_of, job_id=job_id))
    caller.need(service.ACTIONS[found.action].permission)
    run = partial(service.cancel, job_id=job_id)
    await db.write(Command(run, frozenset({CORE}), caller.actor, "orders.job_cancel"))
    return view(await db.read(partial(service.job_of, job_id=job_id)))


def _row(row: Row) -> JobRow:
    why = None if row.refusal is None else words_of(row.refusal.code, row.refusal.params)
    return JobRow(row.position, row.number, row.state, None if row.refusal is None else row.refusal.code, why)


router: Final = Router("/api/orders/jobs", route_handlers=[begin, listed, one, orders, cancel], tags=["Orders"])
