"""Why: most shelving is a block of equal aisles; who says how many gets bins with codes, points and check digits.

Bins are named as on the demo's floor: `A07-03-B` is aisle, bay, level. Odd bays stand on the right hand of who walks
away from the front, even ones on the left. Bin order is an S through the aisles: up the odd ones, down the even ones.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from server.locations.schemas import Aisles, Layout, NewBin

WALKWAY_MM: Final = 1500
"""Between the last shelf and the cross-aisle in front of it."""
LEVELS: Final = "ABCDEFGHJ"
"""Without I, which reads as a one."""
NEAR: Final = 12
"""So many bins around one have other check digits than it, so that nobody reads them off the neighbour."""
STEP: Final = 10
"""Between two numbers of bin order: room for a bin that comes later."""

SPECIAL: Final = (
    NewBin(code="RECEIVING-1", type="receiving"),
    NewBin(code="STAGE-1", type="staging"),
    NewBin(code="QUARANTINE-1", type="quarantine"),
    NewBin(code="RETURNS-1", type="returns"),
    NewBin(code="DOCK-1", type="dock"),
    NewBin(code="FLOOR", type="cart"),
    NewBin(code="SUPPLIER", type="supplier"),
    NewBin(code="CUSTOMER", type="customer"),
    NewBin(code="ADJUST", type="adjustment"),
    NewBin(code="SCRAP", type="scrap"),
)
"""What every warehouse has from its first minute: the places where goods come in and leave, in fact or in the books."""

EMPTY: Final = Aisles({}, [], (0, 0))
"""A floor without an aisle."""


class Block(msgspec.Struct, frozen=True):
    """What a layout comes to: the whole floor with it, and its bins in bin order."""

    floor: Aisles
    bins: list[NewBin]


def special_bins() -> list[NewBin]:
    """The places that every warehouse has, those one can stand at with check digits."""
    return list(with_check_digits([msgspec.structs.replace(each) for each in SPECIAL], ()))


def lay_out(layout: Layout, floor: Aisles, last: int) -> Block:
    """The block to the right of what stands there; `last` is the highest number of bin order so far."""
    floor = _widened(layout, floor)
    names = [aisle_name(layout.first + at) for at in range(layout.aisles)]
    faces = [each for at, name in enumerate(names) for each in _aisle(layout, floor, name, down=at % 2 == 1)]
    numbered = [msgspec.structs.replace(each, sequence=last + STEP * at) for at, each in enumerate(faces, 1)]
    return Block(floor, list(with_check_digits(numbered, ())))


def aisle_name(number: int) -> str:
    """How the aisle with this number is called: A07."""
    return f"A{number:02d}"


def _widened(layout: Layout, floor: Aisles) -> Aisles:
    """The floor with the block's aisles and a cross-aisle at either end of them; an aisle that is there stays."""
    right = max(floor.aisles.values(), default=0)
    new = [name for at in range(layout.aisles) if (name := aisle_name(layout.first + at)) not in floor.aisles]
    aisles = {**floor.aisles, **{name: right + layout.aisle_distance_mm * at for at, name in enumerate(new, 1)}}
    deep = 2 * WALKWAY_MM + _positions(layout) * layout.bay_width_mm
    cross = sorted({*(floor.cross or [0]), deep}) if deep > max(floor.cross, default=0) else floor.cross
    depot = floor.depot if floor.aisles else (min(aisles.values()), cross[0])
    return Aisles(aisles, cross, depot)


def _positions(layout: Layout) -> int:
    """Shelf fields on one side of an aisle."""
    return (layout.bays + 1) // 2


def _aisle(layout: Layout, floor: Aisles, aisle: str, *, down: bool) -> Iterator[NewBin]:
    """The bins of an aisle as one passes them."""
    places = range(1, _positions(layout) + 1)
    for place in reversed(places) if down else places:
        for bay in (2 * place - 1, 2 * place):
            if bay > layout.bays:
                continue
            for level in range(layout.levels):
                yield _bin(layout, floor.aisles[aisle], aisle, bay, level)


def _bin(layout: Layout, x_mm: int, aisle: str, bay: int, level: int) -> NewBin:
    right = bay % 2 == 1
    aside = layout.aisle_distance_mm // 4
    return NewBin(
        code=f"{aisle}-{bay:02d}-{LEVELS[level]}",
        zone=layout.zone,
        aisle=aisle,
        bay=bay,
        level=LEVELS[level],
        side="right" if right else "left",
        x_mm=x_mm + (aside if right else -aside),
        y_mm=WALKWAY_MM + ((bay + 1) // 2 - 1) * layout.bay_width_mm + layout.bay_width_mm // 2,
        z_mm=level * layout.level_height_mm,
    )


def with_check_digits(bins: Sequence[NewBin], recent: Sequence[str]) -> Iterator[NewBin]:
    """The bins, each without digits given two (10 to 99) that none of the last ones has; the same each time.

    A bin that is only in the books has none: nobody stands before it.
    """
    seen = list(recent)
    for each in bins:
        digits = each.check_digits
        if not digits and each.type not in ("cart", "supplier", "customer", "adjustment", "scrap"):
            digits = _digits(each.code, seen)
        seen = [*seen, digits][-NEAR:]
        yield msgspec.structs.replace(each, check_digits=digits)


def _digits(code: str, taken: Sequence[str]) -> str:
    start = int.from_bytes(hashlib.sha256(code.encode()).digest()[:4])
    return next(text for at in range(90) if (text := str(10 + (start + 7 * at) % 90)) not in taken)
