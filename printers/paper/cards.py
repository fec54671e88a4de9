"""Why: a badge, a bin, a tote, a cart, a place and a command look the same wherever they are printed.

Each function draws one card into its box; the struct says what is on it.
"""

from __future__ import annotations

from typing import NamedTuple

from reportlab.lib.units import mm

from printers.paper.sheet import ACCENT, BOLD, SIGNS, SOFT, Box, Sheet


class Badge(NamedTuple):
    """A person's badge; `note` stands in its corner."""

    name: str
    what: str
    barcode: str
    note: str = ""


class Place(NamedTuple):
    """A pack station or a place on the floor."""

    name: str
    note: str
    barcode: str


class Cart(NamedTuple):
    """A cart and how many totes it takes."""

    code: str
    slots: int


class Bin(NamedTuple):
    """A bin as its label shows it, its check digits and its barcode."""

    shown: str
    check_digits: str
    barcode: str


class Command(NamedTuple):
    """A command to scan instead of pressing it, in two languages."""

    name: str
    barcode: str
    english: str
    german: str


def command(sheet: Sheet, box: Box, card: Command) -> None:
    """What it does, large, and its bars."""
    middle = box.x + box.width / 2
    sheet.text(middle, box.y + box.height - 9.5 * mm, card.name.replace("_", " "), 19, font=BOLD, align=0.5)
    sheet.code(card.barcode, strip(box, 13.5 * mm, 13 * mm))
    sheet.text(middle, box.y + 8.6 * mm, card.english, 10, align=0.5)
    sheet.text(middle, box.y + 4.2 * mm, card.german, 9, colour=SOFT, align=0.5)


def badge(sheet: Sheet, box: Box, card: Badge) -> None:
    """Name, roles and the bars that open a shift together with the PIN."""
    left, top = box.x + 5 * mm, box.y + box.height
    sheet.text(left, top - 9 * mm, card.name, 16, font=BOLD, width=box.width - (34 if card.note else 10) * mm)
    sheet.text(left, top - 14.5 * mm, card.what, 10, colour=SOFT, width=box.width - 10 * mm)
    sheet.text(box.x + box.width - 5 * mm, top - 9 * mm, card.note, 10, colour=ACCENT, font=BOLD, align=1)
    sheet.code(card.barcode, strip(box, 8.5 * mm, 18.5 * mm))
    sheet.text(box.x + box.width / 2, box.y + 4 * mm, card.barcode, 9, colour=SOFT, align=0.5)


def place(sheet: Sheet, box: Box, card: Place) -> None:
    """A place's name, what it is, its bars."""
    left, top = box.x + 5 * mm, box.y + box.height
    sheet.text(left, top - 11 * mm, card.name, 20, font=BOLD, width=box.width - 10 * mm)
    sheet.text(left, top - 17 * mm, card.note, 10, colour=SOFT, width=box.width - 10 * mm)
    sheet.code(card.barcode, strip(box, 9 * mm, 20 * mm))
    sheet.text(box.x + box.width / 2, box.y + 4 * mm, card.barcode, 9, colour=SOFT, align=0.5)


def cart(sheet: Sheet, box: Box, card: Cart) -> None:
    """The cart's bars, and the signs of its slots."""
    sheet.text(box.x + 5 * mm, box.y + box.height - 12 * mm, card.code, 24, font=BOLD)
    sheet.code(card.code, Box(box.x + 34 * mm, box.y + 21 * mm, box.width - 38 * mm, box.height - 27 * mm))
    width = (box.width - 10 * mm) / card.slots
    for slot in range(card.slots):
        chip = Box(box.x + 5 * mm + slot * width, box.y + 5 * mm, width - 1.2 * mm, 9 * mm)
        sheet.chip(chip, SIGNS[slot % len(SIGNS)], str(slot + 1))


def tote(sheet: Sheet, box: Box, code: str) -> None:
    """A tote's number and its bars."""
    sheet.text(box.x + box.width / 2, box.y + box.height - 7.5 * mm, code, 17, font=BOLD, align=0.5)
    sheet.code(code, strip(box, 3 * mm, 11 * mm))


def bin(sheet: Sheet, box: Box, card: Bin) -> None:
    """Where one stands, the digits one reads out, the bars."""
    base = box.y + box.height - 7.5 * mm
    sheet.text(box.x + 4 * mm, base, card.shown, 17, font=BOLD, width=box.width - 24 * mm)
    sheet.text(box.x + box.width - 4 * mm, base, card.check_digits, 17, colour=ACCENT, font=BOLD, align=1)
    sheet.code(card.barcode, strip(box, 3 * mm, 11 * mm))


def strip(box: Box, below: float, above: float) -> Box:
    """The box without what the texts need below and above the bars."""
    return Box(box.x, box.y + below, box.width, box.height - below - above)
