"""Draws an item's picture from its shape and three colours.

It exists so that 300 items have pictures without a single image file: a shape is a few primitives, and the same
primitives become SVG on a screen and vector graphics on a printed sheet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

WIDTH: Final = 40
HEIGHT: Final = 48

# What a primitive may be filled with: the item's body, cap and label, or one of three fixed tints.
FIXED: Final = {"w": "#ffffff", "k": "#2b2f36", "s": "#00000022"}


class Colours(NamedTuple):
    """The three colours of an item, as `#rrggbb`."""

    body: str
    cap: str
    label: str


class Part(NamedTuple):
    """One filled primitive: `r x y w h radius`, `c x y r` or an SVG path; `fill` is b, c, l or a key of FIXED."""

    fill: str
    draw: str


def _shape(*parts: str) -> tuple[Part, ...]:
    return tuple(Part(*part.split(" ", 1)) for part in parts)


# Drawn on a 40 × 48 board, the goods standing on y = 46. Later parts lie over earlier ones.
SHAPES: Final[dict[str, tuple[Part, ...]]] = {
    "carton": _shape(
        "b r 8 12 24 34 3", "c M8 13L14 4H26L32 13Z", "c r 14 2 12 4 1", "l r 12 22 16 15 2", "w c 20 29 4"
    ),
    "jar": _shape("c r 9 5 22 8 2", "b r 6 13 28 33 7", "l r 9 23 22 14 2", "w r 13 27 14 2 1", "w r 15 31 10 2 1"),
    "bag": _shape("b M8 8H32L35 46H5Z", "c M8 4H32V13H8Z", "l c 20 29 8", "w M16 29Q20 24 24 29Q20 34 16 29Z"),
    "pouch": _shape(
        "b M7 8Q20 11 33 8L35 42Q35 46 31 46H9Q5 46 5 42Z", "c r 6 4 28 6 2", "l c 20 31 9", "w r 12 15 16 3 1.5"
    ),
    "pillow": _shape(
        "b M6 6Q20 9 34 6Q31 26 34 46Q20 43 6 46Q9 26 6 6Z",
        "c M6 4L34 4V8Q20 10 6 8Z",
        "c M6 48L34 48V44Q20 42 6 44Z",
        "l c 20 27 9",
        "w r 12 14 16 3 1.5",
    ),
    "sack": _shape(
        "b M7 9Q3 28 6 46H34Q37 28 33 9Z",
        "c M9 3H31L33 10H7Z",
        "l r 10 20 20 17 3",
        "w r 14 25 12 2 1",
        "w r 14 30 8 2 1",
    ),
    "can": _shape("b r 7 7 26 39 4", "l r 7 14 26 25 0", "c r 7 5 26 5 2.5", "c r 7 43 26 4 2", "w c 20 26 6"),
    "tin": _shape(
        "b r 3 20 34 24 8", "l r 6 23 28 18 6", "c r 15 16 10 5 2.5", "w M11 32Q18 26 25 32L29 29V35L25 32Q18 38 11 32Z"
    ),
    "bottle": _shape(
        "b M16 10H24V15Q31 19 31 26V43Q31 46 28 46H12Q9 46 9 43V26Q9 19 16 15Z",
        "c r 15 2 10 9 2",
        "l r 9 27 22 13 0",
        "w r 13 31 14 2 1",
        "w r 15 35 10 2 1",
    ),
    "flask": _shape(
        "b M10 18Q10 14 14 14H26Q30 14 30 18V41Q30 46 25 46H15Q10 46 10 41Z",
        "c r 14 5 12 10 2",
        "l r 13 23 14 15 3",
        "w c 20 30 3.5",
    ),
    "pump": _shape(
        "b r 9 18 22 28 6",
        "c r 15 12 10 7 2",
        "c M18 6H22V13H18Z",
        "c M10 4H24V8H14V10H10Z",
        "l r 13 25 14 14 3",
        "w c 20 32 3.5",
    ),
    "spray": _shape(
        "b M13 20Q13 17 16 17H24Q31 20 31 28V43Q31 46 28 46H12Q9 46 9 43V28Q9 22 13 20Z",
        "c r 15 11 10 7 1",
        "c M8 4H27V12H14V9H8Z",
        "c M12 11L16 11Q15 16 11 17Z",
        "l r 12 29 16 11 2",
        "w r 15 33 10 2 1",
    ),
    "jug": _shape(
        "b M8 16Q8 12 12 12H20V8H27V12Q33 13 33 20V42Q33 46 29 46H11Q7 46 7 42Z",
        "c r 19 3 9 7 2",
        "s M27 18Q30 18 30 22V31Q30 34 27 34Z",
        "l r 10 24 15 16 2",
        "w c 17.5 31 4",
    ),
    "box": _shape(
        "b r 7 10 26 36 1.5", "c M7 10L11 4H29L33 10Z", "l r 11 18 18 20 2", "w c 20 26 5", "w r 14 33 12 2 1"
    ),
    "packet": _shape(
        "b r 4 18 32 26 2", "c r 4 18 32 7 2", "l c 20 34 7", "w r 11 20 18 3 1.5", "w M20 29L24 34L20 39L16 34Z"
    ),
    "bar": _shape(
        "b r 3 18 34 22 2",
        "l r 9 18 22 22 0",
        "c M3 18H8V40H3L5 36.3L3 32.7L5 29L3 25.3L5 21.7Z",
        "c M37 18H32V40H37L35 36.3L37 32.7L35 29L37 25.3L35 21.7Z",
        "w r 13 25 14 3 1.5",
        "w r 15 31 10 2 1",
    ),
    "cup": _shape(
        "b M7 14H33L29 44Q29 46 27 46H13Q11 46 11 44Z", "c r 5 9 30 6 2", "l M8.3 24H31.7L30 37H10Z", "w c 20 30 4"
    ),
    "tube": _shape(
        "b M9 4H31L27 38H13Z",
        "s M9 4H31V8H9Z",
        "c r 14 37 12 9 2",
        "l M11.5 14H28.5L27 29H13Z",
        "w r 15 18 10 2 1",
        "w r 16 22 8 2 1",
    ),
    "shaker": _shape(
        "b r 10 16 20 30 4",
        "c r 10 6 20 11 3",
        "w c 16 9 1",
        "w c 20 9 1",
        "w c 24 9 1",
        "l r 10 24 20 14 0",
        "w r 14 28 12 2 1",
        "w r 16 32 8 2 1",
    ),
    "sponge": _shape(
        "b r 4 18 32 26 4",
        "l r 4 18 32 9 4",
        "s c 11 34 2",
        "s c 19 38 2.5",
        "s c 27 33 2",
        "s c 31 39 1.5",
        "s c 21 31 1.3",
    ),
    "brush": _shape(
        "b r 17 4 6 22 3",
        "c r 10 24 20 8 3",
        "l M11 32H29L31 46H9Z",
        "s M15 34H16V45H15Z",
        "s M19.5 34H20.5V45H19.5Z",
        "s M24 34H25V45H24Z",
    ),
    "roll": _shape("b r 6 8 28 38 4", "c r 6 6 28 9 4.5", "s r 15 8 10 4 2", "l r 6 24 28 12 0", "w r 12 29 16 2 1"),
    "candle": _shape(
        "b r 10 18 20 28 3",
        "k r 19.3 12 1.4 7 0",
        "c M20 2Q25 8 22.5 12Q20 14 17.5 12Q15 8 20 2Z",
        "l r 10 30 20 10 0",
        "w c 20 35 3",
    ),
    "battery": _shape(
        "b r 5 12 14 34 3",
        "c r 5 12 14 10 3",
        "c r 9 8 6 5 1",
        "b r 21 12 14 34 3",
        "c r 21 12 14 10 3",
        "c r 25 8 6 5 1",
        "l r 5 29 14 8 0",
        "l r 21 29 14 8 0",
    ),
    "bulb": _shape(
        "b c 20 19 15", "b M12 30H28L25 38H15Z", "l c 20 19 9", "c r 14 36 12 8 2", "k r 17 43 6 3 1.5", "w c 15 14 3"
    ),
    "mug": _shape(
        "c M27 20H31Q38 20 38 28.5Q38 37 31 37H27V33H31Q34 33 34 28.5Q34 24 31 24H27Z",
        "b r 6 14 23 32 4",
        "s r 6 14 23 4 2",
        "l c 17.5 31 6",
    ),
    "bucket": _shape(
        "c M6 18Q20 -4 34 18H31Q20 1 9 18Z",
        "b M5 17H35L31 44Q31 46 29 46H11Q9 46 9 44Z",
        "s r 4 16 32 4 2",
        "l M8.5 27H31.5L30.4 36H9.6Z",
    ),
    "book": _shape(
        "b r 7 5 27 41 3",
        "c r 11 7 22 37 1",
        "b r 7 5 24 41 3",
        "s r 7 5 4 41 2",
        "l r 14 14 14 10 1.5",
        "w r 17 18 8 2 1",
    ),
    "card": _shape(
        "c r 4 14 32 28 2", "b r 5 15 30 26 1.5", "l M20 36Q9 28 12 22Q16 17 20 23Q24 17 28 22Q31 28 20 36Z"
    ),
}


def svg(shape: str, colours: Colours) -> str:
    """The picture as an SVG document of a few hundred characters; the same arguments give the same text."""
    body = "".join(_element(part, colours) for part in SHAPES[shape])
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">{body}</svg>'


def fill(part: Part, colours: Colours) -> str:
    """The part's colour as `#rrggbb` or `#rrggbbaa`."""
    own = {"b": colours.body, "c": colours.cap, "l": colours.label}
    return own.get(part.fill) or FIXED[part.fill]


