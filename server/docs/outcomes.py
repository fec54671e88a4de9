"""The outcome catalogue as a page and as the PWA's copy with its texts."""

from __future__ import annotations

from collections.abc import Mapping

from server.core.outcomes import OUTCOMES, Outcome
from server.docs.text import constant, markdown, table
from server.docs.text import typescript as module
from server.web.problems import WIRE


def page() -> str:
    """Every answer: its code, weight, HTTP status, sound and texts."""
    return markdown(
        "Outcomes",
        "What a command or a request can be answered. `{name}` in a text is a parameter.",
        "",
        *_table(OUTCOMES),
        "",
        "## Only over HTTP",
        "",
        *_table(WIRE),
    )


def _table(outcomes: Mapping[str, Outcome]) -> list[str]:
    rows = ((f"`{one.code}`", one.severity, str(one.status), one.sound, one.en, one.de) for one in outcomes.values())
    return table(("code", "severity", "status", "sound", "English", "Deutsch"), rows)


def typescript() -> str:
    """The catalogue for the PWA, so that a device says the same words as the server."""
    rows = {
        one.code: {"severity": one.severity, "sound": one.sound, "en": one.en, "de": one.de}
        for one in (*OUTCOMES.values(), *WIRE.values())
    }
    return module(
        "What a scan or a request can be answered, with its texts.",
        constant("OUTCOMES", rows),
        "export type OutcomeCode = keyof typeof OUTCOMES;",
    )
