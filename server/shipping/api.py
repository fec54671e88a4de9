"""Why: stations as a packer sees them, labels as they will print, and what only a person may decide about a label."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from hashlib import sha256
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Request, Response, Router, get, post, put
from litestar.datastructures import State
from litestar.params import JSONBody, PathParameter, QueryParameter

from server.auth.guards import ByActor, Db
from server.auth.rules import address_group, in_warehouse
from server.background import Site
from server.core.refusal import Fault, Refusal
from server.db.base import CORE
from server.db.database import Database
from server.db.unit import Command
from server.db.work import Actor, Work
from server.orders.service import lookup
from server.packing.schemas import AcceptWeight, PackView, StationList
from server.packing.service import weights
from server.packing.views import station_list
from server.settings import Settings
from server.shipping import brand, papers, service, slip, store, tracking, views
from server.shipping.brand import Brand, PutBrand
from server.shipping.pace import Pace
from server.shipping.schemas import Confirmations, Reprint, Slips
from server.tasks.schemas import Answer
from server.workers import Workers

Warehouse = Annotated[int, PathParameter(ge=1, le=32767, description="The warehouse's number.")]
Code = Annotated[str, PathParameter(max_length=60, description="The station's code.")]
CartonId = Annotated[UUID, PathParameter(description="The carton's id.")]
PDF: Final = "application/pdf"
NOTHING: Final[Mapping[str, str]] = {}


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


@get("/cartons/{carton:uuid}/slip.pdf", opt={"permission": "slips.read"}, summary="A carton's packing slip",
     media_type=PDF)  # fmt: skip
async def packing_slip(
    db: Db,
    actor: ByActor,
    state: State,
    warehouse: Warehouse,
    carton: CartonId,
    size: Annotated[slip.Size, QueryParameter(description="The paper.")] = "A6",
) -> Response[bytes]:
    """What lies in the carton, for whoever opens it, as PDF. In the customer's language."""
    in_warehouse(actor.warehouse, warehouse)
    settings: Settings = state.settings
    run = partial(papers.slip_of, warehouse=warehouse, carton_id=carton, prices=settings.slip_prices)
    said = await db.snapshot(run)
    pdf = await asyncio.to_thread(slip.draw, [said], size)
    return _paper(pdf, f"slip-{said.name}.pdf")


def _paper(pdf: bytes, name: str, more: Mapping[str, str] = NOTHING) -> Response[bytes]:
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-store", **more}
    return Response(pdf, media_type=PDF, headers=headers)


@post("/cartons/{carton:uuid}/void-label", opt={"permission": "pack.work"}, status_code=200, summary="Void a label")
async def void(db: Db, actor: ByActor, warehouse: Warehouse, carton: CartonId) -> dict[str, str]:
    """Takes the label back and opens the carton again."""
    in_warehouse(actor.warehouse, warehouse)
    command: Command[str] = Command(
        lambda work: service.void_label(work, warehouse, carton), frozenset({warehouse}), actor, "label.void"
    )
    return {"state": (await db.write(command)).answer}


@post("/cartons/{carton:uuid}/reprint-label", opt={"permission": "labels.reprint"}, status_code=200,
      summary="Print a label again")  # fmt: skip
async def reprint(db: Db, actor: ByActor, warehouse: Warehouse, carton: CartonId) -> Answer:
    """The carton's live label comes out once more at its station; one that waits there prints by the same job."""
    in_warehouse(actor.warehouse, warehouse)
    command: Command[Answer] = Command(
        lambda work: service.reprint(work, warehouse, Reprint(carton)), frozenset({warehouse}), actor, "label.reprint"
    )
    return (await db.write(command)).answer


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


class Link(msgspec.Struct, frozen=True):
    """The path of the page on which a customer follows an order."""

    path: str


OrderNumber = Annotated[int, PathParameter(ge=1, le=2**53, description="The order's number.")]


