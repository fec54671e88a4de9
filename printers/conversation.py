"""Why: a printer never says "job 7 is printed", and a label must not come twice. So printing is proven by
counting.

One job, one conversation. It asks for the status and the printer's lifetime label count *before* a byte is
sent; sends; asks until nothing is left to print; and counts again. The difference decides:

    difference = labels of the job                        → Printed
    difference = 0, and the connection broke before the
    last byte was handed over                             → Failed, safe to retry
    anything else                                         → Unknown: a person looks, nobody repeats it

Only valid while nobody else prints on that printer: the caller holds it alone. There is no socket and no
clock in here: what happens is told as calls (with the time in seconds), what shall be done comes back as
actions.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from typing import Final

from printers.errors import BadAnswer
from printers.protocol import (
    ASK_IDENTITY,
    ASK_STATUS,
    CANCEL_PARTIAL,
    LABEL_COUNTERS,
    PLAIN_WORDS,
    AnswerReader,
    Condition,
    Frame,
    HostStatus,
    Identity,
    StatusReader,
    Value,
    ask_variable,
    read_count,
    read_identity,
)


@dataclass(frozen=True)
class Timings:
    """All waits in seconds. `settle`: how long an idle printer's count must stand still before it counts as
    final.

    `proof`: how long to go on asking after the connection broke. `total`: the whole job; a paused or empty
    printer takes no bytes, so within it no progress is normal.
    """

    connect: float = 2.0
    answer: float = 3.0
    poll: float = 0.5
    settle: float = 5.0
    proof: float = 15.0
    total: float = 120.0


NEVER: Final = float("inf")

# What the driver shall do


@dataclass(frozen=True)
class Connect:
    """Open a connection; then call `connected` or `refused`."""


@dataclass(frozen=True)
class Send:
    """Write these bytes. After the last byte of the job (`job`) went to the system, call `written`."""

    data: bytes
    job: bool = False


@dataclass(frozen=True)
class HangUp:
    """Drop the connection; do not call `lost` for it."""


Action = Connect | Send | HangUp


# What comes out


class JobState(StrEnum):
    """What may honestly be said of a job.

    QUEUED: no byte of it has left. SENT: all bytes have, nothing is proven.
    """

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    PRINTED = "printed"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Cause(StrEnum):
    """Why a job ended, where it is not a condition of the printer."""

    CONNECTION_LOST = "connection_lost"
    BAD_ANSWER = "bad_answer"
    NO_COUNT = "no_count"
    COUNT_DIFFERS = "count_differs"
    CANCELLED = "cancelled"


Reason = Condition | Cause


@dataclass(frozen=True)
class Printed:
    """The printer's own count grew by exactly this many labels."""

    labels: int


@dataclass(frozen=True)
class Failed:
    """Proven: nothing of the job was printed.

    `safe_to_retry` is False where the printer still holds a part of it.
    """

    reason: Reason
    text: str
    safe_to_retry: bool


@dataclass(frozen=True)
class Unknown:
    """It may have printed. Never repeat it unasked: have a person look, or scan the label."""

    reason: Reason
    text: str


Result = Printed | Failed | Unknown


@dataclass(frozen=True)
class Progress:
    """A job's state now; `condition` is what the printer last said of itself, `text` is for people."""

    state: JobState
    condition: Condition | None
    text: str


class Phase(Enum):
    """Where a print conversation stands."""

    CHECKING = auto()
    SENDING = auto()
    AWAITING = auto()
    DONE = auto()


_STATES: Final = {
    Phase.CHECKING: JobState.QUEUED,
    Phase.SENDING: JobState.SENDING,
    Phase.AWAITING: JobState.SENT,
}

_OUTCOMES: Final[dict[type, JobState]] = {
    Printed: JobState.PRINTED,
    Failed: JobState.FAILED,
    Unknown: JobState.UNKNOWN,
}

_WORDS: Final = {
    JobState.QUEUED: "Asking the printer whether it is ready.",
    JobState.SENDING: "Sending the label.",
    JobState.SENT: "The label is at the printer; waiting until it is printed.",
}


class _Asked(Enum):
    STATUS = auto()
    COUNT = auto()


