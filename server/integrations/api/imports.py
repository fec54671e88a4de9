"""Why: whole tables come in as files: looked at first, started by a person, watched and broken off."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIType
from litestar.params import FromPath, JSONBody, PathParameter, QueryParameter
from litestar.response import Stream

from server.auth.gate import Caller
from server.auth.guards import ByCaller, Db
from server.auth.rules import in_warehouse
from server.core.refusal import Fault, Refusal
from server.db.database import Database
from server.integrations.importer import Importer
from server.integrations.kinds import KINDS, Kind, template
from server.integrations.reading import written
from server.integrations.schemas.imports import (
    ChannelNames,
    FaultList,
    ImportList,
    ImportView,
    SkippedList,
    StartImport,
)
from server.integrations.service import imports as service
from server.integrations.service.channels import named
from server.locations import service as locations
from server.web.problems import language

MOST: Final = 200
CSV: Final = "text/csv"
MARK: Final = "\ufeff"
"""So that spreadsheet programs take what we write for UTF-8."""
NEWEST: Final = UUID(int=2**128 - 1)
NAME: Final = 200
FAULTS_IN_FILE: Final = 500
"""Faults that are read together for the file of all of them."""

Limit = Annotated[int, QueryParameter(ge=1, le=MOST, description="How many at most.")]
AfterFault = Annotated[int, QueryParameter(ge=0, le=2**31 - 1, description="The `next` of the page before.")]
Warehouse = Annotated[int | None, QueryParameter(ge=1, le=32767, description="Whose; empty: your own, or the first.")]
DryRun = Annotated[bool, QueryParameter(description="`true`: only looked at, started later; `false`: started at once.")]
Faults = Annotated[
    Literal["stop", "skip"],
    QueryParameter(description="With `dry_run=false`: `stop` starts it only without faults, `skip` leaves faults out."),
]
Encoding = Annotated[
    Literal["auto", "utf-8", "utf-16", "windows-1252"], QueryParameter(description="How letters are encoded.")
]
FileName = Annotated[str, QueryParameter(name="name", max_length=NAME, description="What the file is called.")]
ChannelCode = Annotated[
    str,
    QueryParameter(max_length=60, description="Orders: whose files they are, understood as that channel is set up."),
]
Mine = Request[Any, Any, State]


class Upload(Operation):
    """An operation whose body is a file."""

    def __post_init__(self) -> None:
        """Describes the body."""
        file = Schema(type=OpenAPIType.STRING, description="The file itself.")
        self.request_body = RequestBody(content={CSV: OpenAPIMediaType(schema=file)}, required=True)


# --- bringing a file in --------------------------------------------------------------------------------------------


def _upload(kind: Kind, path: str) -> HTTPRouteHandler:
    """The handler that takes a file of this kind."""

    @post(
        path,
        opt={"permission": kind.permission},
        status_code=202,
        summary=f"Import {kind.words.en.lower()}",
        operation_class=Upload,
        operation_id=f"Import{kind.name.title()}",
        request_max_body_size=None,
        name=f"import_{kind.name}",
    )
    async def upload(
        request: Mine,
        db: Db,
        caller: ByCaller,
        warehouse: Warehouse = None,
        dry_run: DryRun = True,
        faults: Faults = "stop",
        encoding: Encoding = "auto",
        file_name: FileName = "",
        channel: ChannelCode = "",
    ) -> ImportView:
        """Takes a CSV file as the body, to the disk as it comes, and looks at every row beside.

        The columns are in `docs/imports.md`. Nothing is changed until it is started, unless `dry_run=false` says so.
        """
        _is_file(request)
        if channel and kind.name != "orders":
            raise Refusal("invalid", Fault("channel", "Only orders come from a channel.", "nothing", channel), count=1)
        at = warehouse or caller.actor.warehouse or request.app.state.settings.warehouse
        in_warehouse(caller.actor.warehouse, at)
        await db.read(partial(locations.warehouse_of, number=at))
        importer: Importer = request.app.state.importer
        import_id = await importer.bring_in(
            kind.name,
            at,
            _pieces(request),
            caller.actor,
            file_name="".join(char for char in file_name if char.isprintable()),
            announced=_announced(request),
            encoding="" if encoding == "auto" else encoding,
            start_at_once=not dry_run,
            skip_faults=faults == "skip",
            channel=channel,
        )
        return await _view(request, db, caller, import_id)

    return upload


def _is_file(request: Mine) -> None:
    """Refuses a form, or a body that is packed: the body is the file itself."""
    kind = request.content_type[0].lower()
    packed = request.headers.get("content-encoding", "identity").lower()
    if kind.startswith("multipart/") or kind == "application/x-www-form-urlencoded":
        raise Refusal("media_type_wrong", Fault("Content-Type", "Wanted {wanted}.", CSV, kind), wanted=CSV, got=kind)
    if packed != "identity":
        got = packed[:60]
        raise Refusal(
            "media_type_wrong", Fault("Content-Encoding", "Send it plain.", "identity", got), wanted=CSV, got=got
        )


def _announced(request: Mine) -> int:
    said = request.headers.get("content-length", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 20 else 0


async def _pieces(request: Mine) -> AsyncIterator[bytes]:
    async for piece in request.stream():
        yield piece


@get("/channels", opt={"permission": "imports.use"}, summary="Whose files they may be")
async def channel_names(db: Db) -> ChannelNames:
    """The channels as whose a file of orders can be read."""
    return ChannelNames(await db.read(named))


# --- looking -------------------------------------------------------------------------------------------------------


@get("/", opt={"permission": "imports.use"}, summary="Imports")
async def imports(
    request: Mine,
    db: Db,
    caller: ByCaller,
    limit: Limit = 20,
    after: Annotated[UUID | None, QueryParameter(description="The `next` of the page before.")] = None,
) -> ImportList:
    """Former and present imports of the kinds that one may bring in, the newest first."""
    spoken = language(request.scope)
    ask = partial(
        service.views, kinds=_kinds(caller), warehouse=caller.actor.warehouse, before=after or NEWEST, limit=limit,
        language=spoken,
    )  # fmt: skip
    return await db.read(ask)


@get("/{import_id:uuid}", opt={"permission": "imports.use"}, summary="Import")
async def one(request: Mine, db: Db, caller: ByCaller, import_id: FromPath[UUID]) -> ImportView:
    """One import: what it would come to, how far it is, what may be done with it."""
    return await _view(request, db, caller, import_id)


@get("/{import_id:uuid}/faults", opt={"permission": "imports.use"}, summary="Faults of an import")
async def faults(
    request: Mine, db: Db, caller: ByCaller, import_id: FromPath[UUID], limit: Limit = 50, after: AfterFault = 0
) -> FaultList:
    """Every fault with row, column, wanted and got, in the order of the file."""
    await _view(request, db, caller, import_id)
    spoken = language(request.scope)
    ask = partial(service.fault_list, import_id=import_id, after=after, limit=limit, language=spoken)
    return await db.read(ask)


@get("/{import_id:uuid}/skipped", opt={"permission": "imports.use"}, summary="Skipped rows of an import")
async def skipped(
    request: Mine, db: Db, caller: ByCaller, import_id: FromPath[UUID], limit: Limit = 50, after: AfterFault = 0
) -> SkippedList:
    """Every row that is left out because it is known, and why, in the order of the file."""
    await _view(request, db, caller, import_id)
    spoken = language(request.scope)
    ask = partial(service.skipped_list, import_id=import_id, after=after, limit=limit, language=spoken)
    return await db.read(ask)


@get("/{import_id:uuid}/faults.csv", opt={"permission": "imports.use"}, summary="Faults as CSV", media_type=CSV)
async def faults_file(request: Mine, db: Db, caller: ByCaller, import_id: FromPath[UUID]) -> Response[str]:
    """All listed faults as a file; no cell of it is taken for a formula."""
    await _view(request, db, caller, import_id)
    spoken = language(request.scope)
    rows = [_HEADER[spoken]]
    after: int | None = 0
    while after is not None:
        ask = partial(service.fault_list, import_id=import_id, after=after, limit=FAULTS_IN_FILE, language=spoken)
        page = await db.read(ask)
        rows += [[str(each.row), each.column, each.message, each.wanted, each.got] for each in page.items]
        after = None if page.next is None else int(page.next)
    return _csv(f"faults-{import_id}", rows)


@get("/{import_id:uuid}/report.csv", opt={"permission": "imports.use"}, summary="Report of an import", media_type=CSV)
async def report(request: Mine, db: Db, caller: ByCaller, import_id: FromPath[UUID]) -> Stream:
    """What became of each record, row by row: taken in with its number, skipped, or what was wrong with it.

    It may be asked for while the import runs, and after it was broken off; 30 days after its end it is gone.
    """
    await _view(request, db, caller, import_id)
    spoken = language(request.scope)

    async def pieces() -> AsyncIterator[str]:
        yield MARK + written([_REPORT[spoken]])
        after = 0
        while True:
            ask = partial(service.report, import_id=import_id, after=after, most=FAULTS_IN_FILE, language=spoken)
            rows, after = await db.read(ask)
            yield written(rows)
            if not after:
                return

    headers = {"Content-Disposition": f'attachment; filename="report-{import_id}.csv"'}
    return Stream(pieces(), media_type=f"{CSV}; charset=utf-8", headers=headers)


_REPORT: Final = {
    "en": ["row", "last row", "name", "outcome", "number", "what is wrong"],
    "de": ["Zeile", "letzte Zeile", "Name", "Ergebnis", "Nummer", "was nicht stimmt"],
}
_HEADER: Final = {
    "en": ["row", "column", "what is wrong", "wanted", "got"],
    "de": ["Zeile", "Spalte", "was nicht stimmt", "gewünscht", "vorgefunden"],
}


@get("/templates/{kind:str}", opt={"permission": "imports.use"}, summary="A file to begin with", media_type=CSV)
async def begin_with(kind: Annotated[str, PathParameter(max_length=60)]) -> Response[str]:
    """The columns of a kind as a CSV file with one row as an example."""
    found = KINDS.get(kind)
    if found is None:
        raise Refusal("not_found", Fault("kind", "There is no such kind.", ", ".join(KINDS), kind[:60]))
    return _csv(kind, template(found))


def _csv(name: str, rows: list[list[str]]) -> Response[str]:
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(MARK + written(rows), media_type=f"{CSV}; charset=utf-8", headers=headers)


# --- starting, breaking off ----------------------------------------------------------------------------------------


@post("/{import_id:uuid}/start", opt={"permission": "imports.use"}, status_code=200, summary="Start an import")
async def start(
    request: Mine, db: Db, caller: ByCaller, import_id: FromPath[UUID], data: JSONBody[StartImport]
) -> ImportView:
    """Begins to write what was looked at. With faults it wants `faults: skip`."""
    await _view(request, db, caller, import_id)
    importer: Importer = request.app.state.importer
    await importer.start(import_id, data.faults, caller.actor)
    return await _view(request, db, caller, import_id)


@post("/{import_id:uuid}/cancel", opt={"permission": "imports.use"}, status_code=200, summary="Break an import off")
async def cancel(request: Mine, db: Db, caller: ByCaller, import_id: FromPath[UUID]) -> ImportView:
    """Breaks it off. What is written stays; nothing more is."""
    await _view(request, db, caller, import_id)
    importer: Importer = request.app.state.importer
    await importer.cancel(import_id, caller.actor)
    return await _view(request, db, caller, import_id)


def _kinds(caller: Caller) -> frozenset[str]:
    """The kinds that somebody may bring in, and so see."""
    return frozenset(kind.name for kind in KINDS.values() if caller.may(kind.permission))


async def _view(request: Mine, db: Database, caller: Caller, import_id: UUID) -> ImportView:
    spoken = language(request.scope)
    found = await db.read(partial(service.view, import_id=import_id, kinds=_kinds(caller), language=spoken))
    in_warehouse(caller.actor.warehouse, found.warehouse)
    return found


router: Final = Router(
    "/api/imports",
    route_handlers=[
        imports, channel_names, one, faults, skipped, faults_file, report, begin_with, start, cancel,
        *(_upload(kind, f"/{kind.name}") for kind in KINDS.values() if kind.name != "orders"),
    ],
    tags=["Imports"],
)  # fmt: skip
orders_router: Final = Router("/api/orders", route_handlers=[_upload(KINDS["orders"], "/import")], tags=["Imports"])
