"""A stand-in for Stripe, written by us after its documentation: what it takes, refuses, stores and tells.

It checks each request as Stripe does (key, version, parameters, idempotency) and keeps books of what was really done.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

import httpx

from server.core.clock import Clock
from server.payments.adapters.signature import signed

KEY = "sk_test_0123456789"
SECRET = "whsec_0123456789"
VALID = timedelta(days=7)

CREATE = {
    "amount", "currency", "capture_method", "confirm", "off_session", "payment_method", "payment_method_types[]",
    "payment_method_options[card][request_multicapture]", "metadata[pickwave_key]", "expand[]", "customer",
}  # fmt: skip
NEEDED = {"amount", "currency", "capture_method", "confirm", "payment_method"}
REFUND = {"payment_intent", "amount", "reason", "metadata[pickwave_key]"}
LIST = {"created[gte]", "created[lt]", "limit", "starting_after", "expand[]", "payment_intent"}

DECLINES = {"pm_declined": ("card_declined", "insufficient_funds"), "pm_asks": ("authentication_required", "")}


class _No(Exception):
    def __init__(self, status: int, kind: str, code: str = "", **more: Any) -> None:
        super().__init__(code)
        self.status = status
        self.body = {"error": {"type": kind, "code": code, "message": "…", **more}}


@dataclass
class FakeStripe:
    """Stripe, for one account. `broken`: the next POST is answered with 500, `before` or `after` it is done."""

    clock: Clock
    payments: dict[str, dict[str, Any]] = field(default_factory=dict)
    refunds: dict[str, dict[str, Any]] = field(default_factory=dict)
    stored: dict[str, tuple[str, dict[str, str], int, dict[str, Any]]] = field(default_factory=dict)
    did: list[tuple[str, str, int]] = field(default_factory=list)
    """What was really done: kind, object, amount."""
    requests: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    broken: str = ""
    used: set[str] = field(default_factory=set)
    multicapture: bool = True
    made: int = 0

    @property
    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self._answer)

    # --- HTTP

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self._lapse()
        form = dict(parse_qsl(request.content.decode() if request.method == "POST" else request.url.query.decode()))
        self.requests.append((request.method, request.url.path, form))
        try:
            if request.headers.get("Authorization") != f"Bearer {KEY}":
                raise _No(401, "invalid_request_error")
            if not request.headers.get("Stripe-Version"):
                raise _No(400, "invalid_request_error", "version_missing")
            if request.method == "GET":
                return httpx.Response(200, json=self._get(request.url.path, form))
            return self._post(request, form)
        except _No as no:
            return httpx.Response(no.status, json=no.body)

    def _post(self, request: httpx.Request, form: dict[str, str]) -> httpx.Response:
        key, path = request.headers.get("Idempotency-Key", ""), request.url.path
        if not 0 < len(key) <= 255:
            raise _No(400, "invalid_request_error", "key_wrong")
        if form and request.headers.get("Content-Type") != "application/x-www-form-urlencoded":
            raise _No(400, "invalid_request_error", "no_form")
        if key in self.stored:
            before, asked, status, body = self.stored[key]
            if (before, asked) != (path, form):
                raise _No(400, "idempotency_error")
            return httpx.Response(status, json=body, headers={"Idempotent-Replayed": "true"})
        broken, self.broken = self.broken, ""
        if broken == "before":
            status, body = 500, {"error": {"type": "api_error"}}
        else:
            status, body = self._done(path, form)
            if broken:
                status, body = 500, {"error": {"type": "api_error"}}
        self.stored[key] = (path, form, status, body)
        return httpx.Response(status, json=body)

    def _done(self, path: str, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """Its answer is stored, a no too, unless the request itself is wrong."""
        try:
            match path.removeprefix("/v1/").split("/"):
                case ["payment_intents"]:
                    return 200, self._create(form)
                case ["payment_intents", found, "capture"]:
                    return 200, self._capture(self._payment(found), form)
                case ["payment_intents", found, "cancel"]:
                    return 200, self._cancel(self._payment(found))
                case ["refunds"]:
                    return 200, self._refund(form)
            raise _No(404, "invalid_request_error", "resource_missing")
        except _No as no:
            if no.body["error"]["code"] in ("parameter_unknown", "parameter_missing"):
                raise
            return no.status, no.body

    def _get(self, path: str, asked: dict[str, str]) -> dict[str, Any]:
        match path.removeprefix("/v1/").split("/"):
            case ["payment_intents", found]:
                return self._payment(found)
            case ["payment_intents"]:
                return self._list(list(self.payments.values()), asked)
            case ["refunds"]:
                mine = [each for each in self.refunds.values() if each["payment_intent"] == asked["payment_intent"]]
                return self._list(mine, asked)
        raise _No(404, "invalid_request_error", "resource_missing")

    def _list(self, rows: list[dict[str, Any]], asked: dict[str, str]) -> dict[str, Any]:
        _only(asked, LIST)
        rows = [each for each in reversed(rows) if each["created"] >= int(asked.get("created[gte]", 0))
                and each["created"] < int(asked.get("created[lt]", 10**12))]  # fmt: skip
        if after := asked.get("starting_after"):
            rows = rows[[each["id"] for each in rows].index(after) + 1 :]
        most = int(asked.get("limit", 10))
        assert most <= 100
        return {"object": "list", "data": rows[:most], "has_more": len(rows) > most}

    # --- what it does

    def _create(self, form: dict[str, str]) -> dict[str, Any]:
        _only(form, CREATE)
        if lacking := NEEDED - form.keys():
            raise _No(400, "invalid_request_error", "parameter_missing", param=sorted(lacking)[0])
        method, amount = form["payment_method"], int(form["amount"])
        if "customer" not in form and method in self.used:
            raise _No(400, "invalid_request_error", "payment_method_reused")
        self.used.add(method)
        charge = {
            "amount": amount, "amount_captured": 0, "amount_refunded": 0,
            "payment_method_details": {"card": {
                "capture_before": int((self.clock.now() + VALID).timestamp()),
                "multicapture": {"status": "available" if self.multicapture and "many" in method else "unavailable"},
            }},
        }  # fmt: skip
        payment: dict[str, Any] = {
            "id": self._name("pi"), "object": "payment_intent", "amount": amount, "amount_received": 0,
            "amount_capturable": amount, "currency": form["currency"], "created": self._now(),
            "status": "requires_capture", "latest_charge": charge, "last_payment_error": None, "method": method,
            "metadata": {"pickwave_key": form["metadata[pickwave_key]"]} if "metadata[pickwave_key]" in form else {},
        }  # fmt: skip
        self.payments[payment["id"]] = payment
        if method in DECLINES:
            code, decline = DECLINES[method]
            error = {"type": "card_error", "code": code, "decline_code": decline}
            payment |= {"status": "requires_payment_method", "latest_charge": None, "last_payment_error": error}
            raise _No(402, "card_error", code, decline_code=decline, payment_intent=payment)
        if method == "pm_processing":
            payment["status"] = "processing"
        else:
            self.did.append(("authorise", payment["id"], amount))
        return payment

    def _capture(self, payment: dict[str, Any], form: dict[str, str]) -> dict[str, Any]:
        _only({name: "" for name in form if not name.startswith("metadata[capture_")},
              {"amount_to_capture", "final_capture"})  # fmt: skip
        if payment["status"] != "requires_capture":
            raise _No(400, "invalid_request_error", "payment_intent_unexpected_state")
        amount, charge = int(form["amount_to_capture"]), payment["latest_charge"]
        if amount > payment["amount_capturable"]:
            raise _No(400, "invalid_request_error", "amount_too_large")
        final = form.get("final_capture", "true") == "true"
        if not final and charge["payment_method_details"]["card"]["multicapture"]["status"] != "available":
            raise _No(400, "invalid_request_error", "multicapture_unavailable")
        names = [name.removeprefix("metadata[").removesuffix("]") for name in form if name.startswith("metadata[")]
        assert all(len(name) <= 40 for name in names)
        payment["metadata"] |= dict.fromkeys(names, str(amount))
        payment["amount_received"] += amount
        charge["amount_captured"] += amount
        payment["amount_capturable"] -= amount
        if final or not payment["amount_capturable"]:
            self._close(payment, "succeeded")
        self.did.append(("capture", payment["id"], amount))
        return payment

    def _cancel(self, payment: dict[str, Any]) -> dict[str, Any]:
        if payment["status"] not in ("requires_capture", "requires_payment_method", "processing"):
            raise _No(400, "invalid_request_error", "payment_intent_unexpected_state")
        self._close(payment, "canceled")
        self.did.append(("void", payment["id"], 0))
        return payment

    def _close(self, payment: dict[str, Any], status: str) -> None:
        """What was set aside and not taken goes back, and counts as refunded."""
        if charge := payment["latest_charge"]:
            charge["amount_refunded"] += payment["amount_capturable"]
        payment |= {"status": status, "amount_capturable": 0}

    def _refund(self, form: dict[str, str]) -> dict[str, Any]:
        _only(form, REFUND)
        payment, amount = self._payment(form["payment_intent"]), int(form["amount"])
        back = sum(each["amount"] for each in self.refunds.values()
                   if each["payment_intent"] == payment["id"] and each["status"] != "failed")  # fmt: skip
        if amount > payment["amount_received"] - back:
            raise _No(400, "invalid_request_error", "charge_already_refunded")
        refund = {
            "id": self._name("re"), "object": "refund", "amount": amount, "created": self._now(),
            "payment_intent": payment["id"], "status": "pending" if "pending" in payment["method"] else "succeeded",
            "failure_reason": None, "metadata": {"pickwave_key": form["metadata[pickwave_key]"]},
        }  # fmt: skip
        self.refunds[refund["id"]] = refund
        payment["latest_charge"]["amount_refunded"] += amount
        self.did.append(("refund", payment["id"], amount))
        return refund

    def fail_refund(self, refund: str, why: str) -> None:
        """The customer's bank sends it back."""
        found = self.refunds[refund]
        found |= {"status": "failed", "failure_reason": why}
        self.payments[found["payment_intent"]]["latest_charge"]["amount_refunded"] -= found["amount"]

    def _lapse(self) -> None:
        for payment in self.payments.values():
            charge = payment["latest_charge"]
            if payment["status"] != "requires_capture" or charge is None:
                continue
            if charge["payment_method_details"]["card"]["capture_before"] < self._now():
                self._close(payment, "canceled")

    def _payment(self, found: str) -> dict[str, Any]:
        if found not in self.payments:
            raise _No(404, "invalid_request_error", "resource_missing")
        return self.payments[found]

    def _name(self, kind: str) -> str:
        self.made += 1
        return f"{kind}_{self.made:06d}"

    def _now(self) -> int:
        return int(self.clock.now().timestamp())

    # --- what it tells

    def event(self, kind: str, about: Mapping[str, Any], name: str = "evt_1") -> tuple[dict[str, str], bytes]:
        """A webhook: its header and body, signed now."""
        body = json.dumps({
            "id": name, "object": "event", "type": kind, "created": self._now(), "livemode": False,
            "data": {"object": dict(about)}, "a field of later": 1,
        }).encode()  # fmt: skip
        return {"Stripe-Signature": signed(SECRET, body, self.clock.now())}, body


def _only(form: Mapping[str, str], known: set[str]) -> None:
    if strange := form.keys() - known:
        raise _No(400, "invalid_request_error", "parameter_unknown", param=sorted(strange)[0])
