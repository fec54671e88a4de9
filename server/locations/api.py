"""Why: warehouses, their bins and their geometry, for lists and the floor map."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Final

from litestar import Router, get
from litestar.params import PathParameter, QueryParameter

from server.auth.guards import ByActor, Db
from server.auth.rules import in_warehouse
from server.locations import service
from server.locations.schemas import BinList, FloorMap, WarehouseList

Number = Annotated[int, PathParameter(ge=1, le=32767, description="The warehouse's number.")]
Limit = Annotated[int, QueryParameter(ge=1, le=service.MOST, description="How many at most.")]
After = Annotated[str, QueryParameter(max_length=60, description="The `next` of the page before.")]


@get("/", opt={"permission": "locations.read"}, summary="Warehouses")
async def warehouses(db: Db) -> WarehouseList:
    """All warehouses by number."""
    return await db.read(service.warehouses)


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


router: Final = Router("/api/warehouses", route_handlers=[warehouses, bins, floor], tags=["Places"])
