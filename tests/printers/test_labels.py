"""Why: what would print badly is refused while it is still a list of parts."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from printers import (
    Barcode,
    Box,
    Code128,
    DoesNotFit,
    Ean13,
    Gs1128,
    Label,
    Line,
    OutOfRange,
    Qr,
    Text,
    profile_named,
)
from printers.glyphs import Readable, readable, width_of
from printers.wrap import wrap
from printers.zpl import commands_in


@pytest.fixture
def label() -> Label:
    return Label(profile_named("zd421-203"), 100, 50)


def test_every_setting_that_outlives_a_job_is_set_in_every_label(label: Label) -> None:
    codes = [code for code, _ in commands_in(label.zpl())]
    assert codes[0] == "^XA"
    assert codes[-1] == "^XZ"
    assert {"^CI", "^PW", "^LL", "^LH", "^MM", "^MN", "^PR", "^MD", "^PQ", "^MU", "^FW", "^PO", "^LR"} <= set(codes)
    assert b"^CI28" in label.zpl()
    assert b"^PW800^LL400^LH0,0^MMT^MNY^PR4,6,2^MD0" in label.zpl()


def test_a_label_wider_than_the_head_ends_at_the_head() -> None:
    assert Label(profile_named("zd421-203"), 105, 148).page.width == 832


def test_copies_are_few_enough_for_a_slip_of_the_keyboard(label: Label) -> None:
    assert b"^PQ3,0,0,N" in label.zpl(copies=3)
    with pytest.raises(OutOfRange, match="expected 1 to 1000 as number 1, got 5000"):
        label.zpl(copies=5000)


@pytest.mark.parametrize(
    ("element", "message"),
    [
        (Text(90, 2, "x", width_mm=20), "needs 110.0 mm from the left, got 100.0 mm"),
        (Text(2, 48, "x", height_mm=4), "needs 52.0 mm from the top, got a label of 50.0 mm"),
        (Text(-1, 2, "x"), "must begin on the label, got x -1.0 mm"),
        (Text(2, 2, "x", height_mm=0.5), "Expected text at least 1.5 mm high, got 0.5 mm"),
        (Barcode(Code128("B-A01-02-3"), y_mm=5, x_mm=0), "must begin on the label"),
        (Barcode(Code128("A" * 40), y_mm=5), "must begin on the label"),
        (Barcode(Code128("AB"), y_mm=45, height_mm=10), "needs 55.0 mm from the top"),
        (Barcode(Code128("A" * 10), y_mm=5, module_mm=0.25, caption_mm=8), "at 8 mm height"),
        (Box(1, 1, 100, 10), "Box needs 101.0 mm"),
        (Line(1, 1, 60, vertical=True), "Line needs 61.0 mm"),
        (Text(2, 2, "A-01-02-3-4-5-6", height_mm=20, whole=True), "must be printed whole"),
    ],
)
def test_what_does_not_fit_is_refused_with_wanted_and_got(
    label: Label, element: Text | Barcode | Box | Line, message: str
) -> None:
    before = label.zpl()
    with pytest.raises(DoesNotFit, match=re.escape(message)):
        label.add(element)
    assert label.zpl() == before


def test_nothing_may_stand_in_a_quiet_zone_whichever_comes_first(label: Label) -> None:
    code = Barcode(Code128("T-0001"), y_mm=10, height_mm=20, x_mm=20)
    label.add(code)
    with pytest.raises(DoesNotFit, match=r"Line must stay out of the quiet zone of Code 128 'T-0001'\."):
        label.add(Line(17, 15, 1))
    other = Label(profile_named("zd421-203"), 100, 50)
    other.add(Line(17, 15, 1))
    with pytest.raises(DoesNotFit, match="Line must stay out of the quiet zone"):
        other.add(code)


def test_a_frame_may_stand_around_a_barcode(label: Label) -> None:
    label.add(Box(1, 1, 98, 48), Barcode(Code128("T-0001"), y_mm=10, height_mm=20))


def test_a_refused_part_takes_those_before_it_back(label: Label) -> None:
    before = label.zpl()
    with pytest.raises(DoesNotFit):
        label.add(Text(2, 2, "good"), Text(2, 60, "bad"))
    assert label.zpl() == before


def test_long_text_is_cut_visibly_and_reported(label: Label) -> None:
    label.add(Text(2, 2, "word " * 200, lines=2))
    assert b"..." in label.zpl()
    assert label.shortened() == ("Text 'word word word word word word ...'",)


def test_text_without_anything_visible_leaves_no_field(label: Label) -> None:
    before = label.zpl()
    label.add(Text(2, 2, "\u202e \x00"))
    assert label.zpl() == before


def test_letters_that_the_printer_lacks_are_reported_never_dropped(label: Label) -> None:
    label.add(Text(2, 2, "Li 李 Wei 🎉"))
    assert b"Li ? Wei ?" in label.zpl()
    (missing,) = label.unprintable()
    assert missing.characters == ("李", "🎉")


def test_a_code_that_must_be_whole_takes_no_question_marks(label: Label) -> None:
    with pytest.raises(DoesNotFit, match="in letters that the printer has"):
        label.add(Text(2, 2, "架-01", whole=True))


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Пётр Ильич Щукин", "Pyotr Ilich Shchukin"),
        ("Александра Ђорђевић", "Aleksandra Djordjevic"),
        ("Ελένη Παπαδοπούλου", "Eleni Papadopoyloy"),
        ("Nguyễn Thị Hương", "Nguyen Thi Huong"),
        ("Łódź, Çağrı, Šárka, Ünal, Ø", "Łódź, Çağrı, Šárka, Ünal, Ø"),
        ("a\u00a0b → c № 5 ﬁ", "a b -> c No. 5 fi"),
        ("C:\\temp", "C:/temp"),
        ("“quoted” – and …", "“quoted” – and …"),
    ],
)
def test_other_alphabets_are_spelled_in_letters_of_the_printer(text: str, printed: str) -> None:
    spelled = readable(text)
    assert spelled.text == printed
    assert spelled.missing == ()


@given(st.text(max_size=200))
def test_whatever_is_missing_is_marked_on_the_label(text: str) -> None:
    spelled = readable(text)
    assert spelled.text.count("?") >= len(spelled.missing)
    assert readable(spelled.text) == Readable(spelled.text)


@given(st.text("abc W.i-", max_size=120), st.integers(20, 400), st.integers(12, 60), st.integers(1, 4))
def test_no_line_is_wider_than_its_block(text: str, width: int, height: int, lines: int) -> None:
    wrapped = wrap(readable(text).text, width, height, lines)
    assert len(wrapped.lines) <= lines
    widest = width_of("W", height) + width_of("...", height)
    assert all(width_of(line, height) <= max(width, widest) for line in wrapped.lines)
    if not wrapped.shortened:
        assert "".join(wrapped.lines).replace(" ", "") == readable(text).text.replace(" ", "")


def test_the_bars_of_each_kind_are_written_with_their_own_width(label: Label) -> None:
    label.add(
        Barcode(Code128("T-0001"), y_mm=2, height_mm=8),
        Barcode(Ean13("4006381333931"), y_mm=12, height_mm=8),
        Barcode(Gs1128((("10", "L1"),)), y_mm=22, height_mm=8, x_mm=10),
        Barcode(Qr("https://a.example/1"), y_mm=22, module_mm=0.5, x_mm=70),
    )
    shapes = [code + parameters.decode() for code, parameters in commands_in(label.zpl()) if code[1] == "B"]
    assert shapes == [
        "^BY3,3,64", "^BCN,64,N,N,N", "^BY3,3,64", "^BEN,64,N,N", "^BY3,3,64", "^BCN,64,N,N,N",
        "^BY4,3,1", "^BQN,2,4,M",
    ]  # fmt: skip
