"""`pickwave migrate`: the schema of this version. `serve` does the same at its start."""

from __future__ import annotations

import argparse
import asyncio

from server.db.migrations import migrate
from server.settings import Settings
from server.start import DONE, check_sqlite


def arguments(_parser: argparse.ArgumentParser) -> None:
    """None: it goes to the newest."""


def run(_args: argparse.Namespace, settings: Settings) -> int:
    """Migrate, and say where the schema is now."""
    check_sqlite()
    revision = asyncio.run(migrate(settings.database_url))
    print(f"The database's schema is {revision}.")
    return DONE
