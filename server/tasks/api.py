"""Why: the one door for everything done on the floor, and what a handheld shows, over HTTP.

A batch is read raw: each of its commands is decoded on its own, so that one bad one does not refuse the others.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Request, Router, get, post
from litestar.datastructures import State
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody, PathParameter, QueryParameter

from server.auth.gate import Caller
from server.auth.guards import ByCaller, Db
from server.auth.permissions import LOCKED_OUT
from server.auth.rules import in_warehouse
from server.core.refusal import Fault, Refusal
from server.db.database import Database
from server.db.unit import Command
from server.db.work import Work
from server.locations import service as locations
from server.tasks import batches, equipment, service, views
from server.tasks.aside import Decision
from server.tasks.equipment import Added, CartList, MoreCarts, MoreTotes, ToteList
from server.tasks.floor import Device, FloorDesk
from server.tasks.schemas import Answer, Batch, Body
from server.tasks.views import AsideView, QueueView, TourView
from server.web.body import fault_of

Warehouse = Annotated[int, PathParameter(ge=1, le=32767, description="The warehouse's number.")]
SET_UP: Final = {"permission": "setup.manage"}
Code = Annotated[str, QueryParameter(max_length=20, description="The `next` of the page before.")]
Limit = Annotated[int, QueryParameter(ge=1, le=500, description="How many at most.")]
_FIRST = UUID(int=0)


class Reassign(Body, frozen=True):
    """Who gets the tour; nobody means everyone may take it."""

    person: UUID | None


class AsideList(msgspec.Struct, frozen=True):
    """A page of facts that wait for a supervisor."""

    items: list[AsideView]
    next: str | None


@post(
    "/api/floor/commands",
    opt={"permission": "floor.commands"},
    status_code=200,
    summary="Floor commands",
    responses={200: ResponseSpec(Batch, description="One answer a command, in order.")},
    tags=["floor"],
)
async def commands(request: Request[Any, Any, State], state: State, caller: ByCaller) -> Batch:
    """Takes a batch of at most 100 commands of one device, in order, each exactly once. See the floor protocol."""
    try:
        envelope = batches.read(await request.body())
    except msgspec.ValidationError as error:
        raise Refusal("invalid", fault_of(str(error)), count=1) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        fault = Fault("body", "The body is no JSON that can be read.", "JSON", str(error))
        raise Refusal("invalid", fault, count=1) from error
    device, warehouse = caller.actor.device, caller.actor.warehouse
    if device is None or warehouse is None or device != envelope.device:
        raise Refusal(
            "device_unknown", Fault("device", "Another device is signed in.", str(device), str(envelope.device))
        )
    desk: FloorDesk = state.floor_desk
    sender = Device(device, warehouse)
    if caller.permissions == LOCKED_OUT:  # everybody else is spared a look into the database
        await desk.admit(sender)
    return await desk.take(envelope, sender)


@get("/api/floor/queue", opt={"permission": "tasks.read"}, summary="My tours and what is offered", tags=["floor"])
async def queue(db: Db, caller: ByCaller) -> QueueView:
    """The same as the topic `queue`: the caller's tours whole, offered tours, loose tasks."""
    person, warehouse = caller.actor.person, caller.actor.warehouse
    if person is None or warehouse is None:
        raise Refusal("not_signed_in")
    return await db.snapshot(lambda conn: views.queue(conn, warehouse, person))


@get(
    "/api/warehouses/{warehouse:int}/tours/{tour:uuid}",
    opt={"permission": "tasks.read"},
    summary="Tour",
    tags=["floor"],
)
async def tour(db: Db, caller: ByCaller, warehouse: Warehouse, tour: FromPath[UUID]) -> TourView:
    """One tour, whoever has it."""
    in_warehouse(caller.actor.warehouse, warehouse)
    found = await db.snapshot(lambda conn: views.tour_view(conn, warehouse, tour))
    if found is None or found.state == "waiting":
        raise Refusal("tour_unknown")
    return found


@post(
    "/api/warehouses/{warehouse:int}/tours/{tour:uuid}/reassign",
    opt={"permission": "waves.release"},
    status_code=200,
    summary="Reassign a tour",
    tags=["floor"],
)
async def reassign(
    db: Db, caller: ByCaller, warehouse: Warehouse, tour: FromPath[UUID], data: JSONBody[Reassign]
) -> Answer:
    """Gives a tour to a person, or back to everyone."""
    in_warehouse(caller.actor.warehouse, warehouse)
    command: Command[Answer] = Command(
        lambda work: service.reassign_tour(work, warehouse, tour, data.person),
        frozenset({warehouse}),
        caller.actor,
        "tour.reassign",
    )
    return (await db.write(command)).answer


