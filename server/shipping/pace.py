"""Why: what a stranger may ask of the house, they may not ask a thousand times a minute.

Counted in the memory of one process: so many in a window, for each key. Old keys go by themselves.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from math import ceil
from typing import Final

from server.core.clock import Clock
from server.core.refusal import Refusal

WINDOW: Final = 600.0
"""Seconds that are looked back on."""
MOST_KEYS: Final = 10_000
"""Beyond these, the ones that were quiet longest are forgotten."""


class Pace:
    """How often something was asked, by key."""

    def __init__(self, clock: Clock, limits: Mapping[str, int]) -> None:
        self._clock = clock
        self._limits = limits
        self._asked: dict[str, deque[float]] = {}

    def take(self, **keys: str) -> None:
        """Counts one for each of these kinds of key; refuses `too_often` before it where one has had enough."""
        now = self._clock.now().timestamp()
        found = {f"{kind}:{key}": self._limits[kind] for kind, key in keys.items()}
        for key, most in found.items():
            asked = self._recent(key, now)
            if len(asked) >= most:
                raise Refusal("too_often", seconds=max(ceil(asked[0] + WINDOW - now), 1))
        for key in found:
            asked = self._asked.pop(key, deque())  # the one that was asked last stands last
            asked.append(now)
            self._asked[key] = asked
        while len(self._asked) > MOST_KEYS:
            del self._asked[next(iter(self._asked))]

    def _recent(self, key: str, now: float) -> deque[float]:
        asked = self._asked.get(key, deque())
        while asked and asked[0] <= now - WINDOW:
            asked.popleft()
        return asked
