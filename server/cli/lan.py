"""`pickwave lan show|new|export FILE`: the authority that handhelds of the local network trust, by the shell."""

from __future__ import annotations

import argparse
from pathlib import Path

from server.core.clock import SystemClock
from server.db.errors import NO_SERVICE, StartError
from server.lan.keeper import At, Lan, files, renewed, warnings
from server.settings import Settings
from server.start import DONE, FAILED


def arguments(parser: argparse.ArgumentParser) -> None:
    """One word for what to do."""
    what = parser.add_subparsers(dest="what", required=True, metavar="show|new|export")
    what.add_parser("show", help="where handhelds begin, the authority's fingerprint and end")
    new = what.add_parser("new", help="make a new authority; every device has to trust it, no device the old one")
    new.add_argument("--yes", action="store_true", help="without asking")
    export = what.add_parser("export", help="write the authority's certificate, for a device management")
    export.add_argument("file", type=Path, help="the file; .der, .cer and .crt get bytes, every other name text (PEM)")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Do it. A running server takes a new authority within a minute."""
    if args.what == "new":
        return _new(settings, sure=args.yes)
    if not files(settings.data_dir)[0].exists():
        raise StartError("There is no local authority yet: the first start with PICKWAVE_LAN=1 makes it.", NO_SERVICE)
    lan = Lan.open(settings, SystemClock())
    if args.what == "export":
        return _export(lan, args.file)
    _show(lan, settings)
    return DONE


def _new(settings: Settings, *, sure: bool) -> int:
    if not sure and files(settings.data_dir)[0].exists():
        print("Every device that works here has to trust the new authority, by its page, before it works again.")
        if input("Make a new one? Type yes: ").strip().lower() != "yes":
            print("Nothing was changed.")
            return FAILED
    _show(renewed(settings, SystemClock()), settings)
    print("A running server takes it within a minute.")
    return DONE


def _show(lan: Lan, settings: Settings) -> None:
    at = At(lan, settings.port, settings.onboarding_port)
    print(*at.told(), f"  valid until {lan.authority.span.until:%Y-%m-%d}", sep="\n")
    print(*(f"  {url}" for url in at.urls), sep="\n")


def _export(lan: Lan, file: Path) -> int:
    binary = file.suffix.lower() in (".der", ".cer", ".crt")
    try:
        file.write_bytes(lan.authority.der if binary else lan.authority.pem)
    except OSError as error:
        print(f"{file} cannot be written ({error.strerror or error}).")
        return FAILED
    print(f"{file} holds the authority's certificate (never its key). SHA-256 {lan.authority.fingerprint}")
    print(*warnings(lan), sep="\n", end="")
    return DONE
