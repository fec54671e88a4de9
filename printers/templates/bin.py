"""Why: a bin label is read by a gloved person from the aisle and by a scanner at arm's length."""

from __future__ import annotations

from dataclasses import dataclass

from printers.label import Barcode, Label, Text
from printers.profiles import PrinterProfile
from printers.symbologies import Code128
from printers.templates.common import largest_height, widest_module


@dataclass(frozen=True)
class Bin:
    """`barcode` is what a scanner reads (`B-A01-02-3`), `code` what people read.

    `check` the digits they say or type.
    """

    barcode: str
    code: str
    zone: str = ""
    check: str = ""


def bin_label(profile: PrinterProfile, shelf: Bin, width_mm: float = 100.0, height_mm: float = 50.0) -> Label:
    """The label of a bin: the code as large as it goes, bars beneath. Raises BadSymbol or DoesNotFit."""
    label = Label(profile, width_mm, height_mm)
    room = width_mm - 6
    symbol = Code128(shelf.barcode)
    label.add(
        Text(3, 2, shelf.zone, 3.5, room * 0.7),
        Text(3, 2, shelf.check, 3.5, room, align="right", whole=True),
        Text(3, 6.5, shelf.code, largest_height(label, shelf.code, room, (14, 10, 7, 5)), room, whole=True),
        Barcode(
            symbol,
            y_mm=21.5,
            height_mm=height_mm - 27.5,
            module_mm=widest_module(label, symbol),
            caption_mm=3,
        ),
    )
    return label
