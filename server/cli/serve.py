"""`pickwave serve`: prepare everything that can be wrong, then listen, then end without losing anything.

The port is taken and the folder owned before the first request can come in; the application's lifespan runs in our
hands, not in the server's, so that a trouble is a sentence and the order at the end is: no new requests, sockets
closed (1012), running requests finished, background tasks ended, queued writes committed, database closed.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager

import msgspec
import uvicorn
import uvloop

from server.app import DEMO, FIRST_START, create_app
from server.background import Site
from server.core.clock import SystemClock
from server.db import folder
from server.db.migrations import migrate
from server.lan.keeper import At, Lan
from server.lan.onboarding import Onboarding
from server.settings import Settings
from server.start import DONE, check_sqlite, listening

SOCKET_MESSAGE_BYTES = 64 * 1024
PING_SECONDS = 20.0


def arguments(parser: argparse.ArgumentParser) -> None:
    """`--demo`, `--lan`."""
    parser.add_argument("--demo", action="store_true", help="with the demo warehouse (loaded on the first start)")
    parser.add_argument("--lan", action="store_true", help="for scanners on the local network too, with TLS")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Serve until Ctrl-C or SIGTERM."""
    if args.demo:
        settings = msgspec.structs.replace(settings, demo=True)
    if args.lan:
        settings = msgspec.structs.replace(settings, lan=True)
    check_sqlite()
    with ExitStack() as doors, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        sockets = doors.enter_context(listening(settings.listens_on, settings.port))
        plain: list[socket.socket] = []
        if settings.lan:
            page = listening(settings.listens_on, settings.onboarding_port, "PICKWAVE_ONBOARDING_PORT")
            plain = doors.enter_context(page)
        runner.run(_serve(settings, sockets, plain))
    return DONE


async def _serve(settings: Settings, sockets: list[socket.socket], plain: list[socket.socket]) -> None:
    folder.make(settings.data_dir)  # a database elsewhere does not make it
    lan = await asyncio.to_thread(Lan.open, settings, SystemClock()) if settings.lan else None
    await migrate(settings.database_url, command="pickwave serve")
    port = _port(sockets)
    app = create_app(settings, lan=At(lan, port, _port(plain)) if lan else None)
    async with app.lifespan():
        lines = await _first_start(app.state.site)
        server = Server(_config(app, settings, lan))
        _spare_the_collector()
        async with _page(lan, port, plain):
            await server.serve_until_told(sockets, announce=lambda: _announce(settings, app.state.lan, port, lines))


@asynccontextmanager
async def _page(lan: Lan | None, port: int, plain: list[socket.socket]) -> AsyncIterator[None]:
    """The page for new devices, served without TLS while the block runs."""
    if lan is None:
        yield
        return
    server = uvicorn.Server(_plain_config(Onboarding(lan, port)))
    serving = asyncio.create_task(server._serve(sockets=plain))
    try:
        yield
    finally:
        server.should_exit = True
        await serving


def _spare_the_collector() -> None:
    """What is there now stays: looking through it again and again cost scans up to 80 ms each time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


async def _first_start(site: Site) -> list[str]:
    hooks = (*DEMO, *FIRST_START) if site.settings.demo else FIRST_START
    lines: list[str] = []
    for hook in hooks:
        lines.extend(await hook(site))
    return lines


def _plain_config(page: Onboarding) -> uvicorn.Config:
    return uvicorn.Config(
        page, loop="none", http="httptools", ws="none", lifespan="off", log_config=None, access_log=False,
        server_header=False, proxy_headers=False, timeout_graceful_shutdown=1, timeout_keep_alive=5,
        limit_concurrency=200,
    )  # fmt: skip


def _config(app: object, settings: Settings, lan: Lan | None) -> uvicorn.Config:
    return uvicorn.Config(
        app,  # type: ignore[arg-type]  # an ASGI application; the two libraries type it differently
        loop="none",
        http="httptools",
        ws="websockets-sansio",
        ws_max_size=SOCKET_MESSAGE_BYTES,
        ws_ping_interval=PING_SECONDS,
        ws_ping_timeout=PING_SECONDS,
        ws_per_message_deflate=False,  # a secret beside a text that others choose must not be compressed
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=list(settings.proxies),
        timeout_graceful_shutdown=settings.shutdown_seconds,
        timeout_keep_alive=75,
        ssl_context_factory=None if lan is None else lambda _config, _make: lan.context,
    )


class Server(uvicorn.Server):
    """uvicorn with our own signals: the first one ends in order, a second one at once."""

    async def serve_until_told(self, sockets: list[socket.socket], announce: Callable[[], None]) -> None:
        """Serve these listening sockets until a signal, telling when the first request may come."""
        self._announce = announce
        with self._told_by_signals():
            await self._serve(sockets=sockets)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then tell."""
        await super().startup(sockets)
        self._announce()

    @contextmanager
    def _told_by_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(name, self._told)
        try:
            yield
        finally:
            for name in (signal.SIGINT, signal.SIGTERM):
                loop.add_signal_handler(name, _already_ending)

    def _told(self) -> None:
        self.force_exit = self.should_exit
        self.should_exit = True


def _already_ending() -> None:
    """A signal that comes while the database closes changes nothing: closing takes a moment and loses nothing."""


def _port(sockets: list[socket.socket]) -> int:
    return int(sockets[0].getsockname()[1]) if sockets else 0


def _announce(settings: Settings, lan: At | None, port: int, lines: list[str]) -> None:
    host = "localhost" if settings.host in ("127.0.0.1", "0.0.0.0", "::1", "::") else settings.host
    told = [] if lan is None else lan.told()
    url = f"{'http' if lan is None else 'https'}://{host}:{port}"
    print(f"Pickwave is open on {url}", *lines, *told, "Ctrl-C ends it.", sep="\n", flush=True)
