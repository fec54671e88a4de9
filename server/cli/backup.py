"""`pickwave backup FILE`: a whole copy of the database, also while it is served."""

from __future__ import annotations

import argparse
from pathlib import Path

from server.cli import copies
from server.db import urls
from server.settings import Settings
from server.start import DONE, check_sqlite


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where the copy goes."""
    parser.add_argument("file", type=Path, help="the copy's file; it must not be there yet")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Write the copy and say how large it is."""
    check_sqlite()
    target: Path = args.file
    copies.writable_target(target)
    url = urls.parse(settings.database_url)
    if urls.is_sqlite(url):
        copies.backup_sqlite(urls.file_of(url), target)
    else:
        copies.backup_postgres(url, target)
    print(f"{target} holds the whole database, {target.stat().st_size / 1e6:.1f} MB.")
    return DONE
