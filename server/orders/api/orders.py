"""Why: orders over HTTP: taken in exactly once, listed, shown whole, with their every why."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Annotated, Final
from uuid import UUID

import msgspec
from litestar import Response, Router, get, post
from litestar.datastructures import State
from litestar.openapi import ResponseSpec
from litestar.params import FromQuery, HeaderParameter, JSONBody, QueryParameter

from server.auth.guards import ByActor, Db
from server.auth.once import key_of, written
from server.core import moments
from server.core.refusal import Fault, Refusal
from server.db.base import CORE
from server.db.database import Database
from server.db.unit import Command, Key
from server.db.work import Actor
from server.orders import intake, rules
from server.orders import why as whys
from server.orders.api import changes, holds, views
from server.orders.api.parts import Limit, Number, Word
from server.orders.projection import Section, order_page
from server.orders.schemas.captures import Captured, NewOrder
from server.orders.schemas.offers import OfferList, OrderForm
from server.orders.schemas.pages import OrderList, OrderPage, Why
from server.orders.service import captures, offers, search
from server.orders.service.search import Finder
from server.policies import service as policies

_KEY = re.compile(r'^"?([\x21\x23-\x7e]{1,100})"?$')

ANYTHING: Final = (
    "Number, reference, words of the customer's name, mail address, phone, SKU or barcode of an item, tote,"
    " carton (SSCC), tracking number: any piece of three characters, or the beginning of a word; several words must all"
    " be found. Where nothing is, `similar` orders come: those with words that are nearly the ones asked for."
)


@post(
    "/",
    opt={"permission": "orders.capture"},
    summary="Capture an order",
    status_code=201,
    responses={200: ResponseSpec(Captured, description="The order was there already: the first one.")},
)
async def capture(
    db: Db,
    actor: ByActor,
    data: JSONBody[NewOrder],
    idempotency_key: Annotated[
        str | None,
        HeaderParameter(name="Idempotency-Key", required=False, description="Chosen by you, one for each order."),
    ] = None,
) -> Response[Captured]:
    """Takes an order in. Needs the header `Idempotency-Key`.

    The same key again gives the same answer and does nothing; the same channel and external reference under another
    key gives the first order with status 200 and `first: false`. Every fault is listed at its field.
    """
    key = _key(idempotency_key, actor, msgspec.json.encode(data))
    await _known_key_or_right(db, key, data)
    command = Command(
        partial(captures.capture, new=data), frozenset({CORE}), actor, "orders.capture", key=key, answer=Captured
    )
    done = await written(db, command)
    headers = {"Location": f"/api/orders/{done.answer.number}"}
    if done.replayed:
        headers["Idempotent-Replayed"] = "true"
    return Response(done.answer, status_code=201 if done.answer.first else 200, headers=headers)


def _key(given: str | None, actor: Actor, payload: bytes) -> Key:
    """The key of this caller; what others send under the same words is another key."""
    if given is None or not given.strip():
        raise Refusal("key_missing")
    match = _KEY.match(given.strip())
    if match is None:
        fault = Fault("Idempotency-Key", "This is no key.", "1 to 100 visible characters", "{count} characters",
                      {"count": len(given)})  # fmt: skip
        raise Refusal("invalid", fault, count=1)
    return key_of(actor, "orders.capture", match[1], payload)


async def _known_key_or_right(db: Database, key: Key, data: NewOrder) -> None:
    """Refuses a wrong order before a command keeps the refusal: put right, it may come again under the same key."""
    await asyncio.to_thread(_look, data)
    if unready := await db.read(partial(captures.check_unless_done, key=key, new=data)):
        await asyncio.to_thread(policies.prepare, unready)


def _look(data: NewOrder) -> None:
    """Everything slow, where nobody waits for a lock: the address, and the first time the rules."""
    intake.look(data)
    policies.prepare()


@get("/", opt={"permission": "orders.read"}, summary="Orders")
async def orders(
    state: State,
    db: Db,
    limit: Limit = 50,
    after: Annotated[int | None, QueryParameter(ge=1, le=2**53, description="The `next` of the page before.")] = None,
    status: Word = None,
    channel: Word = None,
    delivery: Annotated[str | None, QueryParameter(name="service", max_length=100)] = None,
    warehouse: Annotated[int | None, QueryParameter(ge=1, le=32767)] = None,
    customer: Annotated[UUID | None, QueryParameter(description="Only of this customer.")] = None,
    cutoff_from: FromQuery[datetime | None] = None,
    cutoff_until: FromQuery[datetime | None] = None,
    text: Annotated[str | None, QueryParameter(name="q", max_length=100, description=ANYTHING)] = None,
) -> OrderList:
    """Orders, the newest first, a page at a time; found by anything, narrowed by status, channel, service and so on."""
    if status is not None and status not in rules.STATUS_TEXTS:
        raise Refusal("invalid", Fault("status", "There is no such status.", ", ".join(rules.STATUS_TEXTS), status),
                      count=1)  # fmt: skip
    filters = {
        "after": after, "status": status, "channel": channel, "service": delivery, "warehouse": warehouse,
        "customer": customer, "cutoff_from": cutoff_from and moments.sent("cutoff_from", cutoff_from),
        "cutoff_until": cutoff_until and moments.sent("cutoff_until", cutoff_until),
    }  # fmt: skip
    finders: Sequence[Finder] = state.get("order_finders", ())
    found = await db.read(partial(search.page, text=text or "", others=finders, filters=filters, most=limit + 1))
    rows = found.rows
    return OrderList(rows[:limit], str(rows[limit - 1].number) if len(rows) > limit else None, found.similar)


@get("/offers", opt={"permission": "orders.read"}, summary="What can be sold")
async def find_offers(
    state: State,
    db: Db,
    text: Annotated[str, QueryParameter(name="q", max_length=200, description="A part of SKU or name, or a barcode.")],
    warehouse: Annotated[int | None, QueryParameter(ge=1, le=32767)] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=50, description="How many at most.")] = 8,
) -> OfferList:
    """Items with their price, what of them could be promised now, and what comes when; for whoever takes an order."""
    now = state.clock.now()
    return await db.snapshot(partial(offers.find, now=now, text=text, warehouse=warehouse, most=limit))


@get("/form", opt={"permission": "orders.read"}, summary="What an order may choose")
async def order_form(db: Db) -> OrderForm:
    """Services, means of payment and the channel of orders that are taken in by hand."""
    return await db.read(offers.form)


@get("/{number:int}", opt={"permission": "orders.read"}, summary="Order")
async def order(state: State, db: Db, number: Number) -> OrderPage:
    """Everything about an order: lines with their facts and status, fulfilments, holds, payment, timeline."""
    sections: Mapping[str, Section] = state.get("order_sections", {})
    return await db.snapshot(partial(order_page, number=number, sections=sections))


@get("/{number:int}/why", opt={"permission": "orders.read"}, summary="Why is it so?")
async def why(db: Db, number: Number) -> Why:
    """Late, held, short, in parts, from there: a sentence each, with what proves it."""
    page = await db.snapshot(partial(order_page, number=number))
    return whys.why(page, db.clock.now())


router: Final = Router(
    "/api/orders",
    route_handlers=[
        capture,
        orders,
        find_offers,
        order_form,
        order,
        why,
        *holds.HANDLERS,
        *changes.HANDLERS,
        *views.HANDLERS,
    ],
    tags=["Orders"],
)
