"""Why: what a printer is without its sockets: a queue, a counter, flags. It answers as a Zebra does."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass
from typing import Final

from printers.protocol import LABEL_COUNTERS
from printers.virtual.faults import STOPS_PRINTING, Fault
from printers.virtual.stream import Format

MAX_QUANTITY: Final = 10_000
"""A ^PQ beyond this is cut: a slip of the keyboard must not fill the journal's disk."""

BUFFER_BYTES: Final = 4 * 1024 * 1024

_LENGTH: Final = re.compile(rb"\^LL0*(\d{1,5})", re.IGNORECASE)


@dataclass
class _Job:
    zpl: bytes
    quantity: int
    printed: int = 0


@dataclass(frozen=True)
class Sheet:
    """One label as it leaves the printer: copy `copy` of `copies`."""

    zpl: bytes
    copy: int
    copies: int


class Machine:
    """The printer's inside. `odometer` counts the labels of its life."""

    def __init__(self, model: str = "PICKWAVE VIRTUAL-203dpi", dots_per_mm: int = 8, odometer: int = 0) -> None:
        self.model, self.dots_per_mm = model, dots_per_mm
        self.odometer = odometer
        self.fault: Fault | None = None
        self.partial = False
        self._jobs: deque[_Job] = deque()
        self._label_length = 1218

    @property
    def can_print(self) -> bool:
        """Whether a label would come out now."""
        return bool(self._jobs) and self.fault not in STOPS_PRINTING

    @property
    def formats_held(self) -> int:
        """How many formats are not printed to their end."""
        return len(self._jobs)

    @property
    def buffer_full(self) -> bool:
        """Whether it takes no more bytes until something is printed."""
        return sum(len(job.zpl) for job in self._jobs) > BUFFER_BYTES

    def take(self, job: Format) -> None:
        """Queue a format. Whatever part of another one was held is gone by that."""
        self.partial = False
        self._jobs.append(_Job(job.zpl, min(job.quantity, MAX_QUANTITY)))
        if found := _LENGTH.findall(job.zpl):
            self._label_length = int(found[-1])

    def print_one(self) -> Sheet:
        """One label comes out."""
        job = self._jobs[0]
        job.printed += 1
        self.odometer += 1
        if job.printed == job.quantity:
            self._jobs.popleft()
        return Sheet(job.zpl, job.printed, job.quantity)

    def cancel_all(self) -> None:
        """~JA: everything that is not printed yet is forgotten."""
        self._jobs.clear()
        self.partial = False

    def cancel_partial(self) -> None:
        """~JX: the part of a format is forgotten."""
        self.partial = False

    def resume(self) -> None:
        """~PS: leave the pause."""
        if self.fault is Fault.PAUSED:
            self.fault = None

    def pause(self) -> None:
        """~PP: pause."""
        if self.fault is None:
            self.fault = Fault.PAUSED

    def host_status(self, *, receiving: bool = False) -> bytes:
        """The three frames of ~HS. `receiving`: a format is under way on some connection."""
        lines = self.status_lines(receiving=receiving)
        return b"".join(b"\x02" + line.encode("ascii") + b"\x03\r\n" for line in lines)

    def status_lines(self, *, receiving: bool = False) -> tuple[str, str, str]:
        """The three strings of ~HS."""
        remaining = self._jobs[0].quantity - self._jobs[0].printed if self._jobs else 0
        waiting = max(0, len(self._jobs) - 1)
        paper, paused, head, ribbon = (
            int(self.fault is fault) for fault in (Fault.PAPER_OUT, Fault.PAUSED, Fault.HEAD_OPEN, Fault.RIBBON_OUT)
        )
        return (
            f"030,{paper},{paused},{self._label_length:04d},{waiting:03d},{int(self.buffer_full)},0,"
            f"{int(self.partial or receiving)},000,0,0,0",
            f"000,0,{head},{ribbon},0,2,4,0,{remaining:08d},1,000",
            "1234,0",
        )

    def identity(self) -> bytes:
        """The frame of ~HI."""
        return b"\x02" + f"{self.model},V1.0.0,{self.dots_per_mm},131072KB".encode("ascii") + b"\x03\r\n"

    def variable(self, name: str) -> bytes:
        """The answer to getvar; `"?"` for names it does not know."""
        values = {
            **dict.fromkeys(LABEL_COUNTERS, str(self.odometer)),
            "device.host_status": "\r\n".join(self.status_lines()),
            "device.product_name": self.model,
        }
        return f'"{values.get(name, "?")}"'.encode("ascii")
