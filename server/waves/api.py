"""Why: a supervisor chooses, looks and releases: by screen or by script, the same routes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated
from uuid import UUID

from litestar import Router, delete, get, post, put
from litestar.datastructures import State
from litestar.params import FromPath, JSONBody, PathParameter, QueryParameter

from server.auth.gate import Caller
from server.auth.guards import ByCaller, Db
from server.auth.rules import in_warehouse
from server.core.refusal import Fault, Refusal
from server.db.database import Database
from server.db.unit import Command
from server.db.work import Work
from server.locations import service as locations
from server.waves import store, templates
from server.waves.releaser import Releaser
from server.waves.schemas import (
    CandidateList,
    NewTemplate,
    Preview,
    Template,
    TemplateList,
    WaveFilter,
    WaveList,
    WaveView,
)

Limit = Annotated[int, QueryParameter(ge=1, le=200, description="How many at most.")]
After = Annotated[str, QueryParameter(max_length=20, description="The `next` of the page before.")]
Warehouse = Annotated[int, PathParameter(ge=1, le=32767, description="The warehouse's number.")]
Number = Annotated[int, PathParameter(ge=1, le=2**53, description="The wave's number.")]
NEWEST = 2**62


@post("/waves/candidates", opt={"permission": "waves.read"}, status_code=200, summary="Orders that could go")
async def candidates(
    db: Db, caller: ByCaller, warehouse: Warehouse, data: JSONBody[WaveFilter], after: After = "", limit: Limit = 100
) -> CandidateList:
    """The ready orders that fit a filter, the most urgent first."""
    in_warehouse(caller.actor.warehouse, warehouse)
    start = _number(after, 0)
    found = await db.read(lambda conn: store.candidates(conn, warehouse, data, start, limit + 1))
    return CandidateList(found[:limit], str(start + limit) if len(found) > limit else None)


@post("/waves/preview", opt={"permission": "waves.preview"}, status_code=200, summary="What a release comes to")
async def preview(state: State, caller: ByCaller, warehouse: Warehouse, data: JSONBody[WaveFilter]) -> Preview:
    """Orders, lines, units, short lines, totes and metres, beside the metres in bin order. Changes nothing."""
    in_warehouse(caller.actor.warehouse, warehouse)
    releaser: Releaser = state.releaser
    return await releaser.preview(warehouse, data)


@post("/waves", opt={"permission": "waves.release"}, status_code=202, summary="Release a wave")
async def release(db: Db, state: State, caller: ByCaller, warehouse: Warehouse, data: JSONBody[WaveFilter]) -> WaveView:
    """Begins the release; the wave is visible to the floor when its state is `released`."""
    in_warehouse(caller.actor.warehouse, warehouse)
    releaser: Releaser = state.releaser
    wave_id = await releaser.release(warehouse, data, caller.actor)
    return await _view(db, warehouse, await _number_of(db, warehouse, wave_id))


@get("/waves", opt={"permission": "waves.read"}, summary="Waves")
async def waves(db: Db, caller: ByCaller, warehouse: Warehouse, after: After = "", limit: Limit = 50) -> WaveList:
    """Waves with their progress, the newest first."""
    in_warehouse(caller.actor.warehouse, warehouse)
    found = await db.read(lambda conn: store.views(conn, warehouse, _number(after, NEWEST), limit + 1))
    return WaveList(found[:limit], str(found[limit - 1].number) if len(found) > limit else None)


@get("/waves/{number:int}", opt={"permission": "waves.read"}, summary="Wave")
async def wave(db: Db, caller: ByCaller, warehouse: Warehouse, number: Number) -> WaveView:
    """One wave with its progress."""
    in_warehouse(caller.actor.warehouse, warehouse)
    return await _view(db, warehouse, number)


@post("/waves/{number:int}/take-back", opt={"permission": "waves.release"}, status_code=202, summary="Break it off")
async def take_back(db: Db, state: State, caller: ByCaller, warehouse: Warehouse, number: Number) -> WaveView:
    """Breaks a release off before its wave is on the floor: its orders are ready again when its state is `undone`."""
    in_warehouse(caller.actor.warehouse, warehouse)
    found = await _view(db, warehouse, number)
    releaser: Releaser = state.releaser
    await releaser.take_back(warehouse, found.id, caller.actor)
    return await _view(db, warehouse, number)


# --- templates


@get("/wave-templates", opt={"permission": "waves.preview"}, summary="Wave templates")
async def all_templates(db: Db, caller: ByCaller, warehouse: Warehouse) -> TemplateList:
    """The templates of a warehouse, each with the filter that it means now."""
    in_warehouse(caller.actor.warehouse, warehouse)
    now = db.clock.now()
    return await db.read(lambda conn: templates.templates(conn, warehouse, now))


@post("/wave-templates", opt={"permission": "waves.release"}, summary="Add a wave template")
async def add_template(db: Db, caller: ByCaller, warehouse: Warehouse, data: JSONBody[NewTemplate]) -> Template:
    """A filter with a name, to be asked again each day."""
    return await _template(db, caller, warehouse, partial(templates.add, warehouse=warehouse, new=data))


@put("/wave-templates/{template:uuid}", opt={"permission": "waves.release"}, summary="Change a wave template")
async def change_template(
    db: Db, caller: ByCaller, warehouse: Warehouse, template: FromPath[UUID], data: JSONBody[NewTemplate]
) -> Template:
    """What it asks for from now on."""
    run = partial(templates.change, warehouse=warehouse, template_id=template, new=data)
    return await _template(db, caller, warehouse, run)


@delete("/wave-templates/{template:uuid}", opt={"permission": "waves.release"}, summary="Forget a wave template")
async def remove_template(db: Db, caller: ByCaller, warehouse: Warehouse, template: FromPath[UUID]) -> None:
    """Waves that it released stay."""
    in_warehouse(caller.actor.warehouse, warehouse)
    run = partial(templates.remove, warehouse=warehouse, template_id=template)
    await db.write(Command(run, frozenset({warehouse}), caller.actor, "wave_templates.remove"))


async def _template(db: Database, caller: Caller, warehouse: int, run: Callable[[Work], Template]) -> Template:
    in_warehouse(caller.actor.warehouse, warehouse)
    await db.read(partial(locations.warehouse_of, number=warehouse))
    return (await db.write(Command(run, frozenset({warehouse}), caller.actor, "wave_templates.put"))).answer


async def _view(db: Database, warehouse: int, number: int) -> WaveView:
    found = await db.read(lambda conn: store.view(conn, warehouse, number))
    if found is None:
        raise Refusal("wave_unknown", Fault("number", "There is no such wave in this warehouse.", got=str(number)))
    return found


async def _number_of(db: Database, warehouse: int, wave_id: UUID) -> int:
    found = await db.read(lambda conn: store.wave_by_id(conn, warehouse, wave_id))
    return found.number if found is not None else 0


def _number(text: str, otherwise: int) -> int:
    if not text:
        return otherwise
    if not text.isascii() or not text.isdigit():
        raise Refusal("invalid", Fault("after", "Wanted the `next` of a page.", "digits", text), count=1)
    return min(int(text), NEWEST)


router = Router(
    path="/api/warehouses/{warehouse:int}",
    route_handlers=[
        candidates, preview, release, waves, wave, take_back,
        all_templates, add_template, change_template, remove_template,
    ],
    tags=["waves"],
)  # fmt: skip
