"""A handheld without a screen: enrolled, signed in, numbering and keeping its commands, sending until it is answered.

Why: it does what the app does, over HTTP alone, so that a shift can be played against a real server: by the people of
the demo, by the tests that kill the server, and by whoever writes a client of their own.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from seed.shift.caller import Caller
from server.core.ids import new_id

MOST_IN_A_BATCH = 100
Command = dict[str, Any]
Answer = dict[str, Any]


@dataclass
class Handheld(Caller):
    """One device with its storage: the epoch, the next number, what waits, what was acknowledged."""

    device: str = ""
    ticket: str = ""
    warehouse: int = 1
    epoch: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    seq: int = 0
    waiting: list[Command] = field(default_factory=list)
    acknowledged: list[tuple[Command, Answer]] = field(default_factory=list)
    told: Callable[[Command, Answer], None] | None = None
    """Who hears each answer instead of `acknowledged`, where a day is too long to be kept."""
    in_flight: int = 0

    async def enrol(self, code: str) -> None:
        """Becomes a device of the warehouse."""
        answer = await self.ask("POST", "/api/auth/devices/enrol", {"code": code})
        answer.raise_for_status()
        self.secret, self.device = answer.json()["secret"], answer.json()["device"]

    async def sign_in(self, badge: str, pin: str, **more: str) -> dict[str, Any]:
        """Somebody works on it from now on."""
        signed = await super().sign_in(badge, pin, **more)
        self.ticket, self.warehouse = signed["ticket"], signed["warehouse"]["id"]
        return signed

    async def did(self, kind: str, **body: Any) -> Answer:
        """Keeps a command and sends everything that waits; answers this one's answer."""
        command = self.keep(kind, **body)
        return (await self.flush())[str(command["id"])]

    def keep(self, kind: str, **body: Any) -> Command:
        """Keeps a command without sending it: the network is away."""
        self.seq += 1
        command = {
            "id": str(new_id()), "seq": self.seq, "kind": kind, "ticket": self.ticket,
            "at": datetime.now(UTC).isoformat(), "after": [], "version": None, "body": body,
        }  # fmt: skip
        self.waiting.append(command)
        return command

    async def flush(self) -> dict[str, Answer]:
        """Sends what waits until everything is answered; answers by command id."""
        answers: dict[str, Answer] = {}
        while self.waiting:
            batch = self.waiting[:MOST_IN_A_BATCH]
            reply = await self._send(batch)
            for answer in reply["answers"]:
                (command,) = [each for each in batch if each["seq"] == answer["seq"]]
                answers[str(command["id"])] = answer
                self._hear(command, answer)
                self.waiting.remove(command)
            if not reply["answers"] and reply["resend_from"] is not None:
                raise AssertionError(f"a gap: the server wants {reply['resend_from']}, mine are {batch[0]['seq']} …")
        return answers

    async def _send(self, batch: list[Command]) -> dict[str, Any]:
        body = {"device": self.device, "epoch": self.epoch, "commands": batch}
        self.in_flight += 1
        try:
            answer = await self.ask("POST", "/api/floor/commands", body, as_device=True)
        finally:
            self.in_flight -= 1
        answer.raise_for_status()
        reply: dict[str, Any] = answer.json()
        return reply

    def _hear(self, command: Command, answer: Answer) -> None:
        if self.told is None:
            self.acknowledged.append((command, answer))
        else:
            self.told(command, answer)


def done(stop: dict[str, Any]) -> dict[str, Any]:
    """What is said of a stop at which everything was right."""
    body = {"task": stop["task"], "qty": stop["quantity"] - stop["done"] - stop["short"]}
    place = f"B-{stop['bin']['code']}"
    if stop["kind"] == "put_back":
        return {**body, "bin": place}
    lot = stop["lot"] or None
    return {**body, "bin": place, "item": "scanned", "tote": stop["tote"], "slot": stop["slot"], "lot": lot}
