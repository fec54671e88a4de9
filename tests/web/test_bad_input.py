"""Whatever is sent is answered with what was wrong: problem+json with field, wanted and got, never 500."""

from __future__ import annotations

from typing import Any

import pytest
import structlog
from litestar import Litestar
from litestar.testing import AsyncTestClient

from server.core.ids import new_id
from server.web.problems import language

Client = AsyncTestClient[Litestar]
ORDER = "01890a5d-ac96-774b-bcce-b302099a8057"
LINE = f'{{"id": "{ORDER}", "lines": [%s]}}'

BODIES: dict[str, tuple[bytes, int, str, str, str, str]] = {
    # name: body → status, code, field, wanted, got
    "no JSON": (b"quantity=3", 400, "malformed", "", "", ""),
    "cut off": (b'{"id": "0189', 400, "malformed", "", "", ""),
    "not UTF-8": ((LINE % '{"quantity": 1, "note": "ü"}').encode("latin-1"), 400, "malformed", "", "", ""),
    "nested too deep": (b"[" * 100_000, 422, "invalid", "", "an object", "a list"),
    "another shape": (b"[1, 2]", 422, "invalid", "", "an object", "a list"),
    "a number in quotes": (
        (LINE % '{"quantity": "3"}').encode(), 422, "invalid", "lines[0].quantity", "a whole number", '"3"',
    ),
    "too small": (
        (LINE % '{"quantity": 0}').encode(),
        422, "invalid", "lines[0].quantity", "a whole number, at least 1", "0",
    ),
    "too large": (
        (LINE % '{"quantity": 10000}').encode(),
        422, "invalid", "lines[0].quantity", "a whole number, at most 9999", "10000",
    ),
    "a fraction": ((LINE % '{"quantity": 1.5}').encode(), 422, "invalid", "lines[0].quantity", "a whole number", "1.5"),
    "a number beyond 64 bits": (
        (LINE % '{"quantity": 99999999999999999999}').encode(),
        422, "invalid", "lines[0].quantity", "a whole number, at most 9999", "99999999999999999999",
    ),
    "an unknown field": (
        (LINE % '{"quantity": 1, "qty": 2}').encode(), 422, "invalid", "lines[0].qty", "no such field", "qty",
    ),
    "a missing field": ((LINE % "{}").encode(), 422, "invalid", "lines[0].quantity", "a value", "nothing"),
    "null": (b"null", 422, "invalid", "", "an object", "nothing"),
    "a long text": (
        (LINE % f'{{"quantity": 1, "note": "{"x" * 900_000}"}}').encode(),
        422, "invalid", "lines[0].note", "a text, length at most 50", '"' + "x" * 59 + "…",
    ),
    "NUL in a text": (
        (LINE % r'{"quantity": 1, "note": "a\u0000b"}').encode(),
        422, "invalid", "lines[0].note", "text without NUL", "text with NUL",
    ),
    "a PIN, which is not echoed": (
        f'{{"id": "{ORDER}", "lines": [], "pin": "12345x"}}'.encode(),
        422, "invalid", "pin", "a text of the form ^[0-9]{6}$", "",
    ),
}  # fmt: skip


def problem(response: Any) -> dict[str, Any]:
    """The problem of an answer, its shape checked."""
    assert response.headers["content-type"].startswith("application/problem+json"), response.text
    found: dict[str, Any] = response.json()
    assert set(found) == {"type", "title", "status", "code", "detail", "faults", "request_id"}
    assert found["status"] == response.status_code
    assert found["request_id"] == response.headers["x-request-id"]
    return found


@pytest.mark.parametrize("name", BODIES)
async def test_a_bad_body_is_answered_with_its_field_wanted_and_got(client: Client, name: str) -> None:
    body, status, code, field, wanted, got = BODIES[name]
    found = problem(await client.post("/api/test/orders", content=body, headers={"content-type": "application/json"}))
    assert (found["status"], found["code"]) == (status, code)
    if code == "invalid":
        fault = {"field": "", "wanted": "", "got": ""} | found["faults"][0]
        assert (fault["field"], fault["wanted"], fault["got"]) == (field, wanted, got)


async def test_a_good_body_is_taken_as_it_is(client: Client) -> None:
    sent = {"id": str(new_id()), "lines": [{"quantity": 3, "note": "ü"}], "pin": "123456"}
    response = await client.post("/api/test/orders", json=sent)
    assert (response.status_code, response.json()) == (201, sent)


