"""Why: the only one who calls an endpoint. Whatever stands at the other end, a call ends in time, in little memory.

The name is looked up here, judged (`addresses.py`), and the connection goes to the very address that was judged; the
certificate must be the name's all the same. No redirect is followed, no proxy asked, no connection kept: one that
was opened for one name is never used for another. Of the answer only the beginning is read.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from typing import Final

import httpx
import msgspec

from server.core.clock import Clock
from server.integrations.addresses import Host, NoAddress, Places, Target, literal
from server.integrations.rules.webhooks import Answer, reason_of

PATIENCE: Final = 13.0
"""Seconds from the look-up to the answer's head. With `READING` far shorter than `deliveries.LEASE`."""
CONNECT: Final = 5.0
"""Seconds until the next of the addresses is tried."""
ADDRESSES: Final = 3
"""So many of a name's addresses are tried."""
READ: Final = 2000
"""Bytes of an answer that are read."""
SHOWN: Final = 500
"""Characters of them that are kept."""
READING: Final = 2.0
"""Seconds in which they have to come: what the answer is, its head has said."""

Resolve = Callable[[str, int], Awaitable[list[Host]]]


class Resolver:
    """Looks names up, each in a thread of its own: a name server that does not answer holds up nobody else's look-up.

    Who asks for a name that is being looked up waits with the first; so there are no more threads than names.
    """

    def __init__(self) -> None:
        self._asked: dict[str, asyncio.Future[list[Host]]] = {}

    async def __call__(self, host: str, port: int) -> list[Host]:
        """All addresses of a name, the best first; OSError where it has none."""
        asked = self._asked.get(host)
        if asked is None:
            asked = self._asked[host] = asyncio.get_running_loop().create_future()
            asked.add_done_callback(lambda _: self._asked.pop(host, None))
            threading.Thread(target=_look_up, args=(host, port, asked), name=f"look up {host}", daemon=True).start()
        return await asyncio.shield(asked)


def _look_up(host: str, port: int, answer: asyncio.Future[list[Host]]) -> None:
    def tell(found: list[Host] | OSError) -> None:
        if answer.done():
            return
        if isinstance(found, OSError):
            answer.set_exception(found)
            answer.exception()  # whoever asked may have gone
        else:
            answer.set_result(found)

    try:
        rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        hosts = [literal(str(row[4][0]).partition("%")[0]) for row in rows]
        told: list[Host] | OSError = [each for each in dict.fromkeys(hosts) if each is not None]
    except OSError as error:
        told = error
    except UnicodeError as error:
        told = OSError(str(error))
    with suppress(RuntimeError):  # the loop is closed: nobody waits any more
        answer.get_loop().call_soon_threadsafe(tell, told)


class Sender:
    """Calls endpoints. `patience` in seconds; `trust`: whose certificates hold, by default those of the machine."""

    def __init__(
        self,
        places: Places,
        clock: Clock,
        *,
        resolve: Resolve | None = None,
        patience: float = PATIENCE,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self.places = places
        self._clock = clock
        self._resolve = resolve or Resolver()
        self._patience = patience
        self._client = httpx.AsyncClient(
            verify=trust or ssl.create_default_context(),
            trust_env=False,
            follow_redirects=False,
            timeout=httpx.Timeout(patience, connect=CONNECT),
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=0),
            headers={"User-Agent": f"Pickwave/{version('pickwave')}", "Accept-Encoding": "identity"},
        )

    async def close(self) -> None:
        """Ends every call."""
        await self._client.aclose()

    async def check(self, url: str) -> None:
        """NoAddress when nothing will ever be called there. A name that is not known yet may be known later."""
        target = self.places.look(url)
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(CONNECT):
                found = await self._resolve(target.host, target.port)
            self.places.permitted(target, found)

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Posts a body and gives what came of it, whatever that is."""
        answer, _ = await self.call("POST", url, headers, body)
        return answer

    async def call(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes = b"", *, most: int = READ
    ) -> tuple[Answer, bytes]:
        """Asks in this way and gives what came of it, whatever that is, with the first `most` bytes of the answer."""
        began = time.monotonic()
        answer, came = await self._ask(method, url, headers, body, most)
        return msgspec.structs.replace(answer, took_ms=round((time.monotonic() - began) * 1000)), came

    async def _ask(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes, most: int
    ) -> tuple[Answer, bytes]:
        try:
            async with asyncio.timeout(self._patience):
                response = await self._reach(method, url, headers, body)
        except NoAddress as error:
            return Answer(None, error.reason), b""
        except (TimeoutError, httpx.TimeoutException):
            return Answer(None, "answer_late"), b""
        except OSError:  # of the look-up
            return Answer(None, "name_unknown"), b""
        except httpx.TransportError as error:
            return Answer(None, "tls_failed" if _is_tls(error) else "connection_failed"), b""
        try:
            came = await _beginning(response, most)
        finally:
            await response.aclose()
        asked = _asked_wait(response.headers.get("retry-after", ""), self._clock)
        return Answer(response.status_code, reason_of(response.status_code), _said(came), asked_wait=asked), came

    async def _reach(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> httpx.Response:
        """The head of the answer, from the first of the name's addresses that can be reached."""
        target = self.places.look(url)
        found = await self._resolve(target.host, target.port)
        *first, last = self.places.permitted(target, found)[:ADDRESSES]
        for host in first:
            with suppress(httpx.ConnectError, httpx.ConnectTimeout):
                return await self._call(method, target, host, headers, body)
        return await self._call(method, target, last, headers, body)

    async def _call(
        self, method: str, target: Target, host: Host, headers: Mapping[str, str], body: bytes
    ) -> httpx.Response:
        request = self._client.build_request(
            method,
            httpx.URL(scheme=target.scheme, host=str(host), port=target.port, raw_path=target.path.encode()),
            content=body,
            headers={**headers, "Host": target.authority, "Content-Type": "application/json"},
            extensions={"sni_hostname": target.host} if literal(target.host) is None else {},
        )
        return await self._client.send(request, stream=True)


async def _beginning(response: httpx.Response, most: int) -> bytes:
    read = b""
    with suppress(TimeoutError, httpx.TransportError):
        async with asyncio.timeout(READING):
            async for piece in response.aiter_raw(READ):
                read += piece
                if len(read) >= most:
                    break
    return read[:most]


def _said(read: bytes) -> str:
    """The beginning of an answer as it is kept and shown."""
    text = read[:READ].decode("utf-8", "replace")[:SHOWN]
    return "".join(each if each.isprintable() or each == "\n" else "�" for each in text)


def _asked_wait(text: str, clock: Clock) -> float | None:
    """The seconds that a receiver asks for, given as such or as a moment."""
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return None if moment.tzinfo is None else max(0.0, (moment - clock.now()).total_seconds())


def _is_tls(error: BaseException | None) -> bool:
    """Whether a connection failed for its certificate or the like."""
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False
