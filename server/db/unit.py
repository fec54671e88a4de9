"""Why: what a unit of work is, once, for both databases: a group of commands in one transaction.

Each command has its savepoint: a refusal or a bug undoes that command alone. The answers and the events of the
whole group are written last, then the transaction is committed, then (by the writer) the callers are told.
Nothing here decides what a lost COMMIT means or whom to tell; that is the writers' work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final, Generic, Protocol, TypeVar
from uuid import UUID

import msgspec
import sqlalchemy as sa

from server.core.clock import Clock
from server.core.ids import new_id
from server.core.refusal import Refusal, Stored
from server.db import base
from server.db.base import CORE
from server.db.binds import padded
from server.db.errors import CommitFailed, TransactionEnded
from server.db.prepared import Driver, Prepared
from server.db.work import Actor, Emitted, House, MoreStreams, Work, advance_counter, check_streams, guard

T = TypeVar("T")

LOG_COUNTER: Final = "event"
"""The name of the counter row that holds a stream's last position."""


class Lane(Enum):
    """FLOOR goes first: somebody stands there and waits. BULK fills the gaps."""

    FLOOR = "floor"
    BULK = "bulk"


class Key(msgspec.Struct, frozen=True):
    """The caller's own id of a command: asked again, it is answered again and not done again."""

    scope: str
    id: str
    payload_hash: bytes


@dataclass(frozen=True)
class Command(Generic[T]):
    """One thing to do: `run` decides and writes; `streams` are the streams it declares.

    Its row lies in its home stream, the highest it declares. `answer` is the type a stored answer is read back as.
    `founds`: it may make the warehouse that it declares, which need not be there yet.
    """

    run: Callable[[Work], T]
    streams: frozenset[int]
    actor: Actor
    name: str
    key: Key | None = None
    lane: Lane = Lane.FLOOR
    answer: Any = Any
    founds: bool = False

    def __post_init__(self) -> None:
        check_streams(self.streams)

    @property
    def home(self) -> int:
        return max(self.streams)


@dataclass(frozen=True)
class Done(Generic[T]):
    """A command that is committed: its answer, whether it was given before, and where its events are."""

    answer: T
    replayed: bool = False
    body: bytes | None = None
    """The answer as the JSON that is stored; None for a command without a key."""
    positions: dict[int, int] = field(default_factory=dict)
    """Of each stream the command emitted into: the position of its last event there."""
    home: int = 0

    @property
    def position(self) -> int | None:
        """The position of its last event in its home stream; None when it emitted none there or is a replay."""
        return self.positions.get(self.home)


@dataclass(frozen=True)
class Again:
    """The command was undone because it needs more streams."""

    streams: frozenset[int]


Outcome = Done[Any] | Refusal | Again | BaseException


@dataclass(eq=False)
class Job:
    """A command on its way: its id, the streams it holds now, and what it would have said when a COMMIT was lost."""

    command: Command[Any]
    streams: frozenset[int]
    tell: Callable[[Outcome], None]
    command_id: UUID = field(default_factory=new_id)
    before: Outcome | None = None

    @classmethod
    def of(cls, command: Command[Any], tell: Callable[[Outcome], None]) -> Job:
        job = cls(command, command.streams, tell)
        if command.key is not None:
            job.command_id = _as_uuid(command.key.id) or job.command_id
        return job

    @property
    def row_key(self) -> RowKey:
        """Where its row lies: by its caller's key, or by its own id."""
        key = self.command.key
        if key is None:
            return self.command.home, "", self.command_id.hex
        return self.command.home, key.scope, key.id


RowKey = tuple[int, str, str]


class Session(Protocol):
    """One write connection: the only way a transaction begins, ends, or is asked about."""

    conn: sa.Connection
    holds_all: bool
    """Whether one more stream needs no other transaction (one writer for all)."""

    def watch(self, work: Work | None) -> None: ...
    def begin(self, streams: frozenset[int]) -> None: ...
    def savepoint(self) -> None: ...
    def release(self) -> None: ...
    def undo(self) -> None: ...
    def in_transaction(self) -> bool: ...
    def commit(self) -> None: ...
    def rollback(self) -> None: ...
    def must_run_alone(self, error: BaseException) -> bool: ...


@dataclass
class _Answered:
    payload_hash: bytes | None
    refused: bool
    answer: bytes | None


@dataclass
class _Group:
    known: dict[RowKey, _Answered]
    rows: list[dict[str, Any]] = field(default_factory=list)
    last_rows: dict[Prepared, list[Mapping[str, Any]]] = field(default_factory=dict)
    events: list[tuple[Job, Work, list[Emitted]]] = field(default_factory=list)