@post("/{number:int}/link", opt={"permission": "orders.link"}, status_code=200, summary="The customer's link")
async def give_link(db: Db, actor: ByActor, number: OrderNumber) -> Link:
    """The link by which the customer follows the order without signing in; the same until it is taken back."""

    def run(work: Work) -> str:
        return tracking.give_link(work, lookup.id_of(work.conn, number))

    done = await db.write(Command(run, frozenset({CORE}), actor, "orders.give_link"))
    return Link(f"/track/{done.answer}")


@post("/{number:int}/link/take-back", opt={"permission": "orders.link"}, status_code=204, summary="Take the link back")
async def take_link_back(db: Db, actor: ByActor, number: OrderNumber) -> None:
    """The link that was given leads nowhere from now on."""

    def run(work: Work) -> None:
        tracking.take_link_back(work, lookup.id_of(work.conn, number))

    await db.write(Command(run, frozenset({CORE}), actor, "orders.take_link_back"))


@get("/{link:str}", opt={"permission": "public"}, summary="Follow an order")
async def track(
    request: Request[Any, Any, State],
    db: Db,
    link: Annotated[str, PathParameter(max_length=100, description="The text of the link.")],
) -> Response[tracking.TrackPage | None]:
    """What a customer sees of an order: what was bought, where it stands, when it comes. No name, address or price."""
    page = await db.snapshot(partial(tracking.page, text=link, now=db.clock.now()))
    tag = f'"{sha256(msgspec.json.encode(page)).hexdigest()[:20]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(None, status_code=304, headers=headers)
    return Response(page, headers=headers)


@get("/{number:int}/confirmation.pdf", opt={"permission": "orders.read"}, summary="An order's confirmation",
     media_type=PDF)  # fmt: skip
async def confirmation(
    db: Db,
    number: Annotated[int, PathParameter(ge=1, le=2**53, description="The order's number.")],
    size: Annotated[slip.Size, QueryParameter(description="The paper.")] = "A4",
) -> Response[bytes]:
    """What was ordered, by whom, for how much and when it can go, as PDF. In the customer's language."""
    said = await db.snapshot(partial(papers.confirmation_of, number=number))
    return _paper(await asyncio.to_thread(slip.draw, [said], size), f"confirmation-{number}.pdf")


# --- the papers of many orders

READ_AT_ONCE: Final = 25
"""Orders whose papers are read in one go; others pass before the next ones."""
MOST_PAPERS: Final = 1_000
"""So many are drawn in some seconds of a processor."""
WITHOUT: Final = "X-Pickwave-Without"
"""The header that names the orders of which there is no paper yet."""


@post("/confirmations.pdf", opt={"permission": "orders.read"}, status_code=200, summary="Confirmations of many orders",
      media_type=PDF)  # fmt: skip
async def confirmations(db: Db, state: State, data: JSONBody[Confirmations]) -> Response[bytes]:
    """Up to 200 orders' confirmations as one PDF, in the order in which they are named, each in its customer's
    language.
    """
    wanted = await db.read(partial(papers.named, numbers=data.orders))
    said = await _read(db, tuple(wanted.values()), papers.confirmations)
    return _paper(await _drawn(state, said, data.size), "confirmations.pdf")


@post("/slips.pdf", opt={"permission": "slips.read"}, status_code=200, summary="Packing slips of many orders",
      media_type=PDF)  # fmt: skip
async def packing_slips(db: Db, state: State, actor: ByActor, data: JSONBody[Slips]) -> Response[bytes]:
    """The slips of every carton of up to 200 orders as one PDF: by order as they are named, then by carton, each in
    its customer's language.

    Who works in one warehouse gets its cartons alone. Orders of which nothing lies in a carton yet are left out; the
    header `X-Pickwave-Without` gives their numbers, with commas between them.
    """
    settings: Settings = state.settings
    wanted = await db.read(partial(papers.named, numbers=data.orders))
    run = partial(papers.slips, warehouse=actor.warehouse, prices=settings.slip_prices)
    said = await _read(db, tuple(wanted.values()), run)
    if not said:
        raise Refusal("cartons_missing")
    there = {each.order for each in said}
    without = ",".join(str(number) for number in wanted if str(number) not in there)
    return _paper(await _drawn(state, said, data.size), "packing-slips.pdf", {WITHOUT: without} if without else NOTHING)


