"""Why: a proxy, a container and an operator ask the same two questions: is it alive, and may it be given work."""

from __future__ import annotations

from typing import Literal

import msgspec
from litestar import Response, Router, get
from litestar.datastructures import State

from server.web.ready import Readiness


class Alive(msgspec.Struct, frozen=True):
    """The process answers."""

    status: Literal["live"] = "live"


@get("/live", opt={"permission": "public"}, sync_to_thread=False, summary="Is the process alive")
def live() -> Alive:
    """Answers as long as the process serves at all; looks at nothing else."""
    return Alive()


@get("/ready", opt={"permission": "public"}, summary="May it be given work")
async def ready(state: State) -> Response[Readiness]:
    """200 when the database answers, its schema is the code's and no background task fails; else 503."""
    found: Readiness = await state.readiness()
    return Response(found, status_code=200 if found.status == "ready" else 503)


router = Router("/api/health", route_handlers=[live, ready], tags=["health"])
