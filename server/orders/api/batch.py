"""Why: who brings many orders asks once for all of them; each is whole, and each has its own answer, in order."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec
from litestar import Request, Router, post
from litestar.datastructures import State
from litestar.openapi import ResponseSpec

from server.auth.guards import ByActor, Db
from server.core.refusal import Fault, FaultShown, Refusal, told
from server.core.words import Language
from server.db.database import Database
from server.db.work import Actor
from server.orders.schemas.captures import Batched, BatchRow, Captured, NewOrder
from server.orders.service.captures import AT_ONCE
from server.orders.taker import take_in
from server.web.body import decode, unpack
from server.web.problems import language

MOST: Final = 500


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
    spoken = language(request.scope)
    for at in range(0, len(raws), AT_ONCE):
        rows += await _slice(db, actor, at, raws[at : at + AT_ONCE], spoken)
    captured = sum(row.captured is not None for row in rows)
    first = sum(row.captured is not None and row.captured.first for row in rows)
    return Batched(rows, captured=first, known=captured - first, refused=len(rows) - captured)


def _orders(body: bytes) -> list[bytes]:
    """The orders as they stand in the batch; refuses what is none."""
    envelope = unpack(body, _Envelope)
    if not 1 <= len(envelope.orders) <= MOST:
        fault = Fault("orders", "A batch has orders.", "1 to {most}", str(len(envelope.orders)), {"most": MOST})
        raise Refusal("invalid", fault, count=1)
    return [bytes(each) for each in envelope.orders]


async def _slice(db: Database, actor: Actor, first: int, raws: Sequence[bytes], spoken: Language) -> list[BatchRow]:
    read = await asyncio.to_thread(lambda: [_read(raw) for raw in raws])
    sound = [each for each in read if isinstance(each, NewOrder)]
    taken = iter(await take_in(db, actor, sound) if sound else ())
    became = [each if isinstance(each, Refusal) else next(taken) for each in read]
    return [_row(f"orders[{first + n}]", each, spoken) for n, each in enumerate(became)]


def _read(raw: bytes) -> NewOrder | Refusal:
    """An order, or what is wrong with its shape."""
    try:
        return decode(raw, NewOrder)
    except Refusal as refusal:
        return refusal


def _row(at: str, taken: Captured | Refusal, spoken: Language) -> BatchRow:
    if isinstance(taken, Captured):
        return BatchRow(captured=taken)
    return BatchRow(code=taken.code, faults=_placed(at, told(taken.faults, spoken)))


def _placed(at: str, faults: Iterable[FaultShown]) -> list[FaultShown]:
    """The faults at their place in the batch."""
    return [msgspec.structs.replace(each, field=f"{at}.{each.field}" if each.field else at) for each in faults]


def _described() -> tuple[dict[str, Any], dict[str, Any]]:
    (found,), parts = msgspec.json.schema_components((NewBatch,), ref_template="#/components/schemas/{name}")
    parts["NewBatch"]["properties"]["orders"] |= {"minItems": 1, "maxItems": MOST}
    return found, parts


RAW_BODIES: Final = {"/api/orders/batch": _described()}
"""An order of the batch is read by itself, so that a wrong one spoils no other; who writes a client sees its shape."""

router: Final = Router("/api/orders", route_handlers=[capture_many], tags=["Orders"])
