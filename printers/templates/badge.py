"""Why: a badge says who somebody is and nothing secret: the PIN is in the head, never on paper."""

from __future__ import annotations

from dataclasses import dataclass

from printers.label import Barcode, Label, Text
from printers.profiles import PrinterProfile
from printers.symbologies import Code128
from printers.templates.common import widest_module


@dataclass(frozen=True)
class Badge:
    """`barcode` is the badge's code (`P-...`), never a PIN."""

    barcode: str
    name: str
    role: str = ""
    site: str = ""


def badge_label(profile: PrinterProfile, badge: Badge, width_mm: float = 86.0, height_mm: float = 54.0) -> Label:
    """The label of a badge, the size of a bank card. Raises BadSymbol or DoesNotFit."""
    label = Label(profile, width_mm, height_mm)
    room = width_mm - 8
    symbol = Code128(badge.barcode)
    label.add(
        Text(4, 3, badge.site, 3, room),
        Text(4, 7.5, badge.name, 6.5, room, lines=2),
        Text(4, 21.5, badge.role, 4, room),
        Barcode(symbol, y_mm=27.5, height_mm=20, module_mm=widest_module(label, symbol), caption_mm=3),
    )
    return label
