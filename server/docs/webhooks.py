"""The types of webhooks with an example each, and when they are tried again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from server.docs.text import markdown, table
from server.integrations.rules.webhooks import WAITS
from server.integrations.schemas.webhooks import KINDS, Kind, Message

_AT: Final = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)


def page() -> str:
    """The table of tries, then one section a type."""
    return markdown("Webhooks: what is sent, and when again", *_tries(), *(line for kind in KINDS.values()
                                                                            for line in _section(kind)))  # fmt: skip


def _tries() -> Iterator[str]:
    said = "How to receive them: [webhooks.md](../webhooks.md). Each wait is up to a fifth longer, by chance."
    yield from (said, "", "## Tries", "")
    yield from table(("try", "after the one before", "after the first"), _rows())
    yield ""


def _rows() -> Iterator[tuple[str, str, str]]:
    yield "1", "at once", ""
    passed = timedelta()
    for number, wait in enumerate(WAITS, 2):
        passed += wait
        yield str(number), _shown(wait), _shown(passed)


def _shown(wait: timedelta) -> str:
    minutes, seconds = divmod(round(wait.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "h"), (minutes, "min"), (seconds, "s"))
    return " ".join(f"{number} {unit}" for number, unit in parts if number)


def _section(kind: Kind) -> Iterator[str]:
    message = Message(kind.type, kind.version, _AT, kind.example)
    example = msgspec.json.format(msgspec.json.encode(message), indent=2).decode()
    yield from (f"## {kind.type}", "", f"{kind.what} Version {kind.version}.", "", "```json", example, "```", "")
