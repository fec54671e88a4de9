"""Why: reading and looking at a large file takes a process of its own; in the server it would hold up every scan.

What runs here runs in a worker process. It keeps a file open between two portions; when it has lost it, it reads on
from the beginning to where it was, so that what stood further up is known again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Final, NamedTuple
from uuid import UUID

from server.db.database import look
from server.integrations.drafts import Draft, Drafts, Options, RowFault
from server.integrations.kinds import KINDS
from server.integrations.reading import Layout, Rows
from server.integrations.schemas.imports import Counts
from server.integrations.service.found import Found
from server.integrations.service.imports import PREVIEW, Portion, counted
from server.integrations.service.ways import WAYS

MOST_OPEN: Final = 8
MOST_LOOKED: Final = 2_000
"""Drafts that are looked at together, where few are faulty."""
MOST_TOLD: Final = 60
"""Faults after which a portion ends, so that keeping them holds nobody up."""


class Task(NamedTuple):
    """A file to be read: by whom it is known, where it lies, and how to understand it."""

    id: UUID
    path: Path
    layout: Layout
    kind: str
    options: Options
    url: str


class Read(NamedTuple):
    """Drafts behind a row, and how far in the file they end."""

    drafts: list[Draft]
    bytes_read: int
    ended: bool


class _Reading:
    """A file that is being read, at the draft that ends with row `at`."""

    def __init__(self, task: Task) -> None:
        self.file = task.path.open("rb")
        self.rows = Rows(self.file, task.layout)
        self.drafts: Iterator[Draft] = Drafts(KINDS[task.kind], task.options).of(self.rows)
        self.at = 1
        self.portion = MOST_TOLD

    def after(self, row: int) -> _Reading:
        """Reads on until this row is behind it."""
        while self.at < row and self.next() is not None:
            pass
        return self

    def next(self) -> Draft | None:
        draft = next(self.drafts, None)
        if draft is not None:
            self.at = draft.last
        return draft

    def back(self, drafts: Sequence[Draft], at: int) -> None:
        """These come once more: only what ends with row `at` was of use."""
        self.drafts = chain(drafts, self.drafts)
        self.at = at


_readings: Final[dict[UUID, _Reading]] = {}


def _reading(task: Task, after: int) -> _Reading:
    known = _readings.pop(task.id, None)
    if known is None or known.at != after:
        if known is not None:
            known.file.close()
        known = _Reading(task).after(after)
    while len(_readings) >= MOST_OPEN:
        _readings.pop(next(iter(_readings))).file.close()
    _readings[task.id] = known
    return known


def forget(import_id: UUID) -> None:
    """Closes the file of an import that has ended."""
    known = _readings.pop(import_id, None)
    if known is not None:
        known.file.close()


def read(task: Task, after: int, most: int) -> Read:
    """At most so many drafts behind the row `after`."""
    reading = _reading(task, after)
    drafts: list[Draft] = []
    faults = 0
    while len(drafts) < most and faults < MOST_TOLD:
        draft = reading.next()
        if draft is None:
            return Read(drafts, reading.rows.bytes_read, ended=True)
        drafts.append(draft)
        faults += len(draft.faults)
    return Read(drafts, reading.rows.bytes_read, ended=False)


def check(task: Task, after: int, list_skipped: bool = True) -> Portion:
    """What the next portion of a file would come to; `list_skipped`: also which rows would be left out as known."""
    reading = _reading(task, after)
    got = read(task, after, reading.portion)
    sound = [draft for draft in got.drafts if draft.record is not None]
    found = dict(zip((draft.first for draft in sound), _look(task, sound), strict=True))
    counts, faults, skipped, at = Counts(), list[RowFault](), list[RowFault](), after
    for index, draft in enumerate(got.drafts):
        if len(faults) + len(skipped) >= MOST_TOLD:
            reading.back(got.drafts[index:], at)
            reading.portion = max(MOST_TOLD, reading.portion // 2)
            break
        looked = found.get(draft.first)
        wrong = draft.faults if looked is None else looked.faults
        came_to = looked.verdict if looked is not None and not wrong else "faulty"
        counts += counted(draft, came_to, len(wrong), held=looked is not None and looked.held)
        faults.extend(wrong)
        if came_to == "skipped" and list_skipped:
            skipped.append(RowFault(draft.first, "", "skipped"))
        at = draft.last
    else:
        reading.portion = min(MOST_LOOKED, reading.portion * 2)
        return Portion(at, got.bytes_read, counts, faults, skipped, _preview(task) if after == 1 else [], got.ended)
    return Portion(at, got.bytes_read, counts, faults, skipped, _preview(task) if after == 1 else [], ended=False)


def _look(task: Task, drafts: list[Draft]) -> list[Found]:
    if not drafts:
        return []
    kind, ways = KINDS[task.kind], WAYS[task.kind]
    return asyncio.run(look(task.url, lambda conn: ways.look(conn, kind, drafts, task.options)))


def _preview(task: Task) -> list[list[str]]:
    """The first rows as they stand in the file."""
    shown: list[list[str]] = []
    with task.path.open("rb") as file:
        for row in Rows(file, task.layout):
            if row.number > 1 and not row.fault and any(row.cells):
                shown.append([cell[:200] for cell in row.cells[: len(task.options.columns)]])
            if len(shown) == PREVIEW or row.number > 10 * PREVIEW:
                break
    return shown
