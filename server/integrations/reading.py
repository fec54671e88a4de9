"""Why: whatever file somebody brings, it is read to its end in bounded memory, and what is wrong has a row.

A file is guessed from its beginning (encoding, separator) and the guess is shown. A row that no rule can read is a
fault and the next one is read on; no line, cell or open quote makes it swallow the file. Pure but for the handle.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections import deque
from collections.abc import Iterator, Sequence
from typing import BinaryIO, Final, NamedTuple

import msgspec

MOST_CELL: Final = 70_000
"""Characters in a cell: a little more than a drawn picture may have."""
MOST_ROW: Final = 140_000
"""Characters in a row, its line breaks included."""
MOST_LINES: Final = 2_000
"""Line breaks inside the quotes of one row."""
MOST_COLUMNS: Final = 200
SEPARATORS: Final = (",", ";", "\t")
LOST: Final = "\ufffd"
"""What stands for a byte that the encoding does not have."""
ENCODINGS: Final = ("utf-8", "utf-16", "windows-1252")
_MARKS: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CODECS: Final = {"utf-8": "utf-8-sig", "utf-16": "utf-16", "windows-1252": "cp1252"}

csv.field_size_limit(MOST_ROW)


class Layout(msgspec.Struct, frozen=True):
    """How a file is written: its encoding and what separates its cells. `assumed`: nothing in it says so."""

    encoding: str
    separator: str
    assumed: bool = False


class Unreadable(Exception):
    """This is no table of text. `code` is a fault's."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Row(NamedTuple):
    """A row as it stands in the file: the header is row 1. `fault`: why it could not be read; it has no cells then."""

    number: int
    cells: Sequence[str]
    fault: str = ""


# --- guessing ------------------------------------------------------------------------------------------------------


def guess(head: bytes, *, is_utf8: bool, wanted: str = "") -> Layout:
    """The layout of a file by its beginning; `is_utf8`: all of it is. Raises Unreadable for what is no text.

    `wanted` is an encoding that somebody chose instead.
    """
    marked = next((encoding for mark, encoding in _MARKS if head.startswith(mark)), "")
    encoding = wanted or marked or ("utf-8" if is_utf8 else "windows-1252")
    if not head.strip():
        raise Unreadable("file_empty")
    text = head.decode(_CODECS[encoding], errors="replace")
    if _is_binary(text):
        raise Unreadable("file_binary")
    return Layout(encoding, _separator(text), assumed=not (wanted or marked) and not is_utf8)


def _is_binary(text: str) -> bool:
    """Whether it holds what no typed table does: a picture, an archive, a spreadsheet program's own file."""
    odd = sum(char < " " and char not in "\t\r\n\f" for char in text)
    return text.startswith(("PK\x03\x04", "%PDF", "\x89PNG")) or (odd > 3 and odd * 20 > len(text))


def _separator(text: str) -> str:
    """The separator that the first line has most of, outside its quotes."""
    line = next((line for line in text.lstrip("\ufeff").splitlines() if line.strip()), "")
    bare = "".join(line.split('"')[::2])
    return max(SEPARATORS, key=bare.count)


class Utf8:
    """Whether what passes by is UTF-8, a piece at a time."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("strict")
        self.holds = True

    def feed(self, piece: bytes, *, last: bool = False) -> None:
        """Looks at the next piece."""
        if self.holds:
            try:
                self._decoder.decode(piece, last)
            except UnicodeDecodeError:
                self.holds = False


# --- reading -------------------------------------------------------------------------------------------------------


class _TooLong(Exception):
    """A row goes on beyond any bound."""


class Rows:
    """The rows of a file, one after the other. `file` is open and at its beginning."""

    def __init__(self, file: BinaryIO, layout: Layout) -> None:
        self._file = file
        self._text = io.TextIOWrapper(file, _CODECS[layout.encoding], errors="replace", newline="")
        self._separator = layout.separator
        self._ahead: deque[str] = deque()
        self._taken: list[str] = []
        self._size = 0

    @property
    def bytes_read(self) -> int:
        """How far in the file it is, a buffer more or less."""
        return self._file.tell()

    def __iter__(self) -> Iterator[Row]:
        number = 0
        while True:
            number += 1
            self._taken, self._size = [], 0
            try:
                cells = next(csv.reader(self._lines(), delimiter=self._separator, strict=True), None)
            except _TooLong:
                yield self._broken(number, "row_too_long")
            except csv.Error:
                yield self._broken(number, "quote_wrong")
            else:
                if cells is None:
                    return
                yield self._whole(number, cells)

    def _lines(self) -> Iterator[str]:
        while line := self._line():
            if len(self._taken) >= MOST_LINES or self._size > MOST_ROW or self._size + len(line) > MOST_ROW:
                self._ahead.appendleft(line)
                raise _TooLong
            self._taken.append(line)
            self._size += len(line)
            yield line

    def _line(self) -> str:
        """The next line with its end; one without an end in sight is cut, and its rest thrown away."""
        if self._ahead:
            return self._ahead.popleft()
        line = self._text.readline(MOST_ROW + 1)
        if len(line) > MOST_ROW:
            rest = line
            while rest and not rest.endswith(("\n", "\r")):
                rest = self._text.readline(MOST_ROW)
        return line

    def _broken(self, number: int, why: str) -> Row:
        """A row that cannot be read: its first line. What was taken for more of it may be rows of their own."""
        if not self._taken:
            self._ahead.popleft()
        self._ahead.extendleft(reversed(self._taken[1:]))
        return Row(number, (), why)

    def _whole(self, number: int, cells: list[str]) -> Row:
        if len(cells) > MOST_COLUMNS:
            return Row(number, (), "too_many_cells")
        for cell in cells:
            if "\0" in cell:
                return Row(number, (), "nul")
            if len(cell) > MOST_CELL:
                return Row(number, (), "cell_too_long")
        return Row(number, cells)


# --- writing -------------------------------------------------------------------------------------------------------

_ACTIVE: Final = ("=", "+", "-", "@", "\t", "\r")


def harmless(cell: str) -> str:
    """A cell that no spreadsheet program takes for a formula."""
    return f"'{cell}" if cell.startswith(_ACTIVE) else cell


def written(rows: Sequence[Sequence[str]]) -> str:
    """Rows as CSV with harmless cells."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([harmless(cell) for cell in row] for row in rows)
    return out.getvalue()
