"""Why: whoever connects channels sets up what their words mean, tries it on a body, and sees who left at the till."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Annotated, Any, Final

import msgspec
from litestar import Request, Router, delete, get, post, put
from litestar.datastructures import State
from litestar.params import JSONBody, PathParameter, QueryParameter

from server.auth.guards import ByActor, Db
from server.core.refusal import Refusal, told
from server.integrations import hearing
from server.integrations.api.pages import After, Limit, reachable, write
from server.integrations.rules.sold import Left, NotOurs, Read, Sold, Wrong
from server.integrations.schemas.channels import (
    ChannelList,
    CheckoutDays,
    CheckoutList,
    EditionList,
    PutChannel,
    Trial,
    Tried,
)
from server.integrations.service import channels as service
from server.integrations.service import checkouts
from server.orders import intake
from server.orders.schemas.captures import NewOrder
from server.orders.service import captures
from server.web.problems import language

SHOPS: Final = {"permission": "shops.manage"}
MOST: Final = 200

Code = Annotated[
    str, PathParameter(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}(?!\n)$", description="The channel's code, as on its orders.")
]


@get("/", opt=SHOPS, summary="Channels")
async def channels(
    db: Db, limit: Limit = MOST, after: Annotated[str, QueryParameter(max_length=60)] = ""
) -> ChannelList:
    """Where orders come from, how each is understood, and how much of it waits for a person."""
    return await db.read(partial(service.listed, behind=after, most=limit))


@put("/{channel:str}", opt=SHOPS, summary="Set up a channel")
async def put_channel(db: Db, state: State, actor: ByActor, channel: Code, data: JSONBody[PutChannel]) -> ChannelList:
    """A channel, or what is different about it. Its secret is kept and never shown; without one the known one stays.

    Everything that its settings name must be here; each change is an edition.
    """
    if url := data.settings.back.url:
        await reachable(state, url, "settings.back.url")
    await write(db, actor, "channels.put", partial(service.put, code=channel, body=data))
    return await db.read(partial(service.listed, behind="", most=MOST))


@delete("/{channel:str}", opt=SHOPS, summary="Remove a channel")
async def remove_channel(db: Db, actor: ByActor, channel: Code) -> None:
    """Nothing is taken of it any more; what it sent stays."""
    await write(db, actor, "channels.remove", partial(service.remove, code=channel))


@get("/{channel:str}/editions", opt=SHOPS, summary="A channel's editions")
async def editions(
    db: Db, channel: Code, limit: Limit = 20, after: Annotated[int, QueryParameter(ge=1, le=2**31 - 1)] = 2**31 - 1
) -> EditionList:
    """How it was set up, by whom and since when, the newest first."""
    return await db.read(partial(service.editions, code=channel, before=after, most=limit))


# --- trying it


@post("/{channel:str}/trial", opt=SHOPS, status_code=200, summary="Try a channel on a body")
async def trial(request: Request[Any, Any, State], db: Db, channel: Code, data: JSONBody[Trial]) -> Tried:
    """What would come of a body: the order, something else, or the faults at their fields. Changes nothing."""
    facts = await db.read(partial(service.facts_of, code=channel))
    settings = data.settings or facts.settings
    await db.read(partial(service.check, kind=facts.kind, settings=settings))
    way = await db.read(partial(service.way, code=channel, settings=settings))
    topic = data.topic or hearing.FIRST.get(facts.kind, "")
    said = hearing.read(facts.kind, topic, data.body.encode(), way)
    if isinstance(said, Sold) and said.order is not None:
        found = await _checked(db, said.order)
    else:
        found = _tried(said)
    return msgspec.structs.replace(found, faults=told(found.faults, language(request.scope)))


async def _checked(db: Db, order: NewOrder) -> Tried:
    intake.look(order)
    try:
        await db.read(partial(captures.check, new=order))
    except Refusal as refusal:
        return Tried("order", order, "order_wrong", refusal.faults)
    return Tried("order", order)


def _tried(said: Read) -> Tried:
    match said:
        case Sold():
            return Tried("order", None, "order_wrong", said.faults)
        case Wrong():
            return Tried("nothing", None, "order_wrong", said.faults)
        case NotOurs():
            return Tried("nothing", None, said.reason)
        case Left():
            return Tried("checkout", None, "at_the_till")
    return Tried(type(said).__name__.lower())


# --- who left at the till


@get("/", opt={"permission": "channels.place"}, summary="Who was at the till")
async def all_checkouts(
    db: Db,
    state: State,
    limit: Limit = 50,
    after: After = None,
    channel: Annotated[str | None, QueryParameter(max_length=60, description="Only of this channel.")] = None,
) -> CheckoutList:
    """Baskets that were never orders, and those that were in the end; the newest first."""
    now: datetime = state.clock.now()
    return await db.read(partial(checkouts.page, now=now, channel=channel, before=after, most=limit))


@get("/days", opt={"permission": "channels.place"}, summary="Who left at the till, by day")
async def checkout_days(
    db: Db, state: State, days: Annotated[int, QueryParameter(ge=1, le=92, description="So many.")] = 14
) -> CheckoutDays:
    """How many began, left and came back, and what their baskets were worth, by day (UTC), channel and currency."""
    return CheckoutDays(await db.read(partial(checkouts.days, now=state.clock.now(), most=days)))


router: Final = Router(
    "/api/channels", route_handlers=[channels, put_channel, remove_channel, editions, trial], tags=["Channels"]
)
checkouts_router: Final = Router("/api/checkouts", route_handlers=[all_checkouts, checkout_days], tags=["Channels"])
