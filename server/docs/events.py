"""The event catalogue as a page and as the PWA's types."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from server.core.events import EVENTS
from server.docs.text import markdown, table
from server.docs.text import typescript as module

WORDS: Final = {UUID: "id", int: "integer", str: "text", bool: "yes or no", datetime: "time", float: "number"}
TYPES: Final = {UUID: "string", int: "number", str: "string", bool: "boolean", datetime: "string", float: "number"}


def page() -> str:
    """Every event: version, what happened, what it carries."""
    rows = (
        (
            f"`{kind.name}`",
            str(kind.version),
            kind.what,
            ", ".join(f"`{name}` {WORDS.get(of, of.__name__)}" for name, of in kind.fields.items()),
        )
        for kind in EVENTS.values()
    )
    said = "Events carry ids and numbers, never names or addresses."
    return markdown("Events", said, "", *table(("event", "version", "what happened", "payload"), rows))


def typescript() -> str:
    """The payload of every event, as a type."""
    lines = (
        f'  "{kind.name}": {{ '
        + "; ".join(f"{name}: {TYPES.get(of, 'unknown')} | null" for name, of in kind.fields.items())
        + " };"
        for kind in EVENTS.values()
    )
    body = "\n".join(("export interface Events {", *lines, "}"))
    return module("The events of the log and what each carries.", body, "export type EventName = keyof Events;")
