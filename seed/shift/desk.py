"""Why: new orders keep coming, from three channels; some are wrong, some are held, some are no longer wanted.

The desk does over HTTP what its screens do. Names, streets and towns are the demo's own.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final, NamedTuple

import httpx

from seed.customers import COUNTRIES
from seed.model import Demo, Item, Service
from seed.shift.caller import Caller
from seed.shift.mistakes import Dealer
from seed.shift.pauses import Pauses
from seed.shift.report import Tally

Body = dict[str, Any]

WEIGHTS: Final = {"A": 12, "B": 4, "C": 1}
"""How often an item is ordered, by its velocity."""
LINES: Final = ((1, 2, 3, 4, 5), (35, 25, 20, 12, 8))
UNITS: Final = ((1, 2, 3, 4), (60, 25, 10, 5))
CHANNELS: Final = {"web": 6, "market": 3, "phone": 1}
FOREIGN_ORDERS: Final = 0.15
ENOUGH: Final = 60
"""Orders that may wait for a wave; with more the shop is closed for a while."""
MOST_GRAMS: Final = 12_000


class Wish(NamedTuple):
    """What shall still happen, to which order (0: to any that is as far as that), and not before when."""

    name: str
    order: int
    due: float


@dataclass
class Desk:
    """Customers, and those who speak with them."""

    caller: Caller
    demo: Demo
    run: str
    """A name for this run: references of orders are never used twice."""
    pickers: int
    pauses: Pauses
    dealer: Dealer
    tally: Tally
    dice: random.Random
    _numbers: Any = field(default_factory=lambda: count(1))
    _wishes: list[Wish] = field(default_factory=list)

    async def work(self) -> None:
        """Takes orders until the day is over."""
        while True:
            if await self._how_many("ready") < ENOUGH:
                await self._serve()
            await self._speak()
            await self.pauses.take("order", share=2 / self.pickers)

    # --- orders come

    async def _serve(self) -> None:
        name = self.dealer.next("order")
        body = self.order()
        if name in SPOILT:
            SPOILT[name](body)
        answer = await self._capture(body)
        if name is None:
            return
        await self.pauses.take("call")
        if name == "sent_twice":
            again = await self._capture(body)
            self.tally.mistake(name, "replayed" if again.headers.get("Idempotent-Replayed") else str(again.status_code))
        elif name in SPOILT:
            await self._spoilt(name, answer)
        else:
            self._wish(name)

    def order(self) -> Body:
        """An order as its channel sends it."""
        channel = self.dice.choices(self.demo.channels, [CHANNELS[each.code] for each in self.demo.channels])[0]
        land = self.dice.choice(["AT", "FR", "NL", "PL"]) if self.dice.random() < FOREIGN_ORDERS else "DE"
        service = self.dice.choice([each for each in self.demo.services if land in each.countries])
        basket = self._basket(service)
        lines = [{"sku": item.sku, "quantity": units, "price_minor": item.price} for item, units in basket]
        items = sum(units * item.price for item, units in basket)
        reference = f"{channel.prefix}{self.run}-{next(self._numbers)}"
        return {
            "channel": channel.code, "external_ref": reference, "currency": "EUR", "lines": lines,
            "totals": {"items_minor": items, "shipping_minor": service.price, "total_minor": items + service.price},
            **self._customer(land, reference), "payment": {"method": "card", "token": "ok"},
            "service": service.code, "split": channel.split, "warehouse": self.demo.warehouse.number,
        }  # fmt: skip

    def _basket(self, service: Service) -> list[tuple[Item, int]]:
        """A few items that one carton and this service can carry."""
        allowed = [each for each in self.demo.items if not each.hazmat]
        wanted = self.dice.choices(allowed, [WEIGHTS[each.velocity] for each in allowed], k=self._drawn(LINES))
        basket: dict[str, tuple[Item, int]] = {}
        grams = 0
        for item in wanted:
            units = self._drawn(UNITS)
            grams += units * item.weight_g
            if not basket or grams <= min(MOST_GRAMS, service.max_weight_g):
                basket[item.sku] = (item, units)
        return list(basket.values())

    def _drawn(self, weighted: tuple[tuple[int, ...], tuple[int, ...]]) -> int:
        return self.dice.choices(*weighted)[0]

    def _customer(self, land: str, reference: str) -> Body:
        home = COUNTRIES[land]
        postal_code, city = self.dice.choice(home.towns)
        street, number = self.dice.choice(home.streets), self.dice.randint(2, 89)
        digits = str(self.dice.randrange(10**home.free_digits)).zfill(home.free_digits)
        return {
            "customer": {
                "name": self.dice.choice(home.people), "email": f"{reference.lower()}@example.com",
                "phone": home.phone + digits, "language": home.language,
            },
            "address": {
                "street": f"{number} {street}" if home.number_first else f"{street} {number}",
                "postal_code": postal_code, "city": city, "country": land,
            },
        }  # fmt: skip

    async def _capture(self, body: Body) -> httpx.Response:
        key = {"Idempotency-Key": body["external_ref"]}
        answer = await self.caller.ask("POST", "/api/orders", body, headers=key)
        self.tally.captured += answer.status_code == httpx.codes.CREATED and "Idempotent-Replayed" not in answer.headers
        return answer

    async def _spoilt(self, name: str, answer: httpx.Response) -> None:
        """What the house said to an order that was not as it should be; a doubtful one is looked at and let go."""
        said = answer.json()
        if answer.status_code != httpx.codes.CREATED:
            self.tally.mistake(name, said["code"])
            return
        if name == "card_declined":  # the gateway answers after a moment
            self._wish(name, said["number"])
            return
        self.tally.mistake(name, next(iter(said["holds"]), said["status"]))
        await self._let_go(said["number"])

    # --- and are stopped

    def _wish(self, name: str, order: int = 0, after: str = "call") -> None:
        """Somebody will want it, after a while."""
        self._wishes.append(Wish(name, order, asyncio.get_running_loop().time() + self.pauses.seconds(after)))

    async def _speak(self) -> None:
        """Does what is wished and due, where an order is as far as that."""
        now = asyncio.get_running_loop().time()
        for wish in [each for each in self._wishes if each.due <= now]:
            if await WISHES[wish.name](self, wish):
                self._wishes.remove(wish)

    async def _declined(self, wish: Wish) -> bool:
        page = await self.caller.get(f"/api/orders/{wish.order}")
        if page["status"] == "authorising":
            return False
        self.tally.mistake(wish.name, page["status"])
        await self._cancel(wish.order, "The card was declined.")
        return True

    async def _cancelled(self, wish: Wish) -> bool:
        number = await self._one(CANCELLED_WHILE[wish.name])
        if number is None:
            return False
        self.tally.mistake(wish.name, await self._cancel(number, "The customer changed her mind."))
        return True

    async def _held(self, wish: Wish) -> bool:
        found = await self._one(("picking", "released", "picked"))
        if found is None:
            return False
        why = {"reason": "manual", "note": "The customer calls back."}
        said = (await self.caller.ask("POST", f"/api/orders/{found}/holds", why)).json()
        self.tally.mistake(wish.name, said.get("code") or said["status"])
        self._wish("let_go", found, after="hold")
        return True

    async def _goes_on(self, wish: Wish) -> bool:
        await self._let_go(wish.order)
        return True

    async def _let_go(self, number: int) -> None:
        page = await self.caller.get(f"/api/orders/{number}")
        for hold in page["holds"]:
            if hold["state"] == "open":
                await self.caller.ask("POST", f"/api/orders/{number}/holds/{hold['id']}/release", {"note": "Asked."})

    async def _cancel(self, number: int, why: str) -> str:
        answer = await self.caller.ask("POST", f"/api/orders/{number}/cancel", {"why": why})
        said = answer.json()
        return str(said.get("code") or said["status"])

    # --- what the list of orders shows

    async def _one(self, states: tuple[str, ...]) -> int | None:
        """Any order in one of these states."""
        for state in states:
            found = (await self.caller.get("/api/orders", status=state, limit=20))["items"]
            if found:
                return int(self.dice.choice(found)["number"])
        return None

    async def _how_many(self, state: str) -> int:
        return len((await self.caller.get("/api/orders", status=state, limit=ENOUGH))["items"])


# --- orders that are not as they should be


def _wrong_sum(body: Body) -> None:
    body["totals"]["total_minor"] += 1


def _wrong_postal_code(body: Body) -> None:
    body["address"] |= {"postal_code": "1234", "country": "DE", "city": "Köln", "street": "Lindenweg 4"}
    body["service"] = "nordpost-parcel"


def _declined_card(body: Body) -> None:
    body["payment"] = {"method": "card", "token": "decline"}


SPOILT: Final[dict[str | None, Callable[[Body], None]]] = {
    "sum_wrong": _wrong_sum,
    "doubtful_address": _wrong_postal_code,
    "card_declined": _declined_card,
}
CANCELLED_WHILE: Final = {
    "cancel_waiting": ("ready",),
    "cancel_picking": ("picking", "released"),
    "cancel_packed": ("packed", "packing"),
}
WISHES: Final[dict[str, Callable[[Desk, Wish], Awaitable[bool]]]] = {
    **dict.fromkeys(CANCELLED_WHILE, Desk._cancelled),
    "hold": Desk._held,
    "let_go": Desk._goes_on,
    "card_declined": Desk._declined,
}
