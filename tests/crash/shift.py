"""Why: a shift that loses its server again and again, on purpose and at the worst moments, and counts what that hit.

Most kills are aimed, because some windows are short: a kill waits for what it is aimed at (bytes that have left, a
commit, a label at the printer), never for a clock. What a kill hit is counted by what was found afterwards.
"""

from __future__ import annotations

import asyncio
import os
import random
from collections import Counter
from collections.abc import Coroutine
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from typing import Any

import httpx

from printers.virtual import Fault, VirtualPrinter
from seed.shift.handheld import Handheld
from tests.crash.books import Books
from tests.crash.outside import Outside
from tests.crash.people import LOOK_AGAIN, WAREHOUSE, Desk, Floor, Packer, Tray, pick
from tests.crash.watch import Line, Watch
from tests.support.headless import Picker
from tests.support.site import Site

SEED = int(os.environ.get("PICKWAVE_KILL_SEED", "1"))
PICKERS = 4
STATIONS = {"PACK-1": ("PRN-1", "zd421-203"), "PACK-2": ("PRN-2", "zd421-300")}
"""The demo's stations, each with its printer and what that is."""
AIMS = ("sent", "committed", "printing", "anywhere", "unheard")
"""What a round's kill waits for, one round after the other."""
WINDOWS = {"before COMMIT": "sent", "COMMIT to answer": "committed", "in a print": "unheard"}
"""What a kill can hit, and what to wait for to hit it surely: at a deaf printer a print goes on until the kill."""
MORE_ROUNDS = 10
"""At most so many more where no kill has hit one of the windows yet."""
A_BATCH = 4
WAIT_FOR_THE_RIGHT_MOMENT = 2.0
"""Seconds after which a kill that hits nothing comes all the same."""
WAIT_FOR_A_PRINT = 20.0
"""The same for a label that is on its way to a deaf printer: one comes for sure, on a busy machine later."""


def where(printer: VirtualPrinter) -> str:
    """A printer's address as the server is told it."""
    return f"{printer.address.host}:{printer.address.port}"


