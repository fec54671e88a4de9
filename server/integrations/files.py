"""Why: a file may be larger than the memory, so it goes to the disk as it comes, and is whole there or not at all."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Collection
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple
from uuid import UUID

from server.core.refusal import Fault, Refusal
from server.integrations.kinds import Kind, header_of
from server.integrations.reading import Layout, Rows, Unreadable, Utf8, guess
from server.integrations.rules.channels import Table
from server.integrations.told import FAULTS

HEAD: Final = 64 * 1024
AT_ONCE: Final = 1024 * 1024
"""Bytes that are written to the disk together."""
OLD: Final = 3600.0
"""Seconds after which a file that nobody needs is removed: it may be on its way to an import that is not kept yet."""


class Received(NamedTuple):
    """A file that is whole."""

    size: int
    is_utf8: bool


class Looked(NamedTuple):
    """What the beginning of a file says: how it is written, and what its columns are taken for."""

    layout: Layout
    columns: list[tuple[str, str | None]]


class Files:
    """The files of imports, in a folder of their own. `most`: bytes of one."""

    def __init__(self, folder: Path, most: int) -> None:
        self._folder = folder
        self.most = most

    def path(self, import_id: UUID) -> Path:
        """Where an import's file lies."""
        return self._folder / f"{import_id}.csv"

    def check_size(self, size: int) -> None:
        """Refuses `import_too_large`."""
        if size > self.most:
            fault = Fault("body", "The file is too large.", "at most {most} bytes", "{count} bytes",
                          {"most": self.most, "count": size})  # fmt: skip
            raise Refusal("import_too_large", fault, most=self.most)

    async def receive(self, import_id: UUID, pieces: AsyncIterator[bytes]) -> Received:
        """Keeps a file as it comes; leaves nothing behind where it is too large or does not come whole."""
        part = self._folder / f"{import_id}.part"
        utf8, size, kept = Utf8(), 0, bytearray()
        await asyncio.to_thread(self._folder.mkdir, parents=True, exist_ok=True)
        try:
            async for piece in pieces:
                size += len(piece)
                self.check_size(size)
                kept += piece
                if len(kept) >= AT_ONCE:
                    await asyncio.to_thread(_append, part, bytes(kept), utf8)
                    kept.clear()
            await asyncio.to_thread(_append, part, bytes(kept), utf8, last=True)
            await asyncio.to_thread(part.replace, self.path(import_id))
        except OSError as error:
            fault = Fault("body", "The file could not be kept: {why}.", params={"why": str(error.strerror)})
            raise Refusal("import_disk", fault) from error
        finally:
            await asyncio.to_thread(part.unlink, missing_ok=True)
        return Received(size, utf8.holds)

    async def remove(self, import_id: UUID) -> None:
        """An import that has ended needs no file."""
        await asyncio.to_thread(self.path(import_id).unlink, missing_ok=True)

    async def sweep(self, needed: Collection[UUID], now: float) -> None:
        """Removes what a crash left: files that no import needs."""
        await asyncio.to_thread(self._sweep, {str(each) for each in needed}, now)

    def _sweep(self, needed: Collection[str], now: float) -> None:
        if not self._folder.is_dir():
            return
        for file in self._folder.iterdir():
            with suppress(FileNotFoundError):
                if file.stem not in needed and now - file.stat().st_mtime > OLD:
                    file.unlink()


def _append(path: Path, data: bytes, utf8: Utf8, *, last: bool = False) -> None:
    utf8.feed(data, last=last)
    with path.open("ab") as file:
        file.write(data)
        if last:
            file.flush()
            os.fsync(file.fileno())


def look(path: Path, kind: Kind, received: Received, encoding: str, table: Table | None = None) -> Looked:
    """How a file is written and what its columns are.

    Refuses `import_unreadable` for what is no table of text, `import_columns` where required columns are missing or
    two mean the same.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
        try:
            layout = guess(head, is_utf8=received.is_utf8, wanted=encoding)
        except Unreadable as error:
            raise _unreadable(error.code) from error
        file.seek(0)
        first = next(iter(Rows(file, layout)), None)
    if first is None or first.fault:
        raise _unreadable("file_empty" if first is None else first.fault)
    names = [" ".join(cell.split())[:60] for cell in first.cells]
    mine = Table() if table is None else table
    header = header_of(kind, names, mine.columns, mine.constants)
    faults = [_column_fault("column_missing", column, names) for column in header.missing]
    faults += [_column_fault("column_twice", column, names) for column in header.twice]
    if faults:
        said = ", ".join((*header.missing, *header.twice))
        raise Refusal("import_columns", *faults, columns=said, got=", ".join(names)[:300] or "–")
    return Looked(layout, list(zip(names, header.columns, strict=True)))


def _unreadable(code: str) -> Refusal:
    told = FAULTS[code]
    return Refusal("import_unreadable", Fault("body", told.en, "a CSV file", de=told.de), reason=code)


def _column_fault(code: str, column: str, names: list[str]) -> Fault:
    told = FAULTS[code]
    return Fault(column, told.en, "one column {column}", ", ".join(names)[:300], {"column": column}, told.de)
