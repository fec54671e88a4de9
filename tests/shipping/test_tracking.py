"""A customer follows an order by a link that nobody guesses, and sees what was bought and where it stands."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import partial
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.clock import ManualClock
from server.core.ids import new_id
from server.core.refusal import Refusal
from server.db.base import CORE
from server.orders import rules as order_rules
from server.orders.schemas.services import NewService
from server.orders.service import additions, carriers, statuses
from server.shipping import links, tracking
from server.shipping.pace import Pace
from server.shipping.tracking import TrackPage
from tests.support.bench import Bench
from tests.support.world import SERVICE, release

PARCEL = NewService(code=SERVICE, carrier="Test", name="Parcel", cutoff="18:00", transit_days=2)
KEY = b"k" * links.KEY_BYTES


async def _link(bench: Bench, order: UUID) -> str:
    return await bench.world.do(lambda work: tracking.give_link(work, order), streams={CORE})


async def _page(bench: Bench, text: str) -> TrackPage:
    return await bench.db.snapshot(partial(tracking.page, text=text, now=bench.world.clock.now()))


async def test_the_link_is_the_same_until_it_is_taken_back(bench: Bench) -> None:
    order = await bench.order("R-1", MILK=2)
    first = await _link(bench, order)
    assert await _link(bench, order) == first
    await bench.world.do(lambda work: tracking.take_link_back(work, order), streams={CORE})
    with pytest.raises(Refusal, match="link_unknown"):
        await _page(bench, first)
    second = await _link(bench, order)
    assert second != first
    assert (await _page(bench, second)).reference == "R-1"


async def test_the_customer_sees_each_step_and_the_parcel(bench: Bench) -> None:
    order = await bench.order("R-1", MILK=2)
    link = await _link(bench, order)
    page = await _page(bench, link)
    assert (page.step, page.language, page.parcels) == ("received", "de", [])
    assert page.leaves_by is not None
    assert [(line.ordered, line.sent, line.cancelled) for line in page.lines] == [(2, 0, 0)]
    assert (page.arrives_on, page.may_cancel) == (None, True), "nobody has said how long it takes"
    await bench.world.do(partial(carriers.put_service, new=PARCEL), streams={CORE})
    soon = await _page(bench, link)
    assert soon.arrives_on == tracking.arrives_on(soon.leaves_by.date(), 2, PARCEL.weekdays) if soon.leaves_by else None
    await release(bench.world)
    await bench.pick_all()
    async with bench.working():
        part = await bench.all_in(order)
        await bench.printer.printed(1)
        await bench.until_print(part, "printed")
    await bench.weighed(part)
    await bench.close(part)
    await bench.world.do(lambda work: statuses.refresh(work, order), streams={CORE})
    page = await _page(bench, link)
    assert (page.step, page.leaves_by) == ("on_its_way", None)
    assert [(line.ordered, line.sent) for line in page.lines] == [(2, 2)]
    assert [parcel.tracking for parcel in page.parcels] != []
    assert (page.arrives_on, page.may_cancel) == (soon.arrives_on, False)
    with pytest.raises(Refusal, match="cancel_too_late"):
        await _cancel(bench, link)


async def test_no_day_is_named_while_goods_are_waited_for(bench: Bench) -> None:
    order = await bench.order("R-1", MILK=5_000)
    page = await _page(bench, await _link(bench, order))
    assert (page.leaves_by, page.arrives_on) == (None, None)


async def test_a_customer_cancels_until_a_label_stands_and_not_by_a_link_that_was_taken_back(bench: Bench) -> None:
    order = await bench.picked("R-1", MILK=2)
    link = await _link(bench, order)
    await bench.labelled(order)
    assert not (await _page(bench, link)).may_cancel
    with pytest.raises(Refusal, match="cancel_too_late"):
        await _cancel(bench, link)
    other = await bench.order("R-2", MILK=1)
    link = await _link(bench, other)
    await bench.world.do(lambda work: tracking.take_link_back(work, other), streams={CORE})
    with pytest.raises(Refusal, match="link_unknown"):
        await _cancel(bench, link)
    link = await _link(bench, other)
    assert await _cancel(bench, link) == "cancelled"
    page = await _page(bench, link)
    assert (page.step, page.may_cancel, page.arrives_on) == ("cancelled", False, None)
    with pytest.raises(Refusal, match="cancel_too_late"):
        await _cancel(bench, link)


async def _cancel(bench: Bench, text: str) -> str:
    return await bench.world.do(partial(tracking.cancel, text=text), streams={CORE})


async def test_a_link_follows_the_goods_into_another_order(bench: Bench) -> None:
    one, two = await bench.order("R-1", MILK=2), await bench.order("R-2", MILK=1)
    link = await _link(bench, two)
    await bench.world.do(lambda work: additions.merge(work, one, two), streams={CORE})
    page = await _page(bench, link)
    assert (page.reference, page.step, [line.ordered for line in page.lines]) == ("R-1", "received", [3])


def test_days_on_the_way_are_those_on_which_the_service_works() -> None:
    friday = date(2026, 11, 27)
    assert tracking.arrives_on(friday, 2, [1, 2, 3, 4, 5]) == date(2026, 12, 1)
    assert tracking.arrives_on(friday, 1, [1, 2, 3, 4, 5, 6]) == date(2026, 11, 28)
    assert tracking.arrives_on(friday, 0, [1]) == friday


def test_a_stranger_asks_so_often_and_no_more() -> None:
    clock = ManualClock(datetime(2026, 11, 27, tzinfo=UTC))
    pace = Pace(clock, {"link": 2, "address": 3})
    pace.take(link="a", address="x")
    clock.advance(300)
    pace.take(link="a", address="x")
    with pytest.raises(Refusal) as caught:
        pace.take(link="a", address="y")
    assert (caught.value.code, caught.value.params) == ("too_often", {"seconds": 300})
    pace.take(link="b", address="x")
    with pytest.raises(Refusal):
        pace.take(link="c", address="x")
    clock.advance(301)
    pace.take(link="a", address="x")


async def test_nothing_of_the_person_or_the_money_is_shown(bench: Bench) -> None:
    order = await bench.order("R-1", MILK=2)
    shown = msgspec.json.encode(await _page(bench, await _link(bench, order))).decode()
    for hidden in ("Souza", "Lindenweg", "53111", "ana@", "901820", "250", "500", str(order)):
        assert hidden not in shown, hidden


async def test_a_guess_leads_nowhere(bench: Bench) -> None:
    order = await bench.order("R-1", MILK=2)
    text = await _link(bench, order)
    for guess in ("", "x", text[:-1], text + "A", text.swapcase(), links.text_of(KEY, order, 1), "A" * links.LENGTH):
        with pytest.raises(Refusal, match="link_unknown"):
            await _page(bench, guess)


def test_every_status_is_a_step_for_the_customer() -> None:
    assert order_rules.STATUS_TEXTS.keys() <= tracking.STEPS.keys()


@given(st.text(max_size=60))
def test_any_text_is_read_without_harm(text: str) -> None:
    assert links.claimed(text) is None or len(text) == links.LENGTH


def test_a_link_proves_its_order_and_generation_only() -> None:
    order, other = new_id(), new_id()
    text = links.text_of(KEY, order, 1)
    assert (links.claimed(text), len(text)) == (order, links.LENGTH)
    assert links.is_proved(KEY, text, 1)
    assert not links.is_proved(KEY, text, 2)
    assert not links.is_proved(b"j" * links.KEY_BYTES, text, 1)
    assert not links.is_proved(KEY, links.text_of(KEY, other, 1)[:21] + text[21:], 1)
