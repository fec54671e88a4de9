"""What holds for every request: id, host, forged requests, headers, one line, one count."""

from __future__ import annotations

import pytest
import structlog
from litestar import Litestar
from litestar.testing import AsyncTestClient

from server.core.ids import new_id
from server.web.origin import forgery, host_known, may_bind_to_tls, same_origin

Client = AsyncTestClient[Litestar]
EVERYWHERE = ("/", "/api/health/live", "/api/nothing", "/api/schema", "/metrics", "/api/test/broken")


@pytest.mark.parametrize("path", EVERYWHERE)
async def test_every_answer_carries_the_security_headers(client: Client, path: str) -> None:
    headers = (await client.get(path)).headers
    policy = headers["content-security-policy"]
    assert "script-src 'self' 'wasm-unsafe-eval'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-inline" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert len(headers.get_list("x-request-id")) == 1


async def test_an_answer_of_the_api_stays_in_no_cache(client: Client) -> None:
    assert (await client.get("/api/health/live")).headers["cache-control"] == "no-store"


@pytest.mark.parametrize("given", ["short", "with space 123", "x" * 65, 'quote"12345'])
async def test_a_strange_request_id_is_replaced(client: Client, given: str) -> None:
    assert (await client.get("/api/health/live", headers={"x-request-id": given})).headers["x-request-id"] != given


@pytest.mark.parametrize(
    ("scheme", "host", "bound"),
    [
        ("https", "pickwave.example", True),
        ("https", "pickwave.example:8443", True),
        ("http", "pickwave.example", False),
        ("https", "10.20.0.5:8300", False),
        ("https", "[fd00::5]:8300", False),
        ("https", "localhost:8300", False),
    ],
)
def test_only_a_name_of_its_own_is_bound_to_tls(scheme: str, host: str, bound: bool) -> None:
    assert may_bind_to_tls(scheme, host) is bound


async def test_a_foreign_host_is_refused(client: Client) -> None:
    response = await client.get("/api/health/live", headers={"host": "evil.example"})
    assert (response.status_code, response.json()["code"]) == (400, "host_refused")
    assert response.json()["faults"][0]["got"] == "evil.example"


async def test_a_cookie_without_our_header_changes_nothing(client: Client) -> None:
    cookie = {"cookie": "pickwave_session=abc"}
    body = {"id": str(new_id()), "lines": []}
    refused = await client.post("/api/test/orders", json=body, headers=cookie)
    assert (refused.status_code, refused.json()["code"]) == (403, "origin_refused")
    assert refused.json()["faults"][0]["field"] == "X-Pickwave"
    assert (await client.post("/api/test/orders", json=body, headers={**cookie, "x-pickwave": "1"})).status_code == 201
    assert (await client.get("/api/test/pages", headers=cookie)).status_code == 200
    proxy = {**cookie, "authorization": "Basic YWRhOng="}
    assert (await client.post("/api/test/orders", json=body, headers=proxy)).json()["code"] == "origin_refused"


async def test_a_page_of_another_origin_changes_nothing_even_without_a_cookie(client: Client) -> None:
    body = {"id": str(new_id()), "lines": []}
    headers = {"origin": "https://evil.example", "x-pickwave": "1"}
    response = await client.post("/api/test/orders", json=body, headers=headers)
    assert (response.status_code, response.json()["faults"][0]["got"]) == (403, "https://evil.example")


async def test_one_line_a_request_with_its_id_and_route_and_without_its_query(client: Client) -> None:
    with structlog.testing.capture_logs(processors=[structlog.contextvars.merge_contextvars]) as lines:
        response = await client.get("/api/test/pages?limit=7")
    (line,) = [line for line in lines if line["event"] == "request"]
    assert line["request_id"] == response.headers["x-request-id"]
    assert (line["route"], line["path"], line["status"]) == ("/api/test/pages", "/api/test/pages", 200)
    assert "limit" not in str(line)


async def test_requests_are_counted_by_route_not_by_path(client: Client, operator: dict[str, str]) -> None:
    await client.get(f"/api/test/orders/{new_id()}")
    await client.get("/api/nothing-like-this")
    text = (await client.get("/metrics", headers=operator)).text
    counted = 'pickwave_http_requests_total{method="GET",route="/api/test/orders/{order}",status="404"}'
    assert counted in text
    assert 'route="(none)",status="404"' in text
    assert "nothing-like-this" not in text


@pytest.mark.parametrize(
    ("host", "known", "is_ours"),
    [
        ("localhost:8300", {"localhost"}, True),
        ("LOCALHOST", {"localhost"}, True),
        ("[::1]:8300", {"[::1]"}, True),
        ("localhost.evil.example", {"localhost"}, False),
        ("evil.example", {"*"}, True),
        ("", {"localhost"}, False),
    ],
)
def test_a_host_is_ours_by_its_whole_name(host: str, known: set[str], is_ours: bool) -> None:
    assert host_known(host, known) is is_ours


@pytest.mark.parametrize(
    ("origin", "scheme", "host", "same"),
    [
        (None, "http", "localhost:8300", True),
        ("http://localhost:8300", "http", "localhost:8300", True),
        ("http://localhost:8300", "ws", "localhost:8300", True),
        ("https://floor.example", "wss", "floor.example", True),
        ("http://floor.example", "https", "floor.example", False),
        ("http://localhost:8301", "http", "localhost:8300", False),
        ("http://localhost:8300.evil.example", "http", "localhost:8300", False),
        ("null", "http", "localhost:8300", False),
        ("http://[broken", "http", "localhost:8300", False),
    ],
)
def test_an_origin_is_the_same_by_scheme_host_and_port(origin: str | None, scheme: str, host: str, same: bool) -> None:
    assert same_origin(origin, scheme, host) is same


def test_only_a_session_without_our_header_or_a_foreign_page_is_a_forgery() -> None:
    def forged(
        method: str = "POST", session: bool = True, key: str | None = None, ours: str | None = None, own: bool = True
    ) -> bool:
        return forgery(method=method, has_session=session, authorization=key, csrf_header=ours, own_origin=own)

    assert forged()
    assert forged(ours="0")
    assert forged(own=False, session=False)
    assert not forged(ours="1")
    assert not forged(method="GET")
    assert not forged(session=False)
    assert not forged(key="Bearer pwk_1")
    assert not forged(key="device abc")
    assert forged(key="Basic YWRhOng=")
    assert forged(key="")
