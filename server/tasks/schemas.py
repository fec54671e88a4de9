"""Why: what a device sends and what it gets back, said as types; a field too many or too few is named, not guessed."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

Quantity = Annotated[int, Meta(ge=1, le=2_000_000_000)]
Code = Annotated[str, Meta(min_length=1, max_length=200)]
Lot = Annotated[str, Meta(max_length=200)]
ShortReason = Literal["empty", "damaged", "not_found", "blocked"]


class Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The part of a command that its kind defines."""


class TakeTour(Body, frozen=True):
    """`tour.take`: this tour shall be mine."""

    tour: UUID


class BindCart(Body, frozen=True):
    """`tour.cart`: this cart is the tour's."""

    tour: UUID
    cart: Code


class BindTote(Body, frozen=True):
    """`tour.tote`: this tote stands in that slot."""

    tour: UUID
    slot: Annotated[int, Meta(ge=1, le=100)]
    tote: Code


class FinishTour(Body, frozen=True):
    """`tour.finish`: the totes are handed over, perhaps at a named station."""

    tour: UUID
    place: Code | None = None


class Pick(Body, frozen=True):
    """`pick`: so many base units went from that bin into that tote."""

    task: UUID
    qty: Quantity
    bin: Code
    item: Code
    tote: Code
    slot: Annotated[int, Meta(ge=1, le=100)]
    lot: Lot | None = None
    manual: bool = False


class Short(Body, frozen=True):
    """`short`: so many base units are not where they should be, and why."""

    task: UUID
    missing: Quantity
    reason: ShortReason


class Skip(Body, frozen=True):
    """`skip`: this stop comes back at the end of the tour."""

    task: UUID
    reason: Literal["blocked", "later"] = "later"


class Undo(Body, frozen=True):
    """`undo`: take back what that command did."""

    command: UUID


class PutBack(Body, frozen=True):
    """`put_back`: so many base units went out of the tote into that bin."""

    task: UUID
    qty: Quantity
    bin: Code


class Count(Body, frozen=True):
    """`count`: that bin holds so many base units of the task's item."""

    task: UUID
    bin: Code
    counted: Annotated[int, Meta(ge=0, le=2_000_000_000)]


class Envelope(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A batch: the device, its storage's epoch, and at most 100 commands, each read on its own."""

    device: UUID
    epoch: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{8,64}(?!\n)$")]
    commands: Annotated[list[msgspec.Raw], Meta(max_length=100)]


class Sent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One command as the device stored it. `at` is the device's own time, kept but never trusted."""

    id: UUID
    seq: Annotated[int, Meta(ge=1, le=2**53)]
    kind: Annotated[str, Meta(min_length=1, max_length=40)]
    ticket: Annotated[str, Meta(max_length=1000)]
    at: Annotated[str, Meta(max_length=40)]
    body: msgspec.Raw
    after: Annotated[list[UUID], Meta(max_length=20)] = []
    version: Annotated[int, Meta(ge=0, le=2**53)] | None = None


class Marks(msgspec.Struct, frozen=True):
    """The least that is read of a command that cannot be read: its id and its place in the sequence."""

    id: UUID
    seq: Annotated[int, Meta(ge=1, le=2**53)]


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a command came to: one code of the outcome catalogue, its parameters, the task's new version."""

    outcome: str
    severity: str
    params: dict[str, str | int] = {}
    version: int | None = None
    task: UUID | None = None


class Answered(msgspec.Struct, frozen=True):
    """An answer beside the command that it belongs to. `again`: it had been given before."""

    id: UUID | None
    seq: int
    outcome: str
    severity: str
    params: dict[str, str | int]
    version: int | None
    task: UUID | None
    again: bool


class Batch(msgspec.Struct, frozen=True):
    """The answers in order. `resend_from`: the device must send from there, nothing after it was applied."""

    answers: list[Answered]
    resend_from: int | None
    high_water: int


class Effect(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a command did to the books, so that it can be taken back.

    `place` is the bin in which a tote stood; of a short: the count it opened, how many units it `held` with which
    `status`, and the picks that replace what was missing.
    """

    good: int = 0
    surplus: int = 0
    lacking: int = 0
    source_bin: UUID | None = None
    lpn: UUID | None = None
    put_back: UUID | None = None
    position: int = 0
    line: UUID | None = None
    place: UUID | None = None
    count: UUID | None = None
    held: int = 0
    status: str = ""
    replaced_by: list[UUID] = []
    details: dict[str, Any] = {}
