"""Why: one door for operators, `pickwave COMMAND`. A trouble is one sentence on stderr and an exit code."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import Protocol, cast

from server.cli import COMMANDS
from server.db.errors import BAD_SETTING, StartError
from server.settings import Settings, SettingWrong, read, unknown
from server.start import DONE
from server.web import logs


class CommandModule(Protocol):
    """What a module of server/cli offers."""

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments."""

    def run(self, args: argparse.Namespace, settings: Settings) -> int:
        """Do it; the exit code."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    name, rest = _command(sys.argv[1:] if argv is None else list(argv))
    module = _module(name)
    does = COMMANDS[name]
    parser = argparse.ArgumentParser(prog=f"pickwave {name}", description=f"{does[0].upper()}{does[1:]}.")
    module.arguments(parser)
    args = parser.parse_args(rest)
    try:
        settings = read(os.environ)
        for sentence in unknown(os.environ):
            _say(sentence)
        logs.configure(settings.log_level, settings.log_format)
        return module.run(args, settings)
    except SettingWrong as trouble:
        return _say(str(trouble), BAD_SETTING)
    except StartError as trouble:
        return _say(str(trouble), trouble.exit_code)
    except KeyboardInterrupt:
        return DONE
    except BrokenPipeError:  # the reader of our output has gone: `pickwave … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE


def _command(argv: list[str]) -> tuple[str, list[str]]:
    width = max(map(len, COMMANDS))
    listed = "\n".join(f"  {name.ljust(width)}  {does}" for name, does in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="pickwave",
        usage="pickwave COMMAND …",
        description="Runs a warehouse floor and the order's life around it.",
        epilog=f"commands:\n{listed}\n\n`pickwave COMMAND --help` tells more. Settings: docs/generated/settings.md",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"pickwave {version('pickwave')}")
    parser.add_argument("command", choices=COMMANDS, metavar="COMMAND", help="what to do")
    first = argv.index(next((word for word in argv if not word.startswith("-")), argv[0])) if argv else 0
    args = parser.parse_args(argv[: first + 1])
    return args.command, argv[first + 1 :]


def _module(name: str) -> CommandModule:
    return cast(CommandModule, importlib.import_module(f"server.cli.{name.replace('-', '_')}"))


def _say(sentence: str, code: int = DONE) -> int:
    sys.stderr.write(f"pickwave: {sentence}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
