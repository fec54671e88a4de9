"""Why: when a print is tried again or goes to another printer, and what a person may decide, as tables. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, Literal

Decision = Literal["printed", "reprint", "cancel"]

DECISIONS: Final[dict[Decision, str]] = {"printed": "confirm", "reprint": "retry", "cancel": "cancel"}
"""What a person says of a job → the trigger of its lifecycle."""

WAITS: Final = (2, 5, 15, 30)
"""Seconds after the first, second, … safe failure until it is tried again; the last one from then on.

It is the net for when nobody watches the printer: whoever failed goes on as soon as the printer says it is ready.
"""

LEASE: Final = timedelta(seconds=20)
"""How long a job counts as being sent without a sign of life from whoever sends it."""


SENDER_LOST: Final = "sender_lost"
"""Why a job is unknown whose sender was taken for dead."""


MAY_MOVE: Final = frozenset({"queued", "failed"})
"""States of a job that another printer may print: surely nothing of it came out. What is unknown stays a person's."""


def is_believed(state: str, reason: str | None) -> bool:
    """Whether what its sender says of a job settles it: nobody else has, or only that this sender is dead."""
    return state == "sending" or (state == "unknown" and reason == SENDER_LOST)


WELL: Final = frozenset({"ready", "busy"})
UNTOLD: Final = "unknown"
"""The condition of a printer that has not been looked at yet."""


def unwell_since(condition: str, before: datetime | None, now: datetime) -> datetime | None:
    """Since when a printer cannot print: paper that is loaded behind an open head makes it no more able to."""
    return None if condition in WELL or condition == UNTOLD else before or now


def fails_over(state: str, since: datetime | None, other: str, now: datetime, patience: timedelta) -> bool:
    """Whether a job goes to the other printer by itself.

    Nothing of it may have come out, its own printer cannot print for `patience`, and the other one can.
    """
    return state in MAY_MOVE and since is not None and now - since >= patience and other in WELL


def again_in(attempt: int) -> timedelta:
    """How long to wait after this many attempts."""
    return timedelta(seconds=WAITS[min(max(attempt, 1), len(WAITS)) - 1])
