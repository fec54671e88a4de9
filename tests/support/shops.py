"""Stand-ins for the APIs of Shopify and WooCommerce, written by us after their documentation, on a real socket.

They check each call as the shops do (address, key, fields) and keep what was really done.
"""

from __future__ import annotations

import asyncio
import json
import re
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

TOKEN = "shpat_0123456789"
KEY, KEY_SECRET = "ck_0123", "cs_4567"


class _No(Exception):
    def __init__(self, status: int, body: Any) -> None:
        super().__init__(str(status))
        self.status, self.body = status, body


@dataclass
class FakeShop:
    """`broken`: the next calls are answered so, whatever they are; `lost`: the next write is done and cut off."""

    calls: list[tuple[str, str, Any]] = field(default_factory=list)
    broken: list[tuple[int, str]] = field(default_factory=list)
    lost: bool = False
    port: int = 0

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    def answer(self, method: str, path: str, headers: dict[str, str], body: Any) -> Any:
        raise NotImplementedError

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, one call."""
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in head[1:] if line)}
            raw = await reader.readexactly(int(headers.get("content-length", "0")))
            method, path, _ = head[0].split(" ")
            await self._say(writer, method, path, headers, json.loads(raw) if raw else None)
        writer.close()

    async def _say(
        self, writer: asyncio.StreamWriter, method: str, path: str, headers: dict[str, str], body: Any
    ) -> None:
        self.calls.append((method, path, body))
        more = ""
        try:
            if self.broken:
                status, more = self.broken.pop(0)
                raise _No(status, {"errors": "not now"})
            status, said = 200 if method != "POST" else 201, self.answer(method, path, headers, body)
        except _No as no:
            status, said = no.status, no.body
        if self.lost and method != "GET":
            self.lost = False
            return
        text = json.dumps(said).encode()
        head = f"HTTP/1.1 {status} X\r\n{more}Content-Type: application/json\r\nContent-Length: {len(text)}\r\n\r\n"
        writer.write(head.encode() + text)
        await writer.drain()


@dataclass
class FakeShopify(FakeShop):
    """One order of a Shopify shop: units by line item, in fulfilment orders by location."""

    order: int = 5940139491234
    open: dict[int, dict[int, int]] = field(default_factory=dict)
    """Location → line item → units that wait there."""
    fulfilments: list[dict[str, Any]] = field(default_factory=list)
    money: list[dict[str, Any]] = field(default_factory=list)
    cancelled: dict[str, Any] = field(default_factory=dict)
    """What was said when it was cancelled."""
    raced: bool = False
    """Somebody there cancels it just before the call that would."""

    def paid(self, amount: str, *, kind: str = "sale", manual: bool = False, currency: str = "EUR") -> None:
        """Money moved there."""
        self.money.append({
            "id": 389404469 + len(self.money), "order_id": self.order, "kind": kind, "status": "success",
            "gateway": "Bank Deposit" if manual else "shopify_payments", "amount": amount, "currency": currency,
            "manual_payment_gateway": manual,
        })  # fmt: skip

    def cancel(self, **said: Any) -> None:
        """It is cancelled, by whomever."""
        self.cancelled = {"reason": "other", **said}

    def answer(self, method: str, path: str, headers: dict[str, str], body: Any) -> Any:
        if headers.get("x-shopify-access-token") != TOKEN:
            raise _No(401, {"errors": "[API] Invalid API key or access token"})
        found = re.fullmatch(r"/admin/api/(\d{4}-\d\d)/(.+)\.json", path)
        if found is None:
            raise _No(404, {"errors": "Not Found"})
        asked = (method, found[2])
        if asked == ("GET", f"orders/{self.order}"):
            return {"order": self._shown()}
        if asked == ("GET", f"orders/{self.order}/transactions"):
            return {"transactions": self.money}
        if asked == ("POST", f"orders/{self.order}/cancel"):
            return {"order": self._cancel(body)}
        if asked == ("GET", f"orders/{self.order}/fulfillments"):
            return {"fulfillments": self.fulfilments}
        if asked == ("GET", f"orders/{self.order}/fulfillment_orders"):
            return {"fulfillment_orders": [self._order(location) for location in self.open]}
        if asked == ("POST", "fulfillments"):
            return {"fulfillment": self._fulfil(body)}
        raise _No(404, {"errors": "Not Found"})

    def _shown(self) -> dict[str, Any]:
        return {"id": self.order, "name": "#1042", "currency": "EUR",
                "cancelled_at": "2026-12-01T10:00:00+01:00" if self.cancelled else None,
                "cancel_reason": self.cancelled.get("reason")}  # fmt: skip

    def _cancel(self, body: Any) -> dict[str, Any]:
        if set(body) - {"amount", "currency", "email", "reason", "refund", "restock"}:
            raise _No(400, {"errors": f"fields {sorted(body)}"})
        if body.get("reason", "other") not in ("customer", "inventory", "fraud", "declined", "other"):
            raise _No(422, {"errors": {"reason": ["is not included in the list"]}})
        if self.raced:
            self.cancel()
        if self.cancelled:
            raise _No(422, {"errors": "Order has already been canceled"})
        if self.fulfilments and self.money:
            raise _No(422, {"errors": "Cannot cancel a paid and fulfilled order"})
        if "amount" in body:
            self.paid(body["amount"], kind="refund", currency=body["currency"])
        self.cancel(**body)
        return self._shown()

    def _order(self, location: int) -> dict[str, Any]:
        lines = [
            {"id": 10_000 * location + line % 1000, "shop_id": 1, "fulfillment_order_id": 500 + location,
             "quantity": units, "line_item_id": line, "inventory_item_id": 1, "fulfillable_quantity": units,
             "variant_id": 1}
            for line, units in self.open[location].items()
        ]  # fmt: skip
        status = "open" if any(self.open[location].values()) else "closed"
        return {"id": 500 + location, "order_id": self.order, "assigned_location_id": location, "status": status,
                "request_status": "unsubmitted", "line_items": lines}  # fmt: skip

    def _fulfil(self, body: Any) -> dict[str, Any]:
        said = body["fulfillment"]
        if set(said) != {"line_items_by_fulfillment_order", "tracking_info", "notify_customer"}:
            raise _No(400, {"errors": f"fields {sorted(said)}"})
        if set(said["tracking_info"]) - {"number", "company", "url"} or not said["tracking_info"]["number"]:
            raise _No(400, {"errors": "tracking_info"})
        shipped, locations = [], set()
        for each in said["line_items_by_fulfillment_order"]:
            location = each["fulfillment_order_id"] - 500
            locations.add(location)
            for line in each["fulfillment_order_line_items"]:
                item = next(i for i in self.open[location] if 10_000 * location + i % 1000 == line["id"])
                if not 0 < line["quantity"] <= self.open[location][item]:
                    raise _No(422, {"errors": ["Invalid fulfillment order line item quantity requested."]})
                shipped.append((location, item, line["quantity"]))
        if len(locations) != 1:
            raise _No(422, {"errors": ["All fulfillment orders must be assigned to the same location."]})
        for location, item, units in shipped:
            self.open[location][item] -= units
        made = {
            "id": 255858046 + len(self.fulfilments), "order_id": self.order, "status": "success",
            "tracking_company": said["tracking_info"].get("company"),
            "tracking_number": said["tracking_info"]["number"],
            "line_items": [{"id": item, "quantity": units} for _, item, units in shipped],
        }  # fmt: skip
        self.fulfilments.append(made)
        return made


@dataclass
class FakeWoo(FakeShop):
    """One order of a WooCommerce shop."""

    order: int = 727
    status: str = "processing"
    notes: list[dict[str, Any]] = field(default_factory=list)

    def answer(self, method: str, path: str, headers: dict[str, str], body: Any) -> Any:
        if headers.get("authorization") != "Basic " + b64encode(f"{KEY}:{KEY_SECRET}".encode()).decode():
            raise _No(401, {"code": "woocommerce_rest_cannot_view", "message": "…", "data": {"status": 401}})
        at = f"/wp-json/wc/v3/orders/{self.order}"
        if (method, path) == ("GET", f"{at}/notes"):
            return self.notes
        if (method, path) == ("POST", f"{at}/notes") and set(body) <= {"note", "customer_note", "added_by_user"}:
            self.notes.append({"id": 281 + len(self.notes), "author": "system", **body})
            return self.notes[-1]
        if (method, path) == ("PUT", at) and set(body) == {"status"}:
            self.status = body["status"]
            return {"id": self.order, "status": self.status}
        raise _No(404, {"code": "rest_no_route", "message": "…", "data": {"status": 404}})


@asynccontextmanager
async def opened(shop: FakeShop) -> AsyncIterator[FakeShop]:
    """The shop on a free port."""
    server = await asyncio.start_server(shop.serve, "127.0.0.1", 0)
    shop.port = server.sockets[0].getsockname()[1]
    try:
        yield shop
    finally:
        server.close()