@dataclass
class Shift:
    """The people of one shift and the server that they lose again and again."""

    site: Site
    outside: Outside
    printers: dict[str, VirtualPrinter]
    dice: random.Random = field(default_factory=lambda: random.Random(SEED))
    watch: Watch = field(default_factory=Watch)
    floor: Floor = field(default_factory=lambda: Floor(tuple(STATIONS)))
    open: asyncio.Event = field(default_factory=asyncio.Event)
    rounds: int = 0
    hits: Counter[str] = field(default_factory=Counter)
    """Rounds by what their kill hit."""
    fates: Counter[str] = field(default_factory=Counter)
    """Commands that were under way and jobs that were being sent, by what became of them."""
    looked_at: dict[str, int] = field(default_factory=dict)
    desk: Desk = field(init=False)
    pickers: list[Picker] = field(default_factory=list)
    packers: list[Packer] = field(default_factory=list)

    async def begin(self, stack: AsyncExitStack) -> None:
        """Everyone has a device and is signed in; the server knows where its printers stand."""
        self.open.set()
        http = await stack.enter_async_context(self._client(httpx.AsyncHTTPTransport()))
        self.desk = Desk(http, self.back, self.floor, self.site.people["admin"][0], self.dice)
        await self.desk.sign_in()
        for code, profile in STATIONS.values():
            printer = {"code": code, "name": code, "profile": profile, "address": where(self.printers[code])}
            (await self.desk.ask("PUT", f"{WAREHOUSE}/printers/{code}", printer)).raise_for_status()
        codes = iter(self.site.codes.values())
        for who in self.site.people["picker"][:PICKERS]:
            self.pickers.append(Picker(await self._device(stack, next(codes), who), self.breath, self.away))
        for (station, (code, _)), who in zip(STATIONS.items(), self.site.people["packer"], strict=False):
            tray, device = Tray(self.printers[code]), await self._device(stack, next(codes), who)
            self.packers.append(Packer(device, station, tray, self.floor, self.breath))

    def _client(self, transport: httpx.AsyncBaseTransport) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=transport, base_url=self.site.url, headers={"X-Pickwave": "1"}, timeout=10)

    async def _device(self, stack: AsyncExitStack, code: str, who: tuple[str, str]) -> Handheld:
        handheld = Handheld(await stack.enter_async_context(self._client(Line(self.watch))), self.back)
        await handheld.enrol(code)
        await handheld.sign_in(*who)
        return handheld

    def everyone(self) -> list[Coroutine[Any, Any, None]]:
        """The work of each person, until the shift is over."""
        picking = [pick(each, self.floor) for each in self.pickers]
        return [self.desk.work(), *picking, *(each.work() for each in self.packers)]

    async def back(self) -> None:
        """Waits until the server is there again."""
        await self.open.wait()

    async def breath(self) -> None:
        """People are not machines."""
        await asyncio.sleep(self.dice.uniform(0.01, 0.06))

    def away(self) -> bool:
        """At every third stop a picker loses the network, and sends the rest of the tour in one batch."""
        return self.dice.random() < 1 / 3

    @property
    def devices(self) -> list[Handheld]:
        """Everyone's device."""
        return [*(each.handheld for each in self.pickers), *(each.handheld for each in self.packers)]

    # --- one round

    async def lose_the_server(self, aim: str) -> None:
        """Kills the server, looks at what it left behind, starts it again."""
        await asyncio.sleep(self.dice.uniform(0.0, 0.15))
        async with self.outside.looked_into() as books:
            await self._take(aim, books)
            flying = set(self.watch.flying)
            self.open.clear()
            await self.site.kill()
            self.outside.killed()
            self.watch.hearing.set()
        for printer in self.printers.values():
            await printer.set_fault(None)
        await self.watch.until(lambda: not self.watch.flying)
        self.rounds += 1
        async with self.outside.left_behind() as books:
            sending = {str(each) for each in await books.sending()}
            broken, _ = await asyncio.gather(self._look(books, flying), self.site.start())
        assert not broken, (self.rounds, aim, broken)
        if sending:
            await self._unknown(sending)
        self.open.set()

    async def _take(self, aim: str, books: Books) -> None:
        """Waits for the moment. Commands under way are part of it, except where any moment is right."""
        if aim == "anywhere":
            return
        if aim == "committed":
            self.watch.hearing.clear()  # the window is short: an answer that has left is held on its way
        with suppress(TimeoutError):
            async with asyncio.timeout(WAIT_FOR_A_PRINT if aim == "unheard" else WAIT_FOR_THE_RIGHT_MOMENT):
                if aim == "printing":
                    await self._label_at_a_printer()
                elif aim == "unheard":
                    await self._label_at_a_deaf_printer(books)
                elif aim == "committed":
                    await self.watch.until(lambda: len(self.watch.flying) >= A_BATCH)
        await self.watch.until(lambda: self.watch.flying)
        if aim == "committed":
            await self.outside.until_committed(books, self.watch.flying)

    async def _label_at_a_printer(self) -> None:
        waiting = [asyncio.create_task(printer.received()) for printer in self.printers.values()]
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()

    async def _label_at_a_deaf_printer(self, books: Books) -> None:
        """A job is being sent and no byte of it has been taken: nothing will come out of it."""
        for printer in self.printers.values():
            await printer.set_fault(Fault.HANG)
        while not await books.sending():  # noqa: ASYNC110 (no event tells another process of a commit)
            await asyncio.sleep(LOOK_AGAIN)

    async def _look(self, books: Books, flying: set[str]) -> list[str]:
        """Counts what the kill hit; what is broken of what it left behind."""
        self._count(flying, await books.committed(flying - self.watch.answered))
        return [*await books.broken(), *await self._differing(books)]

    def _count(self, flying: set[str], committed: set[str]) -> None:
        answered = flying & self.watch.answered
        lost = flying - committed - answered
        self.hits["with a command in flight"] += bool(flying)
        self.hits["before COMMIT"] += bool(lost)
        self.hits["COMMIT to answer"] += bool(committed)
        self.fates["commands lost"] += len(lost)
        self.fates["commands kept without an answer"] += len(committed)
        self.fates["answers that still arrived"] += len(answered)

    async def _differing(self, books: Books) -> list[str]:
        """What was acknowledged since the round before and is not there exactly once."""
        broken: list[str] = []
        for device in self.devices:
            seen = self.looked_at.get(device.device, 0)
            broken += await books.differing(device.device, device.acknowledged[seen:])
            self.looked_at[device.device] = len(device.acknowledged)
        return broken

    async def _unknown(self, sending: set[str]) -> None:
        """What was being sent may have printed: it must be unknown, and wait for a person."""
        self.hits["in a print"] += 1
        while True:
            listed = (await self.desk.ask("GET", f"{WAREHOUSE}/print-jobs")).json()["items"]
            states = {job["id"]: job["state"] for job in listed if job["id"] in sending}
            if "sending" not in states.values():
                break
            await asyncio.sleep(LOOK_AGAIN)
        assert states == dict.fromkeys(sending, "unknown"), states
        self.fates["prints of unknown fate"] += len(sending)

    # --- the rounds and their end

    def next_aim(self, rounds: int) -> str | None:
        """What the next kill waits for; None after so many rounds. A window that was never hit is aimed at again."""
        if self.rounds < rounds:
            return AIMS[self.rounds % len(AIMS)]
        missing = [aim for window, aim in WINDOWS.items() if not self.hits[window]]
        return missing[0] if missing and self.rounds < rounds + MORE_ROUNDS else None

    def papers(self) -> Counter[str]:
        """How often each SSCC came out of a printer."""
        return sum((packer.tray.take() for packer in self.packers), Counter())

    def decided(self) -> Counter[str]:
        """What packers decided about prints of unknown fate."""
        return sum((packer.decided for packer in self.packers), Counter())

    def asked_anew(self) -> Counter[str]:
        """For which cartons a packer asked for another label."""
        return sum((packer.asked_anew for packer in self.packers), Counter())

    def __str__(self) -> str:
        """The counts, for whoever watches the rounds."""
        hits = ", ".join(f"{self.hits[window]} {window}" for window in ("with a command in flight", *WINDOWS))
        fates = ", ".join(f"{count} {fate}" for fate, count in self.fates.items())
        work = sum(len(device.acknowledged) for device in self.devices)
        decided = ", ".join(f"{count} {what}" for what, count in sorted(self.decided().items()))
        return (
            f"kill -9: {self.rounds} rounds, seed {SEED}: {hits}. {fates}; decided by hand: {decided or 'none'}; "
            f"{self.asked_anew().total()} labels asked for anew. {len(self.desk.orders)} orders shipped by {work} "
            "acknowledged commands, none lost, none twice."
        )
