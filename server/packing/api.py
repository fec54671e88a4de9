"""Why: a bench is set up by screen or by script, and its packer says on which of its printers it prints."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Final

from litestar import Router, get, post, put
from litestar.params import JSONBody, PathParameter

from server.auth.guards import ByActor, Db
from server.auth.rules import in_warehouse
from server.core.refusal import Fault, Refusal
from server.db.base import CORE
from server.db.unit import Command
from server.packing import views
from server.packing.schemas import (
    CartonTypeList,
    CartonTypeView,
    ChoosePrinter,
    NewCartonType,
    NewStation,
    StationView,
)
from server.packing.service import cartons, stations

Warehouse = Annotated[int, PathParameter(ge=1, le=32767, description="The warehouse's number.")]
Code = Annotated[str, PathParameter(max_length=60, description="The station's code.")]


@put("/stations/{code:str}", opt={"permission": "stations.manage"}, summary="Add or change a pack station")
async def put_station(
    db: Db, actor: ByActor, warehouse: Warehouse, code: Code, data: JSONBody[NewStation]
) -> StationView:
    """Makes a station or changes the one with this code. Its two printers print for each other: both alike."""
    in_warehouse(actor.warehouse, warehouse)
    if data.code != code:
        fault = Fault("code", "The address and the body name two stations.", code, data.code)
        raise Refusal("invalid", fault, count=1)
    run = partial(stations.put_station, warehouse=warehouse, new=data)
    await db.write(Command(run, frozenset({warehouse}), actor, "stations.put"))
    return await db.read(partial(views.station_of, warehouse=warehouse, code=code))


@post("/stations/{code:str}/printer", opt={"permission": "pack.work"}, status_code=200, summary="Choose the printer")
async def choose_printer(
    db: Db, actor: ByActor, warehouse: Warehouse, code: Code, data: JSONBody[ChoosePrinter]
) -> StationView:
    """The station prints on the other one of its printers; labels that wait and surely did not print come out there."""
    in_warehouse(actor.warehouse, warehouse)
    run = partial(stations.choose_printer, warehouse=warehouse, code=code, printer=data.printer)
    await db.write(Command(run, frozenset({warehouse}), actor, "stations.choose_printer"))
    return await db.read(partial(views.station_of, warehouse=warehouse, code=code))


# --- cartons, the same in all warehouses


@get("/", opt={"permission": "setup.manage"}, summary="Carton types")
async def carton_types(db: Db) -> CartonTypeList:
    """Every carton type by code."""
    return CartonTypeList(await db.read(views.every_carton_type))


@put("/{code:str}", opt={"permission": "house.manage"}, summary="Add or change a carton type")
async def put_carton_type(
    db: Db, actor: ByActor, code: Annotated[str, PathParameter(max_length=24)], data: JSONBody[NewCartonType]
) -> CartonTypeView:
    """Orders that come to a station from now on are suggested it; cartons that are open stay as they are."""
    if data.code != code:
        fault = Fault("code", "The address and the body name two carton types.", code, data.code)
        raise Refusal("invalid", fault, count=1)
    run = partial(cartons.put_carton_type, new=data)
    await db.write(Command(run, frozenset({CORE}), actor, "carton_types.put"))
    return next(each for each in await db.read(views.every_carton_type) if each.code == code)


types_router: Final = Router("/api/carton-types", route_handlers=[carton_types, put_carton_type], tags=["Packing"])
router: Final = Router(
    "/api/warehouses/{warehouse:int}", route_handlers=[put_station, choose_printer], tags=["Packing"]
)
