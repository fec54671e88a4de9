"""Items on the wire, on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import msgspec
import pytest

from server.catalog import api, rules, service
from server.db.database import Database
from tests.catalog.test_rules import ITEM, PLAIN
from tests.catalog.test_service import do
from tests.support.shop import DESK
from tests.support.wire import client

NOBODYS = UUID(int=1)
"""Always the same, so that every worker names its tests alike."""


@pytest.fixture
async def http(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    drawn = msgspec.structs.replace(ITEM, picture_svg=PLAIN)
    await do(database, lambda work: service.put_item(work, drawn))
    async with client(database, [api.router], DESK) as http:
        yield http


async def test_an_item_is_shown_with_its_barcodes_and_its_pictures_address(http: httpx.AsyncClient) -> None:
    page = (await http.get("/api/items/40-0182")).json()
    assert page["barcodes"] == [{"code": "04006381333931", "uom": "each", "quantity": 1}]
    assert page["item"]["picture"].endswith(f"/picture.svg?v={rules.version(PLAIN)}")
    listed = (await http.get("/api/items?search=almond")).json()
    assert (listed["items"], listed["next"]) == ([page["item"]], None)


async def test_a_picture_can_only_be_looked_at_and_is_kept_for_ever(http: httpx.AsyncClient) -> None:
    address = (await http.get("/api/items/40-0182")).json()["item"]["picture"]
    answer = await http.get(address)
    assert (answer.status_code, answer.text) == (200, PLAIN)
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "immutable" in answer.headers["cache-control"]
    again = await http.get(address, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_a_picture_without_its_version_is_asked_for_again(http: httpx.AsyncClient) -> None:
    address = (await http.get("/api/items/40-0182")).json()["item"]["picture"]
    for other in (address.split("?")[0], address[:-3] + "xyz"):
        assert "no-cache" in (await http.get(other)).headers["cache-control"]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/items/none", 404, "item_unknown"),
        ("/api/items?limit=0", 422, "invalid"),
        ("/api/items?limit=201", 422, "invalid"),
        (f"/api/items?search={'x' * 201}", 422, "invalid"),
        (f"/api/items/{'x' * 201}", 422, "invalid"),
        (f"/api/items/{NOBODYS}/picture.svg", 404, "not_found"),
        ("/api/items/7/picture.svg", 404, "not_found"),
    ],
)
async def test_what_is_not_there_or_makes_no_sense_is_told_so(
    http: httpx.AsyncClient, path: str, status: int, code: str
) -> None:
    answer = await http.get(path)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
