"""The load client, a process of its own: `python -m bench.load` reads what to do on stdin and says what came out.

Closed loop: every connection sends its next request when it has the answer. Open loop: requests are due at fixed
moments, and a latency counts from the moment at which one was due. It speaks HTTP/1.1 over plain sockets, because a
comfortable client would be the bottleneck; it reports its own share of a core.
"""

from __future__ import annotations

import asyncio
import resource
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import msgspec
import uvloop

from server.core.ids import new_id


class Stop(msgspec.Struct):
    """A task, and how many units it is good for."""

    task: str
    bin: str
    tote: str
    slot: int
    units: int


class Hand(msgspec.Struct):
    """A handheld: what it shows of itself, what it may pick, how much of that is gone."""

    person: str
    device: str
    secret: str
    ticket: str
    cookie: str
    stops: list[Stop]
    gone: int = 0


class Work(msgspec.Struct):
    """What to do. `kind`: scan, post, get or order. `every`: seconds between two requests of an open loop.

    `bodies`: what orders are sent, `batch` in each, by whoever has the API key `key`.
    """

    port: int
    kind: str
    seconds: float
    connections: int
    epoch: str
    hands: list[Hand] = []
    batch: int = 1
    every: float = 0.0
    sockets: int = 0
    boards: int = 0
    waves: int = 0
    wave_orders: int = 0
    key: str = ""
    bodies: list[str] = []


class Result(msgspec.Struct):
    """What came out. `per_hand`: units that each handheld used; `dues`: when each command of an open loop was due."""

    requests: int
    commands: int
    seconds: float
    latencies: list[float]
    client: float
    outcomes: dict[str, int]
    per_hand: list[int]
    frames: int = 0
    lost: int = 0
    dues: dict[str, float] = {}


@dataclass
class Connection:
    """One kept-alive connection and, for scans, the handheld behind it."""

    port: int
    hand: Hand | None
    epoch: str
    seq: int = 0
    used: int = 0
    at: int = 0
    left: int = 0
    reader: Any = None
    writer: Any = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    key: str = ""
    bodies: list[str] = field(default_factory=list)

    async def open(self) -> None:
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        if self.hand is not None:
            self._skip(self.hand.gone)

    def _skip(self, units: int) -> None:
        assert self.hand is not None
        self.at, self.left = 0, self.hand.stops[0].units
        for _ in range(units):
            self._next()

    def _next(self) -> Stop:
        assert self.hand is not None
        while self.left == 0:
            self.at += 1
            if self.at >= len(self.hand.stops):
                raise RuntimeError("the handheld has nothing left to pick")
            self.left = self.hand.stops[self.at].units
        self.left -= 1
        return self.hand.stops[self.at]

    def request(self, kind: str, batch: int) -> bytes:
        if kind == "get":
            return b"GET /hello HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        if kind == "order":
            return self._order(batch)
        if kind == "post":
            body = f'{{"id":"{new_id()}","by":1}}'.encode()
            return _post(b"/add", body, "")
        assert self.hand is not None
        commands = ",".join(self._command() for _ in range(batch))
        body = f'{{"device":"{self.hand.device}","epoch":"{self.epoch}","commands":[{commands}]}}'.encode()
        return _post(b"/api/floor/commands", body, f"Authorization: Device {self.hand.secret}\r\n")

    def _order(self, batch: int) -> bytes:
        body = self.bodies.pop().encode()
        headers = f"Authorization: Bearer {self.key}\r\n"
        if batch == 1:
            return _post(b"/api/orders", body, f"{headers}Idempotency-Key: {new_id()}\r\n")
        return _post(b"/api/orders/batch", body, headers)

    def _command(self) -> str:
        assert self.hand is not None
        stop = self._next()
        self.seq += 1
        self.used += 1
        return (
            f'{{"id":"{new_id()}","seq":{self.seq},"kind":"pick","ticket":"{self.hand.ticket}",'
            f'"at":"2026-11-24T08:00:00Z","after":[],"version":null,"body":{{"task":"{stop.task}","qty":1,'
            f'"bin":"{stop.bin}","item":"09520000000011","tote":"{stop.tote}","slot":{stop.slot}}}}}'
        )

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        self.writer.write(request)
        head: bytes = await self.reader.readuntil(b"\r\n\r\n")
        status = int(head[9:12])
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        return status, await self.reader.readexactly(length)


