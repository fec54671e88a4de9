"""Why: one look at this label tells whether a printer is set up.

Frame whole, bars sharp, letters clear, size right.
"""

from __future__ import annotations

from dataclasses import dataclass

from printers.label import Barcode, Box, Label, Line, Text
from printers.profiles import PrinterProfile
from printers.symbologies import Code128
from printers.templates.common import MODULES_MM


@dataclass(frozen=True)
class PrinterTest:
    """`printed_at` as people of the site read a time.

    `code` comes back when the label is scanned: proof that it came.
    """

    printer: str
    printed_at: str
    code: str = "TEST"


def printer_test_label(
    profile: PrinterProfile, test: PrinterTest, width_mm: float | None = None, height_mm: float | None = None
) -> Label:
    """A label of the loaded stock (from 60 x 45 mm).

    Frame at the edges, a 50 mm ruler, bars as wide as the stock takes.
    """
    label = Label(profile, width_mm, height_mm)
    width = label.page.width / profile.dots_per_mm
    label.add(
        Box(1, 1, width - 2, label.height_mm - 2),
        Text(4, 3, test.printer, 5, width - 8),
        Text(4, 9, f"{profile.model}, {profile.dpi} dpi, {test.printed_at}", 3, width - 8),
        Line(4, 14, 50),
        Line(4, 13, 2, vertical=True),
        Line(53.6, 13, 2, vertical=True),
        Text(4, 16, "50 mm", 2.5, 20),
    )
    _bars(label, Code128(test.code), width)
    return label


def _bars(label: Label, symbol: Code128, width_mm: float) -> None:
    """The same code at each module width that fits, one beneath the other, as far as the label goes."""
    top = 20.0
    for module in reversed(MODULES_MM):
        if (symbol.modules() + 20) * module > width_mm - 4 or top + 20 > label.height_mm - 2:
            return
        label.add(Barcode(symbol, y_mm=top, height_mm=14, module_mm=module, caption_mm=3))
        top += 22
