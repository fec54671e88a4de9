"""Channels are set up by people, tried before anything comes, and what their words mean is said once."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest

from server.db.work import Actor
from server.integrations.api import incoming
from server.integrations.rules.channels import Settings
from tests.integrations.conftest import Told
from tests.support import channels
from tests.support.channels import SECRET, Channel, sample
from tests.support.wire import client

ORDER = sample("shopify_order")
GERMAN = {"Accept-Language": "de"}


@pytest.fixture
async def shop(told: Told) -> AsyncIterator[Channel]:
    async with channels.channel(told.shop, "shopify") as opened:
        yield opened


async def test_a_channel_is_set_up_changed_and_removed_and_its_secret_is_never_shown(shop: Channel) -> None:
    http, at = shop.http, "/api/channels/second-shop"
    new = {"kind": "woocommerce", "settings": {"service": "nordpost-parcel"}}
    assert (await http.put(at, json=new)).json()["faults"][0]["field"] == "secret"
    for wrong, field in (({"service": "pigeon"}, "settings.service"), ({"warehouse": 9}, "settings.warehouse"),
                         ({"services": {"Fast": "pigeon"}}, "settings.services[Fast]")):  # fmt: skip
        answer = await http.put(at, json={**new, "secret": SECRET, "settings": wrong})
        assert [each["field"] for each in answer.json()["faults"]] == [field]
    for unsayable, field in (({"token": "kéy"}, "token"), ({"token": "key\n"}, "token"),
                             ({"settings": {"signature": {"prefix": "é="}}}, "settings.signature.prefix")):  # fmt: skip
        answer = await http.put(at, json={**new, "secret": SECRET, **unsayable})
        assert [each["field"] for each in answer.json()["faults"]] == [field], "no header can say it"
    made = await http.put(at, json={**new, "secret": SECRET})
    assert SECRET not in made.text
    assert [each["path"] for each in made.json()["items"]] == [
        "/api/integrations/woocommerce/second-shop", "/api/integrations/shopify/shop",
    ]  # fmt: skip
    change = {**new, "settings": {"service": "blitz-express"}, "version": 1}
    assert (await http.put(at, json=change)).json()["items"][0]["settings"] == {"service": "blitz-express"}
    assert (await http.put(at, json=change)).json()["code"] == "changed_since"
    assert (await http.put(at, json={**change, "kind": "json", "version": 2})).json()["code"] == "invalid"
    assert (await http.put("/api/channels/No%20name", json=new)).status_code == 422
    editions = (await http.get(f"{at}/editions", params={"limit": 1})).json()
    assert ([each["version"] for each in editions["items"]], editions["next"]) == ([2], 2)
    assert (await http.delete(at)).status_code == 204
    assert (await http.delete(at)).json()["code"] == "channel_unknown"
    assert (await http.put(at, json={**new, "secret": SECRET})).json()["items"][0]["version"] == 3
    nobody = UUID(int=1)
    assert (await http.get(f"/api/integrations/incoming/{nobody}")).json()["code"] == "incoming_unknown"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_body_is_tried_and_nothing_is_kept_of_it(shop: Channel) -> None:
    async def tried(body: Any, **more: Any) -> dict[str, Any]:
        whole = {"body": json.dumps(body), **more}
        answer = await shop.http.post("/api/channels/shop/trial", json=whole, headers=GERMAN)
        found: dict[str, Any] = answer.json()
        return found

    right = await tried(ORDER)
    assert (right["what"], right["order"]["external_ref"], right["faults"]) == ("order", "#1042", [])
    lines = [{**ORDER["line_items"][0], "sku": "JAM"}, ORDER["line_items"][1]]
    wrong = await tried({**ORDER, "line_items": lines})
    assert [each["field"] for each in wrong["faults"]] == ["lines[0].sku", "lines[1].sku"]
    assert wrong["faults"][0]["message"] == "Diesen Artikel gibt es nicht."
    mended = await tried(
        {**ORDER, "line_items": lines}, settings={"service": "nordpost-parcel", "items": {"JAM": "HONEY"}}
    )
    assert mended["faults"] == []
    assert (await tried({}))["reason"] == "order_wrong"
    assert (await tried({**ORDER, "test": True}))["reason"] == "shop_test"
    assert (await tried(ORDER, settings={"service": "pigeon"}))["code"] == "invalid"
    assert (await tried(sample("shopify_checkout"), topic="checkouts/create"))["what"] == "checkout"
    assert await shop.came() == []


async def test_a_person_says_what_was_meant_and_it_is_remembered_where_they_wish(shop: Channel) -> None:
    strange = [{**ORDER["line_items"][0], "sku": "JAR-3"}, ORDER["line_items"][1]]
    first = await shop.send({**ORDER, "line_items": strange}, "orders/create")
    assert (first.state, {fault.got for fault in first.faults}) == ("refused", {"JAR-3"})
    at = f"/api/integrations/incoming/{first.id}/meant"
    listed = (await shop.http.get("/api/integrations/incoming", headers=GERMAN)).json()["items"][0]
    shown = (await shop.http.get(f"/api/integrations/incoming/{first.id}", headers=GERMAN)).json()["incoming"]
    assert {each["message"] for each in (*listed["faults"], *shown["faults"])} == {"Diesen Artikel gibt es nicht."}
    unknown = (await shop.http.post(at, json={"items": {"JAR-3": "JAM"}, "service": "pigeon"})).json()
    assert [each["field"] for each in unknown["faults"]] == ["items[JAR-3]", "service"]
    assert (await shop.http.post(at, json={"items": {"JAR-3": "HONEY"}, "remember": True})).json()[
        "state"
    ] == "received"
    await shop.work()
    page = await shop.order()
    assert {each.item.sku for each in page.lines} == {"HONEY", "TEA"}
    again = await shop.send({**ORDER, "id": 2, "name": "#2", "line_items": strange}, "orders/create")
    assert again.state == "placed"
    settings = (await shop.http.get("/api/channels/")).json()["items"][0]["settings"]
    assert settings == {"service": "nordpost-parcel", "items": {"JAR-3": "HONEY"}}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_whoever_places_orders_says_what_is_meant_once_and_not_for_ever(shop: Channel) -> None:
    strange = [{**ORDER["line_items"][0], "sku": "JAR-3"}, ORDER["line_items"][1]]
    came = await shop.send({**ORDER, "line_items": strange}, "orders/create")
    at, said = f"/api/integrations/incoming/{came.id}/meant", {"items": {"JAR-3": "HONEY"}}
    async with client(shop.shop.db, [incoming.router], Actor(name="Sara"), may=["channels.place"]) as sara:
        assert (await sara.post(at, json={**said, "remember": True})).json()["code"] == "not_allowed"
        assert (await sara.post(at, json=said)).json()["state"] == "received"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_an_order_by_no_known_way_or_to_no_known_land_waits_until_a_person_has_said_how(shop: Channel) -> None:
    await shop.set_up(Settings(), version=1)
    lost = {**ORDER, "shipping_address": {**ORDER["shipping_address"], "country_code": "XX"}}
    came = await shop.send(lost, "orders/create")
    assert [fault.field for fault in came.faults] == ["shipping_lines[0].title"]
    at = f"/api/integrations/incoming/{came.id}"
    await shop.http.post(f"{at}/meant", json={"services": {"Standard": "nordpost-parcel"}})
    await shop.work()
    came = (await shop.came())[0]
    assert {fault.field for fault in came.faults} == {"address.country", "service"}
    await shop.http.post(f"{at}/meant", json={"countries": {"XX": "DE"}})
    await shop.work()
    page = await shop.order()
    assert (page.service, page.address.country) == ("nordpost-parcel", "DE")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_what_came_of_an_order_before_it_could_be_placed_is_tried_again_with_it(shop: Channel) -> None:
    strange = [{**ORDER["line_items"][0], "sku": "JAR-3"}, ORDER["line_items"][1]]
    first = await shop.send({**ORDER, "line_items": strange}, "orders/create")
    later = {**ORDER, "line_items": strange, "updated_at": "2026-11-24T10:00:00+01:00", "note": "hurry"}
    second = await shop.send(later, "orders/updated")
    assert [first.state, second.state] == ["refused", "refused"]
    await shop.http.post(f"/api/integrations/incoming/{second.id}/meant", json={"items": {"JAR-3": "HONEY"}})
    await shop.work()
    assert [(each.state, each.reason) for each in await shop.came()] == [("placed", None), ("placed", None)]
