"""Why: a site knows its bins' codes long before it has measured its floor; routes need a floor all the same.

What nobody measured is drawn plainly: aisles beside each other, bays one behind the other, odd ones on the right, and
as many cross-aisles as a walk needs, one in front and one behind. Whoever measures brings the numbers later. Pure.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final

import msgspec

from server.locations.schemas import Aisles, NewBin

LEVELS: Final = "ABCDEFGHJ"
"""From the lowest; without I, which reads as a one."""
NEAR: Final = 12
"""So many bins around one have other check digits than it, so that nobody reads them off the neighbour."""


class Shelving(msgspec.Struct, frozen=True):
    """How plain shelving is drawn, in whole millimetres.

    `aisle`: from one aisle's middle to the next; `reach`: from there to a shelf; `front`: from a cross-aisle to the
    middle of the first bay.
    """

    aisle: int = 3_000
    bay: int = 2_400
    level: int = 600
    reach: int = 900
    front: int = 1_200


PLAIN: Final = Shelving()
"""As good as any where nobody has said anything."""


def placed(plan: Aisles, new: NewBin, given: Collection[str], shelving: Shelving = PLAIN) -> tuple[Aisles, NewBin]:
    """A bin with its position on the floor, and the floor once it has that bin's aisle.

    `given` are the fields that somebody has said; the others are drawn.
    """
    if not new.aisle:
        return plan, _with_digits(new, given)
    if new.aisle not in plan.aisles:
        plan = _with_aisle(plan, new.aisle, new.x_mm if "x_mm" in given else None, shelving)
    front = min(plan.cross, default=0)
    x = new.x_mm if "x_mm" in given else plan.aisles[new.aisle] + _side(new) * shelving.reach
    y = new.y_mm if "y_mm" in given else front + shelving.front + max(0, new.bay - 1) // 2 * shelving.bay
    z = new.z_mm if "z_mm" in given else _level(new.level) * shelving.level
    standing = msgspec.structs.replace(new, x_mm=x, y_mm=y, z_mm=z)
    return _with_depth(plan, y, shelving.front), _with_digits(standing, given)


def _with_aisle(plan: Aisles, code: str, x: int | None, shelving: Shelving) -> Aisles:
    taken = set(plan.aisles.values())
    at = x if x is not None else max(taken, default=0) + shelving.aisle
    while at in taken:
        at += 1
    depot = plan.depot if plan.aisles else (at, min(plan.cross, default=0))
    return msgspec.structs.replace(plan, aisles={**plan.aisles, code: at}, depot=depot)


def _with_depth(plan: Aisles, y: int, margin: int) -> Aisles:
    """The floor, deep enough to walk to `y`: its last cross-aisle lies further back, its first further in front.

    None is added: a cross-aisle reaches over all aisles, so one that ends a short aisle runs through a long one.
    """
    cross = sorted(plan.cross)
    if len(cross) < 2:
        first = min(cross[0] if cross else 0, y)
        return msgspec.structs.replace(plan, cross=[first, max(y, first) + margin])
    if y > cross[-1]:
        cross[-1] = y + margin
    if y < cross[0]:
        cross[0] = y
    return plan if cross == sorted(plan.cross) else msgspec.structs.replace(plan, cross=cross)


def _side(new: NewBin) -> int:
    return {"right": 1, "left": -1}.get(new.side, 0)


def _level(level: str) -> int:
    """Which level it is, from 0: A or 1 is the lowest."""
    if level.isascii() and level.isdigit():
        return max(0, min(int(level), 99) - 1)
    return ord(level) - ord("A") - (level > "I") if len(level) == 1 and "A" <= level <= "Z" else 0


def _with_digits(new: NewBin, given: Collection[str]) -> NewBin:
    return new if "check_digits" in given else next(iter(with_check_digits([new], ())))


def with_check_digits(bins: Iterable[NewBin], recent: Sequence[str]) -> Iterator[NewBin]:
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
