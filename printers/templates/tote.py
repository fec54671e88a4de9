"""Why: a tote's licence plate lasts for years: one big number, one barcode, nothing that changes."""

from __future__ import annotations

from dataclasses import dataclass

from printers.label import Barcode, Label, Text
from printers.profiles import PrinterProfile
from printers.symbologies import Code128
from printers.templates.common import largest_height, widest_module


@dataclass(frozen=True)
class Tote:
    """`barcode` is the licence plate (`T-0001`, a cart `C-01`); `owner` the site, in case it travels."""

    barcode: str
    owner: str = ""


def tote_label(profile: PrinterProfile, tote: Tote, width_mm: float = 76.0, height_mm: float = 50.0) -> Label:
    """The label of a tote or cart. Raises BadSymbol or DoesNotFit."""
    label = Label(profile, width_mm, height_mm)
    room = width_mm - 6
    symbol = Code128(tote.barcode)
    height = largest_height(label, tote.barcode, room, (14, 10, 7, 5))
    label.add(
        Text(3, 2, tote.barcode, height, room, align="center", whole=True),
        Barcode(symbol, y_mm=18, height_mm=height_mm - 25, module_mm=widest_module(label, symbol)),
        Text(3, height_mm - 5.5, tote.owner, 3, room, align="center"),
    )
    return label
