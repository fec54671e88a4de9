"""Why: the only one who speaks to printers. One job a printer at a time, between two commands and inside none.

It claims a job (a commit), has `printers` print it, and records what became of it (another commit). A printer that
is not ready is watched, and the job goes on by itself as soon as it is, or at the printer beside it where it takes too
long. What may have printed is left to a person.
Several processes may run theirs: a claim is one process's, for as long as that lives and gives signs of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final, TypeVar
from uuid import UUID

import structlog

from printers.conversation import Failed as NotPrinted
from printers.conversation import JobState, Printed, Progress, Result, Timings
from printers.protocol import Condition
from printers.transport import print_job, query_status
from server.background import Site
from server.core.clock import Clock
from server.core.refusal import Refusal
from server.db.database import Database
from server.db.errors import BAD_SETTING, StartError
from server.db.patience import patiently
from server.db.unit import Command, Lane
from server.db.work import Actor, Work
from server.spooler import rules, service, store
from server.spooler.addresses import Allowed
from server.spooler.schemas import Claim, Printer

T = TypeVar("T")

ME: Final = Actor(name="spooler")
BREATH: Final = 0.05
"""Seconds between two looks, however often the doorbell rings."""
LONGEST_NAP: Final = 30.0
OTHERS_NAP: Final = 5.0
"""The same while something is another process's: nobody rings when it dies."""
FINE: Final = frozenset({Condition.READY, Condition.BUSY})

_UNTOLD: Final = Progress(JobState.QUEUED, None, "")


@dataclass(frozen=True)
class Pauses:
    """In seconds: between two looks at a printer that is not ready (growing), and between two at an idle one."""

    first_look: float = 0.5
    longest_look: float = 5.0
    probe: float = 15.0


@dataclass(frozen=True)
class _Said:
    """What a printer says of itself."""

    warehouse: int
    printer: UUID
    condition: str


