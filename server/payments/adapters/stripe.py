"""Why: Stripe as a gateway: PaymentIntents that are captured by hand, over its documented HTTP interface.

Each call carries our key as `Idempotency-Key` and in the object's metadata: by the first Stripe does nothing twice, by
the second we find what became of a call whose answer was lost, however long ago. A stored 500 is no answer: we look
what came of it, and only where nothing did do we ask again, under the next key.

A PaymentIntent can be captured once, what is left is let go; where the account and the card allow more
(`multicapture`), parts are taken without ending it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from typing import Any, Final, TypeVar
from uuid import UUID

import httpx
import msgspec

from server.payments.adapters.signature import prove
from server.payments.port import (
    Answer,
    Booked,
    Books,
    Call,
    Declined,
    GatewayRefuses,
    GatewayTimeout,
    Gone,
    Heard,
    News,
    NotProved,
    Pending,
    Succeeded,
)

T = TypeVar("T")

API_VERSION: Final = "2025-09-30.clover"
"""What its answers look like is bound to this; Stripe keeps old versions."""
PATIENCE: Final = 4.5
"""Seconds; shorter than the worker's, so that a connection is not left behind."""
KEYS: Final = 3
"""So often a call is made under a new key after a stored 500 that left nothing behind."""
PAGE: Final = 100
EARLIER: Final = timedelta(minutes=5)
"""By so much its clock may be behind ours."""
HEADER: Final = "Stripe-Signature"
OURS: Final = "pickwave_key"

_TIMES: Final[Mapping[str, tuple[int, int]]] = {"ISK": (100, 1), "UGX": (100, 1), "MGA": (1, 100)}
"""Currencies whose smallest unit is another one there than in ISO 4217: ours × first / second."""
_PAYMENT_NEWS: Final = "payment_intent."
_REFUND_NEWS: Final = frozenset({"refund.created", "refund.updated", "refund.failed", "charge.refund.updated"})
_CHARGE_NEWS: Final = frozenset(
    {"charge.captured", "charge.expired", "charge.failed", "charge.refunded", "charge.succeeded", "charge.updated"}
)


