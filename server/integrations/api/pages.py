"""Why: what went to other systems and what came from them is listed alike: a page at a time, all or of one state."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Protocol, TypeVar
from uuid import UUID

from litestar.datastructures import State
from litestar.params import QueryParameter

from server.core.lifecycle import Lifecycle
from server.core.refusal import Fault, Refusal
from server.db.base import CORE
from server.db.database import Database
from server.db.unit import Command, Lane
from server.db.work import Actor, Work
from server.integrations.addresses import NoAddress
from server.integrations.webhook_worker import Courier

T = TypeVar("T")

Limit = Annotated[int, QueryParameter(ge=1, le=200, description="At most so many.")]
After = Annotated[UUID | None, QueryParameter(description="The `next` of the page before.")]
OfState = Annotated[str | None, QueryParameter(name="state", max_length=32, description="Only these.")]


class HasId(Protocol):
    """A row of a list."""

    @property
    def id(self) -> UUID: ...


R = TypeVar("R", bound=HasId)


def check_state(of: Lifecycle, state: str | None) -> None:
    """Refuses `invalid` where there is no such state."""
    if state is not None and state not in of.states:
        fault = Fault("state", "There is no such state.", ", ".join(of.states), state)
        raise Refusal("invalid", fault, count=1)


async def reachable(state: State, url: str, field: str = "url") -> None:
    """Refuses `webhook_refused` where nothing of ours will ever be called."""
    courier: Courier = state.courier
    try:
        await courier.sender.check(url)
    except NoAddress as error:
        fault = Fault(field, "Webhooks do not go there.", "https:// and a public address", url[:60])
        raise Refusal("webhook_refused", fault, reason=error.reason) from None


def cut(found: Sequence[R], limit: int) -> tuple[list[R], UUID | None]:
    """Of one row more than asked for: the page, and the `next` behind it."""
    return list(found[:limit]), found[limit - 1].id if len(found) > limit else None


async def write(db: Database, actor: Actor, name: str, run: Callable[[Work], T], lane: Lane = Lane.FLOOR) -> T:
    """Does a command in the core stream, where all of this stands."""
    return (await db.write(Command(run, frozenset({CORE}), actor, name, lane=lane))).answer
