"""Why: a printer acts on bytes as they come.

Formats end when `^XZ` arrives, `~` commands act at once, even within one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

MAX_FORMAT_BYTES: Final = 16 * 1024 * 1024
_MAX_LINE: Final = 1024


@dataclass(frozen=True)
class Format:
    """A whole label format, `^XA` to `^XZ`."""

    zpl: bytes

    @property
    def quantity(self) -> int:
        """How many labels it makes: the last ^PQ, 1 without one."""
        found = _QUANTITY.findall(self.zpl)
        return max(1, int(found[-1])) if found else 1


@dataclass(frozen=True)
class Immediate:
    """A `~` command, by its two letters."""

    code: str


@dataclass(frozen=True)
class Variable:
    """A `! U1` line: verb (getvar, setvar, do), name and value."""

    verb: str
    name: str
    value: str = ""


Heard = Format | Immediate | Variable

_QUANTITY: Final = re.compile(rb"\^PQ0*(\d{1,8})", re.IGNORECASE)
_WITHIN: Final = re.compile(rb"\^XA|\^XZ|~[A-Z]{2}", re.IGNORECASE)
_BETWEEN: Final = re.compile(rb"\^XA|~[A-Z]{2}|! ?U1? [^\r\n]*\r?\n", re.IGNORECASE)
_UNFINISHED: Final = re.compile(rb"[\^~][A-Z]?\Z|! ?U?1? ?[^\r\n]*\r?\Z", re.IGNORECASE)
_UNFINISHED_WITHIN: Final = re.compile(rb"[\^~][A-Z]?\Z", re.IGNORECASE)
_LINE: Final = re.compile(r'! ?U1? (getvar|setvar|do) "([^"]*)"(?: "([^"]*)")?', re.IGNORECASE)


class ZplStream:
    """Cuts one connection's bytes into what the printer acts on."""

    def __init__(self) -> None:
        self._format: bytearray | None = None
        self._rest = b""

    @property
    def partial(self) -> bool:
        """Whether a format has begun that has not ended."""
        return self._format is not None

    def feed(self, data: bytes) -> list[Heard]:
        """What these bytes complete, in order."""
        heard: list[Heard] = []
        text, place = self._rest + data, 0
        while found := (_WITHIN if self.partial else _BETWEEN).search(text, place):
            self._keep(text[place : found.start()])
            place = found.end()
            heard += self._token(found.group())
        self._rest = self._unfinished(text[place:])
        self._keep(text[place : len(text) - len(self._rest)])
        return heard

    def _token(self, token: bytes) -> list[Heard]:
        if token[:1] == b"~":
            return [Immediate(token[1:].decode("ascii").upper())]
        if token[:1] == b"!":
            return _variable(token)
        if token.upper() == b"^XA":
            self._format = bytearray(b"^XA")
            return []
        whole = bytes(self._format or b"") + b"^XZ"
        self._format = None
        return [Format(whole)]

    def _keep(self, piece: bytes) -> None:
        if self._format is None:
            return
        self._format += piece
        if len(self._format) > MAX_FORMAT_BYTES:
            self._format = None

    def _unfinished(self, tail: bytes) -> bytes:
        pattern = _UNFINISHED_WITHIN if self.partial else _UNFINISHED
        found = pattern.search(tail[-_MAX_LINE:])
        return found.group() if found else b""


def _variable(line: bytes) -> list[Heard]:
    found = _LINE.match(line.decode("utf-8", "replace"))
    return [Variable(found[1].lower(), found[2], found[3] or "")] if found else []
