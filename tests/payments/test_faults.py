"""The gateway-fault matrix: whatever goes wrong with whatever is asked, it ends right and is done exactly once there.

Each cell is played at the sandbox and at the stand-in for Stripe on SQLite, and at one of them on PostgreSQL.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final
from uuid import UUID

import pytest

from server.core.clock import ManualClock
from server.db.database import Database
from server.orders.service import cancels
from server.payments.adapters.sandbox import FILE, SandboxGateway
from server.payments.adapters.signature import signed
from server.payments.adapters.stripe import StripeGateway
from server.payments.port import Call, Gateway, Succeeded
from server.payments.service import asking, invariants, news, payments, refunds
from server.payments.store import payments as store
from server.payments.store.payments import Payment
from server.payments.worker import Gateways, PaymentWorker
from tests.support.gateway import Watched, watching
from tests.support.shop import REACTIONS, Shop, build, order
from tests.support.stripe import KEY, SECRET, FakeStripe

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


@dataclass
class House:
    """A shop, both gateways, and the worker that new cards go to one of them by."""

    shop: Shop
    sandbox: SandboxGateway
    fake: FakeStripe
    name: str = "sandbox"

    def __post_init__(self) -> None:
        self.doors = {
            "sandbox": Watched(self.sandbox),
            "stripe": Watched(StripeGateway("https://stripe.test", KEY, SECRET, transport=self.fake.transport)),
        }

    @property
    def door(self) -> Watched:
        return self.doors[self.name]

    @property
    def worker(self) -> PaymentWorker:
        """Another one each time, as after a restart: nothing is kept in memory."""
        by_name: dict[str, Gateway] = {**self.doors}
        return PaymentWorker(watching(self.shop.db), Gateways(by_name, self.name), self.shop.clock)

    async def settle(self) -> None:
        """Lets the time go on to whatever is due, until nothing is for a while."""
        for _ in range(9):
            due = await self.shop.db.read(asking.next_due)
            wait = 3600.0 if due is None else (due - self.shop.clock.now()).total_seconds()
            if wait >= 3600:
                return
            self.shop.clock.advance(max(wait, 0))
            await self.worker.step()
        raise AssertionError(f"it never ends: {self.door.asked}")

    async def effects(self) -> Counter[str]:
        """What was really done there, by kind."""
        if self.name == "stripe":
            return Counter(kind for kind, _, _ in self.fake.did)
        kinds = (each.kind for each in self.sandbox.records() if isinstance(each.answer, Succeeded))
        return Counter("authorise" if kind == "reauthorise" else kind for kind in kinds)

    async def payment(self, order_id: UUID) -> Payment:
        found = await self.shop.db.read(lambda conn: store.of_order(conn, order_id))
        assert found is not None
        return found

    async def due(self) -> list[UUID]:
        return await self.shop.db.read(partial(asking.due, now=self.shop.clock.now(), most=9))

    async def told(self, intent: UUID, name: str) -> str:
        """The gateway says by itself that something became of this call."""
        gateway = self.doors[self.name].inner
        if self.name == "stripe":
            headers, body = self.fake.event("payment_intent.updated", self._about(intent), name)
        else:
            body = json.dumps({"id": name, "type": "call.answered", "key": str(intent)}).encode()
            headers = {"Sandbox-Signature": signed(SECRET, body, self.shop.clock.now())}
        said = gateway.news(headers, body, self.shop.clock.now())
        return await self.shop.do(partial(news.heard, gateway=self.name, news=said))

    def _about(self, intent: UUID) -> dict[str, object]:
        """The PaymentIntent in which this call is named, or the refund's."""
        for each in self.fake.payments.values():
            if str(intent) in each["metadata"].values() or f"capture_{intent.hex}" in each["metadata"]:
                return each
        for each in self.fake.refunds.values():
            if each["metadata"].get("pickwave_key") == str(intent):
                return self.fake.payments[each["payment_intent"]]
        return list(self.fake.payments.values())[-1]


@pytest.fixture
async def house(open_database: Callable[..., Awaitable[Database]], clock: ManualClock, tmp_path: Path) -> House:
    shop = await build(await open_database(reactions=REACTIONS), clock)
    return House(shop, SandboxGateway(tmp_path / FILE, clock, SECRET), FakeStripe(clock))


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
