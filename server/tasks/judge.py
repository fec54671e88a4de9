"""Why: what a scan means here is one pure function, run on the device at once and known to the server alike.

Its twin is `pwa/src/core/judge.ts`; both run `tests/cases/judge.json` and are fuzzed against each other. The order
of a pick: the bin, the item (each scan counts), the tote of its slot. A put-back: the bin, then the item.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal, NamedTuple, Protocol

import msgspec

from server.core.barcodes import Scan

Phase = Literal["bin", "item", "tote"]

KINDS_IN_WORDS: Final = (
    "bin", "item", "tote", "cart", "badge", "sscc", "command", "station", "gs1",
)  # fmt: skip
"""The kinds that a person can be told apart; what is none of them is an unknown barcode."""


class Stop(msgspec.Struct, frozen=True):
    """What is expected at one stop. `barcodes` maps a code to its base units; `known` names other items of the tour."""

    kind: Literal["pick", "put_back"]
    bin: str
    check_digits: str
    item: str
    barcodes: dict[str, int]
    lot: str
    left: int
    tote: str
    known: dict[str, str] = {}


class State(msgspec.Struct, frozen=True):
    """How far the stop has come: what is due, and how many base units are in hand."""

    phase: Phase = "bin"
    counted: int = 0


class Verdict(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the scan came to: an outcome with its parameters, the next state, and units to book now (0: none)."""

    outcome: str
    state: State
    params: dict[str, str | int] = {}
    book: int = 0


def judge(stop: Stop, state: State, scan: Scan) -> Verdict:
    """What this scan means at this stop; the state stays as it was unless the scan is right."""
    return _PHASES[state.phase](stop, state, scan)


def count_typed(stop: Stop, state: State, quantity: int) -> Verdict:
    """A quantity was typed instead of scanned: `quantity` base units in hand."""
    if state.phase == "bin":
        return Verdict("wrong_kind", state, {"got": "quantity", "wanted": "bin"})
    if quantity < 1:
        return Verdict("quantity_wrong", state, {"wanted": f"1–{stop.left}", "got": quantity})
    if quantity > stop.left:
        return Verdict("over_pick", state, {"wanted": stop.left})
    return _counted(stop, quantity)


def _at_bin(stop: Stop, state: State, scan: Scan) -> Verdict:
    if scan.kind == "bin":
        if scan.code == stop.bin:
            return Verdict("bin_right", State("item", 0))
        return Verdict("wrong_bin", state, {"got": scan.code, "wanted": stop.bin})
    if is_check_digits(scan.raw):
        if scan.raw == stop.check_digits:
            return Verdict("bin_right", State("item", 0))
        return Verdict("check_digits_wrong", state)
    return _other(scan, state, "bin")


def is_check_digits(raw: str) -> bool:
    """Whether somebody typed the digits that stand at a bin instead of scanning it."""
    return len(raw) in (2, 3) and raw.isascii() and raw.isdigit()


def _at_item(stop: Stop, state: State, scan: Scan) -> Verdict:
    if scan.kind == "item":
        return _item(stop, state, scan)
    if scan.kind == "bin" and scan.code == stop.bin:
        return Verdict("bin_right", state)
    if scan.kind == "tote" and state.counted and stop.kind == "pick":
        return _at_tote(stop, state, scan)
    return _other(scan, state, "item")


def _item(stop: Stop, state: State, scan: Scan) -> Verdict:
    counted = with_item(stop, state.counted, scan)
    if isinstance(counted, Against):
        return Verdict(counted.outcome, state, counted.params)
    return _counted(stop, counted)


class Wanted(Protocol):
    """What an item is judged against: at a stop, or for a task on no tour."""

    @property
    def item(self) -> str: ...
    @property
    def barcodes(self) -> dict[str, int]: ...
    @property
    def lot(self) -> str: ...
    @property
    def left(self) -> int: ...
    @property
    def known(self) -> dict[str, str]: ...


class Against(NamedTuple):
    """Why a scan is wrong here."""

    outcome: str
    params: dict[str, str | int]


def with_item(wanted: Wanted, counted: int, scan: Scan) -> int | Against:
    """The units in hand once this item is counted too; or what speaks against it."""
    units = wanted.barcodes.get(scan.code)
    if units is None:
        return Against("wrong_item", {"got": wanted.known.get(scan.code, "another_item"), "wanted": wanted.item})
    if scan.lot and wanted.lot and scan.lot != wanted.lot:
        return Against("wrong_lot", {"got": scan.lot, "wanted": wanted.lot})
    if counted + units > wanted.left:
        return Against("over_pick", {"wanted": wanted.left})
    return counted + units


def _counted(stop: Stop, counted: int) -> Verdict:
    left = stop.left - counted
    if stop.kind == "put_back" and left == 0:
        return Verdict("put_back", State("bin", 0), {"quantity": counted, "bin": stop.bin}, book=counted)
    return Verdict("item_right", State("tote" if left == 0 else "item", counted), {"left": left})


def _at_tote(stop: Stop, state: State, scan: Scan) -> Verdict:
    if scan.kind == "tote":
        if scan.code == stop.tote:
            return Verdict("picked", State("bin", 0), {"quantity": state.counted}, book=state.counted)
        return Verdict("wrong_tote", state, {"got": scan.code, "wanted": stop.tote})
    if scan.kind == "item":
        return _item(stop, state, scan)
    return _other(scan, state, "tote")


def _other(scan: Scan, state: State, wanted: str) -> Verdict:
    against = not_that(scan, wanted)
    return Verdict(against.outcome, state, against.params)


def not_that(scan: Scan, wanted: str) -> Against:
    """What was scanned is something else than what is due: says what it is, where that is known."""
    if scan.kind in KINDS_IN_WORDS:
        return Against("wrong_kind", {"got": scan.kind, "wanted": wanted})
    return Against("unknown_barcode", {"got": scan.raw[:40]})


class Loading(msgspec.Struct, frozen=True):
    """A cart being loaded: the slot that is due, where this tour's totes stand, and the totes that hold something."""

    slot: int
    standing: dict[str, int]
    busy: list[str] = []


def tote_for(loading: Loading, tote: str) -> Against | None:
    """What speaks against putting this tote into the slot that is due; nothing for one that stands in it already."""
    at = loading.standing.get(tote, loading.slot)
    if at != loading.slot:
        return Against("tote_in_slot", {"tote": tote, "slot": at})
    return Against("tote_not_empty", {"tote": tote}) if tote in loading.busy else None


_PHASES: Final[dict[str, Callable[[Stop, State, Scan], Verdict]]] = {
    "bin": _at_bin,
    "item": _at_item,
    "tote": _at_tote,
}
