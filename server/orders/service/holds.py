"""Why: a doubtful order waits, on the floor too, until its cause is gone or a person lets it go on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from server.core.refusal import Refusal
from server.db.base import CORE
from server.db.work import Work
from server.orders import rules
from server.orders.lifecycle import HOLD
from server.orders.service import statuses
from server.orders.service.lookup import order_of, with_parts
from server.orders.service.statuses import is_held, settle_part
from server.orders.service.timelines import Entry, tell, tell_all, tell_part
from server.orders.store import fulfilments, holds
from server.orders.store.fulfilments import Part
from server.orders.store.holds import Hold
from server.orders.store.orders import Order


class Placed(NamedTuple):
    """A hold that a rule places: why, who looks after it for how long, which rule, and what it saw."""

    reason: str
    owner: str
    within: timedelta
    rule: dict[str, Any]
    detail: dict[str, Any]


def hold(
    work: Work,
    order_id: UUID,
    reason: str = "manual",
    detail: Any = None,
    note: str = "",
    *,
    placed: Placed | None = None,
) -> UUID:
    """Stops an order, on the floor too: the picker may finish, the packer is stopped. Gives the hold's id.

    A reason that is no person's and no rule's (`placed`) stands once; again it gives the same hold. Refuses
    `order_unknown`, `move_not_allowed` for a person's hold on an order that has ended.
    """
    found = order_of(work.conn, order_id)
    why = rules.HOLD_REASONS[reason]
    if why.by_hand and found.status in rules.ENDED:
        raise Refusal("move_not_allowed", thing="order", state=found.status, trigger="hold")
    if not why.by_hand and placed is None:
        for each in holds.of_order(work.conn, order_id):
            if each.reason == reason and each.state == HOLD.initial:
                return each.id
    parts = with_parts(work, found)
    sold = Sold(order_id, found.number, found.warehouse)
    hold_id = add_hold(work, sold, placed or by_reason(reason, detail or {}), note)
    for part in parts:
        _hold_part(work, part, held=True, what="packing_stopped", params={"reason": reason}, why=note)
    statuses.refresh(work, order_id)
    return hold_id


class Sold(NamedTuple):
    """An order by its id, its number and the warehouse that it is sourced from."""

    id: UUID
    number: int
    warehouse: int


def by_reason(reason: str, detail: dict[str, Any]) -> Placed:
    """A hold that no rule places: who looks after it for how long stands in the table of reasons."""
    why = rules.HOLD_REASONS[reason]
    return Placed(reason, why.owner, timedelta(hours=why.due_hours), {}, detail)


def add_hold(work: Work, sold: Sold, placed: Placed, note: str) -> UUID:
    """Keeps a hold, tells it and says so; the statuses are left to the caller."""
    return add_holds(work, [(sold, placed)], note)[0]


def add_holds(work: Work, wanted: Sequence[tuple[Sold, Placed]], note: str = "") -> list[UUID]:
    """The same for several, also of several orders."""
    ids = [work.new_id() for _ in wanted]
    holds.add(work.conn, [
        {
            "id": hold_id, "order_id": sold.id, "reason": placed.reason, "detail": {"note": note, **placed.detail},
            "state": HOLD.initial, "placed_at": work.now, "placed_by": work.actor.name, "owner": placed.owner,
            "due_at": work.now + placed.within, "rule": placed.rule or None,
        }
        for hold_id, (sold, placed) in zip(ids, wanted, strict=True)
    ])  # fmt: skip
    tell_all(work, [_held(sold, placed, hold_id, note) for hold_id, (sold, placed) in zip(ids, wanted, strict=True)])
    for hold_id, (sold, placed) in zip(ids, wanted, strict=True):
        said = {"number": sold.number, "warehouse": sold.warehouse, "hold": hold_id, "reason": placed.reason}
        work.emit("order.held", stream=CORE, order=sold.id, **said)
    return ids


def _held(sold: Sold, placed: Placed, hold_id: UUID, note: str) -> Entry:
    rule, params = placed.rule, {"reason": placed.reason, "hold": hold_id}
    if not rule:
        return Entry(sold.id, "held", params, note)
    of_rule = {"rule": rule["name"], "kind": rule["kind"], "version": rule["version"]}
    return Entry(sold.id, "held_by_rule", {**params, **of_rule}, note)


def release(
    work: Work,
    hold_id: UUID,
    note: str = "",
    *,
    order_id: UUID | None = None,
    need: Callable[[str], None] = lambda _permission: None,
) -> str:
    """Lets a held order go on and gives its status. `need` refuses who has not the permission that its reason names.

    Refuses `hold_unknown` (also for a hold of another order or one that has ended), `not_allowed` where its reason
    wants another permission, and `hold_not_releasable` while its cause stands.
    """
    each = holds.by_id(work.conn, hold_id)
    if each is None or (order_id or each.order) != each.order or not HOLD.can(each.state, "release"):
        raise Refusal("hold_unknown")
    need(rules.HOLD_REASONS[each.reason].permission)
    found = order_of(work.conn, each.order)
    if rules.cause_stands(each.reason, found.payment):
        raise Refusal("hold_not_releasable", reason=f"payment {found.payment}")
    end_hold(work, found, each, "release", note)
    return statuses.refresh(work, found.id)


# --- what nobody decides about in time


def late(conn: Connection, now: datetime, most: int) -> list[UUID]:
    """Open holds that are due and were not escalated, the longest due first."""
    return holds.late(conn, now, most)


def next_due(conn: Connection) -> datetime | None:
    """When the next open hold is due; None: never."""
    return holds.next_due(conn)


def escalate(work: Work, hold_id: UUID) -> bool:
    """Says that nobody has decided about a hold in time, once; whether it was so. Stream 0."""
    each = holds.by_id(work.conn, hold_id)
    if each is None or not HOLD.can(each.state, "release") or each.escalated_at is not None or each.due_at > work.now:
        return False
    found = order_of(work.conn, each.order)
    holds.escalate(work.conn, hold_id, work.now)
    tell(work, found.id, "hold_escalated", {"reason": each.reason, "hold": each.id, "owner": each.owner})
    said = {"number": found.number, "warehouse": found.warehouse, "hold": each.id, "owner": each.owner}
    work.emit("hold.escalated", stream=CORE, order=found.id, **said)
    return True


def end_hold(work: Work, found: Order, each: Hold, trigger: str, note: str) -> None:
    """Ends a hold by that trigger; with the last one packing goes on."""
    parts = with_parts(work, found)
    state = HOLD.advance(each.state, trigger)
    holds.end(work.conn, each.id, state, work.now, work.actor.name, note)
    what = "hold_released" if trigger == "release" else "hold_lapsed"
    tell(work, found.id, what, {"reason": each.reason, "hold": each.id}, why=note)
    said = {"number": found.number, "warehouse": found.warehouse, "hold": each.id, "reason": each.reason}
    work.emit("order.hold_released", stream=CORE, order=found.id, **said)
    if not is_held(work.conn, found.id):
        for part in parts:
            _hold_part(work, part, held=False, what="packing_goes_on", params={}, why=note)


def _hold_part(work: Work, part: Part, *, held: bool, what: str, params: dict[str, Any], why: str) -> None:
    if part.held == held or part.status in (*rules.ENDED, "withdrawn"):
        return
    facts = rules.total(line.facts for line in fulfilments.lines_of(work.conn, part.id, [part.warehouse]))
    tell_part(work, part, what, params, why=why)
    settle_part(work, part._replace(held=held), facts)