def _element(part: Part, colours: Colours) -> str:
    colour = fill(part, colours)
    tint = f'fill="{colour[:7]}"' + (f' fill-opacity="{int(colour[7:], 16) / 255:.2f}"' if len(colour) > 7 else "")
    kind, *rest = part.draw.split()
    if kind == "r":
        x, y, width, height, radius = rest
        return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="{radius}" {tint}/>'
    if kind == "c":
        x, y, radius = rest
        return f'<circle cx="{x}" cy="{y}" r="{radius}" {tint}/>'
    return f'<path d="{part.draw}" {tint}/>'


_STEP = re.compile(r"([MLHVQZ])([^MLHVQZ]*)")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def path_steps(draw: str) -> Iterator[tuple[str, tuple[float, ...]]]:
    """A path as `("M" | "L" | "Q" | "Z", points)`, one segment each; H and V come out as L. Absolute letters only."""
    x = y = 0.0
    for letter, text in _STEP.findall(draw):
        numbers = [float(number) for number in _NUMBER.findall(text)]
        if letter == "Z":
            yield "Z", ()
        elif letter in "HV":
            x, y = (numbers[0], y) if letter == "H" else (x, numbers[0])
            yield "L", (x, y)
        else:
            x, y = numbers[-2], numbers[-1]
            yield letter, tuple(numbers)
