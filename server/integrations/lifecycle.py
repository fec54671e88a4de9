"""Why: what goes out to others and what comes in from them may fail for days; these tables are all its ways.

A file that was brought in is looked at first and begins to count only when somebody says so."""

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

INCOMING: Final = Lifecycle(
    name="shop delivery",
    initial="received",
    states={
        "received": "Kept; it becomes an order, or changes one, in a moment.",
        "placed": "It is an order, or what it says of one is so.",
        "refused": "It could not become an order; it waits until somebody has mended why, or puts it away.",
        "ignored": "Nothing is to be done about it.",
        "dismissed": "Put away by a person.",
    },
    moves={
        ("received", "place"): "placed",
        ("received", "refuse"): "refused",
        ("received", "ignore"): "ignored",
        ("refused", "again"): "received",
        ("refused", "dismiss"): "dismissed",
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

IMPORT: Final = Lifecycle(
    name="import",
    initial="checking",
    states={
        "checking": "Its rows are being looked at; nothing is changed.",
        "checked": "What it would come to is known; it waits for somebody to start it.",
        "running": "Its rows are being written, a few at a time.",
        "done": "All its rows are written or told as faults.",
        "cancelled": "Broken off; what was written until then stays.",
        "failed": "It could not go on; what was written until then stays.",
    },
    moves={
        ("checking", "check"): "checked",
        ("checking", "cancel"): "cancelled",
        ("checking", "fail"): "failed",
        ("checked", "start"): "running",
        ("checked", "cancel"): "cancelled",
        ("checked", "fail"): "failed",
        ("running", "complete"): "done",
        ("running", "cancel"): "cancelled",
        ("running", "fail"): "failed",
    },
)
