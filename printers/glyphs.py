"""Why: a printer prints nothing at all for a character its font lacks, and says nothing. So it is decided
here, before.

The resident font (^A0) has the letters of Western and Central Europe and Turkish. Letters of other alphabets
are written in Latin ones where a table below knows how; anything else becomes `?` and is reported by the
label.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

from printers.zpl import clean

MISSING: Final = "?"

# A backslash is not among them: the resident font draws it as a cent sign, and in a block it starts a line
# break. The resident font answers for these code pages (ZPL II Programming Guide, ^CI); of them only what is
# a letter, a digit or a common sign: no box drawing.
_CODE_PAGES: Final = ("cp1250", "cp1252", "cp1254")
_RESIDENT: Final = frozenset(
    char
    for page in _CODE_PAGES
    for byte in range(0x20, 0x100)
    for char in bytes([byte]).decode(page, "ignore")
    if unicodedata.category(char)[0] in "LNPSZ"
) - {"\u00a0", "\\"}

_SIGNS: Final = {
    "\\": "/",
    "\u00a0": " ", "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2015": "-", "\u2032": "'", "\u2033": '"',
    "\u2044": "/", "\u2212": "-", "\u2192": "->", "\u2190": "<-", "\u2264": "<=", "\u2265": ">=",
    "\u2116": "No.", "\u2103": "°C", "ẞ": "SS",
}  # fmt: skip

# Russian, Ukrainian, Bulgarian and Serbian, one spelling for all: a label is read aloud, not catalogued. "0"
# is silent.
_CYRILLIC: Final = "абвгґдеёєжзиіїйјклљмнњопрстћђуўфхцчџшщъыьэюя"
_CYRILLIC_SPELLED: Final = (
    "a b v g g d e yo ye zh z i i yi y j k l lj m n nj o p r s t c dj u u f kh ts ch dz sh shch 0 y 0 e yu ya"
)
_GREEK: Final = "αβγδεζηθικλμνξοπρσςτυφχψω"
_GREEK_SPELLED: Final = "a v g d e z i th i k l m n x o p r s s t y f ch ps o"
_LOWER: Final[dict[str, str]] = {
    letter: spelled.replace("0", "")
    for letters, spellings in ((_CYRILLIC, _CYRILLIC_SPELLED), (_GREEK, _GREEK_SPELLED))
    for letter, spelled in zip(letters, spellings.split(), strict=True)
}
_ALPHABETS: Final[dict[str, str]] = _LOWER | {
    letter.upper(): spelled.capitalize() for letter, spelled in _LOWER.items()
}


@dataclass(frozen=True)
class Readable:
    """Text as it will be printed, and the characters that had to become `?`."""

    text: str
    missing: tuple[str, ...] = ()


def readable(text: str) -> Readable:
    """Cleaned text in characters that ^A0 has.

    What no table can spell is `?` and stands in `missing`, once each.
    """
    printed: list[str] = []
    missing: dict[str, None] = {}
    for char in clean(text):
        spelled = _spelled(char)
        if spelled is None:
            missing[char] = None
        printed.append(MISSING if spelled is None else spelled)
    return Readable("".join(printed), tuple(missing))


def _spelled(char: str) -> str | None:
    if char in _RESIDENT:
        return char
    if unicodedata.category(char) in {"Mn", "Me"}:
        return ""
    for table in (_SIGNS, _ALPHABETS):
        if char in table:
            return table[char]
    return _without_marks(char)


def _without_marks(char: str) -> str | None:
    """`ế` as e, `ή` as i, a ligature as its letters; None where no resident letter lies beneath."""
    base = [each for each in unicodedata.normalize("NFKD", char) if not unicodedata.combining(each)]
    bare = "".join(_ALPHABETS.get(each, each) for each in base)
    return bare if bare and all(each in _RESIDENT for each in bare) else None


# How far each character moves the pen, in thousandths of the height. Rounded up from captured glyphs of the
# resident font, because a line that is judged too wide only wraps early, and one judged too narrow is printed
# over the next.
_WIDTHS: Final[dict[str, int]] = {
    char: width
    for chars, width in (
        ("ijlI !'(),./:;[\\]`ft|·", 320),
        ("rz", 400),
        ('?Jcksvxy*"#$0123456789Laeo', 500),
        ("EFTZ^_bdghnpqu{}", 540),
        ("CSVABKOPQXY", 600),
        ("DGR&HNU", 660),
        ("w", 700),
        ("MmW", 830),
    )
    for char in chars
}
_WIDEST: Final = 1000


def width_of(text: str, height: int) -> int:
    """The room that one line of ^A0 text of this height takes, in dots: never less than it really takes."""
    return -(-sum(_width(char) for char in text) * height // 1000)


def _width(char: str) -> int:
    if char in _WIDTHS:
        return _WIDTHS[char]
    base = unicodedata.normalize("NFD", char)[0]
    return _WIDTHS.get(base, _WIDEST)
