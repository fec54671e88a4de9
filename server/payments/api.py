"""Why: money over HTTP: what the desk does about an order's, who buys on account, what gateways say, what differs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, Final, TypeVar
from uuid import UUID

import msgspec
from litestar import Request, Router, get, post, put
from litestar.datastructures import State
from litestar.params import FromPath, JSONBody, PathParameter, QueryParameter

from server.auth.guards import ByActor, Db
from server.auth.once import OnceKey, once
from server.core import moments
from server.core.clock import Clock
from server.core.refusal import Fault, Refusal
from server.customers.rules import is_mail
from server.db.base import CORE
from server.db.database import Database
from server.db.unit import Command
from server.db.work import Actor, Work
from server.orders import intake
from server.orders.currencies import CURRENCIES
from server.orders.service import lookup
from server.payments.port import News, NotProved
from server.payments.rules import VERDICTS
from server.payments.schemas import (
    AccountList,
    AccountView,
    ComparedList,
    EndAccount,
    Money,
    Moved,
    PutAccount,
    Receive,
    Reconcile,
    Refund,
    Retried,
    Retry,
    RunList,
    RunView,
    Told,
)
from server.payments.service import accounts, news, payments, receipts, reconciling, refunds, views
from server.payments.worker import Gateways

T = TypeVar("T")

MOST: Final = 200
NEWS_BYTES: Final = 256 * 1024
"""No event of a gateway is longer."""
Number = Annotated[int, PathParameter(ge=1, le=2**53, description="The order's number.")]
Limit = Annotated[int, QueryParameter(ge=1, le=MOST, description="How many at most.")]
RunId = Annotated[UUID, PathParameter(description="The reconciliation's id.")]

# --- an order's money --------------------------------------------------------------------------------------------


@get("/{number:int}/payment", opt={"permission": "orders.read"}, summary="An order's money")
async def money(db: Db, state: State, number: Number) -> Money:
    """Amounts, what may be done about it, and every step by which it came there, the latest first."""
    now = _clock(state).now()
    found = await db.snapshot(lambda conn: views.of_order(conn, lookup.id_of(conn, number), now))
    if found is None:
        raise Refusal("order_unknown", order=number)
    return found


@post("/{number:int}/payment/retry", opt={"permission": "orders.release_hold"}, summary="Try a declined payment again",
      status_code=200)  # fmt: skip
async def retry(db: Db, actor: ByActor, number: Number, data: JSONBody[Retry]) -> Retried:
    """Asks the gateway again for a declined payment; a good answer lets the order go on by itself."""
    if len(data.token) > 200 or intake.looks_like_a_card(data.token):
        fault = Fault("token", "This is no token.", "the gateway's token", "a card number or too long a text")
        raise Refusal("invalid", fault, count=1)

    def run(work: Work) -> Retried:
        return Retried(number, payments.retry(work, lookup.id_of(work.conn, number), data.token))

    return await _write(db, actor, "payments.retry", run)


@post("/{number:int}/payment/received", opt={"permission": "payments.receive"}, summary="Money came", status_code=200)
async def received(db: Db, actor: ByActor, number: Number, data: JSONBody[Receive], idempotency_key: OnceKey) -> Moved:
    """Money came by bank or over the counter. The same key again is the same money."""
    _note(data.note)

    def run(work: Work) -> Moved:
        order_id = lookup.id_of(work.conn, number)
        came = receipts.receive(work, order_id, data.amount_minor, data.note)
        return Moved(number, came, lookup.order_of(work.conn, order_id).status)

    return await once(db, actor, "payments.receive", idempotency_key, run, Moved, number, data)


@post("/{number:int}/payment/refunds", opt={"permission": "payments.refund"}, summary="Give money back",
      status_code=200)  # fmt: skip
async def refund(db: Db, actor: ByActor, number: Number, data: JSONBody[Refund], idempotency_key: OnceKey) -> Moved:
    """Gives back what was taken, all of it or so much, never more. The same key again is the same refund."""
    _note(data.note)

    def run(work: Work) -> Moved:
        order_id = lookup.id_of(work.conn, number)
        back = refunds.refund(work, order_id, data.amount_minor, data.note)
        return Moved(number, back, lookup.order_of(work.conn, order_id).status)

    return await once(db, actor, "payments.refund", idempotency_key, run, Moved, number, data)


@post("/{number:int}/payment/refunds/{refund_id:uuid}/paid", opt={"permission": "payments.refund"},
      summary="Paid back by hand", status_code=200)  # fmt: skip
async def paid(db: Db, actor: ByActor, number: Number, refund_id: FromPath[UUID]) -> Moved:
    """What came by hand was paid back by hand, as the journal asks for it."""

    def run(work: Work) -> Moved:
        order_id = lookup.id_of(work.conn, number)
        back = refunds.paid_by_hand(work, order_id, refund_id)
        return Moved(number, back, lookup.order_of(work.conn, order_id).status)

    return await _write(db, actor, "payments.paid_back", run)


def _note(text: str) -> None:
    if intake.looks_like_a_card(text):
        fault = Fault("note", "A card number is never written down.", "a note without it", "a card number")
        raise Refusal("invalid", fault, count=1)


# --- on account --------------------------------------------------------------------------------------------------


@get("/accounts", opt={"permission": "payments.accounts"}, summary="Who buys on account")
async def all_accounts(
    db: Db,
    limit: Limit = 50,
    after: Annotated[str | None, QueryParameter(max_length=254, description="The `next` of the page before.")] = None,
) -> AccountList:
    """Customers with terms of their own, by mail address, and what each owes."""
    return await db.read(partial(accounts.page, after=after, most=limit))


@put("/accounts/{email:str}", opt={"permission": "payments.accounts"}, summary="Agree terms by mail address")
async def put_account(
    db: Db, actor: ByActor, email: Annotated[str, PathParameter(max_length=254)], data: JSONBody[PutAccount]
) -> AccountView:
    """As with a customer; whoever is not known yet by this mail address is from now on."""
    if not is_mail(email):
        _refuse_unknown(data, Fault("email", "This is no mail address.", "ana@example.com", email))
    _refuse_unknown(data)
    return await _write(db, actor, "payments.account", partial(accounts.put, email=email, new=data))


@put("/{customer:uuid}/account", opt={"permission": "payments.accounts"}, summary="Agree terms with a customer")
async def put_account_of(
    db: Db,
    actor: ByActor,
    customer: Annotated[UUID, PathParameter(description="The customer's id.")],
    data: JSONBody[PutAccount],
) -> AccountView:
    """When invoices are due and how much may be owed: for orders that come from now on, over all that is open."""
    _refuse_unknown(data)
    return await _write(db, actor, "payments.account", partial(accounts.put_of, customer_id=customer, new=data))


@post("/{customer:uuid}/account/end", opt={"permission": "payments.accounts"}, summary="End terms with a customer",
      status_code=200)  # fmt: skip
async def end_account_of(
    db: Db,
    actor: ByActor,
    customer: Annotated[UUID, PathParameter(description="The customer's id.")],
    data: JSONBody[EndAccount],
) -> AccountView:
    """What they order on account from now on is held; what they owe stays owed. Agreeing terms again takes it back."""
    run = partial(accounts.end, customer_id=customer, version=data.version)
    return await _write(db, actor, "payments.account_end", run)


def _refuse_unknown(data: PutAccount, *faults: Fault) -> None:
    """Refuses what is wrong already, and a currency that there is not."""
    if data.currency not in CURRENCIES:
        faults += (Fault("currency", "There is no such currency.", "an ISO 4217 code", data.currency),)
    if faults:
        raise Refusal("invalid", *faults, count=len(faults))


# --- what gateways say -------------------------------------------------------------------------------------------


@post("/webhooks/{gateway:str}", opt={"permission": "public"}, status_code=200, summary="What a gateway says")
async def hear(
    request: Request[Any, Any, State],
    db: Db,
    state: State,
    gateway: Annotated[str, PathParameter(max_length=32, description="sandbox or stripe.")],
) -> Told:
    """Takes an event that is signed over its raw body; the same again is known. It only makes us ask the gateway."""
    found = _gateways(state).by_name.get(gateway)
    if found is None:
        raise Refusal("gateway_unknown", gateway=gateway)
    body = await request.body()
    try:
        if len(body) > NEWS_BYTES:
            raise NotProved("it is too long")
        said = found.news(request.headers, body, _clock(state).now())
    except NotProved as why:
        raise Refusal("news_not_proved", Fault("", "Not taken: {why}.", "signed by the gateway, just now",
                                               params={"why": str(why)})) from why  # fmt: skip
    run = partial(news.heard, gateway=gateway, news=_short(said))
    return Told(await _write(db, Actor(name=gateway), "payments.news", run))


def _short(said: News) -> News:
    """As far as it can be kept."""
    return msgspec.structs.replace(said, id=said.id[:200], kind=said.kind[:100])


# --- what differs ------------------------------------------------------------------------------------------------


@post("/reconciliations", opt={"permission": "payments.reconcile"}, summary="Compare with the gateway")
async def reconcile(db: Db, state: State, actor: ByActor, data: JSONBody[Reconcile]) -> RunView:
    """Begins to lay our journal beside the gateway's list; how far it is, the run's own address says."""
    found = _gateways(state)
    gateway = data.gateway or found.cards
    if gateway not in found.by_name:
        raise Refusal("gateway_unknown", gateway=gateway)
    since, until = moments.sent("since", data.since), moments.sent("until", data.until)
    start = partial(reconciling.start, gateway=gateway, since=since, until=until)
    run_id = await _write(db, actor, "payments.reconcile_start", start)
    return await db.read(partial(reconciling.view, run_id=run_id))


@get("/reconciliations", opt={"permission": "payments.reconcile"}, summary="Comparisons with gateways")
async def runs(
    db: Db,
    state: State,
    limit: Limit = 20,
    after: Annotated[UUID | None, QueryParameter(description="The `next` of the page before.")] = None,
) -> RunList:
    """What was compared, the newest first."""
    found = await db.read(partial(reconciling.page, before=after, most=limit))
    return msgspec.structs.replace(found, gateways=sorted(_gateways(state).by_name))


@get("/reconciliations/{run_id:uuid}", opt={"permission": "payments.reconcile"}, summary="One comparison")
async def run(db: Db, run_id: RunId) -> RunView:
    """How far it is, and how many payments came to which verdict."""
    return await db.read(partial(reconciling.view, run_id=run_id))


@get("/reconciliations/{run_id:uuid}/lines", opt={"permission": "payments.reconcile"}, summary="What differs")
async def lines(
    db: Db,
    run_id: RunId,
    limit: Limit = 50,
    after: Annotated[UUID | None, QueryParameter(description="The `next` of the page before.")] = None,
    verdict: Annotated[str | None, QueryParameter(max_length=32, description="Empty: what differs.")] = None,
) -> ComparedList:
    """Payments of both sides with what each says of them; without a verdict those that differ."""
    if verdict is not None and verdict not in VERDICTS:
        raise Refusal("invalid", Fault("verdict", "There is no such verdict.", ", ".join(VERDICTS), verdict), count=1)
    return await db.read(partial(reconciling.lines, run_id=run_id, verdict=verdict, after=after, most=limit))


# --- parts -------------------------------------------------------------------------------------------------------


def _gateways(state: State) -> Gateways:
    found: Gateways = state.gateways
    return found


def _clock(state: State) -> Clock:
    found: Clock = state.clock
    return found


async def _write(db: Database, actor: Actor, name: str, run: Callable[[Work], T]) -> T:
    return (await db.write(Command(run, frozenset({CORE}), actor, name))).answer


orders_router: Final = Router("/api/orders", route_handlers=[money, retry, received, refund, paid], tags=["Payments"])
customers_router: Final = Router("/api/customers", route_handlers=[put_account_of, end_account_of], tags=["Payments"])
router: Final = Router(
    "/api/payments",
    route_handlers=[all_accounts, put_account, hear, reconcile, runs, run, lines],
    tags=["Payments"],
)
