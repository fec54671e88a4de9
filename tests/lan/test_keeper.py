"""The authority and the server's certificate on disk, and what somebody who trusts the one finds at the other."""

from __future__ import annotations

import argparse
import asyncio
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
import zxingcpp
from PIL import Image

from printers import qr
from server.background import Background, Site, running
from server.cli import lan as command
from server.core.clock import ManualClock
from server.db.database import Database
from server.db.errors import BAD_SETTING, StartError
from server.lan import addresses
from server.lan.api import run, wanted
from server.lan.client import trust
from server.lan.keeper import At, Lan, files, renewed, warnings
from server.settings import Settings, read
from server.start import listening

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass
class Machine:
    """A machine whose cable is pulled and put in elsewhere."""

    name: str = "halle-3"
    addresses: list[str] = field(default_factory=lambda: ["10.20.0.5"])

    def __call__(self) -> tuple[str, tuple[str, ...]]:
        return self.name, tuple(self.addresses)


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime.now(UTC))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(lan=True, data_dir=tmp_path / "data")


@asynccontextmanager
async def served(lan: Lan) -> AsyncIterator[int]:
    """A server that only shakes hands."""

    async def greet(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(greet, "127.0.0.1", 0, ssl=lan.context)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def believed(port: int, name: str, context: ssl.SSLContext) -> bool:
    """Whether somebody with this trust believes that the server is `name`."""
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context, server_hostname=name)
    except ssl.SSLCertVerificationError:
        return False
    writer.close()
    return True


def test_keys_are_read_by_their_owner_alone_and_kept_over_a_restart(
    settings: Settings, clock: ManualClock, machine: Machine
) -> None:
    first = Lan.open(settings, clock, machine)
    for file in files(settings.data_dir):
        assert file.stat().st_mode & 0o777 == 0o600
        assert "PRIVATE KEY" in file.read_text()
    assert files(settings.data_dir)[0].parent.stat().st_mode & 0o777 == 0o700
    again = Lan.open(settings, clock, machine)
    assert again.authority.fingerprint == first.authority.fingerprint
    assert b"PRIVATE" not in again.authority.pem + again.authority.der
    assert sorted(file.name for file in files(settings.data_dir)[0].parent.iterdir()) == ["authority.pem", "server.pem"]


async def test_an_address_that_changes_is_believed_without_a_restart(
    settings: Settings, clock: ManualClock, machine: Machine
) -> None:
    lan = Lan.open(settings, clock, machine)
    device = trust(settings.data_dir)
    async with served(lan) as port:
        for name in ("10.20.0.5", "halle-3", "halle-3.local", "localhost", "127.0.0.1"):
            assert await believed(port, name, device), name
        assert not await believed(port, "10.99.0.7", device)
        assert not await believed(port, "10.20.0.5", ssl.create_default_context())

        machine.addresses[:] = ["10.99.0.7"]
        assert lan.look() == "names"
        assert await believed(port, "10.99.0.7", device)
        assert lan.look() is None
        assert "10.99.0.7" in lan.hosts
        assert "10.20.0.5" not in lan.hosts


async def test_a_running_server_looks_by_itself(settings: Settings, clock: ManualClock, machine: Machine) -> None:
    lan = Lan.open(settings, clock, machine, every=0.01)
    site = Site(settings, clock, cast(Database, None), {"lan": At(lan, 8300, 8380)})
    machine.addresses[:] = ["10.99.0.7"]
    async with served(lan) as port, running([Background("lan", run, wanted)], site) as seen, asyncio.timeout(10):
        while not await believed(port, "10.99.0.7", trust(settings.data_dir)):
            assert seen.sound
    assert not wanted(Settings())


async def test_a_certificate_is_made_anew_before_it_ends_while_the_server_runs(
    settings: Settings, clock: ManualClock, machine: Machine
) -> None:
    clock.advance(-320 * DAY.total_seconds())
    lan = Lan.open(settings, clock, machine)
    before = files(settings.data_dir)[1].read_bytes()
    assert lan.look() is None
    clock.advance(320 * DAY.total_seconds())
    assert lan.look() == "ending"
    assert files(settings.data_dir)[1].read_bytes() != before
    async with served(lan) as port:
        assert await believed(port, "10.20.0.5", trust(settings.data_dir))


async def test_an_address_for_which_the_authority_cannot_vouch_is_told_and_spoils_no_other(
    settings: Settings, clock: ManualClock, machine: Machine
) -> None:
    lan = Lan.open(settings, clock, machine)
    machine.addresses.append("203.0.113.9")
    lan.look()
    assert any("203.0.113.9" in line and "pickwave lan new" in line for line in warnings(lan))
    async with served(lan) as port:
        device = trust(settings.data_dir)
        assert await believed(port, "10.20.0.5", device)
        assert not await believed(port, "203.0.113.9", device)
        old = lan.authority.fingerprint
        renewed(settings, clock, machine)
        assert lan.look() is None  # another process made both files anew; the next who comes meets them
        assert lan.authority.fingerprint != old
        assert await believed(port, "203.0.113.9", trust(settings.data_dir))
        assert not await believed(port, "10.20.0.5", device)
    assert list(warnings(lan)) == []


