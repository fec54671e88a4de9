"""Why: a mail server's answer decides what becomes of a mail: 4xx is for now, 5xx is for good, silence is unknown.

Until the last byte of a mail was handed over, whatever goes wrong means that it was not sent. After that only the
server's answer says so; where that is lost, nobody knows.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from typing import Final

import aiosmtplib
import msgspec
from aiosmtplib import SMTPStatus

from server.notify.port import Letter
from server.notify.rules import Answer
from server.settings import Settings

PATIENCE: Final = 30.0
"""Seconds for each step. All of them together are far shorter than `outbox.LEASE`."""
SAID: Final = 300
"""Characters of an answer that are kept."""
_ATOM: Final = r"[\w!#$%&'*+/=?^`{|}~-]+"
_PLAIN: Final = re.compile(rf"{_ATOM}(\.{_ATOM})*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", re.ASCII)
"""An address without quotes, comments and groups (RFC 5322, dot-atom): what else there is no header is made of."""
_TEMPORARY: Final = range(400, 500)
_LOGIN_WRONG: Final = frozenset({530, 534, 535, 538})
UNREADABLE: Final = SMTPStatus.invalid_response.value
"""An answer that is none of the protocol's."""


class Server(msgspec.Struct, frozen=True):
    """A mail server and how it is spoken to. `security`: starttls, tls or none."""

    host: str
    port: int
    security: str
    user: str
    password: str
    sender: str
    """The address that mails come from."""

    @classmethod
    def of(cls, settings: Settings) -> Server | None:
        """The mail server of the settings; None where there is none."""
        if not settings.smtp_host or not settings.mail_from:
            return None
        return cls(
            settings.smtp_host, settings.smtp_port, settings.smtp_security, settings.smtp_user,
            settings.smtp_password, settings.mail_from,
        )  # fmt: skip


class SmtpCarrier:
    """Sends mail by one server. `patience` in seconds; `trust`: whose certificates hold, by default the machine's."""

    is_set_up = True

    def __init__(self, server: Server, *, patience: float = PATIENCE, trust: ssl.SSLContext | None = None) -> None:
        self._server = server
        self._patience = patience
        self._trust = trust or ssl.create_default_context()

    def described(self) -> str:
        """The server and the address that mails come from."""
        return f"{self._server.host}:{self._server.port}, {self._server.sender}"

    async def send(self, letter: Letter) -> Answer:
        """Hands one mail over."""
        if not _PLAIN.fullmatch(letter.to):
            return Answer("never", "address_not_mailable")
        server = self._server
        try:
            body = written(letter, server.sender)
        except ValueError:  # what stands in its head is no mail's
            return Answer("never", "address_not_mailable")
        client = aiosmtplib.SMTP(
            hostname=server.host, port=server.port, timeout=self._patience,
            use_tls=server.security == "tls", start_tls=server.security == "starttls", tls_context=self._trust,
        )  # fmt: skip
        try:
            before = await self._prepare(client, letter)
            return await _hand_over(client, body) if before is None else before
        finally:
            with suppress(aiosmtplib.SMTPException, OSError, asyncio.TimeoutError):
                await client.quit(timeout=2)
            client.close()

    async def _prepare(self, client: aiosmtplib.SMTP, letter: Letter) -> Answer | None:
        """Everything before the mail itself; why it cannot go, or None."""
        try:
            await client.connect()
            if self._server.user:
                await client.login(self._server.user, self._server.password)
            await client.mail(self._server.sender)
            await client.rcpt(letter.to)
        except aiosmtplib.SMTPResponseException as error:
            return _refused(error)
        except ssl.SSLError as error:
            return Answer("later", "tls_failed", _short(str(error)))
        except (aiosmtplib.SMTPTimeoutError, TimeoutError):
            return Answer("later", "answer_late")
        except (aiosmtplib.SMTPException, OSError) as error:
            cause = error.__cause__
            return Answer("later", "tls_failed" if isinstance(cause, ssl.SSLError) else "connection_failed",
                          _short(str(error)))  # fmt: skip
        return None


async def _hand_over(client: aiosmtplib.SMTP, body: bytes) -> Answer:
    try:
        answer = await client.data(body)
    except aiosmtplib.SMTPResponseException as error:
        if error.code == UNREADABLE:
            return Answer("unsure", "answer_lost", _short(error.message))
        return _refused(error)
    except (TimeoutError, aiosmtplib.SMTPException, OSError) as error:
        return Answer("unsure", "answer_lost", _short(str(error)))
    return Answer("sent", said=_short(answer.message))


def _refused(error: aiosmtplib.SMTPResponseException) -> Answer:
    said = _short(f"{error.code} {error.message}")
    if error.code in _LOGIN_WRONG:
        return Answer("later", "login_refused", said)
    return Answer("later" if error.code in (*_TEMPORARY, UNREADABLE) else "never", "mail_refused", said)


def _short(text: str) -> str:
    return "".join(each if each.isprintable() else " " for each in text)[:SAID]


def written(letter: Letter, sender: str) -> bytes:
    """A mail as it goes over the wire: text and HTML, with an id that is the same at each try."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = formataddr((letter.sender, sender))
    mail["To"] = letter.to
    mail["Subject"] = letter.subject
    mail["Date"] = format_datetime(letter.at)
    mail["Message-ID"] = f"<{letter.id}@{sender.rpartition('@')[2]}>"
    mail["Content-Language"] = letter.language
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.text)
    if letter.html:
        mail.add_alternative(letter.html, subtype="html")
    return mail.as_bytes()
