"""A message goes out once or it is known why not, whatever the mail server says and whoever dies in between."""

from __future__ import annotations

from functools import partial
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from server.core.refusal import Refusal
from server.customers import service as customers
from server.customers.schemas import PutCustomer
from server.notify.adapters.log import LogCarrier
from server.notify.adapters.sms import SmsCarrier
from server.notify.models import customer_message
from server.notify.port import Letter
from server.notify.rules import Answer
from server.notify.schemas import SendTest
from server.notify.service import outbox
from server.notify.store import messages as store
from server.orders.models import order
from server.orders.schemas.captures import EXAMPLE
from tests.notify.conftest import PUBLIC, Desk
from tests.support.shop import DESK

ANA = EXAMPLE.customer


async def test_an_order_is_confirmed_once_in_its_customers_language(desk: Desk) -> None:
    number = await desk.capture()
    desk.told.clear()
    await desk.tell()
    assert await desk.send() == 1
    (mail,) = desk.mails.mails
    assert (mail["To"], mail["Subject"], mail["Auto-Submitted"]) == (
        "ana@example.com", "Deine Bestellung A", "auto-generated",
    )  # fmt: skip
    text, html = (mail.get_body(kind) for kind in (("plain",), ("html",)))
    assert text is not None
    assert html is not None
    assert "- 2 × Honey (de)" in text.get_content()
    assert "Summe: 14,90 EUR" in text.get_content()
    assert f"{PUBLIC}/track/" in text.get_content()
    assert "<li>2 × Honey (de)</li>" in html.get_content()
    page = await desk.one()
    assert (page.message.state, page.message.order, page.template) == ("sent", number, 0)
    assert [each.said for each in page.tries] == ["taken"]
    told = (await desk.shop.page(number)).timeline
    assert [each.de for each in told if each.what == "message_sent"] == [
        "Der Kundschaft gesagt, per Mail: Bestellung bestätigt"
    ]
    assert await desk.send() == 0


async def test_what_a_server_refuses_for_now_is_tried_again_and_for_good_is_told(desk: Desk) -> None:
    number = await desk.capture()
    desk.mails.answers = ["451 try later", "rcpt 450 greylisted"]
    assert await desk.send() == 1
    page = await desk.one()
    assert (page.message.state, page.message.reason, page.tries[0].said) == (
        "waiting", "mail_refused", "451 try later",
    )  # fmt: skip
    assert await desk.send() == 0
    for seconds in (61, 301):
        desk.shop.clock.advance(seconds)
        assert await desk.send() == 1
    assert ((await desk.one()).message.state, len(desk.mails.mails)) == ("sent", 1)
    assert {each.verdict for each in (await desk.one()).tries} == {"later", "sent"}

    desk.mails.answers = ["rcpt 550 no such user"]
    await desk.capture("B")
    await desk.send()
    failed = (await desk.messages())[0]
    assert (failed.state, failed.reason, "again" in failed.can) == ("failed", "mail_refused", True)
    assert number != failed.order


@pytest.mark.parametrize("answer", ["drop", "so it is taken"])
async def test_an_answer_that_was_lost_is_unknown_and_nobody_is_written_to_twice_by_itself(
    desk: Desk, answer: str
) -> None:
    number = await desk.capture()
    desk.mails.answers = [answer]
    assert await desk.send() == 1
    page = await desk.one()
    assert (page.message.state, page.message.reason) == ("unsure", "answer_lost")
    desk.shop.clock.advance(90_000)
    assert await desk.send() == 0
    assert "message_unsure" in [each.what for each in (await desk.shop.page(number)).timeline]
    await desk.shop.do(partial(outbox.again, message=page.message.id))
    assert await desk.send() == 1
    assert ((await desk.one()).message.state, len(desk.mails.mails)) == ("sent", 2)
    assert len({mail["Message-ID"] for mail in desk.mails.mails}) == 1


class Killed(BaseException):
    """The process ends here."""


async def test_what_breaks_in_our_own_hands_keeps_no_other_message_waiting(desk: Desk) -> None:
    number = await desk.capture()
    await desk.capture("B")
    mail, postman = desk.carriers["email"], desk.postman()
    await desk.shop.do(lambda work: work.conn.execute(
        sa.update(customer_message).where(customer_message.c.occasion == "captured").values(about="no intent")
        .where(customer_message.c.order_id == sa.select(order.c.id).where(order.c.number == number).scalar_subquery())
    ) and None)  # fmt: skip
    await postman.step()
    assert {each.order: (each.state, each.reason) for each in await desk.messages()} == {
        number: ("failed", "went_wrong"), number + 1: ("sent", ""),
    }  # fmt: skip

    class Broken:
        is_set_up = True

        def described(self) -> str:
            return ""

        async def send(self, _letter: Any) -> Any:
            raise RuntimeError("a fault of ours")

    desk.carriers["email"] = Broken()
    await desk.capture("C")
    await desk.postman().step()
    assert (await desk.messages())[0].reason == "went_wrong"
    assert (await desk.messages())[0].state == "unsure"
    desk.carriers["email"] = mail


async def test_a_sender_that_dies_leaves_what_nobody_knows(desk: Desk) -> None:
    await desk.capture()
    postman, taken = desk.postman(), 0

    class Dying:
        is_set_up = True

        def described(self) -> str:
            return ""

        async def send(self, _letter: Any) -> Any:
            nonlocal taken
            taken += 1
            raise Killed

    desk.carriers["email"] = Dying()
    with pytest.raises(Killed):
        await postman.step()
    assert (await desk.one()).message.state == "sending"
    desk.shop.clock.advance(301)
    assert await desk.send() == 0
    page = await desk.one()
    assert (page.message.state, page.message.reason, taken) == ("unsure", "sender_lost", 1)
    found = await desk.db.read(partial(store.facts, message=page.message.id))
    assert found is not None
    claimed = outbox.Claimed(found, found.tries, msgspec.json.decode("null"))
    late = partial(outbox.record, claimed=claimed, sender=1, answer=Answer("sent"), chance=0.0)
    assert await desk.shop.do(late) == "sent", "an answer that comes all the same is believed"


