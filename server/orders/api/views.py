"""Why: what a person looks at again and again has a name."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Final
from uuid import UUID

from litestar import delete, get, put
from litestar.params import JSONBody, QueryParameter

from server.auth.guards import ByActor, Db
from server.core.refusal import Refusal
from server.db.base import CORE
from server.db.unit import Command
from server.db.work import Actor
from server.orders import saved
from server.orders.saved import SavedView, SavedViews


@get("/views", opt={"permission": "orders.read"}, summary="My saved views")
async def saved_views(db: Db, actor: ByActor) -> SavedViews:
    """Questions to the list of orders that this person has given a name."""
    person = _person(actor)
    return SavedViews(await db.read(lambda conn: saved.views(conn, person)))


@put("/views", opt={"permission": "orders.read"}, summary="Save a view")
async def save_view(db: Db, actor: ByActor, data: JSONBody[SavedView]) -> SavedViews:
    """Keeps a question under its name; the one that had the name is gone."""
    person = _person(actor)
    run = partial(saved.put, person=person, view=data)
    return SavedViews((await db.write(Command(run, frozenset({CORE}), actor, "orders.save_view"))).answer)


@delete("/views", opt={"permission": "orders.read"}, summary="Forget a view")
async def forget_view(
    db: Db, actor: ByActor, name: Annotated[str, QueryParameter(max_length=40, description="The view's name.")]
) -> None:
    """It is no longer offered; orders stay as they are."""
    person = _person(actor)
    run = partial(saved.remove, person=person, name=name)
    await db.write(Command(run, frozenset({CORE}), actor, "orders.forget_view"))


def _person(actor: Actor) -> UUID:
    if actor.person is None:
        raise Refusal("person_unknown")
    return actor.person


HANDLERS: Final = (saved_views, save_view, forget_view)
"""Of the orders' router."""
