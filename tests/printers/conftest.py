"""Why: what several printer tests need: samples of labels, a picture that a scanner reads, the shared fixtures."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zxingcpp
from zplkit import Options, render

from printers import Label, sscc18
from printers.templates.shipping import Address, Carton

SHARED = Path(__file__).parents[3] / "shared" / "data" / "zpl"

HOSTILE = (
    "Bob^XZ~JR",
    "_5EXZ",
    ">8A>;12",
    "Line one\\&line two",
    "^XZ^XA^JUF^XZ",
    "^CC+^CT!^CD;",
    '! U1 setvar "device.reset" ""\r\n',
    "Zoë 🎉 emoji",
    "\u202eesrever\u202c \u2066isolate\u2069",
    "x" * 3000,
    "漢字 only",
    "Пётр Ильич",
    "\x00\x01\x1b\x7f\x9b",
    "\ud800 half a pair",
    "~" * 500,
)

Codes = list[tuple[str, str]]

# Settings of the machine, which a renderer has none of.
_MACHINE = re.compile(rb"\^(?:MU|MM|MN|PR|MD|PQ)[^\^]*")


def draw_pixels(label: Label) -> Any:
    """The label as rows of dots, 0 is black. Drawn by a renderer that knows the glyphs of a real printer."""
    page = label.page
    options = Options(profile="zd621", width=page.width, height=page.height, dpi=page.dpi)
    drawn = render(_MACHINE.sub(b"", label.zpl()), options).labels[0].rasterize()
    return np.frombuffer(drawn.pixels, dtype=np.uint8).reshape(drawn.height, drawn.width)


def scan(pixels: Any) -> Codes:
    """What a scanner reads in a picture: (symbology identifier, text), from top to bottom."""
    found = zxingcpp.read_barcodes(pixels, text_mode=zxingcpp.TextMode.Plain)
    found.sort(key=lambda code: code.position.top_left.y)
    return [(code.symbology_identifier, code.text) for code in found]


@pytest.fixture
def pixels_of() -> Callable[[Label], Any]:
    return draw_pixels


@pytest.fixture
def codes_on() -> Callable[[Label], Codes]:
    return lambda label: scan(draw_pixels(label))


@pytest.fixture
def hostile() -> tuple[str, ...]:
    return HOSTILE


@pytest.fixture
def carton() -> Carton:
    return Carton(
        sender=Address("Pickwave Lager", ("Industriestr. 5",), "12345 Berlin", "Germany"),
        receiver=Address("Anna Example", ("Long Lane 12", "2nd floor"), "80331 Munich", "Germany"),
        order_number="10012345",
        carrier="Parcelco",
        service="Express 24",
        routing="MUC-07-A",
        tracking="1Z999AA10123456784",
        sscc=sscc18(1, "0614141", 234567890),
        number=1,
        count=3,
    )


@pytest.fixture
def contract() -> Callable[[str], Any]:
    return lambda name: json.loads(_shared(f"host-status/contracts/fixtures/{name}").read_text("utf-8"))


@pytest.fixture
def command_spec() -> Callable[[str], Any]:
    def read(code: str) -> Any:
        name = {"A0": "A", "FD": "FD-^FV"}.get(code, code)
        return json.loads(_shared(f"spec/commands/^{name}.jsonc").read_text("utf-8"))["commands"][0]

    return read


def _shared(path: str) -> Path:
    place = SHARED / path
    if not place.is_file():
        pytest.skip(f"Needs the shared data, which is not here: {place}")
    return place
