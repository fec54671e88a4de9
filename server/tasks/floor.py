"""Why: whatever a person on the floor does arrives here as a batch of commands, and arrives exactly once.

Each command is a unit of its own: its place in the device's sequence, its effect and its answer are one
transaction. A gap applies nothing after it. What cannot be booked is set aside for a supervisor, never lost; what
is refused keeps its answer, so that it is refused again in the same words.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Protocol
from uuid import UUID, uuid5

import msgspec
import sqlalchemy as sa
import structlog

from server.core.outcomes import OUTCOMES
from server.core.refusal import Refusal
from server.db import base
from server.db.database import Database
from server.db.errors import WriteFailed, WriteLost
from server.db.unit import Command, Done, Key
from server.db.work import Actor, Work
from server.tasks import aside, batches, facts, rules, service, takeback
from server.tasks.aside import Decision
from server.tasks.schemas import (
    Answer,
    Answered,
    Batch,
    BindCart,
    BindTote,
    Body,
    Count,
    Envelope,
    FinishTour,
    Marks,
    Pick,
    PutBack,
    Sent,
    Short,
    Skip,
    TakeTour,
    Undo,
)
from server.tasks.store import asides, devices

log = structlog.get_logger(__name__)


class Kind(NamedTuple):
    """One kind of command: the shape of its body, what does it, whether it is a fact (never refused), and who may.

    The device brings commands in, whoever is signed in; whose they are, and whether they may, their ticket says.
    """

    body: type[Body]
    run: Callable[[Work, int, Any], Answer]
    fact: bool
    permission: str = "floor.commands"


KINDS: Final[dict[str, Kind]] = {
    "tour.take": Kind(TakeTour, service.take_tour, fact=False),
    "tour.cart": Kind(BindCart, service.bind_cart, fact=False),
    "tour.tote": Kind(BindTote, service.bind_tote, fact=False),
    "tour.finish": Kind(FinishTour, service.finish_tour, fact=False),
    "pick": Kind(Pick, facts.pick, fact=True),
    "short": Kind(Short, facts.short, fact=True),
    "skip": Kind(Skip, facts.skip, fact=False),
    "undo": Kind(Undo, takeback.undo, fact=False),
    "put_back": Kind(PutBack, facts.put_back, fact=True),
    "count": Kind(Count, facts.count, fact=True),
}


@dataclass(frozen=True)
class Device:
    """The device that sends: proven by its secret or by its session."""

    id: UUID
    warehouse: int


class Tickets(Protocol):
    """Who scanned, by the upload ticket that the device kept beside each command."""

    async def actor(self, text: str, device: Device) -> Actor:
        """Whom the ticket names, unproved; somebody unknown at this device where it names nobody."""

    def trouble(self, work: Work, text: str, device: Device, permission: str) -> str | None:
        """Why the ticket does not count (forged, expired, revoked, another device's, no right); None when it does."""


class OutOfOrder(Exception):
    """A gap in the sequence: nothing of this command is kept, the device sends again from `expected`."""

    def __init__(self, expected: int) -> None:
        super().__init__(f"resend from {expected}")
        self.expected = expected


class Turned(Exception):
    """The command came to an answer that must undo what it wrote; the answer is recorded by a unit of its own."""

    def __init__(self, answer: Answer, aside: str | None = None, *, proved: bool = True) -> None:
        super().__init__(answer.outcome)
        self.answer = answer
        self.aside = aside
        self.proved = proved


@dataclass(frozen=True)
class _Read:
    """A command as it could be read: whole, or only its marks and what is wrong with it."""

    id: UUID
    seq: int
    sent: Sent | None
    body: Body | None
    actor: Actor
    raw: bytes
    trouble: str = ""

    @property
    def kind(self) -> str:
        return self.sent.kind if self.sent is not None else "malformed"

    @property
    def ticket(self) -> str:
        return self.sent.ticket if self.sent is not None else ""


_decode_sent: Final = msgspec.json.Decoder(Sent).decode
_decode_marks: Final = msgspec.json.Decoder(Marks).decode
_decode_answer: Final = msgspec.json.Decoder(Answer).decode
_UNREADABLE: Final = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""What reading a command may raise, whatever was sent."""
NUL: Final = b"\\u0000"
ROOM_AGAIN: Final = 600
"""Seconds after which a locked-out device asks again whether there is room: somebody has to decide first."""
_NAMELESS: Final = UUID("018f0000-0000-7000-8000-000000000000")
"""The namespace of ids for commands that came without a readable one."""


class FloorDesk:
    """Takes batches from devices. `kinds` are the commands of all rooms, by name."""

    def __init__(self, db: Database, kinds: Mapping[str, Kind], tickets: Tickets) -> None:
        self._db = db
        self._kinds = kinds
        self._tickets = tickets

    async def take(self, envelope: Envelope, device: Device) -> Batch:
        """Takes a batch in order and answers each command; stops at a gap and says from where to send again."""
        due = await self._read_all(envelope, device)
        answers, resend = await self._take_all(envelope, device, due)
        return Batch(answers, resend, await self._high_water(envelope, device, answers, resend))

    async def admit(self, device: Device) -> None:
        """Refuses `facts_wait` to a locked-out device that has brought in all that may wait for a supervisor."""

        def look(conn: sa.Connection) -> tuple[bool, int]:
            out = devices.locked_out(conn, device.id)
            return out, asides.waiting_of(conn, device.warehouse, device.id) if out else 0

        locked_out, waiting = await self._db.read(look)
        if not rules.takes_more(locked_out, waiting):
            raise Refusal("facts_wait", waiting=waiting, seconds=ROOM_AGAIN)

    async def _high_water(
        self, envelope: Envelope, device: Device, answers: Sequence[Answered], resend: int | None
    ) -> int:
        """The last place taken: known from what was just taken, or else read."""
        if resend is not None:
            return resend - 1
        if answers and not any(each.again or each.outcome == "already_taken" for each in answers):
            return max(each.seq for each in answers)
        mark = await self._db.read(lambda conn: devices.high_water(conn, device.warehouse, device.id, envelope.epoch))
        return mark or 0

    async def decide(self, warehouse: int, fact: UUID, decision: Decision, actor: Actor) -> str:
        """What a person decides about a fact that was set aside; gives its state. Booked, it is whoever's it was."""
        doing = {name: (kind.body, kind.run) for name, kind in self._kinds.items() if kind.fact}
        whose = actor
        if decision == "book":
            whose = await self._db.read(lambda conn: aside.whose(conn, warehouse, fact))

        def run(work: Work) -> str:
            return aside.decide(work, warehouse, fact, decision, actor.person, doing)

        return (await self._db.write(Command(run, frozenset({warehouse}), whose, "fact.decide"))).answer

    # --- reading

    async def _read_all(self, envelope: Envelope, device: Device) -> list[_Read]:
        commands: list[_Read] = []
        for raw in envelope.commands:
            previous = commands[-1].seq if commands else 0
            commands.append(await self._read(bytes(raw), device, previous))
        return commands

    async def _read(self, raw: bytes, device: Device, previous: int) -> _Read:
        try:
            if NUL in raw:
                raise msgspec.DecodeError("no database keeps the character NUL")
            sent = _decode_sent(raw)
        except _UNREADABLE as error:
            id_, seq = _marks(raw, previous)
            return _Read(id_, seq, None, None, unknown(device), raw, str(error))
        actor = await self._tickets.actor(sent.ticket, device)
        kind = self._kinds.get(sent.kind)
        if kind is None:
            return _Read(sent.id, sent.seq, sent, None, actor, raw, f"there is no kind {sent.kind!r}")
        try:
            body = msgspec.json.decode(sent.body, type=kind.body)
        except _UNREADABLE as error:
            return _Read(sent.id, sent.seq, sent, None, actor, raw, f"body: {error}")
        return _Read(sent.id, sent.seq, sent, body, actor, raw)

    # --- doing

    async def _take_all(
        self, envelope: Envelope, device: Device, due: Sequence[_Read]
    ) -> tuple[list[Answered], int | None]:
        """Sends what is due to the writer, in order; the answers, and from where the device must send again.

        Whatever stands behind a command that was undone met a gap and is sent again: so only one goes along with the
        answer that is recorded instead, and twice as many each time that nothing was undone. A batch costs no more
        than a few writes a command, however many of it are turned.
        """
        answers: list[Answered] = []
        turned: Turned | None = None
        ahead = len(due)
        while len(answers) < len(due):
            sent = _together(due[len(answers) : len(answers) + ahead], turned)
            outcomes = await self._send(envelope, device, sent, turned)
            recording, turned = turned is not None, None
            for read, outcome in zip(sent, outcomes, strict=True):
                if isinstance(outcome, OutOfOrder):
                    return answers, outcome.expected
                answer = _given(read, outcome)
                if answer is None:
                    turned = self._turned(read, outcome, recording=recording)
                    break
                answers.append(answer)
                recording = False
            ahead = 2 if turned is not None else ahead * 2
        return answers, None

    async def _send(
        self, envelope: Envelope, device: Device, sent: Sequence[_Read], turned: Turned | None
    ) -> list[Done[Answer] | BaseException]:
        """All of it at once to the writer, in order; the first is only recorded where its answer was `turned`."""
        commands = [
            self._command(envelope, device, read, _unread(read) if at else turned or _unread(read))
            for at, read in enumerate(sent)
        ]
        return await asyncio.gather(*map(self._db.write, commands), return_exceptions=True)

    def _turned(self, read: _Read, outcome: Any, *, recording: bool) -> Turned:
        """The answer to a command that was undone, to be recorded so that it is the same next time."""
        lost = recording or isinstance(outcome, WriteFailed | WriteLost) or not isinstance(outcome, Exception)
        if isinstance(outcome, BaseException) and lost:
            raise outcome
        return outcome if isinstance(outcome, Turned) else self._broken(read, outcome)

    def _broken(self, read: _Read, error: Exception) -> Turned:
        """A bug must not block a device: what it wanted is kept for a person, and for us in the log."""
        log.error("floor_command_broke", command_id=str(read.id), kind=read.kind, exc_info=error)
        return Turned(_kept(read, "not_booked"), aside="not_booked")

    def _command(
        self, envelope: Envelope, device: Device, read: _Read, turned: Turned | None = None
    ) -> Command[Answer]:
        def run(work: Work) -> Answer:
            taken = _take_place(work, device, envelope.epoch, read.seq)
            if taken is not None:
                return self._old(work, device, read, taken, turned)
            if turned is not None:
                return _record(work, device, read, turned)
            return self._do(work, device, read)

        return Command(
            run=run,
            streams=frozenset({device.warehouse}),
            actor=read.actor if turned is None or turned.proved else unknown(device),
            name=read.kind,
            key=Key(f"floor:{device.id}", str(read.id), _hash(read)),
            answer=Answer,
        )

    def _old(self, work: Work, device: Device, read: _Read, taken: Answer, turned: Turned | None) -> Answer:
        """The answer to a place that was taken before, by whoever it was: a person is named only where it is proved."""
        if turned is None and read.ticket:
            permission = self._kinds[read.kind].permission
            if self._tickets.trouble(work, read.ticket, device, permission) is not None:
                raise Turned(taken, proved=False)
        return taken

    def _do(self, work: Work, device: Device, read: _Read) -> Answer:
        kind = self._kinds[read.kind]
        trouble = self._tickets.trouble(work, read.ticket, device, kind.permission)
        if trouble is not None:
            raise _no_ticket(kind, trouble)
        if not kind.fact and read.sent is not None and _builds_on_refused(work, device, read.sent.after):
            raise Turned(_refused(Refusal("after_refused")))
        try:
            return kind.run(work, device.warehouse, read.body)
        except Refusal as refusal:
            raise Turned(_refused(refusal)) from refusal
        except facts.SetAside as why:
            raise Turned(_kept(read, why.reason), aside=why.reason) from why


def _together(due: Sequence[_Read], turned: Turned | None) -> Sequence[_Read]:
    """What may go to the writer at once: up to the first that builds on one whose refusal is only being recorded."""
    recorded = {due[0].id} if turned is not None else set()
    for at, read in enumerate(due):
        if read.sent is not None and not recorded.isdisjoint(read.sent.after):
            return due[:at]
        if read.body is None:
            recorded.add(read.id)
    return due


def _unread(read: _Read) -> Turned | None:
    """The answer to what could not be read, and so names nobody who could be proved; None for what could."""
    if read.body is not None:
        return None
    return Turned(Answer("command_malformed", "error", {"reason": read.trouble[:500]}), proved=False)


def _given(read: _Read, outcome: Done[Answer] | BaseException) -> Answered | None:
    """The answer that stands already; None for a command that was undone. Raises `busy`, which is nobody's answer."""
    if isinstance(outcome, Done):
        return _answered(read, outcome.answer, again=outcome.replayed)
    if isinstance(outcome, Refusal) and outcome.code == "busy":
        raise outcome
    return _answered(read, _refused(outcome), again=True) if isinstance(outcome, Refusal) else None


def _kept(read: _Read, reason: str) -> Answer:
    """The answer to a fact that waits for a supervisor; its task stays as it was."""
    return Answer("set_aside", "card", {"reason": reason}, task=getattr(read.body, "task", None))


def unknown(device: Device) -> Actor:
    """Somebody at this device who cannot be named."""
    return Actor(device=device.id, warehouse=device.warehouse, name="unknown")


def _marks(raw: bytes, previous: int) -> tuple[UUID, int]:
    """The id and place of a command that cannot be read; without a readable one it stands after the one before."""
    try:
        marks = _decode_marks(raw)
    except _UNREADABLE:
        shown = batches.marks(raw)
        if shown is not None:
            return shown
        return uuid5(_NAMELESS, hashlib.sha256(raw).hexdigest()), previous + 1
    return marks.id, marks.seq


def _hash(read: _Read) -> bytes:
    if read.sent is None:
        return hashlib.sha256(read.raw).digest()
    try:
        body = msgspec.json.encode(msgspec.json.decode(read.sent.body))
    except _UNREADABLE:
        body = bytes(read.sent.body)
    return hashlib.sha256(f"{read.seq}:{read.kind}:".encode() + body).digest()


def _take_place(work: Work, device: Device, epoch: str, seq: int) -> Answer | None:
    """Moves the device's sequence on; an answer where this place was already taken, OutOfOrder at a gap."""
    if devices.advance(work.conn, device.warehouse, device.id, epoch, seq, work.now):
        return None
    mark = devices.high_water(work.conn, device.warehouse, device.id, epoch)
    verdict = rules.judge_sequence(rules.SeqState(mark is not None, mark or 0), seq)
    if verdict == "gap":
        raise OutOfOrder((mark or 0) + 1)
    if verdict == "already_taken":
        return Answer("already_taken", "ok")
    known = devices.has_other_epoch(work.conn, device.warehouse, device.id)
    if known and not devices.locked_out(work.conn, device.id):  # what a locked-out one has lost nobody needs to mend
        work.emit("device.storage_lost", stream=device.warehouse, device=device.id, epoch=epoch)
    devices.open_epoch(work.conn, device.warehouse, device.id, epoch, seq, work.now)
    return None


def _no_ticket(kind: Kind, trouble: str) -> Turned:
    if kind.fact:
        return Turned(Answer("set_aside", "card", {"reason": trouble}), aside=trouble, proved=False)
    return Turned(_refused(Refusal("ticket_invalid")), proved=False)


_ANSWERS_OF: Final = sa.select(base.command.c.answer).where(
    base.command.c.stream == sa.bindparam("warehouse"),
    base.command.c.scope == sa.bindparam("of_scope"),
    base.command.c.id.in_(sa.bindparam("ids", expanding=True)),
    base.command.c.answer.is_not(None),
)


def _builds_on_refused(work: Work, device: Device, after: Sequence[UUID]) -> bool:
    if not after:
        return False
    values = {"warehouse": device.warehouse, "of_scope": f"floor:{device.id}", "ids": [str(each) for each in after]}
    answers = work.execute(_ANSWERS_OF, values).scalars()
    return any(_decode_answer(answer).severity == "error" for answer in answers)


def _record(work: Work, device: Device, read: _Read, turned: Turned) -> Answer:
    if turned.aside is not None:
        row: dict[str, Any] = {
            "id": work.new_id(),
            "warehouse_id": device.warehouse,
            "state": "waiting",
            "device_id": device.id,
            "person_id": work.actor.person,
            "command_id": work.command_id,
            "kind": read.kind,
            "body": msgspec.json.decode(read.sent.body) if read.sent is not None else {},
            "why": turned.aside,
            "at": work.now,
        }
        asides.keep(work.conn, row)
        work.emit("fact.set_aside", stream=device.warehouse, fact=row["id"], device=device.id)
    return turned.answer


def _refused(refusal: Refusal) -> Answer:
    """The answer to a request that is not done; a `task` among its parameters is the one that stays as it was."""
    outcome = OUTCOMES[refusal.code]
    params = dict(refusal.params)
    task = params.pop("task", None)
    return Answer(outcome.code, outcome.severity, params, task=None if task is None else UUID(str(task)))


def _answered(read: _Read, answer: Answer, *, again: bool) -> Answered:
    return Answered(
        read.id, read.seq, answer.outcome, answer.severity, answer.params, answer.version, answer.task, again
    )
