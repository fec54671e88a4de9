"""Why: somebody runs the floor: releases waves, sees to carts that stand alone and to prints nobody has decided."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import httpx

from seed.shift.caller import Caller
from seed.shift.floor import Floor
from seed.shift.pauses import Pauses
from seed.shift.report import Tally
from seed.shift.screen import Screen

READY: Final = 12
"""Orders that make a wave."""
LARGEST: Final = 24
NEAR: Final = timedelta(minutes=30)
"""Before a cut-off a wave goes, however small."""
MOST_ON_SHELVES: Final = 30
"""Totes that may wait for a packer; with more of them a wave would only stand about."""
AHEAD: Final = 2
"""Tours that may wait beside those that are walked."""


@dataclass
class Lead:
    """A supervisor. What is on the floor is seen on the topic `waves`; what is ready, on the release screen."""

    caller: Caller
    screen: Screen
    floor: Floor
    warehouse: int
    pickers: int
    pauses: Pauses
    tally: Tally
    _undecided: dict[str, int] = field(default_factory=dict)
    """Prints of unknown fate, and how often they were seen so."""

    async def work(self) -> None:
        """Looks at everything, again and again, until the day is over."""
        while True:
            await self._give_away()
            await self._release()
            await self._decide()
            await self.pauses.take("glance")

    # --- waves

    async def _release(self) -> None:
        waves = (await self.screen.until(lambda shown: shown))["waves"].values()
        if any(each["state"] == "releasing" for each in waves):
            return
        waiting = sum(each["tours"] - each["tours_done"] for each in waves if each["state"] == "released")
        if waiting >= self.pickers + AHEAD or self.floor.waiting > MOST_ON_SHELVES:
            return
        found = await self._ask("waves/candidates", {"limit": LARGEST})
        orders = found["items"][:LARGEST]
        if len(orders) < READY and not any(_is_near(each["cutoff_at"]) for each in orders):
            return
        numbers = {"orders": [each["number"] for each in orders]}
        if (await self._ask("waves/preview", numbers)).get("orders"):
            await self.pauses.take("look")
            await self._ask("waves", numbers)

    # --- people

    async def _give_away(self) -> None:
        """A cart stands alone: its tour is everyone's again."""
        while self.floor.left_lying:
            tour = self.floor.left_lying[0]
            said = await self._ask(f"tours/{tour}/reassign", {"person": None})
            self.tally.mistake("walks_off", said.get("outcome") or said["code"])
            self.floor.left_lying.popleft()

    # --- prints

    async def _decide(self) -> None:
        """A print that no packer has decided for a long time prints again: somebody tears up the other paper."""
        path = f"/api/warehouses/{self.warehouse}/print-jobs"
        unknown = {each["id"] for each in (await self.caller.get(path, state="unknown"))["items"]}
        self._undecided = {job: self._undecided.get(job, 0) + 1 for job in unknown}
        for job, times in self._undecided.items():
            if times >= PATIENCE:
                await self._ask(f"print-jobs/{job}/decide", {"decision": "reprint"})

    async def _ask(self, what: str, body: dict[str, Any]) -> dict[str, Any]:
        answer: httpx.Response = await self.caller.ask("POST", f"/api/warehouses/{self.warehouse}/{what}", body)
        said: dict[str, Any] = answer.json()
        return said


PATIENCE: Final = 20
"""Glances after which a supervisor no longer waits for the packer."""


def _is_near(cutoff: str) -> bool:
    return datetime.fromisoformat(cutoff) - datetime.now(UTC) < NEAR
