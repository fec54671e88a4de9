"""Why: who leaves at the till is counted, and what of it came back as an order; it is never an order itself.

Nothing of a person is kept here: how many units of which worth, and when.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from server.db.work import Work
from server.integrations.rules.sold import Left
from server.integrations.schemas.channels import CheckoutDay, CheckoutList, LeftCheckout
from server.integrations.store import checkouts as store

QUIET: Final = timedelta(hours=1)
"""Who has not moved for so long has left."""


def keep(work: Work, channel: str, left: Left, received_at: datetime) -> None:
    """Somebody is at the till; an older word changes nothing. Stream 0."""
    if left.completed or not left.checkout:
        return
    at = left.at or received_at
    known = store.known(work.conn, channel, left.checkout)
    if known is None:
        row = {"id": work.new_id(), "channel": channel, "checkout": left.checkout, "began_at": at, "moved_at": at}
        said = {"currency": left.currency, "value_minor": left.value_minor, "units": left.units}
        store.add(work.conn, {**row, **said})
    elif known[1] <= at and known[2] is None:
        store.move(
            work.conn, channel, left.checkout, at=at, currency=left.currency, value=left.value_minor, units=left.units
        )


def recover(work: Work, channel: str, checkout: str, number: int) -> None:
    """It became an order. Stream 0."""
    if checkout:
        store.recover(work.conn, channel, checkout, number, work.now)


def page(conn: sa.Connection, now: datetime, channel: str | None, before: UUID | None, most: int) -> CheckoutList:
    """Those who were at the till, the newest first."""
    found = store.page(conn, channel, before, most + 1)
    items = [_shown(row, now) for row in found[:most]]
    return CheckoutList(items, items[-1].id if len(found) > most else None)


def _shown(row: tuple[Any, ...], now: datetime) -> LeftCheckout:
    known: tuple[Any, ...] = (*row, _state(row[4], row[9], now))
    return LeftCheckout(*known)


def _state(moved_at: datetime, recovered_at: datetime | None, now: datetime) -> str:
    if recovered_at is not None:
        return "recovered"
    return "left" if now - moved_at >= QUIET else "open"


def days(conn: sa.Connection, now: datetime, most: int) -> list[CheckoutDay]:
    """Counts of so many days (UTC), the newest first."""
    found = []
    for back in range(most):
        day = (now - timedelta(days=back)).astimezone(UTC).date()
        since = datetime.combine(day, time(), UTC)
        rows = store.of_day(conn, since, since + timedelta(days=1), now - QUIET)
        found += [CheckoutDay(day, *row) for row in rows]
    return found
