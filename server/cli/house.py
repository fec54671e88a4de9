"""Why: a command of the shell that writes does it as the server would: same commands, same reactions, same log.

On SQLite the data folder is claimed first, so that while a server runs the command is refused with the owner's name.
What only looks claims nothing: it may look beside a server that works.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TypeVar

import msgspec
import sqlalchemy as sa

from server.app import REACTIONS
from server.core.clock import SystemClock
from server.core.events import EVENTS
from server.core.outcomes import OUTCOMES
from server.core.refusal import Refusal
from server.core.words import filled, worded
from server.db import postgres, urls
from server.db.base import CORE
from server.db.database import Database, look
from server.db.errors import IN_USE, NO_SERVICE, StartError, WriteFailed, WriteLost
from server.db.migrations import check, migrate
from server.db.unit import Command
from server.db.work import Actor, Work
from server.locations import service as locations
from server.settings import Settings
from server.start import DONE, FAILED, check_sqlite
from server.web.body import fault_of

T = TypeVar("T")


def with_database(
    settings: Settings, command: str, do: Callable[[Database], Awaitable[Iterable[str]]], *, beside: str = ""
) -> int:
    """Opens the database as `command`, prints the lines that `do` gives, and tells a refusal as one sentence.

    `beside`: the routes that do the same while a server owns the database.
    """
    check_sqlite()
    try:
        return asyncio.run(_opened(settings, command, do))
    except StartError as error:
        if error.exit_code != IN_USE or not beside:
            raise
        raise StartError(f"{error} While it runs, its own API does this: {beside}.", IN_USE) from error


async def _opened(settings: Settings, command: str, do: Callable[[Database], Awaitable[Iterable[str]]]) -> int:
    await migrate(settings.database_url, command=command)
    db = await Database.open(
        settings.database_url,
        clock=SystemClock(),
        events=EVENTS,
        reactions=REACTIONS,
        known=locations.warehouse_of,
        command=command,
    )
    try:
        for line in await do(db):
            print(line)
    except Refusal as refusal:
        return _failed(told(refusal))
    except (WriteFailed, WriteLost) as error:
        return _failed(f"Not written: {error}")
    finally:
        await db.close()
    return DONE


def with_picture(settings: Settings, see: Callable[[sa.Connection], Iterable[str]]) -> int:
    """Prints the lines that `see` gives of one unchanging picture of the database, also while it is served."""
    check_sqlite()
    url = urls.parse(settings.database_url)
    if urls.is_sqlite(url) and not urls.file_of(url).exists():
        raise StartError(f"There is no database {urls.file_of(url)} yet: `pickwave serve` makes it.", NO_SERVICE)

    def seen(conn: sa.Connection) -> list[str]:
        check(conn)
        return list(see(conn))

    try:
        lines = asyncio.run(look(settings.database_url, seen))
    except (OSError, sa.exc.DBAPIError) as error:
        raise postgres.unreachable(url, error) from error
    for line in lines:
        print(line)
    return DONE


async def write(db: Database, name: str, run: Callable[[Work], T]) -> T:
    """Does one command in the core stream, as the operator at the shell."""
    done = await db.write(Command(run, frozenset({CORE}), Actor(name="command line"), name))
    return done.answer


def asked(kind: type[T], /, **values: object) -> T:
    """The arguments as the struct that the API would take; refuses with `invalid` what the API would refuse."""
    try:
        return msgspec.convert(values, kind)
    except msgspec.ValidationError as error:
        raise Refusal("invalid", fault_of(str(error)), count=1) from None


def told(refusal: Refusal) -> str:
    """A refusal in English: its text, then what is wrong with each field."""
    text = filled(OUTCOMES[refusal.code].en, worded(refusal.params, "en"))
    said = (
        f"{fault.field}: {fault.message}" + (f" Got {fault.got!r}." if fault.got else "")
        for fault in (each.told("en") for each in refusal.faults)
    )
    return " ".join((text, *said))


def columns(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table of text, each column as wide as its widest cell."""
    cells = [tuple(head), *(tuple(row) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]


def _failed(sentence: str) -> int:
    sys.stderr.write(f"pickwave: {sentence}\n")
    return FAILED
