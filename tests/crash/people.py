"""Who works while the server dies: pickers, packers and a desk that keeps them in work, over the public HTTP alone."""

from __future__ import annotations

import asyncio
import random
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx

from printers.virtual import VirtualPrinter
from seed.data import load_demo
from seed.shift.caller import LOST
from seed.shift.handheld import Handheld
from tests.support.headless import Picker

Pace = Callable[[], Awaitable[None]]
WAREHOUSE = "/api/warehouses/1"
ORDERS_A_WAVE = 2
PATIENCE = 2.0
"""Seconds that a packer waits for a carrier before she asks for the label anew."""
LOOK_AGAIN = 0.05
"""Seconds between two looks at a screen: over HTTP there is no event to wait for."""


@dataclass
class Floor:
    """What people hand each other: work that is wanted, totes that wait for a packer, the end of the shift."""

    stations: tuple[str, ...]
    wanted: asyncio.Event = field(default_factory=asyncio.Event)
    offered: asyncio.Event = field(default_factory=asyncio.Event)
    closing: bool = False
    over: bool = False
    handed_over: asyncio.Event = field(default_factory=asyncio.Event)
    picking: int = 0
    shelf: dict[str, list[str]] = field(default_factory=dict)
    """Totes by the station where their order is packed."""

    def put(self, order: int, tote: str) -> None:
        """A tote stands where its order is packed: all totes of an order at one station."""
        station = self.stations[order % len(self.stations)]
        self.shelf.setdefault(station, []).append(tote)
        self.handed_over.set()

    async def more(self) -> bool:
        """Waits until something is offered; False when nothing will be any more."""
        self.offered.clear()
        if self.over:
            return False
        self.wanted.set()
        await self.offered.wait()
        return True

    def close(self) -> None:
        """What is on the floor is done, nothing new is offered."""
        self.closing = True
        self.wanted.set()


class Tray:
    """What came out of a printer, as somebody reads it: how many papers bear an SSCC."""

    def __init__(self, printer: VirtualPrinter) -> None:
        self.printer = printer
        self.papers: Counter[str] = Counter()
        self._seen = 0

    @property
    def still(self) -> bool:
        """Nothing more will come out by itself."""
        return not self.printer.machine.formats_held

    def take(self) -> Counter[str]:
        """Everything that came out so far."""
        for label in self.printer.journal.labels:
            if label.sequence > self._seen:
                self.papers.update(set(_ssccs(label.zpl)))
                self._seen = label.sequence
        return self.papers


def _ssccs(zpl: bytes) -> Iterator[str]:
    plain = zpl.replace(b">8", b"").replace(b">;", b"")
    return (found.decode() for found in re.findall(rb"(?<!\d)00(\d{18})(?!\d)", plain))


# --- picking


async def pick(picker: Picker, floor: Floor) -> None:
    """Walks tours until the shift is over, and hands the totes over."""
    seen = 0
    floor.picking += 1
    while await picker.walk_one() or await floor.more():
        told = picker.handheld.acknowledged[seen:]
        seen += len(told)
        for command, answer in told:
            if answer["outcome"] == "tour_finished":
                await _hand_over(picker.handheld, floor, command["body"]["tour"])
    floor.picking -= 1


async def _hand_over(handheld: Handheld, floor: Floor, tour: str) -> None:
    walked = await handheld.get(f"{WAREHOUSE}/tours/{tour}")
    for slot in walked["slots"]:
        floor.put(slot["order"], slot["tote"])


# --- packing


