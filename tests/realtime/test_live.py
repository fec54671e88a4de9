"""What is open shows what is, over a real socket, whatever is cut, slow, foreign or malformed."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from server.auth import service as auth
from server.auth import tokens
from server.auth.schemas import DeviceCondition, NewDevice, NewPerson, PersonChange
from server.core.outcomes import OUTCOMES
from server.core.refusal import Refusal
from server.db import log
from server.orders.models import order
from server.orders.service import cancels, holds
from server.packing.commands import KINDS as PACKING
from server.packing.schemas import NewStation
from server.packing.service import stations
from server.tasks.floor import KINDS, FloorDesk
from tests.realtime.conftest import Served
from tests.support.live import LiveClient
from tests.support.world import Handheld, OpenTickets, capture, handheld, release

pytestmark = pytest.mark.timeout(120)


async def stocked(served: Served) -> None:
    await served.world.stock("MILK", "A02-03-A", 60)
    await served.world.stock("MILK", "A04-05-A", 60)
    await served.world.stock("OATS", "A01-02-A", 60)
    await served.world.stock("HONEY", "A03-07-A", 60)


async def one_tour(served: Served, **lines: int) -> tuple[UUID, Handheld]:
    """An order on the floor, and the picker's handheld."""
    await stocked(served)
    made = await capture(served.world, "R-1", lines or {"MILK": 3, "OATS": 2})
    await release(served.world)
    return made, handheld(served.world)


# --- what one sees -------------------------------------------------------------------------------------------------


async def test_a_picker_sees_what_is_offered_then_taken_then_picked(served: Served) -> None:
    picker = served.world.picker
    async with await served.client(picker) as client:
        assert await client.follow("queue", "1") == {"tours": {}, "offers": {}, "loose": {}, "items": {}}
        _, hand = await one_tour(served)
        await client.wait_until(lambda: client.state("queue", "1")["offers"])
        tour = await hand.begin()
        await client.wait_until(lambda: str(tour.id) in client.state("queue", "1")["tours"])
        assert client.state("queue", "1")["offers"] == {}
        assert (await hand.pick(tour.stops[0])).outcome == "stop_done"
        await served.same(client, "queue", 1, picker)
        assert [frame["type"] for frame in client.frames].count("snapshot") == 1


async def test_a_scan_of_one_picker_is_no_frame_for_another(served: Served) -> None:
    world = served.world
    _, hand = await one_tour(served)
    tour = await hand.begin()
    async with await served.client(world.picker) as mine, await served.client(world.other_picker) as other:
        await mine.follow("queue", "1")
        await other.follow("queue", "1")
        await hand.pick(tour.stops[0])
        await served.same(mine, "queue", 1, world.picker)
        await served.same(other, "queue", 1, world.other_picker)
        assert [frame["type"] for frame in other.frames] == ["snapshot"]


async def test_a_tote_that_another_takes_is_taken_for_everybody_on_a_tour(served: Served) -> None:
    world = served.world
    _, hand = await one_tour(served)
    tour = await hand.begin()
    await capture(world, "R-2", {"HONEY": 1})
    await release(world)
    async with await served.client(world.picker) as client:
        await client.follow("queue", "1")
        other = handheld(world, world.other_picker)
        other.epoch = "epoch-two"
        offer = next(iter((await served.truth("queue", 1, world.other_picker))["offers"]))
        await other.did("tour.take", tour=offer)
        assert (await other.did("tour.tote", tour=offer, slot=1, tote="T-0020")).outcome == "tote_bound"
        mine = str(tour.id)
        await client.wait_until(lambda: "T-0020" in client.state("queue", "1")["tours"][mine]["busy_totes"])
        await served.same(client, "queue", 1, world.picker)


