"""Why: the same rule over real sockets: each fault of a printer, and what may honestly be said about the job then."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest

from printers import Label, OutOfRange, Text, profile_named
from printers.conversation import Cause, Failed, JobState, Printed, Progress, Result, Timings, Unknown
from printers.protocol import Condition
from printers.transport import PrinterAddress, print_job, query_status
from printers.virtual import Fault, VirtualPrinter

# Long where a busy machine could be late, short where only the waiting itself is tested.
QUICK = Timings(connect=10, answer=20, poll=0.01, settle=0.05, proof=20, total=60)
IMPATIENT = replace(QUICK, answer=0.1)
LARGE = b"^XA^FX" + b"x" * 4_000_000 + b"^XZ"


def label(copies: int = 1) -> bytes:
    one = Label(profile_named("virtual"), 100, 50)
    one.add(Text(2, 2, "Hello"))
    return one.zpl(copies)


class Clock:
    """The machine's clock, which a test can put forward."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def put_forward(self, seconds: float) -> None:
        self._ahead += seconds

    def __call__(self) -> float:
        return time.monotonic() + self._ahead


class Watch:
    """What a caller was told, and a way to wait for a state."""

    def __init__(self) -> None:
        self.told: list[Progress] = []
        self._news = asyncio.Event()

    def __call__(self, progress: Progress) -> None:
        self.told.append(progress)
        self._news.set()
        self._news = asyncio.Event()

    @property
    def states(self) -> list[JobState]:
        return list(dict.fromkeys(progress.state for progress in self.told))

    async def until(self, seen: Callable[[Progress], bool]) -> None:
        while not any(seen(progress) for progress in self.told):
            await self._news.wait()


@contextlib.asynccontextmanager
async def printing(
    printer: VirtualPrinter, watch: Watch, copies: int = 1, timings: Timings = QUICK, clock: Clock | None = None
) -> AsyncIterator[asyncio.Task[Result]]:
    job = asyncio.create_task(
        print_job(printer.address, label(copies), copies, watch, timings=timings, clock=clock or Clock())
    )
    try:
        yield job
    finally:
        job.cancel()
        await asyncio.wait({job})


class Gate:
    """A pace that holds every label back until it is opened."""

    def __init__(self) -> None:
        self._open = asyncio.Event()

    def open(self) -> None:
        self._open.set()

    async def __call__(self, seconds: float) -> None:
        await self._open.wait()


async def test_a_ready_printer_prints_and_says_so() -> None:
    watch = Watch()
    async with VirtualPrinter() as printer:
        result = await print_job(printer.address, label(3), 3, watch, timings=QUICK)
        assert result == Printed(3)
        assert printer.journal.count == 3
        assert (await printer.printed(3)).zpl == label(3).strip()
    assert watch.states == [JobState.QUEUED, JobState.SENDING, JobState.SENT, JobState.PRINTED]


async def test_two_jobs_after_each_other_are_counted_apart() -> None:
    async with VirtualPrinter() as printer:
        assert await print_job(printer.address, label(), 1, timings=QUICK) == Printed(1)
        assert await print_job(printer.address, label(2), 2, timings=QUICK) == Printed(2)


@pytest.mark.parametrize(
    ("fault", "condition"),
    [
        (Fault.PAPER_OUT, Condition.PAPER_OUT),
        (Fault.HEAD_OPEN, Condition.HEAD_OPEN),
        (Fault.RIBBON_OUT, Condition.RIBBON_OUT),
        (Fault.PAUSED, Condition.PAUSED),
        (Fault.HANG, Condition.NO_ANSWER),
        (Fault.OFFLINE, Condition.OFFLINE),
    ],
)
async def test_trouble_before_the_job_fails_without_a_byte(fault: Fault, condition: Condition) -> None:
    watch = Watch()
    async with VirtualPrinter(fault=fault) as printer:
        result = await print_job(printer.address, label(), 1, watch, timings=IMPATIENT)
        assert isinstance(result, Failed)
        assert (result.reason, result.safe_to_retry) == (condition, True)
        assert printer.machine.formats_held == 0
    assert watch.states == [JobState.QUEUED, JobState.FAILED]


