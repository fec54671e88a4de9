"""A shop with both gateways, each behind a door at which anything may go wrong."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from server.payments.adapters.sandbox import SandboxGateway
from server.payments.adapters.signature import signed
from server.payments.adapters.stripe import StripeGateway
from server.payments.port import Gateway, Succeeded
from server.payments.service import asking, news
from server.payments.store import payments as store
from server.payments.store.payments import Payment
from server.payments.worker import Gateways, PaymentWorker
from tests.support.gateway import Watched, watching
from tests.support.shop import Shop
from tests.support.stripe import KEY, SECRET, FakeStripe


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
