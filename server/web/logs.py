"""Why: a log line is found by its request or command id and can be given away: it holds no body, token, PIN or name.

JSON, one object a line, on stderr; stdout is for people. `bind(command_id=…)` adds a field to every line of this
request or task.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, Final

import structlog

SECRET: Final = re.compile(
    r"(^|_)(pin|pins|secret|token|password|passwd|authorization|cookie|body|payload|ticket|address|email|phone)s?($|_)",
    re.IGNORECASE,
)
"""Names of fields whose value never reaches the log, whoever writes it."""

LONGEST: Final = 2000
HIDDEN: Final = "(hidden)"
_SQL_PARAMETERS = re.compile(r"\[parameters: .*?\](?=\n|$)", re.DOTALL)

bind = structlog.contextvars.bind_contextvars


def configure(level: str, form: str) -> None:
    """Send the lines of structlog and of the standard library through one pipe to stderr."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        restrict,
    ]
    structlog.configure(
        # First of all the level: what is not written is not prepared either, at every request.
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    last = structlog.processors.JSONRenderer() if form == "json" else structlog.dev.ConsoleRenderer(colors=False)
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers = []
        logging.getLogger(name).propagate = True
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)  # its start and stop are said by `serve`
    logging.getLogger("uvicorn.access").disabled = True  # the edge writes one line a request, with its id
    for name in ("httpx", "httpcore", "asyncio", "aiosqlite", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)  # httpx writes whole addresses, with what is secret in them


def restrict(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Hide what must not be written and cap what is too long."""
    for name, value in list(line.items()):
        if SECRET.search(name):
            line[name] = HIDDEN
        elif isinstance(value, dict):
            line[name] = dict(restrict(None, "", dict(value)))
        elif isinstance(value, str):
            line[name] = _capped(_SQL_PARAMETERS.sub(f"[parameters: {HIDDEN}]", value), name)
    return line


def _capped(text: str, name: str) -> str:
    longest = LONGEST * 10 if name == "exception" else LONGEST
    return text if len(text) <= longest else f"{text[:longest]}… ({len(text)} characters)"
