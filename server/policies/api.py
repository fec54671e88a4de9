"""Why: rules over HTTP: read as a procedure, written as a draft, checked while typing, and let live by who may."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Annotated, Final

from litestar import Router, delete, get, post, put
from litestar.params import FromPath, JSONBody, QueryParameter

from server.auth.guards import ByActor, Db
from server.db.base import CORE
from server.db.unit import Command
from server.policies import service
from server.policies.schemas import (
    FactList,
    GoLive,
    KindList,
    KindName,
    KindView,
    Looked,
    NewDraft,
    Procedure,
    RuleSet,
    VersionList,
)

LAST: Final = 2**31 - 1
Name = FromPath[KindName]


@get("/", opt={"permission": "policies.read"}, summary="Kinds of rules")
async def kinds(db: Db) -> KindList:
    """Every kind with the version that is live, in the order in which they are decided."""
    return await db.read(service.kinds)


@get("/{kind:str}", opt={"permission": "policies.read"}, summary="Rules of a kind")
async def kind_view(db: Db, kind: Name) -> KindView:
    """What is live, the draft where there is one, and what rules of this kind may do."""
    return await db.snapshot(partial(service.view, kind=kind))


@get("/{kind:str}/page", opt={"permission": "policies.read"}, summary="Procedure in words")
async def procedure(db: Db, kind: Name) -> Procedure:
    """What happens, who lets it go, and by when: made from the rules that are live now."""
    return await db.read(partial(service.procedure, kind=kind))


@get(
    "/{kind:str}/facts",
    opt={"permission": "policies.read"},
    summary="Facts that rules may speak of",
    sync_to_thread=False,
)
def facts(kind: Name) -> FactList:
    """Each with its type, its words and an example."""
    return service.facts(kind)


@get("/{kind:str}/versions", opt={"permission": "policies.read"}, summary="Versions that are or were live")
async def versions(
    db: Db,
    kind: Name,
    limit: Annotated[int, QueryParameter(ge=1, le=100, description="How many at most.")] = 20,
    after: Annotated[int, QueryParameter(ge=0, le=LAST, description="The `next` of the page before.")] = LAST,
) -> VersionList:
    """The newest first, each with its rules, who let it live and why."""
    return await db.read(partial(service.versions, kind=kind, before=after, limit=limit))


@get("/{kind:str}/versions/{version:int}", opt={"permission": "policies.read"}, summary="One version")
async def version(db: Db, kind: Name, version: FromPath[int]) -> RuleSet:
    """A version as it was. Version 0 is as delivered."""
    return await db.read(partial(service.version, kind=kind, number=min(max(version, -1), LAST)))


@post("/{kind:str}/check", opt={"permission": "policies.edit"}, summary="Check rules", status_code=200)
async def check(kind: Name, data: JSONBody[NewDraft]) -> Looked:
    """Every fault with its place, and how each rule would read. Changes nothing."""
    return await asyncio.to_thread(service.look, kind, data.rules)


@put("/{kind:str}/draft", opt={"permission": "policies.edit"}, summary="Write the draft")
async def save(db: Db, actor: ByActor, kind: Name, data: JSONBody[NewDraft]) -> RuleSet:
    """Keeps the draft of this kind. Refused with every fault, and where somebody else has changed it meanwhile."""
    await asyncio.to_thread(service.tried, kind, data.rules)
    run = partial(service.save, kind=kind, new=data)
    return (await db.write(Command(run, frozenset({CORE}), actor, "policies.save"))).answer


@delete("/{kind:str}/draft", opt={"permission": "policies.edit"}, summary="Throw the draft away")
async def drop(db: Db, actor: ByActor, kind: Name) -> None:
    """What is live stays."""
    await db.write(Command(partial(service.drop, kind=kind), frozenset({CORE}), actor, "policies.drop"))


@post("/{kind:str}/live", opt={"permission": "policies.publish"}, summary="Let the draft go live", status_code=200)
async def go_live(db: Db, actor: ByActor, kind: Name, data: JSONBody[GoLive]) -> RuleSet:
    """From now on it decides about every order; the one before stays readable."""
    run = partial(service.go_live, kind=kind, new=data)
    return (await db.write(Command(run, frozenset({CORE}), actor, "policies.go_live"))).answer


router: Final = Router(
    "/api/policies",
    route_handlers=[
        kinds, kind_view, procedure, facts, versions, version, check, save, drop, go_live,
    ],
    tags=["Rules"],
)  # fmt: skip
