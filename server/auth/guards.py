"""Why: no handler runs before somebody was found to be allowed it, and a route that names no permission does not start.

The guard stands in `app.py`'s GUARDS; handlers take `actor: Actor` (what the write path needs) or `caller: Caller`
(roles, permissions, session). A WebSocket is accepted first and then asked by `authenticate_socket`, because a
refusal before that reaches a browser as 1006, which says nothing.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, Final

from litestar import Litestar, Request, WebSocket
from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.enums import ScopeType
from litestar.handlers import BaseRouteHandler
from litestar.routes import HTTPRoute

from server.auth import service
from server.auth.door import Door
from server.auth.gate import ALONE_FOR, SHARED_FOR, Caller, Credentials, Gate, Memory
from server.auth.permissions import PERMISSIONS
from server.auth.pins import Pins
from server.background import Site
from server.core.refusal import Refusal
from server.db.base import CORE
from server.db.database import Database
from server.db.unit import Command
from server.db.work import Actor
from server.web.origin import SESSION_COOKIE, same_origin

NOT_SIGNED_IN: Final = 4401
NOT_ALLOWED: Final = 4403
"""Codes with which a socket is closed."""


class UnlistedRoute(Exception):
    """A bug: a route that names no permission of the table."""


# --- what the process shares ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Auth:
    """What this room shares in a process: `app.state.auth`."""

    gate: Gate
    door: Door
    pins: Pins
    house_of: service.HouseOf
    bench_of: service.BenchOf


@asynccontextmanager
async def opened(
    site: Site, house_of: service.HouseOf, bench_of: service.BenchOf, pins: Callable[[], Pins] = Pins
) -> AsyncIterator[Auth]:
    """Opens it. `house_of` tells a warehouse by its number, `bench_of` where a pack station stands: this room lies
    below those that know them.
    """
    alone = site.settings.database_url.startswith("sqlite")
    memory = Memory(ALONE_FOR if alone else SHARED_FOR)
    gate = Gate(site.db, site.clock, idle=timedelta(minutes=site.settings.idle_minutes), memory=memory)
    thread = pins()
    door = Door(site.db, site.clock, gate, thread, hours=site.settings.session_hours)
    try:
        yield Auth(gate, door, thread, house_of, bench_of)
    finally:
        thread.close()


def thing(
    house_of: service.HouseOf, bench_of: service.BenchOf, pins: Callable[[], Pins] = Pins
) -> Callable[[Site], Any]:
    """The line for `app.py`'s THINGS: `"auth": guards.thing(locations.warehouse_of, stations.warehouse_of)`."""
    return partial(opened, house_of=house_of, bench_of=bench_of, pins=pins)


async def first_admin(site: Site) -> tuple[str, ...]:
    """For `app.py`'s FIRST_START: on a database without people makes one administrator and says how to sign in."""
    done = await site.db.write(
        Command(service.ensure_first_admin, frozenset({CORE}), Actor(name="first start"), "auth.first_admin")
    )
    if done.answer is None:
        return ()
    badge, pin = done.answer
    return (
        f"First administrator: badge {badge}, one-time PIN {pin} (choose your own at the first sign-in).",
        "Then /setup leads through what a warehouse needs.",
    )


# --- the guard --------------------------------------------------------------------------------------------------


async def guard(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Finds out who asks and whether he may; a WebSocket's handler asks for itself once it has accepted."""
    if connection.scope["type"] != ScopeType.HTTP:
        return
    auth: Auth = connection.app.state.auth
    caller = await auth.gate.admit(credentials(connection), handler.opt["permission"])
    connection.scope["state"] |= {"caller": caller, "language": caller.language}


def credentials(connection: ASGIConnection[Any, Any, Any, Any]) -> Credentials:
    """What a request shows of itself. Another `Authorization` is a proxy's, not ours."""
    kind, _, secret = connection.headers.get("authorization", "").partition(" ")
    return Credentials(
        session=connection.cookies.get(cookie_name(connection)),
        bearer=secret.strip() if kind.lower() == "bearer" else None,
        device=secret.strip() if kind.lower() == "device" else None,
    )


def cookie_name(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """The session cookie's name: under TLS with the prefix that binds it to this host and to TLS."""
    return f"__Host-{SESSION_COOKIE}" if is_secure(connection) else SESSION_COOKIE


def is_secure(connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
    """Whether the browser speaks TLS, to us or to a proxy that we believe."""
    return connection.scope["scheme"] in ("https", "wss")


# --- what handlers may name -------------------------------------------------------------------------------------


def provide_caller(request: Request[Any, Any, Any]) -> Caller:
    """Who asks, with what he may do."""
    caller: Caller = request.scope["state"]["caller"]
    return caller


def provide_actor(request: Request[Any, Any, Any]) -> Actor:
    """Who asks, for the write path."""
    return provide_caller(request).actor


def provide_auth(state: State) -> Auth:
    """What this room shares."""
    auth: Auth = state.auth
    return auth


DEPENDENCIES: Final[Mapping[str, Callable[..., Any]]] = {
    "actor": provide_actor,
    "caller": provide_caller,
    "auth": provide_auth,
}
"""For `app.py`'s DEPENDENCIES."""

Db = NamedDependency[Database]
ByActor = NamedDependency[Actor]
ByCaller = NamedDependency[Caller]
WithAuth = NamedDependency[Auth]
"""What a handler writes: `db: Db, actor: ByActor`."""


# --- WebSockets -------------------------------------------------------------------------------------------------


async def authenticate_socket(socket: WebSocket[Any, Any, Any]) -> Caller | int:
    """Who is at the other end of an accepted socket, or the code to close it with: 4403 another site, 4401 nobody.

    While it stays open: `caller.may("live.queue")` for each topic, and now and then `auth.gate.again(caller)`.
    """
    headers = socket.headers
    if not same_origin(headers.get("origin"), socket.scope["scheme"], headers.get("host", "")):
        return NOT_ALLOWED
    auth: Auth = socket.app.state.auth
    try:
        return await auth.gate.of_session(socket.cookies.get(cookie_name(socket)))
    except Refusal:
        return NOT_SIGNED_IN


# --- the walk ---------------------------------------------------------------------------------------------------


def permissions_of_routes(app: Litestar) -> Iterator[tuple[str, str, object]]:
    """Each route's method (or kind), its path and the permission it names; what the framework adds for OPTIONS is
    left out, it only names methods.
    """
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                for method in sorted(handler.http_methods - {"OPTIONS"}):
                    yield method, route.path, handler.opt.get("permission")
        else:
            yield route.scope_type.name, route.path, route.route_handler.opt.get("permission")


def check_routes(app: Litestar) -> None:
    """UnlistedRoute when a route names no permission of the table; called when the application is made."""
    for method, path, permission in permissions_of_routes(app):
        if permission not in PERMISSIONS:
            raise UnlistedRoute(
                f"{method} {path}: wanted a permission of server/auth/permissions.py, got {permission!r}"
            )
