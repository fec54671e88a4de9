"""Why: a hand scans what lies beside the right thing. Which wrong thing that is, for each kind of slip, is a table.

The device says no at once; it costs the picker time, and the server never hears of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal, NamedTuple

from seed.shift.device import View, codes, left_of


class Slip(NamedTuple):
    """A wrong scan or number, and what was due when it came."""

    phase: Literal["bin", "item", "tote"]
    scan: Callable[[View, View], str | int | None]
    """Of the tour and the stop; None where there is nothing to mistake it for."""


def _other_bin(tour: View, stop: View) -> str | None:
    return next((f"B-{each['bin']['code']}" for each in tour["stops"] if each["bin"] != stop["bin"]), None)


def _other_digits(tour: View, stop: View) -> str | None:
    right = stop["bin"]["check_digits"]
    return next((each["bin"]["check_digits"] for each in tour["stops"] if each["bin"]["check_digits"] != right), None)


def _other_item(tour: View, stop: View) -> str | None:
    others = (each for id_, each in tour["items"].items() if id_ != stop["item"])
    return next((code for each in others for code in codes(each)), None)


def _other_tote(tour: View, stop: View) -> str | None:
    return next((each["tote"] for each in tour["slots"] if each["tote"] not in (None, stop["tote"])), None)


def _one_more(_tour: View, stop: View) -> int:
    return left_of(stop) + 1


SLIPS: Final[dict[str, Slip]] = {
    "wrong_bin": Slip("bin", _other_bin),
    "wrong_digits": Slip("bin", _other_digits),
    "wrong_item": Slip("item", _other_item),
    "too_many": Slip("item", _one_more),
    "wrong_slot": Slip("tote", _other_tote),
}
