"""Why: each kind of channel is told in its own documented calls; what came of them is one answer, as of any webhook.

What the channel knows already is asked first, so that whoever repeats a delivery says nothing twice.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, Final, TypeVar
from urllib.parse import quote

import msgspec
import structlog

from server.db.database import Database
from server.db.errors import is_passing
from server.integrations.rules import backs as rules
from server.integrations.rules import channels as proofs
from server.integrations.rules.backs import (
    FulfillmentOrders,
    Fulfillments,
    Note,
    Plan,
    ShopOrderPage,
    Transactions,
)
from server.integrations.rules.webhooks import Answer
from server.integrations.sender import Sender
from server.integrations.service import backs as service
from server.integrations.service.backs import Unspoken
from server.integrations.service.deliveries import Claimed

T = TypeVar("T")

LONGEST: Final = 2_000_000
"""Bytes of an answer that are read where it says what the channel knows."""
CANNOT: Final = "shop_cannot_cancel"


class _No(Exception):
    """A call that was no success ends the others."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.reason)
        self.answer = answer


class BackCaller:
    """Tells channels what became of their orders."""

    def __init__(self, db: Database, sender: Sender) -> None:
        self._db = db
        self._sender = sender

    async def tell(self, claimed: Claimed) -> Answer:
        """Says it, and gives what came of it; nothing to be said is well said."""
        assert claimed.channel is not None
        try:
            plan = await self._db.read(partial(service.plan, channel=claimed.channel, body=claimed.body))
            return await _WAYS[plan.kind](self, plan, claimed)
        except Unspoken as unspoken:
            return Answer(None, "", unspoken.reason)
        except _No as no:
            return no.answer
        except Exception as error:
            if is_passing(error):
                raise
            _log().error("channel_not_told", delivery=str(claimed.delivery), exc_info=error)
            return Answer(None, "went_wrong")

    # --- Shopify

    async def shopify(self, plan: Plan, _claimed: Claimed) -> Answer:
        """What has shipped is fulfilled there, what was called off is cancelled there."""
        at = f"{plan.url}/admin/api/{rules.SHOPIFY}"
        order = f"{at}/orders/{quote(plan.subject, safe='')}"
        headers = {"X-Shopify-Access-Token": plan.token, "Accept": "application/json"}
        if plan.type == "order.cancelled":
            return await self._cancel(plan, order, headers)
        return await self._fulfil(plan, at, order, headers)

    async def _fulfil(self, plan: Plan, at: str, order: str, headers: Mapping[str, str]) -> Answer:
        """A fulfilment for each parcel that the shop does not know, of the fulfilment orders that are open."""
        known = await self._get(f"{order}/fulfillments.json", headers, Fulfillments)
        orders = await self._get(f"{order}/fulfillment_orders.json", headers, FulfillmentOrders)
        bodies = rules.fulfilments(plan, known.fulfillments, orders.fulfillment_orders)
        if not bodies and not rules.is_told(plan, known.fulfillments):
            return Answer(200, "nothing_to_fulfil", well=True)
        answer = Answer(200, "")
        for body in bodies:
            answer = await self._say("POST", f"{at}/fulfillments.json", headers, body)
        return answer

    async def _cancel(self, plan: Plan, order: str, headers: Mapping[str, str]) -> Answer:
        """Cancelled, unless it is; what stands in the way there is for a person.

        The shop cancels an order whole. What has left is not called off there, though it may not know of it yet.
        """
        if await self._is_cancelled(order, headers):
            return Answer(200, "")
        if plan.shipped:
            return Answer(None, CANNOT, well=True)
        money = (await self._get(f"{order}/transactions.json", headers, Transactions)).transactions
        body = msgspec.json.encode(rules.cancellation(plan, money))
        answer, _ = await self._sender.call("POST", f"{order}/cancel.json", headers, body)
        if answer.status != rules.UNPROCESSABLE:
            return answer
        if await self._is_cancelled(order, headers):
            return Answer(200, "")
        return msgspec.structs.replace(answer, reason=CANNOT, well=True)

    async def _is_cancelled(self, order: str, headers: Mapping[str, str]) -> bool:
        found = await self._get(f"{order}.json", headers, ShopOrderPage)
        return found.order.cancelled_at is not None

    # --- WooCommerce

    async def woocommerce(self, plan: Plan, _claimed: Claimed) -> Answer:
        """A note for what was shipped, the status where it follows ours: what has left in part is not cancelled."""
        at = f"{plan.url}/wp-json/wc/v3/orders/{quote(plan.subject, safe='')}"
        proof = b64encode(f"{plan.user}:{plan.token}".encode()).decode()
        headers = {"Authorization": f"Basic {proof}", "Accept": "application/json"}
        if plan.type == "shipment.closed":
            notes = await self._get(f"{at}/notes", headers, list[Note])
            parcels = rules.untold(plan, notes)
            return (
                await self._say("POST", f"{at}/notes", headers, rules.note(plan, parcels))
                if parcels
                else Answer(200, "")
            )
        status = rules.STATUSES.get(plan.status)
        if status is None or plan.shipped:
            return Answer(None, "", "status_not_theirs")
        return await self._say("PUT", at, headers, {"status": status})

    # --- a channel of its own JSON

    async def json(self, plan: Plan, claimed: Claimed) -> Answer:
        """The message itself, signed as the channel signs."""
        assert claimed.channel is not None
        how = await self._db.read(partial(service.signature, channel=claimed.channel))
        proof = how.prefix + proofs.digest(plan.token, claimed.body, how.encoding)
        headers = {how.header: proof, **({how.delivery: claimed.message} if how.delivery else {})}
        return await self._sender.post(plan.url, headers, claimed.body)

    # --- one call

    async def _get(self, url: str, headers: Mapping[str, str], kind: type[T]) -> T:
        answer, body = await self._sender.call("GET", url, headers, most=LONGEST)
        if answer.reason:
            raise _No(answer)
        try:
            return msgspec.json.decode(body, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise _No(msgspec.structs.replace(answer, reason="answer_unreadable")) from None

    async def _say(self, method: str, url: str, headers: Mapping[str, str], body: Mapping[str, Any]) -> Answer:
        answer, _ = await self._sender.call(method, url, headers, msgspec.json.encode(body))
        if answer.reason:
            raise _No(answer)
        return answer


_WAYS: Final[Mapping[str, Callable[[BackCaller, Plan, Claimed], Awaitable[Answer]]]] = {
    "shopify": BackCaller.shopify,
    "woocommerce": BackCaller.woocommerce,
    "json": BackCaller.json,
}


def _log() -> structlog.stdlib.BoundLogger:
    logger: structlog.stdlib.BoundLogger = structlog.get_logger("pickwave.channels")
    return logger
