"""Why: what is cancelled comes out of its carton again, to go back where it was picked."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from server.core.events import Event
from server.db.work import Work
from server.inventory import service as inventory
from server.packing.service.cartons import changed, void
from server.packing.service.stations import station_of
from server.packing.store import cartons, fulfilments
from server.packing.store.cartons import Carton, Content
from server.tasks import service as tasks
from server.tasks.store import tasks as task_store


def on_line_cancelled(work: Work, event: Event) -> None:
    """Packed units of a line were cancelled: they come out of the carton and go back; an empty carton is voided."""
    if not event.payload.get("packed"):
        return
    warehouse, line = event.stream, event.payload["line"]
    bins = [each.bin for each in task_store.of_line(work.conn, warehouse, line) if each.kind == "pick"]
    left = event.payload["packed"]
    for carton in cartons.of_fulfilment(work.conn, warehouse, event.payload["fulfilment"]):
        if carton.state not in ("open", "complete"):
            continue
        rows = [row for row in cartons.content(work.conn, warehouse, carton.id) if row.line == line]
        if out := _at_most(rows, left):
            left -= sum(row.quantity for row in out)
            _unpack(work, warehouse, carton, out, bins, event.payload["fulfilment"])


def _at_most(rows: Sequence[Content], units: int) -> list[Content]:
    """So many units of what lies in a carton."""
    found = []
    for row in rows:
        if (quantity := min(row.quantity, units)) > 0:
            found.append(row._replace(quantity=quantity))
            units -= quantity
    return found


def _unpack(
    work: Work, warehouse: int, carton: Carton, rows: Sequence[Content], bins: Sequence[UUID], part: UUID
) -> None:
    weights = {line.line: line.weight_g for line in fulfilments.sized_lines(work.conn, warehouse, part)}
    expected = carton.expected_g
    back = []
    for row in rows:
        goods = inventory.Goods(row.item, row.lot, row.expiry)
        home = bins[0] if bins else station_of(work, warehouse, carton.station).bin
        task = tasks.task_row(work, warehouse, "put_back", home, goods, row.quantity, reason="order_cancelled")
        back.append(task | {"lpn_id": carton.lpn, "fulfilment_id": part, "line_id": row.line})
        cartons.change_content(work.conn, warehouse, row.id, -row.quantity)
        expected -= weights.get(row.line, 0) * row.quantity
    task_store.add(work.conn, back)
    for task in back:
        work.emit("task.opened", stream=warehouse, task=task["id"], kind="put_back")
    if cartons.content(work.conn, warehouse, carton.id):
        cartons.write(work.conn, warehouse, carton, expected_g=expected)
        changed(work, warehouse, carton)
    else:
        void(work, warehouse, carton, expected)
