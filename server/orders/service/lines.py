"""Why: the floor reports what it did as differences of a line's facts, and the fulfilment's status follows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from server.core.refusal import Refusal
from server.db.work import Work
from server.orders import rules
from server.orders.rules import Facts
from server.orders.service.statuses import part_status, settle_part
from server.orders.service.timelines import tell_part
from server.orders.store import fulfilments
from server.orders.store.fulfilments import Part, PartLine


def change(
    work: Work,
    line_id: UUID,
    what: str,
    params: Mapping[str, Any] | None = None,
    *,
    why: str | None = None,
    **deltas: int,
) -> Facts:
    """Changes facts of a fulfilment line by differences and gives the facts after. The warehouse's stream.

    `what` is a key of the timeline's catalogue; `quantity` is put into `params` where they have none. A rising
    `backordered` needs a reason (`why` or params `reason`) or params `expected` (an ISO date). The fulfilment's
    status follows, and `fulfilment.changed` is emitted. Raises FactsWrong for what cannot be: callers bound first.
    """
    found = fulfilments.around(work.conn, line_id, work.streams)
    if found is None:
        raise Refusal("fulfilment_unknown")
    part, lines = found
    line = next(each for each in lines if each.id == line_id)
    after = rules.change(line.facts, deltas)
    told = {"quantity": max(map(abs, deltas.values()), default=0), **(params or {})}
    reason, expected = _backorder(line, after, told, why)
    fulfilments.set_facts(work.conn, line_id, part.warehouse, after, reason, expected)
    tell_part(work, part, what, told, line=line_id, why=why)
    if (more := after.backordered - line.facts.backordered) > 0:
        emit_backordered(work, part, line_id, more, reason or "")
    _follow(work, part, rules.total(after if each.id == line_id else each.facts for each in lines))
    return after


def _backorder(
    line: PartLine, after: Facts, params: Mapping[str, Any], why: str | None
) -> tuple[str | None, date | None]:
    """Why a line's backordered units wait, or until when; both None once there are none."""
    if not after.backordered:
        return None, None
    if after.backordered <= line.facts.backordered:
        return line.backorder_reason, line.backorder_expected
    expected = params.get("expected")
    reason = params.get("reason") or why
    if reason is None and expected is None:
        raise rules.FactsWrong("a backorder has a reason or an expected date, got neither")
    return reason, date.fromisoformat(expected) if isinstance(expected, str) else expected


def emit_backordered(work: Work, part: Part, line_id: UUID, quantity: int, reason: str) -> None:
    """Says that units of a line wait for stock."""
    work.emit(
        "line.backordered", stream=part.warehouse, fulfilment=part.id, line=line_id, order=part.order,
        quantity=quantity, reason=reason,
    )  # fmt: skip


def _follow(work: Work, part: Part, facts: Facts) -> None:
    """The fulfilment's status follows: most scans leave it, and so its row, alone."""
    if part_status(part, facts) == part.status:
        work.emit("fulfilment.changed", stream=part.warehouse, fulfilment=part.id, order=part.order)
    else:
        settle_part(work, part, facts)


def facts_of(conn: Connection, fulfilment_id: UUID, warehouse: int) -> dict[UUID, Facts]:
    """The facts of each line of a fulfilment."""
    return {line.id: line.facts for line in fulfilments.lines_of(conn, fulfilment_id, [warehouse])}
