"""From the first look on nothing is lost and nothing doubled; one who does not read costs nobody else."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Hashable, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any, Final
from uuid import UUID

import msgspec
import pytest
import sqlalchemy as sa
from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.uri import parse_uri

from server.auth.gate import Caller, Gate
from server.core.refusal import Refusal
from server.db.base import CORE, counter
from server.db.database import Database
from server.db.log import Logged
from server.db.unit import Command
from server.db.work import Actor, Work, advance_counter
from server.fanout.relay import Relay
from server.realtime.hub import Hub
from server.realtime.line import Gone
from server.realtime.room import Channel, Room
from server.realtime.schemas import Changes
from server.realtime.topics import Topic, Touch, number
from tests.realtime.conftest import Served

ITEM: Final = UUID(int=7)


class Sums(msgspec.Struct, frozen=True):
    """What the test's topic shows: counters by name."""

    sums: dict[str, int]
    load: str = ""


def sums(conn: sa.Connection, _key: int, _audience: Hashable) -> Sums:
    asked = sa.select(counter.c.name, counter.c.value).where(counter.c.name.like("sum%")).order_by(counter.c.name)
    return Sums({row.name: row.value for row in conn.execute(asked)})


def anybody(_conn: sa.Connection, _caller: Caller, _key: int) -> None:
    """Whoever has the permission."""


def topic(**changes: Any) -> Topic:
    row: dict[str, Any] = {
        "name": "sums", "permission": "live.queue", "what": "Counters.", "keyed_by": "number", "key": number,
        "admit": anybody, "project": sums, "subjects": lambda key, _view: frozenset({key}),
        "streams": lambda _key, _view: frozenset({CORE}),
    }  # fmt: skip
    return Topic(**{**row, **changes})


def touches(event: Logged) -> Iterator[Touch]:
    if event.type == "item.changed":
        yield Touch("sums", 1)


async def add(db: Database, name: str) -> None:
    """Adds to a counter, and says so."""

    def run(work: Work) -> None:
        advance_counter(work.conn, CORE, name)
        work.emit("item.changed", stream=CORE, item=ITEM)

    await db.write(Command(run, frozenset({CORE}), Actor(), "add"))


class Ear:
    """A wire in memory: what came, and a way to ask."""

    def __init__(self) -> None:
        self.frames: list[dict[str, Any]] = []
        self.closed: tuple[int, str] | None = None
        self._asked: asyncio.Queue[str] = asyncio.Queue()
        self._came = asyncio.Event()

    async def send(self, text: str) -> None:
        self.frames.append(msgspec.json.decode(text))
        self._came.set()

    async def receive(self) -> str:
        text = await self._asked.get()
        if not text:
            raise Gone
        return text

    async def close(self, code: int, reason: str) -> None:
        self.closed = (code, reason)

    def ask(self, **message: Any) -> None:
        self._asked.put_nowait(msgspec.json.encode(message).decode())

    def go(self) -> None:
        self._asked.put_nowait("")

    async def frame(self, at: int) -> dict[str, Any]:
        while len(self.frames) <= at:
            self._came.clear()
            await self._came.wait()
        return self.frames[at]


PICKER: Final = Caller(Actor(name="Ada", person=UUID(int=1)), frozenset({"live.queue"}))


class Bench:
    """A hub over a database, with whoever is at it."""

    def __init__(self, db: Database, row: Topic) -> None:
        self.db = db
        self.hub = Hub(db, _no_gate(), {row.name: row}, touches, pace=0.0)
        self.relay = Relay(db, {"hub": self.hub.hear})
        self.tasks: list[asyncio.Task[None]] = []

    def ear(self) -> Ear:
        ear = Ear()
        self.tasks.append(asyncio.create_task(self.hub.serve(ear, PICKER)))
        return ear

    async def close(self) -> None:
        await self.hub.close()
        await asyncio.gather(*self.tasks)


def _no_gate() -> Gate:
    class Closed(Gate):
        def __init__(self) -> None:
            """Nobody is asked for here."""

    return Closed()


async def test_what_happens_while_the_first_look_is_taken_is_not_lost(database: Database) -> None:
    loop = asyncio.get_running_loop()
    bench: Bench
    looks: list[int] = []

    def slow(conn: sa.Connection, key: int, audience: Hashable) -> Sums:
        """It reads, and before it has answered an event is born, read by the relay and told to the hub."""
        view = sums(conn, key, audience)
        looks.append(1)
        if len(looks) == 1:
            sa.util.await_only(_on(loop, _add_and_tell(bench)))
        return view

    bench = Bench(database, topic(project=slow))
    ear = bench.ear()
    ear.ask(type="subscribe", topic="sums", key="1")
    assert (await ear.frame(0))["data"]["sums"] == {}
    assert (await ear.frame(1))["data"]["set"] == {"sums/sum": 1}
    await bench.close()


