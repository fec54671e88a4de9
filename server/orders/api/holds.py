"""Why: an order is held and let go, one at its page, several out of the queue of everything that is held."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Annotated, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.datastructures import State
from litestar.params import FromPath, JSONBody, QueryParameter

from server.auth.gate import Caller
from server.auth.guards import ByActor, ByCaller, Db
from server.core.refusal import Fault, Refusal
from server.db.database import Database
from server.db.work import Work
from server.orders import rules
from server.orders.api.parts import Limit, Number, Word, check_note, stands, words_of, write
from server.orders.schemas.changes import Held
from server.orders.schemas.holds import HoldQueue, NewHold, Release, Released, ReleasedMany, ReleaseMany
from server.orders.service import holds, lookup, waiting


@post("/{number:int}/holds", opt={"permission": "orders.hold"}, summary="Hold an order", status_code=201)
async def hold(db: Db, actor: ByActor, number: Number, data: JSONBody[NewHold]) -> Held:
    """Stops an order. On the floor the picker may finish, packing is stopped."""
    by_hand = [reason.code for reason in rules.HOLD_REASONS.values() if reason.by_hand]
    if data.reason not in by_hand:
        fault = Fault("reason", "No person holds an order for that.", ", ".join(by_hand), data.reason[:60])
        raise Refusal("invalid", fault, count=1)
    check_note("note", data.note)

    def run(work: Work) -> Held:
        order_id = lookup.id_of(work.conn, number)
        hold_id = holds.hold(work, order_id, data.reason, note=data.note)
        return stands(work, order_id, hold_id)

    return await write(db, actor, "orders.hold", run)


@post(
    "/{number:int}/holds/{hold_id:uuid}/release",
    opt={"permission": "orders.release_hold"},
    summary="Release a hold",
    status_code=200,
)
async def release(db: Db, caller: ByCaller, number: Number, hold_id: FromPath[UUID], data: JSONBody[Release]) -> Held:
    """Lets a held order go on, once the cause is gone where it must be. Some reasons want a further permission."""
    check_note("note", data.note)

    def run(work: Work) -> Held:
        order_id = lookup.id_of(work.conn, number)
        holds.release(work, hold_id, data.note, order_id=order_id, need=caller.need)
        return stands(work, order_id, hold_id)

    return await write(db, caller.actor, "orders.release_hold", run)


@get("/", opt={"permission": "orders.read"}, summary="Open holds")
async def held(
    state: State,
    db: Db,
    caller: ByCaller,
    limit: Limit = 50,
    after: Annotated[UUID | None, QueryParameter(description="The `next` of the page before.")] = None,
    reason: Word = None,
    owner: Word = None,
    overdue: Annotated[bool, QueryParameter(description="Only what is due.")] = False,
    escalated: Annotated[bool, QueryParameter(description="Only what was escalated.")] = False,
    hours: Annotated[int | None, QueryParameter(ge=1, le=10_000, description="Only what waits this long.")] = None,
    warehouse: Annotated[int | None, QueryParameter(ge=1, le=32767)] = None,
) -> HoldQueue:
    """What waits for somebody: why, since when, who looks after it and until when; what is due first at the top."""
    if reason is not None and reason not in rules.HOLD_REASONS:
        fault = Fault("reason", "There is no such reason.", ", ".join(rules.HOLD_REASONS), reason)
        raise Refusal("invalid", fault, count=1)
    now = state.clock.now()
    filters = {
        "after": after, "reason": reason, "owner": owner, "due_before": now if overdue else None,
        "escalated": escalated or None, "warehouse": warehouse,
        "placed_before": None if hours is None else now - timedelta(hours=hours),
    }  # fmt: skip
    return await db.snapshot(partial(waiting.queue, filters=filters, most=limit, now=now, may=caller.permissions))


@post("/release", opt={"permission": "orders.release_hold"}, summary="Release several holds", status_code=200)
async def release_many(db: Db, caller: ByCaller, data: JSONBody[ReleaseMany]) -> ReleasedMany:
    """Each by itself: what cannot go is named with its reason, and the others go."""
    check_note("note", data.note)
    return ReleasedMany([await _released(db, caller, hold_id, data.note) for hold_id in dict.fromkeys(data.holds)])


async def _released(db: Database, caller: Caller, hold_id: UUID, note: str) -> Released:
    run = partial(holds.release, hold_id=hold_id, note=note, need=caller.need)
    try:
        return Released(hold_id, await write(db, caller.actor, "orders.release_hold", run))
    except Refusal as refusal:
        return Released(hold_id, None, refusal.code, words_of(refusal.code, refusal.params))


HANDLERS: Final = (hold, release)
"""Of the orders' router."""
router: Final = Router("/api/holds", route_handlers=[held, release_many], tags=["Orders"])