def test_an_authority_that_ends_is_told_in_words_with_the_command(
    settings: Settings, clock: ManualClock, machine: Machine
) -> None:
    lan = Lan.open(settings, clock, machine)
    ends = lan.authority.span.until
    said = {}
    for moment in (ends - 100 * DAY, ends + DAY, lan.authority.span.since - DAY):
        clock.advance((moment - clock.now()).total_seconds())
        lan = Lan.open(settings, clock, machine)
        said[lan.standing] = list(warnings(lan))
    assert set(said) == {"ending", "ended", "clock"}
    assert "pickwave lan new" in said["ending"][0]
    assert f"{ends:%Y-%m-%d}" in said["ended"][0]
    assert "clock" in said["clock"][0]


def test_a_server_certificate_that_cannot_be_read_is_made_anew_and_an_authority_is_not(
    settings: Settings, clock: ManualClock, machine: Machine
) -> None:
    kept = Lan.open(settings, clock, machine).authority.fingerprint
    authority, server = files(settings.data_dir)
    server.write_bytes(server.read_bytes()[:300])
    assert Lan.open(settings, clock, machine).authority.fingerprint == kept

    for broken in (b"", authority.read_bytes()[:200], server.read_bytes()[:300] + authority.read_bytes()[300:]):
        authority.write_bytes(broken)
        with pytest.raises(StartError, match="pickwave lan new") as refused:
            Lan.open(settings, clock, machine)
        assert refused.value.exit_code == BAD_SETTING
    assert renewed(settings, clock, machine).standing == "good"


def test_a_strict_look_finds_nothing(settings: Settings, clock: ManualClock, machine: Machine, tmp_path: Path) -> None:
    """`openssl verify` with every check that it knows, name constraints and strictness among them."""
    lan = Lan.open(settings, clock, machine)
    ca = tmp_path / "ca.pem"
    ca.write_bytes(lan.authority.pem)
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl on this machine")
    found = subprocess.run(
        [openssl, "verify", "-x509_strict", "-purpose", "sslserver", "-verify_ip", "10.20.0.5", "-CAfile", ca,
         files(settings.data_dir)[1]], capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert found.returncode == 0, found.stderr


def test_the_code_in_the_terminal_is_read_by_a_camera() -> None:
    lines = list(qr.blocks("http://192.168.178.44:8380/"))
    shades = {char: pair for pair, char in qr.HALVES.items()}
    picture = Image.new("L", (len(lines[0]), 2 * len(lines)))
    for y, line in enumerate(lines):
        for x, char in enumerate(line):
            for half, light in enumerate(shades[char]):
                picture.putpixel((x, 2 * y + half), 255 if light else 0)
    (found,) = zxingcpp.read_barcodes(picture.resize((picture.width * 6, picture.height * 6), Image.Resampling.NEAREST))
    assert found.text == "http://192.168.178.44:8380/"


def test_what_is_printed_leads_to_the_page_and_to_every_name(
    settings: Settings, clock: ManualClock, machine: Machine
) -> None:
    machine.addresses.append("fd00::5")
    at = At(Lan.open(settings, clock, machine), 8300, 8380)
    assert at.page == "http://10.20.0.5:8380/"
    assert "https://[fd00::5]:8300/" in at.urls
    told = at.told()
    assert at.page in told[0]
    assert at.lan.authority.fingerprint in told[-1]


def test_this_machine_knows_its_addresses_and_none_is_loopback() -> None:
    assert not {"127.0.0.1", "::1", "0.0.0.0"} & set(addresses.addresses())
    assert len(addresses.addresses()) == len(set(addresses.addresses()))


def test_the_shell_shows_exports_and_renews(
    settings: Settings, clock: ManualClock, machine: Machine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lan = Lan.open(settings, clock, machine)

    def shell(*words: str) -> int:
        parser = argparse.ArgumentParser()
        command.arguments(parser)
        return command.run(parser.parse_args(words), settings)

    assert shell("show") == 0
    assert lan.authority.fingerprint in capsys.readouterr().out
    assert shell("export", str(tmp_path / "ca.cer")) == 0
    assert (tmp_path / "ca.cer").read_bytes() == lan.authority.der
    capsys.readouterr()
    assert shell("new", "--yes") == 0
    assert lan.authority.fingerprint not in capsys.readouterr().out
    assert Lan.open(settings, clock, machine).authority.fingerprint != lan.authority.fingerprint


def test_a_port_that_is_taken_is_told_with_the_setting_that_chooses_it() -> None:
    with listening(("127.0.0.1", "::1"), 0) as sockets:
        port = sockets[0].getsockname()[1]
        assert {sock.getsockname()[1] for sock in sockets} == {port}
        taken = listening(("127.0.0.1",), port, "PICKWAVE_ONBOARDING_PORT")
        with pytest.raises(StartError, match="PICKWAVE_ONBOARDING_PORT"), taken:
            raise AssertionError("two listen on one port")


def test_lan_listens_everywhere_unless_an_address_is_named() -> None:
    assert read({}).listens_on == ("127.0.0.1",)
    assert read({"PICKWAVE_LAN": "1"}).listens_on == ("0.0.0.0", "::")
    assert read({"PICKWAVE_LAN": "1", "PICKWAVE_HOST": "10.20.0.5"}).listens_on == ("10.20.0.5",)
    assert not read({}).reachable
    for name, value in (("LAN", "1"), ("HOST", "0.0.0.0"), ("PROXIES", "10.0.0.1"), ("ALLOWED_HOSTS", "a.example")):
        assert read({f"PICKWAVE_{name}": value}).reachable, name
