"""What customers are told of an order's life, and how the shop writes it."""

from __future__ import annotations

from functools import partial
from typing import Any

import msgspec
import pytest

from server.core.refusal import Refusal
from server.notify import api
from server.notify.schemas import PutTemplate
from server.notify.service import templates
from server.orders.schemas.captures import EXAMPLE, Address
from server.orders.schemas.changes import Replacement
from server.orders.service import additions, cancels
from server.payments.service import payments, receipts, refunds
from tests.notify.conftest import Desk
from tests.support.shop import DESK, order
from tests.support.wire import client

KEY = ("confirmed", "email", "de")


async def told(desk: Desk) -> list[str]:
    """What was told, the oldest first."""
    return [each.milestone for each in reversed(await desk.messages())]


async def test_what_is_not_there_is_told_instead_of_the_confirmation_and_a_cancel_after_it(desk: Desk) -> None:
    lines = [("HONEY", 1, 500), ("MILK", 3, 100)]
    captured = await desk.shop.capture(order("A", lines, method="invoice", token=""))
    await desk.tell()
    await desk.shop.do(partial(cancels.cancel_units, order_id=captured.id, position=2, quantity=1))
    await desk.tell()
    await desk.shop.do(partial(cancels.cancel, order_id=captured.id))
    await desk.tell()
    assert await told(desk) == ["short", "changed", "cancelled"]
    await desk.send()
    bodies = [mail.get_body(("plain",)) for mail in desk.mails.mails]
    text = [body.get_content() for body in bodies if body is not None]
    assert "- 1 × Honey (de)\n- 3 × Milk (de)" in text[2] or "3 × Milk (de)" in text[2]


async def test_money_that_goes_back_is_told_with_its_amount(desk: Desk) -> None:
    captured = await desk.shop.capture(order("A", method="prepaid", token="", received=False))
    await desk.shop.do(lambda work: receipts.receive(work, captured.id, None))
    (intent,) = await desk.shop.do(lambda work: _give_back(work, captured.id))
    await desk.tell()
    assert await told(desk) == ["confirmed"], "what is to be paid by hand is not paid yet"
    await desk.shop.do(lambda work: refunds.paid_by_hand(work, captured.id, intent))
    await desk.tell()
    await desk.send()
    assert await told(desk) == ["confirmed", "refunded"]
    assert desk.mails.mails[-1]["Subject"] == "Deine Bestellung A: 4,90 EUR zurückgezahlt"


async def test_what_is_credited_of_an_invoice_is_no_money_that_comes(desk: Desk) -> None:
    captured = await desk.shop.capture(order("A", method="invoice", token=""))
    (line,) = (await desk.shop.release(captured.id)).lines
    await desk.shop.change(line.id, "shipped", None, reserved=-2, picked=2, packed=2, shipped=2)
    await desk.shop.do(partial(payments.take, order_id=captured.id))
    await desk.shop.do(lambda work: refunds.refund(work, captured.id, 490, "A jar was broken."))
    await desk.tell()
    assert await told(desk) == ["confirmed"]


def _give_back(work: Any, order_id: Any) -> list[Any]:
    payment = refunds._payment(work, order_id)
    return refunds.give_back(work, payment, 490, "No shipping.")


async def test_of_two_orders_that_become_one_the_one_that_stays_is_told_as_changed(desk: Desk) -> None:
    one, two = [await desk.shop.capture(order(each, method="invoice", token="")) for each in ("A", "B")]
    await desk.tell()
    await desk.shop.do(partial(additions.merge, order_id=one.id, other_id=two.id))
    await desk.tell()
    assert [(each.milestone, each.order) for each in await desk.messages()] == [
        ("changed", one.number), ("confirmed", two.number), ("confirmed", one.number),
    ]  # fmt: skip
    await desk.send()
    body = desk.mails.mails[-1].get_body(("plain",))
    assert body is not None
    assert "- 4 × Honey (de)" in body.get_content()
    assert "Storniert" not in body.get_content()


async def test_another_item_instead_of_one_is_told_once(desk: Desk) -> None:
    captured = await desk.shop.capture(order("A", method="invoice", token=""))
    tea = Replacement(sku="TEA", quantity=1, price_minor=400, instead_of=1)
    await desk.shop.do(partial(additions.replace, order_id=captured.id, position=1, new=tea))
    await desk.tell()
    assert await told(desk) == ["confirmed", "changed"]
    await desk.shop.do(partial(additions.replace, order_id=captured.id, position=1, new=tea))
    await desk.tell()
    assert await told(desk) == ["confirmed", "changed", "changed"]


async def test_an_order_that_was_cancelled_before_it_was_told_is_only_told_as_cancelled(desk: Desk) -> None:
    captured = await desk.shop.capture(order("A", method="invoice", token=""))
    await desk.shop.do(partial(cancels.cancel, order_id=captured.id))
    await desk.tell()
    assert await told(desk) == ["cancelled"]


