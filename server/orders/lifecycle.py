"""Why: people decide about holds, receipts and jobs. An order's status nobody decides: it is derived (`rules`)."""

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

JOB: Final = Lifecycle(
    name="job on orders",
    initial="running",
    states={
        "running": "One order after another is dealt with.",
        "done": "Every order is dealt with, or it is told why not.",
        "cancelled": "Broken off; what was done until then stays.",
    },
    moves={("running", "complete"): "done", ("running", "cancel"): "cancelled"},
)

JOB_ROW: Final = Lifecycle(
    name="order of a job",
    initial="waiting",
    states={
        "waiting": "Its turn comes; in a job that was broken off it does not.",
        "done": "What was asked for is done.",
        "refused": "It could not be done; the row says why.",
    },
    moves={("waiting", "do"): "done", ("waiting", "refuse"): "refused"},
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
