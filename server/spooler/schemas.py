"""Why: what is said about printers and their jobs, to other rooms and over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, ClassVar
from uuid import UUID

import msgspec
from msgspec import Meta

from server.core.editions import Edited, Edition
from server.spooler.rules import Decision


class NewPrinter(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A printer: `profile` is one of printers.profiles, `address` one of the allowed ones, `page` a virtual one's."""

    code: Annotated[
        str, Meta(min_length=1, max_length=40, pattern=r"^[A-Z0-9]+(-[A-Z0-9]+)*(?!\n)$", examples=["PRN-1"])
    ]
    name: Annotated[str, Meta(min_length=1, max_length=80)]
    profile: Annotated[str, Meta(max_length=40, examples=["zd421-203"])]
    address: Annotated[str, Meta(max_length=80, examples=["10.20.0.17:9100"])]
    page: Annotated[str, Meta(max_length=200, pattern=r"^https?://")] | None = None
    edition: Edition | None = None


class Printer(Edited, frozen=True):
    """A printer as other rooms and pages see it. `condition` is what it last said of itself, since `condition_at`."""

    EDITED: ClassVar[tuple[str, ...]] = ("name", "profile", "address", "page")

    id: UUID
    warehouse: int
    code: str
    name: str
    profile: str
    address: str
    page: str | None
    condition: str
    condition_at: datetime | None
    waiting: int = 0
    unknown: int = 0


class PrinterList(msgspec.Struct, frozen=True):
    """All printers of a warehouse; `profiles`: what a printer may be, for the set-up."""

    items: list[Printer]
    profiles: list[str]


class Job(msgspec.Struct, frozen=True):
    """A print job. `reason` is a code and `said` the same in words, where something is not as it should be."""

    id: UUID
    printer: UUID
    printer_code: str
    printer_name: str
    kind: str
    subject: UUID | None
    copies: int
    state: str
    attempt: int
    reason: str | None
    said: str | None
    due_at: datetime | None
    queued_at: datetime
    sent_at: datetime | None
    ended_at: datetime | None


class JobList(msgspec.Struct, frozen=True):
    """A page of jobs, the newest first; `next` is the `after` of the page behind it."""

    items: list[Job]
    next: str | None


class Decide(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a person says of a job that may have printed."""

    decision: Decision


class Queued(msgspec.Struct, frozen=True):
    """The job that was made."""

    job: UUID


class Claim(msgspec.Struct, frozen=True):
    """A job that is ours to send, and where to. `fence` proves at the end that it still was."""

    job: UUID
    warehouse: int
    printer: UUID
    address: str
    payload: bytes
    copies: int
    attempt: int
    fence: int
