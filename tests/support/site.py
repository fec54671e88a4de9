"""A real Pickwave in a process of its own: started, killed, started again on the same port and folder."""

from __future__ import annotations

import asyncio
import os
import random
import re
import signal
import socket
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from server.lan.client import trust

PICKWAVE = Path(sys.executable).with_name("pickwave")
_PERSON = re.compile(r"^ {2}(.+?) {2,}(.+?) +(P-\w+) {2}PIN (\d+)$")
_FIRST = re.compile(r"^First administrator: badge (\S+), one-time PIN (\d+)")
_DEVICE = re.compile(r"^ {2}(.+?) +enrolment code (\S+)$")


def free_port() -> int:
    """A port that nobody has now, and no outgoing connection takes while the server is being started again."""
    for port in random.sample(range(20_000, 30_000), 100):
        with socket.socket() as sock, suppress(OSError):
            sock.bind(("127.0.0.1", port))
            return port
    raise OSError("a hundred ports were taken")


@dataclass
class Site:
    """A server's folder, port and process; `people` by role (badge, PIN), `codes` by device (enrolment code)."""

    folder: Path
    port: int = field(default_factory=free_port)
    settings: dict[str, str] = field(default_factory=dict)
    people: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    first_admin: tuple[str, str] = ("", "")
    process: asyncio.subprocess.Process | None = None
    said: list[str] = field(default_factory=list)
    """What it said until it was open."""

    @property
    def lan(self) -> bool:
        """Whether it is there for the local network, with TLS."""
        return "LAN" in self.settings

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"{'https' if self.lan else 'http'}://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """A plain environment with this site's settings."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PICKWAVE_")}
        free = {"ONBOARDING_PORT": "0"} if self.lan else {}
        ours = {**free, "DATA_DIR": str(self.folder), "PORT": str(self.port), "LOG_LEVEL": "error", **self.settings}
        return {**kept, **{f"PICKWAVE_{name}": value for name, value in ours.items()}}

    async def start(self, *arguments: str) -> None:
        """Starts it and waits until it says that it is open; reads whom it names."""
        log = (self.folder.parent / f"{self.folder.name}.log").open("ab")
        self.process = await asyncio.create_subprocess_exec(
            str(PICKWAVE), "serve", *arguments, env=self.environment, stdout=asyncio.subprocess.PIPE, stderr=log
        )
        log.close()
        assert self.process.stdout is not None
        self.said.clear()
        while line := (await self.process.stdout.readline()).decode().rstrip("\n"):
            self._read(line)
            self.said.append(line)
            if line.startswith("Ctrl-C"):
                return
        said = (self.folder.parent / f"{self.folder.name}.log").read_text()
        raise AssertionError(f"the server did not start (exit code {await self.process.wait()}): {said}")

    def _read(self, line: str) -> None:
        if person := _PERSON.match(line):
            for role in person.group(2).split(", "):
                self.people.setdefault(role.strip(), []).append((person.group(3), person.group(4)))
        elif first := _FIRST.match(line):
            self.first_admin = (first.group(1), first.group(2))
        elif device := _DEVICE.match(line):
            self.codes[device.group(1)] = device.group(2)

    async def kill(self) -> None:
        """Ends it as a power cut ends a process."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> int:
        """Ends it in order; its exit code."""
        return await self._end(signal.SIGTERM)

    async def _end(self, how: signal.Signals) -> int:
        process, self.process = self.process, None
        if process is None:
            return 0
        if process.returncode is None:
            process.send_signal(how)
        return await process.wait()

    async def run(self, *arguments: str) -> tuple[int, str]:
        """Runs a command of the shell beside the server's folder: its exit code and what it said."""
        process = await asyncio.create_subprocess_exec(
            str(PICKWAVE), *arguments, env=self.environment,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        said, _ = await process.communicate()
        return process.returncode or 0, said.decode()

    def client(self) -> httpx.AsyncClient:
        """A client that speaks as our app does, and under TLS trusts what a handheld would trust."""
        verify = trust(self.folder) if self.lan else True
        return httpx.AsyncClient(base_url=self.url, headers={"X-Pickwave": "1"}, timeout=10, verify=verify)
