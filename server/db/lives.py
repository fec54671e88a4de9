"""Why: a process shows that it lives by one connection, and a connection may be cut and come again within a second.

So a life that is missing once says nothing. It has ended when it is missing at two looks some time apart and was seen
at none in between. Pure.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, NamedTuple

STALE: Final = 30.0
"""Seconds after which a look is forgotten: whoever was missing then may have been back in the meantime."""


class Looked(NamedTuple):
    """Who has ended, and after how many seconds to look again at those who may have; None: nobody is missing."""

    ended: frozenset[int]
    again_in: float | None


class Lives:
    """What was seen of other processes' lives. `apart`: seconds between the two looks; 0 where one is certain."""

    def __init__(self, apart: float) -> None:
        self._apart = apart
        self._missing: dict[int, tuple[float, float]] = {}
        """When each was first and last missed. As many as processes have ended in our own life."""

    def look(self, asked: Collection[int], living: Collection[int], now: float) -> Looked:
        """Who of the `asked` has ended, when these are `living` at the moment `now`, in seconds."""
        for life in living:
            self._missing.pop(life, None)
        missed = {life: self._missed_since(life, now) for life in asked if life not in living}
        waits = [self._apart - (now - since) for since in missed.values()]
        ended = frozenset(life for life, wait in zip(missed, waits, strict=True) if wait <= 0)
        return Looked(ended, max((wait for wait in waits if wait > 0), default=None))

    def _missed_since(self, life: int, now: float) -> float:
        since, last = self._missing.get(life, (now, now))
        if now - last > STALE:
            since = now
        self._missing[life] = since, now
        return since
