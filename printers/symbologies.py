"""Why: a barcode with wrong data prints as neatly as a right one. Here data is checked, and encoded without
surprises.

A printer turns `>8` in Code 128 data into FNC1, `>;12345` into 1234, a missing check digit into nothing. So
data is held against a list of allowed characters, the switches between code sets are written by us and only
by us, and every check digit is computed or verified here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from printers.errors import BadSymbol

FNC1: Final = "\x1d"
"""Stands for FNC1 among the data of a GS1-128, as a scanner hands it over: the group separator."""

ALLOWED: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-./ :%+$_")
"""What Code 128 may carry here. `>` `^` `~` would be commands to the printer, the rest nobody needs."""

MAX_CODE128: Final = 48
"""Characters in one Code 128 symbol; also GS1's limit for a GS1-128 (GS1 General Specifications 5.4.4)."""


# Check digits


def check_digit(digits: str) -> str:
    """The modulo-10 check digit that follows `digits`.

    Weights 3, 1 from the right (GS1 General Specifications 7.9).
    """
    _demand_digits(digits)
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def has_check_digit(digits: str) -> bool:
    """Whether the last digit is the check digit of those before it."""
    return len(digits) > 1 and _is_digits(digits) and check_digit(digits[:-1]) == digits[-1]


def gtin(digits: str) -> str:
    """A GTIN of 8, 12, 13 or 14 digits, verified, as it is. Raises BadSymbol."""
    _demand_digits(digits)
    if len(digits) not in (8, 12, 13, 14):
        raise BadSymbol(f"Expected a GTIN of 8, 12, 13 or 14 digits, got {len(digits)}.")
    return _verified(digits, "GTIN")


def sscc18(extension: int, gcp: str, serial: int) -> str:
    """An SSCC of 18 digits: extension (0-9), company prefix (4-12 digits), serial, check digit.

    GS1 General Specifications 2.2.1. The serial is padded with zeros to fill 17 digits before the check
    digit.
    """
    if not 0 <= extension <= 9:
        raise BadSymbol(f"Expected an extension digit from 0 to 9, got {extension}.")
    _demand_digits(gcp)
    if not 4 <= len(gcp) <= 12:
        raise BadSymbol(f"Expected a GS1 company prefix of 4 to 12 digits, got {len(gcp)}.")
    room = 16 - len(gcp)
    if not 0 <= serial < 10**room:
        raise BadSymbol(f"Expected a serial from 0 to {10**room - 1} with this company prefix, got {serial}.")
    body = f"{extension}{gcp}{serial:0{room}d}"
    return body + check_digit(body)


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _demand_digits(text: str) -> None:
    if not _is_digits(text):
        raise BadSymbol(f"Expected digits only, got {_shown(text)}.")


def _verified(digits: str, kind: str) -> str:
    wanted = check_digit(digits[:-1])
    if digits[-1] != wanted:
        raise BadSymbol(f"Expected check digit {wanted} at the end of the {kind} {digits}, got {digits[-1]}.")
    return digits


def _shown(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:40] + "...")


# Code 128

_START: Final = {"B": ">:", "C": ">;"}
_TO_B: Final = ">6"
_FNC1_CODE: Final = ">8"


@dataclass(frozen=True)
class _Encoding:
    """Symbol characters so far (without start, check and stop) and the data as ^FD takes it."""

    length: int
    written: str


_IMPOSSIBLE: Final = _Encoding(10_000, "")


def _shortest(data: str) -> tuple[str, _Encoding]:
    """The shortest safe encoding of `data`, and the code set to start in.

    From the end to the start: what is the cheapest way on from here in code set B (any character), in C (pairs
    of digits, or over to B)? A lone digit can therefore never be left over in C, where a printer would drop it
    in silence. A label must look the same everywhere, and the renderer behind our previews draws two switches
    wrongly: `>5` from B to C (never used), and `>6` to B before a single last character (see `_cheapest_in_c`).
    """
    in_b = in_c = later_c = _Encoding(0, "")
    for place in reversed(range(len(data))):
        in_b = _longer(in_b, _FNC1_CODE if data[place] == FNC1 else data[place])
        in_c, later_c = _cheapest_in_c(data, place, in_b, in_c, later_c), in_c
    return ("C", in_c) if in_c.length < in_b.length else ("B", in_b)