@dataclass
class Packer:
    """Somebody at a station: tote, items, weight, label, in that order, whatever the screen wants next."""

    handheld: Handheld
    station: str
    tray: Tray
    floor: Floor
    pace: Pace
    outcomes: Counter[str] = field(default_factory=Counter)
    decided: Counter[str] = field(default_factory=Counter)
    asked_anew: Counter[str] = field(default_factory=Counter)
    _waiting: dict[str, float] = field(default_factory=dict)

    async def work(self) -> None:
        """Packs until the shift is over and nothing is left."""
        while True:
            bench = await self.handheld.get(f"{WAREHOUSE}/stations/{self.station}/pack")
            if await self._step(bench):
                await self.pace()
            elif self.floor.over and not self.floor.picking and not bench["orders"] and not bench["totes"]:
                return
            else:
                await asyncio.sleep(LOOK_AGAIN)

    async def _step(self, bench: dict[str, Any]) -> bool:
        """Does the next thing that can be done; whether there was one."""
        for order in bench["orders"].values():
            carton = order["carton"]
            if carton is not None and carton["state"] == "complete" and await self._finish(carton):
                return True
        for tote in bench["totes"].values():
            if await self._unload(bench, tote):
                return True
        return await self._fetch(bench)

    async def _fetch(self, bench: dict[str, Any]) -> bool:
        waiting = self.floor.shelf.get(self.station, [])
        if not waiting:
            return False
        await self._say("pack.open", station=bench["station"]["id"], tote=waiting.pop(0))
        return True

    async def _unload(self, bench: dict[str, Any], tote: dict[str, Any]) -> bool:
        """The next item out of a tote into its order's carton."""
        inside = (await self.handheld.get(f"{WAREHOUSE}/totes/{tote['code']}"))["lines"]
        for part in tote["orders"]:
            codes = {line["item"]["id"]: line["item"]["barcodes"] for line in bench["orders"][part]["lines"]}
            for goods in inside:
                each = next(code["code"] for code in codes[goods["item"]] if code["quantity"] == 1)
                body = {"station": bench["station"]["id"], "fulfilment": part, "tote": tote["code"], "item": each}
                await self._say("pack.item", **body, qty=goods["quantity"], lot=goods["lot"] or None)
                return True
        return False

    async def _finish(self, carton: dict[str, Any]) -> bool:
        """Weighs, waits for the label, looks after a print of which nobody knows, closes."""
        if carton["weight_g"] is None:
            await self._say("pack.weigh", carton=carton["id"], grams=carton["expected_g"])
            return True
        label, job = carton["label"], carton["print"]
        if label["state"] == "wanted":
            return await self._ask_anew(carton)
        if job is not None and job["state"] == "unknown":
            return self.tray.still and await self._decide(carton)
        if not self.tray.take()[carton["sscc"]]:
            return False
        await self._say("pack.close", carton=carton["id"], sscc=f"00{carton['sscc']}")
        return True

    async def _decide(self, carton: dict[str, Any]) -> bool:
        """The packer looks whether the label came out, and says so."""
        decision = "printed" if self.tray.take()[carton["sscc"]] else "reprint"
        if await self._tap(f"print-jobs/{carton['print']['job']}/decide", {"decision": decision}):
            self.decided[decision] += 1
        return True

    async def _ask_anew(self, carton: dict[str, Any]) -> bool:
        """A carrier that was asked when the server died is asked again after a while; a packer need not wait."""
        now = asyncio.get_running_loop().time()
        if now - self._waiting.setdefault(carton["id"], now) < PATIENCE:
            return False
        del self._waiting[carton["id"]]
        self.asked_anew[carton["sscc"]] += 1
        await self._tap(f"cartons/{carton['id']}/void-label", None)
        await self._tap(f"cartons/{carton['id']}/retry-label", None)
        return True

    async def _tap(self, what: str, body: dict[str, str] | None) -> bool:
        """A button on the screen; whether it is known to have worked. If not, the screen says what to do next."""
        try:
            return (await self.handheld.http.post(f"{WAREHOUSE}/{what}", json=body)).status_code == 200
        except LOST:
            await self.handheld.back()
            return False

    async def _say(self, kind: str, **body: Any) -> None:
        answer = await self.handheld.did(kind, **body)
        self.outcomes[f"{kind}: {answer['outcome']}"] += 1


# --- the desk


@dataclass
class Desk:
    """Captures orders and releases them, a few at a time, whenever a picker has nothing to do."""

    http: httpx.AsyncClient
    back: Callable[[], Awaitable[None]]
    floor: Floor
    badge: tuple[str, str]
    dice: random.Random
    orders: list[int] = field(default_factory=list)

    async def sign_in(self) -> None:
        """As somebody who may do everything."""
        badge, pin = self.badge
        (await self.ask("POST", "/api/auth/sign-in", {"badge": badge, "pin": pin})).raise_for_status()

    async def work(self) -> None:
        """Until the shift is over."""
        goods = _plenty()
        while not self.floor.closing:
            self.floor.wanted.clear()
            await self._release([await self._capture(goods) for _ in range(ORDERS_A_WAVE)])
            self.floor.offered.set()
            await self.floor.wanted.wait()
        self.floor.over = True
        self.floor.offered.set()

    async def _capture(self, goods: list[str]) -> int:
        lines = [(sku, self.dice.randint(1, 2)) for sku in self.dice.sample(goods, self.dice.randint(1, 3))]
        name = f"SHIFT-{len(self.orders) + 1}"
        total = sum(quantity * 500 for _, quantity in lines)
        body = {
            "channel": "web", "external_ref": name, "currency": "EUR",
            "lines": [{"sku": sku, "quantity": quantity, "price_minor": 500} for sku, quantity in lines],
            "totals": {"items_minor": total, "total_minor": total},
            "customer": {"name": "Ana Souza", "email": "ana@example.org", "phone": "+4930231250", "language": "de"},
            "address": {"street": "Lindenweg 4", "postal_code": "53111", "city": "Bonn", "country": "DE"},
            "payment": {"method": "invoice", "token": ""}, "service": "nordpost-parcel",
        }  # fmt: skip
        answer = await self.ask("POST", "/api/orders", body, {"Idempotency-Key": name})
        answer.raise_for_status()
        self.orders.append(answer.json()["number"])
        return self.orders[-1]

    async def _release(self, numbers: list[int]) -> None:
        """One wave; asked twice where the answer was lost, it was released the first time."""
        answer = await self.ask("POST", f"{WAREHOUSE}/waves", {"orders": numbers})
        assert answer.status_code in (202, 409), answer.text
        while True:
            waves = (await self.ask("GET", f"{WAREHOUSE}/waves")).json()["items"]
            if all(wave["state"] != "releasing" for wave in waves):
                return
            await asyncio.sleep(LOOK_AGAIN)

    async def status(self, number: int) -> str:
        """An order's status."""
        return str((await self.ask("GET", f"/api/orders/{number}")).json()["status"])

    async def ask(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """Asks until there is an answer."""
        while True:
            try:
                answer = await self.http.request(method, path, json=body, headers=headers)
            except LOST:
                await self.back()
                continue
            if answer.status_code != 503:
                return answer
            await self.back()


def _plenty() -> list[str]:
    """The items of which most is in stock, so that a shift of days does not run out."""
    held: Counter[str] = Counter()
    for row in load_demo().stock:
        held[row.sku] += row.quantity
    return [sku for sku, _ in held.most_common(100)]
