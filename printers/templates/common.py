"""Why: the two questions that every layout asks: how wide may the bars be, and how big may the letters be?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from printers.errors import DoesNotFit
from printers.glyphs import readable, width_of
from printers.label import Label
from printers.symbologies import Symbol

MODULES_MM: Final = (0.5, 0.375, 0.25)
"""Module widths that both 203 and 300 dpi heads draw with whole dots, widest first.

Below 0.25 mm scanners fail.
"""

_QUIET_MODULES: Final = 20


def widest_module(label: Label, symbol: Symbol, room_mm: float | None = None) -> float:
    """The widest module in mm at which the symbol with its quiet zones fits the label (or `room_mm` of it).

    Raises DoesNotFit where even the narrowest does not.
    """
    page = label.page
    room = page.width if room_mm is None else page.dots(room_mm)
    modules = symbol.modules() + _QUIET_MODULES
    for module in MODULES_MM:
        if modules * page.dots(module) <= room:
            return module
    wanted = modules * MODULES_MM[-1]
    raise DoesNotFit(
        f"{symbol.kind} {symbol.caption!r} needs {wanted:.1f} mm with its quiet zones, "
        f"got {room / label.profile.dots_per_mm:.1f} mm."
    )


def largest_height(label: Label, text: str, room_mm: float, heights_mm: Sequence[float]) -> float:
    """The first of these letter heights (largest first) at which the text fits `room_mm` in one line.

    Else the last.
    """
    page = label.page
    printed = readable(text).text
    for height in heights_mm:
        if width_of(printed, page.dots(height)) <= page.dots(room_mm):
            return height
    return heights_mm[-1]
