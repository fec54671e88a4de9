"""The application with a few routes of its own to send nonsense to."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Annotated
from uuid import UUID

import asyncpg  # type: ignore[import-untyped]
import msgspec
import pytest
import sqlalchemy as sa
from litestar import Litestar, Request, get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from litestar.testing import AsyncTestClient

from server.app import create_app
from server.auth import service as auth
from server.auth.once import OnceKey
from server.auth.schemas import NewKey
from server.core.refusal import Fault, Refusal
from server.db.base import CORE
from server.db.database import Database
from server.db.errors import WriteFailed, WriteLost
from server.db.unit import Command
from server.db.work import Actor
from server.settings import Settings
from tests.conftest import apart


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


@post("/api/test/moves", opt={"permission": "public"})
async def move(idempotency_key: OnceKey) -> None:
    return None


@get("/api/test/orders/{order:uuid}", opt={"permission": "public"})
async def one(order: FromPath[UUID]) -> None:
    raise Refusal("order_unknown", Fault("order", "There is no order yet.", "an order", str(order)), order=str(order))


@get("/api/test/busy", opt={"permission": "public"})
async def busy() -> None:
    raise Refusal("sign_in_throttled", seconds=7)


@get("/api/test/lost", opt={"permission": "public"})
async def lost() -> None:
    raise WriteLost("the connection went away")


@get("/api/test/full", opt={"permission": "public"})
async def full() -> None:
    raise WriteFailed("the disk is full")


@get("/api/test/away", opt={"permission": "public"})
async def away() -> None:
    raise sa.exc.OperationalError("SELECT 1", None, ConnectionResetError("the connection went away"))


@get("/api/test/database/{sqlstate:str}", opt={"permission": "public"})
async def database_error(sqlstate: FromPath[str]) -> None:
    raise sa.exc.DBAPIError("SELECT 1", None, asyncpg.PostgresError.new({"C": sqlstate, "M": "as if"}))


@get("/api/test/broken", opt={"permission": "public"})
async def broken(request: Request) -> None:  # type: ignore[type-arg]
    raise RuntimeError("the inside of the machine")


@pytest.fixture(scope="module")
def settings(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings over a fresh SQLite database, called by the test client's name."""
    folder = tmp_path_factory.mktemp("data")
    shutil.copyfile(sqlite_template, folder / "pickwave.db")
    url = f"sqlite:///{folder / 'pickwave.db'}"
    return Settings(data_dir=folder, database_url=url, allowed_hosts=("testserver.local",))


@pytest.fixture(scope="module")
def app(settings: Settings) -> Litestar:
    """The whole application and the routes above."""
    app = create_app(settings)
    for handler in (take, page, move, one, busy, lost, full, away, database_error, broken):
        app.register(handler)
    return app


@pytest.fixture(scope="module")
def client(app: Litestar) -> Iterator[AsyncTestClient[Litestar]]:
    """A client of it, one for a module: these routes keep nothing. The application runs on a loop of its own."""
    made = AsyncTestClient(app, raise_server_exceptions=False)
    apart(made.__aenter__())
    yield made
    apart(made.__aexit__())


@pytest.fixture(scope="module")
def operator(client: AsyncTestClient[Litestar]) -> dict[str, str]:
    """The headers of an operator's script."""
    db: Database = client.app.state.db
    new = NewKey("figures", ("operator",), None)

    async def make() -> str:
        command = Command(partial(auth.add_key, new=new), frozenset({CORE}), Actor(name="test"), "test")
        return (await db.write(command)).answer[1]

    return {"authorization": f"Bearer {client.blocking_portal.call(make)}"}
