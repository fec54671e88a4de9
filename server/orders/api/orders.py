"""Why: orders over HTTP: taken in exactly once, listed, shown whole, held, let go and cancelled."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, Final, TypeVar
from uuid import UUID

import msgspec
from litestar import Response, Router, delete, get, post, put
from litestar.datastructures import State
from litestar.openapi import ResponseSpec
from litestar.params import FromPath, FromQuery, HeaderParameter, JSONBody, PathParameter, QueryParameter

from server.auth.gate import Caller
from server.auth.guards import ByActor, ByCaller, Db
from server.auth.once import OnceKey, key_of, once, written
from server.core.outcomes import OUTCOMES
from server.core.refusal import Fault, Refusal
from server.core.words import worded
from server.db.base import CORE
from server.db.database import Database
from server.db.unit import Command, Key
from server.db.work import Actor, Work
from server.orders import intake, rules, saved
from server.orders import why as whys
from server.orders.projection import Section, order_page
from server.orders.saved import SavedView, SavedViews
from server.orders.schemas import (
    Cancel,
    CancelUnits,
    Captured,
    Held,
    HoldQueue,
    Merge,
    MoreItems,
    NewHold,
    NewOrder,
    NewParty,
    NewService,
    NewTrial,
    OfferList,
    OrderForm,
    OrderList,
    OrderPage,
    OtherService,
    OtherSplit,
    Release,
    Released,
    ReleasedMany,
    ReleaseMany,
    Replacement,
    ServiceList,
    ServiceView,
    Trial,
    Why,
)
from server.orders.service import (
    additions,
    cancels,
    captures,
    carriers,
    edits,
    holds,
    lookup,
    offers,
    search,
    trials,
    waiting,
)
from server.orders.service.search import Finder
from server.orders.store import carriers as carrier_store
from server.policies import service as policies
from server.policies.rules import Said
from server.policies.schemas import KindName

T = TypeVar("T")

_KEY = re.compile(r'^"?([\x21\x23-\x7e]{1,100})"?$')
MOST: Final = 200
NOTE_LENGTH: Final = 500

Number = Annotated[int, PathParameter(ge=1, le=2**53, description="The order's number.")]
Position = Annotated[int, PathParameter(ge=1, le=10_000, description="The line's position.")]
Limit = Annotated[int, QueryParameter(ge=1, le=MOST, description="How many at most.")]
Word = Annotated[str | None, QueryParameter(max_length=100)]
ANYTHING: Final = (
    "Number, reference, words of the customer's name, mail address, phone, SKU or barcode of an item, tote,"
    " carton (SSCC), tracking number: any piece of three characters, or the beginning of a word; several words must all"
    " be found. Where nothing is, `similar` orders come: those with words that are nearly the ones asked for."
)


# --- taking orders in ----------------------------------------------------------------------------------------------


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


# --- looking -------------------------------------------------------------------------------------------------------


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
        "customer": customer, "cutoff_from": _aware("cutoff_from", cutoff_from),
        "cutoff_until": _aware("cutoff_until", cutoff_until),
    }  # fmt: skip
    finders: Sequence[Finder] = state.get("order_finders", ())
    found = await db.read(partial(search.page, text=text or "", others=finders, filters=filters, most=limit + 1))
    rows = found.rows
    return OrderList(rows[:limit], str(rows[limit - 1].number) if len(rows) > limit else None, found.similar)


def _aware(field: str, moment: datetime | None) -> datetime | None:
    if moment is not None and moment.tzinfo is None:
        fault = Fault(field, "A moment needs its zone.", "2026-11-24T16:00:00Z", moment.isoformat())
        raise Refusal("invalid", fault, count=1)
    return moment


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


# --- stopping, letting go, cancelling ------------------------------------------------------------------------------


@post("/{number:int}/holds", opt={"permission": "orders.hold"}, summary="Hold an order", status_code=201)
async def hold(db: Db, actor: ByActor, number: Number, data: JSONBody[NewHold]) -> Held:
    """Stops an order. On the floor the picker may finish, packing is stopped."""
    by_hand = [reason.code for reason in rules.HOLD_REASONS.values() if reason.by_hand]
    if data.reason not in by_hand:
        fault = Fault("reason", "No person holds an order for that.", ", ".join(by_hand), data.reason[:60])
        raise Refusal("invalid", fault, count=1)
    _note("note", data.note)

    def run(work: Work) -> Held:
        order_id = lookup.id_of(work.conn, number)
        hold_id = holds.hold(work, order_id, data.reason, note=data.note)
        return _stands(work, order_id, hold_id)

    return await _write(db, actor, "orders.hold", run)


@post(
    "/{number:int}/holds/{hold_id:uuid}/release",
    opt={"permission": "orders.release_hold"},
    summary="Release a hold",
    status_code=200,
)
async def release(db: Db, caller: ByCaller, number: Number, hold_id: FromPath[UUID], data: JSONBody[Release]) -> Held:
    """Lets a held order go on, once the cause is gone where it must be. Some reasons want a further permission."""
    _note("note", data.note)

    def run(work: Work) -> Held:
        order_id = lookup.id_of(work.conn, number)
        holds.release(work, hold_id, data.note, order_id=order_id, need=caller.need)
        return _stands(work, order_id, hold_id)

    return await _write(db, caller.actor, "orders.release_hold", run)


@post("/{number:int}/cancel", opt={"permission": "orders.cancel"}, summary="Cancel an order", status_code=200)
async def cancel(db: Db, actor: ByActor, number: Number, data: JSONBody[Cancel]) -> Held:
    """Cancels everything that has not shipped; on the floor a stop card and a put-back follow."""
    _note("why", data.why)

    def run(work: Work) -> Held:
        order_id = lookup.id_of(work.conn, number)
        cancels.cancel(work, order_id, data.why)
        return _stands(work, order_id)

    return await _write(db, actor, "orders.cancel", run)


@post("/{number:int}/lines/{position:int}/cancel", opt={"permission": "orders.cancel"},
      summary="Cancel units of a line", status_code=200)  # fmt: skip
async def cancel_units(
    db: Db,
    actor: ByActor,
    number: Number,
    position: Position,
    data: JSONBody[CancelUnits],
    idempotency_key: OnceKey,
) -> Held:
    """First go units that wait, then those in bins, in totes, in cartons; what has shipped comes back as a return."""
    _note("why", data.why)

    def run(work: Work) -> Held:
        order_id = lookup.id_of(work.conn, number)
        cancels.cancel_units(work, order_id, position, data.quantity, data.why)
        return _stands(work, order_id)

    return await once(db, actor, "orders.cancel_units", idempotency_key, run, Held, number, position, data)


# --- changing


@post("/{number:int}/items", opt={"permission": "orders.edit"}, summary="Add items", status_code=200)
async def add_items(
    db: Db, actor: ByActor, number: Number, data: JSONBody[MoreItems], idempotency_key: OnceKey
) -> Held:
    """More of an item, or another one. What is on the floor goes on; what comes now is a parcel of its own then."""
    _note("why", data.why)

    def run(work: Work) -> Held:
        order_id = lookup.id_of(work.conn, number)
        additions.add(work, order_id, data)
        return _stands(work, order_id)

    return await once(db, actor, "orders.add_items", idempotency_key, run, Held, number, data)


@post("/{number:int}/lines/{position:int}/replace", opt={"permission": "orders.edit"},
      summary="Another item instead", status_code=200)  # fmt: skip
async def replace_units(
    db: Db, actor: ByActor, number: Number, position: Position, data: JSONBody[Replacement], idempotency_key: OnceKey
) -> Held:
    """Takes units of a line out of the order and another item in; both or nothing."""
    _note("why", data.why)

    def run(work: Work) -> Held:
        order_id = lookup.id_of(work.conn, number)
        additions.replace(work, order_id, position, data)
        return _stands(work, order_id)

    return await once(db, actor, "orders.replace_units", idempotency_key, run, Held, number, position, data)


@post("/{number:int}/merge", opt={"permission": "orders.edit"}, summary="Merge two orders", status_code=200)
async def merge(db: Db, actor: ByActor, number: Number, data: JSONBody[Merge], idempotency_key: OnceKey) -> Held:
    """One parcel instead of two, as long as nothing of either is on the floor. The other order is cancelled."""
    _note("why", data.why)

    def run(work: Work) -> Held:
        order_id = lookup.id_of(work.conn, number)
        additions.merge(work, order_id, lookup.id_of(work.conn, data.order), data.why)
        return _stands(work, order_id)

    return await once(db, actor, "orders.merge", idempotency_key, run, Held, number, data)


@put("/{number:int}/address", opt={"permission": "orders.edit"}, summary="Send an order elsewhere")
async def redirect(db: Db, actor: ByActor, number: Number, data: JSONBody[NewParty]) -> Held:
    """Changes the address, and who is written to. A label that was only asked for is asked for anew; one that stands
    must be voided first. An address that looks wrong holds the order.
    """
    await asyncio.to_thread(intake.look_at, data.address)

    def run(work: Work) -> Held:
        order_id = lookup.id_of(work.conn, number)
        edits.redirect(work, order_id, data.address, data.customer)
        return _stands(work, order_id)

    return await _write(db, actor, "orders.redirect", run)


@put("/{number:int}/service", opt={"permission": "orders.edit"}, summary="Send an order by another service")
async def change_service(db: Db, actor: ByActor, number: Number, data: JSONBody[OtherService]) -> Held:
    """It is due for that service's next truck. A label that stands must be voided first."""

    def run(work: Work) -> Held:
        order_id = lookup.id_of(work.conn, number)
        edits.change_service(work, order_id, data.service)
        return _stands(work, order_id)

    return await _write(db, actor, "orders.change_service", run)


