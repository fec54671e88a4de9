"""Why: a day is worth what one can say of it: outcomes, orders shipped, lines an hour, mistakes made and caught."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from seed.shift.mistakes import MISTAKES

ON_THE_DEVICE: Final = "on the device"
OVER_HTTP: Final = "over HTTP"
ON_THE_FLOOR: Final = "floor commands"
NEVER: Final = frozenset({"command_malformed", "command_id_reused", "device_unknown", "ticket_invalid"})
"""Outcomes that no device of ours may ever be answered."""


class Broken(Exception):
    """The server refused what must not be refused; the text is one sentence."""


@dataclass
class Tally:
    """What was seen so far."""

    outcomes: dict[str, Counter[str]] = field(
        default_factory=lambda: {ON_THE_FLOOR: Counter(), ON_THE_DEVICE: Counter(), OVER_HTTP: Counter()}
    )
    made: Counter[str] = field(default_factory=Counter)
    caught: Counter[str] = field(default_factory=Counter)
    captured: int = 0
    lines: int = 0
    cartons: int = 0
    shipped: set[int] = field(default_factory=set)
    """Orders of which the last carton was closed."""
    watching: list[Callable[[], None]] = field(default_factory=list)

    def answered(self, command: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
        """A floor command's answer."""
        outcome = answer["outcome"]
        self.outcomes[ON_THE_FLOOR][outcome] += 1
        if outcome in NEVER:
            raise Broken(f"The command {command['kind']} was answered {outcome}: {answer['params']}.")
        self.lines += command["kind"] == "pick" and answer["severity"] != "error"
        self.cartons += outcome == "carton_closed"
        self._tell()

    def judged(self, outcome: str) -> None:
        """What a device said by itself."""
        self.outcomes[ON_THE_DEVICE][outcome] += 1

    async def heard(self, response: httpx.Response) -> None:
        """For a client's hooks: every answer but those that are a yes."""
        if response.status_code < httpx.codes.BAD_REQUEST:
            return
        await response.aread()
        code = _code(response)
        self.outcomes[OVER_HTTP][code] += 1
        if response.status_code == httpx.codes.INTERNAL_SERVER_ERROR:
            raise Broken(f"{response.request.method} {response.request.url.path} ended as 500 ({code}).")

    def mistake(self, name: str, outcome: str) -> None:
        """Somebody made it, and that was the answer."""
        self.begun(name)
        self.noticed(name, outcome)

    def begun(self, name: str) -> None:
        """It has happened; what becomes of it is seen later."""
        self.made[name] += 1
        self._tell()

    def noticed(self, name: str, outcome: str) -> None:
        """That was the answer to it."""
        self.caught[name] += outcome in MISTAKES[name].caught_by
        self._tell()

    def ships(self, order: int) -> None:
        """The last carton of an order has left."""
        self.shipped.add(order)
        self._tell()

    async def until(self, true: Callable[[], bool]) -> None:
        """Waits until it is true of what was seen."""
        news = asyncio.Event()
        self.watching.append(news.set)
        while not true():
            news.clear()
            await news.wait()
        self.watching.remove(news.set)

    def _tell(self) -> None:
        for each in self.watching:
            each()


def _code(response: httpx.Response) -> str:
    try:
        return str(response.json()["code"])
    except (ValueError, KeyError, TypeError):
        return f"HTTP {response.status_code}"


def lines(tally: Tally, hours: float) -> Iterator[str]:
    """The report, a line each. `hours` are those of the floor: a demo at twice the pace has two in one."""
    yield from _outcomes(tally)
    yield ""
    yield f"{'mistake':<18}{'made':>6}{'caught':>8}  what"
    for name, row in MISTAKES.items():
        if tally.made[name]:
            yield f"{name:<18}{tally.made[name]:>6}{tally.caught[name]:>8}  {row.what}"
    yield ""
    hourly = round(tally.lines / hours) if hours > 0 else 0
    yield (
        f"{tally.captured} orders came in, {len(tally.shipped)} were shipped in {tally.cartons} cartons. {tally.lines} "
        f"lines were picked, {hourly} an hour of the floor. {tally.made.total()} mistakes were made, "
        f"{tally.caught.total()} of them caught."
    )


def _outcomes(tally: Tally) -> Iterator[str]:
    for where, counts in tally.outcomes.items():
        yield f"{where:<30}{'times':>6}"
        yield from (f"  {outcome:<28}{count:>6}" for outcome, count in sorted(counts.items()))