async def test_what_is_on_no_tour_comes_changes_and_goes_for_everybody(served: Served) -> None:
    world = served.world
    made, hand = await one_tour(served)
    tour = await hand.begin()
    for stop in tour.stops:
        await hand.pick(stop)
    await hand.did("tour.finish", tour=tour.id)
    async with await served.client(world.other_picker) as client:
        await client.follow("queue", "1")
        await served.do(lambda work: cancels.cancel(work, made, "changed her mind"), 0, 1)
        await client.wait_until(lambda: len(client.state("queue", "1")["loose"]) == 2)
        back = next(each for each in client.state("queue", "1")["loose"].values() if each["quantity"] == 3)
        body = {"task": back["task"], "bin": f"B-{back['bin']['code']}"}
        await hand.did("put_back", qty=1, **body)
        await client.wait_until(lambda: client.state("queue", "1")["loose"][back["task"]]["done"] == 1)
        rest = await hand.did("put_back", qty=2, **body)
        await client.wait_until(lambda: back["task"] not in client.state("queue", "1")["loose"])
        world.clock.advance(seconds=1)
        assert (await hand.did("undo", command=rest.id)).outcome == "undone"
        await client.wait_until(lambda: back["task"] in client.state("queue", "1")["loose"])
        await served.same(client, "queue", 1, world.other_picker)


async def test_an_order_shows_every_room_that_touches_it(served: Served) -> None:
    made, hand = await one_tour(served)
    number = await served.number_of(made)
    await served.quiet()
    async with await served.client(await served.person("desk", warehouse=None), warehouse=None) as client:
        page = await client.follow("order", str(number))
        assert page["number"] == number
        tour = await hand.begin()
        await hand.pick(tour.stops[0])
        await client.wait_until(lambda: client.state("order", str(number))["facts"]["picked"] > 0)
        await served.do(lambda work: holds.hold(work, made, note="Wait."), 0, 1)
        await served.quiet()
        await served.same(client, "order", number)
        assert client.state("order", str(number))["holds"]
        assert set(client.followed["order", str(number)].positions or {}) == {"0", "1"}


async def test_a_supervisor_sees_a_wave_grow_and_go(served: Served) -> None:
    await stocked(served)
    async with await served.client(await served.person("supervisor")) as client:
        assert await client.follow("waves", "1") == {"waves": {}}
        await capture(served.world, "R-1", {"MILK": 3})
        made = await release(served.world)
        await client.wait_until(
            lambda: client.state("waves", "1")["waves"].get(str(made), {}).get("state") == "released"
        )
        hand = handheld(served.world)
        await hand.pick((await hand.begin()).stops[0])
        await client.wait_until(lambda: client.state("waves", "1")["waves"][str(made)]["picks_done"] == 1)
        await served.same(client, "waves", 1)


async def test_the_board_hears_of_each_hold_that_is_released_and_of_who_comes_and_goes(served: Served) -> None:
    await stocked(served)
    order = await capture(served.world, "R-1", {"MILK": 3})
    held = [
        await served.do(lambda work, why=why: holds.hold(work, order, why), 0, 1)
        for why in ("manual", "address_doubtful")
    ]
    who = await served.do(
        lambda work: auth.add_person(work, NewPerson("Cem", ("picker",), "de", 1), auth.NewPin("pin"))
    )
    offer = await served.do(lambda work: auth.add_device(work, NewDevice("H-09", 1)))
    device = (await served.do(lambda work: auth.enrol_device(work, offer.code))).device.id
    opening = auth.Opening(who.badge, "pin", tokens.fingerprint(tokens.session_token()), (), device, 12)
    async with await served.client(await served.person("supervisor")) as client:
        await client.follow("board", "1")
        await served.same(client, "board", 1)
        await served.do(lambda work: holds.release(work, held[0]), 0, 1)
        await client.wait_until(lambda: f"hold:{held[0]}" not in client.state("board", "1")["needs"])
        assert f"hold:{held[1]}" in client.state("board", "1")["needs"]
        await served.do(lambda work: auth.open_session(work, opening))
        await client.wait_until(lambda: str(who.id) in client.state("board", "1")["people"])
        await served.do(lambda work: auth.end_sessions(work, who.id))
        await client.wait_until(lambda: str(who.id) not in client.state("board", "1")["people"])
        await served.same(client, "board", 1)


