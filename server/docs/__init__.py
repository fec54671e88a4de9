"""Why: what stands in a table is written into the docs and the PWA by a machine, and checked fresh by the tests.

`python -m server.docs` (`make docs`) writes; `--check` names what is stale and fails. A new page is a line in PAGES.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Final

from server.auth.docs import permissions_page
from server.docs import (
    events,
    imports,
    lifecycles,
    messages,
    operations,
    outcomes,
    policies,
    said,
    statuses,
    webhooks,
    words,
)
from server.realtime.docs import page as live_protocol

ROOT: Final = Path(__file__).resolve().parents[2]
FOLDERS: Final = ("docs/generated", "pwa/src/generated")
"""Everything in these folders is generated: a file that no page writes is stale too."""

PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "docs/generated/settings.md": operations.settings_page,
    "docs/generated/lifecycles.md": lifecycles.page,
    "docs/generated/events.md": events.page,
    "docs/generated/outcomes.md": outcomes.page,
    "docs/generated/permissions.md": permissions_page,
    "docs/generated/webhooks.md": webhooks.page,
    "docs/generated/policies.md": policies.page,
    "docs/generated/messages.md": messages.page,
    "docs/live-protocol.md": live_protocol,
    "docs/imports.md": imports.page,
    "pwa/src/generated/imports.ts": imports.typescript,
    "pwa/src/generated/lifecycles.ts": lifecycles.typescript,
    "pwa/src/generated/events.ts": events.typescript,
    "pwa/src/generated/outcomes.ts": outcomes.typescript,
    "pwa/src/generated/said.de.json": partial(said.texts, "de"),
    "pwa/src/generated/said.en.json": partial(said.texts, "en"),
    "pwa/src/generated/statuses.ts": statuses.typescript,
    "pwa/src/generated/words.ts": words.typescript,
}
"""File → what makes its text."""


def write(root: Path = ROOT) -> list[str]:
    """Write what is stale and remove what nobody writes; the files that changed."""
    changed = list(stale(root))
    for name in changed:
        file = root / name
        if name in PAGES:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(PAGES[name](), encoding="utf-8")
        else:
            file.unlink()
    return changed


def stale(root: Path = ROOT) -> Iterator[str]:
    """The generated files that are missing, differ from their tables, or that no table makes."""
    for name, make in PAGES.items():
        file = root / name
        if not file.exists() or file.read_text(encoding="utf-8") != make():
            yield name
    for folder in FOLDERS:
        for file in sorted((root / folder).glob("*")):
            name = file.relative_to(root).as_posix()
            if file.is_file() and name not in PAGES:
                yield name
