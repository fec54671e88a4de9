"""Why: one command sees one small object: where to write, what time it is, who asks, and where to say what happened.

A service is a plain `def f(work: Work, ...)`. It reads and writes with Core statements, emits events, and
returns its answer or raises a `Refusal`. It never commits; the writer does, later and for many commands at once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID
from weakref import WeakKeyDictionary

import msgspec
import sqlalchemy as sa
from sqlalchemy.sql import visitors
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.operators import eq

from server.core.events import Event, EventType
from server.core.ids import new_id
from server.db import base
from server.db.prepared import Prepared


class Actor(msgspec.Struct, frozen=True):
    """Who asks: a person at a device, a key of another system, or the system itself."""

    person: UUID | None = None
    device: UUID | None = None
    key: UUID | None = None
    name: str = "system"
    warehouse: int | None = None


class MoreStreams(Exception):
    """The command needs streams it did not declare: it is undone and run once more with the union."""

    def __init__(self, streams: frozenset[int]) -> None:
        super().__init__(f"needs the streams {sorted(streams)}")
        self.streams = streams


class StreamNotHeld(Exception):
    """A bug: a write or an event for a stream that the command does not hold."""


class EventLoop(Exception):
    """A bug in the table of reactions: an event has reached itself."""


@dataclass(frozen=True)
class Together:
    """A reaction to a run of events with one name and one cause: what costs statements each is done for all at once."""

    run: Callable[[Work, Sequence[Event]], None]


Reaction = Callable[["Work", Event], None] | Together
"""What follows from an event in its own transaction."""


@dataclass(frozen=True)
class House:
    """What every command of this house shares: the event catalogue and the table of reactions."""

    events: Mapping[str, EventType]
    reactions: Mapping[str, Sequence[Reaction]] = field(default_factory=dict)


class Emitted(msgspec.Struct, frozen=True):
    """An event of this command with its payload as JSON text, and the names of the events that led to it."""

    event: Event
    payload: str
    causes: tuple[str, ...]


_next_number: Final = Prepared(
    sa.update(base.counter)
    .where(base.counter.c.stream == sa.bindparam("of"), base.counter.c.name == sa.bindparam("called"))
    .values(value=base.counter.c.value + sa.bindparam("step"))
    .returning(base.counter.c.value)
)
_first_number: Final = sa.insert(base.counter)
_number: Final = sa.select(base.counter.c.value).where(
    base.counter.c.stream == sa.bindparam("of"), base.counter.c.name == sa.bindparam("called")
)


def advance_counter(conn: sa.Connection, stream: int, name: str, step: int = 1) -> int:
    """Moves a counter row on by `step` and gives its new value; a counter that is not there starts at nought."""
    found = _next_number.one(conn, {"of": stream, "called": name, "step": step})
    if found is None:
        conn.execute(_first_number, {"stream": stream, "name": name, "value": step})
        return step
    return cast(int, found[0])


def counted(conn: sa.Connection, stream: int, name: str) -> int:
    """Where a counter row stands; nought when it was never moved."""
    return conn.execute(_number, {"of": stream, "called": name}).scalar_one_or_none() or 0


def check_streams(streams: frozenset[int]) -> None:
    """ValueError unless a unit may hold these streams: some, and two warehouses only together with 0."""
    if not streams or min(streams) < 0:
        raise ValueError(f"a command wants at least one stream, none negative, got {sorted(streams)}")
    if base.CORE not in streams and len(streams) > 1:
        raise ValueError(f"only units that hold stream 0 write two warehouses, got {sorted(streams)}")


class Work:
    """One command inside one unit.

    `conn` is a Core connection, the same on both databases; writes through it are watched (`StreamNotHeld`).
    `now` stands still for the command. `streams` are the streams it holds.
    """

    __slots__ = (
        "_causes", "_crowded", "_emitted", "_house", "_settled", "actor", "broken", "command_id", "conn",
        "last_rows", "now", "streams",
    )  # fmt: skip

    def __init__(
        self,
        conn: sa.Connection,
        *,
        now: datetime,
        actor: Actor,
        command_id: UUID,
        streams: frozenset[int],
        house: House,
        crowded: Callable[[], bool] = bool,
    ) -> None:
        self.conn = conn
        self.now = now
        self.actor = actor
        self.command_id = command_id
        self.streams = streams
        self.broken: BaseException | None = None
        self._house = house
        self._crowded = crowded
        self._emitted: list[Emitted] = []
        self._settled = 0
        self._causes: tuple[str, ...] = ()
        self.last_rows: list[tuple[Prepared, Mapping[str, Any]]] = []

    def execute(
        self, statement: sa.Executable, parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
    ) -> sa.CursorResult[*tuple[Any, ...]]:
        """Runs a Core statement; a list of parameters runs it for each."""
        return self.conn.execute(statement, parameters)

    def emit(self, name: str, /, *, stream: int, **payload: Any) -> None:
        """Says that something happened in `stream`: its reactions run after the command, then it is appended."""
        kind = self._house.events.get(name)
        if kind is None:
            raise ValueError(f"the event {name} is not in the catalogue")
        if stream not in self.streams:
            raise StreamNotHeld(f"event {name}: wanted stream {stream} held, got {sorted(self.streams)}")
        if name in self._causes:
            raise EventLoop(f"the event {name} reaches itself: {' > '.join((*self._causes, name))}")
        kind.check(payload)
        text = msgspec.json.encode(payload).decode()
        self._emitted.append(Emitted(Event(name, stream, payload, kind.version), text, self._causes))

    def later(self, statement: Prepared, row: Mapping[str, Any]) -> None:
        """Leaves a row for the end of the unit (`Prepared.later`)."""
        self.last_rows.append((statement, row))

    def new_id(self) -> UUID:
        """A fresh id that sorts by the command's time."""
        return new_id(self.now)

    def need(self, *streams: int) -> None:
        """Says which streams must be held from here on; without them the command is undone and run once more."""
        if not self.streams.issuperset(streams):
            wanted = self.streams.union(streams)
            check_streams(wanted)
            raise MoreStreams(wanted)

    def number(self, counter: str, *, stream: int | None = None, step: int = 1) -> int:
        """The next number of a sequence that people read: 1, 2, 3 … per stream, or the one `step` further.

        Without `stream` it is the warehouse's where the command holds one, else stream 0's.
        """
        return advance_counter(self.conn, max(self.streams) if stream is None else self._held(stream), counter, step)

    @property
    def crowded(self) -> bool:
        """Whether floor commands wait: a bulk command looks here between its statements and stops early."""
        return self._crowded()

    def settle(self) -> list[Emitted]:
        """Runs the reactions to everything emitted since, breadth first, and gives all events in the order of birth.

        The unit does so at its end; a command does where its answer says how things stand when all has followed.
        """
        due = deque(self._emitted[self._settled :])
        seen = len(self._emitted)
        while due:
            run = self._run_of(due)
            self._causes = (*run[0].causes, run[0].event.name)
            for react in self._house.reactions.get(run[0].event.name, ()):
                _react(react, self, [emitted.event for emitted in run])
            due.extend(self._emitted[seen:])
            seen = len(self._emitted)
        self._causes = ()
        self._settled = seen
        return self._emitted

    def _run_of(self, due: deque[Emitted]) -> list[Emitted]:
        """The next event, with those right behind it that are reacted to together with it."""
        first = due.popleft()
        run = [first]
        if any(isinstance(each, Together) for each in self._house.reactions.get(first.event.name, ())):
            while due and (due[0].event.name, due[0].causes) == (first.event.name, first.causes):
                run.append(due.popleft())
        return run

    def _held(self, stream: int) -> int:
        if stream not in self.streams:
            raise StreamNotHeld(f"counter: wanted stream {stream} held, got {sorted(self.streams)}")
        return stream


