"""Why: a message goes out once or it is known why not; these are all its ways."""

from typing import Final

from server.core.lifecycle import Lifecycle

MESSAGE: Final = Lifecycle(
    name="message",
    initial="waiting",
    states={
        "waiting": "Goes out when it is due.",
        "parked": "No channel is set up that could send it; it waits for one, or for a person.",
        "sending": "Handed to the mail server or gateway; the answer is still to come.",
        "sent": "Taken by the mail server or gateway.",
        "failed": "Refused for good, or tried for the last time.",
        "unsure": "Nobody knows whether it went out: the answer was lost. It is not sent again by itself.",
        "dismissed": "Put away by a person.",
    },
    moves={
        ("waiting", "send"): "sending",
        ("waiting", "park"): "parked",
        ("waiting", "give_up"): "failed",
        ("waiting", "dismiss"): "dismissed",
        ("parked", "again"): "waiting",
        ("parked", "dismiss"): "dismissed",
        ("sending", "deliver"): "sent",
        ("sending", "postpone"): "waiting",
        ("sending", "give_up"): "failed",
        ("sending", "lose"): "unsure",
        ("sent", "again"): "waiting",
        ("failed", "again"): "waiting",
        ("failed", "dismiss"): "dismissed",
        ("unsure", "again"): "waiting",
        ("unsure", "deliver"): "sent",
        ("unsure", "dismiss"): "dismissed",
        ("dismissed", "again"): "waiting",
    },
)
