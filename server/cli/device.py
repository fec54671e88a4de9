"""`pickwave device add|list|offer|revoke`: handhelds, stations and desks, by the shell."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from uuid import UUID

import msgspec

from server.auth import service, store
from server.auth.schemas import Device, NewDevice
from server.cli.house import asked, columns, with_database, with_picture, write
from server.core.refusal import Refusal
from server.db.database import Database
from server.db.work import Work
from server.locations import service as locations
from server.packing.store import stations
from server.settings import Settings

ALL_OF_THEM = 100_000


def arguments(parser: argparse.ArgumentParser) -> None:
    """One word for what to do, then which."""
    what = parser.add_subparsers(dest="what", required=True, metavar="add|list|offer|revoke")
    add = what.add_parser("add", help="add a device; prints its enrolment code, good for 24 hours")
    add.add_argument("name")
    add.add_argument("--kind", choices=("handheld", "station", "desk"), default="handheld")
    add.add_argument("--warehouse", type=int, help="its number; without it PICKWAVE_WAREHOUSE")
    add.add_argument("--station", help="the code of the pack station it stands at, PACK-1 say")
    what.add_parser("list", help="all devices")
    for name, does in (("offer", "print another enrolment code"), ("revoke", "lock a device out at once")):
        what.add_parser(name, help=does).add_argument("device", help="name or id")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Do it."""
    if args.what == "list":
        return with_picture(settings, lambda conn: _listed(store.devices(conn, None, UUID(int=0), ALL_OF_THEM)))

    async def do(db: Database) -> Iterable[str]:
        if args.what == "add":
            new = asked(
                NewDevice,
                name=args.name,
                warehouse=args.warehouse or settings.warehouse,
                kind=args.kind,
            )
            return (_coded(await write(db, "auth.add_device", lambda work: _add(work, new, args.station))),)
        if args.what == "offer":
            offer = await write(
                db, "auth.offer_device", lambda work: service.offer_device(work, _found(work, args.device))
            )
            return (_coded(offer),)
        gone = await write(
            db, "auth.revoke_device", lambda work: service.revoke_device(work, _found(work, args.device))
        )
        return (f"{gone.name}: {gone.state}",)

    return with_database(settings, f"pickwave device {args.what}", do, beside="/api/auth/devices")


def _add(work: Work, new: NewDevice, code: str | None) -> service.Offer:
    locations.warehouse_of(work.conn, new.warehouse)
    if code is not None:
        station = stations.by_code(work.conn, new.warehouse, code)
        if station is None:
            raise Refusal("station_unknown")
        new = msgspec.structs.replace(new, station=station.id)
    return service.add_device(work, new)


def _coded(offer: service.Offer) -> str:
    return f"{offer.device.name}: enrolment code {offer.code}, valid until {offer.valid_until:%Y-%m-%d %H:%M} UTC"


def _found(work: Work, which: str) -> UUID:
    named = store.device_named(work.conn, which)
    if named is not None:
        return named
    try:
        return UUID(which)
    except ValueError:
        raise Refusal("device_not_found") from None


def _listed(devices: list[Device]) -> list[str]:
    return columns(
        ("name", "kind", "warehouse", "state", "id"),
        ((one.name, one.kind, str(one.warehouse), one.state, str(one.id)) for one in devices),
    )
