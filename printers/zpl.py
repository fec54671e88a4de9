"""Why: text from outside must never become a command. Every byte of a label passes through `command` or
`field`.

A printer takes any `^` or `~` as the start of a command, wherever it stands: in field data, in comments,
between formats. So data is written with hexadecimal escapes (`^FH_`), parameters are numbers within a range
or letters of a list, and nothing else is ever written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from printers.errors import OutOfRange

MAX_INPUT_CHARACTERS: Final = 1000
"""Text longer than this is cut before anything else looks at it: no label holds more."""

MAX_FIELD_BYTES: Final = 3072
"""What one ^FD takes, in bytes as sent (ZPL II Programming Guide, ^FD)."""

LINE_BREAK: Final = b"\\&"

Range = tuple[int, int]

_QUANTITY: Final[Range] = (1, 1000)
_PLACE: Final[Range] = (0, 32000)
_SIZE: Final[Range] = (1, 32000)

# Numbers that each command takes, in order. ^PQ is far narrower than the printer's 99,999,999: a slip of the
# keyboard must not empty a roll.
RANGES: Final[dict[str, tuple[Range, ...]]] = {
    "A0": ((10, 32000), (10, 32000)),
    "BC": (_SIZE,),
    "BE": (_SIZE,),
    "BQ": ((2, 2), (1, 10)),
    "BY": ((1, 10), (2, 3), _SIZE),
    "CI": ((28, 28),),
    "FB": (_SIZE, (1, 9999), (0, 9999), (0, 9999)),
    "FO": (_PLACE, _PLACE),
    "GB": (_SIZE, _SIZE, _SIZE),
    "LH": (_PLACE, _PLACE),
    "LL": (_SIZE,),
    "MD": ((-30, 30),),
    "PQ": (_QUANTITY, (0, 0), (0, 0)),
    "PR": ((1, 14), (2, 14), (2, 14)),
    "PW": ((2, 65535),),
}

# Letters that each command takes, one string for each letter parameter in order; after the code itself.
LETTERS: Final[dict[str, tuple[str, ...]]] = {
    "A0": ("N",),
    "BC": ("N", "N", "N", "N"),
    "BE": ("N", "N", "N"),
    "BQ": ("N", "LMQH"),
    "FB": ("LCR",),
    "FW": ("N",),
    "LR": ("N",),
    "MM": ("TPCR",),
    "MN": ("YMN",),
    "MU": ("D",),
    "PM": ("N",),
    "PO": ("N",),
    "PQ": ("N",),
}

PLAIN: Final = frozenset({"XA", "XZ", "FS"})

_ESCAPED: Final = {ord(char) for char in "^~_\\"} | set(range(0x20)) | {0x7F}
_SPACES: Final = re.compile(r"[\s\u2028\u2029]+")
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def command(code: str, *parameters: int | str) -> bytes:
    """One command, such as `command("FO", 40, 80)` → `^FO40,80`. Raises OutOfRange with wanted and got."""
    if code not in RANGES and code not in LETTERS and code not in PLAIN:
        raise OutOfRange(f"Expected a command of this library, got ^{code}.")
    _check_numbers(code, [each for each in parameters if not isinstance(each, str)])
    _check_letters(code, [each for each in parameters if isinstance(each, str)])
    return f"^{code}{','.join(str(each) for each in parameters)}".encode("ascii")


def _check_numbers(code: str, numbers: Sequence[int]) -> None:
    ranges = RANGES.get(code, ())
    if len(numbers) != len(ranges):
        raise OutOfRange(f"^{code}: expected {len(ranges)} numbers, got {len(numbers)}.")
    for position, (number, (low, high)) in enumerate(zip(numbers, ranges, strict=True), start=1):
        if isinstance(number, bool) or not isinstance(number, int):
            raise OutOfRange(f"^{code}: expected whole numbers, got {number!r} as number {position}.")
        if not low <= number <= high:
            raise OutOfRange(f"^{code}: expected {low} to {high} as number {position}, got {number}.")


def _check_letters(code: str, letters: Sequence[str]) -> None:
    allowed = LETTERS.get(code, ())
    if len(letters) != len(allowed):
        raise OutOfRange(f"^{code}: expected {len(allowed)} letters, got {len(letters)}.")
    for letter, choice in zip(letters, allowed, strict=True):
        if len(letter) != 1 or letter not in choice:
            raise OutOfRange(f"^{code}: expected one of {choice}, got {letter!r}.")


def clean(text: str) -> str:
    """Text without what people cannot see: control and bidi characters go, any run of blanks is one space.

    At most MAX_INPUT_CHARACTERS of the text are looked at; the result is in composed form (NFC).
    """
    visible = "".join(
        char for char in _SPACES.sub(" ", text[:MAX_INPUT_CHARACTERS]) if unicodedata.category(char) not in _INVISIBLE
    )
    return _SPACES.sub(" ", unicodedata.normalize("NFC", visible)).strip()


def escape(text: str, max_bytes: int = MAX_FIELD_BYTES) -> bytes:
    """Cleaned text as field data for a field that stands under `^FH_`; the end is dropped where it grows too
    long.

    `^ ~ _ \\` and control bytes become `_HH` over the UTF-8 bytes. A cut falls between characters, never
    within one or within an escape.
    """
    written = bytearray()
    for char in clean(text):
        piece = _escape_bytes(char.encode("utf-8"))
        if len(written) + len(piece) > max_bytes:
            break
        written += piece
    return bytes(written)


def _escape_bytes(data: bytes) -> bytes:
    return b"".join(b"_%02X" % byte if byte in _ESCAPED else bytes([byte]) for byte in data)


def field(text: str) -> bytes:
    """Field data of one line: `^FH_^FD…^FS`."""
    return _field(escape(text))


def symbol_field(data: str) -> bytes:
    """Field data of a barcode, every character kept: what may stand in it was settled in `symbologies`."""
    return _field(_escape_bytes(data.encode("ascii")))


def block(lines: Sequence[str]) -> bytes:
    """Field data of a text block (^FB), one given line on each printed line.

    Within a block the printer reads `\\&` as a line break and `\\\\` as a backslash *after* it has decoded
    the hexadecimal escapes, so a backslash of the text is doubled.
    """
    room = MAX_FIELD_BYTES // max(1, len(lines)) - len(LINE_BREAK)
    return _field(LINE_BREAK.join(escape(line.replace("\\", "\\\\"), room) for line in lines))


def _field(data: bytes) -> bytes:
    return b"^FH_^FD" + data + b"^FS"


_COMMAND: Final = re.compile(rb"([\^~])([^\^~]{0,2})([^\^~]*)", re.DOTALL)


def commands_in(zpl: bytes) -> list[tuple[str, bytes]]:
    """Every command that a printer will find in these bytes, as (`^FO`, parameters): the proof that a label is clean.

    Nothing is judged: whatever follows `^` or `~` is listed, also what is no known command.
    """
    return [
        ((prefix + code).decode("latin-1").upper(), parameters) for prefix, code, parameters in _COMMAND.findall(zpl)
    ]
