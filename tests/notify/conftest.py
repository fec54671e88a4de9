"""A shop that writes to its customers by a mail server on loopback, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import partial
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from server.core.clock import ManualClock
from server.db import log
from server.db.base import CORE
from server.db.database import Database
from server.notify.adapters.log import LogCarrier
from server.notify.adapters.smtp import Server, SmtpCarrier
from server.notify.port import Carrier
from server.notify.schemas import Message, MessagePage
from server.notify.service import outbox
from server.notify.sinks import TOLD, queue_messages
from server.notify.worker import Postman
from tests.support.shop import REACTIONS, Shop, build, order

PUBLIC = "https://shop.example.com"


class MailServer:
    """Takes mails on loopback; `answers` are what it says next, then it says yes. `drop`: it hangs up instead.

    Whatever begins with neither 4 nor 5 is said of a mail that it has taken.
    """

    def __init__(self) -> None:
        self.answers: list[str] = []
        self.mails: list[EmailMessage] = []
        self.port = 0

    async def handle_RCPT(  # noqa: N802  (its name there)
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.answers and self.answers[0].startswith("rcpt "):
            return self.answers.pop(0).removeprefix("rcpt ")
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.answers.pop(0) if self.answers else "250 taken"
        if answer[0] not in "45":
            body: Any = envelope.content
            self.mails.append(message_from_bytes(body, policy=policy.default))
        if answer == "drop":
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return answer


@pytest.fixture
async def mails() -> AsyncIterator[MailServer]:
    """A mail server that runs."""
    made = MailServer()
    loop = asyncio.get_running_loop()
    running = await loop.create_server(lambda: SMTP(made, hostname="mail.test", loop=loop), "127.0.0.1", 0)
    made.port = running.sockets[0].getsockname()[1]
    yield made
    running.close()
    await running.wait_closed()


@dataclass
class Desk:
    """The shop, its postman, and what customers are told."""

    shop: Shop
    mails: MailServer
    told: dict[int, int] = field(default_factory=dict)
    carriers: dict[str, Carrier] = field(default_factory=dict)

    @property
    def db(self) -> Database:
        return self.shop.db

    def postman(self) -> Postman:
        """A postman with these ways out."""
        return Postman(self.db, self.shop.clock, self.carriers, public_url=PUBLIC, chance=lambda: 0.0)

    async def tell(self, *streams: int) -> None:
        """The sink gets what happened since."""
        for stream in streams or (CORE,):
            events = await self.db.read(partial(log.tail, stream=stream, after=self.told.get(stream, 0), limit=1000))
            if events:
                self.told[stream] = events[-1].position
                await queue_messages(self.db, [each for each in events if each.type in TOLD])

    async def capture(self, reference: str = "A", **changes: Any) -> int:
        """An order that is taken in and told; its number."""
        captured = await self.shop.capture(order(reference, method="invoice", token="", **changes))
        await self.tell()
        return captured.number

    async def send(self) -> int:
        """The postman looks until nothing is due."""
        postman, sent = self.postman(), 0
        while more := await postman.step():
            sent += more
        return sent

    async def messages(self) -> list[Message]:
        """All of them, the newest first."""
        return (await self.db.read(partial(outbox.page, before=None, state=None, most=100))).items

    async def one(self) -> MessagePage:
        """The only one, with its tries."""
        (message,) = await self.messages()
        return await self.db.read(partial(outbox.one, message=message.id))


@pytest.fixture
async def desk(open_database: Callable[..., Awaitable[Database]], clock: ManualClock, mails: MailServer) -> Desk:
    """10 honey, 5 tea, no milk; mails go to the server, text messages nowhere."""
    shop = await build(await open_database(reactions=REACTIONS), clock)
    server = Server("127.0.0.1", mails.port, "none", "", "", "orders@shop.example.com")
    return Desk(shop, mails, carriers={"email": SmtpCarrier(server, patience=5), "sms": LogCarrier()})
