"""Pictures are small, well-formed drawings that hold nothing but shapes."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from seed.data import load_demo
from seed.pictures import HEIGHT, SHAPES, WIDTH, Colours, path_steps, svg

SVG = "{http://www.w3.org/2000/svg}"
COLOURS = Colours("#112233", "#445566", "#778899")


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_a_shape_is_a_small_drawing_of_plain_elements(shape: str) -> None:
    text = svg(shape, COLOURS)
    root = ElementTree.fromstring(text)
    assert len(text) < 1_000
    assert root.tag == f"{SVG}svg"
    assert {child.tag.removeprefix(SVG) for child in root} <= {"rect", "circle", "path"}
    assert all(child.get("fill", "").startswith("#") for child in root)


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_a_shape_shows_all_three_colours(shape: str) -> None:
    shown = {child.get("fill") for child in ElementTree.fromstring(svg(shape, COLOURS))}
    assert shown & set(COLOURS) >= {COLOURS.body, COLOURS.label}


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_a_shape_stays_on_its_board(shape: str) -> None:
    for part in SHAPES[shape]:
        kind, *rest = part.draw.split()
        if kind == "r":
            x, y, width, height, _ = map(float, rest)
            corners = [(x, y), (x + width, y + height)]
        elif kind == "c":
            x, y, radius = map(float, rest)
            corners = [(x - radius, y - radius), (x + radius, y + radius)]
        else:
            corners = [(points[-2], points[-1]) for _, points in path_steps(part.draw) if points]
        assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in corners)


def test_path_steps_spell_out_lines_and_curves() -> None:
    steps = list(path_steps("M1 2H5V-3.5Q6 7 8 9L1 1Z"))
    assert steps == [
        ("M", (1.0, 2.0)),
        ("L", (5.0, 2.0)),
        ("L", (5.0, -3.5)),
        ("Q", (6.0, 7.0, 8.0, 9.0)),
        ("L", (1.0, 1.0)),
        ("Z", ()),
    ]


def test_the_same_item_has_the_same_picture() -> None:
    first, again = load_demo().items[0], load_demo().items[0]
    assert first.picture_svg == again.picture_svg
    assert "<svg " in first.picture_svg