def _cheapest_in_c(data: str, place: int, in_b: _Encoding, next_c: _Encoding, after_next_c: _Encoding) -> _Encoding:
    """The cheapest way on from `place` in code set C, given those from the next two places."""
    over_to_b = _longer(in_b, _TO_B) if len(data) - place > 1 else _IMPOSSIBLE
    if data[place] == FNC1:
        return min(_longer(next_c, _FNC1_CODE), over_to_b, key=_length)
    pair = data[place : place + 2]
    if len(pair) == 2 and _is_digits(pair):
        return min(_longer(after_next_c, pair), over_to_b, key=_length)
    return over_to_b


def _longer(rest: _Encoding, written: str) -> _Encoding:
    return _Encoding(rest.length + 1, written + rest.written)


def _length(encoding: _Encoding) -> int:
    return encoding.length


@dataclass(frozen=True)
class Code128:
    """Code 128 of allowed characters (ISO/IEC 15417), as short as it is drawn alike everywhere.

    Raises BadSymbol for a character outside ALLOWED, fewer than 2 (previews lose a single one) or more than 48.
    """

    data: str
    kind: str = field(default="Code 128", init=False)

    def __post_init__(self) -> None:
        if not 2 <= len(self.data) <= MAX_CODE128:
            raise BadSymbol(f"Expected 2 to {MAX_CODE128} characters for a Code 128, got {len(self.data)}.")
        if refused := sorted(set(self.data) - ALLOWED):
            raise BadSymbol(
                "Expected letters, digits and - . / : % + $ _ or a space in a Code 128, "
                f"got {_shown(''.join(refused))}."
            )

    @property
    def caption(self) -> str:
        """What is printed beneath for people."""
        return self.data

    def written(self) -> str:
        """The data for ^BC in mode N, with its start code and switches."""
        start, encoding = _shortest(self.data)
        return _START[start] + encoding.written

    def modules(self) -> int:
        """Width in modules without quiet zones: start, data, check of 11 each and a stop of 13."""
        return _code128_modules(self.data)


def _code128_modules(data: str) -> int:
    return 11 * (_shortest(data)[1].length + 2) + 13


# GS1-128


@dataclass(frozen=True)
class _Identifier:
    pattern: re.Pattern[str]
    wanted: str
    has_check: bool = False


def _digits(count: int, *, check: bool = False) -> _Identifier:
    return _Identifier(re.compile(rf"\d{{{count}}}", re.ASCII), f"{count} digits", check)


def _text(limit: int) -> _Identifier:
    pattern = re.compile(rf"[A-Za-z0-9\-./%+_:]{{1,{limit}}}")
    return _Identifier(pattern, f"1 to {limit} letters, digits or - . / % + _ :")


# GS1 General Specifications 3.2. Only what a warehouse prints; of text only characters that are safe in a
# printer.
_IDENTIFIERS: Final[dict[str, _Identifier]] = {
    "00": _digits(18, check=True),
    "01": _digits(14, check=True),
    "02": _digits(14, check=True),
    "10": _text(20),
    "11": _digits(6),
    "13": _digits(6),
    "15": _digits(6),
    "17": _digits(6),
    "20": _digits(2),
    "21": _text(20),
    "37": _Identifier(re.compile(r"\d{1,8}", re.ASCII), "1 to 8 digits"),
    "400": _text(30),
    "401": _text(30),
    "402": _digits(17, check=True),
    "410": _digits(13, check=True),
    "420": _text(20),
    "421": _Identifier(re.compile(r"\d{3}[A-Za-z0-9\-]{1,9}", re.ASCII), "3 digits, 1 to 9 letters or digits"),
    **{f"310{place}": _digits(6) for place in range(6)},
}

# Element strings of predefined length need no separator (GS1 General Specifications 7.8.5). `20` is one of
# them.
_PREDEFINED: Final = frozenset({"00", "01", "02", "11", "13", "15", "17", "20", "31", "41"})


