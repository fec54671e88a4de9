"""Why: a Shopify shop sends its orders here, proved by its signature; people connect shops and see what came of it.

Nothing is read of a body before it is proved to be the shop's. The shop is answered as soon as its delivery is kept.
"""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Request, Router, delete, get, post, put
from litestar.datastructures import State
from litestar.params import JSONBody, PathParameter, QueryParameter

from server.auth.guards import ByActor, Db
from server.core.refusal import Fault, Refusal
from server.db.work import Actor
from server.integrations.api.pages import After, Limit, OfState, check_state, cut, write
from server.integrations.lifecycle import INCOMING
from server.integrations.rules import shopify as rules
from server.integrations.rules.shopify import ShopOrder
from server.integrations.schemas.shopify import (
    ChannelList,
    Incoming,
    IncomingList,
    IncomingPage,
    Kept,
    PutChannel,
)
from server.integrations.service import shopify as service
from server.integrations.service.shopify import Came
from server.integrations.store import shopify as store

SHOPS: Final = {"permission": "shops.manage"}
SHOPIFY: Final = Actor(name="shopify")
SIGNATURE: Final = "X-Shopify-Hmac-Sha256"

Channel = Annotated[
    str, PathParameter(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}(?!\n)$", description="The shop's name, as on its orders.")
]
IncomingId = Annotated[UUID, PathParameter(description="The id of what came in.")]

# --- what shops send -------------------------------------------------------------------------------------------


@post(
    "/shopify/{channel:str}",
    opt={"permission": "public"},
    status_code=200,
    summary="An order of a Shopify shop",
)
async def hear(
    request: Request[Any, Any, State],
    db: Db,
    channel: Annotated[str, PathParameter(max_length=60, description="The shop's name, as on its orders.")],
) -> Kept:
    """Takes a delivery of the topics `orders/create` and `orders/paid`, signed in `X-Shopify-Hmac-Sha256`.

    It is answered as soon as it is kept; the order follows. The same delivery again is known.
    """
    secret = await db.read(partial(service.secret_of, channel=channel))
    body = await request.body()
    signature = request.headers.get(SIGNATURE, "")
    if not rules.is_signed(secret, body, signature):
        fault = Fault(SIGNATURE, "Wanted the shop's signature.", "HMAC-SHA256 of the body in base64",
                      "another one" if signature else "nothing")  # fmt: skip
        raise Refusal("signature_wrong", fault)
    came = Came(
        _header(request, "X-Shopify-Webhook-Id") or _header(request, "X-Shopify-Event-Id"),
        _header(request, "X-Shopify-Topic"),
        _header(request, "X-Shopify-Shop-Domain"),
        _header(request, "X-Shopify-Triggered-At"),
        body,
    )
    return await write(db, SHOPIFY, "shops.keep", partial(service.keep, channel=channel, came=came))


def _header(request: Request[Any, Any, State], name: str) -> str:
    """What a header says, as far as it can be kept and shown."""
    return "".join(each for each in request.headers.get(name, "")[:200] if each.isprintable())


# --- shops -----------------------------------------------------------------------------------------------------


@get("/channels", opt=SHOPS, summary="Shops")
async def channels(db: Db) -> ChannelList:
    """The shops that send orders, and how much of it waits for a person."""
    return await db.read(service.channels)


@put("/channels/{channel:str}", opt=SHOPS, summary="Connect a shop")
async def put_channel(db: Db, actor: ByActor, channel: Channel, data: JSONBody[PutChannel]) -> ChannelList:
    """A shop, or what is different about it. Its secret is kept and never shown; without one the known one stays."""
    await write(db, actor, "shops.put", partial(service.put_channel, channel=channel, body=data))
    return await db.read(service.channels)


@delete("/channels/{channel:str}", opt=SHOPS, summary="Remove a shop")
async def remove_channel(db: Db, actor: ByActor, channel: Channel) -> None:
    """Nothing is taken of it any more; what it sent stays."""
    await write(db, actor, "shops.remove", partial(service.remove_channel, channel=channel))


# --- what came of it -------------------------------------------------------------------------------------------


@get("/incoming", opt=SHOPS, summary="What shops sent")
async def all_incoming(
    db: Db,
    limit: Limit = 50,
    after: After = None,
    channel: Annotated[str | None, QueryParameter(max_length=60, description="Only of this shop.")] = None,
    of_state: OfState = None,
) -> IncomingList:
    """What came in and what became of it, the newest first."""
    check_state(INCOMING, of_state)
    found = await db.read(partial(store.page, before=after, channel=channel, state=of_state, most=limit + 1))
    return IncomingList(*cut(found, limit))


@get("/incoming/{incoming:uuid}", opt=SHOPS, summary="What a shop sent")
async def one_incoming(db: Db, incoming: IncomingId) -> IncomingPage:
    """A delivery with its body as it came."""
    return await db.read(partial(service.page_of, incoming=incoming))


@post("/incoming/{incoming:uuid}/again", opt=SHOPS, status_code=200, summary="Place it again")
async def again(db: Db, actor: ByActor, incoming: IncomingId) -> Incoming:
    """Tries once more to make an order of what was refused."""
    await write(db, actor, "shops.again", partial(service.again, incoming=incoming))
    return await db.read(partial(service.shown, incoming=incoming))


@post("/incoming/{incoming:uuid}/dismiss", opt=SHOPS, status_code=200, summary="Put it away")
async def dismiss(db: Db, actor: ByActor, incoming: IncomingId) -> Incoming:
    """No order shall be made of what was refused."""
    await write(db, actor, "shops.dismiss", partial(service.dismiss, incoming=incoming))
    return await db.read(partial(service.shown, incoming=incoming))


def _described() -> tuple[dict[str, Any], dict[str, Any]]:
    (found,), parts = msgspec.json.schema_components((ShopOrder,), ref_template="#/components/schemas/{name}")
    return found, parts


RAW_BODIES: Final = {"/api/integrations/shopify/{channel}": _described()}
"""What is read of a body that comes raw."""

router: Final = Router(
    "/api/integrations",
    route_handlers=[hear, channels, put_channel, remove_channel, all_incoming, one_incoming, again, dismiss],
    tags=["Shops"],
)
