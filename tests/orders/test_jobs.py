"""What is asked for many orders is done to each by itself, told by itself, and goes on after a restart."""

from __future__ import annotations

from functools import partial

import pytest
import sqlalchemy as sa

from server.core.refusal import Refusal
from server.orders.job_worker import JobWorker
from server.orders.models import order_hold, order_job
from server.orders.schemas.jobs import NewJob
from server.orders.service import holds, jobs, search
from server.orders.store import jobs as store
from server.orders.store.jobs import Job
from tests.support.shop import Shop, order

DESK_MAY = ("orders.hold", "orders.release_hold", "orders.cancel", "orders.edit")


async def three(shop: Shop) -> list[int]:
    return [(await shop.capture(order(name, [("TEA", 1, 100)]))).number for name in "ABC"]


async def asked(shop: Shop, numbers: list[int], may: tuple[str, ...] = DESK_MAY, **what: str) -> Job:
    new = NewJob(orders=numbers, **what)  # type: ignore[arg-type]
    return await shop.do(partial(jobs.begin, new=new, numbers=numbers, may=may))


async def done(shop: Shop, job: Job) -> Job:
    while await JobWorker(shop.db).step():
        pass
    return await now(shop, job)


async def now(shop: Shop, job: Job) -> Job:
    return await shop.db.read(partial(jobs.job_of, job_id=job.id))


async def rows(shop: Shop, job: Job, state: str | None = None) -> list[store.Row]:
    return await shop.db.read(partial(store.rows, job_id=job.id, state=state, after=0, most=100))


async def test_all_of_them_are_held_in_the_name_of_who_asked_and_let_go_again(shop: Shop) -> None:
    numbers = await three(shop)
    held = await done(shop, await asked(shop, numbers, action="hold", note="Look at these"))
    assert (held.state, held.total, held.done, held.refused, held.ended_at) == ("done", 3, 3, 0, shop.clock.now())
    for number in numbers:
        page = await shop.page(number)
        assert (page.status, page.holds[0].placed_by, page.holds[0].detail["note"]) == (
            "on_hold", "Sara", "Look at these",
        )  # fmt: skip
    released = await done(shop, await asked(shop, numbers, action="release"))
    assert (released.state, released.done) == ("done", 3)
    assert [(await shop.page(number)).status for number in numbers] == ["authorising"] * 3


async def test_what_cannot_be_done_to_one_is_told_and_the_others_go_on(shop: Shop) -> None:
    numbers = await three(shop)
    await done(shop, await asked(shop, numbers[:1], action="cancel"))
    job = await done(shop, await asked(shop, [*numbers, 99_999, numbers[1]], action="cancel", note="Mistake"))
    assert (job.total, job.done, job.refused) == (3, 2, 1)
    (refused,) = await rows(shop, job, "refused")
    assert refused.number == numbers[0]
    assert refused.refusal is not None
    assert refused.refusal.code == "cancel_too_late"
    assert [row.state for row in await rows(shop, job)] == ["refused", "done", "done"]
    assert {(await shop.page(number)).status for number in numbers} == {"cancelled"}


async def test_a_hold_that_needs_a_further_permission_stays(shop: Shop) -> None:
    (number, *_) = numbers = await three(shop)
    order_id = (await shop.page(number)).id
    await shop.do(partial(holds.hold, order_id=order_id, reason="credit_exceeded"))
    await shop.do(partial(holds.hold, order_id=order_id))
    job = await done(shop, await asked(shop, numbers, action="release"))
    codes = [None if row.refusal is None else row.refusal.code for row in await rows(shop, job)]
    assert codes == ["not_allowed", "not_held", "not_held"]
    states = await shop.ask(sa.select(order_hold.c.state))
    assert {row[0] for row in states} == {"open"}, "both stand: an order goes on whole or not at all"
    job = await done(shop, await asked(shop, numbers, (*DESK_MAY, "payments.credit"), action="release"))
    assert (job.done, job.refused) == (1, 2)


async def test_orders_are_marked_found_by_it_and_unmarked(shop: Shop) -> None:
    numbers = await three(shop)
    job = await done(shop, await asked(shop, numbers[:2], action="tag", tag="gift"))
    assert job.done == 2
    again = await done(shop, await asked(shop, numbers[:1], action="tag", tag="gift"))
    assert again.done == 1
    found = await shop.db.read(lambda conn: search.page(conn, "gift", (), {}, 5))
    assert [row.number for row in found.rows] == [numbers[1], numbers[0]]
    told = [entry.en for entry in (await shop.page(numbers[0])).timeline]
    assert told.count("Marked “gift”") == 1
    await done(shop, await asked(shop, numbers, action="untag", tag="gift"))
    assert [(await shop.page(number)).tags for number in numbers] == [[], [], []]
    assert (await shop.db.read(lambda conn: search.page(conn, "gift", (), {}, 5))).rows == []


async def test_another_service_is_chosen_for_all_to_whom_it_goes(shop: Shop) -> None:
    numbers = await three(shop)
    job = await done(shop, await asked(shop, numbers, action="service", service="blitz-express"))
    assert job.done == 3
    assert {(await shop.page(number)).service for number in numbers} == {"blitz-express"}


async def test_a_job_that_is_broken_off_leaves_the_rest_as_it_is(shop: Shop) -> None:
    numbers = await three(shop)
    job = await asked(shop, numbers, action="hold")
    await shop.do(partial(jobs.do_one, job_id=job.id, position=1))
    await shop.do(partial(jobs.cancel, job_id=job.id))
    job = await done(shop, job)
    assert (job.state, job.done, job.left) == ("cancelled", 1, 2)
    assert [(await shop.page(number)).status for number in numbers] == ["on_hold", "authorising", "authorising"]
    with pytest.raises(Refusal, match="move_not_allowed"):
        await shop.do(partial(jobs.cancel, job_id=job.id))


async def test_after_a_restart_each_order_is_dealt_with_once(shop: Shop) -> None:
    numbers = await three(shop)
    job = await asked(shop, numbers, action="hold")
    await shop.do(partial(jobs.do_one, job_id=job.id, position=2))
    assert (await now(shop, job)).left == 2
    await shop.do(partial(jobs.do_one, job_id=job.id, position=2))
    job = await done(shop, job)
    assert (job.state, job.done) == ("done", 3)
    assert len(await shop.ask(sa.select(order_hold.c.id))) == 3


async def test_what_breaks_at_an_order_is_told_and_holds_no_other_up(shop: Shop) -> None:
    numbers = await three(shop)
    job = await asked(shop, numbers[:2], action="tag", tag="gift")
    await shop.do(lambda work: work.execute(sa.update(order_job).values(asked={})))  # as a job of another edition
    other = await asked(shop, numbers, action="hold")
    job, other = await done(shop, job), await now(shop, other)
    assert (job.state, job.refused, other.state, other.done) == ("done", 2, "done", 3)
    assert [row.refusal.code for row in await rows(shop, job) if row.refusal] == ["broken", "broken"]


async def test_nothing_is_begun_for_numbers_that_are_no_orders(shop: Shop) -> None:
    with pytest.raises(Refusal, match="order_unknown"):
        await asked(shop, [1, 2], action="hold")
