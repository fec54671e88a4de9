"""Why: what differs between printers is one row of a table, so that a layout never asks which printer it is
for.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from printers.errors import OutOfRange
from printers.units import dots_per_mm


class PrintMode(StrEnum):
    """What the printer does with a finished label (the letter of ^MM)."""

    TEAR_OFF = "T"
    PEEL = "P"
    CUT = "C"
    REWIND = "R"


class Tracking(StrEnum):
    """How the printer finds the next label (the letter of ^MN)."""

    GAP = "Y"
    MARK = "M"
    CONTINUOUS = "N"


@dataclass(frozen=True)
class PrinterProfile:
    """One kind of printer with the stock that lies in it.

    `head_mm` is the printable width of its head, `media_*_mm` the label that is loaded; speeds are inches per
    second as ^PR counts them; `darkness` is added to what the operator has set (^MD, -30 to 30).
    """

    name: str
    model: str
    dpi: int
    head_mm: float
    media_width_mm: float = 101.6
    media_height_mm: float = 152.4
    speed_ips: int = 4
    slew_ips: int = 6
    backfeed_ips: int = 2
    darkness: int = 0
    mode: PrintMode = PrintMode.TEAR_OFF
    tracking: Tracking = Tracking.GAP

    @property
    def dots_per_mm(self) -> float:
        """Dots in a millimetre of the head."""
        return dots_per_mm(self.dpi)


# Head widths and speeds: Zebra's data sheets of the ZD421 and ZT411. Speeds lie below the maximum: small bars
# stay sharp.
PROFILES: Final[dict[str, PrinterProfile]] = {
    profile.name: profile
    for profile in (
        PrinterProfile("zd421-203", "Zebra ZD421", 203, head_mm=104.0),
        PrinterProfile("zd421-300", "Zebra ZD421", 300, head_mm=108.0, speed_ips=3, slew_ips=4),
        PrinterProfile("zt411-203", "Zebra ZT411", 203, head_mm=104.0, speed_ips=6),
        PrinterProfile("zt411-300", "Zebra ZT411", 300, head_mm=104.0, speed_ips=5),
        PrinterProfile("virtual", "Pickwave virtual printer", 203, head_mm=104.0, speed_ips=6),
    )
}


def profile_named(name: str) -> PrinterProfile:
    """The profile of this name. Raises OutOfRange with the names that exist."""
    if name not in PROFILES:
        raise OutOfRange(f"Expected a printer profile ({', '.join(PROFILES)}), got {name!r}.")
    return PROFILES[name]
