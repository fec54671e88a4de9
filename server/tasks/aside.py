"""Why: a fact that could not be booked waits for a person, who books it after all or dismisses it. Once.

Booked it is whoever's it was: the goods moved when they were scanned, a supervisor only says that it may be believed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final, Literal
from uuid import UUID

import msgspec
import sqlalchemy as sa

from server.core.refusal import Fault, Refusal
from server.db.work import Actor, Work
from server.tasks import facts
from server.tasks.lifecycle import ASIDE
from server.tasks.schemas import Answer, Body
from server.tasks.store import asides
from server.tasks.store.asides import Aside

Decision = Literal["book", "dismiss"]
Run = Callable[[Work, int, Any], Answer]
Doing = Mapping[str, tuple[type[Body], Run]]
"""The facts that can be booked: the shape of each one's body, and what does it."""

SURE: Final[Mapping[str, Run]] = {
    "pick": partial(facts.pick, sure=True),
    "put_back": partial(facts.put_back, sure=True),
    "count": partial(facts.count, sure=True),
}
"""Facts that may have been set aside for their size alone: now a person has looked."""


def whose(conn: sa.Connection, warehouse: int, fact_id: UUID) -> Actor:
    """Who scanned a fact that was set aside; refuses `fact_unknown`."""
    found = _found(conn, warehouse, fact_id)
    return Actor(person=found.person, device=found.device, name=found.name or "unknown", warehouse=warehouse)


def decide(work: Work, warehouse: int, fact_id: UUID, decision: Decision, by: UUID | None, doing: Doing) -> str:
    """Books or dismisses a fact and gives its state.

    Refuses `fact_unknown`, `move_not_allowed` when somebody has decided, and `fact_not_bookable` with why.
    """
    found = _found(work.conn, warehouse, fact_id)
    state = ASIDE.advance(found.state, decision)
    if decision == "book":
        _book(work, warehouse, found, doing)
    asides.decide(work.conn, warehouse, fact_id, state, by, work.now)
    work.emit("fact.decided", stream=warehouse, fact=fact_id, state=state)
    return state


def _found(conn: sa.Connection, warehouse: int, fact_id: UUID) -> Aside:
    found = asides.by_id(conn, warehouse, fact_id)
    if found is None:
        raise Refusal("fact_unknown", Fault("fact", "Nothing of this id was set aside here.", got=str(fact_id)))
    return found


def _book(work: Work, warehouse: int, found: Aside, doing: Doing) -> None:
    if found.kind not in doing:
        raise Refusal("fact_not_bookable", reason="no_such_command")
    shape, run = doing[found.kind]
    try:
        SURE.get(found.kind, run)(work, warehouse, msgspec.convert(found.body, shape))
    except msgspec.ValidationError as error:
        raise Refusal("fact_not_bookable", reason=str(error)) from error
    except facts.SetAside as still:
        raise Refusal("fact_not_bookable", reason=still.reason) from still
