"""Why: a rule set that decides is never edited: a draft takes its place, and the one before stays readable."""

from typing import Final

from server.core.lifecycle import Lifecycle

RULE_SET: Final = Lifecycle(
    name="rule set",
    initial="draft",
    states={
        "draft": "Being written; it decides nothing.",
        "live": "It decides about every order.",
        "retired": "Another version has taken its place; decisions still name it.",
        "dropped": "The draft was thrown away.",
    },
    moves={("draft", "go_live"): "live", ("draft", "drop"): "dropped", ("live", "retire"): "retired"},
)
