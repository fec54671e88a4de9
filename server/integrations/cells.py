"""Why: what may stand in a cell, and what it means, exactly or not at all. Pure.

A reader takes the text of a cell that is not empty and gives its value, or raises `Wrong` with a code of `told.FAULTS`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from server.catalog import rules as catalog
from server.integrations.reading import LOST

Read = Callable[[str], Any]


class Wrong(Exception):
    """A cell cannot be meant. `code` is a fault's."""

    def __init__(self, code: str = "wrong") -> None:
        super().__init__(code)
        self.code = code


def looked_at(text: str) -> str:
    """A cell's text without blanks around it; raises for what is no text."""
    if LOST in text:
        raise Wrong("lost")
    text = text.strip()
    if not all(char.isprintable() or char in "\r\n" for char in text):
        raise Wrong("control")
    return text


def text(most: int, pattern: str = "") -> Read:
    """Text of at most so many characters, of this form."""
    form = re.compile(pattern)

    def read(cell: str) -> str:
        if len(cell) > most or (pattern and not form.fullmatch(cell)):
            raise Wrong
        return cell

    return read


_WHOLE = re.compile(r"[+-]?\d{1,15}(?:[.,]0{1,3})?")


def whole(least: int, most: int) -> Read:
    """A whole number. `12,0` is one: spreadsheet programs write so."""

    def read(cell: str) -> int:
        if not cell.isascii() or not _WHOLE.fullmatch(cell):
            raise Wrong
        number = int(re.split("[.,]", cell)[0])
        if not least <= number <= most:
            raise Wrong
        return number

    return read


_AMOUNT = re.compile(r"[+-]?\d{1,15}(?:[.,]\d{1,6})?")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:(?P<group>[.,' ])\d{3})(?:(?P=group)\d{3})*(?:(?!(?P=group))[.,]\d{1,6})?")


def amount(cell: str) -> Decimal:
    """An amount of money: `1234.5`, `1234,5`, `1.234,50`, `1,234.50`. One separator alone is the decimal one."""
    cell = cell.replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'")
    if not cell.isascii():
        raise Wrong
    if _AMOUNT.fullmatch(cell):
        return Decimal(cell.replace(",", "."))
    found = _GROUPED.fullmatch(cell)
    if found is None:
        raise Wrong
    return Decimal(cell.replace(found["group"], "").replace(",", "."))


def amount_by(decimal: str) -> Read:
    """An amount whose decimal sign is this one: the other one only groups."""
    other = "," if decimal == "." else "."
    grouped = re.compile(rf"[+-]?\d{{1,3}}(?:[{other}' ]\d{{3}})+(?:[{decimal}]\d{{1,6}})?")

    def read(cell: str) -> Decimal:
        cell = cell.replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'")
        plain = re.sub(rf"[{other}' ]", "", cell) if grouped.fullmatch(cell) else cell
        if other in plain or not plain.isascii() or not _AMOUNT.fullmatch(plain):
            raise Wrong
        return Decimal(plain.replace(decimal, "."))

    return read


def choice(words: Mapping[str, str]) -> Read:
    """One of these words, whatever its capitals."""

    def read(cell: str) -> str:
        found = words.get(cell.casefold())
        if found is None:
            raise Wrong
        return found

    return read


_FLAGS: Final = {
    **dict.fromkeys(("1", "yes", "y", "true", "x", "ja", "j", "wahr"), True),
    **dict.fromkeys(("0", "no", "n", "false", "nein", "falsch"), False),
}


def flag(cell: str) -> bool:
    """Yes or no."""
    found = _FLAGS.get(cell.casefold())
    if found is None:
        raise Wrong
    return found


_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


def day(cell: str) -> date:
    """A day: `2027-03-31` or `31.03.2027`. `03/04/2027` is two different days to two readers and none here."""
    if not cell.isascii():
        raise Wrong
    if found := _ISO.fullmatch(cell):
        year, month, number = found.groups()
    elif found := _DOTTED.fullmatch(cell):
        number, month, year = found.groups()
    else:
        raise Wrong
    try:
        return date(int(year), int(month), int(number))
    except ValueError:
        raise Wrong from None


def barcodes(cell: str) -> tuple[str, ...]:
    """Barcodes of an item, several with blanks or `|` between them."""
    found = tuple(part for part in re.split(r"[\s|]+", cell) if part)
    if not found or any(catalog.canonical(code) is None for code in found):
        raise Wrong
    return found


def picture(cell: str) -> str:
    """A drawing that is only a drawing."""
    if catalog.unsafe(cell) is not None:
        raise Wrong
    return cell
