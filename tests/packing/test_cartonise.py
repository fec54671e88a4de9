"""Which carton is suggested: the smallest right one, or several."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from server.packing.cartonise import Box, Piece, suggest

S = Box("S", 200, 150, 100, 90, 3000, 85)
M = Box("M", 300, 220, 150, 190, 8000, 85)
L = Box("L", 400, 300, 350, 480, 20_000, 85)
LONG = Box("B", 760, 260, 200, 520, 12_000, 85)
BOXES = [L, S, LONG, M]


def _codes(*pieces: Piece) -> list[str]:
    return [filled.box.code for filled in suggest(pieces, BOXES)]


def test_the_smallest_box_that_holds_the_volume_is_suggested() -> None:
    assert _codes(Piece(100, 80, 60, 500, 1)) == ["S"]
    assert _codes(Piece(100, 80, 60, 400, 5)) == ["S"]
    assert _codes(Piece(100, 80, 60, 400, 6)) == ["M"]


def test_a_long_item_needs_a_long_box_however_thin_it_is() -> None:
    assert _codes(Piece(700, 20, 20, 200, 1)) == ["B"]
    assert _codes(Piece(20, 20, 700, 200, 1)) == ["B"]


def test_what_is_too_heavy_for_a_box_goes_into_a_larger_one() -> None:
    assert _codes(Piece(50, 50, 50, 3001, 1)) == ["M"]


def test_what_no_box_holds_alone_is_divided_and_each_part_gets_its_own_smallest_box() -> None:
    filled = suggest([Piece(100, 100, 100, 5000, 5)], BOXES)
    assert [(each.box.code, each.units) for each in filled] == [("L", 4), ("M", 1)]


def test_an_item_that_fits_nowhere_is_told() -> None:
    (only,) = suggest([Piece(2000, 100, 100, 500, 1)], BOXES)
    assert (only.box.code, only.fits) == ("L", False)


def test_nothing_needs_nothing() -> None:
    assert suggest([], BOXES) == []
    assert suggest([Piece(1, 1, 1, 1, 1)], []) == []


_PIECES = st.builds(
    Piece, st.integers(1, 500), st.integers(1, 400), st.integers(1, 400), st.integers(0, 9000), st.integers(1, 8)
)


@given(st.lists(_PIECES, min_size=1, max_size=5))
def test_every_unit_lies_in_exactly_one_carton_and_a_right_carton_is_never_overfull(pieces: list[Piece]) -> None:
    filled = suggest(pieces, BOXES)
    assert sum(each.units for each in filled) == sum(piece.quantity for piece in pieces)
    for each in filled:
        if each.fits:
            assert each.fill_percent <= each.box.fill_percent
            assert each.weight_g <= each.box.max_weight_g
    assert suggest(list(reversed(pieces)), list(reversed(BOXES))) == filled
