"""Why: some of a warehouse is in no computer: where a cart stands, which tote is empty, who is at it already.

What people see with their own eyes and hand to each other is here, and nothing else is shared between them.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field


@dataclass
class Floor:
    """The things of the warehouse as they stand about. `tote` and `cart` give one that nobody holds."""

    stations: Sequence[str]
    carts: deque[str]
    totes: deque[str]
    at_work: set[str] = field(default_factory=set)
    """Loose tasks that somebody has begun."""
    left_lying: deque[str] = field(default_factory=deque)
    """Tours whose cart stands alone in an aisle."""
    seen: asyncio.Event = field(default_factory=asyncio.Event)
    """Something is to be seen to."""
    shelves: dict[str, deque[str]] = field(init=False)
    """Totes that wait to be packed, by the station they stand at."""
    _arrived: dict[str, asyncio.Event] = field(init=False)

    def __post_init__(self) -> None:
        self.shelves = {station: deque() for station in self.stations}
        self._arrived = {station: asyncio.Event() for station in self.stations}

    def hand_over(self, order: int, tote: str) -> None:
        """A tote stands where its order is packed: all totes of an order at one station."""
        station = self.stations[order % len(self.stations)]
        self.shelves[station].append(tote)
        self._arrived[station].set()

    async def arrival(self, station: str) -> None:
        """Waits until a tote stands on a station's shelf."""
        while not self.shelves[station]:
            self._arrived[station].clear()
            await self._arrived[station].wait()

    def leave(self, tour: str) -> None:
        """Somebody goes away from a cart."""
        self.left_lying.append(tour)
        self.seen.set()

    @property
    def waiting(self) -> int:
        """Totes that stand on shelves."""
        return sum(map(len, self.shelves.values()))

    def free_tote(self, busy: Collection[str]) -> str | None:
        """An empty tote from the pile; the same comes again when all others were taken. None while all are in use."""
        for _ in range(len(self.totes)):
            self.totes.rotate(-1)
            if self.totes[-1] not in busy:
                return self.totes[-1]
        return None
