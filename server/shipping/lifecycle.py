"""Why: a shipment and its labels have one life each; *live* is a database fact, not a sheet of paper."""

from typing import Final

from server.core.lifecycle import Lifecycle

SHIPMENT: Final = Lifecycle(
    name="shipment",
    initial="open",
    states={
        "open": "Cartons are being packed for it.",
        "closed": "All its cartons are closed; it counts as shipped.",
        "voided": "Nothing of it leaves.",
    },
    moves={("open", "close"): "closed", ("open", "void"): "voided"},
)

LABEL: Final = Lifecycle(
    name="label",
    initial="wanted",
    states={
        "wanted": "The carrier is being asked.",
        "live": "The one label that may leave on its carton.",
        "void": "No longer valid.",
        "refused": "The carrier said no.",
    },
    moves={
        ("wanted", "issue"): "live",
        ("wanted", "refuse"): "refused",
        ("wanted", "void"): "void",
        ("live", "void"): "void",
        ("refused", "void"): "void",
    },
)
