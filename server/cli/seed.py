"""`pickwave seed`: the demo warehouse, loaded through the services; again changes nothing."""

from __future__ import annotations

import argparse
from collections.abc import Iterable

from seed.data import load_demo
from seed.load import load
from seed.pins import kept, with_pins
from server.cli.house import with_database
from server.db.database import Database
from server.settings import Settings


def arguments(parser: argparse.ArgumentParser) -> None:
    """None."""


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Load what is not there yet."""

    async def do(db: Database) -> Iterable[str]:
        news = await load(db, with_pins(load_demo(), kept(settings.data_dir)))
        return ("The demo warehouse is loaded." if news else "The demo warehouse was loaded before; nothing changed.",)

    return with_database(settings, "pickwave seed", do)
