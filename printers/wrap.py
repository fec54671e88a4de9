"""Why: a printer writes the words that do not fit a text block over its last line.

So text is cut to what fits, here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from printers.glyphs import width_of

ELLIPSIS: Final = "..."


@dataclass(frozen=True)
class Wrapped:
    """The lines of a block, and whether the end of the text had to be left out (the last line then ends in
    "...").
    """

    lines: tuple[str, ...]
    shortened: bool


def wrap(text: str, width: int, height: int, max_lines: int) -> Wrapped:
    """Readable `text` in at most `max_lines` lines of at most `width` dots at this letter height."""
    lines: list[str] = []
    rest = text
    while rest and len(lines) < max_lines:
        line, rest = _first_line(rest, width, height)
        lines.append(line)
    if rest:
        lines[-1] = _with_ellipsis(lines[-1], width, height)
    return Wrapped(tuple(lines), shortened=bool(rest))


def _first_line(text: str, width: int, height: int) -> tuple[str, str]:
    fitting = _fitting(text, width, height)
    if fitting == len(text):
        return text, ""
    at_blank = text.rfind(" ", 0, fitting + 1)
    cut = at_blank if at_blank > 0 else max(1, fitting)
    return text[:cut].rstrip(), text[cut:].lstrip()


def _fitting(text: str, width: int, height: int) -> int:
    """How many characters from the start fit the width."""
    count = 0
    while count < len(text) and width_of(text[: count + 1], height) <= width:
        count += 1
    return count


def _with_ellipsis(line: str, width: int, height: int) -> str:
    kept = line
    while kept and width_of(kept + ELLIPSIS, height) > width:
        kept = kept[:-1]
    return kept.rstrip() + ELLIPSIS