async def _add_and_tell(bench: Bench) -> None:
    await add(bench.db, "sum")
    await bench.relay.turn()


def _on(loop: asyncio.AbstractEventLoop, work: Awaitable[None]) -> asyncio.Future[None]:
    return asyncio.ensure_future(work, loop=loop)


async def test_every_follower_gets_every_change_once(database: Database) -> None:
    bench = Bench(database, topic())
    ears = [bench.ear() for _ in range(3)]
    for ear in ears:
        ear.ask(type="subscribe", topic="sums", key="1")
        await ear.frame(0)
    for at in range(1, 6):
        await add(database, "sum")
        await bench.relay.turn()
        for ear in ears:
            assert (await ear.frame(at))["data"] == {"set": {"sums/sum": at}, "gone": []}
    assert all(
        [(frame["from"], frame["to"]) for frame in ear.frames[1:]] == [(at, at + 1) for at in range(5)] for ear in ears
    )
    await bench.close()


async def test_what_changes_nothing_for_the_eye_is_no_frame_but_the_next_change_spans_it(database: Database) -> None:
    bench = Bench(database, topic())
    ear = bench.ear()
    ear.ask(type="subscribe", topic="sums", key="1")
    await ear.frame(0)
    await add(database, "other")
    await bench.relay.turn()
    room = next(iter(bench.hub._rooms.values()))
    await room.turn()
    late = bench.ear()
    late.ask(type="subscribe", topic="sums", key="1")
    assert (await late.frame(0))["positions"] == {"0": 1}
    await add(database, "sum")
    await bench.relay.turn()
    for each in (ear, late):
        frame = await each.frame(1)
        assert (frame["from"], frame["to"]) == (0, 2)
    await bench.close()


async def test_many_who_come_at_once_cost_one_look(database: Database) -> None:
    looks: list[int] = []

    def counted(conn: sa.Connection, key: int, audience: Hashable) -> Sums:
        looks.append(1)
        return sums(conn, key, audience)

    bench = Bench(database, topic(project=counted))
    ears = [bench.ear() for _ in range(20)]
    for ear in ears:
        ear.ask(type="subscribe", topic="sums", key="1")
    for ear in ears:
        await ear.frame(0)
    assert len(looks) == 1
    await bench.close()


async def test_a_topic_that_cannot_be_read_tells_everybody_who_waits_and_is_tried_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter((Refusal("order_unknown", order="1"), None))
    both, wait = asyncio.Event(), Room._loaded
    waiting: list[Any] = []

    async def counted(room: Room, channel: Channel) -> None:
        waiting.append(channel)
        if len(waiting) == 2:
            both.set()
        await wait(room, channel)

    monkeypatch.setattr(Room, "_loaded", counted)

    def refusing(conn: sa.Connection, key: int, audience: Hashable) -> Sums:
        sa.util.await_only(both.wait())
        if (refusal := next(answers)) is not None:
            raise refusal
        return sums(conn, key, audience)

    bench = Bench(database, topic(project=refusing))
    one, other = bench.ear(), bench.ear()
    for ear in (one, other):
        ear.ask(type="subscribe", topic="sums", key="1")
    for ear in (one, other):
        assert await ear.frame(0) == {"type": "error", "code": "order_unknown", "topic": "sums", "key": "1"}
    one.ask(type="subscribe", topic="sums", key="1")
    assert (await one.frame(1))["type"] == "snapshot"
    await bench.close()


