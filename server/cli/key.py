"""`pickwave key add|list|revoke`: API keys for other systems, by the shell."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from uuid import UUID

from server.auth import service, store
from server.auth.permissions import ROLES
from server.auth.schemas import ApiKey, NewKey
from server.cli.house import asked, columns, with_database, with_picture, write
from server.core.refusal import Refusal
from server.db.database import Database
from server.db.work import Work
from server.locations import service as locations
from server.settings import Settings

ALL_OF_THEM = 100_000


def arguments(parser: argparse.ArgumentParser) -> None:
    """One word for what to do, then which."""
    what = parser.add_subparsers(dest="what", required=True, metavar="add|list|revoke")
    add = what.add_parser("add", help="make a key; it is printed this once")
    add.add_argument("name")
    add.add_argument("--role", action="append", required=True, choices=ROLES, help="may be given more than once")
    add.add_argument("--warehouse", type=int, help="its number; without it the key reaches all")
    what.add_parser("list", help="all keys, also the revoked")
    what.add_parser("revoke", help="make a key no longer good, at once").add_argument("key", help="name or id")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Do it."""
    if args.what == "list":
        return with_picture(settings, lambda conn: _listed(store.keys(conn, UUID(int=0), ALL_OF_THEM)))

    async def do(db: Database) -> Iterable[str]:
        if args.what == "add":
            new = asked(NewKey, name=args.name, roles=args.role, warehouse=args.warehouse)
            _, text = await write(db, "auth.add_key", lambda work: _add(work, new))
            return (f"Authorization: Bearer {text}",)
        gone = await write(db, "auth.revoke_key", lambda work: service.revoke_key(work, _found(work, args.key)))
        return (f"{gone.name}: revoked",)

    return with_database(settings, f"pickwave key {args.what}", do, beside="/api/auth/keys")


def _add(work: Work, new: NewKey) -> tuple[ApiKey, str]:
    if new.warehouse is not None:
        locations.warehouse_of(work.conn, new.warehouse)
    return service.add_key(work, new)


def _found(work: Work, which: str) -> UUID:
    named = store.key_named(work.conn, which)
    if named is not None:
        return named
    try:
        return UUID(which)
    except ValueError:
        raise Refusal("key_unknown") from None


def _listed(keys: list[ApiKey]) -> list[str]:
    return columns(
        ("name", "key", "roles", "warehouse", "state", "id"),
        (
            (
                one.name,
                f"{one.prefix}…",
                ",".join(one.roles),
                str(one.warehouse or "all"),
                "revoked" if one.revoked_at else "good",
                str(one.id),
            )
            for one in keys
        ),
    )
