"""Why: the scale has the last word on what was scanned; against it only a supervisor's counts."""

from __future__ import annotations

from uuid import UUID

from server.core.refusal import Refusal
from server.db.work import Work
from server.orders.service import timelines
from server.packing import judge
from server.packing.schemas import AcceptWeight, Weigh
from server.packing.service.cartons import changed
from server.packing.store import cartons
from server.packing.store.cartons import Carton
from server.tasks.schemas import Answer


def weigh(work: Work, warehouse: int, body: Weigh) -> Answer:
    """The scale's word against the sum of what was scanned: right is kept, wrong is counted again."""
    carton = _to_weigh(work, warehouse, body.carton)
    verdict = judge.judge_weight(carton.expected_g, body.grams)
    right = verdict.outcome == "weight_right"
    if right:
        cartons.write(work.conn, warehouse, carton, weight_g=body.grams)
        changed(work, warehouse, carton)
    return Answer(verdict.outcome, "ok" if right else "warn", verdict.params)


def accept_weight(work: Work, warehouse: int, carton_id: UUID, body: AcceptWeight) -> None:
    """A supervisor takes a weight outside the tolerance as it is, and says why."""
    carton = _to_weigh(work, warehouse, carton_id)
    cartons.write(work.conn, warehouse, carton, weight_g=body.grams)
    params = {"carton": carton.number, "grams": body.grams, "expected": carton.expected_g}
    timelines.tell_fulfilment(work, carton.fulfilment, "weight_accepted", params, why=body.why)
    changed(work, warehouse, carton)


def _to_weigh(work: Work, warehouse: int, carton_id: UUID) -> Carton:
    carton = cartons.by_id(work.conn, warehouse, carton_id)
    if carton is None:
        raise Refusal("carton_unknown")
    if carton.state == "closed":
        raise Refusal("carton_already_closed", carton=carton.number)
    return carton
