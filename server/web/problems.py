"""Why: every error of the HTTP edge has one shape, RFC 9457's problem+json, and says the field, wanted and got.

A refusal's texts come from the outcome catalogue; what only HTTP can get wrong stands in WIRE. Nothing a client
sends ends as 500; what does is logged with its request id and answered without a word about its insides.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

import msgspec
import sqlalchemy as sa
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.types import ExceptionHandlersMap, Scope

from server.core.outcomes import OUTCOMES, Outcome
from server.core.refusal import Fault, FaultShown, Refusal, told
from server.core.words import Language, filled, worded
from server.db.errors import DatabaseAway, WriteFailed, WriteLost, is_away
from server.web.body import fault_of
from server.web.origin import CSRF_HEADER

MEDIA_TYPE: Final = "application/problem+json"
_LEFT_OUT: Final = re.compile(r"^Missing required \w+ parameter '(?P<field>[^']+)'")
BY_THE_APP: Final = CSRF_HEADER.lower().encode()

WIRE: Final[dict[str, Outcome]] = {
    row.code: row
    for row in (
        Outcome("malformed", "error", 400, "wrong", "The body is no JSON: {reason}", "Kein lesbares JSON: {reason}"),
        Outcome(
            "bad_request", "error", 400, "wrong", "This request cannot be read.", "Diese Anfrage ist nicht lesbar.",
        ),
        Outcome(
            "host_refused", "error", 400, "wrong", "This server is not called {got}.",
            "Dieser Server heißt nicht {got}.",
        ),
        Outcome(
            "method_not_allowed", "error", 405, "wrong", "This address does not know {got}. Wanted: {wanted}",
            "Diese Adresse kennt {got} nicht. Möglich: {wanted}",
        ),
        Outcome(
            "body_too_large", "error", 413, "wrong", "The body is too large. At most {wanted} bytes.",
            "Die Anfrage ist zu groß. Höchstens {wanted} Bytes.",
        ),
        Outcome(
            "database_away", "error", 503, "wrong", "The database does not answer just now. Try again.",
            "Die Datenbank antwortet gerade nicht. Bitte noch einmal.",
        ),
        Outcome(
            "media_type_wrong", "error", 415, "wrong", "The body must be {wanted}, not {got}.",
            "Der Inhalt muss {wanted} sein, nicht {got}.",
        ),
        Outcome(
            "internal", "error", 500, "wrong", "Something broke here. It is in the log under this request id.",
            "Hier ist etwas kaputt. Es steht im Protokoll unter dieser Anfrage-Kennung.",
        ),
    )
}  # fmt: skip

BY_STATUS: Final = {
    400: "bad_request", 401: "not_signed_in", 403: "not_allowed", 404: "not_found", 405: "method_not_allowed",
    413: "body_too_large", 415: "media_type_wrong", 422: "invalid", 429: "busy", 503: "busy",
}  # fmt: skip
"""The code of an error that the framework raised by its status."""


class Problem(msgspec.Struct, frozen=True):
    """The body of every error answer."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    faults: tuple[FaultShown, ...]
    request_id: str


def problem(
    code: str, params: Mapping[str, str | int], faults: Sequence[Fault], scope: Scope, status: int | None = None
) -> Problem:
    """The problem of this code, in the language of the request."""
    outcome = OUTCOMES.get(code) or WIRE.get(code) or WIRE["internal"]
    status = status or (outcome.status if outcome.status >= 400 else HTTPStatus.CONFLICT.value)
    spoken = language(scope)
    text = outcome.de if spoken == "de" else outcome.en
    return Problem(
        type=f"urn:pickwave:{code}",
        title=HTTPStatus(status).phrase,
        status=status,
        code=code,
        detail=filled(text, worded(params, spoken)),
        faults=told(faults, spoken),
        request_id=str(scope.get("state", {}).get("request_id", "")),
    )


def language(scope: Scope) -> Language:
    """In which language its sender reads. The app asks in the one that its person chose; a browser that fetches a file
    for somebody knows only its own, so theirs goes before; else what the request prefers, else English.
    """
    headers = dict(scope.get("headers", ()))
    preferred = _preferred(headers.get(b"accept-language", b""))
    own: Language | None = scope.get("state", {}).get("language")
    return (preferred or own if BY_THE_APP in headers else own or preferred) or "en"


def _preferred(accepted: bytes) -> Language | None:
    for part in accepted.lower().split(b","):
        if part.strip().startswith((b"de", b"en")):
            return "de" if part.strip().startswith(b"de") else "en"
    return None


def answer(found: Problem, headers: Mapping[str, str] | None = None) -> Response[Problem]:
    """The response that carries a problem."""
    return Response(found, status_code=found.status, media_type=MEDIA_TYPE, headers=dict(headers or {}))


# --- the handlers, in the order in which an exception meets them ------------------------------------------------


