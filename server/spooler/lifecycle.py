"""Why: a print job's state is honest. `unknown` means that nobody knows, and nobody repeats it but a person."""

from typing import Final

from server.core.lifecycle import Lifecycle

PRINT_JOB: Final = Lifecycle(
    name="print job",
    initial="queued",
    states={
        "queued": "Committed; no byte has left.",
        "sending": "Bytes are leaving, or were when we last knew.",
        "printed": "The printer has counted it.",
        "failed": "Surely not printed; it may be sent again.",
        "unknown": "It may have been printed: a person decides.",
        "cancelled": "No longer wanted before a byte left.",
    },
    # What is unknown because its sender was taken for dead is settled by that sender's own proof, where one comes.
    moves={
        ("queued", "send"): "sending",
        ("queued", "cancel"): "cancelled",
        ("queued", "move"): "queued",
        ("sending", "print"): "printed",
        ("sending", "fail"): "failed",
        ("sending", "lose"): "unknown",
        ("failed", "retry"): "queued",
        ("failed", "cancel"): "cancelled",
        ("failed", "move"): "queued",
        ("unknown", "print"): "printed",
        ("unknown", "fail"): "failed",
        ("unknown", "lose"): "unknown",
        ("unknown", "confirm"): "printed",
        ("unknown", "retry"): "queued",
        ("unknown", "cancel"): "cancelled",
    },
)
