"""Why: the one place in a process where what happened meets who is looking.

The relay hands every event of the log to `hear`; who follows what it touched is told by their `Room`. Sockets come
in by `serve`. Whoever is signed out, disabled or on a locked device is let go at once, by the same events; a look
into the database now and then (`watch`) is the net below that.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Final
from uuid import UUID

import msgspec
import structlog
from prometheus_client import Gauge

from server.auth.gate import Caller, Gate
from server.core.refusal import Fault, Refusal
from server.db.base import CORE
from server.db.database import Database
from server.db.errors import DatabaseAway
from server.db.log import Logged
from server.realtime.line import GOING_AWAY, NOT_SIGNED_IN, Line, Wire
from server.realtime.room import PACE, Channel, Room, Touches
from server.realtime.schemas import Error, Ping, Pong, Subscribe, Unsubscribe, read, written
from server.realtime.topics import Topic

MOST_TOPICS: Final = 20
"""So much may one socket follow."""
LOOK_AGAIN: Final = 60.0
"""Seconds after which everybody's session is looked at again, whatever the events said."""
END_WITHIN: Final = 2.0
"""Seconds that sockets, and then readings under way, may still take at the end."""

FOLLOWED: Final = Gauge("pickwave_live_subscriptions", "What is followed by the sockets of this process", ("topic",))


