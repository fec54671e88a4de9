"""What happens to orders is told to whoever asked for it, at least once, and nobody holds up anybody else."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from ipaddress import ip_address
from uuid import UUID

import pytest

from server.core.clock import ManualClock
from server.core.refusal import Refusal
from server.db.database import Database
from server.integrations import signing
from server.integrations.addresses import Host, Places
from server.integrations.rules.webhooks import KEPT, WAITS, Answer
from server.integrations.schemas.webhooks import ChangeEndpoint, NewEndpoint
from server.integrations.sender import Resolver, Sender
from server.integrations.service import deliveries, endpoints, messages
from server.integrations.service.deliveries import AT_ONCE
from server.integrations.store import deliveries as rows
from server.orders.service import holds
from tests.integrations.conftest import HERE, LATE, Told
from tests.support.receiver import receiver
from tests.support.shop import REACTIONS

ENDED = 0
"""The life of a process that has ended: no living one has this."""
NOBODY = UUID(int=0)


async def test_an_order_that_is_captured_is_told_signed_and_once(told: Told) -> None:
    async with receiver() as there, told.courier():
        new = NewEndpoint(url=there.url, types=["order.captured"])
        endpoint, secret = await told.shop.do(partial(endpoints.add, new=new))
        await told.capture("WEB-1")
        (got,) = await there.until(1)
        (done,) = await told.until(endpoint, "delivered")
        told.told.clear()
        await told.tell()  # the sink is given the same once more
        assert len(await told.deliveries()) == 1
    said = json.loads(got.body)
    assert (said["type"], said["version"]) == ("order.captured", 1)
    assert (said["data"]["number"], said["data"]["external_ref"]) == (10_001, "WEB-1")
    assert got.path == "/hooks?from=pickwave"
    assert got.id == done.message
    wanted = signing.headers([signing.secret_of(secret)], done.message, told.clock.now(), got.body)
    assert wanted.items() <= got.headers.items()
    page = await told.db.read(partial(deliveries.page_of, delivery=done.id))
    assert page.body.encode() == got.body
    assert [(each.status, each.said) for each in page.tries] == [(200, "said 200")]


async def test_every_type_of_event_is_told_to_whoever_wants_it_and_to_nobody_else(told: Told) -> None:
    wanted = await told.endpoint("https://one.example.com/", "order.held", "order.hold_released")
    await told.endpoint("https://two.example.com/", "shipment.closed")
    made = await told.shop.capture()
    hold = await told.shop.do(lambda work: holds.hold(work, made.id, "manual", note=""))
    await told.shop.do(lambda work: holds.release(work, hold, "", order_id=made.id))
    await told.tell()
    found = await told.deliveries()
    assert {each.endpoint for each in found} == {wanted}
    assert [each.type for each in found] == ["order.hold_released", "order.held"]
    page = await told.db.read(partial(deliveries.page_of, delivery=found[0].id))
    assert json.loads(page.body)["data"] == {
        "order": str(made.id), "number": made.number, "channel": "web", "external_ref": "WEB-1", "hold": str(hold),
        "reason": "manual",
    }  # fmt: skip


async def test_what_happened_before_an_endpoint_was_there_or_while_it_is_off_is_not_told(told: Told) -> None:
    await told.shop.capture()
    told.clock.advance(1)
    endpoint = await told.endpoint("https://one.example.com/")
    await told.tell()
    await told.shop.do(partial(endpoints.switch_off, endpoint=endpoint))
    await told.capture("WEB-2")
    assert await told.deliveries() == []


async def test_a_dead_endpoint_holds_up_nobody(told: Told) -> None:
    async with receiver("dead") as dead, receiver() as well, told.courier(patience=LATE):
        stuck, fine = await told.endpoint(dead.url), await told.endpoint(well.url)
        await told.capture(*(f"WEB-{number}" for number in range(6)))
        await dead.until(AT_ONCE)
        await well.until(6)
        assert len(await told.until(fine, "delivered", 6)) == 6
        late = await told.until(stuck, "waiting", 6, tries=1)
        assert {each.reason for each in late} == {"answer_late"}
        assert {each.due_at for each in late} == {told.clock.now() + WAITS[0]}
        assert dead.most_open == AT_ONCE
        dead.manner = "200"
        told.later(5)
        assert len(await told.until(stuck, "delivered", 6)) == 6
    assert len({each.id for each in dead.got}) == 6


@pytest.mark.parametrize(
    ("manner", "headers", "reason", "said"),
    [
        ("302", "Location: http://127.0.0.1:1/secret\r\n", "redirected", "said 302"),
        ("307", "Location: http://169.254.169.254/latest\r\n", "redirected", "said 307"),
        ("500", "", "status_wrong", "said 500"),
        ("503", "Retry-After: Thu, 01 Jan 99999999999 00:00:00 GMT\r\n", "status_wrong", "said 503"),
        ("cut", "", "connection_failed", ""),
    ],
)
async def test_what_is_no_yes_is_tried_again_and_says_why(
    told: Told, manner: str, headers: str, reason: str, said: str
) -> None:
    async with receiver(manner, headers) as there, told.courier():
        endpoint = await told.endpoint(there.url)
        await told.capture("WEB-1")
        (waits,) = await told.until(endpoint, "waiting", tries=1)
        page = await told.db.read(partial(deliveries.page_of, delivery=waits.id))
        assert [(each.reason, each.said) for each in page.tries] == [(reason, said)]
        assert len(there.got) == 1
        there.manner, there.answer_headers = "200", ""
        told.later(5)
        await told.until(endpoint, "delivered")
    assert there.got[0].id == there.got[1].id
    assert int(there.got[1].headers["webhook-timestamp"]) == int(there.got[0].headers["webhook-timestamp"]) + 5


@pytest.mark.parametrize("manner", ["huge", "dribble"])
async def test_of_an_endless_answer_only_the_beginning_is_read(told: Told, manner: str) -> None:
    async with receiver(manner) as there, told.courier(patience=LATE):
        endpoint = await told.endpoint(there.url)
        await told.capture("WEB-1")
        (done,) = await told.until(endpoint, "delivered")
    page = await told.db.read(partial(deliveries.page_of, delivery=done.id))
    assert len(page.tries[0].said) <= 500
    assert there.written < 16 * 1024 * 1024


async def test_an_endpoint_that_says_it_is_gone_is_switched_off_with_the_reason(told: Told) -> None:
    async with receiver("410") as there, told.courier():
        endpoint = await told.endpoint(there.url)
        await told.capture("WEB-1")
        (failed,) = await told.until(endpoint, "failed")
        shown = await told.shown(endpoint)
        assert (failed.reason, shown.state, shown.why) == ("endpoint_gone", "off", "endpoint_gone")
        with pytest.raises(Refusal, match="endpoint_off"):
            await told.shop.do(partial(deliveries.replay, delivery=failed.id))
        there.manner = "200"
        await told.shop.do(partial(endpoints.switch_on, endpoint=endpoint))
        await told.shop.do(partial(deliveries.replay, delivery=failed.id))
        (done,) = await told.until(endpoint, "delivered")
    assert done.id == failed.id
    assert [each.id for each in there.got] == [failed.message, failed.message]


async def test_after_the_last_try_it_has_failed_and_is_sent_again_by_a_person_since_a_time(told: Told) -> None:
    async with receiver("500") as there, told.courier():
        endpoint = await told.endpoint(there.url)
        await told.capture("WEB-1")
        early = told.clock.now()
        for number, wait in enumerate(WAITS, 1):
            await told.until(endpoint, "waiting", tries=number)
            told.later(wait.total_seconds())
        await told.until(endpoint, "failed", tries=len(WAITS) + 1)
        await told.capture("WEB-2")
        await told.until(endpoint, "waiting", tries=1)
        there.manner = "200"
        late = partial(deliveries.replay_failed, endpoint=endpoint, since=early + timedelta(hours=1), after=NOBODY)
        assert await told.shop.do(late) == []
        again = partial(deliveries.replay_failed, endpoint=endpoint, since=early, after=NOBODY)
        assert len(await told.shop.do(again)) == 1
        told.later(5)
        assert len(await told.until(endpoint, "delivered", 2)) == 2
    assert (await told.shown(endpoint)).failing_since is None


async def test_an_endpoint_that_takes_nothing_for_days_is_switched_off_and_what_waits_goes_when_it_is_on(
    told: Told,
) -> None:
    async with receiver("500") as there, told.courier():
        endpoint = await told.endpoint(there.url)
        await told.capture("WEB-1")
        await told.until(endpoint, "waiting", tries=1)
        assert (await told.shown(endpoint)).failing_since == told.clock.now()
        told.later(72 * 3600)
        await told.until(endpoint, "waiting", tries=2)
        shown = await told.shown(endpoint)
        assert (shown.state, shown.why) == ("off", "endpoint_failing")
        there.manner = "200"
        await told.shop.do(partial(endpoints.switch_on, endpoint=endpoint))
        told.later(30)
        await told.until(endpoint, "delivered")


async def test_a_sender_that_dies_in_the_middle_leaves_nothing_unsent_and_the_id_is_the_same(told: Told) -> None:
    async with receiver() as there:
        endpoint = await told.endpoint(there.url)
        await told.capture("WEB-1")
        claim = partial(deliveries.claim, endpoint=endpoint, sender=ENDED, dead=frozenset(), most=9)
        (lost,) = await told.shop.do(claim)
        assert await told.shop.do(partial(claim, sender=1)) == []
        async with told.courier():
            await there.until(1)
            (done,) = await told.until(endpoint, "delivered")
        assert (there.got[0].id, done.tries) == (lost.message, 2)
        late = partial(deliveries.record, claimed=lost, sender=ENDED, answer=Answer(500, "status_wrong"), chance=0.0)
        assert await told.shop.do(late) is None
        assert [each.state for each in await told.deliveries()] == ["delivered"]


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_two_processes_send_each_message_once(
    told: Told, open_database: Callable[..., Awaitable[Database]]
) -> None:
    other = await open_database(reactions=REACTIONS)
    async with receiver() as there, told.courier(), told.courier(other):
        endpoint = await told.endpoint(there.url)
        await told.capture(*(f"WEB-{number}" for number in range(8)))
        await told.until(endpoint, "delivered", 8)
        assert len(there.got) == 8


# --- looking after endpoints


async def test_a_new_secret_signs_beside_the_former_one_for_a_day(told: Told) -> None:
    new = NewEndpoint(url="https://one.example.com/", types=["order.captured"])
    endpoint, first = await told.shop.do(partial(endpoints.add, new=new))
    second = await told.shop.do(partial(endpoints.rotate, endpoint=endpoint))
    both = [signing.secret_of(second), signing.secret_of(first)]

    async def signs() -> list[bytes]:
        facts = await told.db.read(partial(endpoints.facts_of, endpoint=endpoint))
        return facts.secrets(told.clock.now())

    assert await signs() == both
    told.clock.advance(24 * 3600)
    assert await signs() == both[:1]


async def test_who_was_slower_overwrites_nothing(told: Told) -> None:
    endpoint = await told.endpoint("https://one.example.com/")
    change = ChangeEndpoint(url="https://two.example.com/", types=["order.cancelled"], version=1)
    await told.shop.do(partial(endpoints.change, endpoint=endpoint, body=change))
    with pytest.raises(Refusal, match="changed_since"):
        await told.shop.do(partial(endpoints.change, endpoint=endpoint, body=change))
    assert (await told.shown(endpoint)).url == "https://two.example.com/"


async def test_an_endpoint_that_is_removed_is_known_no_more_and_keeps_no_secret(told: Told) -> None:
    endpoint = await told.endpoint("https://one.example.com/")
    await told.capture("WEB-1")
    await told.shop.do(partial(endpoints.remove, endpoint=endpoint))
    with pytest.raises(Refusal, match="endpoint_unknown"):
        await told.shown(endpoint)
    assert len(await told.deliveries()) == 1
    assert await told.db.read(rows.next_due) == {}


async def test_an_event_that_nobody_knows_cannot_be_asked_for(told: Told) -> None:
    with pytest.raises(Refusal, match="invalid"):
        await told.endpoint("https://one.example.com/", "order.*")


async def test_a_test_is_sent_once_whatever_is_asked_for(told: Told) -> None:
    async with receiver("500") as there, told.courier():
        endpoint = await told.endpoint(there.url, "shipment.closed")
        await told.shop.do(partial(messages.begin_test, endpoint=endpoint))
        (failed,) = await told.until(endpoint, "failed")
        assert (failed.type, failed.status, failed.tries) == ("webhook.test", 500, 1)
        assert (await told.shown(endpoint)).failing_since is None


async def test_what_is_old_is_let_go(told: Told) -> None:
    await told.endpoint("https://one.example.com/")
    await told.capture("WEB-1")
    told.clock.advance(KEPT.total_seconds() + 1)
    await told.capture("WEB-2")
    assert await told.shop.do(deliveries.drop_old) == 1
    assert await told.shop.do(deliveries.drop_old) == 0
    assert len(await told.deliveries()) == 1


# --- the call itself


async def test_the_address_that_was_looked_at_is_the_one_that_is_called(clock: ManualClock) -> None:
    async with receiver() as there:
        asked: list[str] = []
        there_is: Host = ip_address("127.0.0.1")

        async def resolve(host: str, _port: int) -> list[Host]:
            asked.append(host)
            return [there_is]

        sender = Sender(HERE, clock, resolve=resolve, patience=LATE)
        url = f"http://nobody.invalid:{there.port}/"
        assert (await sender.post(url, {}, b"{}")).status == 200
        there_is = ip_address("10.0.0.1")  # the same name means something else by now
        assert (await sender.post(url, {}, b"{}")).reason == "address_refused"
        await sender.close()
    assert asked == ["nobody.invalid"] * 2
    assert there.got[0].headers["host"] == f"nobody.invalid:{there.port}"


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "127.1", "localhost"])
async def test_another_spelling_of_loopback_is_loopback(clock: ManualClock, host: str) -> None:
    sender = Sender(Places(), clock, patience=5.0)
    assert (await sender.post(f"https://{host}/", {}, b"{}")).reason == "address_refused"
    await sender.close()


async def test_who_does_not_speak_tls_is_told_apart(clock: ManualClock) -> None:
    async with receiver() as there:
        sender = Sender(HERE, clock, patience=LATE)
        said = await sender.post(there.url.replace("http:", "https:"), {}, b"{}")
        await sender.close()
    assert said.reason == "tls_failed"


async def test_a_name_is_looked_up_once_for_all_who_ask_at_the_same_time() -> None:
    resolver = Resolver()
    first, second = await asyncio.gather(resolver("127.0.0.1", 80), resolver("127.0.0.1", 80))
    assert first == second
    with pytest.raises(OSError, match=r"."):
        await resolver("nobody.invalid", 80)
