"""Why: a wall, a tablet and a script ask for the same board."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Final

from litestar import Router, get
from litestar.params import PathParameter

from server.analytics import views
from server.analytics.schemas import BoardView, PaceView
from server.auth.guards import ByActor, Db
from server.auth.rules import in_warehouse

Warehouse = Annotated[int, PathParameter(ge=1, le=32767, description="The warehouse's number.")]


@get("/board", opt={"permission": "board.read"}, summary="The board")
async def board(db: Db, actor: ByActor, warehouse: Warehouse) -> BoardView:
    """Waves by stage, people, what waits for a person, printers: the same as the topic `board`, once."""
    in_warehouse(actor.warehouse, warehouse)
    return await db.snapshot(partial(views.board, warehouse=warehouse, now=db.clock.now()))


@get("/board/pace", opt={"permission": "board.read"}, summary="Lines by quarter of an hour")
async def pace(db: Db, actor: ByActor, warehouse: Warehouse) -> PaceView:
    """Lines that were picked in each quarter of an hour of the warehouse's day."""
    in_warehouse(actor.warehouse, warehouse)
    return await db.read(partial(views.pace, warehouse=warehouse, now=db.clock.now()))


router: Final = Router("/api/warehouses/{warehouse:int}", route_handlers=[board, pace], tags=["board"])
