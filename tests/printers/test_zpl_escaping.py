"""Why: whatever a customer is called, a label holds exactly the commands that we wrote."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from printers import Label, OutOfRange, Text, profile_named
from printers.zpl import (
    LETTERS,
    MAX_FIELD_BYTES,
    MAX_INPUT_CHARACTERS,
    RANGES,
    block,
    clean,
    command,
    commands_in,
    escape,
    field,
)

any_text = st.text(max_size=300) | st.text("^~_\\&>XZJRA0 \n\x1b\u202e", max_size=80)


def plain(escaped: bytes) -> str:
    """What the printer makes of field data under ^FH_."""
    return re.sub(rb"_([0-9A-F]{2})", lambda found: bytes([int(found[1], 16)]), escaped).decode("utf-8")


def unescaped(text: str) -> str:
    """`plain` of the escaped text."""
    return plain(escape(text))


@given(any_text)
def test_escaped_text_holds_no_command_character(text: str) -> None:
    escaped = escape(text)
    assert not set(escaped) & {ord(char) for char in "^~\\\r\n\x1b"}


@given(any_text)
def test_the_printer_reads_back_the_cleaned_text(text: str) -> None:
    assert unescaped(text) == clean(text)


@given(st.text("^~_\\é漢🎉a", min_size=1, max_size=400), st.integers(0, 60))
def test_a_cut_never_falls_within_an_escape_or_a_letter(text: str, room: int) -> None:
    escaped = escape(text, room)
    assert len(escaped) <= room
    assert clean(text).startswith(plain(escaped))


@given(any_text)
def test_a_field_is_three_commands_whatever_it_says(text: str) -> None:
    assert [code for code, _ in commands_in(field(text))] == ["^FH", "^FD", "^FS"]


@given(st.lists(any_text, min_size=1, max_size=6))
def test_a_block_is_three_commands_with_our_line_breaks_only(lines: list[str]) -> None:
    written = block(lines)
    assert [code for code, _ in commands_in(written)] == ["^FH", "^FD", "^FS"]
    assert written.count(b"\\&") == len(lines) - 1
    assert len(written) <= MAX_FIELD_BYTES + len(b"^FH_^FD^FS")


@given(any_text, any_text)
def test_a_name_can_never_become_a_command(first: str, second: str) -> None:
    label = Label(profile_named("virtual"), 100, 60)
    quiet = Label(profile_named("virtual"), 100, 60)
    label.add(Text(2, 2, "a" + first, lines=3), Text(2, 30, "a" + second))
    quiet.add(Text(2, 2, "a", lines=3), Text(2, 30, "a"))
    assert [code for code, _ in commands_in(label.zpl())] == [code for code, _ in commands_in(quiet.zpl())]


def test_hostile_names_leave_the_commands_of_a_harmless_label(hostile: tuple[str, ...]) -> None:
    harmless = Label(profile_named("virtual"), 100, 60)
    harmless.add(Text(2, 2, "Bob"))
    wanted = [code for code, _ in commands_in(harmless.zpl())]
    for name in hostile:
        label = Label(profile_named("virtual"), 100, 60)
        label.add(Text(2, 2, "Bob " + name))
        assert [code for code, _ in commands_in(label.zpl())] == wanted
        assert label.zpl().count(b"^XZ") == 1


def test_text_is_cut_before_anything_looks_at_it() -> None:
    assert len(clean("x" * 1_000_000)) == MAX_INPUT_CHARACTERS


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("  a \t\n b ", "a b"),
        ("\u202eabc\u202c", "abc"),
        ("e\u0301", "é"),
        ("a\u2028b", "a b"),
        ("\ufeffzero\u200bwidth\u00ad", "zerowidth"),
        ("\ud800x", "x"),
    ],
)
def test_what_nobody_sees_is_taken_out(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


def test_a_number_outside_its_range_is_refused_with_wanted_and_got() -> None:
    with pytest.raises(OutOfRange, match=r"\^PW: expected 2 to 65535 as number 1, got 0\."):
        command("PW", 0)


@pytest.mark.parametrize(
    ("code", "parameters"),
    [("PQ", (1001, 0, 0, "N")), ("FO", (1,)), ("MM", ("T^XZ",)), ("JR", ()), ("PW", (True,)), ("MM", ("",))],
)
def test_only_listed_commands_with_listed_parameters_are_written(code: str, parameters: tuple[Any, ...]) -> None:
    with pytest.raises(OutOfRange):
        command(code, *parameters)


@pytest.mark.parametrize("code", sorted(set(RANGES) - {"A0", "BQ"}))
def test_our_ranges_lie_within_those_of_the_specification(code: str, command_spec: Callable[[str], Any]) -> None:
    numbers = [each for each in command_spec(code)["args"] if each["type"] in ("int", "float") and "range" in each]
    for (low, high), wanted in zip(RANGES[code], numbers, strict=False):
        assert wanted["range"][0] <= low <= high <= wanted["range"][1]


@pytest.mark.parametrize("code", sorted(LETTERS))
def test_our_letters_are_letters_of_the_specification(code: str, command_spec: Callable[[str], Any]) -> None:
    enums = [each["enum"] for each in command_spec(code)["args"] if each["type"] == "enum"]
    known = {each["value"] if isinstance(each, dict) else each for enum in enums for each in enum}
    assert not known or set("".join(LETTERS[code])) <= known
