"""Why: `make demo` works whether a server runs or not: one that answers is worked beside, else one is started.

A server that was started here is a child in a session of its own, so that Ctrl-C ends the people first and then it.
"""

from __future__ import annotations

import asyncio
import os
import signal
import ssl
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final

import httpx

OPEN: Final = "Pickwave is open on "
READY: Final = "Ctrl-C"
ANSWERS_WITHIN: Final = 2.0
ENDS_WITHIN: Final = 8.0


class NoServer(Exception):
    """The child did not start; it has said why, and this is its exit code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


Trust = Callable[[], ssl.SSLContext]


@asynccontextmanager
async def server(
    port: int, say: Callable[[str], None], trust: Trust | None = None
) -> AsyncIterator[tuple[str, ssl.SSLContext | None]]:
    """The address of a server while the block runs, and what to trust where it speaks TLS."""
    for scheme in ("http", "https"):
        url = f"{scheme}://127.0.0.1:{port}"
        tls = _tls(url, trust)
        if port and await _answers(url, tls):
            say(f"A Pickwave runs on {url}: people come to work there.")
            yield url, tls
            return
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "server", "serve", "--demo",
        env={"PICKWAVE_LOG_LEVEL": "warning", **os.environ}, stdout=asyncio.subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    try:
        url = await _opened(child, say)
        relaying = asyncio.create_task(_relay(child, say))
        yield url, _tls(url, trust)
        relaying.cancel()
    finally:
        await _end(child)


def _tls(url: str, trust: Trust | None) -> ssl.SSLContext | None:
    return trust() if trust is not None and url.startswith("https:") else None


async def _answers(url: str, tls: ssl.SSLContext | None) -> bool:
    try:
        async with httpx.AsyncClient(timeout=ANSWERS_WITHIN, trust_env=False, verify=tls or True) as http:
            return (await http.get(f"{url}/api/health/live")).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


async def _opened(child: asyncio.subprocess.Process, say: Callable[[str], None]) -> str:
    """Reads what it says until it is open; its address."""
    assert child.stdout is not None
    url = ""
    while line := (await child.stdout.readline()).decode().rstrip("\n"):
        if line.startswith(READY):
            return url
        if line.startswith(OPEN):
            url = line.removeprefix(OPEN).replace("localhost", "127.0.0.1")
        say(line)
    raise NoServer(await child.wait())


async def _relay(child: asyncio.subprocess.Process, say: Callable[[str], None]) -> None:
    assert child.stdout is not None
    while line := (await child.stdout.readline()).decode().rstrip("\n"):
        say(line)


async def _end(child: asyncio.subprocess.Process) -> None:
    """In order; what does not end then is ended."""
    if child.returncode is None:
        child.send_signal(signal.SIGTERM)
        with suppress(TimeoutError):
            async with asyncio.timeout(ENDS_WITHIN):
                await child.wait()
    if child.returncode is None:
        child.kill()
        await child.wait()