async def test_the_board_hears_of_each_device_and_of_each_order_that_waits_on_a_place(served: Served) -> None:
    world = served.world
    place = NewStation(code="PACK-1", name="Pack 1", bin="PACK-1", parking=3)
    station = await world.do(lambda work: stations.put_station(work, 1, place))
    await stocked(served)
    await capture(world, "R-1", {"MILK": 60, "OATS": 60, "HONEY": 60})
    await release(world)
    desk = FloorDesk(world.db, {**KINDS, **PACKING}, OpenTickets())
    hand = Handheld(world, desk, world.picker, world.device)
    tour = await hand.begin()
    async with await served.client(await served.person("supervisor")) as client:
        await client.follow("board", "1")
        await served.do(lambda work: auth.note_condition(work, world.device, DeviceCondition(17, False)))
        await client.wait_until(lambda: client.state("board", "1")["devices"][str(world.device)]["battery"] == 17)
        for stop in tour.stops:
            await hand.pick(stop)
        await hand.did("tour.finish", tour=tour.id, place=None)
        await served.same(client, "board", 1)
        await client.disconnect(politely=False)
        await hand.did("pack.open", station=station, tote=tour.stops[0].tote)
        await client.connect()
        await client.wait_until(lambda: client.state("board", "1")["parked"])
        await served.same(client, "board", 1)
        await served.do(lambda work: auth.revoke_device(work, world.device))
        await client.wait_until(lambda: client.state("board", "1")["devices"] == {})
        await served.same(client, "board", 1)


async def test_many_changes_within_the_pace_are_one_delta(small: Served) -> None:
    _, hand = await one_tour(small, MILK=20)
    tour = await hand.begin()
    async with await small.client(small.world.picker) as client:
        await client.follow("queue", "1")
        for _ in range(10):
            await hand.pick(tour.stops[0], 1)
        await small.same(client, "queue", 1, small.world.picker)
        deltas = [frame for frame in client.frames if frame["type"] == "delta"]
        assert 1 <= len(deltas) < 10
        assert [delta["from"] for delta in deltas[1:]] == [delta["to"] for delta in deltas[:-1]]


# --- whatever happens, in the end it is what the database says -----------------------------------------------------


class Floor:
    """A day in seconds: orders come, are released, picked, found short, held and cancelled."""

    def __init__(self, served: Served, seed: int) -> None:
        self.served = served
        self.chance = random.Random(seed)
        self.orders: list[UUID] = []
        world = served.world
        self.hands = [handheld(world), handheld(world, world.other_picker)]
        self.hands[1].epoch = "epoch-two"

    async def storm(self, steps: int) -> None:
        """So many things happen."""
        for step in range(steps):
            await self.chance.choice((self.capture, self.work, self.work, self.work, self.hold, self.cancel))(step)
            if step % 5 == 4:
                await self.release()

    async def capture(self, step: int) -> None:
        lines = {sku: self.chance.randint(1, 3) for sku in self.chance.sample(("MILK", "OATS", "HONEY"), 2)}
        self.orders.append(await capture(self.served.world, f"S-{len(self.orders)}-{step}-{id(self)}", lines))

    async def release(self) -> None:
        known = (
            sa.select(sa.func.count()).select_from(order).where(order.c.status == "ready", sa.not_(order.c.released))
        )
        if await self.served.db.read(lambda conn: conn.execute(known).scalar_one()):
            await release(self.served.world)

    async def work(self, _step: int) -> None:
        hand = self.chance.choice(self.hands)
        tours = await hand.tours()
        if not tours:
            await self._begin(hand)
            return
        tour = tours[0]
        open_ = [stop for stop in tour.stops if stop.state == "open"]
        picks = [stop for stop in open_ if stop.kind == "pick"]
        if picks and self.chance.random() < 0.8:
            await hand.pick(picks[0], 1 if self.chance.random() < 0.5 else None)
        elif picks:
            await hand.did("short", task=picks[-1].task, missing=1, reason="not_found")
        elif open_ and open_[0].kind == "put_back":
            stop = open_[0]
            await hand.did("put_back", task=stop.task, qty=stop.quantity - stop.done, bin=f"B-{stop.bin.code}")
        else:
            await hand.did("tour.finish", tour=tour.id, place=None)

    async def _begin(self, hand: Handheld) -> None:
        seen = await self.served.truth("queue", 1, hand.person)
        for offer in seen["offers"]:
            await hand.did("tour.take", tour=offer)
            tour = await hand.tour()
            free = iter([f"T-{n:04d}" for n in range(1, 21) if f"T-{n:04d}" not in tour.busy_totes])
            for slot in tour.slots:
                await hand.did("tour.tote", tour=tour.id, slot=slot.slot, tote=next(free, "T-0001"))
            return

    async def hold(self, _step: int) -> None:
        if self.orders:
            chosen = self.chance.choice(self.orders)
            await self._maybe(lambda work: holds.hold(work, chosen, note="?"))

    async def cancel(self, _step: int) -> None:
        if self.orders and self.chance.random() < 0.5:
            chosen = self.chance.choice(self.orders)
            await self._maybe(lambda work: cancels.cancel(work, chosen, "no"))

    async def _maybe(self, run: Any) -> None:
        with suppress(Refusal):  # it has ended, or is held already
            await self.served.do(run, 0, 1)


