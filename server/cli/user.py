"""`pickwave user add|list|reset-pin|disable|enable`: people, by the shell."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from uuid import UUID

from server.auth import rules, service, store, tokens
from server.auth.permissions import ROLES
from server.auth.schemas import NewPerson, Person
from server.cli.house import asked, columns, with_database, with_picture, write
from server.core.refusal import Refusal
from server.db.database import Database
from server.db.work import Work
from server.locations import service as locations
from server.settings import Settings

ALL_OF_THEM = 100_000


def arguments(parser: argparse.ArgumentParser) -> None:
    """One word for what to do, then whom."""
    what = parser.add_subparsers(dest="what", required=True, metavar="add|list|reset-pin|disable|enable")
    add = what.add_parser("add", help="add a person; prints the badge and a one-time PIN")
    add.add_argument("name")
    add.add_argument("--role", action="append", required=True, choices=ROLES, help="may be given more than once")
    add.add_argument("--language", choices=("en", "de"), default="en")
    add.add_argument("--warehouse", type=int, help="its number; without it they work everywhere")
    what.add_parser("list", help="everybody")
    for name, does in (
        ("reset-pin", "print another one-time PIN; sessions end"),
        ("disable", "lock somebody out at once"),
        ("enable", "let somebody in again"),
    ):
        what.add_parser(name, help=does).add_argument("person", help="badge or id")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Do it."""
    if args.what == "list":
        return with_picture(settings, lambda conn: _listed(store.people(conn, None, UUID(int=0), ALL_OF_THEM)))

    async def do(db: Database) -> Iterable[str]:
        pin = tokens.one_time_pin()
        if args.what == "add":
            new = asked(NewPerson, name=args.name, roles=args.role, language=args.language, warehouse=args.warehouse)
            made = await write(db, "auth.add_person", lambda work: _add(work, new, pin))
            return (f"{made.name}: badge {made.badge}, one-time PIN {pin}",)
        return (await write(db, f"auth.{args.what}", lambda work: _change(work, args.what, args.person, pin)),)

    return with_database(settings, f"pickwave user {args.what}", do, beside="/api/auth/people")


def _add(work: Work, new: NewPerson, pin: str) -> Person:
    if new.warehouse is not None:
        locations.warehouse_of(work.conn, new.warehouse)
    return service.add_person(work, new, service.NewPin(tokens.hash_pin(pin)))


def _change(work: Work, what: str, whom: str, pin: str) -> str:
    person = _found(work, whom)
    if what == "reset-pin":
        service.reset_pin(work, person, service.NewPin(tokens.hash_pin(pin)))
        return f"one-time PIN {pin}"
    return f"{service.set_active(work, person, what == 'enable').name}: {what}d"


def _found(work: Work, whom: str) -> UUID:
    badge = rules.badge_code(whom)
    known = store.person_of_badge(work.conn, badge) if badge else None
    if known is not None:
        return known.id
    try:
        return UUID(whom)
    except ValueError:
        raise Refusal("person_unknown") from None


def _listed(people: list[Person]) -> list[str]:
    return columns(
        ("badge", "name", "roles", "warehouse", "state", "id"),
        (
            (
                one.badge,
                one.name,
                ",".join(one.roles),
                str(one.warehouse or "all"),
                ("one-time PIN" if one.pin_once else "active") if one.active else "disabled",
                str(one.id),
            )
            for one in people
        ),
    )
