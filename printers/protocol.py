"""Why: what a printer says, understood without a socket: bytes in, typed status out.

Three kinds of answers come down one wire. `~HS` is answered with three frames (STX ... ETX), `~HI` with one,
a `getvar` with a text in double quotes. Between them lie line ends, which mean nothing; the last one may be
missing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from printers.errors import BadAnswer

ASK_STATUS: Final = b"~HS"
ASK_IDENTITY: Final = b"~HI"
CANCEL_PARTIAL: Final = b"~JX"

LABEL_COUNTERS: Final = ("odometer.total_label_count", "odometer.total_labels_printed")
"""Names under which printers keep the number of labels of their whole life.

Older firmware knows the second.
"""

STATUS_FRAMES: Final = 3

_STX: Final = 0x02
_ETX: Final = 0x03
_QUOTE: Final = 0x22
_MAX_ANSWER: Final = 4096


def ask_variable(name: str) -> bytes:
    """The question for one printer setting; the answer is a `Value`. Names are case-sensitive."""
    return f'! U1 getvar "{name}"\r\n'.encode("ascii")


@dataclass(frozen=True)
class Frame:
    """What stood between STX and ETX."""

    body: bytes


@dataclass(frozen=True)
class Value:
    """What stood between double quotes."""

    text: str


class AnswerReader:
    """Cuts the printer's bytes into answers, whatever the pieces in which they arrive."""

    def __init__(self) -> None:
        self._open: int | None = None
        self._body = bytearray()

    def feed(self, data: bytes) -> list[Frame | Value]:
        """The answers that these bytes complete. Raises BadAnswer when one grows beyond 4,096 bytes."""
        return [answer for byte in data if (answer := self._take(byte)) is not None]

    def _take(self, byte: int) -> Frame | Value | None:
        if byte == _STX:
            self._begin(_STX)
        elif self._open is None:
            if byte == _QUOTE:
                self._begin(_QUOTE)
        elif byte == (_ETX if self._open == _STX else _QUOTE):
            return self._end()
        elif len(self._body) >= _MAX_ANSWER:
            raise BadAnswer(f"Expected an answer of at most {_MAX_ANSWER} bytes, got more.")
        else:
            self._body.append(byte)
        return None

    def _begin(self, opened_by: int) -> None:
        self._open = opened_by
        self._body.clear()

    def _end(self) -> Frame | Value:
        framed = self._open == _STX
        body = bytes(self._body)
        self._open = None
        return Frame(body) if framed else Value(body.decode("ascii", "replace"))


class Condition(StrEnum):
    """What a person at the printer would say about it. The first that applies, top down."""

    OFFLINE = "offline"
    NO_ANSWER = "no_answer"
    HEAD_OPEN = "head_open"
    PAPER_OUT = "paper_out"
    RIBBON_OUT = "ribbon_out"
    TOO_HOT = "too_hot"
    TOO_COLD = "too_cold"
    FAULTY = "faulty"
    PAUSED = "paused"
    BUFFER_FULL = "buffer_full"
    PARTIAL_FORMAT = "partial_format"
    LABEL_WAITING = "label_waiting"
    BUSY = "busy"
    READY = "ready"


PLAIN_WORDS: Final[dict[Condition, str]] = {
    Condition.OFFLINE: "The printer does not take connections. Is it switched on and on the network?",
    Condition.NO_ANSWER: "The printer does not answer. Look at it: paper, ribbon, cover.",
    Condition.HEAD_OPEN: "The print head is open. Close it.",
    Condition.PAPER_OUT: "Paper is out. Load labels.",
    Condition.RIBBON_OUT: "Ribbon is out. Load a ribbon.",
    Condition.TOO_HOT: "The print head is too hot. Wait until it has cooled down.",
    Condition.TOO_COLD: "The print head is too cold. Wait until it has warmed up.",
    Condition.FAULTY: "The printer's memory is faulty. Switch it off and on.",
    Condition.PAUSED: "The printer is paused. Press its pause key.",
    Condition.BUFFER_FULL: "The printer is full of unprinted jobs.",
    Condition.PARTIAL_FORMAT: "The printer holds a part of a label that never ended.",
    Condition.LABEL_WAITING: "A printed label waits to be taken.",
    Condition.BUSY: "The printer is printing.",
    Condition.READY: "The printer is ready.",
}


@dataclass(frozen=True)
class HostStatus:
    """The answer to `~HS`, by name. Counts are labels and formats; `label_length` is in dots."""

    paper_out: bool
    paused: bool
    label_length: int
    formats_in_buffer: int
    buffer_full: bool
    diagnostic_mode: bool
    partial_format: bool
    corrupt_ram: bool
    too_cold: bool
    too_hot: bool
    head_open: bool
    ribbon_out: bool
    thermal_transfer: bool
    print_mode: str
    label_waiting: bool
    labels_remaining: int
    graphics_stored: int

    @property
    def condition(self) -> Condition:
        """The most pressing thing about the printer, READY when there is none."""
        return next((condition for condition, applies in _CONDITIONS if applies(self)), Condition.READY)

    @property
    def idle(self) -> bool:
        """Nothing received that is not printed yet."""
        return not (self.formats_in_buffer or self.labels_remaining or self.partial_format)


