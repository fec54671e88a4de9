"""Why: tests trust the virtual printer, so it must itself behave as a printer does."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from printers.protocol import AnswerReader, Frame, HostStatus, Value, read_host_status
from printers.virtual import Fault, Journal, VirtualPrinter, fault_named, run_virtual_printer
from printers.virtual.machine import MAX_QUANTITY, Machine, Sheet
from printers.virtual.stream import Format, Heard, Immediate, Variable, ZplStream

WHEN = datetime(2025, 11, 24, 20, 0, tzinfo=UTC)


def status(machine: Machine) -> HostStatus:
    return read_host_status([each for each in AnswerReader().feed(machine.host_status()) if isinstance(each, Frame)])


# The stream


@pytest.mark.parametrize(
    ("data", "heard"),
    [
        (b"^XA^FDa^FS^XZ", [Format(b"^XA^FDa^FS^XZ")]),
        (b"noise^xa^XZ\n~hs", [Format(b"^XA^XZ"), Immediate("HS")]),
        (b"^XA^FDa~HSb^FS^XZ", [Immediate("HS"), Format(b"^XA^FDab^FS^XZ")]),
        (b"^XAold^XAnew^XZ", [Format(b"^XAnew^XZ")]),
        (b"^XZ", []),
        (b'! U1 getvar "a.b"\r\n', [Variable("getvar", "a.b")]),
        (b'! U1 setvar "a.b" "c"\r\n~PS', [Variable("setvar", "a.b", "c"), Immediate("PS")]),
        (b'^XA! U1 getvar "a.b"\r\n^XZ', [Format(b'^XA! U1 getvar "a.b"\r\n^XZ')]),
        (b"^XABob^XZ~JR", [Format(b"^XABob^XZ"), Immediate("JR")]),
    ],
)
def test_a_stream_is_cut_into_what_a_printer_acts_on(data: bytes, heard: list[Heard]) -> None:
    stream = ZplStream()
    assert stream.feed(data) == heard
    assert not stream.partial


@given(st.lists(st.integers(0, 200), max_size=20))
def test_pieces_do_not_matter_to_the_stream(cuts: list[int]) -> None:
    whole = b'x! U1 getvar "odometer.total_label_count"\r\n^XA^FDa~HS^PQ3^FS^XZ~HI^XA^XZ! U1 do "x" ""\r\n^X'
    edges = sorted({0, len(whole), *(cut for cut in cuts if cut < len(whole))})
    stream = ZplStream()
    heard = [each for start, end in pairwise(edges) for each in stream.feed(whole[start:end])]
    assert heard == ZplStream().feed(whole)


@given(st.binary(max_size=400))
def test_no_bytes_break_the_stream(noise: bytes) -> None:
    stream = ZplStream()
    stream.feed(noise)
    assert Format(b"^XA^FDok^FS^XZ") in stream.feed(b"\r\n^XA^FDok^FS^XZ")


def test_the_last_quantity_counts() -> None:
    assert Format(b"^XA^PQ5^PQ002,0^XZ").quantity == 2
    assert Format(b"^XA^XZ").quantity == 1


# The inside


def test_the_counts_go_down_as_labels_come_out() -> None:
    machine = Machine()
    machine.take(Format(b"^XA^PQ2^LL400^XZ"))
    machine.take(Format(b"^XA^XZ"))
    assert (status(machine).formats_in_buffer, status(machine).labels_remaining) == (1, 2)
    assert machine.print_one() == Sheet(b"^XA^PQ2^LL400^XZ", 1, 2)
    assert (status(machine).formats_in_buffer, status(machine).labels_remaining) == (1, 1)
    machine.print_one()
    machine.print_one()
    assert status(machine).idle
    assert machine.odometer == 3
    assert machine.variable("odometer.total_label_count") == b'"3"'
    assert machine.variable("no.such.thing") == b'"?"'


def test_a_slip_of_the_quantity_does_not_fill_a_disk() -> None:
    machine = Machine()
    machine.take(Format(b"^XA^PQ99999999^XZ"))
    assert status(machine).labels_remaining == MAX_QUANTITY


def test_cancel_all_forgets_what_is_not_printed() -> None:
    machine = Machine()
    machine.take(Format(b"^XA^PQ9^XZ"))
    machine.print_one()
    machine.cancel_all()
    assert status(machine).idle
    assert not machine.can_print


@pytest.mark.parametrize("name", ["paper-out", "none", None])
def test_faults_go_by_name(name: str | None) -> None:
    assert fault_named(name) is (Fault.PAPER_OUT if name == "paper-out" else None)


def test_an_unknown_fault_is_refused_with_those_that_exist() -> None:
    with pytest.raises(ValueError, match=r"Expected a fault \(paper-out, .*\) or none, got 'fire'"):
        fault_named("fire")


# The journal


def test_a_journal_outlives_its_printer(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "labels")
    journal.add(Sheet(b"^XA1^XZ", 1, 2), WHEN)
    journal.add(Sheet(b"^XA2^XZ", 2, 2), WHEN)
    again = Journal(tmp_path / "labels")
    assert again.labels == journal.labels
    assert again.add(Sheet(b"^XA3^XZ", 1, 1), WHEN).sequence == 3
    assert (tmp_path / "labels" / "000003.zpl").read_bytes() == b"^XA3^XZ"


def test_a_torn_last_line_costs_only_that_line(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.add(Sheet(b"^XA1^XZ", 1, 1), WHEN)
    index = tmp_path / "journal.jsonl"
    index.write_text(index.read_text() + '{"sequence": 2, "pri')
    again = Journal(tmp_path)
    assert again.count == 1
    again.add(Sheet(b"^XA2^XZ", 1, 1), WHEN)
    assert [json.loads(line)["sequence"] for line in index.read_text().splitlines()] == [1, 2]


async def test_the_count_of_its_life_outlives_the_printer(tmp_path: Path) -> None:
    async with VirtualPrinter(journal=tmp_path, clock=lambda: WHEN) as printer:
        await send(printer, b"^XA^PQ2^XZ")
        assert (await printer.printed(2)).printed_at == WHEN
    async with VirtualPrinter(journal=tmp_path) as printer:
        assert await ask(printer, b'! U1 getvar "odometer.total_label_count"\r\n') == [Value("2")]


# The sockets


async def send(printer: VirtualPrinter, data: bytes) -> None:
    _, writer = await asyncio.open_connection(*printer.address)
    writer.write(data)
    await writer.drain()
    writer.close()
    await writer.wait_closed()


async def ask(printer: VirtualPrinter, data: bytes, answers: int = 1) -> list[Frame | Value]:
    reader, writer = await asyncio.open_connection(*printer.address)
    writer.write(data)
    cutter, got = AnswerReader(), list[Frame | Value]()
    while len(got) < answers:
        got += cutter.feed(await reader.read(4096))
    writer.close()
    return got


async def test_it_answers_status_even_within_a_format() -> None:
    async with VirtualPrinter() as printer:
        frames = await ask(printer, b"^XA^FDhalf~HS", answers=3)
        assert read_host_status([each for each in frames if isinstance(each, Frame)]).partial_format


async def test_a_part_stays_when_the_connection_goes_and_can_be_cancelled() -> None:
    async with VirtualPrinter() as printer:
        await ask(printer, b"^XA^FDhalf~HI")
        frames = await ask(printer, b"~HS", answers=3)
        assert read_host_status([each for each in frames if isinstance(each, Frame)]).partial_format
        frames = await ask(printer, b"~JX~HS", answers=3)
        assert read_host_status([each for each in frames if isinstance(each, Frame)]).idle


async def test_a_pause_holds_the_label_until_it_is_resumed() -> None:
    async with VirtualPrinter() as printer:
        await ask(printer, b"~PP^XA^XZ~HI")
        assert printer.fault is Fault.PAUSED
        assert printer.journal.count == 0
        await send(printer, b"~PS")
        assert (await printer.printed(1)).sequence == 1


async def test_an_offline_printer_comes_back_on_the_same_port() -> None:
    async with VirtualPrinter() as printer:
        address = printer.address
        await printer.set_fault(Fault.OFFLINE)
        with pytest.raises(ConnectionError):
            await asyncio.open_connection(*address)
        await printer.set_fault(None)
        assert printer.address == address
        assert len(await ask(printer, b"~HI")) == 1


async def test_a_full_printer_takes_no_more_until_it_printed() -> None:
    filler = b"^XA^FX" + b"x" * 1_500_000 + b"^XZ"
    async with VirtualPrinter(fault=Fault.PAPER_OUT) as printer:
        reader, writer = await asyncio.open_connection(*printer.address)
        writer.write(filler * 3 + b"~HI")
        await printer.received(formats=3)
        assert status(printer.machine).buffer_full
        await printer.set_fault(None)
        assert (await reader.readuntil(b"\x03")).startswith(b"\x02PICKWAVE")
        writer.close()
        await printer.printed(3)


async def test_a_full_printer_can_be_stopped() -> None:
    filler = b"^XA^FX" + b"x" * 1_500_000 + b"^XZ"
    async with VirtualPrinter(fault=Fault.PAPER_OUT) as printer:
        _, writer = await asyncio.open_connection(*printer.address)
        writer.write(filler * 3)
        await printer.received(formats=3)
    writer.transport.abort()


async def test_a_taken_port_is_said_at_the_start() -> None:
    async with VirtualPrinter() as printer:
        with pytest.raises(OSError, match="in use"):
            await VirtualPrinter(port=printer.address.port).start()


async def test_one_call_runs_printer_and_page_until_it_is_cancelled(tmp_path: Path) -> None:
    ready: asyncio.Future[VirtualPrinter] = asyncio.get_running_loop().create_future()
    said: list[str] = []
    running = asyncio.create_task(
        run_virtual_printer(
            port=0,
            journal=tmp_path,
            seconds_per_label=0,
            announce=said.append,
            ready=lambda printer, page: ready.set_result(printer),
        )
    )
    printer = await ready
    await send(printer, b"^XA^XZ")
    await printer.printed(1)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert len(said) == 2
    assert str(printer.address.port) in said[0]


@contextlib.asynccontextmanager
async def command_line(*arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "printers.virtual", *arguments,
        cwd=Path(__file__).parents[2], stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def test_the_command_prints_its_addresses_and_ends_when_asked(tmp_path: Path) -> None:
    async with command_line("--port", "0", "--fault", "paper-out", "--journal", str(tmp_path)) as process:
        assert process.stdout is not None
        first, second = await process.stdout.readline(), await process.stdout.readline()
        assert first.startswith(b"Virtual printer listens on 127.0.0.1:")
        assert b"http://127.0.0.1:" in second
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0


async def test_the_command_says_why_it_cannot_start(tmp_path: Path) -> None:
    async with command_line("--port", "0", "--renderer", str(tmp_path / "none.js")) as process:
        _, said = await process.communicate()
        assert process.returncode == 1
        assert said.startswith(b"The virtual printer cannot start: Expected the renderer's file")