async def test_older_firmware_that_keeps_silent_needs_attention() -> None:
    async with VirtualPrinter(fault=Fault.PAPER_OUT, silent_when_stuck=True) as printer:
        result = await print_job(printer.address, label(), 1, timings=IMPATIENT)
        assert isinstance(result, Failed)
        assert result.reason is Condition.NO_ANSWER
        report = await query_status(printer.address, timings=IMPATIENT)
        assert report.condition is Condition.NO_ANSWER


async def test_a_slow_printer_is_waited_for() -> None:
    watch, gate = Watch(), Gate()
    async with VirtualPrinter(fault=Fault.SLOW, pace=gate) as printer, printing(printer, watch) as job:
        await watch.until(lambda progress: progress.condition is Condition.BUSY)
        assert not job.done()
        gate.open()
        assert await job == Printed(1)


async def test_paper_that_runs_out_and_comes_back_still_prints_once() -> None:
    watch, gate = Watch(), Gate()
    async with VirtualPrinter(pace=gate) as printer, printing(printer, watch, copies=2) as job:
        await printer.received()
        await printer.set_fault(Fault.PAPER_OUT)
        gate.open()
        await watch.until(lambda progress: progress.condition is Condition.PAPER_OUT)
        assert watch.told[-1].state is JobState.SENT
        await printer.set_fault(None)
        assert await job == Printed(2)
        assert printer.journal.count == 2


async def test_paper_that_stays_out_within_a_job_is_unknown() -> None:
    watch, gate, clock = Watch(), Gate(), Clock()
    async with VirtualPrinter(pace=gate) as printer, printing(printer, watch, clock=clock) as job:
        await printer.received()
        await printer.set_fault(Fault.PAPER_OUT)
        await watch.until(lambda progress: progress.condition is Condition.PAPER_OUT)
        clock.put_forward(QUICK.total)
        result = await job
        assert isinstance(result, Unknown)
        assert result.reason is Condition.PAPER_OUT
    assert watch.states[-1] is JobState.UNKNOWN


async def test_a_break_before_the_last_byte_is_safe_to_retry() -> None:
    watch = Watch()
    async with VirtualPrinter(fault=Fault.DROP) as printer:
        result = await print_job(printer.address, LARGE, 1, watch, timings=QUICK)
        assert isinstance(result, Failed)
        assert (result.reason, result.safe_to_retry) == (Cause.CONNECTION_LOST, True)
        await printer.set_fault(None)
        assert await print_job(printer.address, label(), 1, timings=QUICK) == Printed(1)
        assert printer.journal.count == 1
    assert watch.states == [JobState.QUEUED, JobState.SENDING, JobState.FAILED]


async def test_a_break_after_the_last_byte_left_us_is_unknown() -> None:
    async with VirtualPrinter(fault=Fault.DROP) as printer:
        result = await print_job(printer.address, label(), 1, timings=QUICK)
        assert isinstance(result, Unknown)
        assert printer.journal.count == 0


async def test_a_printer_that_drops_after_the_job_is_unknown() -> None:
    async with VirtualPrinter(fault=Fault.DROP_AFTER) as printer:
        result = await print_job(printer.address, label(), 1, timings=replace(QUICK, proof=0.2))
        await printer.printed(1)
        assert isinstance(result, Unknown)
        assert result.reason is Cause.CONNECTION_LOST


async def test_a_printer_that_comes_back_after_a_drop_proves_its_label() -> None:
    watch = Watch()
    async with VirtualPrinter(fault=Fault.DROP_AFTER) as printer, printing(printer, watch) as job:
        await printer.printed(1)
        await printer.set_fault(None)
        assert await job == Printed(1)


