"""Why: a moment that somebody sends has its zone, and lies where every zone and every database has it. Pure."""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR, datetime
from typing import Final

from server.core.refusal import Fault, Refusal

_EXAMPLE: Final = "2026-11-24T16:00:00Z"


def sent(field: str, moment: datetime) -> datetime:
    """The moment as it was sent; refuses `invalid` for one without its zone, or at the ends of all years."""
    if moment.tzinfo is None:
        raise Refusal("invalid", Fault(field, "A moment needs its zone.", _EXAMPLE, moment.isoformat()), count=1)
    if not MINYEAR < moment.year < MAXYEAR:  # a day before or behind it may be in no year
        raise Refusal("invalid", Fault(field, "This is no moment.", _EXAMPLE, moment.isoformat()), count=1)
    return moment