async def all_true(served: Served, clients: list[tuple[LiveClient, str, int, UUID | None]]) -> None:
    await served.quiet()
    for client, topic, key, who in clients:
        await served.same(client, topic, key, who)


async def test_after_a_storm_everybody_knows_what_the_database_says(served: Served) -> None:
    await stocked(served)
    floor = Floor(served, 7)
    await floor.capture(0)
    number = await served.number_of(floor.orders[0])
    world = served.world
    boss = await served.person("supervisor")
    async with (
        await served.client(world.picker) as one,
        await served.client(world.other_picker) as other,
        await served.client(boss) as board,
    ):
        await one.follow("queue", "1")
        await other.follow("queue", "1")
        await board.follow("waves", "1")
        await board.follow("board", "1")
        await board.follow("order", str(number))
        await floor.storm(60)
        everybody: list[tuple[LiveClient, str, int, UUID | None]] = [
            (one, "queue", 1, world.picker), (other, "queue", 1, world.other_picker),
            (board, "waves", 1, None), (board, "board", 1, None), (board, "order", number, None),
        ]  # fmt: skip
        await all_true(served, everybody)
        assert one.resyncs == other.resyncs == board.resyncs == 0


async def test_whoever_is_cut_off_comes_back_to_the_truth_also_after_a_restart(served: Served) -> None:
    await stocked(served)
    floor = Floor(served, 11)
    world = served.world
    client = await served.client(world.picker)
    board = await served.client(await served.person("supervisor"))
    await client.connect()
    await board.connect()
    await client.follow("queue", "1")
    await board.follow("waves", "1")
    await board.follow("board", "1")
    for _ in range(4):
        storm = asyncio.create_task(floor.storm(12))
        await client.disconnect(politely=False)
        await client.connect()
        await storm
    await served.stop()
    assert await client.until_closed() == 1012
    assert await board.until_closed() == 1012
    await served.start()
    world.db = served.db
    for hand in floor.hands:
        hand.desk = handheld(world).desk
    await client.connect()
    await board.connect()
    await floor.storm(6)
    await all_true(served, [(client, "queue", 1, world.picker), (board, "waves", 1, None), (board, "board", 1, None)])
    await client.disconnect()
    await board.disconnect()


