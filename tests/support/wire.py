"""Some routers over a real database, spoken to over HTTP, without the rest of the house: who asks is given."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, cast

import httpx
from litestar import Litestar
from litestar.datastructures import State
from litestar.di import Provide
from litestar.types import ControllerRouterHandler

from server.auth.gate import Caller
from server.auth.permissions import PERMISSIONS
from server.db.database import Database
from server.db.work import Actor
from server.settings import Settings
from server.web.problems import HANDLERS
from server.web.request import StrictRequest


def client(
    db: Database,
    routers: Sequence[ControllerRouterHandler],
    actor: Actor,
    *,
    may: Collection[str] = PERMISSIONS,
    **state: object,
) -> httpx.AsyncClient:
    """A client of an application with these routers, on the test's own event loop; who asks `may` do this."""
    app = Litestar(
        route_handlers=list(routers),
        dependencies={
            "db": Provide(lambda: db, sync_to_thread=False),
            "actor": Provide(lambda: actor, sync_to_thread=False),
            "caller": Provide(lambda: Caller(actor, frozenset(may)), sync_to_thread=False),
        },
        exception_handlers=HANDLERS,
        request_class=StrictRequest,
        request_max_body_size=Settings().max_body_bytes,
        openapi_config=None,
        state=State({"settings": Settings(), **state}),
    )
    transport = httpx.ASGITransport(cast(Any, app), raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://testserver.local")