@dataclass(frozen=True)
class Gs1128:
    """GS1-128 of element strings: `Gs1128((("00", sscc),))`. FNC1 stands first and after texts of open
    length.

    Raises BadSymbol for unknown identifiers, wrong lengths, wrong check digits or more than 48 characters.
    """

    elements: tuple[tuple[str, str], ...]
    kind: str = field(default="GS1-128", init=False)

    def __post_init__(self) -> None:
        if not self.elements:
            raise BadSymbol("Expected at least one element string in a GS1-128, got none.")
        for identifier, value in self.elements:
            _check_element(identifier, value)
        if (length := len(self.data) - 1) > MAX_CODE128:
            raise BadSymbol(f"Expected at most {MAX_CODE128} characters in a GS1-128, got {length}.")

    @property
    def data(self) -> str:
        """The element strings with FNC1 as group separator, also in front."""
        return FNC1 + element_string(self.elements)

    @property
    def caption(self) -> str:
        """Human readable text: identifiers in parentheses (GS1 General Specifications 4.14)."""
        return " ".join(f"({identifier}) {value}" for identifier, value in self.elements)

    def written(self) -> str:
        """The data for ^BC in mode N, with start code, FNC1 and switches."""
        start, encoding = _shortest(self.data)
        return _START[start] + encoding.written

    def modules(self) -> int:
        """Width in modules without quiet zones."""
        return _code128_modules(self.data)


def _check_element(identifier: str, value: str) -> None:
    rule = _IDENTIFIERS.get(identifier)
    if rule is None:
        known = ", ".join(_IDENTIFIERS)
        raise BadSymbol(f"Expected an application identifier of {known}, got {_shown(identifier)}.")
    if not rule.pattern.fullmatch(value):
        raise BadSymbol(f"({identifier}): expected {rule.wanted}, got {_shown(value)}.")
    if rule.has_check:
        _verified(value, f"value of ({identifier})")


def element_string(elements: tuple[tuple[str, str], ...]) -> str:
    """What a scanner reads.

    Identifiers and values in a row, a group separator after values of open length.
    """
    last = len(elements) - 1
    return "".join(
        identifier + value + (FNC1 if place < last and identifier[:2] not in _PREDEFINED else "")
        for place, (identifier, value) in enumerate(elements)
    )


# EAN-13 and QR


@dataclass(frozen=True)
class Ean13:
    """EAN-13 of 12 digits, or of 13 whose last is verified (GS1 General Specifications 5.2)."""

    digits: str
    kind: str = field(default="EAN-13", init=False)

    def __post_init__(self) -> None:
        _demand_digits(self.digits)
        if len(self.digits) not in (12, 13):
            raise BadSymbol(f"Expected 12 or 13 digits for an EAN-13, got {len(self.digits)}.")
        if len(self.digits) == 13:
            _verified(self.digits, "EAN-13")

    @property
    def caption(self) -> str:
        """All 13 digits."""
        return self.written() + check_digit(self.written())

    def written(self) -> str:
        """The twelve digits that ^BE takes; the printer adds the thirteenth."""
        return self.digits[:12]

    def modules(self) -> int:
        """Always 95."""
        return 95


# Bytes that a QR code of version 1, 2, … holds at error correction level M (ISO/IEC 18004, table 7).
_QR_BYTES: Final = (14, 26, 42, 62, 84, 106, 122, 152, 180, 213)
_QR_TEXT: Final = re.compile(r"[A-Za-z0-9\-./:%+$_ ?=&#,;@!()*']+")


@dataclass(frozen=True)
class Qr:
    """QR code, model 2, level M.

    Up to 213 characters that are plain in an address (no `^`, `~`, `>` or `\\`).
    """

    data: str
    kind: str = field(default="QR code", init=False)

    def __post_init__(self) -> None:
        if not 1 <= len(self.data) <= _QR_BYTES[-1]:
            raise BadSymbol(f"Expected 1 to {_QR_BYTES[-1]} characters for a QR code, got {len(self.data)}.")
        if not _QR_TEXT.fullmatch(self.data):
            raise BadSymbol(
                f"Expected letters, digits and the signs of an address in a QR code, got {_shown(self.data)}."
            )

    @property
    def caption(self) -> str:
        """What is printed beneath for people."""
        return self.data

    def written(self) -> str:
        """The data for ^BQ: level M, automatic mode."""
        return "MA," + self.data

    def modules(self) -> int:
        """Modules along a side, at most: a printer that packs digits tighter may make it smaller."""
        version = next(place for place, room in enumerate(_QR_BYTES, start=1) if len(self.data) <= room)
        return 17 + 4 * version


Symbol = Code128 | Gs1128 | Ean13 | Qr