class Spooler:
    """Prints what is queued. One a process."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        allowed: Allowed,
        *,
        timings: Timings | None = None,
        pauses: Pauses | None = None,
        patience: timedelta | None = None,
    ) -> None:
        """`patience`: how long a printer may be unable to print until the one beside it does; None: for ever."""
        self.allowed = allowed
        self._db = db
        self._clock = clock
        self._timings = timings or Timings()
        self._pauses = pauses or Pauses()
        self._patience = patience
        self._look = asyncio.Event()
        self._serving: dict[UUID, asyncio.Task[None]] = {}
        self._said: asyncio.Queue[_Said] = asyncio.Queue()

    # --- running

    async def run(self) -> None:
        """Prints until it is cancelled. May be run again after a failure: what is being sent goes on meanwhile."""
        helpers = [asyncio.create_task(self._listen()), asyncio.create_task(self._keep_conditions())]
        try:
            while True:
                self._look.clear()
                nap = await patiently(self._look_once)
                with suppress(TimeoutError):
                    async with asyncio.timeout(nap):
                        await self._look.wait()
                await asyncio.sleep(BREATH)
        except asyncio.CancelledError:
            await _ended([*self._serving.values()])
            raise
        finally:
            await _ended(helpers)

    async def _look_once(self) -> float:
        """Begins what there is to do; gives the seconds until the next look is due."""
        now = self._clock.now()
        others = await self._lose_abandoned()
        await self._fail_over(now)
        left = await self._start_what_is_due(now)
        return await self._nap(others or left, now)

    async def _lose_abandoned(self) -> bool:
        """What was being sent when its sender ended may have printed: a person decides. Whether others send."""
        jobs = await self._db.read(store.all_sending)
        others = {job.sender for job in jobs if job.sender is not None} - {self._db.life}
        dead = await self._db.ended(others)
        lost = {job.warehouse for job in jobs if service.is_abandoned(job, self._clock.now(), dead)}
        for warehouse in lost:
            run = partial(service.lose_abandoned, warehouse=warehouse, dead=dead)
            await self._write(warehouse, "print.lose_abandoned", run)
        return bool(others)

    async def _fail_over(self, now: datetime) -> None:
        """What has waited long enough for a printer that cannot print goes to the one beside it."""
        if self._patience is None:
            return
        waiting = await self._db.read(partial(store.stranded, since=now - self._patience))
        for warehouse in {each.job.warehouse for each in waiting}:
            run = partial(service.fail_over, warehouse=warehouse, patience=self._patience)
            await self._write(warehouse, "print.fail_over", run)

    async def _listen(self) -> None:
        rang = self._db.doorbell.count
        while True:
            rang = await self._db.doorbell.wait(rang)
            self._look.set()

    async def _start_what_is_due(self, now: datetime) -> bool:
        """Begins with each printer that has something to print; whether any was left to others."""
        left = False
        for warehouse, printer in await self._db.read(partial(store.due_printers, now=now)):
            if printer in self._serving:
                continue
            if not await self._is_ours(warehouse, printer):
                left = True
                continue
            task = asyncio.create_task(self._serve(warehouse, printer), name=f"print {printer}")
            self._serving[printer] = task
            task.add_done_callback(partial(self._served, printer))
        return left

    async def _is_ours(self, warehouse: int, printer: UUID) -> bool:
        """Whether we may speak to a printer; one that we may not is left to others, while there are any."""
        found = await self._db.read(partial(store.printer_by_id, warehouse=warehouse, printer_id=printer))
        return found is None or self._may_speak_to(found) or not await self._others_live()

    def _may_speak_to(self, printer: Printer) -> bool:
        try:
            self.allowed.check(printer.address)
        except Refusal:
            return False
        return True

    async def _others_live(self) -> bool:
        return bool(await self._db.living() - {self._db.life})

    def _served(self, printer: UUID, task: asyncio.Task[None]) -> None:
        del self._serving[printer]
        if not task.cancelled() and (error := task.exception()) is not None:
            _log().error("printing_failed", printer=str(printer), exc_info=error)
        else:
            self._look.set()  # something may have been queued after the last look

    async def _nap(self, others: bool, looked: datetime) -> float:
        longest = OTHERS_NAP if others else LONGEST_NAP
        due = None if self._serving else await self._db.read(partial(store.next_moment, now=looked))
        moments = [each for each in (due, await self._next_fail_over(looked)) if each is not None]
        if not moments:
            return longest
        return min(max((min(moments) - self._clock.now()).total_seconds(), BREATH), longest)

    async def _next_fail_over(self, looked: datetime) -> datetime | None:
        if self._patience is None:
            return None
        since = await self._db.read(partial(store.next_stranded, since=looked - self._patience))
        return None if since is None else since + self._patience

    # --- one printer

    async def _serve(self, warehouse: int, printer: UUID) -> None:
        ready = False
        while (held := await self._claim(warehouse, printer, ready)) is not None:
            result = await self._print(held)
            ready = isinstance(result, NotPrinted) and result.safe_to_retry
            if ready and not await self._until_ready(warehouse, printer):
                return

    async def _claim(self, warehouse: int, printer: UUID, ready: bool) -> Claim | None:
        run = partial(service.claim, warehouse=warehouse, printer_id=printer, sender=self._db.life, ready=ready)
        return await patiently(partial(self._write, warehouse, "print.claim", run, Lane.FLOOR))

    async def _print(self, held: Claim) -> Result | None:
        """Sends one job and records what became of it; None where its printer is at no allowed address."""
        try:
            address = self.allowed.check(held.address)
        except Refusal as refusal:
            await self._record(held, "fail", refusal.code, "The printer's address is not allowed.", again=False)
            return None
        life = asyncio.create_task(self._give_signs_of_life(held))
        teller = _Teller(partial(self._told, held.warehouse, held.printer))
        try:
            result = await print_job(address, held.payload, held.copies, teller, timings=self._timings)
        except asyncio.CancelledError:
            await asyncio.shield(self._record_progress(held, teller.last))
            raise
        finally:
            life.cancel()
        await self._record_result(held, result)
        return result

    async def _give_signs_of_life(self, held: Claim) -> None:
        while True:
            await asyncio.sleep(rules.LEASE.total_seconds() / 3)
            renew = partial(service.renew, held=held)
            if not await patiently(partial(self._write, held.warehouse, "print.renew", renew)):
                _log().error("print_lease_lost", job=str(held.job))
                return

    async def _record_result(self, held: Claim, result: Result) -> None:
        if isinstance(result, Printed):
            self._told(held.warehouse, held.printer, Condition.READY)
            await self._record(held, "print", None, None, again=False)
        elif isinstance(result, NotPrinted):
            await self._record(held, "fail", result.reason, result.text, again=result.safe_to_retry)
        else:
            await self._record(held, "lose", result.reason, result.text, again=False)

    async def _record_progress(self, held: Claim, last: Progress) -> None:
        """The process ends within a job: nothing had left, or nobody knows."""
        unsent = last.state is JobState.FAILED
        await self._record(held, "fail" if unsent else "lose", "cancelled", last.text, again=unsent)

    async def _record(self, held: Claim, trigger: str, reason: str | None, said: str | None, *, again: bool) -> None:
        run = partial(service.record, held=held, trigger=trigger, reason=reason, said=said, again=again)
        state = await patiently(partial(self._write, held.warehouse, "print.record", run))
        if state != "printed":
            _log().warning("not_printed", job=str(held.job), state=state, reason=reason)

    async def _until_ready(self, warehouse: int, printer: UUID) -> bool:
        """Looks at a printer until it is ready; False when it is gone or may not be spoken to."""
        pause = self._pauses.first_look
        while True:
            await asyncio.sleep(pause)
            pause = min(pause * 2, self._pauses.longest_look)
            look = partial(store.printer_by_id, warehouse=warehouse, printer_id=printer)
            found = await patiently(partial(self._db.read, look))
            if found is None or (condition := await self._ask(found)) is None:
                return False
            if condition is Condition.READY:
                return True

    # --- what printers say of themselves

    async def probe(self) -> None:
        """Looks at every printer that is not being sent to, once."""
        busy = {job.printer for job in await self._db.read(store.all_sending)} | set(self._serving)
        printers = await self._db.read(store.all_printers)
        await asyncio.gather(*(self._ask(each) for each in printers if each.id not in busy))

    async def run_probe(self) -> None:
        """Looks now and then, until it is cancelled."""
        while True:
            await self.probe()
            await asyncio.sleep(self._pauses.probe)

    async def _ask(self, printer: Printer) -> Condition | None:
        try:
            address = self.allowed.check(printer.address)
        except Refusal:
            if printer.condition == "unknown" or not await self._others_live():  # who may speak to it knows better
                self._told(printer.warehouse, printer.id, None)
            return None
        report = await query_status(address, timings=self._timings)
        self._told(printer.warehouse, printer.id, report.condition)
        return report.condition

    def _told(self, warehouse: int, printer: UUID, condition: Condition | None) -> None:
        self._said.put_nowait(_Said(warehouse, printer, "address_refused" if condition is None else str(condition)))

    async def _keep_conditions(self) -> None:
        while True:
            said = await self._said.get()
            if said.condition == Condition.BUSY:
                continue  # busy with our own job
            try:
                await self._keep_condition(said)
            except Exception as error:  # noqa: BLE001  (the next look says it again)
                _log().warning("condition_not_kept", printer=str(said.printer), exc_info=error)

    async def _keep_condition(self, said: _Said) -> None:
        where, printer = said.warehouse, said.printer
        known = await self._db.read(partial(store.printer_by_id, warehouse=where, printer_id=printer))
        if known is not None and known.condition != said.condition:
            run = partial(service.set_condition, warehouse=where, printer_id=printer, condition=said.condition)
            await self._write(where, "printer.condition", run)

    async def _write(self, warehouse: int, name: str, run: Callable[[Work], T], lane: Lane = Lane.BULK) -> T:
        return (await self._db.write(Command(run, frozenset({warehouse}), ME, name, lane=lane))).answer


class _Teller:
    """Keeps the last thing a conversation said, and hands on each new condition of the printer."""

    def __init__(self, told: Callable[[Condition], None]) -> None:
        self.last = _UNTOLD
        self._hand_on = told

    def __call__(self, progress: Progress) -> None:
        if progress.condition is not None and progress.condition != self.last.condition:
            self._hand_on(progress.condition)
        self.last = progress


async def _ended(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def spooler(site: Site) -> AsyncIterator[Spooler]:
    """For `app.py`'s THINGS: the spooler with the addresses of the settings."""
    try:
        allowed = Allowed(site.settings.printer_addresses)
    except ValueError as error:
        raise StartError(f"PICKWAVE_PRINTER_ADDRESSES: {error}", BAD_SETTING) from None
    seconds = site.settings.printer_patience_seconds
    yield Spooler(site.db, site.clock, allowed, patience=timedelta(seconds=seconds) if seconds else None)


def of(site: Site) -> Spooler:
    """The process's spooler."""
    found = site.things["spooler"]
    assert isinstance(found, Spooler)
    return found


async def run(site: Site) -> None:
    """For `app.py`'s BACKGROUND: prints."""
    await of(site).run()


async def run_probe(site: Site) -> None:
    """For `app.py`'s BACKGROUND: looks at the printers."""
    await of(site).run_probe()


def _log() -> structlog.stdlib.BoundLogger:
    logger: structlog.stdlib.BoundLogger = structlog.get_logger("pickwave.spooler")
    return logger