class Hub:
    """Everything live in this process."""

    def __init__(
        self, db: Database, gate: Gate, topics: Mapping[str, Topic], touches: Touches, *, pace: float = PACE
    ) -> None:
        self._db = db
        self._gate = gate
        self._topics = topics
        self._touches = touches
        self._pace = pace
        self._heard_of: dict[int, int] = {}
        self._rooms: dict[tuple[str, Any], Room] = {}
        self._tasks: dict[Room, asyncio.Task[None]] = {}
        self._reading: set[Room] = set()
        self._ending: set[asyncio.Task[None]] = set()
        self._about: dict[tuple[str, Hashable], set[Room]] = defaultdict(set)
        self._lines: dict[Line, dict[tuple[str, str], tuple[Room, Channel]]] = {}
        self._serving: set[asyncio.Task[Any]] = set()
        self._doubtful: set[UUID] = set()
        self._doubt = asyncio.Event()
        self._closing = False

    # --- what happened

    def hear(self, stream: int, events: Sequence[Logged]) -> None:
        """The next events of a stream, in order. Never waits."""
        for event in events:
            if stream == CORE:
                self._hear_of_people(event)
            for touch in self._touches(event):
                self._touched(touch.topic, touch.subject)
            self._heard_of[stream] = event.position

    def _touched(self, topic: str, subject: Hashable) -> None:
        reading = {room for room in self._reading if room.topic.name == topic}
        for room in reading.union(self._about.get((topic, subject), ())):
            room.touched(subject)

    def _watched(self, room: Room, subjects: frozenset[Hashable]) -> None:
        if room not in self._tasks:
            return  # everybody left while it read
        for gone in room.subjects - subjects:
            self._forget(room, gone)
        for new in subjects - room.subjects:
            self._about[room.topic.name, new].add(room)

    def _forget(self, room: Room, subject: Hashable) -> None:
        rooms = self._about[room.topic.name, subject]
        rooms.discard(room)
        if not rooms:
            del self._about[room.topic.name, subject]

    # --- a socket

    async def serve(self, wire: Wire, caller: Caller) -> None:
        """Serves one accepted and authenticated socket until it ends."""
        line = Line(wire, caller)
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        self._lines[line] = {}
        if self._closing:
            line.end(GOING_AWAY, "restart")
        try:
            await line.run(partial(self._heard, line))
        finally:
            for name in list(self._lines[line]):
                self._leave(line, name)
            del self._lines[line]
            self._serving.discard(task)

    async def _heard(self, line: Line, text: str | bytes) -> None:
        try:
            message = read(text)
        except msgspec.DecodeError:
            line.put(written(Error("invalid")))
            return
        match message:
            case Ping():
                line.put(written(Pong(self._positions(line))))
            case Unsubscribe():
                self._leave(line, (message.topic, message.key))
            case Subscribe():
                await self._subscribe(line, message)

    async def _subscribe(self, line: Line, wanted: Subscribe) -> None:
        try:
            await self._join(line, wanted)
        except Refusal as refusal:
            line.put(written(Error(refusal.code, wanted.topic, wanted.key)))
        except DatabaseAway as error:
            _log().warning("topic_not_read", topic=wanted.topic, key=wanted.key, exc_info=error)
            line.put(written(Error("busy", wanted.topic, wanted.key)))

    async def _join(self, line: Line, wanted: Subscribe) -> None:
        follows, name = self._lines[line], (wanted.topic, wanted.key)
        if name not in follows and len(follows) >= MOST_TOPICS:
            raise Refusal("too_many_topics", most=MOST_TOPICS)
        topic = self._topics.get(wanted.topic)
        if topic is None:
            raise Refusal("topic_unknown", topic=wanted.topic)
        key = topic.key(wanted.key)
        if str(key) != wanted.key:
            raise Refusal("invalid", Fault("key", "A key has one spelling.", str(key), wanted.key), count=1)
        await self._admit(topic, line.caller, key)
        room = self._room(topic, key)
        channel = await room.join(line, topic.audience(line.caller), wanted.after)
        if name not in follows:
            FOLLOWED.labels(topic.name).inc()
        follows[name] = (room, channel)

    async def _admit(self, topic: Topic, caller: Caller, key: Any) -> None:
        caller.need(topic.permission)
        await self._db.read(lambda conn: topic.admit(conn, caller, key))

    def _leave(self, line: Line, name: tuple[str, str]) -> None:
        found = self._lines[line].pop(name, None)
        if found is not None:
            room, channel = found
            room.leave(line, channel)
            FOLLOWED.labels(room.topic.name).dec()

    def _positions(self, line: Line) -> dict[int, int]:
        """Up to where what this line has been sent is the truth: for each stream, the least of what it follows."""
        until: dict[int, int] = {}
        for _, channel in self._lines[line].values():
            for stream, position in channel.positions.items():
                true = position if channel.dirty else max(position, self._heard_of.get(stream, 0))
                until[stream] = min(true, until.get(stream, true))
        return until

    # --- rooms

    def _room(self, topic: Topic, key: Any) -> Room:
        room = self._rooms.get((topic.name, key))
        if room is None:
            room = Room(
                self._db, topic, key, self._touches, reading=self._reading, watched=self._watched,
                emptied=self._emptied, pace=self._pace,
            )  # fmt: skip
            self._rooms[topic.name, key] = room
            self._tasks[room] = asyncio.create_task(room.run(), name=f"live {topic.name} {key}")
        return room

    def _emptied(self, room: Room) -> None:
        if self._rooms.get((room.topic.name, room.key)) is room:
            del self._rooms[room.topic.name, room.key]
            for subject in room.subjects:
                self._forget(room, subject)
            room.end()
            task = self._tasks.pop(room)
            self._ending.add(task)
            task.add_done_callback(self._ending.discard)

    # --- who may still be here

    def _hear_of_people(self, event: Logged) -> None:
        if event.type == "session.ended":
            ended = UUID(event.payload["session"])
            self._end(line for line in self._lines if line.caller.session == ended)
        elif event.type == "person.changed":
            person = UUID(event.payload["person"])
            self._look_at(line for line in self._lines if line.caller.actor.person == person)
        elif event.type == "device.changed":
            device = UUID(event.payload["device"])
            self._look_at(line for line in self._lines if line.caller.actor.device == device)

    def _end(self, lines: Iterable[Line]) -> None:
        for line in list(lines):
            line.end(NOT_SIGNED_IN, "session_ended")

    def _look_at(self, lines: Iterable[Line]) -> None:
        self._doubtful.update(line.caller.session for line in lines if line.caller.session is not None)
        self._doubt.set()

    async def watch(self) -> None:
        """Looks at the sessions that are in doubt at once, and at all of them now and then; until it is cancelled."""
        while True:
            try:
                async with asyncio.timeout(LOOK_AGAIN):
                    await self._doubt.wait()
            except TimeoutError:
                self._look_at(self._lines)
            self._doubt.clear()
            while self._doubtful:
                await self._look(next(iter(self._doubtful)))

    async def _look(self, session: UUID) -> None:
        mine = [line for line in self._lines if line.caller.session == session]
        now = await self._gate.again(mine[0].caller) if mine else None
        self._doubtful.discard(session)  # only now: a look that failed is looked again
        if now is None:
            self._end(mine)
            return
        for line in mine:
            line.caller = now
            await self._check_rights(line)

    async def _check_rights(self, line: Line) -> None:
        """Somebody's rights or warehouse may have changed: what is no longer allowed is followed no more."""
        for name, (room, channel) in list(self._lines.get(line, {}).items()):
            topic = room.topic
            try:
                await self._admit(topic, line.caller, room.key)
                if topic.audience(line.caller) != channel.audience:
                    raise Refusal("not_signed_in")
            except Refusal as refusal:
                if line in self._lines:
                    self._leave(line, name)
                line.put(written(Error(refusal.code, *name)))

    # --- the end

    async def close(self) -> None:
        """Closes every socket with 1012 (the server restarts) and ends what runs for them."""
        self._closing = True
        for line in list(self._lines):
            line.end(GOING_AWAY, "restart")
        if self._serving:
            await asyncio.wait(self._serving, timeout=END_WITHIN)
        if self._ending:
            await asyncio.wait(self._ending, timeout=END_WITHIN)


def _log() -> structlog.stdlib.BoundLogger:
    logger: structlog.stdlib.BoundLogger = structlog.get_logger("pickwave.live")
    return logger
