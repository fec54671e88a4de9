"""A customer follows an order by a link that nobody guesses, and sees what was bought and where it stands."""

from __future__ import annotations

from functools import partial
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.ids import new_id
from server.core.refusal import Refusal
from server.db.base import CORE
from server.orders import rules as order_rules
from server.orders.service import statuses
from server.shipping import links, tracking
from server.shipping.tracking import TrackPage
from tests.support.bench import Bench
from tests.support.world import release

KEY = b"k" * links.KEY_BYTES


async def _link(bench: Bench, order: UUID) -> str:
    return await bench.world.do(lambda work: tracking.give_link(work, order), streams={CORE})


async def _page(bench: Bench, text: str) -> TrackPage:
    return await bench.db.snapshot(partial(tracking.page, text=text))


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
