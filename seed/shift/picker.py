"""Why: a picker does what the queue shows: takes a tour, loads the cart, walks from bin to bin, hands the totes over.

Tours come by the topic `queue`, never by asking. What a device has done and the topic does not show yet is known by
the task's version in the answer.
"""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from typing import Any, Final, Literal, NamedTuple

from seed.shift.device import AtStop, View, left_of
from seed.shift.errands import Errands
from seed.shift.floor import Floor
from seed.shift.handheld import Answer, Handheld
from seed.shift.mistakes import Dealer
from seed.shift.pauses import Pauses, Walk
from seed.shift.report import Tally
from seed.shift.screen import Screen
from seed.shift.slips import SLIPS
from server.tasks import judge

TYPED_FROM: Final = 4
"""Units from which somebody types the number instead of scanning each."""
WITHOUT_NETWORK: Final = (2, 5)
"""Stops done before the network is back, from … to."""
REASONS: Final = ("empty", "not_found", "damaged", "blocked")


class Sight(NamedTuple):
    """What the screen says of a tour: what is to be done next."""

    what: Literal["load", "stop", "finish", "gone"]
    tour: View
    stops: list[View]


class Next(NamedTuple):
    """What somebody without a tour does next."""

    what: Literal["tour", "offer", "loose"]
    id: str


