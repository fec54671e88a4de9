"""Why: what is held is released by somebody, singly or several at once, and the queue says whose turn it is."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

from server.policies.rules import Said


class NewHold(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Stops an order."""

    reason: Annotated[str, Meta(examples=["manual"])] = "manual"
    note: Annotated[str, Meta(examples=["Customer calls back at three."])] = ""


class Release(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Lets a held order go on."""

    note: Annotated[str, Meta(examples=["Address checked on the phone."])] = ""


class ReleaseMany(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Lets several held orders go on: holds by their ids."""

    holds: Annotated[list[UUID], Meta(min_length=1, max_length=100)]
    note: Annotated[str, Meta(examples=["Addresses checked on the phone."])] = ""


class Released(msgspec.Struct, frozen=True):
    """What became of one hold of several: the order's status after it, or why it stays."""

    hold: UUID
    status: str | None = None
    code: str = ""
    why: Said | None = None


class ReleasedMany(msgspec.Struct, frozen=True):
    """What became of each."""

    items: list[Released]


class QueuedHold(msgspec.Struct, frozen=True):
    """A hold that waits for somebody. `mine`: this caller may release it now."""

    id: UUID
    order: int
    status: str
    warehouse: int
    customer: str
    total_minor: int
    currency: str
    reason: str
    en: str
    de: str
    rule: dict[str, Any] | None
    owner: str
    placed_at: datetime
    due_at: datetime
    escalated_at: datetime | None
    placed_by: str
    note: str
    mine: bool


class HoldQueue(msgspec.Struct, frozen=True):
    """A page of holds, the one that is due first at the top; `next` is the `after` of the page behind."""

    items: list[QueuedHold]
    next: str | None
    open: int
    overdue: int
