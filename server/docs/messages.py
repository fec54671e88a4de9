"""What customers may be told of, the names that templates may use, and when a message is tried again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from server.docs.text import markdown, table
from server.notify.fields import FIELDS, Field
from server.notify.rules import MILESTONES, WAITS


def page() -> str:
    """The moments, the names, the tries."""
    return markdown("Messages: what customers are told", *_moments(), *_names(), *_tries())


def _moments() -> Iterator[str]:
    yield from ("How to set them up: [messages.md](../messages.md).", "", "## Moments", "")
    rows = ((f"`{each.name}`", each.en, each.when, "on" if each.on else "off") for each in MILESTONES.values())
    yield from table(("moment", "called", "when", "as delivered"), rows)
    yield ""


def _names() -> Iterator[str]:
    yield from ("## Names in templates", "", "A name stands in braces; `{{` and `}}` are braces.", "")
    yield from table(("name", "stands for", "such as", "known to"), map(_row, FIELDS.values()))
    yield ""


def _row(field: Field) -> tuple[str, str, str, str]:
    several = " (several, one below the other)" if field.kind == "lines" else ""
    return f"`{{{field.name}}}`", field.en + several, field.example, ", ".join(sorted(field.only)) or "all"


def _tries() -> Iterator[str]:
    yield from ("## Tries", "", "What a mail server refuses for now (4xx) is tried again after:", "")
    yield ", ".join(_shown(wait) for wait in WAITS) + ", each up to a fifth longer by chance; then it has failed."


def _shown(wait: timedelta) -> str:
    minutes = round(wait.total_seconds()) // 60
    return f"{minutes // 60} h" if minutes >= 60 else f"{minutes} min"
