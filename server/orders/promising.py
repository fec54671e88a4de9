"""Why: what is promised must come true: units are promised out of the stock or out of a receipt, each unit once.

Available to promise (ATP) on a day = free stock + receipts expected by then − what is kept back − what is promised.
Stock goes to those who were promised first, not to those who come first to be released. A promise that stands never
gets later by somebody else's order; it moves when the supply does. Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

STOCK: Final = None
"""The receipt of units that lie in the warehouse already."""


class Receipt(NamedTuple):
    """Units that are expected: by which delivery, when, how many are still to come."""

    id: UUID
    on: date
    quantity: int


class Share(NamedTuple):
    """Units of a line and what they are promised out of: the stock, a receipt, or nothing yet (`on` is None)."""

    quantity: int
    receipt: UUID | None
    on: date | None

    @property
    def ready(self) -> bool:
        """Whether they lie in the warehouse, so that a wave may take them."""
        return self.receipt is STOCK and self.on is not None

    @property
    def waits(self) -> bool:
        """Whether nothing is known out of which they could come."""
        return self.on is None


class Wish(NamedTuple):
    """Units of a line that want a promise, for whom, and what was promised of them so far."""

    line: UUID
    quantity: int
    before: tuple[Share, ...] = ()
    whose: frozenset[str] = frozenset()

    @property
    def promised_on(self) -> date:
        """The day on which the last unit was promised; the end of time where one has no day."""
        return max((share.on or date.max for share in self.before), default=date.max)

    @property
    def standing(self) -> int:
        """Units that were promised out of the stock: no rule takes those away again."""
        return min(self.quantity, sum(share.quantity for share in self.before if share.ready))


class Kept(NamedTuple):
    """A rule that keeps units of an item back.

    `safety` is for nobody. `aside` is for one channel or customer (`whose`): others leave so many. `percent` is the
    most of the whole supply that one channel or customer may be promised at a time.
    """

    safety: int = 0
    aside: int = 0
    percent: int | None = None
    whose: str = ""


@dataclass
class Limits:
    """What the rules leave to whom. `promised` says what each was promised already, `whole` what there is in all."""

    rules: Sequence[Kept] = ()
    promised: dict[str, int] = field(default_factory=dict)
    whole: int = 0

    def kept(self, whose: frozenset[str]) -> int:
        """Units, the earliest, that an order of these names (its channel, its customer) must leave.

        What those for whom units are set aside were promised already counts against what is still kept for them.
        """
        return sum(
            rule.safety + (0 if rule.whose in whose else max(0, rule.aside - self.promised.get(rule.whose, 0)))
            for rule in self.rules
        )

    def most(self, whose: frozenset[str]) -> int | None:
        """The most units that an order of these names may still be promised; None where nothing bounds it."""
        bounds = [
            self.whole * rule.percent // 100 - self.promised.get(rule.whose, 0)
            for rule in self.rules
            if rule.percent is not None and rule.whose in whose
        ]
        return max(0, min(bounds)) if bounds else None

    def copy(self) -> Limits:
        """The same, for whoever only tries."""
        return Limits(self.rules, dict(self.promised), self.whole)

    def took(self, whose: frozenset[str], units: int) -> None:
        """So many units more were promised to an order of these names."""
        for name in whose:
            self.promised[name] = self.promised.get(name, 0) + units


class Supply:
    """What there is to promise of one item in one warehouse: units on the shelf, and what is to come."""

    def __init__(self, stock: int, receipts: Sequence[Receipt], today: date) -> None:
        self.today = today
        coming = sorted((each for each in receipts if each.quantity > 0), key=lambda each: (each.on, each.id))
        self._left: list[tuple[UUID | None, date, int]] = [(STOCK, today, max(0, stock))]
        self._left += [(each.id, each.on, each.quantity) for each in coming]

    def copy(self) -> Supply:
        """The same, for whoever only tries."""
        same = Supply.__new__(Supply)
        same.today, same._left = self.today, list(self._left)
        return same

    @property
    def left(self) -> int:
        """Units that nobody was promised yet."""
        return sum(quantity for _, _, quantity in self._left)

    @property
    def on_shelf(self) -> int:
        """Those of them that lie in the warehouse."""
        return self._left[0][2]

    def give(self, wanted: int, limits: Limits | None = None, whose: frozenset[str] = frozenset()) -> list[Share]:
        """Promises so many units, the earliest first; the last share waits for what is not in sight."""
        limits = limits or Limits()
        most, kept = limits.most(whose), limits.kept(whose)
        allowed = wanted if most is None else min(wanted, most)
        shares: list[Share] = []
        for at, (receipt, on, there) in enumerate(self._left):
            left = min(there, kept)  # what the stock lacks of it is kept of what comes next
            kept -= left
            if (taken := min(there - left, allowed)) > 0:
                shares.append(Share(taken, receipt, on))
                self._left[at] = (receipt, on, there - taken)
                allowed -= taken
        promised = sum(share.quantity for share in shares)
        limits.took(whose, promised)
        return shares if promised == wanted else [*shares, Share(wanted - promised, None, None)]


def assign(wishes: Iterable[Wish], supply: Supply, limits: Limits | None = None) -> dict[UUID, list[Share]]:
    """Who gets what when the supply has changed: those who were promised earliest first, as given among equals.

    Gives the shares of each line, whole: what stands, what moved, what waits. Rules that keep units back bind what is
    promised anew, not what stands. `limits` know nothing of these wishes yet.
    """
    limits = limits or Limits()
    ranked = sorted(wishes, key=lambda wish: max(wish.promised_on, supply.today))  # all that is overdue is alike
    stands = {wish.line: _stands(wish, supply) for wish in ranked}
    for wish in ranked:
        limits.took(wish.whose, sum(share.quantity for share in stands[wish.line]))
    return {
        wish.line: together([*stands[wish.line], *_anew(wish, stands[wish.line], supply, limits)]) for wish in ranked
    }


def _stands(wish: Wish, supply: Supply) -> list[Share]:
    """What was promised out of the stock, as far as the stock still has it."""
    there = min(wish.standing, supply.on_shelf)
    return supply.give(there) if there else []


def _anew(wish: Wish, stands: Sequence[Share], supply: Supply, limits: Limits) -> list[Share]:
    wanted = wish.quantity - sum(share.quantity for share in stands)
    return supply.give(wanted, limits, wish.whose) if wanted else []


def together(shares: Iterable[Share]) -> list[Share]:
    """Shares out of the same, added up."""
    sums: dict[tuple[UUID | None, date | None], int] = {}
    for share in shares:
        sums[share.receipt, share.on] = sums.get((share.receipt, share.on), 0) + share.quantity
    return [Share(quantity, receipt, on) for (receipt, on), quantity in sums.items()]


def differ(before: Iterable[Share], after: Iterable[Share]) -> bool:
    """Whether units have another source, or another day than the one on which they lay in the warehouse."""
    return _sources(before) != _sources(after)


def _sources(shares: Iterable[Share]) -> Counter[tuple[UUID | None, date | None]]:
    sums: Counter[tuple[UUID | None, date | None]] = Counter()
    for share in shares:
        sums[share.receipt, date.min if share.ready else share.on] += share.quantity
    return sums


def may_go(shares: Iterable[Share], *, complete: bool) -> int:
    """Units that a wave may take now: those that lie ready, and of an order that ships complete only all at once."""
    known = list(shares)
    ready = sum(share.quantity for share in known if share.ready)
    return 0 if complete and any(not share.ready for share in known) else ready


def starts_on(shares: Iterable[Share], *, complete: bool) -> date | None:
    """The day from which the next of these units can go, or all of them; None where none is known."""
    known = list(shares)
    if complete:
        return day(known)
    return min((share.on for share in known if share.on is not None), default=None)


def day(shares: Iterable[Share]) -> date | None:
    """The day from which all of these units can go; None where some have no day."""
    days = [share.on for share in shares]
    known = [each for each in days if each is not None]
    return max(known) if known and len(known) == len(days) else None
