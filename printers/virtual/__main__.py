"""Why: `python -m printers.virtual` gives a printer to anyone who has none."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import sys
from pathlib import Path

from printers.profiles import PROFILES
from printers.virtual.faults import MEANING, Fault
from printers.virtual.run import run_virtual_printer


def _arguments() -> argparse.ArgumentParser:
    faults = "; ".join(f"{fault}: {MEANING[fault]}" for fault in Fault)
    parser = argparse.ArgumentParser(prog="python -m printers.virtual", description="A virtual label printer.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument("--port", type=int, default=9100, help="raw port, 0 for any free one")
    parser.add_argument("--page-port", type=int, default=0, help="port of the page, 0 for any free one")
    parser.add_argument("--no-page", action="store_true", help="serve no page")
    parser.add_argument("--fault", choices=[*Fault], help=faults)
    parser.add_argument("--journal", type=Path, metavar="DIR", help="folder that keeps the printed labels")
    parser.add_argument("--profile", choices=[*PROFILES], default="virtual", help="what it pretends to be")
    parser.add_argument("--seconds-per-label", type=float, default=0.3, help="how long one label takes")
    parser.add_argument("--silent-when-stuck", action="store_true", help="no answer to ~HS while paper is out")
    parser.add_argument("--renderer", type=Path, help="dist/index.umd.js of zpl-renderer-js, to draw labels")
    return parser


async def _run(options: argparse.Namespace) -> None:
    running = asyncio.ensure_future(
        run_virtual_printer(
            host=options.host,
            port=options.port,
            page_port=None if options.no_page else options.page_port,
            fault=options.fault,
            journal=options.journal,
            profile=options.profile,
            seconds_per_label=options.seconds_per_label,
            silent_when_stuck=options.silent_when_stuck,
            renderer=options.renderer,
            announce=_say,
        )
    )
    with contextlib.suppress(NotImplementedError):  # Windows has no signal handlers in its loop
        for each in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(each, running.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await running


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> int:
    """Run until interrupted; 1 and a sentence where it cannot start."""
    try:
        asyncio.run(_run(_arguments().parse_args()))
    except (OSError, ValueError) as error:
        sys.stderr.write(f"The virtual printer cannot start: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
