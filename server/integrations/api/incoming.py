"""Why: channels send their orders here, proved by their signatures; people see what came of it and say what was meant.

Nothing is read of a body before it is proved to be the channel's. It is answered as soon as its delivery is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Request, Router, get, post
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody, PathParameter, QueryParameter

from server.auth.guards import ByActor, ByCaller, Db
from server.core.refusal import Fault, Refusal, told
from server.db.work import Actor
from server.integrations.api.pages import After, Limit, OfState, check_state, cut, write
from server.integrations.lifecycle import INCOMING
from server.integrations.rules import channels as rules
from server.integrations.rules import shopify, woocommerce
from server.integrations.rules.channels import Settings, Signature
from server.integrations.schemas.channels import Incoming, IncomingList, IncomingPage, Kept, Meant
from server.integrations.service import channels
from server.integrations.service import incoming as service
from server.integrations.service.incoming import Came
from server.integrations.store import channels as store
from server.web.problems import language

PLACE: Final = {"permission": "channels.place"}

Heard = Request[Any, Any, State]
IncomingId = Annotated[UUID, PathParameter(description="The id of what came in.")]
ChannelCode = Annotated[str, PathParameter(max_length=60, description="The channel's code, as on its orders.")]

# --- what channels send ----------------------------------------------------------------------------------------


async def _keep(
    request: Heard, db: Db, kind: str, channel: str, header: Callable[[Settings], str],
    came: Callable[[Heard, Settings, bytes], Came],
) -> Kept:  # fmt: skip
    """Keeps a delivery once its signature has proved it."""
    facts = await db.read(partial(channels.facts_of, code=channel, kind=kind))
    body = await request.body()
    named = header(facts.settings)
    signature = request.headers.get(named, "")
    how: Signature | None = facts.settings.signature if kind == "json" else None
    if not rules.is_signed(facts.secret, body, signature, how):
        encoding = how.encoding if how else "base64"
        fault = Fault(named, "Wanted the channel's signature.", "HMAC-SHA256 of the body in {encoding}",
                      "another one" if signature else "nothing", {"encoding": encoding})  # fmt: skip
        raise Refusal("signature_wrong", fault)
    run = partial(service.keep, channel=channel, came=came(request, facts.settings, body))
    return await write(db, Actor(name=kind), "channels.keep", run)


def _header(request: Heard, name: str) -> str:
    """What a header says, as far as it can be kept and shown."""
    return "".join(each for each in request.headers.get(name, "")[:200] if each.isprintable())


@post("/shopify/{channel:str}", opt={"permission": "public"}, status_code=200, summary="An order of a Shopify shop")
async def hear_shopify(request: Heard, db: Db, channel: ChannelCode) -> Kept:
    """Takes a delivery of Shopify's, signed in `X-Shopify-Hmac-Sha256`.

    Of the topics `orders/create`, `orders/updated`, `orders/edited`, `orders/paid`, `orders/cancelled`,
    `refunds/create`, `checkouts/create` and `checkouts/update`; others are kept and left alone. It is answered as soon
    as it is kept; what comes of it follows. The same delivery again is known.
    """
    return await _keep(request, db, "shopify", channel, lambda _: "X-Shopify-Hmac-Sha256", _of_shopify)


def _of_shopify(request: Heard, _settings: Settings, body: bytes) -> Came:
    return Came(
        _header(request, "X-Shopify-Webhook-Id") or _header(request, "X-Shopify-Event-Id"),
        _header(request, "X-Shopify-Topic"),
        _header(request, "X-Shopify-Shop-Domain"),
        _header(request, "X-Shopify-Triggered-At"),
        body,
    )


@post(
    "/woocommerce/{channel:str}",
    opt={"permission": "public"},
    status_code=200,
    summary="An order of a WooCommerce shop",
)
async def hear_woocommerce(request: Heard, db: Db, channel: ChannelCode) -> Kept:
    """Takes a delivery of WooCommerce's, signed in `X-WC-Webhook-Signature`.

    Of the topics `order.created`, `order.updated`, `order.restored` and `order.deleted`. The ping by which a shop tries
    the address when a webhook is made is answered; it is not signed and nothing is kept of it.
    """
    if woocommerce.is_ping(await request.body()):
        await db.read(partial(channels.facts_of, code=channel, kind="woocommerce"))
        return Kept(None, first=False)
    return await _keep(request, db, "woocommerce", channel, lambda _: "X-WC-Webhook-Signature", _of_woocommerce)


def _of_woocommerce(request: Heard, _settings: Settings, body: bytes) -> Came:
    return Came(
        _header(request, "X-WC-Webhook-Delivery-ID"), _header(request, "X-WC-Webhook-Topic"),
        _header(request, "X-WC-Webhook-Source"), "", body,
    )  # fmt: skip


@post("/json/{channel:str}", opt={"permission": "public"}, status_code=200, summary="An order in a channel's own JSON")
async def hear_json(request: Heard, db: Db, channel: ChannelCode) -> Kept:
    """Takes an order as the channel writes it, signed in the header that its settings name; their mapping reads it."""
    return await _keep(request, db, "json", channel, lambda settings: settings.signature.header, _of_json)


def _of_json(request: Heard, settings: Settings, body: bytes) -> Came:
    named = settings.signature.delivery
    return Came(_header(request, named) if named else "", "order", "", "", body)


# --- what came of it -------------------------------------------------------------------------------------------


def _told(request: Heard, found: Incoming) -> Incoming:
    return msgspec.structs.replace(found, faults=told(found.faults, language(request.scope)))


@get("/incoming", opt=PLACE, summary="What channels sent")
async def all_incoming(
    request: Heard,
    db: Db,
    limit: Limit = 50,
    after: After = None,
    channel: Annotated[str | None, QueryParameter(max_length=60, description="Only of this channel.")] = None,
    of_state: OfState = None,
) -> IncomingList:
    """What came in and what became of it, the newest first."""
    check_state(INCOMING, of_state)
    found = await db.read(partial(store.page, before=after, channel=channel, state=of_state, most=limit + 1))
    items, following = cut(found, limit)
    return IncomingList([_told(request, each) for each in items], following)


@get("/incoming/{incoming:uuid}", opt=PLACE, summary="What a channel sent")
async def one_incoming(request: Heard, db: Db, incoming: IncomingId) -> IncomingPage:
    """A delivery with its body as it came."""
    found = await db.read(partial(service.page_of, incoming=incoming))
    return msgspec.structs.replace(found, incoming=_told(request, found.incoming))


@post("/incoming/{incoming:uuid}/again", opt=PLACE, status_code=200, summary="Place it again")
async def again(request: Heard, db: Db, actor: ByActor, incoming: IncomingId) -> Incoming:
    """Tries once more to make an order of what was refused."""
    await write(db, actor, "channels.again", partial(service.again, incoming=incoming))
    return _told(request, await db.read(partial(service.shown, incoming=incoming)))


@post("/incoming/{incoming:uuid}/meant", opt=PLACE, status_code=200, summary="Say what was meant")
async def meant(request: Heard, db: Db, caller: ByCaller, incoming: IncomingId, data: JSONBody[Meant]) -> Incoming:
    """Says which SKU, service or country the channel's words mean, and takes it in again.

    `remember`: from now on; that needs `shops.manage`.
    """
    if data.remember:
        caller.need("shops.manage")
    await write(db, caller.actor, "channels.mean", partial(service.mean, incoming=incoming, meant=data))
    return _told(request, await db.read(partial(service.shown, incoming=incoming)))


@post("/incoming/{incoming:uuid}/dismiss", opt=PLACE, status_code=200, summary="Put it away")
async def dismiss(request: Heard, db: Db, actor: ByActor, incoming: IncomingId) -> Incoming:
    """No order shall be made of what was refused."""
    await write(db, actor, "channels.dismiss", partial(service.dismiss, incoming=incoming))
    return _told(request, await db.read(partial(service.shown, incoming=incoming)))


def _described(kind: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    (found,), parts = msgspec.json.schema_components((kind,), ref_template="#/components/schemas/{name}")
    return found, parts


RAW_BODIES: Final = {
    "/api/integrations/shopify/{channel}": _described(shopify.ShopOrder),
    "/api/integrations/woocommerce/{channel}": _described(woocommerce.ShopOrder),
    "/api/integrations/json/{channel}": _described(dict[str, Any]),
}
"""What is read of a body that comes raw."""

_HANDLERS: Final[list[HTTPRouteHandler]] = [
    hear_shopify, hear_woocommerce, hear_json, all_incoming, one_incoming, again, meant, dismiss,
]  # fmt: skip
router: Final = Router("/api/integrations", route_handlers=_HANDLERS, tags=["Channels"])
