"""Health, metrics and the description of the API."""

from __future__ import annotations

import re

from litestar import Litestar
from litestar.testing import AsyncTestClient

from server.web.ready import OK, ask

Client = AsyncTestClient[Litestar]


async def test_it_is_live_and_ready(client: Client) -> None:
    assert (await client.get("/api/health/live")).json() == {"status": "live"}
    response = await client.get("/api/health/ready")
    assert (response.status_code, response.json()["status"]) == (200, "ready")
    assert response.json()["checks"]["database"] == OK


async def test_a_check_that_says_no_fails_or_does_not_answer_makes_it_not_ready() -> None:
    async def no() -> str:
        return "lag of 9 s"

    async def broken() -> str:
        raise RuntimeError

    async def fine() -> str:
        return OK

    found = await ask({"no": no, "broken": broken, "fine": fine})
    assert found.status == "not_ready"
    assert found.checks == {"no": "lag of 9 s", "broken": "failed", "fine": OK}
    assert (await ask({"fine": fine})).status == "ready"


async def test_the_figures_are_for_whoever_may_read_them(client: Client, operator: dict[str, str]) -> None:
    refused = await client.get("/metrics")
    assert (refused.status_code, refused.json()["code"]) == (401, "not_signed_in")
    response = await client.get("/metrics", headers=operator)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/plain")
    assert "pickwave_http_requests_total" in response.text


async def test_the_description_lists_every_route_of_the_api(client: Client) -> None:
    schema = (await client.get("/api/schema/openapi.json")).json()
    assert schema["openapi"].startswith("3.")
    assert "/api/health/ready" in schema["paths"]
    assert "/api/test/orders" in schema["paths"]


async def test_the_page_shows_every_operation_and_needs_no_script_and_no_foreign_host(client: Client) -> None:
    page = await client.get("/api/schema")
    assert page.text.count("<main>") == page.text.count("</main>") == 1
    assert "<code>limit</code>" in page.text
    assert page.headers["content-type"].startswith("text/html")
    assert "/api/test/orders" in page.text
    assert "<script" not in page.text
    assert not re.search(r"(src|href)=['\"]?(https?:)?//", page.text)
    assert (await client.get("/api/schema/page.css")).headers["content-type"].startswith("text/css")
