"""Why: who brings many orders asks once for all of them; each is whole, and each has its own answer, in order."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, Final

import msgspec
from litestar import Request, Router, post
from litestar.datastructures import State
from litestar.openapi import ResponseSpec

from server.auth.guards import ByActor, Db
from server.core.refusal import Fault, Refusal
from server.db.base import CORE
from server.db.database import Database
from server.db.unit import Command, Lane
from server.db.work import Actor
from server.orders import intake
from server.orders.schemas import Batched, BatchRow, NewOrder
from server.orders.service import captures
from server.policies import service as policies
from server.web.body import decode

MOST: Final = 500
SLICE: Final = 50
"""So many orders are looked at and written together, so that scans pass between them."""


class _Envelope(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    orders: list[msgspec.Raw]


class NewBatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Orders to be taken in, each by itself."""

    orders: list[NewOrder]


@post(
    "/batch",
    opt={"permission": "orders.capture"},
    status_code=200,
    summary="Capture many orders",
    responses={200: ResponseSpec(Batched, description="One answer an order, in their order.")},
)
async def capture_many(request: Request[Any, Any, State], db: Db, actor: ByActor) -> Batched:
    """Takes up to 500 orders in, each whole or not at all, and each once by its channel and external reference.

    Answers 200 with a row for each: what was captured (`first: false` where it was there), or its code and its faults
    with the place in the batch, such as `orders[3].lines[0].sku`. Only what is no batch is refused as one.
    """
    raws = _orders(await request.body())
    rows: list[BatchRow] = []
    for at in range(0, len(raws), SLICE):
        rows += await _slice(db, actor, at, raws[at : at + SLICE])
    captured = sum(row.captured is not None for row in rows)
    first = sum(row.captured is not None and row.captured.first for row in rows)
    return Batched(rows, captured=first, known=captured - first, refused=len(rows) - captured)


def _orders(body: bytes) -> list[bytes]:
    """The orders as they stand in the batch; refuses what is none."""
    envelope = decode(body, _Envelope)
    if not 1 <= len(envelope.orders) <= MOST:
        fault = Fault("orders", "A batch has orders.", f"1 to {MOST}", str(len(envelope.orders)))
        raise Refusal("invalid", fault, count=1)
    return [bytes(each) for each in envelope.orders]


async def _slice(db: Database, actor: Actor, first: int, raws: Sequence[bytes]) -> list[BatchRow]:
    read = await asyncio.to_thread(lambda: [_read(raw) for raw in raws])
    sound = [each for each in read if isinstance(each, NewOrder)]
    looked, unready = await db.read(lambda conn: (captures.look_over(conn, sound), policies.unready(conn)))
    if unready:
        await asyncio.to_thread(policies.prepare, unready)
    faults = {id(new): found.faults for new, found in zip(sound, looked, strict=True) if not found.there}
    return list(
        await asyncio.gather(
            *(_one(db, actor, f"orders[{first + n}]", each, faults.get(id(each), ())) for n, each in enumerate(read))
        )
    )


def _read(raw: bytes) -> NewOrder | Refusal:
    """An order with the slow part of looking at it done, or what is wrong with its shape."""
    try:
        new = decode(raw, NewOrder)
    except Refusal as refusal:
        return refusal
    intake.look(new)
    return new


async def _one(db: Database, actor: Actor, at: str, read: NewOrder | Refusal, faults: Sequence[Fault]) -> BatchRow:
    if isinstance(read, Refusal):
        return BatchRow(code=read.code, faults=_placed(at, read.faults))
    if faults:
        return BatchRow(code="order_invalid", faults=_placed(at, faults))
    command = Command(partial(captures.capture, new=read), frozenset({CORE}), actor, "orders.capture", lane=Lane.BULK)
    try:
        return BatchRow(captured=(await db.write(command)).answer)
    except Refusal as refusal:
        return BatchRow(code=refusal.code, faults=_placed(at, refusal.faults))


def _placed(at: str, faults: Iterable[Fault]) -> list[Fault]:
    """The faults at their place in the batch."""
    return [msgspec.structs.replace(each, field=f"{at}.{each.field}" if each.field else at) for each in faults]


def _described() -> tuple[dict[str, Any], dict[str, Any]]:
    (found,), parts = msgspec.json.schema_components((NewBatch,), ref_template="#/components/schemas/{name}")
    parts["NewBatch"]["properties"]["orders"] |= {"minItems": 1, "maxItems": MOST}
    return found, parts


RAW_BODIES: Final = {"/api/orders/batch": _described()}
"""An order of the batch is read by itself, so that a wrong one spoils no other; who writes a client sees its shape."""

router: Final = Router("/api/orders", route_handlers=[capture_many], tags=["Orders"])