async def test_a_reading_that_fails_is_read_again_and_nothing_is_lost(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = [RuntimeError("once"), None]

    def sometimes(conn: sa.Connection, key: int, last: Mapping[Hashable, Any]) -> dict[Hashable, Any]:
        if (failure := failures.pop(0)) is not None:
            raise failure
        return {audience: sums(conn, key, audience) for audience in last}

    monkeypatch.setattr("server.realtime.room.LONGEST_PAUSE", 0.0)
    bench = Bench(database, topic(refresh=sometimes))
    ear = bench.ear()
    ear.ask(type="subscribe", topic="sums", key="1")
    await ear.frame(0)
    await add(database, "sum")
    await bench.relay.turn()
    assert (await ear.frame(1))["data"]["set"] == {"sums/sum": 1}
    assert failures == []
    await bench.close()


async def test_a_subject_that_is_new_is_followed_from_then_on(database: Database) -> None:
    def about(_key: int, view: Sums) -> frozenset[Hashable]:
        return frozenset({1, *view.sums})

    def by_name(event: Logged) -> Iterable[Touch]:
        return (Touch("sums", "sum1"),) if event.position > 1 else (Touch("sums", 1),)

    bench = Bench(database, topic(subjects=about))
    bench.hub._touches = by_name
    ear = bench.ear()
    ear.ask(type="subscribe", topic="sums", key="1")
    await ear.frame(0)
    for at in (1, 2):
        await add(database, "sum1")
        await bench.relay.turn()
        assert (await ear.frame(at))["data"]["set"]["sums/sum1"] == at
    ear.go()
    await asyncio.gather(*bench.tasks)
    assert (bench.hub._rooms, bench.hub._about, bench.hub._reading) == ({}, {}, set())
    await bench.close()


async def test_a_close_reaches_everybody(database: Database) -> None:
    bench = Bench(database, topic())
    ear = bench.ear()
    ear.ask(type="subscribe", topic="sums", key="1")
    await ear.frame(0)
    await bench.close()
    assert ear.closed == (1012, "restart")
    late = bench.ear()
    await asyncio.gather(*bench.tasks)
    assert late.closed == (1012, "restart")


# --- one who does not read, over a real socket ---------------------------------------------------------------------


class Deaf:
    """A client that opens a socket, asks, and then reads nothing until it is told to."""

    def __init__(self, url: str, cookie: str) -> None:
        self._protocol = ClientProtocol(parse_uri(url))
        self._cookie = cookie
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self._socket.setblocking(False)

    async def open(self, port: int, message: object) -> None:
        loop = asyncio.get_running_loop()
        await loop.sock_connect(self._socket, ("127.0.0.1", port))
        request = self._protocol.connect()
        request.headers["Cookie"] = self._cookie
        self._protocol.send_request(request)
        await loop.sock_sendall(self._socket, b"".join(self._protocol.data_to_send()))
        while not self._protocol.events_received():
            self._protocol.receive_data(await loop.sock_recv(self._socket, 512))
        frame = Frame(Opcode.TEXT, msgspec.json.encode(message))
        await loop.sock_sendall(self._socket, frame.serialize(mask=True))

    async def read_on(self) -> int | None:
        """Reads everything that still comes; the code of the close."""
        loop = asyncio.get_running_loop()
        with suppress(ConnectionError):
            while self._protocol.close_rcvd is None and (data := await loop.sock_recv(self._socket, 1 << 20)):
                self._protocol.receive_data(data)
        self._socket.close()
        return None if self._protocol.close_rcvd is None else self._protocol.close_rcvd.code


def heavy(conn: sa.Connection, key: int, audience: Hashable) -> Sums:
    view = sums(conn, key, audience)
    return msgspec.structs.replace(view, load="x" * 200_000 + str(view.sums))


async def test_one_who_does_not_read_is_let_go_with_4408_and_the_others_get_everything(small: Served) -> None:
    hub = Hub(small.db, small.app.state.auth.gate, {"sums": topic(project=heavy)}, touches, pace=0.0)
    small.app.state.live = hub
    relay = Relay(small.db, {"hub": hub.hear})
    await relay.begin()
    _, cookie = await small.session(small.world.picker)
    deaf = Deaf(f"ws://127.0.0.1:{small.port}/api/live", cookie)
    await deaf.open(small.port, {"type": "subscribe", "topic": "sums", "key": "1", "after": None})
    async with await small.client(small.world.other_picker) as client:
        await client.follow("sums", "1")
        while not hub._rooms or sum(len(each.lines) for each in _channels(hub)) < 2:
            await client.ping()
        versions = 0
        while not any(line._ended.is_set() for line in hub._lines):
            versions += 1
            await add(small.db, "sum")
            await relay.turn()
            await client.wait_until(lambda wanted=versions: client.state("sums", "1")["sums"].get("sum") == wanted)  # type: ignore[misc]
        assert await deaf.read_on() == 4408
        assert client.resyncs == 0
        deltas = [frame for frame in client.frames if frame["type"] == "delta"]
        assert len(deltas) == versions
        await client.ping()
    await hub.close()


def _channels(hub: Hub) -> list[Any]:
    return [channel for room in hub._rooms.values() for channel in room.channels.values()]


def test_where_two_streams_moved_the_first_frame_carries_the_data_so_that_no_position_runs_ahead_of_it() -> None:
    channel = Channel("sums", "1", "")
    channel.load(Sums({}), {0: 3, 1: 5})
    found = channel._deltas(Changes({"sums/a": 1}, []))
    assert found == [channel.snapshot()]
    channel.positions = {0: 4, 1: 7}
    first, second = (msgspec.json.decode(text) for text in channel._deltas(Changes({"sums/a": 1}, [])))
    assert (first["stream"], first["from"], first["to"], first["data"]["set"]) == (0, 3, 4, {"sums/a": 1})
    assert (second["stream"], second["from"], second["to"], second["data"]["set"]) == (1, 5, 7, {})
