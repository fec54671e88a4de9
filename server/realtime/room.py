"""Why: a thousand people who look at the same thing are one read, one comparison and one encoding.

A `Room` is one key of a topic that somebody follows. What an audience is shown (for most topics there is only one)
is a `Channel`: the view last read, and the positions of its streams in the same snapshot. Nothing is lost between
the first look and the changes, because a room is told of touches before it reads, and what was touched while it read
is read again; nothing is doubled, because a change is the difference of two readings.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import sqlalchemy as sa
import structlog

from server.db import log
from server.db.database import Database
from server.db.log import Logged
from server.realtime import store
from server.realtime.changes import changes
from server.realtime.line import Line
from server.realtime.schemas import Changes, Delta, Snapshot, written
from server.realtime.topics import Topic, Touch, View, Views

PACE: Final = 0.25
"""Seconds between two deltas of a topic: four frames a second."""
SHARE: Final = 4
"""A topic that is slow to read rests this many times as long as reading took: it never takes the whole machine."""
LONGEST_REST: Final = 2.0
"""But no longer than this: one slow reading must not make a topic silent."""
LONGEST_PAUSE: Final = 30.0
LOOK_BACK: Final = 500
"""So many events are looked through for whoever comes back with positions; behind more, a snapshot is cheaper."""

Touches = Callable[[Logged], Iterable[Touch]]
Positions = Mapping[int, int]


@dataclass(eq=False)
class Channel:
    """What one audience of a room is shown, and by which lines."""

    topic: str
    key: str
    audience: Hashable
    lines: set[Line] = field(default_factory=set)
    waiting: int = 0
    dirty: bool = False
    version: int = 0
    positions: Positions = field(default_factory=dict)
    told: Positions = field(default_factory=dict)
    """The positions of the last delta: where the next one begins."""
    loading: asyncio.Task[None] | None = None
    _view: View | None = None
    _text: str | None = None

    @property
    def loaded(self) -> bool:
        return self._view is not None

    @property
    def view(self) -> View:
        """The view as it was read last."""
        assert self._view is not None
        return self._view

    def load(self, view: View, positions: Positions) -> None:
        """The first reading."""
        self._view, self.positions, self.told, self._text = view, positions, positions, None

    def show(self, view: View, positions: Positions) -> None:
        """A later reading: whoever follows is told the difference, encoded once."""
        found = changes(self.view, view)
        self._view, self.positions, self._text = view, positions, None
        if not found:
            return
        self.version += 1
        for text in self._deltas(found):
            for line in self.lines:
                line.put(text)
        self.told = positions

    def _deltas(self, found: Changes) -> list[str]:
        """One frame for each stream that moved on; the first carries the data, so that no position runs ahead of it."""
        moved = [stream for stream, to in sorted(self.positions.items()) if to > self.told.get(stream, 0)]
        if not moved:
            return [self.snapshot()]
        return [
            self._delta(stream, self.told.get(stream, 0), self.positions[stream], found if at == 0 else Changes())
            for at, stream in enumerate(moved)
        ]

    def _delta(self, stream: int, from_: int, to: int, data: Changes) -> str:
        return written(Delta(self.topic, self.key, stream, from_, to, data))

    def snapshot(self) -> str:
        """The whole view as a frame."""
        if self._text is None:
            self._text = written(Snapshot(self.topic, self.key, dict(self.positions), self.view))
        return self._text

    def nothing_new(self, after: Positions, until: Positions) -> list[str]:
        """Frames for one who has everything already: only the positions move."""
        return [self._delta(stream, after[stream], until[stream], Changes()) for stream in sorted(until)]


class Room:
    """One key of a topic, while somebody follows it.

    It stands in `reading` while it reads. `watched` is told when its subjects change, `emptied` when nobody follows
    it any more.
    """

    def __init__(
        self,
        db: Database,
        topic: Topic,
        key: Any,
        touches: Touches,
        *,
        reading: set[Room],
        watched: Callable[[Room, frozenset[Hashable]], None],
        emptied: Callable[[Room], None],
        pace: float = PACE,
    ) -> None:
        self.topic = topic
        self.key = key
        self.subjects: frozenset[Hashable] = frozenset()
        self.channels: dict[Hashable, Channel] = {}
        self._db = db
        self._touches = touches
        self._reading = reading
        self._watched = watched
        self._emptied = emptied
        self._pace = pace
        self._wake = asyncio.Event()
        self._over = asyncio.Event()
        self._one_at_a_time = asyncio.Lock()
        self._reads = 0
        self._touched_meanwhile: set[Hashable] = set()

    # --- being told

    def touched(self, subject: Hashable) -> None:
        """Something happened to a subject: one of this room's, or perhaps one that the reading under way will find."""
        if self._reads:
            self._touched_meanwhile.add(subject)
        if subject in self.subjects:
            self._read_again()

    def _read_again(self) -> None:
        for channel in self.channels.values():
            channel.dirty = True
        self._wake.set()

    # --- coming and going

    async def join(self, line: Line, audience: Hashable, after: Positions | None) -> Channel:
        """Has a line follow, beginning with a snapshot, or from `after` where nothing has changed since.

        Refuses what reading the view refuses.
        """
        channel = self.channels.get(audience)
        if channel is None:
            channel = self.channels[audience] = Channel(self.topic.name, str(self.key), audience)
        channel.waiting += 1
        try:
            if not channel.loaded:
                await self._loaded(channel)
            until = await self._continued(channel, after) if after is not None else None
            channel.lines.add(line)
            frames = [channel.snapshot()] if after is None or until is None else channel.nothing_new(after, until)
            for text in frames:
                line.put(text)
        finally:
            channel.waiting -= 1
            self._tidy(channel)
        return channel

    def leave(self, line: Line, channel: Channel) -> None:
        """Has a line follow no more."""
        channel.lines.discard(line)
        self._tidy(channel)

    def _tidy(self, channel: Channel) -> None:
        if channel.lines or channel.waiting:
            return
        if self.channels.get(channel.audience) is channel:
            del self.channels[channel.audience]
        if not self.channels:
            self._emptied(self)

    async def _loaded(self, channel: Channel) -> None:
        """The first reading of a channel: one, however many wait for it, and not ended by one of them leaving."""
        if channel.loading is None:
            channel.loading = asyncio.create_task(self._load(channel))
            channel.loading.add_done_callback(_seen)
        try:
            await asyncio.shield(channel.loading)
        finally:
            if channel.loading is not None and channel.loading.done():
                channel.loading = None

    async def _load(self, channel: Channel) -> None:
        def look(conn: sa.Connection) -> Views:
            return {channel.audience: self.topic.project(conn, self.key, channel.audience)}

        views, positions = await self._read(look)
        channel.load(views[channel.audience], positions)

    async def _continued(self, channel: Channel, after: Positions) -> Positions | None:
        """The positions up to which nothing has changed since `after`; None where something has, or may have."""
        if any(after.get(stream, 0) > position for stream, position in channel.positions.items()):
            channel.dirty = True  # another process was ahead of this one
            await self.turn()
        positions, version = channel.positions, channel.version
        if after.keys() != positions.keys() or any(after[stream] > positions[stream] for stream in positions):
            return None
        changed = await self._db.read(partial(self._changed_between, after=after, until=positions))
        return None if changed or channel.version != version else positions

    def _changed_between(self, conn: sa.Connection, after: Positions, until: Positions) -> bool:
        for stream, position in after.items():
            if position < until[stream] and log.first(conn, stream) > position + 1:
                return True
            events = log.tail(conn, stream, position, LOOK_BACK + 1)
            if len(events) > LOOK_BACK or any(self._touched_by(event) for event in events):
                return True
        return False

    def _touched_by(self, event: Logged) -> bool:
        return any(touch.topic == self.topic.name and touch.subject in self.subjects for touch in self._touches(event))

    # --- reading

    async def run(self) -> None:
        """Reads again whatever was touched, at the room's pace, until `end`."""
        loop = asyncio.get_running_loop()
        pause = self._pace
        due = loop.time()
        while True:
            await self._wake.wait()
            if await self._ends_before(due):
                return
            self._wake.clear()
            began = loop.time()
            try:
                await self.turn()
                pause = max(self._pace, min(SHARE * (loop.time() - began), LONGEST_REST))
            except Exception as error:  # noqa: BLE001  (logged; what was not read stays to be read)
                pause = min(max(2 * pause, 0.5), LONGEST_PAUSE)
                _log().error("topic_not_read", topic=self.topic.name, key=str(self.key), again_in=pause, exc_info=error)
                self._wake.set()
            due = began + pause

    def end(self) -> None:
        """Has `run` return, after the reading under way: to cancel a reading costs a connection."""
        self._over.set()
        self._wake.set()

    async def _ends_before(self, due: float) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout_at(due):
                await self._over.wait()
        return self._over.is_set()

    async def turn(self) -> None:
        """Reads what was touched and tells who follows."""
        async with self._one_at_a_time:
            due = [channel for channel in self.channels.values() if channel.loaded and channel.dirty]
            if not due:
                return
            for channel in due:
                channel.dirty = False
            last = {channel.audience: channel.view for channel in due}
            try:
                views, positions = await self._read(partial(self.topic.again, key=self.key, last=last))
            except BaseException:
                for channel in due:
                    channel.dirty = True
                raise
            for channel in due:
                channel.show(views[channel.audience], positions)

    async def _read(self, look: Callable[[sa.Connection], Views]) -> tuple[Views, Positions]:
        """Views with the positions of their streams, of one moment."""

        def run(conn: sa.Connection) -> tuple[Views, Positions, frozenset[Hashable]]:
            views = look(conn)
            subjects: frozenset[Hashable] = frozenset()
            streams: frozenset[int] = frozenset()
            for view in views.values():
                subjects |= self.topic.subjects(self.key, view)
                streams |= self.topic.streams(self.key, view)
            return views, store.positions(conn, streams), subjects

        self._reads += 1
        self._reading.add(self)
        try:
            views, positions, subjects = await self._db.snapshot(run)
        finally:
            self._reads -= 1
            if not self._reads:
                self._reading.discard(self)
        self._now_about(subjects)
        return views, positions

    def _now_about(self, subjects: frozenset[Hashable]) -> None:
        if subjects != self.subjects:
            self._watched(self, subjects)
            self.subjects = subjects
        if self._touched_meanwhile & subjects:
            self._read_again()
        if not self._reads:
            self._touched_meanwhile.clear()


def _seen(loading: asyncio.Task[None]) -> None:
    """Whoever waited has been told why it failed; perhaps nobody waits any more."""
    if not loading.cancelled():
        loading.exception()


def _log() -> structlog.stdlib.BoundLogger:
    logger: structlog.stdlib.BoundLogger = structlog.get_logger("pickwave.live")
    return logger
