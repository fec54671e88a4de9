"""Why: a carton leaves with exactly one live label, so each step towards it is a move of this table."""

from typing import Final

from server.core.lifecycle import Lifecycle

CARTON: Final = Lifecycle(
    name="carton",
    initial="open",
    states={
        "open": "Being filled.",
        "complete": "Its last item is scanned; the label is printing.",
        "closed": "Its label was scanned on it.",
        "voided": "Emptied again; it does not leave.",
    },
    moves={
        ("open", "complete"): "complete",
        ("open", "void"): "voided",
        ("complete", "reopen"): "open",
        ("complete", "close"): "closed",
        ("complete", "void"): "voided",
        ("closed", "reopen"): "open",
    },
)
