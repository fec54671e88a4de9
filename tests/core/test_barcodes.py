"""A barcode is read alike on the server, on the device and by a library that others keep."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import msgspec
import pytest
from biip.gs1_messages import GS1Message
from hypothesis import given
from hypothesis import strategies as st

from server.core import barcodes

CASES = json.loads((Path(__file__).parents[1] / "cases" / "barcodes.json").read_text())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:40])
def test_every_shared_case_is_read_as_on_the_device(case: dict[str, object]) -> None:
    read = msgspec.to_builtins(barcodes.parse(str(case["text"])))
    wanted = {name: value for name, value in case.items() if name not in ("text", "note")}
    assert {name: read.get(name, "") for name in wanted} == wanted


@given(st.text(max_size=250))
def test_no_text_breaks_the_parser(text: str) -> None:
    assert barcodes.parse(text).kind in get_args(barcodes.Kind)


@given(st.from_regex(r"[0-9]{13}", fullmatch=True), st.from_regex(r"[A-Z0-9]{1,20}", fullmatch=True))
def test_an_element_string_is_read_as_biip_reads_it(body: str, lot: str) -> None:
    gtin = body + barcodes.check_digit(body)
    text = f"01{gtin}1727043010{lot}"
    scan = barcodes.parse(f"]C1{text}")
    theirs = {each.ai.ai: each.value for each in GS1Message.parse(text).element_strings}
    assert (scan.kind, scan.code, scan.lot, scan.expiry) == ("item", theirs["01"], theirs["10"], "2027-04-30")


@given(
    st.text(alphabet=barcodes.ALPHABET, min_size=8, max_size=8),
    st.integers(0, 7),
    st.sampled_from(barcodes.ALPHABET),
)
def test_one_wrong_character_in_a_badge_is_noticed(body: str, place: int, other: str) -> None:
    good = barcodes.badge(body)
    assert barcodes.parse(good).kind == "badge"
    wrong = good[: 2 + place] + other + good[3 + place :]
    assert wrong == good or (ord(other) - ord(body[place])) % 31 == 0 or barcodes.parse(wrong).kind == "unknown"