_stored_answers: Final = sa.select(
    base.command.c.stream,
    base.command.c.scope,
    base.command.c.id,
    base.command.c.payload_hash,
    base.command.c.refused,
    base.command.c.answer,
).where(base.command.c.id.in_(sa.bindparam("ids", expanding=True)))
"""By the id alone, the others of its stream and scope are left out here: with `stream` beside it SQLite reads the whole
stream as soon as there are eight ids."""
_add_commands: Final = Prepared(sa.insert(base.command))
_add_events: Final = Prepared(sa.insert(base.event))


def run_group(
    session: Session, jobs: Sequence[Job], house: House, clock: Clock, crowded: Callable[[], bool] = bool
) -> list[Outcome]:
    """Runs the jobs in one transaction and gives their outcomes, in order, once it is committed.

    Any exception means that nothing of the group is stored; CommitFailed with `known=False` means that it may be.
    """
    session.begin(frozenset().union(*(job.streams for job in jobs)))
    try:
        group = _Group(stored_answers(session.conn, [job for job in jobs if _may_be_stored(job)]))
        outcomes = [_run_job(session, job, group, house, clock, crowded) for job in jobs]
        outcomes = _append(session.conn, group, jobs, outcomes)
    except BaseException:
        session.rollback()
        raise
    try:
        session.commit()
    except CommitFailed as error:
        error.outcomes = outcomes
        raise
    return outcomes


def _may_be_stored(job: Job) -> bool:
    return job.command.key is not None or job.before is not None


def stored_answers(conn: sa.Connection, jobs: Sequence[Job]) -> dict[RowKey, _Answered]:
    """What is stored of these jobs, by row key."""
    if not jobs:
        return {}
    rows = conn.execute(_stored_answers, {"ids": padded([job.row_key[2] for job in jobs])})
    return {
        (stream, scope, id_): _Answered(hashed, refused, answer) for stream, scope, id_, hashed, refused, answer in rows
    }


def _run_job(
    session: Session, job: Job, group: _Group, house: House, clock: Clock, crowded: Callable[[], bool]
) -> Outcome:
    answered = group.known.get(job.row_key)
    if answered is not None:
        return _replay(job, answered)
    outcome = _try(session, job, group, house, clock, crowded)
    if isinstance(outcome, Again) and session.holds_all:
        job.streams = outcome.streams
        outcome = _try(session, job, group, house, clock, crowded)
    return outcome


def _try(session: Session, job: Job, group: _Group, house: House, clock: Clock, crowded: Callable[[], bool]) -> Outcome:
    """Runs one command inside its savepoint; leaves it whole or leaves nothing of it."""
    command = job.command
    work = Work(
        session.conn,
        now=clock.now(),
        actor=command.actor,
        command_id=job.command_id,
        streams=job.streams,
        house=house,
        crowded=crowded,
    )
    session.savepoint()
    session.watch(work)
    try:
        answer = command.run(work)
        emitted = work.settle()
        if work.broken is not None:
            raise RuntimeError(f"{command.name} went on after a database error") from work.broken
        body = msgspec.json.encode(answer) if command.key is not None else None
        session.watch(None)
        session.release()
    except Exception as error:  # noqa: BLE001  (a bug is its caller's alone; what is the group's is raised again)
        session.watch(None)
        return _undo(session, job, work, group, error)
    _keep(job, work, group, refused=False, body=body)
    for statement, row in work.last_rows:
        group.last_rows.setdefault(statement, []).append(row)
    if emitted:
        group.events.append((job, work, emitted))
    return Done(answer, body=body, home=command.home)


def _undo(session: Session, job: Job, work: Work, group: _Group, error: Exception) -> Outcome:
    if not session.in_transaction():
        raise TransactionEnded(f"the database ended the transaction in {job.command.name}") from error
    if session.must_run_alone(error):
        raise error
    session.undo()
    if isinstance(error, MoreStreams) and job.streams == job.command.streams:
        return Again(error.streams)
    if isinstance(error, Refusal):
        _keep(job, work, group, refused=True, body=msgspec.json.encode({"refused": error.stored()}))
    return error


def _keep(job: Job, work: Work, group: _Group, *, refused: bool, body: bytes | None) -> None:
    command, actor = job.command, job.command.actor
    home, scope, id_ = job.row_key
    hashed = command.key.payload_hash if command.key is not None else None
    if command.key is not None:
        group.known[job.row_key] = _Answered(hashed, refused, body)
    group.rows.append(
        {
            "id": id_,
            "scope": scope,
            "stream": home,
            "command_id": job.command_id,
            "name": command.name,
            "at": work.now,
            "person": actor.person,
            "device": actor.device,
            "key": actor.key,
            "payload_hash": hashed,
            "refused": refused,
            "answer": body,
        }
    )


