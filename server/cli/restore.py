"""`pickwave restore FILE`: a backup in the place of the database, checked first; the old one is kept beside it."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from server.cli import copies
from server.db import urls
from server.db.migrations import migrate
from server.settings import Settings
from server.start import DONE, check_sqlite


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where the copy is."""
    parser.add_argument("file", type=Path, help="a file that `pickwave backup` wrote")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Put it in place, bring it to this version's schema, and say where the old one went."""
    check_sqlite()
    source: Path = args.file
    if not source.is_file():
        raise copies.trouble(f"There is no file {source}.")
    url = urls.parse(settings.database_url)
    aside: Path | None = None
    if urls.is_sqlite(url):
        aside = copies.restore_sqlite(source, urls.file_of(url))
    else:
        asyncio.run(copies.restore_postgres(source, url))
    revision = asyncio.run(migrate(settings.database_url, command="pickwave restore"))
    print(f"{source} is restored, its schema is {revision}.")
    if aside is not None:
        print(f"The database that was there is {aside}.")
    return DONE
