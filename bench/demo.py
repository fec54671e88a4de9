"""Why: a shift at twenty times its pace is the nearest thing to a busy site: what it costs is said of all of it."""

from __future__ import annotations

import asyncio
import re
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from bench import fanout
from bench.watchers import Seen, Watch
from tests.support.site import Site

PACE = 20
EVERY = 5.0
"""Seconds between two looks at the server's memory."""
SETTLED = 60.0
"""Seconds after which a server has loaded what it needs: what it grows by from then on is a leak."""
_BUCKET = re.compile(r"^pickwave_http_request_seconds_bucket\{(.*)\} (\S+)$")


@dataclass
class Shift:
    """What a shift came to: the server's memory in MB by second, scans, outcome codes that were seen,
    and how late a board was with finished tours, in ms."""

    seconds: float
    memory: list[tuple[float, float]] = field(default_factory=list)
    scans: int = 0
    p99_ms: float = 0.0
    outcomes: int = 0
    delays: list[float] = field(default_factory=list)
    code: int = 0

    @property
    def settled(self) -> float:
        """Memory once everything is loaded, in MB."""
        return next((mb for at, mb in self.memory if at >= min(SETTLED, self.seconds / 2)), 0.0)

    @property
    def last(self) -> float:
        """Memory at the end, in MB."""
        return self.memory[-1][1] if self.memory else 0.0


async def shift(minutes: float) -> Shift:
    """Plays so many minutes beside a server of its own."""
    with tempfile.TemporaryDirectory(prefix="pickwave-bench-") as name:
        site = Site(Path(name) / "data")
        await site.start("--demo")
        try:
            found, seen = await _played(site, minutes)
        finally:
            await site.stop()
        found.delays = fanout.delays(seen, fanout.happened(site.folder / "pickwave.sqlite", "tour.finished"))
        return found


async def _played(site: Site, minutes: float) -> tuple[Shift, Seen]:
    found = Shift(60 * minutes)
    async with site.client() as admin:
        badge, pin = site.people["admin"][0]
        (await admin.post("/api/auth/sign-in", json={"badge": badge, "pin": pin})).raise_for_status()
        made = await admin.post("/api/auth/keys", json={"name": "bench", "roles": ["operator"], "warehouse": 1})
        cookie = admin.cookies["pickwave_session"]
        key = {"Authorization": f"Bearer {made.raise_for_status().json()['text']}"}
    watch = asyncio.create_task(_watch(site, found))
    async with fanout.watching(Watch(site.port, "board", [cookie], 1)) as end:
        found.code, said = await site.run("demo", "--pace", str(PACE), "--for", str(minutes), "--people", "10")
        seen = await end()
    assert not seen.lost, "the board's socket was closed"
    watch.cancel()
    with suppress(asyncio.CancelledError):
        await watch
    found.outcomes = len(set(re.findall(r"^ {2}([a-z_]+) +\d", said, re.MULTILINE)))
    async with httpx.AsyncClient(base_url=site.url, headers=key) as http:
        found.scans, found.p99_ms = _p99((await http.get("/metrics")).text, {"route": "/api/floor/commands"})
    return found, seen


async def _watch(site: Site, found: Shift) -> None:
    assert site.process is not None
    status = Path(f"/proc/{site.process.pid}/status")
    loop = asyncio.get_running_loop()
    since = loop.time()
    while True:
        kilobytes = re.search(r"VmRSS:\s+(\d+)", status.read_text())  # noqa: ASYNC240  (the kernel's, never blocks)
        if kilobytes is not None:
            found.memory.append((loop.time() - since, int(kilobytes.group(1)) / 1000))
        await asyncio.sleep(EVERY)


def _p99(metrics: str, labels: Mapping[str, str]) -> tuple[int, float]:
    """Requests, and the upper edge of the bucket in which the slowest hundredth begins, in ms."""
    wanted = [f'{name}="{value}"' for name, value in labels.items()]
    counted: dict[float, float] = {}
    for line in metrics.splitlines():
        bucket = _BUCKET.match(line)
        if bucket and all(each in bucket.group(1) for each in wanted):
            (edge,) = re.findall(r'le="([^"]+)"', bucket.group(1))
            counted[float(edge)] = counted.get(float(edge), 0.0) + float(bucket.group(2))
    whole = counted.get(float("inf"), 0.0)
    edge = next((edge for edge, count in sorted(counted.items()) if count >= 0.99 * whole), 0.0)
    return int(whole), 1000 * edge
