"""Why: a site knows its bins' codes long before it has measured its floor; routes need a floor all the same.

What nobody measured is drawn plainly: aisles beside each other, bays one behind the other, odd ones on the right, and
as many cross-aisles as a walk needs, one in front and one behind. Whoever measures brings the numbers later. Pure.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import msgspec

from server.locations.layout import with_check_digits
from server.locations.schemas import Aisles, NewBin

AISLE_MM: Final = 3_000
"""From one aisle's middle to the next."""
BAY_MM: Final = 2_400
LEVEL_MM: Final = 600
REACH_MM: Final = 900
"""From an aisle's middle to a shelf."""
MARGIN_MM: Final = 1_200


def placed(plan: Aisles, new: NewBin, given: Collection[str]) -> tuple[Aisles, NewBin]:
    """A bin with its position on the floor, and the floor once it has that bin's aisle.

    `given` are the fields that somebody has said; the others are drawn.
    """
    if not new.aisle:
        return plan, _with_digits(new, given)
    if new.aisle not in plan.aisles:
        plan = _with_aisle(plan, new.aisle, new.x_mm if "x_mm" in given else None)
    front = min(plan.cross, default=0)
    x = new.x_mm if "x_mm" in given else plan.aisles[new.aisle] + _reach(new)
    y = new.y_mm if "y_mm" in given else front + MARGIN_MM + max(0, new.bay - 1) // 2 * BAY_MM
    z = new.z_mm if "z_mm" in given else _level(new.level) * LEVEL_MM
    return _with_depth(plan, y), _with_digits(msgspec.structs.replace(new, x_mm=x, y_mm=y, z_mm=z), given)


def _with_aisle(plan: Aisles, code: str, x: int | None) -> Aisles:
    taken = set(plan.aisles.values())
    at = x if x is not None else max(taken, default=0) + AISLE_MM
    while at in taken:
        at += 1
    depot = plan.depot if plan.aisles else (at, min(plan.cross, default=0))
    return msgspec.structs.replace(plan, aisles={**plan.aisles, code: at}, depot=depot)


def _with_depth(plan: Aisles, y: int) -> Aisles:
    """The floor, deep enough to walk to `y`: its last cross-aisle lies further back, its first further in front."""
    cross = sorted(plan.cross)
    if len(cross) < 2:
        first = min(cross[0] if cross else 0, y)
        return msgspec.structs.replace(plan, cross=[first, max(y, first) + MARGIN_MM])
    if y > cross[-1]:
        cross[-1] = y + MARGIN_MM
    if y < cross[0]:
        cross[0] = y
    return plan if cross == sorted(plan.cross) else msgspec.structs.replace(plan, cross=cross)


def _reach(new: NewBin) -> int:
    return {"right": REACH_MM, "left": -REACH_MM}.get(new.side, 0)


def _level(level: str) -> int:
    """Which level it is, from 0: A or 1 is the lowest."""
    if level.isascii() and level.isdigit():
        return max(0, min(int(level), 99) - 1)
    return ord(level) - ord("A") if len(level) == 1 and "A" <= level <= "Z" else 0


def _with_digits(new: NewBin, given: Collection[str]) -> NewBin:
    return new if "check_digits" in given else next(iter(with_check_digits([new], ())))
