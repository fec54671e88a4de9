"""Channels as they are over there: each signs what it sends as its platform documents it; and our people too."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import msgspec

from server.db.work import Actor
from server.integrations.addresses import Places
from server.integrations.api import channels as channels_api
from server.integrations.api import incoming as incoming_api
from server.integrations.channel_worker import ChannelWorker
from server.integrations.rules.channels import Settings, Way
from server.integrations.schemas.channels import Incoming, PutChannel
from server.integrations.sender import Sender
from server.integrations.service import channels as service
from server.integrations.store import channels as store
from server.integrations.webhook_worker import Courier
from server.orders.schemas.pages import OrderPage
from tests.support.shop import Shop
from tests.support.wire import client

DATA = Path(__file__).parents[1] / "integrations/data"
SECRET = "shpss_0123456789abcdef"
HERE = Places(["127.0.0.0/8"], http=True)
PARCEL = Settings(service="nordpost-parcel")


def sample(name: str) -> dict[str, Any]:
    """A body written after a platform's documentation."""
    found: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text("utf-8"))
    return found


def way(settings: Settings = PARCEL, *services: str) -> Way:
    """How a channel's orders are read."""
    return Way("shop", settings, frozenset({"nordpost-parcel", "blitz-express", *services}))


def proof(body: bytes, secret: str = SECRET) -> str:
    """HMAC-SHA256 in base64, as Shopify and WooCommerce have it."""
    return b64encode(hmac.digest(secret.encode(), body, hashlib.sha256)).decode()


def shopify_headers(body: bytes, delivery: str, topic: str, secret: str = SECRET) -> dict[str, str]:
    """What Shopify sends with a body."""
    return {
        "X-Shopify-Hmac-Sha256": proof(body, secret), "X-Shopify-Topic": topic, "X-Shopify-Webhook-Id": delivery,
        "X-Shopify-Shop-Domain": "heide.myshopify.com", "X-Shopify-Triggered-At": "2026-11-24T08:30:01.123Z",
        "X-Shopify-API-Version": "2026-07", "X-Shopify-Event-Id": "98880550-1", "Content-Type": "application/json",
    }  # fmt: skip


def woocommerce_headers(body: bytes, delivery: str, topic: str, secret: str = SECRET) -> dict[str, str]:
    """What WooCommerce sends with a body."""
    resource, event = topic.split(".")
    return {
        "X-WC-Webhook-Source": "https://heide.example.com/", "X-WC-Webhook-Topic": topic,
        "X-WC-Webhook-Resource": resource, "X-WC-Webhook-Event": event, "X-WC-Webhook-Signature": proof(body, secret),
        "X-WC-Webhook-ID": "7", "X-WC-Webhook-Delivery-ID": delivery, "Content-Type": "application/json",
    }  # fmt: skip


def json_headers(body: bytes, delivery: str, _topic: str, secret: str = SECRET) -> dict[str, str]:
    """What a channel of its own sends: hexadecimal, as set up by default."""
    return {"X-Signature": hmac.new(secret.encode(), body, hashlib.sha256).hexdigest(), "X-Delivery-Id": delivery}


HEADERS = {"shopify": shopify_headers, "woocommerce": woocommerce_headers, "json": json_headers}


@dataclass
class Channel:
    """A channel over there by its kind, and our people."""

    shop: Shop
    http: httpx.AsyncClient
    kind: str
    worker: ChannelWorker = field(init=False)
    sent: int = 0

    def __post_init__(self) -> None:
        self.worker = ChannelWorker(self.shop.db)

    async def post(self, body: bytes, topic: str = "", delivery: str = "") -> httpx.Response:
        """Sends a body, each time under another id where none is said."""
        self.sent += 1
        headers = HEADERS[self.kind](body, delivery or f"delivery-{self.sent}", topic)
        return await self.http.post(f"/api/integrations/{self.kind}/shop", content=body, headers=headers)

    async def send(self, body: dict[str, Any] | bytes, topic: str = "", delivery: str = "") -> Incoming:
        """Sends it and lets it be dealt with; what became of it."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        answer = await self.post(raw, topic, delivery)
        assert answer.status_code == 200, answer.text
        await self.work()
        shown = (await self.http.get(f"/api/integrations/incoming/{answer.json()['id']}")).json()["incoming"]
        return msgspec.convert(shown, Incoming)

    async def work(self) -> None:
        """Everything that came is dealt with."""
        while await self.worker.step():
            pass

    async def came(self) -> list[Incoming]:
        """The newest first."""
        return await self.shop.db.read(partial(store.page, before=None, channel=None, state=None, most=50))

    async def order(self) -> OrderPage:
        """The only order that came of it."""
        (found,) = {each.order for each in await self.came()} - {None}
        assert found is not None
        return await self.shop.page(found)

    async def set_up(self, settings: Settings, version: int | None = None) -> None:
        """How it is understood from now on."""
        body = PutChannel(kind=self.kind, settings=settings, secret=SECRET, version=version)  # type: ignore[arg-type]
        await self.shop.do(partial(service.put, code="shop", body=body))


@asynccontextmanager
async def channel(shop: Shop, kind: str, settings: Settings = PARCEL) -> AsyncIterator[Channel]:
    """A channel `shop` of this kind that is set up."""
    routers = [channels_api.router, channels_api.checkouts_router, incoming_api.router]
    courier = Courier(shop.db, shop.clock, Sender(HERE, shop.clock))
    async with client(shop.db, routers, Actor(name="Ida"), clock=shop.clock, courier=courier) as http:
        opened = Channel(shop, http, kind)
        await opened.set_up(settings)
        yield opened