@put("/{number:int}/split", opt={"permission": "orders.edit"}, summary="Send an order in parts, or at once")
async def change_split(db: Db, actor: ByActor, number: Number, data: JSONBody[OtherSplit]) -> Held:
    """In parts: what waits for the rest goes on, the rest follows. At once: what is not packed yet waits."""

    def run(work: Work) -> Held:
        order_id = lookup.id_of(work.conn, number)
        edits.change_split(work, order_id, data.split)
        return _stands(work, order_id)

    return await _write(db, actor, "orders.change_split", run)


def _stands(work: Work, order_id: UUID, hold_id: UUID | None = None) -> Held:
    """How an order stands once everything has followed, its money too."""
    work.settle()
    found = lookup.order_of(work.conn, order_id)
    return Held(found.number, found.status, hold_id)


def _note(field: str, text: str) -> None:
    """Refuses what no note may be: too long, or a card number."""
    if len(text) > NOTE_LENGTH:
        fault = Fault(field, "A note is shorter.", "at most {most} characters", "{count} characters",
                      {"most": NOTE_LENGTH, "count": len(text)})  # fmt: skip
    elif intake.looks_like_a_card(text):
        fault = Fault(field, "A card number is never written down.", "a note without it", "a card number")
    else:
        return
    raise Refusal("invalid", fault, count=1)


