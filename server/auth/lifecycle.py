"""Why: a device is enrolled once and can be locked out at once."""

from typing import Final

from server.core.lifecycle import Lifecycle

DEVICE: Final = Lifecycle(
    name="device",
    initial="offered",
    states={
        "offered": "An enrolment code waits to be used.",
        "enrolled": "It holds its secret and may work.",
        "revoked": "It is locked out.",
    },
    moves={
        ("offered", "enrol"): "enrolled",
        ("offered", "revoke"): "revoked",
        ("enrolled", "offer"): "offered",
        ("enrolled", "revoke"): "revoked",
        ("revoked", "offer"): "offered",
    },
)
