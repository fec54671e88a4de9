"""What is remembered about who asks, and that it is never believed for longer than it is true."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

import pytest
from litestar.connection import WebSocket

from server.auth import service
from server.auth.gate import Caller, Credentials, Gate, Memory
from server.auth.guards import NOT_ALLOWED, NOT_SIGNED_IN, authenticate_socket
from server.auth.schemas import PersonChange
from server.core.refusal import Refusal
from server.db.database import Database
from tests.auth.conftest import House, core


class Timer:
    """Seconds that pass when told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Truth:
    """Something that is read, and how often it was."""

    def __init__(self, value: object) -> None:
        self.value = value
        self.reads = 0

    async def read(self) -> object:
        self.reads += 1
        return self.value


# --- the memory


async def test_what_was_read_a_moment_ago_is_not_read_again() -> None:
    timer, truth = Timer(), Truth("old")
    memory = Memory(5, timer)
    for _ in range(3):
        assert await memory.get("session", b"k", truth.read) == "old"
    assert truth.reads == 1
    timer.now = 5.0
    truth.value = "new"
    assert await memory.get("session", b"k", truth.read) == "new"


async def test_what_is_forgotten_is_read_anew() -> None:
    truth = Truth("old")
    memory = Memory(5, Timer())
    await memory.get("session", b"k", truth.read)
    truth.value = "new"
    memory.drop("session", b"k")
    assert await memory.get("session", b"k", truth.read) == "new"
    memory.drop_where(lambda value: value == "new")
    assert await memory.get("session", b"k", truth.read) == "new"
    memory.clear()
    await memory.get("session", b"k", truth.read)
    assert truth.reads == 4


async def test_what_was_being_read_while_it_changed_is_not_kept() -> None:
    memory, truth = Memory(5, Timer()), Truth("new")
    reading, go = asyncio.Event(), asyncio.Event()

    async def slow() -> str:
        reading.set()
        await go.wait()
        return "old"

    first = asyncio.create_task(memory.get("session", b"k", slow))
    await reading.wait()
    memory.clear()
    go.set()
    assert await first == "old"
    assert await memory.get("session", b"k", truth.read) == "new"


async def test_what_is_not_there_is_not_remembered_and_the_memory_stays_small() -> None:
    memory, truth = Memory(5, Timer()), Truth(None)
    await memory.get("session", b"k", truth.read)
    await memory.get("session", b"k", truth.read)
    assert truth.reads == 2
    truth.value = "x"
    for number in range(10_000):
        await memory.get("session", number.to_bytes(4, "big"), truth.read)
    assert len(memory._kept) <= 4096


# --- another process


