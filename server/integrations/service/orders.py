"""Why: an order of a file is an order as any other: captured whole, once, by channel and reference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import sqlalchemy as sa

from server.core.refusal import Refusal
from server.db.work import Work
from server.integrations.drafts import Draft, Options
from server.integrations.kinds import Kind
from server.integrations.service.found import Found, Ways, fault_of
from server.orders.schemas.captures import NewOrder
from server.orders.service import captures


def look(conn: sa.Connection, kind: Kind, drafts: Sequence[Draft], _options: Options) -> list[Found]:
    """Which are there already, and what is wrong with the others."""
    news = [cast(NewOrder, draft.record) for draft in drafts]
    return [
        Found("skipped")
        if looked.there
        else Found(faults=tuple(fault_of(kind, draft, each, new.currency) for each in looked.faults), held=looked.held)
        for draft, new, looked in zip(drafts, news, captures.look_over(conn, news), strict=True)
    ]


def write(work: Work, draft: Draft, _options: Options) -> str:
    """Captures it; its number."""
    return str(captures.capture(work, cast(NewOrder, draft.record)).number)


def together(work: Work, drafts: Sequence[Draft], _options: Options) -> list[str]:
    """Captures them with a few statements; their numbers."""
    numbers = []
    for taken in captures.capture_many(work, [cast(NewOrder, draft.record) for draft in drafts]):
        if isinstance(taken, Refusal):
            raise taken
        numbers.append(str(taken.number))
    return numbers


WAYS = Ways(look, write, together=together)
