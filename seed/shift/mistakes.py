"""Why: a floor on which nobody errs shows nothing. What can go wrong, how often, and what must catch it is one table.

Pure and seeded: a person's n-th stop, item, carton or order has the same mistake in every run with the same seed,
whatever else happens. In each `one_in` occasions of its moment a mistake happens once.
"""

from __future__ import annotations

import random
from collections import Counter, deque
from typing import Final, Literal, NamedTuple

Moment = Literal["load", "stop", "tote", "item", "carton", "label", "order"]

MOMENTS: Final[dict[Moment, str]] = {
    "load": "a picker puts a tote on the cart",
    "stop": "a picker stands at a bin",
    "tote": "a packer reaches for a tote",
    "item": "a packer takes an item out of a tote",
    "carton": "a packer has a full carton before her",
    "label": "a label is about to be printed",
    "order": "a customer orders",
}


class Mistake(NamedTuple):
    """One thing that goes wrong: when, how often, and the outcomes by which the system catches it."""

    name: str
    moment: Moment
    one_in: int
    caught_by: frozenset[str]
    what: str


def _row(name: str, moment: Moment, one_in: int, caught_by: str, what: str) -> Mistake:
    return Mistake(name, moment, one_in, frozenset(caught_by.split()), what)


_TAKEN: Final = "picked stop_done tour_done put_back picked_put_back picked_over_stock"
"""A fact that comes late is taken like any other, also where it means work."""

_ROWS: Final = (
    # --- pickers
    _row("tote_twice", "load", 30, "tote_in_slot", "the same tote for two slots"),
    _row("tote_of_another", "load", 40, "tote_not_empty tote_used", "a tote in which something lies already"),
    _row("wrong_bin", "stop", 25, "wrong_bin", "the neighbour's bin"),
    _row("wrong_digits", "stop", 45, "check_digits_wrong", "check digits read off another bin"),
    _row("wrong_item", "stop", 30, "wrong_item", "an item that looks alike"),
    _row("wrong_slot", "stop", 35, "wrong_tote", "into the tote beside"),
    _row("too_many", "stop", 35, "over_pick", "one more than wanted"),
    _row("short", "stop", 40, "shorted shorted_replaced shorted_backordered", "not enough in the bin"),
    _row("skip", "stop", 40, "skipped", "a pallet before the bin"),
    _row("undo", "stop", 45, "undone", "taken back and picked again"),
    _row("tote_full", "stop", 45, "slot_taken tote_bound", "the tote is full"),
    _row("network_lost", "stop", 35, _TAKEN, "some stops without a network, then one batch"),
    _row("tab_killed", "stop", 50, _TAKEN, "the app is gone in mid-stop, its storage stays"),
    _row("walks_off", "stop", 60, "done", "a break in mid-tour: the lead gives the tour to everyone"),
    # --- packers
    _row("empty_tote", "tote", 20, "tote_empty tote_still_picking", "a tote with nothing to pack in it"),
    _row("not_of_order", "item", 30, "not_of_this_order", "an item of another order"),
    _row("surplus", "item", 35, "packed_enough over_pick not_of_this_order", "one more than the order wants"),
    _row("taken_out", "item", 40, "unpacked", "the last item out of the carton again"),
    _row("bench_short", "item", 45, "shorted_backordered", "not in the tote after all"),
    _row("weight_off", "carton", 15, "weight_wrong", "a hand on the scale"),
    _row("not_weighed", "carton", 20, "weight_missing", "the label before the weight"),
    _row("label_of_another", "carton", 20, "label_wrong", "the label of another carton"),
    _row("label_torn", "carton", 25, "reprinting", "the label is torn and printed again"),
    _row("paper_out", "label", 25, "paper_out", "the printer runs out of paper"),
    _row("print_lost", "label", 60, "unknown", "the printer prints and does not say so"),
    # --- the desk
    _row("sent_twice", "order", 12, "replayed", "the same order sent twice"),
    _row("sum_wrong", "order", 20, "order_invalid", "an order whose sum is wrong"),
    _row("doubtful_address", "order", 15, "address_doubtful", "a postal code that cannot be"),
    _row("card_declined", "order", 15, "unpaid on_hold payment_declined", "a card that is declined"),
    _row("cancel_waiting", "order", 12, "cancelled", "cancelled before its wave"),
    _row("cancel_picking", "order", 12, "cancelled", "cancelled while it is picked"),
    _row("cancel_packed", "order", 15, "cancelled cancel_too_late", "cancelled when it is packed"),
    _row("hold", "order", 10, "on_hold", "held on the floor, and let go after a while"),
)  # fmt: skip

MISTAKES: Final[dict[str, Mistake]] = {row.name: row for row in _ROWS}


class Dealer:
    """Deals one person's mistakes. One that does not fit where it falls waits for the next occasion of its moment."""

    def __init__(self, seed: int, who: str) -> None:
        self._dice = {name: random.Random(f"{seed} {who} {name}") for name in MISTAKES}
        self._due: dict[str, int] = {}
        self._seen: Counter[str] = Counter()
        self._waiting: dict[Moment, deque[str]] = {moment: deque() for moment in MOMENTS}

    def next(self, moment: Moment) -> str | None:
        """The mistake that is made at this occasion, if any."""
        self._waiting[moment].extend(_dealt(self._dice, self._due, self._seen[moment], moment))
        self._seen[moment] += 1
        return self._waiting[moment].popleft() if self._waiting[moment] else None

    def later(self, name: str) -> None:
        """It could not be made here."""
        self._waiting[MISTAKES[name].moment].append(name)


def _dealt(dice: dict[str, random.Random], due: dict[str, int], occasion: int, moment: Moment) -> list[str]:
    """The mistakes that fall on this occasion; `due` keeps where in its block each one lies."""
    fallen = []
    for row in _ROWS:
        if row.moment != moment:
            continue
        if occasion % row.one_in == 0:
            due[row.name] = occasion + dice[row.name].randrange(row.one_in)
        if due[row.name] == occasion:
            fallen.append(row.name)
    return fallen


def plan(seed: int, who: str, moment: Moment, occasions: int) -> list[str | None]:
    """What somebody will do wrong at the first occasions of a moment, everything fitting where it falls."""
    dealer = Dealer(seed, who)
    return [dealer.next(moment) for _ in range(occasions)]
