"""One socket costs no other anything: what waits is bounded, what is too much ends it."""

from __future__ import annotations

import asyncio

from server.auth.gate import ANYBODY
from server.realtime import line as lines
from server.realtime.line import Allowance, Gone, Line


class Paper:
    """A wire whose other end reads when it is told to."""

    def __init__(self) -> None:
        self.reads = asyncio.Event()
        self.sent: list[str] = []
        self.incoming: asyncio.Queue[str] = asyncio.Queue()
        self.closed: tuple[int, str] | None = None

    async def send(self, text: str) -> None:
        await self.reads.wait()
        self.sent.append(text)

    async def receive(self) -> str:
        text = await self.incoming.get()
        if text == "gone":
            raise Gone
        return text

    async def close(self, code: int, reason: str) -> None:
        self.closed = (code, reason)


async def nothing(_text: str | bytes) -> None:
    """Nobody listens."""


async def test_frames_come_in_order_to_one_who_reads() -> None:
    wire, heard = Paper(), []
    line = Line(wire, ANYBODY)

    async def hear(text: str | bytes) -> None:
        heard.append(text)
        line.put(f"re: {text!r}")

    wire.reads.set()
    for text in ("a", "b", "gone"):
        wire.incoming.put_nowait(text)
    await line.run(hear)
    assert (heard, wire.sent, wire.closed) == (["a", "b"], ["re: 'a'", "re: 'b'"], None)


async def test_too_many_frames_for_one_who_does_not_read_close_with_4408() -> None:
    wire = Paper()
    line = Line(wire, ANYBODY)
    for number in range(lines.MOST_WAITING + 2):
        line.put(str(number))
    await line.run(nothing)
    assert wire.closed == (4408, "resync")


async def test_too_much_for_one_who_does_not_read_closes_with_4408_though_it_is_few_frames() -> None:
    wire = Paper()
    line = Line(wire, ANYBODY)
    big = "x" * (lines.MOST_WAITING_CHARS + 1)
    line.put(big)
    assert not line._ended.is_set()
    line.put("y")
    await line.run(nothing)
    assert (wire.closed, wire.sent) == ((4408, "resync"), [])


async def test_the_first_reason_to_end_wins_and_nothing_more_is_sent() -> None:
    wire = Paper()
    wire.reads.set()
    line = Line(wire, ANYBODY)
    line.put("never")
    line.end(4401, "session_ended")
    line.end(1012, "restart")
    line.put("never either")
    await line.run(nothing)
    assert (wire.closed, wire.sent) == ((4401, "session_ended"), [])


async def test_a_bug_in_what_hears_is_not_swallowed() -> None:
    wire = Paper()
    wire.incoming.put_nowait("a")

    async def broken(_text: str | bytes) -> None:
        raise ZeroDivisionError

    try:
        await Line(wire, ANYBODY).run(broken)
    except ZeroDivisionError:
        return
    raise AssertionError("it was swallowed")


def test_the_allowance_is_so_many_a_minute_and_so_many_at_once() -> None:
    now = [0.0]
    allowance = Allowance(60, timer=lambda: now[0])
    assert [allowance.spend() for _ in range(61)] == [True] * 60 + [False]
    now[0] += 1.0
    assert [allowance.spend() for _ in range(2)] == [True, False]
    now[0] += 3600.0
    assert [allowance.spend() for _ in range(61)] == [True] * 60 + [False]
