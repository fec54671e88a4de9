"""Why: how an import looks from outside."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

FaultsMode = Literal["stop", "skip"]


class Counts(msgspec.Struct, frozen=True):
    """What rows come to, or came to. A record is an order, an item, a bin or an amount of stock."""

    rows: int = 0
    records: int = 0
    made: int = 0
    changed: int = 0
    skipped: int = 0
    """There already."""
    faulty: int = 0
    """Records that cannot be taken."""
    lines: int = 0
    """Order lines of those that are made."""
    held: int = 0
    """Orders that a person will have to look at."""
    faults: int = 0

    def __add__(self, other: Counts) -> Counts:
        both = zip(msgspec.structs.astuple(self), msgspec.structs.astuple(other), strict=True)
        return Counts(*(one + more for one, more in both))


class StartImport(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Starts a checked import."""

    faults: Annotated[
        FaultsMode, Meta(description="`skip`: rows with faults are left out; `stop`: it does not start with any.")
    ] = "stop"


class ColumnSeen(msgspec.Struct, frozen=True):
    """A column of the file: its header, and what it was taken for; None: it is ignored."""

    header: str
    column: str | None


class Noted(msgspec.Struct, frozen=True):
    """Something to know about the file, in the reader's language."""

    code: str
    text: str


class ImportView(msgspec.Struct, frozen=True):
    """An import. `checked` says what it would come to, `written` what has been written so far."""

    id: UUID
    kind: str
    warehouse: int
    state: str
    file_name: str
    size: int
    encoding: str
    separator: str
    columns: list[ColumnSeen]
    notes: list[Noted]
    preview: list[list[str]]
    """The first rows as they were read; gone once it has ended."""
    checked: Counts
    written: Counts
    progress: float
    """How much of what its state does is done, 0 to 1."""
    allowed: list[str]
    """What may be done with it now: `start`, `cancel`."""
    skip_faults: bool
    why: str
    """Why it failed, in words."""
    created_at: datetime
    created_by: str
    started_at: datetime | None
    started_by: str
    ended_at: datetime | None


class ChannelName(msgspec.Struct, frozen=True):
    """A channel whose files are read as it is set up."""

    code: str
    name: str


class ChannelNames(msgspec.Struct, frozen=True):
    """The channels whose files can be brought in, by code."""

    items: list[ChannelName]


class ImportList(msgspec.Struct, frozen=True):
    """Imports, the newest first; `next` is the `after` of the page behind."""

    items: list[ImportView]
    next: str | None


class FaultView(msgspec.Struct, frozen=True):
    """A fault: row (the header is row 1), column as the file calls it, what is wrong, wanted and got."""

    number: int
    row: int
    column: str
    code: str
    message: str
    wanted: str
    got: str


class SkippedView(msgspec.Struct, frozen=True):
    """A row that is left out though nothing is wrong with it, and why."""

    number: int
    row: int
    why: str


class SkippedList(msgspec.Struct, frozen=True):
    """Skipped rows in the order of the file; `next` is the `after` of the page behind."""

    items: list[SkippedView]
    next: str | None


class FaultList(msgspec.Struct, frozen=True):
    """Faults in the order of the file; `next` is the `after` of the page behind."""

    items: list[FaultView]
    next: str | None
