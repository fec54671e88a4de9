"""Why: a working day from the first sign-in to the report: who works, how fast, and what ends it."""

from __future__ import annotations

import asyncio
import random
import secrets
import signal
import ssl
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx

from seed.data import load_demo
from seed.pins import kept, with_pins
from seed.shift import house, report
from seed.shift.caller import Caller
from seed.shift.crew import Crew
from seed.shift.desk import Desk
from seed.shift.errands import Errands
from seed.shift.floor import Floor
from seed.shift.handheld import Handheld
from seed.shift.lead import Lead
from seed.shift.mistakes import Dealer
from seed.shift.packer import NOWHERE, Packer
from seed.shift.pauses import Pauses
from seed.shift.picker import Picker
from seed.shift.printer import PrinterAtHand
from seed.shift.report import Broken, Tally
from seed.shift.screen import Screen

LEAST_PEOPLE: Final = 2
MOST_PEOPLE: Final = 10
"""Eight carts and two stations."""
ONE_PACKER_UP_TO: Final = 3
RETRY: Final = 0.5
LAST_WORDS: Final = 1.5
"""Seconds in which what waits on the handhelds is brought in at the end."""
NEWS: Final = 60.0
AT_ONCE: Final = 10
LOOK_AGAIN: Final = 0.1

Say = Callable[[str], None]
Ends = Callable[[Tally], Awaitable[None]]


@dataclass(frozen=True)
class Options:
    """`pace` times as fast as life, for `minutes` (None: until it is stopped), with so many pickers and packers."""

    port: int
    pace: float = 1.0
    seed: int = 1
    minutes: float | None = None
    people: int = 6
    folder: Path = Path("data")
    """Where the demo's own PINs are kept, if it has any."""
    trust: Callable[[], ssl.SSLContext] | None = None
    """What to trust where the server speaks TLS; asked once it is open."""


@dataclass
class Day:
    """One day with one server."""

    url: str
    options: Options
    stack: AsyncExitStack
    tally: Tally = field(default_factory=Tally)
    handhelds: list[Handheld] = field(default_factory=list)
    office: Caller = field(init=False)
    tls: ssl.SSLContext | None = None
    printers: list[PrinterAtHand] = field(default_factory=list)
    work: list[Callable[[], Awaitable[None]]] = field(default_factory=list)

    async def begin(self) -> None:
        """Everyone is let in and stands at their place."""
        demo = with_pins(load_demo(), kept(self.options.folder))
        office = self.office = await self._caller()
        crew = Crew(office, demo, self._caller)
        await _sign_in(office, crew, "admin")
        here = f"/api/warehouses/{demo.warehouse.number}"
        packers = 1 if self.options.people <= ONE_PACKER_UP_TO else 2
        pickers = self.options.people - packers
        stations = (await office.get(f"{here}/stations"))["items"][:packers]
        totes = [code for code in demo.totes.codes if code != NOWHERE]
        carts = deque(each.code for each in demo.carts)
        floor = Floor([each["code"] for each in stations], carts, deque(totes))
        for name, badge, pin in await crew.pickers(pickers):
            await self._picker(crew, floor, name, (badge, pin))
        for who, station in zip(crew.people("packer"), stations, strict=False):
            await self._packer(crew, floor, (who.name, who.badge, who.pin), station)
        await self._lead(crew, floor, pickers)
        await self._desk(crew, pickers)
        await _what_stands_there(office, here, totes, floor)

    async def _picker(self, crew: Crew, floor: Floor, name: str, who: tuple[str, str]) -> None:
        handheld = await self._handheld()
        await crew.equip(handheld, name, *who)
        screen = self._screen(handheld, "queue", str(handheld.warehouse))
        dice, pauses = self._dice(name), self._pauses(name)
        errands = Errands(handheld, floor, pauses, self.tally, dice)
        picker = Picker(handheld, screen, errands, floor, pauses, self._dealer(name), self.tally, dice)
        self.work += [screen.run, picker.work]

    async def _packer(self, crew: Crew, floor: Floor, who: tuple[str, str, str], station: dict[str, Any]) -> None:
        handheld = await self._handheld()
        name = who[0]
        await crew.equip(handheld, *who, station=station["id"])
        screen = self._screen(handheld, "pack", station["id"])
        printer = await self._printer(handheld, station["printer"])
        pauses, dealer = self._pauses(name), self._dealer(name)
        packer = Packer(handheld, screen, station["code"], printer, floor, pauses, dealer, self.tally)
        self.work += [screen.run, packer.work]

    async def _printer(self, handheld: Handheld, id_: str | None) -> PrinterAtHand:
        async def where() -> str | None:
            printers = (await handheld.get(f"/api/warehouses/{handheld.warehouse}/printers"))["items"]
            return next((each["page"] for each in printers if each["id"] == id_), None)

        http = await self.stack.enter_async_context(httpx.AsyncClient(trust_env=False, timeout=5))
        printer = PrinterAtHand(http, where)
        self.printers.append(printer)
        return printer

    async def _lead(self, crew: Crew, floor: Floor, pickers: int) -> None:
        caller = await self._caller()
        await _sign_in(caller, crew, "supervisor")
        number = crew.demo.warehouse.number
        screen = self._screen(caller, "waves", str(number))
        lead = Lead(caller, screen, floor, number, pickers, self._pauses("lead"), self.tally)
        self.work += [screen.run, lead.work]

    async def _desk(self, crew: Crew, pickers: int) -> None:
        caller = await self._caller()
        await _sign_in(caller, crew, "desk")
        run, dice = secrets.token_hex(3), self._dice("desk")
        pauses, dealer = self._pauses("desk"), self._dealer("desk")
        self.work.append(Desk(caller, crew.demo, run, pickers, pauses, dealer, self.tally, dice).work)

    # --- what everyone has

    async def _caller(self) -> Caller:
        return Caller(await self._client(), _back)

    async def _handheld(self) -> Handheld:
        handheld = Handheld(await self._client(), _back, told=self.tally.answered)
        self.handhelds.append(handheld)
        return handheld

    async def _client(self) -> httpx.AsyncClient:
        client = httpx.AsyncClient(
            base_url=self.url, headers={"X-Pickwave": "1"}, timeout=15, trust_env=False, verify=self.tls or True,
            event_hooks={"response": [self.tally.heard]},
        )  # fmt: skip
        return await self.stack.enter_async_context(client)

    def _screen(self, caller: Caller, topic: str, key: str) -> Screen:
        return Screen(caller, f"{self.url.replace('http', 'ws', 1)}/api/live", topic, key, self.tls)

    def _pauses(self, who: str) -> Pauses:
        return Pauses(self.options.pace, self._dice(f"pauses {who}"))

    def _dealer(self, who: str) -> Dealer:
        return Dealer(self.options.seed, who)

    def _dice(self, who: str) -> random.Random:
        return random.Random(f"{self.options.seed} {who}")

    # --- the day

    async def until(self, ends: Awaitable[None]) -> None:
        """Everyone works until it has ended; then what waits on handhelds is brought in, and printers are mended."""
        async with asyncio.TaskGroup() as group:
            people = [group.create_task(_working(each)) for each in self.work]
            await ends
            for each in people:
                each.cancel()
        with suppress(TimeoutError):
            async with asyncio.timeout(LAST_WORDS):
                await asyncio.gather(
                    *(each.flush() for each in self.handhelds), *(each.mend() for each in self.printers)
                )
                await self._statuses_follow()

    async def _statuses_follow(self) -> None:
        """An order's status follows the floor a moment later; ended before that, a server owes it until it is back."""
        while (await self.office.get("/api/orders", status="releasing", limit=1))["items"]:  # noqa: ASYNC110 (over HTTP there is no event)
            await asyncio.sleep(LOOK_AGAIN)


