"""Why: the printer and its page as one thing that runs until it is told to stop.

For the command line and the server's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from printers.profiles import profile_named
from printers.virtual.faults import fault_named
from printers.virtual.page import ControlPage
from printers.virtual.printer import VirtualPrinter

Announce = Callable[[str], None]


async def run_virtual_printer(
    *,
    host: str = "127.0.0.1",
    port: int = 9100,
    page_port: int | None = 0,
    fault: str | None = None,
    journal: Path | None = None,
    profile: str = "virtual",
    seconds_per_label: float = 0.3,
    silent_when_stuck: bool = False,
    renderer: Path | None = None,
    announce: Announce = lambda line: None,
    ready: Callable[[VirtualPrinter, ControlPage | None], None] | None = None,
) -> None:
    """Run until cancelled. `page_port` 0 is any free port, None no page. `ready` is called once both listen.

    Raises ValueError for an unknown fault or profile, FileNotFoundError for a renderer that is not there,
    OSError for a port that is taken; all before anything is served.
    """
    _demand_file(renderer)
    printer = VirtualPrinter(
        host=host,
        port=port,
        fault=fault_named(fault),
        journal=journal,
        profile=profile_named(profile),
        seconds_per_label=seconds_per_label,
        silent_when_stuck=silent_when_stuck,
    )
    page = None if page_port is None else ControlPage(printer, page_port, renderer)
    async with printer:
        try:
            await _begin(printer, page, announce, ready)
            await asyncio.Event().wait()
        finally:
            if page is not None:
                await page.stop()


def _demand_file(renderer: Path | None) -> None:
    if renderer is not None and not renderer.is_file():
        raise FileNotFoundError(f"Expected the renderer's file, got {renderer}.")


async def _begin(
    printer: VirtualPrinter,
    page: ControlPage | None,
    announce: Announce,
    ready: Callable[[VirtualPrinter, ControlPage | None], None] | None,
) -> None:
    announce("Virtual printer listens on {}:{}".format(*printer.address))
    if page is not None:
        await page.start()
        announce(f"Its labels and faults are on {page.address}")
    if ready is not None:
        ready(printer, page)
