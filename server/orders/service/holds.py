"""Why: a doubtful order waits, on the floor too, until its cause is gone or a person lets it go on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import UUID

from server.core.refusal import Refusal
from server.db.base import CORE
from server.db.work import Work
from server.orders import rules
from server.orders.lifecycle import HOLD
from server.orders.service import statuses
from server.orders.service.lookup import order_of, with_parts
from server.orders.service.statuses import is_held, settle_part
from server.orders.service.timelines import tell, tell_part
from server.orders.store import fulfilments, holds
from server.orders.store.fulfilments import Part
from server.orders.store.holds import Hold
from server.orders.store.orders import Order


def hold(work: Work, order_id: UUID, reason: str = "manual", detail: Any = None, note: str = "") -> UUID:
    """Stops an order, on the floor too: the picker may finish, the packer is stopped. Gives the hold's id.

    A reason that is no person's stands once; again it gives the same hold. Refuses `order_unknown`,
    `move_not_allowed` for a person's hold on an order that has ended.
    """
    found = order_of(work.conn, order_id)
    why = rules.HOLD_REASONS[reason]
    if why.by_hand and found.status in rules.ENDED:
        raise Refusal("move_not_allowed", thing="order", state=found.status, trigger="hold")
    if not why.by_hand:
        for each in holds.of_order(work.conn, order_id):
            if each.reason == reason and each.state == HOLD.initial:
                return each.id
    parts = with_parts(work, found)
    hold_id = add_hold(work, Sold(order_id, found.number, found.warehouse), reason, detail or {}, note)
    for part in parts:
        _hold_part(work, part, held=True, what="packing_stopped", params={"reason": reason}, why=note)
    statuses.refresh(work, order_id)
    return hold_id


class Sold(NamedTuple):
    """An order by its id, its number and the warehouse that it is sourced from."""

    id: UUID
    number: int
    warehouse: int


def add_hold(work: Work, sold: Sold, reason: str, detail: Any, note: str) -> UUID:
    """Keeps a hold, tells it and says so; the statuses are left to the caller."""
    hold_id = work.new_id()
    holds.add(
        work.conn,
        [{
            "id": hold_id, "order_id": sold.id, "reason": reason, "detail": {"note": note, **detail},
            "state": HOLD.initial, "placed_at": work.now, "placed_by": work.actor.name,
        }],
    )  # fmt: skip
    tell(work, sold.id, "held", {"reason": reason, "hold": hold_id}, why=note)
    said = {"number": sold.number, "warehouse": sold.warehouse, "hold": hold_id, "reason": reason}
    work.emit("order.held", stream=CORE, order=sold.id, **said)
    return hold_id


def release(
    work: Work,
    hold_id: UUID,
    note: str = "",
    *,
    order_id: UUID | None = None,
    need: Callable[[str], None] = lambda _permission: None,
) -> str:
    """Lets a held order go on and gives its status. `need` refuses who has not the permission that its reason names.

    Refuses `hold_unknown` (also for a hold of another order or one that has ended) and `hold_not_releasable` while
    its cause stands.
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
