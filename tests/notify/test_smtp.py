"""A mail server is spoken to under TLS, signed in where it wants that, and whatever it does has a name."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiosmtpd.smtp import SMTP, AuthResult

from server.core.ids import new_id
from server.lan import authority
from server.lan.rules import Names
from server.notify.adapters.smtp import Server, SmtpCarrier, written
from server.notify.port import Letter
from server.notify.rules import Answer
from server.settings import Settings, read
from tests.notify.conftest import MailServer

NAMES = Names(("localhost",), ())
LETTER = Letter(
    id=new_id(), at=datetime(2026, 11, 27, 8, tzinfo=UTC), to="ana@example.com", subject="Grüße", text="Hallo\n",
    html="<p>Hallo</p>", language="de", sender="Hafen & Söhne",
)  # fmt: skip


def papers(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What the server shows, and what trusts it."""
    now = datetime.now(UTC)
    made = authority.make(NAMES, now)
    (folder / "leaf.pem").write_bytes(made.issue(NAMES, now))
    shows = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    shows.load_cert_chain(folder / "leaf.pem")
    return shows, ssl.create_default_context(cadata=made.pem.decode())


def signed_in(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    return AuthResult(success=(data.login, data.password) == (b"shop", b"right"), handled=False)


async def sent(carrier: SmtpCarrier) -> tuple[str, str]:
    answer = await carrier.send(LETTER)
    return answer.verdict, answer.reason


@pytest.mark.parametrize(("security", "password", "trusted", "came"), [
    ("starttls", "right", True, ("sent", "")), ("tls", "right", True, ("sent", "")),
    ("starttls", "wrong", True, ("later", "login_refused")), ("starttls", "right", False, ("later", "tls_failed")),
    ("tls", "right", False, ("later", "tls_failed")),
])  # fmt: skip
@pytest.mark.filterwarnings("ignore:Requiring AUTH")  # it does not know that the socket is under TLS
async def test_a_mail_goes_under_tls_to_whom_we_trust_and_who_knows_us(
    tmp_path: Path, security: str, password: str, trusted: bool, came: tuple[str, str]
) -> None:
    shows, trust = papers(tmp_path)
    taken, loop = MailServer(), asyncio.get_running_loop()
    begins = security == "tls"
    make = partial(
        SMTP, taken, hostname="mail.test", loop=loop, authenticator=signed_in, auth_required=True,
        tls_context=None if begins else shows, require_starttls=not begins, auth_require_tls=not begins,
    )  # fmt: skip
    running = await loop.create_server(make, "localhost", 0, ssl=shows if begins else None)
    port = running.sockets[0].getsockname()[1]
    server = Server("localhost", port, security, "shop", password, "orders@shop.example.com")
    assert await sent(SmtpCarrier(server, patience=5, trust=trust if trusted else None)) == came
    running.close()
    assert [mail["Subject"] for mail in taken.mails] == (["Grüße"] if came[0] == "sent" else [])


async def test_nobody_there_and_somebody_who_says_nothing_are_for_now() -> None:
    async def silent(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            await _reader.read()
        writer.close()

    running = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = running.sockets[0].getsockname()[1]
    server = Server("127.0.0.1", port, "none", "", "", "orders@shop.example.com")
    assert await sent(SmtpCarrier(server, patience=0.2)) == ("later", "answer_late")
    running.close()
    assert await sent(SmtpCarrier(server, patience=5)) == ("later", "connection_failed")


@pytest.mark.parametrize(
    "to", ["änne@example.com", "|:;(@)'.b<#", "<~b|@|%?{`.~,<", "]*;@,(>).>]", "<ana@example.com>"]
)
async def test_what_is_no_address_is_never_tried(to: str) -> None:
    carrier = SmtpCarrier(Server("127.0.0.1", 9, "none", "", "", "orders@shop.example.com"))
    odd = msgspec.structs.replace(LETTER, to=to)
    assert await carrier.send(odd) == Answer("never", "address_not_mailable")
    assert (await carrier.send(msgspec.structs.replace(LETTER, sender="a\nBcc: b@c.d"))).verdict == "never"


def test_a_mail_has_a_head_that_is_the_same_at_each_try_and_both_bodies() -> None:
    mail = written(LETTER, "orders@shop.example.com")
    assert f"Message-ID: <{LETTER.id}@shop.example.com>".encode() in mail
    assert b"Content-Type: text/plain" in mail
    assert b"Content-Type: text/html" in mail
    assert "Grüße".encode() not in mail.partition(b"\r\n\r\n")[0], "a head is ASCII"


def test_a_mail_server_is_there_only_with_a_name_and_an_address() -> None:
    settings = Settings()
    assert Server.of(settings) is None
    both = msgspec.structs.replace(settings, smtp_host="mail.example.com", mail_from="a@example.com")
    assert Server.of(both) == Server("mail.example.com", 587, "starttls", "", "", "a@example.com")
    assert "secret-word" not in repr(msgspec.structs.replace(both, smtp_password="secret-word"))


@pytest.mark.parametrize("address", ["orders@shop.example", "o'r+d_e.r@localhost", "a@xn--bcher-kva.example"])
def test_from_every_address_that_the_settings_take_a_mail_can_be_made(address: str) -> None:
    settings = read({"PICKWAVE_MAIL_FROM": address})
    assert f"From: Hafen & =?utf-8?q?S=C3=B6hne?= <{address}>\r\n".encode() in written(LETTER, settings.mail_from)
