"""`pickwave demo`: people who are not there work the demo warehouse, beside a server that runs or one of their own."""

from __future__ import annotations

import argparse
import asyncio
from functools import partial

from seed.shift.day import LEAST_PEOPLE, MOST_PEOPLE, Options
from seed.shift.day import run as work
from seed.shift.house import NoServer
from server.lan.client import trust
from server.settings import Settings


def arguments(parser: argparse.ArgumentParser) -> None:
    """How fast, how long, who."""
    parser.add_argument("--pace", type=_positive, default=1.0, help="times as fast as life (default: 1)")
    parser.add_argument("--seed", type=int, default=1, help="another seed, other mistakes (default: 1)")
    parser.add_argument("--for", dest="minutes", type=_positive, help="minutes after which it ends (default: Ctrl-C)")
    people = range(LEAST_PEOPLE, MOST_PEOPLE + 1)
    parser.add_argument("--people", type=int, choices=people, default=6, metavar=f"{people[0]}…{people[-1]}",
                        help="pickers and packers (default: 6)")  # fmt: skip


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Work, and say what came of it."""
    folder = settings.data_dir
    options = Options(settings.port, args.pace, args.seed, args.minutes, args.people, folder, partial(trust, folder))
    try:
        return asyncio.run(work(options, lambda line: print(line, flush=True)))
    except NoServer as ended:
        return ended.code


def _positive(text: str) -> float:
    number = float(text)
    if not 0 < number < 1_000_000:
        raise argparse.ArgumentTypeError(f"wanted a number above 0, got {text}")
    return number