class PrintConversation:
    """One job of `labels` labels in `payload` (complete formats, `^XA` to `^XZ`).

    `own_printer`: nobody but us sends to this printer, so a part of a label that it holds is ours to cancel.
    """

    def __init__(
        self, payload: bytes, labels: int, timings: Timings | None = None, *, own_printer: bool = True
    ) -> None:
        if labels < 1:
            raise ValueError(f"Expected at least 1 label in a job, got {labels}.")
        if not payload:
            raise ValueError("Expected the bytes of a label, got none.")
        self.phase = Phase.CHECKING
        self.result: Result | None = None
        self.condition: Condition | None = None
        self._payload, self._labels = payload, labels
        self._timings = timings or Timings()
        self._own = own_printer
        self._connected = False
        self._interrupted = False
        self._broke = False
        self._cancelled_partial = False
        self._asked: _Asked | None = None
        self._answer_by = self._ask_at = self._end_by = self._proof_by = NEVER
        self._counters = list(LABEL_COUNTERS)
        self._before: int | None = None
        self._status: HostStatus | None = None
        self._settled: tuple[int, float] | None = None
        self._reader, self._status_reader = AnswerReader(), StatusReader()

    @property
    def progress(self) -> Progress:
        """The honest state of the job, for whoever watches it."""
        if self.result is not None:
            text = "Printed." if isinstance(self.result, Printed) else self.result.text
            return Progress(_OUTCOMES[type(self.result)], self.condition, text)
        state = JobState.SENDING if self._interrupted else _STATES[self.phase]
        trouble = self.condition not in (None, Condition.READY, Condition.BUSY)
        text = PLAIN_WORDS[self.condition] if trouble and self.condition else _WORDS[state]
        return Progress(state, self.condition, text)

    @property
    def done(self) -> bool:
        """Whether there is a result."""
        return self.phase is Phase.DONE

    def next_tick(self) -> float:
        """When `tick` must be called at the latest."""
        return min(self._answer_by, self._ask_at, self._end_by, self._proof_by)

    # What happens, in the order in which it mostly does

    def start(self, now: float) -> list[Action]:
        """Begin."""
        self._end_by = now + self._timings.total
        return [Connect()]

    def connected(self, now: float) -> list[Action]:
        """The connection is open."""
        self._connected = True
        self._reader, self._status_reader = AnswerReader(), StatusReader()
        return self._ask(_Asked.STATUS, now)

    def refused(self, now: float, why: str) -> list[Action]:
        """No connection could be opened."""
        self.condition = Condition.OFFLINE
        if self.phase is Phase.CHECKING:
            return self._fail(Condition.OFFLINE, f"{PLAIN_WORDS[Condition.OFFLINE]} ({why})")
        return self._later(now)

    def received(self, now: float, data: bytes) -> list[Action]:
        """Bytes came from the printer."""
        try:
            return self._understood(now, data)
        except BadAnswer as error:
            return [HangUp(), *self._broken(now, Cause.BAD_ANSWER, str(error))]

    def written(self, now: float) -> list[Action]:
        """The last byte of the job was handed to the system."""
        if self.phase is not Phase.SENDING:
            return []
        self.phase = Phase.AWAITING
        return self._ask(_Asked.STATUS, now)

    def lost(self, now: float, why: str) -> list[Action]:
        """The connection ended, by either side."""
        return self._broken(now, Cause.CONNECTION_LOST, why)

    def tick(self, now: float) -> list[Action]:
        """Time has passed."""
        if self.done:
            return []
        if now >= min(self._end_by, self._proof_by):
            return self._out_of_time(now)
        if now >= self._answer_by:
            return self._unanswered(now)
        if now >= self._ask_at:
            self._ask_at = NEVER
            return self._ask(_Asked.STATUS, now) if self._connected else [Connect()]
        return []

    def cancel(self) -> Result:
        """The caller gives up: failed while no byte has left, unknown from then on."""
        if self.result is None:
            text = "The job was cancelled"
            if self.phase is Phase.CHECKING:
                self._fail(Cause.CANCELLED, f"{text} before anything was sent.")
            else:
                self._end(Unknown(Cause.CANCELLED, f"{text} while the printer had it. Look whether it printed."))
        assert self.result is not None
        return self.result

    # Asking

    def _ask(self, what: _Asked, now: float) -> list[Action]:
        self._asked = what
        self._answer_by = now + self._timings.answer
        return [Send(ASK_STATUS if what is _Asked.STATUS else ask_variable(self._counters[0]))]

    def _later(self, now: float) -> list[Action]:
        self._asked, self._answer_by = None, NEVER
        self._ask_at = now + self._timings.poll
        return []

    def _unanswered(self, now: float) -> list[Action]:
        self.condition = Condition.NO_ANSWER
        if self.phase is Phase.CHECKING:
            return self._fail(Condition.NO_ANSWER, PLAIN_WORDS[Condition.NO_ANSWER])
        return self._later(now)

    def _out_of_time(self, now: float) -> list[Action]:
        if self.phase is Phase.CHECKING:
            return self._fail(Condition.NO_ANSWER, PLAIN_WORDS[Condition.NO_ANSWER])
        if self.phase is Phase.SENDING:
            return [HangUp(), *self._broken(now, Cause.CONNECTION_LOST, "The printer took too long.")]
        return self._end(self._not_proven())

    def _not_proven(self) -> Unknown:
        look = "The label may have printed, or may come later: look before you repeat."
        if self._proof_by < NEVER:
            return Unknown(Cause.CONNECTION_LOST, f"The connection broke while the printer had the label. {look}")
        if self.condition in (None, Condition.READY):
            return Unknown(Cause.COUNT_DIFFERS, f"The printer did not say in time that it printed. {look}")
        return Unknown(self.condition, f"{PLAIN_WORDS[self.condition]} {look}")

    # Answers

    def _understood(self, now: float, data: bytes) -> list[Action]:
        actions: list[Action] = []
        for answer in self._reader.feed(data):
            actions += self._count_read(answer, now) if isinstance(answer, Value) else self._frame(answer, now)
        return actions

    def _frame(self, frame: Frame, now: float) -> list[Action]:
        status = self._status_reader.take(frame)
        if status is None or self._asked is not _Asked.STATUS:
            return []
        self._asked, self._answer_by = None, NEVER
        self._status, self.condition, self._proof_by = status, status.condition, NEVER
        return self._check(status, now) if self.phase is Phase.CHECKING else self._watch(status, now)

    def _check(self, status: HostStatus, now: float) -> list[Action]:
        if status.condition is Condition.PARTIAL_FORMAT and self._own and not self._cancelled_partial:
            self._cancelled_partial = True
            return [Send(CANCEL_PARTIAL), *self._ask(_Asked.STATUS, now)]
        if status.condition is not Condition.READY:
            return self._fail(status.condition, PLAIN_WORDS[status.condition])
        return self._ask(_Asked.COUNT, now)

    def _watch(self, status: HostStatus, now: float) -> list[Action]:
        if status.formats_in_buffer or status.labels_remaining:
            self._settled = None
            return self._later(now)
        if status.partial_format and self._interrupted and self._own:
            return [Send(CANCEL_PARTIAL), *self._later(now)]
        if status.partial_format and not self._broke:
            return self._later(now)
        return self._ask(_Asked.COUNT, now)

    def _count_read(self, value: Value, now: float) -> list[Action]:
        if self._asked is not _Asked.COUNT:
            return []
        self._asked, self._answer_by = None, NEVER
        count = read_count(value)
        return self._count_before(count, now) if self.phase is Phase.CHECKING else self._count_after(count, now)

    def _count_before(self, count: int | None, now: float) -> list[Action]:
        if count is None and len(self._counters) > 1:
            self._counters.pop(0)
            return self._ask(_Asked.COUNT, now)
        self._before = count
        self.phase = Phase.SENDING
        return [Send(self._payload, job=True)]

    def _count_after(self, count: int | None, now: float) -> list[Action]:
        if count is None or self._before is None:
            text = "The printer keeps no label count, so nobody but you can tell. Look whether it printed."
            return self._end(Unknown(Cause.NO_COUNT, text))
        printed = count - self._before
        if printed == self._labels:
            return self._end(Printed(printed))
        if not 0 <= printed < self._labels:
            return self._end(Unknown(Cause.COUNT_DIFFERS, self._counted(printed)))
        if self._settled is None or self._settled[0] != printed:
            self._settled = (printed, now + self._timings.settle)
        return self._later(now) if now < self._settled[1] else self._final(printed)

    def _final(self, printed: int) -> list[Action]:
        if self._interrupted and printed == 0:
            held = self._status is not None and self._status.partial_format
            rest = " The printer still holds a part of it." if held else ""
            text = f"The connection broke before the label was sent whole; nothing was printed.{rest}"
            return self._fail(Cause.CONNECTION_LOST, text, safe=not held)
        return self._end(Unknown(Cause.COUNT_DIFFERS, self._counted(printed)))

    def _counted(self, printed: int) -> str:
        return f"Expected {self._labels} more on the printer's label count, got {printed}. Look at the printer."

    # Breaks and ends

    def _broken(self, now: float, cause: Cause, why: str) -> list[Action]:
        self._connected, self._broke = False, True
        if self.done:
            return []
        if self.phase is Phase.CHECKING:
            return self._fail(cause, f"The connection broke before anything was sent. ({why})")
        if self.phase is Phase.SENDING:
            self._interrupted = True
            self.phase = Phase.AWAITING
            self._end_by = max(self._end_by, now + self._timings.proof)
        self._proof_by = min(self._proof_by, now + self._timings.proof)
        self._settled = None
        return self._later(now)

    def _fail(self, reason: Reason, text: str, *, safe: bool = True) -> list[Action]:
        return self._end(Failed(reason, text, safe_to_retry=safe))

    def _end(self, result: Result) -> list[Action]:
        self.result, self.phase = result, Phase.DONE
        self._answer_by = self._ask_at = self._end_by = self._proof_by = NEVER
        return [HangUp()]