def _react(reaction: Reaction, work: Work, events: Sequence[Event]) -> None:
    if isinstance(reaction, Together):
        reaction.run(work, events)
        return
    for event in events:
        reaction(work, event)


@dataclass(frozen=True)
class _Writes:
    """What a statement writes: the tables, and where it shows which warehouse it means."""

    tables: tuple[sa.Table, ...]
    warehouses: tuple[tuple[str, Any], ...]
    """Of each visible `warehouse_id = …`: the parameter's name and the value built in."""


_NO_WRITES: Final = _Writes((), ())
_seen: WeakKeyDictionary[Any, _Writes] = WeakKeyDictionary()


def guard(statement: Any, rows: Iterable[Mapping[str, Any]], streams: frozenset[int]) -> None:
    """Raises StreamNotHeld when `statement` writes what `streams` do not cover, TypeError for statement text."""
    writes = _seen.get(statement) if statement is not None else None
    if writes is None:
        writes = _look(statement)
        _seen[statement] = writes
    if writes is _NO_WRITES:
        return
    for table in writes.tables:
        _guard_table(table, streams)
    if writes.warehouses:
        for row in rows or ({},):
            for name, built_in in writes.warehouses:
                _guard_warehouse(writes.tables[0], row.get(name, built_in), streams)


def _guard_table(table: sa.Table, streams: frozenset[int]) -> None:
    stream = table.info.get("stream")
    if stream == "core":
        held = base.CORE in streams
    elif stream == "warehouse":
        held = max(streams) > base.CORE
    else:
        held = stream == "any"
    if not held:
        raise StreamNotHeld(f"a write to {table.name} ({stream}): held are the streams {sorted(streams)}")


def _guard_warehouse(table: sa.Table, warehouse: Any, streams: frozenset[int]) -> None:
    if isinstance(warehouse, int) and warehouse not in streams:
        raise StreamNotHeld(f"a write to {table.name} of warehouse {warehouse}: held are {sorted(streams)}")


def _look(statement: Any) -> _Writes:
    if statement is None or isinstance(statement, sa.TextClause):
        raise TypeError("statement text loses types and literals, and the schema changes in migrations: use Core")
    tables: list[sa.Table] = []
    warehouses: list[tuple[str, Any]] = []
    for element in visitors.iterate(statement):
        if isinstance(element, UpdateBase) and isinstance(element.table, sa.Table):
            tables.append(element.table)
            if isinstance(element, sa.Insert):
                warehouses.append(("warehouse_id", None))
            warehouses.extend(_assigned(element))
        elif isinstance(element, sa.BinaryExpression) and element.operator is eq:
            warehouses.extend(_compared(element))
    if not tables:
        return _NO_WRITES
    if all(table.info.get("stream") != "warehouse" for table in tables):
        warehouses.clear()
    return _Writes(tuple(tables), tuple(warehouses))


def _assigned(statement: UpdateBase) -> Iterable[tuple[str, Any]]:
    values: Mapping[Any, Any] = getattr(statement, "_values", None) or {}
    for column, value in values.items():
        if getattr(column, "name", column) == "warehouse_id" and isinstance(value, sa.BindParameter):
            yield value.key, value.value


def _compared(comparison: sa.BinaryExpression[Any]) -> Iterable[tuple[str, Any]]:
    for one, other in ((comparison.left, comparison.right), (comparison.right, comparison.left)):
        if getattr(one, "name", None) == "warehouse_id" and isinstance(other, sa.BindParameter):
            yield other.key, other.value
