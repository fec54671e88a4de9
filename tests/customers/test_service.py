"""Somebody who orders again is the same customer; what is known of them is kept right by people."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

import msgspec
import pytest
import sqlalchemy as sa

from server.core.refusal import Refusal
from server.customers import service
from server.customers.models import customer
from server.customers.schemas import CustomerList, Merge, PutCustomer, PutNote
from server.orders.schemas.captures import EXAMPLE, Address, Customer
from server.orders.schemas.pages import Sum
from server.orders.service import edits
from server.orders.service.customers import of_customer
from server.payments.schemas import PutAccount
from server.payments.service import accounts, payments
from tests.support.shop import Shop, order

ANA = EXAMPLE.customer


async def placed(shop: Shop, reference: str, method: str = "prepaid", **who: str) -> tuple[int, UUID | None]:
    """An order of somebody; its number and the customer."""
    person = msgspec.structs.replace(ANA, **who)
    new = order(reference, [("HONEY", 1, 500)], method=method, token="", customer=person)
    number = (await shop.capture(new)).number
    return number, (await shop.page(number)).customer_id


async def refused(shop: Shop, run: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        await shop.do(run)
    return caught.value


async def test_who_orders_again_is_found_by_mail_then_by_phone(shop: Shop) -> None:
    _, first = await placed(shop, "A")
    _, again = await placed(shop, "B", email="ANA@Example.com", phone="", name="A. Souza")
    _, by_phone = await placed(shop, "C", email="", phone="030 231250")
    assert first is not None
    assert {first, again, by_phone} == {first}
    found = await shop.db.read(partial(service.one, customer_id=first))
    assert (found.name, found.email, found.phone) == ("Ana Souza", "ana@example.com", "+4930231250")
    assert found.wish == "email"
    _, other = await placed(shop, "D", email="ben@example.com")
    assert other not in (None, first)
    _, nobody_guessed = await placed(shop, "E", email="")
    assert nobody_guessed not in (None, first, other), "two have this number"
    assert (await placed(shop, "F", email=""))[1] == nobody_guessed
    assert (await shop.db.read(partial(service.one, customer_id=nobody_guessed))).wish == "sms"


async def test_who_gives_neither_stays_with_the_order_alone(shop: Shop) -> None:
    assert (await placed(shop, "A", email="", phone=""))[1] is None
    assert (await placed(shop, "B", email="", phone="12"))[1] is None
    assert await shop.ask(sa.select(customer.c.id)) == []


async def test_an_order_that_turns_out_to_be_somebody_elses_goes_over(shop: Shop) -> None:
    number, first = await placed(shop, "A")
    order_id = (await shop.page(number)).id
    ben = Customer(name="Ben", email="ben@example.com")
    await shop.do(partial(edits.redirect, order_id=order_id, address=EXAMPLE.address, customer=ben))
    page = await shop.page(number)
    assert page.customer_id not in (None, first)
    await shop.do(partial(edits.redirect, order_id=order_id, address=Address(
        street="Hof 2", postal_code="10115", city="Berlin", country="DE")))  # fmt: skip
    assert (await shop.page(number)).customer_id == page.customer_id, "another address is the same person"


async def test_customers_are_found_by_name_mail_and_phone_a_page_at_a_time(shop: Shop) -> None:
    for at, name in enumerate(["Ana Souza", "José Souza", "Ben Brandt"]):
        await placed(shop, name, name=name, email=f"{name[:3].lower()}@example.com", phone=f"+493023125{at}")

    async def find(text: str, before: UUID | None = None, most: int = 9) -> CustomerList:
        return await shop.db.read(partial(service.listed, text=text, before=before, most=most))

    assert [each.name for each in (await find("")).items] == ["Ben Brandt", "José Souza", "Ana Souza"]
    first = await find("souza", most=1)
    assert [each.name for each in first.items] == ["José Souza"]
    rest = await find("souza", most=1, before=first.next)
    assert ([each.name for each in rest.items], rest.next) == (["Ana Souza"], None)
    asked = {"jose": "José Souza", "BEN@EX": "Ben Brandt", "030 231251": "José Souza", "+4930231250": "Ana Souza"}
    for text, name in asked.items():
        assert [each.name for each in (await find(text)).items] == [name], text
    assert (await find("???")).items == []
    assert (await find("nobody")).items == []


async def test_two_people_do_not_change_a_customer_unseen(shop: Shop) -> None:
    _, of = await placed(shop, "A")
    assert of is not None
    read = await shop.db.read(partial(service.one, customer_id=of))
    new = PutCustomer(
        name="Ana B.", email="Ana.B@example.com", phone="+49 30 231251", language="en", wish="none",
        edition=read.edition,
    )  # fmt: skip
    changed = await shop.do(partial(service.change, customer_id=of, new=new))
    assert (changed.email, changed.phone, changed.wish) == ("ana.b@example.com", "+4930231251", "none")
    assert (await refused(shop, partial(service.change, customer_id=of, new=new))).code == "changed_meanwhile"
    assert (await placed(shop, "B", email="ana.b@example.com"))[1] == of
    _, other = await placed(shop, "C", email="ben@example.com")
    assert other is not None
    taken = msgspec.structs.replace(new, edition=None)
    assert (await refused(shop, partial(service.change, customer_id=other, new=taken))).code == "customer_taken"
    listed = await shop.db.read(partial(service.listed, text="souza", before=None, most=9))
    assert [each.id for each in listed.items] == [other], "a former name finds nobody"


async def test_notes_say_who_wrote_and_who_changed_them(shop: Shop) -> None:
    _, of = await placed(shop, "A")
    assert of is not None
    note = await shop.do(partial(service.add_note, customer_id=of, new=PutNote(text=" Rings next door. ")))
    assert (note.text, note.by, note.changed_by) == ("Rings next door.", "Sara", None)
    new = PutNote(text="Has a bell now.", edition=note.edition)
    changed = await shop.do(partial(service.change_note, customer_id=of, note_id=note.id, new=new))
    assert (changed.text, changed.changed_by, changed.at) == ("Has a bell now.", "Sara", note.at)
    late = partial(service.change_note, customer_id=of, note_id=note.id, new=new)
    assert (await refused(shop, late)).code == "changed_meanwhile"
    await shop.do(partial(service.drop_note, customer_id=of, note_id=note.id))
    assert (await refused(shop, partial(service.drop_note, customer_id=of, note_id=note.id))).code == "note_unknown"


async def test_what_a_customer_is_worth_and_owes_stands_on_their_page(shop: Shop) -> None:
    _, of = await placed(shop, "A", method="invoice")
    assert of is not None
    number, _ = await placed(shop, "B", method="invoice")
    await shop.do(partial(accounts.put, email=ANA.email, new=PutAccount(days=30, currency="EUR", limit_minor=9_000)))
    page = await shop.page(number)
    part = await shop.release(page.id)
    for line in part.lines:
        await shop.change(line.id, "picked", reserved=-1, picked=1)
        await shop.change(line.id, "packed", packed=1)
        await shop.change(line.id, "shipped", shipped=1)
    await shop.do(lambda work: payments.take(work, page.id))
    worth = await shop.db.read(partial(of_customer, customer_id=of))
    assert (worth.orders, worth.cancelled) == (2, 0)
    assert worth.sums == [Sum("EUR", 2, 1980, 500)]
    owes = await shop.db.read(partial(accounts.of_customer, customer_id=of))
    assert [(each.currency, each.open_minor) for each in owes.open] == [("EUR", owes.invoices[0].open_minor)]
    assert (owes.invoices[0].order, owes.invoices[0].due_at is not None) == (number, True)
    assert owes.account is not None
    assert (owes.account.email, owes.account.limit_minor, owes.usual_days) == (ANA.email, 9_000, 14)
    assert owes.account.owing_minor == 2 * 990, "both were ordered before there were terms"


async def test_two_customers_who_are_one_become_one(shop: Shop) -> None:
    _, kept = await placed(shop, "A", method="invoice")
    number, gone = await placed(shop, "B", method="invoice", email="ana@work.example", phone="")
    assert kept is not None
    assert gone is not None
    await shop.do(partial(service.add_note, customer_id=gone, new=PutNote(text="At work.")))
    await shop.do(partial(accounts.put, email="ana@work.example", new=PutAccount(days=5, currency="EUR")))
    themselves = partial(service.merge, customer_id=kept, said=Merge(other=kept))
    assert (await refused(shop, themselves)).faults[0].field == "other"
    await shop.do(partial(service.merge, customer_id=kept, said=Merge(other=gone)))
    assert (await shop.page(number)).customer_id == kept
    page = await shop.db.read(partial(service.page, customer_id=kept, sections={}))
    assert [note.text for note in page.notes] == ["At work."]
    account = (await shop.db.read(partial(accounts.of_customer, customer_id=kept))).account
    assert account is not None
    assert account.days == 5
    assert account.owing_minor == 2 * 990, "what both bought on account"
    again = partial(service.merge, customer_id=kept, said=Merge(other=gone))
    assert (await refused(shop, again)).code == "customer_unknown"
