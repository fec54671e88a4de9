"""Why: what works beside the requests outlives a database that is away for a while: it waits, and goes on as it was."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from itertools import chain, repeat
from typing import Final, TypeVar

from server.db.errors import is_passing

T = TypeVar("T")

PAUSES: Final = (0.1, 0.5, 1.0, 2.0)
"""Seconds between two tries; the last one stays."""

log = logging.getLogger(__name__)


async def patiently(do: Callable[[], Awaitable[T]]) -> T:
    """Does it, again after each error that passes; raises any other."""
    for pause in chain(PAUSES, repeat(PAUSES[-1])):
        try:
            return await do()
        except Exception as error:
            if not is_passing(error):
                raise
            log.warning("the database does not answer (%s); tried again in %g s", error, pause)
        await asyncio.sleep(pause)
    raise AssertionError("repeating never ends")
