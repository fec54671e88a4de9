"""Why: what is asked for many orders at once is told order by order."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from server.policies.rules import Said

JobAction = Literal["hold", "release", "cancel", "service", "tag", "untag"]

TAG: Final = r"^[a-z0-9][a-z0-9-]*(?!\n)$"


class FoundOrders(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All orders that the list of orders shows for this, the newest ten thousand at most."""

    q: Annotated[str, Meta(max_length=100)] = ""
    status: Annotated[str, Meta(max_length=40)] | None = None
    channel: Annotated[str, Meta(max_length=100)] | None = None
    service: Annotated[str, Meta(max_length=100)] | None = None
    warehouse: Annotated[int, Meta(ge=1, le=32767)] | None = None


class NewJob(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Something to be done to many orders: to these, or to all that are found.

    `note` is the hold's, the release's, or why it is cancelled; `service` is wanted for "service", `tag` for "tag" and
    "untag".
    """

    action: Annotated[JobAction, Meta(examples=["hold"])]
    orders: Annotated[
        list[Annotated[int, Meta(ge=1, le=2**53)]],
        Meta(min_length=1, max_length=10_000, description="Numbers of orders.", examples=[[10481, 10482]]),
    ] | None = None  # fmt: skip
    found: FoundOrders | None = None
    note: Annotated[str, Meta(max_length=500)] = ""
    service: Annotated[str, Meta(max_length=64)] = ""
    tag: Annotated[str, Meta(max_length=30)] = ""


class JobView(msgspec.Struct, frozen=True):
    """How far a job on many orders is. `refused` of them could not be dealt with; their rows say why."""

    id: UUID
    action: str
    asked: dict[str, str]
    state: str
    total: int
    done: int
    refused: int
    asked_by: str
    asked_at: datetime
    ended_at: datetime | None


class JobList(msgspec.Struct, frozen=True):
    """A page of jobs, the newest first; `next` is the `before` of the page behind it."""

    items: list[JobView]
    next: str | None


class JobRow(msgspec.Struct, frozen=True):
    """An order of a job: `waiting`, `done` or `refused`, and why it was refused."""

    position: int
    number: int
    state: str
    code: str | None
    why: Said | None


class JobRows(msgspec.Struct, frozen=True):
    """A page of a job's orders, in the order in which they are dealt with; `next` is the `after` of the page behind."""

    items: list[JobRow]
    next: str | None
