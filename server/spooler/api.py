"""Why: printers are set up, watched and tried out, and prints of unknown fate are decided, by screen or by script."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Final
from uuid import UUID

from litestar import Router, get, post, put
from litestar.datastructures import State
from litestar.params import JSONBody, PathParameter, QueryParameter

from printers.templates.test_label import PrinterTest, printer_test_label
from server.auth.guards import ByActor, Db
from server.auth.rules import in_warehouse
from server.core.refusal import Fault, Refusal
from server.db.unit import Command
from server.db.work import Work
from server.spooler import service
from server.spooler.lifecycle import PRINT_JOB
from server.spooler.schemas import Decide, Job, JobList, NewPrinter, Printer, PrinterList, Queued
from server.spooler.worker import Spooler

Warehouse = Annotated[int, PathParameter(ge=1, le=32767, description="The warehouse's number.")]
Code = Annotated[str, PathParameter(max_length=40, description="The printer's code.")]
JobId = Annotated[UUID, PathParameter(description="The job's id.")]


@get("/printers", opt={"permission": "printers.read"}, summary="Printers")
async def printers(db: Db, actor: ByActor, warehouse: Warehouse) -> PrinterList:
    """All printers of a warehouse: what they last said of themselves, how many jobs wait, how many are unknown."""
    in_warehouse(actor.warehouse, warehouse)
    return await db.read(partial(service.printers, warehouse=warehouse))


@put("/printers/{code:str}", opt={"permission": "printers.manage"}, summary="Add or change a printer")
async def put_printer(
    db: Db, state: State, actor: ByActor, warehouse: Warehouse, code: Code, data: JSONBody[NewPrinter]
) -> Printer:
    """Makes a printer or changes the one with this code. Only addresses that the operator has listed are taken."""
    in_warehouse(actor.warehouse, warehouse)
    if data.code != code:
        raise Refusal("invalid", Fault("code", "The address and the body name two printers.", code, data.code), count=1)
    spooler: Spooler = state.spooler
    run = partial(service.put_printer, warehouse=warehouse, new=data, allowed=spooler.allowed)
    await db.write(Command(run, frozenset({warehouse}), actor, "printers.put"))
    return await db.read(partial(service.printer_of, warehouse=warehouse, code=code))


@post("/printers/{code:str}/test", opt={"permission": "printers.manage"}, status_code=202, summary="Print a test label")
async def print_test(db: Db, actor: ByActor, warehouse: Warehouse, code: Code) -> Queued:
    """Queues a label that shows the printer's edges, its sharpness and a barcode."""
    in_warehouse(actor.warehouse, warehouse)
    where = await db.read(partial(service.printer_of, warehouse=warehouse, code=code))
    profile = service.profile_of(where.profile)
    said = PrinterTest(where.name, f"{db.clock.now():%Y-%m-%d %H:%M} UTC")
    zpl = printer_test_label(profile, said).zpl()

    def run(work: Work) -> UUID:
        return service.enqueue(work, warehouse, where.id, "test", where.id, zpl)

    return Queued((await db.write(Command(run, frozenset({warehouse}), actor, "printers.test"))).answer)


@get("/print-jobs", opt={"permission": "printers.read"}, summary="Print jobs")
async def print_jobs(
    db: Db,
    actor: ByActor,
    warehouse: Warehouse,
    after: Annotated[UUID | None, QueryParameter(description="The `next` of the page before.")] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=200)] = 50,
    of_state: Annotated[str | None, QueryParameter(name="state", description="Only these.")] = None,
) -> JobList:
    """Print jobs, the newest first."""
    in_warehouse(actor.warehouse, warehouse)
    if of_state is not None and of_state not in PRINT_JOB.states:
        fault = Fault("state", "There is no such state.", ", ".join(PRINT_JOB.states), of_state)
        raise Refusal("invalid", fault, count=1)
    return await db.read(
        lambda conn: service.jobs(conn, warehouse, after, limit, of_state),
    )


@post("/print-jobs/{job:uuid}/decide", opt={"permission": "prints.decide"}, status_code=200, summary="Decide a print")
async def decide(db: Db, actor: ByActor, warehouse: Warehouse, job: JobId, data: JSONBody[Decide]) -> Job:
    """Says of a job of unknown fate that it printed, prints it again, or ends it; also ends one that waits."""
    in_warehouse(actor.warehouse, warehouse)
    run = partial(service.decide, warehouse=warehouse, job_id=job, decision=data.decision)
    await db.write(Command(run, frozenset({warehouse}), actor, "prints.decide"))
    return await db.read(partial(service.job_view, warehouse=warehouse, job_id=job))


router: Final = Router(
    "/api/warehouses/{warehouse:int}",
    route_handlers=[printers, put_printer, print_test, print_jobs, decide],
    tags=["printers"],
)
