"""A spooler that really runs, and virtual printers on real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TypeVar
from uuid import UUID

import pytest

from printers import Code128, Label, Text, profile_named
from printers.conversation import Timings
from printers.label import Barcode
from printers.transport import PrinterAddress
from printers.virtual import VirtualPrinter
from server.core.clock import ManualClock
from server.db.database import Database
from server.db.unit import Command
from server.db.work import Actor, Work
from server.spooler import service
from server.spooler.addresses import Allowed
from server.spooler.rules import Decision
from server.spooler.schemas import Job, NewPrinter
from server.spooler.worker import Pauses, Spooler

T = TypeVar("T")

QUICK = Timings(connect=1.0, answer=0.3, poll=0.01, settle=0.05, proof=0.3, total=5.0)
SHORT = Pauses(first_look=0.01, longest_look=0.02, probe=0.05)
PACKER = Actor(name="Pia", warehouse=1)


def label(text: str) -> bytes:
    """A small label with this text as a barcode."""
    made = Label(profile_named("virtual"), width_mm=76, height_mm=50)
    made.add(Text(4, 4, text, height_mm=6), Barcode(Code128(text), y_mm=15, height_mm=20))
    return made.zpl()


@dataclass
class Print:
    """A print shop: the database, the allowed addresses, the running spooler."""

    db: Database
    clock: ManualClock
    allowed: Allowed = field(default_factory=Allowed)
    running: asyncio.Task[None] | None = None
    patience: timedelta | None = None

    async def do(self, run: Callable[[Work], T]) -> T:
        """One command in the warehouse's stream."""
        return (await self.db.write(Command(run, frozenset({1}), PACKER, "test"))).answer

    async def put_printer(self, code: str, address: PrinterAddress) -> UUID:
        """Registers a printer at an address that is allowed from now on."""
        self.allowed.add(address)
        new = NewPrinter(code=code, name=code, profile="virtual", address=f"{address.host}:{address.port}")
        return await self.do(partial(service.put_printer, warehouse=1, new=new, allowed=self.allowed))

    async def queue(
        self, printer: UUID, text: str, subject: UUID | None = None, copies: int = 1, other: UUID | None = None
    ) -> UUID:
        """Queues a label with this text."""
        return await self.do(
            lambda work: service.enqueue(work, 1, printer, "test", subject, label(text) * copies, copies, other=other)
        )

    def spooler(self) -> Spooler:
        """A spooler as a process has one."""
        return Spooler(self.db, self.clock, self.allowed, timings=QUICK, pauses=SHORT, patience=self.patience)

    def start(self) -> Spooler:
        """Starts one."""
        made = self.spooler()
        self.running = asyncio.create_task(made.run())
        return made

    async def stop(self) -> None:
        """Ends it as a process that ends in order does; raises what it failed with."""
        if self.running is not None:
            task, self.running = self.running, None
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def job(self, job_id: UUID) -> Job:
        """A job as it is now."""
        return await self.db.read(partial(service.job_view, warehouse=1, job_id=job_id))

    async def until(self, job_id: UUID, *states: str) -> Job:
        """Waits for the doorbell until the job is in one of these states."""
        async with asyncio.timeout(15):
            while True:
                rang = self.db.doorbell.count
                found = await self.job(job_id)
                if found.state in states:
                    return found
                await self.db.doorbell.wait(rang)

    async def until_condition(self, code: str, *conditions: str) -> None:
        """Waits for the doorbell until a printer says one of these of itself."""
        async with asyncio.timeout(15):
            while True:
                rang = self.db.doorbell.count
                found = await self.db.read(partial(service.printer_of, warehouse=1, code=code))
                if found.condition in conditions:
                    return
                await self.db.doorbell.wait(rang)

    async def decide(self, job_id: UUID, decision: Decision) -> str:
        """A person decides."""
        return await self.do(partial(service.decide, warehouse=1, job_id=job_id, decision=decision))


@pytest.fixture
async def shop(database: Database, clock: ManualClock) -> AsyncIterator[Print]:
    """A print shop without printers; whatever runs in it is ended."""
    made = Print(database, clock)
    async with AsyncExitStack() as at_end:
        at_end.push_async_callback(made.stop)
        yield made


@pytest.fixture
async def printer() -> AsyncIterator[VirtualPrinter]:
    """A printer that listens on a free port."""
    async with VirtualPrinter() as running:
        yield running
