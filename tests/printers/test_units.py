"""Why: a layout in millimetres must be the same size from every head."""

from __future__ import annotations

import pytest

from printers import PROFILES, OutOfRange, profile_named
from printers.units import to_dots, to_mm, whole_dots


@pytest.mark.parametrize(
    ("mm", "dpi", "dots"), [(32, 203, 256), (0.5, 203, 4), (0.5, 300, 6), (10, 300, 118), (0.0625, 203, 1)]
)
def test_millimetres_become_the_dots_of_the_real_head(mm: float, dpi: int, dots: int) -> None:
    assert to_dots(mm, dpi) == dots


@pytest.mark.parametrize(
    ("mm", "dpi", "dots"), [(101.6, 203, 812), (152.4, 203, 1219), (101.6, 300, 1198), (104, 203, 832)]
)
def test_a_label_is_never_a_dot_longer_than_its_paper(mm: float, dpi: int, dots: int) -> None:
    assert whole_dots(mm, dpi) == dots
    assert to_mm(dots, dpi) <= mm


def test_an_unknown_head_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(OutOfRange, match=r"Expected a head of 203 or 300 dpi, got 600\."):
        to_dots(1, 600)


def test_every_profile_can_print_four_inches() -> None:
    assert set(PROFILES) == {"zd421-203", "zd421-300", "zt411-203", "zt411-300", "virtual"}
    assert all(profile.head_mm >= 101.6 for profile in PROFILES.values())


def test_an_unknown_profile_is_refused_by_name() -> None:
    with pytest.raises(OutOfRange, match="got 'zx81'"):
        profile_named("zx81")