async def test_a_missing_body_is_a_fault_of_the_body(client: Client) -> None:
    found = problem(await client.post("/api/test/orders", headers={"content-type": "application/json"}))
    assert (found["code"], found["faults"][0]["wanted"]) == ("invalid", "a JSON body")


async def test_a_client_that_goes_away_in_the_middle_of_its_body_is_no_error_of_ours(
    client: Client, app: Litestar
) -> None:
    sent: list[Any] = [
        {"type": "http.request", "body": b'{"device": "0', "more_body": True}, {"type": "http.disconnect"},
    ]  # fmt: skip
    answers: list[Any] = []

    async def receive() -> Any:
        return sent.pop(0)

    async def send(message: Any) -> None:
        answers.append(message)

    headers = [(b"host", b"testserver.local"), (b"content-type", b"application/json"), (b"content-length", b"400")]
    scope: Any = {
        "type": "http", "method": "POST", "path": "/api/test/orders", "raw_path": b"/api/test/orders",
        "query_string": b"", "headers": headers, "scheme": "http", "http_version": "1.1", "root_path": "",
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "asgi": {"version": "3.0"}, "extensions": {},
    }  # fmt: skip
    with structlog.testing.capture_logs() as lines:
        await app(scope, receive, send)
    assert answers[0]["status"] == 400
    assert [line for line in lines if line["log_level"] == "error"] == []


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
async def test_a_body_of_another_type_is_refused(client: Client, kind: str) -> None:
    body = (LINE % "").encode()
    found = problem(await client.post("/api/test/orders", content=body, headers={"content-type": kind}))
    assert (found["status"], found["code"]) == (415, "media_type_wrong")
    assert found["faults"][0]["wanted"] == "application/json"


async def test_a_body_over_the_limit_is_refused_by_its_announced_size(client: Client) -> None:
    headers = {"content-type": "application/json"}
    found = problem(await client.post("/api/test/orders", content=b" " * 10_000_000, headers=headers))
    assert (found["status"], found["code"]) == (413, "body_too_large")
    assert (found["faults"][0]["wanted"], found["faults"][0]["got"]) == ("1048576", "10000000")


async def test_a_body_without_an_announced_size_is_cut_at_the_limit(client: Client, app: Litestar) -> None:
    taken = 0
    answers: list[Any] = []

    async def receive() -> Any:
        nonlocal taken
        taken += 65_536
        return {"type": "http.request", "body": b" " * 65_536, "more_body": True}

    async def send(message: Any) -> None:
        answers.append(message)

    headers = [(b"host", b"testserver.local"), (b"content-type", b"application/json")]
    scope: Any = {
        "type": "http", "method": "POST", "path": "/api/test/orders", "raw_path": b"/api/test/orders",
        "query_string": b"", "headers": headers, "scheme": "http", "http_version": "1.1", "root_path": "",
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "asgi": {"version": "3.0"}, "extensions": {},
    }  # fmt: skip
    await app(scope, receive, send)
    assert answers[0]["status"] == 413
    assert taken <= 1024 * 1024 + 2 * 65_536


@pytest.mark.parametrize(
    ("query", "field", "wanted", "got"),
    [
        ("limit=0", "limit", "a whole number, at least 1", "0"),
        ("limit=many", "limit", "a whole number", "many"),
        ("limit=999999999999999999999999", "limit", "a whole number, at most 200", "999999999999999999999999"),
        ("after=nothing", "after", "an id", "nothing"),
    ],
)
async def test_a_bad_query_names_its_parameter(client: Client, query: str, field: str, wanted: str, got: str) -> None:
    found = problem(await client.get(f"/api/test/pages?{query}"))
    fault = found["faults"][0]
    assert (found["code"], fault["field"], fault["wanted"], fault["got"]) == ("invalid", field, wanted, got)


@pytest.mark.parametrize(
    ("headers", "wanted", "got"),
    [
        ({}, "a value", "nothing"),
        ({"Idempotency-Key": ""}, "a text, length at least 1", ""),
        ({"Idempotency-Key": "k" * 101}, "a text, length at most 100", "k" * 60),
    ],
)
async def test_a_bad_header_is_named_as_it_is_sent(
    client: Client, headers: dict[str, str], wanted: str, got: str
) -> None:
    (fault,) = problem(await client.post("/api/test/moves", headers=headers))["faults"]
    assert (fault["field"], fault["wanted"], fault.get("got", "")) == ("Idempotency-Key", wanted, got)


@pytest.mark.parametrize(
    "path", ["/api/nothing", "/api/test/orders/not-an-id", "/api/test/orders/x/y/z", "/nothing.js"]
)
async def test_an_unknown_address_is_not_found(client: Client, path: str) -> None:
    assert problem(await client.get(path))["code"] == "not_found"


