"""Why: whoever connects other systems says where events go, tries it out, and sees and repeats what was sent."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Final
from uuid import UUID

from litestar import Router, delete, get, post, put
from litestar.datastructures import State
from litestar.params import JSONBody, PathParameter, QueryParameter

from server.auth.guards import ByActor, Db
from server.core import moments
from server.core.refusal import Refusal
from server.db.database import Database
from server.db.unit import Lane
from server.db.work import Work
from server.integrations.api.pages import After, Limit, OfState, check_state, cut, reachable, write
from server.integrations.lifecycle import DELIVERY
from server.integrations.schemas.webhooks import (
    WANTABLE,
    Begun,
    ChangeEndpoint,
    Delivery,
    DeliveryList,
    DeliveryPage,
    Endpoint,
    EndpointList,
    EndpointMade,
    NewEndpoint,
    Replayed,
    ReplaySince,
)
from server.integrations.service import deliveries, endpoints, messages
from server.integrations.store import deliveries as delivery_rows
from server.integrations.store import endpoints as endpoint_rows

WEBHOOKS: Final = {"permission": "webhooks.manage"}
FROM_THE_START: Final = UUID(int=0)

EndpointId = Annotated[UUID, PathParameter(description="The endpoint's id.")]
DeliveryId = Annotated[UUID, PathParameter(description="The delivery's id.")]

# --- endpoints -------------------------------------------------------------------------------------------------


@get("/endpoints", opt=WEBHOOKS, summary="Webhook endpoints")
async def all_endpoints(db: Db, limit: Limit = 100, after: After = None) -> EndpointList:
    """Where events go, in the order in which they were added, with what waits and what failed there."""
    found = await db.read(partial(endpoint_rows.page, after=after or FROM_THE_START, most=limit + 1))
    page, following = cut(found, limit)
    return EndpointList(page, list(WANTABLE), following)


@post("/endpoints", opt=WEBHOOKS, summary="Add a webhook endpoint")
async def add_endpoint(db: Db, state: State, actor: ByActor, data: JSONBody[NewEndpoint]) -> EndpointMade:
    """Events go there from now on. Its secret is shown this once: `whsec_…`.

    Only https, and only to public addresses or those that the operator has listed.
    """
    await reachable(state, data.url)
    made, secret = await write(db, actor, "webhooks.add", partial(endpoints.add, new=data))
    return EndpointMade(await _shown(db, made), secret)


@get("/endpoints/{endpoint:uuid}", opt=WEBHOOKS, summary="Webhook endpoint")
async def one_endpoint(db: Db, endpoint: EndpointId) -> Endpoint:
    """An endpoint with what waits and what failed there."""
    return await _shown(db, endpoint)


@put("/endpoints/{endpoint:uuid}", opt=WEBHOOKS, summary="Change a webhook endpoint")
async def change_endpoint(
    db: Db, state: State, actor: ByActor, endpoint: EndpointId, data: JSONBody[ChangeEndpoint]
) -> Endpoint:
    """Its address, what it wants, its description. `version` is the one that was read."""
    await reachable(state, data.url)
    await write(db, actor, "webhooks.change", partial(endpoints.change, endpoint=endpoint, body=data))
    return await _shown(db, endpoint)


@delete("/endpoints/{endpoint:uuid}", opt=WEBHOOKS, summary="Remove a webhook endpoint")
async def remove_endpoint(db: Db, actor: ByActor, endpoint: EndpointId) -> None:
    """Takes it off the list, and its secrets with it."""
    await write(db, actor, "webhooks.remove", partial(endpoints.remove, endpoint=endpoint))


@post("/endpoints/{endpoint:uuid}/on", opt=WEBHOOKS, status_code=200, summary="Switch an endpoint on")
async def switch_on(db: Db, actor: ByActor, endpoint: EndpointId) -> Endpoint:
    """Events go there again; what waits goes at once, what happened while it was off is not sent."""
    await write(db, actor, "webhooks.switch_on", partial(endpoints.switch_on, endpoint=endpoint))
    return await _shown(db, endpoint)


@post("/endpoints/{endpoint:uuid}/off", opt=WEBHOOKS, status_code=200, summary="Switch an endpoint off")
async def switch_off(db: Db, actor: ByActor, endpoint: EndpointId) -> Endpoint:
    """Nothing goes there until it is switched on."""
    await write(db, actor, "webhooks.switch_off", partial(endpoints.switch_off, endpoint=endpoint))
    return await _shown(db, endpoint)


@post("/endpoints/{endpoint:uuid}/rotate", opt=WEBHOOKS, status_code=200, summary="Replace an endpoint's secret")
async def rotate(db: Db, actor: ByActor, endpoint: EndpointId) -> EndpointMade:
    """A new secret, shown this once. The former one signs beside it for a day."""
    secret = await write(db, actor, "webhooks.rotate", partial(endpoints.rotate, endpoint=endpoint))
    return EndpointMade(await _shown(db, endpoint), secret)


@post("/endpoints/{endpoint:uuid}/test", opt=WEBHOOKS, status_code=202, summary="Send a test event")
async def send_test(db: Db, actor: ByActor, endpoint: EndpointId) -> Begun:
    """Sends `webhook.test`, once; what came of it is on the delivery."""

    def run(work: Work) -> UUID:
        if endpoints.facts_of(work.conn, endpoint).state != "on":
            raise Refusal("endpoint_off")
        return messages.begin_test(work, endpoint)

    return Begun(await write(db, actor, "webhooks.test", run))


@post("/endpoints/{endpoint:uuid}/replay", opt=WEBHOOKS, status_code=200, summary="Send everything again that failed")
async def replay_failed(db: Db, actor: ByActor, endpoint: EndpointId, data: JSONBody[ReplaySince]) -> Replayed:
    """Everything that failed there and happened since then goes out again."""
    since, count, after = moments.sent("since", data.since), 0, FROM_THE_START
    while True:
        run = partial(deliveries.replay_failed, endpoint=endpoint, since=since, after=after)
        found = await write(db, actor, "webhooks.replay", run, Lane.BULK)
        if not found:
            return Replayed(count)
        count, after = count + len(found), found[-1]


# --- deliveries ------------------------------------------------------------------------------------------------


@get("/deliveries", opt=WEBHOOKS, summary="Webhook deliveries")
async def all_deliveries(
    db: Db,
    limit: Limit = 50,
    after: After = None,
    endpoint: Annotated[UUID | None, QueryParameter(description="Only of this endpoint.")] = None,
    of_state: OfState = None,
) -> DeliveryList:
    """What was and will be sent, the newest first."""
    check_state(DELIVERY, of_state)
    found = await db.read(partial(delivery_rows.page, before=after, endpoint=endpoint, state=of_state, most=limit + 1))
    return DeliveryList(*cut(found, limit))


@get("/deliveries/{delivery:uuid}", opt=WEBHOOKS, summary="Webhook delivery")
async def one_delivery(db: Db, delivery: DeliveryId) -> DeliveryPage:
    """A delivery with its body, exactly as it is sent, and its latest tries."""
    return await db.read(partial(deliveries.page_of, delivery=delivery))


@post("/deliveries/{delivery:uuid}/replay", opt=WEBHOOKS, status_code=200, summary="Send a delivery again")
async def replay(db: Db, actor: ByActor, delivery: DeliveryId) -> Delivery:
    """Sends it again, now and under the same id, whatever became of it."""
    await write(db, actor, "webhooks.replay", partial(deliveries.replay, delivery=delivery))
    return await db.read(partial(deliveries.shown, delivery=delivery))


# --- shared ----------------------------------------------------------------------------------------------------


async def _shown(db: Database, endpoint: UUID) -> Endpoint:
    return await db.read(partial(endpoints.shown, endpoint=endpoint))


router: Final = Router(
    "/api/webhooks",
    route_handlers=[
        all_endpoints, add_endpoint, one_endpoint, change_endpoint, remove_endpoint, switch_on, switch_off, rotate,
        send_test, replay_failed, all_deliveries, one_delivery, replay,
    ],
    tags=["Webhooks"],
)  # fmt: skip
