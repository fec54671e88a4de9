"""Why: an order is called off, grows, goes elsewhere or otherwise for as long as it has not ended."""

from __future__ import annotations

import asyncio
from typing import Final

from litestar import post, put
from litestar.params import JSONBody

from server.auth.guards import ByActor, Db
from server.auth.once import OnceKey, once
from server.db.work import Work
from server.orders import intake
from server.orders.api.parts import Number, Position, check_note, stands, write
from server.orders.schemas.changes import (
    Cancel,
    CancelUnits,
    Held,
    Merge,
    MoreItems,
    NewParty,
    OtherService,
    OtherSplit,
    Replacement,
)
from server.orders.service import additions, cancels, edits, lookup


@post("/{number:int}/cancel", opt={"permission": "orders.cancel"}, summary="Cancel an order", status_code=200)
async def cancel(db: Db, actor: ByActor, number: Number, data: JSONBody[Cancel]) -> Held:
    """Cancels everything that has not shipped; on the floor a stop card and a put-back follow."""
    check_note("why", data.why)

    def run(work: Work) -> Held:
        order_id = lookup.id_of(work.conn, number)
        cancels.cancel(work, order_id, data.why)
        return stands(work, order_id)

    return await write(db, actor, "orders.cancel", run)


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
    check_note("why", data.why)

    def run(work: Work) -> Held:
        order_id = lookup.id_of(work.conn, number)
        cancels.cancel_units(work, order_id, position, data.quantity, data.why)
        return stands(work, order_id)

    return await once(db, actor, "orders.cancel_units", idempotency_key, run, Held, number, position, data)


@post("/{number:int}/items", opt={"permission": "orders.edit"}, summary="Add items", status_code=200)
async def add_items(
    db: Db, actor: ByActor, number: Number, data: JSONBody[MoreItems], idempotency_key: OnceKey
) -> Held:
    """More of an item, or another one. What is on the floor goes on; what comes now is a parcel of its own then."""
    check_note("why", data.why)

    def run(work: Work) -> Held:
        order_id = lookup.id_of(work.conn, number)
        additions.add(work, order_id, data)
        return stands(work, order_id)

    return await once(db, actor, "orders.add_items", idempotency_key, run, Held, number, data)


@post("/{number:int}/lines/{position:int}/replace", opt={"permission": "orders.edit"},
      summary="Another item instead", status_code=200)  # fmt: skip
async def replace_units(
    db: Db, actor: ByActor, number: Number, position: Position, data: JSONBody[Replacement], idempotency_key: OnceKey
) -> Held:
    """Takes units of a line out of the order and another item in; both or nothing."""
    check_note("why", data.why)

    def run(work: Work) -> Held:
        order_id = lookup.id_of(work.conn, number)
        additions.replace(work, order_id, position, data)
        return stands(work, order_id)

    return await once(db, actor, "orders.replace_units", idempotency_key, run, Held, number, position, data)


@post("/{number:int}/merge", opt={"permission": "orders.edit"}, summary="Merge two orders", status_code=200)
async def merge(db: Db, actor: ByActor, number: Number, data: JSONBody[Merge], idempotency_key: OnceKey) -> Held:
    """One parcel instead of two, as long as nothing of either is on the floor. The other order is cancelled."""
    check_note("why", data.why)

    def run(work: Work) -> Held:
        order_id = lookup.id_of(work.conn, number)
        additions.merge(work, order_id, lookup.id_of(work.conn, data.order), data.why)
        return stands(work, order_id)

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
        return stands(work, order_id)

    return await write(db, actor, "orders.redirect", run)


@put("/{number:int}/service", opt={"permission": "orders.edit"}, summary="Send an order by another service")
async def change_service(db: Db, actor: ByActor, number: Number, data: JSONBody[OtherService]) -> Held:
    """It is due for that service's next truck. A label that stands must be voided first."""

    def run(work: Work) -> Held:
        order_id = lookup.id_of(work.conn, number)
        edits.change_service(work, order_id, data.service)
        return stands(work, order_id)

    return await write(db, actor, "orders.change_service", run)


@put("/{number:int}/split", opt={"permission": "orders.edit"}, summary="Send an order in parts, or at once")
async def change_split(db: Db, actor: ByActor, number: Number, data: JSONBody[OtherSplit]) -> Held:
    """In parts: what waits for the rest goes on, the rest follows. At once: what is not packed yet waits."""

    def run(work: Work) -> Held:
        order_id = lookup.id_of(work.conn, number)
        edits.change_split(work, order_id, data.split)
        return stands(work, order_id)

    return await write(db, actor, "orders.change_split", run)


HANDLERS: Final = (
    cancel, cancel_units, add_items, replace_units, merge, redirect, change_service, change_split,
)  # fmt: skip
"""Of the orders' router."""
