"""An order that ships in parts, at Stripe: taken in parts where it lets us, else set aside anew; the books agree."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest

from server.orders.service import cancels
from server.payments.reconciler import Reconciler
from server.payments.schemas import RunView
from server.payments.service import invariants, payments, reconciling, refunds
from tests.payments.house import House
from tests.support.shop import order


async def sold(house: House, token: str) -> tuple[UUID, UUID]:
    """Three units at the gateway, released; the order and its line."""
    house.name = "stripe"
    captured = await house.shop.capture(order(lines=[("HONEY", 3, 500)], token=token))
    await house.worker.step()
    (line,) = (await house.shop.release(captured.id)).lines
    return captured.id, line.id


async def ship(house: House, order_id: UUID, line: UUID, quantity: int) -> None:
    deltas = {"reserved": -quantity, "picked": quantity, "packed": quantity, "shipped": quantity}
    await house.shop.change(line, "shipped", None, **deltas)
    await house.shop.do(partial(payments.take, order_id=order_id))
    await house.settle()


async def compared(house: House) -> RunView:
    """Our journal beside Stripe's list."""
    now = house.shop.clock.now()
    since, until = now - timedelta(days=60), now + timedelta(days=1)
    run_id = await house.shop.do(partial(reconciling.start, gateway="stripe", since=since, until=until))
    assert await Reconciler(house.shop.db, house.doors, house.shop.clock, pause=0).compare(run_id)
    return await house.shop.db.read(partial(reconciling.view, run_id=run_id))


@pytest.mark.parametrize(
    ("token", "done"),
    [
        ("cus_1/pm_many", {"authorise": 1, "capture": 2}),
        ("cus_1/pm_visa", {"authorise": 2, "capture": 2}),
    ],
)
async def test_each_part_is_taken_once_and_both_books_say_so(house: House, token: str, done: dict[str, int]) -> None:
    order_id, line = await sold(house, token)
    assert (await compared(house)).counts["same"] == 1
    await ship(house, order_id, line, 1)
    run = await compared(house)
    assert (run.differences, run.counts["same"]) == (0, done["authorise"])
    await ship(house, order_id, line, 2)
    assert await house.effects() == done
    paid = await house.payment(order_id)
    assert (paid.state, paid.captured_minor) == ("captured", 1990)
    assert sum(each["amount_received"] for each in house.fake.payments.values()) == 1990
    await house.shop.do(lambda work: refunds.refund(work, order_id, 1200, "Broken."))
    await house.settle()
    assert (await house.payment(order_id)).refunded_minor == 1200
    assert (await compared(house)).differences == 0
    assert await house.shop.db.snapshot(invariants.broken) == []


async def test_what_is_left_of_a_cancelled_order_is_let_go_there_too(house: House) -> None:
    order_id, line = await sold(house, "cus_1/pm_many")
    await ship(house, order_id, line, 1)
    await house.shop.do(lambda work: cancels.cancel(work, order_id))
    await house.settle()
    (payment,) = house.fake.payments.values()
    assert (payment["status"], payment["amount_received"], payment["amount_capturable"]) == ("canceled", 990, 0)
    assert (await compared(house)).differences == 0


async def test_money_that_somebody_moved_over_there_is_found(house: House) -> None:
    order_id, line = await sold(house, "cus_1/pm_visa")
    await ship(house, order_id, line, 3)
    (payment,) = house.fake.payments.values()
    payment["latest_charge"]["amount_refunded"] += 100  # by hand, on Stripe's own pages
    run = await compared(house)
    assert (run.differences, run.counts["other_amount"]) == (1, 1)
    page = await house.shop.db.read(partial(reconciling.lines, run_id=run.id, verdict=None, after=None, most=9))
    assert page.items[0].theirs is not None
    assert page.items[0].ours is not None
    assert (page.items[0].ours.refunded_minor, page.items[0].theirs.refunded_minor) == (0, 100)
