"""The application with a few routes of its own to send nonsense to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated
from uuid import UUID

import msgspec
import pytest
from litestar import Litestar, Request, get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from litestar.testing import AsyncTestClient

from server.app import create_app
from server.core.refusal import Fault, Refusal
from server.db.errors import WriteFailed, WriteLost
from server.settings import Settings


class Line(msgspec.Struct, forbid_unknown_fields=True):
    quantity: Annotated[int, msgspec.Meta(ge=1, le=9999)]
    note: Annotated[str, msgspec.Meta(max_length=50)] = ""


class Wanted(msgspec.Struct, forbid_unknown_fields=True):
    id: UUID
    lines: list[Line]
    pin: Annotated[str, msgspec.Meta(pattern="^[0-9]{6}$")] = "000000"


@post("/api/test/orders", opt={"permission": "public"})
async def take(data: JSONBody[Wanted]) -> Wanted:
    return data


@get("/api/test/pages", opt={"permission": "public"})
async def page(
    limit: Annotated[int, QueryParameter(ge=1, le=200)] = 50, after: FromQuery[UUID | None] = None
) -> dict[str, int]:
    return {"limit": limit}


@get("/api/test/orders/{order:uuid}", opt={"permission": "public"})
async def one(order: FromPath[UUID]) -> None:
    raise Refusal("order_unknown", Fault("order", "Unknown order.", "an order", str(order)), order=str(order))


@get("/api/test/busy", opt={"permission": "public"})
async def busy() -> None:
    raise Refusal("sign_in_throttled", seconds=7)


@get("/api/test/lost", opt={"permission": "public"})
async def lost() -> None:
    raise WriteLost("the connection went away")


@get("/api/test/full", opt={"permission": "public"})
async def full() -> None:
    raise WriteFailed("the disk is full")


@get("/api/test/broken", opt={"permission": "public"})
async def broken(request: Request) -> None:  # type: ignore[type-arg]
    raise RuntimeError("the inside of the machine")


@pytest.fixture
def settings(sqlite_url: str, tmp_path: Path) -> Settings:
    """Settings over a fresh SQLite database, called by the test client's name."""
    return Settings(data_dir=tmp_path / "data", database_url=sqlite_url, allowed_hosts=("testserver.local",))


@pytest.fixture
def app(settings: Settings) -> Litestar:
    """The whole application and the routes above."""
    app = create_app(settings)
    for handler in (take, page, one, busy, lost, full, broken):
        app.register(handler)
    return app


@pytest.fixture
async def client(app: Litestar) -> AsyncIterator[AsyncTestClient[Litestar]]:
    """A client of it."""
    async with AsyncTestClient(app, raise_server_exceptions=False) as client:
        yield client
