"""The API keeps its own description: no 500, every answer has a described shape, whatever is sent.

Each operation gets a few requests made from the description, right ones and wrong ones, always the same.
"""

from __future__ import annotations

import re
from typing import Any, Final
from uuid import UUID

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from server.app import FLOOR_COMMANDS
from tests.schema.conftest import Admin

CHECKS: Final = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
]  # fmt: skip
A_FEW: Final = settings(
    max_examples=1, deadline=None, derandomize=True, database=None, phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
ENDS_THE_TEST: Final = {"/api/auth/pin", "/api/auth/people/{person}/disable", "/api/auth/devices/{device}/revoke"}
"""What could lock the administrator of this test out for good."""


def test_every_operation_keeps_its_description(admin: Admin) -> None:
    api = schemathesis.openapi.from_url(f"{admin.site.url}/api/schema/openapi.json")
    failed: list[str] = []
    walked = 0
    for found in api.get_all_operations():
        assert isinstance(found, Ok), found.err()
        operation = found.ok()
        if operation.path in ENDS_THE_TEST:
            continue
        walked += 1
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            failed.extend(_broken(admin, operation, mode))
    assert walked > 40
    assert not failed, "\n\n".join(failed)


def _broken(admin: Admin, operation: Any, mode: GenerationMode) -> list[str]:
    try:
        strategy = operation.as_strategy(generation_mode=mode)

        @A_FEW
        @given(case=strategy)
        def keeps(case: Any) -> None:
            answer = admin.again(
                lambda: case.call(base_url=admin.site.url, headers=admin.headers, cookies=admin.cookies, timeout=20)
            )
            case.validate_response(answer, checks=CHECKS)

        keeps()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE, operation.path  # nothing is asked, so nothing can be wrong
    except (Exception, FailureGroup) as error:  # noqa: BLE001  (reported for all operations together)
        return [f"{operation.method.upper()} {operation.path} ({mode.value}): {type(error).__name__} {error}"]
    return []


_ANYTHING: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
_COMMAND: Final = st.fixed_dictionaries(
    {},
    optional={
        "id": st.just("01a20f7d-0a6f-713b-83c3-40c4f2d4f2e6") | _ANYTHING,
        "seq": st.integers(-1, 3) | _ANYTHING,
        "kind": st.sampled_from(("pick", "undo", "tour.take", "put_back")) | _ANYTHING,
        "ticket": st.text(max_size=20) | _ANYTHING,
        "at": st.just("2026-11-24T08:00:00Z") | _ANYTHING,
        "after": st.just([]) | _ANYTHING,
        "version": st.none() | _ANYTHING,
        "body": _ANYTHING,
    },
)


def test_nothing_that_a_device_sends_ends_as_500(admin: Admin) -> None:
    @settings(A_FEW, max_examples=100)
    @given(commands=st.lists(_COMMAND | _ANYTHING, max_size=4) | _ANYTHING, whole=st.booleans())
    def is_answered(commands: Any, whole: bool) -> None:
        body = {"device": admin.device, "epoch": "epoch-one", "commands": commands} if whole else commands
        answer = admin.again(lambda: admin.http.post("/api/floor/commands", json=body, headers=admin.as_device))
        assert answer.status_code in (200, 422), answer.text
        if answer.status_code == 200:
            assert len(answer.json()["answers"]) <= len(commands)

    is_answered()


NOBODYS: Final = {"uuid": str(UUID(int=1)), "int": "32000", "str": "NOBODY"}


def test_every_route_answers_an_id_that_is_nobodys_with_a_problem(admin: Admin) -> None:
    described = admin.http.get("/api/schema/openapi.json").json()
    wrong: list[str] = []
    walked = 0
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            named = {each["name"]: each["schema"] for each in operation.get("parameters", []) if each["in"] == "path"}
            if not named:
                continue
            walked += 1
            address = re.sub(r"\{(\w+)\}", lambda found: _nobodys(named[found[1]]), path)  # noqa: B023
            body: dict[str, Any] | None = {} if "requestBody" in operation else None
            answer = admin.again(lambda: admin.http.request(method, address, json=body))  # noqa: B023
            if answer.status_code not in (403, 404, 422) or answer.headers["content-type"] != PROBLEM:
                wrong.append(f"{method.upper()} {address}: {answer.status_code} {answer.text[:200]}")
    assert walked > 25
    assert not wrong, "\n".join(wrong)


PROBLEM: Final = "application/problem+json"


def _nobodys(shape: dict[str, Any]) -> str:
    if shape.get("format") == "uuid":
        return NOBODYS["uuid"]
    return NOBODYS["int"] if shape.get("type") == "integer" else NOBODYS["str"]


@pytest.mark.parametrize("path", ["/api/schema", "/api/schema/openapi.json"])
def test_the_description_is_served(admin: Admin, path: str) -> None:
    assert admin.http.get(path).status_code == 200


def test_every_kind_of_floor_command_is_described_with_its_body(admin: Admin) -> None:
    described = httpx.get(f"{admin.site.url}/api/schema/openapi.json").json()
    schemas = described["components"]["schemas"]
    body = described["paths"]["/api/floor/commands"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    kinds = schemas[body["$ref"].rpartition("/")[2]]["properties"]["commands"]["items"]["oneOf"]
    assert {kind["title"] for kind in kinds} == FLOOR_COMMANDS.keys()
    for kind in kinds:
        shape = schemas[kind["properties"]["body"]["$ref"].rpartition("/")[2]]
        assert shape["properties"]
        assert shape["additionalProperties"] is False