async def _working(work: Callable[[], Awaitable[None]]) -> None:
    await work()


async def _back() -> None:
    """The server is away: look again in a moment."""
    await asyncio.sleep(RETRY)


async def _sign_in(caller: Caller, crew: Crew, role: str) -> None:
    who = crew.people(role)[0]
    await caller.sign_in(who.badge, who.pin)


async def _what_stands_there(office: Caller, here: str, totes: list[str], floor: Floor) -> None:
    """Totes that a former day has handed over and nobody has opened: somebody puts them to the first station."""
    benches = [await office.get(f"{here}/stations/{each}/pack") for each in floor.stations]
    opened = {tote for each in benches for tote in each["totes"]}
    for at in range(0, len(totes), AT_ONCE):
        looked_at = totes[at : at + AT_ONCE]
        for tote in await asyncio.gather(*(office.get(f"{here}/totes/{each}") for each in looked_at)):
            if tote["state"] == "staged" and tote["lines"] and tote["code"] not in opened:
                floor.hand_over(0, tote["code"])


# --- begin and end


async def run(options: Options, say: Say, ends: Ends | None = None) -> int:
    """A whole day, its report said line by line; its exit code. `ends` comes back when it is enough."""
    stopped = asyncio.Event()
    begun = asyncio.get_running_loop().time()
    trouble = ""
    async with house.server(options.port, say, options.trust) as (url, tls), AsyncExitStack() as stack:
        day = Day(url, options, stack, tls=tls)
        with _told_by_signals(stopped):
            try:
                if not await _unless(stopped, day.begin()):
                    return 0
                say(f"{options.people} people pick and pack, {options.pace:g} times as fast as life. Ctrl-C ends it.")
                begun = asyncio.get_running_loop().time()
                await day.until(_first(stopped.wait(), _enough(options, day.tally, ends), _news(day.tally, say)))
            except* Broken as broken:
                trouble = str(broken.exceptions[0])
        hours = (asyncio.get_running_loop().time() - begun) * options.pace / 3600
    for line in report.lines(day.tally, hours):
        say(line)
    if trouble:
        say(f"Something was refused that must not be: {trouble}")
    return 1 if trouble else 0


async def _unless(stopped: asyncio.Event, work: Coroutine[Any, Any, None]) -> bool:
    """Does it, unless it is stopped before; whether it was done."""
    doing, waiting = asyncio.ensure_future(work), asyncio.ensure_future(stopped.wait())
    try:
        await asyncio.wait([doing, waiting], return_when=asyncio.FIRST_COMPLETED)
        if doing.done():
            await doing
        return doing.done()
    finally:
        doing.cancel()
        waiting.cancel()


async def _first(*waits: Awaitable[Any]) -> None:
    tasks = [asyncio.ensure_future(each) for each in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for each in tasks:
            each.cancel()


async def _enough(options: Options, tally: Tally, ends: Ends | None) -> None:
    if ends is not None:
        await ends(tally)
    elif options.minutes is not None:
        await asyncio.sleep(options.minutes * 60)
    else:
        await asyncio.Event().wait()


async def _news(tally: Tally, say: Say) -> None:
    while True:
        await asyncio.sleep(NEWS)
        say(f"{tally.captured} orders came in, {tally.lines} lines are picked, {len(tally.shipped)} orders shipped.")


@contextmanager
def _told_by_signals(stopped: asyncio.Event) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stopped.set)
    try:
        yield
    finally:
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(name)
