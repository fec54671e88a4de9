"""Why: a wave is written in slices and must stay invisible until it is whole."""

from typing import Final

from server.core.lifecycle import Lifecycle

WAVE: Final = Lifecycle(
    name="wave",
    initial="releasing",
    states={
        "releasing": "Being written in slices; nobody on the floor sees it.",
        "undoing": "Being taken back in slices; nobody on the floor has seen it.",
        "released": "Whole; its tours are offered.",
        "finished": "Every tour has ended.",
        "undone": "Its release was broken off and taken back.",
    },
    moves={
        ("releasing", "complete"): "released",
        ("releasing", "undo"): "undone",
        ("releasing", "take_back"): "undoing",
        ("undoing", "undo"): "undone",
        ("released", "finish"): "finished",
        ("finished", "reopen"): "released",
    },
)