async def test_who_comes_back_and_missed_nothing_is_not_sent_everything_again(served: Served) -> None:
    made, _ = await one_tour(served)
    number = await served.number_of(made)
    await served.quiet()
    client = await served.client(await served.person("supervisor"))
    await client.connect()
    await client.follow("order", str(number))
    await client.disconnect(politely=False)
    await capture(served.world, "R-2", {"OATS": 1})
    await served.quiet()
    await client.connect()
    delta = await client.answer("delta")
    assert delta["data"] == {"set": {}, "gone": []}
    await client.disconnect(politely=False)
    await served.do(lambda work: holds.hold(work, made), 0, 1)
    await client.connect()
    await client.wait_until(lambda: client.state("order", str(number))["holds"])
    assert [frame["type"] for frame in client.frames].count("snapshot") == 2
    await client.disconnect()


async def test_positions_from_the_future_are_answered_with_a_snapshot(served: Served) -> None:
    async with await served.client(await served.person("supervisor")) as client:
        await client.send({"type": "subscribe", "topic": "waves", "key": "1", "after": {"1": 10**9}})
        assert (await client.answer("snapshot"))["data"] == {"waves": {}}
        await client.send({"type": "subscribe", "topic": "waves", "key": "1", "after": {"7": 1}})
        await client.wait_until(lambda: [frame["type"] for frame in client.frames] == ["snapshot", "snapshot"])


async def test_a_pong_says_up_to_where_what_one_has_is_true(served: Served) -> None:
    async with await served.client(await served.person("supervisor")) as client:
        assert await client.ping() == {}
        await client.follow("waves", "1")
        await stocked(served)
        await capture(served.world, "R-1", {"MILK": 1})
        await release(served.world)
        heads = await served.db.read(log.heads)
        await client.caught_up(heads)
        assert client.state("waves", "1") == await served.truth("waves", 1)


# --- who may -------------------------------------------------------------------------------------------------------


async def code_of(client: LiveClient, topic: str, key: str) -> str:
    """The error with which a subscription is answered."""
    seen = len(client.frames)
    await client.send({"type": "subscribe", "topic": topic, "key": key})
    frame = await client.answer("error", since=seen)
    assert (frame["topic"], frame["key"]) == (topic, key)
    assert frame["code"] in OUTCOMES
    return str(frame["code"])


async def test_what_one_may_not_see_is_refused_and_the_socket_stays(small: Served) -> None:
    async with await small.client(small.world.picker) as client:
        assert await code_of(client, "waves", "1") == "not_allowed"
        assert await code_of(client, "order", "10000") == "not_allowed"
        assert await code_of(client, "queue", "2") == "other_warehouse"
        assert await code_of(client, "queue", "one") == "invalid"
        assert await code_of(client, "queue", "01") == "invalid"
        assert await code_of(client, "secrets", "1") == "topic_unknown"
        await client.follow("queue", "1")
    async with await small.client(await small.person("admin", warehouse=None), warehouse=None) as client:
        assert await code_of(client, "order", "999") == "order_unknown"
        assert await code_of(client, "queue", "999") == "not_found"


async def test_nobody_is_closed_with_4401_and_another_site_with_4403(small: Served) -> None:
    for client, wanted in (
        (small.anybody(), 4401),
        (small.anybody("pickwave_session=made-up"), 4401),
        (small.anybody(origin="https://evil.example"), 4403),
    ):
        await client.connect()
        assert await client.until_closed() == wanted
    _, cookie = await small.session(small.world.picker)
    forged = small.anybody(cookie, origin="https://evil.example")
    await forged.connect()
    assert await forged.until_closed() == 4403
    own = small.anybody(cookie, origin=f"http://127.0.0.1:{small.port}")
    await own.connect()
    await own.follow("queue", "1")
    await own.disconnect()


async def test_whoever_signs_out_is_out_at_once(served: Served) -> None:
    _, cookie = await served.session(served.world.picker)
    async with served.anybody(cookie) as client, await served.client(served.world.picker) as another:
        await client.follow("queue", "1")
        await another.follow("queue", "1")
        await served.do(lambda work: auth.sign_out(work, tokens.fingerprint(cookie.partition("=")[2])))
        assert await client.until_closed() == 4401
        assert await another.ping() != {}


