"""Why: a gateway to build, show and test against: deterministic, and as unpleasant as the real ones.

It is an outside party: its books are a file of its own, written and synced before it answers, so that it still knows
after a crash what it took. What it does is decided by the token alone (`TOKENS`).
"""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from server.core.clock import Clock
from server.payments.adapters.signature import prove
from server.payments.port import (
    Answer,
    Booked,
    Books,
    Call,
    Declined,
    GatewayTimeout,
    Gone,
    Heard,
    News,
    NotProved,
    Pending,
    Succeeded,
)

VALID: Final = timedelta(days=7)
SHORTLY: Final = timedelta(minutes=1)
FILE: Final = "sandbox-gateway.jsonl"
"""The name of its books in the data folder."""
HEADER: Final = "Sandbox-Signature"
PAGE: Final = 100
SET_ASIDE: Final = ("authorise", "reauthorise")


class Manner(NamedTuple):
    """How the sandbox behaves to a token."""

    what: str
    declines: str = ""  # the reason of an authorisation's no
    declines_renewal: str = ""
    declines_capture: str = ""
    declines_refund: str = ""
    valid: timedelta = VALID
    many: bool = True  # may be taken in parts
    silent: bool = False  # does what it is told and does not answer the first time
    deaf: bool = False  # does not hear the first call at all
    twice: bool = False  # answers, and tells it once more by itself
    refunds_after: timedelta = timedelta(0)  # a refund is pending for so long
    returns_after: timedelta | None = None  # a refund comes back after so long
    score: int | None = None  # the risk that it sees, 0 to 100


