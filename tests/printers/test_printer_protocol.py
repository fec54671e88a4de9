"""Why: what a printer says is read right in whatever pieces it arrives, and nonsense is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from printers import BadAnswer
from printers.protocol import (
    PLAIN_WORDS,
    AnswerReader,
    Condition,
    Frame,
    HostStatus,
    StatusReader,
    Value,
    ask_variable,
    read_count,
    read_host_status,
    read_identity,
)

READY = b"\x02030,0,0,1245,000,0,0,0,000,0,0,0\x03\r\n\x02000,0,0,0,0,2,4,0,00000000,1,000\x03\r\n\x021234,0\x03\r\n"


def status(data: bytes = READY) -> HostStatus:
    return read_host_status([each for each in AnswerReader().feed(data) if isinstance(each, Frame)])


def test_a_healthy_status_reads_as_the_contract_says(contract: Callable[[str], Any]) -> None:
    sample = contract("print-status-framing.v1.json")["host_status"]
    expected = sample["expected_healthy"]
    read = status(sample["healthy_raw"].encode("latin-1"))
    assert (read.paper_out, read.paused, read.head_open, read.ribbon_out) == (
        expected["paper_out"],
        expected["paused"],
        expected["head_up"],
        expected["ribbon_out"],
    )
    assert read.formats_in_buffer == expected["formats_in_buffer"]
    assert read.labels_remaining == expected["labels_remaining"]
    assert read.print_mode.replace("-", "").lower() == expected["print_mode"].lower()
    assert read.label_length == 1245
    assert read.condition is Condition.READY


def test_a_status_without_its_third_frame_is_none(contract: Callable[[str], Any]) -> None:
    raw = contract("print-status-framing.v1.json")["host_status"]["truncated_raw"].encode("latin-1")
    frames = [each for each in AnswerReader().feed(raw) if isinstance(each, Frame)]
    with pytest.raises(BadAnswer, match=r"Expected 3 frames in a status, got 2\."):
        read_host_status(frames)
    reader = StatusReader()
    assert [reader.take(frame) for frame in frames] == [None, None]


def test_the_number_of_frames_is_that_of_the_contract(contract: Callable[[str], Any]) -> None:
    fixture = contract("print-status-framing.v1.json")
    raw = {"~HS": fixture["host_status"]["healthy_raw"], "~HI": fixture["printer_info"]["raw"]}
    for command in fixture["commands"]:
        answers = AnswerReader().feed(raw[command["command"]].encode("latin-1"))
        assert len(answers) == command["expected_frame_count"]


def test_an_identity_reads_as_the_contract_says(contract: Callable[[str], Any]) -> None:
    sample = contract("print-status-framing.v1.json")["printer_info"]
    (frame,) = AnswerReader().feed(sample["raw"].encode("latin-1"))
    assert isinstance(frame, Frame)
    identity = read_identity(frame)
    assert (identity.model, identity.firmware) == (sample["expected"]["model"], sample["expected"]["firmware"])
    assert identity.dpi == sample["expected"]["dpi"]
    assert int(identity.memory) == sample["expected"]["memory_kb"]


def test_a_resolution_in_dots_per_mm_is_the_same_head() -> None:
    assert read_identity(Frame(b"ZD421,V1,8,1")).dpi == read_identity(Frame(b"ZD421,V1,203,1")).dpi == 203


@given(st.lists(st.integers(1, len(READY)), max_size=12))
def test_pieces_do_not_matter(cuts: list[int]) -> None:
    stream = READY + b'"123"' + READY.removesuffix(b"\r\n")
    edges = sorted({0, len(stream), *(cut for cut in cuts if cut < len(stream))})
    reader = AnswerReader()
    pieces = [reader.feed(stream[start:end]) for start, end in pairwise(edges)]
    assert [answer for piece in pieces for answer in piece] == AnswerReader().feed(stream)


@given(st.binary(max_size=300))
def test_noise_never_breaks_the_reader(noise: bytes) -> None:
    reader = AnswerReader()
    reader.feed(noise)
    reader.feed(b'"')
    assert reader.feed(b"\x02a\x03")[-1] == Frame(b"a")


def test_an_endless_answer_is_refused() -> None:
    with pytest.raises(BadAnswer, match="at most 4096 bytes"):
        AnswerReader().feed(b"\x02" + b"x" * 5000)


@pytest.mark.parametrize("body", [b"030,0,0,1245,000,0,0,0,000,0,0", b"030,x,0,1245,000,0,0,0,000,0,0,0", b"\xff" * 20])
def test_a_malformed_status_is_refused(body: bytes) -> None:
    with pytest.raises(BadAnswer, match="Expected"):
        read_host_status([Frame(body), Frame(b"000,0,0,0,0,2,4,0,00000000,1,000"), Frame(b"1234,0")])


def test_a_status_after_a_half_one_is_read() -> None:
    reader = StatusReader()
    frames = [each for each in AnswerReader().feed(READY) if isinstance(each, Frame)]
    taken = [reader.take(frame) for frame in [frames[0], *frames]]
    assert taken == [None, None, None, status()]


@pytest.mark.parametrize(
    ("changes", "condition"),
    [
        ({}, Condition.READY),
        ({"paper_out": True, "paused": True}, Condition.PAPER_OUT),
        ({"head_open": True, "paper_out": True}, Condition.HEAD_OPEN),
        ({"ribbon_out": True}, Condition.RIBBON_OUT),
        ({"too_hot": True}, Condition.TOO_HOT),
        ({"too_cold": True}, Condition.TOO_COLD),
        ({"corrupt_ram": True}, Condition.FAULTY),
        ({"paused": True, "formats_in_buffer": 2}, Condition.PAUSED),
        ({"buffer_full": True, "formats_in_buffer": 2}, Condition.BUFFER_FULL),
        ({"label_waiting": True}, Condition.LABEL_WAITING),
        ({"formats_in_buffer": 1}, Condition.BUSY),
        ({"labels_remaining": 3}, Condition.BUSY),
        ({"partial_format": True}, Condition.PARTIAL_FORMAT),
    ],
)
def test_the_most_pressing_condition_is_named(changes: dict[str, Any], condition: Condition) -> None:
    assert replace(status(), **changes).condition is condition


def test_every_condition_has_plain_words() -> None:
    assert set(PLAIN_WORDS) == set(Condition)
    assert all(words.endswith((".", "?")) for words in PLAIN_WORDS.values())


@pytest.mark.parametrize(("text", "count"), [("123", 123), (" 7 ", 7), ("?", None), ("", None), ("-1", None)])
def test_an_unknown_counter_is_no_count(text: str, count: int | None) -> None:
    assert read_count(Value(text)) == count


def test_a_question_for_a_setting_ends_its_line() -> None:
    assert ask_variable("odometer.total_label_count") == b'! U1 getvar "odometer.total_label_count"\r\n'