@dataclass
class Picker:
    """Somebody with a handheld."""

    handheld: Handheld
    screen: Screen
    errands: Errands
    floor: Floor
    pauses: Pauses
    dealer: Dealer
    tally: Tally
    dice: random.Random
    _known: dict[str, int] = field(default_factory=dict)
    """Task → its version in the newest answer: what is shown with an older one is of yesterday."""
    _kept: set[str] = field(default_factory=set)
    """Tasks of which a fact waits on the device."""
    _bound: set[tuple[str, int]] = field(default_factory=set)
    """Slots in which a tote stands already."""

    async def work(self) -> None:
        """Works until the day is over."""
        while True:
            following = await self.screen.until(self._next)
            await self.pauses.take("look")
            if following.what == "loose":
                await self.errands.run(self.screen.shown, following.id)
            elif following.what == "offer":
                await self._take(following.id)
            else:
                await self._walk(following.id)

    def _next(self, queue: View) -> Next | None:
        for tour in queue["tours"]:
            if tour not in self.floor.left_lying:
                return Next("tour", tour)
        if (task := self.errands.seen(queue)) is not None:
            return Next("loose", task)
        return next((Next("offer", offer) for offer in queue["offers"]), None)

    # --- a tour

    async def _take(self, id_: str) -> None:
        await self._say("tour.take", tour=id_)
        await self.screen.settle(lambda queue: id_ not in queue["offers"])

    async def _walk(self, id_: str) -> None:
        walk: Walk | None = None
        while True:
            sight = await self.screen.until(lambda queue: self._see(queue, id_))
            walk = walk or Walk(sight.tour.get("path", ()))
            if sight.what == "gone":
                break
            if sight.what == "load":
                await self._load(sight.tour)
            elif sight.what == "finish":
                if await self._finish(sight.tour, walk):
                    break
            elif not await self._stop(sight, walk):
                break
        self._bound.clear()

    def _see(self, queue: View, id_: str) -> Sight | None:
        tour = queue["tours"].get(id_)
        if tour is None:
            return Sight("gone", {}, [])
        if any(each["tote"] is None and (id_, each["slot"]) not in self._bound for each in tour["slots"]):
            return Sight("load", tour, [])
        wanted = [each for each in tour["stops"] if each["state"] == "open" and each["kind"] in ("pick", "put_back")]
        fresh = [each for each in wanted if self._is_fresh(each)]
        if wanted and not fresh:
            return None
        return Sight("stop" if wanted else "finish", tour, fresh)

    def _is_fresh(self, stop: View) -> bool:
        new = stop["version"] >= self._known.get(stop["task"], 0) and stop["task"] not in self._kept
        return new and stop["tote"] is not None

    # --- the cart

    async def _load(self, tour: View) -> None:
        if tour["cart"] is None:
            await self._take_cart(tour)
        standing = {each["tote"]: each["slot"] for each in tour["slots"] if each["tote"] is not None}
        for slot in tour["slots"]:
            if slot["tote"] is None:
                await self.pauses.take("tote")
                await self._slip_at_loading(tour, slot["slot"], standing)
                standing[await self._take_tote(tour, slot["slot"], standing)] = slot["slot"]

    async def _take_cart(self, tour: View) -> None:
        for _ in range(len(self.floor.carts)):
            cart = self.floor.carts[0]
            self.floor.carts.rotate(-1)
            await self.pauses.take("cart")
            if (await self._say("tour.cart", tour=tour["id"], cart=cart))["outcome"] == "cart_bound":
                return

    async def _take_tote(self, tour: View, slot: int, standing: Collection[str]) -> str:
        while True:
            busy = self.screen.shown["tours"].get(tour["id"], tour)["busy_totes"]
            tote = self.floor.free_tote({*busy, *standing})
            if tote is None:
                await self.pauses.take("wonder")
                continue
            outcome = (await self._say("tour.tote", tour=tour["id"], slot=slot, tote=tote))["outcome"]
            if outcome in ("tote_bound", "tour_claimed", "slot_taken"):
                self._bound.add((tour["id"], slot))
                return tote

    async def _slip_at_loading(self, tour: View, slot: int, standing: dict[str, int]) -> None:
        name = self.dealer.next("load")
        if name is None:
            return
        wrong = (
            list(standing) if name == "tote_twice" else [each for each in tour["busy_totes"] if each not in standing]
        )
        against = judge.tote_for(judge.Loading(slot, standing, tour["busy_totes"]), wrong[0]) if wrong else None
        if against is None:
            self.dealer.later(name)
            return
        self.tally.judged(against.outcome)
        self.tally.mistake(name, against.outcome)
        await self.pauses.take("wonder")

    async def _finish(self, tour: View, walk: Walk) -> bool:
        if tour["path"]:
            await self.pauses.walk(walk.metres_to(*tour["path"][0]))
        await self.pauses.take("hand_over")
        outcome = (await self._say("tour.finish", tour=tour["id"]))["outcome"]
        if outcome == "tour_not_ready":  # something was put on it while we walked back
            await self.screen.settle(
                lambda queue: (seen := self._see(queue, tour["id"])) is None or seen.what != "finish"
            )
            return False
        for slot in tour["slots"] if outcome == "tour_finished" else ():
            if (await self._in_tote(slot["tote"]))["lines"]:
                self.floor.hand_over(slot["order"], slot["tote"])
        await self.screen.settle(lambda queue: tour["id"] not in queue["tours"])
        return True

    async def _in_tote(self, tote: str) -> View:
        found: View = await self.handheld.get(f"/api/warehouses/{self.handheld.warehouse}/totes/{tote}")
        return found

    # --- a stop

    async def _stop(self, sight: Sight, walk: Walk) -> bool:
        """Does the next stop, perhaps not as it should be; whether the tour goes on."""
        stop = sight.stops[0]
        name = self.dealer.next("stop") if stop["kind"] == "pick" else None
        bin = stop["bin"]
        await self.pauses.walk(walk.metres_to(bin["x_mm"], bin["y_mm"]))
        if name is None:
            await self._do(sight.tour, stop)
        elif name in SLIPS:
            await self._do(sight.tour, stop, name)
        else:
            return await DEEDS[name](self, sight, walk)
        return True

    async def _do(self, tour: View, stop: View, slip: str | None = None) -> Answer:
        """Everything right at last; the answer to the fact."""
        return self._learn(await self.handheld.did(stop["kind"], **await self._goods(tour, stop, slip=slip)))

    async def _keep(self, tour: View, stop: View) -> str:
        """Everything right, and no network: the fact waits on the device. Its id."""
        body = await self._goods(tour, stop)
        self._kept.add(stop["task"])
        return str(self.handheld.keep(stop["kind"], **body)["id"])

    async def _goods(self, tour: View, stop: View, slip: str | None = None, units: int | None = None) -> dict[str, Any]:
        """Bin, item, tote; what is said of it. `units`: only so many are there."""
        at = AtStop(tour, stop, self.tally)
        for phase in ("bin", "item", "tote"):
            if slip is not None and SLIPS[slip].phase == phase:
                await self._slip(slip, at, tour, stop)
            await PHASES[phase](self, at, stop, units)
        body = {
            "task": stop["task"],
            "qty": at.stop.left if units is None else units,
            "bin": f"B-{stop['bin']['code']}",
        }
        if stop["kind"] == "put_back":
            return body
        item = next(iter(at.codes), "typed")
        return {**body, "item": item, "tote": stop["tote"], "slot": stop["slot"], "lot": stop["lot"] or None}

    async def _scan_bin(self, at: AtStop, stop: View, units: int | None) -> None:
        await self.pauses.take("scan")
        at.scan(f"B-{stop['bin']['code']}")

    async def _grasp(self, at: AtStop, stop: View, units: int | None) -> None:
        wanted = at.stop.left if units is None else units
        await self.pauses.take("grasp", wanted)
        if wanted >= TYPED_FROM or 1 not in at.codes.values():
            await self.pauses.take("type")
            at.type(wanted)
            return
        each = next(code for code, quantity in at.codes.items() if quantity == 1)
        for _ in range(wanted):
            await self.pauses.take("scan")
            at.scan(each)

    async def _drop(self, at: AtStop, stop: View, units: int | None) -> None:
        if stop["kind"] == "pick":
            await self.pauses.take("scan")
            at.scan(stop["tote"])

    # --- slips: the device says no, and the picker does it right

    async def _slip(self, name: str, at: AtStop, tour: View, stop: View) -> None:
        wrong = SLIPS[name].scan(tour, stop)
        if wrong is None:
            self.dealer.later(name)
            return
        await self.pauses.take("scan")
        verdict = at.type(wrong) if isinstance(wrong, int) else at.scan(wrong)
        self.tally.mistake(name, verdict.outcome)
        await self.pauses.take("wonder")

    # --- deeds: what goes wrong, or is wrong, for more than a scan

    async def _short(self, sight: Sight, walk: Walk) -> bool:
        stop = sight.stops[0]
        there = self.dice.randrange(left_of(stop))
        if there:
            body = await self._goods(sight.tour, stop, units=there)
            self._learn(await self.handheld.did("pick", **body))
        else:
            await self.pauses.take("scan")
        await self.pauses.take("wonder")
        said = await self._say(
            "short", task=stop["task"], missing=left_of(stop) - there, reason=self.dice.choice(REASONS)
        )
        self.tally.mistake("short", said["outcome"])
        return True

    async def _skip(self, sight: Sight, walk: Walk) -> bool:
        if len(sight.stops) < 2:
            return await self._not_now("skip", sight)
        said = await self._say("skip", task=sight.stops[0]["task"], reason="blocked")
        self.tally.mistake("skip", said["outcome"])
        return True

    async def _undo(self, sight: Sight, walk: Walk) -> bool:
        picked = await self._do(sight.tour, sight.stops[0])
        await self.pauses.take("wonder")
        said = await self._say("undo", command=picked["id"])
        self.tally.mistake("undo", said["outcome"])
        return True

    async def _tote_full(self, sight: Sight, walk: Walk) -> bool:
        stop = sight.stops[0]
        await self.pauses.take("tote")
        standing = {each["tote"] for each in sight.tour["slots"]}
        tote = self.floor.free_tote({*sight.tour["busy_totes"], *standing})
        if tote is None:
            return await self._not_now("tote_full", sight)
        said = await self._say("tour.tote", tour=sight.tour["id"], slot=stop["slot"], tote=tote)
        self.tally.mistake("tote_full", said["outcome"])
        if said["outcome"] == "tote_bound":
            slot = stop["slot"]
            await self.screen.settle(lambda queue: _tote_of(queue, sight.tour["id"], slot) == tote)
            return True
        await self._do(sight.tour, stop)
        return True

    async def _network_lost(self, sight: Sight, walk: Walk) -> bool:
        await self.screen.lose()
        last = ""
        for stop in sight.stops[: self.dice.randint(*WITHOUT_NETWORK)]:
            await self.pauses.walk(walk.metres_to(stop["bin"]["x_mm"], stop["bin"]["y_mm"]))
            last = await self._keep(sight.tour, stop)
        self.screen.find()
        self.tally.mistake("network_lost", (await self._bring_in())[last]["outcome"])
        return True

    async def _tab_killed(self, sight: Sight, walk: Walk) -> bool:
        kept = await self._keep(sight.tour, sight.stops[0])
        await self.screen.lose()
        await self.pauses.take("wonder")
        self.screen.find()
        self.tally.mistake("tab_killed", (await self._bring_in())[kept]["outcome"])
        return True

    async def _walks_off(self, sight: Sight, walk: Walk) -> bool:
        if sight.tour["state"] != "started":
            return await self._not_now("walks_off", sight)
        self.floor.leave(sight.tour["id"])
        await self.pauses.take("break")
        return False

    async def _not_now(self, name: str, sight: Sight) -> bool:
        self.dealer.later(name)
        await self._do(sight.tour, sight.stops[0])
        return True

    async def _bring_in(self) -> dict[str, Answer]:
        answers = await self.handheld.flush()
        for answer in answers.values():
            self._learn(answer)
        self._kept.clear()
        return answers

    # --- the device

    async def _say(self, kind: str, **body: Any) -> Answer:
        return self._learn(await self.handheld.did(kind, **body))

    def _learn(self, answer: Answer) -> Answer:
        if answer["task"] is not None and answer["version"] is not None:
            self._known[answer["task"]] = answer["version"]
        return answer


def _tote_of(queue: View, tour: str, slot: int) -> str | None:
    slots = queue["tours"].get(tour, {"slots": ()})["slots"]
    return next((each["tote"] for each in slots if each["slot"] == slot), None)


PHASES: Final[dict[str, Callable[[Picker, AtStop, View, int | None], Awaitable[None]]]] = {
    "bin": Picker._scan_bin,
    "item": Picker._grasp,
    "tote": Picker._drop,
}
DEEDS: Final[dict[str, Callable[[Picker, Sight, Walk], Awaitable[bool]]]] = {
    "short": Picker._short,
    "skip": Picker._skip,
    "undo": Picker._undo,
    "tote_full": Picker._tote_full,
    "network_lost": Picker._network_lost,
    "tab_killed": Picker._tab_killed,
    "walks_off": Picker._walks_off,
}
