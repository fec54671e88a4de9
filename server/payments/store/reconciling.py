"""Why: every statement about reconciliations, built once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from server.db.binds import id_
from server.db.types import Utc
from server.payments.models import payment, payment_intent, reconciliation, reconciliation_line
from server.payments.rules import SET_ASIDE


class Run(NamedTuple):
    """A reconciliation's row."""

    id: UUID
    gateway: str
    since: datetime
    until: datetime
    state: str
    started_at: datetime
    started_by: str
    ended_at: datetime | None


class Line(NamedTuple):
    """A payment of both sides that was compared."""

    id: UUID
    reference: str
    intent: UUID | None
    order_number: int | None
    verdict: str
    ours: Any
    theirs: Any


_RUN: Final[tuple[sa.Column[Any], ...]] = (
    reconciliation.c.id, reconciliation.c.gateway, reconciliation.c.since, reconciliation.c.until,
    reconciliation.c.state, reconciliation.c.started_at, reconciliation.c.started_by, reconciliation.c.ended_at,
)  # fmt: skip
_LINE: Final[tuple[sa.Column[Any], ...]] = (
    reconciliation_line.c.id, reconciliation_line.c.reference, reconciliation_line.c.intent_id,
    reconciliation_line.c.order_number, reconciliation_line.c.verdict, reconciliation_line.c.ours,
    reconciliation_line.c.theirs,
)  # fmt: skip
_ADD: Final = sa.insert(reconciliation)
_ONE: Final = sa.select(*_RUN).where(reconciliation.c.id == id_("run"))
_PAGE: Final = (
    sa.select(*_RUN)
    .where(reconciliation.c.id < id_("before"))
    .order_by(reconciliation.c.id.desc())
    .limit(sa.bindparam("most"))
)
_RUNNING: Final = (
    sa.select(reconciliation.c.id).where(reconciliation.c.state == "running").order_by(reconciliation.c.id)
)
_END: Final = (
    sa.update(reconciliation)
    .where(reconciliation.c.id == id_("of"))
    .values(state=sa.bindparam("new_state"), ended_at=sa.bindparam("at", type_=Utc()))
)
_COUNTS: Final = (
    sa.select(reconciliation_line.c.verdict, sa.func.count())
    .where(reconciliation_line.c.run_id == id_("run"))
    .group_by(reconciliation_line.c.verdict)
)
_LINES: Final = (
    sa.select(*_LINE)
    .where(
        reconciliation_line.c.run_id == id_("run"),
        reconciliation_line.c.verdict.in_(sa.bindparam("verdicts", expanding=True)),
        reconciliation_line.c.id > id_("after"),
    )
    .order_by(reconciliation_line.c.id)
    .limit(sa.bindparam("most"))
)
_LAID: Final = sa.select(reconciliation_line.c.reference).where(
    reconciliation_line.c.run_id == id_("run"),
    reconciliation_line.c.reference.in_(sa.bindparam("references", expanding=True)),
)
_ADD_LINES: Final = sa.insert(reconciliation_line)
_UNSEEN: Final = (
    sa.select(payment_intent.c.id)
    .join(payment, payment.c.id == payment_intent.c.payment_id)
    .where(
        payment_intent.c.kind.in_(sorted(SET_ASIDE)),
        payment_intent.c.created_at >= sa.bindparam("since", type_=Utc()),
        payment_intent.c.created_at < sa.bindparam("until", type_=Utc()),
        payment_intent.c.state != "abandoned",
        payment.c.gateway == sa.bindparam("of_gateway"),
        sa.not_(
            sa.exists().where(
                reconciliation_line.c.run_id == id_("run"), reconciliation_line.c.intent_id == payment_intent.c.id
            )
        ),
    )
    .order_by(payment_intent.c.id)
    .limit(sa.bindparam("most"))
)
FIRST: Final = UUID(int=0)
LAST: Final = UUID(int=2**128 - 1)


def add(conn: Connection, row: dict[str, Any]) -> None:
    """A new run."""
    conn.execute(_ADD, row)


def run(conn: Connection, run_id: UUID) -> Run | None:
    """A run."""
    row = conn.execute(_ONE, {"run": run_id}).one_or_none()
    return None if row is None else Run(*row)


def page(conn: Connection, before: UUID | None, most: int) -> list[Run]:
    """Runs, the newest first, those older than `before`."""
    return [Run(*row) for row in conn.execute(_PAGE, {"before": before or LAST, "most": most})]


def running(conn: Connection) -> list[UUID]:
    """Runs that are not at their end."""
    return list(conn.execute(_RUNNING).scalars())


def end(conn: Connection, run_id: UUID, state: str, at: datetime) -> None:
    """How a run ended."""
    conn.execute(_END, {"of": run_id, "new_state": state, "at": at})


def counts(conn: Connection, run_id: UUID) -> dict[str, int]:
    """How many payments came to which verdict."""
    return {row[0]: row[1] for row in conn.execute(_COUNTS, {"run": run_id})}


def lines(conn: Connection, run_id: UUID, verdicts: Sequence[str], after: UUID | None, most: int) -> list[Line]:
    """The payments that came to one of these verdicts, in the order in which they were looked at."""
    values = {"run": run_id, "verdicts": list(verdicts), "after": after or FIRST, "most": most}
    return [Line(*row) for row in conn.execute(_LINES, values)]


def laid(conn: Connection, run_id: UUID, references: Sequence[str]) -> set[str]:
    """Which of these were looked at already."""
    return set(conn.execute(_LAID, {"run": run_id, "references": list(references)}).scalars())


def add_lines(conn: Connection, rows: list[dict[str, Any]]) -> None:
    """Keeps what was compared."""
    if rows:
        conn.execute(_ADD_LINES, rows)


def unseen(conn: Connection, found: Run, most: int) -> list[UUID]:
    """Our intents of the run's time to set something aside that the gateway's list did not name."""
    values = {"run": found.id, "since": found.since, "until": found.until, "of_gateway": found.gateway, "most": most}
    return list(conn.execute(_UNSEEN, values).scalars())
