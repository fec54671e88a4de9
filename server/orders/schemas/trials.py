"""Why: rules are tried on the last orders before they go live."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from server.policies.rules import Both, Rule, Said


class NewTrial(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Tries rules that are not live on the last orders."""

    rules: Annotated[list[Rule], Meta(max_length=50)]
    orders: Annotated[int, Meta(ge=1, le=500, description="How many of the last ones.")] = 500


class Seen(msgspec.Struct, frozen=True):
    """A value that a rule looked at, by the fact's path and in its words."""

    path: str
    words: Said
    value: Any
    said: Said


class TrialHit(msgspec.Struct, frozen=True):
    """An order that rules on trial would have spoken about."""

    order: int
    captured_at: datetime
    total_minor: int
    currency: str
    rule: Both
    do: str
    then: Said
    because: list[Seen]
    broken: str
    already: bool
    """What is live says the same of it today."""


class Trial(msgspec.Struct, frozen=True):
    """What rules would have done to the last orders: so many of each action, and the first of these orders."""

    looked_at: int
    counts: dict[str, int]
    spared: int
    """Orders that what is live holds or refuses, and these rules would not."""
    items: list[TrialHit]
