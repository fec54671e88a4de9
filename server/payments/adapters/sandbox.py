"""Why: a gateway to build, show and test against: deterministic, and as unpleasant as the real ones.

It is an outside party: its books are a file of its own, written and synced before it answers, so that it still knows
after a crash what it took. What it does is decided by the token alone (`TOKENS`).
"""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from server.core.clock import Clock
from server.payments.port import Answer, Declined, GatewayTimeout, Heard, Succeeded

VALID: Final = timedelta(days=7)
SHORTLY: Final = timedelta(minutes=1)
FILE: Final = "sandbox-gateway.jsonl"
"""The name of its books in the data folder."""


class Manner(NamedTuple):
    """How the sandbox behaves to a token."""

    what: str
    declines: str = ""  # the reason of an authorisation's no
    declines_capture: str = ""
    valid: timedelta = VALID
    silent: bool = False  # does what it is told and does not answer the first time
    deaf: bool = False  # does not hear the first call at all
    twice: bool = False  # answers, and tells it once more by itself


TOKENS: Final[dict[str, Manner]] = {
    "ok": Manner("Says yes."),
    "decline": Manner("Says no.", declines="insufficient funds"),
    "timeout-once": Manner("Takes the first call and does not answer.", silent=True),
    "lost-once": Manner("Never hears the first call.", deaf=True),
    "twice": Manner("Says yes twice.", twice=True),
    "expire": Manner("Says yes for one minute.", valid=SHORTLY),
    "decline-capture": Manner("Sets the money aside and then does not give it.", declines_capture="card blocked"),
}
"""Every token and what the sandbox does with it; another token is an unknown card."""
_UNKNOWN: Final = Manner("Says no.", declines="unknown card")


class Record(msgspec.Struct, frozen=True):
    """One line of the books: a call that was heard and the answer to it."""

    key: str
    kind: str
    token: str
    amount_minor: int
    currency: str
    reference: str
    at: datetime
    answer: Answer


class SandboxGateway:
    """The sandbox over its books. Several processes may share one file."""

    name = "sandbox"

    def __init__(self, books: Path, clock: Clock) -> None:
        self._books = books
        self._clock = clock
        self._heard: Heard | None = None
        self._records: dict[str, Record] = {}
        self._read = 0
        self._met: set[str] = set()  # keys of calls that it was deaf to

    def listen(self, heard: Heard) -> None:
        """Says whom to tell of answers that come by themselves."""
        self._heard = heard

    async def authorise(self, key: str, token: str, amount_minor: int, currency: str) -> Answer:
        """Sets the amount aside, as the token has it."""
        manner = TOKENS.get(token, _UNKNOWN)

        def decide(now: datetime) -> Answer:
            if manner.declines:
                return Declined(manner.declines)
            return Succeeded(f"sandbox-{key}", now + manner.valid)

        return await self._call(key, "authorise", token, amount_minor, currency, "", decide)

    async def capture(self, key: str, reference: str, amount_minor: int) -> Answer:
        """Takes money that was set aside; no more than that, and not too late."""

        def decide(now: datetime) -> Answer:
            found = self._authorisation(reference)
            if found is None or not isinstance(found.answer, Succeeded):
                return Declined("unknown authorisation")
            if reason := TOKENS.get(found.token, _UNKNOWN).declines_capture:
                return Declined(reason)
            if self._done("void", reference):
                return Declined("authorisation was voided")
            if found.answer.until is not None and now > found.answer.until:
                return Declined("authorisation expired")
            if self.taken(reference) + amount_minor > found.amount_minor:
                return Declined("more than was authorised")
            return Succeeded(f"sandbox-{key}")

        return await self._call(key, "capture", "", amount_minor, "", reference, decide)

    async def void(self, key: str, reference: str) -> Answer:
        """Lets go what was set aside."""

        def decide(_now: datetime) -> Answer:
            return Succeeded(f"sandbox-{key}") if self._authorisation(reference) else Declined("unknown authorisation")

        return await self._call(key, "void", "", 0, "", reference, decide)

    async def status(self, key: str) -> Answer | None:
        """What became of the call with this key."""
        return await asyncio.to_thread(self._look, key)

    # --- what a test asks the books

    def taken(self, reference: str) -> int:
        """Money taken from one authorisation, in minor units."""
        return sum(
            record.amount_minor
            for record in self._records.values()
            if record.kind == "capture" and record.reference == reference and isinstance(record.answer, Succeeded)
        )

    def records(self) -> list[Record]:
        """All calls it heard, in order."""
        with self._open():
            return list(self._records.values())

    # --- one call

    async def _call(
        self, key: str, kind: str, token: str, amount: int, currency: str, reference: str,
        decide: Callable[[datetime], Answer],
    ) -> Answer:  # fmt: skip
        manner = TOKENS.get(token, _UNKNOWN) if kind == "authorise" else TOKENS["ok"]
        if manner.deaf and key not in self._met:
            self._met.add(key)
            raise GatewayTimeout(f"{kind} {key}: no answer")

        def book() -> tuple[Record, bool]:
            with self._open() as file:
                known = self._records.get(key)
                if known is not None:
                    return known, False
                now = self._clock.now()
                record = Record(key, kind, token, amount, currency, reference, now, decide(now))
                self._append(file, record)
                return record, True

        record, first = await asyncio.to_thread(book)
        if (record.kind, record.token, record.amount_minor, record.reference) != (kind, token, amount, reference):
            raise ValueError(f"the key {key} was used for another call")
        if manner.silent and first:
            raise GatewayTimeout(f"{kind} {key}: no answer")
        if manner.twice and first and self._heard is not None:
            await self._heard(key, record.answer)
        return record.answer

    def _authorisation(self, reference: str) -> Record | None:
        record = self._records.get(reference.removeprefix("sandbox-"))
        return record if record is not None and record.kind == "authorise" else None

    def _done(self, kind: str, reference: str) -> bool:
        return any(record.kind == kind and record.reference == reference for record in self._records.values())

    def _look(self, key: str) -> Answer | None:
        with self._open():
            record = self._records.get(key)
        return None if record is None else record.answer

    # --- the books

    @contextmanager
    def _open(self) -> Iterator[int]:
        """The books, locked against other processes and read up to their end; a line cut off by a crash is dropped."""
        file = os.open(self._books, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            os.lseek(file, self._read, os.SEEK_SET)
            text = b"".join(iter(lambda: os.read(file, 1 << 16), b""))
            whole, _, cut = text.rpartition(b"\n")
            if cut:
                os.ftruncate(file, self._read + len(text) - len(cut))
            for line in whole.splitlines():
                record = _decode(line)
                self._records[record.key] = record
            self._read += len(text) - len(cut)
            yield file
        finally:
            os.close(file)

    def _append(self, file: int, record: Record) -> None:
        line = msgspec.json.encode(record) + b"\n"
        os.lseek(file, self._read, os.SEEK_SET)
        os.write(file, line)
        os.fsync(file)
        self._read += len(line)
        self._records[record.key] = record


_decode: Final = msgspec.json.Decoder(Record).decode
