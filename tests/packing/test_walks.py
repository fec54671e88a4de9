"""Whatever is done at a bench, in whatever order: the books hold after every step, and the order can be ended."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Any
from uuid import UUID

import pytest

from server.core.refusal import Refusal
from server.orders.service import captures, money
from server.orders.service import holds as order_holds
from server.packing.schemas import AcceptWeight, CartonView
from server.packing.service import weights
from server.shipping import service as shipping
from tests.support.bench import Bench
from tests.support.world import capture, gtin, new_order, release

GOODS = {"MILK": 3, "OATS": 2}
STEPS = 25


@dataclass
class Walk:
    """Somebody who does anything that a screen or a supervisor could ask for, by chance."""

    bench: Bench
    chance: Random
    order: UUID
    part: UUID
    tote: str
    holds: list[UUID] = field(default_factory=list)

    async def step(self) -> str:
        """One thing that may be done, refused or not; what it was."""
        name = self.chance.choice([name for name, weight in ACTS.items() for _ in range(weight)])
        with suppress(Refusal):
            await getattr(self, name)()
        return name

    async def _do(self, run: Callable[..., Any]) -> None:
        await self.bench.world.both(run)

    async def _carton(self, then: Callable[[CartonView], Awaitable[object]]) -> None:
        """Something with one of the cartons on the bench, where there is one."""
        shown = (await self.bench.view()).orders.get(str(self.part))
        cartons = [] if shown is None else [each for each in (shown.carton, shown.filling) if each is not None]
        if cartons:
            await then(self.chance.choice(cartons))

    def _item(self) -> dict[str, Any]:
        code = gtin(list(self.bench.world.items).index(self.chance.choice([*GOODS])))
        return {"station": self.bench.station, "fulfilment": self.part, "tote": self.tote, "item": code}

    async def open(self) -> None:
        await self.bench.open(self.tote)

    async def item(self) -> None:
        await self.bench.hands.did("pack.item", **self._item(), qty=self.chance.choice([1, 1, 2]))

    async def short(self) -> None:
        reason = self.chance.choice(["missing", "damaged"])
        await self.bench.hands.did("pack.short", **self._item(), missing=1, reason=reason)

    async def type(self) -> None:
        body = {"fulfilment": self.part, "carton_type": self.chance.choice("SM")}
        await self.bench.hands.did("pack.carton", **body, new=self.chance.random() < 0.6)

    async def undo(self) -> None:
        await self.bench.hands.did("pack.undo", fulfilment=self.part)

    async def carrier(self) -> None:
        await self.bench.label_worker().step()

    async def weigh(self) -> None:
        await self._carton(lambda each: self.bench.hands.did("pack.weigh", carton=each.id, grams=each.expected_g))

    async def close(self) -> None:
        await self.bench.print_waiting()
        await self._carton(lambda each: self.bench.hands.did("pack.close", carton=each.id, sscc=f"(00){each.sscc}"))

    async def reprint(self) -> None:
        await self._carton(lambda each: self.bench.hands.did("pack.reprint", carton=each.id))

    async def void(self) -> None:
        await self._carton(lambda each: self._do(partial(shipping.void_label, warehouse=1, carton_id=each.id)))

    async def retry(self) -> None:
        await self._carton(lambda each: self._do(partial(shipping.retry_label, warehouse=1, carton_id=each.id)))

    async def accept(self) -> None:
        body = AcceptWeight(grams=9, why="a balloon")
        accepts = partial(weights.accept_weight, warehouse=1, body=body)
        await self._carton(lambda each: self._do(partial(accepts, carton_id=each.id)))

    async def hold(self) -> None:
        self.holds.append(await self.bench.world.both(lambda work: order_holds.hold(work, self.order, note="stop")))

    async def let_go(self) -> None:
        if self.holds:
            await self._do(partial(order_holds.release, hold_id=self.holds.pop()))

    async def end(self) -> None:
        """Everything that is left is packed, labelled, weighed and closed."""
        while self.holds:
            with suppress(Refusal):
                await self.let_go()
        for sku in GOODS:
            line = await self.bench.line(sku)
            for _ in range(line.picked - line.packed):
                await self.bench.item(self.part, sku, tote=self.tote)
        for _ in range(6):
            with suppress(Refusal):
                await self.retry()
            for act in (self.carrier, self.weigh, self.close):
                await act()


ACTS = {
    "item": 4, "short": 2, "type": 2, "undo": 1, "carrier": 2, "weigh": 2, "close": 2, "reprint": 1, "void": 1,
    "retry": 1, "accept": 1, "hold": 1, "let_go": 1, "open": 1,
}  # fmt: skip


async def _begun(bench: Bench, seed: int, split: str) -> Walk:
    await capture(bench.world, "R-0", {"TEA": 2})
    made = await bench.world.both(lambda work: captures.capture(work, new_order("R-1", GOODS, split=split)))
    paid = {"amount": "5.00"}
    await bench.world.both(lambda work: money.record(work, made.id, "authorised", "payment_authorised", paid))
    await release(bench.world)
    await bench.pick_all()
    part = await bench.part(made.id)
    for tote in ("T-0001", "T-0002"):
        await bench.open(tote)
    tote = next(each.code for each in (await bench.view()).totes.values() if part in each.orders)
    return Walk(bench, Random(seed), made.id, part, tote)


@pytest.mark.parametrize(("seed", "split"), [(3, "ship_available"), (28, "ship_available"), (5, "ship_complete")])
async def test_the_books_hold_after_every_step_and_what_was_picked_leaves(bench: Bench, seed: int, split: str) -> None:
    walk = await _begun(bench, seed, split)
    did = []
    for _ in range(STEPS):
        did.append(await walk.step())
        assert await bench.whole() == [], did
    await walk.end()
    assert await bench.whole() == []
    lines = [await bench.line(sku) for sku in GOODS]
    if split == "ship_complete" and any(line.backordered for line in lines):
        assert [line.shipped for line in lines] == [0, 0], did
    else:
        assert all(line.shipped == line.packed == line.picked for line in lines), did
