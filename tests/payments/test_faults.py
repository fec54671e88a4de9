"""The gateway-fault matrix: whatever goes wrong with whatever is asked, it ends right and is done exactly once there.

Each cell is played at the sandbox and at the stand-in for Stripe on SQLite, and at one of them on PostgreSQL.
"""

from __future__ import annotations

from functools import partial
from typing import Final
from uuid import UUID

import pytest

from server.orders.service import cancels
from server.payments.port import Call
from server.payments.service import asking, invariants, payments, refunds
from tests.payments.house import House
from tests.support.shop import order

HOURS_OF_SIX_DAYS: Final = 6 * 24 + 1
OPERATIONS: Final = {
    # operation: the payment's state when it was done, and when it was declined
    "authorise": ("authorised", "declined"),
    "reauthorise": ("authorised", "authorised"),
    "capture": ("captured", "declined"),
    "void": ("voided", "voided"),
    "refund": ("refunded", "captured"),
}
FAULTS: Final = (
    "decline", "silent_before", "silent_after", "error_500", "answered_twice", "news_first", "news_late", "crash",
)  # fmt: skip


async def ready(house: House, operation: str) -> tuple[UUID, UUID]:
    """An order for which exactly this is due next; the order and the intent."""
    shop = house.shop
    token = "ok" if house.name == "sandbox" else "cus_1/pm_visa"
    captured = await shop.capture(order(f"{house.name}-{operation}", [("HONEY", 1, 500)], token=token))
    if operation != "authorise":
        await house.worker.step()
    if operation == "reauthorise":
        shop.clock.advance(HOURS_OF_SIX_DAYS * 3600)
        paid = await house.payment(captured.id)
        assert await shop.do(partial(payments.renew, payment_id=paid.id))
    elif operation == "void":
        await shop.do(lambda work: cancels.cancel(work, captured.id))
    elif operation in ("capture", "refund"):
        (line,) = (await shop.release(captured.id)).lines
        await shop.change(line.id, "shipped", reserved=-1, picked=1, packed=1, shipped=1)
        await shop.do(partial(payments.take, order_id=captured.id))
    if operation == "refund":
        await house.worker.step()
        await shop.do(lambda work: refunds.refund(work, captured.id, None, "Broken."))
    (intent,) = await house.due()
    return captured.id, intent


async def play(house: House, fault: str, intent: UUID) -> None:
    """The fault, and then as much time as it takes."""
    door = house.door
    match fault:
        case "decline":
            door.no = "card blocked"
        case "silent_before":
            door.cut_before = 1
        case "silent_after":
            door.cut_after = 1
        case "error_500" if house.name == "stripe":
            house.fake.broken = "after"
        case "error_500":
            door.cut_after = 2  # and the question after it is not answered either
        case "answered_twice":
            door.after = partial(_answered, house)
        case "news_first":
            door.cut_after = 1
        case "crash":
            asked = await house.shop.do(partial(asking.ask, intent_id=intent, cards=house.name))
            assert asked is not None
            await getattr(door, asked.call.kind)(asked.call)
    if fault != "crash":
        assert await house.worker.step() == 1
    if fault == "news_first":
        assert await house.told(intent, f"first-{house.name}") == "taken"
        assert intent in await house.due(), "it is asked for at once"
        assert await house.told(intent, f"first-{house.name}") == "taken"
    await house.settle()
    if fault == "news_late":
        assert await house.told(intent, f"late-{house.name}") == "taken"
        await house.settle()


async def _answered(house: House, call: Call) -> None:
    said = await house.door.inner.status(call)
    assert said is not None
    await house.shop.do(partial(asking.answer, intent_id=UUID(call.key), said=said))


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("operation", OPERATIONS)
async def test_it_ends_right_and_is_done_exactly_once(
    house: House, operation: str, fault: str, request: pytest.FixtureRequest
) -> None:
    names: tuple[str, ...] = ("sandbox", "stripe")
    if "postgres" in request.node.name:  # there each cell is played at one of them
        names = (names[FAULTS.index(fault) % 2],)
    for name in names:
        house.name = name
        order_id, intent = await ready(house, operation)
        before = await house.effects()
        await play(house, fault, intent)
        done = await house.effects() - before
        yes, no = OPERATIONS[operation]
        kind = "authorise" if operation == "reauthorise" else operation
        # what is set aside anew takes the place of what stood before, which is let go
        wanted = {} if fault == "decline" else {kind: 1, **({"void": 1} if operation == "reauthorise" else {})}
        assert done == wanted, f"{name}: {house.door.asked}"
        assert (await house.payment(order_id)).state == (no if fault == "decline" else yes), name
        assert await house.shop.db.snapshot(invariants.broken) == []
        if fault in ("silent_after", "error_500", "news_first", "crash"):
            assert house.door.asked.count("status") >= 1, "asked for, not done again"
        if operation == "reauthorise":  # it would be set aside anew for ever
            await house.shop.do(partial(cancels.cancel, order_id=order_id))
            await house.settle()