def refused(request: Request[Any, Any, Any], error: Refusal) -> Response[Problem]:
    """A typed "no" of a rule or a service."""
    found = problem(error.code, error.params, error.faults, request.scope)
    if found.code not in OUTCOMES and found.code not in WIRE:
        _log().error("unlisted_outcome", code=error.code)
    headers = {}
    if found.status in (429, 503):
        headers["Retry-After"] = str(error.params.get("seconds", 1))
    return answer(found, headers)


def not_written(request: Request[Any, Any, Any], error: WriteFailed) -> Response[Problem]:
    """The database took nothing of it; the same request may come again."""
    return refused(request, Refusal("write_failed"))


def write_lost(request: Request[Any, Any, Any], error: WriteLost) -> Response[Problem]:
    """Nobody knows whether it was written; the same id, sent again, finds out."""
    return refused(request, Refusal("write_lost"))


def database_away(request: Request[Any, Any, Any], error: Exception) -> Response[Problem]:
    """Nothing could be read just now; `log_unexpected` has written down why."""
    return answer(problem("database_away", {}, (), request.scope), {"Retry-After": "1"})


def database_error(request: Request[Any, Any, Any], error: Exception) -> Response[Problem]:
    """The database said no: it is away, or we asked it something wrong."""
    return database_away(request, error) if is_away(error) else broken(request, error)


def invalid(request: Request[Any, Any, Any], error: ValidationException) -> Response[Problem]:
    """Path, query, header or body are not what the handler declares."""
    faults = tuple(_framework_fault(request, extra) for extra in error.extra or () if isinstance(extra, dict))
    faults = faults or (_missing(error.detail),)
    return answer(problem("invalid", {"count": len(faults)}, faults, request.scope))


def _missing(said: str) -> Fault:
    """A parameter that was left out has no more than the framework's sentence."""
    match = _LEFT_OUT.match(said)
    return Fault("", said) if match is None else Fault(match["field"], "This field is missing.", "a value", "nothing")


def _framework_fault(request: Request[Any, Any, Any], extra: Mapping[str, Any]) -> Fault:
    field = str(extra.get("key", ""))
    if field == "data":
        return Fault("", "A JSON body is missing.", "a JSON body", "nothing")
    sent = {**request.query_params.dict(), **request.path_params}.get(field)
    if extra.get("source") == "header":
        field = field.replace("_", "-").title()
        sent = request.headers.get(field)
    found = fault_of(str(extra.get("message", "")))
    got = str(sent[0] if isinstance(sent, list) and len(sent) == 1 else sent)[:60] if sent is not None else found.got
    where = f"{field}.{found.field}" if field and found.field else field or found.field
    return msgspec.structs.replace(found, field=where, got=got)


def http_error(request: Request[Any, Any, Any], error: HTTPException) -> Response[Problem]:
    """What the framework refuses: unknown address, wrong method, too much, wrong type."""
    code = BY_STATUS.get(error.status_code, "internal" if error.status_code >= 500 else "bad_request")
    params: dict[str, str | int] = {}
    faults: tuple[Fault, ...] = ()
    headers = dict(error.headers or {})
    if code == "method_not_allowed":
        wanted = headers.get("allow", "")
        params, faults = _wanted_got("method", wanted, request.scope["method"])
    elif code == "body_too_large":
        limit = str(request.app.state.settings.max_body_bytes)
        got = request.headers.get("content-length", "more")
        params, faults = _wanted_got("body", limit, got)
    elif code == "bad_request":
        faults = (Fault("", error.detail),)
    status = error.status_code if code != "internal" else None
    return answer(problem(code, params, faults, request.scope, status), headers)


def _wanted_got(field: str, wanted: str, got: str) -> tuple[dict[str, str | int], tuple[Fault, ...]]:
    return {"wanted": wanted, "got": got}, (Fault(field, "Wanted {wanted}.", wanted, got),)


def broken(request: Request[Any, Any, Any], _error: Exception) -> Response[Problem]:
    """Our own fault; `log_unexpected` has written it down."""
    return answer(problem("internal", {}, (), request.scope))


HANDLERS: Final[ExceptionHandlersMap] = {
    Refusal: refused,
    WriteFailed: not_written,
    WriteLost: write_lost,
    DatabaseAway: database_away,
    ConnectionError: database_away,
    sa.exc.SQLAlchemyError: database_error,
    ValidationException: invalid,
    HTTPException: http_error,
    Exception: broken,
}


async def log_unexpected(error: Exception, scope: Scope) -> None:
    """Write down an exception that is no answer (HTTP and WebSocket alike), with its request id."""
    expected = isinstance(error, Refusal) or (isinstance(error, HTTPException) and error.status_code < 500)
    if not expected:
        _log().error("unexpected", path=scope["path"], exc_info=error)


def _log() -> structlog.stdlib.BoundLogger:
    logger: structlog.stdlib.BoundLogger = structlog.get_logger("pickwave.web")
    return logger