class Counted:
    """A database that counts its reads."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self.reads = 0

    async def read(self, fn: Any) -> Any:
        self.reads += 1
        return await self._db.read(fn)

    async def write(self, command: Any) -> Any:
        return await self._db.write(command)


def another(house: House, timer: Timer | None = None) -> tuple[Gate, Counted]:
    """The gate of another process over the same database."""
    db = Counted(house.db)
    memory = Memory(5, timer or Timer())
    return Gate(cast(Database, db), house.clock, idle=timedelta(minutes=15), memory=memory), db


async def token_of(house: House, *roles: str) -> tuple[UUID, str]:
    who = await house.person(*roles)
    somebody = house.somebody()
    await somebody.sign_in(who.badge)
    return who.id, somebody.cookie.partition("=")[2]


async def test_a_hundred_requests_of_a_session_are_one_read(house: House) -> None:
    _, token = await token_of(house, "picker")
    gate, db = another(house)
    for _ in range(100):
        await gate.admit(Credentials(session=token), "floor.commands")
    assert db.reads == 1


async def test_another_process_hears_of_a_disabled_person_by_the_log(house: House) -> None:
    person, token = await token_of(house, "picker")
    gate, _ = another(house)
    await gate.of_session(token)
    await core(house.db, lambda work: service.set_active(work, person, False))
    gate.heard("person.changed", {"person": str(person)})
    with pytest.raises(Refusal, match="session_ended"):
        await gate.of_session(token)


async def test_another_process_hears_of_an_ended_session_and_forgets_only_that(house: House) -> None:
    _, token = await token_of(house, "picker")
    _, stays = await token_of(house, "packer")
    gate, db = another(house)
    caller = await gate.of_session(token)
    await gate.of_session(stays)
    assert db.reads == 2
    gate.heard("session.ended", {"session": str(caller.session), "person": str(caller.actor.person)})
    gate.heard("stock.moved", {})
    await gate.of_session(stays)
    assert db.reads == 2
    await gate.of_session(token)
    assert db.reads == 3


async def test_a_process_that_heard_nothing_finds_out_within_seconds(house: House) -> None:
    person, token = await token_of(house, "picker")
    timer = Timer()
    gate, _ = another(house, timer)
    await gate.of_session(token)
    await core(house.db, lambda work: service.set_active(work, person, False))
    timer.now = 5.0
    with pytest.raises(Refusal, match="session_ended"):
        await gate.of_session(token)


async def test_a_session_is_touched_at_most_once_a_minute(house: House) -> None:
    _, token = await token_of(house, "picker")
    gate, db = another(house)
    written: list[str] = []
    write = db.write

    async def noted(command: Any) -> Any:
        written.append(command.name)
        return await write(command)

    db.write = noted  # type: ignore[method-assign]
    for _ in range(180):
        house.clock.advance(1)
        await gate.of_session(token)
    assert written == ["auth.touch"] * 3


async def test_that_a_touch_cannot_be_written_refuses_nobody(house: House) -> None:
    _, token = await token_of(house, "picker")
    gate, db = another(house)

    async def full(command: Any) -> Any:
        raise Refusal("busy", waiting=1)

    db.write = full  # type: ignore[method-assign]
    house.clock.advance(120)
    assert (await gate.of_session(token)).roles == ("picker",)


# --- sockets


def socket(house: House, token: str | None, **headers: str) -> WebSocket[Any, Any, Any]:
    """An accepted socket of this browser."""
    sent = {"host": "localhost", **headers, **({"cookie": f"pickwave_session={token}"} if token else {})}
    scope = {
        "type": "websocket",
        "scheme": "ws",
        "path": "/api/live",
        "query_string": b"",
        "litestar_app": house.app,
        "state": {},
        "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
    }
    return WebSocket(cast(Any, scope))


async def test_a_socket_is_asked_for_its_page_and_its_session(house: House) -> None:
    person, token = await token_of(house, "picker")
    caller = await authenticate_socket(socket(house, token, origin="http://localhost"))
    assert isinstance(caller, Caller)
    assert caller.actor.person == person
    assert caller.may("live.queue")
    assert not caller.may("live.order")
    assert isinstance(await authenticate_socket(socket(house, token)), Caller)
    for origin in ("https://evil.example", "null", "http://localhost:9", "https://localhost.evil.example"):
        assert await authenticate_socket(socket(house, token, origin=origin)) == NOT_ALLOWED
    assert await authenticate_socket(socket(house, None)) == NOT_SIGNED_IN
    assert await authenticate_socket(socket(house, "nonsense")) == NOT_SIGNED_IN


async def test_an_open_socket_finds_out_what_its_person_is_now(house: House) -> None:
    person, token = await token_of(house, "picker")
    gate, _ = another(house)
    caller = await gate.of_session(token)
    assert await gate.again(caller) == caller
    change = PersonChange(roles=("packer",))
    await core(house.db, lambda work: service.change_person(work, person, change))
    now = await gate.again(caller)
    assert now is not None
    assert now.roles == ("packer",)
    await core(house.db, lambda work: service.end_sessions(work, person))
    assert await gate.again(caller) is None
