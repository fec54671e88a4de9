"""Why: a barcode says exactly what it should, or is refused before it is printed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from printers import BadSymbol, Code128, Ean13, Gs1128, Qr, check_digit, gtin, has_check_digit, sscc18
from printers.symbologies import ALLOWED, FNC1, element_string

digits = st.text("0123456789", min_size=1, max_size=30)
code128_data = st.text(sorted(ALLOWED), min_size=2, max_size=48) | st.text("0123456789", min_size=2, max_size=48)


def read_as_printer(written: str) -> tuple[str, int]:
    """The data and the symbol characters that a printer makes of ^BC data in mode N."""
    code_set, rest = {">:": "B", ">;": "C"}[written[:2]], written[2:]
    data, symbols = "", 0
    while rest:
        if rest[0] == ">":
            assert rest[:2] in (">6", ">8"), "our previews draw a switch from B to C wrongly"
            assert rest[:2] != ">6" or len(rest) > 3, "our previews lose a single last character after a switch"
            code_set = {">6": "B"}.get(rest[:2], code_set)
            data += FNC1 if rest[:2] == ">8" else ""
            taken = 2
        elif code_set == "C":
            taken = 2
            assert len(rest) >= 2
            assert rest[:2].isdigit(), "a printer drops what is no pair in code set C"
            data += rest[:2]
        else:
            taken = 1
            data += rest[0]
        rest, symbols = rest[taken:], symbols + 1
    return data, symbols


@given(code128_data)
def test_a_printer_reads_the_data_back_from_every_code_128(data: str) -> None:
    symbol = Code128(data)
    read, symbols = read_as_printer(symbol.written())
    assert read == data
    assert symbol.modules() == 11 * (symbols + 2) + 13


@given(code128_data)
def test_code_sets_never_cost_more_than_plain_letters(data: str) -> None:
    assert Code128(data).modules() <= 11 * (len(data) + 2) + 13


@pytest.mark.parametrize(
    ("data", "written"),
    [
        ("12", ">;12"),
        ("123456", ">;123456"),
        ("B-A01-02-3", ">:B-A01-02-3"),
        ("12345", ">:12345"),
        ("1234567", ">;1234>6567"),
        ("1234AB56", ">;1234>6AB56"),
        ("12AB", ">:12AB"),
        ("T-00012345", ">:T-00012345"),
    ],
)
def test_digits_are_packed_where_it_pays(data: str, written: str) -> None:
    assert Code128(data).written() == written


@pytest.mark.parametrize("count", range(3, 48, 2))
def test_an_odd_digit_is_never_lost(count: int) -> None:
    data = "1234567890" * 5
    assert read_as_printer(Code128(data[:count]).written())[0] == data[:count]


@pytest.mark.parametrize("bad", [">8", "A^XZ", "~JR", "ä", "", "A", "1" * 49, "a\x1db", "a\\b", "a,b"])
def test_code_128_refuses_what_a_printer_could_misread(bad: str) -> None:
    with pytest.raises(BadSymbol, match="Expected"):
        Code128(bad)


def test_the_check_digit_is_the_one_of_the_specification() -> None:
    assert check_digit("10614141234567890") == "8"
    assert check_digit("629104150021") == "3"


@given(digits)
def test_one_wrong_digit_is_always_noticed(body: str) -> None:
    whole = body + check_digit(body)
    assert has_check_digit(whole)
    for place, digit in enumerate(whole):
        wrong = whole[:place] + str((int(digit) + 1) % 10) + whole[place + 1 :]
        assert not has_check_digit(wrong)


@given(st.integers(0, 9), st.text("0123456789", min_size=4, max_size=12), st.data())
def test_an_sscc_has_eighteen_digits_and_its_check_digit(extension: int, gcp: str, data: st.DataObject) -> None:
    serial = data.draw(st.integers(0, 10 ** (16 - len(gcp)) - 1))
    sscc = sscc18(extension, gcp, serial)
    assert len(sscc) == 18
    assert has_check_digit(sscc)
    assert sscc.startswith(f"{extension}{gcp}")
    assert int(sscc[1 + len(gcp) : -1]) == serial


@pytest.mark.parametrize(
    ("extension", "gcp", "serial", "message"),
    [
        (10, "0614141", 1, "Expected an extension digit from 0 to 9, got 10"),
        (0, "061", 1, "Expected a GS1 company prefix of 4 to 12 digits, got 3"),
        (0, "06a4141", 1, "Expected digits only, got '06a4141'"),
        (0, "0614141", 10**9, "Expected a serial from 0 to 999999999"),
        (0, "0614141", -1, "got -1"),
        (0, "٠٦١٤", 1, "Expected digits only"),
    ],
)
def test_a_wrong_part_of_an_sscc_is_named(extension: int, gcp: str, serial: int, message: str) -> None:
    with pytest.raises(BadSymbol, match=message):
        sscc18(extension, gcp, serial)


def test_a_gtin_with_a_wrong_check_digit_says_which_was_wanted() -> None:
    assert gtin("4006381333931") == "4006381333931"
    with pytest.raises(BadSymbol, match="Expected check digit 1 at the end of the GTIN 4006381333932, got 2"):
        gtin("4006381333932")


def test_an_sscc_is_encoded_as_fnc1_and_pairs_of_digits() -> None:
    symbol = Gs1128((("00", "106141412345678908"),))
    assert symbol.written() == ">;>800106141412345678908"
    assert symbol.modules() == 156
    assert symbol.caption == "(00) 106141412345678908"


def test_a_separator_stands_after_open_values_only() -> None:
    elements = (("01", "04006381333931"), ("10", "LOT-1"), ("17", "261231"), ("21", "SN7"))
    assert element_string(elements) == f"010400638133393110LOT-1{FNC1}1726123121SN7"


open_elements = st.tuples(st.sampled_from(["10", "21", "400"]), st.text("AB12-", min_size=1, max_size=12))


@given(st.lists(open_elements, min_size=1, max_size=3))
def test_a_printer_reads_gs1_data_back_with_its_separators(elements: list[tuple[str, str]]) -> None:
    symbol = Gs1128(tuple(elements))
    read, symbols = read_as_printer(symbol.written())
    assert read == symbol.data
    assert symbol.modules() == 11 * (symbols + 2) + 13


@pytest.mark.parametrize(
    ("elements", "message"),
    [
        ((), "at least one element string"),
        ((("99", "x"),), "application identifier"),
        ((("00", "106141412345678907"),), "Expected check digit 8"),
        ((("10", "a>8"),), "expected 1 to 20 letters"),
        ((("10", "x" * 20), ("21", "y" * 20), ("400", "z" * 20)), "at most 48 characters"),
        ((("17", "2612"),), r"\(17\): expected 6 digits, got '2612'"),
    ],
)
def test_bad_element_strings_are_named(elements: tuple[tuple[str, str], ...], message: str) -> None:
    with pytest.raises(BadSymbol, match=message):
        Gs1128(elements)


def test_an_ean_13_shows_the_digit_that_the_printer_adds() -> None:
    assert Ean13("400638133393").caption == Ean13("4006381333931").caption == "4006381333931"
    with pytest.raises(BadSymbol, match="Expected check digit 1"):
        Ean13("4006381333930")


def test_a_qr_code_takes_an_address_and_no_command() -> None:
    assert Qr("https://pick.example/join?t=a_b-1").written() == "MA,https://pick.example/join?t=a_b-1"
    for bad in ("a^XZ", "~JR", "a>b", "ä", "x" * 214):
        with pytest.raises(BadSymbol):
            Qr(bad)
