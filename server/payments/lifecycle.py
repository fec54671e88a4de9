"""Why: money moves by intent → call → recorded answer, and these two tables are all the ways it can go."""

from typing import Final

from server.core.lifecycle import Lifecycle

INTENT: Final = Lifecycle(
    name="payment intent",
    initial="intended",
    states={
        "intended": "Committed; the gateway has not been asked yet.",
        "asked": "The call is under way, or its answer was lost.",
        "succeeded": "The gateway said yes.",
        "declined": "The gateway said no.",
        "abandoned": "No longer wanted before it was asked.",
    },
    moves={
        ("intended", "ask"): "asked",
        ("intended", "abandon"): "abandoned",
        ("asked", "ask"): "asked",
        ("asked", "succeed"): "succeeded",
        ("asked", "decline"): "declined",
    },
)

PAYMENT: Final = Lifecycle(
    name="payment",
    initial="authorising",
    states={
        "authorising": "The gateway is being asked; the order waits.",
        "authorised": "The money is set aside until `authorised_until`.",
        "declined": "The gateway said no.",
        "capturing": "Shipped; the money is being taken.",
        "captured": "The money is taken.",
        "voiding": "Cancelled; the money is being let go.",
        "voided": "The money was let go.",
    },
    moves={
        ("authorising", "authorise"): "authorised",
        ("authorising", "decline"): "declined",
        ("authorising", "void"): "voiding",
        ("declined", "retry"): "authorising",
        ("declined", "void"): "voided",
        ("authorised", "renew"): "authorising",
        ("authorised", "capture"): "capturing",
        ("authorised", "void"): "voiding",
        ("capturing", "capture"): "capturing",
        ("capturing", "succeed"): "captured",
        ("capturing", "decline"): "declined",
        ("captured", "capture"): "capturing",
        ("voiding", "succeed"): "voided",
        ("voiding", "authorise"): "voiding",
        ("voiding", "decline"): "voided",
    },
)
