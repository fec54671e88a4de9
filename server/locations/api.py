"""Why: warehouses, their bins and their geometry, for lists and the floor map."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from itertools import islice
from typing import Annotated, Any, Final

from litestar import Request, Router, get, post, put
from litestar.datastructures import State
from litestar.params import JSONBody, PathParameter, QueryParameter

from server.auth.guards import ByActor, Db
from server.auth.rules import in_warehouse
from server.db.base import CORE
from server.db.database import Database
from server.db.unit import Command, Lane
from server.db.work import Actor
from server.locations import layout, service
from server.locations.schemas import (
    BinList,
    FloorMap,
    LaidOut,
    Layout,
    PutWarehouse,
    WarehouseList,
    WarehouseView,
)

SET_UP: Final = {"permission": "setup.manage"}
PORTION: Final = 20
"""Bins that are made in one command: some two milliseconds, so that no scan waits."""

Number = Annotated[int, PathParameter(ge=1, le=32767, description="The warehouse's number.")]
Limit = Annotated[int, QueryParameter(ge=1, le=service.MOST, description="How many at most.")]
After = Annotated[str, QueryParameter(max_length=60, description="The `next` of the page before.")]


@get("/", opt={"permission": "locations.read"}, summary="Warehouses")
async def warehouses(db: Db) -> WarehouseList:
    """All warehouses by number."""
    return await db.read(service.warehouses)


@get("/{number:int}", opt=SET_UP, summary="Warehouse")
async def warehouse(db: Db, actor: ByActor, number: Number) -> WarehouseView:
    """A warehouse as it is set up."""
    in_warehouse(actor.warehouse, number)
    return await db.read(partial(service.warehouse_view, number=number))


@put("/{number:int}", opt=SET_UP, summary="Make or change a warehouse")
async def put_warehouse(db: Db, actor: ByActor, number: Number, data: JSONBody[PutWarehouse]) -> WarehouseView:
    """Makes the warehouse with this number and the places that every one has, or changes what is said of it."""
    in_warehouse(actor.warehouse, number)
    run = partial(service.put_warehouse, number=number, new=data)
    await db.write(Command(run, frozenset({CORE}), actor, "locations.put_warehouse"))
    return await db.read(partial(service.warehouse_view, number=number))


@post("/{number:int}/layout/preview", opt=SET_UP, status_code=200, summary="What a block of aisles comes to")
async def preview_layout(db: Db, actor: ByActor, number: Number, data: JSONBody[Layout]) -> LaidOut:
    """How many bins it would be, from which to which. Changes nothing."""
    in_warehouse(actor.warehouse, number)
    return await db.read(partial(service.laid_out, warehouse=number, wanted=data))


@post("/{number:int}/layout", opt=SET_UP, status_code=200, summary="Set up a block of aisles")
async def lay_out(
    request: Request[Any, Any, State], db: Db, actor: ByActor, number: Number, data: JSONBody[Layout]
) -> LaidOut:
    """Makes the aisles, their zone and their bins. Broken off, it goes on when it is asked again."""
    in_warehouse(actor.warehouse, number)
    gone = asyncio.create_task(_gone(request))
    try:
        return await made_in_portions(db, actor, number, data, gone.done)
    finally:
        gone.cancel()


async def _gone(request: Request[Any, Any, State]) -> None:
    """Ends when the client has gone away."""
    while (await request.receive())["type"] != "http.disconnect":
        continue


async def made_in_portions(
    db: Database, actor: Actor, number: int, wanted: Layout, gone: Callable[[], bool]
) -> LaidOut:
    """Plans a block of aisles, then makes its bins behind the floor's commands, for as long as nobody is `gone`."""
    would = await db.read(partial(service.laid_out, warehouse=number, wanted=wanted))
    plan = partial(service.lay_out, warehouse=number, wanted=wanted)
    both = frozenset({CORE, number})
    floor, last = (await db.write(Command(plan, both, actor, "locations.lay_out", lane=Lane.BULK))).answer
    bins, made = layout.bins(wanted, floor, last), 0
    while not gone() and (portion := list(islice(bins, PORTION))):
        run = partial(service.create_missing, warehouse=number, bins=portion)
        made += (await db.write(Command(run, frozenset({number}), actor, "locations.bins", lane=Lane.BULK))).answer
    return LaidOut(made, would.made + would.there - made, would.first, would.last)


@get("/{number:int}/bins", opt={"permission": "locations.read"}, summary="Bins")
async def bins(db: Db, actor: ByActor, number: Number, limit: Limit = 100, after: After = "") -> BinList:
    """The bins of a warehouse in bin order, a page at a time."""
    in_warehouse(actor.warehouse, number)
    return await db.read(partial(service.bins, warehouse=number, after=after, limit=limit))


@get("/{number:int}/floor", opt={"permission": "locations.read"}, summary="Floor map")
async def floor(db: Db, actor: ByActor, number: Number) -> FloorMap:
    """Aisles, cross-aisles, depot, zones and bins of a warehouse, in millimetres."""
    in_warehouse(actor.warehouse, number)
    return await db.read(partial(service.floor_map, warehouse=number))


router: Final = Router(
    "/api/warehouses",
    route_handlers=[warehouses, warehouse, put_warehouse, preview_layout, lay_out, bins, floor],
    tags=["Places"],
)
