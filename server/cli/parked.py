"""`pickwave parked list|again`: events from which nothing has followed, because their durable sink could not."""

from __future__ import annotations

import argparse
from collections.abc import Iterable

import sqlalchemy as sa

from server.cli.house import columns, with_database, with_picture
from server.db.database import Database
from server.fanout import parked, store
from server.fanout.store import Parked
from server.fanout.table import SINKS
from server.settings import Settings
from server.start import DONE, FAILED

NONE = ("Nothing is set aside.",)


def arguments(parser: argparse.ArgumentParser) -> None:
    """One word for what to do."""
    what = parser.add_subparsers(dest="what", required=True, metavar="list|again")
    what.add_parser("list", help="what was set aside, when and why")
    what.add_parser("again", help="hand each to its sink once more; one that works is set aside no longer")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Do it; `again` fails when anything stays set aside."""
    if args.what == "list":
        return with_picture(settings, _listed)
    left: list[Parked] = []

    async def do(db: Database) -> Iterable[str]:
        tried = await parked.again(db, SINKS)
        left.extend(each for each, trouble in tried if trouble)
        return [f"{_named(each)}: {trouble or 'done'}" for each, trouble in tried] or NONE

    code = with_database(settings, "pickwave parked again", do)
    return FAILED if left and code == DONE else code


def _listed(conn: sa.Connection) -> Iterable[str]:
    rows = [
        (
            each.sink,
            str(each.stream),
            str(each.position),
            each.event["type"],
            f"{each.at:%Y-%m-%d %H:%M:%S}Z",
            each.error,
        )
        for each in store.parked(conn)
    ]
    return columns(("sink", "stream", "position", "event", "set aside", "why"), rows) if rows else NONE


def _named(each: Parked) -> str:
    return f"{each.sink}, stream {each.stream}, position {each.position}, {each.event['type']}"