class StripeGateway:
    """Stripe behind `url`, for the account of this secret key. `transport`: another way than the network."""

    name = "stripe"

    def __init__(
        self, url: str, key: str, webhook_secret: str = "", *, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._webhook_secret = webhook_secret
        self._client = httpx.AsyncClient(
            base_url=url,
            transport=transport,
            trust_env=False,
            follow_redirects=False,
            timeout=PATIENCE,
            headers={
                "Authorization": f"Bearer {key}",
                "Stripe-Version": API_VERSION,
                "User-Agent": f"Pickwave/{version('pickwave')}",
            },
        )

    def listen(self, heard: Heard) -> None:
        """Each call is answered once; what comes later comes as news."""

    async def close(self) -> None:
        """Ends every call."""
        await self._client.aclose()

    # --- what it is asked

    async def authorise(self, call: Call) -> Answer:
        """A PaymentIntent that is confirmed at once and captured later."""
        amount = _theirs(call)
        if amount is None:
            return Declined("amount_not_payable")
        customer, _, method = call.token.rpartition("/")
        form = {
            "amount": amount, "currency": call.currency.lower(), "capture_method": "manual", "confirm": "true",
            "off_session": "true", "payment_method": method, "payment_method_types[]": "card",
            "payment_method_options[card][request_multicapture]": "if_available", f"metadata[{OURS}]": call.key,
            "expand[]": "latest_charge", **({"customer": customer} if customer else {}),
        }  # fmt: skip
        found = await self._do(call, "/v1/payment_intents", form)
        return found if isinstance(found, Declined) else _authorised(found)

    async def reauthorise(self, call: Call) -> Answer:
        """The same: another PaymentIntent. The means must be kept with a customer there, else Stripe says no."""
        return await self.authorise(call)

    async def capture(self, call: Call) -> Answer:
        """Takes an amount; with `last` whatever is left of the authorisation is let go by Stripe."""
        amount = _theirs(call)
        if amount is None:
            return Declined("amount_not_payable")
        form: dict[str, Any] = {"amount_to_capture": amount, f"metadata[{_taken_by(call)}]": amount}
        if not call.last:
            form["final_capture"] = "false"
        found = await self._do(call, f"/v1/payment_intents/{call.reference}/capture", form)
        return found if isinstance(found, Declined) else Succeeded(found.id)

    async def void(self, call: Call) -> Answer:
        """Cancels what is not captured of a PaymentIntent."""
        found = await self._do(call, f"/v1/payment_intents/{call.reference}/cancel", {})
        if isinstance(found, Declined) and found.reason == "payment_intent_unexpected_state":
            return await self.status(call) or found
        return found if isinstance(found, Declined) else Succeeded(found.id)

    async def refund(self, call: Call) -> Answer:
        """Gives back of what a PaymentIntent took."""
        amount = _theirs(call)
        if amount is None:
            return Declined("amount_not_payable")
        form = {
            "payment_intent": call.reference, "amount": amount, "reason": "requested_by_customer",
            f"metadata[{OURS}]": call.key,
        }  # fmt: skip
        found = await self._do(call, "/v1/refunds", form)
        return found if isinstance(found, Declined) else _refunded(found)

    async def status(self, call: Call) -> Answer | None:
        """What became of a call, by its key in the metadata: lists are right at once, the search there is not."""
        if call.kind == "refund":
            async for refund in self._listed("/v1/refunds", {"payment_intent": call.reference}):
                if refund.metadata.get(OURS) == call.key:
                    return _refunded(refund)
            return None
        found = await self._payment(call)
        if found is None:
            return None
        if call.kind == "capture":
            return Succeeded(found.id) if _taken_by(call) in found.metadata else None
        if call.kind == "void":
            return Succeeded(found.id) if found.status in ("canceled", "succeeded") else None
        return _authorised(found)

    async def books(self, since: datetime, until: datetime, after: str | None) -> Books:
        """The PaymentIntents of this time, the newest first, with what became of each."""
        asked = {
            "created[gte]": _seconds(since), "created[lt]": _seconds(until), "limit": PAGE,
            "expand[]": "data.latest_charge", **({"starting_after": after} if after else {}),
        }  # fmt: skip
        page = _list(await self._get("/v1/payment_intents", asked))
        return Books(tuple(map(_booked, page.data)), page.data[-1].id if page.has_more and page.data else None)

    async def booked(self, call: Call) -> Booked | None:
        """The PaymentIntent that this call made."""
        found = await self._payment(call)
        return None if found is None else _booked(found)

    def news(self, headers: Mapping[str, str], body: bytes, now: datetime) -> News:
        """An event as its webhook brings it. Only ids are read of it."""
        prove(self._webhook_secret, headers.get(HEADER, ""), body, now)
        try:
            event = msgspec.json.decode(body, type=_Event)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise NotProved("it is signed, and cannot be read") from error
        about, kind = event.data.object, event.type
        references: tuple[str, ...] = ()
        if kind.startswith(_PAYMENT_NEWS):
            references = (about.id,)
        elif kind in _CHARGE_NEWS or kind in _REFUND_NEWS:
            references = tuple(filter(None, (about.payment_intent,)))
        else:
            return News(event.id, kind)
        keys = (about.metadata[OURS],) if about.metadata.get(OURS) else ()
        return News(event.id, kind, True, keys, references)

    # --- how it is asked

    async def _do(self, call: Call, path: str, form: Mapping[str, Any]) -> _Object | Declined:
        """A POST under our key. After a stored 500 that left nothing behind, under the next one."""
        for number in range(KEYS):
            key = call.key if not number else f"{call.key}-{number + 1}"
            response = await self._send("POST", path, data=form, headers={"Idempotency-Key": key})
            if response.status_code < 500:
                return _said(response)
            if response.headers.get("Idempotent-Replayed") != "true" or await self._came_of(call):
                break
        raise GatewayTimeout(f"{call.kind} {call.key}: status {response.status_code}")

    async def _came_of(self, call: Call) -> bool:
        return await self.status(call) is not None

    async def _payment(self, call: Call) -> _Object | None:
        """The PaymentIntent that a call made or is about."""
        if call.reference:
            response = await self._send(
                "GET", f"/v1/payment_intents/{call.reference}", params={"expand[]": "latest_charge"}
            )
            return None if response.status_code == 404 else _object(_right(response))
        asked = {"created[gte]": _seconds(call.at - EARLIER), "expand[]": "data.latest_charge"}
        async for found in self._listed("/v1/payment_intents", asked):
            if found.metadata.get(OURS) == call.key:
                return found
        return None

    async def _listed(self, path: str, asked: Mapping[str, Any]) -> AsyncIterator[_Object]:
        after: dict[str, str] = {}
        while True:
            page = _list(await self._get(path, {**asked, "limit": PAGE, **after}))
            for each in page.data:
                yield each
            if not page.has_more or not page.data:
                return
            after = {"starting_after": page.data[-1].id}

    async def _get(self, path: str, asked: Mapping[str, Any]) -> bytes:
        return _right(await self._send("GET", path, params=asked))

    async def _send(self, method: str, path: str, **options: Any) -> httpx.Response:
        """One request; GatewayTimeout without an answer that says anything, GatewayRefuses where we may not ask."""
        try:
            response = await self._client.request(method, path, **options)
        except httpx.TransportError as error:
            raise GatewayTimeout(f"{method} {path}: {type(error).__name__}") from error
        if response.status_code in (401, 403):
            raise GatewayRefuses(f"{method} {path}: status {response.status_code}")
        if response.status_code in (409, 429):  # the same key is being worked at, or too much at once
            raise GatewayTimeout(f"{method} {path}: status {response.status_code}")
        return response


# --- what it answers -----------------------------------------------------------------------------------------------


class _Multicapture(msgspec.Struct, frozen=True):
    status: str = ""


class _Card(msgspec.Struct, frozen=True):
    capture_before: int | None = None
    multicapture: _Multicapture | None = None


class _Details(msgspec.Struct, frozen=True):
    card: _Card | None = None


class _Charge(msgspec.Struct, frozen=True):
    amount: int = 0
    amount_captured: int = 0
    amount_refunded: int = 0
    payment_method_details: _Details | None = None


class _Error(msgspec.Struct, frozen=True):
    type: str = ""
    code: str = ""
    decline_code: str = ""


class _Object(msgspec.Struct, frozen=True):
    """A PaymentIntent, a refund or what an event is about: of each what we need."""

    id: str
    status: str = ""
    amount: int = 0
    amount_received: int = 0
    currency: str = ""
    created: int = 0
    payment_intent: str | None = None
    failure_reason: str | None = None
    latest_charge: _Charge | str | None = None
    last_payment_error: _Error | None = None
    metadata: dict[str, str] = {}

    @property
    def charge(self) -> _Charge:
        """Its charge, where it was asked for and is there."""
        return self.latest_charge if isinstance(self.latest_charge, _Charge) else _Charge()


class _Refused(msgspec.Struct, frozen=True):
    error: _Error = _Error()


class _List(msgspec.Struct, frozen=True):
    data: list[_Object]
    has_more: bool = False


class _Data(msgspec.Struct, frozen=True):
    object: _Object


class _Event(msgspec.Struct, frozen=True):
    id: str
    type: str
    data: _Data


def _said(response: httpx.Response) -> _Object | Declined:
    """What a call came to: what it made, or a no. ValueError for one that can only be a bug of ours."""
    if response.status_code < 400:
        return _object(_right(response))
    error = _decoded(response.content, _Refused).error
    if error.type == "idempotency_error":
        raise ValueError("an idempotency key was used for another call")
    return Declined(error.decline_code or error.code or error.type or f"status {response.status_code}")


def _right(response: httpx.Response) -> bytes:
    if response.status_code >= 400:
        raise GatewayTimeout(f"status {response.status_code}")
    return response.content


def _object(body: bytes) -> _Object:
    return _decoded(body, _Object)


def _list(body: bytes) -> _List:
    return _decoded(body, _List)


def _decoded(body: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise GatewayTimeout(f"an answer that cannot be read: {type(error).__name__}") from error


def _authorised(found: _Object) -> Answer:
    match found.status:
        case "requires_capture" | "succeeded":
            card = _card(found)
            until = None if card.capture_before is None else datetime.fromtimestamp(card.capture_before, UTC)
            return Succeeded(found.id, until, _is_many(found))
        case "processing":
            return Pending(found.id)
        case "canceled":
            return Gone("authorisation expired")
    error = found.last_payment_error or _Error()
    return Declined(error.decline_code or error.code or "authentication_required")


def _refunded(refund: _Object) -> Answer:
    match refund.status:
        case "succeeded":
            return Succeeded(refund.id)
        case "failed" | "canceled":
            return Gone(refund.failure_reason or "refund_failed")
    return Pending(refund.id)


def _card(found: _Object) -> _Card:
    details = found.charge.payment_method_details
    return _Card() if details is None or details.card is None else details.card


def _is_many(found: _Object) -> bool:
    multicapture = _card(found).multicapture
    return multicapture is not None and multicapture.status == "available"


def _booked(found: _Object) -> Booked:
    currency, charge = found.currency.upper(), found.charge
    state = {"requires_capture": "open", "succeeded": "closed", "canceled": "closed"}.get(found.status, "declined")
    # What was set aside and not taken counts there as given back, once it is over.
    let_go = charge.amount - charge.amount_captured if state == "closed" else 0
    return Booked(
        reference=found.id, currency=currency, state=state,  # type: ignore[arg-type]
        authorised_minor=_ours(found.amount, currency), captured_minor=_ours(found.amount_received, currency),
        refunded_minor=_ours(max(charge.amount_refunded - let_go, 0), currency), key=found.metadata.get(OURS),
        at=datetime.fromtimestamp(found.created, UTC),
    )  # fmt: skip


def _theirs(call: Call) -> int | None:
    """An amount in the unit that Stripe counts this currency in; None where it has no such amount."""
    times, by = _TIMES.get(call.currency, (1, 1))
    amount, rest = divmod(call.amount_minor * times, by)
    return None if rest else amount


def _ours(amount: int, currency: str) -> int:
    times, by = _TIMES.get(currency, (1, 1))
    return amount * by // times


def _taken_by(call: Call) -> str:
    """The name of a capture in the metadata: 40 characters are the most that Stripe takes."""
    return f"capture_{UUID(call.key).hex}"


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