@dataclass(frozen=True)
class PrinterReport:
    """What a printer says of itself. What it did not say is None; `labels_printed` is its lifetime count."""

    condition: Condition
    text: str
    status: HostStatus | None = None
    identity: Identity | None = None
    labels_printed: int | None = None


class StatusConversation:
    """Asks for status, identity and label count, each once. Never fails: silence is a condition too."""

    def __init__(self, timings: Timings | None = None) -> None:
        self.result: PrinterReport | None = None
        self._timings = timings or Timings()
        self._status: HostStatus | None = None
        self._identity: Identity | None = None
        self._step = 0
        self._answer_by = NEVER
        self._reader, self._status_reader = AnswerReader(), StatusReader()

    _QUESTIONS: Final = (ASK_STATUS, ASK_IDENTITY, ask_variable(LABEL_COUNTERS[0]))

    @property
    def done(self) -> bool:
        """Whether there is a report."""
        return self.result is not None

    def next_tick(self) -> float:
        """When `tick` must be called at the latest."""
        return self._answer_by

    def start(self, now: float) -> list[Action]:
        """Begin."""
        return [Connect()]

    def connected(self, now: float) -> list[Action]:
        """The connection is open."""
        return self._ask(now)

    def refused(self, now: float, why: str) -> list[Action]:
        """No connection could be opened."""
        return self._end(Condition.OFFLINE)

    def received(self, now: float, data: bytes) -> list[Action]:
        """Bytes came from the printer."""
        try:
            return [action for answer in self._reader.feed(data) for action in self._answered(answer, now)]
        except BadAnswer:
            return self._silent()

    def written(self, now: float) -> list[Action]:
        """Questions are short; nothing to do."""
        return []

    def lost(self, now: float, why: str) -> list[Action]:
        """The connection ended."""
        return [] if self.done else self._silent()

    def tick(self, now: float) -> list[Action]:
        """Time has passed."""
        return self._silent() if now >= self._answer_by and not self.done else []

    def _ask(self, now: float) -> list[Action]:
        self._answer_by = now + self._timings.answer
        return [Send(self._QUESTIONS[self._step])]

    def _answered(self, answer: Frame | Value, now: float) -> list[Action]:
        if self.done:
            return []
        if isinstance(answer, Value):
            return self._end(self._condition(), read_count(answer)) if self._step == 2 else []
        if self._step == 0:
            self._status = self._status_reader.take(answer)
            return self._next(now) if self._status is not None else []
        if self._step == 1:
            self._identity = read_identity(answer)
            return self._next(now)
        return []

    def _next(self, now: float) -> list[Action]:
        self._step += 1
        return self._ask(now)

    def _condition(self) -> Condition:
        return Condition.NO_ANSWER if self._status is None else self._status.condition

    def _silent(self) -> list[Action]:
        return self._end(self._condition())

    def _end(self, condition: Condition, labels_printed: int | None = None) -> list[Action]:
        self._answer_by = NEVER
        self.result = PrinterReport(condition, PLAIN_WORDS[condition], self._status, self._identity, labels_printed)
        return [HangUp()]
