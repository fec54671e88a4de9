"""Why: put-backs and counts are on no tour; a picker does them between two. Nobody claims them, who sees one goes."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Final

from seed.shift.device import AtTask, View, left_of
from seed.shift.floor import Floor
from seed.shift.handheld import Handheld
from seed.shift.pauses import Pauses
from seed.shift.report import Tally

FOUND: Final = (10, 40)
"""Units that a count finds, from … to. Nobody knows what lies in a bin that is not there: it keeps the shelves full."""
WAY: Final = 40.0
"""Metres to a tote, and from there to its bin."""


@dataclass
class Errands:
    """What one picker does of the queue's loose tasks."""

    handheld: Handheld
    floor: Floor
    pauses: Pauses
    tally: Tally
    dice: random.Random

    def seen(self, queue: View) -> str | None:
        """A task that nobody is at."""
        for id_, task in queue["loose"].items():
            if id_ not in self.floor.at_work and (task["kind"] == "count" or left_of(task)):
                return str(id_)
        return None

    async def run(self, queue: View, id_: str) -> None:
        """Does it, unless it has gone meanwhile."""
        self.floor.at_work.add(id_)
        task = queue["loose"].get(id_)
        item = None if task is None else queue["items"].get(task["item"])
        if task is None or item is None:
            return
        await self.pauses.walk(WAY)
        at = AtTask(task, item, self.tally)
        await (self._put_back(task, at) if task["kind"] == "put_back" else self._count(task, at))

    async def _put_back(self, task: View, at: AtTask) -> None:
        if task["tote"]:
            await self.pauses.take("scan")
            at.scan(task["tote"])
        await self.pauses.take("grasp", at.task.left)
        at.type(at.task.left)
        await self.pauses.walk(WAY)
        at.scan(f"B-{at.task.bin}")
        await self.handheld.did("put_back", task=task["task"], qty=at.task.left, bin=f"B-{at.task.bin}")

    async def _count(self, task: View, at: AtTask) -> None:
        await self.pauses.take("scan", 2)
        at.scan(f"B-{at.task.bin}")
        at.scan(next(iter(at.codes), ""))
        await self.pauses.take("count")
        found = self.dice.randint(*FOUND)
        at.type(found)
        at.confirm()
        await self.handheld.did("count", task=task["task"], bin=f"B-{at.task.bin}", counted=found)
