"""Why: the shop says what its customers are told, tries it out, and sees what went out and what did not."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated, Final, TypeVar
from uuid import UUID

from litestar import Router, get, post, put
from litestar.datastructures import State
from litestar.params import FromPath, JSONBody, PathParameter, QueryParameter

from server.auth.guards import ByActor, Db
from server.core.refusal import Fault, Refusal
from server.db.base import CORE
from server.db.database import Database
from server.db.unit import Command
from server.db.work import Actor, Work
from server.notify.lifecycle import MESSAGE
from server.notify.schemas import (
    Begun,
    ChannelName,
    Draft,
    Message,
    MessageList,
    MessagePage,
    MilestoneName,
    Milestones,
    Preview,
    PutSwitch,
    PutTemplate,
    SendTest,
    Template,
    TemplateList,
    TemplateView,
)
from server.notify.service import outbox, templates
from server.notify.worker import Postman

T = TypeVar("T")

READ: Final = {"permission": "messages.read"}
SEND: Final = {"permission": "messages.send"}
EDIT: Final = {"permission": "messages.edit"}

MessageId = Annotated[UUID, PathParameter(description="The message's id.")]
Language = Annotated[str, PathParameter(pattern=r"^[a-z]{2}(?!\n)$", description="Two letters.")]
Limit = Annotated[int, QueryParameter(ge=1, le=200, description="How many at most.")]

# --- what went out -------------------------------------------------------------------------------------------------


@get("/", opt=READ, summary="Messages to customers")
async def messages(
    db: Db,
    limit: Limit = 50,
    after: Annotated[UUID | None, QueryParameter(description="The `next` of the page before.")] = None,
    of_state: Annotated[str | None, QueryParameter(name="state", max_length=32, description="Only these.")] = None,
) -> MessageList:
    """What customers were and will be told, the newest first."""
    if of_state is not None and of_state not in MESSAGE.states:
        fault = Fault("state", "There is no such state.", ", ".join(MESSAGE.states), of_state)
        raise Refusal("invalid", fault, count=1)
    return await db.read(partial(outbox.page, before=after, state=of_state, most=limit))


@get("/{message:uuid}", opt=READ, summary="A message")
async def message_page(db: Db, message: MessageId) -> MessagePage:
    """A message as it went out, and what came of each try."""
    return await db.snapshot(partial(outbox.one, message=message))


@post("/{message:uuid}/again", opt=SEND, status_code=200, summary="Send a message again")
async def again(db: Db, actor: ByActor, message: MessageId) -> Message:
    """It goes out once more, now, to where its customer is reached now."""
    await _write(db, actor, "messages.again", partial(outbox.again, message=message))
    return await db.read(partial(outbox.shown, message=message))


@post("/{message:uuid}/dismiss", opt=SEND, status_code=200, summary="Put a message away")
async def dismiss(db: Db, actor: ByActor, message: MessageId) -> Message:
    """It does not go out, unless somebody sends it again."""
    await _write(db, actor, "messages.dismiss", partial(outbox.dismiss, message=message))
    return await db.read(partial(outbox.shown, message=message))


# --- how it is said ------------------------------------------------------------------------------------------------


@get("/milestones", opt=READ, summary="What customers are told of")
async def milestones(db: Db, state: State) -> Milestones:
    """Every moment of an order, whether customers are told of it, and the ways out."""
    return await db.snapshot(partial(templates.milestones, ways=_postman(state).ways()))


@put("/milestones/{milestone:str}", opt=EDIT, status_code=204, summary="Switch a message on or off")
async def switch(db: Db, actor: ByActor, milestone: FromPath[MilestoneName], data: JSONBody[PutSwitch]) -> None:
    """Whether customers are told of it from now on; what was written down already goes out."""
    await _write(db, actor, "messages.switch", partial(templates.switch, milestone=milestone, on=data.on))


@get("/templates/{milestone:str}/{channel:str}/{language:str}", opt=READ, summary="A template")
async def template(
    db: Db, milestone: FromPath[MilestoneName], channel: FromPath[ChannelName], language: Language
) -> TemplateView:
    """How it is said now, and the names that it may use."""
    return await db.read(partial(templates.view, key=(milestone, channel, language)))


@get("/templates/{milestone:str}/{channel:str}/{language:str}/versions", opt=READ, summary="A template's versions")
async def versions(
    db: Db,
    milestone: FromPath[MilestoneName],
    channel: FromPath[ChannelName],
    language: Language,
    limit: Limit = 20,
    after: Annotated[int, QueryParameter(ge=0, le=2**31 - 1, description="The `next` of the page before.")] = 2**31 - 1,
) -> TemplateList:
    """How it was said, the newest first; version 0 is delivered."""
    return await db.read(partial(templates.versions, key=(milestone, channel, language), before=after, most=limit))


@put("/templates/{milestone:str}/{channel:str}/{language:str}", opt=EDIT, summary="Write a template")
async def put_template(
    db: Db,
    actor: ByActor,
    milestone: FromPath[MilestoneName],
    channel: FromPath[ChannelName],
    language: Language,
    data: JSONBody[PutTemplate],
) -> Template:
    """A new version. A name that is not known is refused with its place; what went out stays as it was."""
    run = partial(templates.save, key=(milestone, channel, language), new=data)
    return await _write(db, actor, "messages.save", run)


@post("/preview", opt=EDIT, status_code=200, summary="Look at a message")
async def preview(db: Db, state: State, data: JSONBody[Draft]) -> Preview:
    """How these words would look with a real order. Sends and keeps nothing."""
    return await db.snapshot(partial(templates.preview, draft=data, public_url=_postman(state).public_url))


@post("/test", opt=EDIT, status_code=202, summary="Send a test")
async def test_send(db: Db, actor: ByActor, data: JSONBody[SendTest]) -> Begun:
    """Sends what is saved, of a real order, to this address, once; what came of it is on the message."""
    return Begun(await _write(db, actor, "messages.test", partial(outbox.begin_test, wanted=data)))


# --- parts ---------------------------------------------------------------------------------------------------------


def _postman(state: State) -> Postman:
    found: Postman = state.postman
    return found


async def _write(db: Database, actor: Actor, name: str, run: Callable[[Work], T]) -> T:
    return (await db.write(Command(run, frozenset({CORE}), actor, name))).answer


router: Final = Router(
    "/api/messages",
    route_handlers=[
        messages, message_page, again, dismiss, milestones, switch, template, versions, put_template, preview,
        test_send,
    ],
    tags=["Messages"],
)  # fmt: skip
