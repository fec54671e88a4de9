"""Why: stations as a packer sees them, labels as they will print, and what only a person may decide about a label."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Final
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import JSONBody, PathParameter

from server.auth.guards import ByActor, Db
from server.auth.rules import in_warehouse
from server.core.refusal import Refusal
from server.db.unit import Command
from server.packing.schemas import AcceptWeight, PackView, StationList
from server.packing.service import weights
from server.packing.views import station_list
from server.shipping import service, store, views

Warehouse = Annotated[int, PathParameter(ge=1, le=32767, description="The warehouse's number.")]
Code = Annotated[str, PathParameter(max_length=60, description="The station's code.")]
CartonId = Annotated[UUID, PathParameter(description="The carton's id.")]


@get("/stations", opt={"permission": "pack.work"}, summary="Pack stations")
async def stations(db: Db, actor: ByActor, warehouse: Warehouse) -> StationList:
    """The pack stations of a warehouse."""
    in_warehouse(actor.warehouse, warehouse)
    return StationList(await db.read(lambda conn: station_list(conn, warehouse)))


@get("/stations/{code:str}/pack", opt={"permission": "pack.work"}, summary="A pack station's bench")
async def bench(db: Db, actor: ByActor, warehouse: Warehouse, code: Code) -> PackView:
    """Totes, orders, the open carton with its label and print, the printer; the same as the topic `pack`."""
    in_warehouse(actor.warehouse, warehouse)
    return await db.snapshot(lambda conn: views.bench(conn, warehouse, code))


@get("/labels/{label:str}", opt={"permission": "labels.read"}, summary="A label's ZPL", media_type="text/plain")
async def zpl(
    db: Db,
    actor: ByActor,
    warehouse: Warehouse,
    label: Annotated[str, PathParameter(max_length=60, description="The label's id and `.zpl`.")],
) -> Response[bytes]:
    """A label exactly as it goes to the printer."""
    in_warehouse(actor.warehouse, warehouse)
    try:
        label_id = UUID(label.removesuffix(".zpl"))
    except ValueError:
        raise Refusal("label_missing") from None
    found = await db.read(lambda conn: store.zpl_of(conn, warehouse, label_id))
    if found is None:
        raise Refusal("label_missing")
    headers = {"Cache-Control": "private, max-age=31536000, immutable"}
    return Response(found, media_type="text/plain; charset=utf-8", headers=headers)


@post("/cartons/{carton:uuid}/void-label", opt={"permission": "pack.work"}, status_code=200, summary="Void a label")
async def void(db: Db, actor: ByActor, warehouse: Warehouse, carton: CartonId) -> dict[str, str]:
    """Takes the label back and opens the carton again."""
    in_warehouse(actor.warehouse, warehouse)
    command: Command[str] = Command(
        lambda work: service.void_label(work, warehouse, carton), frozenset({warehouse}), actor, "label.void"
    )
    return {"state": (await db.write(command)).answer}


@post("/cartons/{carton:uuid}/retry-label", opt={"permission": "pack.work"}, status_code=200, summary="Ask again")
async def retry(db: Db, actor: ByActor, warehouse: Warehouse, carton: CartonId) -> dict[str, str]:
    """Asks the carrier anew for a label that it refused or that was voided."""
    in_warehouse(actor.warehouse, warehouse)
    command: Command[str] = Command(
        lambda work: service.retry_label(work, warehouse, carton), frozenset({warehouse}), actor, "label.retry"
    )
    return {"state": (await db.write(command)).answer}


@post("/cartons/{carton:uuid}/accept-weight", opt={"permission": "facts.decide"}, status_code=200,
      summary="Accept a weight")  # fmt: skip
async def accept_weight(
    db: Db, actor: ByActor, warehouse: Warehouse, carton: CartonId, data: JSONBody[AcceptWeight]
) -> dict[str, int]:
    """Takes a carton's weight as it is though it is outside the tolerance; why is told on the order's timeline."""
    in_warehouse(actor.warehouse, warehouse)
    run = partial(weights.accept_weight, warehouse=warehouse, carton_id=carton, body=data)
    await db.write(Command(run, frozenset({warehouse}), actor, "carton.accept_weight"))
    return {"weight_g": data.grams}


router: Final = Router(
    "/api/warehouses/{warehouse:int}",
    route_handlers=[stations, bench, zpl, void, retry, accept_weight],
    tags=["Packing"],
)
