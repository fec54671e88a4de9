"""Why: the demo's printers are real printers by protocol; they stand on free ports of this machine while it runs.

Their addresses are new at every start, so they are told to the spooler (allowed, as exact pairs) and to the
warehouse (as the printers' addresses) each time.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final, NamedTuple, cast
from uuid import UUID

from printers.profiles import profile_named
from printers.transport import PrinterAddress
from printers.virtual.page import ControlPage
from printers.virtual.printer import VirtualPrinter
from seed.branch import load_branch
from seed.data import load_demo
from seed.model import Printer
from server.background import Site
from server.db.unit import Command
from server.db.work import Actor, Work
from server.spooler import service as spooling
from server.spooler import worker as spooler
from server.spooler.schemas import NewPrinter
from server.web.renderer import RENDERER

PROFILES: Final = {203: "zd421-203", 300: "zd421-300"}
"""What a demo printer of so many dots an inch pretends to be."""


class Running(NamedTuple):
    """A virtual printer that listens: where, and where its page is."""

    address: PrinterAddress
    page: str


@asynccontextmanager
async def virtual_printers(site: Site) -> AsyncIterator[dict[str, Running]]:
    """The demo's printers by code while the block runs; none without the demo."""
    running: dict[str, Running] = {}
    async with AsyncExitStack() as stack:
        if site.settings.demo:
            for each in _all():
                running[each.code] = await _open(site, each, stack)
        yield running


async def _open(site: Site, each: Printer, stack: AsyncExitStack) -> Running:
    printer = VirtualPrinter(
        host="127.0.0.1",
        port=0,
        journal=site.settings.data_dir / "printers" / each.code,
        profile=profile_named(PROFILES[each.dpi]),
    )
    await stack.enter_async_context(printer)
    page = ControlPage(printer, 0, RENDERER if RENDERER.is_file() else None, each.name)
    await page.start()
    stack.push_async_callback(page.stop)
    spooler.of(site).allowed.add(printer.address)
    return Running(printer.address, page.address)


def pages(site: Site) -> list[tuple[str, str]]:
    """Each virtual printer's name and where its page is: the labels that came out, and what may go wrong with it."""
    running = cast("dict[str, Running]", site.things["virtual_printers"])
    return [(each.name, running[each.code].page) for each in _all()]


def _all() -> tuple[Printer, ...]:
    """Those of both warehouses."""
    return (*load_demo().printers, *load_branch().printers)


async def put_printers(site: Site, warehouse: int, printers: Iterable[Printer]) -> dict[str, UUID]:
    """Tells the warehouse where its printers are now; their ids by code."""
    running = cast("dict[str, Running]", site.things["virtual_printers"])
    allowed = spooler.of(site).allowed

    def put(work: Work) -> dict[str, UUID]:
        return {
            each.code: spooling.put_printer(work, warehouse, _new(each, running[each.code]), allowed)
            for each in printers
        }

    return (await site.db.write(Command(put, frozenset({warehouse}), Actor(name="demo"), "seed.printers"))).answer


def _new(each: Printer, where: Running) -> NewPrinter:
    return NewPrinter(
        code=each.code,
        name=each.name,
        profile=PROFILES[each.dpi],
        address=f"{where.address.host}:{where.address.port}",
        page=where.page,
    )
