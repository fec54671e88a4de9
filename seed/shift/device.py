"""Why: a handheld answers a scan at once, by the rules it shares with the server, so the people of the demo hold one.

The judges are the pure twins of the app's: `server/tasks/judge.py` and `server/tasks/loose.py`.
"""

from __future__ import annotations

from typing import Any

from seed.shift.report import Tally
from server.core import barcodes
from server.tasks import judge, loose

View = dict[str, Any]


def codes(item: View) -> dict[str, int]:
    """An item's barcodes as a scan of them is read, and the units of each."""
    return {barcodes.parse(each["code"]).code or each["code"]: each["quantity"] for each in item["barcodes"]}


def left_of(stop: View) -> int:
    """Units that are still to be done."""
    return int(stop["quantity"] - stop["done"] - stop["short"])


class AtStop:
    """A handheld at one stop of a tour: each scan is judged, each verdict counted."""

    def __init__(self, tour: View, stop: View, tally: Tally) -> None:
        item = tour["items"][stop["item"]]
        others = [each for each in tour["items"].values() if each["id"] != item["id"]]
        self._tally = tally
        self._state = judge.State()
        self.codes = codes(item)
        self.stop = judge.Stop(
            kind=stop["kind"],
            bin=stop["bin"]["code"],
            check_digits=stop["bin"]["check_digits"],
            item=item["sku"],
            barcodes=self.codes,
            lot=stop["lot"],
            left=left_of(stop),
            tote=stop["tote"] or "",
            known={code: each["sku"] for each in others for code in codes(each)},
        )

    @property
    def left(self) -> int:
        """Units that are not in hand yet."""
        return self.stop.left - self._state.counted

    def scan(self, text: str) -> judge.Verdict:
        """What the device says to a barcode."""
        return self._said(judge.judge(self.stop, self._state, barcodes.parse(text)))

    def type(self, quantity: int) -> judge.Verdict:
        """What the device says to a number."""
        return self._said(judge.count_typed(self.stop, self._state, quantity))

    def _said(self, verdict: judge.Verdict) -> judge.Verdict:
        self._state = verdict.state
        self._tally.judged(verdict.outcome)
        return verdict


class AtTask:
    """A handheld at a put-back or a count that is on no tour."""

    def __init__(self, task: View, item: View, tally: Tally) -> None:
        self._tally = tally
        self.codes = codes(item)
        self.task = loose.Loose(
            kind=task["kind"],
            bin=task["bin"]["code"],
            check_digits=task["bin"]["check_digits"],
            item=item["sku"],
            barcodes=self.codes,
            lot=task["lot"],
            left=left_of(task),
            tote=task["tote"] or "",
        )
        self._state = loose.begin(self.task)

    def scan(self, text: str) -> loose.Verdict:
        """What the device says to a barcode."""
        return self._said(loose.judge(self.task, self._state, barcodes.parse(text)))

    def type(self, quantity: int) -> loose.Verdict:
        """What the device says to a number."""
        return self._said(loose.typed(self.task, self._state, quantity))

    def confirm(self) -> loose.Verdict:
        """The number is right."""
        return self._said(loose.confirmed(self._state))

    def _said(self, verdict: loose.Verdict) -> loose.Verdict:
        self._state = verdict.state
        self._tally.judged(verdict.outcome)
        return verdict
