"""Why: layouts are written in millimetres and a print head counts dots.

This is the only place where they meet.
"""

from __future__ import annotations

import math
from typing import Final

from printers.errors import OutOfRange

MM_PER_INCH: Final = 25.4

# What the heads really have. A "300 dpi" Zebra head has 11.8 dots in a millimetre, not 12.
DOTS_PER_MM: Final[dict[int, float]] = {203: 8.0, 300: 11.8}

# 101.6 mm at 8 dots is 812.8: without this the float below a whole number would lose a dot.
_FLOAT_SLACK: Final = 1e-6


def dots_per_mm(dpi: int) -> float:
    """Dots in a millimetre of a head that is sold as `dpi`.

    Raises OutOfRange for heads that are not known.
    """
    if dpi not in DOTS_PER_MM:
        known = " or ".join(str(each) for each in DOTS_PER_MM)
        raise OutOfRange(f"Expected a head of {known} dpi, got {dpi}.")
    return DOTS_PER_MM[dpi]


def to_dots(mm: float, dpi: int) -> int:
    """Millimetres as the nearest whole number of dots; halves go up, as a ruler is read."""
    return math.floor(mm * dots_per_mm(dpi) + 0.5 + _FLOAT_SLACK)


def whole_dots(mm: float, dpi: int) -> int:
    """The dots that lie wholly within `mm`.

    For the size of a label, where one dot too many hangs over the edge.
    """
    return math.floor(mm * dots_per_mm(dpi) + _FLOAT_SLACK)


def to_mm(dots: int, dpi: int) -> float:
    """Dots as millimetres."""
    return dots / dots_per_mm(dpi)
