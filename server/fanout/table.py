"""Why: what follows from what happened stands in one table, so that nobody has to search for side effects.

REACTIONS run in the transaction of their cause, in this order. An event never reaches itself (tested).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from server.db.work import Reaction
from server.payments import service as payments
from server.tasks import service as tasks
from server.waves import service as waves

REACTIONS: Final[Mapping[str, Sequence[Reaction]]] = {
    "order.captured": (payments.on_order_captured,),
    "order.cancelled": (payments.on_order_cancelled,),
    "line.cancelled": (tasks.on_line_cancelled,),
    "tour.finished": (waves.on_tour_finished,),
}
