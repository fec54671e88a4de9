"""Why: what goes wrong with printers, by name, so that a test or a visitor can make it happen."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Fault(StrEnum):
    """One thing that is wrong with the virtual printer."""

    PAPER_OUT = "paper-out"
    HEAD_OPEN = "head-open"
    RIBBON_OUT = "ribbon-out"
    PAUSED = "paused"
    OFFLINE = "offline"
    SLOW = "slow"
    DROP = "drop"
    DROP_AFTER = "drop-after"
    HANG = "hang"


MEANING: Final[dict[Fault, str]] = {
    Fault.PAPER_OUT: "no labels left: takes jobs, prints nothing",
    Fault.HEAD_OPEN: "the cover is open: takes jobs, prints nothing",
    Fault.RIBBON_OUT: "no ribbon left: takes jobs, prints nothing",
    Fault.PAUSED: "paused: takes jobs, prints nothing until ~PS",
    Fault.OFFLINE: "refuses connections",
    Fault.SLOW: "every label takes three seconds longer",
    Fault.DROP: "breaks the connection within a job, before its end; keeps the part it got",
    Fault.DROP_AFTER: "takes and prints one job, then breaks every connection before it answers",
    Fault.HANG: "accepts connections and bytes, answers nothing, prints nothing",
}

STOPS_PRINTING: Final = frozenset(
    {Fault.PAPER_OUT, Fault.HEAD_OPEN, Fault.RIBBON_OUT, Fault.PAUSED, Fault.OFFLINE, Fault.HANG}
)

SILENCES_OLD_FIRMWARE: Final = frozenset({Fault.PAPER_OUT, Fault.HEAD_OPEN, Fault.RIBBON_OUT})
"""Conditions in which older firmware does not answer ~HS at all (ZPL II Programming Guide, ~HS)."""

SLOW_SECONDS: Final = 3.0


def fault_named(name: str | None) -> Fault | None:
    """The fault of this name; None and "none" mean that all is well. Raises ValueError with the names."""
    if name is None or name == "none":
        return None
    try:
        return Fault(name)
    except ValueError:
        known = ", ".join(Fault)
        raise ValueError(f"Expected a fault ({known}) or none, got {name!r}.") from None
