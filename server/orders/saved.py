"""Why: a desk asks the same of its orders all day; a person gives a question a name and has it at hand."""

from __future__ import annotations

from typing import Annotated, Final
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import Meta

from server.core.refusal import Fault, Refusal
from server.db.binds import id_
from server.db.work import Work
from server.orders.models import order_view
from server.orders.rules import STATUS_TEXTS

MOST: Final = 30
"""Views of a person: more than that nobody reads."""

_MINE: Final = (
    sa.select(order_view.c.name, order_view.c.q, order_view.c.status)
    .where(order_view.c.person_id == id_("person"))
    .order_by(order_view.c.name)
)
_ADD: Final = sa.insert(order_view)
_REMOVE: Final = sa.delete(order_view).where(
    order_view.c.person_id == id_("person"), order_view.c.name == sa.bindparam("called")
)


class SavedView(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A question with a name: the text that is searched for, the status, both or neither."""

    name: Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^\S(.*\S)?(?!\n)$")]
    q: Annotated[str, Meta(min_length=1, max_length=100)] | None = None
    status: Annotated[str, Meta(max_length=40)] | None = None


class SavedViews(msgspec.Struct, frozen=True):
    """A person's views by name."""

    items: list[SavedView]


def views(conn: sa.Connection, person: UUID) -> list[SavedView]:
    """What this person has saved."""
    return [SavedView(*row) for row in conn.execute(_MINE, {"person": person})]


def put(work: Work, person: UUID, view: SavedView) -> list[SavedView]:
    """Keeps a view, or what it asks from now on; refuses `invalid` for an unknown status and beyond thirty."""
    if view.status is not None and view.status not in STATUS_TEXTS:
        known = ", ".join(STATUS_TEXTS)
        raise Refusal("invalid", Fault("status", "There is no such status.", known, view.status), count=1)
    others = [each for each in views(work.conn, person) if each.name != view.name]
    if len(others) >= MOST:
        fault = Fault("name", "Delete one first.", "at most {most}", str(MOST + 1), {"most": MOST})
        raise Refusal("invalid", fault, count=1)
    remove(work, person, view.name)
    work.execute(_ADD, {"person_id": person, **msgspec.structs.asdict(view)})
    return views(work.conn, person)


def remove(work: Work, person: UUID, name: str) -> None:
    """Forgets a view; nothing happens where there is none."""
    work.execute(_REMOVE, {"person": person, "called": name})
