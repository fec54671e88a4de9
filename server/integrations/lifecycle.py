"""Why: what goes out to others and what comes in from them may fail for days; these tables are all its ways."""

from typing import Final

from server.core.lifecycle import Lifecycle

ENDPOINT: Final = Lifecycle(
    name="webhook endpoint",
    initial="on",
    states={
        "on": "Events go there.",
        "off": "Nothing goes there; what waits, waits.",
        "removed": "Taken off the list.",
    },
    moves={
        ("on", "switch_off"): "off",
        ("off", "switch_on"): "on",
        ("on", "remove"): "removed",
        ("off", "remove"): "removed",
    },
)

DELIVERY: Final = Lifecycle(
    name="webhook delivery",
    initial="waiting",
    states={
        "waiting": "Goes out when it is due.",
        "sending": "On its way; if its sender dies now, it goes out again under the same id.",
        "delivered": "The receiver took it.",
        "failed": "Tried for the last time; it stays until somebody sends it again.",
    },
    moves={
        ("waiting", "send"): "sending",
        ("waiting", "replay"): "waiting",
        ("sending", "send"): "sending",
        ("sending", "deliver"): "delivered",
        ("sending", "postpone"): "waiting",
        ("sending", "give_up"): "failed",
        ("delivered", "replay"): "waiting",
        ("failed", "replay"): "waiting",
    },
)
