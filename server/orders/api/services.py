"""Why: what customers may choose of carriers is set up by the house."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Final

from litestar import Router, get, put
from litestar.params import JSONBody, PathParameter

from server.auth.guards import ByActor, Db
from server.core.refusal import Fault, Refusal
from server.db.base import CORE
from server.db.unit import Command
from server.orders.schemas.services import NewService, ServiceList, ServiceView
from server.orders.service import carriers
from server.orders.store import carriers as carrier_store


@get("/", opt={"permission": "setup.manage"}, summary="Carriers' services")
async def services(db: Db) -> ServiceList:
    """Every service that an order may be promised for, by code."""
    return ServiceList(await db.read(carrier_store.every))


@put("/{code:str}", opt={"permission": "house.manage"}, summary="Add or change a carrier's service")
async def put_service(
    db: Db, actor: ByActor, code: Annotated[str, PathParameter(max_length=64)], data: JSONBody[NewService]
) -> ServiceView:
    """Its cut-off holds for orders that come from now on; those that are here keep theirs."""
    if data.code != code:
        raise Refusal("invalid", Fault("code", "The address and the body name two services.", code, data.code), count=1)
    run = partial(carriers.put_service, new=data)
    await db.write(Command(run, frozenset({CORE}), actor, "services.put"))
    return next(each for each in await db.read(carrier_store.every) if each.code == code)


router: Final = Router("/api/services", route_handlers=[services, put_service], tags=["Orders"])
