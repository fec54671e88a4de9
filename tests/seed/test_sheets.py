"""What the sheets print can be scanned: the bars in the PDF are drawn into pictures and read back."""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterator

import numpy as np
import pytest
import zxingcpp
from numpy.typing import NDArray
from reportlab.lib.pagesizes import A4

from seed.data import load_demo
from seed.model import Demo
from seed.sheets import COMMANDS, EAN_13, SECTIONS, Box, Sheet, sheets
from server.core.barcodes import parse

DOTS = 200 / 72  # pixels a point: what a scanner at arm's length makes of a page


@pytest.fixture(scope="module")
def demo() -> Demo:
    return load_demo()


def _pages(pdf: bytes) -> Iterator[str]:
    """The drawing commands of each page."""
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        yield zlib.decompress(base64.a85decode(b"<~" + stream.strip(), adobe=True)).decode("cp1252")


def _picture(page: str) -> NDArray[np.uint8]:
    """The page with its black rectangles only: the bars. Everything else on the sheets is in another colour."""
    width, height = round(A4[0] * DOTS), round(A4[1] * DOTS)
    pixels = np.full((height, width), 255, dtype=np.uint8)
    black = False
    for colour, rect in re.findall(r"([\d.]+ [\d.]+ [\d.]+) rg|(-?[\d.]+ -?[\d.]+ [\d.]+ [\d.]+) re", page):
        if colour:
            black = colour == "0 0 0"
        elif black:
            x, y, w, h = (float(number) * DOTS for number in rect.split())
            pixels[round(height - y - h) : round(height - y), round(x) : round(x + w)] = 0
    return pixels


def _scanned(pdf: bytes) -> list[str]:
    return [code.text for page in _pages(pdf) for code in zxingcpp.read_barcodes(_picture(page))]


def _printed(demo: Demo, section: str) -> list[str]:
    real = [place for place in demo.places if not place.nowhere]
    told = {
        "badges": [person.badge for person in demo.people],
        "stations": [station.barcode for station in demo.stations] + [f"B-{place.code}" for place in real],
        "carts": [cart.code for cart in demo.carts],
        "totes": list(demo.totes.codes),
        "items": [barcode.gtin for barcode in demo.barcodes],
        "bins": [f"B-{spot.code}" for spot in demo.bins],
    }
    return told[section]


@pytest.mark.parametrize("section", [name for name in SECTIONS if name != "commands"])
def test_every_barcode_of_a_section_is_read_from_its_pages(demo: Demo, section: str) -> None:
    assert sorted(_scanned(sheets(demo, [section]))) == sorted(_printed(demo, section))


def test_every_command_is_read_from_the_command_card(demo: Demo) -> None:
    scans = [parse(text) for text in _scanned(sheets(demo, ["commands"]))]
    assert {scan.kind for scan in scans} == {"command"}
    assert sorted(scan.code for scan in scans) == sorted(name for name, _, _ in COMMANDS)
    assert {"DONE", "SHORT", "SKIP", "UNDO", "YES", "NO", "CLOSE", "NEW_CARTON", "REPRINT", "HELP"} <= {
        scan.code for scan in scans
    }


def test_an_aisle_fills_two_pages(demo: Demo) -> None:
    assert len(list(_pages(sheets(demo, ["bins"])))) == 40


def test_all_sections_are_printed_by_default_and_the_same_each_time(demo: Demo) -> None:
    pdf = sheets(demo)
    assert pdf == sheets(demo, reversed(list(SECTIONS)))
    assert len(list(_pages(pdf))) == sum(len(list(_pages(sheets(demo, [name])))) for name in SECTIONS)


def test_every_printed_word_is_in_the_fonts_reach(demo: Demo) -> None:
    words = [person.name for person in demo.people] + [item.name_en for item in demo.items]
    words += [text for zone in demo.zones for text in (zone.name_en, zone.name_de)] + [demo.warehouse.name]
    assert "".join(words).encode("cp1252").decode("cp1252") == "".join(words)


def test_an_unknown_section_is_refused(demo: Demo) -> None:
    with pytest.raises(ValueError, match="got maps"):
        sheets(demo, ["maps", "bins"])


def test_bars_too_fine_for_a_printer_are_refused(demo: Demo) -> None:
    with pytest.raises(ValueError, match=r"Expected at least 0\.24 mm a bar, got 0\.09 for '9520000000011'"):
        Sheet(demo).bars(EAN_13, "9520000000011", Box(0, 0, 30, 20))
