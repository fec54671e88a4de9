"""Why: the only socket that speaks to printers. It does what a conversation says and tells it what happened.

    result = await print_job(PrinterAddress("10.0.4.17"), label.zpl(copies=2), 2, on_state=print)
    report = await query_status(PrinterAddress("10.0.4.17"))

Whoever calls checks first that the address is one of the site's printers (an allow-list), and that nobody
else prints there meanwhile. Nothing here waits for ever: connecting, answers and the whole job have
deadlines.
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol, cast

from printers.conversation import (
    Action,
    Connect,
    HangUp,
    PrintConversation,
    PrinterReport,
    Progress,
    Result,
    Send,
    StatusConversation,
    Timings,
)
from printers.errors import OutOfRange

RAW_PORT: Final = 9100

# The less the system holds back for us, the more truly "handed over" means "taken by the printer".
_SEND_BUFFER: Final = 16 * 1024

Clock = Callable[[], float]
OnState = Callable[[Progress], None]


class PrinterAddress(NamedTuple):
    """Where a printer listens: an address and its raw port."""

    host: str
    port: int = RAW_PORT

    @classmethod
    def parse(cls, text: str) -> PrinterAddress:
        """`10.0.4.17` or `10.0.4.17:9100`, `[fe80::1]:9100`. Raises OutOfRange."""
        host, colon, port = text.rpartition(":") if "]" not in text or "]:" in text else (text, "", "")
        if not colon:
            host, port = text, str(RAW_PORT)
        host = host.strip("[]")
        if not host or not (port.isascii() and port.isdigit()) or not 1 <= int(port) <= 65535:
            raise OutOfRange(f"Expected a printer as host or host:port, got {text!r}.")
        return cls(host, int(port))


async def print_job(
    address: PrinterAddress,
    payload: bytes,
    copies: int,
    on_state: OnState | None = None,
    *,
    timings: Timings | None = None,
    own_printer: bool = True,
    clock: Clock = time.monotonic,
) -> Result:
    """Print `payload`, which makes `copies` labels in all, and say honestly what became of it.

    `on_state` is called with each change of state or condition, last with the outcome; it must not raise.
    Cancelling is safe: the connection is closed, `on_state` gets `failed` (no byte had left) or `unknown`, and the
    cancellation goes on.
    """
    conversation = PrintConversation(payload, copies, timings, own_printer=own_printer)
    teller = _Teller(conversation, on_state)
    try:
        await _drive(conversation, address, timings or Timings(), clock, teller.tell)
    except asyncio.CancelledError:
        conversation.cancel()
        teller.tell()
        raise
    assert conversation.result is not None
    return conversation.result


async def query_status(
    address: PrinterAddress, *, timings: Timings | None = None, clock: Clock = time.monotonic
) -> PrinterReport:
    """What the printer says of itself.

    No error for a dead printer: then its condition is `offline` or `no_answer`.
    """
    conversation = StatusConversation(timings)
    await _drive(conversation, address, timings or Timings(), clock, lambda: None)
    assert conversation.result is not None
    return conversation.result


class _Teller:
    """Calls the caller's `on_state`, once for each change."""

    def __init__(self, conversation: PrintConversation, on_state: OnState | None) -> None:
        self._conversation, self._on_state = conversation, on_state
        self._told: Progress | None = None

    def tell(self) -> None:
        progress = self._conversation.progress
        if progress != self._told and self._on_state is not None:
            self._on_state(progress)
        self._told = progress


class _Conversation(Protocol):
    @property
    def done(self) -> bool: ...
    def next_tick(self) -> float: ...
    def start(self, now: float) -> list[Action]: ...
    def connected(self, now: float) -> list[Action]: ...
    def refused(self, now: float, why: str) -> list[Action]: ...
    def received(self, now: float, data: bytes) -> list[Action]: ...
    def written(self, now: float) -> list[Action]: ...
    def lost(self, now: float, why: str) -> list[Action]: ...
    def tick(self, now: float) -> list[Action]: ...


async def _drive(
    conversation: _Conversation,
    address: PrinterAddress,
    timings: Timings,
    clock: Clock,
    tell: Callable[[], None],
) -> None:
    driver = _Driver(address, timings.connect, clock)
    try:
        actions = conversation.start(clock())
        tell()
        while not conversation.done:
            actions = await _step(conversation, driver, actions, clock)
            tell()
        driver.hang_up()
    finally:
        driver.abort()