async def test_without_a_channel_messages_wait_where_they_are_seen_and_go_once_there_is_one(desk: Desk) -> None:
    mail = desk.carriers["email"]
    desk.carriers["email"] = LogCarrier()
    await desk.capture("old")
    await desk.send()
    desk.shop.clock.advance(86_401)
    await desk.capture("new")
    await desk.send()
    assert {each.state for each in await desk.messages()} == {"parked"}
    desk.carriers["email"] = mail
    assert await desk.shop.do(partial(outbox.wake, channels=["email"])) == 1
    await desk.send()
    assert [each.state for each in await desk.messages()] == ["sent", "parked"], "news of yesterday are no news"
    await desk.shop.do(partial(outbox.dismiss, message=(await desk.messages())[1].id))
    with pytest.raises(Refusal):
        await desk.shop.do(partial(outbox.dismiss, message=(await desk.messages())[1].id))


class Gateway:
    """Stands in for Apprise: keeps what it is asked, and says what it is told to."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.says: bool | None = True
        self.url = ""

    def Apprise(self) -> Gateway:  # noqa: N802
        return self

    def add(self, servers: str) -> bool:
        self.url = servers
        return servers.startswith("vonage://")

    def notify(self, *, body: str) -> bool | None:
        self.asked.append((self.url, body))
        return self.says


async def test_text_messages_go_by_the_gateway_and_a_no_is_final(desk: Desk) -> None:
    gateway = Gateway()
    desk.carriers["sms"] = SmsCarrier("vonage://key:secret@from/{to}", gateway)
    by_phone = msgspec.structs.replace(ANA, email="", language="en")
    await desk.capture("A", customer=by_phone)
    await desk.send()
    assert gateway.asked == [
        ("vonage://key:secret@from/4930231250", gateway.asked[0][1]),
    ]
    assert gateway.asked[0][1].startswith("Test: we have your order A, thank you. https://")
    gateway.says = False
    await desk.capture("B", customer=by_phone)
    await desk.send()
    assert [(each.state, each.reason) for each in await desk.messages()] == [
        ("failed", "gateway_refused"),
        ("sent", ""),
    ]
    assert "secret" not in desk.carriers["sms"].described()
    wrong = SmsCarrier("nobody://{to}", gateway)
    assert (await wrong.send(msgspec.convert(_letter(), type=Letter))).reason == "gateway_address_wrong"


def _letter() -> dict[str, Any]:
    return {
        "id": "0192f0c0-0000-7000-8000-000000000001", "at": "2026-11-24T08:00:00Z", "to": "+4930231250", "subject": "",
        "text": "x", "html": "", "language": "en", "sender": "S",
    }  # fmt: skip


async def test_a_customers_wish_and_present_address_count(desk: Desk) -> None:
    number = await desk.capture()
    of = (await desk.shop.page(number)).customer_id
    assert of is not None
    said = PutCustomer(name="Ana", email="new@example.com", phone="", language="en", wish="none")
    await desk.shop.do(partial(customers.change, customer_id=of, new=said))
    await desk.capture("B", customer=msgspec.structs.replace(ANA, email="new@example.com"))
    assert len(await desk.messages()) == 1, "who wants no messages gets none"
    desk.mails.answers = ["rcpt 550 no such user"]
    await desk.send()
    page = await desk.one()
    assert page.message.address == "ana@example.com"
    await desk.shop.do(partial(outbox.again, message=page.message.id))
    await desk.send()
    assert [mail["To"] for mail in desk.mails.mails] == ["new@example.com"]


async def test_a_test_goes_once_and_is_nothing_that_happened_to_the_order(desk: Desk) -> None:
    number = await desk.capture()
    await desk.send()
    wanted = SendTest(milestone="shipped", channel="email", language="en", to="me@example.com")
    desk.mails.answers = ["451 try later"]
    message = await desk.shop.do(partial(outbox.begin_test, wanted=wanted), actor=DESK)
    await desk.send()
    page = await desk.db.read(partial(outbox.one, message=message))
    assert (page.message.state, page.message.test, page.message.subject) == (
        "failed", True, "Your order A is on its way",
    )  # fmt: skip
    assert [each.what for each in (await desk.shop.page(number)).timeline].count("message_sent") == 1
    for to, channel in (("me", "email"), ("me@example.com", "sms")):
        wrong = msgspec.structs.replace(wanted, to=to, channel=channel)
        with pytest.raises(Refusal) as caught:
            await desk.shop.do(partial(outbox.begin_test, wanted=wrong))
        assert caught.value.faults[0].field == "to"


async def test_an_occasion_is_written_down_once_however_many_write(desk: Desk) -> None:
    await desk.capture()
    rows = await desk.shop.ask(sa.select(customer_message.c.order_id, customer_message.c.occasion))
    assert [row[1] for row in rows] == ["captured"]
    with pytest.raises(sa.exc.IntegrityError):
        await desk.shop.do(lambda work: store.add(work.conn, {
            "id": work.new_id(), "order_id": rows[0][0], "milestone": "short", "occasion": "captured", "about": "",
            "channel": "email", "address": "a@b.c", "language": "en", "state": "waiting", "due_at": work.now,
            "made_at": work.now,
        }))  # fmt: skip