async def test_a_wrong_method_says_which_are_possible(client: Client) -> None:
    response = await client.request("PUT", "/api/test/orders")
    found = problem(response)
    assert (found["status"], found["code"], found["faults"][0]["got"]) == (405, "method_not_allowed", "PUT")
    assert "POST" in found["faults"][0]["wanted"]
    assert "POST" in response.headers["allow"]


@pytest.mark.parametrize("path", ["/api/test/pages?after=%00", "/api/test/orders/%00", "/%00"])
async def test_nul_in_an_address_is_refused(client: Client, path: str) -> None:
    assert problem(await client.get(path))["code"] == "bad_request"


@pytest.mark.parametrize(
    "path", ["/api/test/pages?limit=%FF%FE", "/api/%FF", "/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd"]
)
async def test_a_strange_address_is_no_error_of_ours(client: Client, path: str) -> None:
    response = await client.get(path)
    assert response.status_code < 500
    assert "root:" not in response.text


async def test_a_refusal_is_answered_in_the_readers_language(client: Client) -> None:
    path = f"/api/test/orders/{ORDER}"
    english = problem(await client.get(path))
    german = problem(await client.get(path, headers={"accept-language": "de-AT, en;q=0.5"}))
    assert (english["status"], english["code"]) == (404, "order_unknown")
    assert english["detail"] == f"There is no order {ORDER}."
    assert german["detail"] == f"Es gibt keinen Auftrag {ORDER}."
    said = {"field": "order", "message": "There is no order yet.", "got": ORDER}
    assert english["faults"] == [said | {"wanted": "an order"}]
    assert german["faults"] == [said | {"message": "Es gibt noch keinen Auftrag.", "wanted": "ein Auftrag"}]


@pytest.mark.parametrize(
    ("headers", "own", "spoken"),
    [
        ({}, None, "en"),
        ({"accept-language": "fr, de;q=0.5"}, None, "de"),
        ({}, "de", "de"),
        ({"accept-language": "en"}, "de", "de"),  # a browser fetches a file for somebody
        ({"accept-language": "en", "x-pickwave": "1"}, "de", "en"),  # the app asks in the one they chose
        ({"accept-language": "fr", "x-pickwave": "1"}, "de", "de"),
    ],
)
def test_a_person_reads_in_the_language_they_chose_anybody_else_in_the_one_they_ask_for(
    headers: dict[str, str], own: str | None, spoken: str
) -> None:
    scope: Any = {"headers": [(name.encode(), value.encode()) for name, value in headers.items()]}
    scope["state"] = {"language": own}
    assert language(scope) == spoken


async def test_a_throttled_caller_is_told_when_to_come_back(client: Client) -> None:
    response = await client.get("/api/test/busy")
    assert (response.status_code, response.headers["retry-after"]) == (429, "7")


@pytest.mark.parametrize(
    ("path", "code"),
    [("/api/test/lost", "write_lost"), ("/api/test/full", "write_failed"), ("/api/test/away", "database_away")],
)
async def test_a_write_that_failed_is_never_answered_as_success(client: Client, path: str, code: str) -> None:
    response = await client.get(path)
    assert (problem(response)["code"], response.status_code, response.headers["retry-after"]) == (code, 503, "1")


@pytest.mark.parametrize(
    ("state", "status", "code"),
    [
        ("57P03", 503, "database_away"),  # it starts up
        ("57P01", 503, "database_away"),  # it shuts down
        ("53300", 503, "database_away"),  # too many connections
        ("55000", 503, "database_away"),  # it takes none
        ("08006", 503, "database_away"),
        ("42703", 500, "internal"),  # no such column: ours
    ],
)
async def test_a_database_that_is_away_is_told_apart_from_a_fault_of_ours(
    client: Client, state: str, status: int, code: str
) -> None:
    response = await client.get(f"/api/test/database/{state}")
    assert (response.status_code, problem(response)["code"]) == (status, code)


async def test_our_own_fault_is_logged_with_its_id_and_tells_nothing(client: Client) -> None:
    with structlog.testing.capture_logs() as lines:
        found = problem(await client.get("/api/test/broken", headers={"x-request-id": "abc-12345"}))
    assert (found["status"], found["code"], found["request_id"]) == (500, "internal", "abc-12345")
    assert "inside" not in str(found)
    logged = next(line for line in lines if line["event"] == "unexpected")
    assert "inside" in str(logged["exc_info"])
