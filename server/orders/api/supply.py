"""Why: what is on its way and what is kept back is told by whoever buys and plans; promises follow at once."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Final
from uuid import UUID

from litestar import Router, delete, get, post, put
from litestar.params import FromPath, JSONBody, PathParameter, QueryParameter

from server.auth.guards import ByActor, Db
from server.auth.once import OnceKey, once
from server.auth.rules import in_warehouse
from server.db.base import CORE
from server.db.unit import Command
from server.orders import sourcing
from server.orders.schemas.sourcing import NewPolicy, SourcingPolicies, ZoneChart, ZoneRow
from server.orders.schemas.supply import (
    Announced,
    Arrival,
    NewReceipt,
    NewStockRule,
    ReceiptList,
    ShortageList,
    StockRuleList,
    StockRuleMade,
)
from server.orders.service import receipts, sources, supply
from server.orders.store import sources as sources_store

MOST: Final = 200
OTHERS: Final = "others"
"""In an address the channels that have no policy of their own."""
Warehouse = Annotated[int, PathParameter(ge=1, le=32_767, description="The warehouse's number.")]
After = Annotated[UUID | None, QueryParameter(description="The id after which the page begins.")]
Limit = Annotated[int, QueryParameter(ge=1, le=MOST, description="How many at most.")]


@get("/{warehouse:int}/receipts", opt={"permission": "stock.plan"}, summary="Expected receipts")
async def expected(
    db: Db,
    actor: ByActor,
    warehouse: Warehouse,
    all_: Annotated[bool, QueryParameter(name="all", description="Also those that have ended.")] = False,
    after: After = None,
    limit: Limit = 50,
) -> ReceiptList:
    """What is on its way to this warehouse, in the order in which it was announced."""
    in_warehouse(actor.warehouse, warehouse)
    return await db.read(partial(supply.receipts, warehouse=warehouse, ended=all_, after=after, limit=limit))


@post("/{warehouse:int}/receipts", opt={"permission": "stock.plan"}, summary="Announce goods", status_code=200)
async def announce(db: Db, actor: ByActor, warehouse: Warehouse, data: JSONBody[NewReceipt]) -> Announced:
    """Says what comes and when. The same reference and item again changes quantity and day: promises move with it."""
    in_warehouse(actor.warehouse, warehouse)
    run = partial(receipts.announce, warehouse=warehouse, new=data)
    return (await db.write(Command(run, frozenset({CORE}), actor, "receipts.announce"))).answer


@post("/{warehouse:int}/receipts/{receipt:uuid}/arrivals", opt={"permission": "stock.plan"},
      summary="Goods have come", status_code=200)  # fmt: skip
async def arrive(
    db: Db,
    actor: ByActor,
    warehouse: Warehouse,
    receipt: FromPath[UUID],
    data: JSONBody[Arrival],
    idempotency_key: OnceKey,
) -> Announced:
    """Books units into a bin; who was promised first gets them first. More than was announced is taken too."""
    in_warehouse(actor.warehouse, warehouse)
    run = partial(receipts.arrive, receipt_id=receipt, arrival=data, warehouse=warehouse)
    streams = {CORE, warehouse}
    return await once(db, actor, "receipts.arrive", idempotency_key, run, Announced, receipt, data, streams=streams)


@post("/{warehouse:int}/receipts/{receipt:uuid}/cancel", opt={"permission": "stock.plan"},
      summary="Goods do not come", status_code=200)  # fmt: skip
async def cancel(db: Db, actor: ByActor, warehouse: Warehouse, receipt: FromPath[UUID]) -> Announced:
    """What has not come is expected no more; what was promised out of it is promised anew."""
    in_warehouse(actor.warehouse, warehouse)
    run = partial(receipts.cancel, receipt_id=receipt, warehouse=warehouse)
    return (await db.write(Command(run, frozenset({CORE}), actor, "receipts.cancel"))).answer


@get("/", opt={"permission": "stock.plan"}, summary="What is kept back")
async def rules(db: Db, after: After = None, limit: Limit = 50) -> StockRuleList:
    """The rules that keep units back from being promised."""
    return await db.read(partial(supply.rules, after=after, limit=limit))


@post("/", opt={"permission": "stock.keep_back"}, summary="Keep stock back")
async def keep_back(db: Db, actor: ByActor, data: JSONBody[NewStockRule]) -> StockRuleMade:
    """A safety stock for nobody, units for one channel or customer, or a channel's share. It binds from now on."""
    run = partial(receipts.keep_back, new=data)
    return StockRuleMade((await db.write(Command(run, frozenset({CORE}), actor, "stock_rules.add"))).answer)


