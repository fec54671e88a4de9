"""Why: the labels of the warehouse, looked at as a scanner and as a person would."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from printers import BadSymbol, DoesNotFit, Label, Text, profile_named, sscc18
from printers.glyphs import width_of
from printers.templates.badge import Badge, badge_label
from printers.templates.bin import Bin, bin_label
from printers.templates.shipping import Address, Carton, Size, carton_label
from printers.templates.test_label import PrinterTest, printer_test_label
from printers.templates.tote import Tote, tote_label
from printers.units import to_mm
from printers.zpl import commands_in

CodesOn = Callable[[Label], list[tuple[str, str]]]

REAL = ("zd421-203", "zd421-300", "zt411-203", "zt411-300")


@pytest.mark.parametrize("name", REAL)
@pytest.mark.parametrize("size", list(Size))
def test_a_carton_label_scans_at_both_resolutions(name: str, size: Size, carton: Carton, codes_on: CodesOn) -> None:
    label = carton_label(profile_named(name), carton, size)
    assert codes_on(label) == [("]C0", carton.tracking), ("]C1", "00" + carton.sscc)]
    assert label.shortened() == ()
    assert label.unprintable() == ()


@pytest.mark.parametrize("name", REAL)
@pytest.mark.parametrize("size", list(Size))
@pytest.mark.parametrize(
    "service",
    ["Parcel", "Express, next day by noon", "Express, next working day by twelve, signed for by the receiver"],
)
def test_the_name_of_the_service_is_printed_whole(
    name: str, size: Size, service: str, carton: Carton, codes_on: CodesOn
) -> None:
    label = carton_label(profile_named(name), replace(carton, carrier="Blitz Express Germany", service=service), size)
    assert label.shortened() == ()
    assert codes_on(label) == [("]C0", carton.tracking), ("]C1", "00" + carton.sscc)]
    areas = dict(label.areas())
    (block,) = areas[next(part for part in areas if service[:20] in part)]
    assert to_mm(block.bottom, label.page.dpi) < 77


@pytest.mark.parametrize("name", REAL)
def test_the_sscc_keeps_the_sizes_of_gs1(name: str, carton: Carton) -> None:
    label = carton_label(profile_named(name), carton)
    dpi = label.page.dpi
    areas = dict(label.areas())
    bars, caption = areas[f"GS1-128 '(00) {carton.sscc}'"]
    module = (bars.right - bars.left) / 156
    assert module == {203: 4, 300: 6}[dpi]
    assert f"^BY{module:.0f},".encode() in label.zpl()
    assert 0.495 <= to_mm(1, dpi) * module <= 1.016
    assert to_mm(bars.bottom - bars.top, dpi) >= 32
    assert to_mm(caption.bottom - caption.top, dpi) >= 3
    assert bars.left >= 10 * module
    assert label.page.width - bars.right >= 10 * module
    others = [area for part, ink in label.areas() if "GS1" not in part for area in ink]
    assert bars.top > max(area.bottom for area in others)


def test_the_receiver_is_the_largest_text(carton: Carton) -> None:
    label = carton_label(profile_named("zd421-203"), carton)
    sizes = [int(parameters.split(b",")[1]) for code, parameters in commands_in(label.zpl()) if code == "^A0"]
    texts = [parameters.decode() for code, parameters in commands_in(label.zpl()) if code == "^FD"]
    by_text = dict(zip([text for text in texts if not text.startswith(">")], sizes, strict=True))
    assert by_text["Anna Example"] > by_text["Pickwave Lager, Industriestr. 5, 12345 Berlin, Germany"]
    assert by_text["80331 Munich, Germany"] >= by_text["Anna Example"]


def test_a_carton_label_survives_hostile_names(carton: Carton, hostile: tuple[str, ...], codes_on: CodesOn) -> None:
    wanted = [code for code, _ in commands_in(carton_label(profile_named("zd421-203"), carton).zpl())]
    for name in hostile:
        address = Address("A " + name, ("B " + name, "C " + name), "D " + name, "E " + name)
        bad = replace(carton, receiver=address, sender=address, service="F " + name, carrier="G " + name)
        label = carton_label(profile_named("zd421-203"), bad)
        assert [code for code, _ in commands_in(label.zpl())] == wanted


@given(st.lists(st.text(max_size=120), min_size=6, max_size=6))
@settings(max_examples=50)
def test_any_address_can_be_printed(words: list[str]) -> None:
    name, street, city, country, service, order = words
    address = Address(name, (street, street), city, country)
    strange = Carton(address, address, order, service, service, "R1", "1Z999AA10123456784", sscc18(0, "0614141", 1))
    for name in REAL:
        codes = [code for code, _ in commands_in(carton_label(profile_named(name), strange).zpl())]
        assert (codes.count("^XA"), codes.count("^XZ")) == (1, 1)
        assert all(code.startswith("^") for code in codes)


def test_what_a_hostile_name_cannot_do_is_also_seen_on_paper(carton: Carton, codes_on: CodesOn) -> None:
    name = "Bob^XZ~JR _5E >8 \\& {} " + "x" * 3000
    bad = replace(carton, receiver=Address(name, (name, name), name, name))
    assert codes_on(carton_label(profile_named("zd421-203"), bad))[-1] == ("]C1", "00" + carton.sscc)


def test_a_wrong_sscc_is_refused(carton: Carton) -> None:
    with pytest.raises(BadSymbol, match="Expected check digit 8"):
        carton_label(profile_named("zd421-203"), replace(carton, sscc="106141412345678907"))


def test_a_tracking_number_too_long_for_the_label_is_refused_with_sizes(carton: Carton) -> None:
    with pytest.raises(DoesNotFit, match=r"Code 128 '.*' needs 145\.8 mm with its quiet zones, got 101\.5 mm"):
        carton_label(profile_named("zd421-203"), replace(carton, tracking="ABCDEFGH" * 6))


@pytest.mark.parametrize("name", REAL)
@pytest.mark.parametrize(
    "code", ["B-A01-02-3", "B-A-01-03", "T-0001", "T-00012345", "P-ABCDEFGH1", "%CMD:DONE_1:X", "B-1", "S-PACK-1"]
)
def test_bins_totes_and_badges_scan_as_what_they_are(name: str, code: str, codes_on: CodesOn) -> None:
    profile = profile_named(name)
    labels = (
        bin_label(profile, Bin(code, code, "Zone A", "47")),
        tote_label(profile, Tote(code, "Pickwave")),
        badge_label(profile, Badge(code, "Anna Example", "Picker", "Berlin")),
    )
    for label in labels:
        assert codes_on(label) == [("]C0", code)]
        assert label.shortened() == ()


@pytest.mark.parametrize("name", REAL)
def test_the_test_label_shows_bars_of_every_width(name: str, codes_on: CodesOn) -> None:
    label = printer_test_label(profile_named(name), PrinterTest("Pack 1", "2025-11-24 20:00", "TEST-7"))
    assert codes_on(label) == [("]C0", "TEST-7")] * 3


def test_the_test_label_shrinks_to_small_stock(codes_on: CodesOn) -> None:
    label = printer_test_label(profile_named("zd421-203"), PrinterTest("Pack 1", "now", "T1"), 60, 45)
    assert codes_on(label) == [("]C0", "T1")]


@pytest.mark.parametrize("height", [14, 20, 26, 32, 52, 80])
@pytest.mark.parametrize("text", ["iiiiiiiiii", "Hamburgefonts 0123456789", "WWWWMMMM@@", "A01-02-3 (x) = 5 % z"])
def test_text_never_takes_more_room_than_was_reckoned(
    height: int, text: str, pixels_of: Callable[[Label], Any]
) -> None:
    label = Label(profile_named("zt411-203"), 104, 20)
    label.add(Text(0, 5, text, height_mm=height / 8))
    columns = (pixels_of(label) == 0).any(axis=0).nonzero()[0]
    assert columns.max() < width_of(text, height)
