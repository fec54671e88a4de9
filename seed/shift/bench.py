"""Why: a pack station answers a scan at once by the rules it shares with the server, so a packer of the demo has one.

The judge is the pure twin of the app's: `server/packing/judge.py`.
"""

from __future__ import annotations

from typing import Any

from seed.shift.device import codes
from seed.shift.report import Tally
from server.core import barcodes
from server.packing import judge

View = dict[str, Any]


def said(view: View, text: str, tally: Tally) -> str:
    """What the station says to a scan while it shows this."""
    outcome = judge.judge(_bench(view), barcodes.parse(text)).outcome
    tally.judged(outcome)
    return outcome


def _bench(view: View) -> judge.Bench:
    return judge.Bench([_order(each) for each in view["orders"].values()])


def _order(order: View) -> judge.BenchOrder:
    cartons = [each for each in (order["carton"], order["filling"]) if each is not None]
    return judge.BenchOrder(
        number=order["number"],
        held=order["held"],
        cancelled=order["cancelled"],
        begun=any(each["contents"] for each in cartons),
        lines=[_line(each) for each in order["lines"]],
        carton=_carton(order["carton"]),
        waits=order["backordered"] if order["whole"] else 0,
    )


def _line(line: View) -> judge.BenchLine:
    item = line["item"]
    return judge.BenchLine(line["line"], item["sku"], codes(item), line["lot"] or "", line["wanted"], line["packed"])


def _carton(carton: View | None) -> judge.BenchCarton | None:
    if carton is None:
        return None
    complete = carton["state"] == "complete"
    return judge.BenchCarton(carton["number"], carton["sscc"], carton["weight_g"] is not None, complete)
