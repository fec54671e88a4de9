"""Why: what a scan means at a pack station is one pure function, run on the device at once and known to the server.

Its twin is `pwa/src/core/packing.ts`; both run `tests/cases/pack.json`. One order is packed at a time: the first item
chooses it, from then on only its items count, then its label closes the carton. A carton that is complete and waits
for its label holds up nothing: its label closes it whenever it is scanned.
"""

from __future__ import annotations

from typing import Final

import msgspec

from server.core.barcodes import Scan
from server.packing import rules

KINDS_IN_WORDS: Final = frozenset({"bin", "item", "tote", "cart", "badge", "sscc", "command", "station", "gs1"})


class BenchLine(msgspec.Struct, frozen=True):
    """A line as the judgement sees it: `barcodes` maps a code to its base units, `item` is its name in words."""

    line: str
    item: str
    barcodes: dict[str, int]
    lot: str
    wanted: int
    packed: int

    @property
    def left(self) -> int:
        """Units that are missing."""
        return max(0, self.wanted - self.packed)


class BenchCarton(msgspec.Struct, frozen=True):
    """The carton of an order that is due. `complete`: nothing more goes in, though there be another one behind it."""

    number: int
    sscc: str
    weighed: bool
    complete: bool = False


class BenchOrder(msgspec.Struct, frozen=True):
    """An order in the open totes. `begun`: it has the bench, something of it is in a carton that is not closed.

    `waits`: so many units wait for stock, and it ships only with them. `voided`: the SSCCs of its labels that are void.
    """

    number: int
    held: bool
    cancelled: bool
    begun: bool
    lines: list[BenchLine]
    carton: BenchCarton | None
    waits: int = 0
    voided: list[str] = []

    @property
    def left(self) -> int:
        """Units that are missing."""
        return sum(line.left for line in self.lines)

    @property
    def stopped(self) -> bool:
        """Whether nothing of it may be packed now."""
        return self.held or self.cancelled


class Bench(msgspec.Struct, frozen=True):
    """What lies at the station. `known` names items by barcode that are in none of its orders."""

    orders: list[BenchOrder]
    known: dict[str, str] = {}


class Verdict(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the scan came to: an outcome with its parameters.

    A right item has its order, line and units (`book`); a right label has its order and `close`.
    """

    outcome: str
    params: dict[str, str | int] = {}
    order: int | None = None
    line: str | None = None
    book: int | None = None
    close: bool = False


def judge(bench: Bench, scan: Scan) -> Verdict:
    """What this scan means at this station. Nothing changes by it; the caller books."""
    current = next((order for order in bench.orders if order.begun and not order.stopped), None)
    if scan.kind == "item":
        return _an_item(bench, current, scan)
    if scan.kind == "sscc":
        return _a_label(bench, current, scan)
    if scan.kind in KINDS_IN_WORDS:
        full = current is not None and current.left == 0
        return Verdict("wrong_kind", {"got": scan.kind, "wanted": "sscc" if full else "item"})
    return Verdict("unknown_barcode", {"got": scan.raw[:40]})


def judge_weight(expected_g: int, grams: int) -> Verdict:
    """What a weight, typed or from the scale, says about the sum of what was scanned."""
    wanted = rules.right_weight(expected_g)
    if wanted.holds(grams):
        return Verdict("weight_right", {"grams": grams})
    return Verdict("weight_wrong", {"grams": grams, "low": wanted.low, "high": wanted.high})


def _an_item(bench: Bench, current: BenchOrder | None, scan: Scan) -> Verdict:
    having = [order for order in bench.orders if any(scan.code in line.barcodes for line in order.lines)]
    if current is not None:
        if current not in having:
            return _foreign(bench, having, str(current.number), scan.code)
        return _into(current, scan)
    if not having:
        return _foreign(bench, having, ", ".join(str(order.number) for order in bench.orders), scan.code)
    verdicts = [_into(order, scan) for order in having if _stopped(order) is None]
    booking = next((verdict for verdict in verdicts if verdict.book is not None), None)
    return booking or next(iter(verdicts), None) or _stopped(having[0]) or Verdict("not_of_this_order")


def _foreign(bench: Bench, having: list[BenchOrder], order: str, code: str) -> Verdict:
    names = [line.item for other in having[:1] for line in other.lines if code in line.barcodes]
    return Verdict("not_of_this_order", {"got": [*names, bench.known.get(code, code)][0], "order": order})


def _stopped(order: BenchOrder) -> Verdict | None:
    if order.cancelled:
        return Verdict("fulfilment_cancelled", {"order": str(order.number)})
    if order.held:
        return Verdict("fulfilment_on_hold", {"order": str(order.number)})
    return None


def _into(order: BenchOrder, scan: Scan) -> Verdict:
    """The item is of this order: into the first of its lines that has room for it."""
    lines = [line for line in order.lines if scan.code in line.barcodes]
    right = [line for line in lines if not scan.lot or not line.lot or line.lot == scan.lot]
    if not right:
        return Verdict("wrong_lot", {"got": scan.lot, "wanted": lines[0].lot})
    line = next((each for each in right if each.left), None)
    if line is None:
        return Verdict("packed_enough", {"quantity": sum(each.wanted for each in right), "item": right[0].item})
    units = line.barcodes[scan.code]
    packed = line.packed + units
    if packed > line.wanted:
        return Verdict("over_pick", {"wanted": line.left})
    if order.left == units and not order.waits:
        return Verdict("carton_complete", order=order.number, line=line.line, book=units)
    said: dict[str, str | int] = {"packed": packed, "quantity": line.wanted}
    return Verdict("packed", said, order=order.number, line=line.line, book=units)


def _a_label(bench: Bench, current: BenchOrder | None, scan: Scan) -> Verdict:
    """The label of any carton here closes it, void paper none; another one is judged by the order on the bench."""
    if any(scan.code in order.voided for order in bench.orders):
        return Verdict("label_void")
    its = (order for order in bench.orders if order.carton is not None and order.carton.sscc == scan.code)
    order = next(its, current)
    if order is None:
        return Verdict("wrong_kind", {"got": "sscc", "wanted": "item"})
    left = order.left + order.waits
    if left and (order.carton is None or not order.carton.complete):
        return Verdict("carton_not_complete", {"left": left})
    if order.carton is None:
        return Verdict("label_missing")
    if scan.code != order.carton.sscc:
        return Verdict("label_wrong")
    if not order.carton.weighed:
        return Verdict("weight_missing")
    closed = Verdict("carton_closed", {"carton": order.carton.number}, order=order.number, close=True)
    return _stopped(order) or closed
