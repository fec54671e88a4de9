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


def left(order: View) -> int:
    """Units of an order that are still to be packed."""
    return sum(max(0, each["wanted"] - each["packed"]) for each in order["lines"])


def here(view: View) -> View | None:
    """The order that has the bench: until its carton is closed, only its items count (`pwa/src/core/packing.ts`)."""
    return next((each for each in view["orders"].values() if _is_here(view, each)), None)


def _is_here(view: View, order: View) -> bool:
    carton = order["carton"]
    if carton is None or order["held"] or order["cancelled"]:
        return False
    if left(order):
        comes = order["elsewhere"] or order["to_pick"]
        return not comes or any(order["id"] in tote["orders"] for tote in view["totes"].values())
    if carton["state"] != "complete":
        return not _waits(order)
    return carton["weight_g"] is None or (carton["label"] or {}).get("state") == "live"


def _waits(order: View) -> int:
    return int(order["backordered"]) if order["whole"] else 0


def _bench(view: View) -> judge.Bench:
    return judge.Bench([_order(view, each) for each in view["orders"].values()])


def _order(view: View, order: View) -> judge.BenchOrder:
    return judge.BenchOrder(
        number=order["number"],
        held=order["held"],
        cancelled=order["cancelled"],
        begun=_is_here(view, order),
        lines=[_line(each) for each in order["lines"]],
        carton=_carton(order["carton"]),
        waits=_waits(order),
    )


def _line(line: View) -> judge.BenchLine:
    item = line["item"]
    return judge.BenchLine(line["line"], item["sku"], codes(item), line["lot"] or "", line["wanted"], line["packed"])


def _carton(carton: View | None) -> judge.BenchCarton | None:
    if carton is None:
        return None
    complete = carton["state"] == "complete"
    return judge.BenchCarton(carton["number"], carton["sscc"], carton["weight_g"] is not None, complete)
