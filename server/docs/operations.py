"""The operator's page: settings and exit codes."""

from __future__ import annotations

from server import settings, start
from server.docs.text import markdown, table


def settings_page() -> str:
    """Every environment variable with its help, and what an exit code of `pickwave` means."""
    return markdown(
        "Settings",
        "Environment variables, read once at the start. A wrong value ends the start with one sentence.",
        "",
        *table(("variable", "wanted", "default", "what it does"), settings.rows()),
        "",
        "## Exit codes of `pickwave`",
        "",
        *table(("code", "meaning"), ((str(code), text) for code, text in sorted(start.MEANING.items()))),
    )