async def _read(db: Database, order_ids: Sequence[UUID], run: Callable[..., list[slip.Slip]]) -> list[slip.Slip]:
    """What stands on the papers of these orders, each as it is at one moment."""
    said: list[slip.Slip] = []
    for at in range(0, len(order_ids), READ_AT_ONCE):
        said += await db.snapshot(partial(run, order_ids=order_ids[at : at + READ_AT_ONCE]))
        if len(said) > MOST_PAPERS:
            fault = Fault("orders", "These are too many papers at once.", "at most {most}", "{count} or more",
                          {"most": MOST_PAPERS, "count": len(said)})  # fmt: skip
            raise Refusal("too_many_papers", fault, most=MOST_PAPERS)
    return said


async def _drawn(state: State, said: Sequence[slip.Slip], size: slip.Size) -> bytes:
    """As PDF, drawn in a process of its own, so that no scan waits."""
    draughtsman: Workers = state.draughtsman
    return await draughtsman.do(partial(slip.draw, said, size))


class Cancelled(msgspec.Struct, frozen=True):
    """What became of the order."""

    step: tracking.Step


CUSTOMER: Final = Actor(name="customer")
CANCELS: Final = {"link": 5, "address": 30}
"""So often in ten minutes it may be asked: by one link, and from one address."""


@post("/{link:str}/cancel", opt={"permission": "public"}, status_code=200, summary="Cancel an order as its customer")
async def cancel(
    request: Request[Any, Any, State],
    db: Db,
    state: State,
    link: Annotated[str, PathParameter(max_length=100, description="The text of the link.")],
) -> Cancelled:
    """Cancels all of it, as long as nothing of it has left and no label stands; the money follows."""
    pace: Pace = state.cancel_pace
    pace.take(link=link, address=address_group(request.client.host if request.client else ""))
    run = partial(tracking.cancel, text=link)
    done = await db.write(Command(run, frozenset({CORE}), CUSTOMER, "orders.cancel_by_customer"))
    return Cancelled(tracking.STEPS[done.answer])


@get("/logo", opt={"permission": "public"}, summary="The shop's logo", media_type="image/png")
async def logo(db: Db) -> Response[bytes]:
    """The picture that customers see; its address changes with it."""
    found = await db.read(brand.logo)
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(found.body, media_type=found.media_type, headers=headers)


@get("/", opt={"permission": "setup.manage"}, summary="How the shop shows itself")
async def get_brand(db: Db) -> Brand:
    """Name, colour, logo and contact on what customers see."""
    return await db.read(brand.brand)


@put("/", opt={"permission": "house.manage"}, summary="Change how the shop shows itself")
async def put_brand(db: Db, actor: ByActor, data: JSONBody[PutBrand]) -> Brand:
    """On the tracking page and in messages from now on. Of a picture only what can be looked at is kept."""
    return (await db.write(Command(partial(brand.put, new=data), frozenset({CORE}), actor, "brand.put"))).answer


@asynccontextmanager
async def cancel_pace(site: Site) -> AsyncIterator[Pace]:
    """For `app.py`'s THINGS: how often strangers have cancelled."""
    yield Pace(site.clock, CANCELS)


links_router: Final = Router("/api/orders", route_handlers=[give_link, take_link_back, confirmation], tags=["Orders"])
papers_router: Final = Router("/api/orders", route_handlers=[confirmations, packing_slips], tags=["Orders"])
track_router: Final = Router("/api/track", route_handlers=[track, cancel, logo], tags=["Tracking"])
brand_router: Final = Router("/api/brand", route_handlers=[get_brand, put_brand], tags=["Tracking"])
router: Final = Router(
    "/api/warehouses/{warehouse:int}",
    route_handlers=[stations, bench, zpl, packing_slip, void, reprint, retry, accept_weight],
    tags=["Packing"],
)