@get(
    "/api/warehouses/{warehouse:int}/facts-aside",
    opt={"permission": "facts.decide"},
    summary="Facts set aside",
    tags=["floor"],
)
async def facts_aside(
    db: Db,
    caller: ByCaller,
    warehouse: Warehouse,
    after: Annotated[UUID | None, QueryParameter(description="The `next` of the page before.")] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=200)] = 50,
) -> AsideList:
    """What could not be booked and waits for a supervisor, the oldest first."""
    in_warehouse(caller.actor.warehouse, warehouse)
    found = await db.read(lambda conn: views.facts_aside(conn, warehouse, after or _FIRST, limit + 1))
    return AsideList(found[:limit], str(found[limit - 1].id) if len(found) > limit else None)


class DecideFact(Body, frozen=True):
    """`book`: it happened. `dismiss`: it did not, or it was booked otherwise."""

    decision: Decision


class Decided(msgspec.Struct, frozen=True):
    """What became of it."""

    state: str


@post(
    "/api/warehouses/{warehouse:int}/facts-aside/{fact:uuid}/decide",
    opt={"permission": "facts.decide"},
    status_code=200,
    summary="Decide a fact set aside",
    tags=["floor"],
)
async def decide_fact(
    state: State, caller: ByCaller, warehouse: Warehouse, fact: FromPath[UUID], data: JSONBody[DecideFact]
) -> Decided:
    """Books it after all, as whoever scanned it, or dismisses it; once."""
    in_warehouse(caller.actor.warehouse, warehouse)
    desk: FloorDesk = state.floor_desk
    return Decided(await desk.decide(warehouse, fact, data.decision, caller.actor))


@post(
    "/api/warehouses/{warehouse:int}/tasks/{task:uuid}/later",
    opt={"permission": "facts.decide"},
    status_code=204,
    summary="Count later",
    tags=["floor"],
)
async def count_later(db: Db, caller: ByCaller, warehouse: Warehouse, task: FromPath[UUID]) -> None:
    """Puts a count behind everything else that is on no tour."""
    in_warehouse(caller.actor.warehouse, warehouse)
    run = partial(service.count_later, warehouse=warehouse, task_id=task)
    await db.write(Command(run, frozenset({warehouse}), caller.actor, "task.later"))


@get(
    "/api/warehouses/{warehouse:int}/totes/{code:str}", opt={"permission": "tasks.read"}, summary="Tote", tags=["floor"]
)
async def tote(db: Db, caller: ByCaller, warehouse: Warehouse, code: FromPath[str]) -> views.ToteView:
    """A tote's state and what lies in it."""
    in_warehouse(caller.actor.warehouse, warehouse)
    found = await db.snapshot(lambda conn: views.tote(conn, warehouse, code))
    if found is None:
        raise Refusal("tote_unknown", tote=code[:40])
    return found


@get("/api/warehouses/{warehouse:int}/carts", opt=SET_UP, summary="Carts", tags=["floor"])
async def carts(db: Db, caller: ByCaller, warehouse: Warehouse, after: Code = "", limit: Limit = 100) -> CartList:
    """The carts of a warehouse by code."""
    in_warehouse(caller.actor.warehouse, warehouse)
    return await db.read(partial(equipment.carts, warehouse=warehouse, after=after, limit=limit))


@post("/api/warehouses/{warehouse:int}/carts", opt=SET_UP, summary="Add carts", tags=["floor"])
async def add_carts(db: Db, caller: ByCaller, warehouse: Warehouse, data: JSONBody[MoreCarts]) -> Added:
    """So many more carts, numbered on; their labels are on the sheets."""
    return await _set_up(db, caller, warehouse, partial(equipment.more_carts, warehouse=warehouse, more=data))


@get("/api/warehouses/{warehouse:int}/totes", opt=SET_UP, summary="Totes", tags=["floor"])
async def totes(db: Db, caller: ByCaller, warehouse: Warehouse, after: Code = "", limit: Limit = 100) -> ToteList:
    """The totes of a warehouse by code."""
    in_warehouse(caller.actor.warehouse, warehouse)
    return await db.read(partial(equipment.totes, warehouse=warehouse, after=after, limit=limit))


@post("/api/warehouses/{warehouse:int}/totes", opt=SET_UP, summary="Add totes", tags=["floor"])
async def add_totes(db: Db, caller: ByCaller, warehouse: Warehouse, data: JSONBody[MoreTotes]) -> Added:
    """So many more empty totes, numbered on; their labels are on the sheets."""
    return await _set_up(db, caller, warehouse, partial(equipment.more_totes, warehouse=warehouse, more=data))


async def _set_up(db: Database, caller: Caller, warehouse: int, run: Callable[[Work], Added]) -> Added:
    in_warehouse(caller.actor.warehouse, warehouse)
    await db.read(partial(locations.warehouse_of, number=warehouse))
    return (await db.write(Command(run, frozenset({warehouse}), caller.actor, "equipment.add"))).answer


router = Router(
    path="/",
    route_handlers=[
        commands, queue, tour, reassign, facts_aside, decide_fact, count_later, tote,
        carts, add_carts, totes, add_totes,
    ],
)  # fmt: skip
