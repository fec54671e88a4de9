"""Why: people decide about holds and receipts. An order's status nobody decides: it is derived (`rules`)."""

from typing import Final

from server.core.lifecycle import Lifecycle

HOLD: Final = Lifecycle(
    name="hold",
    initial="open",
    states={
        "open": "The order waits; it does not reach the floor.",
        "released": "Someone let it go on, or its cause is gone.",
        "lapsed": "The order was cancelled, nothing waits any more.",
    },
    moves={("open", "release"): "released", ("open", "lapse"): "lapsed"},
)

RECEIPT: Final = Lifecycle(
    name="receipt",
    initial="expected",
    states={
        "expected": "Units are on their way; what has not come yet can be promised.",
        "arrived": "All of it has come.",
        "cancelled": "The rest does not come any more.",
    },
    moves={("expected", "arrive"): "arrived", ("expected", "cancel"): "cancelled"},
)
