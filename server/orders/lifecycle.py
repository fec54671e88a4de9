"""Why: what is decided about an order by people is a hold. Status itself is derived (`rules`)."""

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
