"""Why: the rule of exactly once, each branch of it, without a socket and without a clock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from printers.conversation import (
    Action,
    Cause,
    Connect,
    Failed,
    HangUp,
    JobState,
    Phase,
    PrintConversation,
    Printed,
    Send,
    StatusConversation,
    Timings,
    Unknown,
)
from printers.protocol import ASK_STATUS, CANCEL_PARTIAL, Condition, ask_variable

LABEL = b"^XA^XZ"
COUNT = ask_variable("odometer.total_label_count")
OLD_COUNT = ask_variable("odometer.total_labels_printed")
TIMINGS = Timings(connect=2, answer=3, poll=1, settle=4, proof=15, total=60)


def frames(
    *, paper: int = 0, paused: int = 0, formats: int = 0, partial: int = 0, head: int = 0, remaining: int = 0
) -> bytes:
    return (
        f"\x02030,{paper},{paused},1218,{formats:03d},0,0,{partial},000,0,0,0\x03\r\n"
        f"\x02000,0,{head},0,0,2,4,0,{remaining:08d},1,000\x03\r\n\x021234,0\x03"
    ).encode("ascii")


def count(labels: int | str) -> bytes:
    return f'"{labels}"'.encode("ascii")


class Talk:
    """A conversation with its clock at hand: each call is one thing that happens."""

    def __init__(self, labels: int = 1, **options: Any) -> None:
        self.job = PrintConversation(LABEL, labels, TIMINGS, **options)
        self.now = 0.0
        self.actions: list[Action] = self.job.start(0)

    def connected(self) -> Talk:
        self.actions = self.job.connected(self.now)
        return self

    def refused(self) -> Talk:
        self.actions = self.job.refused(self.now, "refused")
        return self

    def says(self, data: bytes) -> Talk:
        self.actions = self.job.received(self.now, data)
        return self

    def written(self) -> Talk:
        self.actions = self.job.written(self.now)
        return self

    def lost(self) -> Talk:
        self.actions = self.job.lost(self.now, "reset")
        return self

    def wait(self) -> Talk:
        """Until the next moment at which the conversation wants to be called."""
        self.now = max(self.now, self.job.next_tick())
        self.actions = self.job.tick(self.now)
        return self

    def state(self) -> JobState:
        return self.job.progress.state

    def sending(self, before: int | str = 100) -> Talk:
        """The usual beginning, up to the bytes of the job."""
        talk = self.connected().says(frames()).says(count(before))
        return talk if before != "?" else talk.says(count("?"))

    def sent(self, before: int | str = 100) -> Talk:
        return self.sending(before).written()


def test_the_beginning_asks_then_counts_then_sends() -> None:
    talk = Talk()
    assert talk.actions == [Connect()]
    assert talk.connected().actions == [Send(ASK_STATUS)]
    assert talk.says(frames()).actions == [Send(COUNT)]
    assert talk.state() is JobState.QUEUED
    assert talk.says(count(100)).actions == [Send(LABEL, job=True)]
    assert talk.state() is JobState.SENDING
    assert talk.written().actions == [Send(ASK_STATUS)]
    assert talk.state() is JobState.SENT


def test_a_count_that_grew_by_the_copies_is_printed() -> None:
    talk = Talk(labels=3).sent().says(frames(remaining=2))
    assert talk.actions == []
    assert talk.wait().actions == [Send(ASK_STATUS)]
    assert talk.says(frames()).actions == [Send(COUNT)]
    talk.says(count(103))
    assert talk.job.result == Printed(3)
    assert talk.job.progress.state is JobState.PRINTED


@pytest.mark.parametrize(
    ("answer", "condition"),
    [
        (frames(paper=1), Condition.PAPER_OUT),
        (frames(head=1), Condition.HEAD_OPEN),
        (frames(paused=1), Condition.PAUSED),
        (frames(formats=1), Condition.BUSY),
        (frames(remaining=1), Condition.BUSY),
    ],
)
def test_a_printer_that_is_not_ready_gets_no_byte(answer: bytes, condition: Condition) -> None:
    talk = Talk().connected().says(answer)
    assert talk.actions == [HangUp()]
    assert isinstance(talk.job.result, Failed)
    assert (talk.job.result.reason, talk.job.result.safe_to_retry) == (condition, True)


def test_an_offline_printer_fails_and_may_be_retried() -> None:
    result = Talk().refused().job.result
    assert isinstance(result, Failed)
    assert (result.reason, result.safe_to_retry) == (Condition.OFFLINE, True)


@pytest.mark.parametrize("before", [Talk.connected, lambda talk: talk.connected().says(frames())])
def test_silence_before_the_job_means_attention_not_offline(before: Callable[[Talk], Talk]) -> None:
    result = before(Talk()).wait().job.result
    assert isinstance(result, Failed)
    assert (result.reason, result.safe_to_retry) == (Condition.NO_ANSWER, True)


def test_a_break_before_the_job_is_safe() -> None:
    result = Talk().connected().lost().job.result
    assert isinstance(result, Failed)
    assert (result.reason, result.safe_to_retry) == (Cause.CONNECTION_LOST, True)


def test_a_break_before_the_last_byte_with_an_unchanged_count_is_safe() -> None:
    talk = Talk().sending().lost()
    assert talk.job.progress.state is JobState.SENDING
    assert talk.wait().actions == [Connect()]
    assert talk.connected().actions == [Send(ASK_STATUS)]
    talk.says(frames()).says(count(100))
    assert not talk.job.done, "the count must stand still for a while"
    while talk.job.result is None:
        talk.wait().says(frames()).says(count(100))
    assert isinstance(talk.job.result, Failed)
    assert (talk.job.result.reason, talk.job.result.safe_to_retry) == (Cause.CONNECTION_LOST, True)


def test_the_part_that_the_printer_holds_is_cancelled_when_it_is_ours() -> None:
    talk = Talk().sending().lost().wait().connected().says(frames(partial=1))
    assert talk.actions == [Send(CANCEL_PARTIAL)]
    while talk.job.result is None:
        talk.wait().says(frames()).says(count(100))
    assert isinstance(talk.job.result, Failed)
    assert talk.job.result.safe_to_retry


def test_the_part_in_a_foreign_printer_is_left_and_forbids_a_retry() -> None:
    talk = Talk(own_printer=False).sending().lost().wait().connected()
    while talk.job.result is None:
        talk.says(frames(partial=1))
        assert Send(CANCEL_PARTIAL) not in talk.actions
        talk.says(count(100)).wait()
    assert isinstance(talk.job.result, Failed)
    assert not talk.job.result.safe_to_retry


def test_an_old_part_is_cancelled_before_the_job_when_the_printer_is_ours() -> None:
    talk = Talk().connected().says(frames(partial=1))
    assert talk.actions == [Send(CANCEL_PARTIAL), Send(ASK_STATUS)]
    assert talk.says(frames()).actions == [Send(COUNT)]
    foreign = Talk(own_printer=False).connected().says(frames(partial=1)).job.result
    assert isinstance(foreign, Failed)
    assert foreign.reason is Condition.PARTIAL_FORMAT


def test_a_break_after_the_last_byte_is_printed_if_the_count_proves_it() -> None:
    talk = Talk().sent().lost().wait().connected().says(frames()).says(count(101))
    assert talk.job.result == Printed(1)


def test_a_break_after_the_last_byte_with_an_unchanged_count_is_unknown() -> None:
    talk = Talk().sent().lost().wait().connected().says(frames()).says(count(100))
    while talk.job.result is None:
        talk.wait().says(frames()).says(count(100))
    assert isinstance(talk.job.result, Unknown)


def test_a_break_after_the_last_byte_and_no_way_back_is_unknown() -> None:
    talk = Talk().sent().lost()
    while talk.job.result is None:
        talk.wait().refused()
    assert isinstance(talk.job.result, Unknown)
    assert talk.job.result.reason is Cause.CONNECTION_LOST
    assert talk.now <= TIMINGS.proof


def test_a_count_that_stays_behind_is_unknown_after_it_settled() -> None:
    talk = Talk(labels=3).sent().says(frames()).says(count(102))
    while talk.job.result is None:
        talk.wait().says(frames()).says(count(102))
    assert isinstance(talk.job.result, Unknown)
    assert talk.job.result.reason is Cause.COUNT_DIFFERS
    assert "Expected 3 more" in talk.job.result.text
    assert "got 2" in talk.job.result.text


def test_a_count_that_lags_is_waited_for() -> None:
    talk = Talk().sent().says(frames()).says(count(100)).wait().says(frames()).says(count(101))
    assert talk.job.result == Printed(1)


@pytest.mark.parametrize("after", [102, 5])
def test_a_count_that_someone_else_moved_is_unknown(after: int) -> None:
    result = Talk().sent().says(frames()).says(count(after)).job.result
    assert isinstance(result, Unknown)
    assert result.reason is Cause.COUNT_DIFFERS


def test_paper_that_runs_out_within_the_job_is_shown_and_then_waited_for() -> None:
    talk = Talk().sent().says(frames(paper=1, remaining=1))
    progress = talk.job.progress
    assert (progress.state, progress.condition) == (JobState.SENT, Condition.PAPER_OUT)
    assert progress.text == "Paper is out. Load labels."
    assert talk.wait().says(frames()).says(count(101)).job.result == Printed(1)


def test_paper_that_stays_out_is_unknown_never_failed() -> None:
    talk = Talk().sent()
    while talk.job.result is None:
        talk.says(frames(paper=1, remaining=1)).wait()
    assert isinstance(talk.job.result, Unknown)
    assert talk.job.result.reason is Condition.PAPER_OUT
    assert talk.now == TIMINGS.total


def test_silence_after_the_job_is_unknown() -> None:
    talk = Talk().sent()
    while talk.job.result is None:
        talk.wait()
    assert isinstance(talk.job.result, Unknown)
    assert talk.job.result.reason is Condition.NO_ANSWER


def test_a_printer_that_takes_no_bytes_is_left_at_the_deadline_and_counted() -> None:
    talk = Talk().sending()
    assert talk.wait().actions == [HangUp()]
    assert talk.now == TIMINGS.total
    talk.wait().connected()
    while talk.job.result is None:
        talk.says(frames()).says(count(100)).wait()
    assert isinstance(talk.job.result, Failed)
    assert talk.job.result.safe_to_retry


def test_the_older_counter_is_asked_when_the_first_is_unknown() -> None:
    talk = Talk().connected().says(frames()).says(count("?"))
    assert talk.actions == [Send(OLD_COUNT)]
    assert talk.says(count(7)).actions == [Send(LABEL, job=True)]
    assert talk.written().says(frames()).actions == [Send(OLD_COUNT)]
    assert talk.says(count(8)).job.result == Printed(1)


def test_a_printer_without_a_count_can_only_end_unknown() -> None:
    result = Talk().sent("?").says(frames()).says(count("?")).job.result
    assert isinstance(result, Unknown)
    assert result.reason is Cause.NO_COUNT


def test_nonsense_before_the_job_fails_and_after_it_is_asked_again() -> None:
    nonsense = b"\x02" + b"x" * 5000
    result = Talk().connected().says(nonsense).job.result
    assert isinstance(result, Failed)
    assert result.reason is Cause.BAD_ANSWER
    talk = Talk().sent().says(nonsense)
    assert talk.actions == [HangUp()]
    assert talk.wait().actions == [Connect()]


def test_cancelling_is_failed_before_the_first_byte_and_unknown_after() -> None:
    before = Talk().connected().job.cancel()
    assert isinstance(before, Failed)
    assert before.safe_to_retry
    after = Talk().sending().job.cancel()
    assert isinstance(after, Unknown)
    assert after.reason is Cause.CANCELLED


def test_a_result_stands_whatever_happens_later() -> None:
    talk = Talk().sent().says(frames()).says(count(101))
    result = talk.job.result
    assert talk.lost().actions == []
    assert talk.wait().actions == []
    assert talk.job.cancel() is result


happenings = st.lists(
    st.sampled_from(
        [
            Talk.connected,
            Talk.refused,
            Talk.written,
            Talk.lost,
            Talk.wait,
            lambda talk: talk.says(frames()),
            lambda talk: talk.says(frames(partial=1)),
            lambda talk: talk.says(frames(paper=1, remaining=1)),
            lambda talk: talk.says(count(100)),
            lambda talk: talk.says(count(101)),
            lambda talk: talk.says(count("?")),
        ]
    ),
    max_size=40,
)


@given(happenings)
def test_no_order_of_events_repeats_a_job_or_lies_about_it(events: list[Callable[[Talk], Talk]]) -> None:
    talk, sent, whole = Talk(), 0, False
    for event in (*events, *[Talk.wait] * 200):
        if talk.job.done:
            break
        whole |= event is Talk.written and talk.job.phase is Phase.SENDING
        event(talk)
        sent += sum(isinstance(action, Send) and action.job for action in talk.actions)
    assert talk.job.done, "silence must end every job"
    assert sent <= 1, "no job is ever sent twice"
    assert sent or isinstance(talk.job.result, Failed), "what was never sent is failed"
    assert not (whole and isinstance(talk.job.result, Failed)), "what was sent whole is never called failed"


def test_a_status_question_gathers_all_three_answers() -> None:
    talk = StatusConversation(TIMINGS)
    assert talk.start(0) == [Connect()]
    assert talk.connected(0) == [Send(ASK_STATUS)]
    assert talk.received(0, frames()) == [Send(b"~HI")]
    talk.received(0, b"\x02ZD421,V85,203,131072\x03\r\n")
    talk.received(0, count(7))
    assert talk.result is not None
    assert (talk.result.condition, talk.result.labels_printed) == (Condition.READY, 7)
    assert talk.result.identity is not None
    assert talk.result.identity.model == "ZD421"


def test_a_status_question_ends_in_silence_too() -> None:
    silent = StatusConversation(TIMINGS)
    silent.connected(0)
    silent.tick(TIMINGS.answer)
    assert silent.result is not None
    assert silent.result.condition is Condition.NO_ANSWER
    half = StatusConversation(TIMINGS)
    half.connected(0)
    half.received(0, frames(paper=1))
    half.lost(0, "reset")
    assert half.result is not None
    assert half.result.condition is Condition.PAPER_OUT
