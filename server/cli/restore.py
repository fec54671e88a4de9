"""`pickwave restore FILE`: a backup read into an empty database, whole or not at all."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from server.db.backup import restore
from server.db.errors import StartError
from server.settings import Settings
from server.start import DONE, FAILED, check_sqlite


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where the backup is."""
    parser.add_argument("file", type=Path, help="a file that `pickwave backup` wrote")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Read it back, bring it to this version's schema, and say when it was taken."""
    check_sqlite()
    file: Path = args.file
    if not file.is_file():
        raise StartError(f"There is no file {file}.", FAILED)
    manifest = asyncio.run(restore(file, settings.database_url))
    print(f"{file} is restored: the database of {manifest.at:%Y-%m-%d %H:%M} UTC.")
    return DONE