TOKENS: Final[dict[str, Manner]] = {
    "ok": Manner("Says yes."),
    "decline": Manner("Says no.", declines="insufficient funds"),
    "timeout-once": Manner("Takes the first call and does not answer.", silent=True),
    "lost-once": Manner("Never hears the first call.", deaf=True),
    "twice": Manner("Says yes twice.", twice=True),
    "risky": Manner("Says yes, and that it looks like fraud.", score=90),
    "expire": Manner("Says yes for one minute.", valid=SHORTLY),
    "single": Manner("Gives once: what the first capture leaves is let go.", many=False),
    "decline-capture": Manner("Sets the money aside and then does not give it.", declines_capture="card blocked"),
    "decline-renewal": Manner("Says yes once and then no.", declines_renewal="insufficient funds"),
    "decline-refund": Manner("Takes money and none back.", declines_refund="account closed"),
    "refund-late": Manner("Thinks for a minute before it takes money back.", refunds_after=SHORTLY),
    "refund-returns": Manner("Takes money back and sends it again after a day.", returns_after=timedelta(days=1)),
}
"""Every token and what the sandbox does with it; another token is an unknown card."""
_UNKNOWN: Final = Manner("Says no.", declines="unknown card", declines_renewal="unknown card")


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
    """The sandbox over its books. Several processes may share one file. `secret` signs what it says by itself."""

    name = "sandbox"

    def __init__(self, books: Path, clock: Clock, secret: str = "") -> None:
        self._books = books
        self._clock = clock
        self._secret = secret
        self._heard: Heard | None = None
        self._records: dict[str, Record] = {}
        self._read = 0
        self._met: set[str] = set()  # keys of calls that it was deaf to

    def listen(self, heard: Heard) -> None:
        """Says whom to tell of answers that come more than once."""
        self._heard = heard

    async def close(self) -> None:
        """Nothing is open between two calls."""

    # --- what it is asked

    async def authorise(self, call: Call) -> Answer:
        """Sets the amount aside, as the token has it."""
        manner = TOKENS.get(call.token, _UNKNOWN)
        return await self._call(call, lambda now: self._set_aside(call, manner, manner.declines, now))

    async def reauthorise(self, call: Call) -> Answer:
        """The same again, as the token has it."""
        manner = TOKENS.get(call.token, _UNKNOWN)
        return await self._call(call, lambda now: self._set_aside(call, manner, manner.declines_renewal, now))

    async def capture(self, call: Call) -> Answer:
        """Takes money that was set aside; no more than that, and not too late."""
        return await self._call(call, lambda now: self._capture(call, now))

    async def void(self, call: Call) -> Answer:
        """Lets go what was set aside."""
        known = self._authorisation
        return await self._call(
            call,
            lambda _now: Succeeded(_name(call)) if known(call.reference) else Declined("unknown authorisation"),
        )

    async def refund(self, call: Call) -> Answer:
        """Gives back what was taken; no more than that."""
        return await self._call(call, lambda _now: self._refund(call))

    async def status(self, call: Call) -> Answer | None:
        """What became of the call with this key, as it is now."""
        return await asyncio.to_thread(self._look, call.key)

    async def books(self, since: datetime, until: datetime, after: str | None) -> Books:
        """The authorisations of this time, the oldest first."""
        return await asyncio.to_thread(self._page, since, until, int(after or 0))

    async def booked(self, call: Call) -> Booked | None:
        """The authorisation that this call made."""

        def look() -> Booked | None:
            with self._open():
                record = self._records.get(call.key)
                return None if record is None else self._booked(record)

        return await asyncio.to_thread(look)

    def news(self, headers: Mapping[str, str], body: bytes, now: datetime) -> News:
        """What it says by itself: `{"id": …, "type": "call.answered", "key": …}`."""
        prove(self._secret, headers.get(HEADER, ""), body, now)
        try:
            said = msgspec.json.decode(body, type=_Said)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise NotProved("it is signed, and cannot be read") from error
        return News(said.id, said.type, said.type == "call.answered", (said.key,))

    # --- how it decides

    def _set_aside(self, call: Call, manner: Manner, declines: str, now: datetime) -> Answer:
        if declines:
            return Declined(declines)
        return Succeeded(_name(call), now + manner.valid, manner.many, manner.score)

    def _capture(self, call: Call, now: datetime) -> Answer:
        found = self._authorisation(call.reference)
        if found is None or not isinstance(found.answer, Succeeded):
            return Declined("unknown authorisation")
        if reason := TOKENS.get(found.token, _UNKNOWN).declines_capture:
            return Declined(reason)
        if self._done("void", call.reference):
            return Declined("authorisation was voided")
        if found.answer.until is not None and now > found.answer.until:
            return Declined("authorisation expired")
        taken = self.taken(call.reference)
        if taken + call.amount_minor > found.amount_minor or (taken and not found.answer.many):
            return Declined("more than was authorised")
        return Succeeded(_name(call))

    def _refund(self, call: Call) -> Answer:
        found = self._authorisation(call.reference)
        if found is None:
            return Declined("unknown authorisation")
        manner = TOKENS.get(found.token, _UNKNOWN)
        if manner.declines_refund:
            return Declined(manner.declines_refund)
        if self.given_back(call.reference) + call.amount_minor > self.taken(call.reference):
            return Declined("more than was taken")
        return Pending(_name(call)) if manner.refunds_after else Succeeded(_name(call))

    def _as_it_is(self, record: Record) -> Answer:
        """An answer that time has changed."""
        now, manner = self._clock.now(), self._manner(record)
        if record.kind == "refund":
            if isinstance(record.answer, Pending) and now >= record.at + manner.refunds_after:
                return Succeeded(record.answer.reference)
            if manner.returns_after is not None and now >= record.at + manner.returns_after:
                return Gone("account closed")
        if record.kind in SET_ASIDE and self._ran_out(record) and self.taken(_name(record)) < record.amount_minor:
            return Gone("authorisation expired")
        return record.answer

    def _manner(self, record: Record) -> Manner:
        found = self._authorisation(record.reference) if record.reference else record
        return _UNKNOWN if found is None else TOKENS.get(found.token, _UNKNOWN)

    def _ran_out(self, record: Record) -> bool:
        until = record.answer.until if isinstance(record.answer, Succeeded) else None
        return until is not None and self._clock.now() > until

    # --- what a test asks the books

    def taken(self, reference: str) -> int:
        """Money taken from one authorisation, in minor units."""
        return self._sum("capture", reference)

    def given_back(self, reference: str) -> int:
        """Money given back of what was taken from one authorisation, in minor units."""
        return self._sum("refund", reference)

    def records(self) -> list[Record]:
        """All calls it heard, in order."""
        with self._open():
            return list(self._records.values())

    def _sum(self, kind: str, reference: str) -> int:
        return sum(
            record.amount_minor
            for record in self._records.values()
            if record.kind == kind
            and record.reference == reference
            and isinstance(self._as_it_is(record), Succeeded | Pending)
        )

    def _page(self, since: datetime, until: datetime, at: int) -> Books:
        with self._open():
            found = [each for each in self._records.values() if each.kind in SET_ASIDE and since <= each.at < until]
            more = str(at + PAGE) if len(found) > at + PAGE else None
            return Books(tuple(self._booked(each) for each in found[at : at + PAGE]), more)

    def _booked(self, record: Record) -> Booked:
        reference = _name(record)
        if isinstance(record.answer, Declined):
            return Booked(reference=reference, currency=record.currency, state="declined", key=record.key,
                          authorised_minor=record.amount_minor, at=record.at)  # fmt: skip
        taken = self.taken(reference)
        many = not isinstance(record.answer, Succeeded) or record.answer.many
        over = taken == record.amount_minor or (taken > 0 and not many)
        over = over or self._done("void", reference) or self._ran_out(record)
        return Booked(
            reference=reference, currency=record.currency, state="closed" if over else "open", key=record.key,
            authorised_minor=record.amount_minor, captured_minor=taken, refunded_minor=self.given_back(reference),
            at=record.at,
        )  # fmt: skip

    # --- one call

    async def _call(self, call: Call, decide: Callable[[datetime], Answer]) -> Answer:
        manner = TOKENS.get(call.token, _UNKNOWN) if call.kind == "authorise" else TOKENS["ok"]
        if manner.deaf and call.key not in self._met:
            self._met.add(call.key)
            raise GatewayTimeout(f"{call.kind} {call.key}: no answer")
        token = call.token if call.kind in SET_ASIDE else ""
        reference = "" if call.kind in SET_ASIDE else call.reference

        def book() -> tuple[Record, bool]:
            with self._open() as file:
                known = self._records.get(call.key)
                if known is not None:
                    return known, False
                now = self._clock.now()
                record = Record(
                    call.key, call.kind, token, call.amount_minor, call.currency, reference, now, decide(now)
                )
                self._append(file, record)
                return record, True

        record, first = await asyncio.to_thread(book)
        asked = (call.kind, token, call.amount_minor, reference)
        if (record.kind, record.token, record.amount_minor, record.reference) != asked:
            raise ValueError(f"the key {call.key} was used for another call")
        if manner.silent and first:
            raise GatewayTimeout(f"{call.kind} {call.key}: no answer")
        if manner.twice and first and self._heard is not None:
            await self._heard(call.key, record.answer)
        return record.answer

    def _authorisation(self, reference: str) -> Record | None:
        record = self._records.get(reference.removeprefix("sandbox-"))
        return record if record is not None and record.kind in SET_ASIDE else None

    def _done(self, kind: str, reference: str) -> bool:
        return any(record.kind == kind and record.reference == reference for record in self._records.values())

    def _look(self, key: str) -> Answer | None:
        with self._open():
            record = self._records.get(key)
            return None if record is None else self._as_it_is(record)

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


class _Said(msgspec.Struct, frozen=True):
    """What it says by itself."""

    id: str
    type: str
    key: str = ""


def _name(of: Call | Record) -> str:
    return f"sandbox-{of.key}"


_decode: Final = msgspec.json.Decoder(Record).decode
