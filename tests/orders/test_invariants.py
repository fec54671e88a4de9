"""Whatever is done to orders in whatever order, their facts hold and every status is the derived one."""

from __future__ import annotations

import random
from uuid import UUID

import msgspec
import pytest
import sqlalchemy as sa

from server.core.ids import new_id
from server.core.refusal import Refusal
from server.db import log
from server.orders.models import fulfilment, fulfilment_line
from server.orders.models import order as orders_table
from server.orders.rules import Facts, FactsWrong, Payment
from server.orders.service import cancels, fulfilments, invariants, lookup, money
from server.orders.service import holds as order_holds
from server.orders.service import statuses as order_statuses
from server.orders.store import fulfilments as fulfilment_store
from server.orders.store import orders
from server.payments.service import invariants as payment_invariants
from tests.support.shop import Shop, order

CHANGES: tuple[tuple[str, dict[str, int]], ...] = (
    ("picked", {"reserved": -1, "picked": 1}),
    ("over_picked", {"to_put_back": 1}),
    ("undone", {"reserved": 1, "picked": -1}),
    ("shorted", {"reserved": -1, "backordered": 1}),
    ("reallocated", {"reserved": 1, "backordered": -1}),
    ("packed", {"packed": 1}),
    ("unpacked", {"packed": -1}),
    ("shipped", {"shipped": 1}),
    ("put_back", {"to_put_back": -1}),
    ("returned", {"returned": 1}),
)

PAYMENTS: tuple[Payment, ...] = ("authorised", "declined")


async def broken(shop: Shop) -> list[str]:
    return await shop.db.snapshot(lambda conn: [*invariants.broken(conn), *payment_invariants.broken(conn)])


async def follow(shop: Shop, after: int) -> int:
    """The orders catch up with the warehouse's stream; gives how far that is."""
    events = await shop.db.read(lambda conn: log.tail(conn, 1, after, 1000))
    for event in events:
        if event.type == "fulfilment.changed":
            order_id = UUID(event.payload["order"])
            if await shop.db.read(lambda conn, of=order_id: order_statuses.is_behind(conn, of)):  # type: ignore[misc]
                await shop.refresh(order_id)
    return events[-1].position if events else after


async def _step(shop: Shop, dice: random.Random, ids: list[UUID], holds: list[UUID]) -> None:
    kind = dice.choices(
        ("capture", "release", "wave", "change", "hold", "let_go", "cancel", "paid"), (2, 2, 1, 12, 1, 2, 1, 2)
    )[0]
    if kind == "capture" or not ids:
        new = order(f"R-{len(ids)}", [("HONEY", dice.randint(1, 4), 100), ("TEA", dice.randint(1, 2), 50)])
        ids.append((await shop.capture(new)).id)
        return
    chosen = dice.choice(ids)
    if kind == "paid":
        params = {"amount": "1.00 EUR", "why": "no"}
        state = dice.choice(PAYMENTS)
        found = await shop.db.read(lambda conn: lookup.order_of(conn, chosen))
        if found.payment != "voided":
            what = f"payment_{state}"
            await shop.do(lambda work: money.record(work, chosen, state, what, params))
    elif kind == "release":
        await shop.release(chosen, HONEY=dice.randint(0, 1), TEA=1)
    elif kind == "wave":
        wave = new_id()
        part = await shop.release(chosen, wave)
        if dice.random() < 0.5:
            await shop.do(lambda work: fulfilments.withdraw(work, part.id), 0, 1)
        else:
            await shop.do(lambda work: fulfilments.reveal(work, 1, wave), 1)
    elif kind == "hold":
        holds.append(await shop.do(lambda work: order_holds.hold(work, chosen)))
    elif kind == "let_go":
        page = await shop.page((await shop.db.read(lambda conn: lookup.order_of(conn, chosen))).number)
        for hold in page.holds:
            if hold.releasable:
                await shop.do(lambda work, hold=hold: order_holds.release(work, hold.id))  # type: ignore[misc]
    elif kind == "cancel":
        await shop.do(lambda work: cancels.cancel(work, chosen, "by chance"))
    else:
        lines = await shop.db.read(lambda conn: fulfilment_store.lines_of_order(conn, chosen))
        if lines:
            what, deltas = dice.choice(CHANGES)
            await shop.change(dice.choice(lines).id, what, {"reason": "by chance"}, **deltas)


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_happens_facts_hold_and_statuses_follow(shop: Shop, seed: int) -> None:
    dice = random.Random(seed)
    ids: list[UUID] = []
    holds: list[UUID] = []
    followed, refused = 0, 0
    for _ in range(70):
        try:
            await _step(shop, dice, ids, holds)
        except (Refusal, FactsWrong):
            refused += 1
        followed = await follow(shop, followed)
    words = [row for row in await broken(shop) if "payment is" not in row]  # the gateway's side was made up
    assert words == []
    assert refused < 70
    statuses = {row[0] for row in await shop.ask(sa.select(orders_table.c.status))}
    assert len(statuses) > 1


async def test_the_check_finds_what_is_broken_on_purpose(shop: Shop) -> None:
    captured = await shop.capture(order(method="prepaid", token=""))
    part = await shop.release(captured.id)
    assert await broken(shop) == []
    wrong = sa.update(fulfilment_line).where(fulfilment_line.c.warehouse_id == 1).values(picked=2, reserved=0)
    await shop.do(lambda work: work.execute(wrong) and None, 1)
    assert [row.rpartition(":")[2] for row in await broken(shop)] == [
        " its facts say picked, it says released",
        " its facts say picked, it says released",
    ]
    waits = sa.update(fulfilment_line).where(fulfilment_line.c.warehouse_id == 1).values(picked=0, backordered=1)
    await shop.do(lambda work: work.execute(waits) and None, 1)
    assert any("wait without a reason" in row for row in await broken(shop))
    lost = sa.update(fulfilment_line).where(fulfilment_line.c.warehouse_id == 1).values(ordered=1)
    await shop.do(lambda work: work.execute(lost) and None, 1)
    assert any("the warehouses were given 1" in row for row in await broken(shop))
    assert part.lines[0].facts == Facts(2, reserved=2)


async def test_money_that_was_taken_without_an_answer_is_found(shop: Shop) -> None:
    captured = await shop.capture()
    await shop.do(lambda work: orders.set_payment(work.conn, captured.id, "captured", "ok", None, 5, 5))
    assert any("the order says captured with 5" in row for row in await broken(shop))


async def test_an_order_is_behind_only_when_its_status_moves(shop: Shop) -> None:
    captured = await shop.capture(order(lines=[("HONEY", 4, 100)], method="prepaid", token=""))
    (line,) = (await shop.release(captured.id)).lines
    followed = await follow(shop, 0)
    for _ in range(3):
        await shop.change(line.id, "picked", reserved=-1, picked=1)
    await follow(shop, followed)
    changed = [
        msgspec.json.decode(each.text)["status"]
        for each in await shop.db.read(lambda conn: log.tail(conn, 0, 0, 1000))
        if each.type == "order.status_changed"
    ]
    assert changed == ["released", "picking"]
    assert await shop.ask(sa.select(fulfilment.c.status)) == [("picking",)]
