"""A handheld without a screen: enrolled, signed in, numbering and keeping its commands, sending until it is answered.

It does what the app does, over HTTP alone, so that a whole shift can be played against a real server.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx

from server.core.ids import new_id

LOST = (httpx.TransportError, httpx.RemoteProtocolError)


class SignInFailed(Exception):
    """The server did not let the person in."""


@dataclass
class Handheld:
    """One device with its storage: the epoch, the next number, what waits, what was acknowledged."""

    http: httpx.AsyncClient
    back: Callable[[], Awaitable[None]]
    """Waits until the server may be there again."""
    secret: str = ""
    device: str = ""
    ticket: str = ""
    person: str = ""
    badge: tuple[str, str] = ("", "")
    warehouse: int = 1
    epoch: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    seq: int = 0
    waiting: list[dict[str, Any]] = field(default_factory=list)
    acknowledged: list[tuple[dict[str, Any], dict[str, Any]]] = field(default_factory=list)
    in_flight: int = 0
    lost: int = 0

    async def enrol(self, code: str) -> None:
        """Becomes a device of the warehouse."""
        answer = await self._ask("POST", "/api/auth/devices/enrol", {"code": code})
        self.secret, self.device = answer["secret"], answer["device"]

    async def sign_in(self, badge: str, pin: str) -> None:
        """Somebody works on it from now on."""
        self.badge = (badge, pin)
        answer = await self._ask("POST", "/api/auth/sign-in", {"badge": badge, "pin": pin}, as_device=True)
        self.ticket, self.person = answer["ticket"], answer["person"]["id"]
        self.warehouse = answer["warehouse"]["id"]

    async def get(self, path: str, **query: Any) -> Any:
        """Reads something, however long the server is away."""
        return await self._ask("GET", path, None, query=query)

    async def did(self, kind: str, **body: Any) -> dict[str, Any]:
        """Keeps a command and sends everything that waits; answers this one's answer."""
        self.seq += 1
        command = {
            "id": str(new_id()), "seq": self.seq, "kind": kind, "ticket": self.ticket,
            "at": datetime.now(UTC).isoformat(), "after": [], "version": None, "body": body,
        }  # fmt: skip
        self.waiting.append(command)
        answers = await self.flush()
        return answers[str(command["id"])]

    def keep(self, kind: str, **body: Any) -> dict[str, Any]:
        """Keeps a command without sending it: the network is away."""
        self.seq += 1
        command = {
            "id": str(new_id()), "seq": self.seq, "kind": kind, "ticket": self.ticket,
            "at": datetime.now(UTC).isoformat(), "after": [], "version": None, "body": body,
        }  # fmt: skip
        self.waiting.append(command)
        return command

    async def flush(self) -> dict[str, dict[str, Any]]:
        """Sends what waits until everything is answered; answers by command id."""
        answers: dict[str, dict[str, Any]] = {}
        while self.waiting:
            batch = self.waiting[:100]
            body = {"device": self.device, "epoch": self.epoch, "commands": batch}
            self.in_flight += 1
            try:
                reply = await self._ask("POST", "/api/floor/commands", body, as_device=True)
            finally:
                self.in_flight -= 1
            for answer in reply["answers"]:
                (command,) = [each for each in batch if each["seq"] == answer["seq"]]
                answers[str(command["id"])] = answer
                self.acknowledged.append((command, answer))
                self.waiting.remove(command)
            if not reply["answers"] and reply["resend_from"] is not None:
                raise AssertionError(f"a gap: the server wants {reply['resend_from']}, mine are {batch[0]['seq']} …")
        return answers

    async def _ask(
        self, method: str, path: str, body: Any, *, query: dict[str, Any] | None = None, as_device: bool = False
    ) -> Any:
        headers = {"Authorization": f"Device {self.secret}"} if as_device and self.secret else {}
        while True:
            try:
                answer = await self.http.request(method, path, json=body, params=query, headers=headers)
            except LOST:
                self.lost += 1
                await self.back()
                continue
            if answer.status_code == 503:
                await self.back()
                continue
            if answer.status_code == 401 and path != "/api/auth/sign-in" and self.badge[0]:
                await self.sign_in(*self.badge)
                continue
            if path == "/api/auth/sign-in" and answer.status_code != 200:
                raise SignInFailed(answer.text)
            answer.raise_for_status()
            return answer.json()


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
        await self._say(stop["kind"], **_done(stop))

    async def _do_without_network(self, stops: list[dict[str, Any]]) -> None:
        for stop in stops:
            await self.pace()
            self.handheld.keep(stop["kind"], **_done(stop))
        self.outcomes.extend(answer["outcome"] for answer in (await self.handheld.flush()).values())

    async def _say(self, kind: str, **body: Any) -> dict[str, Any]:
        answer = await self.handheld.did(kind, **body)
        self.outcomes.append(answer["outcome"])
        if answer["severity"] == "error":
            self.wrong += 1
        return answer


def _done(stop: dict[str, Any]) -> dict[str, Any]:
    """What is said of a stop at which everything was right."""
    body = {"task": stop["task"], "qty": stop["quantity"] - stop["done"] - stop["short"]}
    place = f"B-{stop['bin']['code']}"
    if stop["kind"] == "put_back":
        return {**body, "bin": place}
    lot = stop["lot"] or None
    return {**body, "bin": place, "item": "scanned", "tote": stop["tote"], "slot": stop["slot"], "lot": lot}


async def no_pace() -> None:
    """As fast as it goes."""
    await asyncio.sleep(0)
