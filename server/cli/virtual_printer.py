"""`pickwave virtual-printer`: a label printer made of software, for trying out and for tests."""

from __future__ import annotations

import argparse
import asyncio
import signal
from contextlib import suppress
from pathlib import Path

from printers.profiles import PROFILES
from printers.virtual import MEANING, Fault, run_virtual_printer
from server.db.errors import StartError
from server.settings import Settings
from server.start import DONE, PORT_TAKEN
from server.web.renderer import RENDERER


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where it listens and what is wrong with it."""
    faults = "; ".join(f"{fault}: {MEANING[fault]}" for fault in Fault)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument("--port", type=int, default=9100, help="port of the printer, 0 for any free one")
    parser.add_argument("--page-port", type=int, default=0, help="port of its page, 0 for any free one")
    parser.add_argument("--profile", choices=[*PROFILES], default="virtual", help="what it pretends to be")
    parser.add_argument("--fault", choices=[*Fault], help=faults)
    parser.add_argument("--journal", type=Path, help="folder that keeps the labels (default: in the data folder)")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Print until Ctrl-C."""
    try:
        asyncio.run(_print(args, settings))
    except OSError as error:
        raise StartError(f"The printer cannot listen on {args.host}: {error}.", PORT_TAKEN) from None
    return DONE


async def _print(args: argparse.Namespace, settings: Settings) -> None:
    printing = asyncio.ensure_future(
        run_virtual_printer(
            host=args.host,
            port=args.port,
            page_port=args.page_port,
            fault=args.fault,
            journal=args.journal or settings.data_dir / "virtual-printer",
            profile=args.profile,
            renderer=RENDERER if RENDERER.is_file() else None,
            announce=lambda line: print(line, flush=True),
        )
    )
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, printing.cancel)
    with suppress(asyncio.CancelledError):
        await printing
