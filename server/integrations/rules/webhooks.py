"""Why: how often and when a webhook is tried, and what a receiver's answer means, stands in tables. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple

import msgspec

WAITS: Final = (
    timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10), timedelta(minutes=30),
    timedelta(hours=1), timedelta(hours=2), timedelta(hours=4), timedelta(hours=6), timedelta(hours=10),
)  # fmt: skip
"""From one try to the next; after the last one it has failed. Together nearly a day."""
JITTER: Final = 0.2
"""Each wait is up to this part longer, so that what failed together does not come back together."""
LONGEST_ASKED: Final = timedelta(hours=12)
"""A receiver may ask for more time (Retry-After), but not for ever."""
OFF_AFTER: Final = timedelta(days=3)
"""An endpoint that has taken nothing for so long is switched off."""
OVERLAP: Final = timedelta(hours=24)
"""So long the former secret still signs beside the new one."""
KEPT: Final = timedelta(days=30)
"""So long messages, deliveries and tries can be looked at and sent again."""
MOST_ENDPOINTS: Final = 50

Verdict = Literal["deliver", "postpone", "give_up", "gone"]
_GONE: Final = 410
_MORE_TIME: Final = frozenset({429, 503})


class Answer(msgspec.Struct, frozen=True):
    """What came of one call. `reason` is a code of the words, empty when it was taken; `asked_wait` in seconds.

    `well`: the receiver is there and takes what it can, though not this.
    """

    status: int | None
    reason: str
    said: str = ""
    took_ms: int = 0
    asked_wait: float | None = None
    well: bool = False


def reason_of(status: int) -> str:
    """Why an answer is no yes; empty when it is one."""
    if 200 <= status < 300:
        return ""
    if 300 <= status < 400:
        return "redirected"
    return "endpoint_gone" if status == _GONE else "status_wrong"


class Following(NamedTuple):
    """What becomes of a delivery, and after how long it is tried again where it is."""

    verdict: Verdict
    after: timedelta | None = None


def judge(answer: Answer, tries: int, chance: float, *, test: bool) -> Following:
    """What follows from the answer to try number `tries`; `chance` is between 0 and 1. A test is tried once."""
    if not answer.reason:
        return Following("deliver")
    if answer.status == _GONE:
        return Following("gone")
    if test or tries > len(WAITS):
        return Following("give_up")
    wait = WAITS[tries - 1] * (1 + JITTER * chance)
    if answer.status in _MORE_TIME and answer.asked_wait is not None:
        wait = max(wait, min(timedelta(seconds=answer.asked_wait), LONGEST_ASKED))
    return Following("postpone", wait)


def is_hopeless(failing_since: datetime, now: datetime) -> bool:
    """Whether an endpoint has taken nothing for so long that it is switched off."""
    return now - failing_since >= OFF_AFTER
