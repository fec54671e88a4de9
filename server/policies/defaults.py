"""Why: a house that has configured nothing decides sensibly all the same: version 0 of every kind is written here.

What a check of the code once held (a doubtful address, a phone number, missing stock) is a rule like any other. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from server.policies.rules import Both, Hold, Rule

_DESK: Final = "desk"
_LEAD: Final = "supervisor"

DEFAULTS: Final[Mapping[str, tuple[Rule, ...]]] = {
    "routing": (),
    "reservation": (),
    "accuracy": (
        Rule(Both("Thousands of one item", "Tausende eines Artikels"), "order.most_units > 2000",
             Hold(reason="order_doubtful", owner=_DESK, due_hours=8)),
        Rule(Both("Something for nothing", "Etwas umsonst"),
             "items.exists(i, i.price_minor == 0 && i.list_minor > 5000)",
             Hold(reason="order_doubtful", owner=_DESK, due_hours=8)),
    ),
    "availability": (
        Rule(Both("Not everything is in stock", "Nicht alles ist vorrätig"), "stock.short",
             Hold(reason="not_available", owner=_DESK, due_hours=24)),
    ),
    "backorder": (),
    "address": (
        Rule(Both("Doubtful address", "Zweifelhafte Adresse"), "destination.doubtful",
             Hold(reason="address_doubtful", owner=_DESK, due_hours=8)),
        Rule(Both("Doubtful phone number", "Zweifelhafte Telefonnummer"), "customer.phone_doubtful",
             Hold(reason="phone_doubtful", owner=_DESK, due_hours=24)),
    ),
    "compliance": (
        Rule(Both("Hazardous goods by air or abroad", "Gefahrgut per Luft oder ins Ausland"),
             'order.hazmat && (order.service.contains("air") || !(destination.country in ["DE", "AT", "CH", "BE", "NL",'
             ' "LU", "DK", "PL", "CZ", "FR", "IT", "ES"]))',
             Hold(reason="not_permitted", owner=_LEAD, due_hours=8)),
        Rule(Both("Countries under embargo", "Länder mit Embargo"), 'destination.country in ["KP", "SY", "IR", "CU"]',
             Hold(reason="not_permitted", owner=_LEAD, due_hours=24)),
        Rule(Both("Goods for adults", "Waren für Erwachsene"), "items.exists(i, i.minimum_age >= 16)",
             Hold(reason="age_to_check", owner=_DESK, due_hours=24)),
    ),
    "credit": (
        Rule(Both("Invoice beyond the limit", "Rechnung über dem Rahmen"),
             'payment.method == "invoice" && customer.open_minor + order.total_minor > 500000',
             Hold(reason="credit_doubtful", owner=_LEAD, due_hours=24)),
        Rule(Both("Invoice, and an old one is open", "Rechnung, und eine alte ist offen"),
             'payment.method == "invoice" && customer.oldest_open_days > 45',
             Hold(reason="credit_doubtful", owner=_LEAD, due_hours=24)),
    ),
    "fraud": (
        Rule(Both("Many dear orders within an hour", "Viele teure Aufträge in einer Stunde"),
             "customer.orders_hour >= 5 && order.total_minor > 50000",
             Hold(reason="fraud_suspected", owner=_LEAD, due_hours=4)),
        Rule(Both("First order, dear, to another name", "Erster Auftrag, teuer, an anderen Namen"),
             "customer.orders == 0 && destination.other_name && order.total_minor > 50000",
             Hold(reason="fraud_suspected", owner=_LEAD, due_hours=4)),
        Rule(Both("The gateway warns", "Der Zahlungsanbieter warnt"), "payment.score >= 75",
             Hold(reason="fraud_suspected", owner=_LEAD, due_hours=4)),
    ),
    "release": (),
}  # fmt: skip
"""Kind → the rules that are live as delivered."""
