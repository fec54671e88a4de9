"""A log line can be given away: what is secret never reaches it."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
import structlog

from server.web import logs

Lines = Callable[[], list[dict[str, Any]]]


def configured(capsys: pytest.CaptureFixture[str]) -> Lines:
    """Sets the logs up as `serve` does and gives the lines written since."""
    logs.configure("info", "json")
    return lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]


@pytest.mark.parametrize(
    "name", ["pin", "PIN", "new_pin", "token", "session_token", "authorization", "cookie", "body", "email", "ticket"]
)
def test_a_secret_field_is_hidden_by_its_name_even_inside(capsys: Any, name: str) -> None:
    lines = configured(capsys)
    structlog.get_logger("t").info("signed_in", **{name: "123456"}, detail={name: "123456"}, person="0189")
    (line,) = lines()
    assert line[name] == line["detail"][name] == "(hidden)"
    assert line["person"] == "0189"


@pytest.mark.parametrize("name", ["pinned", "spin", "bodywork", "printer"])
def test_a_harmless_field_is_written(capsys: Any, name: str) -> None:
    lines = configured(capsys)
    structlog.get_logger("t").info("x", **{name: "kept"})
    assert lines()[0][name] == "kept"


def test_what_was_written_to_the_database_is_cut_from_an_error(capsys: Any) -> None:
    lines = configured(capsys)
    try:
        raise RuntimeError("IntegrityError\n[SQL: INSERT INTO person]\n[parameters: ('Ada', '123456')]\nmore")
    except RuntimeError:
        structlog.get_logger("t").exception("unexpected")
    (line,) = lines()
    assert "123456" not in line["exception"]
    assert "INSERT INTO person" in line["exception"]


def test_a_line_cannot_be_forged_or_flooded(capsys: Any) -> None:
    lines = configured(capsys)
    structlog.get_logger("t").info("scan", got='x"}\n{"event": "forged"}', long="y" * 100_000)
    (line,) = lines()
    assert line["event"] == "scan"
    assert len(line["long"]) < 3000


def test_what_other_libraries_write_comes_through_the_same_pipe(capsys: Any) -> None:
    lines = configured(capsys)
    logs.bind(request_id="abc")
    logging.getLogger("uvicorn.error").warning("slow %s", "client")
    structlog.contextvars.clear_contextvars()
    (line,) = lines()
    assert (line["event"], line["request_id"], line["level"]) == ("slow client", "abc", "warning")
