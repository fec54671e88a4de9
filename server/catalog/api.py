"""Why: items for lists, pages and screens; a picture is served so that it can never do more than be looked at."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Final
from uuid import UUID

from litestar import Request, Response, Router, get
from litestar.datastructures import State
from litestar.params import FromPath, PathParameter, QueryParameter

from server.auth.guards import Db
from server.catalog import service
from server.catalog.schemas import ItemList, ItemPage

SAFE: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
FOR_EVER: Final = "private, max-age=31536000, immutable"
ASK_AGAIN: Final = "private, no-cache"

Search = Annotated[str, QueryParameter(max_length=200, description="A part of SKU or name, or a barcode.")]
After = Annotated[str, QueryParameter(max_length=60, description="The `next` of the page before.")]
Limit = Annotated[int, QueryParameter(ge=1, le=service.MOST, description="How many at most.")]


@get("/", opt={"permission": "catalog.read"}, summary="Items")
async def items(db: Db, search: Search = "", after: After = "", limit: Limit = 50) -> ItemList:
    """Items by SKU, a page at a time; `search` looks in SKU, names and barcodes."""
    return await db.read(partial(service.search, text=search, after=after, limit=limit))


@get("/{sku:str}", opt={"permission": "catalog.read"}, summary="Item")
async def item(db: Db, sku: Annotated[str, PathParameter(max_length=200)]) -> ItemPage:
    """One item with its barcodes."""
    return await db.read(partial(service.page, sku=sku))


@get(
    "/{item_id:uuid}/picture.svg",
    opt={"permission": "catalog.read"},
    summary="Picture of an item",
    media_type="image/svg+xml",
)
async def picture(
    request: Request[object, object, State],
    db: Db,
    item_id: FromPath[UUID],
    version: Annotated[str, QueryParameter(name="v", max_length=60, description="The version that is cached.")] = "",
) -> Response[bytes]:
    """An item's drawing. With the current `v` it may be kept for ever."""
    found = await db.read(partial(service.picture, item_id=item_id))
    etag = f'"{found.version}"'
    headers = {
        "Content-Security-Policy": SAFE,
        "Cache-Control": FOR_EVER if version == found.version else ASK_AGAIN,
        "ETag": etag,
    }
    if etag in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers=headers)
    return Response(found.svg.encode(), media_type="image/svg+xml", headers=headers)


router: Final = Router("/api/items", route_handlers=[items, item, picture], tags=["Items"])
