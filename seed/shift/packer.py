"""Why: a packer does what the station shows: opens totes, scans each item, weighs, labels, closes by scanning.

The station is the topic `pack`. What a packer has just done she waits to see there before she does the next thing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from seed.shift import bench
from seed.shift.bench import View
from seed.shift.floor import Floor
from seed.shift.handheld import Answer, Handheld
from seed.shift.mistakes import Dealer
from seed.shift.pauses import Pauses
from seed.shift.printer import PrinterAtHand
from seed.shift.report import Tally
from seed.shift.screen import Screen

FOREIGN: Final = "9529999999993"
"""Reads as an item, and is none of any order."""
FOREIGN_LABEL: Final = "00300000000000000018"
A_HAND_G: Final = 900
NOWHERE: Final = "T-0120"
MOST_TOTES: Final = 20
"""No bench is larger; held and cancelled orders wait there in their totes."""


@dataclass
class Packer:
    """Somebody at a station."""

    handheld: Handheld
    screen: Screen
    station: str
    printer: PrinterAtHand
    floor: Floor
    pauses: Pauses
    dealer: Dealer
    tally: Tally
    _warned: set[str] = field(default_factory=set)
    """Cartons before which she has erred already."""
    _puzzling: set[str] = field(default_factory=set)
    """Totes of which the books know other goods: they stand aside for the lead."""

    async def work(self) -> None:
        """Works until the day is over."""
        while True:
            view = await self.screen.until(lambda now: now)
            if not await self._step(view):
                await self._look_up(view)

    async def _look_up(self, before: View) -> None:
        """Waits until the station shows something else, or a tote is brought for which there is room."""
        other = self.screen.until(lambda now: True if now is not before else None)
        waits: list[asyncio.Future[Any]] = [asyncio.ensure_future(other)]
        if len(before["totes"]) < MOST_TOTES:
            waits.append(asyncio.ensure_future(self.floor.arrival(self.station)))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waits:
                each.cancel()

    async def _step(self, view: View) -> bool:
        """Does the next thing that can be done; whether there was one."""
        if await self._see_to_the_printer(view):
            return True
        for order in view["orders"].values():
            carton = order["carton"]
            ready = carton is not None and carton["state"] == "complete" and not order["held"]
            if ready and await self._finish(view, order, carton):
                return True
        here = bench.here(view)
        if here is not None and not bench.left(here):
            return False  # its label comes out in a moment
        mine = None if here is None else here["id"]
        for tote in sorted(view["totes"].values(), key=lambda each: mine not in each["orders"]):
            for part in tote["orders"]:
                if await self._unload(view, tote["code"], part):
                    return True
        return await self._fetch(view)

    # --- a tote

    async def _fetch(self, view: View) -> bool:
        shelf = self.floor.shelves[self.station]
        if not shelf or len(view["totes"]) >= MOST_TOTES:
            return False
        if (name := self.dealer.next("tote")) is not None:
            await self.pauses.take("fetch")
            said = await self._say("pack.open", station=view["station"]["id"], tote=NOWHERE)
            self.tally.mistake(name, said["outcome"])
        tote = shelf.popleft()
        await self.pauses.take("fetch")
        said = await self._say("pack.open", station=view["station"]["id"], tote=tote)
        if said["outcome"] == "pack_opened":
            await self.screen.settle(lambda now: tote in now["totes"])
        return True

    async def _unload(self, shown: View, tote: str, part: str) -> bool:
        """Everything of a tote into its order's carton, as long as nothing is in the way; whether anything was done.

        What she has packed she knows at once; the topic, which speaks four times a second, is waited for at the end.
        """
        view = deepcopy(shown)
        order, done = view["orders"][part], 0
        if order["held"] or order["cancelled"] or tote in self._puzzling:
            return False
        inside = (await self.handheld.get(f"{self._warehouse}/totes/{tote}"))["lines"]
        while (found := _next(order, inside)) is not None:
            done += 1
            if not await self._item(view, tote, order, *found):
                return True
        packed = _all_packed(order)
        if done:
            await self.screen.settle(
                lambda now: part not in now["orders"] or _all_packed(now["orders"][part]) >= packed
            )
        return done > 0

    async def _item(self, view: View, tote: str, order: View, line: View, lying: View) -> bool:
        """One unit into the carton; whether she may go on with what she knows of the tote."""
        name = self.dealer.next("item")
        if name is not None and await ITEM_MISTAKES[name](self, view, tote, order, line):
            return False
        if bench.left(order) == 1 and (fault := self.dealer.next("label")) is not None:
            await self._fail(fault)
        await self.pauses.take("grasp")
        code = _each(line)
        bench.said(view, code, self.tally)
        body = {"station": view["station"]["id"], "fulfilment": order["id"], "tote": tote, "item": code, "qty": 1}
        said = await self._say("pack.item", **body, lot=lying["lot"] or None)
        if said["outcome"] == "set_aside":
            self._puzzling.add(tote)
        line["packed"] += 1
        lying["quantity"] -= 1
        return bool(said["severity"] == "ok")

    async def _fail(self, fault: str) -> None:
        if await self.printer.suffer(fault):
            self.tally.begun(fault)
        else:
            self.dealer.later(fault)

    # --- what goes wrong with an item: whether it was dealt with, or she goes on with it

    async def _not_of_order(self, view: View, tote: str, order: View, line: View) -> bool:
        self.tally.mistake("not_of_order", bench.said(view, FOREIGN, self.tally))
        await self.pauses.take("wonder")
        return False

    async def _surplus(self, view: View, tote: str, order: View, line: View) -> bool:
        full = next((each for each in order["lines"] if each["packed"] == each["wanted"] > 0), None)
        if full is None:
            self.dealer.later("surplus")
            return False
        self.tally.mistake("surplus", bench.said(view, _each(full), self.tally))
        await self.pauses.take("wonder")
        return False

    async def _taken_out(self, view: View, tote: str, order: View, line: View) -> bool:
        part, packed = order["id"], _all_packed(order)
        if not packed:
            self.dealer.later("taken_out")
            return False
        await self.pauses.take("wonder")
        said = await self._say("pack.undo", fulfilment=part)
        self.tally.mistake("taken_out", said["outcome"])
        await self.screen.settle(
            lambda now: part not in now["orders"] or _all_packed(now["orders"][part]) == packed - 1
        )
        return True

    async def _bench_short(self, view: View, tote: str, order: View, line: View) -> bool:
        part, wanted, id_ = order["id"], line["wanted"], line["line"]
        await self.pauses.take("wonder")
        body = {"station": view["station"]["id"], "fulfilment": part, "tote": tote, "item": _each(line), "missing": 1}
        said = await self._say("pack.short", **body)
        self.tally.mistake("bench_short", said["outcome"])
        await self.screen.settle(lambda now: _line(now, part, id_).get("wanted") != wanted)
        return True

    # --- a carton

    async def _finish(self, view: View, order: View, carton: View) -> bool:
        """Weighs, waits for the label, closes."""
        if carton["id"] not in self._warned:
            self._warned.add(carton["id"])
            if (name := self.dealer.next("carton")) is not None:
                await self._err(name, view, carton)
        if carton["weight_g"] is None:
            await self._weigh(carton)
            return True
        if carton["label"] is None or carton["label"]["state"] != "live":
            return False
        if carton["print"] is None or carton["print"]["state"] != "printed":
            return carton["print"] is not None and carton["print"]["state"] == "unknown" and await self._decide(carton)
        if f"{carton['id']} torn" in self._warned:
            return await self._print_again(carton)
        await self._close(view, order, carton)
        return True

    async def _err(self, name: str, view: View, carton: View) -> None:
        if name == "label_torn":
            self._warned.add(f"{carton['id']} torn")
        elif name == "weight_off":
            said = await self._say("pack.weigh", carton=carton["id"], grams=carton["expected_g"] + A_HAND_G)
            self.tally.mistake(name, said["outcome"])
        elif name == "not_weighed" and carton["weight_g"] is None:
            self.tally.mistake(name, bench.said(view, f"00{carton['sscc']}", self.tally))
        elif name == "label_of_another":
            self.tally.mistake(name, bench.said(view, FOREIGN_LABEL, self.tally))
        else:
            self.dealer.later(name)
            return
        await self.pauses.take("wonder")

    async def _weigh(self, carton: View) -> None:
        id_ = carton["id"]
        await self.pauses.take("weigh")
        await self._say("pack.weigh", carton=id_, grams=carton["expected_g"])
        await self.screen.settle(lambda now: _carton(now, id_).get("weight_g") is not None or not _carton(now, id_))

    async def _print_again(self, carton: View) -> bool:
        id_, job = carton["id"], carton["print"]["job"]
        self._warned.discard(f"{id_} torn")
        said = await self._say("pack.reprint", carton=id_)
        self.tally.mistake("label_torn", said["outcome"])
        await self.screen.settle(lambda now: (_carton(now, id_).get("print") or {}).get("job") != job)
        return True

    async def _close(self, view: View, order: View, carton: View) -> None:
        id_ = carton["id"]
        await self.pauses.take("stick")
        bench.said(view, f"00{carton['sscc']}", self.tally)
        said = await self._say("pack.close", carton=id_, sscc=f"00{carton['sscc']}")
        if said["outcome"] == "carton_closed":
            self._warned.discard(id_)
            if order["filling"] is None and not order["to_pick"] and not bench.left(order):
                self.tally.ships(order["number"])
        await self.screen.settle(lambda now: not _carton(now, id_))

    # --- the printer

    async def _see_to_the_printer(self, view: View) -> bool:
        """Out of paper: she sees it, fetches a roll, loads it."""
        fault, shown = self.printer.fault, view["printer"]
        if fault != "paper_out" or shown is None or shown["condition"] != "paper_out":
            return False
        self.tally.noticed(fault, shown["condition"])
        await self.pauses.take("paper")
        await self.printer.mend()
        return True

    async def _decide(self, carton: View) -> bool:
        """Nobody knows whether it came out: she looks, and says so."""
        if self.printer.fault == "print_lost":
            self.tally.noticed("print_lost", "unknown")
            await self.printer.mend()
        await self.pauses.take("printer")
        decision = "printed" if await self.printer.came_out(carton["sscc"]) else "reprint"
        job, id_ = carton["print"]["job"], carton["id"]
        where = f"{self._warehouse}/print-jobs/{job}/decide"
        answer = await self.handheld.ask("POST", where, {"decision": decision})
        if answer.status_code == httpx.codes.OK:
            await self.screen.settle(lambda now: (_carton(now, id_).get("print") or {}).get("state") != "unknown")
        return True

    # --- the station

    @property
    def _warehouse(self) -> str:
        return f"/api/warehouses/{self.handheld.warehouse}"

    async def _say(self, kind: str, **body: Any) -> Answer:
        return await self.handheld.did(kind, **body)


ITEM_MISTAKES: Final[dict[str, Callable[[Packer, View, str, View, View], Awaitable[bool]]]] = {
    "not_of_order": Packer._not_of_order,
    "surplus": Packer._surplus,
    "taken_out": Packer._taken_out,
    "bench_short": Packer._bench_short,
}


def _each(line: View) -> str:
    """The barcode of one unit; its SKU's own where there is none."""
    return next(
        (code["code"] for code in line["item"]["barcodes"] if code["quantity"] == 1), f"I-{line['item']['sku']}"
    )


def _line(view: View, part: str, line: str) -> View:
    lines = view["orders"].get(part, {"lines": ()})["lines"]
    return next((each for each in lines if each["line"] == line), {})


def _next(order: View, inside: list[View]) -> tuple[View, View] | None:
    """A line that wants something which lies in the tote, and where it lies there."""
    for line in order["lines"]:
        lying = next((each for each in inside if each["item"] == line["item"]["id"] and each["quantity"]), None)
        if lying is not None and line["packed"] < line["wanted"]:
            return line, lying
    return None


def _all_packed(order: View) -> int:
    return sum(each["packed"] for each in order["lines"])


def _carton(view: View, id_: str) -> View:
    cartons = (each[name] for each in view["orders"].values() for name in ("carton", "filling"))
    return next((each for each in cartons if each is not None and each["id"] == id_), {})