_CONDITIONS: Final[tuple[tuple[Condition, Callable[[HostStatus], bool]], ...]] = (
    (Condition.HEAD_OPEN, lambda status: status.head_open),
    (Condition.PAPER_OUT, lambda status: status.paper_out),
    (Condition.RIBBON_OUT, lambda status: status.ribbon_out),
    (Condition.TOO_HOT, lambda status: status.too_hot),
    (Condition.TOO_COLD, lambda status: status.too_cold),
    (Condition.FAULTY, lambda status: status.corrupt_ram or status.diagnostic_mode),
    (Condition.PAUSED, lambda status: status.paused),
    (Condition.BUFFER_FULL, lambda status: status.buffer_full),
    (Condition.LABEL_WAITING, lambda status: status.label_waiting),
    (Condition.BUSY, lambda status: bool(status.formats_in_buffer or status.labels_remaining)),
    (Condition.PARTIAL_FORMAT, lambda status: status.partial_format),
)

# ZPL II Programming Guide, ~HS: parameter r of the second string.
_PRINT_MODES: Final = {
    "0": "rewind", "1": "peel-off", "2": "tear-off", "3": "cutter", "4": "applicator", "5": "delayed cut",
    "6": "linerless peel", "7": "linerless rewind", "8": "partial cutter", "9": "RFID",
    "K": "kiosk", "S": "stream",
}  # fmt: skip

_FIELDS: Final = (12, 11, 2)


def read_host_status(frames: Sequence[Frame]) -> HostStatus:
    """The three frames of one `~HS`. Raises BadAnswer where they have another number or shape."""
    if len(frames) != STATUS_FRAMES:
        raise BadAnswer(f"Expected {STATUS_FRAMES} frames in a status, got {len(frames)}.")
    return _status_of([_fields(frame, count) for frame, count in zip(frames, _FIELDS, strict=True)])


def _fields(frame: Frame, count: int) -> list[str]:
    fields = frame.body.decode("ascii", "replace").split(",")
    if len(fields) != count:
        raise BadAnswer(f"Expected {count} fields in a status frame, got {len(fields)}.")
    return [field.strip() for field in fields]


def _status_of(strings: list[list[str]]) -> HostStatus:
    first, second, _ = strings
    return HostStatus(
        paper_out=_flag(first[1]),
        paused=_flag(first[2]),
        label_length=_number(first[3]),
        formats_in_buffer=_number(first[4]),
        buffer_full=_flag(first[5]),
        diagnostic_mode=_flag(first[6]),
        partial_format=_flag(first[7]),
        corrupt_ram=_flag(first[9]),
        too_cold=_flag(first[10]),
        too_hot=_flag(first[11]),
        head_open=_flag(second[2]),
        ribbon_out=_flag(second[3]),
        thermal_transfer=_flag(second[4]),
        print_mode=_PRINT_MODES.get(second[5], second[5]),
        label_waiting=_flag(second[7]),
        labels_remaining=_number(second[8]),
        graphics_stored=_number(second[10]),
    )


def _flag(text: str) -> bool:
    return _number(text) != 0


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise BadAnswer(f"Expected a number in a status frame, got {text!r}.")
    return int(text)


class StatusReader:
    """Gathers frames until they are a status. Frames that cannot be its next one start it anew."""

    def __init__(self) -> None:
        self._frames: list[Frame] = []

    def take(self, frame: Frame) -> HostStatus | None:
        """The status, once the third frame is there. Raises BadAnswer where its fields are no numbers."""
        fields = frame.body.count(b",") + 1
        if fields != _FIELDS[len(self._frames)]:
            self._frames = []
        if fields == _FIELDS[len(self._frames)]:
            self._frames.append(frame)
        if len(self._frames) < STATUS_FRAMES:
            return None
        frames, self._frames = self._frames, []
        return read_host_status(frames)


@dataclass(frozen=True)
class Identity:
    """The answer to `~HI`. `resolution` is as sent: dots per mm by some firmware, dpi by other."""

    model: str
    firmware: str
    resolution: int
    memory: str
    options: tuple[str, ...] = ()

    @property
    def dpi(self) -> int:
        """Dots per inch, whichever way the printer said it (8 and 203 are the same head)."""
        return {6: 152, 8: 203, 12: 300, 24: 600}.get(self.resolution, self.resolution)


def read_identity(frame: Frame) -> Identity:
    """The frame of one `~HI`. Raises BadAnswer where it has fewer than four fields."""
    fields = [field.strip() for field in frame.body.decode("ascii", "replace").split(",")]
    if len(fields) < 4:
        raise BadAnswer(f"Expected at least 4 fields in an identity, got {len(fields)}.")
    model, firmware, resolution, memory, *options = fields
    return Identity(model, firmware, _number(resolution), memory, tuple(options))


def read_count(value: Value) -> int | None:
    """A counter's value; None where the printer does not know the counter (it answers "?")."""
    text = value.text.strip()
    return int(text) if text.isascii() and text.isdigit() else None
