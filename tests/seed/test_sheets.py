"""What the sheets print can be scanned: the bars in the PDF are drawn into pictures and read back."""

from __future__ import annotations

import pytest

from printers.paper.sheet import EAN_13, Box, Sheet
from seed.data import load_demo
from seed.model import Demo
from seed.sheets import SECTIONS, sheets
from server.core.barcodes import parse
from server.setup.cards import COMMANDS
from tests.support.paper import pages, scanned


@pytest.fixture(scope="module")
def demo() -> Demo:
    return load_demo()


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
    assert sorted(scanned(sheets(demo, [section]))) == sorted(_printed(demo, section))


def test_every_command_is_read_from_the_command_card(demo: Demo) -> None:
    scans = [parse(text) for text in scanned(sheets(demo, ["commands"]))]
    assert {scan.kind for scan in scans} == {"command"}
    assert sorted(scan.code for scan in scans) == sorted(name for name, *_ in COMMANDS)
    assert {"DONE", "SHORT", "SKIP", "UNDO", "YES", "NO", "CLOSE", "NEW_CARTON", "REPRINT", "HELP"} <= {
        scan.code for scan in scans
    }


def test_an_aisle_fills_two_pages(demo: Demo) -> None:
    assert len(list(pages(sheets(demo, ["bins"])))) == 40


@pytest.mark.soak
def test_all_sections_are_printed_by_default_and_the_same_each_time(demo: Demo) -> None:
    pdf = sheets(demo)
    assert pdf == sheets(demo, reversed(list(SECTIONS)))
    assert len(list(pages(pdf))) == sum(len(list(pages(sheets(demo, [name])))) for name in SECTIONS)


def test_every_printed_word_is_in_the_fonts_reach(demo: Demo) -> None:
    words = [person.name for person in demo.people] + [item.name_en for item in demo.items]
    words += [text for zone in demo.zones for text in (zone.name_en, zone.name_de)] + [demo.warehouse.name]
    assert "".join(words).encode("cp1252").decode("cp1252") == "".join(words)


def test_an_unknown_section_is_refused(demo: Demo) -> None:
    with pytest.raises(ValueError, match="got maps"):
        sheets(demo, ["maps", "bins"])


def test_bars_too_fine_for_a_printer_are_refused(demo: Demo) -> None:
    with pytest.raises(ValueError, match=r"Expected at least 0\.24 mm a bar, got 0\.09 for '9520000000011'"):
        Sheet("t", "t").bars(EAN_13, "9520000000011", Box(0, 0, 30, 20))
