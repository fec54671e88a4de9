"""Why: two hundred people sign in at shift start, and each PIN costs 19 MiB and 30 ms on purpose.

One thread of its own does all of it, so the loop goes on serving scans, memory stays at one hash's worth, and the
work for a badge that does not exist is the same as for one that does.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from server.auth import tokens


class Pins:
    """Hashes and compares PINs off the loop, one at a time."""

    def __init__(
        self,
        hash_pin: Callable[[str], str] = tokens.hash_pin,
        matches: Callable[[str, str], bool] = tokens.pin_matches,
    ) -> None:
        self._hash = hash_pin
        self._matches = matches
        self._nobody = hash_pin(secrets.token_hex(16))
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pickwave-pins")

    async def hash(self, pin: str) -> str:
        """The hash under which a new PIN is kept."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._hash, pin)

    async def matches(self, pin_hash: str | None, pin: str) -> bool:
        """Whether this is the PIN; without a hash the same work is done and the answer is no."""
        loop = asyncio.get_running_loop()
        right = await loop.run_in_executor(self._thread, self._matches, pin_hash or self._nobody, pin)
        return right and pin_hash is not None

    def close(self) -> None:
        """Ends the thread; what waits for it is dropped."""
        self._thread.shutdown(wait=True, cancel_futures=True)
