"""The way from the last item to the printer: a real server, its spooler and a printer on a socket of this process."""

from __future__ import annotations

import asyncio
import tempfile
import time
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import sqlalchemy as sa

from bench import servers
from bench.load import Hand
from bench.stage import hands
from printers.virtual import VirtualPrinter
from server.core.clock import ManualClock
from server.core.events import EVENTS
from server.core.ids import new_id
from server.db.database import Database
from server.db.migrations import migrate
from server.fanout.table import REACTIONS
from server.inventory.models import lpn
from server.tasks.models import tour_slot
from tests.support.bench import build_bench
from tests.support.world import gtin, release

ORDERS = 18
"""As many as the world has totes for."""
PAUSE = 0.8
"""Seconds between two cartons: whoever packs is not faster, and the printer has said that the last label is out."""


async def last_item_to_printer() -> list[float]:
    """Milliseconds from the last item's scan until its label has come out of the printer, carton by carton.

    The printer takes no time for it, so this is a little more than until its first byte.
    """
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pickwave-bench-")))
        url = f"sqlite:///{folder / 'house' / 'pickwave.db'}"
        printer = await stack.enter_async_context(VirtualPrinter())
        hand, station, waiting = await _stage(url, printer)
        address = f"{printer.address.host}:{printer.address.port}"
        served = await stack.enter_async_context(servers.pickwave(url, folder / "d", PRINTER_ADDRESSES=address))
        client = await stack.enter_async_context(
            httpx.AsyncClient(
                base_url=f"http://127.0.0.1:{served.port}", headers={"Authorization": f"Device {hand.secret}"}
            )
        )
        packer = _Packer(client, hand)
        taken: list[float] = []
        for number, (part, tote) in enumerate(waiting, 1):
            await packer.did("pack.open", station=station, tote=tote)
            since = time.perf_counter()
            await packer.did("pack.item", station=station, fulfilment=part, tote=tote, item=gtin(0), qty=1, lot=None)
            await printer.printed(number)
            taken.append(1000 * (time.perf_counter() - since))
            await asyncio.sleep(PAUSE)
        return taken


class _Packer:
    """Somebody at the station who scans."""

    def __init__(self, client: httpx.AsyncClient, hand: Hand) -> None:
        self._client, self._hand, self._seq = client, hand, 0

    async def did(self, kind: str, **body: Any) -> None:
        self._seq += 1
        command = {
            "id": str(new_id()), "seq": self._seq, "kind": kind, "ticket": self._hand.ticket,
            "at": "2026-11-24T08:00:00Z", "after": [], "version": None, "body": body,
        }  # fmt: skip
        envelope = {"device": self._hand.device, "epoch": "bench-packing-00", "commands": [command]}
        answer = await self._client.post("/api/floor/commands", json=envelope)
        (said,) = answer.raise_for_status().json()["answers"]
        if said["severity"] != "ok":
            raise RuntimeError(f"{kind} was answered with {said}")


async def _stage(url: str, printer: VirtualPrinter) -> tuple[Hand, str, list[tuple[str, str]]]:
    """A station, somebody at it, and orders of one unit that wait in totes: fulfilment and tote of each."""
    await migrate(url)
    clock = ManualClock(datetime.now(UTC))
    db = await Database.open(url, clock=clock, events=EVENTS, reactions=REACTIONS, command="bench")
    try:
        bench = await build_bench(db, clock, printer)
        for number in range(ORDERS):
            await bench.order(f"P-{number}", MILK=1)
        await release(bench.world)
        await bench.pick_all()
        (hand,) = await hands(bench.world, 1)
        rows = await db.read(lambda conn: list(conn.execute(_WAITING)))
        return hand, str(bench.station), [(str(part), tote) for part, tote in rows]
    finally:
        await db.close()


_WAITING = sa.select(tour_slot.c.fulfilment_id, lpn.c.code).join(lpn, lpn.c.id == tour_slot.c.lpn_id)