async def _step(conversation: _Conversation, driver: _Driver, actions: list[Action], clock: Clock) -> list[Action]:
    for action in actions:
        await driver.do(action)
    event = await driver.next_event(conversation.next_tick() - clock())
    answer = [] if event is None else event.tell(conversation, clock())
    # Also after an event: a peer that never stops talking must not talk the deadlines away.
    return answer if clock() < conversation.next_tick() else answer + conversation.tick(clock())


# What a connection reports


class _Event(Protocol):
    def tell(self, conversation: _Conversation, now: float) -> list[Action]: ...


@dataclass(frozen=True)
class _Connected:
    def tell(self, conversation: _Conversation, now: float) -> list[Action]:
        return conversation.connected(now)


@dataclass(frozen=True)
class _Refused:
    why: str

    def tell(self, conversation: _Conversation, now: float) -> list[Action]:
        return conversation.refused(now, self.why)


@dataclass(frozen=True)
class _Received:
    data: bytes

    def tell(self, conversation: _Conversation, now: float) -> list[Action]:
        return conversation.received(now, self.data)


@dataclass(frozen=True)
class _Written:
    def tell(self, conversation: _Conversation, now: float) -> list[Action]:
        return conversation.written(now)


@dataclass(frozen=True)
class _Lost:
    why: str

    def tell(self, conversation: _Conversation, now: float) -> list[Action]:
        return conversation.lost(now, self.why)


class _Driver:
    """Carries out actions on at most one connection at a time and queues what happens on it."""

    def __init__(self, address: PrinterAddress, connect_timeout: float, clock: Clock) -> None:
        self._address, self._connect_timeout, self._clock = address, connect_timeout, clock
        self._events: asyncio.Queue[tuple[_Line | None, _Event]] = asyncio.Queue()
        self._line: _Line | None = None

    async def do(self, action: Action) -> None:
        match action:
            case Connect():
                await self._connect()
            case Send(data, job):
                if self._line is not None:
                    self._line.send(data, job)
            case HangUp():
                self.hang_up()

    async def _connect(self) -> None:
        self.abort()
        line = _Line(self._events)
        try:
            async with asyncio.timeout(self._connect_timeout):
                await asyncio.get_running_loop().create_connection(lambda: line, *self._address)
        except TimeoutError:
            self._events.put_nowait((None, _Refused(f"no connection within {self._connect_timeout:g} s")))
        except OSError as error:
            self._events.put_nowait((None, _Refused(error.strerror or type(error).__name__)))
        else:
            self._line = line
            self._events.put_nowait((line, _Connected()))

    async def next_event(self, seconds: float) -> _Event | None:
        """The next thing that happened on the open connection.

        None when `seconds` have passed without one.
        """
        try:
            async with asyncio.timeout(None if seconds == float("inf") else max(0.0, seconds)):
                while True:
                    line, event = await self._events.get()
                    if line is None or line is self._line:
                        return event
        except TimeoutError:
            return None

    def hang_up(self) -> None:
        """Close in good order; what was written is still sent."""
        if self._line is not None:
            self._line.close()
        self._line = None

    def abort(self) -> None:
        """Close at once."""
        if self._line is not None:
            self._line.abort()
        self._line = None


class _Line(asyncio.Protocol):
    """One connection: turns the loop's callbacks into events."""

    def __init__(self, events: asyncio.Queue[tuple[_Line | None, _Event]]) -> None:
        self._events = events
        self._transport: asyncio.Transport | None = None
        self._sending_job = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        line = cast(asyncio.Transport, transport)  # another loop's transport need not inherit from it
        self._transport = line
        line.set_write_buffer_limits(high=0)
        if (raw := line.get_extra_info("socket")) is not None:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)

    def send(self, data: bytes, job: bool) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        self._sending_job = job
        self._transport.write(data)
        if self._transport.get_write_buffer_size() == 0:
            self.resume_writing()

    def resume_writing(self) -> None:
        if self._sending_job:
            self._sending_job = False
            self._put(_Written())

    def data_received(self, data: bytes) -> None:
        self._put(_Received(data))

    def eof_received(self) -> None:
        return None

    def connection_lost(self, error: Exception | None) -> None:
        why = "the printer closed it" if error is None else getattr(error, "strerror", None) or str(error)
        self._put(_Lost(why))

    def close(self) -> None:
        if self._transport is None:
            return
        if self._transport.get_write_buffer_size():
            # The printer does not take it; closing in good order would wait for that.
            self._transport.abort()
        self._transport.close()

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def _put(self, event: _Event) -> None:
        self._events.put_nowait((self, event))
