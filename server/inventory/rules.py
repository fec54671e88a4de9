"""Why: which stock goes to whom is a rule that anyone can read: first what expires first, then what is nearest.

Pure. FEFO: first expired, first out; stock without a date comes after dated stock only where both exist.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID


class Candidate(NamedTuple):
    """Stock that could be taken: `free` base units in one quant, `distance_mm` from where the walk begins."""

    quant: UUID
    bin: UUID
    lot: str
    expiry: date | None
    free: int
    distance_mm: int


class Share(NamedTuple):
    """What is taken from one quant."""

    candidate: Candidate
    quantity: int


def allocate(wanted: int, candidates: Iterable[Candidate], today: date) -> tuple[list[Share], int]:
    """The shares that fill `wanted` base units, and how many are missing.

    Expired stock is never taken. Order: expiry, then distance, then id, so that it is always the same.
    """
    shares: list[Share] = []
    missing = wanted
    for candidate in sorted(candidates, key=_fefo_then_nearest):
        if missing == 0:
            break
        if candidate.free <= 0 or expired(candidate.expiry, today):
            continue
        quantity = min(missing, candidate.free)
        shares.append(Share(candidate, quantity))
        missing -= quantity
    return shares, missing


def _fefo_then_nearest(candidate: Candidate) -> tuple[date, int, bytes]:
    return (candidate.expiry or date.max, candidate.distance_mm, candidate.quant.bytes)


def expired(expiry: date | None, today: date) -> bool:
    """Whether goods may no longer leave: the day after their date has come."""
    return expiry is not None and expiry < today


def lacking(quantity: int, on_hand: int, reserved_by_others: int) -> int:
    """How many of a fact's units the books do not have, so that nobody else's reservation is broken."""
    return max(0, quantity - (on_hand - reserved_by_others))