async def _write(db: Database, actor: Actor, name: str, run: Callable[[Work], T]) -> T:
    return (await db.write(Command(run, frozenset({CORE}), actor, name))).answer


# --- everything that is held


@get("/", opt={"permission": "orders.read"}, summary="Open holds")
async def held(
    state: State,
    db: Db,
    caller: ByCaller,
    limit: Limit = 50,
    after: Annotated[UUID | None, QueryParameter(description="The `next` of the page before.")] = None,
    reason: Word = None,
    owner: Word = None,
    overdue: Annotated[bool, QueryParameter(description="Only what is due.")] = False,
    escalated: Annotated[bool, QueryParameter(description="Only what was escalated.")] = False,
    hours: Annotated[int | None, QueryParameter(ge=1, le=10_000, description="Only what waits this long.")] = None,
    warehouse: Annotated[int | None, QueryParameter(ge=1, le=32767)] = None,
) -> HoldQueue:
    """What waits for somebody: why, since when, who looks after it and until when; what is due first at the top."""
    if reason is not None and reason not in rules.HOLD_REASONS:
        fault = Fault("reason", "There is no such reason.", ", ".join(rules.HOLD_REASONS), reason)
        raise Refusal("invalid", fault, count=1)
    now = state.clock.now()
    filters = {
        "after": after, "reason": reason, "owner": owner, "due_before": now if overdue else None,
        "escalated": escalated or None, "warehouse": warehouse,
        "placed_before": None if hours is None else now - timedelta(hours=hours),
    }  # fmt: skip
    return await db.snapshot(partial(waiting.queue, filters=filters, most=limit, now=now, may=caller.permissions))


