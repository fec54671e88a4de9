"""A floor that nobody measured is drawn so that tours can be walked on it."""

from __future__ import annotations

from server.locations.growing import placed
from server.locations.schemas import Aisles, NewBin
from server.locations.service import _grid

PLAN = Aisles({"A01": 1000, "A02": 4000}, [0, 6000, 12000], (1000, 0))


def test_a_bin_in_a_new_aisle_stands_beside_the_last_one() -> None:
    plan, new = placed(PLAN, NewBin(code="A03-03-B", aisle="A03", bay=3, level="B", side="right"), set())
    assert (plan.aisles["A03"], new.x_mm, new.y_mm, new.z_mm) == (7000, 7900, 3600, 600)
    assert plan.cross == PLAN.cross
    assert len(new.check_digits) == 2


def test_the_floor_is_as_deep_as_its_deepest_bay() -> None:
    plan, new = placed(PLAN, NewBin(code="A01-19-A", aisle="A01", bay=19, level="A"), set())
    assert plan.cross[:2] == PLAN.cross[:2]
    assert plan.cross[-1] > new.y_mm > 12000


def test_what_was_measured_stays_as_it_is() -> None:
    given = NewBin(code="A02-01-A", aisle="A02", bay=1, x_mm=3100, y_mm=2700, z_mm=5, check_digits="7")
    assert placed(PLAN, given, {"x_mm", "y_mm", "z_mm", "check_digits"}) == (PLAN, given)


def test_an_empty_floor_becomes_one_that_is_walked_on() -> None:
    plan = Aisles({}, [], (0, 0))
    for code in ("A01-01-A", "A01-12-A", "A02-03-A"):
        plan, _ = placed(plan, NewBin(code=code, aisle=code[:3], bay=int(code[4:6])), set())
    ground = _grid(plan)
    assert ground is not None
    assert len(ground.floor.aisle_x) == 2


def test_a_place_beside_the_aisles_changes_no_floor() -> None:
    plan, place = placed(PLAN, NewBin(code="PACK-1", type="pack"), set())
    assert plan == PLAN
    assert (place.x_mm, place.aisle, len(place.check_digits)) == (0, "", 2)
