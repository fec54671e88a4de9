"""Whatever file somebody brings is read to its end, and what is wrong has a row."""

from __future__ import annotations

import io

import pytest

from server.integrations.reading import MOST_ROW, Layout, Row, Rows, Unreadable, Utf8, guess, written


def rows(data: bytes, wanted: str = "") -> list[Row]:
    utf8 = Utf8()
    utf8.feed(data, last=True)
    return list(Rows(io.BytesIO(data), guess(data, is_utf8=utf8.holds, wanted=wanted)))


def cells(data: bytes) -> list[list[str]]:
    return [list(row.cells) for row in rows(data)]


@pytest.mark.parametrize(
    ("encoding", "named", "assumed"),
    [
        ("utf-8", "utf-8", False),
        ("utf-8-sig", "utf-8", False),
        ("utf-16", "utf-16", False),
        ("cp1252", "windows-1252", True),
    ],
)
def test_umlauts_are_read_in_every_encoding_and_a_guess_is_told(encoding: str, named: str, assumed: bool) -> None:
    data = "name;ort\r\nJürgen;Köln\r\n".encode(encoding)
    utf8 = Utf8()
    utf8.feed(data, last=True)
    assert guess(data, is_utf8=utf8.holds) == Layout(named, ";", assumed=assumed)
    assert cells(data) == [["name", "ort"], ["Jürgen", "Köln"]]


def test_big_endian_with_its_mark_is_read_too() -> None:
    assert cells(b"\xfe\xff" + "a,b\nß,ü\n".encode("utf-16-be")) == [["a", "b"], ["ß", "ü"]]


def test_an_umlaut_cut_in_two_by_the_pieces_of_an_upload_is_utf8_still() -> None:
    utf8, data = Utf8(), "Köln".encode()
    for at in range(len(data)):
        utf8.feed(data[at : at + 1], last=at + 1 == len(data))
    assert utf8.holds


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_the_one_of_the_first_line_outside_its_quotes(separator: str) -> None:
    other = ";" if separator == "," else ","
    data = f'"a{other}{other}{other}"{separator}b\r\n1{separator}2'.encode()
    assert cells(data)[1] == ["1", "2"]


def test_quotes_hold_separators_line_breaks_and_quotes() -> None:
    assert cells(b'a,b\r\n"1,""2""\r\n3",x\r\n') == [["a", "b"], ['1,"2"\r\n3', "x"]]


def test_an_open_quote_costs_its_own_row_and_no_other() -> None:
    found = rows(b'a,b\n1,"2\n3,4\n5,6\n')
    assert [(row.number, row.fault, list(row.cells)) for row in found[1:]] == [
        (2, "quote_wrong", []), (3, "", ["3", "4"]), (4, "", ["5", "6"]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (b"x" * (MOST_ROW * 3), "row_too_long"),
        (b'"' + b"x\n" * 3000, "row_too_long"),
        (b"," * 500, "too_many_cells"),
        (b"1\x002,3", "nul"),
        (b"x" * 80_000 + b",1", "cell_too_long"),
    ],
    ids=["line", "quote", "cells", "nul", "cell"],
)
def test_an_absurd_row_is_a_fault_and_the_next_one_is_read(wrong: bytes, why: str) -> None:
    found = rows(b"a,b\n" + wrong + b"\n1,2\n")
    assert found[1].fault == why
    assert list(found[-1].cells) == ["1", "2"]


def test_a_file_cut_in_the_middle_of_a_quote_ends_with_a_fault() -> None:
    assert rows(b'a,b\n1,2\n3,"fo')[-1].fault == "quote_wrong"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b" \r\n", "file_empty"),
        (b"PK\x03\x04" + bytes(range(256)), "file_binary"),
        (bytes(range(32)) * 9, "file_binary"),
    ],
)
def test_what_is_no_text_is_told(data: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as told:
        guess(data, is_utf8=False)
    assert told.value.code == code


@pytest.mark.parametrize("cell", ["=1+1", "+49", "-1", "@SUM(A1)", "\tx"])
def test_what_we_write_is_no_formula(cell: str) -> None:
    assert written([[cell, "x"]]).startswith(("'" + cell, "\"'" + cell))