@post("/release", opt={"permission": "orders.release_hold"}, summary="Release several holds", status_code=200)
async def release_many(db: Db, caller: ByCaller, data: JSONBody[ReleaseMany]) -> ReleasedMany:
    """Each by itself: what cannot go is named with its reason, and the others go."""
    _note("note", data.note)
    return ReleasedMany([await _released(db, caller, hold_id, data.note) for hold_id in dict.fromkeys(data.holds)])


async def _released(db: Database, caller: Caller, hold_id: UUID, note: str) -> Released:
    run = partial(holds.release, hold_id=hold_id, note=note, need=caller.need)
    try:
        return Released(hold_id, await _write(db, caller.actor, "orders.release_hold", run))
    except Refusal as refusal:
        return Released(hold_id, None, refusal.code, words_of(refusal.code, refusal.params))


def words_of(code: str, params: Mapping[str, str | int]) -> Said:
    """A refusal in words, in both languages."""
    row = OUTCOMES[code]
    return Said(*(getattr(row, each).format_map(worded(params, each)) for each in ("en", "de")))


# --- rules on trial


@post("/{kind:str}/trial", opt={"permission": "policies.edit"}, summary="Try rules on the last orders", status_code=200)
async def trial(db: Db, kind: FromPath[KindName], data: JSONBody[NewTrial]) -> Trial:
    """What these rules would have done to the last orders, beside what is live. Changes nothing."""
    tried = await asyncio.to_thread(policies.tried, kind, data.rules)
    gathered = await db.snapshot(partial(trials.gather, tried=tried, most=data.orders))
    return await asyncio.to_thread(trials.judge, tried, gathered)


# --- what a person looks at again and again


@get("/views", opt={"permission": "orders.read"}, summary="My saved views")
async def saved_views(db: Db, actor: ByActor) -> SavedViews:
    """Questions to the list of orders that this person has given a name."""
    person = _person(actor)
    return SavedViews(await db.read(lambda conn: saved.views(conn, person)))


@put("/views", opt={"permission": "orders.read"}, summary="Save a view")
async def save_view(db: Db, actor: ByActor, data: JSONBody[SavedView]) -> SavedViews:
    """Keeps a question under its name; the one that had the name is gone."""
    person = _person(actor)
    run = partial(saved.put, person=person, view=data)
    return SavedViews((await db.write(Command(run, frozenset({CORE}), actor, "orders.save_view"))).answer)


@delete("/views", opt={"permission": "orders.read"}, summary="Forget a view")
async def forget_view(
    db: Db, actor: ByActor, name: Annotated[str, QueryParameter(max_length=40, description="The view's name.")]
) -> None:
    """It is no longer offered; orders stay as they are."""
    person = _person(actor)
    run = partial(saved.remove, person=person, name=name)
    await db.write(Command(run, frozenset({CORE}), actor, "orders.forget_view"))


def _person(actor: Actor) -> UUID:
    if actor.person is None:
        raise Refusal("person_unknown")
    return actor.person


# --- what customers may choose


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


holds_router: Final = Router("/api/holds", route_handlers=[held, release_many], tags=["Orders"])
trials_router: Final = Router("/api/policies", route_handlers=[trial], tags=["Rules"])
services_router: Final = Router("/api/services", route_handlers=[services, put_service], tags=["Orders"])
router: Final = Router(
    "/api/orders",
    route_handlers=[
        capture,
        orders,
        find_offers,
        order_form,
        order,
        why,
        hold,
        release,
        cancel,
        cancel_units,
        add_items,
        replace_units,
        merge,
        redirect,
        change_service,
        change_split,
        saved_views,
        save_view,
        forget_view,
    ],
    tags=["Orders"],
)
