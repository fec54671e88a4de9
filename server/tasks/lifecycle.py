"""Why: a tour, its tasks and the totes on its cart each have one life, said once."""

from typing import Final

from server.core.lifecycle import Lifecycle

TOUR: Final = Lifecycle(
    name="tour",
    initial="waiting",
    states={
        "waiting": "Part of a wave that is not whole yet.",
        "offered": "Any picker may take it.",
        "taken": "A picker has it; nothing is picked yet.",
        "started": "Its first fact is booked; only a person takes it over.",
        "finished": "Its last task is done and its totes are handed over.",
        "cancelled": "Nothing of it is left to do, or its wave was undone.",
    },
    moves={
        ("waiting", "offer"): "offered",
        ("waiting", "cancel"): "cancelled",
        ("offered", "take"): "taken",
        ("offered", "cancel"): "cancelled",
        ("taken", "take"): "taken",
        ("taken", "let_go"): "offered",
        ("taken", "start"): "started",
        ("taken", "finish"): "finished",
        ("taken", "cancel"): "cancelled",
        ("offered", "start"): "started",
        ("started", "take"): "started",
        ("started", "start"): "started",
        ("started", "finish"): "finished",
        ("finished", "start"): "started",
    },
)

TASK: Final = Lifecycle(
    name="task",
    initial="waiting",
    states={
        "waiting": "Part of a wave that is not whole yet.",
        "open": "To be done.",
        "done": "Nothing of it is left.",
        "cancelled": "No longer wanted.",
    },
    moves={
        ("waiting", "open"): "open",
        ("waiting", "cancel"): "cancelled",
        ("open", "finish"): "done",
        ("open", "cancel"): "cancelled",
        ("done", "reopen"): "open",
    },
)

TOTE: Final = Lifecycle(
    name="tote",
    initial="empty",
    states={
        "empty": "Free to take.",
        "assigned": "In a slot of a tour's cart.",
        "staged": "Handed over, waits at a pack station.",
    },
    moves={
        ("empty", "assign"): "assigned",
        ("empty", "stage"): "staged",
        ("assigned", "stage"): "staged",
        ("assigned", "free"): "empty",
        ("staged", "free"): "empty",
        ("staged", "assign"): "assigned",
    },
)

ASIDE: Final = Lifecycle(
    name="fact set aside",
    initial="waiting",
    states={
        "waiting": "Stored, unbooked; a supervisor decides.",
        "booked": "A supervisor booked it.",
        "dismissed": "A supervisor dismissed it.",
    },
    moves={("waiting", "book"): "booked", ("waiting", "dismiss"): "dismissed"},
)
