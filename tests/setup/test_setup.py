"""A house is set up over HTTP alone: what is missing is said in order, who comes second overwrites nothing."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from printers.paper.sheet import in_office_letters
from server.db.unit import Command
from server.db.work import Actor
from server.setup.rules import STEPS, Counts, steps
from server.tasks import equipment
from tests.auth.conftest import House, Somebody
from tests.support.paper import scanned

AT: Any = "/api/warehouses/5"
WAREHOUSE = {
    "code": "NEW", "name": "Newhouse", "time_zone": "Europe/Berlin", "country": "DE", "gcp": "4012345",
    "address": {"name": "Newhouse", "street": "Way 1", "postal_code": "12345", "city": "Berlin"},
}  # fmt: skip
BLOCK = {"zone": "MEZ", "zone_name": "Mezzanine", "first": 1, "aisles": 2, "bays": 3, "levels": 2}
CARTS = {"count": 2, "slots": 4, "slot_volume_ml": 40_000, "slot_weight_g": 15_000}
SERVICE = {"code": "post-parcel", "carrier": "post", "name": "Parcel", "cutoff": "16:00"}
CARTON = {
    "code": "S", "name": "Small", "length_mm": 200, "width_mm": 150, "height_mm": 100, "tare_g": 80,
    "max_weight_g": 5000,
}  # fmt: skip
STATION = {"code": "PACK-1", "name": "Bench 1", "parking": 4}
TEMPLATE = {"name": "Afternoon", "cutoff": "16:00", "services": ["post-parcel"]}


async def _put(who: Somebody, path: str, body: Any) -> Any:
    answer = await who.ask("PUT", path, body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def _ready(house: House) -> Somebody:
    admin = await house.signed_in("admin", warehouse=None)
    await _put(admin, AT, WAREHOUSE)
    assert (await admin.post(f"{AT}/layout", BLOCK)).json()["made"] == 12
    return admin


async def _next(who: Somebody) -> str | None:
    found: str | None = (await who.get(f"{AT}/setup")).json()["next"]
    return found


def test_the_first_step_that_is_missing_is_the_next_and_what_is_not_yours_says_so() -> None:
    assert [each.step for each in steps(Counts(), frozenset()) if not each.done] == [row.step for row in STEPS]
    mine = steps(Counts(warehouse=1), frozenset({"people.manage"}))
    assert [each.step for each in mine if each.done] == ["warehouse"]
    assert [each.step for each in mine if each.yours] == ["pickers", "packers"]


async def test_an_empty_house_is_led_through_in_order(house: House) -> None:
    admin = await house.signed_in("admin", warehouse=None)
    assert await _next(admin) == "warehouse"
    await _put(admin, AT, WAREHOUSE)
    assert await _next(admin) == "bins"
    await admin.post(f"{AT}/layout", BLOCK)
    assert await _next(admin) == "items"
    assert (await admin.post(f"{AT}/carts", CARTS)).json()["codes"] == ["C-01", "C-02"]
    assert (await admin.post(f"{AT}/carts", {**CARTS, "count": 1})).json()["codes"] == ["C-03"]
    assert (await admin.post(f"{AT}/totes", {"count": 3})).json()["codes"] == ["T-0001", "T-0002", "T-0003"]
    await _put(admin, "/api/services/post-parcel", SERVICE)
    await _put(admin, "/api/carton-types/S", CARTON)
    made = await _put(admin, f"{AT}/stations/PACK-1", STATION)
    assert (made["bin"], made["parking"]) == ("PACK-1", 4)
    await admin.post("/people", {"name": "Pia", "roles": ["picker"], "warehouse": 5})
    found = {each["step"]: each for each in (await admin.get(f"{AT}/setup")).json()["steps"]}
    missing = [name for name, each in found.items() if not each["done"]]
    assert missing == ["items", "stock", "printers", "packers", "handhelds", "benches", "orders"]
    assert (found["carts"]["have"], found["totes"]["have"], found["bins"]["have"]) == (3, 3, 12)
    assert [each["code"] for each in (await admin.get(f"{AT}/carts?limit=2")).json()["items"]] == ["C-01", "C-02"]
    assert (await admin.get(f"{AT}/totes?limit=2")).json()["next"] == "T-0002"


async def test_who_comes_second_overwrites_nothing_unseen(house: House) -> None:
    admin = await _ready(house)
    who = (await admin.post("/people", {"name": "Pia", "roles": ["picker"], "warehouse": 5})).json()["person"]
    things = (
        ("PUT", AT, WAREHOUSE, (await admin.get(AT)).json()),
        ("PUT", "/api/services/post-parcel", SERVICE, await _put(admin, "/api/services/post-parcel", SERVICE)),
        ("PUT", "/api/carton-types/S", CARTON, await _put(admin, "/api/carton-types/S", CARTON)),
        ("PUT", f"{AT}/stations/PACK-1", STATION, await _put(admin, f"{AT}/stations/PACK-1", STATION)),
        ("PATCH", f"/people/{who['id']}", {"name": "Pia"}, who),
    )
    for method, path, body, was in things:
        first = await admin.ask(method, path, {**body, "name": "First", "edition": was["edition"]})
        assert first.status_code == 200, first.text
        second = await admin.ask(method, path, {**body, "name": "Second", "edition": was["edition"]})
        assert (second.status_code, second.json()["code"]) == (409, "changed_meanwhile"), path
        again = await admin.ask(method, path, {**body, "name": "Second", "edition": first.json()["edition"]})
        assert (again.status_code, again.json()["name"]) == (200, "Second"), again.text


async def test_a_template_means_todays_cut_off_on_the_warehouses_clock(house: House) -> None:
    admin = await _ready(house)
    made = (await admin.post(f"{AT}/wave-templates", TEMPLATE)).json()
    today = house.clock.now().astimezone().date()
    assert made["filter"]["cutoff_before"][:10] == str(today)
    assert made["filter"]["services"] == ["post-parcel"]
    twice = await admin.post(f"{AT}/wave-templates", TEMPLATE)
    assert (twice.status_code, twice.json()["code"]) == (409, "name_taken")
    one = f"{AT}/wave-templates/{made['id']}"
    other = await admin.ask("PUT", one, {"name": "All", "edition": made["edition"]})
    assert (other.json()["filter"]["cutoff_before"], other.json()["filter"]["limit"]) == (None, 500)
    late = await admin.ask("PUT", one, {"name": "Mine", "edition": made["edition"]})
    assert late.json()["code"] == "changed_meanwhile"
    assert (await admin.ask("DELETE", one)).status_code == 204
    assert (await admin.ask("DELETE", one)).json()["code"] == "template_unknown"
    for wrong in ({"name": "x", "cutoff": "24:00"}, {"name": " "}, {"name": "x", "most": 0}):
        assert (await admin.post(f"{AT}/wave-templates", wrong)).status_code == 422


async def test_what_is_printed_is_scanned_again(house: House) -> None:
    admin = await _ready(house)
    assert (await admin.get(f"{AT}/sheets/totes.pdf")).json()["code"] == "nothing_to_print"
    await admin.post(f"{AT}/totes", {"count": 3})
    await admin.post(f"{AT}/carts", CARTS)
    await _put(admin, f"{AT}/stations/PACK-1", STATION)
    pia = (await admin.post("/people", {"name": "Pia Łuczak", "roles": ["picker"], "warehouse": 5})).json()["person"]
    for path, wanted in (
        ("totes.pdf?after=T-0001", {"T-0002", "T-0003"}),
        ("carts.pdf", {"C-01", "C-02"}),
        (f"badges.pdf?person={pia['id']}", {pia["badge"]}),
        ("bins.pdf?aisle=A02", {f"B-A02-0{bay}-{level}" for bay in (1, 2, 3) for level in "AB"}),
    ):
        answer = await admin.get(f"{AT}/sheets/{path}")
        assert answer.headers["content-type"] == "application/pdf", answer.text
        assert set(scanned(answer.content)) == wanted
    places = set(scanned((await admin.get(f"{AT}/sheets/places.pdf")).content))
    assert {"S-PACK-1", "B-RECEIVING-1", "B-STAGE-1"} <= places
    assert len(scanned((await admin.get(f"{AT}/sheets/commands.pdf")).content)) == 12


@pytest.mark.parametrize(("name", "printed"), [("Łukasz Żółć", "Lukasz Zólc"), ("Jörg", "Jörg"), ("Иван", "Ivan")])
def test_a_name_is_printed_in_letters_that_every_reader_has(name: str, printed: str) -> None:
    assert in_office_letters(name) == printed


async def test_totes_and_carts_beyond_their_digits_come_behind_the_others(house: House) -> None:
    admin = await _ready(house)
    add = partial(equipment.add_totes, warehouse=5, codes=["T-9998", "T-9999"])
    await house.db.write(Command(add, frozenset({5}), Actor(name="test"), "test.totes"))
    assert (await admin.post(f"{AT}/totes", {"count": 2})).json()["codes"] == ["T-10000", "T-10001"]
    behind = (await admin.get(f"{AT}/totes?after=T-9998&limit=2")).json()
    assert ([each["code"] for each in behind["items"]], behind["next"]) == (["T-9999", "T-10000"], "T-10000")
    assert set(scanned((await admin.get(f"{AT}/sheets/totes.pdf?after=T-9999")).content)) == {"T-10000", "T-10001"}
    await admin.post(f"{AT}/carts", {**CARTS, "count": 50})
    await admin.post(f"{AT}/carts", {**CARTS, "count": 50})
    assert [each["code"] for each in (await admin.get(f"{AT}/carts?after=C-98")).json()["items"]] == ["C-99", "C-100"]


async def test_a_code_too_long_for_bars_is_printed_as_a_square(house: House) -> None:
    admin = await _ready(house)
    long = "PACKING-BENCH-BESIDE-THE-SECOND-LIFT-1"
    await _put(admin, f"{AT}/stations/{long}", {**STATION, "code": long})
    places = set(scanned((await admin.get(f"{AT}/sheets/places.pdf")).content))
    assert {f"S-{long}", f"B-{long}", "B-RECEIVING-1"} <= places


async def test_who_adds_what_somebody_else_has_just_added_overwrites_nothing(house: House) -> None:
    admin = await _ready(house)
    for path, body in (("/api/carton-types/S", CARTON), (f"{AT}/stations/PACK-1", STATION)):
        assert (await _put(admin, path, {**body, "edition": ""}))["name"] == body["name"]
        second = await admin.ask("PUT", path, {**body, "name": "Second", "edition": ""})
        assert (second.status_code, second.json()["code"]) == (409, "changed_meanwhile")


async def test_nothing_stands_in_a_warehouse_that_is_not_there_nor_where_nobody_can_stand(house: House) -> None:
    admin = await _ready(house)
    nowhere = await admin.ask("PUT", "/api/warehouses/77/stations/PACK-1", STATION)
    assert (nowhere.status_code, nowhere.json()["code"]) == (404, "not_found")
    books = await admin.ask("PUT", f"{AT}/stations/PACK-1", {**STATION, "bin": "CUSTOMER"})
    assert (books.status_code, books.json()["code"]) == (404, "bin_unknown")


async def test_no_code_or_name_ends_in_a_line_break(house: House) -> None:
    admin = await _ready(house)
    for method, path, body in (
        ("PUT", AT, {**WAREHOUSE, "code": "NEW\n"}),
        ("PUT", AT, {**WAREHOUSE, "name": "Newhouse\n"}),
        ("PUT", f"{AT}/stations/P%0A", {**STATION, "code": "P\n"}),
        ("PUT", "/api/services/x%0A", {**SERVICE, "code": "x\n"}),
        ("POST", f"{AT}/wave-templates", {**TEMPLATE, "cutoff": "16:00\n"}),
        ("PUT", "/api/orders/views", {"name": "Mine\n"}),
    ):
        assert (await admin.ask(method, path, body)).status_code == 422, path


async def test_a_moment_without_its_zone_is_no_cut_off(house: House) -> None:
    admin = await _ready(house)
    for path in ("candidates", "preview"):
        answer = await admin.post(f"{AT}/waves/{path}", {"cutoff_before": "2026-11-26T16:00:00"})
        assert (answer.status_code, answer.json()["faults"][0]["field"]) == (422, "cutoff_before"), answer.text


async def test_a_supervisor_sets_up_the_own_warehouse_and_no_other(house: House) -> None:
    lead = await house.signed_in("supervisor", warehouse=1)
    assert (await lead.get("/api/warehouses/1/setup")).status_code == 200
    for method, path, body in (
        ("GET", f"{AT}/setup", None),
        ("PUT", AT, WAREHOUSE),
        ("POST", f"{AT}/totes", {"count": 1}),
    ):
        assert (await lead.ask(method, path, body)).json()["code"] == "other_warehouse"
    picker = await house.signed_in("picker", warehouse=1)
    for path in ("setup", "carts", "totes", "sheets/badges.pdf", "sheets/bins.pdf", "wave-templates"):
        assert (await picker.get(f"/api/warehouses/1/{path}")).json()["code"] == "not_allowed"


async def test_what_is_brought_to_a_warehouse_that_there_is_not_is_not_found_and_works_once_it_is_made(
    house: House,
) -> None:
    admin = await house.signed_in("admin", warehouse=None)
    for method, path, body in (("PUT", "stations/PACK-1", STATION), ("POST", "wave-templates", TEMPLATE)):
        answer = await admin.ask(method, f"{AT}/{path}", body)
        assert (answer.status_code, answer.json()["faults"][0]["field"]) == (404, "warehouse"), answer.text
    await _put(admin, AT, WAREHOUSE)
    await _put(admin, f"{AT}/stations/PACK-1", STATION)


async def test_what_is_the_same_in_every_warehouse_is_changed_only_by_who_works_in_all(house: House) -> None:
    here, all_over = await house.signed_in("supervisor"), await house.signed_in("supervisor", warehouse=None)
    for path, body in (("/api/carton-types/S", CARTON), ("/api/services/post-parcel", SERVICE)):
        answer = await here.ask("PUT", path, body)
        assert (answer.status_code, answer.json()["code"]) == (403, "all_warehouses_only")
        await _put(all_over, path, body)
    assert [each["code"] for each in (await here.get("/api/carton-types")).json()["items"]] == ["S"]
