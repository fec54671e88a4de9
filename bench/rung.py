"""The rungs of the ladder over HTTP: `python -m bench.rung URL PORT` serves the least that can be served.

GET /hello is JSON without a database; POST /add is a durable write of three statements over the house's own write
path. A scan is held against these, on the same machine, in the same run.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

import msgspec
import uvicorn
import uvloop
from litestar import Litestar, Request, get, post
from litestar.datastructures import State

from server.core.clock import SystemClock
from server.db.database import Database
from server.db.migrations import migrate
from tests.db.house import EVENTS, add


class Add(msgspec.Struct, forbid_unknown_fields=True):
    """What POST /add takes."""

    id: str
    by: Annotated[int, msgspec.Meta(ge=1, le=1000)]


@get("/hello", sync_to_thread=False)
def hello() -> dict[str, str]:
    """JSON without a database."""
    return {"hello": "floor"}


@post("/add", status_code=200)
async def durable(request: Request[Any, Any, State], state: State) -> dict[str, int]:
    """Decoded, written with its key by the writer, answered after the commit."""
    body = msgspec.json.decode(await request.body(), type=Add)
    return (await state.db.write(add("a", body.by, key=body.id))).answer  # type: ignore[no-any-return]


async def serve(url: str, port: int) -> None:
    """Serves until it is told to end."""
    await migrate(url)

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        app.state.db = await Database.open(url, clock=SystemClock(), events=EVENTS, reactions={})
        yield
        await app.state.db.close()

    app = Litestar([hello, durable], lifespan=[lifespan], openapi_config=None, logging_config=None)
    config = uvicorn.Config(
        app, host="127.0.0.1", port=port, loop="none", http="httptools", log_config=None, access_log=False,
        server_header=False, timeout_keep_alive=75,
    )  # fmt: skip
    await uvicorn.Server(config).serve()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(sys.argv[1], int(sys.argv[2])))
