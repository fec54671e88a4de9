"""Warehouses, bins and the floor, on both databases and on the wire."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial

import httpx
import msgspec
import pytest

from server.core.clock import ManualClock
from server.core.refusal import Refusal
from server.db import log
from server.db.database import Database
from server.db.work import Actor
from server.locations import api, layout, service
from server.locations.growing import NEAR
from server.locations.router import Corner, Floor, OffGrid, Stop, route
from server.locations.schemas import Aisles, Layout, NewBin, NewWarehouse, NewZone
from tests.support.shop import DESK, PLAN, Shop, build
from tests.support.wire import client

OTHER = NewWarehouse(number=2, code="TWO", name="Two", time_zone="Europe/Lisbon", country="PT", address={},
                     gcp="5601234", floor=PLAN)  # fmt: skip


@pytest.fixture
async def shop(open_database: Callable[..., Awaitable[Database]], clock: ManualClock) -> Shop:
    return await build(await open_database(), clock, {})


@pytest.fixture
async def http(shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    async with client(shop.db, [api.router], DESK) as http:
        yield http


async def refused(shop: Shop, run: object, *streams: int) -> Refusal:
    with pytest.raises(Refusal) as caught:
        await shop.do(run, *streams)  # type: ignore[arg-type]
    return caught.value


async def test_bins_are_found_by_their_code_in_their_warehouse_only(shop: Shop) -> None:
    found = await shop.db.read(lambda conn: service.bin_by_code(conn, 1, "A01-03-A"))
    assert found is not None
    assert (found.id, found.aisle, found.y_mm) == (shop.bins["A01-03-A"], "A01", 3600)
    assert await shop.db.read(lambda conn: service.bin_by_code(conn, 2, "A01-03-A")) is None
    assert await shop.db.read(lambda conn: service.bin_by_id(conn, 2, found.id)) is None
    assert await shop.db.read(lambda conn: service.bin_by_id(conn, 1, found.id)) == found


async def test_the_bin_of_a_type_is_the_first_in_bin_order(shop: Shop) -> None:
    special = await shop.db.read(lambda conn: service.special_bin(conn, 1, "customer"))
    assert special == shop.bins["CUSTOMER"]
    with pytest.raises(Refusal) as caught:
        await shop.db.read(lambda conn: service.special_bin(conn, 1, "dock"))
    assert caught.value.code == "bin_unknown"


async def test_a_locked_bin_says_so(shop: Shop) -> None:
    bin_id = shop.bins["A01-01-A"]
    await shop.do(lambda work: service.lock_bin(work, 1, bin_id, locked=True), 1)
    found = await shop.db.read(lambda conn: service.bin_by_id(conn, 1, bin_id))
    assert found is not None
    assert found.locked
    last = (await shop.db.read(lambda conn: log.tail(conn, 1, 0, 1000)))[-1]
    assert (last.type, last.payload) == ("bin.changed", {"bin": str(bin_id)})
    refusal = await refused(shop, lambda work: service.lock_bin(work, 2, bin_id, locked=True), 2)
    assert refusal.code == "bin_unknown"


async def test_every_fault_of_many_bins_is_listed(shop: Shop) -> None:
    bins = [NewBin(code="a 1"), NewBin(code="B1", type="heap"), NewBin(code="B1", zone="none")]
    refusal = await refused(shop, lambda work: service.create_bins(work, 1, bins), 1)
    assert {fault.field for fault in refusal.faults} == {
        "bins[0].code", "bins[1].type", "bins[2].code", "bins[2].zone",
    }  # fmt: skip
    assert await shop.db.read(lambda conn: service.bin_by_code(conn, 1, "B1")) is None


async def test_a_warehouse_is_made_right_and_once(shop: Shop) -> None:
    wrong = msgspec.structs.replace(
        OTHER, number=0, time_zone="Nowhere/City", gcp="GCP", floor=Aisles({"A": 1}, [5], (0, 0))
    )
    refusal = await refused(shop, lambda work: service.create_warehouse(work, wrong))
    assert {fault.field for fault in refusal.faults} == {"number", "time_zone", "gcp", "floor"}
    twice = msgspec.structs.replace(OTHER, code="TST")
    assert (await refused(shop, lambda work: service.create_warehouse(work, twice))).code == "name_taken"
    assert await shop.do(lambda work: service.create_warehouse(work, OTHER)) == 2


# --- the floor


async def test_the_floor_is_what_tours_are_routed_on(shop: Shop) -> None:
    floor = await shop.db.read(lambda conn: service.floor(conn, 1))
    assert floor == Floor((1000, 4000), (0, 6000, 12000), Corner(0, 0))
    bins = [shop.bins["A02-02-A"], shop.bins["A01-01-A"], shop.bins["CUSTOMER"]]
    stops = await shop.db.read(lambda conn: service.stops(conn, 1, bins))
    assert stops == {bins[0]: Stop(1, 2600, bins[0]), bins[1]: Stop(0, 1600, bins[1])}
    assert route(floor, list(stops.values())).proven


async def test_a_floor_is_kept_by_its_text_so_that_nobody_must_be_told(shop: Shop) -> None:
    one = await shop.db.read(lambda conn: service.floor(conn, 1))
    assert await shop.db.read(lambda conn: service.floor(conn, 1)) is one
    beside = Aisles({"B01": 0, "B02": 3000}, [0, 9000], (1500, -4000))
    other = msgspec.structs.replace(OTHER, floor=beside)
    await shop.do(lambda work: service.create_warehouse(work, other))
    floor = await shop.db.read(lambda conn: service.floor(conn, 2))
    assert isinstance(floor.depot, OffGrid)
    assert [link.length for link in floor.depot.links] == [5500, 5500]
    assert (await shop.db.read(lambda conn: service.ground(conn, 2))).aisles == {"B01": 0, "B02": 1}


async def test_an_unknown_warehouse_has_no_floor(shop: Shop) -> None:
    for read in (service.floor, service.floor_map):
        with pytest.raises(Refusal):
            await shop.db.read(lambda conn, read=read: read(conn, 9))  # type: ignore[misc]


# --- on the wire


async def test_warehouses_bins_and_the_map_are_shown(http: httpx.AsyncClient) -> None:
    listed = (await http.get("/api/warehouses")).json()
    assert [row["code"] for row in listed["items"]] == ["TST"]
    plan = (await http.get("/api/warehouses/1/floor")).json()
    assert plan["aisles"] == {"A01": 1000, "A02": 4000}
    assert plan["zones"] == [{"code": "Z", "name": "Zone", "aisles": ["A01", "A02"]}]
    assert ["A01-01-A", "pick", 1000, 1600, 0] in plan["bins"]
    assert not any(code == "CUSTOMER" for code, *_ in plan["bins"])


async def test_bins_far_out_in_bin_order_are_paged_too(http: httpx.AsyncClient, shop: Shop) -> None:
    far = [NewBin(code=code, sequence=10**9) for code in ("Z-1", "Z-2")]
    await shop.do(lambda work: service.create_bins(work, 1, far), 1)
    page = (await http.get("/api/warehouses/1/bins", params={"limit": 1, "after": "999999999.Z"})).json()
    assert [row["code"] for row in page["items"]] == ["Z-1"]
    page = (await http.get("/api/warehouses/1/bins", params={"after": page["next"]})).json()
    assert [row["code"] for row in page["items"]] == ["Z-2"]
    beyond = await http.get("/api/warehouses/1/bins", params={"after": "9999999999.Z"})
    assert (beyond.status_code, beyond.json()["items"]) == (200, [])


async def test_bins_come_in_bin_order_a_page_at_a_time(http: httpx.AsyncClient, shop: Shop) -> None:
    codes: list[str] = []
    after = ""
    while True:
        page = (await http.get("/api/warehouses/1/bins", params={"limit": 5, "after": after})).json()
        codes += [row["code"] for row in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert codes == ["CUSTOMER", "SUPPLIER", *(code for code in shop.bins if code.startswith("A"))]
    first = (await http.get("/api/warehouses/1/bins?limit=3")).json()["items"][2]
    assert (first["barcode"], first["zone"]) == ("B-A01-01-A", "Z")


@pytest.mark.parametrize(
    ("path", "status"),
    [("9/bins", 404), ("9/floor", 404), ("0/bins", 422), ("1/bins?limit=0", 422), ("1/bins?limit=501", 422),
     ("1/bins?after=x", 422), ("99999/floor", 422), ("x/bins", 404)],
)  # fmt: skip
async def test_what_is_not_there_or_makes_no_sense_is_told_so(http: httpx.AsyncClient, path: str, status: int) -> None:
    answer = await http.get(f"/api/warehouses/{path}")
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


async def test_zones_are_kept_by_code(shop: Shop) -> None:
    made = await shop.do(lambda work: service.create_zones(work, 1, [NewZone(code="Q", name="Quiet")]), 1)
    assert list(made) == ["Q"]
    assert await shop.do(lambda work: service.create_zones(work, 1, []), 1) == {}


async def test_somebody_of_another_warehouse_sees_neither_bins_nor_map(shop: Shop) -> None:
    elsewhere = Actor(name="elsewhere", warehouse=2)
    async with client(shop.db, [api.router], elsewhere) as http:
        for address in ("/api/warehouses/1/bins", "/api/warehouses/1/floor"):
            assert (await http.get(address)).json()["code"] == "other_warehouse"


BLOCK = Layout(zone="MEZ", zone_name="Mezzanine", first=1, aisles=3, bays=5, levels=2)


def test_a_block_of_aisles_is_walked_as_an_s_and_neighbours_have_other_check_digits() -> None:
    floor = layout.grown(BLOCK, layout.EMPTY)
    bins = list(layout.bins(BLOCK, floor, 0))
    assert [each.code for each in bins[8:12]] == ["A01-05-A", "A01-05-B", "A02-05-A", "A02-05-B"]
    assert [each.sequence for each in bins[:3]] == [10, 20, 30]
    assert (bins[0].x_mm, bins[0].y_mm, bins[1].z_mm, bins[8].y_mm) == (3000, 2700, 600, 7500)
    assert {(each.bay % 2 == 1) == (each.side == "right") for each in bins} == {True}
    digits = [each.check_digits for each in bins]
    assert all(len(set(digits[at : at + NEAR])) == NEAR for at in range(len(digits) - NEAR))
    assert floor == Aisles({"A01": 2400, "A02": 4800, "A03": 7200}, [0, 10_200], (2400, 0))
    codes = sorted(each.code for each in bins)
    assert (len(bins), *layout.ends(BLOCK)) == (layout.count(BLOCK), codes[0], codes[-1])
    assert layout.of_block(BLOCK, [*codes, "A01-06-A", "A04-01-A", "PACK-1"]) == len(codes)


def test_a_second_deeper_block_stands_to_the_right_and_leaves_the_first_where_it_is() -> None:
    first, second = layout.grown(BLOCK, layout.EMPTY), msgspec.structs.replace(BLOCK, first=4, aisles=1, bays=10)
    deeper = layout.grown(second, first)
    assert deeper.aisles == {**first.aisles, "A04": 9600}
    assert deeper.depot == first.depot
    bins = list(layout.bins(second, deeper, 300))
    assert bins[0].sequence == 310
    assert deeper.cross == [0, 15_000]
    assert not [each for each in bins if any(abs(each.y_mm - cross) < 1500 for cross in deeper.cross)]


async def test_a_layout_stops_between_two_portions_once_nobody_waits_for_it_and_goes_on_when_asked_again(
    shop: Shop,
) -> None:
    left = iter([False, False, True])
    block = msgspec.structs.replace(BLOCK, first=50, aisles=9)
    stopped = await api.made_in_portions(shop.db, DESK, 1, block, left.__next__)
    assert stopped.made == 2 * api.PORTION
    went_on = await api.made_in_portions(shop.db, DESK, 1, block, lambda: False)
    assert (went_on.made, went_on.there) == (50, 40)
    plan = await shop.db.read(lambda conn: service.plan_of(conn, 1))
    assert len([aisle for aisle in plan.aisles if aisle >= "A50"]) == 9


HOUSE = {
    "code": "NEW", "name": "Newhouse", "time_zone": "Europe/Berlin", "country": "DE", "gcp": "4012345",
    "address": {"name": "Newhouse", "street": "Way 1", "postal_code": "12345", "city": "Berlin", "phone": ""},
}  # fmt: skip


async def test_a_warehouse_is_made_laid_out_and_walked(shop: Shop) -> None:
    everywhere = Actor(name="Ada")
    async with client(shop.db, [api.router], everywhere) as http:
        made = await http.put("/api/warehouses/7", json=HOUSE)
        assert made.status_code == 200, made.text
        assert (made.json()["aisles"], made.json()["bins"]) == (0, 5)
        block = msgspec.to_builtins(BLOCK)
        would = (await http.post("/api/warehouses/7/layout/preview", json=block)).json()
        assert would == {"made": 30, "there": 0, "first": "A01-01-A", "last": "A03-05-B"}
        assert (await http.post("/api/warehouses/7/layout", json=block)).json() == would
        again = (await http.post("/api/warehouses/7/layout", json=block)).json()
        assert (again["made"], again["there"]) == (0, 30)
        renamed = await http.put("/api/warehouses/7", json={**HOUSE, "name": "Other"})
        assert (renamed.json()["name"], renamed.json()["aisles"], renamed.json()["zones"]) == ("Other", 3, 1)
    walk = await shop.db.read(lambda conn: service.floor(conn, 7))
    standing = await shop.db.read(lambda conn: service.bin_by_code(conn, 7, "A03-05-B"))
    assert standing is not None
    stops = await shop.db.read(lambda conn: service.stops(conn, 7, [standing.id]))
    assert route(walk, list(stops.values())).length > 0
    for kind in ("receiving", "cart", "adjustment", "customer", "supplier", "scrap", "staging"):
        assert await shop.db.read(partial(service.special_bin, warehouse=7, type=kind)) is not None


async def test_a_warehouse_that_many_make_at_once_is_made_once(shop: Shop) -> None:
    async with client(shop.db, [api.router], Actor(name="Ada")) as http:
        made = await asyncio.gather(*(http.put("/api/warehouses/7", json=HOUSE) for _ in range(8)))
        assert {(each.status_code, each.json()["bins"]) for each in made} == {(200, 5)}


async def test_what_is_wrong_with_a_warehouse_is_said_at_the_field(shop: Shop) -> None:
    async with client(shop.db, [api.router], Actor(name="Ada")) as http:
        for changes, field in (
            ({"time_zone": "Mars/Olympus"}, "time_zone"), ({"gcp": "12"}, "gcp"), ({"country": "Germany"}, "country"),
        ):  # fmt: skip
            answer = await http.put("/api/warehouses/7", json={**HOUSE, **changes})
            assert (answer.status_code, answer.json()["faults"][0]["field"]) == (422, field), answer.text
        taken = await http.put("/api/warehouses/7", json={**HOUSE, "code": "TST"})
        assert (taken.status_code, taken.json()["code"]) == (409, "name_taken"), taken.text
        beyond = await http.post("/api/warehouses/1/layout", json={**msgspec.to_builtins(BLOCK), "first": 98})
        assert (beyond.status_code, beyond.json()["faults"][0]["field"]) == (422, "aisles")
    async with client(shop.db, [api.router], Actor(name="Ben", warehouse=1)) as http:
        assert (await http.put("/api/warehouses/7", json=HOUSE)).json()["code"] == "other_warehouse"
