"""Why: what is held waits for somebody: here is the queue of it, the one that is due first at the top."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from server.orders import rules
from server.orders.schemas.holds import HoldQueue, QueuedHold
from server.orders.store import holds
from server.orders.store.holds import Waiting


def queue(conn: Connection, filters: Mapping[str, Any], most: int, now: datetime, may: Collection[str]) -> HoldQueue:
    """A page of open holds. `may`: the permissions of who looks, which say what he can release."""
    found = holds.queue(conn, filters, most + 1)
    opened, overdue = holds.counts(conn, now)
    return HoldQueue(
        [_shown(each, may) for each in found[:most]], str(found[most - 1].id) if len(found) > most else None, opened,
        overdue,
    )  # fmt: skip


def _shown(each: Waiting, may: Collection[str]) -> QueuedHold:
    why = rules.HOLD_REASONS[each.reason]
    mine = why.permission in may and not rules.cause_stands(each.reason, each.payment)  # type: ignore[arg-type]
    return QueuedHold(
        id=each.id, order=each.number, status=each.status, warehouse=each.warehouse, customer=each.customer["name"],
        total_minor=each.total_minor, currency=each.currency, reason=each.reason, en=why.en, de=why.de,
        rule=each.rule, owner=each.owner, placed_at=each.placed_at, due_at=each.due_at,
        escalated_at=each.escalated_at, placed_by=each.placed_by, note=str(each.detail.get("note", "")), mine=mine,
    )  # fmt: skip
