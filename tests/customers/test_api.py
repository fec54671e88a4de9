"""Customers over the wire: read by who may read, changed by who may change."""

from __future__ import annotations

from server.customers import api
from server.fanout.table import CUSTOMER_SECTIONS
from server.orders.api import orders as orders_api
from tests.support.shop import DESK, Shop, order
from tests.support.wire import client


async def test_a_customers_page_has_their_orders_a_page_at_a_time(shop: Shop) -> None:
    for reference in ("A", "B", "C"):
        await shop.capture(order(reference, [("HONEY", 1, 500)], method="prepaid", token=""))
    async with client(shop.db, [api.router, orders_api.router], DESK, customer_sections=CUSTOMER_SECTIONS) as http:
        (found,) = (await http.get("/api/customers?q=souza")).json()["items"]
        at = f"/api/customers/{found['id']}"
        page = (await http.get(at)).json()
        assert (page["customer"], page["notes"]) == (found, [])
        assert (page["more"]["orders"]["orders"], page["more"]["money"]["account"]) == (3, None)
        first = (await http.get(f"/api/orders?customer={found['id']}&limit=2")).json()
        rest = (await http.get(f"/api/orders?customer={found['id']}&limit=2&after={first['next']}")).json()
        assert [each["external_ref"] for each in first["items"] + rest["items"]] == ["C", "B", "A"]
        note = (await http.post(f"{at}/notes", json={"text": "Likes honey."})).json()
        assert (await http.get(f"{at}/notes?limit=1")).json()["items"] == [note]
        assert (await http.put(f"{at}/notes/{note['id']}", json={"text": " "})).status_code == 422
        assert (await http.delete(f"{at}/notes/{note['id']}")).status_code == 204
        said = {"name": "Ana", "email": "", "phone": "", "language": "de", "wish": "none"}
        wrong = await http.put(at, json=said)
        assert (wrong.status_code, [fault["field"] for fault in wrong.json()["faults"]]) == (422, ["email"])
        missing = f"/api/customers/{note['id']}"
        for answer in (await http.get(missing), await http.get(f"{missing}/notes"), await http.put(missing, json=said)):
            assert (answer.status_code, answer.json()["code"]) == (404, "customer_unknown")
