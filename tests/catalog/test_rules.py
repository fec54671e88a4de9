"""What an item may be, and which drawings are only drawings: pure."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seed.pictures import SHAPES, Colours
from seed.pictures import svg as drawn
from server.catalog import rules
from server.catalog.schemas import NewBarcode, NewItem

ITEM = NewItem(
    sku="40-0182", names={"en": "Almond drink", "de": "Mandeldrink"}, weight_g=1060, length_mm=70, width_mm=70,
    height_mm=200, barcodes=[NewBarcode(code="4006381333931")],
)  # fmt: skip
PLAIN = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9" fill="#fff"/></svg>'


def fields(**changes: object) -> set[str]:
    return {fault.field for fault in rules.faults(msgspec.structs.replace(ITEM, **changes))}


def test_a_right_item_has_no_fault() -> None:
    assert fields() == set()
    assert fields(picture_svg=PLAIN) == set()


def test_every_fault_is_listed_at_its_field() -> None:
    assert fields(
        sku="a b", names={"de": ""}, weight_g=-1, length_mm=10_001, tracking="some", velocity="Z", uom="heap",
        currency="eur", price_minor=-5, picture_svg="<b/>",
        barcodes=[NewBarcode(code="4006381333932", uom="heap", quantity=0)],
    ) == {
        "sku", "names.en", "names.de", "weight_g", "length_mm", "tracking", "velocity", "uom", "currency",
        "price_minor", "picture_svg", "barcodes[0].code", "barcodes[0].uom", "barcodes[0].quantity",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("code", "canonical"),
    [
        ("96385074", "00000096385074"),
        ("036000291452", "00036000291452"),
        ("4006381333931", "04006381333931"),
        ("14006381333938", "14006381333938"),
        ("I-SCREW-M4", "I-SCREW-M4"),
        ("i-screw-m4", "I-SCREW-M4"),
        ("4006381333930", None),
        ("B-A01-01-A", None),
        ("0104006381333931 10L1", None),
        ("", None),
    ],
)
def test_barcodes_have_one_form_and_a_right_check_digit(code: str, canonical: str | None) -> None:
    assert rules.canonical(code) == canonical


@pytest.mark.parametrize(
    "bad",
    [
        PLAIN.replace("<rect", "<script>alert(1)</script><rect"),
        PLAIN.replace("<rect", '<rect onload="alert(1)"'),
        PLAIN.replace("<rect", '<image href="https://example.com/x.png"/><rect'),
        PLAIN.replace("<rect", "<foreignObject/><rect"),
        PLAIN.replace("<rect", "<style>*{}</style><rect"),
        PLAIN.replace("<rect", '<use href="#x"/><rect'),
        PLAIN.replace("#fff", "url(https://example.com/x)"),
        PLAIN.replace("#fff", "javascript:alert(1)"),
        PLAIN.replace("<rect", '<a href="/x"><g/></a><rect'),
        '<!DOCTYPE svg [<!ENTITY a "b">]>' + PLAIN,
        PLAIN.replace("<rect", "<!-- --><rect"),
        PLAIN.replace("</svg>", ""),
        PLAIN.replace("http://www.w3.org/2000/svg", "urn:other"),
        "<html/>",
        "",
        "x" * (rules.MOST_SVG + 1),
    ],
)
def test_a_picture_that_could_do_more_than_be_looked_at_is_refused(bad: str) -> None:
    assert rules.unsafe(bad)


def test_a_gradient_of_its_own_is_allowed() -> None:
    assert rules.unsafe(PLAIN.replace("#fff", "url(#sky)")) is None


@given(st.text())
def test_no_text_breaks_the_look_at_a_picture(text: str) -> None:
    rules.unsafe(text)
    rules.unsafe(PLAIN.replace("#fff", text))


@pytest.mark.parametrize("shape", SHAPES)
def test_the_demos_pictures_are_only_drawings(shape: str) -> None:
    assert rules.unsafe(drawn(shape, Colours("#a8b96a", "#d9b13f", "#5f8a3a"))) is None


def test_another_picture_is_another_version() -> None:
    assert rules.version(PLAIN) == rules.version(PLAIN) != rules.version(PLAIN + " ")