async def test_whoever_is_disabled_is_out_at_once(served: Served) -> None:
    async with await served.client(served.world.other_picker) as client:
        await client.follow("queue", "1")
        await served.do(lambda work: auth.set_active(work, served.world.other_picker, False))
        assert await client.until_closed() == 4401


async def test_whoever_works_on_a_device_that_is_locked_is_out_at_once(served: Served) -> None:
    async with await served.client(served.world.picker, device=served.world.device) as client:
        await client.follow("queue", "1")
        await served.do(lambda work: auth.revoke_device(work, served.world.device))
        assert await client.until_closed() == 4401


async def test_a_right_that_is_lost_ends_what_it_allowed_and_nothing_else(small: Served) -> None:
    boss = await small.person("supervisor")
    async with await small.client(boss) as client:
        await client.follow("waves", "1")
        await client.follow("queue", "1")
        await small.do(lambda work: auth.change_person(work, boss, PersonChange(roles=("picker",))))
        error = await client.answer("error")
        assert (error["code"], error["topic"]) == ("not_allowed", "waves")
        await one_tour(small)
        await client.wait_until(lambda: client.state("queue", "1")["offers"])
        assert client.state("waves", "1") == {"waves": {}}


async def test_a_session_that_ran_out_is_found_without_an_event(small: Served) -> None:
    async with await small.client(small.world.picker) as client:
        await client.follow("queue", "1")
        small.clock.advance(seconds=13 * 3600)
        small.hub._look_at(small.hub._lines)
        assert await client.until_closed() == 4401


# --- what is sent badly --------------------------------------------------------------------------------------------


BAD: tuple[str | bytes, ...] = (
    "", "{", "null", "[]", '{"type":"dance"}', '{"type":"subscribe"}', '{"type":"subscribe","topic":1,"key":"1"}',
    '{"type":"ping","more":1}', '{"type":"subscribe","topic":"queue","key":"1","after":{"x":1}}', b"\xff\xfe",
    '{"type":"subscribe","topic":"queue","key":"1","after":{"1":-1}}',
)  # fmt: skip


async def test_a_message_that_is_none_gets_an_error_and_no_close(small: Served) -> None:
    async with await small.client(small.world.picker) as client:
        for message in BAD:
            seen = len(client.frames)
            await client.send(message)
            assert await client.answer("error", since=seen) == {"type": "error", "code": "invalid"}
        await client.follow("queue", "1")


async def test_a_message_over_64_kib_closes_with_1009(small: Served) -> None:
    async with await small.client(small.world.picker) as client:
        await client.send("x" * (64 * 1024 + 1))
        assert await client.until_closed() == 1009


async def test_whoever_sends_without_end_is_closed_with_1008(small: Served) -> None:
    async with await small.client(small.world.picker) as client:
        for _ in range(150):
            await client.send({"type": "ping"})
        assert await client.until_closed() == 1008
        assert 100 <= len(client.frames) < 110


async def test_a_socket_follows_twenty_topics_at_most(small: Served) -> None:
    await stocked(small)
    numbers = [await small.number_of(await capture(small.world, f"R-{n}", {"OATS": 1})) for n in range(21)]
    async with await small.client(await small.person("supervisor")) as client:
        for number in numbers[:20]:
            await client.follow("order", str(number))
        assert await code_of(client, "order", str(numbers[20])) == "too_many_topics"
        await client.leave("order", str(numbers[0]))
        await client.follow("order", str(numbers[20]))


async def test_rooms_are_gone_when_nobody_is_in_them(small: Served) -> None:
    async with await small.client(await small.person("supervisor")) as client:
        await client.follow("waves", "1")
        await client.follow("queue", "1")
        assert len(small.hub._rooms) == 2
        await client.leave("queue", "1")
        await client.ping()
        assert [room.topic.name for room in small.hub._rooms.values()] == ["waves"]
    await small.hub.close()
    assert (small.hub._rooms, small.hub._about, small.hub._tasks) == ({}, {}, {})
