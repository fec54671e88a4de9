"""Why: rule sets over the wire: what is live, what is being written, and the procedure in words."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal

import msgspec
from msgspec import Meta

from server.core.editions import Edited, Edition
from server.policies.rules import MOST_RULES, Both, Rule, Said, SetFault

KindName = Literal[
    "routing", "reservation", "accuracy", "availability", "backorder", "address", "compliance", "credit", "fraud",
    "release",
]  # fmt: skip
"""The names of `rules.KINDS`."""

Rules = Annotated[list[Rule], Meta(max_length=MOST_RULES)]


# --- in --------------------------------------------------------------------------------------------------------


class NewDraft(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The rules of a draft, whole."""

    rules: Rules
    edition: Edition | None = None


class GoLive(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Lets the draft decide from now on."""

    note: Annotated[str, Meta(min_length=3, max_length=200, description="Why; it stands in the history.")]
    edition: Edition | None = None


# --- out -------------------------------------------------------------------------------------------------------


class RuleSet(Edited, frozen=True):
    """A version with its rules. Version 0 is as delivered."""

    EDITED: ClassVar[tuple[str, ...]] = ("version", "state", "rules")
    kind: str
    version: int
    state: str
    rules: list[Rule]
    note: str = ""
    written_by: str = ""
    written_at: datetime | None = None
    live_by: str | None = None
    live_at: datetime | None = None
    retired_at: datetime | None = None


class KindRow(msgspec.Struct, frozen=True):
    """A kind in the list: its words, what is live, whether somebody writes a draft."""

    name: str
    words: Said
    decides: Said
    version: int
    rules: int
    live_at: datetime | None
    live_by: str | None
    draft: bool


class KindList(msgspec.Struct, frozen=True):
    """Every kind, in the order in which they are decided."""

    items: list[KindRow]


class KindView(msgspec.Struct, frozen=True):
    """One kind: what its rules may do and speak of, what is live, and the draft where there is one."""

    name: str
    words: Said
    decides: Said
    moments: list[Said]
    actions: list[str]
    first: bool
    choices: dict[str, Said]
    reasons: dict[str, Said]
    owners: dict[str, Said]
    live: RuleSet
    draft: RuleSet | None


class VersionList(msgspec.Struct, frozen=True):
    """Versions that are or were live, the newest first; `next` is the `after` of the page behind."""

    items: list[RuleSet]
    next: str | None


class Step(msgspec.Struct, frozen=True):
    """A rule in words: when, and what happens then; as it is written, too."""

    name: Both
    when: Said
    then: Said
    source: str


class Procedure(msgspec.Struct, frozen=True):
    """How it is done here, made from the rules that are live: steps in their order, and what happens otherwise."""

    kind: str
    words: Said
    decides: Said
    moments: list[Said]
    first: bool
    steps: list[Step]
    otherwise: Said
    version: int
    live_at: datetime | None
    live_by: str | None
    note: str


class Looked(msgspec.Struct, frozen=True):
    """What is wrong with rules that are being written, and how each would read."""

    faults: list[SetFault]
    steps: list[Step]


class FactRow(msgspec.Struct, frozen=True):
    """A fact that a rule may speak of."""

    path: str
    type: str
    words: Said
    what: Said
    example: Any
    personal: bool


class FactList(msgspec.Struct, frozen=True):
    """The facts that this kind may speak of, and the functions."""

    items: list[FactRow]
    functions: list[str]
