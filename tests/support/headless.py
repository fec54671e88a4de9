"""A picker who does everything right, over HTTP alone, so that a whole shift can be played against a real server."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from seed.shift.handheld import Handheld, done


@dataclass
class Picker:
    """Somebody who walks tours with a handheld, until none is offered."""

    handheld: Handheld
    pace: Callable[[], Awaitable[None]]
    away: Callable[[], bool] = lambda: False
    """Whether the network is away for the rest of a tour: its stops are then sent in one batch at the end."""
    outcomes: list[str] = field(default_factory=list)
    wrong: int = 0

    async def work(self) -> None:
        """Takes one tour after the other."""
        while await self.walk_one():
            pass

    async def walk_one(self) -> bool:
        """Takes a tour (mine first), walks it and hands it over; whether there was one."""
        tour = await self._tour()
        if tour is None:
            return False
        await self._load(tour)
        while True:
            tour = await self._fresh(tour["id"])
            if tour is None:
                return True
            stops = [stop for stop in tour["stops"] if stop["state"] == "open" and stop["kind"] in ("pick", "put_back")]
            if not stops:
                break
            if self.away():
                await self._do_without_network(stops)
            else:
                await self._do(stops[0])
        await self._say("tour.finish", tour=tour["id"], place="S-PACK-1")
        return True

    async def _tour(self) -> dict[str, Any] | None:
        queue = await self.handheld.get("/api/floor/queue")
        for tour in queue["tours"].values():
            return dict(tour)
        for offer in queue["offers"].values():
            taken = await self._say("tour.take", tour=offer["id"])
            if taken["outcome"] == "tour_taken":
                return await self._fresh(offer["id"])
        return None

    async def _fresh(self, tour: str) -> dict[str, Any] | None:
        queue = await self.handheld.get("/api/floor/queue")
        found: dict[str, Any] | None = queue["tours"].get(tour)
        return found

    async def _load(self, tour: dict[str, Any]) -> None:
        for cart in range(1, 9):
            if tour["cart"] is not None:
                break
            answer = await self._say("tour.cart", tour=tour["id"], cart=f"C-{cart:02d}")
            if answer["outcome"] == "cart_bound":
                break
        totes = iter(f"T-{number:04d}" for number in range(1, 121))
        busy = set(tour["busy_totes"])
        for slot in tour["slots"]:
            while slot["tote"] is None:
                tote = next(each for each in totes if each not in busy)
                answer = await self._say("tour.tote", tour=tour["id"], slot=slot["slot"], tote=tote)
                if answer["outcome"] == "tote_bound":
                    slot["tote"] = tote

    async def _do(self, stop: dict[str, Any]) -> None:
        await self.pace()
        await self._say(stop["kind"], **done(stop))

    async def _do_without_network(self, stops: list[dict[str, Any]]) -> None:
        for stop in stops:
            await self.pace()
            self.handheld.keep(stop["kind"], **done(stop))
        self.outcomes.extend(answer["outcome"] for answer in (await self.handheld.flush()).values())

    async def _say(self, kind: str, **body: Any) -> dict[str, Any]:
        answer = await self.handheld.did(kind, **body)
        self.outcomes.append(answer["outcome"])
        if answer["severity"] == "error":
            self.wrong += 1
        return answer


async def no_pace() -> None:
    """As fast as it goes."""
    await asyncio.sleep(0)
