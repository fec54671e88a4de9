"""The wire: endpoints are set up, tried and looked after, and nothing private is ever called for anybody."""

from __future__ import annotations

from uuid import UUID

import httpx
import pytest

from server.core.ids import new_id
from server.core.words import WORDS
from server.db.work import Actor
from server.integrations.addresses import Places
from server.integrations.api.webhooks import router
from server.integrations.sender import Sender
from server.integrations.webhook_worker import Courier
from tests.integrations.conftest import Told
from tests.support.receiver import receiver
from tests.support.wire import client

NEW = {"url": "https://1.1.1.1/hooks", "types": ["order.captured"], "description": "ERP"}


def wire(told: Told, courier: object) -> httpx.AsyncClient:
    return client(told.db, [router], Actor(name="Ida"), courier=courier)


async def test_an_endpoint_is_made_tried_and_its_answer_seen(told: Told) -> None:
    async with receiver() as there, told.courier() as courier, wire(told, courier) as http:
        made = await http.post("/api/webhooks/endpoints", json={**NEW, "url": there.url})
        assert made.status_code == 201
        assert made.json()["secret"].startswith("whsec_")
        endpoint = made.json()["endpoint"]["id"]
        begun = await http.post(f"/api/webhooks/endpoints/{endpoint}/test")
        assert begun.status_code == 202
        await there.until(1)
        await told.until(UUID(endpoint), "delivered")
        page = (await http.get(f"/api/webhooks/deliveries/{begun.json()['delivery']}")).json()
        assert (page["delivery"]["state"], page["delivery"]["status"]) == ("delivered", 200)
        assert page["tries"][0]["said"] == "said 200"
        listed = await http.get("/api/webhooks/endpoints")
        assert [each["id"] for each in listed.json()["items"]] == [endpoint]
        for answer in (listed, await http.get(f"/api/webhooks/endpoints/{endpoint}")):
            assert "secret" not in answer.text
            assert "whsec_" not in answer.text


@pytest.mark.parametrize(
    ("url", "words"),
    [("https://10.0.0.1/", "address_refused"), ("https://[::ffff:127.0.0.1]/", "address_refused"),
     ("https://2130706433/", "address_refused"), ("http://1.1.1.1/", "https_wanted"), ("javascript:x", "https_wanted")],
)  # fmt: skip
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_an_address_that_is_not_called_is_refused_at_its_field(told: Told, url: str, words: str) -> None:
    courier = Courier(told.db, told.clock, Sender(Places(), told.clock))
    async with wire(told, courier) as http:
        refused = await http.post("/api/webhooks/endpoints", json={**NEW, "url": url})
        assert (refused.status_code, refused.json()["code"]) == (422, "webhook_refused")
        assert refused.json()["faults"][0]["field"] == "url"
        assert refused.json()["detail"].endswith(WORDS[words].en)
    await courier.sender.close()


async def test_an_endpoint_is_changed_switched_given_a_new_secret_and_removed(told: Told) -> None:
    async with told.courier() as courier, wire(told, courier) as http:
        made = (await http.post("/api/webhooks/endpoints", json=NEW)).json()
        at = f"/api/webhooks/endpoints/{made['endpoint']['id']}"
        changed = await http.put(at, json={**NEW, "types": ["shipment.closed"], "version": 1})
        assert (changed.json()["types"], changed.json()["version"]) == (["shipment.closed"], 2)
        assert (await http.put(at, json={**NEW, "version": 1})).json()["code"] == "changed_since"
        rotated = (await http.post(f"{at}/rotate")).json()
        assert rotated["secret"] != made["secret"]
        assert rotated["endpoint"]["former_until"] is not None
        assert (await http.post(f"{at}/off")).json()["why"] == "by_hand"
        assert (await http.post(f"{at}/off")).json()["code"] == "move_not_allowed"
        for what in ("test", "replay"):
            body = {"since": "2026-11-24T08:00:00Z"} if what == "replay" else None
            assert (await http.post(f"{at}/{what}", json=body)).json()["code"] == "endpoint_off"
        assert (await http.post(f"{at}/on")).json()["state"] == "on"
        assert (await http.delete(at)).status_code == 204
        assert (await http.get(at)).json()["code"] == "endpoint_unknown"


async def test_deliveries_come_a_page_at_a_time_and_go_out_again(told: Told) -> None:
    async with receiver("410") as there, told.courier() as courier, wire(told, courier) as http:
        endpoint = await told.endpoint(there.url)
        await told.capture("WEB-1")
        await told.until(endpoint, "failed")
        there.manner = "200"
        await http.post(f"/api/webhooks/endpoints/{endpoint}/on")
        at = f"/api/webhooks/endpoints/{endpoint}/replay"
        assert (await http.post(at, json={"since": "2026-11-24T07:00:00"})).json()["code"] == "invalid"
        assert (await http.post(at, json={"since": "2026-11-24T07:00:00Z"})).json() == {"count": 1}
        await told.until(endpoint, "delivered")
        await told.capture("WEB-2", "WEB-3")
        await told.until(endpoint, "delivered", 3)
        first = (await http.get("/api/webhooks/deliveries", params={"limit": 2})).json()
        second = (await http.get("/api/webhooks/deliveries", params={"limit": 2, "after": first["next"]})).json()
        assert [len(first["items"]), len(second["items"]), second["next"]] == [2, 1, None]
        one = first["items"][0]["id"]
        assert (await http.post(f"/api/webhooks/deliveries/{one}/replay")).status_code == 200
        await there.until(5)
        narrowed = {"endpoint": str(new_id()), "state": "failed"}
        assert (await http.get("/api/webhooks/deliveries", params=narrowed)).json()["items"] == []
        assert (await http.get("/api/webhooks/deliveries", params={"state": "lost"})).json()["code"] == "invalid"
        assert (await http.get(f"/api/webhooks/deliveries/{new_id()}")).json()["code"] == "delivery_unknown"
