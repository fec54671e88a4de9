"""`pickwave sheets FILE`: the demo warehouse on paper, so that one can scan without a shelf."""

from __future__ import annotations

import argparse
from pathlib import Path

from seed.data import load_demo
from seed.pins import kept, with_pins
from seed.sheets import sheets
from server.settings import Settings
from server.start import DONE, FAILED


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where the pages go."""
    parser.add_argument("file", type=Path, help="the PDF to write")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Write badges, bins, totes, items and commands as barcodes."""
    target: Path = args.file
    try:
        target.write_bytes(sheets(with_pins(load_demo(), kept(settings.data_dir))))
    except OSError as error:
        print(f"{target} cannot be written: {error.strerror}.")
        return FAILED
    print(f"{target}: all badges, bins, carts, totes, items and commands of the demo warehouse, to print and scan.")
    return DONE
