"""Why: how much is taken when, of which authorisation, when it is set aside anew, and what differs. Pure.

Of a payment's journal follows everything: what stands at the gateway, what is left of it, what may be given back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, Literal, NamedTuple
from uuid import UUID

from server.payments.lifecycle import OPEN

WAITS: Final = (10, 15, 30, 60, 300, 900)
"""Seconds after the first, second, … question until the gateway is asked again; the last one for ever after.

The first is longer than a call may last (`worker.PATIENCE`): meanwhile nobody else asks.
"""
AHEAD: Final = timedelta(days=1)
"""So long before an authorisation runs out what is still to be taken is set aside anew."""
DAYS: Final = 14
"""Days until an invoice is due, where nobody has said otherwise for this customer."""
SET_ASIDE: Final = frozenset({"authorise", "reauthorise"})
BY_HAND: Final = frozenset({"prepaid", "cash"})
"""Paid to people, who say that the money came, and pay back by hand."""
CARDS: Final = frozenset({"card"})
"""Paid through a gateway."""


class Intent(NamedTuple):
    """A row of a payment's journal."""

    id: UUID
    payment: UUID
    kind: str
    amount_minor: int
    about: UUID | None
    state: str
    attempts: int
    due_at: datetime | None
    created_at: datetime
    answered_at: datetime | None
    answer: Mapping[str, Any] | None
    reference: str | None
    note: str
    by: str

    @property
    def open(self) -> bool:
        """Whether its answer is still to come."""
        return self.state in OPEN


def again_in(attempts: int) -> timedelta:
    """How long to wait after this many questions."""
    return timedelta(seconds=WAITS[min(attempts, len(WAITS)) - 1])


def owed(*, units: int, value: int, items: int, shipping: int, tax: int) -> int:
    """What the customer owes for so much of the order, in minor units.

    `units` of it cost `value` of all `items`. Shipping is owed with the first unit, tax in proportion
    (rounded down), so that the whole order owes exactly items + shipping + tax.
    """
    if not units:
        return 0
    return value + shipping + (tax * value // items if items else tax)


# --- what stands at the gateway ------------------------------------------------------------------------------------


class Authorisation(NamedTuple):
    """What was set aside by one intent, and what became of it. `taken` counts what is being taken too."""

    intent: UUID
    reference: str
    amount_minor: int
    taken: int
    captured: int
    given_back: int
    many: bool
    let_go: bool

    @property
    def room(self) -> int:
        """What may still be taken of it."""
        return 0 if self.let_go or (self.taken and not self.many) else self.amount_minor - self.taken

    @property
    def to_give_back(self) -> int:
        """What was taken and is neither given back nor being given back."""
        return self.captured - self.given_back


def authorisation(journal: Sequence[Intent], intent_id: UUID | None) -> Authorisation | None:
    """What this intent set aside; None where it set nothing aside that ever stood."""
    made = next((each for each in journal if each.id == intent_id and each.reference is not None), None)
    if made is None or made.state not in ("succeeded", "taken_back"):
        return None
    mine = [each for each in journal if each.about == made.id]
    return Authorisation(
        intent=made.id,
        reference=made.reference or "",
        amount_minor=made.amount_minor,
        taken=total(mine, "capture", OPEN | {"succeeded"}),
        captured=total(mine, "capture", {"succeeded"}),
        given_back=total(mine, "refund", OPEN | {"succeeded"}),
        many=bool((made.answer or {}).get("many", True)),
        let_go=made.state == "taken_back"
        or any(each.kind == "void" and each.state not in ("abandoned", "declined") for each in mine),
    )


def authorisations(journal: Sequence[Intent]) -> list[Authorisation]:
    """All that was ever set aside, the oldest first."""
    found = (authorisation(journal, each.id) for each in journal if each.kind in SET_ASIDE)
    return [each for each in found if each is not None]


def superseded(journal: Iterable[Intent], intent: Intent) -> bool:
    """Whether another authorisation was asked for after this one, and may stand."""
    return any(
        each.kind in SET_ASIDE and each.id > intent.id and (each.open or each.state == "succeeded") for each in journal
    )


def total(journal: Iterable[Intent], kind: str, states: Iterable[str]) -> int:
    """The amounts of the intents of a kind that are in one of these states."""
    wanted = frozenset(states)
    return sum(each.amount_minor for each in journal if each.kind == kind and each.state in wanted)


def shares(amount: int, journal: Sequence[Intent]) -> list[tuple[UUID, int]]:
    """Of which authorisations an amount is given back, the latest first; together exactly the amount.

    ValueError where so much was not taken through them.
    """
    left, found = amount, []
    for each in reversed(authorisations(journal)):
        part = min(left, each.to_give_back)
        if part > 0:
            found.append((each.intent, part))
            left -= part
    if left:
        raise ValueError(f"{amount} cannot be given back, {left} of it was never taken")
    return found


def renew_at(answered: datetime, until: datetime | None) -> datetime | None:
    """When to set aside anew; None for what does not run out, or so soon that it would be renewed without end."""
    if until is None or until - answered <= 2 * AHEAD:
        return None
    return until - AHEAD


# --- laying two books side by side ---------------------------------------------------------------------------------

Verdict = Literal["same", "under_way", "missing_there", "missing_here", "other_amount", "other_state"]
VERDICTS: Final[Mapping[Verdict, str]] = {
    "same": "Both say the same.",
    "under_way": "An answer is still to come; look again.",
    "missing_there": "We have it, the gateway does not know it.",
    "missing_here": "The gateway has it, we do not.",
    "other_amount": "Set aside, taken or given back is not the same.",
    "other_state": "Declined, set aside or over: the two do not agree.",
}
DIFFERENCES: Final = ("missing_there", "missing_here", "other_amount", "other_state")


class Side(NamedTuple):
    """An authorisation in one of the two books."""

    state: str  # open | closed | declined
    currency: str
    authorised_minor: int
    captured_minor: int
    refunded_minor: int


def side(journal: Sequence[Intent], intent: Intent, currency: str) -> Side:
    """What our journal says of an authorisation that the gateway has answered."""
    found = authorisation(journal, intent.id)
    if found is None:
        return Side("declined", currency, intent.amount_minor, 0, 0)
    about = [each for each in journal if each.about == intent.id]
    gone = intent.state == "taken_back" or any(each.kind == "void" and each.state == "succeeded" for each in about)
    over = gone or found.captured == found.amount_minor or (found.captured > 0 and not found.many)
    return Side(
        "closed" if over else "open", currency, found.amount_minor, found.captured,
        total(about, "refund", {"succeeded"}),
    )  # fmt: skip


def in_flight(journal: Sequence[Intent], intent: Intent) -> bool:
    """Whether an answer about this authorisation is still to come."""
    return any(each.open for each in journal if each.id == intent.id or each.about == intent.id)


def compared(ours: Side | None, theirs: Side | None, *, flying: bool) -> Verdict:
    """What comes of laying the two side by side. What is under way is no difference yet."""
    if ours == theirs:
        return "same"
    if flying:
        return "under_way"
    if theirs is None:
        # What was declined left nothing behind, also where a gateway keeps no record of it.
        return "same" if ours is not None and ours.state == "declined" else "missing_there"
    if ours is None:
        return "missing_here"
    if ours[1:] != theirs[1:]:
        return "other_amount"
    return "other_state"
