"""The certificate must be the name's, though the connection goes to an address."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

import pytest

from server.core.clock import ManualClock
from server.integrations.addresses import Host
from server.integrations.sender import Sender
from server.lan import authority
from server.lan.rules import Names
from tests.integrations.conftest import HERE
from tests.support.receiver import Receiver, receiver

NAMES = Names(("erp.example.com",), ())


async def here(_host: str, _port: int) -> list[Host]:
    """Every name is this machine."""
    return [ip_address("127.0.0.1")]


def standing(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What the receiver shows, and what trusts it."""
    now = datetime.now(UTC)
    made = authority.make(NAMES, now)
    (folder / "leaf.pem").write_bytes(made.issue(NAMES, now))
    shows = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    shows.load_cert_chain(folder / "leaf.pem")
    return shows, ssl.create_default_context(cadata=made.pem.decode())


def sender(trust: ssl.SSLContext | None) -> Sender:
    return Sender(HERE, ManualClock(datetime.now(UTC)), resolve=here, patience=5.0, trust=trust)


@pytest.mark.parametrize(
    ("name", "trusted", "status", "reason"),
    [("erp.example.com", True, 200, ""), ("other.example.com", True, None, "tls_failed"),
     ("127.0.0.1", True, None, "tls_failed"), ("erp.example.com", False, None, "tls_failed")],
)  # fmt: skip
async def test_only_the_names_own_certificate_holds(
    tmp_path: Path, name: str, trusted: bool, status: int | None, reason: str
) -> None:
    shows, trust = standing(tmp_path)
    async with receiver(tls=shows) as there:
        calls = sender(trust if trusted else None)
        said = await calls.post(at(there, name), {"webhook-id": "msg_1"}, b"{}")
        await calls.close()
    assert (said.status, said.reason) == (status, reason)
    assert [each.headers["host"] for each in there.got] == ([f"{name}:{there.port}"] if status else [])


def at(there: Receiver, name: str) -> str:
    return f"https://{name}:{there.port}/hooks"
