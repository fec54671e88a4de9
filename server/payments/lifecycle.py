"""Why: money moves by intent → call → recorded answer, and these tables are all the ways it can go."""

from typing import Final

from server.core.lifecycle import Lifecycle

INTENT: Final = Lifecycle(
    name="payment intent",
    initial="intended",
    states={
        "intended": "Committed; the gateway has not been asked yet.",
        "asked": "The call is under way, or its answer was lost.",
        "pending": "The gateway has taken it and will say later what came of it.",
        "succeeded": "The gateway said yes.",
        "declined": "The gateway said no.",
        "abandoned": "No longer wanted before it was asked.",
        "taken_back": "The gateway took its yes back: an authorisation ran out, a refund came back.",
    },
    moves={
        ("intended", "ask"): "asked",
        ("intended", "abandon"): "abandoned",
        ("intended", "succeed"): "succeeded",
        ("asked", "ask"): "asked",
        ("asked", "wait"): "pending",
        ("asked", "succeed"): "succeeded",
        ("asked", "decline"): "declined",
        ("pending", "ask"): "pending",
        ("pending", "wait"): "pending",
        ("pending", "succeed"): "succeeded",
        ("pending", "decline"): "declined",
        ("succeeded", "ask"): "succeeded",
        ("succeeded", "take_back"): "taken_back",
    },
)
"""Each of authorise, reauthorise, capture, void, refund and receive is one such intent, with a key of its own."""

OPEN: Final = frozenset({"intended", "asked", "pending"})
"""The states in which an answer is still to come."""

PAYMENT: Final = Lifecycle(
    name="payment",
    initial="authorising",
    states={
        "authorising": "The gateway is being asked; the order waits.",
        "awaited": "Paid beforehand or at the counter; the money has not come in full, the order waits.",
        "authorised": "The money is set aside until `authorised_until`, or it is sold on account.",
        "declined": "The gateway said no.",
        "capturing": "Shipped; the money is being taken.",
        "captured": "The money for what was due is taken; on account: it is invoiced.",
        "refunded": "All that was taken has been paid back.",
        "voiding": "Cancelled; the money is being let go.",
        "voided": "The money was let go.",
    },
    moves={
        ("authorising", "authorise"): "authorised",
        ("authorising", "decline"): "declined",
        ("authorising", "void"): "voiding",
        ("awaited", "receive"): "captured",
        ("awaited", "refund"): "awaited",
        ("awaited", "void"): "voided",
        ("declined", "retry"): "authorising",
        ("declined", "settle"): "captured",
        ("declined", "authorise"): "authorised",
        ("declined", "refund"): "declined",
        ("declined", "void"): "voided",
        ("authorised", "renew"): "authorising",
        ("authorised", "capture"): "capturing",
        ("authorised", "decline"): "declined",
        ("authorised", "owe"): "awaited",
        ("authorised", "refund"): "authorised",
        ("authorised", "void"): "voiding",
        ("capturing", "capture"): "capturing",
        ("capturing", "succeed"): "captured",
        ("capturing", "decline"): "declined",
        ("capturing", "refund"): "capturing",
        ("captured", "capture"): "capturing",
        ("captured", "decline"): "declined",
        ("captured", "renew"): "authorising",
        ("captured", "owe"): "awaited",
        ("captured", "refund"): "refunded",
        ("refunded", "capture"): "capturing",
        ("refunded", "take_back"): "captured",
        ("voiding", "succeed"): "voided",
        ("voiding", "authorise"): "voiding",
        ("voiding", "decline"): "voided",
    },
)

NEWS: Final = Lifecycle(
    name="gateway news",
    initial="taken",
    states={
        "taken": "Proved, kept once, and the intents that it speaks of are asked about.",
        "ignored": "Proved and kept once; it speaks of nothing that is ours.",
    },
    moves={},
)

RUN: Final = Lifecycle(
    name="reconciliation",
    initial="running",
    states={
        "running": "The gateway's list is being read and laid beside our journal.",
        "done": "Every payment of both sides was looked at.",
        "failed": "It broke off; what was compared stays, the rest was not looked at.",
    },
    moves={("running", "finish"): "done", ("running", "fail"): "failed"},
)
