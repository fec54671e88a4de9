"""`pickwave backup FILE`: the whole database as one file for either database, also while it is served."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

import sqlalchemy as sa

from server.db import postgres, urls
from server.db.backup import backup
from server.db.errors import StartError
from server.lan.keeper import files
from server.settings import Settings
from server.start import DONE, FAILED, check_sqlite


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where the backup goes."""
    parser.add_argument("file", type=Path, help="the backup's file; it must not be there yet")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Write it and say what is in it."""
    check_sqlite()
    file: Path = args.file
    if file.exists():
        raise StartError(f"{file} is there already: choose another name.", FAILED)
    try:
        manifest = asyncio.run(backup(settings.database_url, file))
    except OSError as error:
        raise StartError(f"{file} cannot be written ({error.strerror or error}).", FAILED) from None
    except sa.exc.DBAPIError as error:
        raise postgres.unreachable(urls.parse(settings.database_url), error) from None
    rows = sum(table.count for table in manifest.tables)
    print(f"{file} holds the whole database: {rows} rows, {file.stat().st_size / 1e6:.1f} MB.")
    authority, _ = files(settings.data_dir)
    if authority.exists():
        print(f"Not in it: {authority.parent}, which devices of the local network trust. Copy it to a safe place too.")
    return DONE
