"""Why: readiness is a few questions, each with a name, asked of whoever knows; app.py lists them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Final, Literal

import msgspec
import structlog

Check = Callable[[], Awaitable[str]]
"""Answers "ok" (or "ok, but …" for what an operator should know), or says in a few words what is wrong; it may raise,
which is wrong too."""

OK: Final = "ok"
PATIENCE: Final = 2.0
"""Seconds that one check may take."""


class Readiness(msgspec.Struct, frozen=True):
    """Whether this process may be given work, and what each check said."""

    status: Literal["ready", "not_ready"]
    checks: dict[str, str]


async def ask(checks: Mapping[str, Check]) -> Readiness:
    """Ask every check at once."""
    said = await asyncio.gather(*(_answer(name, check) for name, check in checks.items()))
    found = dict(zip(checks, said, strict=True))
    return Readiness("ready" if all(word == OK or word.startswith(f"{OK}, ") for word in said) else "not_ready", found)


async def _answer(name: str, check: Check) -> str:
    try:
        async with asyncio.timeout(PATIENCE):
            return await check()
    except TimeoutError:
        return f"no answer in {PATIENCE:g} s"
    except Exception:  # noqa: BLE001 (whatever it raised, the answer is "not ready", and the log has the rest)
        structlog.get_logger("pickwave.health").warning("check_failed", check=name, exc_info=True)
        return "failed"
