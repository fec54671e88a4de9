"""Why: the guide that leads through an empty warehouse, and the sheets that are stuck up in it.

A PDF of a hundred pages takes seconds of a processor: it is drawn in a process of its own, so that no scan waits.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Annotated, Final
from uuid import UUID

from litestar import Response, Router, get
from litestar.datastructures import State
from litestar.params import PathParameter, QueryParameter

from server.auth.guards import ByActor, ByCaller, Db
from server.auth.rules import in_warehouse
from server.background import Site
from server.core.refusal import Refusal
from server.db.database import Database
from server.locations import service as locations
from server.setup import store
from server.setup.cards import COMMAND_CARDS, drawn
from server.setup.rules import steps
from server.setup.schemas import Card, Guide, Order, SheetKind
from server.workers import Workers

Warehouse = Annotated[int, PathParameter(ge=1, le=32767, description="The warehouse's number.")]
Person = Annotated[UUID | None, QueryParameter(description="Only this person's.")]
Aisle = Annotated[str, QueryParameter(max_length=20, description="Only this aisle's.")]
Tote = Annotated[str, QueryParameter(max_length=20, description="Only those behind this one.")]
SET_UP: Final = {"permission": "setup.manage"}
PDF: Final = "application/pdf"


@asynccontextmanager
async def draughtsman(_site: Site) -> AsyncIterator[Workers]:
    """For `app.py`'s THINGS: the process that draws; it starts at the first sheet."""
    drawing = Workers(1)
    try:
        yield drawing
    finally:
        drawing.close()


@get("/setup", opt={"permission": "setup.manage"}, summary="What is set up, what is missing")
async def guide(db: Db, caller: ByCaller, warehouse: Warehouse) -> Guide:
    """Every step of the set-up in order, also of a warehouse that is not there yet."""
    in_warehouse(caller.actor.warehouse, warehouse)
    found = steps(await db.read(partial(store.counts, of=warehouse)), caller.permissions)
    return Guide(warehouse, found, next((each.step for each in found if not each.done), None))


@get("/sheets/badges.pdf", opt={"permission": "people.manage"}, summary="Badges to print", media_type=PDF)
async def badges(db: Db, state: State, actor: ByActor, warehouse: Warehouse, person: Person = None) -> Response[bytes]:
    """The badges of everybody who works here, or of one person. No PIN stands on them."""
    in_warehouse(actor.warehouse, warehouse)
    found = await db.read(partial(store.badges, of=warehouse, person_id=person))
    if person is not None and not found:
        raise Refusal("person_unknown")
    cards = [Card(name, badge, ", ".join(roles)) for name, roles, badge in found]
    return await _sheet(db, state, warehouse, "badges", cards)


@get("/sheets/bins.pdf", opt=SET_UP, summary="Bin labels to print", media_type=PDF)
async def bins(db: Db, state: State, actor: ByActor, warehouse: Warehouse, aisle: Aisle = "") -> Response[bytes]:
    """The labels of an aisle's bins with their check digits, or of the first three thousand of all."""
    in_warehouse(actor.warehouse, warehouse)
    return await _sheet(db, state, warehouse, "bins", await db.read(partial(store.bins, of=warehouse, aisle=aisle)))


@get("/sheets/places.pdf", opt=SET_UP, summary="Station and place labels to print", media_type=PDF)
async def places(db: Db, state: State, actor: ByActor, warehouse: Warehouse) -> Response[bytes]:
    """Pack stations, receiving, staging and the other places that are no shelf."""
    in_warehouse(actor.warehouse, warehouse)
    return await _sheet(db, state, warehouse, "places", await db.read(partial(store.places, of=warehouse)))


@get("/sheets/carts.pdf", opt=SET_UP, summary="Cart labels to print", media_type=PDF)
async def carts(db: Db, state: State, actor: ByActor, warehouse: Warehouse) -> Response[bytes]:
    """Each cart with the signs of its slots."""
    in_warehouse(actor.warehouse, warehouse)
    return await _sheet(db, state, warehouse, "carts", await db.read(partial(store.carts, of=warehouse)))


@get("/sheets/totes.pdf", opt=SET_UP, summary="Tote labels to print", media_type=PDF)
async def totes(db: Db, state: State, actor: ByActor, warehouse: Warehouse, after: Tote = "") -> Response[bytes]:
    """The totes behind `after`, so that only new ones are printed."""
    in_warehouse(actor.warehouse, warehouse)
    return await _sheet(db, state, warehouse, "totes", await db.read(partial(store.totes, of=warehouse, after=after)))


@get("/sheets/commands.pdf", opt=SET_UP, summary="The command card to print", media_type=PDF)
async def commands(db: Db, state: State, actor: ByActor, warehouse: Warehouse) -> Response[bytes]:
    """What can be scanned instead of pressed."""
    in_warehouse(actor.warehouse, warehouse)
    return await _sheet(db, state, warehouse, "commands", COMMAND_CARDS)


async def _sheet(db: Database, state: State, warehouse: int, kind: SheetKind, cards: list[Card]) -> Response[bytes]:
    if not cards:
        raise Refusal("nothing_to_print")
    house = await db.read(partial(locations.warehouse_of, number=warehouse))
    draughtsman: Workers = state.draughtsman
    pdf = await draughtsman.do(partial(drawn, Order(kind, house.name, cards)))
    headers = {"Content-Disposition": f'inline; filename="{house.code}-{kind}.pdf"', "Cache-Control": "no-store"}
    return Response(pdf, media_type=PDF, headers=headers)


router: Final = Router(
    "/api/warehouses/{warehouse:int}",
    route_handlers=[guide, badges, bins, places, carts, totes, commands],
    tags=["Set-up"],
)
