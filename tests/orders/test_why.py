"""Why an order is as it is: one sentence each."""

from __future__ import annotations

from datetime import date

from server.orders import why
from server.orders.schemas.pages import Why
from server.orders.schemas.supply import NewReceipt
from server.orders.service import backorders, holds, receipts
from tests.support.shop import Shop, order


async def asked(shop: Shop, number: int) -> Why:
    return why.why(await shop.page(number), shop.clock.now())


async def test_an_order_that_goes_its_way_has_no_reasons(shop: Shop) -> None:
    captured = await shop.capture(order(method="prepaid", token=""))
    assert (await asked(shop, captured.number)).reasons == []


async def test_each_thing_that_is_not_as_expected_is_one_sentence_with_its_evidence(shop: Shop) -> None:
    new = NewReceipt(reference="PO-1", sku="TEA", quantity=3, expected_on=date(2026, 11, 27))
    await shop.do(lambda work: receipts.announce(work, 1, new))
    captured = await shop.capture(order("A", [("TEA", 7, 100)], method="prepaid", token=""))
    part = await shop.release(captured.id)
    line = part.lines[0].id
    await shop.change(line, "picked", reserved=-5, picked=5)
    await shop.change(line, "packed", packed=5)
    await shop.change(line, "shipped", {"carton": "1", "shipment": "1"}, shipped=5)
    await shop.do(lambda work: backorders.take_back(work, captured.id))
    held = await shop.do(lambda work: holds.hold(work, captured.id, note="calls back"))
    shop.clock.advance(4 * 86_400)
    found = await asked(shop, captured.number)
    assert [reason.kind for reason in found.reasons] == ["held", "late", "short"]
    hold, late, short = found.reasons
    assert hold.en == "It is held since 2026-11-24 08:00 UTC by Sara: Somebody stopped it."
    assert hold.evidence["hold"] == held
    assert late.en == "It missed its truck 89 hours ago and is on hold."
    assert short.en == "2 × Tea wait for stock until 2026-11-27."
    assert short.de == "2 × Tea (de) warten auf Ware bis 2026-11-27."
    assert short.evidence["promised_on"] == date(2026, 11, 27)


async def test_a_card_that_was_not_answered_yet_is_said(shop: Shop) -> None:
    captured = await shop.capture()
    assert [reason.en for reason in (await asked(shop, captured.number)).reasons] == [
        "The payment service has not answered yet."
    ]
