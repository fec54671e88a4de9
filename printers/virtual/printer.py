"""Why: a printer for people who have none, and for tests.

On a real socket, with the habits and the faults of real ones.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from printers.profiles import PrinterProfile, profile_named
from printers.transport import PrinterAddress
from printers.virtual.faults import SILENCES_OLD_FIRMWARE, SLOW_SECONDS, Fault
from printers.virtual.journal import Journal, PrintedLabel
from printers.virtual.machine import Machine
from printers.virtual.stream import Format, Heard, Immediate, Variable, ZplStream

_CHUNK: Final = 64 * 1024
# Real printers take a few kilobytes ahead; so a sender notices early that nobody takes its bytes.
_RECEIVE_BUFFER: Final = 16 * 1024

Pace = Callable[[float], Awaitable[None]]
UtcClock = Callable[[], datetime]


def utc_now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


class VirtualPrinter:
    """`async with VirtualPrinter() as printer:` listens on `printer.address` until the block ends.

    `seconds_per_label` is its speed, `pace` how it waits (tests give their own), `journal` a folder that
    keeps the labels, `silent_when_stuck` the manner of older firmware: no answer to ~HS while paper is out.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        fault: Fault | None = None,
        journal: Path | None = None,
        profile: PrinterProfile | None = None,
        seconds_per_label: float = 0.0,
        pace: Pace = asyncio.sleep,
        clock: UtcClock = utc_now,
        silent_when_stuck: bool = False,
    ) -> None:
        self.profile = profile or profile_named("virtual")
        self.journal = Journal(journal)
        self.machine = Machine(
            f"PICKWAVE VIRTUAL-{self.profile.dpi}dpi", round(self.profile.dots_per_mm), self.journal.count
        )
        self.machine.fault = fault
        self._host, self._port = host, port
        self._seconds, self._pace, self._clock = seconds_per_label, pace, clock
        self._silent_when_stuck = silent_when_stuck
        self._gone = False
        self._server: asyncio.Server | None = None
        self._printing: asyncio.Task[None] | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._streams: set[ZplStream] = set()
        self._work, self._news = asyncio.Event(), asyncio.Event()

    # Life

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen and print. Raises OSError where the port is taken."""
        listener = self._listener()
        self._port = listener.getsockname()[1]
        if self.machine.fault is Fault.OFFLINE:
            listener.close()
        else:
            await self._listen(listener)
        self._printing = asyncio.create_task(self._print())

    async def stop(self) -> None:
        """Drop all connections and stop. Raises what the printing failed with, if it did."""
        self._close_door()
        if self._printing is not None:
            self._printing.cancel()
            await asyncio.wait({self._printing})
            if not self._printing.cancelled() and (error := self._printing.exception()) is not None:
                raise error
            self._printing = None

    def _listener(self) -> socket.socket:
        listener = socket.create_server((self._host, self._port), family=_family(self._host), backlog=16)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
        listener.setblocking(False)
        return listener

    async def _listen(self, listener: socket.socket) -> None:
        self._server = await asyncio.start_server(self._serve, sock=listener, limit=_CHUNK)

    def _close_door(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in list(self._writers):
            writer.transport.abort()
        self._tell()

    # What tests and the page ask

    @property
    def address(self) -> PrinterAddress:
        """Where it listens (or would, when it is offline)."""
        return PrinterAddress(self._host, self._port)

    @property
    def fault(self) -> Fault | None:
        """What is wrong now."""
        return self.machine.fault

    async def set_fault(self, fault: Fault | None) -> None:
        """Make this go wrong from now on; None: all is well again."""
        was, self.machine.fault, self._gone = self.machine.fault, fault, False
        if fault is Fault.OFFLINE:
            self._close_door()
        elif was is Fault.OFFLINE:
            await self._listen(self._listener())
        self._work.set()

    async def printed(self, sequence: int) -> PrintedLabel:
        """Wait until label number `sequence` of the printer's life has come out."""
        while self.journal.count < sequence:
            await self._news.wait()
        label = self.journal.label(sequence)
        if label is None:
            raise LookupError(f"Expected one of the newest labels, got number {sequence} of {self.journal.count}.")
        return label

    async def received(self, formats: int = 1) -> None:
        """Wait until the printer holds this many formats that are not printed to their end."""
        while self.machine.formats_held < formats:
            await self._news.wait()

    # Printing

    async def _print(self) -> None:
        while True:
            await self._work.wait()
            self._work.clear()
            while self.machine.can_print:
                slow = SLOW_SECONDS if self.fault is Fault.SLOW else 0.0
                await self._pace(self._seconds + slow)
                if self.machine.can_print:
                    self.journal.add(self.machine.print_one(), self._clock())
                    self._tell()

    def _tell(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    # Listening

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        stream = ZplStream()
        self._writers.add(writer)
        self._streams.add(stream)
        try:
            while data := await reader.read(_CHUNK):
                if not await self._hear(stream, data, writer):
                    break
        except ConnectionError:
            return
        finally:
            self.machine.partial |= stream.partial
            self._streams.discard(stream)
            self._writers.discard(writer)
            writer.close()

    async def _hear(self, stream: ZplStream, data: bytes, writer: asyncio.StreamWriter) -> bool:
        """Act on bytes; False when the connection broke over them."""
        if self.fault is Fault.HANG:
            return True
        if self._gone:
            writer.transport.abort()
            return False
        if self.fault is Fault.DROP and (stream.partial or b"^XA" in data.upper()):
            return self._drop(stream, data, writer)
        for heard in stream.feed(data):
            self._act(heard, writer)
            if self.fault is Fault.DROP_AFTER and isinstance(heard, Format):
                self._gone = True
                writer.transport.abort()
                return False
        await writer.drain()
        while self.machine.buffer_full and not writer.transport.is_closing():
            await self._news.wait()
        return True

    def _drop(self, stream: ZplStream, data: bytes, writer: asyncio.StreamWriter) -> bool:
        end = data.upper().find(b"^XZ")
        stream.feed(data if end < 0 else data[:end])
        writer.transport.abort()
        return False

    def _act(self, heard: Heard, writer: asyncio.StreamWriter) -> None:
        match heard:
            case Format():
                self.machine.take(heard)
                self._work.set()
                self._tell()
            case Immediate(code):
                self._immediate(code, writer)
            case Variable("getvar", name):
                writer.write(self.machine.variable(name))
            case _:
                return

    def _immediate(self, code: str, writer: asyncio.StreamWriter) -> None:
        acts: dict[str, Callable[[], None]] = {
            "HS": lambda: self._answer_status(writer),
            "HI": lambda: writer.write(self.machine.identity()),
            "JA": self._cancel_all,
            "JX": self.machine.cancel_partial,
            "PS": self._resume,
            "PP": self.machine.pause,
        }
        if act := acts.get(code):
            act()

    def _answer_status(self, writer: asyncio.StreamWriter) -> None:
        if self._silent_when_stuck and self.fault in SILENCES_OLD_FIRMWARE:
            return
        writer.write(self.machine.host_status(receiving=any(stream.partial for stream in self._streams)))

    def _cancel_all(self) -> None:
        self.machine.cancel_all()
        self._tell()

    def _resume(self) -> None:
        self.machine.resume()
        self._work.set()


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
