"""Why: which warehouse sends an order is a decision that somebody will ask about: one table of scores, with the why.

Each warehouse that could send is measured in a few plain figures; a policy says which of them count, in which order.
Two that are level in the first are told apart by the next, at last by their number. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple


class Offer(NamedTuple):
    """What one warehouse could do of an order.

    `ready` of `wanted` units lie there, `promised` more are on their way; it would take `parcels`, and its carrier asks
    `price_minor`; the customer lives in its `zone` (1: near; None: unknown); `waiting` orders stand before this one.
    """

    warehouse: int
    wanted: int
    ready: int
    promised: int
    parcels: int
    price_minor: int
    zone: int | None
    waiting: int


class Figure(NamedTuple):
    """One figure that may count: its words, and what is better the less it is."""

    en: str
    de: str
    of: Callable[[Offer], int]


FARTHEST: Final = 99
"""The zone of whoever is in none."""

FIGURES: Final[Mapping[str, Figure]] = {
    "lacking": Figure("units that do not lie there", "Stück, die dort nicht liegen", lambda o: o.wanted - o.ready),
    "out_of_sight": Figure("units with no day", "Stück ohne Tag", lambda o: o.wanted - o.ready - o.promised),
    "zone": Figure("the carrier's zone", "Zone des Versenders", lambda o: FARTHEST if o.zone is None else o.zone),
    "parcels": Figure("parcels", "Pakete", lambda o: o.parcels),
    "price": Figure("carriage in cents", "Fracht in Cent", lambda o: o.price_minor),
    "queue": Figure("orders before it", "Aufträge davor", lambda o: o.waiting),
}  # fmt: skip

POLICIES: Final[Mapping[str, tuple[str, ...]]] = {
    "nearest": ("out_of_sight", "lacking", "zone", "price"),
    "fewest_parcels": ("out_of_sight", "lacking", "parcels", "zone"),
    "cheapest": ("out_of_sight", "lacking", "price", "zone"),
    "balanced": ("out_of_sight", "lacking", "queue", "zone"),
}
"""Policy → which figures count, the first first. What cannot be sent at all is always worst."""


class Choice(NamedTuple):
    """The warehouse that was chosen, by which figure, and all that were looked at, the best first."""

    warehouse: int
    decided_by: str
    table: list[dict[str, int]]


def choose(policy: str, offers: Sequence[Offer]) -> Choice:
    """The best of at least one offer by this policy, with the why.

    `decided_by` is the figure in which the best differs from the next, "number" where none does, "only" without one.
    """
    figures = POLICIES[policy]
    ranked = sorted(offers, key=lambda offer: (*_scores(offer, figures), offer.warehouse))
    best = ranked[0]
    return Choice(best.warehouse, _decided_by(ranked, figures), [_row(offer, figures) for offer in ranked])


def _scores(offer: Offer, figures: Iterable[str]) -> tuple[int, ...]:
    return tuple(FIGURES[name].of(offer) for name in figures)


def _decided_by(ranked: Sequence[Offer], figures: Iterable[str]) -> str:
    if len(ranked) == 1:
        return "only"
    best, second = ranked[:2]
    return next((name for name in figures if FIGURES[name].of(best) != FIGURES[name].of(second)), "number")


def _row(offer: Offer, figures: Iterable[str]) -> dict[str, int]:
    return {"warehouse": offer.warehouse, **{name: FIGURES[name].of(offer) for name in figures}}