def _append(conn: sa.Connection, group: _Group, jobs: Sequence[Job], outcomes: list[Outcome]) -> list[Outcome]:
    """Writes what was left for the end, the answers and, last, the events; gives the outcomes with their positions."""
    for statement, rows_left in group.last_rows.items():
        statement.change_all(conn, rows_left)
    if group.rows:
        _add_commands.change_all(conn, group.rows)
    if not group.events:
        return outcomes
    born: dict[int, int] = {}
    for _, _, emitted in group.events:
        for each in emitted:
            born[each.event.stream] = born.get(each.event.stream, 0) + 1
    last = {stream: advance_counter(conn, stream, LOG_COUNTER, born[stream]) - born[stream] for stream in sorted(born)}
    rows = []
    positions: dict[int, dict[int, int]] = {}
    for job, work, emitted in group.events:
        mine = positions[id(job)] = {}
        for each in emitted:
            stream = each.event.stream
            last[stream] = mine[stream] = last[stream] + 1
            rows.append(
                {
                    "stream": stream,
                    "position": last[stream],
                    "type": each.event.name,
                    "version": each.event.version,
                    "at": work.now,
                    "command_id": job.command_id,
                    "payload": each.payload,
                }
            )
    _add_events.change_all(conn, rows)
    return [_placed(outcome, positions.get(id(job))) for job, outcome in zip(jobs, outcomes, strict=True)]


def _placed(outcome: Outcome, positions: dict[int, int] | None) -> Outcome:
    if positions is None or not isinstance(outcome, Done):
        return outcome
    return Done(outcome.answer, body=outcome.body, positions=positions, home=outcome.home)


def _replay(job: Job, answered: _Answered) -> Outcome:
    key, before = job.command.key, job.before
    if before is not None and (key is None or (isinstance(before, Done) and before.body == answered.answer)):
        return before
    if key is not None and answered.payload_hash != key.payload_hash:
        return Refusal("command_id_reused", id=key.id)
    if answered.refused and answered.answer is not None:
        return Refusal.of(_refused.decode(answered.answer).refused)
    if answered.answer is None:
        return Done(None, replayed=True, home=job.command.home)
    answer = msgspec.json.decode(answered.answer, type=job.command.answer)
    return Done(answer, replayed=True, body=answered.answer, home=job.command.home)


class _Refused(msgspec.Struct):
    refused: Stored


_refused: Final = msgspec.json.Decoder(_Refused)


def _as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


class Watch:
    """The eye on one write connection: refuses writes outside the held streams and notices database errors."""

    def __init__(self, in_transaction: Callable[[], bool]) -> None:
        self.work: Work | None = None
        self.ended = False
        self.driver: Driver | None = None
        """Where prepared statements go straight to: set by a writer's session."""
        self.memo: dict[Any, Any] | None = None
        """What was read once for the unit; None while it may not be relied on."""
        self._kept: dict[Any, Any] = {}
        self._in_transaction = in_transaction

    def attach(self, conn: sa.Connection) -> None:
        """Watches `conn`, and has SQLAlchemy believe in one long transaction.

        Without that belief it "rolls back" after an error of its own, a value of the wrong type for one, and on
        SQLite that ends the real transaction. In autocommit its BEGIN sends nothing.
        """
        if not conn.in_transaction():
            conn.begin()
        sa.event.listen(conn, "before_cursor_execute", self._before)
        conn.info["watch"] = self

    def follow(self, work: Work | None) -> None:
        """From here on it is this command that writes."""
        self.work = work
        if work is not None and CORE in work.streams:
            self._kept = {}
            self.memo = None
        else:
            self.memo = self._kept

    def anew(self) -> None:
        """A transaction began, or a command was undone: what was read may have been what is gone."""
        self.ended = False
        self.memo = self._kept = {}

    def allow(self, statement: Any, rows: Iterable[Mapping[str, Any]]) -> None:
        """What is checked before every statement, for one that does not pass through SQLAlchemy."""
        if self.ended:
            raise TransactionEnded("the database has ended the transaction")
        if self.work is not None:
            guard(statement, rows, self.work.streams)

    def _before(self, conn: Any, cursor: Any, text: str, parameters: Any, context: Any, many: bool) -> None:
        self.allow(context.invoked_statement, getattr(context, "compiled_parameters", ()))

    def failed(self, error: BaseException) -> None:
        """After any database error: the command is broken, and perhaps the whole transaction has ended."""
        if self.work is not None:
            self.work.broken = error
        self.ended = self.ended or not self._in_transaction()


def watch_errors(engine: sa.Engine) -> None:
    """Tells each connection's Watch of its database errors."""

    @sa.event.listens_for(engine, "handle_error")
    def _(context: sa.ExceptionContext) -> None:
        watch = context.connection.info.get("watch") if context.connection is not None else None
        if watch is not None:
            watch.failed(context.original_exception)
