"""Why: which carton is a question of geometry that the packer should not have to ask. Pure.

A carton is right when its goods' volume is at most its planned fill, the longest, middle and shortest side of each
item fit its own, and the weight is within its limit. The smallest right one is suggested; where none is, the goods
are divided, the largest pieces first, and each part again gets its smallest right one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Box(NamedTuple):
    """A carton type: inner sides in mm, what it weighs and may hold, and how full it may be planned."""

    code: str
    length_mm: int
    width_mm: int
    height_mm: int
    tare_g: int
    max_weight_g: int
    fill_percent: int

    @property
    def volume(self) -> int:
        """In mm³."""
        return self.length_mm * self.width_mm * self.height_mm


class Piece(NamedTuple):
    """`quantity` equal units: their sides in mm and the weight of one."""

    length_mm: int
    width_mm: int
    height_mm: int
    weight_g: int
    quantity: int

    @property
    def volume(self) -> int:
        """Of one unit, in mm³."""
        return self.length_mm * self.width_mm * self.height_mm


class Filled(NamedTuple):
    """A suggested carton: how full it gets and what its goods weigh. `fits`: False where nothing was big enough."""

    box: Box
    units: int
    fill_percent: int
    weight_g: int
    fits: bool = True


def suggest(pieces: Iterable[Piece], boxes: Iterable[Box]) -> list[Filled]:
    """The cartons for these goods, in packing order; empty where there are no goods or no cartons."""
    by_size = sorted(boxes, key=lambda box: (box.volume, box.code))
    units = _one_by_one(pieces)
    if not units or not by_size:
        return []
    parts = [units] if _smallest(units, by_size) else _divide(units, by_size)
    return [_filled(part, by_size) for part in parts]


def fill_percent(pieces: Iterable[Piece], box: Box) -> int:
    """How much of the box these goods take, in percent, rounded up."""
    volume = sum(piece.volume * piece.quantity for piece in pieces)
    return -(-100 * volume // box.volume) if box.volume else 0


def right(units: Sequence[Piece], box: Box) -> bool:
    """Whether these single units may go into this box together."""
    volume = sum(unit.volume for unit in units)
    weight = sum(unit.weight_g for unit in units)
    if volume * 100 > box.volume * box.fill_percent or weight > box.max_weight_g:
        return False
    return all(_goes_in(unit, box) for unit in units)


def _goes_in(unit: Piece, box: Box) -> bool:
    sides = sorted((unit.length_mm, unit.width_mm, unit.height_mm))
    inside = sorted((box.length_mm, box.width_mm, box.height_mm))
    return all(side <= room for side, room in zip(sides, inside, strict=True))


def _one_by_one(pieces: Iterable[Piece]) -> list[Piece]:
    single = [piece._replace(quantity=1) for piece in pieces for _ in range(piece.quantity)]
    return sorted(single, key=lambda unit: (-unit.volume, -max(unit[:3]), unit))


def _smallest(units: Sequence[Piece], by_size: Sequence[Box]) -> Box | None:
    return next((box for box in by_size if right(units, box)), None)


def _divide(units: list[Piece], by_size: Sequence[Box]) -> list[list[Piece]]:
    """Parts that each fit a box: the first unit that is left chooses the largest box that takes it."""
    parts: list[list[Piece]] = []
    rest = units
    while rest:
        box = next((each for each in reversed(by_size) if right(rest[:1], each)), None)
        part, left = [rest[0]], []
        for unit in rest[1:]:
            if box is not None and right([*part, unit], box):
                part.append(unit)
            else:
                left.append(unit)
        parts.append(part)
        rest = left
    return parts


def _filled(part: list[Piece], by_size: Sequence[Box]) -> Filled:
    box = _smallest(part, by_size)
    chosen = box or by_size[-1]
    weight = sum(unit.weight_g for unit in part)
    return Filled(chosen, len(part), fill_percent(part, chosen), weight, fits=box is not None)