async def test_a_printer_that_hangs_within_the_job_is_unknown() -> None:
    watch, gate, clock = Watch(), Gate(), Clock()
    timings = replace(QUICK, answer=1)
    async with VirtualPrinter(pace=gate) as printer, printing(printer, watch, timings=timings, clock=clock) as job:
        await printer.received()
        await printer.set_fault(Fault.HANG)
        await watch.until(lambda progress: progress.condition is Condition.NO_ANSWER)
        clock.put_forward(QUICK.total)
        result = await job
        assert isinstance(result, Unknown)
        assert result.reason is Condition.NO_ANSWER


async def test_another_host_on_the_same_printer_makes_the_count_unknown() -> None:
    watch, gate = Watch(), Gate()
    async with VirtualPrinter(pace=gate) as printer, printing(printer, watch) as job:
        await printer.received()
        _, writer = await asyncio.open_connection(*printer.address)
        writer.write(label())
        await writer.drain()
        await printer.received(formats=2)
        gate.open()
        result = await job
        writer.close()
        assert isinstance(result, Unknown)
        assert result.reason is Cause.COUNT_DIFFERS


async def test_cancelling_before_the_first_byte_is_failed_and_cancels() -> None:
    watch = Watch()
    async with VirtualPrinter(fault=Fault.HANG) as printer, printing(printer, watch) as job:
        await watch.until(lambda progress: progress.state is JobState.QUEUED)
        job.cancel()
        with pytest.raises(asyncio.CancelledError):
            await job
    assert watch.states == [JobState.QUEUED, JobState.FAILED]


async def test_cancelling_after_the_first_byte_is_unknown_and_cancels() -> None:
    watch, gate = Watch(), Gate()
    async with VirtualPrinter(pace=gate) as printer, printing(printer, watch) as job:
        await printer.received()
        job.cancel()
        with pytest.raises(asyncio.CancelledError):
            await job
    assert watch.states[-1] is JobState.UNKNOWN


async def test_a_peer_that_never_stops_talking_cannot_hold_a_job() -> None:
    async def chatter(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while True:
                writer.write(b"blah\r\n" * 50)
                await writer.drain()

    server = await asyncio.start_server(chatter, "127.0.0.1", 0)
    address = PrinterAddress(*server.sockets[0].getsockname()[:2])
    result = await print_job(address, label(), 1, timings=IMPATIENT)
    server.close()
    assert isinstance(result, Failed)
    assert result.reason is Condition.NO_ANSWER


async def test_a_status_names_the_printer_and_its_trouble() -> None:
    async with VirtualPrinter() as printer:
        report = await query_status(printer.address, timings=QUICK)
        assert report.condition is Condition.READY
        assert report.identity is not None
        assert report.identity.dpi == 203
        assert report.labels_printed == 0
        await printer.set_fault(Fault.HEAD_OPEN)
        assert (await query_status(printer.address, timings=QUICK)).condition is Condition.HEAD_OPEN
        await printer.set_fault(Fault.OFFLINE)
        assert (await query_status(printer.address, timings=QUICK)).condition is Condition.OFFLINE
        await printer.set_fault(None)
        assert (await query_status(printer.address, timings=QUICK)).condition is Condition.READY


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("10.0.4.17", ("10.0.4.17", 9100)),
        ("10.0.4.17:9101", ("10.0.4.17", 9101)),
        ("printer-3:6101", ("printer-3", 6101)),
        ("[fe80::1]:9100", ("fe80::1", 9100)),
        ("[fe80::1]", ("fe80::1", 9100)),
    ],
)
def test_an_address_is_read_with_or_without_its_port(text: str, address: tuple[str, int]) -> None:
    assert PrinterAddress.parse(text) == address


@pytest.mark.parametrize("text", ["", ":9100", "a:b", "a:0", "a:70000", "a:９１００"])
def test_a_bad_address_is_refused(text: str) -> None:
    with pytest.raises(OutOfRange, match="Expected a printer as host or host:port"):
        PrinterAddress.parse(text)


async def test_a_job_without_labels_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="Expected at least 1 label in a job, got 0"):
        await print_job(PrinterAddress("127.0.0.1"), label(), 0)
