"""Why: handlers of orders name them, page lists and write notes in the same way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Final, TypeVar
from uuid import UUID

from litestar.params import PathParameter, QueryParameter

from server.core.outcomes import OUTCOMES
from server.core.refusal import Fault, Refusal
from server.core.words import worded
from server.db.base import CORE
from server.db.database import Database
from server.db.unit import Command
from server.db.work import Actor, Work
from server.orders import intake
from server.orders.schemas.changes import Held
from server.orders.service import lookup
from server.policies.rules import Said

T = TypeVar("T")

MOST: Final = 200
NOTE_LENGTH: Final = 500

Number = Annotated[int, PathParameter(ge=1, le=2**53, description="The order's number.")]
Position = Annotated[int, PathParameter(ge=1, le=10_000, description="The line's position.")]
Limit = Annotated[int, QueryParameter(ge=1, le=MOST, description="How many at most.")]
Word = Annotated[str | None, QueryParameter(max_length=100)]


async def write(db: Database, actor: Actor, name: str, run: Callable[[Work], T]) -> T:
    """One command of the core stream; its answer."""
    return (await db.write(Command(run, frozenset({CORE}), actor, name))).answer


def stands(work: Work, order_id: UUID, hold_id: UUID | None = None) -> Held:
    """How an order stands once everything has followed, its money too."""
    work.settle()
    found = lookup.order_of(work.conn, order_id)
    return Held(found.number, found.status, hold_id)


def check_note(field: str, text: str) -> None:
    """Refuses what no note may be: too long, or a card number."""
    if len(text) > NOTE_LENGTH:
        fault = Fault(field, "A note is shorter.", "at most {most} characters", "{count} characters",
                      {"most": NOTE_LENGTH, "count": len(text)})  # fmt: skip
    elif intake.looks_like_a_card(text):
        fault = Fault(field, "A card number is never written down.", "a note without it", "a card number")
    else:
        return
    raise Refusal("invalid", fault, count=1)


def words_of(code: str, params: Mapping[str, str | int]) -> Said:
    """A refusal in words, in both languages."""
    row = OUTCOMES[code]
    return Said(*(getattr(row, each).format_map(worded(params, each)) for each in ("en", "de")))