def _post(path: bytes, body: bytes, headers: str) -> bytes:
    head = (
        f"POST {path.decode()} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Pickwave: 1\r\nContent-Type: application/json\r\n"
        f"{headers}Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


@dataclass
class Tally:
    """What is counted while it runs."""

    latencies: list[float] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    dues: dict[str, float] = field(default_factory=dict)
    commands: int = 0
    frames: int = 0
    lost: int = 0

    def take(self, work: Work, since: float, status: int, body: bytes) -> None:
        self.latencies.append(1000 * (time.perf_counter() - since))
        if status >= 300:
            self.lost += 1
            self.outcomes[f"HTTP {status}"] += 1
        elif work.kind == "scan":
            answers = msgspec.json.decode(body)["answers"]
            self.commands += len(answers)
            self.outcomes.update(each["outcome"] for each in answers)
            if work.every:
                self.dues.update((each["id"], since) for each in answers)
        elif work.kind == "order":
            self.commands += work.batch if work.batch == 1 else msgspec.json.decode(body)["captured"]
        else:
            self.commands += 1


async def _closed(work: Work, tally: Tally, connections: list[Connection]) -> None:
    until = time.perf_counter() + work.seconds

    async def loop(one: Connection) -> None:
        while time.perf_counter() < until and (work.kind != "order" or work.bodies):
            request = one.request(work.kind, work.batch)
            since = time.perf_counter()
            status, body = await one.ask(request)
            tally.take(work, since, status, body)

    await asyncio.gather(*(loop(each) for each in connections))


async def _open(work: Work, tally: Tally, connections: list[Connection], stop: asyncio.Event) -> None:
    started = time.perf_counter()
    running: set[asyncio.Task[None]] = set()

    async def one(connection: Connection, due: float) -> None:
        async with connection.lock:
            status, body = await connection.ask(connection.request(work.kind, work.batch))
        tally.take(work, due, status, body)

    number = 0
    while not stop.is_set() and (work.waves or number * work.every < work.seconds):
        due = started + number * work.every
        if (wait := due - time.perf_counter()) > 0:
            await asyncio.sleep(wait)
        task = asyncio.create_task(one(connections[number * 7 % len(connections)], due))
        running.add(task)
        task.add_done_callback(running.discard)
        number += 1
    await asyncio.gather(*running)


async def _socket(work: Work, hand: Hand, topic: str, tally: Tally, ready: asyncio.Semaphore) -> None:
    from websockets.asyncio.client import connect

    url = f"ws://127.0.0.1:{work.port}/api/live"
    cookies = {"Cookie": f"pickwave_session={hand.cookie}"}
    async with connect(url, additional_headers=cookies, compression=None, max_size=None) as socket:
        await socket.send(f'{{"type":"subscribe","topic":"{topic}","key":"1","after":null}}')
        first = msgspec.json.decode(await socket.recv())
        if first["type"] != "snapshot":
            raise RuntimeError(f"{topic} was refused: {first}")
        ready.release()
        async for _ in socket:
            tally.frames += 1


async def _until_released(work: Work, stop: asyncio.Event) -> None:
    """Releases wave after wave, each when the one before is on the floor."""
    desk = Connection(work.port, None, work.epoch)
    await desk.open()
    for _ in range(work.waves):
        await _release(work, desk)
    stop.set()


async def _release(work: Work, desk: Connection) -> None:
    cookie = f"Cookie: pickwave_session={work.hands[0].cookie}\r\n"
    status, body = await desk.ask(_post(b"/api/warehouses/1/waves", b'{"limit":%d}' % work.wave_orders, cookie))
    if status >= 300:
        raise RuntimeError(f"the wave was not released: {status} {body.decode()}")
    wave = msgspec.json.decode(body)
    while wave["state"] == "releasing":
        await asyncio.sleep(0.2)
        look = f"GET /api/warehouses/1/waves/{wave['number']} HTTP/1.1\r\nHost: 127.0.0.1\r\n{cookie}\r\n"
        wave = msgspec.json.decode((await desk.ask(look.encode()))[1])


async def _run(work: Work) -> Result:
    hands: list[Hand | None] = list(work.hands[: work.connections]) if work.kind == "scan" else []
    hands += [None] * (work.connections - len(hands))
    connections = [Connection(work.port, hand, work.epoch, key=work.key, bodies=work.bodies) for hand in hands]
    for each in connections:
        await each.open()
    tally, ready, stop = Tally(), asyncio.Semaphore(0), asyncio.Event()
    listening = [
        asyncio.create_task(_socket(work, work.hands[at % len(work.hands)], topic, tally, ready))
        for topic, count in (("queue", work.sockets), ("waves", work.boards))
        for at in range(count)
    ]
    for _ in listening:
        await asyncio.wait_for(ready.acquire(), 60)
    assert not any(each.done() for each in listening)
    frames, busy, started = tally.frames, time.process_time(), time.perf_counter()
    if work.waves:
        await asyncio.gather(_open(work, tally, connections, stop), _until_released(work, stop))
    elif work.every:
        await _open(work, tally, connections, stop)
    else:
        await _closed(work, tally, connections)
    seconds = time.perf_counter() - started
    share = (time.process_time() - busy) / seconds
    for task in listening:
        tally.lost += task.done()
        task.cancel()
    await asyncio.gather(*listening, return_exceptions=True)
    used = [each.used for each in connections]
    return Result(
        len(tally.latencies), tally.commands, seconds, tally.latencies, share, dict(tally.outcomes), used,
        tally.frames - frames, tally.lost, tally.dues,
    )  # fmt: skip


def main() -> None:
    """Reads the work, does it, writes the result."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, hard), hard))
    work = msgspec.json.decode(sys.stdin.buffer.read(), type=Work)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        sys.stdout.buffer.write(msgspec.json.encode(runner.run(_run(work))))


if __name__ == "__main__":
    main()