@delete("/{rule:uuid}", opt={"permission": "stock.keep_back"}, summary="Keep it back no more")
async def drop_rule(db: Db, actor: ByActor, rule: FromPath[UUID]) -> None:
    """Who waits for these units is promised them with the next look."""
    run = partial(receipts.drop_rule, rule_id=rule)
    await db.write(Command(run, frozenset({CORE}), actor, "stock_rules.drop"))


# --- from where


@get("/", opt={"permission": "stock.plan"}, summary="How the warehouse is chosen")
async def policies(db: Db) -> SourcingPolicies:
    """By which figures the warehouse is chosen that sends an order, for each channel."""
    return _policies(await db.read(sources_store.policies))


@put("/{channel:str}", opt={"permission": "stock.keep_back"}, summary="Choose how the warehouse is chosen")
async def set_policy(
    db: Db,
    actor: ByActor,
    channel: Annotated[str, PathParameter(max_length=32, description="A channel, or `others`.")],
    data: JSONBody[NewPolicy],
) -> SourcingPolicies:
    """It counts for orders that come from now on."""
    run = partial(sources.set_policy, channel="" if channel == OTHERS else channel, policy=data.policy)
    return _policies((await db.write(Command(run, frozenset({CORE}), actor, "sourcing.policy"))).answer)


def _policies(channels: dict[str, str]) -> SourcingPolicies:
    return SourcingPolicies(channels, {name: list(figures) for name, figures in sourcing.POLICIES.items()})


@get("/{warehouse:int}/zone-chart", opt={"permission": "stock.plan"}, summary="The carriers' zones")
async def zone_chart(db: Db, actor: ByActor, warehouse: Warehouse) -> ZoneChart:
    """How far, and how dear, each postal area is from this warehouse."""
    in_warehouse(actor.warehouse, warehouse)
    return ZoneChart(await db.read(partial(sources.chart, warehouse=warehouse)))


@put("/{warehouse:int}/zone-chart", opt={"permission": "stock.keep_back"}, summary="Set the carriers' zones")
async def set_zone_chart(db: Db, actor: ByActor, warehouse: Warehouse, data: JSONBody[ZoneChart]) -> ZoneChart:
    """The whole chart; the one before is gone. Of two prefixes that fit a postal code the longer one counts."""
    run = partial(sources.set_chart, warehouse=warehouse, rows=data.rows)
    return ZoneChart((await db.write(Command(run, frozenset({CORE}), actor, "sourcing.chart"))).answer)


@put("/{warehouse:int}/zone-chart/rows", opt={"permission": "stock.keep_back"}, summary="Set one zone")
async def put_zone(db: Db, actor: ByActor, warehouse: Warehouse, data: JSONBody[ZoneRow]) -> ZoneChart:
    """One row of the chart, in the place of the one for that prefix; the whole chart comes back."""
    run = partial(sources.put_zone, warehouse=warehouse, row=data)
    return ZoneChart((await db.write(Command(run, frozenset({CORE}), actor, "sourcing.zone"))).answer)


@delete("/{warehouse:int}/zone-chart/rows", opt={"permission": "stock.keep_back"}, summary="Forget one zone")
async def drop_zone(
    db: Db,
    actor: ByActor,
    warehouse: Warehouse,
    country: Annotated[str, QueryParameter(max_length=2, description="Two letters.")],
    prefix: Annotated[str, QueryParameter(max_length=12, description="Of the postal code; empty: the country.")] = "",
) -> None:
    """That prefix is as its country is from now on, or unknown."""
    run = partial(sources.drop_zone, warehouse=warehouse, country=country, prefix=prefix)
    await db.write(Command(run, frozenset({CORE}), actor, "sourcing.drop_zone"))


@get("/{warehouse:int}/supply", opt={"permission": "stock.plan"}, summary="What waits for goods")
async def shortages(
    db: Db,
    actor: ByActor,
    warehouse: Warehouse,
    after: Annotated[str | None, QueryParameter(max_length=60, description="The SKU after which it begins.")] = None,
    limit: Limit = 50,
) -> ShortageList:
    """Items for which orders wait: units without a day, units out of deliveries, and when the next one comes."""
    in_warehouse(actor.warehouse, warehouse)
    return await db.snapshot(partial(supply.shortages, warehouse=warehouse, after=after, limit=limit))


receipts_router: Final = Router(
    "/api/warehouses",
    route_handlers=[
        expected,
        announce,
        arrive,
        cancel,
        shortages,
        zone_chart,
        set_zone_chart,
        put_zone,
        drop_zone,
    ],
    tags=["Promises"],
)
rules_router: Final = Router("/api/stock-rules", route_handlers=[rules, keep_back, drop_rule], tags=["Promises"])
sourcing_router: Final = Router("/api/sourcing", route_handlers=[policies, set_policy], tags=["Promises"])
