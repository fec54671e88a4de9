"""Why: warehouses of one company share one row of SSCCs, and none of them may wait for another at each carton.

A company prefix leaves 10 extension digits and what its length leaves of the serial: a row of numbers, cut into blocks.
A warehouse takes a block in the core stream, then counts in it alone; so two never give out the same, whatever their
numbers are, and a long prefix is used to its end. A block of which a number is given is left out: where a prefix was
corrected, 401234 to 4012340, the rows of both have blocks in common.
"""

from __future__ import annotations

from typing import Final

from printers.symbologies import sscc18

BLOCK: Final = 100
"""Numbers that a warehouse takes at once."""
EXTENSION: Final = 3
"""The extension digit of the first number; the others follow when its serials are used up."""
FEW: Final = 10
"""From the last tenth on a person is warned."""


def counter(gcp: str) -> str:
    """The name of a prefix's counters: in the core stream of blocks taken, in a warehouse's of its last number."""
    return f"sscc {gcp}"


def blocks(gcp: str) -> int:
    """So many blocks are there of a company prefix."""
    return int(10 * 10 ** (16 - len(gcp)) // BLOCK)


def begins_block(place: int) -> bool:
    """Whether this place (1, 2, …) is the first of a block, which is to be taken before the place is."""
    return place % BLOCK == 1


def first_of(block: int) -> int:
    """The first place of a block (0, 1, …)."""
    return block * BLOCK + 1


def sscc(gcp: str, place: int) -> str:
    """The SSCC at a place of the row."""
    round_, serial = divmod(place - 1, int(10 ** (16 - len(gcp))))
    return sscc18((EXTENSION + round_) % 10, gcp, serial)


def ends(gcp: str, block: int) -> tuple[str, str]:
    """The first and the last SSCC of a block (0, 1, …)."""
    return sscc(gcp, first_of(block)), sscc(gcp, first_of(block) + BLOCK - 1)


def left(gcp: str, taken: int) -> int:
    """So many SSCCs can still be taken."""
    return max(blocks(gcp) - taken, 0) * BLOCK


def few(gcp: str, taken: int) -> bool:
    """Whether it is time to get another company prefix."""
    return left(gcp, taken) * FEW < blocks(gcp) * BLOCK
