"""Why: most shelving is a block of equal aisles; who says how many gets bins with codes, points and check digits.

It is drawn as a bin of a file is (`growing`), only with lengths that somebody has said. Bins are named as on the
demo's floor: `A07-03-B` is aisle, bay, level. Odd bays stand on the right hand of who walks
away from the front, even ones on the left. Bin order is an S through the aisles: up the odd ones, down the even ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, Literal

import msgspec

from server.locations import growing
from server.locations.growing import Shelving
from server.locations.schemas import Aisles, Layout, NewBin

WALKWAY_MM: Final = 1500
"""Between the last shelf and the cross-aisle in front of it."""
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
_DRAWN: Final = ("check_digits",)
"""What is not said of a face by whoever draws it: its digits follow, they depend on the neighbours'."""


def special_bins() -> list[NewBin]:
    """The places that every warehouse has, those one can stand at with check digits."""
    return list(growing.with_check_digits([msgspec.structs.replace(each) for each in SPECIAL], ()))


def grown(layout: Layout, floor: Aisles) -> Aisles:
    """The floor with the block to the right of what stands there; an aisle that is there stays."""
    for name in _aisles(layout):
        floor, _ = growing.placed(floor, _face(layout, name, layout.bays, 0), _DRAWN, _shelving(layout))
    return floor


def bins(layout: Layout, floor: Aisles, last: int) -> Iterator[NewBin]:
    """The bins of the block in bin order on a floor that has `grown`, each made when it is asked for.

    `last` is the highest number of bin order so far.
    """
    faces = (face for at, name in enumerate(_aisles(layout)) for face in _aisle(layout, name, down=at % 2 == 1))
    shelving = _shelving(layout)
    standing = (growing.placed(floor, face, _DRAWN, shelving)[1] for face in faces)
    numbered = (msgspec.structs.replace(each, sequence=last + STEP * at) for at, each in enumerate(standing, 1))
    return growing.with_check_digits(numbered, ())


def count(layout: Layout) -> int:
    """So many bins it has."""
    return layout.aisles * layout.bays * layout.levels


def ends(layout: Layout) -> tuple[str, str]:
    """The lowest and the highest code."""
    names = _aisles(layout)
    return _code(names[0], 1, 0), _code(names[-1], layout.bays, layout.levels - 1)


def of_block(layout: Layout, codes: Iterable[str]) -> int:
    """How many of these different codes are bins of the block."""
    faces = {_code("", bay, level) for bay in range(1, layout.bays + 1) for level in range(layout.levels)}
    names = set(_aisles(layout))
    return sum(code[:3] in names and code[3:] in faces for code in codes)


def _aisles(layout: Layout) -> list[str]:
    return [aisle_name(layout.first + at) for at in range(layout.aisles)]


def aisle_name(number: int) -> str:
    """How the aisle with this number is called: A07."""
    return f"A{number:02d}"


def _shelving(layout: Layout) -> Shelving:
    return Shelving(
        aisle=layout.aisle_distance_mm,
        bay=layout.bay_width_mm,
        level=layout.level_height_mm,
        reach=layout.aisle_distance_mm // 4,
        front=WALKWAY_MM + layout.bay_width_mm // 2,
    )


def _aisle(layout: Layout, aisle: str, *, down: bool) -> Iterator[NewBin]:
    """The faces of an aisle as one passes them."""
    places = range(1, (layout.bays + 1) // 2 + 1)
    for place in reversed(places) if down else places:
        for bay in (2 * place - 1, 2 * place):
            if bay <= layout.bays:
                yield from (_face(layout, aisle, bay, level) for level in range(layout.levels))


def _face(layout: Layout, aisle: str, bay: int, level: int) -> NewBin:
    side: Literal["left", "right"] = "right" if bay % 2 == 1 else "left"
    return NewBin(
        code=_code(aisle, bay, level), zone=layout.zone, aisle=aisle, bay=bay, level=growing.LEVELS[level], side=side
    )


def _code(aisle: str, bay: int, level: int) -> str:
    return f"{aisle}-{bay:02d}-{growing.LEVELS[level]}"
