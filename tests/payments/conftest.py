"""A shop with a sandbox gateway that is watched: no call of it may happen while a unit of work is open."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from server.core.clock import ManualClock
from server.db.database import Database
from server.payments.adapters.sandbox import FILE, SandboxGateway
from server.payments.worker import Gateways, PaymentWorker
from tests.payments.house import House
from tests.support.gateway import Watched, watching
from tests.support.shop import REACTIONS, Shop, build
from tests.support.stripe import SECRET, FakeStripe


@dataclass
class Till:
    """The shop, its gateway and who speaks to it."""

    shop: Shop
    sandbox: SandboxGateway
    gateway: Watched
    worker: PaymentWorker
    books: Path

    async def settle(self, rounds: int = 12) -> None:
        """Lets the worker and the clock go on until nothing is due any more."""
        for _ in range(rounds):
            await self.worker.step()
            self.shop.clock.advance(61)

    def taken(self) -> int:
        """All money the gateway ever took."""
        return sum(record.amount_minor for record in self.sandbox.records() if record.kind == "capture"
                   and type(record.answer).__name__ == "Succeeded")  # fmt: skip

    def standing(self) -> list[str]:
        """The authorisations in the gateway's books that nobody has let go."""
        records = [each for each in self.sandbox.records() if type(each.answer).__name__ == "Succeeded"]
        gone = {each.reference for each in records if each.kind == "void"}
        return [f"sandbox-{each.key}" for each in records if each.kind in ("authorise", "reauthorise")
                and f"sandbox-{each.key}" not in gone]  # fmt: skip

    def calls(self) -> list[str]:
        """What the gateway heard, in order."""
        return [record.kind for record in self.sandbox.records()]


@pytest.fixture
async def till(open_database: Callable[..., Awaitable[Database]], clock: ManualClock, tmp_path: Path) -> Till:
    """The till of a small shop."""
    shop = await build(await open_database(reactions=REACTIONS), clock)
    books = tmp_path / FILE
    return make_till(shop, books)


def make_till(shop: Shop, books: Path) -> Till:
    """A till over these books: another one is the same shop after a restart."""
    sandbox = SandboxGateway(books, shop.clock)
    gateway = Watched(sandbox)
    gateways = Gateways({"sandbox": gateway}, "sandbox")
    return Till(shop, sandbox, gateway, PaymentWorker(watching(shop.db), gateways, shop.clock), books)


@pytest.fixture
def again() -> Callable[[Till], Till]:
    """The till after a restart of the server: same database, same books, nothing in memory."""
    return lambda till: make_till(till.shop, till.books)


@pytest.fixture
async def house(open_database: Callable[..., Awaitable[Database]], clock: ManualClock, tmp_path: Path) -> House:
    shop = await build(await open_database(reactions=REACTIONS), clock)
    return House(shop, SandboxGateway(tmp_path / FILE, clock, SECRET), FakeStripe(clock))