async def test_a_moment_that_is_off_is_not_told_and_one_that_is_on_is(desk: Desk) -> None:
    wrong_place = Address(street="Lindenweg 4", postal_code="1", city="Köln", country="DE")
    await desk.shop.do(partial(templates.switch, milestone="confirmed", on=False))
    await desk.shop.do(partial(templates.switch, milestone="held", on=True))
    await desk.capture("A", address=wrong_place)
    assert await told(desk) == ["held"]
    await desk.shop.do(partial(templates.switch, milestone="short", on=False))
    await desk.shop.do(partial(templates.switch, milestone="confirmed", on=True))
    await desk.capture("B", lines=[("MILK", 1, 100)])
    assert (await told(desk))[1:] == ["confirmed"], "what is missing is not told, so the order is confirmed"


async def test_words_are_saved_in_versions_as_they_were_read_and_used_from_then_on(desk: Desk) -> None:
    read = await desk.db.read(partial(templates.view, key=KEY))
    assert read.template.version == 0
    new = PutTemplate(
        subject="Danke für {order.reference}", body="Es sind:\n{order.lines}", edition=read.template.edition
    )
    saved = await desk.shop.do(partial(templates.save, key=KEY, new=new))
    assert (saved.version, saved.by) == (1, "Sara")
    with pytest.raises(Refusal) as caught:
        await desk.shop.do(partial(templates.save, key=KEY, new=new))
    assert caught.value.code == "changed_meanwhile"
    await desk.capture()
    await desk.send()
    assert desk.mails.mails[0]["Subject"] == "Danke für A"
    page = await desk.one()
    assert (page.template, page.text) == (1, "Es sind:\n- 2 × Honey (de)\n")
    found = await desk.db.read(partial(templates.versions, key=KEY, before=9, most=9))
    assert [each.version for each in found.items] == [1, 0]


async def test_another_language_is_written_or_english_is_spoken(desk: Desk) -> None:
    french = msgspec.structs.replace(EXAMPLE.customer, language="fr")
    await desk.capture("A", customer=french)
    key = ("confirmed", "email", "fr")
    new = PutTemplate(subject="Merci", body="Commande {order.reference} du {order.placed_on}")
    await desk.shop.do(partial(templates.save, key=key, new=new))
    await desk.send()
    await desk.capture("B", customer=french)
    await desk.send()
    assert [mail["Subject"] for mail in desk.mails.mails] == ["Merci", "Merci"]
    await desk.capture("C", customer=msgspec.structs.replace(french, email="pl@example.com", language="pl"))
    await desk.send()
    assert desk.mails.mails[-1]["Subject"] == "Your order C"


async def test_the_shop_writes_looks_tries_and_sees_over_the_wire(desk: Desk) -> None:
    number = await desk.capture()
    await desk.send()
    async with client(desk.db, [api.router], DESK, postman=desk.postman()) as http:
        listed = (await http.get("/api/messages/milestones")).json()
        assert [each["name"] for each in listed["items"] if not each["on"]] == ["held"]
        assert [(each["channel"], each["is_set_up"]) for each in listed["channels"]] == [
            ("email", True),
            ("sms", False),
        ]
        at = "/api/messages/templates/confirmed/email/de"
        view = (await http.get(at)).json()
        assert {"order.number", "order.lines"} <= {each["name"] for each in view["fields"]}
        draft = {"milestone": "confirmed", "channel": "email", "language": "de", "subject": "Für {customer.name}",
                 "body": "{order.lines}"}  # fmt: skip
        seen = (await http.post("/api/messages/preview", json=draft)).json()
        assert (seen["subject"], seen["text"], seen["order"]) == ("Für Ana Souza", "- 2 × Honey (de)\n", number)
        wrong = await http.put(at, json={"subject": "x", "body": "Hi\n{customer.secret}"})
        assert (wrong.status_code, wrong.json()["faults"][0]["message"]) == (422, "2:1 {customer.secret} is no name.")
        assert (await http.post("/api/messages/preview", json={**draft, "order": 99})).json()["code"] == "order_unknown"
        assert (await http.get("/api/messages/templates/nothing/email/de")).status_code in (400, 404, 422)
        (message,) = (await http.get("/api/messages?state=sent")).json()["items"]
        assert (message["address"], message["can"]) == ("ana@example.com", ["again"])
        assert (await http.get("/api/messages?state=lost")).status_code == 422
        again = await http.post(f"/api/messages/{message['id']}/again")
        assert (again.status_code, again.json()["state"]) == (200, "waiting")
        assert (await http.post(f"/api/messages/{message['id']}/dismiss")).json()["state"] == "dismissed"
        assert (await http.put("/api/messages/milestones/held", json={"on": True})).status_code == 204
        test = {"milestone": "held", "channel": "email", "language": "en", "to": "me@example.com"}
        assert (await http.post("/api/messages/test", json=test)).status_code == 202
