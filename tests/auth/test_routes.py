"""Every route for every role: let through or refused exactly as the table says."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from litestar import Litestar, get, websocket
from litestar.connection import WebSocket

from server.app import create_app
from server.auth.guards import UnlistedRoute, check_routes, permissions_of_routes
from server.auth.permissions import DEVICE_ALONE, PERMISSIONS, PUBLIC, ROLES, permissions_of
from server.settings import Settings
from tests.auth.conftest import House, Somebody, code

NOBODYS: dict[str, str] = {"uuid": str(UUID(int=1)), "int": "1", "str": "x"}
OUR_REFUSALS = {"not_signed_in", "session_ended", "not_allowed", "all_warehouses_only"}


def address(template: str) -> str:
    """A path of this route with ids that are nobody's."""
    return re.sub(r"\{\w+:(\w+)\}", lambda found: NOBODYS[found[1]], template)


async def refusal_of(house: House, somebody: Somebody, method: str, path: str) -> str:
    """The code with which the door refuses, or nothing where the handler was reached."""
    headers = {**somebody.headers, "Cookie": somebody.cookie}
    house.client.cookies.clear()
    answer = await house.client.request(method, address(path), headers=headers)
    if answer.status_code not in (401, 403):
        return ""
    found = code(answer)
    return found if found in OUR_REFUSALS else ""


def routes(house: House) -> list[tuple[str, str, str]]:
    """The HTTP routes that need somebody: method, path, permission. Those of one's own session come last."""
    walked = [
        (method, path, str(permission))
        for method, path, permission in permissions_of_routes(house.app)
        if method not in ("WEBSOCKET", "ASGI") and permission != PUBLIC
    ]
    assert len(walked) > 20
    return sorted(walked, key=lambda route: (route[2] == "self", route))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_every_route_lets_through_exactly_the_roles_of_its_permission(house: House) -> None:
    wrong: list[str] = []
    for role in ROLES:
        somebody = await house.signed_in(role, warehouse=1)
        for method, path, permission in routes(house):
            refused = await refusal_of(house, somebody, method, path)
            row = PERMISSIONS[permission]
            wanted = ("all_warehouses_only" if row.everywhere else "") if role in row.roles else "not_allowed"
            if refused != wanted:
                wrong.append(f"{role}: {method} {path} ({permission}): wanted {wanted!r}, got {refused!r}")
    assert wrong == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_key_is_let_through_like_a_person_of_its_roles(house: House) -> None:
    _, text = await house.key("integrator")
    script = house.somebody(Authorization=f"Bearer {text}")
    for method, path, permission in routes(house):
        wanted = "" if permission in permissions_of(["integrator"]) else "not_allowed"
        if permission != "self":
            assert await refusal_of(house, script, method, path) == wanted, (method, path)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_nobody_and_a_device_alone_are_let_through_nowhere_else(house: House) -> None:
    nobody, alone = house.somebody(), house.on((await house.device())[1])
    for method, path, permission in routes(house):
        assert await refusal_of(house, nobody, method, path) == "not_signed_in", (method, path)
        if permission not in DEVICE_ALONE:
            assert await refusal_of(house, alone, method, path) == "not_signed_in", (method, path)


def test_the_house_starts_with_every_route_listed(tmp_path) -> None:  # type: ignore[no-untyped-def]
    check_routes(create_app(Settings(data_dir=tmp_path)))


@get("/api/secret", sync_to_thread=False)
def unlisted() -> None:
    """Names no permission."""


@get("/api/secret", opt={"permission": "secrets.read"}, sync_to_thread=False)
def unknown() -> None:
    """Names one that is not in the table."""


@websocket("/api/secret")
async def socket(socket: WebSocket) -> None:  # type: ignore[type-arg]
    """Names none either."""


@pytest.mark.parametrize("handler", [unlisted, unknown, socket])
def test_a_route_without_a_permission_of_the_table_does_not_start(handler: object) -> None:
    with pytest.raises(UnlistedRoute, match="/api/secret: wanted a permission"):
        check_routes(Litestar([handler], openapi_config=None))  # type: ignore[list-item]
